"""Wrong case: the message shortcut, a reply with the bare `/wrong`, or `/wrong N REF`; then a tap on the right one."""

from __future__ import annotations

from typing import Any

from bot.domain.events import ButtonPressed, CommandReceived, Origin, ShortcutInvoked
from bot.domain.ids import CaseId, MessageId, PersonId
from bot.domain.outbound import Reply
from bot.domain.problems import Problem
from bot.domain.references import parse_reference
from bot.services import wrong_case
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from handlers.naming import named, standing_at
from prompts.wording import say
from storage import cases

Row = dict[str, Any]


def typed(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """With a case's reference the message moves at once; without one its author is asked."""
    assert person is not None
    first, _, rest = event.args.strip().partition(" ")
    number, reference = (first, rest) if first.lstrip("#").isdecimal() else ("", event.args)
    message = named(unit, event, person, number)
    if message is None:
        return answer(unit, event.origin, person, say("case.which_message", command=say("case.command.wrong")))
    if not reference.strip():
        return _said(unit, event.origin, wrong_case.ask(unit, message, PersonId(person["person_id"])))
    ref = parse_reference(reference)
    case = None if ref is None else cases.by_ref(unit.tx, ref)
    if case is None:
        return answer(unit, event.origin, person, say("wrong.not_there"))
    problem = wrong_case.move(unit, MessageId(message["id"]), CaseId(case["id"]), PersonId(person["person_id"]))
    return _said(unit, event.origin, problem)


def shortcut(unit: Unit, event: ShortcutInvoked, person: Row) -> Reply | None:
    """The Wrong case shortcut on a message."""
    message = standing_at(unit, event.origin.place, event.message_id)
    if message is None:
        return answer(unit, event.origin, person, say("case.not_yours"))
    return _said(unit, event.origin, wrong_case.ask(unit, message, PersonId(person["person_id"])))


def chosen(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The second tap: it goes to that case."""
    assert pressed.person_id is not None
    to = CaseId(pressed.data["to"])
    return _said(unit, event.origin, wrong_case.move(unit, pressed.data["message"], to, pressed.person_id))


def left(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """It was right after all."""
    assert pressed.person_id is not None
    return _said(unit, event.origin, wrong_case.leave(unit, pressed.data["message"], pressed.person_id))


def _said(unit: Unit, origin: Origin, problem: Problem | None) -> Reply | None:
    """The question itself shows what came of it; only what went wrong needs words."""
    if problem is None:
        return None
    return answer(unit, origin, who(unit, origin), say(problem.key, **problem.values))


COMMANDS = {"wrong": typed}
SHORTCUTS = {"wrong": shortcut}
BUTTONS = {"wrong.case": chosen, "wrong.leave": left}
