"""Drill: downloads that lead elsewhere, and names that lead out of a folder, through the whole service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.sandbox.faults import Kind
from tests.support.papers import page, picture
from tests.support.theatre import Theatre, eventually

ESCAPES = (
    "../../../../tmp/out.pdf",
    "..\\..\\windows\\out.pdf",
    "/etc/cron.d/out.pdf",
    "C:\\out.pdf",
    "a/b/c.pdf",
    "....//....//out.pdf",
    "%2e%2e%2fout.pdf",
    "\u2025\u2215out.pdf",
    "~/.ssh/out.pdf",
    ".pdf",
    "x" * 300 + ".pdf",
)


@pytest.fixture
async def stranger() -> AsyncIterator[tuple[str, list[str]]]:
    """Somebody else's server; what it was asked, with what authorisation."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(f"{request.path} {request.headers.get('Authorization')}")
        return web.Response(body=page())

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://localhost:{runner.addresses[0][1]}", asked
    await runner.cleanup()


async def test_abuse_18_a_file_that_lies_elsewhere_is_never_asked_for(
    tmp_path: Path, stranger: tuple[str, list[str]]
) -> None:
    address, asked = stranger
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        channel = specialist.room  # type: ignore[attr-defined]
        await play.johal.links_file("scan.pdf", f"{address}/scan.pdf", channel)
        # The same, by somebody who has changed what Slack says of a file of its own after it was told of it.
        down = play.slack.faults.add(Kind.ERROR_BEFORE, method="files.info", times=None)
        message = await play.johal.uploads(page(), "plan.pdf", channel)
        await eventually(lambda: down.hits)  # known as a file of Slack's, and asked for
        message.files[0].mode, message.files[0].external_url = "external", f"{address}/plan.pdf"
        play.slack.faults.remove(down)
        await specialist.says("and my words")
        await dentist.sees("and my words")
        await specialist.sees("A file kept outside Slack cannot be passed on from here.")
        await specialist.sees("The file with #1 could not be fetched")
        await dentist.sees("A file that came with #1 could not be passed on")
        assert asked == []


async def test_abuse_19_no_name_leads_out_of_the_blob_folder(tmp_path: Path) -> None:
    before = _tree(tmp_path.parent) - _tree(tmp_path)
    folder = tmp_path / "data"
    async with Theatre(folder) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        for number, name in enumerate(ESCAPES):
            sent = page(f"from the dentist {number}")
            await play.patel.sends_document(sent, name, topic=dentist.room)  # type: ignore[attr-defined]
            _harmless(await specialist.gets(sent))
            sent = page(f"from the specialist {number}")
            await play.johal.uploads(sent, name, specialist.room)  # type: ignore[attr-defined]
            _harmless(await dentist.gets(sent))
        await dentist.sends(picture(7), "../fit.png")
        rows = await play.rows("SELECT blob FROM attachment WHERE state = 'stored'")
        held = {path.name for path in (folder / "blobs").rglob("*") if path.is_file()}
        assert {row["blob"] for row in rows} <= held
        assert len(rows) >= 2 * len(ESCAPES)
        assert not [name for name in held if "out" in name or "pdf" in name]
    assert (_tree(tmp_path.parent) - _tree(tmp_path)) == before
    outside = {path for path in _tree(tmp_path) if "blobs" not in path.parts and path.suffix == ".pdf"}
    assert outside == set()


def _harmless(name: str) -> None:
    """A name that any system takes for a plain one."""
    assert "/" not in name, name
    assert "\\" not in name, name
    assert not name.startswith((".", "~")), name
    assert 0 < len(name) <= 255, name


def _tree(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))
