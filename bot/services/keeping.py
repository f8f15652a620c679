"""Keep and find: what two people agreed stands on the card of their case, and its words are found in it alone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from bot.domain.ids import CaseId, MessageId, PersonId
from bot.domain.outbound import Button
from bot.domain.problems import Problem
from bot.domain.richtext import RichText, lines, plain
from bot.domain.searching import Query
from bot.services import agreed, buttons, notices, outbox, relay, rooms
from bot.services.parcels import file_about
from bot.services.unit import Unit
from prompts.wording import say
from storage import history, kept, messages, seats

Row = dict[str, Any]
PAGE = 200
MOST_READ = 3000
"""Messages of a case that one search opens, the newest first."""
MOST_FOUND = 8


@dataclass(frozen=True, slots=True)
class Found:
    """Messages that match, newest first; `whole` if every message of the case was looked at."""

    rows: tuple[Row, ...]
    whole: bool


def keep(unit: Unit, message: Row, person_id: PersonId) -> Problem | None:
    """Put a message on the card of its case, for both sides."""
    seat = _seat(unit, message["case_id"], person_id)
    if seat is None:
        return Problem.of("keep.not_here")
    if message["state"] != "delivered":
        return Problem.of("keep.not_yet", no=message["no"], ref=seat["ref"])
    if not kept.add(unit.tx, message["id"], message["case_id"], person_id, unit.now):
        _say(unit, seat, message, "keep.already")
        return None
    unit.audit(message["case_id"], f"person:{person_id}", "message.kept", message=message["id"], no=message["no"])
    rooms.refresh_card(unit, CaseId(message["case_id"]))
    _say(unit, seat, message, "keep.kept")
    return None


def take_off(unit: Unit, message_id: MessageId, person_id: PersonId) -> Problem | None:
    """It does not stand on the card any more."""
    message = messages.get(unit.tx, message_id)
    if message is None or _seat(unit, message["case_id"], person_id) is None:
        return Problem.of("keep.not_here")
    if not kept.remove(unit.tx, message_id):
        return Problem.of("button.stale")
    unit.audit(message["case_id"], f"person:{person_id}", "message.unkept", message=message_id, no=message["no"])
    rooms.refresh_card(unit, CaseId(message["case_id"]))
    return None


def changed(unit: Unit, message: Row) -> None:
    """A message was edited or withdrawn: a card that shows it follows."""
    if not kept.has(unit.tx, message["id"]):
        return
    now = messages.get(unit.tx, message["id"])
    if now is not None and now["state"] == "withdrawn":
        kept.remove(unit.tx, message["id"])
    rooms.refresh_card(unit, CaseId(message["case_id"]))


def search(unit: Unit, seat: Row, typed: str) -> Found | Problem:
    """Look for words in what was said in a seat's case, and nowhere else; what its person may not read is not there."""
    query = Query.parse(typed)
    if query.empty:
        return Problem.of("find.empty")
    names: dict[int, list[str]] = defaultdict(list)
    for file in kept.files_of(unit.tx, seat["case_id"]):
        names[file["message_id"]].append(file_about(unit, file).name)
    found: list[Row] = []
    below, read = 1 << 62, 0
    while read < MOST_READ:
        rows = kept.page(unit.tx, seat["case_id"], below, PAGE)
        for row in rows:
            if _may_read(seat, row) and query.matches("\n".join([relay.body_of(unit, row).text, *names[row["id"]]])):
                found.append(row)
                if len(found) >= MOST_FOUND:
                    return Found(tuple(found), False)
        if len(rows) < PAGE:
            return Found(tuple(found), True)
        read += len(rows)
        below = int(rows[-1]["no"])
    return Found(tuple(found), False)


def show(unit: Unit, seat: Row, found: Found) -> None:
    """List what was found, with a button for each that leads to it where the platform has no links."""
    if not found.rows:
        notices.to_seat(unit, seat, say("find.nothing"), silent=True)
        return
    rows: list[RichText | str] = [say("find.found", n=len(found.rows), ref=seat["ref"])]
    rows += [agreed.one_line(unit, seat, row) for row in found.rows]
    if not found.whole:
        rows.append(say("find.more"))
    jumps = [row for row in found.rows if not agreed.address_of(unit, seat, row)]
    pairs = [jumps[at : at + 4] for at in range(0, len(jumps), 4)]
    grid = tuple(tuple(_jump(unit, seat, row) for row in pair) for pair in pairs)
    made = notices.to_seat(unit, seat, lines(*rows), buttons=grid, silent=True, epoch=int(seat["case_epoch"]))
    for delivery in made:
        history.set_quotes(unit.tx, delivery, [row["id"] for row in found.rows])


def jump(unit: Unit, message_id: MessageId, person_id: PersonId) -> Problem | None:
    """A line that answers a message, so that a tap on it leads there."""
    message = messages.get(unit.tx, message_id)
    seat = None if message is None else _seat(unit, message["case_id"], person_id)
    if message is None or seat is None or not _may_read(seat, message):
        return Problem.of("keep.not_here")
    outbox.post_text(
        unit,
        notices.lane_of_seat(unit, seat),
        plain(say("find.here", no=message["no"])),
        case_id=CaseId(seat["case_id"]),
        notice=say("notice.case", ref=seat["ref"]),
        reply_to=message_id,
        silent=True,
    )
    return None


def _jump(unit: Unit, seat: Row, message: Row) -> Button:
    return buttons.for_seat(
        unit, seat, "find.jump", say("find.button.jump", no=message["no"]), data={"message": message["id"]}, once=False
    )


def _say(unit: Unit, seat: Row, message: Row, key: str) -> None:
    off = buttons.for_seat(
        unit, seat, "keep.off", say("keep.button.off"), data={"message": message["id"]}, group=f"keep:{message['id']}"
    )
    notices.to_seat(unit, seat, say(key, no=message["no"]), buttons=((off,),), silent=True)


def _seat(unit: Unit, case_id: int, person_id: PersonId) -> Row | None:
    return next((one for one in seats.of_person(unit.tx, person_id) if one["case_id"] == case_id), None)


def _may_read(seat: Row, message: Row) -> bool:
    """What has arrived, and what its reader has written themselves; never what was taken back."""
    own = message["person_id"] == seat["person_id"] and message["state"] != "withdrawn"
    return bool(own) or message["state"] == "delivered"
