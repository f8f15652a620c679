"""Corrections that shout: an edit that may change what somebody does is also said as a new, notifying message."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import material
from bot.domain.ids import CaseId, MessageId, PersonId
from bot.domain.names import short_name
from bot.domain.outbound import Button, ButtonStyle
from bot.domain.richtext import RichText, bold, line, lines
from bot.domain.rules import MINUTE
from bot.services import buttons, notices, outbox
from bot.services.unit import Unit
from prompts.wording import say
from storage import deliveries, messages, seats

Row = dict[str, Any]
QUIET = 2 * MINUTE
"""An edit this soon that changes no fact only shows in place."""


def correction(unit: Unit, message: Row, before: RichText, after: RichText, target: Row) -> bool:
    """Tell the reader of a delivered message that it was corrected, if it matters; whether it did."""
    if message["delivered_at"] is None:
        return False
    late = unit.now - int(message["delivered_at"]) > QUIET
    if not late and not material.changed(before.text, after.text):
        return False
    author = seats.get(unit.tx, message["seat_id"])
    assert author is not None
    at = datetime.fromtimestamp(int(message["said_at"]) / 1_000_000, ZoneInfo(target["person_timezone"]))
    body = lines(
        line(bold(say("correction.was")), " ", before),
        line(bold(say("correction.now")), " ", after),
    )
    made = outbox.post_text(
        unit,
        notices.lane_of_seat(unit, target),
        body,
        case_id=CaseId(message["case_id"]),
        epoch=int(target["case_epoch"]),
        heading=say("correction.heading", name=author["person_name"], no=message["no"], time=f"{at:%H:%M}"),
        notice=say("notice.message", name=short_name(author["person_name"]), ref=target["ref"]),
        reply_to=MessageId(message["id"]),
        buttons=(_answers(unit, message, target),),
        mention=True,
    )
    for delivery in made:
        deliveries.set_correction(unit.tx, delivery, message["id"])
    unit.audit(message["case_id"], "service", "correction.told", message=message["id"], no=message["no"], late=late)
    return True


def answered(unit: Unit, message_id: MessageId, reader: PersonId, *, acted: bool) -> bool:
    """The reader says they saw a correction, or that they had acted on the old words: the author is told."""
    message = messages.get(unit.tx, message_id)
    author = None if message is None else seats.get(unit.tx, message["seat_id"])
    if message is None or author is None:
        return False
    seat = seats.of_case(unit.tx, message["case_id"], "specialist" if message["side"] == "dentist" else "dentist")
    if seat is None or seat["person_id"] != reader:
        return False
    key = "correction.acted_told" if acted else "correction.seen_told"
    notices.to_sender(unit, message, say(key, name=seat["person_name"], no=message["no"]))
    answer = "acted" if acted else "seen"
    unit.audit(message["case_id"], f"person:{reader}", "correction.answered", message=message_id, answer=answer)
    return True


def _answers(unit: Unit, message: Row, target: Row) -> tuple[Button, ...]:
    def button(action: str, label: str, style: ButtonStyle) -> Button:
        return buttons.for_seat(
            unit,
            target,
            action,
            label,
            style,
            data={"message": message["id"]},
            group=f"correction:{message['id']}:{message['version']}",
        )

    return (
        button("correction.seen", say("correction.button.seen"), ButtonStyle.PRIMARY),
        button("correction.acted", say("correction.button.acted"), ButtonStyle.PLAIN),
    )
