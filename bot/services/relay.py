"""The relay: what one side says becomes a numbered message of the case, and deliveries to the other side's seat."""

from __future__ import annotations

from typing import Any

from bot.domain.codec import dump
from bot.domain.events import InboundFile, MessageReceived
from bot.domain.filetypes import FileType
from bot.domain.ids import CaseId, LaneId, MessageId
from bot.domain.names import short_name
from bot.domain.outbound import Post
from bot.domain.problems import Problem
from bot.domain.richtext import RichText, italic, lines
from bot.services import (
    albums,
    asides,
    bundles,
    complaints,
    draft_asking,
    file_names,
    headings,
    identifiers,
    large_files,
    notices,
    part_quotes,
    photo_series,
    replies,
    turns,
    voice_notes,
)
from bot.services.parcels import FileAbout
from bot.services.pictures import follow
from bot.services.unit import Unit
from prompts.wording import say
from storage import attachments, drafts, lanes, messages, seats, urgent

Row = dict[str, Any]
OTHER = {"dentist": "specialist", "specialist": "dentist"}


def receive(unit: Unit, seat: Row, event: MessageReceived, *, kind: str = "text") -> MessageId:
    """Record what a seat's person said and queue it for the other side; without one yet it waits, and they are told.

    `seat` is an open seat row of an open case; the caller has checked that the event's sender owns it.
    """
    case_id = CaseId(seat["case_id"])
    said = [event.body] if event.body.text else []
    body = lines(italic(say("relay.forwarded")), *said) if event.forwarded else event.body
    if part_quotes.may_go(unit, case_id, event):
        body = part_quotes.below(body, event.quoted)
    elif event.quoted or event.elsewhere:
        asides.lost(unit, seat, [("reply_elsewhere", 1)], seat)
    message = record(
        unit,
        seat,
        body,
        kind="file" if event.files and not event.body.text else kind,
        said_at=event.origin.at,
        reply_to=None if event.reply_to is None else replies.named(unit, case_id, event.origin.place, event.reply_to),
        turn=turns.after(unit, seat, event.body.text),
    )
    message_id = MessageId(message["id"])
    place = event.origin.place
    for part, native in enumerate(event.natives):
        messages.add_part(
            unit.tx,
            message_id=message_id,
            seat_id=seat["id"],
            role="source",
            part=part,
            platform=place.platform,
            workspace=place.workspace,
            chat=place.chat,
            native_id=native,
        )
    albums.remember(unit, case_id, message_id, event.pieces)
    for position, file in enumerate(event.files, 1):
        attach(unit, seat, message_id, position, file)
    voice_notes.answer(unit, seat, event.files)
    late = message["before"] is not None and event.origin.at < message["before"]
    hand_over(unit, seat, message, event.body.text, late=late, files=bool(event.files))
    identifiers.look(unit, seat, message_id, body)
    photo_series.received(unit, seat, message_id, event.files)
    return message_id


def hand_over(unit: Unit, seat: Row, message: Row, text: str, *, late: bool = False, files: bool = True) -> None:
    """A message just recorded goes on, or waits for a specialist; the turn passes, a draft of an answer is asked for.

    `seat` is its author's; `files`: it may have some.
    """
    if not pass_on(unit, message, late=late, author=seat, files=files):
        messages.set_told(unit.tx, message["id"], "waiting")
        notices.to_seat(unit, seat, say("relay.told.no_seat", no=message["no"]), silent=True)
    turns.said(unit, seat, text, card_soon=message["card_soon"])
    complaints.heard(unit, seat, text)
    draft_asking.said(unit, seat, message, text)


