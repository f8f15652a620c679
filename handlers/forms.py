"""Forms: the buttons under their questions, the windows that come back, and giving one up half-way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.domain.events import ButtonPressed, CommandReceived, FormSubmitted, MessageReceived
from bot.domain.outbound import Reply
from bot.services import (
    faq_form,
    forewarning_form,
    form_chat,
    form_native,
    intake,
    learn_forms,
    plan_form,
    refine_forms,
    retime_form,
    snoozing,
)
from bot.services.buttons import Pressed
from bot.services.form_script import Script
from bot.services.unit import Unit
from handlers.answers import answer, who
from prompts.wording import say

Row = dict[str, Any]
SCRIPTS = (
    intake.SCRIPT,
    plan_form.SCRIPT,
    retime_form.SCRIPT,
    forewarning_form.SCRIPT,
    faq_form.SCRIPT,
    snoozing.SCRIPT,
    learn_forms.PHRASE_SCRIPT,
    learn_forms.ENTRY_SCRIPT,
    learn_forms.OWN_SCRIPT,
    refine_forms.SCAN_SCRIPT,
    refine_forms.SET_SCRIPT,
)


def answered(unit: Unit, event: MessageReceived, person: Row) -> bool:
    """A line of the private chat that answers a form's question; False if none is being asked."""
    return form_chat.answer_text(unit, event, person, SCRIPTS)


def edited(unit: Unit, person: Row) -> None:
    """A line of the private chat was changed that may have been an answer."""
    form_chat.edited(unit, person, SCRIPTS)


def cancel(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """Give up the form that is under way."""
    assert person is not None
    given_up = [form_chat.cancel(unit, person, script) for script in SCRIPTS]
    if any(given_up):
        return None
    return answer(unit, event.origin, person, say("form.nothing_to_cancel"))


def _step(script: Script) -> Callable[[Unit, ButtonPressed, Pressed], Reply | None]:
    def step(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
        form_chat.pressed(unit, who(unit, event.origin), pressed, script)
        return None

    return step


def _open(script: Script) -> Callable[[Unit, ButtonPressed, Pressed], Reply | None]:
    def open_form(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
        subject = str(pressed.data.get("subject", ""))
        return form_chat.begin(unit, event.origin, who(unit, event.origin), script, subject)

    return open_form


def _submitted(script: Script) -> Callable[[Unit, FormSubmitted, Pressed], Reply | None]:
    def submitted(unit: Unit, event: FormSubmitted, pressed: Pressed) -> Reply | None:
        account = who(unit, event.origin)
        problem = script.hindrance(unit, account, str(pressed.data.get("subject", "")))
        if problem is not None:
            if form_native.hand_back(unit, account, script, event.values, problem):
                return None
            return answer(unit, event.origin, account, say(problem.key, **problem.values))
        return form_native.submitted(unit, event, account, pressed, script)

    return submitted


COMMANDS = {"cancel": cancel}
BUTTONS = {
    **{f"{script.form.name}.step": _step(script) for script in SCRIPTS},
    **{f"{script.form.name}.open": _open(script) for script in SCRIPTS},
}
FORMS = {f"form.{script.form.name}": _submitted(script) for script in SCRIPTS}
