"""People at their chats: what they type and press goes through the router; they read what was queued for them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.domain.addresses import Account, Place
from bot.domain.codec import load
from bot.domain.events import ButtonPressed, CommandReceived, FormSubmitted, InboundFile, MessageReceived, Origin
from bot.domain.outbound import Button, Edit, Post, Reply
from bot.domain.richtext import plain
from bot.services.outbox import TYPES
from bot.services.unit import Unit
from handlers.router import handle
from tests.support.casework import Casework

T = TypeVar("T")
Row = dict[str, Any]
_NATIVE = itertools.count(5000)


@dataclass
class Message:
    """One message as it stands in a chat once everything queued has been sent."""

    post: Post
    seat: int | None
    edits: int = 0

    @property
    def text(self) -> str:
        """Heading, words and footer."""
        return "\n".join(filter(None, (self.post.heading, self.post.body.text, self.post.footer)))

    @property
    def labels(self) -> list[str]:
        """What its buttons say."""
        return [button.label for row in self.post.buttons for button in row]


@dataclass
class Chat:
    """One account of somebody, with everything the service has for it."""

    work: Casework
    account: Account
    room: Place | None = None
    _last: Reply | None = field(default=None, repr=False)

    @property
    def private(self) -> Place:
        """Their private chat with the bot."""
        chat = f"D{self.account.user}" if self.account.workspace else self.account.user
        return Place(self.account.platform, self.account.workspace, chat)

    def origin(self, *, live: bool = False, place: Place | None = None) -> Origin:
        """As the platform would report something they do now."""
        where = place or self.private
        return Origin(where, self.account, self.work.clock.now(), live=live, direct=where == self.private)

    async def types(
        self, text: str, *, reply_to: str | None = None, files: tuple[InboundFile, ...] = (), place: Place | None = None
    ) -> Reply | None:
        """A message."""
        self.work.clock.advance(1_000_000)
        event = MessageReceived(self.origin(place=place), str(next(_NATIVE)), plain(text), reply_to, files)
        return await self._handle(event)

    async def command(
        self, name: str, args: str = "", *, live: bool = False, place: Place | None = None
    ) -> Reply | None:
        """A typed command, by our name for it."""
        self.work.clock.advance(1_000_000)
        return await self._handle(CommandReceived(self.origin(live=live, place=place), name, args))

    async def press(self, token: str, *, live: bool = False) -> Reply | None:
        """A press of the button with this token."""
        self.work.clock.advance(1_000_000)
        return await self._handle(ButtonPressed(self.origin(live=live), token))

    async def presses(self, label: str, *, live: bool = False) -> Reply | None:
        """A press of the newest button that says this."""
        return await self.press((await self.button(label)).token, live=live)

    async def submits(self, token: str, values: dict[str, str | tuple[str, ...]], *, live: bool = True) -> Reply | None:
        """A native form sent."""
        self.work.clock.advance(1_000_000)
        return await self._handle(FormSubmitted(self.origin(live=live), token, values))

    async def button(self, label: str) -> Button:
        """The newest button that says this."""
        for message in reversed(await self.reads()):
            for row in message.post.buttons:
                for button in row:
                    if button.label == label:
                        return button
        raise AssertionError(f"no button says {label!r}: {[m.labels for m in await self.reads()]}")

    async def reads(self) -> list[Message]:
        """Every message for this account, in its private chat and its rooms, oldest first, edits applied."""
        return await self.work.units.look(lambda unit: _read(unit, self.account))

    async def last(self) -> Message:
        """The newest message for this account."""
        return (await self.reads())[-1]

    async def texts(self) -> str:
        """All they can read, in one string."""
        return "\n---\n".join(message.text for message in await self.reads())

    async def _handle(self, event: Any) -> Reply | None:
        self._last = await self.work.do(lambda unit: handle(unit, event))
        return self._last


def _read(unit: Unit, account: Account) -> list[Message]:
    rows = unit.tx.all(
        """SELECT d.*, l.seat_id FROM delivery d JOIN lane l ON l.id = d.lane_id
           WHERE l.platform = :p AND l.workspace = :w AND l.user_ref = :u AND d.state <> 'void' ORDER BY d.id""",
        {"p": account.platform, "w": account.workspace, "u": account.user},
    )
    standing: dict[int, Message] = {}
    cards: dict[tuple[int, str], Message] = {}
    for row in rows:
        body = unit.unseal(row["case_id"] or 0, "delivery", "payload_sealed", row["id"], row["payload_sealed"])
        payload = load(TYPES[row["kind"]], body)
        if isinstance(payload, Post):
            message = standing[row["id"]] = Message(payload, row["seat_id"])
            if payload.card:
                cards[row["lane_id"], payload.card] = message
        elif isinstance(payload, Edit):
            target = cards[row["lane_id"], payload.card] if payload.card else standing.get(payload.target or 0)
            if target is not None:
                target.post, target.edits = payload.post, target.edits + 1
    return list(standing.values())


@dataclass
class Front:
    """Everybody's chats."""

    work: Casework

    def telegram(self, user: str) -> Chat:
        """Somebody on Telegram."""
        return Chat(self.work, Account("telegram", "", user))

    def slack(self, user: str, team: str = "T0001") -> Chat:
        """Somebody on Slack."""
        return Chat(self.work, Account("slack", team, user))

    @property
    def patel(self) -> Chat:
        """The dentist."""
        return self.telegram("700001")

    @property
    def johal(self) -> Chat:
        """A specialist."""
        return self.slack("U0002")

    @property
    def sam(self) -> Chat:
        """The coordinator."""
        return self.slack("U0003")

    @property
    def shah(self) -> Chat:
        """Another specialist."""
        return self.slack("U0004")

    async def do(self, work: Callable[[Unit], T]) -> T:
        """One unit of work."""
        return await self.work.do(work)

    async def rows(self, sql: str) -> list[Row]:
        """Look straight into the database."""
        return await self.work.rows(sql)

    async def one(self, sql: str) -> Any:
        """The only value of the only row."""
        (row,) = await self.work.rows(sql)
        (value,) = row.values()
        return value

    async def audited(self, action: str) -> int:
        """How many audit entries name this action."""
        rows = await self.work.rows("SELECT action FROM audit_entry")
        return sum(row["action"] == action for row in rows)


INTAKE = {
    "pseudonym": "AB",
    "complaint": "I want the gaps closed before my wedding",
    "event_date": "14 June 2027",
    "event_what": "Wedding",
    "consent": "yes",
}
"""The four required answers, and what happens on the day."""
