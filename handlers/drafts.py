"""Approve or dismiss a draft: by its buttons, or typed as `/approve N`."""

from __future__ import annotations

from typing import Any

from bot.domain.events import ButtonPressed, CommandReceived
from bot.domain.ids import PersonId
from bot.domain.outbound import Reply
from bot.services import drafts as service
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from handlers.places import find_seat
from prompts.wording import say
from storage import drafts

Row = dict[str, Any]


def approve_pressed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """Send what the card shows."""
    draft = drafts.get(unit.tx, pressed.data["draft"])
    person = who(unit, event.origin)
    if draft is None or service.approve(unit, draft, PersonId(person["person_id"])) is None:
        return answer(unit, event.origin, person, say("draft.void"))
    return None


def dismiss_pressed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """Send nothing."""
    draft = drafts.get(unit.tx, pressed.data["draft"])
    person = who(unit, event.origin)
    if draft is None or not service.dismiss(unit, draft, PersonId(person["person_id"])):
        return answer(unit, event.origin, person, say("draft.void"))
    return None


def approve(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """`/approve N`: the typed way to press the button."""
    assert person is not None
    found = find_seat(unit, event.origin, person, event.reply_to)
    number = event.args.strip().lstrip("#")
    if found.seat is None:
        return answer(unit, event.origin, person, say("case.command_in_room", command=say("case.command.approve")))
    if not number.isdecimal() or len(number) > 9:
        return answer(unit, event.origin, person, say("draft.usage"))
    draft = drafts.by_no(unit.tx, found.seat["case_id"], int(number))
    if draft is None or draft["specialist_id"] != person["person_id"] or not service.was_shown(unit, draft):
        return answer(unit, event.origin, person, say("draft.none"))
    if service.approve(unit, draft, PersonId(person["person_id"])) is None:
        return answer(unit, event.origin, person, say("draft.void"))
    return None


COMMANDS = {"approve": approve}
BUTTONS = {"draft.approve": approve_pressed, "draft.dismiss": dismiss_pressed}
