"""Taking copies away: a tombstone where words stood, files go; what a platform no longer lets us do is said aloud."""

from __future__ import annotations

import dataclasses
from typing import Any

from bot.domain.codec import load
from bot.domain.errors import Reason
from bot.domain.ids import CaseId, DeliveryId, LaneId, SeatId
from bot.domain.names import short_name
from bot.domain.outbound import Delete, Edit, Payload, Post
from bot.domain.richtext import plain
from bot.services import bundles, headings, notices, outbox, parents, relay, restating
from bot.services.unit import Unit
from prompts.wording import say
from storage import deliveries, history, lanes, messages, seats

Row = dict[str, Any]


def take_away(unit: Unit, message: Row, rows: list[Row], *, trace: bool = True) -> None:
    """Remove what shows a withdrawn message: its first words become a tombstone (with `trace`), all else is deleted.

    `rows` are deliveries that stand or may stand somewhere.
    """
    marked: set[int] = set()
    for row in rows:
        lane = LaneId(row["lane_id"])
        if _out_of_reach(unit, lane):
            notices.to_sender(unit, message, say("relay.withdrawn.copy_left", no=message["no"]))
            continue
        own = row["message_id"] == message["id"] and row["words"] == outbox.TEXT
        if trace and own and lane not in marked:
            marked.add(lane)
            _bury(unit, message, row)
        else:
            outbox.enqueue(unit, lane, Delete(DeliveryId(row["id"])), case_id=CaseId(message["case_id"]))


def unquote(unit: Unit, message: Row) -> None:
    """The words of a withdrawn message go where others read them in passing: in lines about it, lists and replies."""
    for row in history.quoting(unit.tx, message["case_id"], message["id"], message["person_id"]):
        lane = LaneId(row["lane_id"])
        if row["message_id"] is not None:
            _answers_nothing(unit, message, row)
        elif row["state"] in ("queued", "failed"):
            deliveries.mark_void(unit.tx, row["id"], unit.now, "withdrawn")
            if len(history.quotes(row)) > 1:
                outbox.post_text(unit, lane, plain(say("find.withdrawn", no=message["no"])), case_id=row["case_id"])
        elif not _out_of_reach(unit, lane) and len(history.quotes(row)) == 1:
            outbox.enqueue(unit, lane, Delete(DeliveryId(row["id"])), case_id=CaseId(message["case_id"]))
        elif not _out_of_reach(unit, lane):
            _replace(unit, message, row, say("find.withdrawn", no=message["no"]))


def not_done(unit: Unit, seat_id: SeatId, row: Row, payload: Payload | None, reason: Reason) -> None:
    """An edit or removal came too late, or its target is gone: what follows from that is done instead."""
    target = deliveries.get(unit.tx, payload.target) if isinstance(payload, Edit | Delete) and payload.target else None
    message = None if target is None else _shown_by(unit, target)
    seat = seats.get(unit.tx, seat_id)
    if target is None or message is None or seat is None:
        return
    reader = seats.of_case(unit.tx, seat["case_id"], seat["side"])
    if reader is None or reader["person_id"] != seat["person_id"]:
        return
    if isinstance(payload, Edit) and payload.remark:
        return
    if isinstance(payload, Edit) and not payload.tombstone:
        if message["state"] != "withdrawn" and not _told_since(unit, message, target, row):
            restating.say_again(unit, message, reader)
    elif reason is Reason.TOO_OLD:
        if isinstance(payload, Delete) and target["words"] == outbox.TEXT:
            _bury(unit, message, target)
        else:
            notices.to_seat(unit, reader, say("relay.withdrawn.stands_here", no=message["no"]))
            notices.to_sender(unit, message, say("relay.withdrawn.stands_there", no=message["no"]))


def _bury(unit: Unit, message: Row, row: Row) -> None:
    """The words of a delivery give way to a line that says who took them back."""
    author = seats.get(unit.tx, message["seat_id"])
    assert author is not None
    _replace(unit, message, row, say("relay.withdrawn.tombstone", no=message["no"], name=author["person_name"]))


def _replace(unit: Unit, message: Row, row: Row, words: str) -> None:
    author = seats.get(unit.tx, message["seat_id"])
    assert author is not None
    post = Post(body=plain(words), notice=say("notice.case", ref=author["ref"]), silent=True)
    edit = Edit(post, DeliveryId(row["id"]), tombstone=True)
    outbox.enqueue(unit, LaneId(row["lane_id"]), edit, case_id=CaseId(message["case_id"]))


def _answers_nothing(unit: Unit, message: Row, row: Row) -> None:
    """A reply that quotes a withdrawn message above its own words says only that it was withdrawn."""
    lane = lanes.get(unit.tx, row["lane_id"])
    reader = None if lane is None else seats.get(unit.tx, lane["seat_id"])
    if lane is None or reader is None or row["state"] not in ("sent", "sending", "uncertain"):
        return
    said = _as_sent(unit, row, reader)
    if said is None:
        notices.to_seat(unit, reader, say("relay.withdrawn.stands_here", no=message["no"]))
        notices.to_sender(unit, message, say("relay.withdrawn.stands_there", no=message["no"]))
        return
    quoted = parents.quoting(unit, lane, {**message, "state": "withdrawn"}, said)
    post = Post(quoted.body, quoted.heading, quoted.footer, notice=said.notice, caption=said.caption, silent=True)
    edit = Edit(post, DeliveryId(row["id"]), remark=True)
    outbox.enqueue(unit, LaneId(lane["id"]), edit, case_id=CaseId(row["case_id"]), epoch=int(row["case_epoch"]))


def _as_sent(unit: Unit, row: Row, reader: Row) -> Post | None:
    """What a delivery of a person's words holds; of one of long ago as it would be made today, None if it cannot."""
    if row["payload_sealed"] is not None:
        body = unit.unseal(row["case_id"] or 0, "delivery", "payload_sealed", row["id"], row["payload_sealed"])
        post = load(Post, body)
        return dataclasses.replace(post, caption=post.with_files)
    message = messages.get(unit.tx, row["message_id"])
    author = None if message is None else seats.get(unit.tx, message["seat_id"])
    if message is None or author is None:
        return None
    post = Post(
        relay.body_of(unit, message),
        headings.of(message, author, reader),
        notice=say("notice.message", name=short_name(author["person_name"]), ref=reader["ref"]),
    )
    return bundles.edited(unit, LaneId(row["lane_id"]), row, post)


def _out_of_reach(unit: Unit, lane: LaneId) -> bool:
    """Whether a lane's room is an archived one that its person left for another app."""
    row = lanes.get(unit.tx, lane)
    seat = seats.get(unit.tx, row["seat_id"]) if row is not None and row["seat_id"] is not None else None
    if row is None or seat is None or seat["moved_to"] is None or seat["state"] != "closed":
        return False
    return not unit.capabilities[str(row["platform"])].room_in_chat


def _shown_by(unit: Unit, delivery: Row) -> Row | None:
    """The message whose words a delivery shows, its own, repeated or quoted in a line about it."""
    quoted = history.quotes(delivery)
    number = delivery["message_id"] or history.restated(delivery) or (quoted[0] if len(quoted) == 1 else None)
    return None if number is None else messages.get(unit.tx, number)


def _told_since(unit: Unit, message: Row, target: Row, edit: Row) -> bool:
    """Whether the reader was told of the change in words of its own when the edit was made, or after."""
    told = deliveries.corrections(unit.tx, message["case_id"], message["id"])
    return any(
        row["lane_id"] == target["lane_id"] and row["queued_at"] >= edit["queued_at"] and row["state"] != "void"
        for row in told
    )
