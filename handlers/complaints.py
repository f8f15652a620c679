"""What the two of a case may do about a complaint: tell the coordinator that there is one, or say that it is over."""

from __future__ import annotations

from bot.domain.events import ButtonPressed
from bot.domain.outbound import Reply
from bot.domain.problems import Problem
from bot.services import complaints
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from prompts.wording import say


def shared(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Tell the coordinator]"""
    assert pressed.person_id is not None
    assert pressed.case_id is not None
    return _said(unit, event, complaints.share(unit, pressed.case_id, pressed.person_id))


def closed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[It is none, or is over]"""
    assert pressed.person_id is not None
    assert pressed.case_id is not None
    return _said(unit, event, complaints.close(unit, pressed.case_id, pressed.person_id))


def _said(unit: Unit, event: ButtonPressed, problem: Problem | None) -> Reply | None:
    if problem is None:
        return None
    return answer(unit, event.origin, who(unit, event.origin), say(problem.key, **problem.values))


BUTTONS = {"complaint.share": shared, "complaint.close": closed}
