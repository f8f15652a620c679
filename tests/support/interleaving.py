"""One approval with something else happening at one of its awaits: every await is a point, and points are counted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from bot.domain.events import CommandReceived, FormSubmitted, MessageEdited
from bot.domain.outbound import OpenForm
from bot.domain.richtext import plain
from bot.ports.clock import ManualClock
from bot.services.unit import Unit, Units
from tests.support.casework import SHAH, Casework
from tests.support.draft_desk import ENTRIES, SEAT, Always, DraftDesk
from tests.support.platforms import Killed

T = TypeVar("T")
Row = dict[str, Any]


class Points:
    """Counts awaits; at number `at` something else happens, once."""

    def __init__(self, at: int, other: Callable[[], Awaitable[None]]) -> None:
        self.passed = 0
        self._at = at
        self._other = other
        self._inside = False

    async def reached(self) -> None:
        """An await of the play."""
        if self._inside:
            return
        self.passed += 1
        if self.passed == self._at:
            self._inside = True
            try:
                await self._other()
            finally:
                self._inside = False


class PointedUnits:
    """Units whose every transaction lies between two points."""

    def __init__(self, units: Units, points: Points) -> None:
        self._units = units
        self._points = points

    def __getattr__(self, name: str) -> Any:
        return getattr(self._units, name)

    async def do(self, work: Callable[[Unit], T]) -> T:
        """A writing unit."""
        await self._points.reached()
        made = await self._units.do(work)
        await self._points.reached()
        return made

    async def look(self, query: Callable[[Unit], T]) -> T:
        """A reading unit."""
        await self._points.reached()
        return await self._units.look(query)


class Play:
    """A question, a card, a press, an answer, in a case of its own."""

    def __init__(self, desk: Casework, number: int) -> None:
        self.desk = desk
        self.number = number
        self.shown_at_press: list[str] = []
        """What the card showed whenever somebody pressed to approve."""
        self.room: DraftDesk

    async def opens(self) -> None:
        """The case and its rooms."""
        case = await self.desk.open_case(self.number)
        await self.desk.settle()
        self.room = DraftDesk(self.desk, Always(*ENTRIES[:2]), case)

    async def runs(self, at: int, name: str) -> int:
        """All of it, with `name` happening at the await numbered `at`; how many awaits there were."""
        points = Points(at, lambda: OTHERS[name](self))
        real = self.desk.units
        assert isinstance(self.desk.clock, ManualClock)
        self.desk.units = PointedUnits(real, points)  # type: ignore[assignment]
        platforms = dict(self.desk.platforms)
        for key, platform in platforms.items():
            self.desk.platforms[key] = Pointed(platform, points)  # type: ignore[assignment]
        try:
            await self._goes()
        except Killed:
            pass  # the process died there: what follows is the next one's work
        finally:
            self.desk.units = real
            self.desk.platforms.update(platforms)
        self.desk.clock.advance(180_000_000)  # past every lease
        await self._goes(asks=not await self._asked())
        return points.passed

    async def together(self, name: str) -> None:
        """All of it, with the first approval and `name` at the same moment: the database decides which comes first."""
        await self.desk.says(self.room.case, "dentist", SEAT)
        await self.room.looks()
        await asyncio.gather(self.approves(settle=False), OTHERS[name](self))
        await self.desk.settle()
        await self.room.looks()
        await self.approves()
        await self.room.looks()

    async def _goes(self, *, asks: bool = True) -> None:
        if asks:
            await self.desk.says(self.room.case, "dentist", SEAT)
        await self.room.looks()
        await self.approves()
        await self.room.looks()

    async def _asked(self) -> bool:
        return bool(await self.desk.rows(f"SELECT id FROM message WHERE case_id = {self.room.case}"))

    async def approves(self, *, settle: bool = True) -> None:
        """Press what can be pressed to approve, whoever's seat it is by now."""
        if any("Approve and send" in card.labels or "Send this" in card.labels for card in self.room.cards):
            card = next(one for one in reversed(self.room.cards) if {"Approve and send", "Send this"} & set(one.labels))
            self.shown_at_press.append(card.text)
            seat = await self.desk.seat(self.room.case, "specialist")
            label = "Approve and send" if "Approve and send" in card.labels else "Send this"
            await self.room.presses(label, seat["person_id"], settle=settle)

    async def holds(self) -> None:
        """What was sent is what was shown when somebody pressed, once, to the dentist of the case."""
        case = self.room.case
        drafts = await self.desk.rows(f"SELECT * FROM draft WHERE case_id = {case}")
        said = await self.desk.rows(f"SELECT id FROM message WHERE case_id = {case} AND kind = 'draft'")
        approved = [row for row in drafts if row["state"] == "approved"]
        assert sorted(row["sent_message_id"] for row in approved) == sorted(row["id"] for row in said)
        assert len(said) <= len(self.shown_at_press)
        shown = [one for one in self.desk.platforms["telegram"].shown if self.room.ref in one.notice]
        sent = [one for one in shown if "· specialist · #" in one.heading and one.text != OWN]
        for one in sent:
            assert any(one.text in card for card in self.shown_at_press), (one.text, self.shown_at_press)
        once = [one.heading for one in sent if "repeat" not in one.footer]
        assert len(once) == len(set(once))
        assert len({one.heading for one in sent}) <= len(said)
        assert sum(row["state"] == "open" for row in drafts) <= 1


