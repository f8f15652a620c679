"""Both platforms as an operator meets them: an installed app, a bot, and the settings that lead there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from bot.platforms.slack.manifest import manifest
from bot.sandbox.slack import FakeSlack
from bot.sandbox.telegram import FakeTelegram
from bot.sandbox.wirelog import WireLog


class House:
    """Both fakes with one workspace, and the settings for them; its requests may be wrong on purpose."""

    def __init__(self, slack: FakeSlack, telegram: FakeTelegram) -> None:
        self.slack = slack
        self.telegram = telegram

    @property
    def env(self) -> dict[str, str]:
        workspace = self.slack.workspace("T0001")
        return {
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
            "SLACK_API_URL": self.slack.base_url,
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "TELEGRAM_API_URL": self.telegram.url,
        }


@asynccontextmanager
async def house(scopes: Iterable[str] | None = None) -> AsyncIterator[House]:
    async with (
        FakeSlack(wire_log=WireLog(None)) as slack,
        FakeTelegram(wire_log=WireLog(None)) as telegram,
    ):
        slack.add_workspace("T0001", "Aligner Desk", scopes=scopes, manifest=None if scopes else manifest())
        yield House(slack, telegram)
