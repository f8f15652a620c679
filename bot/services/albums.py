"""Albums as one message: a platform sends them part by part and never says which is the last."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from bot.domain.codec import dump, load
from bot.domain.events import (
    CommandReceived,
    InboundEvent,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Piece,
    Reacted,
)
from bot.domain.ids import SERVICE, CaseId, MessageId
from bot.domain.richtext import EMPTY, RichText, bold, line, lines
from bot.services import arrivals, notices
from bot.services.unit import Unit
from prompts.wording import say
from storage import albums

Row = dict[str, Any]
_AFTER = (MessageReceived, MessageDeleted, CommandReceived, Reacted)
"""What a person does next shows that an album of theirs is whole, and must not overtake it."""


def keep(unit: Unit, event: InboundEvent) -> bool:
    """Keep a part of an album until the others are there; also what its sender changes in one. False for all else."""
    if isinstance(event, MessageEdited):
        return _edited(unit, event)
    if not isinstance(event, MessageReceived) or event.album is None or event.origin.sender is None:
        return False
    sender = event.origin.sender
    album = albums.gather(
        unit.tx,
        id=unit.new_id(),
        platform=sender.platform,
        workspace=sender.workspace,
        user=sender.user,
        name=event.album,
        due_at=unit.now + unit.rules.album_pause,
    )
    part = unit.new_id()
    sealed = unit.seal(SERVICE, "album_part", "event_sealed", part, dump(event))
    albums.add_part(unit.tx, id=part, album_id=album, native_id=event.message_id, event=sealed)
    unit.wake("albums")
    return True


def before(unit: Unit, event: InboundEvent) -> list[MessageReceived]:
    """The sender's other albums, whole now and to be handled before this event."""
    sender = event.origin.sender
    if sender is None or not isinstance(event, _AFTER) or not unit.capabilities[sender.platform].album_in_parts:
        return []
    rows = albums.open_of(unit.tx, sender.platform, sender.workspace, sender.user, unit.rules.poison_attempts)
    same = event.album if isinstance(event, MessageReceived) else None
    return [_taken(unit, row) for row in rows if row["name"] != same]


def take(unit: Unit, album_id: int) -> MessageReceived | None:
    """One album as one message, kept no longer; None if it was handled meanwhile or has got more parts."""
    row = albums.get(unit.tx, album_id)
    far = unit.now + 2 * unit.rules.album_pause
    if row is None or unit.now < int(row["due_at"]) <= far:
        return None
    return _taken(unit, row)


def give_time(unit: Unit) -> None:
    """After a start: what is half gathered waits its pause anew, since the rest of it may be on its way."""
    albums.give_time(unit.tx, unit.now + unit.rules.album_pause)


def failed(unit: Unit, album_id: int) -> None:
    """It could not be handled: after the last try its sender and the coordinators learn of it."""
    tries = albums.failed(unit.tx, album_id, unit.now + unit.rules.album_pause)
    row = albums.get(unit.tx, album_id)
    if row is None or tries < unit.rules.poison_attempts:
        return
    unit.audit(SERVICE, "service", "album.parked", album=album_id)
    notices.alert(unit, "inbox_parked", row["platform"])
    arrivals.tell_sender(unit, _whole(unit, row))


def remember(unit: Unit, case_id: CaseId, message_id: MessageId, pieces: Sequence[Piece]) -> None:
    """Keep the words of each piece, so that an edit of one changes only its own."""
    for part, piece in enumerate(pieces):
        _set_words(unit, case_id, message_id, part, piece.body)


def changed(unit: Unit, message: Row, body: RichText) -> RichText:
    """What a message says now that its part `message["part"]` reads `body`."""
    rows = albums.words(unit.tx, message["id"])
    if not rows:
        return body
    said = [body if row["part"] == message["part"] else _words(unit, message, row) for row in rows]
    return joined(said)


def set_changed(unit: Unit, message: Row, body: RichText) -> None:
    """The edit of a part counts."""
    if albums.words(unit.tx, message["id"]):
        _set_words(unit, CaseId(message["case_id"]), MessageId(message["id"]), message["part"], body)


