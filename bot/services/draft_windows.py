"""Words written for a card in a window or a changed reply, wherever the card went meanwhile: none of them is lost."""

from __future__ import annotations

import dataclasses
from typing import Any

from bot.domain.drafts import Origin, Sheet
from bot.domain.ids import PersonId
from bot.domain.problems import Problem
from bot.domain.richtext import lines, plain, pre
from bot.services import draft_cards, draft_making, draft_renewal, draft_sources, notices
from bot.services import drafts as service
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, drafts, messages, seats

Row = dict[str, Any]


def put(unit: Unit, draft: Row, presser: PersonId, words: str, patient: str | None) -> Problem | None:
    """They stand on the card, or on the one that took its place; a Problem if they fit no card, or if there is none."""
    problem = service.edit(unit, draft, presser, words, patient)
    if problem is None or draft_making.unfit(words, _patient(unit, draft, patient)) is not None:
        return problem
    return draft_renewal.edited_late(unit, draft, presser, words, patient)


def came_back(unit: Unit, draft: Row, presser: PersonId, words: str, patient: str | None) -> Problem | None:
    """A window came back: a Problem if its words are to be mended there. Else they stand before the specialist."""
    problem = put(unit, draft, presser, words, patient)
    if problem is None:
        return None
    whole = _patient(unit, draft, patient)
    unfit = draft_making.unfit(words, whole)
    if unfit is not None:
        return unfit
    if not _anew(unit, draft, presser, words, whole):
        give_back(unit, draft, presser, words, patient or "", problem)
        return None
    seat = seats.of_case(unit.tx, draft["case_id"], "specialist")
    assert seat is not None
    notices.to_seat(unit, seat, f"{say(problem.key, **problem.values)} {say('draft.window.on_a_card')}")
    return None


def give_back(unit: Unit, draft: Row, person: PersonId, words: str, patient: str, problem: Problem) -> None:
    """No card can hold them any more: they come back to who wrote them, with the reason and what to do."""
    said = "\n\n".join(one for one in (words.strip(), patient.strip()) if one)
    told = say(problem.key, **problem.values)
    text = plain(told)
    if said:
        text = lines(f"{told} {say('draft.window.came_back')}", pre(said))
    seat = seats.of_case(unit.tx, draft["case_id"], "specialist")
    unit.audit(draft["case_id"], f"person:{person}", "draft.words_returned", draft=draft["id"])
    if seat is not None and seat["person_id"] == person and seat["state"] in ("opening", "open", "held"):
        notices.to_seat(unit, seat, text)
    else:
        case = cases.get(unit.tx, draft["case_id"])
        notices.to_person(unit, person, text if case is None else plain(f"{case['ref']} · ") + text)


def _patient(unit: Unit, draft: Row, patient: str | None) -> str:
    return draft_cards.sheet_of(unit, draft).patient if patient is None else patient


def _anew(unit: Unit, draft: Row, presser: PersonId, words: str, patient: str) -> bool:
    """Its card is settled: the words stand on one of their own, with [Send this], where there may be one."""
    case = cases.get(unit.tx, draft["case_id"])
    question = messages.newest_of(unit.tx, draft["case_id"], "dentist")
    if case is None or question is None or case["specialist_id"] != presser:
        return False
    newest = drafts.newest(unit.tx, case["id"])
    if newest is not None and (newest["state"] == "open" or newest["to_tell"]):
        return False  # another card stands there, or is about to
    strict = draft_making.still_strict(unit, draft, question)
    sheet, origin = Sheet(body=words, patient=patient, replied=True, strict=strict), Origin.TYPED
    before = draft_cards.sheet_of(unit, draft)
    if draft_sources.holds_erased(unit, dataclasses.replace(before, body=words, patient=patient)):
        return False
    if draft["origin"] != Origin.TYPED and draft["state"] != "withdrawn":
        sheet, origin = dataclasses.replace(before, body=words, patient=patient, note="", replied=True), Origin.EDITED
    return draft_making.make(unit, case, question, sheet, origin) is not None
