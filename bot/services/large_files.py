"""Files that an app does not take or give: their person gets a link to Chairside itself instead.

A link is a credential: 128 bits, kept as a keyed hash, for one file and one person under the case's present parties,
for a day. Its secret stands behind the address's #, so that no server, log or preview on the way ever sees it.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from bot.domain.ids import PersonId, SeatId
from bot.domain.outbound import Button, ButtonStyle, Post
from bot.domain.problems import Problem
from bot.domain.richtext import plain
from bot.services import buttons, notices
from bot.services.parcels import file_about
from bot.services.unit import Unit
from prompts.wording import say
from storage import attachments, messages, seats

Row = dict[str, Any]
UPLOAD, DOWNLOAD = "files.upload", "files.download"
BY_LINK = "by_link"
"""The reason of an attachment that its own app could not give us and that was asked for over a link."""
MEGABYTE = 1_000_000
_OTHER = {"dentist": "specialist", "specialist": "dentist"}


def possible(unit: Unit) -> bool:
    """Whether this service can be reached from outside at all."""
    return bool(unit.rules.public_url)


def ask_for(unit: Unit, attachment_id: int) -> bool:
    """Ask the sender of a file that their app does not give us for it over a link; False if that cannot be."""
    row = attachments.get(unit.tx, attachment_id)
    assert row is not None
    message = messages.get(unit.tx, row["message_id"])
    assert message is not None
    seat = seats.of_case(unit.tx, row["case_id"], message["side"])
    theirs = seat is not None and seat["person_id"] == message["person_id"]
    if seat is None or not theirs or not possible(unit):
        return False
    if int(row["size"]) > unit.rules.upload_limit:
        attachments.refuse(unit.tx, attachment_id, "refused", "too_large")
        most = unit.rules.upload_limit // MEGABYTE
        notices.to_seat(unit, seat, say("large.too_large", no=message["no"], limit=most))
        unit.audit(row["case_id"], "service", "file.refused", attachment=attachment_id, reason="too_large")
        return True
    attachments.refuse(unit.tx, attachment_id, "refused", BY_LINK)
    send_upload_link(unit, row, message, seat)
    target = seats.of_case(unit.tx, row["case_id"], _OTHER[message["side"]])
    if target is not None:
        notices.to_seat(unit, target, say("large.follows", no=message["no"]), silent=True)
    return True


def send_upload_link(unit: Unit, attachment: Row, message: Row, seat: Row) -> None:
    """A fresh link for a file that is awaited; any older one for it works no more."""
    group = f"upload:{attachment['id']}"
    buttons.void_group(unit, group)
    link = _link(unit, UPLOAD, seat, attachment, group=group, label=say("large.button.upload"))
    renew = _renew(unit, UPLOAD, seat, attachment)
    unit.audit(attachment["case_id"], "service", "file.upload_offered", attachment=attachment["id"], no=message["no"])
    most = unit.capabilities[seat["platform"]].download_limit // MEGABYTE
    notices.to_seat(unit, seat, say("large.upload", no=message["no"], limit=most), buttons=((link,), (renew,)))


def instead(unit: Unit, seat: Row, post: Post, file: Row) -> Post:
    """The post of a stored file that the seat's app does not take: a link to it. Made anew for each try."""
    label = unit.capabilities[seat["platform"]].label
    words = say("large.download", name=file_about(unit, file).name, size=megabytes(file["size"]), platform=label)
    link = _link(unit, DOWNLOAD, seat, file, label=say("large.button.download"))
    return dataclasses.replace(
        post,
        body=plain("\n".join(filter(None, [post.body.text, words]))),
        attachment=None,
        buttons=((link,), (_renew(unit, DOWNLOAD, seat, file),)),
    )


def most_for(unit: Unit, platform: str) -> int:
    """Bytes of the largest file that reaches somebody there: in their app, or over a link."""
    theirs = unit.capabilities[platform].upload_limit
    return max(theirs, unit.rules.upload_limit) if possible(unit) else theirs


def too_large(unit: Unit, seat: Row, file: Row) -> bool:
    """Whether a file goes as a link, since the seat's app does not take it."""
    return possible(unit) and int(file["size"]) > unit.capabilities[seat["platform"]].upload_limit


def send_download_link(unit: Unit, attachment: Row, seat: Row) -> None:
    """A fresh link to a stored file."""
    link = _link(unit, DOWNLOAD, seat, attachment, label=say("large.button.download"))
    words = say("large.again", name=file_about(unit, attachment).name, size=megabytes(attachment["size"]))
    notices.to_seat(unit, seat, words, buttons=((link,), (_renew(unit, DOWNLOAD, seat, attachment),)), silent=True)


def renew(unit: Unit, action: str, attachment_id: int, person_id: PersonId) -> Problem | None:
    """The person asks for a fresh link; a Problem if there is nothing it could still be for."""
    row = attachments.get(unit.tx, attachment_id)
    message = messages.get(unit.tx, row["message_id"]) if row is not None else None
    if row is None or message is None or message["state"] == "withdrawn" or not possible(unit):
        return Problem.of("button.stale")
    side = message["side"] if action == UPLOAD else _OTHER[message["side"]]
    seat = seats.of_case(unit.tx, row["case_id"], side)
    if seat is None or seat["person_id"] != person_id or seat["case_state"] == "closed":
        return Problem.of("case.left_room")
    if action == UPLOAD:
        if row["reason"] != BY_LINK:
            return Problem.of("button.used")
        send_upload_link(unit, row, message, seat)
    else:
        send_download_link(unit, row, seat)
    return None


def megabytes(size: int) -> str:
    """A size as people say it."""
    return say("large.megabytes", n=max(1, round(int(size) / MEGABYTE)))


def _link(unit: Unit, action: str, seat: Row, attachment: Row, *, label: str, group: str = "") -> Button:
    token = buttons.seat_token(
        unit,
        seat,
        action,
        data={"attachment": attachment["id"], "seat": SeatId(seat["id"])},
        group=group,
        once=action == UPLOAD,
        life=unit.rules.link_life,
    )
    page = action.rpartition(".")[2]
    return Button(label, style=ButtonStyle.PRIMARY, url=f"{unit.rules.public_url}/files/{page}#{token}")


def _renew(unit: Unit, action: str, seat: Row, attachment: Row) -> Button:
    return buttons.for_seat(
        unit, seat, f"{action}_again", say("large.button.again"), data={"attachment": attachment["id"]}, once=False
    )
