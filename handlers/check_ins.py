"""Answer a check-in with one tap."""

from __future__ import annotations

from bot.domain.events import ButtonPressed
from bot.domain.ids import CheckInId, PersonId
from bot.domain.outbound import Reply
from bot.services import checkins
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from prompts.wording import say


def answered(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """Keep the answer and pass it on."""
    person = who(unit, event.origin)
    check_in, choice = CheckInId(pressed.data["check_in"]), str(pressed.data["choice"])
    if not checkins.answer(unit, check_in, choice, PersonId(person["person_id"])):
        return answer(unit, event.origin, person, say("button.used"))
    return None


BUTTONS = {"check_in.answer": answered}
