"""Files that their sender exchanges or deletes after they were sent: an edit of files, as apps allow it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.domain.events import InboundFile, MessageEdited
from bot.domain.ids import CaseId, DeliveryId, MessageId
from bot.domain.names import short_name
from bot.domain.outbound import Edit, Post
from bot.domain.richtext import EMPTY
from bot.services import asides, bundles, headings, notices, outbox, parcels, photo_series, relay
from bot.services.unit import Unit
from prompts.wording import say
from storage import attachments, deliveries, history, messages, seats

Row = dict[str, Any]
DELETED = "deleted"
"""The reason of an attachment that its sender deleted before it went."""


def news(unit: Unit, message: Row, event: MessageEdited) -> tuple[Sequence[InboundFile], Sequence[Row]]:
    """Files of an edited message that it did not hold before, and its attachment rows that its sender deleted."""
    if not event.files and not event.gone:
        return (), ()
    rows = attachments.of_message(unit.tx, message["id"])
    kept = {parcels.file_about(unit, row).lasting: row for row in rows}
    return [one for one in event.files if one.lasting not in kept], [kept[one] for one in event.gone if one in kept]


def exchanged(unit: Unit, message: Row, new: Sequence[InboundFile]) -> None:
    """What stands in a message now goes on too, under its number: the reader is told that it counts instead."""
    seat = seats.get(unit.tx, message["seat_id"])
    assert seat is not None
    before = len(attachments.of_message(unit.tx, message["id"]))
    for position, file in enumerate(new, before + 1):
        relay.attach(unit, seat, message["id"], position, file)
    unit.audit(
        message["case_id"], f"person:{message['person_id']}", "file.exchanged", message=message["id"], files=len(new)
    )
    notices.to_seat(unit, seat, say("relay.file.exchanged_told", no=message["no"], command=_take_back(unit, message)))
    photo_series.received(unit, seat, message["id"], new)
    target = seats.of_case(unit.tx, message["case_id"], relay.OTHER[message["side"]])
    if target is None:
        return  # it goes with the message, once somebody has the case
    rows = [row for row in relay.that_fit(unit, message["id"], target) if int(row["position"]) > before]
    if not rows:
        return
    messages.set_refiled(unit.tx, message["id"])
    _mark(unit, {**message, "refiled": 1}, seat, target)
    post = Post(
        EMPTY,
        say("relay.file.exchanged", name=seat["person_name"], no=message["no"]),
        notice=say("notice.message", name=short_name(seat["person_name"]), ref=target["ref"]),
        message=message["id"],
        reply_to=MessageId(message["id"]),
        mention=True,
    )
    messages.set_state(unit.tx, message["id"], "waiting", unit.now)
    lane = notices.lane_of_seat(unit, target)
    bundles.send(
        unit, lane, target["platform"], post, rows, case_id=CaseId(message["case_id"]), epoch=int(target["case_epoch"])
    )
    asides.passed_on(unit, seat, target, EMPTY, rows)


def _mark(unit: Unit, message: Row, author: Row, target: Row) -> None:
    """The copies of what was exchanged say so where they stand."""
    lane = notices.lane_of_seat(unit, target)
    for row in deliveries.of_message(unit.tx, message["id"]):
        with_files = row["kind"] == "post" and row["words"] != outbox.TEXT
        if row["lane_id"] != lane or not with_files or row["state"] in ("void", "failed"):
            continue
        post = Post(
            relay.body_of(unit, message) if row["words"] == outbox.CAPTION else EMPTY,
            headings.of(message, author, target),
            relay.footer_of(message),
            notice=say("notice.message", name=short_name(author["person_name"]), ref=target["ref"]),
            silent=True,
        )
        shown = bundles.under_files(unit, lane, post)
        if shown is not None:
            edit = Edit(shown, DeliveryId(row["id"]), remark=True)
            outbox.enqueue(unit, lane, edit, case_id=CaseId(message["case_id"]), epoch=int(target["case_epoch"]))
            history.set_quotes(unit.tx, row["id"], ())  # what it answers is quoted above it no more


def deleted(unit: Unit, message: Row, gone: Sequence[Row]) -> None:
    """Files were deleted where they came from: what has not gone yet stays here, of the others both sides are told."""
    target = seats.of_case(unit.tx, message["case_id"], relay.OTHER[message["side"]])
    who = f"person:{message['person_id']}"
    for row in gone:
        unit.audit(message["case_id"], who, "file.deleted", attachment=row["id"], message=message["id"])
        file = bundles.which(unit, row, message)
        if row["state"] == "to_fetch" or (row["state"] == "stored" and message["state"] == "waiting"):
            attachments.refuse(unit.tx, row["id"], "refused", DELETED)
        notices.to_sender(
            unit,
            message,
            say("relay.file.deleted_told", file=file, no=message["no"], command=_take_back(unit, message)),
        )
        author = seats.get(unit.tx, message["seat_id"])
        if target is not None and author is not None:
            notices.to_seat(unit, target, say("relay.file.deleted", name=author["person_name"], file=file))
    photo_series.recount(unit, CaseId(message["case_id"]))
    unit.wake("outbox")


def _take_back(unit: Unit, message: Row) -> str:
    seat = seats.get(unit.tx, message["seat_id"])
    assert seat is not None
    return f"{unit.capabilities[seat['platform']].command_prefix}{say('case.command.withdraw')} {message['no']}"
