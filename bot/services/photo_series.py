"""The photos of a case's records, counted in one line that is edited: a help for their sender that holds up nothing.

The photos themselves went on the moment they came. A series begins with the dentist's first album in the case's first
weeks; what is missing is for the dentist to say, since nobody here looks at a picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.domain.events import FileKind, InboundFile
from bot.domain.ids import CaseId, MessageId, PersonId
from bot.domain.outbound import Button, ButtonStyle, Edit, Post
from bot.domain.problems import Problem
from bot.domain.richtext import plain
from bot.services import buttons, notices, outbox
from bot.services.unit import Unit
from prompts import photo_views
from prompts.wording import say
from storage import cases, photo_series, seats

Row = dict[str, Any]
FEWEST = 4
"""Photos in one message that begin a series."""
HINT, NO_HINT = "+", "-"
"""Begins what is kept of a line, a hash: whether it also says how photos keep their full quality."""


def received(unit: Unit, seat: Row, message_id: MessageId, files: Sequence[InboundFile]) -> None:
    """The dentist sent files: count them, if they are or may begin the records photos of their case."""
    photos = sum(_is_photo(file) for file in files)
    if not photos or seat["side"] != "dentist":
        return
    row = photo_series.of_case(unit.tx, seat["case_id"])
    if row is None:
        case = cases.get(unit.tx, seat["case_id"])
        assert case is not None
        young = 0 <= unit.now - int(case["created_at"]) < unit.rules.records_open
        if photos < FEWEST or not young:
            return
        ends = unit.now + unit.rules.series_life
        photo_series.begin(unit.tx, id=unit.new_id(), case_id=seat["case_id"], first_message=message_id, ends_at=ends)
        row = photo_series.of_case(unit.tx, seat["case_id"])
        assert row is not None
        small = unit.capabilities[seat["platform"]].compresses_photos
        as_photos = small and any(file.kind is FileKind.PHOTO for file in files)
        hint = as_photos and photo_series.tell_once(unit.tx, seat["person_id"], "full_quality", unit.now)
        row["shown"] = HINT if hint else NO_HINT
        unit.audit(seat["case_id"], "service", "photos.begun", series=row["id"])
    _show(unit, seat, row)


def recount(unit: Unit, case_id: CaseId) -> None:
    """A photo was taken back or could not be passed on: the line says how many there are now."""
    row = photo_series.of_case(unit.tx, case_id)
    seat = seats.of_case(unit.tx, case_id, "dentist") if row is not None else None
    if row is not None and seat is not None:
        _show(unit, seat, row)


def name_missing(unit: Unit, series_id: int, view: str, person_id: PersonId) -> Problem | None:
    """The dentist says which view is missing; a Problem if that is settled."""
    found = _open(unit, series_id, person_id)
    if isinstance(found, Problem):
        return found
    row, seat = found
    missing = [*_missing(row), view]
    row["missing"] = ",".join(one for one in photo_views.load() if one in missing)
    _show(unit, seat, row)
    if len(_missing(row)) >= len(photo_views.load()) - _got(unit, row):
        _tell_specialist(unit, row)
    return None


def send_as_is(unit: Unit, series_id: int, person_id: PersonId) -> Problem | None:
    """The dentist has no more photos; a Problem if that is settled."""
    found = _open(unit, series_id, person_id)
    if isinstance(found, Problem):
        return found
    row, seat = found
    row["state"] = "as_is"
    _edit(unit, seat, row, say("photos.as_is", got=_got(unit, row), of=len(photo_views.load())), ())
    _tell_specialist(unit, row)
    return None


def _is_photo(file: InboundFile) -> bool:
    return file.kind is FileKind.PHOTO or file.mime.startswith("image/")


def _open(unit: Unit, series_id: int, person_id: PersonId) -> tuple[Row, Row] | Problem:
    row = photo_series.get(unit.tx, series_id)
    seat = None if row is None else seats.of_case(unit.tx, row["case_id"], "dentist")
    if row is None or seat is None or seat["person_id"] != person_id or row["state"] != "open":
        return Problem.of("button.used")
    return row, seat


def _missing(row: Row) -> list[str]:
    return [one for one in row["missing"].split(",") if one]


def _got(unit: Unit, row: Row) -> int:
    return photo_series.count(unit.tx, row["case_id"], row["first_message"])


def _show(unit: Unit, seat: Row, row: Row) -> None:
    """Bring the line up to date, unless the series is over."""
    if row["state"] == "as_is" or unit.now > int(row["ends_at"]):
        return
    views = photo_views.load()
    got, of = _got(unit, row), len(views)
    was_whole = row["state"] == "whole"
    row["state"] = "whole" if got >= of else "open"
    if got >= of:
        if _missing(row) and not was_whole:
            row["missing"] = ""
            _tell_specialist(unit, row)
        words = say("photos.whole", got=got, of=of) if got == of else say("photos.more", got=got, of=of)
        _edit(unit, seat, row, words, ())
        return
    missing = [views[one] for one in _missing(row)]
    if not missing:
        one = of - got == 1
        words = say("photos.which_one", got=got, of=of) if one else say("photos.which", got=got, of=of)
    else:
        words = say("photos.missing", got=got, of=of, views=missing)
    _edit(unit, seat, row, words, _buttons(unit, seat, row, more=len(missing) < of - got))


def _edit(unit: Unit, seat: Row, row: Row, words: str, rows: tuple[tuple[Button, ...], ...]) -> None:
    """Put the line there, or change it where it stands."""
    hint = row["shown"][:1]
    shown = hint + unit.hash("content", words)
    first = row["shown"] == hint
    photo_series.settle(unit.tx, row["id"], state=row["state"], missing=row["missing"], shown=shown)
    if row["shown"] == shown:
        return
    row["shown"] = shown
    text = f"{words} {say('photos.full_quality')}" if hint == HINT else words
    card = f"photos:{row['id']}"
    if first:
        notices.to_seat(unit, seat, text, buttons=rows, silent=True, card=card)
        return
    post = Post(body=plain(text), notice=say("notice.case", ref=seat["ref"]), buttons=rows, silent=True)
    lane = notices.lane_of_seat(unit, seat)
    outbox.enqueue(unit, lane, Edit(post, card=card), case_id=CaseId(seat["case_id"]))


def _buttons(unit: Unit, seat: Row, row: Row, *, more: bool) -> tuple[tuple[Button, ...], ...]:
    group = f"photos:{row['id']}"
    buttons.void_group(unit, group)

    def button(action: str, label: str, style: ButtonStyle = ButtonStyle.PLAIN, **data: str) -> Button:
        return buttons.for_seat(unit, seat, action, label, style, data={"series": row["id"], **data}, group=group)

    named = _missing(row)
    open_views = [(one, label) for one, label in photo_views.load().items() if one not in named] if more else []
    views = [button("photos.view", label, view=one) for one, label in open_views]
    pairs = [tuple(views[at : at + 2]) for at in range(0, len(views), 2)]
    return (*pairs, (button("photos.as_is", say("photos.button.as_is"), ButtonStyle.PRIMARY),))


def _tell_specialist(unit: Unit, row: Row) -> None:
    seat = seats.of_case(unit.tx, row["case_id"], "specialist")
    views = photo_views.load()
    missing = [views[one] for one in _missing(row)]
    got, of = _got(unit, row), len(views)
    unit.audit(row["case_id"], "service", "photos.told", series=row["id"], got=got, missing=len(missing))
    if seat is None:
        return
    words = say("photos.told", got=got, of=of)
    if missing:
        words = say("photos.told_missing", got=got, of=of, views=missing)
    notices.to_seat(unit, seat, words, silent=True)
