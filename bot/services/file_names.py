"""What a file is called on the other side: a plain name, and a neutral one where its own may be a patient's."""

from __future__ import annotations

import dataclasses
from typing import Any

from bot.domain.codec import dump
from bot.domain.filenames import clean, may_name_patient
from bot.domain.filetypes import FileType
from bot.services import asides, notices
from bot.services.parcels import file_about
from bot.services.unit import Unit
from prompts.wording import say
from storage import attachments, seats

Row = dict[str, Any]


def settle(unit: Unit, attachment: Row, message: Row, kind: FileType) -> None:
    """Give a stored file the name it goes under; a name that looked like a patient's is not kept.

    Its sender is told with the first one in the case.
    """
    about = file_about(unit, attachment)
    neutral = may_name_patient(about.name)
    name = clean(_neutral(unit, attachment, message, kind) if neutral else about.name, kind)
    if neutral and not attachments.renamed(unit.tx, attachment["case_id"], message["side"]):
        notices.to_sender(unit, message, say("relay.file.renamed", no=message["no"], name=name))
    if name != about.name:
        sealed = dump(dataclasses.replace(about, name=name))
        sealed = unit.seal(attachment["case_id"], "attachment", "ref_sealed", attachment["id"], sealed)
        attachments.rename(unit.tx, attachment["id"], sealed, neutral=neutral)
    author = seats.get(unit.tx, message["seat_id"]) if neutral else None
    if author is not None:
        asides.lost(unit, author, [("file_renamed", 1)])
    if neutral:
        unit.audit(attachment["case_id"], "service", "file.renamed", attachment=attachment["id"])


def _neutral(unit: Unit, attachment: Row, message: Row, kind: FileType) -> str:
    seat = seats.get(unit.tx, message["seat_id"])
    assert seat is not None
    what = say(f"relay.named.{kind.mime.partition('/')[0]}")
    return say("relay.named.name", ref=seat["ref"], what=what, n=attachments.ordinal(unit.tx, attachment["id"]))
