"""Telegram's way out: `bot.ports.gateway.Gateway` on the library's Bot. Every message goes as entities."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

import structlog
from telegram import LinkPreviewOptions, ReactionTypeEmoji, ReplyParameters, TelegramObject
from telegram.error import BadRequest

from bot.domain.addresses import Account, Place
from bot.domain.errors import DeliveryError, Reason, Refused
from bot.domain.outbound import Post
from bot.platforms.telegram.albums import send_album
from bot.platforms.telegram.capabilities import CAPABILITIES
from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.errors import GONE_ALREADY, NO_CAPTION, NO_TEXT, UNCHANGED, says, translated
from bot.platforms.telegram.files import download, send_file
from bot.platforms.telegram.ids import chat_number, number, place, topic_number
from bot.platforms.telegram.render import Rendered, render
from bot.platforms.telegram.rooms import Rooms
from bot.platforms.telegram.said import Said, of_library, told
from bot.ports.gateway import Capabilities, Checkpoint, FileSource, Mark, Room, Sent, Target

DOVE: Final = "🕊"
"""Telegram lets bots choose from its own list, without a tick; a thumb would read as consent."""
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
_PLAIN_NO_PREVIEW: Final = _NO_PREVIEW.to_dict()
_log = structlog.get_logger(__name__)


class TelegramGateway:
    """One bot. Every send checks that the place is its owner's private chat."""

    def __init__(self, client: TelegramClient, files: FileSource) -> None:
        self._client = client
        self._files = files
        self._rooms = Rooms(client)

    @property
    def capabilities(self) -> Capabilities:
        """What Telegram can do."""
        return CAPABILITIES

    async def post(
        self, target: Target, post: Post, tag: str, reply_to: str | None, checkpoint: Checkpoint, resume: str
    ) -> Sent:
        """One message. Telegram keeps no tag and no step in between: a send in doubt stays in doubt."""
        self._rooms.check_members(target)
        shown = render(post)
        common: dict[str, Any] = {
            "chat_id": chat_number(target.place),
            "message_thread_id": topic_number(target.place),
            "disable_notification": post.silent or None,
            "reply_markup": shown.keyboard,
        }
        if reply_to:
            common["reply_parameters"] = ReplyParameters(number(reply_to), allow_sending_without_reply=True)
        with translated():
            messages = await self._send(post, shown, common)
        return await self._landed(target, messages)

    async def edit(self, target: Target, native_id: str, post: Post) -> None:
        """Replace text or caption and the buttons; an edit that changes nothing is done."""
        self._rooms.check_members(target)
        shown = render(post)
        chat, message = chat_number(target.place), number(native_id)
        captioned = post.with_files or post.caption
        with translated():
            try:
                try:
                    await self._rewrite(chat, message, shown, captioned)
                except BadRequest as error:
                    # The post to put there may have lost its file, or the message never had one.
                    if not says(error, NO_CAPTION if captioned else NO_TEXT):
                        raise
                    await self._rewrite(chat, message, shown, not captioned)
            except BadRequest as error:
                if not says(error, UNCHANGED):
                    raise

    async def delete(self, target: Target, native_id: str, more: Sequence[str] = (), resume: str = "") -> None:
        """Remove messages of ours (within 48 h, else `Refused(TOO_OLD)`); what is gone already is done."""
        self._rooms.check_members(target)
        numbers = [number(one) for one in (native_id, *more)]
        with translated():
            try:
                if more:
                    await self._client.bot.delete_messages(chat_number(target.place), numbers)
                else:
                    await self._client.bot.delete_message(chat_number(target.place), *numbers)
            except BadRequest as error:
                if not says(error, GONE_ALREADY):
                    raise

    async def pin(self, target: Target, native_id: str) -> None:
        """Pin without a sound; one that is pinned already is done."""
        self._rooms.check_members(target)
        with translated():
            try:
                await self._client.bot.pin_chat_message(
                    chat_number(target.place), number(native_id), disable_notification=True
                )
            except BadRequest as error:
                if not says(error, UNCHANGED):
                    raise

    async def mark(self, target: Target, native_id: str, mark: Mark) -> None:
        """The dove on the person's own message."""
        self._rooms.check_members(target)
        with translated():
            await self._client.bot.set_message_reaction(
                chat_number(target.place), number(native_id), reaction=[ReactionTypeEmoji(DOVE)]
            )

    async def find(self, target: Target, tag: str, since: int, resume: str) -> Sent | None:
        """Telegram has no history for bots: never found (`can_find` is False)."""
        return None

    async def open_room(self, owner: Account, name: str, title: str, checkpoint: Checkpoint, resume: str) -> Room:
        """A topic called `title`; `Refused(NO_TOPICS)` means the private chat has to serve."""
        return await self._rooms.open(owner, title, checkpoint, resume)

    async def rename_room(self, target: Target, title: str, name: str = "") -> None:
        """Set the topic's name."""
        self._rooms.check_members(target)
        await self._rooms.rename(target, title)

    async def close_room(self, target: Target) -> None:
        """Mark the topic as closed; what was said stays."""
        self._rooms.check_members(target)
        await self._rooms.close(target)

    async def check_members(self, target: Target) -> None:
        """The owner's private chat has nobody else in it; anything else is `Refused(WRONG_MEMBERS)`."""
        self._rooms.check_members(target)

    async def check_room(self, target: Target) -> bool:
        """The owner's private chat; whether a topic still stands only a send can tell."""
        self._rooms.check_members(target)
        return True

    async def direct(self, account: Account) -> Place:
        """A private chat has its person's own id."""
        return place(number(account.user))

    def fetch(self, place: Place, ref: str, limit: int) -> AsyncIterator[bytes]:
        """A file that came in, in chunks; `Refused(TOO_LARGE)` past `limit` bytes or Telegram's own 20 MB."""
        return download(self._client, ref, min(limit, CAPABILITIES.download_limit))

    async def _send(self, post: Post, shown: Rendered, common: dict[str, Any]) -> tuple[Said, ...]:
        if post.files:
            album = await send_album(self._client.bot, self._files, post.files, shown, common)
            return tuple(of_library(one) for one in album)
        if post.file is None:
            words = {"text": shown.text, "entities": shown.entities, "link_preview_options": _PLAIN_NO_PREVIEW}
            # Not by the library's own method, which takes longer over it than the whole request does.
            return (told(await self._client.call("sendMessage", _plain({**common, **words}))),)
        if shown.text:
            common |= {"caption": shown.text, "caption_entities": shown.entities}
        return (of_library(await send_file(self._client.bot, self._files, post.file, common)),)

    async def _rewrite(self, chat: int, message: int, shown: Rendered, captioned: bool) -> None:
        if captioned:
            await self._client.bot.edit_message_caption(
                chat_id=chat,
                message_id=message,
                caption=shown.text,
                caption_entities=shown.entities,
                reply_markup=shown.keyboard,
            )
        else:
            await self._client.bot.edit_message_text(
                chat_id=chat,
                message_id=message,
                text=shown.text,
                entities=shown.entities,
                link_preview_options=_NO_PREVIEW,
                reply_markup=shown.keyboard,
            )

    async def _landed(self, target: Target, messages: Sequence[Said]) -> Sent:
        """Where it really went. Sends to a deleted topic have landed in the main chat without an error."""
        message = messages[0]
        asked, got = topic_number(target.place), message.thread
        if asked is not None and got != asked:
            _log.warning("telegram_stray", asked=asked, got=got)
            try:
                with translated():
                    await self._client.bot.delete_messages(message.chat, [one.number for one in messages])
            except DeliveryError as error:
                _log.warning("telegram_stray_kept", error=error.detail)
            raise Refused(Reason.ROOM_GONE, "stray")
        topic = got if message.in_topic else None
        numbers = [str(one.number) for one in messages]
        return Sent(numbers[0], place(message.chat, asked or topic), tuple(numbers[1:]))


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as plain JSON, without those that are None."""
    given = {name: value for name, value in params.items() if value is not None}
    return {name: value.to_dict() if isinstance(value, TelegramObject) else value for name, value in given.items()}
