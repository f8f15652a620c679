"""The socket under a watch: it comes back from everything, and ends in bounded time."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from bot.domain.events import MessageReceived
from bot.platforms.slack.adapter import Slack
from bot.platforms.slack.socket import PATIENCE
from bot.sandbox.slack import FakeSlack, FakeWorkspace, Person
from tests.platforms.slack.conftest import settings
from tests.platforms.slack.support import Files, StoredInbox, WallClock


@pytest.fixture
def inbox() -> StoredInbox:
    return StoredInbox()


@pytest.fixture
async def slack(fake: FakeSlack, workspace: FakeWorkspace) -> AsyncIterator[Slack]:
    made = Slack([settings(fake, workspace)], Files(), WallClock(), patience=0.4, look=0.02, ping=0.1, retry=0.05)
    yield made
    await made.close()


def test_patience_is_what_was_found_to_work() -> None:
    assert PATIENCE == 45.0


async def heard(slack: Slack, inbox: StoredInbox, johal: Person, fake: FakeSlack) -> None:
    """Events come through again, and over one socket only."""
    await inbox.until(lambda: slack.healthy)
    before = len(inbox.of(MessageReceived))
    await johal.says("are you there?")
    await inbox.until(lambda: len(inbox.of(MessageReceived)) > before)
    await inbox.until(lambda: fake.workspace("T0001").sockets == 1)


async def test_a_burnt_ticket_does_not_end_it(slack: Slack, inbox: StoredInbox, fake: FakeSlack, johal: Person) -> None:
    fake.courier.sockets.fail_handshakes = 1
    await slack.serve(inbox)
    await heard(slack, inbox, johal, fake)
    # The library alone would have gone on with the same ticket.
    assert fake.courier.sockets.handshakes[:2] == ["refused", "bad ticket"]
    (link,) = slack._links
    assert link.built == 2


@pytest.mark.parametrize("trouble", ["cut", "refresh", "down", "stalled"])
async def test_it_comes_back(
    slack: Slack, inbox: StoredInbox, fake: FakeSlack, workspace: FakeWorkspace, johal: Person, trouble: str
) -> None:
    await slack.serve(inbox)
    await heard(slack, inbox, johal, fake)
    if trouble == "cut":
        workspace.cut()
    elif trouble == "refresh":
        await workspace.disconnect()
    elif trouble == "down":
        await fake.down()
        await inbox.until(lambda: not slack.healthy)
        await fake.up()
    else:
        workspace.deafen()
    await inbox.until(lambda: fake.courier.sockets.handshakes.count("ok") == 2)
    await heard(slack, inbox, johal, fake)


async def test_slack_down_at_the_start_is_no_error(
    slack: Slack, inbox: StoredInbox, fake: FakeSlack, johal: Person
) -> None:
    await fake.down()
    await slack.serve(inbox)
    assert not slack.healthy
    await fake.up()
    await heard(slack, inbox, johal, fake)


@pytest.mark.parametrize("state", ["healthy", "stalled", "down", "refused"])
async def test_the_end_is_bounded(
    slack: Slack, inbox: StoredInbox, fake: FakeSlack, workspace: FakeWorkspace, state: str
) -> None:
    if state == "refused":
        fake.courier.sockets.fail_handshakes = 1000
    await slack.serve(inbox)
    if state != "refused":
        await inbox.until(lambda: slack.healthy)
    if state == "stalled":
        workspace.deafen()
    if state == "down":
        await fake.down()
        await inbox.until(lambda: not slack.healthy)
    started = time.monotonic()
    await slack.close()
    assert time.monotonic() - started < 4.0
    left = [task for task in asyncio.all_tasks() if "slack_sdk" in repr(task.get_coro())]
    assert left == []


async def test_several_workspaces_live_side_by_side(
    fake: FakeSlack, workspace: FakeWorkspace, inbox: StoredInbox, johal: Person
) -> None:
    other = fake.add_workspace("T0002", "Second")
    shah = other.add_user("U0005", "Shah")
    both = [settings(fake, workspace), settings(fake, other)]
    made = Slack(both, Files(), WallClock(), patience=0.4, look=0.02, ping=0.1)
    try:
        await made.serve(inbox)
        await inbox.until(lambda: made.healthy)
        await johal.says("from the first")
        await shah.says("from the second")
        await inbox.until(lambda: len(inbox.of(MessageReceived)) == 2)
        found = {one.origin.place.workspace: one.body.text for one in inbox.of(MessageReceived)}
        assert found == {"T0001": "from the first", "T0002": "from the second"}
        for team, person in (("T0001", johal), ("T0002", shah)):
            account = next(one.origin.sender for one in inbox.of(MessageReceived) if one.origin.place.workspace == team)
            assert account is not None
            assert account.user == person.id
            assert (await made.gateway.direct(account)).workspace == team
    finally:
        await made.close()
