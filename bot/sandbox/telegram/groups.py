"""Groups, only as far as a bot that wants none must cope: a message comes, an upgrade, the bot is put out."""

import itertools

from bot.sandbox.telegram.people import Person
from bot.sandbox.telegram.state import Bot, Chat, Message
from bot.sandbox.telegram.text import TEXT_LIMIT, prepared
from bot.sandbox.telegram.world import World


class Group:
    """A group (or supergroup) with the bot in it."""

    def __init__(self, world: World, bot: Bot, chat: Chat) -> None:
        self._world = world
        self._bot = bot
        self._chat = chat

    @property
    def id(self) -> int:
        """The chat id, negative."""
        return self._chat.id

    async def says(self, person: Person, text: str) -> Message:
        """A member writes; the bot gets it."""
        shown, found = prepared(text, [], TEXT_LIMIT, caption=False)
        number = self._world.next_message_id(self._bot, self._chat)
        date = int(self._world.now())
        message = Message(number, self._chat, person.account, date, text=shown, entities=found)
        return self._world.post(self._bot, message, update="message")

    async def upgrades(self, by: Person, new_id: int) -> "Group":
        """Become a supergroup with another id; both service messages reach the bot, sends to the old id fail."""
        new = Chat(new_id, "supergroup", self._bot.id, title=self._chat.title, started=True)
        new.members, new.ids = dict(self._chat.members), itertools.count(1)
        self._bot.chats[new_id] = new
        for chat, service in (
            (self._chat, {"migrate_to_chat_id": new_id}),
            (new, {"migrate_from_chat_id": self._chat.id}),
        ):
            number = self._world.next_message_id(self._bot, chat)
            date = int(self._world.now())
            message = Message(number, chat, by.account, date, service=service)
            self._world.post(self._bot, message, update="message")
        self._chat.migrated_to = new_id
        return Group(self._world, self._bot, new)

    async def kicks_bot(self, by: Person) -> None:
        """Put the bot out: it is told, and sends fail."""
        self._chat.kicked = True
        self._world.membership(self._bot, self._chat, by.account, "member", "kicked")
