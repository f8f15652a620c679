"""What `doctor` finds out about a workspace."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import pytest

from bot.platforms.slack.adapter import Slack
from bot.platforms.slack.config import SlackWorkspace
from bot.platforms.slack.doctor import Health
from bot.platforms.slack.manifest import SCOPES
from bot.sandbox.slack import FakeSlack
from tests.platforms.slack.support import Files, WallClock


@asynccontextmanager
async def asked(config: SlackWorkspace) -> AsyncIterator[Health]:
    made = Slack([config], Files(), WallClock())
    try:
        (found,) = await made.check()
        yield found
    finally:
        await made.close()


def installed(fake: FakeSlack, scopes: Iterable[str] = SCOPES, **changes: str | None) -> SlackWorkspace:
    added = fake.add_workspace("T0001", "Riverside Ortho", scopes=scopes)
    tokens: dict[str, str | None] = {"bot_token": added.bot_token, "app_token": added.app_token, **changes}
    return SlackWorkspace("a", tokens["bot_token"] or "", tokens["app_token"], "s", fake.base_url)


async def test_all_is_well(fake: FakeSlack) -> None:
    async with asked(installed(fake)) as found:
        assert (found.error, found.socket_error, found.team, found.team_name) == ("", "", "T0001", "Riverside Ortho")
        assert found.bot
        assert not found.missing | found.surplus | found.refused


async def test_scopes_missing_and_surplus(fake: FakeSlack) -> None:
    async with asked(installed(fake, [*SCOPES[2:], "chat:write.customize", "pins:read"])) as found:
        assert found.missing == {"chat:write", "commands"}
        assert found.surplus == {"chat:write.customize", "pins:read"}
        assert found.refused == {"chat:write.customize"}


@pytest.mark.illegal_traffic
@pytest.mark.parametrize(
    ("changes", "error", "socket_error"),
    [
        ({"bot_token": "xoxb-wrong"}, "invalid_auth", ""),
        ({"app_token": "xapp-wrong"}, "", "invalid_auth"),
        ({"app_token": None}, "", ""),
    ],
)
async def test_tokens(fake: FakeSlack, changes: dict[str, str | None], error: str, socket_error: str) -> None:
    async with asked(installed(fake, **changes)) as found:
        assert (found.error, found.socket_error) == (error, socket_error)
        assert found.missing == frozenset()
        assert found.socket_mode is (changes.get("app_token", "") is not None)


async def test_slack_out_of_reach(fake: FakeSlack) -> None:
    config = installed(fake)
    await fake.down()
    async with asked(config) as found:
        assert found.error == "ClientConnectorError"
