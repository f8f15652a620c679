"""Say something: a person's message goes to the other side of its case, or is held until they say which."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from bot.domain import redflags
from bot.domain.events import MessageDeleted, MessageEdited, MessageReceived, Origin
from bot.domain.ids import PersonId
from bot.domain.outbound import Reply
from bot.domain.problems import Problem
from bot.services import (
    afterwards,
    asides,
    card_replies,
    check_in_answers,
    corrections,
    drafts,
    expectations,
    holding,
    holds,
    mentions,
    notices,
    relay,
    reopening,
)
from bot.services import learning as answers
from bot.services.unit import Unit
from handlers import drafts as cards
from handlers import forms, learning
from handlers.answers import answer
from handlers.places import Found, find_seat
from prompts.wording import say
from storage import cases, seats

Row = dict[str, Any]
_NOTE = re.compile(r"\s*/|(?:note|private|internal)\s*:", re.IGNORECASE)
"""What may be meant for nobody else: a command with a slip in it, or words that say so."""


def received(unit: Unit, event: MessageReceived, person: Row) -> Reply | None:
    """A message of somebody we know."""
    person_id = PersonId(person["person_id"])
    body = mentions.named(unit, event.origin.place, event.body)
    if body is not event.body:
        event = dataclasses.replace(event, body=body)
    if event.origin.direct and forms.answered(unit, event, person):
        return None
    if person["state"] == "claimed":
        if event.body.text or event.files:
            holding.keep_unconfirmed(unit, person_id, event)
            return answer(unit, event.origin, person, _with_flag(event, say("link.being_checked")))
        return None
    found = find_seat(unit, event.origin, person, event.reply_to)
    if found.seat is None:
        return _nowhere(unit, event, person, found)
    if learning.replied(unit, event, found.seat) or card_replies.rest(unit, event, found.seat):
        return None
    if cards.is_reply(unit, event, found.seat):
        cards.replied(unit, event, found.seat)
        return None
    if event.refused is not None:
        notices.to_seat(unit, found.seat, say("relay.cannot_carry", what=event.refused))
        asides.lost(unit, found.seat, [("not_carried", 1)])
        if not event.body.text and not event.files:
            return None
    if _NOTE.match(event.body.text):
        holding.ask_note(unit, found.seat, event)
        return None
    expectations.tell(unit, found.seat)
    message_id = relay.receive(unit, found.seat, event)
    if found.seat["side"] == "specialist":
        answers.typed(unit, found.seat, message_id, event.body.text)
    check_in_answers.typed(unit, found.seat, event)
    if redflags.found(event.body.text) and found.seat["side"] == "dentist":
        notices.to_seat(unit, found.seat, say("relay.emergency"))
    return None


def edited(unit: Unit, event: MessageEdited, person: Row) -> Reply | None:
    """The sender changed a message: the other side's copy follows, and what is still held too."""
    event = dataclasses.replace(event, body=mentions.named(unit, event.origin.place, event.body))
    if card_replies.edited(unit, event, PersonId(person["person_id"])):
        return None
    message = corrections.own(unit, event, PersonId(person["person_id"]))
    before = "" if message is None else relay.body_of(unit, message).text
    note = _NOTE.match(event.body.text) is not None and not _NOTE.match(before)
    if message is not None and message["state"] == "withdrawn":
        problem = afterwards.edited(unit, event, message, note=note)
        return answer(unit, event.origin, person, say(problem.key)) if problem is not None else None
    if message is not None and note:
        return answer(unit, event.origin, person, say("held.note_edit", no=message["no"]))
    done = corrections.edit(unit, event, PersonId(person["person_id"]))
    if done is False:
        kept = holding.edited(unit, event, PersonId(person["person_id"]))
        if not kept and message is None and event.origin.direct:
            forms.edited(unit, person)
    if done is True and message is not None and message["side"] == "dentist" and not redflags.found(before):
        _flag_in_edit(unit, event, message)
    return answer(unit, event.origin, person, say(done.key)) if isinstance(done, Problem) else None


def _flag_in_edit(unit: Unit, event: MessageEdited, message: Row) -> None:
    """A red flag that comes with an edit is worth as much as one said at once."""
    seat = seats.of_case(unit.tx, message["case_id"], message["side"])
    if redflags.found(event.body.text) and seat is not None:
        notices.to_seat(unit, seat, say("relay.emergency"))
        drafts.escalate(unit, message)


def deleted(unit: Unit, event: MessageDeleted, person: Row) -> Reply | None:
    """The sender deleted a message: the other side's copy goes, and both sides know it; what is held is discarded."""
    if card_replies.deleted(unit, event, PersonId(person["person_id"])):
        return None
    done = corrections.deleted(unit, event, PersonId(person["person_id"]))
    if done is False:
        holding.deleted(unit, event, PersonId(person["person_id"]))
    return answer(unit, event.origin, person, say(done.key)) if isinstance(done, Problem) else None


def _nowhere(unit: Unit, event: MessageReceived, person: Row, found: Found) -> Reply | None:
    if found.why == "which":
        holding.ask_which_case(unit, PersonId(person["person_id"]), event)
        return None
    if found.why == "intruder":
        intruder(unit, event.origin)
        return None
    over = _over(unit, person, event, found)
    if over:
        holding.ask_reopen(unit, PersonId(person["person_id"]), event, over)
        return None
    if found.why == "closed":
        text = say("case.closed_room")
    elif found.why == "moved":
        text = say("move.went", platform=found.went)
    elif found.why == "left":
        text = say("case.left_room")
    elif not event.origin.direct:
        text = say("case.not_a_room")
    else:
        text = say("case.none_dentist" if person["role"] == "dentist" else "case.none")
    return answer(unit, event.origin, person, _with_flag(event, text))


def _over(unit: Unit, person: Row, event: MessageReceived, found: Found) -> list[Row]:
    """The cases that are over for which this may be: that of the room, or any while the person has no other."""
    if not event.body.text and not event.files:
        return []
    if found.why == "closed" and found.case_id is not None:
        case = cases.get(unit.tx, found.case_id)
        parties = () if case is None else (case["dentist_id"], case["specialist_id"])
        return [case] if case is not None and person["person_id"] in parties else []
    if found.why == "unbound" and event.origin.direct and person["role"] == "dentist":
        return cases.over_of(unit.tx, person["person_id"], reopening.MOST)
    return []


def _with_flag(event: MessageReceived, text: str) -> str:
    """What is not passed on is answered with the emergency wording as well, if it calls for it."""
    return f"{say('relay.emergency')}\n\n{text}" if redflags.found(event.body.text) else text


def intruder(unit: Unit, origin: Origin) -> None:
    """Somebody who has no seat here wrote in a case's room: it is not private any more."""
    place = origin.place
    for seat in seats.at_place(unit.tx, place.platform, place.workspace, place.chat, place.topic):
        if seat["state"] in ("opening", "open"):
            holds.hold(unit, seat, "wrong_members", "wrong_members")
