"""Everything that falls due, in the order in which the scheduler looks at it."""

from __future__ import annotations

from bot.services import (
    assignment,
    checkins,
    handovers,
    holding,
    housekeeping,
    reminders,
    rooms,
    standstill,
    turns,
    urgency,
)
from bot.workers.scheduler import Duty
from storage import cases, covers, held, notices, offers, urgent
from storage import checkins as checkin_rows

DUTIES = (
    Duty("check_ins", checkins.claim, lambda unit: checkin_rows.next_due(unit.tx), checkins.ask),
    Duty("reminders", reminders.run_due, lambda unit: notices.next_due(unit.tx)),
    Duty("held", holding.ask_again, lambda unit: held.next_due(unit.tx)),
    Duty("offers", assignment.expire_due, lambda unit: offers.next_due(unit.tx)),
    Duty("covers", handovers.run_due, lambda unit: covers.next_due(unit.tx)),
    Duty("urgent", urgency.run_due, lambda unit: urgent.next_due(unit.tx)),
    Duty("turns", turns.run_due, turns.next_due),
    Duty("cards", rooms.run_due, lambda unit: cases.next_card(unit.tx)),
    Duty("standstill", standstill.look, standstill.next_look),
    Duty("alerts", standstill.tell, standstill.next_telling),
    Duty("housekeeping", housekeeping.tidy, lambda unit: None),
    Duty("forget_sent", housekeeping.forget_sent, lambda unit: None),
)
