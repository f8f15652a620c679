"""Answer a correction: seen, or already acted on."""

from __future__ import annotations

from bot.domain.events import ButtonPressed
from bot.domain.ids import MessageId, PersonId
from bot.domain.outbound import Reply
from bot.services import shouting
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from prompts.wording import say


def seen(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The reader has read the correction."""
    return _answered(unit, event, pressed, acted=False)


def acted(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The reader did something on the strength of the old words."""
    return _answered(unit, event, pressed, acted=True)


def _answered(unit: Unit, event: ButtonPressed, pressed: Pressed, *, acted: bool) -> Reply | None:
    person = who(unit, event.origin)
    told = shouting.answered(unit, MessageId(pressed.data["message"]), PersonId(person["person_id"]), acted=acted)
    return answer(unit, event.origin, person, say("held.sent" if told else "button.gone"))


BUTTONS = {"correction.seen": seen, "correction.acted": acted}
