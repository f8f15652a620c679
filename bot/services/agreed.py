"""What stands on the case card under "Agreed so far", and a message as one line of a list."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.names import short_name
from bot.domain.richtext import RichText, bold, link
from bot.services.unit import Unit
from prompts.wording import say
from storage import kept, messages

Row = dict[str, Any]
ON_CARD = 8
"""Kept messages that a card shows; of more it says how many."""
SHORT = 80


def card_lines(unit: Unit, seat: Row) -> list[RichText | str]:
    """The kept messages of a case as its card shows them in one seat; nothing if there are none."""
    rows = kept.newest(unit.tx, seat["case_id"], ON_CARD)
    if not rows:
        return []
    more = kept.count(unit.tx, seat["case_id"]) - len(rows)
    lines: list[RichText | str] = ["", bold(say("keep.title"))]
    lines += [one_line(unit, seat, row) for row in rows]
    if more > 0:
        lines.append(say("keep.more", n=more))
    return lines


def one_line(unit: Unit, seat: Row, message: Row) -> RichText:
    """ "14 Jun · Dr Johal · #3: Hold aligner 6", the number a link where the seat's platform has one."""
    at = datetime.fromtimestamp(int(message["said_at"]) / 1_000_000, ZoneInfo(seat["person_timezone"]))
    number = f"#{message['no']}"
    address = address_of(unit, seat, message)
    body = _body(unit, message).first_line(SHORT)
    said = body.text or say("held.a_file")
    who = say("keep.who", date=f"{at.day} {at:%b}", name=short_name(message["person_name"]))
    return RichText(f"{who} · ") + (link(number, address) if address else number) + f": {said}"


def address_of(unit: Unit, seat: Row, message: Row) -> str:
    """Where a message stands in a seat's room, as a link; empty where the platform has none."""
    template = unit.capabilities[seat["platform"]].message_link
    part = next(iter(messages.parts(unit.tx, message["id"], seat["id"])), None) if template else None
    if part is None:
        return ""
    return template.format(workspace=part["workspace"], chat=part["chat"], native=part["native_id"])


def _body(unit: Unit, message: Row) -> RichText:
    sealed = message["body_sealed"]
    opened = unit.unseal(message["case_id"], "message", "body_sealed", message["id"], sealed, message["version"])
    return RichText.from_json(opened.decode())
