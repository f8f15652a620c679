"""Urgent: the message shortcut, `/urgent N`, or a reply with the bare command; [I have it] and [Not urgent]."""

from __future__ import annotations

from typing import Any

from bot.domain.events import ButtonPressed, CommandReceived, Origin, ShortcutInvoked
from bot.domain.outbound import Reply
from bot.domain.problems import Problem
from bot.services import corrections, urgency
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from handlers.naming import named, standing_at
from prompts.wording import say

Row = dict[str, Any]


def typed(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """Mark one of the person's own messages."""
    assert person is not None
    message = named(unit, event, person, event.args)
    if message is None:
        return answer(unit, event.origin, person, say("case.which_message", command=say("case.command.urgent")))
    return _mark(unit, event.origin, person, message)


def shortcut(unit: Unit, event: ShortcutInvoked, person: Row) -> Reply | None:
    """The Urgent shortcut on a message."""
    message = standing_at(unit, event.origin.place, event.message_id)
    if message is None:
        return answer(unit, event.origin, person, say("case.not_yours"))
    return _mark(unit, event.origin, person, message)


def seen(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[I have it]"""
    assert pressed.person_id is not None
    return _said(unit, event.origin, urgency.seen(unit, pressed.data["urgent"], pressed.person_id))


def stopped(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Not urgent]"""
    assert pressed.person_id is not None
    return _said(unit, event.origin, urgency.not_urgent(unit, pressed.data["urgent"], pressed.person_id))


def _mark(unit: Unit, origin: Origin, person: Row, message: Row) -> Reply | None:
    if message["person_id"] != person["person_id"]:
        return answer(unit, origin, person, say("case.not_yours"))
    problem = corrections.refusal(unit, message)
    if problem is not None:
        return answer(unit, origin, person, say("urgent.closed" if problem.key == "case.closed_room" else problem.key))
    return _said(unit, origin, urgency.mark(unit, message))


def _said(unit: Unit, origin: Origin, problem: Problem | None) -> Reply | None:
    """The lines themselves show what came of it; only what went wrong needs words."""
    if problem is None:
        return None
    return answer(unit, origin, who(unit, origin), say(problem.key, **problem.values))


COMMANDS = {"urgent": typed}
SHORTCUTS = {"urgent": shortcut}
BUTTONS = {"urgent.seen": seen, "urgent.stop": stopped}
