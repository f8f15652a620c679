"""`/until seat|aligner|attachment WORDS`: the specialist's own line for this case until they answer."""

from __future__ import annotations

from typing import Any

from bot.domain.events import CommandReceived
from bot.domain.ids import CaseId
from bot.domain.outbound import Reply
from bot.services import rooms, standing_lines
from bot.services.unit import Unit
from handlers.answers import answer
from handlers.places import find_seat
from prompts.wording import say

Row = dict[str, Any]
TYPED = {say(f"standing.typed.{kind}"): kind for kind in standing_lines.KINDS}


def signed(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """Sign a line, or take it back by typing none."""
    assert person is not None
    seat = find_seat(unit, event.origin, person, event.reply_to).seat
    if seat is None or seat["side"] != "specialist":
        return answer(unit, event.origin, person, say("case.command_in_room", command=say("case.command.until")))
    word, _, words = event.args.strip().partition(" ")
    problem = standing_lines.sign(unit, seat, TYPED.get(word.lower(), ""), words)
    if problem is not None:
        return answer(unit, event.origin, person, say(problem.key, **problem.values))
    rooms.refresh_card(unit, CaseId(seat["case_id"]))
    return answer(unit, event.origin, person, say("standing.signed" if words.strip() else "standing.taken_back"))


COMMANDS = {"until": signed}
