"""One step for each thing that is stuck, as a coordinator takes it; a step that no longer applies does nothing."""

from __future__ import annotations

from typing import Any

from bot.domain.ids import SERVICE, AccountId, CaseId, PersonId
from bot.domain.rules import DAY
from bot.services import assignment, holds, invites, notices, reminders, settle, stuck
from bot.services.unit import Unit
from storage import accounts, cases, deliveries, inbox, incidents, people, seats
from storage import stuck as standing

Row = dict[str, Any]
STEPS = {
    "unassigned": "assign",
    "claimed": "confirm",
    "waiting": "confirm",
    "failed": "again",
    "dead_letter": "again",
    "blocked": "invite",
    "unreachable": "invite",
    "invite_wanted": "invite",
    "room_lost": "anew",
    "wrong_members": "look",
    "inbox_parked": "handle",
    "late_reply": "remind",
    "late_plan": "remind",
    "late_records": "remind",
    "late_step": "remind",
    "past_event": "remind",
    "silent": "remind",
    "held_message": "remind",
}
"""What is done about a reason; everything else can only be seen to somewhere else, and is then `done`."""
OF_SPECIALIST = frozenset({"late_reply", "late_plan"})
RESTS = 3 * DAY
"""What somebody was reminded of is not listed again before."""
MOST = 8
"""Specialists to choose from."""


def step_for(what: str) -> str:
    """The one step for a reason."""
    return STEPS.get(what, "done")


def still(unit: Unit, what: str, subject: str) -> bool:
    """Whether this is still stuck."""
    return any((one.what, one.subject) == (what, subject) for one in stuck.listing(unit))


def choices(unit: Unit, case: Row) -> list[Row]:
    """Specialists for an unassigned case, the best match first, those who declined or have no room left last."""
    known = {row["id"]: row for row in people.specialists(unit.tx) if accounts.reach(unit.tx, row["id"]) is not None}
    best = [one.person for one in assignment.candidates(unit, case)]
    order = [one for one in best if one in known] + [one for one in known if one not in best]
    return [known[one] for one in order][:MOST]


def claims_of(unit: Unit, what: str, subject: str) -> list[Row]:
    """Accounts that wait for a coordinator's word: of this person, or of the dentist of this case."""
    rows = accounts.claimed(unit.tx)
    if what == "claimed":
        return [row for row in rows if row["handle"] == subject]
    case = cases.by_ref(unit.tx, subject)
    return [row for row in rows if case is not None and row["person_id"] == case["dentist_id"]]


def confirm(unit: Unit, account: Row, by: PersonId) -> bool:
    """The account is theirs; False if that was settled already."""
    return invites.confirm(unit, AccountId(account["id"]), by) is not None


def send_again(unit: Unit, subject: str) -> int:
    """Every dead letter of a case, or of a platform outside any case, goes once more; how many."""
    rows = deliveries.listing(unit.tx, dead_only=True, limit=stuck.DEAD)
    done = sum(settle.retry(unit, row["id"]) for row in rows if (row["ref"] or row["platform"]) == subject)
    notices.resolved(unit, "dead_letter", subject)
    return done


def look_again(unit: Unit, ref: str, *, anew: bool) -> int:
    """The held rooms of a case are looked at now, or given up for new ones; how many."""
    case = cases.by_ref(unit.tx, ref)
    held = [] if case is None else [row for row in seats.living(unit.tx, case["id"]) if row["state"] == "held"]
    for seat in held:
        if anew:
            holds.make_anew(unit, seat)
        else:
            holds.look_now(unit, seat)
    return len(held)


def handle_again(unit: Unit, platform: str) -> int:
    """Parked updates of a platform are handled anew; how many."""
    done = sum(inbox.requeue(unit.tx, row["id"]) for row in inbox.dead(unit.tx) if row["platform"] == platform)
    notices.resolved(unit, "inbox_parked", platform)
    unit.wake("inbox")
    return done


def remind(unit: Unit, what: str, subject: str) -> str:
    """Whoever is awaited is reminded, the reference alone, as soon as their day's reminder is free; "" if nobody is."""
    person = _awaited(unit, what, subject)
    if person is None or accounts.reach(unit.tx, person["id"]) is None:
        return ""
    case = cases.by_ref(unit.tx, subject)
    case_id = None if case is None else CaseId(case["id"])
    facts = {} if case is None else {"ref": subject}
    topic = f"stuck:{what}:{subject}"
    reminders.settled(unit, PersonId(person["id"]), topic)
    reminders.nudge(unit, PersonId(person["id"]), topic, f"coordinator.reminder.{what}", case_id=case_id, **facts)
    standing.seen_to(unit.tx, what, subject, unit.now + RESTS)
    return str(person["name"])


def _awaited(unit: Unit, what: str, subject: str) -> Row | None:
    if what == "held_message":
        return people.by_handle(unit.tx, subject)
    case = cases.by_ref(unit.tx, subject)
    awaited = None if case is None else case["specialist_id" if what in OF_SPECIALIST else "dentist_id"]
    return None if awaited is None else people.get(unit.tx, awaited)


def seen_to(unit: Unit, what: str, subject: str) -> None:
    """A coordinator has taken care of it; should it happen again they are told again."""
    for row in incidents.still_open(unit.tx):
        kind = row["kind"] if row["kind"] in stuck.REASONS else "other"
        if (kind, row["subject"]) == (what, subject):
            notices.resolved(unit, row["kind"], subject)


def record(unit: Unit, what: str, subject: str, by: PersonId) -> None:
    """Who took which step, for the record."""
    unit.audit(SERVICE, f"person:{by}", "stuck.step", what=what, step=step_for(what), subject=subject)


def case_of(unit: Unit, ref: str) -> Row | None:
    """The case itself, locked."""
    case = cases.by_ref(unit.tx, ref)
    return None if case is None else cases.lock(unit.tx, CaseId(case["id"]))
