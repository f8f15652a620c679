"""The plan has a home: version N is what was said last; approval, changes and questions are about that N alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.codec import dump
from bot.domain.forms import Answer
from bot.domain.ids import CaseId, PersonId
from bot.domain.ipr import unit_of
from bot.domain.outbound import Button, ButtonStyle
from bot.domain.plans import PlanFacts, facts_of
from bot.domain.problems import Problem
from bot.domain.richtext import bold, lines
from bot.services import buttons, forewarnings, news, notices, plan_words, reflow, timelines, turns
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, plans, refinements, seats

Row = dict[str, Any]
_MATTER = "plan"
"""What a digest's line is about."""


def current(unit: Unit, case_id: CaseId) -> PlanFacts | None:
    """The newest version, whatever became of it; None before the first. Reads only."""
    case = cases.get(unit.tx, case_id)
    versions = [] if case is None else timelines.versions_of(unit, case)
    return versions[0][1] if versions else None


def objection(unit: Unit, case_id: CaseId, answers: Mapping[str, Answer]) -> Problem | None:
    """Why a plan cannot become the next version: figures of enamel that changed what they are per."""
    case = cases.get(unit.tx, case_id)
    if case is None or case["state"] != "open":
        return Problem.of("plan.problem.not_open")
    today = timelines.today_of(unit, case)
    made = facts_of(answers, version=0, made_on=today, side="", state="", aligner_set=0)
    unit_now = unit_of(made.ipr)
    for _, before in timelines.versions_of(unit, case):
        unit_then = unit_of(before.ipr)
        if unit_now is not None and unit_then is not None:
            if unit_now is not unit_then:
                return Problem.of("plan.problem.unit", version=before.version, was=unit_then.value, now=unit_now.value)
            break
    return None


def submit(unit: Unit, case_id: CaseId, seat: Row, answers: Mapping[str, Answer]) -> int | Problem:
    """Make the next version from a checked form; its number. The other side is asked about it."""
    case = cases.lock(unit.tx, case_id)
    problem = objection(unit, case_id, answers)
    if case is None or problem is not None:
        return problem or Problem.of("plan.problem.not_open")
    old = timelines.current(unit, case_id)
    newest = plans.newest(unit.tx, case_id)
    version = 1 if newest is None else int(newest["version"]) + 1
    made = unit.new_id()
    body = dump(dict(answers), dict[str, Any])
    plans.add(
        unit.tx,
        id=made,
        case_id=case_id,
        version=version,
        person_id=seat["person_id"],
        side=seat["side"],
        aligner_set=0 if old is None else len(old.spans) - 1,
        facts=unit.seal(case_id, "plan_version", "facts_sealed", made, body),
        now=unit.now,
    )
    by = PersonId(seat["person_id"])
    unit.audit(case_id, f"person:{by}", "plan.made", version=version, hash=unit.hash("content", body.decode()))
    buttons.void_group(unit, _group(case_id, version - 1))
    refinements.planned(unit.tx, case_id)
    reflow.settle(unit, case_id, by, old, say("plan.made", version=version), silent=True)
    turns.plan_said(unit, case, seat["side"])
    if seat["side"] == "specialist":
        cases.set_turn(unit.tx, case_id, "dentist", unit.now)
    _announce(unit, case_id, seat)
    forewarnings.review(unit, case_id, by)
    return version


def show(unit: Unit, seat: Row, *, silent: bool = False) -> bool:
    """Post the newest version to a seat; the side that did not make it may approve it. False before the first."""
    facts = current(unit, CaseId(seat["case_id"]))
    if facts is None:
        return False
    asked = _asks(facts, seat)
    notices.to_seat(
        unit,
        seat,
        lines(bold(say(f"plan.title.{facts.state}", version=facts.version)), *plan_words.lines_of(facts)),
        buttons=(_choices(unit, seat, facts),) if asked else (),
        silent=silent or not asked,
        card=f"plan:{facts.version}",
    )
    return True


