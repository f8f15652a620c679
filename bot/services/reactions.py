"""Reactions in words: the other side reads who reacted how to what."""

from __future__ import annotations

from bot.domain.events import Reacted
from bot.domain.ids import CaseId, MessageId, PersonId
from bot.domain.richtext import plain, quote
from bot.services import asides, notices, outbox, relay, replies
from bot.services.unit import Unit
from prompts.wording import say
from storage import history, seats


def tell(unit: Unit, event: Reacted, person_id: PersonId) -> bool:
    """Pass a person's reaction on as a silent, quoted line; False if it is to nothing that was said in their case."""
    found = replies.shown(unit, event.origin.place, event.message_id)
    if found is None or found[0]["state"] == "withdrawn":
        return False
    message, seat_id = found
    seat = seats.get(unit.tx, seat_id)
    if seat is None or seat["person_id"] != person_id or seat["state"] != "open":
        return False
    target = seats.of_case(unit.tx, message["case_id"], relay.OTHER[seat["side"]])
    if target is None:
        return False
    named = {"name": seat["person_name"], "emoji": event.emoji or say("relay.reaction_own"), "no": message["no"]}
    if event.former:
        words = say("relay.reaction_changed", **named, former=event.former)
    else:
        words = say("relay.reaction_back" if event.removed else "relay.reaction", **named)
    made = outbox.post_text(
        unit,
        notices.lane_of_seat(unit, target),
        plain(words + "\n") + quote(relay.body_of(unit, message).first_line(80)),
        case_id=CaseId(message["case_id"]),
        epoch=int(target["case_epoch"]),
        notice=say("notice.case", ref=target["ref"]),
        reply_to=MessageId(message["id"]),
        silent=True,
    )
    for delivery in made:
        history.set_quotes(unit.tx, delivery, [message["id"]])  # it goes when the message is withdrawn
    if not event.removed:
        asides.lost(unit, seat, [("reaction_in_words", 1)], target)
    unit.audit(
        message["case_id"], f"person:{person_id}", "message.reaction", message=message["id"], removed=event.removed
    )
    return True
