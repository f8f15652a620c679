"""Pictures of a timeline: asked for in a room, drawn aside, posted there with their words; or the words alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.domain.events import FileKind
from bot.domain.ids import CaseId
from bot.domain.outbound import Button, FileToSend, Post
from bot.domain.problems import Problem, clip
from bot.domain.richtext import plain
from bot.domain.rules import MINUTE, SECOND
from bot.ports.blobs import StoredBlob
from bot.services import buttons, notices, outbox, timeline_pictures, timelines
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, drawings, seats

Row = dict[str, Any]
TRIES = 3
TAKEN = 2 * MINUTE
WORDS = 900
"""Characters of what a picture says, for captions and alternative texts."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One to be drawn: `plan` is what the child reads."""

    id: int
    case: CaseId
    plan: bytes
    attempts: int
    job: str = "timeline"
    """Which child draws it."""


def ask(unit: Unit, seat: Row) -> Problem | None:
    """A picture into this seat's room; a Problem while there is nothing to draw."""
    case_id = CaseId(seat["case_id"])
    if timelines.current(unit, case_id) is None:
        return Problem.of("timeline.problem.no_plan")
    drawings.ask(unit.tx, unit.new_id(), unit.now, case_id=case_id, seat_id=seat["id"])
    unit.audit(case_id, f"person:{seat['person_id']}", "timeline.asked", seat=seat["id"])
    unit.wake("drawings")
    return None


def take(unit: Unit) -> Drawing | None:
    """The next to be drawn, of a seat that is still somebody's."""
    row = drawings.take(unit.tx, unit.now, unit.now + TAKEN)
    if row is None:
        return None
    found = _standing(unit, row)
    if found is None:
        drawings.settle(unit.tx, row["id"], "failed")
        return take(unit)
    seat, case, made = found
    plan = timeline_pictures.drawing(made, seat["ref"], timelines.today_of(unit, case))
    return Drawing(int(row["id"]), CaseId(row["case_id"]), plan, int(row["attempts"]))


def drawn(unit: Unit, drawing: Drawing, picture: StoredBlob) -> bool:
    """It is in the store: post it. False if nobody needs it any more."""
    row = drawings.get(unit.tx, drawing.id)
    found = None if row is None or row["state"] != "asked" else _standing(unit, row)
    if found is None:
        return False
    seat, case, made = found
    said = clip(timeline_pictures.words(made, seat["ref"], timelines.today_of(unit, case)), WORDS)
    name = f"{str(seat['ref']).lower()}-timeline.png"
    file = FileToSend(picture.name, name, FileKind.PHOTO, "image/png", picture.size, drawing.case, alt=said)
    delivery = outbox.enqueue(
        unit,
        notices.lane_of_seat(unit, seat),
        Post(
            body=plain(said),
            notice=say("notice.case", ref=seat["ref"]),
            buttons=((_move(unit, seat),),),
            file=file,
            silent=True,
        ),
        case_id=drawing.case,
        epoch=int(seat["case_epoch"]),
    )
    drawings.settle(unit.tx, drawing.id, "drawn", blob=picture.name, delivery_id=delivery)
    return True


def failed(unit: Unit, drawing: Drawing) -> None:
    """Once more in a moment, or at last the words alone."""
    row = drawings.get(unit.tx, drawing.id)
    found = None if row is None or row["state"] != "asked" else _standing(unit, row)
    if found is None:
        return
    if drawing.attempts < TRIES:
        drawings.again(unit.tx, drawing.id, unit.now + SECOND)
        return
    drawings.settle(unit.tx, drawing.id, "failed")
    seat, case, made = found
    said = timeline_pictures.words(made, seat["ref"], timelines.today_of(unit, case))
    body = f"{say('picture.gone')}\n{said}"
    notices.to_seat(unit, seat, body, buttons=((_move(unit, seat),),), silent=True)


def begin(unit: Unit) -> None:
    """What a process that has ended was drawing is drawn anew."""
    drawings.let_go(unit.tx, unit.now)


def _standing(unit: Unit, row: Row) -> tuple[Row, Row, Any] | None:
    seat, case = seats.get(unit.tx, row["seat_id"]), cases.get(unit.tx, row["case_id"])
    made = timelines.current(unit, CaseId(row["case_id"]))
    if seat is None or case is None or made is None or seat["state"] not in ("opening", "open", "held"):
        return None
    return seat, case, made


def _move(unit: Unit, seat: Row) -> Button:
    return buttons.for_seat(
        unit, seat, "retime.open", say("timeline.button.move"), data={"subject": str(seat["case_id"])}, once=False
    )
