"""The sources of a library entry: the specialist says which they have looked up; only such are ever shown."""

from __future__ import annotations

from typing import Any

from bot.domain.events import ButtonPressed
from bot.domain.faq import Entry, Source
from bot.domain.ids import PersonId
from bot.domain.outbound import Button, Reply
from bot.domain.problems import Problem
from bot.domain.richtext import bold, lines
from bot.services import buttons, faq_form, faq_library, notices, rooms
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from prompts.wording import say

Row = dict[str, Any]


def listed(unit: Unit, event: ButtonPressed, press: Pressed) -> Reply | None:
    """[Sources 1]: each with who looked it up and when, and a button to say otherwise."""
    person = who(unit, event.origin)
    entry_id, version = faq_form.parted(str(press.data["subject"]))
    entry = faq_library.current(unit, entry_id)
    if person["role"] != "specialist":
        return answer(unit, event.origin, person, say("case.not_for_you"))
    if entry is None or entry.version != version:
        return answer(unit, event.origin, person, say("library.problem.changed"))
    _show(unit, event, person, entry)
    return None


def marked(unit: Unit, event: ButtonPressed, press: Pressed) -> Reply | None:
    """[I have looked up 1] or [Not looked up 1]: the next version of the entry, with who and when."""
    person = who(unit, event.origin)
    if person["role"] != "specialist":
        return answer(unit, event.origin, person, say("case.not_for_you"))
    entry_id, version = faq_form.parted(str(press.data["subject"]))
    place, checked = int(press.data["place"]), bool(press.data["checked"])
    made = faq_library.mark(unit, person, entry_id, version, place, checked=checked)
    if isinstance(made, Problem):
        return answer(unit, event.origin, person, say(made.key, **made.values))
    _show(unit, event, person, made)
    return None


def _show(unit: Unit, event: ButtonPressed, person: Row, entry: Entry) -> None:
    rows = [bold(say("library.sources", title=entry.title, version=entry.version))]
    shown: list[tuple[Button, ...]] = []
    for place, source in enumerate(entry.sources):
        rows.append(lines(f"{place + 1}. {faq_library.source_line(source)}", _standing(source)))
        label = say("library.button.unmark" if source.checked else "library.button.mark", number=place + 1)
        data = {"subject": faq_form.subject_of(entry.id, entry.version), "place": place, "checked": not source.checked}
        person_id = PersonId(person["person_id"])
        shown.append((buttons.make(unit, "library.mark", person_id=person_id, label=label, data=data, once=False),))
    notices.to_place_of(unit, PersonId(person["person_id"]), event.origin, lines(*rows), buttons=tuple(shown))


def _standing(source: Source) -> str:
    if not source.checked:
        return say("library.source.unchecked")
    if source.on is None:
        return say("library.source.shipped")
    return say("library.source.checked", name=source.by, day=rooms.long_date(source.on.isoformat()))


BUTTONS = {"library.sources": listed, "library.mark": marked}
