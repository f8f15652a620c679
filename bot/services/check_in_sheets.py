"""The one message in which a person answers: a day's check-ins in their own chat, or a script in the room of its case.

It shows one question at a time and is edited in place. Where a platform shows a message's own text on a lock screen,
it first goes out with references alone, and the question follows in an edit, which disturbs nobody.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.check_ins import CheckInStep, Question
from bot.domain.dates import spoken
from bot.domain.ids import CaseId, LaneId, PersonId
from bot.domain.localtime import local_day
from bot.domain.outbound import Button, Edit, Post
from bot.domain.richtext import RichText, bold, lines
from bot.services import buttons, notices, outbox, rooms
from bot.services.unit import Unit, to_json
from prompts import check_in_plans
from prompts.wording import say
from storage import accounts, cases, checkins, lanes, people, seats

Row = dict[str, Any]
CARD = "check_ins:"
SNOOZES = ("hour", "tonight", "tomorrow", "week")
VISITS = (1, 2, 7, 14, 28, 42)
"""Days to the next visit, as buttons."""
TO_CHANGE = 3
"""Answers that a sheet offers to change, the newest."""


def post_day(unit: Unit, person: Row, asked: Sequence[int], skipped: Sequence[str]) -> int | None:
    """Open a day's sheet for a person and send it; None if they cannot be reached. The caller puts check-ins in."""
    account = accounts.reach(unit.tx, person["id"])
    if account is None:
        notices.alert(unit, "unreachable", str(person["handle"]))
        return None
    lane = notices.lane_of_account(unit, account["platform"], account["workspace"], account["user_ref"])
    for former in checkins.open_sheets(unit.tx, person["id"]):
        if former["case_id"] is None:
            _end(unit, former, "over", say("check_in.asked_anew"))
    return _open(unit, PersonId(person["id"]), lane, None, skipped)


def post_script(unit: Unit, seat: Row) -> int:
    """Open a sheet in the room of a case."""
    return _open(unit, PersonId(seat["person_id"]), notices.lane_of_seat(unit, seat), seat, ())


def send(unit: Unit, sheet_id: int) -> None:
    """Send a sheet that has its check-ins by now. A script comes silently: its person has just tapped for it."""
    sheet = checkins.sheet(unit.tx, sheet_id)
    assert sheet is not None
    lane = lanes.get(unit.tx, sheet["lane_id"])
    assert lane is not None
    post = _post(unit, sheet, "")
    if not unit.capabilities[str(lane["platform"])].notice_is_separate and sheet["case_id"] is None:
        first = Post(RichText(post.notice), notice=post.notice, card=post.card)
        _enqueue(unit, sheet, first)
        _enqueue(unit, sheet, Edit(post, card=post.card))
    else:
        _enqueue(unit, sheet, post if sheet["case_id"] is None else replace(post, silent=True))


def draw(unit: Unit, sheet_id: int | None, mode: str = "") -> None:
    """Bring a sheet up to date in place; `mode` shows the choices of a moment: "later" or "visit"."""
    sheet = None if sheet_id is None else checkins.sheet(unit.tx, sheet_id)
    if sheet is None or sheet["state"] == "over":
        return
    rows = checkins.of_sheet(unit.tx, sheet["id"])
    if not rows:
        _end(unit, sheet, "over", say("check_in.asked_anew"))
        return
    buttons.void_group(unit, card_of(sheet))
    post = _post(unit, sheet, mode)
    if not any(row["state"] == "asked" for row in rows):
        checkins.end_sheet(unit.tx, sheet["id"], "done")
    _enqueue(unit, sheet, Edit(post, card=post.card))


