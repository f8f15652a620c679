"""What dentists and specialists do of themselves, at the rates of `prompts/simulation.toml`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain.ids import CaseId, PersonId
from bot.domain.problems import Problem
from bot.sandbox.months import patients
from bot.sandbox.months.stage import Stage
from bot.sandbox.months.voice import Voice, today
from bot.services import closing, openings, plans, refinements, reflow, timelines, urgency
from bot.services.unit import Unit
from prompts.simulation import Rates
from storage import accounts, cases, messages, owed, seats

Row = dict[str, Any]
QUESTION = "Would you keep to the plan at this visit"
NOT_SEATING = "The new aligner does not seat since this morning"
RED_FLAG = "Her cheek is swollen"
ANSWER = "Please keep to the plan and look again at the next visit."


class Deeds(Voice):
    """Everything that is done without being asked, and the answers to what was said."""

    def __init__(self, stage: Stage, rates: Rates) -> None:
        super().__init__(stage)
        self.rates = rates

    async def open(self, dentist: Row) -> None:
        """A dentist opens a case; all that follows in it is planned."""
        answers = patients.intake(self.dice, self.rates.plan, today(self.stage.now))
        facts = self._facts()

        def open_case(unit: Unit) -> CaseId:
            account = accounts.reach(unit.tx, dentist["id"])
            assert account is not None
            return openings.open_case(unit, {**dentist, **account, "person_id": dentist["id"]}, answers)

        self.acts(dentist)
        case_id = await self.stage.do(open_case)
        late = self.dice.random() < self.rates.dentist.late_records
        low, high = (14, 18) if late else self.rates.dentist.records_days
        self.stage.at(self.stage.days_on(dentist, low, high), lambda: self.send_records(case_id, facts))
        self._ask_later(case_id, dentist)
        self._slip_later(case_id, dentist)

    async def answer_message(self, person: Row, message_id: int) -> None:
        """Answer what a message asked, if it is still owed."""
        message = await self.stage.do(lambda unit: messages.get(unit.tx, message_id))
        if message is not None:
            await self.answer(person, CaseId(message["case_id"]))

    async def answer(self, person: Row, case_id: CaseId) -> None:
        """Answer, if an answer is owed."""
        waits = await self.stage.do(lambda unit: owed.get(unit.tx, case_id, "reply"))
        if waits is not None:
            await self.say(person, case_id, ANSWER)

    async def thank(self, person: Row, message_id: int) -> None:
        """Thanks, and nothing else."""
        message = await self.stage.do(lambda unit: messages.get(unit.tx, message_id))
        if message is not None:
            await self.say(person, CaseId(message["case_id"]), "Thanks")

    async def heed(self, person: Row, ref: str) -> None:
        """Do what a reminder about a case was for."""
        case = await self.stage.do(lambda unit: cases.by_ref(unit.tx, ref))
        if case is None or case["specialist_id"] != person["id"]:
            return
        await self.answer(person, CaseId(case["id"]))
        if await self.stage.do(lambda unit: owed.get(unit.tx, case["id"], "plan")) is not None:
            await self.make_plan(CaseId(case["id"]), self._facts(), sure=True)

    async def send_records(self, case_id: CaseId, facts: dict[str, Any]) -> None:
        """The scans go into the case's room, once it is there."""
        case = await self.stage.do(lambda unit: cases.get(unit.tx, case_id))
        assert case is not None
        dentist, specialist = self.person(case["dentist_id"]), self.person(case["specialist_id"])
        if case["state"] != "open" or dentist is None or specialist is None:
            if case["state"] in ("unassigned", "offered") and dentist is not None:
                self.stage.at(self.stage.days_on(dentist, 1, 2), lambda: self.send_records(case_id, facts))
            return
        await self.say(dentist, case_id, "The scans", scans=True)
        low, high = self.rates.specialist.plan_days
        if self.dice.random() >= self.rates.specialist.forgets_plan:
            self.stage.at(self.stage.days_on(specialist, low, high), lambda: self.make_plan(case_id, facts))

    async def make_plan(self, case_id: CaseId, facts: dict[str, Any], *, sure: bool = False) -> None:
        """The next version of the plan; `sure` though there is one."""

        def make(unit: Unit) -> bool:
            seat = seats.of_case(unit.tx, case_id, "specialist")
            if seat is None or seat["case_state"] != "open" or (plans.current(unit, case_id) is not None and not sure):
                return False
            return not isinstance(plans.submit(unit, case_id, seat, facts), Problem)

        case = await self.stage.do(lambda unit: cases.get(unit.tx, case_id))
        specialist = None if case is None else self.person(case["specialist_id"])
        if specialist is None:
            return
        self.acts(specialist)
        if await self.stage.do(make):
            await self._end_later(case_id)

    async def _end_later(self, case_id: CaseId) -> None:
        course = await self.stage.do(lambda unit: timelines.current(unit, case_id))
        case = await self.stage.do(lambda unit: cases.get(unit.tx, case_id))
        dentist = None if case is None else self.person(case["dentist_id"])
        if course is not None and dentist is not None:
            days = course.predicted_finish.toordinal() - today(self.stage.now).toordinal()
            self.stage.at(self.stage.days_on(dentist, max(days, 1), max(days, 1)), lambda: self._end(case_id, dentist))

    async def _end(self, case_id: CaseId, dentist: Row) -> None:
        """At the end of a set: mostly a refinement, once; else the treatment is finished."""
        refine = self.dice.random() < self.rates.plan.refined

        def end(unit: Unit) -> None:
            seat = seats.of_case(unit.tx, case_id, "dentist")
            course = timelines.current(unit, case_id)
            if seat is None or course is None or course.predicted_finish > today(unit.now):
                return  # it is over, or has been moved
            if refine and len(course.spans) == 1:
                refinements.ask(unit, seat, "goals", today(unit.now) + timedelta(days=7))
            else:
                closing.finish(unit, case_id, PersonId(dentist["id"]))

        self.acts(dentist)
        await self.stage.do(end)
        await self._end_later(case_id)

    def _ask_later(self, case_id: CaseId, dentist: Row) -> None:
        rate = self.rates.dentist.questions_a_week
        if rate > 0:
            days = max(1, round(self.dice.expovariate(rate) * 7))
            self.stage.at(self.stage.days_on(dentist, days, days), lambda: self._ask(case_id, dentist))

    async def _ask(self, case_id: CaseId, dentist: Row) -> None:
        case = await self.stage.do(lambda unit: cases.get(unit.tx, case_id))
        if case is None or case["state"] in ("closed", "retention"):
            return
        chance = self.dice.random()
        urgent = chance < self.rates.dentist.red_flags
        seats_badly = chance < self.rates.dentist.red_flags + self.rates.dentist.not_seating
        words = RED_FLAG if urgent else NOT_SEATING if seats_badly else f"{QUESTION} ({next(self._native)})?"
        said = await self.say(dentist, case_id, words)
        if said and urgent:  # what the drafts' loop does of a red flag

            def page(unit: Unit) -> None:
                message = messages.newest(unit.tx, case_id, "dentist")
                if message is not None:
                    urgency.mark(unit, message, red_flag=True)

            await self.stage.do(page)
        self._ask_later(case_id, dentist)

    def _slip_later(self, case_id: CaseId, dentist: Row) -> None:
        rate = self.rates.dentist.slips_a_week
        if rate > 0:
            days = max(21, round(self.dice.expovariate(rate) * 7))
            self.stage.at(self.stage.days_on(dentist, days, days), lambda: self._slip(case_id, dentist))

    async def _slip(self, case_id: CaseId, dentist: Row) -> None:
        by = PersonId(dentist["id"])
        self.acts(dentist)
        await self.stage.do(lambda unit: reflow.slip(unit, case_id, by, self.rates.dentist.slip_days))
        await self._end_later(case_id)
        self._slip_later(case_id, dentist)

    def _facts(self) -> dict[str, Any]:
        return patients.plan(self.dice, self.rates.plan)
