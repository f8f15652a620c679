"""The state of one fake Telegram and the few operations that change it; each change is noted in the truth list."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.telegram.errors import bad, forbidden
from bot.sandbox.telegram.files import FileStore
from bot.sandbox.telegram.limits import Meter
from bot.sandbox.telegram.state import ICON_COLOURS, Account, Bot, Chat, Message, Raw, Topic
from bot.sandbox.telegram.truth import Act, Truth
from bot.sandbox.telegram.updates import UpdateQueue


@dataclass(slots=True)
class Switches:
    """Ways the platform itself has misbehaved; all off."""

    # A send to a deleted topic lands in the main chat without an error (tdlib/telegram-bot-api#854).
    deleted_topic_lands_in_main: bool = False
    # Every send to a private topic fails with "message thread not found" (#847).
    threads_broken: bool = False
    # createForumTopic fails with BOT_FORUM_CREATE_FORBIDDEN (#847).
    topic_creation_forbidden: bool = False


@dataclass(slots=True, eq=False)
class World:
    """Everything one server knows. `now` in seconds."""

    now: Callable[[], float]
    meter: Meter
    truth: Truth = field(default_factory=Truth)
    files: FileStore = field(default_factory=FileStore)
    switches: Switches = field(default_factory=Switches)
    accounts: dict[int, Account] = field(default_factory=dict)
    bots: dict[str, Bot] = field(default_factory=dict)
    ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def add_bot(self, token: str, username: str, first_name: str) -> Bot:
        """A bot for `token` (`ID:SECRET`)."""
        bot_id = int(re.fullmatch(r"(\d+):[\w-]+", token)[1])  # type: ignore[index]
        account = Account(bot_id, first_name, username, is_bot=True)
        bot = Bot(account, token, UpdateQueue(self.now, first_id=100_000_001))
        bot.ids = itertools.count(11)
        self.bots[token] = bot
        return bot

    def private(self, bot: Bot, account: Account) -> Chat:
        """The chat of a person with a bot, made (not started) when missing."""
        chat = bot.chats.get(account.id)
        if chat is None:
            chat = bot.chats[account.id] = Chat(account.id, "private", bot.id, account)
        return chat

    def chat(self, bot: Bot, chat_id: int | str, *, write: bool = True) -> Chat:
        """The chat a bot addresses. Raises 400 or 403 when it may not (`write`) or cannot."""
        if isinstance(chat_id, str):
            raise bad("chat not found")  # @names address channels and public groups, which are not served
        account = self.accounts.get(chat_id)
        chat = bot.chats.get(chat_id)
        if account is not None and chat_id > 0:
            chat = self.private(bot, account)
        if chat is None or chat.gone:
            raise bad("chat not found")
        if chat.migrated_to is not None:
            error = bad("group chat was upgraded to a supergroup chat")
            error.parameters = {"migrate_to_chat_id": chat.migrated_to}
            raise error
        if not write:
            return chat
        if chat.kicked:
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        if chat.account is not None:
            if chat.account.deactivated:
                raise forbidden("user is deactivated")
            if chat.blocked:
                raise forbidden("bot was blocked by the user")
            if not chat.started:
                raise forbidden("bot can't initiate conversation with a user")
        return chat

    def has_topics(self, bot: Bot, chat: Chat) -> bool:
        """Whether topics work in this chat."""
        return chat.type == "private" and chat.topics_on and bot.has_topics_enabled

    def topic(self, bot: Bot, chat: Chat, thread: int | None) -> int | None:
        """Where a send with this message_thread_id lands. Raises 400 when there is no such topic."""
        if thread is None:
            return None
        if not self.has_topics(bot, chat):
            raise bad("the chat is not a forum") if chat.type == "private" else bad("message thread not found")
        found = chat.topics.get(thread)
        if self.switches.threads_broken:
            raise bad("message thread not found")
        if found is None or found.deleted:
            if found is not None and self.switches.deleted_topic_lands_in_main:
                return None
            raise bad("message thread not found")
        return thread

    def message(self, chat: Chat, message_id: int, missing: str) -> Message:
        """A message that still exists; raises 400 with `missing` otherwise."""
        found = chat.messages.get(message_id)
        if found is None:
            raise bad(missing)
        return found

    def next_message_id(self, bot: Bot, chat: Chat) -> int:
        """Message ids count per bot, in a supergroup per chat."""
        return next(chat.ids if chat.ids is not None else bot.ids)

    def post(self, bot: Bot, message: Message, *, update: str | None = None) -> Message:
        """Put a new message in its chat, where people see it; `update` also tells the bot."""
        chat = message.chat
        chat.messages[message.message_id] = message
        if not message.by_bot or message.service is None:
            self.truth.note(self.now(), Act.MESSAGE if message.service is None else Act.SERVICE, chat, message)
        if message.by_bot and message.markup is not None and "inline_keyboard" not in message.markup:
            chat.keyboard = message.markup if "keyboard" in message.markup else None
        if update is not None:
            self.push(bot, update, message.raw())
        return message

    def edited(self, bot: Bot, message: Message, *, update: bool = False) -> None:
        """A message changed."""
        message.edit_date = int(self.now())
        self.truth.note(self.now(), Act.EDIT, message.chat, message)
        if update:
            self.push(bot, "edited_message", message.raw())

    def remove(self, message: Message) -> None:
        """A message is gone for both sides."""
        message.deleted = True
        message.chat.messages.pop(message.message_id, None)
        if message.message_id in message.chat.pinned:
            message.chat.pinned.remove(message.message_id)
        self.truth.note(self.now(), Act.DELETED, message.chat, message)

    def open_topic(
        self, bot: Bot, chat: Chat, name: str, by: Account, colour: int | None = None, emoji: str = ""
    ) -> Topic:
        """A new topic with its service message; the bot is told when a person opened it."""
        topic = Topic(self.next_message_id(bot, chat), name, colour or ICON_COLOURS[0], emoji)
        chat.topics[topic.id] = topic
        created: Raw = {"name": name, "icon_color": topic.colour}
        service = {"forum_topic_created": created | ({"icon_custom_emoji_id": emoji} if emoji else {})}
        message = Message(topic.id, chat, by, int(self.now()), topic.id, service=service)
        self.truth.note_topic(self.now(), Act.TOPIC_OPENED, chat, topic.id, name, by)
        self.post(bot, message, update=None if by.is_bot else "message")
        return topic

    def rename_topic(self, bot: Bot, chat: Chat, topic: Topic, name: str, by: Account) -> None:
        """A topic's new name, with its service message."""
        topic.name = name
        self.truth.note_topic(self.now(), Act.TOPIC_RENAMED, chat, topic.id, name, by)
        number = self.next_message_id(bot, chat)
        service = {"forum_topic_edited": {"name": name}}
        message = Message(number, chat, by, int(self.now()), topic.id, service=service)
        self.post(bot, message, update=None if by.is_bot else "message")

    def delete_topic(self, chat: Chat, topic: Topic, by: Account) -> None:
        """A topic and everything in it is gone; no bot is told."""
        topic.deleted = True
        for message in [one for one in chat.messages.values() if one.topic == topic.id]:
            message.deleted = True
            del chat.messages[message.message_id]
            if message.message_id in chat.pinned:
                chat.pinned.remove(message.message_id)
        self.truth.note_topic(self.now(), Act.TOPIC_DELETED, chat, topic.id, topic.name, by)

    def push(self, bot: Bot, kind: str, payload: dict[str, Any]) -> int | None:
        """Give the bot an update."""
        return bot.queue.push(kind, payload)

    def membership(self, bot: Bot, chat: Chat, by: Account, old: str, new: str) -> None:
        """A my_chat_member update: the bot's own status changed."""

        def member(status: str) -> Raw:
            raw: Raw = {"status": status, "user": bot.account.raw()}
            return raw | ({"until_date": 0} if status == "kicked" else {})

        change = {
            "chat": chat.raw(),
            "from": by.raw(),
            "date": int(self.now()),
            "old_chat_member": member(old),
            "new_chat_member": member(new),
        }
        self.push(bot, "my_chat_member", change)