def given(unit: Unit, check_in_id: int) -> dict[str, list[str]]:
    """The choices made so far, by question."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in checkins.answers(unit.tx, check_in_id):
        found[row["question"]].append(row["choice"])
    return found


def place_of(unit: Unit, row: Row, step: CheckInStep) -> Row | None:
    """Where a check-in speaks from: its person's seat; in retention, which has no rooms, their side of the case."""
    seat = seats.of_case(unit.tx, row["case_id"], step.who)
    case = cases.get(unit.tx, row["case_id"]) if seat is None else None
    if case is not None and case["state"] == "retention":
        whose = {"person_id": case[f"{step.who}_id"], "side": step.who, "case_id": case["id"]}
        seat = {**whose, "id": None, "ref": case["ref"], "case_epoch": case["epoch"]}
    return seat if seat is not None and seat["person_id"] == row["person_id"] else None


def card_of(sheet: Row) -> str:
    """The sheet's name in its lane, and that of its buttons' group."""
    return f"{CARD}{sheet['id']}"


def cases_on(unit: Unit, card: str) -> set[int]:
    """The cases whose check-ins stand on the sheet of this name; none if it names no sheet."""
    number = card.removeprefix(CARD)
    if number == card or not number.isdecimal():
        return set()
    return {int(row["case_id"]) for row in checkins.of_sheet(unit.tx, int(number))}


def _open(unit: Unit, person_id: PersonId, lane: LaneId, seat: Row | None, skipped: Sequence[str]) -> int:
    person = people.get(unit.tx, person_id)
    assert person is not None
    sheet_id = unit.new_id()
    checkins.open_sheet(
        unit.tx,
        id=sheet_id,
        person_id=person_id,
        lane_id=lane,
        case_id=None if seat is None else seat["case_id"],
        case_epoch=0 if seat is None else int(seat["case_epoch"]),
        day=local_day(unit.now, ZoneInfo(person["timezone"])).isoformat(),
        skipped=to_json(list(skipped)),
        now=unit.now,
    )
    return sheet_id


def _end(unit: Unit, sheet: Row, state: str, words: str) -> None:
    buttons.void_group(unit, card_of(sheet))
    checkins.end_sheet(unit.tx, sheet["id"], state)
    post = Post(RichText(words), notice=say("notice.service"), silent=True)
    _enqueue(unit, sheet, Edit(post, card=card_of(sheet)))


def _enqueue(unit: Unit, sheet: Row, payload: Post | Edit) -> None:
    case_id = None if sheet["case_id"] is None else CaseId(sheet["case_id"])
    outbox.enqueue(unit, LaneId(sheet["lane_id"]), payload, case_id=case_id, epoch=int(sheet["case_epoch"]))


def _post(unit: Unit, sheet: Row, mode: str) -> Post:
    """What a sheet shows now."""
    plans = check_in_plans.load()
    rows = [row for row in checkins.of_sheet(unit.tx, sheet["id"]) if row["step"] in plans]
    places = {row["case_id"]: place_of(unit, row, plans[row["step"]]) for row in rows}
    current = next((row for row in rows if row["state"] == "asked" and places[row["case_id"]] is not None), None)
    body: list[RichText | str] = []
    grid: list[tuple[Button, ...]] = []
    if current is not None:
        step, seat = plans[current["step"]], places[current["case_id"]]
        question = step.next(given(unit, current["id"]))
        assert seat is not None
        if question is not None:
            if not step.card:
                number = 1 + sum(row["state"] != "asked" for row in rows)
                head = say("check_in.number", n=number, of=len(rows)) if len(rows) > 1 else say("check_in.one")
                body.append(bold(f"{head} · {rooms.line_for(unit, seat)}"))
            body.append(_asked(mode, question))
            grid = _grid(unit, sheet, current, step, question, seat, mode)
    else:
        body.append(say("check_in.all_answered"))
    done = [row for row in rows if row["state"] != "asked" and not plans[row["step"]].card]
    body += [_done(unit, row, plans[row["step"]], places[row["case_id"]]) for row in done]
    if skipped := json.loads(sheet["skipped"]):
        body.append(say("check_in.skipped", refs=skipped))
    if current is not None and (int(current["asks"]) > 1 or sheet["case_id"] is None):
        body.append(say("check_in.silence"))
    grid += _changes(unit, sheet, done, places)
    refs = list(dict.fromkeys(str(seat["ref"]) for seat in places.values() if seat is not None))
    return Post(
        lines(*body),
        notice=say("notice.check_in", refs=refs) if refs else say("notice.service"),
        buttons=tuple(grid),
        card=card_of(sheet),
    )


