"""The dates of a case: `/timeline` says where they stand, and a button moves them."""

from __future__ import annotations

from typing import Any

from bot.domain.events import CommandReceived
from bot.domain.ids import CaseId, PersonId
from bot.domain.outbound import Reply
from bot.domain.richtext import bold, lines
from bot.services import buttons, notices, reflow, timelines
from bot.services.unit import Unit
from handlers.answers import answer
from handlers.places import find_seat
from prompts.wording import say
from storage import cases

Row = dict[str, Any]


def timeline(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """Finish, next steps and deadline, with a button that moves them."""
    assert person is not None
    found = find_seat(unit, event.origin, person, event.reply_to)
    if found.seat is None:
        return answer(unit, event.origin, person, say("case.command_in_room", command=say("case.command.timeline")))
    case_id = CaseId(found.seat["case_id"])
    case = cases.get(unit.tx, case_id)
    made = timelines.current(unit, case_id)
    if made is None or case is None:
        return answer(unit, event.origin, person, say("timeline.problem.no_plan"))
    rows = reflow.difference(None, made, timelines.today_of(unit, case))
    button = buttons.make(
        unit,
        "retime.open",
        person_id=PersonId(person["person_id"]),
        label=say("timeline.button.move"),
        case_id=case_id,
        case_epoch=int(found.seat["case_epoch"]),
        data={"subject": str(case_id)},
        once=False,
    )
    head = bold(say("timeline.title", ref=found.seat["ref"]))
    notices.to_seat(unit, found.seat, lines(head, *rows), buttons=((button,),), silent=True)
    return None


COMMANDS = {"timeline": timeline}
