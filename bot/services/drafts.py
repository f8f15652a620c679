"""Drafts: offered to the assigned specialist alone, bound to what they saw, sent only by their own press."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from bot.domain import redflags
from bot.domain.drafts import TICKS, Option, Origin, Sheet, all_ticked, word_distance
from bot.domain.ids import DraftId, MessageId, PersonId
from bot.domain.problems import Problem
from bot.domain.richtext import plain
from bot.ports.writer import Written
from bot.services import (
    buttons,
    case_facts,
    draft_cards,
    draft_making,
    draft_reasons,
    draft_sources,
    draft_stops,
    faq_learning,
    identifiers,
    learning,
    notices,
    relay,
    turns,
    urgency,
)
from bot.services.draft_cards import rich, sheet_of, text_of
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, drafts, messages, seats, urgent

Row = dict[str, Any]


def offer(
    unit: Unit, question: Row, options: Sequence[Option], first_no: int = 0, written: Written | None = None
) -> DraftId | None:
    """Show the specialist a draft for a dentist's question, the best candidate in view.

    None if the case has moved on since it was asked.
    """
    case = cases.get(unit.tx, question["case_id"])
    if case is None or not options or not _still_newest(unit, case, int(question["no"])):
        return None
    sheet, origin = draft_making.first_sheet(options, case_facts.of_case(unit, case), written)
    return draft_making.make(unit, case, question, sheet, origin, first_no=first_no)


def approve(unit: Unit, draft: Row, presser: PersonId, rev: int) -> MessageId | Problem:
    """Send exactly what was shown, under the specialist's name; a Problem says in one line why nothing is sent."""
    case = cases.get(unit.tx, draft["case_id"])
    question = messages.get(unit.tx, draft["question_id"])
    seat = seats.of_case(unit.tx, draft["case_id"], "specialist")
    if case is None or question is None or seat is None:
        return draft_reasons.why(unit, draft, presser)
    if not _holds(unit, draft, case, question, presser, rev):
        if draft["state"] == "open" and not _still_newest(unit, case, int(draft["upto_no"])):
            draft_stops.moved_on(unit, case["id"])  # a card that nobody told yet: it renews
        return draft_reasons.why(unit, draft, presser)
    sheet = sheet_of(unit, draft)
    if draft_sources.gone(unit, sheet, Origin(draft["origin"])):
        drafts.settle(unit.tx, draft["id"], "withdrawn", unit.now)
        problem = Problem.of("draft.gone", no=draft["no"])
        draft_cards.say_outcome(unit, seat, draft, say(problem.key, **problem.values))
        return problem
    if draft_sources.changed(unit, sheet):
        draft_stops.moved_on(unit, case["id"])  # the files are newer than the card: it renews
        return Problem.of("draft.why.entry_changed", no=draft["no"])
    if sheet.flagged and not all_ticked(int(draft["ticks"])):
        return Problem.of("draft.not_ticked", count=TICKS)
    if case_facts.outdated(sheet.facts, case_facts.of_case(unit, case)):
        _freshen(unit, case, seat, draft, sheet)
        return Problem.of("draft.stale_facts")
    text = text_of(unit, draft)
    reply_to = MessageId(question["id"])
    message = relay.record(unit, seat, rich(text, sheet), kind="draft", said_at=unit.now, reply_to=reply_to)
    message_id = MessageId(message["id"])
    dwell = draft_cards.shown_for(unit, seat, draft)
    drafts.settle(unit.tx, draft["id"], "approved", unit.now, message_id, dwell)
    drafts.void_open(unit.tx, draft["case_id"], unit.now)
    relay.pass_on(unit, message, author=seat, files=False)
    turns.said(unit, seat, text)
    unit.audit(
        draft["case_id"],
        f"person:{presser}",
        "draft.approved",
        draft=draft["id"],
        rev=draft["rev"],
        origin=draft["origin"],
        message=message_id,
        hash=draft["text_hash"],
    )
    heading = say("draft.approved", no=message["no"], name=seat["person_name"])
    kept = faq_learning.offers(unit, seat, draft, sheet)
    draft_cards.say_outcome(unit, seat, draft, heading, rich(text, sheet), kept)
    if draft["origin"] in (Origin.EDITED, Origin.TYPED):
        identifiers.look(unit, seat, message_id, plain(text))
    if draft["origin"] == Origin.TYPED or sheet.replied:
        learning.typed(unit, seat, message_id, sheet.body)
    unit.wake("drafts")
    return message_id


