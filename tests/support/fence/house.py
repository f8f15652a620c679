"""A chat platform that knows who reads what: rooms with members, one numbering per chat, topics that come and go.

Message numbers run per chat, so that the same number means another message in another chat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.domain.addresses import Account, Place
from bot.domain.errors import NotSent, Reason, Refused
from bot.domain.outbound import Button, Post
from bot.ports.gateway import Checkpoint, Room, Sent, Target
from tests.support.platforms import ScriptedPlatform

Chat = tuple[str, str]
"""Workspace and chat."""


@dataclass(frozen=True)
class Show:
    """Something that became readable in a place, and who could read it at that moment."""

    kind: str
    """post, edit, title (of a room) or toast"""
    place: Place
    readers: frozenset[str]
    heading: str = ""
    text: str = ""
    footer: str = ""
    notice: str = ""
    buttons: tuple[Button, ...] = ()
    native: str = ""
    tag: str = ""
    message: int | None = None
    part: int = 0
    reply_to: str | None = None

    @property
    def words(self) -> str:
        """Everything there is to read."""
        return "\n".join([self.heading, self.text, self.footer, self.notice, *(one.label for one in self.buttons)])


@dataclass
class Made:
    """A room as its platform knows it; `gone` once it is archived or deleted."""

    place: Place
    owner: Account
    name: str
    title: str
    gone: bool = False


@dataclass
class House(ScriptedPlatform):
    """One platform, all workspaces. `fates` befall calls as in `ScriptedPlatform`."""

    members: dict[Chat, set[str]] = field(default_factory=dict)
    made: list[Made] = field(default_factory=list)
    without_topics: set[str] = field(default_factory=set)
    shows: list[Show] = field(default_factory=list)
    standing: dict[tuple[str, str, str], Show] = field(default_factory=dict)
    numbers: dict[Chat, int] = field(default_factory=dict)
    down: bool = False

    def _before(self) -> str:
        if self.down:
            raise NotSent("down")
        return super()._before()

    def number(self, place: Place) -> str:
        """The next message number of a chat, for the bot's messages and the person's own alike."""
        key = (place.workspace, place.chat)
        self.numbers[key] = self.numbers.get(key, 100) + 1
        return str(self.numbers[key])

    def readers(self, place: Place) -> frozenset[str]:
        """Who can read what stands in a place, by user id."""
        known = self.members.get((place.workspace, place.chat))
        return frozenset(known) if known is not None else frozenset({place.chat.removeprefix("D")})

    def room_at(self, place: Place) -> Made | None:
        """The room that is exactly this place."""
        return next((room for room in reversed(self.made) if room.place == place), None)

    def lose(self, room: Made) -> None:
        """Its person deletes it, or an admin archives it."""
        room.gone = True

    def _open(self, place: Place) -> None:
        room = self.room_at(place)
        if room is not None and room.gone:
            raise Refused(Reason.ROOM_GONE)

    def _show(self, kind: str, target: Target, post: Post, native: str) -> Show:
        return Show(
            kind,
            target.place,
            self.readers(target.place),
            post.heading,
            post.body.text,
            post.footer,
            post.notice if self.capabilities.notice_is_separate else "",
            tuple(button for row in post.buttons for button in row),
            native,
            message=post.message,
            part=post.part,
        )

    async def post(
        self, target: Target, post: Post, tag: str, reply_to: str | None, checkpoint: Checkpoint, resume: str
    ) -> Sent:
        fate = self._before()
        self._open(target.place)
        show = replace(
            self._show("post", target, post, self.number(target.place)),
            tag=tag,
            reply_to=reply_to,
        )
        self.shows.append(show)
        self.standing[target.place.workspace, target.place.chat, show.native] = show
        self._after(fate)
        return Sent(show.native, target.place)

    async def edit(self, target: Target, native_id: str, post: Post) -> None:
        fate = self._before()
        self._open(target.place)
        key = (target.place.workspace, target.place.chat, native_id)
        former = self.standing.get(key)
        if former is None:
            raise Refused(Reason.TARGET_GONE)
        show = replace(self._show("edit", target, post, native_id), tag=former.tag, message=former.message)
        self.shows.append(replace(show, place=former.place))
        self.standing[key] = show
        self._after(fate)

    async def delete(self, target: Target, native_id: str, more: Sequence[str] = (), resume: str = "") -> None:
        fate = self._before()
        for one in (native_id, *more):
            self.standing.pop((target.place.workspace, target.place.chat, one), None)
        self._after(fate)

    async def find(self, target: Target, tag: str, since: int, resume: str) -> Sent | None:
        self._after(self._before())
        for show in self.shows:
            if show.kind == "post" and show.tag == tag and show.place == target.place:
                return Sent(show.native, show.place)
        return None

    async def open_room(self, owner: Account, name: str, title: str, checkpoint: Checkpoint, resume: str) -> Room:
        fate = self._before()
        in_chat = self.capabilities.room_in_chat
        if in_chat and owner.user in self.without_topics:
            raise Refused(Reason.NO_TOPICS)
        count = sum(room.place.workspace == owner.workspace for room in self.made) + 1
        known = resume.removeprefix("id:")
        chat, topic = (owner.user, known or str(count)) if in_chat else (known or f"C{count}", "")
        place = Place(owner.platform, owner.workspace, chat, topic)
        if not known:
            self.made.append(Made(place, owner, name, title))
        await checkpoint(f"id:{topic or chat}")
        if not in_chat:
            self.members.setdefault((owner.workspace, chat), set()).add(owner.user)
        if self.readers(place) != {owner.user}:
            raise Refused(Reason.WRONG_MEMBERS)
        self.shows.append(Show("title", place, self.readers(place), heading=title, text=name))
        self._after(fate)
        return Room(place)

    async def rename_room(self, target: Target, title: str, name: str = "") -> None:
        fate = self._before()
        self._open(target.place)
        self.shows.append(Show("title", target.place, self.readers(target.place), heading=title, text=name))
        self._after(fate)

    async def close_room(self, target: Target) -> None:
        fate = self._before()
        room = self.room_at(target.place)
        if room is not None and not self.capabilities.room_in_chat:  # a topic cannot be closed, only marked
            room.gone = True
        self._after(fate)

    async def pin(self, target: Target, native_id: str) -> None:
        fate = self._before()
        self._open(target.place)
        self._after(fate)

    async def check_members(self, target: Target) -> None:
        if self.readers(target.place) != {target.owner.user}:
            raise Refused(Reason.WRONG_MEMBERS)
