"""Plan versions: made by either side, approved by the other, each figure with its unit; and the dates they make."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.domain.deadline import Colour
from bot.domain.form_checks import check_all
from bot.domain.forms import Context
from bot.domain.ids import CaseId
from bot.domain.plans import PLAN, PlanFacts
from bot.domain.problems import Problem
from bot.domain.rules import HOUR
from bot.domain.timeline import MilestoneKind, Timeline
from bot.services import plan_form, plans, reflow, timelines
from bot.services.unit import Unit
from storage import cases
from tests.support.casework import JOHAL, PATEL, Casework

TODAY = date(2026, 5, 28)  # when casework begins
DAY = timedelta(days=1)
GIVEN = {
    "aligners": "10/8",
    "days_per_aligner": "7",
    "fit_date": "in 2 weeks",
    "attachments": "1, 5",
    "review_weeks": "4",
    "movements": "rotation 13 12°",
    "ipr": "aligner 4: 13-12 0.2 mm per contact",
    "document": "https://plans.example/1",
}


def answers(**more: str) -> dict[str, Any]:
    sheet = check_all(PLAN, {**GIVEN, **more}, Context(TODAY))
    assert not sheet.problems
    return sheet.answers


async def submit(desk: Casework, case: CaseId, side: str = "dentist", **more: str) -> int | Problem:
    seat = await desk.seat(case, side)
    made = await desk.do(lambda unit: plans.submit(unit, case, seat, answers(**more)))
    await desk.settle()
    return made


async def facts(desk: Casework, case: CaseId) -> PlanFacts:
    found = await desk.units.look(lambda unit: plans.current(unit, case))
    assert found is not None
    return found


async def dates(desk: Casework, case: CaseId) -> Timeline:
    found = await desk.units.look(lambda unit: timelines.current(unit, case))
    assert found is not None
    return found


async def a_case(desk: Casework, event_on: date | None = None) -> CaseId:
    case = await desk.open_case()
    on = None if event_on is None else event_on.isoformat()
    await desk.do(lambda unit: cases.set_event(unit.tx, case, on))
    await desk.settle()
    return case


def shown(desk: Casework, platform: str) -> str:
    return "\n".join(one.text for one in desk.platforms[platform].shown)


async def test_a_version_has_facts_and_dates(desk: Casework) -> None:
    case = await a_case(desk, TODAY + 91 * DAY)
    assert await submit(desk, case) == 1
    plan = await facts(desk, case)
    assert (plan.version, plan.upper, plan.lower, plan.days, plan.state) == (1, 10, 8, 7, "proposed")
    assert plan.ipr[0].per_contact == 0.2
    made = await dates(desk, case)
    assert made.version == 1
    assert made.predicted_finish == TODAY + 84 * DAY
    assert made.colour is Colour.RED
    (row,) = await desk.rows("SELECT * FROM case_course")
    assert (row["colour"], row["finish_on"]) == ("red", (TODAY + 84 * DAY).isoformat())
    for platform in ("slack", "telegram"):
        assert "very unlikely to be met (red)" in shown(desk, platform)
        assert "10 aligners × 7 days: predicted finish 20 August 2026" in shown(desk, platform)
    assert "at most 9 aligners of 7 days" in shown(desk, "slack")  # what would make it is the specialist's to word
    assert "at most 9 aligners" not in shown(desk, "telegram")


async def test_what_is_kept_of_a_plan_is_sealed(desk: Casework) -> None:
    case = await a_case(desk)
    await submit(desk, case)
    (row,) = await desk.rows("SELECT facts_sealed FROM plan_version")
    assert b"aligners" not in bytes(row["facts_sealed"])


async def test_the_other_side_approves_that_version_and_no_older_one(desk: Casework) -> None:
    case = await a_case(desk)
    await submit(desk, case)
    dentist, specialist = await desk.seat(case, "dentist"), await desk.seat(case, "specialist")
    own = await desk.do(lambda unit: plans.approve(unit, case, 1, dentist))
    assert own == Problem.of("plan.problem.own")
    assert await desk.do(lambda unit: plans.approve(unit, case, 1, specialist)) is None
    assert (await facts(desk, case)).state == "approved"
    again = await desk.do(lambda unit: plans.approve(unit, case, 1, specialist))
    assert again == Problem.of("button.used")

    assert await submit(desk, case, aligners="12") == 2
    assert (await facts(desk, case)).state == "proposed"  # a new version asks again
    older = await desk.do(lambda unit: plans.approve(unit, case, 1, specialist))
    assert older == Problem.of("plan.problem.older", version=1, newest=2)
    (first, second) = await desk.rows("SELECT state FROM plan_version ORDER BY version")
    assert (first["state"], second["state"]) == ("approved", "proposed")


async def test_a_change_is_asked_for_and_a_question_decides_nothing(desk: Casework) -> None:
    case = await a_case(desk)
    await submit(desk, case)
    specialist = await desk.seat(case, "specialist")
    assert await desk.do(lambda unit: plans.ask_question(unit, case, 1, specialist)) is None
    assert (await facts(desk, case)).state == "proposed"
    assert await desk.do(lambda unit: plans.ask_change(unit, case, 1, specialist)) is None
    assert (await facts(desk, case)).state == "change_asked"
    assert await desk.do(lambda unit: plans.approve(unit, case, 1, specialist)) is None  # talked over, it may stand
    await desk.settle()
    assert "asks for a change to version 1" in shown(desk, "telegram")


async def test_a_change_of_unit_is_refused(desk: Casework) -> None:
    case = await a_case(desk)
    await submit(desk, case)
    refused = await submit(desk, case, ipr="aligner 4: 13-12 0.1 mm per surface")
    assert refused == Problem.of("plan.problem.unit", version=1, was="contact", now="surface")
    assert (await facts(desk, case)).version == 1


async def test_a_document_is_a_link_or_a_message_with_a_file(desk: Casework) -> None:
    case = await a_case(desk)
    await desk.says(case, "dentist", "no file in this")
    objection = plan_form.SCRIPT.objection
    found = await desk.do(lambda unit: objection(unit, str(case), answers(document="#1")))
    assert found == Problem.of("plan.problem.document", no=1)


async def test_a_repeated_aligner_shows_old_and_new_to_both(desk: Casework) -> None:
    case = await a_case(desk, TODAY + 100 * DAY)
    await submit(desk, case)
    desk.clock.advance(56 * 86_400_000_000)
    await desk.do(lambda unit: reflow.repeat_aligner(unit, case, PATEL, 7))
    await desk.settle()
    for platform in ("slack", "telegram"):
        assert "Dr Patel: aligner 7 is worn 7 days longer." in shown(desk, platform)
        assert "was 20 August 2026, now 27 August 2026 (7 days later)" in shown(desk, platform)
        assert "was at risk (amber), now very unlikely to be met (red)" in shown(desk, platform)
    assert (await dates(desk, case)).colour is Colour.RED


async def test_slips_fits_events_and_refinements(desk: Casework) -> None:
    case = await a_case(desk, TODAY + 300 * DAY)
    await submit(desk, case)
    late = await desk.do(lambda unit: reflow.slip(unit, case, JOHAL, 7))
    assert isinstance(late, Timeline)
    assert late.of(MilestoneKind.FIT)[0].on == TODAY + 21 * DAY  # before the fit, the fit slips
    fitted = await desk.do(lambda unit: reflow.fit_on(unit, case, PATEL, TODAY + 14 * DAY))
    assert isinstance(fitted, Timeline)
    assert fitted.predicted_finish == TODAY + 84 * DAY
    desk.clock.advance(60 * 86_400_000_000)
    refined = await desk.do(lambda unit: reflow.add_refinement(unit, case, JOHAL, TODAY + 63 * DAY))
    assert isinstance(refined, Timeline)
    assert [span.estimated for span in refined.spans] == [False, True]
    assert refined.of(MilestoneKind.REFINEMENT_SET)[0].on == TODAY + 77 * DAY
    await submit(desk, case, "specialist", aligners="4", ipr="")  # the plan of the refinement
    planned = await dates(desk, case)
    assert [(span.upper, span.estimated) for span in planned.spans] == [(10, False), (4, False)]
    moved = await desk.do(lambda unit: reflow.move_event(unit, case, PATEL, TODAY + 91 * DAY))
    assert isinstance(moved, Timeline)
    assert moved.colour is Colour.RED
    await desk.settle()
    assert "wanted date was 24 March 2027 and is now 27 August 2026" in shown(desk, "slack")
    gone = await desk.do(lambda unit: reflow.move_event(unit, case, PATEL, None))
    assert isinstance(gone, Timeline)
    assert gone.colour is None


async def test_what_cannot_be_moved_is_said(desk: Casework) -> None:
    case = await a_case(desk)
    no_plan = await desk.do(lambda unit: reflow.slip(unit, case, PATEL, 7))
    assert no_plan == Problem.of("timeline.problem.no_plan")
    await submit(desk, case)
    for days, aligner, problem in ((7, 11, "aligner"), (400, 3, "days")):
        wrong = await desk.do(lambda unit, d=days, a=aligner: reflow.slip(unit, case, PATEL, d, a))  # type: ignore[misc]
        assert isinstance(wrong, Problem)
        assert wrong.key == f"timeline.problem.{problem}"


async def test_bank_holidays_are_those_of_the_practice(desk: Casework) -> None:
    async def fit(region: str) -> date:
        def move(unit: Unit) -> None:
            unit.tx.execute("UPDATE practice SET region = :region", {"region": region})
            reflow.fit_on(unit, case, PATEL, date(2026, 8, 3))

        await desk.do(move)
        return (await dates(desk, case)).of(MilestoneKind.FIT)[0].on

    case = await a_case(desk)
    await submit(desk, case)
    assert await fit("SCT") == date(2026, 8, 4)  # the summer bank holiday is earlier in Scotland
    assert await fit("ENG") == date(2026, 8, 3)


async def test_the_first_plan_of_a_day_is_heard_and_the_next_waits_in_the_digest(desk: Casework) -> None:
    first, second = await desk.open_case(), await desk.open_case(2)
    await desk.settle()
    desk.clock.advance(14 * HOUR)  # the next morning
    for case in (first, second):
        assert await submit(desk, case, "specialist") == 1
    titles = [one for one in desk.platforms["telegram"].shown if one.text.startswith("Plan, version 1")]
    assert [one.silent for one in titles] == [False, True]
    waiting = "SELECT case_id, line FROM reminder WHERE person_id = 1 AND state = 'waiting'"
    assert [(row["case_id"], row["line"]) for row in await desk.rows(waiting)] == [(second, "plan.line")]
    dentist = await desk.seat(second, "dentist")
    assert await desk.do(lambda unit: plans.approve(unit, second, 1, dentist)) is None
    assert await desk.rows(waiting) == []  # seen to
    await desk.settle()
    said = [one for one in desk.platforms["slack"].shown if "has approved version 1" in one.text]
    assert [one.silent for one in said] == [False]  # the specialist's first news of the day
