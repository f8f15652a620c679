"""Take back or send again: `/withdraw N`, `/resend N`, the message shortcut, or a reply with the bare command."""

from __future__ import annotations

from typing import Any

from bot.domain.events import CommandReceived, Origin, ShortcutInvoked
from bot.domain.ids import PersonId
from bot.domain.outbound import Reply
from bot.services import corrections, draft_renewal
from bot.services.unit import Unit
from handlers.answers import answer
from handlers.naming import named, standing_at
from prompts.wording import say
from storage import cases, drafts

Row = dict[str, Any]


def withdraw(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """Take back one of the person's own messages."""
    assert person is not None
    message = named(unit, event, person, event.args)
    if message is None:
        return answer(unit, event.origin, person, say("case.which_message", command=say("case.command.withdraw")))
    return _take_back(unit, event.origin, person, message)


def shortcut(unit: Unit, event: ShortcutInvoked, person: Row) -> Reply | None:
    """The Take back shortcut on a message."""
    message = standing_at(unit, event.origin.place, event.message_id)
    if message is None:
        return answer(unit, event.origin, person, say("case.not_yours"))
    return _take_back(unit, event.origin, person, message)


def resend(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """Send one of the person's own failed messages again."""
    assert person is not None
    message = named(unit, event, person, event.args)
    if message is None:
        return answer(unit, event.origin, person, say("case.which_message", command=say("case.command.resend")))
    if message["person_id"] != person["person_id"]:
        return answer(unit, event.origin, person, say("case.not_yours"))
    problem = corrections.refusal(unit, message)
    if problem is not None:
        return answer(unit, event.origin, person, say(problem.key))
    draft = drafts.of_message(unit.tx, message["case_id"], message["id"]) if message["kind"] == "draft" else None
    if draft is not None:  # as its card's own button does
        problem = draft_renewal.send_again(unit, draft, PersonId(person["person_id"]))
        words = (
            say("case.resent", **_in_words(unit, message)) if problem is None else say(problem.key, **problem.values)
        )
        return answer(unit, event.origin, person, words)
    key = "case.resent" if corrections.resend(unit, message) else "case.needs_no_resend"
    return answer(unit, event.origin, person, say(key, **_in_words(unit, message)))


def _take_back(unit: Unit, origin: Origin, person: Row, message: Row) -> Reply | None:
    if message["person_id"] != person["person_id"]:
        return answer(unit, origin, person, say("case.not_yours"))
    problem = corrections.refusal(unit, message)
    if problem is not None:
        return answer(unit, origin, person, say(problem.key))
    if not corrections.withdraw(unit, message):
        return answer(unit, origin, person, say("case.withdrawn_before", **_in_words(unit, message)))
    return None


def _in_words(unit: Unit, message: Row) -> dict[str, Any]:
    """A message's number and case: the answer may stand in a chat that holds several."""
    case = cases.get(unit.tx, message["case_id"])
    assert case is not None
    return {"no": message["no"], "ref": case["ref"]}


COMMANDS = {"withdraw": withdraw, "resend": resend}
SHORTCUTS = {"withdraw": shortcut}
