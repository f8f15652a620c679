"""Answer the line that counts the records photos: which view is missing, or that there are no more."""

from __future__ import annotations

from bot.domain.events import ButtonPressed
from bot.domain.ids import PersonId
from bot.domain.outbound import Reply, Toast
from bot.domain.problems import Problem
from bot.services import photo_series
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from prompts.wording import say


def view(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The dentist names a view that is missing."""
    person_id = PersonId(who(unit, event.origin)["person_id"])
    return _done(unit, event, photo_series.name_missing(unit, pressed.data["series"], pressed.data["view"], person_id))


def as_is(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """There are no more."""
    person_id = PersonId(who(unit, event.origin)["person_id"])
    return _done(unit, event, photo_series.send_as_is(unit, pressed.data["series"], person_id))


def _done(unit: Unit, event: ButtonPressed, problem: Problem | None) -> Reply | None:
    if problem is not None:
        return answer(unit, event.origin, who(unit, event.origin), say(problem.key, **problem.values))
    return Toast(say("photos.noted")) if event.origin.live else None  # the line itself says it to anybody later


BUTTONS = {"photos.view": view, "photos.as_is": as_is}
"""What the line's buttons do."""
