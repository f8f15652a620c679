"""HTTP mode's door: only what Slack signed, once, and nothing lost on the way in."""

import json
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.domain.events import CommandReceived, MessageReceived
from bot.platforms.slack.adapter import Slack
from bot.platforms.slack.signature import sign
from bot.sandbox.slack import FakeSlack, FakeWorkspace, Person
from tests.platforms.slack.conftest import Serve
from tests.platforms.slack.support import StoredInbox


@pytest.fixture
def mode() -> str:
    return "http"


@pytest.fixture
def inbox() -> StoredInbox:
    return StoredInbox()


@pytest.fixture
async def slack(serve: Serve, inbox: StoredInbox) -> Slack:
    return await serve(inbox)


@pytest.fixture
async def http(slack: Slack, workspace: FakeWorkspace) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def knock(
    http: aiohttp.ClientSession, workspace: FakeWorkspace, body: bytes, secret: str = "", **headers: str
) -> int:
    at = str(int(time.time()))
    signed = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": sign(secret or workspace.signing_secret, at, body)}
    given = {"Content-Type": "application/json", **signed, **headers}
    async with http.post(str(workspace.data.request_url), data=body, headers=given) as answer:
        return answer.status


def event(event_id: str, team: str = "T0001") -> bytes:
    inner = {"type": "message", "user": "U0002", "channel": "C1", "ts": f"1700000000.{event_id}", "text": "x"}
    body = {"type": "event_callback", "event_id": event_id, "team_id": team, "event": inner}
    return json.dumps(body).encode()


async def test_only_slack_gets_in(
    http: aiohttp.ClientSession, workspace: FakeWorkspace, inbox: StoredInbox, fake: FakeSlack
) -> None:
    assert await knock(http, workspace, event("000001")) == 200
    assert await knock(http, workspace, event("000002"), secret="guess") == 401
    for header in ("X-Slack-Signature", "X-Slack-Request-Timestamp"):
        for odd in ("", "soon", "v0=ÿ", "-1", "9" * 50, "v0=" + "0" * 64):
            assert await knock(http, workspace, event("000003"), **{header: odd}) == 401
    assert await knock(http, workspace, b"\xff\xfe") == 400
    assert await knock(http, workspace, b"[1, 2]") == 400
    assert len(inbox.of(MessageReceived)) == 1


async def test_a_replay_is_refused_and_a_failure_may_come_again(
    http: aiohttp.ClientSession, workspace: FakeWorkspace, inbox: StoredInbox
) -> None:
    body, at = event("000001"), str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": sign(workspace.signing_secret, at, body),
    }

    async def again() -> int:
        async with http.post(str(workspace.data.request_url), data=body, headers=headers) as answer:
            return answer.status

    inbox.broken = True
    assert await again() == 500
    inbox.broken = False
    assert await again() == 200
    assert await again() == 409
    assert inbox.offered == 2


async def test_another_workspaces_events_are_not_kept(
    http: aiohttp.ClientSession, workspace: FakeWorkspace, inbox: StoredInbox
) -> None:
    assert await knock(http, workspace, event("000001", team="T0999")) == 200
    assert inbox.updates == []


async def test_the_word_payload_does_not_lose_a_command(
    http: aiohttp.ClientSession, inbox: StoredInbox, johal: Person
) -> None:
    assert await johal.command("/case", "note check the payload")
    assert inbox.of(CommandReceived)[-1].args == "check the payload"


async def test_the_door_is_shut_after_the_end(
    http: aiohttp.ClientSession, slack: Slack, workspace: FakeWorkspace, inbox: StoredInbox
) -> None:
    await slack.stop_receiving()
    assert await knock(http, workspace, event("000001")) == 503
