"""The library's requests over aiohttp: what leaves, what comes back, and how long it may take."""

import asyncio
import logging
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import NetworkError

from bot.domain.events import FileKind
from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.config import TelegramConfig
from bot.platforms.telegram.transport import Transport
from bot.platforms.telegram.upload import Upload, clean_name
from bot.platforms.telegram.wire import WireError, WireTimeout
from bot.sandbox.door import Door
from bot.sandbox.faults import Kind
from bot.sandbox.telegram import FakeTelegram, Person
from tests.platforms.telegram.support import ASHA, MemoryFiles, until

TOKEN = "7000000001:canary_token"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
OK = {"ok": True, "result": {"message_id": 1, "date": 1, "chat": {"id": ASHA, "type": "private"}}}


class Server:
    """An HTTP server that does whatever the test says."""

    def __init__(self) -> None:
        self.handler: Handler = self.answer
        self.requests: list[web.Request] = []
        app = web.Application(client_max_size=64 << 20)
        app.router.add_route("*", "/{rest:.*}", self._handle)
        self.door = Door(app)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        await request.read()
        return web.json_response(OK)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        return await self.handler(request)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    await made.door.open()
    yield made
    await made.door.close()


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    made = Transport(send_timeout=0.3, upload_timeout=0.4, connect_timeout=0.2)
    async with made:
        yield made


def library(server: Server, transport: Transport) -> Bot:
    return Bot(TOKEN, base_url=f"{server.door.url}/bot", request=transport, get_updates_request=transport)


async def test_calls_go_out_as_json(server: Server, transport: Transport) -> None:
    bodies: list[object] = []

    async def note(request: web.Request) -> web.StreamResponse:
        bodies.append((request.content_type, await request.json()))
        return web.json_response(OK)

    server.handler = note
    await library(server, transport).send_message(ASHA, "Ünï \u2028 code", disable_notification=True)
    assert bodies == [("application/json", {"chat_id": ASHA, "text": "Ünï \u2028 code", "disable_notification": True})]


async def test_one_connection_serves_calls_one_after_another(server: Server, transport: Transport) -> None:
    bot = library(server, transport)
    for _ in range(5):
        await bot.send_message(ASHA, "x")
    ports = {request.transport and request.transport.get_extra_info("peername") for request in server.requests}
    assert len({id(request.protocol) for request in server.requests}) == 1, ports


async def test_a_shared_session_is_not_closed(server: Server) -> None:
    async with aiohttp.ClientSession() as session:
        transport = Transport(session)
        await transport.initialize()
        await library(server, transport).send_message(ASHA, "x")
        await transport.shutdown()
        assert not session.closed


async def test_closed_is_not_sent(server: Server) -> None:
    transport = Transport()
    bot = library(server, transport)
    with pytest.raises(WireError) as wire:
        await bot.send_message(ASHA, "x")
    assert not wire.value.sent


async def test_a_read_time_out_is_unknown(server: Server, transport: Transport) -> None:
    never = asyncio.Event()

    async def hang(request: web.Request) -> web.StreamResponse:
        await never.wait()
        return web.Response()

    server.handler = hang
    with pytest.raises(WireTimeout) as wire:
        await library(server, transport).send_message(ASHA, "x")
    assert wire.value.sent
    with pytest.raises(WireTimeout):
        await transport.call(f"{server.door.url}/bot{TOKEN}/getUpdates", {}, seconds=0.05)


async def test_no_connection_free_in_time_is_not_sent(server: Server) -> None:
    never = asyncio.Event()

    async def hang(request: web.Request) -> web.StreamResponse:
        await never.wait()
        return web.Response()

    server.handler = hang
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as session:
        transport = Transport(session, send_timeout=1.0, connect_timeout=0.1)
        bot = library(server, transport)
        first = asyncio.create_task(bot.send_message(ASHA, "first"))
        await until(lambda: bool(server.requests))
        with pytest.raises(WireTimeout) as wire:
            await bot.send_message(ASHA, "second")
        assert not wire.value.sent
        assert len(server.requests) == 1
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)


async def test_a_redirect_is_not_followed(server: Server, transport: Transport) -> None:
    async def away(request: web.Request) -> web.StreamResponse:
        raise web.HTTPTemporaryRedirect("http://127.0.0.1:9/elsewhere")

    server.handler = away
    with pytest.raises(NetworkError):
        await library(server, transport).send_message(ASHA, "x")
    assert len(server.requests) == 1


async def test_nothing_is_logged_at_any_level(
    telegram: FakeTelegram, asha: Person, config: TelegramConfig, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    # As a program would that turned everything on, before we come.
    logging.getLogger("telegram").setLevel(logging.DEBUG)
    client = TelegramClient(config)
    await client.open()
    await client.bot.send_message(ASHA, "canary words")
    for kind in (Kind.HTML, Kind.ERROR_AFTER, Kind.DROP_AFTER):
        telegram.faults.add(kind, method="sendMessage", status=502)
        with pytest.raises(NetworkError):
            await client.bot.send_message(ASHA, "canary words")
    telegram.faults.add(Kind.HTML, method="sendMessage", status=200)
    with pytest.raises(NetworkError):
        await client.bot.send_message(ASHA, "canary words")
    await client.close()
    secret = telegram.token.partition(":")[2]
    told = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("aiohttp.server"))
    assert secret not in told
    assert "canary" not in told
    assert secret not in repr(client) + repr(config)


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


async def test_an_upload_is_never_in_memory(server: Server) -> None:
    size, chunk = 32 << 20, 1 << 16
    taken = 0
    block = bytes(chunk)

    async def count(request: web.Request) -> web.StreamResponse:
        nonlocal taken
        async for data in request.content.iter_chunked(chunk):
            taken += len(data)
        return web.json_response(OK)

    class Endless(MemoryFiles):
        async def __call__(self, file: object) -> AsyncIterator[bytes]:  # type: ignore[override]
            for _ in range(size // chunk):
                yield block

    server.handler = count
    files = Endless()
    async with Transport(upload_timeout=20.0) as transport:
        tracemalloc.start()
        try:
            file = files.add(b"", "scan.stl", FileKind.DOCUMENT, "model/stl", size=size)
            await library(server, transport).send_document(ASHA, Upload(files, file).as_input())
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert taken > size
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


async def test_an_upload_that_stalls_before_its_end_was_not_sent(server: Server, transport: Transport) -> None:
    never = asyncio.Event()

    async def stop_reading(request: web.Request) -> web.StreamResponse:
        await request.content.readany()
        await never.wait()
        return web.Response()

    server.handler = stop_reading
    with pytest.raises(WireTimeout) as wire:
        await upload(server, transport, MemoryFiles(), bytes(30 << 20))
    assert not wire.value.sent


async def test_an_upload_that_left_whole_and_was_never_answered_is_unknown(
    server: Server, transport: Transport
) -> None:
    never = asyncio.Event()

    async def swallow(request: web.Request) -> web.StreamResponse:
        await request.read()
        await never.wait()
        return web.Response()

    server.handler = swallow
    with pytest.raises(WireTimeout) as wire:
        await upload(server, transport, MemoryFiles(), bytes(1000))
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
