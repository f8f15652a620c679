"""A draft as it is made: an entry's answer with the facts of the case, kept sealed, bound, and shown on a card."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.drafts import TEXT_MOST, Fact, Option, Origin, Sheet, length, word_distance
from bot.domain.ids import DraftId
from bot.domain.problems import Problem
from bot.ports.drafter import SHOWN
from bot.ports.writer import Outcome, Written
from bot.services import case_facts, draft_cards, draft_stops
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, drafts, seats

Row = dict[str, Any]
OWN = "own:"
"""Begins the topic of an answer that a specialist keeps for themselves."""


def ranked(own: Sequence[Option], library: Sequence[Option]) -> tuple[Option, ...]:
    """What a card offers: the specialist's own answers first, and always the library's best."""
    return (*own[: SHOWN - 1 if library else SHOWN], *library)[:SHOWN]


def strict(options: Sequence[Option]) -> bool:
    """Whether the library's best answer has facts to tick: they stand whatever is sent instead of it."""
    best = next((one for one in options if not one.topic.startswith(OWN)), None)
    return best is not None and best.flagged


def still_strict(unit: Unit, before: Row | None, question: Row) -> bool:
    """Whether a card that is made of other words takes the place of one with facts to tick, or is for its question."""
    if before is None or (before["state"] not in ("open", "void") and before["question_id"] != question["id"]):
        return False
    return draft_cards.sheet_of(unit, before).flagged


def unfit(words: str, patient: str = "") -> Problem | None:
    """Why words cannot stand on a card."""
    if not words.strip():
        return Problem.of("draft.empty")
    found = length(words, patient)
    return Problem.of("draft.too_long", most=TEXT_MOST, length=found) if found > TEXT_MOST else None


def first_sheet(options: Sequence[Option], facts: Mapping[str, Fact], written: Written | None) -> tuple[Sheet, Origin]:
    """What a new card shows: the best answer verbatim, or in a model's words where those hold; which of the two."""
    sheet, origin = fill(Sheet(options=tuple(options), strict=strict(options)), facts), Origin.LIBRARY
    room = TEXT_MOST - length(sheet.patient)
    if written is not None and written.outcome is Outcome.WRITTEN and length(written.text) <= room:
        sheet, origin = dataclasses.replace(sheet, body=written.text, note="model"), Origin.MODEL
    elif written is not None:
        note = "ungrounded" if written.outcome is Outcome.UNGROUNDED else "no_model"
        sheet = dataclasses.replace(sheet, note=note)
    return dataclasses.replace(sheet, first=sheet.said), origin


def fill(sheet: Sheet, facts: Mapping[str, Fact]) -> Sheet:
    """The chosen entry's answer verbatim, with the facts of the case and what is to be asked first.

    Where these make it longer than a card holds they stand on the card alone.
    """
    option = sheet.option
    assert option is not None
    known, unknown = case_facts.fitting(facts, option.ask_first, option.answer)
    parts = [option.answer]
    if known:
        parts.append(say("draft.this_case", facts="; ".join(case_facts.line(one) for one in known)))
    if unknown:
        parts.append(say("draft.ask_first", items=unknown))
    while len(parts) > 1 and length("\n\n".join(parts), option.patient) > TEXT_MOST:
        parts.pop()
    body = "\n\n".join(parts)
    return dataclasses.replace(sheet, body=body, patient=option.patient, facts=known, unknown=tuple(unknown), note="")


def make(
    unit: Unit,
    case: Row,
    question: Row,
    sheet: Sheet,
    origin: Origin,
    *,
    first_no: int = 0,
    root_id: int = 0,
    anew: bool = True,
) -> DraftId | None:
    """Keep a draft and show its card; None if nobody may be shown one."""
    seat = seats.of_case(unit.tx, case["id"], "specialist")
    if seat is None or case["state"] != "open" or question["state"] == "withdrawn":
        return None
    cases.lock(unit.tx, case["id"])  # nothing that stops it comes in between
    if draft_stops.standing(unit, case["id"]):
        return None
    draft_id = DraftId(unit.new_id())
    text = whole(unit, seat, sheet, origin)
    sealed, sheet_sealed = draft_cards.seal(unit, case["id"], draft_id, 1, text, sheet)
    no = drafts.add(
        unit.tx,
        {
            "id": draft_id,
            "case_id": case["id"],
            "question_id": question["id"],
            "question_version": question["version"],
            "recipient_id": case["dentist_id"],
            "specialist_id": case["specialist_id"],
            "case_epoch": case["epoch"],
            "topic": topic(sheet),
            "text_sealed": sealed,
            "text_hash": binding(unit, text, sheet, case, question),
            "made_at": unit.now,
            "root_id": root_id or draft_id,
            "origin": origin.value,
            "first_no": first_no or question["no"],
            "upto_no": case["last_no"],
            "sheet_sealed": sheet_sealed,
            "words": len(sheet.first.split()),
            "distance": word_distance(sheet.first, sheet.said) if sheet.first else 0,
        },
    )
    unit.audit(
        case["id"],
        "service",
        "draft.offered",
        draft=draft_id,
        no=no,
        topic=topic(sheet),
        candidates=",".join(f"{one.topic}:{one.version}" for one in sheet.options),
        origin=origin.value,
        question=question["id"],
        root=root_id or draft_id,
    )
    draft = drafts.get(unit.tx, draft_id)
    assert draft is not None
    draft_cards.show(unit, seat, draft, anew=anew)
    return draft_id


def binding(unit: Unit, text: str, sheet: Sheet, case: Row, question: Row) -> str:
    """What an approval is bound to. Nothing is ever attached to a draft, and that is part of it."""
    people = (case["dentist_id"], case["specialist_id"], case["epoch"])
    shape = f"patient:{len(sheet.patient)}"  # how much of the text stands as words for the patient
    return unit.hash("draft", text, shape, "attachments:0", *map(str, (*people, question["id"], question["version"])))


def whole(unit: Unit, seat: Row, sheet: Sheet, origin: Origin) -> str:
    """What would be sent: the answer, under it what it began as, and last the words for the patient."""
    line = draft_cards.byline(
        origin, seat["person_name"], shown=unit.rules.draft_byline, own=topic(sheet).startswith(OWN)
    )
    patient = f"{say('draft.for_patient')}\n{sheet.patient}" if sheet.patient else ""
    return "\n\n".join(filter(None, (sheet.body, line, patient)))


def topic(sheet: Sheet) -> str:
    """The entry it was made from; empty for the specialist's own words."""
    return sheet.option.topic if sheet.option is not None else ""