def record(
    unit: Unit,
    seat: Row,
    body: RichText,
    *,
    kind: str,
    said_at: int,
    reply_to: MessageId | None = None,
    turn: str = "",
) -> Row:
    """Number and seal one message of a seat's person; its row, and what it `says`.

    `before` (µs): when that side last said something. A `turn` that passes with it is noted at once; then `card_soon`
    says whether the card follows soon anyway, and is None else.
    """
    case_id = CaseId(seat["case_id"])
    message_id = MessageId(unit.new_id())
    text = body.to_json().encode()
    no, before, soon = messages.next_no(unit.tx, case_id, seat["side"], unit.now, turn)
    row = messages.add(
        unit.tx,
        id=message_id,
        case_id=case_id,
        no=no,
        epoch=int(seat["case_epoch"]),
        side=seat["side"],
        person_id=seat["person_id"],
        seat_id=seat["id"],
        kind=kind,
        body=unit.seal(case_id, "message", "body_sealed", message_id, text),
        said_at=said_at,
        now=unit.now,
        reply_to=reply_to,
    )
    unit.audit(
        case_id,
        f"person:{seat['person_id']}",
        "message.received",
        message=message_id,
        no=no,
        kind=kind,
        hash=unit.hash("content", text.decode()),
    )
    return {**row, "before": before, "says": body, "card_soon": soon if turn else None}


def body_of(unit: Unit, message: Row) -> RichText:
    """What a message says now."""
    says: RichText | None = message.get("says")
    if says is not None:  # it has just been recorded
        return says
    sealed = unit.unseal(
        message["case_id"],
        "message",
        "body_sealed",
        message["id"],
        message["body_sealed"],
        message["version"],
    )
    return RichText.from_json(sealed.decode())


def pass_on(
    unit: Unit,
    message: Row,
    *,
    late: bool = False,
    quiet: bool = False,
    author: Row | None = None,
    files: bool = True,
) -> bool:
    """Queue a message for the other side's seat under the case's present epoch; False if that seat is not taken yet.

    What is filed `quiet` disturbs nobody. `author` is its seat where that is at hand; `files`: it may have some.
    """
    message_id = MessageId(message["id"])
    target = seats.of_case(unit.tx, message["case_id"], OTHER[message["side"]])
    author = seats.get(unit.tx, message["seat_id"]) if author is None else author
    if target is None or author is None:
        return False
    lane = notices.lane_of_seat(unit, target)
    fitting = that_fit(unit, message_id, target) if files else []
    heading = headings.of(message, author, target, late=late)
    notice = say("notice.message", name=short_name(author["person_name"]), ref=target["ref"])
    body = body_of(unit, message)
    reply_to = None if message["reply_to"] is None else MessageId(message["reply_to"])
    if not body.text and not fitting:  # nothing of it may pass, and its sender was told why: no empty message goes
        messages.set_state(unit.tx, message_id, "failed", unit.now)
        messages.set_told(unit.tx, message_id, "failed")
        return True
    post = Post(body, heading, notice=notice, message=message_id, reply_to=reply_to, mention=not quiet, silent=quiet)
    case_id, epoch = CaseId(message["case_id"]), int(target["case_epoch"])
    apart = 0 if message["kind"] != "draft" or unit.capabilities[target["platform"]].copies_blocks else body.last_block
    bundles.send(unit, lane, target["platform"], post, fitting, case_id=case_id, epoch=epoch, apart=apart)
    if files:
        follow(unit, message, target)
    asides.passed_on(unit, author, target, body, fitting)
    return True


def pass_on_waiting(unit: Unit, case_id: CaseId, side: str) -> int:
    """Queue, in order, what one side said and the other has not been sent under the present parties; how many."""
    rows = messages.undelivered(unit.tx, case_id, side)
    if side == "dentist":
        drafts.hurry(unit.tx, case_id, unit.now)
        urgent.hurry(unit.tx, case_id, unit.now)
        unit.wake("drafts")
        unit.wake("scheduler")
    return sum(pass_on(unit, row) for row in rows)


