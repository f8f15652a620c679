"""A patient's complaint: check-ins, reminders and drafts of its case stop at once, and only the two of it know.

What the dentist says is looked at all the same: whether it needs a person at once.
"""

from __future__ import annotations

from typing import Any

from bot.domain.complaints import found
from bot.domain.ids import CaseId, PersonId
from bot.domain.names import short_name
from bot.domain.outbound import Button
from bot.domain.problems import Problem
from bot.domain.rules import DAY
from bot.services import buttons, notices
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, checkins, complaints, drafts, seats
from storage import notices as reminders

Row = dict[str, Any]
LASTS = 5 * 365 * DAY
"""As long as a complaint may take, its buttons work."""


def stops(unit: Unit, case_id: int) -> bool:
    """Whether nothing is asked, drafted or reminded of in a case."""
    return complaints.standing(unit.tx, case_id) is not None


def heard(unit: Unit, seat: Row, text: str) -> bool:
    """Whether what somebody said tells of a complaint; then everything stops, once."""
    return found(text) and open_(unit, CaseId(seat["case_id"]), PersonId(seat["person_id"]))


def open_(unit: Unit, case_id: CaseId, by: PersonId) -> bool:
    """Stop everything and tell the two of the case; False if it is known already."""
    cases.lock(unit.tx, case_id)  # no draft is made meanwhile that does not know of it
    if not complaints.open(unit.tx, case_id, by, unit.now):
        return False
    stopped = checkins.stop(unit.tx, case_id)
    reminders.drop_case(unit.tx, case_id)
    drafts.stop(unit.tx, case_id, unit.now)
    unit.wake("drafts")
    unit.audit(case_id, f"person:{by}", "complaint.opened", stopped=stopped)
    for seat in seats.living(unit.tx, case_id):
        other = next((one for one in seats.living(unit.tx, case_id) if one["side"] != seat["side"]), None)
        name = say("complaint.nobody_yet") if other is None else short_name(other["person_name"])
        notices.to_seat(unit, seat, say("complaint.known", name=name), buttons=_buttons(unit, seat))
    return True


def close(unit: Unit, case_id: CaseId, by: PersonId) -> Problem | None:
    """It is none, or it is over: what was planned goes on as it was."""
    if not _is_party(unit, case_id, by) or not complaints.close(unit.tx, case_id, unit.now):
        return Problem.of("button.stale")
    going_on = checkins.go_on(unit.tx, case_id)
    unit.audit(case_id, f"person:{by}", "complaint.closed", going_on=going_on)
    buttons.void_group(unit, f"complaint:{case_id}")
    for seat in seats.living(unit.tx, case_id):
        notices.to_seat(unit, seat, say("complaint.over"), silent=seat["person_id"] != by)
    unit.wake("scheduler")
    return None


def share(unit: Unit, case_id: CaseId, by: PersonId) -> Problem | None:
    """One of the two lets the coordinator know that there is one; never what it says."""
    case = cases.get(unit.tx, case_id)
    if case is None or not _is_party(unit, case_id, by) or not complaints.share(unit.tx, case_id, by):
        return Problem.of("button.stale")
    unit.audit(case_id, f"person:{by}", "complaint.shared")
    notices.alert(unit, "complaint", case["ref"])
    for seat in seats.living(unit.tx, case_id):
        notices.to_seat(unit, seat, say("complaint.shared"), silent=seat["person_id"] != by)
    return None


def _is_party(unit: Unit, case_id: CaseId, person_id: PersonId) -> bool:
    return any(seat["person_id"] == person_id for seat in seats.living(unit.tx, case_id))


def _buttons(unit: Unit, seat: Row) -> tuple[tuple[Button, ...], ...]:
    def one(what: str, *, alone: bool) -> Button:
        return buttons.for_seat(
            unit,
            seat,
            f"complaint.{what}",
            say(f"complaint.button.{what}"),
            group="" if alone else f"complaint:{seat['case_id']}",
            life=LASTS,
        )

    return ((one("share", alone=True), one("close", alone=False)),)
