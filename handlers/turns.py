"""[Ask Dr Shah now] of a dentist, [I can answer] of a cover: the case is the cover's for a while."""

from __future__ import annotations

from typing import Any

from bot.domain.events import ButtonPressed
from bot.domain.ids import CaseId, PersonId
from bot.domain.outbound import Reply
from bot.services import covering, stand_ins
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from prompts.wording import say
from storage import cases

Row = dict[str, Any]


def ask(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The dentist needs an answer before their specialist is back: the cover's room opens now."""
    case = cases.get(unit.tx, pressed.case_id or 0)
    cover = None if case is None else stand_ins.named(unit, case["specialist_id"])
    if cover is None:
        return answer(unit, event.origin, who(unit, event.origin), say("turn.nobody"))
    return _take(unit, event, pressed, cover["id"])


def take(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """A cover says that they can answer."""
    return _take(unit, event, pressed, int(pressed.data["cover"]))


def _take(unit: Unit, event: ButtonPressed, pressed: Pressed, cover_id: int) -> Reply | None:
    assert pressed.case_id is not None
    assert pressed.person_id is not None
    problem = covering.take(unit, CaseId(pressed.case_id), cover_id, PersonId(pressed.person_id))
    if problem is not None:
        return answer(unit, event.origin, who(unit, event.origin), say(problem.key, **problem.values))
    return None


BUTTONS = {"turn.ask": ask, "turn.take": take}