def attach(unit: Unit, seat: Row, message_id: MessageId, position: int, file: InboundFile) -> None:
    """Note one file of a message, to be fetched; one that its app does not give is refused or asked for otherwise."""
    limit = unit.capabilities[seat["platform"]].download_limit
    attachment = unit.new_id()
    about = dump(FileAbout(file.ref, file.name, file.seconds))
    attachments.add(
        unit.tx,
        id=attachment,
        message_id=message_id,
        case_id=seat["case_id"],
        position=position,
        platform=seat["platform"],
        workspace=seat["workspace"],
        kind=file.kind.value,
        mime=file.mime,
        size=file.size or 0,
        ref=unit.seal(seat["case_id"], "attachment", "ref_sealed", attachment, about),
        now=unit.now,
    )
    if file.size is not None and file.size > limit:
        refuse_file(unit, attachment, "too_large")
    else:
        unit.wake("files")


def that_fit(unit: Unit, message_id: MessageId, target: Row) -> list[Row]:
    """A message's files that the other side's app takes; of the others their sender is told."""
    limit = large_files.most_for(unit, target["platform"])
    rows = [row for row in attachments.of_message(unit.tx, message_id) if row["state"] in ("to_fetch", "stored")]
    for row in rows:
        if int(row["size"]) > limit:
            refuse_file(unit, row["id"], "too_large_there", limit=limit)
    return [row for row in rows if int(row["size"]) <= limit]


def refuse_file(
    unit: Unit, attachment_id: int, reason: str | Problem, *, state: str = "refused", limit: int | None = None
) -> None:
    """A file will not be passed on: its sender learns why and what would work (`limit` in bytes); text goes on.

    `reason` is a key below relay.file, or a Problem that says what is wrong with the content.
    """
    if reason == "too_large" and large_files.ask_for(unit, attachment_id):
        return
    word = reason if isinstance(reason, str) else reason.key.rpartition(".")[2]
    attachments.refuse(unit.tx, attachment_id, state, word)
    row = attachments.get(unit.tx, attachment_id)
    assert row is not None
    message = messages.get(unit.tx, row["message_id"])
    assert message is not None
    most = (unit.capabilities[row["platform"]].download_limit if limit is None else limit) // 1_000_000
    unit.audit(row["case_id"], "service", "file.refused", attachment=attachment_id, reason=word)
    if isinstance(reason, Problem):
        line = say("relay.file.unfit", file=bundles.which(unit, row, message), why=say(reason.key, **reason.values))
    else:
        line = say(f"relay.file.{reason}", file=bundles.which(unit, row, message), limit=most)
    target = seats.of_case(unit.tx, row["case_id"], OTHER[message["side"]])
    if target is not None and body_of(unit, message).text:
        line = f"{line} {say('relay.file.text_went_on')}"
    notices.to_sender(unit, message, line)
    if target is not None:
        notices.to_seat(unit, target, say("relay.file.missing", no=message["no"]), silent=True)
        lane = notices.lane_of_seat(unit, target)
        _nudge(unit, lane)
    photo_series.recount(unit, CaseId(row["case_id"]))


def file_stored(unit: Unit, attachment_id: int, kind: FileType, *, blob: str, sha256: str, size: int) -> None:
    """A file is in the blob store: its lane may go on."""
    attachments.stored(unit.tx, attachment_id, blob=blob, sha256=sha256, size=size, mime=kind.mime)
    row = attachments.get(unit.tx, attachment_id)
    assert row is not None
    message = messages.get(unit.tx, row["message_id"])
    assert message is not None
    file_names.settle(unit, row, message, kind)
    unit.audit(row["case_id"], "service", "file.stored", attachment=attachment_id, sha256=sha256, size=size)
    target = seats.of_case(unit.tx, row["case_id"], OTHER[message["side"]])
    if target is not None:
        _nudge(unit, notices.lane_of_seat(unit, target))


def _nudge(unit: Unit, lane: LaneId) -> None:
    lanes.nudge(unit.tx, lane, unit.now)
    unit.wake("outbox")


def footer_of(message: Row, *first: str) -> str:
    """What stands below a copy that was changed: `first`, and whether files of the message were exchanged since."""
    return "\n".join([*first, say("relay.file.exchanged_mark", no=message["no"])] if message["refiled"] else first)
