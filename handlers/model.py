"""Whether an outside model may reword answers in a case: `/model`, and the dentist's own word on it."""

from __future__ import annotations

from typing import Any

from bot.domain.events import ButtonPressed, CommandReceived
from bot.domain.outbound import Reply
from bot.services import rewording
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from handlers.places import find_seat
from prompts.wording import say

Row = dict[str, Any]


def typed(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """Ask the dentist once more."""
    assert person is not None
    found = find_seat(unit, event.origin, person, event.reply_to)
    if found.seat is None:
        return answer(unit, event.origin, person, say("case.command_in_room", command=say("case.command.model")))
    if not unit.rules.model:
        return answer(unit, event.origin, person, say("model.off"))
    rewording.ask(unit, found.seat)
    return None


def pressed(unit: Unit, event: ButtonPressed, press: Pressed) -> Reply | None:
    """[Allow] or [Don't allow]"""
    assert press.person_id is not None
    assert press.case_id is not None
    problem = rewording.answer(unit, press.case_id, press.person_id, agrees=press.action == "model.agree")
    return None if problem is None else answer(unit, event.origin, who(unit, event.origin), say(problem.key))


COMMANDS = {"model": typed}
BUTTONS = {"model.agree": pressed, "model.refuse": pressed}
