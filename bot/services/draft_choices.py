"""The other answers on a draft's card: where each begins, one of them in full, and none that has left the library."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import Any

from bot.domain.drafts import Option, Origin, Sheet, length
from bot.domain.ids import PersonId
from bot.domain.outbound import Button
from bot.domain.problems import Problem, clip
from bot.domain.richtext import RichText, bold, lines, pre
from bot.services import case_facts, draft_cards, draft_making, draft_sources
from bot.services import drafts as service
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, drafts

Row = dict[str, Any]
IN_FULL = 600
"""Of an answer (`length`) that stands in full among the others: three of them and their titles are one message."""
BEGINNING = 300
TITLE = 80


def choose(unit: Unit, draft: Row, presser: PersonId, place: int) -> Problem | None:
    """Take another candidate instead."""
    seat = service.theirs(unit, draft, presser)
    case = cases.get(unit.tx, draft["case_id"])
    if isinstance(seat, Problem):
        return seat
    sheet = draft_cards.sheet_of(unit, draft)
    option = _at(unit, sheet, place)
    if case is None or option is None:
        return _gone(unit, seat, draft)
    options = (*sheet.options[:place], option, *sheet.options[place + 1 :])
    taken = dataclasses.replace(sheet, options=options, chosen=place)
    chosen = draft_making.fill(taken, case_facts.of_case(unit, case))
    chosen = dataclasses.replace(chosen, first=chosen.said)  # what is changed from here on is the specialist's
    service.change(unit, case, seat, draft, chosen, Origin.LIBRARY)
    return None


def look_at(unit: Unit, draft: Row, presser: PersonId, *, others: bool, place: int | None = None) -> Problem | None:
    """Show the other candidates on the card, the one at a `place` in full, or the draft again."""
    seat = service.theirs(unit, draft, presser)
    if isinstance(seat, Problem):
        return seat
    if not others:
        draft_cards.show(unit, seat, draft)
    elif place is None:
        _show(unit, seat, draft)
    else:
        option = _at(unit, draft_cards.sheet_of(unit, draft), place)
        if option is None:
            return _gone(unit, seat, draft)
        _read(unit, seat, draft, place, option)
    return None


def _show(unit: Unit, seat: Row, draft: Row) -> None:
    """All of them, the best first, each to be used, or read where it only begins."""
    sheet = draft_cards.sheet_of(unit, draft)
    read = ((place, draft_sources.as_now(unit, one)) for place, one in enumerate(sheet.options))
    shown = [(place, one) for place, one in read if one is not None]
    rows: list[RichText | str] = [bold(say("draft.choose"))]
    for place, option in shown:
        rows += ["", _title(place, option), _part(option)]
        if option.patient:
            rows.append(say("draft.with_patient_words"))
    make = partial(draft_cards.button, unit, seat, draft)
    use = tuple(make("draft.choose", say("draft.button.choose", place=place + 1), place=place) for place, _ in shown)
    whole = tuple(
        make("draft.read", say("draft.button.read", place=place + 1), place=place)
        for place, option in shown
        if not _whole(option)
    )
    back = (make("draft.back", say("draft.button.back")),)
    _put(unit, seat, draft, lines(*rows), tuple(filter(None, (use, whole, back))))


def _read(unit: Unit, seat: Row, draft: Row, place: int, option: Option) -> None:
    """One of them, whole."""
    rows: list[RichText | str] = [_title(place, option), option.answer]
    if option.patient:
        rows += ["", say("draft.for_patient"), pre(option.patient)]
    make = partial(draft_cards.button, unit, seat, draft)
    use = make("draft.choose", say("draft.button.choose", place=place + 1), place=place)
    others, back = (make("draft.others", say("draft.button.others")), make("draft.back", say("draft.button.back")))
    _put(unit, seat, draft, lines(*rows), ((use,), (others, back)))


def _at(unit: Unit, sheet: Sheet, place: int) -> Option | None:
    """The answer at a place as it reads now; None if there is none any more."""
    return draft_sources.as_now(unit, sheet.options[place]) if 0 <= place < len(sheet.options) else None


def _gone(unit: Unit, seat: Row, draft: Row) -> Problem:
    _show(unit, seat, draft)
    return Problem.of("draft.option_gone")


def _put(unit: Unit, seat: Row, draft: Row, body: RichText, rows: tuple[tuple[Button, ...], ...]) -> None:
    draft_cards.put(unit, seat, draft, body, rows)
    drafts.set_shown_by(unit.tx, draft["id"], None)  # what would be sent is not in sight


def _title(place: int, option: Option) -> RichText:
    strength = say(f"draft.strength.{option.strength}")
    return bold(say("draft.candidate", place=place + 1, title=clip(option.title, TITLE), strength=strength))


def _whole(option: Option) -> bool:
    return not option.patient and length(option.answer) <= IN_FULL


def _part(option: Option) -> str:
    return option.answer if length(option.answer) <= IN_FULL else draft_cards.begins(option.answer, BEGINNING)