def approve(unit: Unit, case_id: CaseId, version: int, seat: Row) -> Problem | None:
    """The other side approves exactly this version."""
    facts = _of(unit, case_id, version, seat)
    if isinstance(facts, Problem):
        return facts
    red = forewarnings.hindrance(unit, case_id, version)
    return red or _settle(unit, case_id, seat, facts, "approved")


def ask_change(unit: Unit, case_id: CaseId, version: int, seat: Row) -> Problem | None:
    """Another version is wanted; what about it is said in the room."""
    facts = _of(unit, case_id, version, seat)
    if isinstance(facts, Problem):
        return facts
    return _settle(unit, case_id, seat, facts, "change_asked")


def ask_question(unit: Unit, case_id: CaseId, version: int, seat: Row) -> Problem | None:
    """A question about this version: nothing is decided, the maker of it knows that one is coming."""
    facts = _of(unit, case_id, version, seat)
    if isinstance(facts, Problem):
        return facts
    unit.audit(case_id, f"person:{seat['person_id']}", "plan.questioned", version=version)
    _tell_both(unit, case_id, seat, "question", version)
    return None


def _of(unit: Unit, case_id: CaseId, version: int, seat: Row) -> PlanFacts | Problem:
    facts = current(unit, case_id)
    if facts is None or facts.version != version:
        return Problem.of("plan.problem.older", version=version, newest=facts.version if facts else 0)
    if facts.side == seat["side"]:
        return Problem.of("plan.problem.own")
    return facts


def _settle(unit: Unit, case_id: CaseId, seat: Row, facts: PlanFacts, state: str) -> Problem | None:
    newest = plans.newest(unit.tx, case_id)
    assert newest is not None
    if not plans.settle(unit.tx, newest["id"], state, seat["person_id"], unit.now):
        return Problem.of("button.used")
    unit.audit(case_id, f"person:{seat['person_id']}", f"plan.{state}", version=facts.version)
    news.settled(unit, seat, _MATTER)
    case = cases.get(unit.tx, case_id)
    assert case is not None
    if state == "change_asked" or seat["side"] == "specialist":
        turns.plan_said(unit, case, seat["side"])
    if state == "approved":
        cases.set_turn(unit.tx, case_id, "", unit.now)
    elif seat["side"] == "specialist":
        cases.set_turn(unit.tx, case_id, "dentist", unit.now)
    _tell_both(unit, case_id, seat, state, facts.version)
    return None


def _announce(unit: Unit, case_id: CaseId, by: Row) -> None:
    """A new version to both sides; the one that is asked about it hears it, or finds it in their digest."""
    facts = current(unit, case_id)
    assert facts is not None
    for seat in seats.living(unit.tx, case_id):
        heard = news.is_heard(unit, seat, by=by["person_id"])
        show(unit, seat, silent=not heard)
        if not heard and _asks(facts, seat):
            news.wait(unit, seat, _MATTER, "plan.line", version=facts.version)


def _asks(facts: PlanFacts, seat: Row) -> bool:
    return seat["side"] != facts.side and facts.state in ("proposed", "change_asked")


def _tell_both(unit: Unit, case_id: CaseId, by: Row, what: str, version: int) -> None:
    for seat in seats.living(unit.tx, case_id):
        own = seat["id"] == by["id"]
        key = f"plan.did.{what}_own" if own else f"plan.did.{what}"
        values = {"version": version} if own else {"version": version, "name": by["person_name"]}
        notices.to_seat(unit, seat, say(key, **values), silent=not news.is_heard(unit, seat, by=by["person_id"]))


def _choices(unit: Unit, seat: Row, facts: PlanFacts) -> tuple[Button, ...]:
    def button(action: str, label: str, style: ButtonStyle = ButtonStyle.PLAIN) -> Button:
        return buttons.for_seat(
            unit,
            seat,
            action,
            label,
            style,
            data={"version": facts.version},
            group=_group(seat["case_id"], facts.version),
            once=False,
        )

    return (
        button("plan.approve", say("plan.button.approve"), ButtonStyle.PRIMARY),
        button("plan.change", say("plan.button.change")),
        button("plan.question", say("plan.button.question")),
    )


def _group(case_id: int, version: int) -> str:
    return f"plan:{case_id}:{version}"
