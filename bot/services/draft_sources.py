"""The answers that a card was made from, as they are now: changed since, retired, or gone with the case they came from.

Whatever lists, takes, renews or sends an answer asks here; what an open card shows is never older than the library.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.drafts import Fact, Option, Origin, Sheet
from bot.domain.faq import Entry, Policy
from bot.services import draft_making, faq_library, learning
from bot.services.draft_making import OWN
from bot.services.unit import Unit
from prompts import library
from storage import faq_entries, own_answers

Row = dict[str, Any]
KEPT = (Origin.EDITED, Origin.TYPED)
"""Words that are the specialist's: no look into the library replaces them."""
SENTENCE_LEAST = 3
"""Words of a sentence that is known again."""


@dataclass(frozen=True, slots=True)
class Now:
    """What has become of an answer: None for `option` where it is not used any more, `erased` where its case is."""

    option: Option | None
    version: int
    erased: bool = False


def option_of(entry: Entry, strength: str) -> Option:
    """An entry as a candidate: of its sources only those that were looked up are shown."""
    return Option(
        topic=entry.id,
        title=entry.title,
        version=entry.version,
        flagged=entry.policy is Policy.DRAFT_FLAG,
        answer=entry.answer,
        strength=strength,
        sources=tuple(one.ref for one in entry.sources if one.checked),
        ask_first=entry.ask_first,
        patient=entry.patient_words,
    )


def as_now(unit: Unit, option: Option) -> Option | None:
    """The answer as it reads now; None where it may not be used any more."""
    return _look(unit, option).option


def fresh(unit: Unit, options: Sequence[Option]) -> tuple[Option, ...]:
    """Candidates as they read now, without those that may not be used any more."""
    return tuple(filter(None, (as_now(unit, one) for one in options)))


def erased(unit: Unit, sheet: Sheet) -> bool:
    """Whether the answer that words were made from went with the case it came from."""
    return sheet.option is not None and _look(unit, sheet.option).erased


def holds_erased(unit: Unit, sheet: Sheet) -> bool:
    """Whether what a specialist wrote on a card holds words that went with the case they came from."""
    return any(_look(unit, one).erased and _holds(sheet, one) for one in sheet.options)


def gone(unit: Unit, sheet: Sheet, origin: Origin) -> bool:
    """Whether the answer may not be used any more; words of the specialist's own outlive one that was retired."""
    now = None if sheet.option is None else _look(unit, sheet.option)
    return now is not None and (now.erased or (now.option is None and origin not in KEPT))


def changed(unit: Unit, sheet: Sheet) -> bool:
    """Whether the answer that words were made from has other words, or other facts to tick, than the card knows."""
    if sheet.option is None:
        return False
    now = _look(unit, sheet.option)
    if now.option is None:
        return now.version != sheet.option.version
    return _said(now.option) != _said(sheet.option)


def up_to_date(unit: Unit, sheet: Sheet, origin: Origin, facts: Mapping[str, Fact]) -> tuple[Sheet, Origin] | None:
    """A card's sheet with its answers as they are now; None where its words may not come back.

    What is the library's own has the new words. What the specialist wrote stays, and the card says that the entry
    changed. What a model made of an answer that is other words now gives way to the library's own.
    """
    looked = [_look(unit, one) for one in sheet.options]
    if gone(unit, sheet, origin) or (origin in KEPT and holds_erased(unit, sheet)):
        return None
    other = changed(unit, sheet)
    left: list[Option] = []
    chosen = None
    for place, (old, now) in enumerate(zip(sheet.options, looked, strict=True)):
        option = now.option
        if place == sheet.chosen:
            chosen = len(left)
            option = option or dataclasses.replace(old, version=now.version)
        if option is not None:
            left.append(option)
    stirred = other or _words(left) != _words(sheet.options)
    found = dataclasses.replace(sheet, options=tuple(left), chosen=len(left) if chosen is None else chosen)
    found = dataclasses.replace(found, strict=found.strict or draft_making.strict(found.options))
    if (origin is Origin.MODEL and stirred) or (origin is Origin.LIBRARY and other):
        found = draft_making.fill(found, facts)
        found, origin = dataclasses.replace(found, first=found.said), Origin.LIBRARY
    elif not other:
        return found, origin
    return dataclasses.replace(found, note=found.noted("entry_changed")), origin


def _look(unit: Unit, option: Option) -> Now:
    if option.topic.startswith(OWN):
        row = own_answers.get(unit.tx, int(option.topic.removeprefix(OWN)))
        if row is None or row["state"] == "withdrawn":
            return Now(None, option.version, erased=True)
        kept = learning.opened(unit, row) if row["state"] == "saved" else None
        return Now(kept, int(row["at"]), erased=kept is None and row["state"] == "saved")
    row = faq_entries.newest_of(unit.tx, option.topic)
    shipped = next((one for one in library.load() if one.id == option.topic), None)
    if shipped is not None and (row is None or shipped.policy is Policy.NEVER_AUTO):
        return _of_entry(shipped, option)
    if row is None:
        return Now(option, option.version)  # of no library that is known here
    entry = faq_library.opened(unit, row)
    if entry is None:
        return Now(None, option.version, erased=True)
    return _of_entry(entry, option) if row["state"] == "active" else Now(None, int(row["version"]))


def _of_entry(entry: Entry, option: Option) -> Now:
    if entry.policy is Policy.NEVER_AUTO:
        return Now(None, entry.version)
    return Now(option_of(entry, option.strength), entry.version)


def _said(option: Option) -> tuple[object, ...]:
    return option.answer, option.patient, option.ask_first, option.flagged


def _words(options: Sequence[Option]) -> list[str]:
    return [f"{one.topic}\n{one.answer}" for one in options]


def _holds(sheet: Sheet, lost: Option) -> bool:
    """Whether words that the specialist made hold some of an answer that is gone, or began as a model's of several."""
    option = sheet.option
    if option is not None and sheet.first and not sheet.first.startswith(option.answer):
        return True
    said = _plain(f"{sheet.body}\n{sheet.patient}")
    parts = re.split(r"(?<=[.!?;:])\s+|\n+", f"{lost.answer}\n{lost.patient}")
    known = [words for part in parts if len((words := _plain(part)).split()) >= SENTENCE_LEAST]
    return any(f" {words} " in f" {said} " for words in known)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
