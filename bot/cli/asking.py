"""Questions to the platforms themselves, for `init`, `doctor` and invitations: do the tokens work, what time is it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import aiohttp

from bot.domain.errors import DeliveryError
from bot.platforms.slack import doctor as slack_doctor
from bot.platforms.slack.client import Workspace, new_session
from bot.platforms.slack.config import SlackWorkspace
from bot.platforms.slack.doctor import Health
from bot.platforms.telegram import doctor as telegram_doctor
from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.config import TelegramConfig
from bot.platforms.telegram.doctor import Standing

PATIENCE = 15.0
"""Seconds a platform gets to answer."""


@dataclass(frozen=True, slots=True)
class Silent:
    """No usable answer: `detail` is a short code, `refused` when the platform does not accept the token."""

    detail: str
    refused: bool


async def slack(config: SlackWorkspace) -> Health:
    """How a workspace stands; what is wrong is in the answer."""
    session = new_session()
    try:
        return await slack_doctor.check(Workspace(config, session))
    finally:
        await session.close()


async def telegram(config: TelegramConfig) -> Standing | Silent:
    """How the bot stands."""
    client = TelegramClient(config)
    await client.open()
    try:
        async with asyncio.timeout(PATIENCE):
            return await telegram_doctor.check(client)
    except DeliveryError as error:
        return Silent(error.detail, refused=error.detail in ("token_rejected", "no_such_method"))
    except TimeoutError:
        return Silent("timeout", refused=False)
    finally:
        await client.close()


async def clock_lead(address: str) -> float | None:
    """Seconds this machine's clock is ahead of a server's, half a second more or less; None if nobody can tell."""
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session:
            before = time.time()
            async with session.get(address, allow_redirects=False) as answer:
                said = answer.headers.get("Date")
            middle = (before + time.time()) / 2
        # The header is cut to whole seconds, so on average it is half a second behind.
        return None if said is None else middle - (parsedate_to_datetime(said).timestamp() + 0.5)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
        return None
