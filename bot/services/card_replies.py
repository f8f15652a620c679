"""Replies to a draft's card, and what their writer changes of them: never relayed, each is a version of a card."""

from __future__ import annotations

from typing import Any

from bot.domain.degradation import spelt_out
from bot.domain.drafts import Origin, parted
from bot.domain.events import MessageDeleted, MessageEdited, MessageReceived
from bot.domain.events import Origin as Came
from bot.domain.ids import PersonId
from bot.domain.problems import Problem, clip
from bot.domain.rules import SECOND
from bot.services import draft_cards, draft_reasons, draft_renewal, draft_windows, notices
from bot.services import drafts as service
from bot.services.unit import Unit
from prompts.wording import say
from storage import card_replies, cases, drafts, seats

Row = dict[str, Any]
REST = 3 * SECOND
"""Apps send a text that is too long for them as several messages at once: faster than anybody writes another."""


def received(unit: Unit, event: MessageReceived, seat: Row) -> None:
    """A reply to a card makes a card; what it cannot hold is said, and none of it goes anywhere."""
    words = spelt_out(event.body)
    problem = draft_renewal.replied(unit, seat, words)
    if problem is not None:
        notices.to_seat(unit, seat, say(problem.key, **problem.values))
    made = drafts.newest(unit.tx, seat["case_id"]) if problem is None else None
    _keep(unit, event, seat, words, made, too_long=_too_long(problem))


def rest(unit: Unit, event: MessageReceived, seat: Row) -> bool:
    """Whether a message is what an app cut off a reply that no card holds: it is not relayed without its beginning."""
    words = spelt_out(event.body)
    if seat["side"] != "specialist" or event.files or event.refused is not None or not words.strip():
        return False
    before = card_replies.newest(unit.tx, seat["case_id"])
    if before is None or not before["too_long"] or before["person_id"] != seat["person_id"]:
        return False
    if before["platform"] != event.origin.place.platform or not 0 <= event.origin.at - int(before["at"]) <= REST:
        return False
    notices.to_seat(unit, seat, say("draft.reply.rest", words=clip(words)))
    _keep(unit, event, seat, words, None, too_long=True)
    return True


def edited(unit: Unit, event: MessageEdited, person_id: PersonId) -> bool:
    """Whether an edit is one of a reply: the card has its words now, or its writer is told why they go nowhere."""
    row = card_replies.at(unit.tx, _place(event.origin), event.message_id)
    if row is None or row["person_id"] != person_id:
        return False
    words = spelt_out(event.body)
    seat = seats.of_case(unit.tx, row["case_id"], "specialist")
    if row["words_hash"] == unit.hash("content", words) or event.origin.at < int(row["at"]):
        return True  # nothing of it has changed, or it has changed again since
    if seat is None or seat["person_id"] != person_id:
        notices.to_person(unit, person_id, say("case.left_room"))
        return True
    cases.lock(unit.tx, row["case_id"])  # before its draft, as a press does
    draft = None if row["draft_id"] is None else drafts.get(unit.tx, row["draft_id"])
    if draft is None:
        problem = draft_renewal.replied(unit, seat, words)
        told = None if problem is None else say(problem.key, **problem.values)
    else:
        problem = _changed(unit, seat, draft, words)
        told = None if problem is None else _told(unit, seat, problem)
    if told is not None:
        notices.to_seat(unit, seat, told)
    made = drafts.newest(unit.tx, row["case_id"]) if problem is None else None
    stands = draft if problem is not None and not _unfit(problem) else made
    card_replies.changed(
        unit.tx,
        _place(event.origin),
        event.message_id,
        draft_id=None if stands is None else stands["id"],
        words_hash=unit.hash("content", words),
        too_long=_too_long(problem),
        at=event.origin.at,
    )
    return True


def deleted(unit: Unit, event: MessageDeleted, person_id: PersonId) -> bool:
    """Whether what was deleted is a reply: a card that still offers its words is dismissed."""
    row = card_replies.at(unit.tx, _place(event.origin), event.message_id)
    if row is None or row["person_id"] != person_id:
        return False
    cases.lock(unit.tx, row["case_id"])
    draft = None if row["draft_id"] is None else _standing(unit, drafts.get(unit.tx, row["draft_id"]))
    if draft is not None:
        service.dismiss(unit, draft, person_id)
    return True


def _changed(unit: Unit, seat: Row, draft: Row, words: str) -> Problem | None:
    """Put a reply's new words on the card that offers the old ones, which nobody may approve any more."""
    standing = _standing(unit, draft)
    if standing is None:
        return draft_reasons.why(unit, draft)
    words, patient = parted(words, say("draft.patient_mark"))
    if not words and patient is not None:
        words = draft_cards.sheet_of(unit, standing).body
    problem = draft_windows.put(unit, standing, PersonId(seat["person_id"]), words, patient)
    if problem is not None and _unfit(problem) and drafts.settle(unit.tx, standing["id"], "void", unit.now):
        unit.audit(draft["case_id"], f"person:{seat['person_id']}", "draft.replaced", draft=standing["id"])
        draft_cards.say_outcome(unit, seat, standing, say("draft.reply.reply_changed"))
    return problem


def _standing(unit: Unit, draft: Row | None) -> Row | None:
    """The card that offers a reply's words: the one that it made, or what that became when something was written."""
    if draft is None or draft["state"] not in ("open", "void"):
        return None
    newest = drafts.newest(unit.tx, draft["case_id"])
    if newest is None or newest["id"] == draft["id"]:
        return draft
    if card_replies.later(unit.tx, draft["case_id"], draft["id"]):
        return None  # what stands there by now is another reply
    replaced = newest["state"] != "open" or newest["origin"] not in (Origin.EDITED, Origin.TYPED)
    return None if replaced else newest


def _told(unit: Unit, seat: Row, problem: Problem) -> str:
    said = say(problem.key, **problem.values)
    if _unfit(problem):
        return said
    if problem.key.startswith("draft.approved_already."):
        command = f"{unit.capabilities[seat['platform']].command_prefix}{say('case.command.withdraw')}"
        return f"{said} {say('draft.reply.changed_after', command=command, no=problem.values['sent'])}"
    return f"{said} {say('draft.reply.changed')}"


def _unfit(problem: Problem) -> bool:
    return problem.key in ("draft.empty", "draft.too_long")


def _too_long(problem: Problem | None) -> bool:
    return problem is not None and problem.key == "draft.too_long"


def _keep(unit: Unit, event: MessageReceived, seat: Row, words: str, made: Row | None, *, too_long: bool) -> None:
    card_replies.add(
        unit.tx,
        place=_place(event.origin),
        native_id=event.message_id,
        case_id=seat["case_id"],
        person_id=seat["person_id"],
        draft_id=None if made is None else made["id"],
        words_hash=unit.hash("content", words),
        too_long=too_long,
        at=event.origin.at,
    )


def _place(origin: Came) -> tuple[str, str, str]:
    return origin.place.platform, origin.place.workspace, origin.place.chat
