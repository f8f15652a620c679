"""Keep a message on the case card, and find words in this case: `/keep`, `/find WORDS`, the Keep shortcut."""

from __future__ import annotations

from typing import Any

from bot.domain.events import ButtonPressed, CommandReceived, Origin, ShortcutInvoked
from bot.domain.ids import MessageId, PersonId
from bot.domain.outbound import Reply
from bot.domain.problems import Problem
from bot.services import keeping
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from handlers.naming import named, standing_at
from handlers.places import find_seat
from prompts.wording import say

Row = dict[str, Any]


def typed(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """Keep the message that is named or replied to, whoever said it."""
    assert person is not None
    message = named(unit, event, person, event.args)
    if message is None:
        return answer(unit, event.origin, person, say("case.which_message", command=say("case.command.keep")))
    return _said(unit, event.origin, keeping.keep(unit, message, PersonId(person["person_id"])))


def shortcut(unit: Unit, event: ShortcutInvoked, person: Row) -> Reply | None:
    """The Keep shortcut on a message."""
    message = standing_at(unit, event.origin.place, event.message_id)
    if message is None:
        return answer(unit, event.origin, person, say("keep.not_here"))
    return _said(unit, event.origin, keeping.keep(unit, message, PersonId(person["person_id"])))


def off(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Take it off the card]"""
    assert pressed.person_id is not None
    return _said(unit, event.origin, keeping.take_off(unit, MessageId(pressed.data["message"]), pressed.person_id))


def find(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """Look for words in this case."""
    assert person is not None
    found = find_seat(unit, event.origin, person, event.reply_to)
    if found.seat is None:
        return answer(unit, event.origin, person, say("case.command_in_room", command=say("case.command.find")))
    hits = keeping.search(unit, found.seat, event.args)
    if isinstance(hits, Problem):
        return answer(unit, event.origin, person, say(hits.key, **hits.values))
    keeping.show(unit, found.seat, hits)
    return None


def jump(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Go to #3]"""
    assert pressed.person_id is not None
    return _said(unit, event.origin, keeping.jump(unit, MessageId(pressed.data["message"]), pressed.person_id))


def _said(unit: Unit, origin: Origin, problem: Problem | None) -> Reply | None:
    if problem is None:
        return None
    return answer(unit, origin, who(unit, origin), say(problem.key, **problem.values))


COMMANDS = {"keep": typed, "find": find}
SHORTCUTS = {"keep": shortcut}
BUTTONS = {"keep.off": off, "find.jump": jump}
