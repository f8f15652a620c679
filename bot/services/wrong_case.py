"""Wrong case: words said in one case are taken back there and said in another of their author's own, files and all.

The only way in which text passes from one case to another, and only by its author's own two taps (reliability.md G4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.domain.codec import dump
from bot.domain.ids import CaseId, MessageId, PersonId
from bot.domain.outbound import Button, Edit, Post
from bot.domain.problems import Problem
from bot.domain.richtext import lines, plain, quote
from bot.domain.rules import MINUTE
from bot.services import buttons, corrections, identifiers, notices, outbox, relay, rooms, urgency
from bot.services.parcels import FileAbout, file_about
from bot.services.unit import Unit
from prompts.wording import say
from storage import attachments, cases, deliveries, lanes, messages, seats, urgent

Row = dict[str, Any]
MOST_CASES = 20
"""Cases to choose from, the ones written in last first; the rest by their reference."""
LATE = 2 * MINUTE
"""Words older than this say when they were first said."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Whether others could read a message: who (person ids), and since when (µs); nobody where `since` is None."""

    since: int | None
    readers: frozenset[int]


def ask(unit: Unit, message: Row, person_id: PersonId) -> Problem | None:
    """Ask the author of a message which of their own open cases it was meant for; a Problem if it cannot be moved."""
    problem = _fixed(unit, message, person_id)
    if problem is not None:
        return problem
    choices = _others(unit, message, person_id)
    if not choices:
        return Problem.of("wrong.no_other")
    seat = _own(unit, message)
    buttons.void_group(unit, _card(message))

    def button(label: str, action: str, case_id: int | None = None) -> Button:
        return buttons.make(
            unit,
            action,
            person_id=person_id,
            label=label,
            case_id=CaseId(message["case_id"]),
            data={"message": message["id"], **({} if case_id is None else {"to": case_id})},
            group=_card(message),
        )

    rows = [(button(rooms.line_for(unit, one), "wrong.case", one["case_id"]),) for one in choices[:MOST_CASES]]
    rows.append((button(say("wrong.button.leave"), "wrong.leave"),))
    words = say("wrong.which", no=message["no"])
    if len(choices) > MOST_CASES:
        words += " " + say("wrong.by_reference", no=message["no"], prefix=_prefix(unit, seat))
    notices.to_seat(unit, seat, words, buttons=tuple(rows), card=_card(message))
    return None


def leave(unit: Unit, message_id: MessageId, person_id: PersonId) -> Problem | None:
    """It was right after all."""
    message = messages.get(unit.tx, message_id)
    if message is None or message["person_id"] != person_id:
        return Problem.of("button.stale")
    _show(unit, message, say("wrong.left", no=message["no"]))
    return None


def move(unit: Unit, message_id: MessageId, to: CaseId, person_id: PersonId) -> Problem | None:
    """Take a message back and say it again, unchanged, in another open case of its author; a Problem if it may not."""
    first = messages.get(unit.tx, message_id)
    for case_id in sorted({to, first["case_id"]} if first is not None else {to}):
        lanes.lock_case(unit.tx, case_id)
    message = messages.get(unit.tx, message_id)
    if message is None:
        return Problem.of("button.stale")
    problem = _fixed(unit, message, person_id)
    if problem is not None:
        return problem
    there = next((one for one in _others(unit, message, person_id) if one["case_id"] == to), None)
    if there is None:
        return Problem.of("wrong.not_there")
    here = _own(unit, message)
    shown = _exposure(unit, message)
    reader = seats.of_case(unit.tx, message["case_id"], relay.OTHER[message["side"]])
    called = urgent.called_for(unit.tx, message["id"])
    corrections.withdraw(unit, message, tell_author=False)
    again = _say_there(unit, message, there)
    urgency.carry(unit, called, again)
    unit.audit(
        message["case_id"],
        f"person:{person_id}",
        "message.moved",
        message=message["id"],
        no=message["no"],
        shown=shown.since is not None,
    )
    unit.audit(to, f"person:{person_id}", "message.moved_here", message=again["id"], no=again["no"])
    _show(unit, message, _outcome(unit, message, shown, reader))
    _tell_there(unit, there, again)
    meant_for = seats.of_case(unit.tx, to, relay.OTHER[there["side"]])
    if shown.readers - {meant_for["person_id"] if meant_for is not None else None}:
        notices.alert(unit, "wrong_case", here["ref"])
    return None


def _fixed(unit: Unit, message: Row, person_id: PersonId) -> Problem | None:
    """Why this person cannot move this message."""
    if message["person_id"] != person_id:
        return Problem.of("case.not_yours")
    if message["state"] == "withdrawn":
        case = cases.get(unit.tx, message["case_id"])
        assert case is not None
        return Problem.of("wrong.withdrawn", no=message["no"], ref=case["ref"])
    if message["kind"] not in ("text", "file"):
        return Problem.of("wrong.only_words")
    return corrections.refusal(unit, message)


