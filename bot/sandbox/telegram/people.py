"""People who write to the bot: what they can do in Telegram, so that a scenario reads as a chat."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from bot.sandbox.telegram.state import ICON_COLOURS, Media, Message, Query, Raw, Topic
from bot.sandbox.telegram.text import CAPTION_LIMIT, TEXT_LIMIT, Entity, prepared, units
from bot.sandbox.telegram.truth import Act
from bot.sandbox.telegram.view import MAIN, PATIENCE, Onlooker, Where

__all__ = ["MAIN", "Item", "Person"]

Ref = Message | str
_ATTRIBUTES: dict[str, Raw] = {
    "video": {"width": 640, "height": 480},
    "animation": {"width": 320, "height": 240},
    "video_note": {"length": 240},
    "sticker": {"width": 512, "height": 512, "type": "regular", "is_animated": False, "is_video": False},
}
_TIMED = frozenset({"video", "animation", "video_note", "voice", "audio"})
# Telegram makes small copies of a photo; anyone who relays the wrong size is found out.
_THUMBNAIL = b"\xff\xd8\xff\xe0thumbnail"


@dataclass(frozen=True, slots=True)
class Item:
    """One file of an album."""

    content: bytes
    kind: str = "photo"
    name: str = ""
    caption: str = ""


class Person(Onlooker):
    """One person in their private chat with one bot. A message is named by itself or by text in it."""

    async def start(self, payload: str = "") -> Message:
        """Press Start, perhaps from a deep link (up to 64 of A-Za-z0-9_-); unblocks the bot."""
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,64}", payload):
            raise AssertionError("a deep link cannot carry this payload")
        if self._chat.blocked:
            await self.unblocks()
        self._chat.started = True
        self._chat.gone = False
        return await self.says(f"/start {payload}".strip())

    async def says(
        self,
        text: str,
        topic: Where = None,
        reply_to: Ref | None = None,
        entities: Iterable[Entity] | None = None,
        quote: str = "",
    ) -> Message:
        """Send a text; without a topic into the main chat, or where the replied message is. `quote`: a part of that."""
        shown, found = prepared(text, list(entities or ()), TEXT_LIMIT, caption=False)
        message = self._new(topic, reply_to, text=shown, entities=found)
        if quote and message.reply_to is not None:
            place = message.reply_to.text.index(quote)
            message.quote = {"text": quote, "position": units(message.reply_to.text[:place]), "is_manual": True}
        return self._send(message)

    async def forwards(self, origin: Raw, text: str, topic: Where = None) -> Message:
        """Pass on a text that somebody else wrote: `origin` is Telegram's MessageOrigin, its date aside."""
        return self._send(self._new(topic, None, text=text, forward={"date": int(self._world.now()), **origin}))

    async def edits(self, message: Ref, text: str, entities: Iterable[Entity] | None = None) -> Message:
        """Change an own message (its caption when it has a file)."""
        mine = self._mine(message)
        limit = CAPTION_LIMIT if mine.media else TEXT_LIMIT
        mine.text, mine.entities = prepared(text, list(entities or ()), limit, caption=mine.media is not None)
        self._world.edited(self._bot, mine, update=True)
        return mine

    async def exchanges_file(self, message: Ref, content: bytes, name: str = "") -> Message:
        """Put another file of the same kind into an own message; its words stay."""
        mine = self._mine(message)
        if mine.media is None:
            raise AssertionError("there is no file in it")
        mine.media = replace(mine.media, file=self._world.files.add(self._bot.id, mine.media.kind, content, name))
        self._world.edited(self._bot, mine, update=True)
        return mine

    async def presses(
        self, wanted: str, on: Ref | None = None, topic: Where = None, timeout: float = PATIENCE
    ) -> Query:
        """Press the newest visible button with this label or data, waiting for it to appear."""
        message = self._ref(on) if on is not None else None
        pair = await self._world.truth.until(lambda: self.button(wanted, message, topic), timeout)
        if pair is None:
            labels = [button.label for one in self.messages(topic) for row in one.buttons for button in row]
            raise AssertionError(f"{self.account.first_name} sees no button {wanted!r}; there are: {labels}")
        holder, button = pair
        if not button.data:
            raise AssertionError(f"the button {button.label!r} is a link to {button.url!r}")
        return self.sends_press(holder, button.data)

    def sends_press(self, message: Message, data: str) -> Query:
        """Press with any data at all, as a changed client could."""
        number = f"{self._bot.id}{next(self._world.ids):08d}"
        query = Query(number, self._chat, self.account, data, self._world.now())
        self._bot.queries[number] = query
        payload = {
            "id": number,
            "from": self.account.raw(),
            "message": message.raw() if not message.deleted else self._inaccessible(message),
            "chat_instance": str(self._chat.id * 31),
            "data": data,
        }
        self._world.push(self._bot, "callback_query", payload)
        return query

    async def picks(self, key: str) -> Message:
        """Press a key of the reply keyboard, which sends its text."""
        if not any(key in row for row in self.keyboard):
            raise AssertionError(f"{self.account.first_name} has no key {key!r}; there are: {self.keyboard}")
        if (self._chat.keyboard or {}).get("one_time_keyboard"):
            self._chat.keyboard = None
        return await self.says(key)

    async def sends_photo(
        self, content: bytes, caption: str = "", topic: Where = None, reply_to: Ref | None = None
    ) -> Message:
        """Send a picture as a photo."""
        return await self.sends_file("photo", content, caption=caption, topic=topic, reply_to=reply_to)

    async def sends_document(
        self,
        content: bytes,
        name: str,
        caption: str = "",
        topic: Where = None,
        reply_to: Ref | None = None,
        *,
        mime: str = "",
        size: int | None = None,
    ) -> Message:
        """Send a file as it is; `size` claims more bytes than there are (a large file)."""
        return await self.sends_file("document", content, name, caption, topic, reply_to, mime=mime, size=size)

    async def sends_voice(self, content: bytes, seconds: int = 3, topic: Where = None) -> Message:
        """Send a voice note."""
        return await self.sends_file("voice", content, topic=topic, seconds=seconds)

    async def sends_file(
        self,
        kind: str,
        content: bytes,
        name: str = "",
        caption: str = "",
        topic: Where = None,
        reply_to: Ref | None = None,
        *,
        mime: str = "",
        size: int | None = None,
        seconds: int = 3,
        album: str = "",
    ) -> Message:
        """Send a file of any kind (photo, document, video, audio, voice, animation, video_note, sticker)."""
        shown, found = prepared(caption, [], CAPTION_LIMIT, caption=True)
        file = self._world.files.add(self._bot.id, kind, content, name, mime, size)
        attributes = _ATTRIBUTES.get(kind, {}) | ({"duration": seconds} if kind in _TIMED else {})
        thumb = None
        if kind == "photo":
            thumb = self._world.files.add(self._bot.id, "photo", _THUMBNAIL)
        media = Media(kind, file, attributes, thumb)
        return self._send(self._new(topic, reply_to, text=shown, entities=found, media=media, album=album))

    async def sends_album(self, items: Iterable[bytes | Item], caption: str = "", topic: Where = None) -> list[Message]:
        """Send 2-10 files together: separate updates with one media_group_id and no end mark."""
        album = self.album()
        sent = []
        for place, given in enumerate(items):
            item = given if isinstance(given, Item) else Item(given)
            words = item.caption or (caption if place == 0 else "")
            sent.append(await self.sends_file(item.kind, item.content, item.name, words, topic, album=album))
        return sent

    def album(self) -> str:
        """A fresh media_group_id, for files that go together."""
        return str(10**16 + next(self._world.ids))

    async def sends_other(self, content: Raw, topic: Where = None) -> Message:
        """Send what has no method here, as raw fields: `{"location": {…}}`, `{"contact": {…}}`."""
        return self._send(self._new(topic, None, service=content))

    async def reacts(self, message: Ref, emoji: str) -> None:
        """React to a message ("" takes it back); the bot hears of it only if it asked for message_reaction."""
        held = self._ref(message)
        old = held.reactions.pop(self.id, "")
        if emoji:
            held.reactions[self.id] = emoji
        self._world.truth.note(self._world.now(), Act.REACTION, self._chat, held, emoji, by=self.account)
        change = {
            "chat": self._chat.raw(),
            "message_id": held.message_id,
            "user": self.account.raw(),
            "date": int(self._world.now()),
            "old_reaction": [{"type": "emoji", "emoji": old}] if old else [],
            "new_reaction": [{"type": "emoji", "emoji": emoji}] if emoji else [],
        }
        self._world.push(self._bot, "message_reaction", change)

    async def blocks(self) -> None:
        """Block the bot: it is told, and every send to this chat fails."""
        self._chat.blocked = True
        self._world.membership(self._bot, self._chat, self.account, "member", "kicked")

    async def unblocks(self) -> None:
        """Let the bot write again."""
        self._chat.blocked = False
        self._world.membership(self._bot, self._chat, self.account, "kicked", "member")

    async def deletes_message(self, message: Ref) -> None:
        """Delete a message for both sides; no update tells the bot."""
        self._world.remove(self._ref(message))

    async def opens_topic(self, name: str) -> Topic:
        """Make a topic; the bot gets the service message."""
        return self._world.open_topic(self._bot, self._chat, name, self.account, ICON_COLOURS[1])

    async def renames_topic(self, topic: Topic | str, name: str) -> None:
        """Rename a topic; the bot gets the service message."""
        self._world.rename_topic(self._bot, self._chat, self._topic(topic), name, self.account)

    async def deletes_topic(self, topic: Topic | str) -> None:
        """Delete a topic with everything in it; no update tells the bot."""
        self._world.delete_topic(self._chat, self._topic(topic), self.account)

    async def turns_topics(self, on: bool) -> None:
        """Switch topics in this chat on or off."""
        self._chat.topics_on = on

    async def deletes_chat(self) -> None:
        """The chat no longer exists for the bot, until Start."""
        self._chat.gone = True

    async def deactivates(self) -> None:
        """Give up the account."""
        self.account.deactivated = True

    def _new(self, topic: Where, reply_to: Ref | None, **content: Any) -> Message:
        if not self._chat.started:
            raise AssertionError(f"{self.account.first_name} has not pressed Start")
        replied = self._ref(reply_to) if reply_to is not None else None
        place = self._topic(topic).id or None if topic is not None else replied.topic if replied else None
        number = self._world.next_message_id(self._bot, self._chat)
        date = int(self._world.now())
        return Message(number, self._chat, self.account, date, place, reply_to=replied, **content)

    def _send(self, message: Message) -> Message:
        if self._chat.blocked:
            raise AssertionError(f"{self.account.first_name} has blocked the bot")
        return self._world.post(self._bot, message, update="message")

    def _topic(self, where: Topic | str) -> Topic:
        topic = self.find_topic(where)
        if topic is None:
            raise AssertionError(f"{self.account.first_name} has no topic {where!r}; there are: {self.topics}")
        return topic

    def _ref(self, message: Ref) -> Message:
        if isinstance(message, Message):
            return message
        found = self.newest(message)
        if found is None:
            raise AssertionError(f"{self.account.first_name} sees no message {message!r}")
        return found

    def _mine(self, message: Ref) -> Message:
        held = self._ref(message)
        if held.sender is not self.account:
            raise AssertionError("only own messages can be edited")
        return held

    def _inaccessible(self, message: Message) -> Raw:
        return {"chat": self._chat.raw(), "message_id": message.message_id, "date": 0}
