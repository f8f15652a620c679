"""The FAQ library: `/library` lists entries that hold the words; each is edited or retired, and new ones are added.

`/library retired` lists those that are not used any more, each to be taken back; `/library mine` the specialist's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.domain.events import ButtonPressed, CommandReceived
from bot.domain.faq import Entry, Policy
from bot.domain.ids import PersonId
from bot.domain.outbound import Button, Reply
from bot.domain.problems import Problem
from bot.domain.richtext import lines
from bot.services import buttons, faq_form, faq_library, learning, notices
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers import own_answers
from handlers.answers import answer, who
from prompts.wording import say

Row = dict[str, Any]
MOST = 6
"""Entries listed at once; more words narrow it down."""


def library(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """The entries with these words, each with its buttons, and a button for a new one."""
    assert person is not None
    wanted = event.args.lower().split()
    if wanted[:1] == [say("library.mine_word")]:
        own_answers.show(unit, event, person, wanted[1:])
        return None
    given_up = faq_library.retired(unit)
    if wanted[:1] == [say("library.retired_word")]:
        _retired(unit, event, person, [one for one in given_up if all(word in _words(one) for word in wanted[1:])])
        return None
    found = [one for one in faq_library.entries(unit) if all(word in _words(one) for word in wanted)]
    found.sort(key=lambda one: _aside(one, wanted))
    new = _button(unit, person, "library.open", say("library.button.new"), {"subject": ""})
    if not found:
        notices.to_place_of(unit, PersonId(person["person_id"]), event.origin, say("library.none"), buttons=((new,),))
        return None
    listed = found[:MOST]
    said = [say("library.found", n=len(found))]
    rows: list[tuple[Button, ...]] = []
    for number, one in enumerate(listed, 1):
        said.append(say(f"library.line.{one.policy.value}", number=number, title=one.title, version=one.version))
        if one.policy is not Policy.NEVER_AUTO:
            rows.append(_about(unit, person, one, number))
    if len(found) > MOST:
        said.append(say("library.more", n=len(found) - MOST))
    if given_up:
        said.append(say("library.some_retired", n=len(given_up)))
    if own := learning.mine(unit, PersonId(person["person_id"])):
        said.append(say("library.some_mine", n=len(own)))
    notices.to_place_of(unit, PersonId(person["person_id"]), event.origin, lines(*said), buttons=(*rows, (new,)))
    return None


def _retired(unit: Unit, event: CommandReceived, person: Row, found: list[Entry]) -> None:
    said = [say("library.retired_found", n=len(found)) if found else say("library.none_retired")]
    rows: list[tuple[Button, ...]] = []
    for number, one in enumerate(found[:MOST], 1):
        said.append(say("library.line.draft", number=number, title=one.title, version=one.version))
        subject = faq_form.subject_of(one.id, one.version)
        label = say("library.button.restore", number=number)
        rows.append((_button(unit, person, "library.restore", label, {"subject": subject}),))
    if len(found) > MOST:
        said.append(say("library.more_retired", n=len(found) - MOST))
    notices.to_place_of(unit, PersonId(person["person_id"]), event.origin, lines(*said), buttons=tuple(rows))


def _words(entry: Entry) -> str:
    return " ".join((entry.id, entry.title, *entry.questions, *entry.phrasings, *entry.keywords, entry.answer)).lower()


def _aside(entry: Entry, wanted: list[str]) -> int:
    """0 for the entry that is called just so, 1 for one whose title holds the words, 2 for all others."""
    title = entry.title.lower()
    if " ".join(wanted) in (entry.id, " ".join(title.split())):
        return 0
    return 1 if all(word in title for word in wanted) else 2


def _about(unit: Unit, person: Row, one: Entry, number: int) -> tuple[Button, ...]:
    subject = faq_form.subject_of(one.id, one.version)
    edit = _button(unit, person, "library.open", say("library.button.edit", number=number), {"subject": subject})
    retire = _button(unit, person, "library.retire", say("library.button.retire", number=number), {"subject": subject})
    if not one.sources:
        return (edit, retire)
    label = say("library.button.sources", number=number)
    return (edit, retire, _button(unit, person, "library.sources", label, {"subject": subject}))


def _button(unit: Unit, person: Row, action: str, label: str, data: dict[str, str]) -> Button:
    return buttons.make(unit, action, person_id=PersonId(person["person_id"]), label=label, data=data, once=False)


def _switched(
    do: Callable[[Unit, Row, str, int], Entry | Problem], said: str, back: str
) -> Callable[[Unit, ButtonPressed, Pressed], Reply | None]:
    """Retire an entry or take it back; the line that says so has the button for the opposite."""

    def pressed(unit: Unit, event: ButtonPressed, press: Pressed) -> Reply | None:
        person = who(unit, event.origin)
        if person["role"] != "specialist":
            return answer(unit, event.origin, person, say("case.not_for_you"))
        made = do(unit, person, *faq_form.parted(str(press.data["subject"])))
        if isinstance(made, Problem):
            return answer(unit, event.origin, person, say(made.key, **made.values))
        subject = faq_form.subject_of(made.id, made.version)
        button = _button(unit, person, f"library.{back}", say(f"library.back.{back}"), {"subject": subject})
        notices.to_place_of(
            unit, PersonId(person["person_id"]), event.origin, say(said, title=made.title), buttons=((button,),)
        )
        return None

    return pressed


COMMANDS = {"library": library}
BUTTONS = {
    "library.retire": _switched(faq_library.retire, "library.retired", "restore"),
    "library.restore": _switched(faq_library.restore, "library.restored", "retire"),
}
