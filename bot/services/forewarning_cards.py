"""Forewarnings as people see them: a card each for the specialist to decide on, then one for the dentist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.domain.forms import NONE
from bot.domain.ids import CaseId
from bot.domain.intake import INTAKE
from bot.domain.outbound import Button, ButtonStyle, Edit, Post
from bot.domain.richtext import RichText, bold, italic, lines
from bot.services import buttons, notices, outbox, rooms
from bot.services.unit import Unit
from prompts import forewarning_rules
from prompts.wording import say

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """What the dentist is shown, and the facts that set the rule off."""

    text: str
    because: tuple[str, ...] = ()
    worded: bool = False
    """By the specialist."""


def to_specialist(unit: Unit, seat: Row, warning: Row, words: Words, *, silent: bool = True) -> None:
    """The rule with its figure and source, and [Release] [Word] [Withhold]."""
    row = (
        _button(unit, seat, warning, "release", ButtonStyle.PRIMARY),
        _button(unit, seat, warning, "word"),
        _button(unit, seat, warning, "withhold"),
    )
    body = lines(*_lines(warning, words), "", italic(say("forewarning.only_you")))
    notices.to_seat(unit, seat, body, buttons=(row,), silent=silent, card=card(warning))


def to_dentist(unit: Unit, seat: Row, warning: Row, words: Words, by: str, *, silent: bool) -> None:
    """What the specialist released, and [Acknowledge] [Patient told]."""
    head = say("forewarning.from", name=by)
    row = (_button(unit, seat, warning, "acknowledge", ButtonStyle.PRIMARY), _button(unit, seat, warning, "told"))
    body = lines(head, "", *_lines(warning, words))
    notices.to_seat(unit, seat, body, buttons=(row,), silent=silent, card=card(warning))


def settled(unit: Unit, seat: Row, warning: Row, words: Words, outcome: str, *, still: bool = False) -> None:
    """The card says what became of it; `still` leaves [Patient told] on it."""
    row = ((_button(unit, seat, warning, "told"),),) if still else ()
    body = lines(*_lines(warning, words), "", italic(outcome))
    post = Post(body=body, notice=say("notice.case", ref=seat["ref"]), buttons=row, silent=True)
    outbox.enqueue(unit, rooms.lane_for(unit, seat), Edit(post, card=card(warning)), case_id=CaseId(seat["case_id"]))


def card(warning: Row) -> str:
    """The name of its card in a lane."""
    return f"forewarning:{warning['id']}"


def group(warning: Row, side: str) -> str:
    """The buttons of one side's card."""
    return f"forewarning:{warning['id']}:{side}"


def _lines(warning: Row, words: Words) -> list[RichText | str]:
    rule = forewarning_rules.load().get(warning["rule"])
    title = warning["rule"] if rule is None else rule.title
    rows: list[RichText | str] = [bold(say(f"forewarning.title.{warning['severity']}", title=title)), words.text]
    if words.because:
        rows.append(say("forewarning.because", facts="; ".join(map(_said, words.because))))
    sources = () if rule is None else rule.shown_sources
    if sources:
        rows.append(say("forewarning.sources", sources="; ".join(sources)))
    elif rule is not None:
        rows.append(say("forewarning.no_source"))
    return rows


def _said(fact: str) -> str:
    """A fact in words; a tick of the intake by its label there."""
    area, _, option = fact.partition(":")
    if area != "intake":
        return fact
    name = "history" if option in INTAKE.field("history").options and option != NONE else "age_band"
    return say(INTAKE.option_key(INTAKE.field(name), option))


def _button(unit: Unit, seat: Row, warning: Row, do: str, style: ButtonStyle = ButtonStyle.PLAIN) -> Button:
    return buttons.for_seat(
        unit,
        seat,
        f"forewarning.{do}",
        say(f"forewarning.button.{do}"),
        style,
        data={"warning": warning["id"], "subject": str(warning["id"])},
        group=group(warning, seat["side"]),
        once=False,
    )