def rewritten(event: MessageReceived, edit: MessageEdited) -> MessageReceived:
    """A message that went nowhere yet as it stands now, after an edit of one native message of it."""
    files = tuple(one for one in event.files if one.lasting not in edit.gone)
    if not event.pieces:
        return dataclasses.replace(event, body=edit.body, files=edit.files or files)
    pieces = tuple(
        Piece(edit.message_id, edit.body) if one.message_id == edit.message_id else one for one in event.pieces
    )
    if edit.files and len(files) == len(pieces):  # one file each
        at = event.natives.index(edit.message_id)
        files = (*files[:at], *edit.files, *files[at + 1 :])
    return dataclasses.replace(event, body=joined([one.body for one in pieces]), files=files, pieces=pieces)


def joined(said: Sequence[RichText]) -> RichText:
    """The words of an album's files as one text; with more than one it says which file each belongs to."""
    spoken = [(number, body) for number, body in enumerate(said, 1) if body.text]
    if len(spoken) <= 1:
        return spoken[0][1] if spoken else EMPTY
    return lines(*(line(bold(say("relay.album.file", n=number)), " ", body) for number, body in spoken))


def _edited(unit: Unit, event: MessageEdited) -> bool:
    sender = event.origin.sender
    if sender is None or not unit.capabilities[sender.platform].album_in_parts:
        return False
    for row in albums.open_of(unit.tx, sender.platform, sender.workspace, sender.user, unit.rules.poison_attempts):
        for part in albums.parts(unit.tx, row["id"]):
            kept = _event(unit, part)
            if (kept.origin.place.chat, kept.message_id) == (event.origin.place.chat, event.message_id):
                now = dataclasses.replace(kept, body=event.body, files=event.files or kept.files)
                sealed = unit.seal(SERVICE, "album_part", "event_sealed", part["id"], dump(now))
                albums.set_part(unit.tx, part["id"], sealed)
                return True
    return False


def _taken(unit: Unit, row: Row) -> MessageReceived:
    whole = _whole(unit, row)
    albums.remove(unit.tx, row["id"])
    return whole


def _whole(unit: Unit, row: Row) -> MessageReceived:
    parts = [_event(unit, part) for part in albums.parts(unit.tx, row["id"])]
    # Numbers of one chat, in the order in which the sender arranged them; they may have come in any other.
    parts.sort(key=lambda one: (len(one.message_id), one.message_id))
    first = parts[0]
    if len(parts) == 1:
        return dataclasses.replace(first, album=None)
    return MessageReceived(
        origin=dataclasses.replace(first.origin, live=False),
        message_id=first.message_id,
        body=joined([one.body for one in parts]),
        reply_to=next((one.reply_to for one in parts if one.reply_to is not None), None),
        files=tuple(file for one in parts for file in one.files),
        refused=next((one.refused for one in parts if one.refused is not None), None),
        pieces=tuple(Piece(one.message_id, one.body) for one in parts),
        forwarded=any(one.forwarded for one in parts),
        quoted=next((one.quoted for one in parts if one.quoted), ""),
        elsewhere=any(one.elsewhere for one in parts),
    )


def _event(unit: Unit, part: Row) -> MessageReceived:
    return load(MessageReceived, unit.unseal(SERVICE, "album_part", "event_sealed", part["id"], part["event_sealed"]))


def _words(unit: Unit, message: Row, row: Row) -> RichText:
    place = (message["case_id"], "part_words", "body_sealed", message["id"])
    return RichText.from_json(unit.unseal(*place, row["body_sealed"], int(row["part"]) + 1).decode())


def _set_words(unit: Unit, case_id: CaseId, message_id: MessageId, part: int, body: RichText) -> None:
    data = body.to_json().encode()
    sealed = unit.seal(case_id, "part_words", "body_sealed", message_id, data, part + 1)
    albums.set_words(unit.tx, message_id, part, sealed)
