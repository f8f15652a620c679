"""A draft from the library for the specialist's own words: `/faq WORDS`."""

from __future__ import annotations

from typing import Any

from bot.domain.events import CommandReceived
from bot.domain.outbound import Reply
from bot.services import draft_lookup
from bot.services.unit import Unit
from handlers.answers import answer
from handlers.places import find_seat
from prompts.wording import say

Row = dict[str, Any]


def typed(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """Make a draft card of the best entries for the words, in the room of the case."""
    assert person is not None
    found = find_seat(unit, event.origin, person, event.reply_to)
    if found.seat is None:
        return answer(unit, event.origin, person, say("case.command_in_room", command=say("case.command.faq")))
    problem = draft_lookup.ask(unit, found.seat, event.args)
    return None if problem is None else answer(unit, event.origin, person, say(problem.key, **problem.values))


COMMANDS = {"faq": typed}
