"""A chat platform whose answers are given by hand: a request stands still until somebody says what becomes of it.

What a platform does and what it says are two things: a request may take effect and its answer be lost, and one that
was given up may take effect a little later.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.addresses import Account, Place
from bot.domain.errors import NotSent, Reason, Refused, Unknown
from bot.domain.outbound import Post
from bot.ports.gateway import Capabilities, Checkpoint, Mark, Room, Sent, Target
from prompts.wording import say

TOMBSTONE = re.compile(
    re.escape(say("relay.withdrawn.tombstone", no=0, name="NAME")).replace("0", r"\d+").replace("NAME", ".*")
)
REQUEST = 15_000_000
"""How long a request may be under way before it has either taken effect or never will (µs)."""

LOOK_UP = frozenset({Reason.ROOM_GONE, Reason.BOT_REMOVED, Reason.ACCESS_REVOKED, Reason.MISSING_SCOPE})
"""What a platform may refuse a look-up for."""


@dataclass(eq=False)
class Call:
    """One request to a platform. `effect` is pending, done or never."""

    gate: Gate
    kind: str
    target: Target
    reply: asyncio.Future[Any]
    tag: str = ""
    native: str = ""
    post: Post | None = None
    resume: str = ""
    began: int = 0
    effect: str = "pending"
    result: Any = None

    def take_effect(self) -> None:
        """The platform does what was asked, once."""
        if self.effect == "pending":
            self.effect = "done"
            self.result = self.gate.do(self)

    def come_to_nothing(self) -> None:
        """The platform never hears of it."""
        if self.effect == "pending":
            self.effect = "never"

    @property
    def writes(self) -> bool:
        """Whether it changes what people see."""
        return self.kind in ("post", "edit", "delete", "pin")


@dataclass
class Shown:
    """A message as it stands in a place."""

    native: str
    place: Place
    tag: str
    post: Post
    at: int
    """Its turn among everything shown anywhere."""
    gone: bool = False

    @property
    def says_it(self) -> bool:
        """Its words stand there: it was not deleted, and no tombstone took their place."""
        return not self.gone and TOMBSTONE.match(self.post.body.text) is None


@dataclass
class Gate:
    """One platform, all workspaces. `asked` learns of every request, `seen` of every message that appears."""

    capabilities: Capabilities
    asked: Callable[[Call], None]
    seen: Callable[[Shown], None]
    shown: list[Shown] = field(default_factory=list)
    rooms: int = 10
    strangers: set[str] = field(default_factory=set)
    """Chats in which there is somebody else."""
    blocked: set[str] = field(default_factory=set)
    """People who do not let the bot write."""

    # ---------------------------------------------------------------------------------------------- what it does

    def do(self, call: Call) -> Any:
        """Carry a request out, and what its answer would be."""
        target, place = call.target, call.target.place
        if target.owner.user in self.blocked and call.kind != "find":
            return Refused(Reason.BLOCKED)
        if call.kind == "post":
            assert call.post is not None
            one = Shown(str(len(self.shown) + 100), place, call.tag, call.post, len(self.shown))
            self.shown.append(one)
            self.seen(one)
            return Sent(one.native, place)
        if call.kind == "find":
            found = (one for one in self.shown if one.tag == call.tag and one.place == place)
            return next((Sent(one.native, place) for one in found), None)
        if call.kind == "open_room":
            self.rooms += 1
            own = target.owner
            in_chat = self.capabilities.room_in_chat
            chat, topic = (own.user, str(self.rooms)) if in_chat else (f"C{self.rooms}", "")
            return Room(Place(own.platform, own.workspace, chat, topic))
        one = next((it for it in self.shown if it.native == call.native and it.place.chat == place.chat), None)
        if call.kind == "delete" and one is not None:
            one.gone = True
        elif call.kind in ("edit", "pin") and (one is None or one.gone):
            return Refused(Reason.TARGET_GONE)
        elif call.kind == "edit" and one is not None and call.post is not None:
            one.post = replace(one.post, body=call.post.body)
        return None

    async def _ask(self, kind: str, target: Target, **more: Any) -> Any:
        call = Call(self, kind, target, asyncio.get_running_loop().create_future(), **more)
        self.asked(call)
        return await call.reply

    # ------------------------------------------------------------------------------------------------- the gateway

    async def post(
        self, target: Target, post: Post, tag: str, reply_to: str | None, checkpoint: Checkpoint, resume: str
    ) -> Sent:
        sent: Sent = await self._ask("post", target, tag=tag, post=post)
        return sent

    async def edit(self, target: Target, native_id: str, post: Post) -> None:
        await self._ask("edit", target, native=native_id, post=post)

    async def delete(self, target: Target, native_id: str, more: Sequence[str] = (), resume: str = "") -> None:
        await self._ask("delete", target, native=native_id)

    async def pin(self, target: Target, native_id: str) -> None:
        await self._ask("pin", target, native=native_id)

    async def find(self, target: Target, tag: str, since: int, resume: str) -> Sent | None:
        found: Sent | None = await self._ask("find", target, tag=tag)
        return found

    async def open_room(self, owner: Account, name: str, title: str, checkpoint: Checkpoint, resume: str) -> Room:
        room: Room = await self._ask("open_room", Target(Place(owner.platform, owner.workspace, ""), owner))
        return room

    async def rename_room(self, target: Target, title: str, name: str = "") -> None:
        await self._ask("rename_room", target)

    async def close_room(self, target: Target) -> None:
        await self._ask("close_room", target)

    async def check_members(self, target: Target) -> None:
        if target.place.chat in self.strangers:
            raise Refused(Reason.WRONG_MEMBERS)

    async def check_room(self, target: Target) -> bool:
        await self.check_members(target)
        return True

    async def mark(self, target: Target, native_id: str, mark: Mark) -> None:
        return None

    async def direct(self, account: Account) -> Place:
        return Place(account.platform, account.workspace, f"D{account.user}" if account.workspace else account.user)

    async def fetch(self, place: Place, ref: str, limit: int) -> AsyncIterator[bytes]:
        yield b""


# ------------------------------------------------------------------------------------------------- what may befall


def answered(call: Call) -> None:
    """Done, and said so; a platform that has to refuse says that."""
    call.take_effect()
    if call.effect == "never":
        say(call, Unknown("timeout"))
    elif isinstance(call.result, Refused):
        say(call, call.result)
    elif not call.reply.done():
        call.reply.set_result(call.result)


def lost(call: Call) -> None:
    """Done, and nobody hears of it."""
    call.take_effect()
    say(call, Unknown("reset"))


def dropped(call: Call) -> None:
    """Not done, and nobody hears of it."""
    call.come_to_nothing()
    say(call, Unknown("timeout"))


def given_up(call: Call) -> None:
    """Nobody hears of it, and a post may still appear on a platform that can be asked; a little later."""
    if not (call.kind == "post" and call.gate.capabilities.can_find):
        call.take_effect()
    say(call, Unknown("timeout"))


def refused_with(error: Exception) -> Callable[[Call], None]:
    """Certain that nothing happened; where something did, the answer is lost instead."""

    def fate(call: Call) -> None:
        if call.effect == "done":
            lost(call)
        elif call.kind == "find" and not _of_a_look_up(error):
            say(call, NotSent("down"))
        else:
            call.come_to_nothing()
            say(call, error)

    return fate


def _of_a_look_up(error: Exception) -> bool:
    return isinstance(error, NotSent) or (isinstance(error, Refused) and error.reason in LOOK_UP)


def say(call: Call, error: Exception) -> None:
    """Give an answer that is an error, unless nobody listens any more."""
    if not call.reply.done():
        call.reply.set_exception(error)


def busy(seconds: float) -> NotSent:
    """A 429."""
    return NotSent("429", seconds, paced=True)
