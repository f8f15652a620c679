"""The library's requests over aiohttp: what leaves, what comes back, and how long it may take."""

import asyncio
import logging

import aiohttp
import pytest
from aiohttp import web
from telegram.error import NetworkError

from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.config import TelegramConfig
from bot.platforms.telegram.transport import Transport
from bot.platforms.telegram.wire import WireError, WireTimeout
from bot.sandbox.faults import Kind
from bot.sandbox.telegram import FakeTelegram, Person
from tests.platforms.telegram.support import ASHA, OK, TOKEN, Server, library, until


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


async def test_a_read_time_out_is_unknown(server: Server, impatient: Transport) -> None:
    never = asyncio.Event()

    async def hang(request: web.Request) -> web.StreamResponse:
        await never.wait()
        return web.Response()

    server.handler = hang
    with pytest.raises(WireTimeout) as wire:
        await library(server, impatient).send_message(ASHA, "x")
    assert wire.value.sent
    with pytest.raises(WireTimeout):
        await impatient.call(f"{server.door.url}/bot{TOKEN}/getUpdates", {}, seconds=0.05)


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
