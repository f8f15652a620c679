"""Answer a check-in with one tap, put it off, change it; settle a reminder; `/snooze DAY` puts off what stands."""

from __future__ import annotations

from typing import Any

from bot.domain.events import ButtonPressed, CommandReceived
from bot.domain.ids import CheckInId, PersonId
from bot.domain.outbound import Reply
from bot.domain.problems import Problem
from bot.services import check_in_answers, checkins, reminders, snoozing
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from prompts.wording import say
from storage import messages

Row = dict[str, Any]


def snooze(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """`/snooze 14 June`: what was asked last, or the message that it answers."""
    assert person is not None
    if not event.args.strip():
        return answer(unit, event.origin, person, say("snooze.usage"))
    card = None
    if event.reply_to is not None:
        place = event.origin.place
        row = messages.delivery_at(unit.tx, place.platform, place.workspace, place.chat, event.reply_to)
        card = "" if row is None else str(row["card"])
    done = snoozing.typed(unit, PersonId(person["person_id"]), event.args, card)
    words = say(done.key, **done.values) if isinstance(done, Problem) else done
    return answer(unit, event.origin, person, words)


def answered(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """One choice."""
    assert pressed.person_id is not None
    question, choice = str(pressed.data["question"]), str(pressed.data["choice"])
    return _said(unit, event, check_in_answers.answer(unit, _id(pressed), question, choice, pressed.person_id))


def later(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """Show when it could be asked instead, or the question again."""
    del event
    checkins.show(unit, _id(pressed), str(pressed.data["mode"]))
    return None


def put_off(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """At another time, or after the next visit."""
    assert pressed.person_id is not None
    return _said(unit, event, checkins.put_off(unit, _id(pressed), str(pressed.data["what"]), pressed.person_id))


def dismissed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """Not relevant."""
    assert pressed.person_id is not None
    return _said(unit, event, checkins.dismiss(unit, _id(pressed), pressed.person_id))


def changed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """Answer anew."""
    assert pressed.person_id is not None
    return _said(unit, event, checkins.change(unit, _id(pressed), pressed.person_id))


def reminded(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """Put off or settle what a reminder says."""
    assert pressed.person_id is not None
    done = reminders.pressed(unit, int(pressed.data["notice"]), str(pressed.data["what"]), pressed.person_id)
    return _said(unit, event, done)


def _id(pressed: Pressed) -> CheckInId:
    return CheckInId(int(pressed.data["check_in"]))


def _said(unit: Unit, event: ButtonPressed, problem: Problem | None) -> Reply | None:
    """The sheet itself shows what came of it; only what went wrong needs words."""
    if problem is None:
        return None
    return answer(unit, event.origin, who(unit, event.origin), say(problem.key, **problem.values))


COMMANDS = {"snooze": snooze}
BUTTONS = {
    "check_in.answer": answered,
    "check_in.later": later,
    "check_in.put_off": put_off,
    "check_in.dismiss": dismissed,
    "check_in.change": changed,
    "reminder.press": reminded,
}
