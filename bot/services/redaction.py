"""The two answers to the identifier guard: withdraw and send again without what was found, or let it stand."""

from __future__ import annotations

import dataclasses
from typing import Any

from bot.domain.codec import dump
from bot.domain.identifier_redaction import redact, redact_file_name
from bot.domain.identifier_types import Kind
from bot.domain.identifiers import kinds
from bot.domain.ids import CaseId, MessageId, PersonId
from bot.domain.problems import Problem
from bot.domain.richtext import lines, plain, quote
from bot.services import bundles, corrections, identifiers, identity, relay, urgency
from bot.services.parcels import FileAbout, file_about
from bot.services.unit import Unit
from prompts.wording import say
from storage import attachments, messages, seats, urgent
from storage import identifiers as rows

Row = dict[str, Any]


def send_redacted(unit: Unit, hint_id: int, person_id: PersonId) -> Problem | None:
    """Withdraw the message and say it again as a new one with neutral words in place of each finding, files and all."""
    opened = _open(unit, hint_id, person_id)
    if isinstance(opened, Problem):
        return opened
    message, seat = opened
    case_id = CaseId(message["case_id"])
    body = relay.body_of(unit, message)
    found = identifiers.findings(unit, case_id, body, identifiers.today(unit, seat))
    if not found:
        rows.settle(unit.tx, hint_id, "void", unit.now)
        return Problem.of("identifiers.nothing_left", no=message["no"])
    clean = redact(body, found, {kind: say(f"identifiers.word.{kind}") for kind in Kind})
    called = urgent.called_for(unit.tx, message["id"])
    if not corrections.withdraw(unit, message):
        return Problem.of("identifiers.withdrawn_before", no=message["no"])
    again = relay.record(
        unit,
        seat,
        clean,
        kind=message["kind"],
        said_at=unit.now,
        reply_to=None if message["reply_to"] is None else MessageId(message["reply_to"]),
    )
    messages.set_again(unit.tx, message["id"], again["id"])
    _take_files_along(unit, message, again)
    relay.hand_over(unit, seat, again, clean.text)
    urgency.carry(unit, called, again)
    identifiers.confirm_names(unit, case_id, body, found)
    rows.settle(unit.tx, hint_id, "redacted", unit.now)
    unit.audit(
        case_id,
        f"person:{person_id}",
        "identifier.redacted",
        message=message["id"],
        again=again["id"],
        kinds=",".join(kinds(found)),
    )
    told = say("identifiers.sent_again", no=message["no"], again=again["no"])
    identifiers.show(unit, seat, hint_id, lines(told, quote(clean)))
    return None


def let_stand(unit: Unit, hint_id: int, person_id: PersonId) -> Problem | None:
    """It is fine: what was found in the message is not asked about again in this case."""
    opened = _open(unit, hint_id, person_id)
    if isinstance(opened, Problem):
        return opened
    message, seat = opened
    case_id = CaseId(message["case_id"])
    body = relay.body_of(unit, message)
    found = identifiers.findings(unit, case_id, body, identifiers.today(unit, seat))
    identifiers.call_fine(unit, case_id, body, found)
    rows.settle(unit.tx, hint_id, "fine", unit.now)
    unit.audit(case_id, f"person:{person_id}", "identifier.fine", message=message["id"], kinds=",".join(kinds(found)))
    identifiers.show(unit, seat, hint_id, plain(say("identifiers.fine", no=message["no"])))
    return None


def _open(unit: Unit, hint_id: int, person_id: PersonId) -> tuple[Row, Row] | Problem:
    """The message a question is about and its author's living seat, while the question is open."""
    hint = rows.hint(unit.tx, hint_id)
    if hint is None or hint["state"] != "asked" or hint["person_id"] != person_id:
        return Problem.of("identifiers.settled")
    message = messages.get(unit.tx, hint["message_id"])
    assert message is not None
    if message["state"] == "withdrawn":
        rows.settle(unit.tx, hint_id, "void", unit.now)
        return Problem.of("identifiers.withdrawn_before", no=message["no"])
    problem = corrections.refusal(unit, message)
    seat = seats.of_case(unit.tx, message["case_id"], message["side"])
    if problem is not None or seat is None:
        return problem or Problem.of("case.left_room")
    return message, seat


def _take_files_along(unit: Unit, message: Row, again: Row) -> None:
    """The same files with the new message. What waits for its sender's word waits on, under the question asked."""
    files = attachments.of_message(unit.tx, message["id"])
    asking = [(file["id"], bundles.which(unit, file, message)) for file in files if file["state"] == "asking"]
    for file in files:
        if file["state"] == "stored":
            _copy(unit, file, again)
        elif file["state"] in ("to_fetch", "asking"):
            _name_neutrally(unit, file)
            attachments.goes_with(unit.tx, file["id"], again["id"])
    for attachment_id, former in asking:
        identity.names_anew(unit, attachment_id, former, again)


def _about(unit: Unit, file: Row) -> FileAbout:
    """What is known of a file, its name without names."""
    about = file_about(unit, file)
    return dataclasses.replace(about, name=redact_file_name(about.name, say("identifiers.word.name")))


def _name_neutrally(unit: Unit, file: Row) -> None:
    sealed = unit.seal(file["case_id"], "attachment", "ref_sealed", file["id"], dump(_about(unit, file)))
    attachments.rename(unit.tx, file["id"], sealed, neutral=file["reason"] == "renamed")


def _copy(unit: Unit, file: Row, again: Row) -> None:
    """It stands with the former message on record, and goes with the new one."""
    copy = unit.new_id()
    attachments.add(
        unit.tx,
        id=copy,
        message_id=again["id"],
        case_id=file["case_id"],
        position=file["position"],
        platform=file["platform"],
        workspace=file["workspace"],
        kind=file["kind"],
        mime=file["mime"],
        size=file["size"],
        ref=unit.seal(file["case_id"], "attachment", "ref_sealed", copy, dump(_about(unit, file))),
        now=unit.now,
    )
    attachments.stored(unit.tx, copy, blob=file["blob"], sha256=file["sha256"], size=file["size"], mime=file["mime"])
