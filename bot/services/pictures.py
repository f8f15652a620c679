"""Pictures of scans: posted beside the scan, on the other side alone, and gone with their message.

A picture is no part of its message: whether it arrives decides nothing.
"""

from __future__ import annotations

from typing import Any, Final

from bot.domain.codec import dump
from bot.domain.events import FileKind
from bot.domain.filetypes import OBJ, PLY, STL, FileType
from bot.domain.ids import AttachmentId, CaseId, MessageId
from bot.domain.outbound import Post
from bot.domain.richtext import plain
from bot.domain.rules import DAY
from bot.ports.blobs import StoredBlob
from bot.services import notices, outbox
from bot.services.parcels import FileAbout, file_about
from bot.services.unit import Unit
from prompts.wording import say
from storage import attachments, deliveries, file_holds, messages, seats

Row = dict[str, Any]
MODELS: Final = (STL, PLY, OBJ)
MOST: Final = 50_000_000
"""Bytes of a scan that a picture is made of."""
_OTHER = {"dentist": "specialist", "specialist": "dentist"}


def wanted(kind: FileType, size: int) -> bool:
    """Whether a picture is made of such a file."""
    return kind in MODELS and size <= MOST


def missing(unit: Unit) -> list[tuple[CaseId, FileType, StoredBlob]]:
    """Scans of the last day without a picture: a process that has ended was about to draw it."""
    kinds = {kind.mime: kind for kind in MODELS}
    return [
        (
            CaseId(row["case_id"]),
            kinds[row["mime"]],
            StoredBlob(row["blob"], int(row["size"]), bytes.fromhex(row["sha256"])),
        )
        for row in file_holds.unpictured(unit.tx, unit.now - DAY, list(kinds), MOST)
    ]


def add(unit: Unit, case_id: CaseId, scan: StoredBlob, picture: StoredBlob) -> bool:
    """A picture of a stored scan is there; False if nobody needs it any more."""
    row = file_holds.with_blob(unit.tx, case_id, scan.name)
    message = messages.get(unit.tx, row["message_id"]) if row is not None else None
    if row is None or message is None or row["state"] != "stored" or message["state"] == "withdrawn":
        return False
    made = unit.new_id()
    stem = file_about(unit, row).name.rpartition(".")[0]
    sealed = unit.seal(case_id, "attachment", "ref_sealed", made, dump(FileAbout("", f"{stem}.png")))
    attachments.add(
        unit.tx,
        id=made,
        message_id=row["message_id"],
        case_id=case_id,
        position=row["position"],
        platform=row["platform"],
        workspace=row["workspace"],
        kind=FileKind.PHOTO.value,
        mime="image/png",
        size=picture.size,
        ref=sealed,
        now=unit.now,
    )
    file_holds.picture(unit.tx, made, picture.name, picture.sha256.hex(), picture.size)
    unit.audit(case_id, "service", "file.pictured", attachment=row["id"], picture=made)
    target = seats.of_case(unit.tx, case_id, _OTHER[message["side"]])
    if target is not None:
        _post(unit, made, message, target)
    return True


def follow(unit: Unit, message: Row, target: Row) -> None:
    """A message goes to a seat: so do the pictures that were made before anybody sat there."""
    for row in file_holds.pictures(unit.tx, message["id"]):
        _post(unit, int(row["id"]), message, target)


def _post(unit: Unit, picture: int, message: Row, target: Row) -> None:
    post = Post(
        body=plain(say("relay.picture", no=message["no"])),
        notice=say("notice.case", ref=target["ref"]),
        attachment=AttachmentId(picture),
        reply_to=MessageId(message["id"]),
        silent=True,
    )
    lane = notices.lane_of_seat(unit, target)
    delivery = outbox.enqueue(unit, lane, post, case_id=CaseId(message["case_id"]), epoch=int(target["case_epoch"]))
    deliveries.set_correction(unit.tx, delivery, message["id"])  # it goes when the message is withdrawn
