"""A simulation's days: what people make of what they are shown, the coordinator's mornings, and a count at noon."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from bot.domain.ids import CaseId, PersonId
from bot.domain.problems import Problem
from bot.domain.rules import DAY, MINUTE
from bot.sandbox.months.deeds import Deeds
from bot.sandbox.months.gateways import Shown
from bot.sandbox.months.stage import Stage
from bot.sandbox.months.voice import today
from bot.services import people, plans, standstill, stuck, unsticking
from bot.services.buttons import look
from bot.services.unit import Unit
from prompts.simulation import Rates
from storage import cases, incidents, urgent
from storage import stuck as standing

Row = dict[str, Any]
WEEK = 7 * DAY
QUIET = 31 * DAY
STEPS = 15
"""Things a coordinator sees to in a morning."""
_REF = re.compile(r"\bC-[0-9A-Z]{4,6}\b")


class Play(Deeds):
    """Cases are opened by `begin`; all else follows from what people are shown, and from time."""

    def __init__(self, stage: Stage, rates: Rates) -> None:
        super().__init__(stage, rates)
        stage.seen = self.seen
        self._good = rates.dentist.good_answer

    def begin(self, wanted: int, weeks: int) -> None:
        """Plan the opening of every case, everybody's leave, the coordinator's mornings and the count of each day."""
        dentists = [one for one in self.stage.people.values() if one["role"] == "dentist"]
        specialists = [one for one in self.stage.people.values() if one["role"] == "specialist"]
        opening = min(self.rates.size.opened_within_weeks, max(weeks - 1, 1)) * 7
        for number in range(wanted):
            dentist = dentists[number % len(dentists)]
            self.stage.at(self.stage.days_on(dentist, 0, opening), partial(self.open, dentist))
        for one in specialists if self.rates.specialist.leave_days else ():
            away = self.stage.now + self.dice.randint(2, max(2, weeks - 2)) * WEEK
            self.stage.at(away, partial(self._leave, one))
        for day in range(weeks * 7):
            self.stage.at(self.stage.now + day * DAY + 3 * 60 * MINUTE, self._noon)
            self.stage.at(self.stage.now + day * DAY + 60 * MINUTE, self._morning)

    def seen(self, shown: Shown, person: Row) -> None:
        """A message has come to stand before somebody: it is counted, and they may do something about it."""
        tokens = [button.token for row in shown.post.buttons for button in row]
        self.stage.at(self.stage.now, lambda: self._read(shown, person, tokens, self.stage.now))

    async def _read(self, shown: Shown, person: Row, tokens: list[str], at: int) -> None:
        actions = []
        if tokens:
            actions = await self.stage.do(lambda unit: [self._action(unit, one, person) for one in tokens])
        first, data = next((one for one in actions if one is not None), ("", {}))
        pages = first == "urgent.seen" and await self.stage.do(lambda unit: self._pages(unit, data["urgent"]))
        acted = self.stage.acted.get(person["id"], 0)
        self.stage.figures.note(shown, person, self.stage.diary(person), at, acted, first, pages=pages)
        ready = [(token, *found) for token, found in zip(tokens, actions, strict=True) if found is not None]
        if ready:
            self._consider(person, ready)
        if shown.post.message is not None:
            self._hear(person, shown.post.message)
        elif person["role"] == "specialist" and not shown.post.silent and not shown.again:
            for ref in _REF.findall(shown.post.body.text)[:4]:
                if self.dice.random() < self.rates.specialist.heeds_reminder:
                    self.stage.at(self.stage.in_hours(person, 10, 120), partial(self.heed, person, ref))

    @staticmethod
    def _pages(unit: Unit, urgent_id: int) -> bool:
        """Whether it is urgent at once; else it is to be answered today."""
        row = urgent.get(unit.tx, urgent_id)
        return row is not None and row["level"] == "page"

    @staticmethod
    def _action(unit: Unit, token: str, person: Row) -> tuple[str, dict[str, Any]] | None:
        pressed = look(unit, token, PersonId(person["id"]))
        return None if isinstance(pressed, Problem) else (pressed.action, dict(pressed.data))

    def _consider(self, person: Row, ready: list[tuple[str, str, dict[str, Any]]]) -> None:
        """Press the first button, of an answer perhaps another one, or leave it."""
        token, action, _ = ready[0]
        others = [one for one, its, _ in ready[1:] if its == action]
        if action == "check_in.put_off" or (action == "check_in.answer" and self.dice.random() >= self._good):
            token = self.dice.choice(others or [token])
        chance, low, high = {
            "offer.accept": (self.rates.specialist.accepts, 2, 20),
            "plan.approve": (self.rates.dentist.approves_plan, 60, 900),
            "forewarning.release": (self.rates.specialist.releases_warning, 5, 60),
            "forewarning.acknowledge": (self.rates.dentist.tells_patient, 5, 240),
            "urgent.seen": (self.rates.specialist.sees_urgent, 1, 8),
            "turn.take": (self.rates.specialist.takes_cover, 5, 60),
            "turn.ask": (self.rates.dentist.asks_cover, 5, 60),
            "check_in.answer": (self.rates.dentist.answers_check_in, 2, 240),
            "check_in.put_off": (1.0, 1, 5),
        }.get(action, (0.0, 0, 0))
        if self.dice.random() >= chance:
            return
        press = self.press
        if action.startswith("check_in."):
            press = self._tap
        elif action == "plan.approve":
            press = partial(self._approve, tries=3)
        self.stage.at(self.stage.in_hours(person, low, high), lambda: press(person, token))

    async def _tap(self, person: Row, token: str) -> None:
        """Press, if the button still stands there: a sheet changes in place."""
        if await self.stage.do(lambda unit: self._action(unit, token, person)) is not None:
            await self.press(person, token)

    async def _approve(self, person: Row, token: str, tries: int) -> None:
        """Approve a plan; where a red forewarning has to be read first, try again on another day."""
        await self.press(person, token)
        found = await self.stage.do(lambda unit: self._proposed(unit, token, person))
        if found and tries > 1:
            self.stage.at(self.stage.days_on(person, 1, 2), lambda: self._approve(person, token, tries - 1))

    def _proposed(self, unit: Unit, token: str, person: Row) -> bool:
        pressed = look(unit, token, PersonId(person["id"]))
        facts = None if isinstance(pressed, Problem) else plans.current(unit, pressed.case_id or CaseId(0))
        return facts is not None and facts.state == "proposed"

    def _hear(self, person: Row, message_id: int) -> None:
        if person["role"] == "specialist":
            if self.dice.random() >= self.rates.specialist.ignores:
                low, high = self.rates.specialist.answer_minutes
                self.stage.at(self.stage.in_hours(person, low, high), lambda: self.answer_message(person, message_id))
        elif self.dice.random() < self.rates.dentist.thanks:
            self.stage.at(self.stage.in_hours(person, 5, 120), lambda: self.thank(person, message_id))

    async def _leave(self, person: Row) -> None:
        length = self.rates.specialist.leave_days * DAY
        starts = self.stage.now + 14 * DAY
        cover = await self.stage.do(lambda unit: people.find(unit, f"specialist{self._next_number(person)}"))
        assert isinstance(cover, dict)
        await self.stage.do(
            lambda unit: people.set_away(
                unit, PersonId(person["id"]), starts, starts + length, cover["handle"], "months"
            )
        )
        await self.stage.know_people()

    def _next_number(self, person: Row) -> int:
        count = sum(one["role"] == "specialist" for one in self.stage.people.values())
        number = int(str(person["handle"]).removeprefix("specialist"))
        return int((number + 1) % count)

    async def _morning(self) -> None:
        """The coordinator takes one step for each thing on their list."""
        sam = next(one for one in self.stage.people.values() if one["role"] == "coordinator")
        if self.stage.diary(sam).at_work(self.stage.now):
            listed = await self.stage.do(stuck.listing)
            for one in [one for one in listed if unsticking.step_for(one.what) == "remind"][:STEPS]:
                self.acts(sam)
                await self.stage.do(partial(unsticking.remind, what=one.what, subject=one.subject))

    async def _noon(self) -> None:
        """Count who has how many cases; on Fridays, look for one that everybody forgot."""
        now, day = self.stage.now, today(self.stage.now)
        rows = await self.stage.do(lambda unit: cases.in_state(unit.tx, "open"))
        for person in self.stage.people.values():
            load = sum(person["id"] in (row["dentist_id"], row["specialist_id"]) for row in rows)
            opens = self.stage.diary(person).next_open(now)
            if load and opens is not None and today(opens) == day:
                self.stage.figures.loads[person["id"], day] = load
        if day.weekday() == 4:
            self.stage.figures.forgotten.update(await self.stage.do(forgotten))


def forgotten(unit: Unit) -> list[str]:
    """Open cases in which nobody has said anything for long, and which no coordinator has heard of or is shown."""
    known = {subject for _, subject, _ in standstill.found(unit)}
    known |= {str(row["subject"]) for row in incidents.still_open(unit.tx)}
    return [row["ref"] for row in standing.silent(unit.tx, unit.now - QUIET) if row["ref"] not in known]
