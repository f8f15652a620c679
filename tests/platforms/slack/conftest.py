"""The real adapter against the fake Slack: one workspace, two people, in either mode."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from aiohttp import web

from bot.platforms.slack.adapter import Slack
from bot.platforms.slack.config import SlackWorkspace
from bot.platforms.slack.http import PATH
from bot.platforms.slack.manifest import manifest
from bot.ports.gateway import Target
from bot.sandbox.slack import FakeSlack, FakeWorkspace, Person
from tests.platforms.slack.support import JOHAL, REID, Checkpoints, Files, StoredInbox, WallClock

Serve = Callable[[StoredInbox], Awaitable[Slack]]


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as server:
        server.settings.limits = server.settings.limits.off()
        yield server


@pytest.fixture
def workspace(fake: FakeSlack) -> FakeWorkspace:
    added = fake.add_workspace("T0001", "Riverside Ortho", manifest=manifest())
    added.add_user(JOHAL.user, "Amar Johal")
    added.add_user(REID.user, "Sam Reid")
    return added


@pytest.fixture
def johal(workspace: FakeWorkspace) -> Person:
    return workspace.user(JOHAL.user)


@pytest.fixture
def reid(workspace: FakeWorkspace) -> Person:
    return workspace.user(REID.user)


@pytest.fixture
def files() -> Files:
    return Files()


def settings(fake: FakeSlack, workspace: FakeWorkspace, *, socket: bool = True) -> SlackWorkspace:
    return SlackWorkspace(
        workspace.data.id.lower(),
        workspace.bot_token,
        workspace.app_token if socket else None,
        workspace.signing_secret,
        fake.base_url,
    )


@pytest.fixture
async def slack(fake: FakeSlack, workspace: FakeWorkspace, files: Files) -> AsyncIterator[Slack]:
    """The adapter as it sends; it receives nothing."""
    made = Slack([settings(fake, workspace)], files, WallClock())
    yield made
    await made.close()


@pytest.fixture(params=["socket", "http"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def serve(mode: str, fake: FakeSlack, workspace: FakeWorkspace, files: Files) -> AsyncIterator[Serve]:
    """Starts the adapter in the mode of the test, with an inbox."""
    async with AsyncExitStack() as stack:

        async def start(inbox: StoredInbox) -> Slack:
            config = settings(fake, workspace, socket=mode == "socket")
            made = Slack([config], files, WallClock(), patience=0.6, look=0.02, ping=0.2)
            stack.push_async_callback(made.close)
            app = web.Application()
            app.add_routes(made.routes())
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            await made.serve(inbox)
            if mode == "http":
                url = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
                assert await workspace.use_http(url, verify=True)
            else:
                await inbox.until(lambda: made.healthy)
            return made

        yield start


@pytest.fixture
async def target(slack: Slack) -> Target:
    """Dr Johal's room, made by us."""
    room = await slack.gateway.open_room(JOHAL, "case-patel-7k3f", "AB · 14 Jun", Checkpoints(), "")
    return Target(room.place, JOHAL)
