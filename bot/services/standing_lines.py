""" "Until I answer": short lines that a specialist signed for one case, good for its present plan and seat.

They stand on the case's card and are shown word for word where they apply, never changed and never by anybody else.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.codec import dump, load
from bot.domain.ids import CaseId, PersonId
from bot.domain.localtime import local
from bot.domain.problems import Problem
from bot.domain.richtext import RichText, bold
from bot.services import notices, timelines
from bot.services.unit import Unit
from prompts.wording import say
from storage import seats, standing_lines

Row = dict[str, Any]
KINDS = ("not_seating", "lost_aligner", "lost_attachment")
MOST = 300
"""Characters."""


def sign(unit: Unit, seat: Row, kind: str, text: str) -> Problem | None:
    """The specialist's word for one kind of trouble, or none any more if `text` is empty."""
    words = text.strip()
    if kind not in KINDS:
        return Problem.of("standing.which", kinds=[say(f"standing.typed.{one}") for one in KINDS])
    if len(words) > MOST:
        return Problem.of("standing.long", most=MOST)
    case_id = CaseId(seat["case_id"])
    if not words:
        standing_lines.void(unit.tx, case_id, kind)
    else:
        made = unit.new_id()
        standing_lines.sign(
            unit.tx,
            id=made,
            case_id=case_id,
            kind=kind,
            plan_version=plan_version(unit, case_id),
            person_id=seat["person_id"],
            text=unit.seal(case_id, "standing_line", "text_sealed", made, dump(words, str)),
            now=unit.now,
        )
    unit.audit(
        case_id,
        f"person:{seat['person_id']}",
        "standing.signed" if words else "standing.taken_back",
        kind=kind,
        hash=unit.hash("content", words),
    )
    return None


def card_lines(unit: Unit, seat: Row) -> list[RichText | str]:
    """What stands on the card of a case, nothing if there is none."""
    rows = _good(unit, CaseId(seat["case_id"]))
    if not rows:
        return []
    found: list[RichText | str] = ["", bold(say("standing.title"))]
    return found + [_line(unit, row, ZoneInfo(seat["person_timezone"])) for row in rows]


def show(unit: Unit, seat: Row, kind: str) -> bool:
    """Show the line for a kind of trouble in a seat's room, word for word, with its signer and day; if there is one."""
    row = next((one for one in _good(unit, CaseId(seat["case_id"])) if one["kind"] == kind), None)
    if row is None:
        return False
    head = say("standing.until", name=row["person_name"], date=_day(row, ZoneInfo(seat["person_timezone"])))
    notices.to_seat(unit, seat, bold(head) + "\n" + _text(unit, row), silent=True)
    unit.audit(seat["case_id"], "service", "standing.shown", kind=kind, line=row["id"])
    return True


def plan_version(unit: Unit, case_id: CaseId) -> int:
    """The version of the plan that counts now; 0 before there is one."""
    found = timelines.current(unit, case_id)
    return 0 if found is None else found.version


def _good(unit: Unit, case_id: CaseId) -> list[Row]:
    """Those of the present plan and of whoever has the specialist's seat now."""
    rows = standing_lines.signed(unit.tx, case_id)
    if not rows:
        return []
    seat = seats.of_case(unit.tx, case_id, "specialist")
    version = plan_version(unit, case_id)
    present = None if seat is None else PersonId(seat["person_id"])
    return [row for row in rows if row["person_id"] == present and int(row["plan_version"]) == version]


def _line(unit: Unit, row: Row, zone: ZoneInfo) -> str:
    label = say(f"standing.kind.{row['kind']}")
    return say("standing.line", kind=label, text=_text(unit, row), name=row["person_name"], date=_day(row, zone))


def _text(unit: Unit, row: Row) -> str:
    return load(str, unit.unseal(row["case_id"], "standing_line", "text_sealed", row["id"], row["text_sealed"]))


def _day(row: Row, zone: ZoneInfo) -> str:
    at = local(int(row["signed_at"]), zone)
    return f"{at.day} {at:%B %Y}"
