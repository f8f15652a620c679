"""Events over HTTP: real signatures, retries by the clock, url_verification."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from bot.sandbox.slack import FakeSlack, FakeWorkspace, Person
from tests.sandbox.slack.support import Clock

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Endpoint:
    """An app's request URL that answers as it is told."""

    url: str = ""
    requests: list[tuple[dict[str, str], str]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append((dict(request.headers), await request.text()))
        self.came.set()
        return await self.answers.pop(0)(request) if self.answers else web.Response()

    async def count(self, wanted: int) -> None:
        async with asyncio.timeout(5):
            while len(self.requests) < wanted:
                self.came.clear()
                await self.came.wait()


async def _fails(_: web.Request) -> web.StreamResponse:
    return web.Response(status=500)


async def _hangs(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(60)
    return web.Response()


async def _wants_no_retry(_: web.Request) -> web.StreamResponse:
    return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})


@pytest.fixture
async def endpoint(workspace: FakeWorkspace) -> AsyncIterator[Endpoint]:
    made = Endpoint()
    served = web.Application()
    served.router.add_post("/slack/events", made.handle)
    runner = web.AppRunner(served, access_log=None, shutdown_timeout=0.05)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    await workspace.use_http(made.url)
    yield made
    await runner.cleanup()


async def test_requests_are_signed(
    endpoint: Endpoint, slack: FakeSlack, workspace: FakeWorkspace, johal: Person
) -> None:
    slack.courier.http.signing_clock = time.time
    await johal.says("Hello")
    await slack.settled()
    await johal.command("/case", "new")
    verifier = SignatureVerifier(workspace.signing_secret)
    kinds = [headers["Content-Type"] for headers, _ in endpoint.requests]
    assert kinds == ["application/json", "application/x-www-form-urlencoded"]
    for headers, body in endpoint.requests:
        assert verifier.is_valid_request(body, headers)
        assert not verifier.is_valid_request(body + " ", headers)
        assert "X-Slack-Retry-Num" not in headers


@pytest.mark.parametrize(("answer", "reason"), [(_fails, "http_error"), (_hangs, "http_timeout")])
async def test_failures_come_again_now_after_a_minute_after_five(
    endpoint: Endpoint, slack: FakeSlack, johal: Person, clock: Clock, answer: Answer, reason: str
) -> None:
    endpoint.answers = [answer] * 4
    wait = 3.1 if reason == "http_timeout" else 0.0
    await johal.says("Hello")
    for number, pause in enumerate((0.0, 60.0, 300.0), 1):
        await endpoint.count(number)
        clock.forward(wait)
        await asyncio.sleep(0.06)
        clock.forward(pause)
    await endpoint.count(4)
    clock.forward(wait)
    await slack.settled()
    headers = [one for one, _ in endpoint.requests]
    assert [one.get("X-Slack-Retry-Num") for one in headers] == [None, "1", "2", "3"]
    assert {one.get("X-Slack-Retry-Reason") for one in headers[1:]} == {reason}
    assert len({body for _, body in endpoint.requests}) == 1
    assert len(slack.courier.lost) == 1


async def test_nothing_comes_before_its_minute(endpoint: Endpoint, johal: Person, clock: Clock) -> None:
    endpoint.answers = [_fails, _fails]
    await johal.says("Hello")
    await endpoint.count(2)
    await asyncio.sleep(0.06)  # until the second failure is known
    clock.forward(59)
    await asyncio.sleep(0.1)
    assert len(endpoint.requests) == 2
    clock.forward(1)
    await endpoint.count(3)


async def test_an_app_may_decline_retries(endpoint: Endpoint, slack: FakeSlack, johal: Person) -> None:
    endpoint.answers = [_wants_no_retry]
    await johal.says("Hello")
    await slack.settled()
    assert len(endpoint.requests) == 1


async def test_commands_are_never_sent_again(endpoint: Endpoint, slack: FakeSlack, johal: Person) -> None:
    endpoint.answers = [_fails]
    assert await johal.command("/case", "new") is False
    assert len(endpoint.requests) == 1
    assert "http_error" in johal.warnings[0]


async def test_nobody_listening(slack: FakeSlack, workspace: FakeWorkspace, johal: Person) -> None:
    await workspace.use_http("http://127.0.0.1:9/slack/events")
    slack.settings.event_retries = ()
    await johal.says("Hello")
    await slack.settled()
    assert len(slack.courier.lost) == 1


async def test_url_verification(endpoint: Endpoint, workspace: FakeWorkspace) -> None:
    async def echo(request: web.Request) -> web.StreamResponse:
        return web.json_response({"challenge": (await request.json())["challenge"]})

    endpoint.answers = [echo]
    assert await workspace.use_http(endpoint.url, verify=True)
    assert not await workspace.use_http(endpoint.url, verify=True)
