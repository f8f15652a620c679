"""Details inside a file that may point at the patient: shown to its sender, and left out before it goes on.

The file waits meanwhile, its text does not; only the cleaned copy is ever kept. What is shown is a hint, the first
letters, so that the details themselves do not stand in a chat because of us.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.case_states import OVER
from bot.domain.codec import load
from bot.domain.filenames import may_name_patient
from bot.domain.filetypes import DCM, FileType
from bot.domain.identifier_redaction import find_in
from bot.domain.identifier_types import Known
from bot.domain.ids import AttachmentId, CaseId, LaneId, MessageId, PersonId
from bot.domain.localtime import local_day
from bot.domain.names import short_name
from bot.domain.outbound import Button, ButtonStyle, Edit, Post
from bot.domain.problems import Problem
from bot.domain.richtext import plain
from bot.services import bundles, buttons, notices, outbox
from bot.services.unit import Unit
from prompts.wording import say
from storage import attachments, deliveries, file_holds, identifiers, messages, seats

Row = dict[str, Any]
Field = tuple[str, str]
"""What a detail is (a key below identity.field) and what it says."""
AFTER = 100
"""Parts from here on are files that went on later than the message they came with."""
_OTHER = {"dentist": "specialist", "specialist": "dentist"}
_MOST_SHOWN = 4
_WORD = re.compile(r"[^\W_]+")


def telling(unit: Unit, case_id: int, kind: FileType, found: Sequence[Field]) -> tuple[Field, ...]:
    """Those details that may point at the patient: all of a DICOM file's, of a document those that read like one."""
    if kind == DCM:
        return tuple(found)
    known = Known(exempt=tuple(identifiers.people(unit.tx, case_id)))
    day = local_day(unit.now, ZoneInfo("UTC"))
    names = {word for name in known.exempt for word in _words(name)}
    return tuple(
        (what, text)
        for what, text in found
        if not _words(text) <= names and (may_name_patient(text) or find_in(plain(text), day, known))
    )


def hold(unit: Unit, attachment_id: int, found: Sequence[Field]) -> None:
    """A stored file waits; its sender sees what was in it, and what can be done."""
    row = attachments.get(unit.tx, attachment_id)
    assert row is not None
    message = messages.get(unit.tx, row["message_id"])
    assert message is not None
    file_holds.hold(unit.tx, attachment_id)
    kinds = ",".join(sorted({what for what, _ in found}))
    unit.audit(row["case_id"], "service", "file.held", attachment=attachment_id, kinds=kinds)
    seat = seats.of_case(unit.tx, row["case_id"], message["side"])
    if seat is None or seat["person_id"] != message["person_id"]:  # nobody is left to ask: it stays where it is
        return

    if message["state"] == "waiting" and not message["told"]:
        messages.set_told(unit.tx, message["id"], "waiting")  # by the question itself

    def button(action: str, label: str, style: ButtonStyle = ButtonStyle.PLAIN) -> Button:
        return buttons.make(
            unit,
            action,
            person_id=PersonId(message["person_id"]),
            label=label,
            case_id=CaseId(row["case_id"]),
            data={"attachment": attachment_id},
            group=_card(attachment_id),
            style=style,
        )

    notices.to_seat(
        unit,
        seat,
        say("identity.ask", file=bundles.which(unit, row, message), what=_shown(found)),
        buttons=(
            (button("identity.send", say("identity.button.send"), ButtonStyle.PRIMARY),),
            (button("identity.drop", say("identity.button.drop")),),
        ),
        card=_card(attachment_id),
    )


def names_anew(unit: Unit, attachment_id: int, former: str, message: Row) -> None:
    """A file that waits comes with another message now: its question stays, and names that one, no longer `former`."""
    row, seat = attachments.get(unit.tx, attachment_id), seats.of_case(unit.tx, message["case_id"], message["side"])
    assert row is not None
    assert seat is not None
    lane = notices.lane_of_seat(unit, seat)
    card = deliveries.newest_card(unit.tx, lane, _card(attachment_id))
    if card is None or card["payload_sealed"] is None:  # old: it says which file by what is in it
        return
    asked = load(Post, unit.unseal(row["case_id"], "delivery", "payload_sealed", card["id"], card["payload_sealed"]))
    body = plain(asked.body.text.replace(former, bundles.which(unit, row, message), 1))
    post = dataclasses.replace(asked, body=body, card="", silent=True)
    outbox.enqueue(unit, lane, Edit(post, card=_card(attachment_id)), case_id=CaseId(row["case_id"]))


