"""A scan and the picture beside it: the specialist sees the arch in the chat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from bot.workers import files, pictures
from bot.workers.aside.run import Answer, Aside
from tests.scenarios.test_pairings import roster_of
from tests.scenarios.test_people_files import packed
from tests.scenarios.test_people_large_files import ENV, at_link, sends_large
from tests.support import arches
from tests.support.papers import page, picture
from tests.support.theatre import Theatre, eventually

BESIDE = "A picture of the scan with #1"


@pytest.mark.fidelity("3D scan (STL)", how="with a picture of it")
@pytest.mark.parametrize("pairing", ["telegram-slack", "slack-telegram"])
async def test_the_arch_is_seen_in_the_chat_and_goes_with_its_message(tmp_path: Path, pairing: str) -> None:
    data = arches.stl(0.8)
    async with Theatre(tmp_path, roster=roster_of(pairing)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        sent = await dentist.sends(data, "upper.stl", "The upper arch")
        assert await specialist.gets(data) == "upper.stl"
        beside = await specialist.sees(BESIDE, patience=60)
        assert "to see at a glance" in specialist.words(beside)
        assert dentist.count(BESIDE) == 0
        rows = await play.rows("SELECT state FROM message")
        assert [row["state"] for row in rows] == ["delivered"]
        await dentist.takes_back(sent)
        await specialist.sees_no_more(BESIDE)


async def test_a_scan_brought_over_a_link_has_a_picture_too(tmp_path: Path) -> None:
    data = arches.stl(0.8)
    async with Theatre(tmp_path, env=ENV) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await sends_large(dentist)
        await dentist.sees("The file with #1 is larger than 20 MB")
        async with at_link(play, dentist) as link:
            assert (await link.brings(data, "upper.stl"))[0] == 200
        await specialist.gets(data)
        await specialist.sees("A picture of the scan with #2", patience=60)


async def test_a_scan_sent_before_anybody_took_the_case_brings_its_picture_along(tmp_path: Path) -> None:
    data = arches.stl(0.8)
    async with Theatre(tmp_path) as play:
        ref = await play.open_case(taken=False)
        dentist = await play.room("patel", ref)
        await dentist.sends(data, "upper.stl", "The upper arch")
        await eventually(lambda: play.rows("SELECT id FROM attachment WHERE state = 'picture'"), 20)
        await play.johal.presses("Accept")
        specialist = await play.room("johal", ref)
        await specialist.gets(data)
        await specialist.sees(BESIDE)


async def test_without_a_picture_the_scan_goes_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "SECONDS", 0.0)
    data = arches.stl(0.8)
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.sends(data, "upper.stl", "The upper arch")
        assert await specialist.gets(data) == "upper.stl"
        await dentist.says("Did it come?")
        await specialist.sees("Did it come?")
        assert specialist.count("A picture of") == 0


async def test_no_file_waits_for_the_pictures_of_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready, run = asyncio.Event(), Aside.run

    async def slowly(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        await ready.wait()
        async for chunk in chunks:
            yield chunk

    def held(
        self: Aside, job: str, chunks: AsyncIterator[bytes], *args: str, seconds: float
    ) -> AbstractAsyncContextManager[Answer]:
        return run(self, job, slowly(chunks) if job == "model" else chunks, *args, seconds=seconds)

    monkeypatch.setattr(Aside, "run", held)
    scans = [arches.stl(2.0 + number / 10) for number in range(files.AT_ONCE)]
    records = packed({"plan.pdf": page(), "upper.png": picture()})
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        for number, data in enumerate(scans):
            await dentist.sends(data, f"scan{number}.stl", f"Scan {number}")
            await specialist.gets(data)
        await dentist.sends(records, "records.zip", "All records")
        assert await specialist.gets(records) == "records.zip"
        assert specialist.count("A picture of") == 0
        ready.set()
        await specialist.sees(BESIDE, patience=60)
