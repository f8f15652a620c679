"""What a link to a file opens: one awaited file that its sender brings, or one stored file that its receiver reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.codec import dump
from bot.domain.events import FileKind
from bot.domain.filetypes import FileType
from bot.domain.ids import CaseId, MessageId
from bot.domain.problems import Problem
from bot.domain.richtext import plain
from bot.ports.blobs import StoredBlob
from bot.services import buttons, identity, notices, relay
from bot.services.buttons import Pressed
from bot.services.identity import Field
from bot.services.large_files import BY_LINK, DOWNLOAD, UPLOAD
from bot.services.parcels import FileAbout, file_about
from bot.services.unit import Unit
from prompts.wording import say
from storage import attachments, messages, seats

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Awaited:
    """A file that may be brought: of which case, with which message, how large at most (bytes)."""

    pressed: Pressed
    case: CaseId
    ref: str
    no: int
    name: str
    limit: int
    message: Row
    seat: Row


@dataclass(frozen=True, slots=True)
class Readable:
    """A stored file that may be read."""

    case: CaseId
    ref: str
    no: int
    attachment: int
    blob: str
    name: str
    mime: str
    size: int
    reader: int


def awaited(unit: Unit, token: str) -> Awaited | Problem:
    """What an upload link is for, as long as it is good; looking uses nothing up."""
    found = _behind(unit, token, UPLOAD)
    if isinstance(found, Problem):
        return found
    pressed, file, message, seat = found
    if file["reason"] != BY_LINK:
        return Problem.of("large.link.used")
    return Awaited(
        pressed,
        CaseId(file["case_id"]),
        seat["ref"],
        int(message["no"]),
        file_about(unit, file).name,
        unit.rules.upload_limit,
        message,
        seat,
    )


def arrived(
    unit: Unit, token: str, kind: FileType, stored: StoredBlob, name: str, telling: Sequence[Field] = ()
) -> int | Problem:
    """The file is in the store: the link is used up, and the file a message of its own; its number."""
    found = awaited(unit, token)
    if isinstance(found, Problem):
        return found
    seat, parent = found.seat, found.message
    buttons.use_up(unit, found.pressed)
    asked_for = int(found.pressed.data["attachment"])
    attachments.refuse(unit.tx, asked_for, "refused", "came_by_link")
    message = relay.record(unit, seat, plain(""), kind="file", said_at=unit.now, reply_to=MessageId(parent["id"]))
    attachment = unit.new_id()
    sealed = unit.seal(found.case, "attachment", "ref_sealed", attachment, dump(FileAbout("", name)))
    attachments.add(
        unit.tx,
        id=attachment,
        message_id=message["id"],
        case_id=found.case,
        position=1,
        platform=seat["platform"],
        workspace=seat["workspace"],
        kind=FileKind.DOCUMENT.value,
        mime=kind.mime,
        size=stored.size,
        ref=sealed,
        now=unit.now,
    )
    relay.file_stored(unit, attachment, kind, blob=stored.name, sha256=stored.sha256.hex(), size=stored.size)
    if telling:
        identity.hold(unit, attachment, telling)
    relay.hand_over(unit, seat, message, "")
    unit.audit(found.case, f"person:{seat['person_id']}", "file.uploaded", attachment=attachment, asked=asked_for)
    notices.to_seat(unit, seat, say("large.arrived", no=found.no, now=message["no"]), silent=True)
    return int(message["no"])


def readable(unit: Unit, token: str, *, reading: bool = False) -> Readable | Problem:
    """What a download link is for, as long as it is good; `reading` writes into the record that it is read now."""
    found = _behind(unit, token, DOWNLOAD)
    if isinstance(found, Problem):
        return found
    _, file, message, seat = found
    if file["state"] != "stored" or not file["blob"]:
        return Problem.of("large.link.gone")
    if reading:
        who = f"person:{seat['person_id']}"
        unit.audit(file["case_id"], who, "file.read", attachment=file["id"], sha256=file["sha256"])
    return Readable(
        CaseId(file["case_id"]),
        seat["ref"],
        int(message["no"]),
        int(file["id"]),
        str(file["blob"]),
        file_about(unit, file).name,
        str(file["mime"]),
        int(file["size"]),
        int(seat["person_id"]),
    )


def _behind(unit: Unit, token: str, action: str) -> tuple[Pressed, Row, Row, Row] | Problem:
    """The link with its file, message and seat; its person must sit there still and may not be on hold."""
    pressed = buttons.by_link(unit, token, action)
    if isinstance(pressed, Problem):
        return Problem.of(f"large.link.{pressed.key.rpartition('.')[2]}")
    file = attachments.get(unit.tx, int(pressed.data["attachment"]))
    message = messages.get(unit.tx, file["message_id"]) if file is not None else None
    seat = seats.get(unit.tx, int(pressed.data["seat"]))
    if file is None or message is None or seat is None or message["state"] == "withdrawn":
        return Problem.of("large.link.gone")
    if seat["state"] not in ("opening", "open", "held") or seat["person_id"] != pressed.person_id:
        return Problem.of("large.link.changed")
    if seat["case_state"] == "closed":
        return Problem.of("large.link.closed")
    if seat["person_locked"] or seat["account_state"] != "active":
        return Problem.of("large.link.locked")
    return pressed, file, message, seat
