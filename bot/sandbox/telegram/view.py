"""What one person can see of their chat with a bot: topics, messages, buttons, and waiting for any of them."""

from typing import Final, NoReturn

from bot.sandbox.telegram.state import Account, Bot, Button, Chat, Message, Topic
from bot.sandbox.telegram.truth import Act, Seen
from bot.sandbox.telegram.world import World

MAIN: Final = Topic(0, "(main chat)", 0)
Where = Topic | str | None
PATIENCE: Final = 5.0


class Onlooker:
    """One person's view. A topic is named by part of its name; `MAIN` is the chat outside any topic."""

    def __init__(self, world: World, bot: Bot, chat: Chat) -> None:
        self._world = world
        self._bot = bot
        self._chat = chat

    @property
    def account(self) -> Account:
        """Who this is."""
        if self._chat.account is None:
            raise TypeError("a group is no person")
        return self._chat.account

    @property
    def id(self) -> int:
        """The person's numeric id, which is the chat's too."""
        return self.account.id

    @property
    def topics(self) -> list[Topic]:
        """Topics they have, oldest first."""
        return self._chat.live_topics

    @property
    def pinned(self) -> list[Message]:
        """Pinned messages, oldest pin first."""
        return [self._chat.messages[number] for number in self._chat.pinned]

    @property
    def keyboard(self) -> list[list[str]]:
        """The reply keyboard under the input line, row by row."""
        rows = (self._chat.keyboard or {}).get("keyboard", [])
        return [[button["text"] for button in row] for row in rows]

    @property
    def seen(self) -> list[Seen]:
        """Everything that ever happened before their eyes, in order."""
        return self._world.truth.of(self._chat.id, bot=self._bot.id)

    def find_topic(self, where: Topic | str) -> Topic | None:
        """The newest topic with this in its name, if there is one."""
        if isinstance(where, Topic):
            return where
        return next((one for one in reversed(self.topics) if where in one.name), None)

    def messages(self, topic: Where = None, *, own: bool = False) -> list[Message]:
        """Messages visible now, oldest first; the bot's only unless `own`; None looks everywhere."""
        found = None if topic is None else self.find_topic(topic)
        if topic is not None and found is None:
            return []
        place = None if found is None or found.id == MAIN.id else found.id
        return [
            one
            for one in self._chat.messages.values()
            if one.service is None and (own or one.by_bot) and (topic is None or one.topic == place)
        ]

    def newest(self, text: str, topic: Where = None, *, own: bool = True) -> Message | None:
        """The newest visible message holding this text."""
        return next((one for one in reversed(self.messages(topic, own=own)) if text in one.text), None)

    async def sees(
        self, text: str, topic: Where = None, timeout: float = PATIENCE, *, after: Message | None = None
    ) -> Message:
        """Wait until a message of the bot holds `text`; the newest one. Raises AssertionError in time.

        `after` asks for one posted later than that message.
        """

        def found() -> Message | None:
            one = self.newest(text, topic, own=False)
            return None if one is None or (after and one.message_id <= after.message_id) else one

        message = await self._world.truth.until(found, timeout)
        return message if message is not None else self._fail(f"does not see {text!r}", topic)

    async def sees_nothing_like(self, text: str, topic: Where = None) -> None:
        """Raise AssertionError if the bot ever showed `text`: in a message, an edit, a file name, a button, a toast."""
        place = None if topic is None else self.find_topic(topic)
        for one in self.seen:
            if not one.by_bot or one.kind is Act.TYPING or (place is not None and one.topic != (place.id or None)):
                continue
            labels = [button.label for row in one.buttons for button in row]
            names = [file.name for file in one.files]
            if any(text in words for words in (one.text, *labels, *names)):
                raise AssertionError(f"{self.account.first_name} saw {text!r} in {one.text!r} ({one.kind})")

    async def sees_no_more(self, text: str, topic: Where = None, timeout: float = PATIENCE) -> None:
        """Wait until no visible message of the bot holds `text`. Raises AssertionError in time."""

        def gone() -> bool | None:
            return True if self.newest(text, topic, own=False) is None else None

        if await self._world.truth.until(gone, timeout) is None:
            self._fail(f"still sees {text!r}", topic)

    async def sees_topic(self, name: str, timeout: float = PATIENCE) -> Topic:
        """Wait for a topic with this in its name. Raises AssertionError in time."""
        topic = await self._world.truth.until(lambda: self.find_topic(name), timeout)
        return topic if topic is not None else self._fail(f"has no topic {name!r}", None)

    async def sees_toast(self, text: str, timeout: float = PATIENCE) -> Seen:
        """Wait for a toast or alert holding `text`. Raises AssertionError in time."""
        kinds = (Act.TOAST, Act.ALERT)

        def found() -> Seen | None:
            shown = self._world.truth.of(self._chat.id, kinds=kinds, bot=self._bot.id)
            return next((one for one in reversed(shown) if text in one.text), None)

        seen = await self._world.truth.until(found, timeout)
        return seen if seen is not None else self._fail(f"gets no toast {text!r}", None)

    async def sees_reaction(self, message: Message, timeout: float = PATIENCE) -> str:
        """Wait until the bot has reacted to a message; the emoji. Raises AssertionError in time."""
        emoji = await self._world.truth.until(lambda: message.reactions.get(self._bot.id), timeout)
        return emoji if emoji is not None else self._fail(f"sees no reaction to {message.text!r}", None)

    def button(self, wanted: str, on: Message | None = None, topic: Where = None) -> tuple[Message, Button] | None:
        """The newest button with this label or data (else with it in its label), and its message."""
        shown = [on] if on is not None else list(reversed(self.messages(topic)))
        pairs = [(one, button) for one in shown for row in one.buttons for button in row]
        exact = [pair for pair in pairs if wanted in (pair[1].label, pair[1].data)]
        loose = [pair for pair in pairs if wanted in pair[1].label]
        return next(iter(exact or loose), None)

    def _fail(self, why: str, topic: Where) -> NoReturn:
        shown = [f"  #{one.message_id} [{self._place(one)}] {one.text!r}" for one in self.messages(topic)[-12:]]
        raise AssertionError("\n".join([f"{self.account.first_name} {why}; the last messages are:", *shown]))

    def _place(self, message: Message) -> str:
        topic = self._chat.topics.get(message.topic or 0)
        return topic.name if topic is not None else "main"
