"""Files on their way out: whole, in bounded memory, and certain not to have been sent when they broke off."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.domain.events import FileKind
from bot.platforms.telegram.albums import send_album
from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.render import Rendered
from bot.platforms.telegram.transport import Transport
from bot.platforms.telegram.upload import Upload, clean_name
from bot.platforms.telegram.wire import WireError, WireTimeout
from bot.sandbox.telegram import FakeTelegram, Person
from tests.platforms.telegram.support import ASHA, OK, MemoryFiles, Server, library

# -- uploads --------------------------------------------------------------------------------------------------------


async def upload(server: Server, transport: Transport, files: MemoryFiles, content: bytes, **extra: int) -> None:
    file = files.add(content, "scan.stl", FileKind.DOCUMENT, "model/stl", **extra)
    await library(server, transport).send_document(ASHA, Upload(files, file).as_input(), caption="UL4")


async def test_an_upload_has_its_length_and_arrives_whole(server: Server, transport: Transport) -> None:
    parts: dict[str, tuple[str | None, str | None, bytes]] = {}
    lengths: list[int | None] = []

    async def note(request: web.Request) -> web.StreamResponse:
        lengths.append(request.content_length)
        async for part in await request.multipart():
            assert isinstance(part, aiohttp.BodyPartReader)
            parts[part.name or ""] = (part.filename, part.headers.get("Content-Type"), bytes(await part.read()))
        return web.json_response(OK)

    server.handler = note
    content = bytes(range(256)) * 1000
    await upload(server, transport, MemoryFiles(chunk=1000), content)
    assert parts["document"] == ("scan.stl", "model/stl", content)
    assert parts["caption"][2] == b"UL4"
    assert lengths[0] is not None
    assert lengths[0] > len(content)


@pytest.mark.parametrize("several", [False, True])
async def test_an_upload_is_never_in_memory(server: Server, several: bool) -> None:
    size, chunk = 32 << 20, 1 << 16
    taken = 0
    block = bytes(chunk)

    async def count(request: web.Request) -> web.StreamResponse:
        nonlocal taken
        async for data in request.content.iter_chunked(chunk):
            taken += len(data)
        return web.json_response({**OK, "result": [OK["result"]]} if several else OK)

    class Endless(MemoryFiles):
        async def __call__(self, file: object) -> AsyncIterator[bytes]:  # type: ignore[override]
            for _ in range(size // chunk):
                yield block

    server.handler = count
    files = Endless()
    file = files.add(b"", "scan.stl", FileKind.DOCUMENT, "model/stl", size=size)
    async with Transport(upload_timeout=20.0) as transport:
        tracemalloc.start()
        try:
            bot = library(server, transport)
            if several:
                await send_album(bot, files, (file, file), Rendered("", (), None), {"chat_id": ASHA})
            else:
                await bot.send_document(ASHA, Upload(files, file).as_input())
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert taken > size * (2 if several else 1)
    assert peak < 4 << 20


async def test_a_file_that_cannot_be_read_was_not_sent(server: Server, transport: Transport) -> None:
    files = MemoryFiles(chunk=1000)
    files.fail_after = 50_000
    with pytest.raises(WireError) as wire:
        await upload(server, transport, files, bytes(100_000))
    assert not wire.value.sent
    assert "decrypt" not in str(wire.value)


@pytest.mark.parametrize("size", [99_999, 100_001])
async def test_a_file_of_another_length_was_not_sent(server: Server, transport: Transport, size: int) -> None:
    whole: list[bytes] = []

    async def note(request: web.Request) -> web.StreamResponse:
        whole.append(await request.read())
        return web.json_response(OK)

    server.handler = note
    with pytest.raises(WireError) as wire:
        await upload(server, transport, MemoryFiles(chunk=1000), bytes(100_000), size=size)
    assert not wire.value.sent
    assert whole == []


async def test_an_upload_that_stalls_before_its_end_was_not_sent(server: Server, impatient: Transport) -> None:
    never = asyncio.Event()

    async def stop_reading(request: web.Request) -> web.StreamResponse:
        await request.content.readany()
        await never.wait()
        return web.Response()

    server.handler = stop_reading
    with pytest.raises(WireTimeout) as wire:
        await upload(server, impatient, MemoryFiles(), bytes(30 << 20))
    assert not wire.value.sent


async def test_an_upload_that_left_whole_and_was_never_answered_is_unknown(
    server: Server, impatient: Transport
) -> None:
    never = asyncio.Event()

    async def swallow(request: web.Request) -> web.StreamResponse:
        await request.read()
        await never.wait()
        return web.Response()

    server.handler = swallow
    with pytest.raises(WireTimeout) as wire:
        await upload(server, impatient, MemoryFiles(), bytes(1000))
    assert wire.value.sent


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("scan.stl", "scan.stl"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("Röntgen «UL4».jpg", "Röntgen «UL4».jpg"),
        ('a"b\r\nContent-Type: x.jpg', 'a"b__Content-Type: x.jpg'),
        ("exe\u202egpj.exe", "exe_gpj.exe"),
        ("C:\\temp\\x.pdf", "C:_temp_x.pdf"),
        ("", "file"),
        (" .. ", "file"),
        ("x" * 300 + ".jpeg", "x" * 115 + ".jpeg"),
        ("x" * 300, "x" * 120),
    ],
)
def test_names(given: str, clean: str) -> None:
    assert clean_name(given) == clean


async def test_odd_names_arrive_as_they_are(
    client: TelegramClient, telegram: FakeTelegram, asha: Person, files: MemoryFiles
) -> None:
    name = 'Röntgen "UL4" 牙.pdf'
    file = files.add(b"%PDF-1.7 x", name, FileKind.DOCUMENT, "application/pdf")
    await client.bot.send_document(ASHA, Upload(files, file).as_input())
    assert telegram.truth.messages(ASHA)[-1].files[0].name == name
