"""One request on its way through the fake: who asks, what, with which files."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.telegram.state import Bot, Chat
from bot.sandbox.telegram.world import World


@dataclass(frozen=True, slots=True)
class Upload:
    """One multipart file part."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """A request with checked and decoded arguments."""

    world: World
    bot: Bot
    method: str
    args: dict[str, Any]
    uploads: Mapping[str, Upload]

    @property
    def now(self) -> int:
        """Whole seconds, as message dates are."""
        return int(self.world.now())

    def chat(self, name: str = "chat_id") -> Chat:
        """The chat addressed; raises 400 or 403 when the bot may not write there."""
        return self.world.chat(self.bot, self.args[name])


Result = Any
Handler = Callable[[Call], Result | Awaitable[Result]]
