"""A private note: `/note TEXT`, and the answer to "note or message?"."""

from __future__ import annotations

from typing import Any

from bot.domain.events import ButtonPressed, CommandReceived, MessageReceived
from bot.domain.ids import CaseId, PersonId
from bot.domain.outbound import Reply
from bot.domain.richtext import plain
from bot.services import form_chat, holding, intake
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from handlers.places import find_seat
from prompts.wording import say

Row = dict[str, Any]


def note(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """Keep a line for this case that is never passed on."""
    assert person is not None
    found = find_seat(unit, event.origin, person, event.reply_to)
    if found.seat is None:
        return answer(unit, event.origin, person, say("case.command_in_room", command=say("case.command.note")))
    if not event.args.strip():
        return answer(unit, event.origin, person, say("case.note_empty"))
    holding.write_note(unit, CaseId(found.seat["case_id"]), PersonId(person["person_id"]), event.args.strip())
    return answer(unit, event.origin, person, say("held.kept"))


def misspelt(unit: Unit, event: CommandReceived, person: Row) -> Reply | None:
    """An unknown command in a case's room may be words for the other side, or not: it is held, never guessed."""
    found = find_seat(unit, event.origin, person, event.reply_to)
    if found.seat is None or event.message_id is None:
        return answer(unit, event.origin, person, say("case.unknown_command", command=event.name))
    text = f"/{event.name} {event.args}".rstrip()
    holding.ask_note(unit, found.seat, MessageReceived(event.origin, event.message_id, plain(text), event.reply_to))
    return None


def send_held(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The held message goes to the case the person named."""
    case_id = pressed.data.get("case") or _case_of(unit, pressed)
    sent = case_id is not None and holding.send(unit, pressed.data["held"], CaseId(case_id), _presser(pressed))
    return answer(unit, event.origin, who(unit, event.origin), say("held.sent" if sent else "held.settled"))


def keep_held(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The held message stays a private note."""
    case_id = _case_of(unit, pressed)
    kept = case_id is not None and holding.keep_private(unit, pressed.data["held"], CaseId(case_id), _presser(pressed))
    return answer(unit, event.origin, who(unit, event.origin), say("held.kept" if kept else "held.settled"))


def discard_held(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The held message goes nowhere."""
    gone = holding.discard(unit, pressed.data["held"], _presser(pressed))
    return answer(unit, event.origin, who(unit, event.origin), say("held.discarded" if gone else "held.settled"))


def new_case(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The held message is for a case that does not exist yet: the form first, then the question again."""
    if who(unit, event.origin)["role"] != "dentist":
        return answer(unit, event.origin, who(unit, event.origin), say("case.only_dentists"))
    holding.ask_later(unit, pressed.data["held"])
    return form_chat.begin(unit, event.origin, who(unit, event.origin), intake.SCRIPT)


def _case_of(unit: Unit, pressed: Pressed) -> int | None:
    return holding.case_of(unit, pressed.data["held"])


def _presser(pressed: Pressed) -> PersonId:
    if pressed.person_id is None:
        raise LookupError("this button is for people in the roster")
    return pressed.person_id


COMMANDS = {"note": note}
BUTTONS = {
    "held.case": send_held,
    "held.send": send_held,
    "held.keep": keep_held,
    "held.discard": discard_held,
    "held.new": new_case,
}
