"""What somebody changes in words of theirs that were taken back: it is never lost in silence.

Words that went on unchanged in another case are changed there; of all else their author is told that it went nowhere.
"""

from __future__ import annotations

from typing import Any

from bot.domain import redflags
from bot.domain.events import MessageEdited
from bot.domain.ids import PersonId
from bot.domain.problems import Problem
from bot.domain.richtext import RichText, lines, plain, quote
from bot.services import albums, corrections, drafts, notices, part_quotes, refiling, relay, replies
from bot.services.unit import Unit
from prompts.wording import say
from storage import history, messages, seats

Row = dict[str, Any]


def edited(unit: Unit, event: MessageEdited, message: Row, *, note: bool) -> Problem | None:
    """Take in an edit of a withdrawn message by its author; `note`: it reads as if it were meant for nobody else."""
    before = relay.body_of(unit, message)
    body = part_quotes.kept(before, albums.changed(unit, message, event.body), event.quoted)
    files = _new_files(unit, event, message)
    if (before == body and not files) or event.origin.at < int(message["edited_at"]):
        return None
    there = None if note or files else _elsewhere(unit, message)
    problem = corrections.refusal(unit, message) if there is None else None
    if problem is not None:
        return problem
    if before != body:
        corrections.new_version(unit, message, body, PersonId(message["person_id"]))
        albums.set_changed(unit, message, event.body)
        history.set_edited(unit.tx, message["id"], event.origin.at)
    flagged = message["side"] == "dentist" and redflags.found(body.text) and not redflags.found(before.text)
    if there is not None:
        words = say("correction.after.followed", no=message["no"])
        corrections.carry(unit, there, relay.body_of(unit, there), body, event.origin.at)
        _tell_there(unit, there, body)
    elif body.blank and not files:  # they tidy up on their side
        return None
    else:
        words = _went_nowhere(unit, message)
    emergency = say("relay.emergency") if flagged else ""
    notices.to_sender(unit, message, "\n\n".join(filter(None, [emergency, words])))
    if flagged and there is not None:
        drafts.escalate(unit, there)
    return None


def _new_files(unit: Unit, event: MessageEdited, message: Row) -> list[str]:
    """What stands in it now and neither came with it nor went on with its words."""
    now = replies.standing(unit, message)
    went = {one.lasting for one in refiling.news(unit, now, event)[0]}
    return [one.lasting for one in refiling.news(unit, message, event)[0] if one.lasting in went]


def _elsewhere(unit: Unit, message: Row) -> Row | None:
    """The message of another case that these words are now, unchanged, while their author may still change it."""
    last = message
    while last["again_id"] is not None:
        again = messages.get(unit.tx, last["again_id"])
        assert again is not None
        if again["case_id"] == last["case_id"]:  # it went on without what was found in it
            return None
        last = again
    if last is message or last["state"] == "withdrawn" or last["person_id"] != message["person_id"]:
        return None
    return last if corrections.refusal(unit, last) is None else None


def _went_nowhere(unit: Unit, message: Row) -> str:
    now = replies.standing(unit, message)
    if now["again_id"] is not None:
        return say("correction.after.moved", no=message["no"])
    if now["id"] == message["id"] or now["state"] == "withdrawn":
        return say("correction.after.withdrawn", no=message["no"])
    return say("correction.after.redacted", no=message["no"], again=now["no"])


def _tell_there(unit: Unit, there: Row, body: RichText) -> None:
    """The author's room of the right case shows what it says in there by now."""
    seat = seats.of_case(unit.tx, there["case_id"], there["side"])
    assert seat is not None
    words = lines(plain(say("correction.after.now", no=there["no"])), quote(body.first_line(200)))
    notices.to_seat(unit, seat, words, silent=True)