OWN = "I will call you."


class Pointed:
    """A platform whose every send lies between two points."""

    def __init__(self, platform: Any, points: Points) -> None:
        self._platform = platform
        self._points = points

    def __getattr__(self, name: str) -> Any:
        return getattr(self._platform, name)

    async def post(self, *args: Any) -> Any:
        """The gateway port."""
        await self._points.reached()
        made = await self._platform.post(*args)
        await self._points.reached()
        return made

    async def edit(self, *args: Any) -> None:
        """The gateway port."""
        await self._points.reached()
        await self._platform.edit(*args)
        await self._points.reached()


async def _edit_question(play: Play) -> None:
    rows = await play.desk.rows(
        f"""SELECT p.native_id FROM message_part p JOIN message m ON m.id = p.message_id
            WHERE m.case_id = {play.room.case} AND m.side = 'dentist' AND p.role = 'source' LIMIT 1"""
    )
    if rows:
        event = MessageEdited(await play.room.origin("dentist"), rows[0]["native_id"], plain("Which wear, please?"))
        await play.room.happens(event, settle=False)


async def _new_message(play: Play) -> None:
    await play.desk.says(play.room.case, "dentist", "She is here now, by the way.")


async def _own_message(play: Play) -> None:
    await play.desk.says(play.room.case, "specialist", OWN)


async def _reassign(play: Play) -> None:
    await play.desk.reassign(play.room.case, SHAH)


async def _edit(play: Play) -> None:
    if any("Edit" in card.labels for card in play.room.cards):
        seat = await play.desk.seat(play.room.case, "specialist")
        opened = await play.room.presses("Edit", seat["person_id"], settle=False)
        if isinstance(opened, OpenForm):
            origin = await play.room.origin(person=seat["person_id"])
            await play.room.happens(FormSubmitted(origin, opened.token, {"words": "Wear it tonight."}), settle=False)


async def _dismiss(play: Play) -> None:
    if any("Dismiss" in card.labels for card in play.room.cards):
        seat = await play.desk.seat(play.room.case, "specialist")
        await play.room.presses("Dismiss", seat["person_id"], settle=False)


async def _approve(play: Play) -> None:
    card = next((one for one in reversed(play.room.cards) if "Approve and send" in one.labels), None)
    if card is not None:
        play.shown_at_press.append(card.text)
        seat = await play.desk.seat(play.room.case, "specialist")
        await play.room.presses("Approve and send", seat["person_id"], settle=False)


async def _type(play: Play) -> None:
    card = next((one for one in reversed(play.room.cards) if "Approve and send" in one.labels), None)
    newest = await play.desk.rows(f"SELECT no FROM draft WHERE case_id = {play.room.case} ORDER BY no DESC LIMIT 1")
    if card is not None and newest:
        play.shown_at_press.append(card.text)
        seat = await play.desk.seat(play.room.case, "specialist")
        origin = await play.room.origin(person=seat["person_id"])
        await play.room.happens(CommandReceived(origin, "approve", str(newest[0]["no"])), settle=False)


async def _crash(play: Play) -> None:
    raise Killed


OTHERS: dict[str, Callable[[Play], Awaitable[None]]] = {
    "edit the question": _edit_question,
    "new message": _new_message,
    "own message": _own_message,
    "reassign": _reassign,
    "edit": _edit,
    "dismiss": _dismiss,
    "approve": _approve,
    "approve by typing": _type,
    "crash": _crash,
}
