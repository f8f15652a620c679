"""A person's own desk: the home page where the platform has one, else one message on request."""

from __future__ import annotations

from typing import Any

from bot.domain.events import ButtonPressed, CommandReceived, HomeOpened
from bot.domain.ids import PersonId
from bot.domain.names import short_name
from bot.domain.outbound import Button, Page, Reply, Section
from bot.domain.richtext import bold, lines, plain
from bot.services import buttons, desks, notices, outbox, report_posts, stuck
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers import away, desk, helping, intake
from handlers.answers import answer, who
from prompts.wording import say
from storage import people, seats

Row = dict[str, Any]
STUCK = 12
"""Stuck things on a coordinator's page."""
_TYPED = {**intake.COMMANDS, **helping.COMMANDS, **away.COMMANDS}


def opened(unit: Unit, event: HomeOpened, person: Row) -> Reply | None:
    """The page, made anew each time it is looked at. On hold or not confirmed, one sees one line."""
    if person["locked"] or person["state"] != "active":
        key = "link.locked" if person["locked"] else "link.being_checked"
        return Page((Section(plain(say(key))),))
    if person["role"] == "coordinator":
        return Page(_of_coordinator(unit, person))
    return Page(desks.sections(unit, person))


def listing(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """`/cases`: the same as a message, with a button into each room that waits."""
    assert person is not None
    body = desks.text(unit, person)
    if event.origin.live:
        return answer(unit, event.origin, person, body.text)
    person_id = PersonId(person["person_id"])
    waiting = [one.seat for one in desks.entries(unit, person_id) if one.group in desks.WAITS][: desks.SHOWN]
    rows: list[tuple[Button, ...]] = [
        (desks.go_button(unit, person_id, seat, say("desk.room", case=seat["ref"])),) for seat in waiting
    ]
    rows.append(desks.begin(unit, person))
    sender = event.origin.sender
    assert sender is not None
    lane = notices.lane_of_account(unit, sender.platform, sender.workspace, sender.user)
    outbox.post_text(unit, lane, body, notice=say("notice.service"), buttons=tuple(rows))
    return None


def go(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Open C-7K3F]: a line of ours in its room, which brings that to the front."""
    seat = seats.get(unit.tx, pressed.data["seat"])
    person = who(unit, event.origin)
    if seat is None or seat["person_id"] != person["person_id"] or seat["state"] not in ("opening", "open"):
        return answer(unit, event.origin, person, say("desk.gone"))
    notices.to_seat(unit, seat, say("desk.here", ref=seat["ref"]), silent=True)
    return None


def next_pressed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Next waiting] on a case card: where the person is wanted next, another case than this one."""
    person = who(unit, event.origin)
    person_id = PersonId(person["person_id"])
    seat = desks.next_waiting(unit, person_id, besides=int(pressed.case_id or 0))
    if seat is None:
        return answer(unit, event.origin, person, say("desk.nothing_next"))
    button = desks.go_button(unit, person_id, seat, say("desk.room", case=seat["ref"]))
    notices.to_place_of(unit, person_id, event.origin, say("desk.next", case=seat["ref"]), buttons=((button,),))
    return None


def command(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """A button of the desk that stands for a typed command."""
    name = str(pressed.data["command"])
    typed = CommandReceived(event.origin, name, "")
    reply: Reply | None = _TYPED[name](unit, typed, who(unit, event.origin))
    return reply


def charts(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Charts]: the report as a picture, in the coordinator's own chat."""
    person = who(unit, event.origin)
    if person["role"] != "coordinator":
        return answer(unit, event.origin, person, say("button.stale"))
    report_posts.ask(unit, person)
    return answer(unit, event.origin, person, say("report.posted"))


def _of_coordinator(unit: Unit, person: Row) -> tuple[Section, ...]:
    found = stuck.listing(unit)
    title = say("desk.hello", name=short_name(person["name"]))
    below = say("coordinator.stuck", n=len(found)) if found else say("coordinator.nothing_stuck")
    made = [Section(lines(bold(title), below))]
    for no, one in enumerate(found[:STUCK], 1):
        made.append(Section(plain(f"{no}. {desk.line(unit, one)}"), (desk.button(unit, person, no, one),)))
    if len(found) > STUCK:
        made.append(Section(plain(say("coordinator.more", n=len(found) - STUCK))))
    made.append(Section(lines(bold(say("desk.load")), *_loads(unit))))
    made.append(Section(plain(say("desk.begin")), _coordinators_row(unit, person)))
    return tuple(made)


def _loads(unit: Unit) -> list[str]:
    open_cases = people.loads(unit.tx)
    away_now = {row["person_id"] for row in people.absences(unit.tx, unit.now) if row["starts_at"] <= unit.now}
    return [
        say(
            "desk.load_line",
            name=row["name"],
            load=open_cases.get(row["id"], 0),
            most=int(row["capacity"]),
            away=say("desk.load_away") if row["id"] in away_now else "",
        )
        for row in people.everyone(unit.tx)
        if row["role"] == "specialist" and row["listed"]
    ]


def _coordinators_row(unit: Unit, person: Row) -> tuple[Button, ...]:
    person_id = PersonId(person["person_id"])
    charts = buttons.make(unit, "desk.charts", person_id=person_id, label=say("desk.button.charts"), once=False)
    return charts, desks.command_button(unit, person_id, "help")


COMMANDS = {"list": listing}
BUTTONS = {"desk.go": go, "desk.next": next_pressed, "desk.command": command, "desk.charts": charts}
