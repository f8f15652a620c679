"""Answers that a specialist keeps for themselves: `/library mine` lists them, each to be changed or removed."""

from __future__ import annotations

from typing import Any

from bot.domain.events import ButtonPressed, CommandReceived
from bot.domain.ids import PersonId
from bot.domain.outbound import Button, Reply
from bot.domain.richtext import RichText, bold, lines
from bot.services import buttons, draft_cards, form_chat, learn_forms, learning, notices
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from prompts.wording import say

Row = dict[str, Any]
MOST, BEGINNING = 6, 200
"""Answers listed at once, and characters of each."""


def show(unit: Unit, event: CommandReceived, person: Row, wanted: list[str]) -> None:
    """Those with all of the words, the newest first, each with its buttons."""
    person_id = PersonId(person["person_id"])
    found = [row for row in learning.mine(unit, person_id) if all(word in _words(unit, row) for word in wanted)]
    said: list[RichText | str] = [say("own_answer.found", n=len(found)) if found else say("own_answer.none")]
    rows: list[tuple[Button, ...]] = []
    for number, row in enumerate(found[:MOST], 1):
        option = learning.opened(unit, row)
        question = learning.question_of(unit, row)
        said += ["", bold(say("own_answer.line", number=number, question=question))]
        said += [] if option is None else [draft_cards.begins(option.answer, BEGINNING)]
        rows.append(
            tuple(
                buttons.make(unit, action, person_id=person_id, label=label, data={"answer": row["id"]}, once=False)
                for action, label in (
                    ("answers.edit", say("own_answer.button.edit", number=number)),
                    ("answers.remove", say("own_answer.button.remove", number=number)),
                )
            )
        )
    if len(found) > MOST:
        said.append(say("own_answer.more", n=len(found) - MOST))
    notices.to_place_of(unit, person_id, event.origin, lines(*said), buttons=tuple(rows))


def edited(unit: Unit, event: ButtonPressed, press: Pressed) -> Reply | None:
    """[Edit 1]: a window, or the questions in the private chat."""
    person = who(unit, event.origin)
    return form_chat.begin(unit, event.origin, person, learn_forms.OWN_SCRIPT, str(press.data["answer"]))


def removed(unit: Unit, event: ButtonPressed, press: Pressed) -> Reply | None:
    """[Remove 1]: offered no more."""
    person = who(unit, event.origin)
    problem = learning.remove(unit, int(press.data["answer"]), PersonId(person["person_id"]))
    said = say("own_answer.removed") if problem is None else say(problem.key, **problem.values)
    return answer(unit, event.origin, person, said)


def _words(unit: Unit, row: Row) -> str:
    option = learning.opened(unit, row)
    return f"{learning.question_of(unit, row)} {'' if option is None else option.answer}".lower()


BUTTONS = {"answers.edit": edited, "answers.remove": removed}
