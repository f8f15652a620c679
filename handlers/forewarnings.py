"""Forewarnings: the specialist releases, words or withholds each; the dentist reads it and tells the patient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.domain.events import ButtonPressed
from bot.domain.ids import PersonId
from bot.domain.outbound import Reply
from bot.domain.problems import Problem
from bot.services import forewarning_form, forewarnings, form_chat
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from prompts.wording import say

Row = dict[str, Any]


def word(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Word it] opens a form with the words as they are."""
    subject = str(pressed.data["warning"])
    return form_chat.begin(unit, event.origin, who(unit, event.origin), forewarning_form.SCRIPT, subject)


def _then(
    do: Callable[[Unit, int, PersonId], Problem | None],
) -> Callable[[Unit, ButtonPressed, Pressed], Reply | None]:
    def pressed_it(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
        problem = do(unit, int(pressed.data["warning"]), pressed.person_id or PersonId(0))
        if problem is None:
            return None
        return answer(unit, event.origin, who(unit, event.origin), say(problem.key, **problem.values))

    return pressed_it


BUTTONS = {
    "forewarning.word": word,
    "forewarning.release": _then(lambda unit, one, by: forewarnings.decide(unit, one, by, release=True)),
    "forewarning.withhold": _then(lambda unit, one, by: forewarnings.decide(unit, one, by, release=False)),
    "forewarning.acknowledge": _then(lambda unit, one, by: forewarnings.acknowledge(unit, one, by, told=False)),
    "forewarning.told": _then(lambda unit, one, by: forewarnings.acknowledge(unit, one, by, told=True)),
}
