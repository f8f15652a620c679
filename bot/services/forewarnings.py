"""Forewarnings of a case: evaluated on what is known, shown to the specialist, who decides on each.

Looked at at intake, on each version of the plan, on each change of dates and when a check-in reports wear or IPR.

The specialist releases one, words it or withholds it; the dentist acknowledges what was released and says when the
patient was told. What was settled for the same reasons is not asked again.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.domain.codec import dump, load
from bot.domain.dates import spoken
from bot.domain.deadline import earliest
from bot.domain.forewarnings import Severity, evaluate
from bot.domain.ids import CaseId, PersonId
from bot.domain.ipr import changed_unit
from bot.domain.problems import Problem
from bot.domain.timeline import Timeline
from bot.services import buttons, findings, forewarning_cards, news, notices, timelines
from bot.services.forewarning_cards import Words
from bot.services.unit import Unit
from prompts import forewarning_rules
from prompts.wording import say
from storage import cases, forewarnings, people, seats

Row = dict[str, Any]
_MATTER = "forewarning"
"""What a digest's line is about."""
_OPEN_WITH = {"asked": "specialist", "released": "dentist", "acknowledged": "dentist"}
"""Whose card has buttons."""


def review(unit: Unit, case_id: CaseId, by: PersonId, *, told: bool = False) -> int:
    """Evaluate every rule for the case as `by` has left it; how many the specialist is newly asked about.

    A red one is heard unless they did it themselves; of amber ones, and of all by night, their digest has a line,
    unless they are `told` already that there is something to look at.
    """
    case = cases.get(unit.tx, case_id)
    seat = seats.of_case(unit.tx, case_id, "specialist")
    if case is None or seat is None:
        return 0
    made = timelines.current(unit, case_id)
    found = {
        one.rule.id: one for one in evaluate(forewarning_rules.load().values(), findings.of_case(unit, case, made))
    }
    before = {row["rule"]: row for row in forewarnings.standing(unit.tx, case_id)}
    version = made.version if made is not None else 0
    for rule, row in before.items():
        one = found.get(rule)
        if one is not None and one.severity == row["severity"] and _same(one.because, words_of(unit, row).because):
            found.pop(rule)
        else:
            _drop(unit, row, again=one is not None)
    red = any(one.severity is Severity.RED for one in found.values())
    heard = red and news.is_heard(unit, seat, by=by, urgent=True)
    for index, one in enumerate(found.values()):
        because = one.because or _dates(unit, case, made, one.rule.id)
        made_id = unit.new_id()
        words = Words(one.rule.text, because)
        forewarnings.add(
            unit.tx,
            id=made_id,
            case_id=case_id,
            version=version,
            rule=one.rule.id,
            severity=one.severity,
            words=_seal(unit, case_id, made_id, words),
            now=unit.now,
        )
        unit.audit(case_id, "service", "forewarning.asked", rule=one.rule.id, severity=one.severity, version=version)
        new = forewarnings.get(unit.tx, made_id)
        assert new is not None
        forewarning_cards.to_specialist(unit, seat, new, words, silent=index > 0 or not heard)
    if found and not heard and not told and seat["person_id"] != by:
        news.wait(unit, seat, _MATTER, "forewarning.line")
    return len(found)


def _dates(unit: Unit, case: Row, made: Timeline | None, rule: str) -> tuple[str, ...]:
    """What sets off the rule of the wanted date, in words."""
    if rule != "deadline":
        return ()
    if made is not None and made.judged is not None:
        return (say("forewarning.dates", finish=spoken(made.judged.finish), event=spoken(made.judged.event_on)),)
    soonest = earliest(timelines.today_of(unit, case))
    wanted = spoken(date.fromisoformat(case["event_on"]))
    return (say("forewarning.dates_no_plan", soonest=spoken(soonest), event=wanted),)


def decide(unit: Unit, warning_id: int, by: PersonId, *, release: bool, text: str = "") -> Problem | None:
    """The specialist's word on one: released, as it is or in their own `text`, or withheld."""
    row = forewarnings.get(unit.tx, warning_id)
    seat = None if row is None else seats.of_case(unit.tx, row["case_id"], "specialist")
    if row is None or seat is None or seat["person_id"] != by:
        return Problem.of("button.stale")
    words = words_of(unit, row)
    if text:
        problem = objection(unit, warning_id, text)
        if problem is not None:
            return problem
        words = Words(text, words.because, worded=True)
    state = "released" if release else "withheld"
    sealed = _seal(unit, row["case_id"], warning_id, words)
    if not forewarnings.decide(unit.tx, warning_id, state, by, sealed, unit.now):
        return Problem.of("button.used")
    unit.audit(row["case_id"], f"person:{by}", f"forewarning.{state}", rule=row["rule"], worded=words.worded)
    buttons.void_group(unit, forewarning_cards.group(row, "specialist"))
    forewarning_cards.settled(unit, seat, row, words, say(f"forewarning.outcome.{state}"))
    _settled(unit, seat, "asked")
    dentist = seats.of_case(unit.tx, row["case_id"], "dentist")
    if release and dentist is not None:
        rest = [one for one in forewarnings.standing(unit.tx, row["case_id"]) if one["id"] != warning_id]
        before = any(one["severity"] == "red" and one["state"] == "released" for one in rest)
        # Several in a row are heard once; amber ones stand in the digest.
        heard = row["severity"] == "red" and not before and news.is_heard(unit, dentist, by=by, urgent=True)
        forewarning_cards.to_dentist(unit, dentist, row, words, seat["person_name"], silent=not heard)
        if not heard:
            news.wait(unit, dentist, _MATTER, "forewarning.line")
    return None


