"""A platform behind the gateway port, as scripted as a test needs: it keeps what each place really shows.

It stands in for the platforms in tests of the delivery core alone; scenario tests use the real libraries and fakes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.addresses import Account, Place
from bot.domain.errors import DeliveryError, NotSent, Unknown
from bot.domain.outbound import Post
from bot.platforms.slack.capabilities import CAPABILITIES as SLACK
from bot.platforms.telegram.capabilities import CAPABILITIES as TELEGRAM
from bot.ports.gateway import Capabilities, Checkpoint, Mark, Room, Sent, Target

CAPABILITIES = {"slack": SLACK, "telegram": TELEGRAM}


class Killed(BaseException):
    """The process died here."""


@dataclass
class Shown:
    """One message as it stands in a place."""

    id: str
    place: Place
    text: str
    tag: str
    heading: str
    footer: str
    notice: str
    buttons: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    edited: int = 0
    deleted: bool = False
    files: tuple[str, ...] = ()
    silent: bool = False
    """It made no sound when it came."""


def _show_buttons(shown: Shown, post: Post) -> None:
    shown.buttons = tuple(button.token for row in post.buttons for button in row)
    shown.labels = tuple(button.label for row in post.buttons for button in row)


@dataclass
class ScriptedPlatform:
    """`fates` are used up one per sending call: an error to raise, with `after` for one that took effect first."""

    capabilities: Capabilities
    shown: list[Shown] = field(default_factory=list)
    rooms: dict[str, Account] = field(default_factory=dict)
    room_fates: deque[Exception | BaseException | str] = field(default_factory=deque)
    """The same for rooms that are opened, before `fates`."""
    fates: deque[Exception | BaseException | str] = field(default_factory=deque)
    marks: list[str] = field(default_factory=list)
    posts: int = 0
    members_error: DeliveryError | None = None
    topics: bool = True
    gone: set[str] = field(default_factory=set)
    """Chats that are no more, as far as a look at them tells."""

    def _before(self, fates: deque[Exception | BaseException | str] | None = None) -> str:
        """What befalls the next call: nothing, an error now, or 'after': an error once it took effect."""
        fates = self.fates if fates is None else fates
        if not fates:
            return ""
        fate = fates.popleft()
        if isinstance(fate, BaseException):
            raise fate
        return fate

    @staticmethod
    def _after(fate: str) -> None:
        if fate == "lost reply":
            raise Unknown("reset")
        if fate == "killed after":
            raise Killed

    async def post(
        self, target: Target, post: Post, tag: str, reply_to: str | None, checkpoint: Checkpoint, resume: str
    ) -> Sent:
        fate = self._before()
        self.posts += 1
        shown = Shown(
            str(self.posts),
            target.place,
            post.body.text,
            tag,
            post.heading,
            post.footer,
            post.notice,
            silent=post.silent,
        )
        _show_buttons(shown, post)
        self.shown.append(shown)
        shown.files = tuple(file.name for file in post.carried)
        if len(post.files) > 1 and not self.capabilities.can_find:  # one for each file, the words with the first
            shown.files, rest = shown.files[:1], shown.files[1:]
            for name in rest:
                self.posts += 1
                self.shown.append(Shown(str(self.posts), target.place, "", tag, "", "", "", files=(name,)))
        self._after(fate)
        return Sent(shown.id, target.place, tuple(one.id for one in self.shown[self.shown.index(shown) + 1 :]))

    async def edit(self, target: Target, native_id: str, post: Post) -> None:
        fate = self._before()
        for one in self.shown:
            if one.id == native_id and one.place.chat == target.place.chat:
                one.text, one.heading, one.edited = post.body.text, post.heading, one.edited + 1
                _show_buttons(one, post)
        self._after(fate)

    async def delete(self, target: Target, native_id: str, more: Sequence[str] = (), resume: str = "") -> None:
        fate = self._before()
        for one in self.shown:
            if one.id in (native_id, *more) and one.place.chat == target.place.chat:
                one.deleted = True
        self._after(fate)

    async def pin(self, target: Target, native_id: str) -> None:
        self._after(self._before())

    async def mark(self, target: Target, native_id: str, mark: Mark) -> None:
        self.marks.append(native_id)

    async def find(self, target: Target, tag: str, since: int, resume: str) -> Sent | None:
        self._after(self._before())
        for one in self.shown:
            if one.tag == tag and one.place == target.place:
                return Sent(one.id, one.place)
        return None

    async def open_room(self, owner: Account, name: str, title: str, checkpoint: Checkpoint, resume: str) -> Room:
        fate = self._before(self.room_fates) or self._before()
        chat = resume or (owner.user if self.capabilities.room_in_chat else f"C{len(self.rooms) + 1}")
        topic = str(len(self.rooms) + 1) if self.capabilities.room_in_chat else ""
        self.rooms[f"{chat}/{topic}"] = owner
        await checkpoint(chat if not self.capabilities.room_in_chat else "")
        self._after(fate)
        return Room(Place(owner.platform, owner.workspace, chat, topic))

    async def rename_room(self, target: Target, title: str, name: str = "") -> None:
        self._after(self._before())

    async def close_room(self, target: Target) -> None:
        self._after(self._before())

    async def check_members(self, target: Target) -> None:
        if self.members_error is not None:
            raise self.members_error

    async def check_room(self, target: Target) -> bool:
        await self.check_members(target)
        return target.place.chat not in self.gone

    async def direct(self, account: Account) -> Place:
        return Place(account.platform, account.workspace, f"D{account.user}" if account.workspace else account.user)

    async def fetch(self, place: Place, ref: str, limit: int) -> AsyncIterator[bytes]:
        self._after(self._before())
        yield b"%PDF-1.7 " + ref.encode()

    def texts(self, chat: str) -> list[str]:
        """What stands in one chat now, in order."""
        return [one.text for one in self.shown if one.place.chat == chat and not one.deleted]


def slack() -> ScriptedPlatform:
    """A platform that can look up a send in doubt."""
    return ScriptedPlatform(SLACK)


def telegram() -> ScriptedPlatform:
    """A platform that cannot."""
    return ScriptedPlatform(TELEGRAM)


def without_pacing(capabilities: Capabilities) -> Capabilities:
    """The same platform with no limits."""
    return replace(capabilities, per_chat_rate=0, per_bot_rate=0)


BUSY = NotSent("429", 3.0, paced=True)
