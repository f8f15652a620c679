"""The patient's date against the predicted finish: the arithmetic for the dentist, ways out for the specialist."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.domain import course as courses
from bot.domain.dates import spoken
from bot.domain.deadline import DEFAULT_LEAD, Colour, Judgement, allowance, earliest, ways_out, without_plan
from bot.domain.richtext import RichText, bold, lines
from bot.domain.timeline import Timeline
from bot.services import calendars, notices
from bot.services.timelines import of_case, today_of
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, seats

Row = dict[str, Any]


def tell_at_intake(unit: Unit, case_id: int) -> None:
    """The dentist sees how their date stands before anybody promises it."""
    case = cases.get(unit.tx, case_id)
    seat = seats.of_case(unit.tx, case_id, "dentist")
    if case is None or seat is None or not case["event_on"]:
        return
    found = of_case(unit, case)
    event_on = date.fromisoformat(case["event_on"])
    if found is None:
        body = _without_plan(today_of(unit, case), event_on)
    else:
        made = courses.timeline(found, calendars.of_practice(unit, case["practice_id"]))
        assert made.judged is not None
        body = lines(*headline(made.judged), *arithmetic(found, made), "", say("deadline.specialist_advises"))
    notices.to_seat(unit, seat, body, silent=True)  # it comes with "your case is open", which is heard


def brief_specialist(unit: Unit, case_id: int) -> None:
    """The specialist sees the same figures, and what would make it as facts to put in their own words."""
    case = cases.get(unit.tx, case_id)
    seat = seats.of_case(unit.tx, case_id, "specialist")
    if case is None or seat is None or not case["event_on"]:
        return
    found = of_case(unit, case)
    if found is None:
        body = _without_plan(today_of(unit, case), date.fromisoformat(case["event_on"]))
        notices.to_seat(unit, seat, body, silent=True)
        return
    made = courses.timeline(found, calendars.of_practice(unit, case["practice_id"]))
    assert made.judged is not None
    rows = [*headline(made.judged), *arithmetic(found, made)]
    notices.to_seat(unit, seat, lines(*rows, *ways_out_lines(unit, case, made)), silent=True)


def ways_out_lines(unit: Unit, case: Row, made: Timeline) -> list[str]:
    """What would bring a date that is not green within reach: figures, for the specialist to word."""
    found = of_case(unit, case)
    if found is None or made.judged is None or made.colour is Colour.GREEN:
        return []
    held = sum(hold.days for hold in found.holds if hold.set == 0)
    ways = ways_out(made.judged, made.spans[0].begins_on, found.days, today_of(unit, case), held)
    rows = ["", say("deadline.ways.title")]
    if made.colour is Colour.RED:
        if ways.aligners is not None and len(made.spans) == 1:
            rows.append(say("deadline.ways.fewer", n=ways.aligners, days=found.days))
        if ways.fit_by is not None and len(made.spans) == 1:
            rows.append(say("deadline.ways.earlier", date=spoken(ways.fit_by)))
    rows.append(say("deadline.ways.fixed"))
    rows.append(say("deadline.ways.another", amber=spoken(ways.event_from), green=spoken(made.judged.amber_before)))
    rows.append(say("deadline.ways.yours"))
    return rows


def headline(judged: Judgement) -> list[RichText | str]:
    """How the date stands, in bold."""
    return [bold(say(f"deadline.headline.{judged.colour}", event=spoken(judged.event_on)))]


def arithmetic(found: courses.Course, made: Timeline) -> list[str]:
    """The sum, step by step, with its inputs; nothing without an event."""
    judged = made.judged
    if judged is None:
        return []
    start = made.spans[0].begins_on
    rows = [say("deadline.start", fit=spoken(start), opened=spoken(found.opened_on))]
    if found.refinements or found.holds:
        rows.append(say("deadline.reflowed", finish=spoken(judged.finish)))
    else:
        rows.append(say("deadline.sum", n=found.aligners, days=found.days, finish=spoken(judged.finish)))
    rows.append(say("deadline.red_line", lead=judged.lead, date=spoken(judged.red_before)))
    extra = allowance(judged.lead, judged.treatment)
    rows.append(say("deadline.amber_line", days=extra, date=spoken(judged.amber_before)))
    return rows


def _without_plan(today: date, event_on: date) -> RichText:
    """The number of aligners is not known yet: what is certain already."""
    left = (event_on - today).days
    red = without_plan(today, event_on) is Colour.RED
    head = say("deadline.headline.red" if red else "deadline.headline.unknown", event=spoken(event_on))
    rows = [
        say("deadline.left", event=spoken(event_on), days=left),
        say("deadline.two_leads", lead=DEFAULT_LEAD, date=spoken(earliest(today))),
    ]
    if not red:
        rows.append(say("deadline.room", days=left - 2 * DEFAULT_LEAD))
    return lines(bold(head), *rows, "", say("deadline.specialist_advises"))
