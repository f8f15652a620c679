"""Socket Mode: tickets, the ten sockets, refresh, stalls, burnt tickets, resends; with the real bolt handler."""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import FakeSlack, FakeWorkspace, Person
from bot.sandbox.slack.timeline import POLL_SECONDS
from tests.sandbox.slack.support import App, Clock, start_app

Connect = Callable[..., AsyncWebClient]


@dataclass
class RunningClock(Clock):
    """A clock that runs, and can be moved on as well."""

    def __call__(self) -> float:
        return self.at + time.monotonic()


@pytest.fixture
def clock() -> Clock:
    return RunningClock()


@pytest.fixture
def mode() -> str:
    return "socket"


async def _url(connect: Connect, workspace: FakeWorkspace) -> str:
    opened = await connect(None).apps_connections_open(app_token=workspace.app_token)
    return str(opened["url"])


async def _until(found: Callable[[], bool], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not found():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_hello_envelope_and_acknowledgement(
    connect: Connect, session: aiohttp.ClientSession, slack: FakeSlack, workspace: FakeWorkspace, johal: Person
) -> None:
    async with session.ws_connect(await _url(connect, workspace)) as socket:
        hello = await socket.receive_json()
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        await johal.says("Hello")
        envelope = await socket.receive_json()
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("events_api", False)
        assert envelope["payload"]["event"]["text"] == "Hello"
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await slack.settled()
        assert slack.courier.lost == []


async def test_tickets_work_once_and_not_for_long(
    connect: Connect, session: aiohttp.ClientSession, slack: FakeSlack, workspace: FakeWorkspace, clock: Clock
) -> None:
    url = await _url(connect, workspace)
    async with session.ws_connect(url):
        pass
    late = await _url(connect, workspace)
    clock.forward(31)
    for bad in (url, late, url.replace("ticket=", "ticket=x")):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(bad)


async def test_ten_sockets_at_most(
    connect: Connect, session: aiohttp.ClientSession, slack: FakeSlack, workspace: FakeWorkspace, johal: Person
) -> None:
    async with AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(session.ws_connect(await _url(connect, workspace))) for _ in range(10)
        ]
        for socket in sockets:
            await socket.receive_json()
        async with session.ws_connect(await _url(connect, workspace)) as eleventh:
            assert await eleventh.receive_json() == {"type": "disconnect", "reason": "too_many_websockets"}
        for n in range(10):
            await johal.says(str(n))
        got = [json.loads((await socket.receive()).data)["payload"]["event"]["text"] for socket in sockets]
        assert sorted(got) == [str(n) for n in range(10)]  # each event on one socket only


async def test_unacknowledged_envelopes_come_again(
    connect: Connect,
    session: aiohttp.ClientSession,
    slack: FakeSlack,
    workspace: FakeWorkspace,
    johal: Person,
    clock: Clock,
) -> None:
    async with session.ws_connect(await _url(connect, workspace)) as socket:
        await socket.receive_json()
        await johal.says("Hello")
        seen = [await socket.receive_json()]
        clock.forward(3.1)  # unacknowledged: at once again
        seen.append(await socket.receive_json())
        for pause in (60, 300):
            clock.forward(3.1)
            await _quiet(socket)
            clock.forward(pause)
            seen.append(await socket.receive_json())
        assert [one["retry_attempt"] for one in seen] == [0, 1, 2, 3]
        assert [one["retry_reason"] for one in seen] == ["", "timeout", "timeout", "timeout"]
        assert len({one["payload"]["event_id"] for one in seen}) == 1
        assert len({one["envelope_id"] for one in seen}) == 4
        clock.forward(3.1)
        await slack.settled()
        assert slack.courier.lost[0]["event"]["text"] == "Hello"


async def _quiet(socket: aiohttp.ClientWebSocketResponse) -> None:
    """Nothing arrives for a while: several looks at the clock."""
    with pytest.raises(TimeoutError):
        await socket.receive(timeout=4 * POLL_SECONDS)


async def test_a_broken_socket_is_no_acknowledgement(
    app: App, connect: Connect, slack: FakeSlack, workspace: FakeWorkspace, johal: Person
) -> None:
    workspace.deafen()
    slack.settings.event_retries = (0.2, 0.2, 0.2, 0.2, 0.2)
    await johal.says("Hello")
    workspace.cut()
    await app.until(lambda: bool(app.events("message")))
    assert app.events("message")[0]["text"] == "Hello"
    await slack.settled()
    assert slack.courier.lost == []


async def test_refresh(app: App, slack: FakeSlack, workspace: FakeWorkspace, johal: Person) -> None:
    await workspace.disconnect()
    await _until(lambda: workspace.sockets == 1)
    assert slack.courier.sockets.handshakes == ["ok", "ok"]
    await johal.says("Hello")
    await slack.settled()
    assert app.events("message")[0]["text"] == "Hello"


async def test_a_stalled_server_is_recovered_from(
    app: App, slack: FakeSlack, workspace: FakeWorkspace, johal: Person
) -> None:
    workspace.deafen()
    await _until(lambda: slack.courier.sockets.handshakes == ["ok", "ok"])
    slack.settings.event_retries = (0.1,)
    await johal.says("Hello")
    await app.until(lambda: bool(app.events("message")))


async def test_a_failed_handshake_burns_the_ticket(app: App, slack: FakeSlack, workspace: FakeWorkspace) -> None:
    """slack_sdk then tries the same ticket for ever: what the desk's watchdog is for."""
    slack.courier.sockets.fail_handshakes = 1
    await workspace.disconnect()
    handshakes = slack.courier.sockets.handshakes
    await _until(lambda: handshakes.count("bad ticket") >= 2)
    assert handshakes[:4] == ["ok", "refused", "bad ticket", "bad ticket"]
    assert workspace.sockets == 0


async def test_without_a_socket_nothing_arrives(slack: FakeSlack, workspace: FakeWorkspace, johal: Person) -> None:
    slack.settings.event_retries = (0.0,)
    await johal.says("Hello")
    await slack.settled()
    assert len(slack.courier.lost) == 1
    assert await johal.command("/case", "new") is False
    assert "no_connection" in johal.warnings[0]


async def test_down_and_up_again(app: App, slack: FakeSlack, workspace: FakeWorkspace, johal: Person) -> None:
    url = slack.url
    await slack.down()
    slack.settings.event_retries = (0.3,) * 20
    await johal.says("while it was down")
    with pytest.raises(aiohttp.ClientOSError):
        await app.bolt.client.auth_test(token=workspace.bot_token)
    await slack.up()
    assert slack.url == url
    assert (await app.bolt.client.auth_test(token=workspace.bot_token))["ok"]
    # the handler's own ticket was burnt while the server was down, or not yet asked for; a new one always works
    assert app.handler is not None
    await app.handler.client.connect_to_new_endpoint(force=True)
    await app.until(lambda: bool(app.events("message")))


@pytest.mark.illegal_traffic
async def test_bolt_as_it_comes(connect: Connect, slack: FakeSlack, workspace: FakeWorkspace, johal: Person) -> None:
    """bolt's own authorisation adds `team_id` to auth.test: borne, as at Slack, but noted."""
    async with AsyncExitStack() as stack:
        app = await start_app(stack, "socket", connect, workspace, plain=True)
        await johal.says("Hello")
        await slack.settled()
        assert app.events("message")[0]["text"] == "Hello"
    assert slack.violations == ["auth.test: undocumented argument team_id"]
