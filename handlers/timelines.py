"""The dates of a case: `/timeline` draws where they stand, and a button below the picture moves them."""

from __future__ import annotations

from typing import Any

from bot.domain.events import CommandReceived
from bot.domain.outbound import Reply
from bot.services import drawings
from bot.services.unit import Unit
from handlers.answers import answer
from handlers.places import find_seat
from prompts.wording import say

Row = dict[str, Any]


def timeline(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """A picture of the plan, with what it shows in words."""
    assert person is not None
    found = find_seat(unit, event.origin, person, event.reply_to)
    if found.seat is None:
        return answer(unit, event.origin, person, say("case.command_in_room", command=say("case.command.timeline")))
    problem = drawings.ask(unit, found.seat)
    return None if problem is None else answer(unit, event.origin, person, say(problem.key, **problem.values))


COMMANDS = {"timeline": timeline}