def dismiss(unit: Unit, draft: Row, presser: PersonId, state: str = "dismissed") -> Problem | None:
    """The specialist wants no draft, or is `answering` in words of their own; nothing is sent."""
    seat = seats.of_case(unit.tx, draft["case_id"], "specialist")
    if seat is None or seat["person_id"] != presser:
        return draft_reasons.why(unit, draft, presser)
    dwell = draft_cards.shown_for(unit, seat, draft)
    if not drafts.settle(unit.tx, draft["id"], state, unit.now, None, dwell):
        return draft_reasons.why(unit, draft, presser)
    unit.audit(draft["case_id"], f"person:{presser}", f"draft.{state}", draft=draft["id"])
    draft_cards.say_outcome(unit, seat, draft, say(f"draft.outcome.{state}"))
    return None


def tick(unit: Unit, draft: Row, presser: PersonId, place: int) -> Problem | None:
    """One of the facts was looked at, or was not after all."""
    seat = theirs(unit, draft, presser)
    if isinstance(seat, Problem):
        return seat
    ticks = int(draft["ticks"]) ^ 1 << place
    drafts.set_ticks(unit.tx, draft["id"], ticks)
    unit.audit(draft["case_id"], f"person:{presser}", "draft.ticked", draft=draft["id"], rev=draft["rev"], ticks=ticks)
    draft_cards.show(unit, seat, {**draft, "ticks": ticks})
    return None


def edit(unit: Unit, draft: Row, presser: PersonId, words: str, patient: str | None = None) -> Problem | None:
    """The specialist's own version of an open draft: the card shows it, and it is approved like any other.

    Without words for the `patient` those that stand there stay.
    """
    seat = theirs(unit, draft, presser)
    case = cases.get(unit.tx, draft["case_id"])
    if isinstance(seat, Problem) or case is None:
        return draft_making.unfit(words) or draft_reasons.why(unit, draft, presser)
    sheet = sheet_of(unit, draft)
    edited = dataclasses.replace(sheet, body=words, patient=sheet.patient if patient is None else patient, note="")
    problem = draft_making.unfit(words, edited.patient)
    if problem is not None or edited.said == sheet.said:
        return problem
    origin = Origin.TYPED if draft["origin"] == Origin.TYPED else Origin.EDITED
    change(unit, case, seat, draft, edited, origin)
    return None


def change(unit: Unit, case: Row, seat: Row, draft: Row, sheet: Sheet, origin: Origin, *, anew: bool = False) -> None:
    """What the card shows is something else from now on: its buttons so far do nothing any more."""
    question = messages.get(unit.tx, draft["question_id"])
    assert question is not None
    buttons.void_group(unit, draft_cards.group(draft))
    rev, text = int(draft["rev"]) + 1, draft_making.whole(unit, seat, sheet, origin)
    sealed, sheet_sealed = draft_cards.seal(unit, draft["case_id"], draft["id"], rev, text, sheet)
    drafts.revise(
        unit.tx,
        draft["id"],
        rev=rev,
        topic=draft_making.topic(sheet),
        origin=origin.value,
        text=sealed,
        text_hash=draft_making.binding(unit, text, sheet, case, question),
        sheet=sheet_sealed,
        distance=word_distance(sheet.first, sheet.said) if sheet.first else 0,
    )
    unit.audit(
        draft["case_id"],
        f"person:{seat['person_id']}",
        "draft.changed",
        draft=draft["id"],
        rev=rev,
        origin=origin.value,
        topic=draft_making.topic(sheet),
    )
    now = drafts.get(unit.tx, draft["id"])
    assert now is not None
    draft_cards.show(unit, seat, now, anew=anew)


