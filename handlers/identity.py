"""[Send without them], [Do not send it]: the sender's word on a file that points at the patient."""

from __future__ import annotations

from bot.domain.events import ButtonPressed
from bot.domain.outbound import Reply
from bot.domain.problems import Problem
from bot.services import identity
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from prompts.wording import say


def send(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The cleaned file goes on."""
    assert pressed.person_id is not None
    return _said(unit, event, identity.send(unit, int(pressed.data["attachment"]), pressed.person_id))


def drop(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """It does not."""
    assert pressed.person_id is not None
    return _said(unit, event, identity.drop(unit, int(pressed.data["attachment"]), pressed.person_id))


def _said(unit: Unit, event: ButtonPressed, problem: Problem | None) -> Reply | None:
    if problem is None:
        return None
    return answer(unit, event.origin, who(unit, event.origin), say(problem.key, **problem.values))


BUTTONS = {"identity.send": send, "identity.drop": drop}
