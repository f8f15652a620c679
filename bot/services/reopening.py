"""A message to a case that is over: its words are kept, and one tap opens the case again with them."""

from __future__ import annotations

from typing import Any

from bot.domain import redflags
from bot.domain.case_states import OVER
from bot.domain.events import MessageReceived
from bot.domain.ids import HeldId, PersonId
from bot.domain.names import short_name
from bot.domain.outbound import Button
from bot.services import buttons, closing, notices, rooms
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases

Row = dict[str, Any]
MOST = 3
"""Cases offered where nothing tells which one is meant."""


def of(unit: Unit, row: Row) -> list[Row]:
    """The cases a kept message may be for."""
    if row["case_id"] is None:
        return cases.over_of(unit.tx, row["person_id"], MOST)
    case = cases.get(unit.tx, row["case_id"])
    return [case] if case is not None and case["state"] in OVER else []


def question(unit: Unit, person_id: PersonId, held_id: HeldId, event: MessageReceived, over: list[Row]) -> None:
    """[Reopen with Dr Johal] for each case, [New case] for a dentist, [Discard]."""
    rows = [(button(unit, person_id, case, held_id, alone=len(over) == 1),) for case in over]
    last = [_other(unit, "held.discard", person_id, held_id, say("held.button.discard"))]
    if any(case["dentist_id"] == person_id for case in over):
        last.insert(0, _other(unit, "held.new", person_id, held_id, say("held.button.new")))
    words = say("case.over", ref=over[0]["ref"]) if len(over) == 1 else say("case.over_all")
    if redflags.found(event.body.text):
        words = f"{say('relay.emergency')}\n\n{words}"
    notices.to_place_of(unit, person_id, event.origin, words, buttons=(*rows, tuple(last)))


def button(unit: Unit, person_id: PersonId, case: Row, held_id: HeldId | None = None, *, alone: bool = True) -> Button:
    """[Reopen with Dr Johal], and with what was kept for the case, if anything; `alone` where no other is meant."""
    specialist, dentist = closing.former(unit, case), case["dentist_id"]
    other = rooms.line_of(unit, case, "dentist" if dentist == person_id else "specialist")
    if not alone:
        label = say("case.reopen_line", case=other)
    elif specialist is None:
        label = say("case.reopen_any")
    elif specialist["id"] == person_id:
        label = say("case.reopen")
    else:
        label = say("case.reopen_with", name=short_name(specialist["name"]))
    group = "" if held_id is None else f"held:{held_id}"
    return buttons.for_case(unit, case, person_id, "case.reopen", label, data={"held": held_id or 0}, group=group)


def _other(unit: Unit, action: str, person_id: PersonId, held_id: HeldId, label: str) -> Button:
    return buttons.make(unit, action, person_id=person_id, label=label, data={"held": held_id}, group=f"held:{held_id}")
