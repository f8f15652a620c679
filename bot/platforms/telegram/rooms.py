"""Rooms: a topic in the private chat of one person and the bot. Nobody else can ever be in it."""

from __future__ import annotations

from typing import Final

from telegram.error import BadRequest

from bot.domain.addresses import Account
from bot.domain.errors import Reason, Refused
from bot.platforms.telegram.capabilities import TITLE_LIMIT
from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.errors import UNCHANGED, says, translated
from bot.platforms.telegram.ids import chat_number, number, place, topic_number
from bot.ports.gateway import Checkpoint, Room, Target

CLOSED_ICON: Final = "📁"
"""One of the icons every bot may give a topic."""


class Rooms:
    """Topics of one bot's private chats."""

    def __init__(self, client: TelegramClient) -> None:
        self._client = client
        self._icon: str | None = None

    async def open(self, owner: Account, title: str, checkpoint: Checkpoint, resume: str) -> Room:
        """A new topic, or the one an earlier try committed. `Refused(NO_TOPICS)`: use the private chat itself."""
        if resume:
            return Room(place(owner.user, resume.removeprefix("id:")))
        chat = number(owner.user)
        try:
            with translated():
                if not (await self._client.refresh()).topics:
                    raise Refused(Reason.NO_TOPICS, "topics_off")
                topic = await self._client.bot.create_forum_topic(chat, fit(title))
        except Refused as refused:
            # Whatever else is wrong with topics here, the private chat still serves.
            if refused.reason in (Reason.ROOM_GONE, Reason.MISSING_SCOPE, Reason.OTHER):
                raise Refused(Reason.NO_TOPICS, refused.detail) from None
            raise
        await checkpoint(f"id:{topic.message_thread_id}")
        return Room(place(chat, topic.message_thread_id))

    async def rename(self, target: Target, title: str) -> None:
        """Set the topic's name; the private chat itself has none of ours."""
        topic = topic_number(target.place)
        if topic is None:
            return
        with translated():
            try:
                await self._client.bot.edit_forum_topic(chat_number(target.place), topic, name=fit(title))
            except BadRequest as error:
                if not says(error, UNCHANGED):
                    raise

    async def close(self, target: Target) -> None:
        """Mark the topic as closed by its icon: private chats cannot close a topic, and nothing is ever deleted."""
        topic = topic_number(target.place)
        if topic is None:
            return
        try:
            with translated():
                icon = await self._closed_icon()
                if icon:
                    await self._set_icon(chat_number(target.place), topic, icon)
        except Refused as refused:
            if refused.reason is not Reason.ROOM_GONE:
                raise

    def check_members(self, target: Target) -> None:
        """Raise `Refused(WRONG_MEMBERS)` unless the place is the owner's own chat: a group's topic has readers."""
        if target.place.chat != target.owner.user or not target.owner.user.isdecimal():
            raise Refused(Reason.WRONG_MEMBERS)

    async def _set_icon(self, chat: int, topic: int, icon: str) -> None:
        try:
            await self._client.bot.edit_forum_topic(chat, topic, icon_custom_emoji_id=icon)
        except BadRequest as error:
            if not says(error, UNCHANGED):
                raise

    async def _closed_icon(self) -> str:
        if self._icon is None:
            stickers = await self._client.bot.get_forum_topic_icon_stickers()
            found = (sticker.custom_emoji_id for sticker in stickers if sticker.emoji == CLOSED_ICON)
            self._icon = next(found, None) or ""
        return self._icon


def fit(title: str) -> str:
    """A topic's name: one line of 1 to 128 characters."""
    one_line = " ".join(title.split()) or "…"
    return one_line if len(one_line) <= TITLE_LIMIT else one_line[: TITLE_LIMIT - 1].rstrip() + "…"