def _asked(mode: str, question: Question) -> str:
    return say(f"check_in.when.{mode}") if mode else question.text


def _done(unit: Unit, row: Row, step: CheckInStep, seat: Row | None) -> str:
    ref = "" if seat is None else str(seat["ref"])
    labels = [
        choice.label
        for question in step.questions
        for id in given(unit, row["id"]).get(question.id, ())
        if (choice := question.choice(id)) is not None
    ]
    if row["state"] == "planned":
        labels = [_later(unit, row)]
    elif row["state"] == "dismissed":
        labels = [say("check_in.dismissed")]
    elif row["state"] != "answered":
        labels = [say("check_in.over")]
    return f"{ref}: {', '.join(labels)}"


def _later(unit: Unit, row: Row) -> str:
    person = people.get(unit.tx, row["person_id"])
    assert person is not None
    zone = ZoneInfo(person["timezone"])
    on = local_day(int(row["due_at"]), zone)
    return say("check_in.asked_later") if on == local_day(unit.now, zone) else say("check_in.asked_on", date=spoken(on))


def _grid(
    unit: Unit, sheet: Row, row: Row, step: CheckInStep, question: Question, seat: Row, mode: str
) -> list[tuple[Button, ...]]:
    def one(action: str, label: str, **data: str | int) -> Button:
        return buttons.for_seat(unit, seat, action, label, data={"check_in": row["id"], **data}, group=card_of(sheet))

    def form(label: str, about: str) -> Button:
        subject = {"subject": f"{about}:{row['id']}"}
        return buttons.for_seat(unit, seat, "snooze.open", label, data=subject, group=card_of(sheet), once=False)

    if mode == "later":
        made = [one("check_in.put_off", say(f"check_in.snooze.{what}"), what=what) for what in SNOOZES]
        made.append(form(say("check_in.button.day"), "check_in"))
        made.append(one("check_in.later", say("check_in.button.visit"), mode="visit"))
        made.append(one("check_in.dismiss", say("check_in.button.not_relevant")))
    elif mode == "visit":
        made = [one("check_in.put_off", say("check_in.in_days", n=days), what=f"days:{days}") for days in VISITS]
        made.append(form(say("check_in.button.visit_day"), "visit"))
    else:
        taken = given(unit, row["id"]).get(question.id, [])
        left = [choice for choice in question.choices if choice.id not in taken]
        made = [one("check_in.answer", choice.label, question=question.id, choice=choice.id) for choice in left]
    rows = [tuple(made[index : index + 2]) for index in range(0, len(made), 2)]
    if mode:
        rows.append((one("check_in.later", say("check_in.button.back"), mode=""),))
    elif not step.card and not given(unit, row["id"]):
        rows.append((one("check_in.later", say("check_in.button.later"), mode="later"),))
    return rows


def _changes(unit: Unit, sheet: Row, done: Sequence[Row], places: Mapping[int, Row | None]) -> list[tuple[Button, ...]]:
    """A way back to what was answered, for as long as the sheet's buttons live."""
    made = []
    for row in done:
        seat = places[row["case_id"]]
        if row["state"] == "answered" and seat is not None:
            made.append(
                buttons.for_seat(
                    unit,
                    seat,
                    "check_in.change",
                    say("check_in.button.change", ref=seat["ref"]),
                    data={"check_in": row["id"]},
                    group=card_of(sheet),
                    life=unit.rules.answer_life,
                )
            )
    return [(button,) for button in made[-TO_CHANGE:]]