def _others(unit: Unit, message: Row, person_id: PersonId) -> list[Row]:
    """The author's living seats in other open cases, the one written in last first."""
    own = [one for one in seats.of_person(unit.tx, person_id) if one["case_id"] != message["case_id"]]
    last = seats.last_in_cases(unit.tx, person_id)
    return sorted(own, key=lambda one: (-last.get(one["case_id"], 0), one["id"]))


def _own(unit: Unit, message: Row) -> Row:
    seat = seats.of_case(unit.tx, message["case_id"], message["side"])
    assert seat is not None
    return seat


def _exposure(unit: Unit, message: Row) -> Shown:
    since: list[int] = []
    readers: set[int] = set()
    told = deliveries.corrections(unit.tx, message["case_id"], message["id"])
    for row in deliveries.of_message(unit.tx, message["id"]) + told:
        stands = row["state"] in ("sent", "sending", "uncertain") or (row["state"] == "queued" and row["repeated"])
        lane = lanes.get(unit.tx, row["lane_id"]) if row["kind"] == "post" and stands else None
        seat = seats.get(unit.tx, lane["seat_id"]) if lane is not None and lane["seat_id"] is not None else None
        if seat is None or seat["person_id"] == message["person_id"]:
            continue
        readers.add(int(seat["person_id"]))
        since.append(int(row["settled_at"] or row["started_at"] or unit.now))
    return Shown(min(since, default=None), frozenset(readers))


def _say_there(unit: Unit, message: Row, there: Row) -> Row:
    body = relay.body_of(unit, message)
    said_at = int(message["said_at"])
    again = relay.record(unit, there, body, kind=message["kind"], said_at=said_at)
    message_id = MessageId(again["id"])
    messages.set_again(unit.tx, message["id"], message_id)
    for file in attachments.of_message(unit.tx, message["id"]):
        if file["state"] in ("to_fetch", "stored", "asking"):
            _take_along(unit, file, message_id, there)
    relay.hand_over(unit, there, again, body.text, late=unit.now - said_at > LATE)
    identifiers.look(unit, there, message_id, body)
    return again


def _take_along(unit: Unit, file: Row, message_id: MessageId, there: Row) -> None:
    """The same file for another case: its bytes are sealed anew, and a name made for the one case names the other."""
    about = file_about(unit, file)
    old = seats.of_case(unit.tx, file["case_id"], there["side"])
    name = about.name.replace(old["ref"], there["ref"]) if old is not None else about.name
    copy = unit.new_id()
    attachments.add(
        unit.tx,
        id=copy,
        message_id=message_id,
        case_id=there["case_id"],
        position=file["position"],
        platform=file["platform"],
        workspace=file["workspace"],
        kind=file["kind"],
        mime=file["mime"],
        size=file["size"],
        ref=unit.seal(
            there["case_id"], "attachment", "ref_sealed", copy, dump(FileAbout(about.ref, name, about.seconds))
        ),
        now=unit.now,
        copy_of=file["id"],
    )
    unit.wake("files")


def _outcome(unit: Unit, message: Row, shown: Shown, reader: Row | None) -> str:
    moved = say("wrong.moved", no=message["no"])
    if shown.since is None:
        return f"{moved} {say('wrong.unseen')}"
    name = reader["person_name"] if reader is not None else say("held.other_side")
    return f"{moved} {say('wrong.seen', name=name, length=_length(unit.now - shown.since))}"


def _length(duration: int) -> str:
    minutes = max(duration, 0) // MINUTE
    if minutes < 1:
        return say("wrong.length.moment")
    if minutes < 60:
        return say("wrong.length.minutes", n=minutes)
    if minutes < 48 * 60:
        return say("wrong.length.hours", n=minutes // 60, rest=minutes % 60)
    return say("wrong.length.days", n=minutes // (24 * 60))


def _tell_there(unit: Unit, there: Row, message: Row) -> None:
    """The author's room of the right case shows what was said in it from elsewhere; it names no other case."""
    quoted = relay.body_of(unit, message).first_line(200)
    body = lines(
        plain(say("wrong.here", no=message["no"])),
        quote(quoted if quoted.text else plain(say("held.a_file"))),
    )
    notices.to_seat(unit, there, body, silent=True)


def _show(unit: Unit, message: Row, words: str) -> None:
    """What was asked becomes what came of it; without a question, by the typed way, it is said."""
    seat = _own(unit, message)
    lane = notices.lane_of_seat(unit, seat)
    buttons.void_group(unit, _card(message))
    if deliveries.newest_card(unit.tx, lane, _card(message)) is None:
        notices.to_seat(unit, seat, words)
        return
    post = Post(body=plain(words), notice=say("notice.case", ref=seat["ref"]), silent=True)
    outbox.enqueue(unit, lane, Edit(post, card=_card(message)), case_id=CaseId(seat["case_id"]))


def _prefix(unit: Unit, seat: Row) -> str:
    return unit.capabilities[seat["platform"]].command_prefix


def _card(message: Row) -> str:
    return f"wrong:{message['id']}"
