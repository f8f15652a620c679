"""Whether anything may be drafted in a case now: the one place that whatever makes, renews or sends a draft asks.

A complaint stops drafts until it is over, never the look at whether a person is needed. What needs a person at once (a
red flag, a message marked urgent, a check-in that pages) stops them until the specialist has written themselves or it
is dropped as not urgent. All of it is read from the rows, so it outlives a restart; that somebody has it, or has the
case since, ends nothing.
"""

from __future__ import annotations

from typing import Any

from bot.domain import redflags
from bot.services import complaints, relay
from bot.services.unit import Unit
from storage import complaints as complaint_rows
from storage import drafts, messages, urgent

Row = dict[str, Any]


def standing(unit: Unit, case_id: int) -> bool:
    """Whether nothing may be drafted in a case now (`draft_reasons` says why)."""
    return complaints.stops(unit, case_id) or flag(unit, case_id) is not None


def flag(unit: Unit, case_id: int) -> int | None:
    """The number of the newest message that needs a person and has none of the specialist's own after it."""
    row = urgent.standing(unit.tx, case_id)
    return _flag_that_waits(unit, case_id) if row is None else int(row["no"])


def outdated(unit: Unit, draft: Row) -> bool:
    """Whether a complaint began, or something needed a person, since a draft was made: its words never come back.

    Neither that the complaint is over nor that somebody answered brings them back.
    """
    return complaint_rows.began_after(unit.tx, draft["case_id"], int(draft["no"])) or urgent.raised_after(
        unit.tx, draft["case_id"], int(draft["upto_no"])
    )


def begin(unit: Unit, case_id: int) -> None:
    """A person is needed from now on: no open draft holds, and no card promises a fresh one."""
    if drafts.stop(unit.tx, case_id, unit.now):
        unit.wake("drafts")


def moved_on(unit: Unit, case_id: int) -> None:
    """What is offered in a case no longer holds; its card says so, or renews, in a moment."""
    if drafts.void_open(unit.tx, case_id, unit.now):
        unit.wake("drafts")


def _flag_that_waits(unit: Unit, case_id: int) -> int | None:
    """The number of a message with a red flag that is about to be looked at."""
    job = drafts.waiting_job(unit.tx, case_id)
    last = None if job is None else messages.get(unit.tx, job["message_id"])
    if job is None or last is None:
        return None
    for message in messages.between(unit.tx, case_id, int(job["first_no"]), int(last["no"])):
        theirs = message["side"] == "dentist" and message["state"] != "withdrawn"
        if theirs and redflags.found(relay.body_of(unit, message).text):
            return int(message["no"])
    return None
