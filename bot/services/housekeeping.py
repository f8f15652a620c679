"""Once a day: what nobody needs any more goes."""

from __future__ import annotations

from bot.domain.rules import DAY
from bot.services import form_sessions
from bot.services.unit import Unit
from storage import buttons, deliveries, settings

EVERY = DAY
KEPT = 30 * DAY
"""Buttons are known this long after they ran out, so that a press is told so."""
CONTENT_KEPT = 30 * DAY
"""What was sent is found again by its place and number alone; dead letters keep their content for a retry."""
_MARK = "housekeeping.at"


def tidy(unit: Unit, limit: int = 100) -> int:
    """Put away forgotten forms, old buttons and marks of strangers; how many forms. Does nothing within a day."""
    last = settings.get(unit.tx, _MARK)
    if last is not None and 0 <= unit.now - int(last) < EVERY:
        return 0
    settings.put(unit.tx, _MARK, str(unit.now), unit.now)
    buttons.forget(unit.tx, unit.now - KEPT)
    settings.forget_strangers(unit.tx, unit.now - DAY)
    return form_sessions.expire_due(unit, limit)


def forget_sent(unit: Unit, limit: int = 100) -> int:
    """Clear what deliveries of long ago held; how many."""
    return deliveries.clear_payloads(unit.tx, unit.now - CONTENT_KEPT, limit)
