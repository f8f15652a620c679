"""What a dentist may expect: when their specialist is back, who covers urgent questions, by when an answer is due."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.names import short_name
from bot.domain.outbound import Button
from bot.services import buttons, diary, notices, stand_ins
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, owed, people, seats

Row = dict[str, Any]


def tell(unit: Unit, seat: Row) -> None:
    """A dentist wrote while their specialist is not at work: one silent line says so, once until that is over."""
    case = seats.case_of(seat)
    if seat["side"] != "dentist" or case["specialist_id"] is None:
        return
    theirs = diary.of_one(unit, case["specialist_id"], practice_id=case["practice_id"])
    opens = theirs.next_open(unit.now)
    if opens == unit.now or unit.now < case["expected_until"]:
        return
    specialist = people.get(unit.tx, case["specialist_id"])
    assert specialist is not None
    words, cover = _absent(unit, specialist, opens, ZoneInfo(seat["person_timezone"]))
    rows = () if cover is None else ((_ask_button(unit, seat, case, cover),),)
    cases.lock(unit.tx, case["id"])  # before a lane, as whatever takes words back does
    notices.to_seat(unit, seat, words, buttons=rows, silent=True)
    owed.set_expected(unit.tx, case["id"], unit.now if opens is None else opens)
    unit.audit(case["id"], "service", "turn.expected", until=opens or 0, cover=0 if cover is None else cover["id"])


def lines(unit: Unit, seat: Row) -> list[str]:
    """For the status of a case: by when an answer is due, or since when it is late; who is not at work until when."""
    case = cases.get(unit.tx, seat["case_id"])
    specialist = None if case is None or case["specialist_id"] is None else people.get(unit.tx, case["specialist_id"])
    if case is None or specialist is None or case["state"] != "open":
        return []
    zone = ZoneInfo(seat["person_timezone"])
    found = []
    for row in owed.of_case(unit.tx, case["id"]):
        if row["slot"] == "reply" and row["due_at"] is not None:
            key = "turn.expect.late" if row["due_at"] < unit.now else "turn.expect.by"
            time = diary.spoken(int(row["due_at"]), unit.now, zone)
            found.append(say(key, name=specialist["name"], time=time))
    opens = diary.of_one(unit, specialist["id"], practice_id=case["practice_id"]).next_open(unit.now)
    if seat["side"] == "dentist" and opens != unit.now:
        found.append(_absent(unit, specialist, opens, zone)[0])
    return found


def card_lines(unit: Unit, case: Row, zone: ZoneInfo) -> list[str]:
    """For the card of an open case: whose turn it is, by when an answer or the plan is due. The card stands long."""
    if case["state"] != "open":
        return []
    due = {row["slot"]: row["due_at"] for row in owed.of_case(unit.tx, case["id"]) if row["due_at"] is not None}
    person = people.get(unit.tx, case[f"{case['turn']}_id"]) if case["turn"] else None
    if person is None:
        found = [say("card.turn_nobody")]
    elif case["turn"] == "specialist" and "reply" in due:
        key = "card.turn_late" if due["reply"] < unit.now else "card.turn_by"
        found = [say(key, name=person["name"], time=diary.dated(int(due["reply"]), zone))]
    else:
        found = [say("card.turn", name=person["name"])]
    if "plan" in due:
        key = "card.plan_late" if due["plan"] < unit.now else "card.plan_by"
        found.append(say(key, time=diary.dated(int(due["plan"]), zone)))
    return found


def next_late(unit: Unit, case: Row) -> int | None:
    """When (µs) something that is due becomes late."""
    due = [int(row["due_at"]) for row in owed.of_case(unit.tx, case["id"]) if row["due_at"] is not None]
    return min((at for at in due if at >= unit.now), default=None)


def _absent(unit: Unit, specialist: Row, opens: int | None, zone: ZoneInfo) -> tuple[str, Row | None]:
    """Who is back when, and the cover who can be asked meanwhile."""
    if opens is None:
        words = say("turn.expect.gone", name=specialist["name"])
    else:
        time = diary.spoken(opens, unit.now, zone)
        words = say("turn.expect.back", name=specialist["name"], time=time)
    cover = stand_ins.named(unit, specialist["id"])
    more = say("turn.expect.urgent") if cover is None else say("turn.expect.covered", cover=cover["name"])
    return f"{words} {more}", cover


def _ask_button(unit: Unit, seat: Row, case: Row, cover: Row) -> Button:
    return buttons.for_seat(
        unit,
        seat,
        "turn.ask",
        say("turn.button.ask", name=short_name(cover["name"])),
        data={"cover": cover["id"]},
        group=f"turn:ask:{case['id']}",
    )
