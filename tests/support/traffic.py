"""What platforms send, made by hand for drills: updates as JSON in the platforms' own shape, with their real keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from bot.platforms.slack.translate import SlackTranslator
from bot.platforms.slack.updates import raw_update
from bot.platforms.telegram.envelope import seal
from bot.platforms.telegram.ids import Identity
from bot.platforms.telegram.inbound import TelegramTranslator
from bot.ports.inbound import RawUpdate, Translator
from bot.services.unit import Unit
from bot.workers.inbox import Handle, InboxWorker
from handlers.router import handle
from tests.support.casework import Casework

BOT = 7_000_000_001
Row = dict[str, Any]


def translators() -> Mapping[str, Translator]:
    """The real ones."""
    return {"slack": SlackTranslator(), "telegram": TelegramTranslator(Identity(BOT, "chairside_bot"))}


def telegram_message(number: int, text: str, *, user: int = 700001, topic: str = "", at: int) -> RawUpdate:
    """A text somebody typed in their chat with the bot; `number` counts updates and messages, `at` is in µs."""
    message: dict[str, Any] = {
        "message_id": number,
        "date": at // 1_000_000,
        "chat": {"id": user, "type": "private", "first_name": "A"},
        "from": {"id": user, "is_bot": False, "first_name": "A"},
        "text": text,
    }
    if topic:
        message |= {"message_thread_id": int(topic), "is_topic_message": True}
    return seal(BOT, {"update_id": number, "message": message}).raw


def slack_message(event_id: str, text: str, *, user: str, channel: str, at: int) -> RawUpdate:
    """A text somebody typed in a channel; the same `channel` and `at` (µs) make the same message."""
    rich = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    event = {
        "type": "message",
        "channel": channel,
        "channel_type": "group",
        "user": user,
        "team": "T0001",
        "ts": f"{at // 1_000_000}.{at % 1_000_000:06d}",
        "text": text,
        "blocks": [{"type": "rich_text", "elements": [rich]}],
    }
    body = {
        "type": "event_callback",
        "team_id": "T0001",
        "api_app_id": "A0001",
        "event_id": event_id,
        "event": event,
        "authorizations": [{"team_id": "T0001", "user_id": "U0BOT", "is_bot": True}],
    }
    return raw_update(body, at)


def said_in(seat: Row, number: int, text: str, *, at: int, copy: int = 0) -> RawUpdate:
    """A text the seat's person typed in its room; a later `copy` of it comes under another event id on Slack."""
    if seat["platform"] == "slack":
        return slack_message(f"Ev{number}x{copy}", text, user=seat["user_ref"], channel=seat["chat"], at=at + number)
    return telegram_message(number, text, user=int(seat["user_ref"]), topic=seat["topic"], at=at)


@asynccontextmanager
async def inbox_of(desk: Casework, handler: Handle = handle) -> AsyncIterator[InboxWorker]:
    """The real inbox loop over the real handlers, running; on the way out it has handled all it has, then stops."""
    worker = InboxWorker(desk.units, translators(), handler)
    running = asyncio.create_task(worker.run())
    yield worker
    await handled(desk)
    worker.stop()
    await running


async def handled(desk: Casework, seconds: float = 3000.0) -> None:
    """Wait until no update is left to handle."""
    async with asyncio.timeout(seconds):
        while await desk.rows("SELECT id FROM inbox WHERE state = 'new' LIMIT 1"):  # noqa: ASYNC110 - rows tell nobody
            await asyncio.sleep(0.02)


def more_dentists(unit: Unit, count: int) -> None:
    """Dentists with the ids 100, 101 … and Telegram accounts 700100, 700101 …"""
    for number in range(count):
        unit.tx.execute(
            """INSERT INTO person(id, handle, name, role, practice_id, timezone, capacity, created_at)
               VALUES (:id, :handle, 'Dr Bina Patel', 'dentist', 1, 'Europe/London', 25, 0)""",
            {"id": 100 + number, "handle": f"bina-{number}"},
        )
        unit.tx.execute(
            """INSERT INTO account(id, person_id, platform, workspace, user_ref, state, reachable, claimed_at)
               VALUES (:id, :id, 'telegram', '', :user, 'active', 1, 0)""",
            {"id": 100 + number, "user": str(700100 + number)},
        )
