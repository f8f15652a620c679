"""A chat platform behind the port that takes everything and shows it to whoever looks on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from bot.domain.addresses import Account, Place
from bot.domain.outbound import Post
from bot.ports.gateway import Capabilities, Checkpoint, Mark, Room, Sent, Target


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as it came to stand before its reader; `again` for an edit of it."""

    owner: Account
    place: Place
    post: Post
    tag: str
    again: bool


class CalmGateway:
    """Nothing ever fails here: what is simulated is people, and time."""

    def __init__(self, capabilities: Capabilities, look: Callable[[Shown], None]) -> None:
        self.capabilities = capabilities
        self._look = look
        self._made = 0

    async def post(
        self, target: Target, post: Post, tag: str, reply_to: str | None, checkpoint: Checkpoint, resume: str
    ) -> Sent:
        """Show a message; with several files it stands as several."""
        native = self._next()
        self._look(Shown(target.owner, target.place, post, tag, again=False))
        more = () if self.capabilities.can_find else tuple(self._next() for _ in post.files[1:])
        return Sent(native, target.place, more)

    async def edit(self, target: Target, native_id: str, post: Post) -> None:
        """Show what it says now."""
        self._look(Shown(target.owner, target.place, post, "", again=True))

    async def delete(self, target: Target, native_id: str, more: Sequence[str] = (), resume: str = "") -> None:
        """Gone."""

    async def pin(self, target: Target, native_id: str) -> None:
        """Pinned."""

    async def mark(self, target: Target, native_id: str, mark: Mark) -> None:
        """Marked."""

    async def find(self, target: Target, tag: str, since: int, resume: str) -> Sent | None:
        """Nothing is ever in doubt."""
        return None

    async def open_room(self, owner: Account, name: str, title: str, checkpoint: Checkpoint, resume: str) -> Room:
        """A new channel, or a topic in the person's own chat."""
        number = self._next()
        chat, topic = (owner.user, number) if self.capabilities.room_in_chat else (f"C{number}", "")
        await checkpoint(f"id:{topic or chat}")
        return Room(Place(owner.platform, owner.workspace, chat, topic))

    async def rename_room(self, target: Target, title: str, name: str = "") -> None:
        """Renamed."""

    async def close_room(self, target: Target) -> None:
        """Archived."""

    async def check_members(self, target: Target) -> None:
        """Only the two."""

    async def check_room(self, target: Target) -> bool:
        """It is there."""
        return True

    async def direct(self, account: Account) -> Place:
        """The private chat."""
        return private_chat(account)

    async def fetch(self, place: Place, ref: str, limit: int) -> AsyncIterator[bytes]:
        """Files are stored without being fetched here; whoever asks all the same gets a small one."""
        yield b"solid " + ref.encode()

    def _next(self) -> str:
        self._made += 1
        return str(self._made)


def private_chat(account: Account) -> Place:
    """Where the bot writes to an account outside any case."""
    chat = f"D{account.user}" if account.workspace else account.user
    return Place(account.platform, account.workspace, chat)
