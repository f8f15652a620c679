"""One approval with something else happening at one of its awaits: every await is a point, and points are counted.

What stops drafts goes on to the dentist's next words and to everything that might bring a draft back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from bot.domain import redflags
from bot.ports.clock import ManualClock
from bot.ports.drafter import Suggestion, Verdict
from bot.services import draft_renewal
from bot.services.unit import Unit, Units
from tests.support.casework import Casework
from tests.support.draft_desk import ENTRIES, SEAT, Always, DraftDesk
from tests.support.interleaved_events import BY_MEANING, OTHERS, OWN, REMARK
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


class Judging(Always):
    """A drafter that has an answer to every question, and knows what a person must answer."""

    def suggest(self, text: str) -> Suggestion:
        """The drafter port."""
        if redflags.found(text) or BY_MEANING in text:
            return Suggestion(Verdict.ESCALATE)
        return super().suggest(text) if "?" in text else Suggestion(Verdict.NOT_QUESTION)


class Play:
    """A question, a card, a press, an answer, in a case of its own."""

    def __init__(self, desk: Casework, number: int) -> None:
        self.desk = desk
        self.number = number
        self.shown_at_press: list[str] = []
        """What the card showed whenever somebody pressed to approve."""
        self.room: DraftDesk
        self._stopped_at: int | None = None
        self._from_look = False

    async def opens(self) -> None:
        """The case and its rooms."""
        case = await self.desk.open_case(self.number)
        await self.desk.settle()
        self.room = DraftDesk(self.desk, Judging(*ENTRIES[:2]), case)

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
        await self._tries_again()
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
        await self._tries_again()

    async def stops(self, *, from_look: bool = False) -> None:
        """From now on no draft may stand; `from_look`: from when its words are looked at."""
        self._stopped_at, self._from_look = self.desk.clock.now(), from_look
        query = f"SELECT id FROM draft WHERE case_id = {self.room.case} AND state = 'open'"
        assert await self.desk.rows(query) == []

    async def _tries_again(self) -> None:
        """Everything that might bring a draft back under a stop: more words, a search, a reply, an outage."""
        if self._stopped_at is None:
            return
        assert isinstance(self.desk.clock, ManualClock)
        await self.room.asks(REMARK)
        await self.approves()
        if await self.desk.rows(f"SELECT id FROM message WHERE case_id = {self.room.case} AND state = 'withdrawn'"):
            return  # other questions may be answered
        await self.room.asks(SEAT)
        await self.approves()
        await self.room.commands("faq", "wear")
        await self.room.looks_up()
        await self.approves()
        if self.room.cards:
            await self.room.replies("As I said.")
        await self.desk.do(lambda unit: draft_renewal.offer_again(unit, "slack"))
        await self.room.looks()
        await self.approves()

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
        await self._stopped(drafts)

    async def _stopped(self, drafts: list[Row]) -> None:
        """While a stop stands no draft is open, none is to be pressed, and none was approved since."""
        if self._stopped_at is None:
            return
        since = self._stopped_at
        if self._from_look:
            rows = await self.desk.rows(f"SELECT raised_at FROM urgent WHERE case_id = {self.room.case}")
            since = min(int(row["raised_at"]) for row in rows)
        assert [row["id"] for row in drafts if row["state"] == "open"] == []
        assert [row["id"] for row in drafts if row["state"] == "approved" and row["settled_at"] > since] == []
        assert [card.labels for card in self.room.cards if {"Approve and send", "Send this"} & set(card.labels)] == []


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
