"""A fake Slack with one workspace, a real client for it, and a real bolt app in either mode."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import FakeSlack, FakeWorkspace, Person
from tests.sandbox.slack.support import JOHAL, SAM, App, Clock, start_app


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[FakeSlack]:
    async with FakeSlack(now=clock) as server:
        yield server


@pytest.fixture
def workspace(slack: FakeSlack) -> FakeWorkspace:
    added = slack.add_workspace("T0001", "Riverside Ortho")
    added.add_user(JOHAL, "Amar Johal")
    added.add_user(SAM, "Sam Reid")
    return added


@pytest.fixture
def johal(workspace: FakeWorkspace) -> Person:
    return workspace.user(JOHAL)


@pytest.fixture
def sam(workspace: FakeWorkspace) -> Person:
    return workspace.user(SAM)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def connect(slack: FakeSlack, session: aiohttp.ClientSession) -> Callable[..., AsyncWebClient]:
    """Builds a client as the bot does: one session, no retries of its own."""

    def build(token: str | None, **more: Any) -> AsyncWebClient:
        more.setdefault("session", session)
        return AsyncWebClient(token=token, base_url=slack.base_url, retry_handlers=[], **more)

    return build


@pytest.fixture
def client(connect: Callable[..., AsyncWebClient], workspace: FakeWorkspace) -> AsyncWebClient:
    return connect(workspace.bot_token)


@pytest.fixture
async def room(client: AsyncWebClient) -> str:
    """A private channel with Dr Johal in it."""
    created = await client.conversations_create(name="case-patel-7k3f", is_private=True)
    await client.conversations_invite(channel=created["channel"]["id"], users=JOHAL)
    return str(created["channel"]["id"])


@pytest.fixture(params=["socket", "http"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def app(mode: str, connect: Callable[..., AsyncWebClient], workspace: FakeWorkspace) -> AsyncIterator[App]:
    async with AsyncExitStack() as stack:
        started = await start_app(stack, mode, connect, workspace)
        yield started