def send(unit: Unit, attachment_id: int, person_id: PersonId) -> Problem | None:
    """The sender lets the cleaned file go; a Problem if there is nothing to let go any more."""
    found = _waiting(unit, attachment_id, person_id)
    if isinstance(found, Problem):
        return found
    row, message, seat = found
    if not file_holds.release(unit.tx, attachment_id):
        return Problem.of("button.used")
    unit.audit(row["case_id"], f"person:{person_id}", "file.cleaned", attachment=attachment_id)
    _settled(unit, seat, attachment_id, say("identity.sent", no=message["no"]))
    target = seats.of_case(unit.tx, row["case_id"], _OTHER[message["side"]])
    if target is not None:  # else it goes with its message, once somebody is there
        _follow(unit, row, message, seat, target)
    return None


def drop(unit: Unit, attachment_id: int, person_id: PersonId) -> Problem | None:
    """The sender keeps it back."""
    found = _waiting(unit, attachment_id, person_id)
    if isinstance(found, Problem):
        return found
    row, message, seat = found
    if not file_holds.drop(unit.tx, attachment_id):
        return Problem.of("button.used")
    unit.audit(row["case_id"], f"person:{person_id}", "file.kept_back", attachment=attachment_id)
    _settled(unit, seat, attachment_id, say("identity.dropped", no=message["no"]))
    gone = [one["state"] for one in deliveries.of_message(unit.tx, message["id"])]
    if message["state"] == "waiting" and set(gone) <= {"void"} and not file_holds.waits(unit.tx, message["id"]):
        messages.set_state(unit.tx, message["id"], "failed", unit.now)
        messages.set_told(unit.tx, message["id"], "failed")
    return None


def _waiting(unit: Unit, attachment_id: int, person_id: PersonId) -> tuple[Row, Row, Row] | Problem:
    row = attachments.get(unit.tx, attachment_id)
    message = messages.get(unit.tx, row["message_id"]) if row is not None else None
    if row is None or message is None or message["state"] == "withdrawn":
        return Problem.of("button.stale")
    seat = seats.of_case(unit.tx, row["case_id"], message["side"])
    if seat is None or seat["person_id"] != person_id:
        return Problem.of("case.left_room")
    return Problem.of("case.closed_room") if seat["case_state"] in OVER else (row, message, seat)


def _follow(unit: Unit, row: Row, message: Row, author: Row, target: Row) -> None:
    """The file goes by itself, known as a part of its message."""
    lane = notices.lane_of_seat(unit, target)
    stands = [one for one in deliveries.of_message(unit.tx, message["id"]) if one["state"] != "void"]
    if not [one for one in stands if one["lane_id"] == lane]:
        heading = say(
            "relay.heading",
            name=author["person_name"],
            role=say(f"notice.role.{message['side']}"),
            no=message["no"],
        )
    else:
        heading = say("relay.more", no=message["no"])
    part = AFTER + int(row["position"])
    messages.set_state(unit.tx, message["id"], "waiting", unit.now)
    messages.set_told(unit.tx, message["id"], "waiting")
    _enqueue(unit, lane, row, message, author, target, heading=heading, part=part)


def _enqueue(
    unit: Unit, lane: LaneId, row: Row, message: Row, author: Row, target: Row, *, heading: str, part: int
) -> None:
    post = Post(
        body=plain(""),
        heading=heading,
        notice=say("notice.message", name=short_name(author["person_name"]), ref=target["ref"]),
        attachment=AttachmentId(row["id"]),
        message=MessageId(message["id"]),
        part=part,
        parts=part,
        mention=True,
    )
    outbox.enqueue(unit, lane, post, case_id=CaseId(row["case_id"]), epoch=int(target["case_epoch"]))


def _settled(unit: Unit, seat: Row, attachment_id: int, words: str) -> None:
    """The question stands as its outcome."""
    post = Post(body=plain(words), notice=say("notice.case", ref=seat["ref"]), silent=True)
    lane = notices.lane_of_seat(unit, seat)
    outbox.enqueue(unit, lane, Edit(post, card=_card(attachment_id)), case_id=CaseId(seat["case_id"]))


def _shown(found: Sequence[Field]) -> list[str]:
    said = dict.fromkeys(say(f"identity.field.{what}", hint=hint(text)) for what, text in found)
    shown = list(said)[:_MOST_SHOWN]
    more = len(said) - len(shown)
    return [*shown, say("identity.more", n=more)] if more else shown


def hint(text: str) -> str:
    """Enough to know it again, and not enough to tell anybody: the first letter of each of three words."""
    words = _WORD.findall(text)
    return " ".join(f"{word[0]}…" for word in words[:3]) or "…"


def _card(attachment_id: int) -> str:
    return f"identity:{attachment_id}"


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}
