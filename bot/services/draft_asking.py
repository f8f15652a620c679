"""What a message means for drafts: those that are open end with it, and one of the dentist's asks for another."""

from __future__ import annotations

from typing import Any

from bot.domain import redflags
from bot.domain.ids import CaseId
from bot.services.unit import Unit
from storage import drafts

Row = dict[str, Any]


def said(unit: Unit, seat: Row, message: Row, text: str) -> None:
    """Something was said in a case, `text` of it in words, by the person of `seat`."""
    case_id = CaseId(seat["case_id"])
    voided = drafts.offered(unit.tx, case_id) and bool(drafts.void_open(unit.tx, case_id, unit.now))
    theirs = seat["side"] == "dentist"  # looked at during a complaint as well: a person may be needed
    # a picture belongs to the question before it
    if theirs and (text.strip() or voided or drafts.waiting_job(unit.tx, case_id) is not None):
        pause = 0 if redflags.found(text) else unit.rules.draft_pause
        drafts.add_job(unit.tx, unit.new_id(), case_id, message["id"], message["no"], unit.now + pause)
        if voided or pause < unit.rules.draft_look:  # else it is found by itself before it is due
            unit.wake("drafts")
    elif voided:
        unit.wake("drafts")
