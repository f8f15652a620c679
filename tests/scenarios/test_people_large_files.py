"""A scan that is larger than an app allows: it comes over a link, and goes over one, for its person alone."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from bot.services import people as people_service
from bot.services.unit import Unit
from tests.scenarios.test_pairings import roster_of
from tests.support.link_client import PUBLIC, LinkClient
from tests.support.papers import page
from tests.support.sides import Side, SlackSide, TelegramSide
from tests.support.theatre import Theatre, eventually

MB = 1_000_000
FAILED = "Something went wrong on our side and nothing was kept. Please try again in a moment."
ENV = {"CHAIRSIDE_PUBLIC_URL": PUBLIC}


def scan(size: int = 3 * MB, seed: int = 1) -> bytes:
    """A binary STL of about this size."""
    triangles = size // 50
    return b"scan".ljust(80) + triangles.to_bytes(4, "little") + random.Random(seed).randbytes(50 * triangles)


def link_of(side: Side, label: str) -> str:
    """Where the newest button with this label in a room leads."""
    if isinstance(side, TelegramSide):
        shown = [button for one in side.person.messages(side.room) for row in one.buttons for button in row]
        return [button.url for button in shown if button.label == label][-1]
    assert isinstance(side, SlackSide)
    elements = [
        element
        for one in side.person.messages(side.room)
        for block in one.blocks
        for element in block.get("elements", ())
    ]
    return [str(one["url"]) for one in elements if one.get("url") and one["text"]["text"] == label][-1]


def port(play: Theatre) -> int:
    assert play.app is not None
    return play.app.port


def at_link(play: Theatre, side: Side, label: str = "Bring the file") -> LinkClient:
    return LinkClient(port(play), link_of(side, label))


def on_disk(play: Theatre) -> list[Path]:
    return [one for one in (play.folder / "blobs").rglob("*") if one.is_file()]


async def sends_large(dentist: Side, name: str = "upper.stl", size: int = 200 * MB, words: str = "") -> None:
    assert isinstance(dentist, TelegramSide)
    await dentist.person.sends_document(b"never fetched", name, words, dentist.room, size=size)


@pytest.mark.fidelity("File over the limit", how="over a link", ways="telegram-slack")
async def test_a_scan_too_large_for_telegram_reaches_the_specialist_over_a_link(tmp_path: Path) -> None:
    data = scan()
    async with Theatre(tmp_path, env=ENV) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await sends_large(dentist, words="The upper arch")
        await specialist.sees("The upper arch")
        await dentist.sees("The file with #1 is larger than 20 MB")
        await specialist.sees("A file with #1 is too large for its sender's app.")
        async with at_link(play, dentist) as link:
            status, shown, headers = await link.get(link.page)
            assert (status, headers["Cache-Control"], headers["Referrer-Policy"]) == (200, "no-store", "no-referrer")
            assert "default-src 'none'" in headers["Content-Security-Policy"]
            assert link.token not in shown
            status, found = await link.ask("awaited")
            assert (status, found["no"], found["size"], found["at"]) == (200, 1, "1000 MB", 0)
            status, said = await link.brings(data, "upper.stl")
            assert (status, said["no"]) == (200, 2)
            assert await specialist.gets(data) == "upper.stl"
            await dentist.sees("The file with #1 is here and goes on as #2.")
            assert await link.ask("awaited") == (
                410,
                {"say": "This file is here already. There is nothing more to do."},
            )
        rows = await play.rows("SELECT state FROM message ORDER BY no")
        await eventually(lambda: _all_delivered(play))
        assert len(rows) == 2
        secrets = await play.rows("SELECT token_hash FROM button WHERE action = 'files.upload'")
        assert [row for row in secrets if link.token in row["token_hash"]] == []


async def _all_delivered(play: Theatre) -> bool:
    rows = await play.rows("SELECT state FROM message")
    return {row["state"] for row in rows} == {"delivered"}


@pytest.mark.fidelity("File over the limit", how="read over a link", ways="slack-telegram")
async def test_a_file_too_large_for_the_reader_is_read_over_a_link_and_that_is_in_the_record(tmp_path: Path) -> None:
    data = scan(53 * MB)
    async with Theatre(tmp_path, roster=roster_of("slack-telegram"), env=ENV) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.sends(data, "upper.stl", "The upper arch")
        await specialist.sees("“upper.stl” (53 MB) is larger than Telegram takes.", patience=30)
        async with at_link(play, specialist, "Download") as link:
            status, shown, _ = await link.get(link.page)
            assert status == 200
            assert link.token not in shown
            status, found = await link.ask("readable")
            assert (status, found["name"], found["size"]) == (200, "upper.stl", "53 MB")
            status, got, headers = await link.fetch()
            assert (status, got == data) == (200, True)
            assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''upper.stl"
            assert headers["Cache-Control"] == "no-store"
            assert [row["action"] for row in await _entries(play, "file.read")] == ["file.read"]
            await specialist.presses("New link")
            await specialist.sees("a fresh link, yours alone")
            await play.later(days=1.01)
            status, said = await link.ask("readable")
            assert (status, "has run out" in said["say"]) == (410, True)


async def _entries(play: Theatre, action: str) -> list[dict[str, object]]:
    return await play.rows("SELECT action FROM audit_entry WHERE action = :action", action=action)


async def test_without_an_address_of_its_own_the_service_refuses_with_advice(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await sends_large(dentist, words="The upper arch")
        await specialist.sees("The upper arch")
        await dentist.sees("Please send it in smaller parts or another way.")
        async with LinkClient(port(play), f"{PUBLIC}/files/upload#none") as link:
            assert (await link.get("/files/upload"))[0] == 404


async def test_a_file_larger_than_any_link_takes_is_refused_with_that_limit(tmp_path: Path) -> None:
    async with Theatre(tmp_path, env={**ENV, "CHAIRSIDE_UPLOAD_LIMIT": "100"}) as play:
        dentist, _ = await play.rooms(await play.open_case())
        await sends_large(dentist)
        await dentist.sees("larger than 100 MB, which is as much as can be passed on here")
        await sends_large(dentist, size=90 * MB)
        await dentist.sees("The file with #2 is larger than 20 MB")
        async with at_link(play, dentist) as link:
            status, said = await link.begin("upper.stl", 101 * MB)
            assert (status, said["say"]) == (413, "This file is larger than 100 MB. Please send it in smaller parts.")
            assert (await link.begin("upper.stl", 0))[0] == 422


async def test_what_may_not_pass_is_refused_on_the_page_and_the_link_stays_good(tmp_path: Path) -> None:
    async with Theatre(tmp_path, env=ENV) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await sends_large(dentist)
        await dentist.sees("The file with #1 is larger than 20 MB")
        async with at_link(play, dentist) as link:
            status, said = await link.brings(b"MZ" + bytes(300_000), "upper.stl")
            assert (status, said["say"][:32]) == (422, "This is a type of file that is n")
            status, said = await link.brings(b"PK\3\4" + bytes(9000), "scans.zip")
            assert (status, said["say"].startswith("It was not passed on: the ZIP is damaged")) == (422, True)
            assert on_disk(play) == []
            assert (await link.brings(page("plan"), "Sarah Whitcombe.pdf"))[0] == 200
        assert "document" in await specialist.gets(page("plan"))
        await specialist.never_saw("Whitcombe")


async def test_an_upload_goes_on_where_it_broke_off_and_one_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    data = scan(MB)
    async with Theatre(tmp_path, env=ENV) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await sends_large(dentist)
        await dentist.sees("The file with #1 is larger than 20 MB")
        async with at_link(play, dentist) as link:
            await link.begin("upper.stl", len(data))
            assert await link.piece(data[:400_000], 0) == (200, {"at": 400_000})
            await eventually(lambda: on_disk(play))
            await link.ask("stop")
            assert on_disk(play) == []
            await link.begin("upper.stl", len(data))
            assert (await link.piece(data[:400_000], 0))[0] == 200
            assert await link.piece(data[:400_000], 0) == (409, {"say": FAILED, "at": 400_000})
            status, said = await link.piece(data[400_000:500_000], 400_000, "0" * 64)
            assert (status, said["at"]) == (409, 400_000)
            assert (await link.ask("awaited"))[1]["at"] == 400_000
            assert await link.begin("upper.stl", len(data)) == (200, {"at": 400_000})
            assert (await link.piece(data[400_000:], 400_000))[0] == 200
            assert (await link.end(data[:-1] + b"?"))[0] == 422  # not what was sent: nothing of it is kept
            assert on_disk(play) == []
            assert (await link.brings(data, "upper.stl"))[0] == 200
        assert await specialist.gets(data) == "upper.stl"


async def test_a_restart_in_the_middle_of_an_upload_begins_it_again(tmp_path: Path) -> None:
    data = scan(MB)
    async with Theatre(tmp_path, env=ENV) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await sends_large(dentist)
        await dentist.sees("The file with #1 is larger than 20 MB")
        async with at_link(play, dentist) as link:
            await link.begin("upper.stl", len(data))
            await link.piece(data[:400_000], 0)
        await play.restart()
        assert on_disk(play) == []
        async with at_link(play, dentist) as link:
            assert (await link.piece(data[400_000:], 400_000))[1]["at"] == 0
            assert (await link.brings(data, "upper.stl"))[0] == 200
        await specialist.gets(data)


@pytest.mark.parametrize("what", ["locked", "withdrawn", "expired", "handed over", "renewed"])
async def test_a_link_opens_nothing_once_its_reason_is_gone(tmp_path: Path, what: str) -> None:
    data = scan(MB)
    async with Theatre(tmp_path, env=ENV) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        message = await dentist.says("Something before")
        await specialist.sees("Something before")
        assert message is not None
        assert isinstance(dentist, TelegramSide)
        sent = await dentist.person.sends_document(b"x", "upper.stl", "The arch", dentist.room, size=90 * MB)
        await dentist.sees("The file with #2 is larger than 20 MB")
        async with at_link(play, dentist) as link:
            await link.begin("upper.stl", len(data))
            await link.piece(data, 0)
            if what == "locked":
                await play.do(lambda unit: people_service.lock(unit, "patel", "ops"))
            elif what == "withdrawn":
                await dentist.takes_back(sent)
                await dentist.sees("#2 is withdrawn")
            elif what == "expired":
                await play.later(days=1.01)
            elif what == "handed over":
                await play.do(lambda unit: _new_parties(unit, ref))
            else:
                await dentist.presses("New link")
                await eventually(lambda: dentist.count("The file with #2 is larger than 20 MB") == 2)
            status, said = await link.end(data)
            assert status == 410, said
            await asyncio.sleep(0)
            assert on_disk(play) == []
            assert (await link.begin("upper.stl", len(data)))[0] == 410
        rows = await play.rows("SELECT no FROM message ORDER BY no")
        assert len(rows) == 2


def _new_parties(unit: Unit, ref: str) -> None:
    unit.tx.execute("UPDATE case_file SET epoch = epoch + 1 WHERE ref = :ref", {"ref": ref})


async def test_a_made_up_link_opens_nothing(tmp_path: Path) -> None:
    async with Theatre(tmp_path, env=ENV) as play:
        for secret in ("", "short", "A" * 22, "../../etc/passwd" * 2):
            async with LinkClient(port(play), f"{PUBLIC}/files/upload#{secret}") as link:
                for path in ("awaited", "readable", "begin", "end"):
                    assert (await link.ask(path))[0] in (401, 410)
                assert (await link.piece(b"x", 0))[0] in (401, 409)
                assert (await link.fetch())[0] == 410
