"""Start a new case: `/new`, the form or its questions, and giving up half-way."""

from __future__ import annotations

from typing import Any

from bot.domain.events import ButtonPressed, CommandReceived, FormSubmitted
from bot.domain.outbound import Reply
from bot.services import intake, intake_native
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from prompts.wording import say

Row = dict[str, Any]


def new(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """Begin the intake form. A dentist whose account is still being checked may do it too."""
    assert person is not None
    return intake.begin(unit, event.origin, person)


def cancel(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """Give up the form that is under way."""
    assert person is not None
    if intake.cancel(unit, person):
        return None
    return answer(unit, event.origin, person, say("intake.nothing_to_cancel"))


def step(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """A button under one of the form's questions."""
    intake.pressed(unit, who(unit, event.origin), pressed)
    return None


def open_form(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Open the form]"""
    return intake.begin(unit, event.origin, who(unit, event.origin))


def submitted(unit: Unit, event: FormSubmitted, pressed: Pressed) -> Reply | None:
    """The form came back whole."""
    account = who(unit, event.origin)
    problem = intake.hindrance(unit, account)
    if problem is not None:
        return answer(unit, event.origin, account, say(problem.key, **problem.values))
    return intake_native.submitted(unit, event, account, pressed)


COMMANDS = {"new": new, "cancel": cancel}
BUTTONS = {"intake.step": step, "intake.open": open_form}
FORMS = {"form.intake": submitted}
