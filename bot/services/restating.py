"""Saying an edit anew: where a copy can be changed no more, a correction quotes what it said and says what holds."""

from __future__ import annotations

from typing import Any

from bot.domain.ids import CaseId, MessageId
from bot.domain.names import short_name
from bot.domain.richtext import RichText, bold, line, lines, plain
from bot.services import notices, outbox, relay
from bot.services.unit import Unit
from prompts.wording import say
from storage import deliveries, history, seats

Row = dict[str, Any]
QUOTED = 300
"""Characters of the former words that are quoted; more is cut, it stands above."""


def shown(body: RichText) -> RichText:
    """What a message says now, as its reader is shown it: where its words were taken away, that they were."""
    return plain(say("correction.nothing")) if body.blank else body


def say_again(unit: Unit, message: Row, target: Row, before: RichText | None = None) -> None:
    """Post what a message says now, whole, into a seat's room; `before` is what its copy there says, if known."""
    author = seats.get(unit.tx, message["seat_id"])
    assert author is not None
    body = shown(relay.body_of(unit, message))
    former = before if before is not None else former_words(unit, message)
    if former is not None and former.text and former.text != body.text:
        quoted = former if len(former.text) <= QUOTED else former.first_line(QUOTED)
        body = lines(line(bold(say("correction.was")), " ", quoted), line(bold(say("correction.now")), " ", body))
    made = outbox.post_text(
        unit,
        notices.lane_of_seat(unit, target),
        body,
        heading=say("relay.corrected", name=author["person_name"], no=message["no"]),
        notice=say("notice.message", name=short_name(author["person_name"]), ref=target["ref"]),
        reply_to=MessageId(message["id"]),
        mention=True,
        case_id=CaseId(message["case_id"]),
        epoch=int(target["case_epoch"]),
    )
    for delivery in made:
        deliveries.set_correction(unit.tx, delivery, message["id"])


def former_words(unit: Unit, message: Row) -> RichText | None:
    """What a message said before its last edit."""
    row = history.former(unit.tx, message["id"])
    if row is None:
        return None
    sealed = unit.unseal(
        message["case_id"], "message", "body_sealed", message["id"], row["body_sealed"], row["version"]
    )
    return RichText.from_json(sealed.decode())
