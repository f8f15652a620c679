"""A dentist has moved the dates of a case too far: their specialist is asked to answer today, unasked."""

from __future__ import annotations

from typing import Any

from bot.domain.dates import spoken
from bot.domain.ids import CaseId
from bot.domain.richtext import plain
from bot.domain.turns import Owed
from bot.services import draft_stops, relay, slips, timelines, turns, urgency
from bot.services.slips import MOST, Slip
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases

Row = dict[str, Any]


def make(unit: Unit, case_id: CaseId, seat: Row, before: Slip) -> bool:
    """What goes too far since `before` is the specialist's to answer today; False if nothing does."""
    now = slips.of(unit, case_id)
    newly = (now.days > MOST >= before.days) or (now.past_event > 0 == before.past_event)
    if seat["side"] != "dentist" or not newly:
        return False
    made = timelines.current(unit, case_id)
    case = cases.get(unit.tx, case_id)
    assert made is not None
    assert case is not None
    words = say("slip.told", what=now.words, finish=spoken(made.predicted_finish))
    message = relay.record(unit, seat, plain(words), kind="check_in", said_at=unit.now)
    relay.pass_on(unit, message, quiet=True)
    draft_stops.moved_on(unit, case_id)
    turns.owe(unit, case, Owed.NOT_SEATING)
    urgency.today(unit, message)
    unit.audit(case_id, "service", "timeline.slipped", days=now.days, past_event=now.past_event)
    return True
