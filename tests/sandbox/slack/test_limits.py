"""Rate limits: one post a second per channel, tiers for the rest, and a pace that is always admitted."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import FakeSlack, FakeWorkspace, Limits
from bot.sandbox.slack.limits import Meter
from tests.sandbox.slack.support import JOHAL, SAM, Clock


async def _status(call: object) -> tuple[int, str]:
    try:
        await call  # type: ignore[misc]
    except SlackApiError as error:
        return error.response.status_code, error.response.headers.get("Retry-After", "")
    return 200, ""


async def test_posts_count_per_channel(client: AsyncWebClient, workspace: FakeWorkspace, clock: Clock) -> None:
    burst = [await _status(client.chat_postMessage(channel=JOHAL, text="x")) for _ in range(4)]
    assert burst == [(200, "")] * 3 + [(429, "1")]
    assert await _status(client.chat_postMessage(channel=SAM, text="x")) == (200, "")
    clock.forward(1)
    assert await _status(client.chat_postMessage(channel=JOHAL, text="x")) == (200, "")
    assert await _status(client.chat_postMessage(channel=JOHAL, text="x")) == (429, "1")


async def test_the_desks_own_pace_is_admitted(client: AsyncWebClient, workspace: FakeWorkspace, clock: Clock) -> None:
    for n in range(100):
        if n >= 2:
            clock.forward(1 / 0.98)
        assert (await client.chat_postMessage(channel=JOHAL, text="x"))["ok"]


async def test_tiers(client: AsyncWebClient, workspace: FakeWorkspace, clock: Clock) -> None:
    tier2 = [await _status(client.users_list()) for _ in range(21)]
    assert [status for status, _ in tier2] == [200] * 20 + [429]
    assert tier2[-1][1] == "3"
    assert (await _status(client.users_info(user=JOHAL)))[0] == 200  # another method, another count
    clock.forward(3)
    assert (await _status(client.users_list()))[0] == 200


async def test_limits_can_be_off(client: AsyncWebClient, slack: FakeSlack, workspace: FakeWorkspace) -> None:
    slack.settings.limits = Limits.off()
    for _ in range(30):
        await client.chat_postMessage(channel=JOHAL, text="x")


async def test_workspaces_are_counted_apart(
    client: AsyncWebClient, slack: FakeSlack, workspace: FakeWorkspace, connect: object
) -> None:
    other = slack.add_workspace("T0009")
    stranger = connect(other.bot_token)  # type: ignore[operator]
    for _ in range(20):
        await client.users_list()
    assert (await _status(stranger.users_list()))[0] == 200


@pytest.mark.parametrize("jump", [-3600.0, 86_400.0])
def test_a_clock_that_jumps_locks_nobody_out(jump: float) -> None:
    meter = Meter()
    assert [meter.wait(("c",), 1.0, 3, 1000.0) for _ in range(4)] == [0, 0, 0, 1]
    assert meter.wait(("c",), 1.0, 3, 1000.0 + jump) == 0
