"""Cards that became void: each says so, and renews in place with what was said since on top and a fresh [Approve].

What the specialist had written on it is kept. Also: a reply to a card, and cards offered again after an outage.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from bot.domain.drafts import Option, Origin, Sheet, parted
from bot.domain.ids import DraftId, PersonId
from bot.domain.problems import Problem
from bot.domain.richtext import RichText
from bot.ports.writer import Written
from bot.services import (
    buttons,
    case_facts,
    corrections,
    draft_cards,
    draft_making,
    draft_reasons,
    draft_sources,
    draft_stops,
)
from bot.services import drafts as service
from bot.services.draft_sources import KEPT
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, drafts, messages, seats

Row = dict[str, Any]
MOST_BACK = 20
"""Messages that a card may look back on."""


def tidy(unit: Unit, limit: int = 20) -> int:
    """Let void cards say what became of them; how many there were.

    Where the dentist's words since are still to be looked at, the fresh card comes with that look; else it comes now.
    """
    rows = drafts.untold(unit.tx, limit)
    for draft in rows:
        drafts.told(unit.tx, draft["id"])
        case = cases.get(unit.tx, draft["case_id"])
        seat = seats.of_case(unit.tx, draft["case_id"], "specialist")
        if case is None or seat is None or seat["state"] not in ("opening", "open", "held"):
            continue
        if draft["state"] == "approved":
            _not_delivered(unit, seat, draft)
        elif not _may_renew(unit, case, draft):
            _say_void(unit, seat, draft)
        elif drafts.waiting_job(unit.tx, case["id"]) is not None:
            draft_cards.say_outcome(unit, seat, draft, say("draft.renewing"))
        else:
            renew(unit, draft)
    return len(rows)


def on_look(
    unit: Unit, question: Row, options: Sequence[Option], first_no: int, written: Written | None = None
) -> DraftId | None:
    """The dentist's words were looked at: a fresh card for them, in the place of one that they made void.

    Without a candidate only such a card renews, as it was.
    """
    case = cases.get(unit.tx, question["case_id"])
    before = drafts.newest(unit.tx, question["case_id"])
    if before is not None and before["state"] == "open":  # what is offered holds
        _tick_first(unit, before, options)
        return None
    renewable = before if before is not None and case is not None and _may_renew(unit, case, before) else None
    if renewable is not None and (not options or renewable["origin"] in KEPT):
        made = renew(unit, renewable, strict=draft_making.strict(options))
        if made is not None or not options:
            return made
        renewable = None  # its words have left with a case
    if renewable is None or case is None:
        return service.offer(unit, question, options, first_no, written)
    sheet, origin = draft_making.first_sheet(options, case_facts.of_case(unit, case), written)
    return _again(unit, case, renewable, sheet, origin)


def renew(unit: Unit, draft: Row, *, strict: bool = False) -> DraftId | None:
    """The same words again under what was said since, to be approved afresh; `strict`: with facts to tick from now."""
    case = cases.get(unit.tx, draft["case_id"])
    if case is None or not _may_renew(unit, case, draft):
        return None
    sheet = draft_cards.sheet_of(unit, draft)
    sheet = dataclasses.replace(sheet, strict=sheet.strict or strict)
    return _again(unit, case, draft, sheet, Origin(draft["origin"]))


def edited_late(unit: Unit, draft: Row, presser: PersonId, words: str, patient: str | None) -> Problem | None:
    """Words written for a card that became void meanwhile are not lost: they stand on a fresh one."""
    sheet = draft_cards.sheet_of(unit, draft)
    sheet = dataclasses.replace(sheet, body=words, patient=sheet.patient if patient is None else patient, note="")
    problem = draft_making.unfit(words, sheet.patient)
    case = cases.get(unit.tx, draft["case_id"])
    if problem is not None or case is None or case["specialist_id"] != presser:
        return problem or draft_reasons.why(unit, draft, presser)
    newest = drafts.newest(unit.tx, draft["case_id"])
    if newest is not None and newest["state"] == "open":  # it renewed while they wrote
        return service.edit(unit, newest, presser, words, patient)
    if not _may_renew(unit, case, draft):
        return draft_reasons.why(unit, draft, presser)
    origin = Origin.TYPED if draft["origin"] == Origin.TYPED else Origin.EDITED
    made = _again(unit, case, draft, sheet, origin)
    return None if made is not None else draft_reasons.why(unit, draft, presser)


def replied(unit: Unit, seat: Row, words: str) -> Problem | None:
    """A reply to a card is never relayed as it is: it makes a new card, to be sent by its own button.

    Words for the patient stand below a line of their own; without it those of an open card stay.
    """
    words, patient = parted(words, say("draft.patient_mark"))
    case = cases.get(unit.tx, seat["case_id"])
    question = messages.newest_of(unit.tx, seat["case_id"], "dentist")
    if case is None or question is None:
        return Problem.of("draft.reply.no_question")
    before = drafts.newest(unit.tx, case["id"])
    strict = draft_making.still_strict(unit, before, question)
    sheet, origin = Sheet(body=words, patient=patient or "", replied=True, strict=strict), Origin.TYPED
    open_ = before if before is not None and before["state"] == "open" else None
    if open_ is not None:
        standing = draft_cards.sheet_of(unit, open_)
        kept = standing.patient if patient is None else patient
        if words or patient is None:
            sheet = dataclasses.replace(sheet, patient=kept)
        else:  # the words for the patient alone are changed
            sheet = dataclasses.replace(sheet, body=standing.body, patient=kept)
        if open_["origin"] != Origin.TYPED and standing.option is not None:
            sheet = dataclasses.replace(standing, body=sheet.body, patient=kept, note="", replied=True)
            origin = Origin.EDITED
    problem = draft_making.unfit(sheet.body, sheet.patient)
    if problem is not None:
        return problem
    if open_ is not None:
        replaced(unit, seat, open_)
    made = draft_making.make(unit, case, question, sheet, origin)
    return None if made is not None else draft_reasons.of_reply(unit, case)


def replaced(unit: Unit, seat: Row, draft: Row) -> None:
    """A newer card takes the place of one that is open, or that would still renew: it says where to look."""
    if draft["state"] == "open":
        drafts.settle(unit.tx, draft["id"], "void", unit.now)
    elif draft["state"] != "void" or not draft["to_tell"]:
        return
    drafts.told(unit.tx, draft["id"])
    unit.audit(draft["case_id"], f"person:{seat['person_id']}", "draft.replaced", draft=draft["id"])
    draft_cards.say_outcome(unit, seat, draft, say("draft.replaced"))


def offer_again(unit: Unit, platform: str) -> int:
    """Presses may have been lost on a platform: every open card is posted again with fresh buttons; how many."""
    rows = drafts.open_of_platform(unit.tx, platform)
    for draft in rows:
        seat = seats.of_case(unit.tx, draft["case_id"], "specialist")
        case = cases.get(unit.tx, draft["case_id"])
        if seat is None or case is None or draft["case_epoch"] != case["epoch"]:
            continue
        if draft_stops.standing(unit, case["id"]):
            draft_stops.begin(unit, case["id"])
            continue
        buttons.void_group(unit, draft_cards.group(draft))
        draft_cards.say_outcome(unit, seat, draft, say("draft.below"))
        standing = draft_cards.sheet_of(unit, draft)
        sheet = dataclasses.replace(standing, note=standing.noted("again"))
        service.change(unit, case, seat, draft, sheet, Origin(draft["origin"]), anew=True)
        unit.audit(draft["case_id"], "service", "draft.offered_again", draft=draft["id"])
    return len(rows)


def _again(unit: Unit, case: Row, before: Row, sheet: Sheet, origin: Origin) -> DraftId | None:
    question = messages.newest_of(unit.tx, case["id"], "dentist")
    if question is None:
        return None
    facts = case_facts.of_case(unit, case)
    found = draft_sources.up_to_date(unit, sheet, origin, facts)
    if found is None:
        _gone(unit, before)
        return None
    other_words = "entry_changed" in found[0].note.split() and found[0].note != sheet.note
    sheet, origin = found
    stale = case_facts.outdated(sheet.facts, facts)
    if stale and origin is Origin.LIBRARY and sheet.option is not None:
        sheet = draft_making.fill(sheet, facts)
    if not other_words or int(case["last_no"]) > int(before["upto_no"]):
        sheet = dataclasses.replace(sheet, note=sheet.noted("renewed"))
    anew = unit.now - int(before["made_at"]) > unit.rules.card_in_place
    seat = seats.of_case(unit.tx, case["id"], "specialist")
    if anew and seat is not None:
        draft_cards.say_outcome(unit, seat, before, say("draft.below"))
    return draft_making.make(
        unit,
        case,
        question,
        sheet,
        origin,
        first_no=max(int(before["first_no"]), int(case["last_no"]) - MOST_BACK),
        root_id=0 if anew else int(before["root_id"]),
        anew=anew,
    )


def send_again(unit: Unit, draft: Row, presser: PersonId) -> Problem | None:
    """What was approved and did not arrive goes again, the same words to the same person."""
    case = cases.get(unit.tx, draft["case_id"])
    message = messages.get(unit.tx, draft["sent_message_id"]) if draft["sent_message_id"] is not None else None
    seat = seats.of_case(unit.tx, draft["case_id"], "specialist")
    if case is None or message is None or seat is None or presser != draft["specialist_id"]:
        return draft_reasons.why(unit, draft, presser)
    question = messages.get(unit.tx, draft["question_id"])
    asks_on = question is not None and question["state"] != "withdrawn" and not draft_stops.standing(unit, case["id"])
    if not asks_on or draft["case_epoch"] != case["epoch"] or not corrections.resend(unit, message):
        return draft_reasons.why_not_again(unit, draft)
    heading = say("draft.sent_again", no=message["no"])
    draft_cards.say_outcome(unit, seat, draft, heading, _sent(unit, draft))
    return None


def _not_delivered(unit: Unit, seat: Row, draft: Row) -> None:
    message = messages.get(unit.tx, draft["sent_message_id"])
    if message is None or message["state"] != "failed":
        return
    data = {"draft": draft["id"]}
    again = buttons.for_seat(unit, seat, "draft.again", say("draft.button.again"), data=data, once=False)
    heading = say("draft.not_delivered", no=message["no"])
    draft_cards.say_outcome(unit, seat, draft, heading, _sent(unit, draft), ((again,),))


def _tick_first(unit: Unit, draft: Row, options: Sequence[Option]) -> None:
    """Own words that stood there before the question was looked at: its facts are ticked for them too."""
    case, seat = cases.get(unit.tx, draft["case_id"]), seats.of_case(unit.tx, draft["case_id"], "specialist")
    sheet = draft_cards.sheet_of(unit, draft)
    if draft_making.strict(options) and not sheet.flagged and case is not None and seat is not None:
        strict = dataclasses.replace(sheet, strict=True)
        service.change(unit, case, seat, draft, strict, Origin(draft["origin"]))


def _gone(unit: Unit, draft: Row) -> None:
    """What it was made from is not used any more: nothing of it comes back."""
    seat = seats.of_case(unit.tx, draft["case_id"], "specialist")
    drafts.withdraw(unit.tx, draft["id"])
    unit.audit(draft["case_id"], "service", "draft.withdrawn", draft=draft["id"], entry=draft["topic"])
    if seat is not None:
        draft_cards.say_outcome(unit, seat, draft, say("draft.gone", no=draft["no"]))


def _say_void(unit: Unit, seat: Row, draft: Row) -> None:
    """A card that does not come back says why; words of the specialist's own stay to be copied."""
    problem = draft_reasons.why(unit, draft)
    kept = draft["origin"] in KEPT and problem.key == "draft.why.stopped"
    said = say(problem.key, **problem.values)
    draft_cards.say_outcome(unit, seat, draft, said, _sent(unit, draft) if kept else None)


def _sent(unit: Unit, draft: Row) -> RichText:
    return draft_cards.rich(draft_cards.text_of(unit, draft), draft_cards.sheet_of(unit, draft))


def _may_renew(unit: Unit, case: Row, draft: Row) -> bool:
    """It is void for no other reason than that somebody wrote since, and nothing since needed a person at once."""
    return (
        draft["state"] == "void"
        and case["state"] == "open"
        and not draft_stops.standing(unit, case["id"])
        and not draft_stops.outdated(unit, draft)
        and _asked_still(unit, draft)
        and draft["case_epoch"] == case["epoch"]
        and draft["specialist_id"] == case["specialist_id"]
    )


def _asked_still(unit: Unit, draft: Row) -> bool:
    """Whether anything that it answers has not been taken back."""
    rows = messages.between(unit.tx, draft["case_id"], int(draft["first_no"]), int(draft["upto_no"]))
    return any(one["side"] == "dentist" and one["state"] != "withdrawn" for one in rows)