def question_withdrawn(unit: Unit, question: Row) -> None:
    """Its author took a message back: cards that quote it are stopped, or say no more than that they are void."""
    seat = seats.of_case(unit.tx, question["case_id"], "specialist")
    for draft in drafts.quoting(unit.tx, question["case_id"], question["no"]):
        if seat is None or draft["state"] not in ("open", "void"):
            continue
        drafts.told(unit.tx, draft["id"])
        if not draft_cards.stop(unit, seat, draft):
            draft_cards.say_outcome(unit, seat, draft, draft_reasons.said(unit, draft))


def escalate(unit: Unit, question: Row) -> None:
    """No draft for this: the dentist gets a holding line with the emergency wording, the specialist is paged.

    While nobody has the case its coordinator is told; the specialist is asked as soon as there is one.
    """
    now = messages.get(unit.tx, question["id"])  # as it reads by now
    seat = seats.of_case(unit.tx, question["case_id"], "specialist")
    if now is None or now["state"] == "withdrawn" or urgent.of_message(unit.tx, question["id"]) is not None:
        return  # a person is asked already
    holding = say("draft.holding_nobody", no=question["no"])
    if seat is not None:
        notices.to_seat(unit, seat, say("draft.escalated", no=question["no"]))
        holding = say("draft.holding", no=question["no"], name=seat["person_name"])
    shown = redflags.found(relay.body_of(unit, now).text)  # then the emergency wording stands there already
    urgency.mark(unit, question, red_flag=True, lead=holding, emergency=not shown)
    unit.audit(question["case_id"], "service", "message.escalated", message=question["id"])


def theirs(unit: Unit, draft: Row, presser: PersonId) -> Row | Problem:
    """The seat of the specialist whose open draft it is, while it holds."""
    case = cases.get(unit.tx, draft["case_id"])
    question = messages.get(unit.tx, draft["question_id"])
    seat = seats.of_case(unit.tx, draft["case_id"], "specialist")
    if case is None or question is None or seat is None:
        return draft_reasons.why(unit, draft, presser)
    held = _holds(unit, draft, case, question, presser, int(draft["rev"]))
    return seat if held else draft_reasons.why(unit, draft, presser)


def _holds(unit: Unit, draft: Row, case: Row, question: Row, presser: PersonId, rev: int) -> bool:
    return (
        draft["state"] == "open"
        and case["state"] == "open"
        and not draft_stops.standing(unit, case["id"])
        and draft["specialist_id"] == presser == case["specialist_id"]
        and draft["recipient_id"] == case["dentist_id"]
        and draft["case_epoch"] == case["epoch"]
        and draft["rev"] == rev
        and draft["question_version"] == question["version"]
        and question["state"] != "withdrawn"
        and _still_newest(unit, case, int(draft["upto_no"]))
        and draft["text_hash"]
        == draft_making.binding(unit, text_of(unit, draft), sheet_of(unit, draft), case, question)
    )


def _still_newest(unit: Unit, case: Row, no: int) -> bool:
    return int(case["last_no"]) == no


def _freshen(unit: Unit, case: Row, seat: Row, draft: Row, sheet: Sheet) -> None:
    """The facts of the case have changed since they were filled in: the card shows them as they are now."""
    facts = case_facts.of_case(unit, case)
    origin = Origin(draft["origin"])
    if origin in (Origin.LIBRARY, Origin.MODEL):
        fresh, origin = draft_making.fill(sheet, facts), Origin.LIBRARY
    else:  # the specialist's own words are not rewritten: they are told what changed
        option = sheet.option
        known = case_facts.fitting(facts, option.ask_first, option.answer)[0] if option is not None else ()
        fresh = dataclasses.replace(sheet, facts=known)
    change(unit, case, seat, draft, dataclasses.replace(fresh, note="new_facts"), origin)