def objection(unit: Unit, warning_id: int, text: str) -> Problem | None:
    """Why a wording is not taken: it gives enamel without saying per what, or per something else."""
    row = forewarnings.get(unit.tx, warning_id)
    rule = None if row is None else forewarning_rules.load().get(row["rule"])
    if rule is not None and rule.enamel and changed_unit(text, rule.text):
        return Problem.of("forewarning.problem.unit")
    return None


def acknowledge(unit: Unit, warning_id: int, by: PersonId, *, told: bool) -> Problem | None:
    """The dentist has read it, or has told the patient too."""
    row = forewarnings.get(unit.tx, warning_id)
    seat = None if row is None else seats.of_case(unit.tx, row["case_id"], "dentist")
    if row is None or seat is None or seat["person_id"] != by:
        return Problem.of("button.stale")
    settle = forewarnings.told if told else forewarnings.acknowledge
    if not settle(unit.tx, warning_id, by, unit.now):
        return Problem.of("button.used")
    state = "told" if told else "acknowledged"
    unit.audit(row["case_id"], f"person:{by}", f"forewarning.{state}", rule=row["rule"])
    buttons.void_group(unit, forewarning_cards.group(row, "dentist"))
    words = words_of(unit, row)
    forewarning_cards.settled(unit, seat, row, words, say(f"forewarning.outcome.{state}"), still=not told)
    _settled(unit, seat, "released")
    specialist = seats.of_case(unit.tx, row["case_id"], "specialist")
    person = people.get(unit.tx, by)
    if specialist is not None and person is not None:
        title = forewarning_rules.load()[row["rule"]].title if row["rule"] in forewarning_rules.load() else row["rule"]
        line = say(f"forewarning.told_specialist.{state}", name=person["name"], title=title)
        notices.to_seat(unit, specialist, line, silent=True)
    return None


def hindrance(unit: Unit, case_id: CaseId, version: int) -> Problem | None:
    """Red ones that keep a plan from being approved: not decided yet, or not acknowledged yet."""
    red = [row for row in forewarnings.standing(unit.tx, case_id) if row["severity"] == "red"]
    undecided = [row for row in red if row["state"] == "asked"]
    unread = [row for row in red if row["state"] == "released"]
    if undecided:
        return Problem.of("forewarning.problem.undecided", n=len(undecided), version=version)
    if unread:
        return Problem.of("forewarning.problem.unread", n=len(unread), version=version)
    return None


def show_open(unit: Unit, seat: Row) -> int:
    """Post once more, with fresh buttons, what waits for this seat's person; how many."""
    shown = 0
    for row in forewarnings.standing(unit.tx, seat["case_id"]):
        if seat["side"] == "specialist" and row["state"] == "asked":
            forewarning_cards.to_specialist(unit, seat, row, words_of(unit, row))
            shown += 1
        elif seat["side"] == "dentist" and row["state"] == "released":
            by = people.get(unit.tx, row["decided_by"])
            assert by is not None
            forewarning_cards.to_dentist(unit, seat, row, words_of(unit, row), by["name"], silent=True)
            shown += 1
    return shown


def words_of(unit: Unit, row: Row) -> Words:
    """What the dentist is or would be shown, and why."""
    return load(Words, unit.unseal(row["case_id"], "forewarning", "words_sealed", row["id"], row["words_sealed"]))


def _seal(unit: Unit, case_id: int, warning_id: int, words: Words) -> bytes:
    return unit.seal(case_id, "forewarning", "words_sealed", warning_id, dump(words))


def _drop(unit: Unit, row: Row, *, again: bool) -> None:
    """It holds no more, or (`again`) for other reasons; whoever has its card open reads so."""
    forewarnings.supersede(unit.tx, row["id"])
    for side in ("specialist", "dentist"):
        buttons.void_group(unit, forewarning_cards.group(row, side))
    unit.audit(row["case_id"], "service", "forewarning.superseded", rule=row["rule"], version=row["version"])
    reader = _OPEN_WITH.get(str(row["state"]))
    seat = None if reader is None else seats.of_case(unit.tx, row["case_id"], reader)
    if seat is not None:
        outcome = say("forewarning.outcome.replaced" if again else "forewarning.outcome.superseded")
        forewarning_cards.settled(unit, seat, row, words_of(unit, row), outcome)
        _settled(unit, seat, row["state"])


def _settled(unit: Unit, seat: Row, state: str) -> None:
    """The digest has no line any more once nothing in this state is left."""
    if all(row["state"] != state for row in forewarnings.standing(unit.tx, seat["case_id"])):
        news.settled(unit, seat, _MATTER)


def _same(now: tuple[str, ...], before: tuple[str, ...]) -> bool:
    """The same facts; of a deadline only its colour counts, not each day it moves."""
    return now == before or (not now and len(before) == 1)
