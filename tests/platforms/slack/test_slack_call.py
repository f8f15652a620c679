"""What is called for every message goes out, and is judged, as by the library's own call."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.domain.errors import DeliveryError, NotSent, Refused, Unknown
from bot.platforms.slack.client import Workspace, new_session
from bot.platforms.slack.config import SlackWorkspace
from bot.platforms.slack.errors import FAILURES, outcome
from bot.sandbox.door import Door

ARGS: dict[str, Any] = {
    "channel": "C0100",
    "text": "Ünï \u2028 𝄞",
    "blocks": [{"type": "rich_text", "elements": []}],
    "unfurl_links": False,
}
JSON = "application/json; charset=utf-8"


class Server:
    """Answers every call with the same words, and keeps what it was asked."""

    def __init__(self) -> None:
        self.status, self.type, self.body = 200, JSON, b'{"ok": true, "ts": "1.000200"}'
        self.headers: dict[str, str] = {}
        self.asked: list[tuple[str, str, dict[str, str], Any]] = []
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self._handle)
        self.door = Door(app)

    async def _handle(self, request: web.Request) -> web.Response:
        headers = {name: value for name, value in request.headers.items() if name != "Content-Length"}
        self.asked.append((request.method, request.path, headers, await request.json()))
        return web.Response(status=self.status, body=self.body, headers={"Content-Type": self.type, **self.headers})


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    async with made.door:
        yield made


@pytest.fixture
async def workspace(server: Server) -> AsyncIterator[Workspace]:
    session = new_session()
    yield Workspace(SlackWorkspace("a", "xoxb-1", "xapp-1", api_url=f"{server.door.url}/api/"), session)
    await session.close()


async def by_the_library(workspace: Workspace) -> Any:
    try:
        return (await workspace.web.api_call("chat.postMessage", json=dict(ARGS))).data
    except FAILURES as error:
        return outcome(error)


async def ours(workspace: Workspace) -> Any:
    try:
        return await workspace.call("chat.postMessage", ARGS)
    except DeliveryError as error:
        return error


async def test_it_leaves_as_the_library_would_send_it(server: Server, workspace: Workspace) -> None:
    assert await ours(workspace) == await by_the_library(workspace) == {"ok": True, "ts": "1.000200"}
    first, second = server.asked
    assert first == second


@pytest.mark.parametrize(
    ("status", "kind", "body", "headers"),
    [
        (200, JSON, b'{"ok": true, "ts": "1.1", "message": {"text": "\xc3\xbc"}}', {}),
        (200, "application/json", b'{"ok": true, "text": "\\ud800"}', {}),
        (200, JSON, b'{"ok": false, "error": "channel_not_found"}', {}),
        (200, JSON, b'{"ok": false, "error": "ratelimited"}', {"Retry-After": "7"}),
        (429, JSON, b'{"ok": false, "error": "ratelimited"}', {"Retry-After": "7"}),
        (429, "text/html", b"<html>", {"Retry-After": "7"}),
        (429, "text/plain", b"slow down", {"Retry-After": "7"}),
        (429, JSON, b"slow down", {"Retry-After": "7"}),
        (500, JSON, b'{"ok": false, "error": "internal_error"}', {}),
        (503, "text/html", b"<html>", {}),
        (200, "text/html", b"<html>", {}),
        (200, JSON, b"<html>", {}),
        (200, JSON, b"", {}),
        (200, JSON, b"[1]", {}),
        (200, JSON, b"null", {}),
        (201, JSON, b'{"ok": true}', {}),
    ],
    ids=str,
)
async def test_an_answer_means_what_the_library_makes_of_it(
    server: Server, workspace: Workspace, status: int, kind: str, body: bytes, headers: dict[str, str]
) -> None:
    server.status, server.type, server.body, server.headers = status, kind, body, headers
    one, other = await ours(workspace), await by_the_library(workspace)
    if not isinstance(other, DeliveryError):
        assert one == other
        return
    assert type(one) is type(other)
    assert (str(one), vars(one)) == (str(other), vars(other))


async def test_plain_text_leaves_the_send_in_doubt(server: Server, workspace: Workspace) -> None:
    server.type = "text/plain"
    assert isinstance(await ours(workspace), Unknown)
    assert isinstance(await by_the_library(workspace), Unknown)


async def test_nobody_there_is_not_sent(server: Server, workspace: Workspace) -> None:
    await server.door.close()
    found = await ours(workspace)
    assert isinstance(found, NotSent)
    assert "xoxb" not in f"{found!s} {vars(found)}"


async def test_after_the_end_nothing_is_sent(server: Server, workspace: Workspace) -> None:
    await workspace.session.close()
    assert isinstance(await ours(workspace), NotSent)
    assert server.asked == []


async def test_a_redirect_is_judged_alike(server: Server, workspace: Workspace) -> None:
    server.status, server.headers = 307, {"Location": "/elsewhere"}
    one, other = await ours(workspace), await by_the_library(workspace)
    assert not isinstance(one, Refused)
    assert type(one) is type(other)
    assert aiohttp.TooManyRedirects.__name__ in str(vars(one))
