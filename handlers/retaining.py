"""[All well] of a check after the treatment."""

from __future__ import annotations

from bot.domain.events import ButtonPressed
from bot.domain.ids import CheckInId, PersonId
from bot.domain.outbound import Reply
from bot.services import retention
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from prompts.wording import say


def well(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """Nothing more is needed."""
    person = who(unit, event.origin)
    ref = retention.well(unit, CheckInId(pressed.data["check_in"]), PersonId(person["person_id"]))
    return answer(unit, event.origin, person, say("button.stale") if ref is None else say("retention.noted", ref=ref))


BUTTONS = {"retention.well": well}
