"""Structured facts of a case, as a draft may use them: each with its source, that source's version, and its age.

What a plan says wins over the intake; which aligner is worn follows from the plan's own dates. Nothing here is a
person's own words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.drafts import Fact, asks
from bot.domain.forms import NONE
from bot.domain.ids import CaseId
from bot.domain.plans import PlanFacts
from bot.domain.rules import DAY
from bot.services import intake_answers, plans, rooms, timelines
from bot.services.unit import Unit
from prompts.wording import say

Row = dict[str, Any]
ANSWERS: Mapping[str, str] = {
    "event date": "event_date",
    "aligners planned": "aligners",
    "aligner number": "aligner",
    "days per aligner": "days_per_aligner",
}
"""Which fact answers an ask-first item of the library."""


def of_case(unit: Unit, case: Row) -> dict[str, Fact]:
    """What is known of a case by now, by the fact's name."""
    intake = intake_answers.of_case(unit, case)
    found = {
        "event_date": _date(case["event_on"] or intake.get("event_date")),
        "aligners": _arches(intake.get("aligners")),
        "days_per_aligner": _days(intake.get("days_per_aligner")),
    }
    at = int(case["created_at"])
    facts = {name: Fact(name, value, "intake", 0, at) for name, value in found.items() if value}
    plan = plans.current(unit, CaseId(case["id"]))
    return facts if plan is None else {**facts, **_planned(unit, case, plan)}


def _planned(unit: Unit, case: Row, plan: PlanFacts) -> dict[str, Fact]:
    today = timelines.today_of(unit, case)
    at = unit.now - (today - plan.made_on).days * DAY
    found = {
        "aligners": say("draft.arches", upper=plan.upper, lower=plan.lower),
        "days_per_aligner": say("draft.days", days=plan.days),
    }
    timeline = timelines.current(unit, CaseId(case["id"]))
    worn = None if timeline is None else timeline.aligner_on(today)
    if worn is not None:
        found["aligner"] = say("draft.aligner", number=worn[1])
    return {name: Fact(name, value, "plan", plan.version, at) for name, value in found.items()}


def fitting(facts: Mapping[str, Fact], ask_first: Sequence[str], answer: str) -> tuple[tuple[Fact, ...], list[str]]:
    """The facts that answer an entry's ask-first items, and items that nothing answers and the text does not ask."""
    known = [facts[ANSWERS[item]] for item in ask_first if ANSWERS.get(item) in facts]
    open_ = [item for item in ask_first if ANSWERS.get(item) not in facts]
    return tuple(known), [item for item in open_ if not asks(answer, item)]


def outdated(used: Sequence[Fact], now: Mapping[str, Fact]) -> list[Fact]:
    """Facts that are not what the case says by now: another value, source or version."""
    return [one for one in used if one.name not in now or _version(now[one.name]) != _version(one)]


def line(fact: Fact) -> str:
    """Event date: 14 June 2027"""
    return say("draft.fact", name=say(f"draft.facts.{fact.name}"), value=fact.value)


def with_source(fact: Fact, now: int) -> str:
    """Event date: 14 June 2027 (intake, 3 days old)"""
    days = max(0, (now - fact.at) // DAY)
    age = say("draft.today") if days == 0 else say("draft.age", days=days)
    versions = {"version": fact.version} if fact.version else {}
    source = say(f"draft.source.{fact.source}", **versions)
    return say("draft.fact_from", fact=line(fact), source=source, age=age)


def _version(fact: Fact) -> tuple[str, str, int]:
    return fact.value, fact.source, fact.version


def _date(value: object) -> str:
    return rooms.long_date(value) if isinstance(value, str) and value not in ("", NONE) else ""


def _arches(value: object) -> str:
    if not isinstance(value, dict) or not {"upper", "lower"} & value.keys():
        return ""
    return say("draft.arches", upper=int(value.get("upper") or 0), lower=int(value.get("lower") or 0))


def _days(value: object) -> str:
    return say("draft.days", days=value) if isinstance(value, int) else ""
