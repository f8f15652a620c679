"""A person's desk: what waits for them first, one line a case, and where each leads. Never what was said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.ids import PersonId
from bot.domain.names import short_name
from bot.domain.outbound import Button, Section
from bot.domain.richtext import RichText, bold, lines, link, plain
from bot.services import ages, buttons, rooms
from bot.services.unit import Unit
from prompts.wording import say
from storage import desks

Row = dict[str, Any]
SHOWN = 12
"""Cases listed in one group; of more it says how many."""


class Group(StrEnum):
    """Why a case stands where it does on a desk, in this order."""

    URGENT = "urgent"
    YOURS = "yours"
    DRAFTS = "drafts"
    THEIRS = "theirs"
    QUIET = "quiet"


WAITS = (Group.URGENT, Group.YOURS, Group.DRAFTS)
"""What waits for the person whose desk it is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One case on a desk: `since` is when it began to stand there, `due` when the person's answer is due (µs)."""

    group: Group
    seat: Row
    since: int
    due: int | None = None

    @property
    def order(self) -> tuple[int, int, int]:
        """Urgent before one's turn before drafts; among one's turns what is due first, then what waits longest."""
        return list(Group).index(self.group), self.since if self.due is None else self.due, self.seat["id"]


def entries(unit: Unit, person_id: PersonId) -> list[Entry]:
    """A person's open cases: urgent, their turn by time left, drafts to look at, waiting for the other side."""
    return sorted((_entry(row) for row in desks.of_person(unit.tx, person_id)), key=lambda one: one.order)


def next_waiting(unit: Unit, person_id: PersonId, besides: int = 0) -> Row | None:
    """The seat of the first case that waits for a person, another one than case `besides`; None if none does."""
    waiting = (one.seat for one in entries(unit, person_id) if one.group in WAITS)
    return next((seat for seat in waiting if seat["case_id"] != besides), None)


def sections(unit: Unit, person: Row) -> tuple[Section, ...]:
    """The desk as a page: a group each with its cases, then what can be begun from here."""
    return (*_listed(unit, person), Section(plain(say("desk.begin")), begin(unit, person)))


def _listed(unit: Unit, person: Row) -> tuple[Section, ...]:
    person_id = PersonId(person["person_id"])
    found = entries(unit, person_id)
    waiting = sum(one.group in WAITS for one in found)
    calm = say("desk.calm") if found else say(f"desk.empty.{person['role']}")
    below = say("desk.waiting", n=waiting) if waiting else calm
    made = [Section(lines(bold(say("desk.hello", name=short_name(person["name"]))), below))]
    for group in Group:
        own = [one for one in found if one.group is group]
        if own:
            made.append(_group(unit, group, own))
    return tuple(made)


def text(unit: Unit, person: Row) -> RichText:
    """The same groups as one message."""
    rows = [one.body for one in _listed(unit, person)]
    return lines(*[part for row in rows for part in (row, "")][:-1])


def line(unit: Unit, entry: Entry) -> RichText:
    """ "AB · C-7K3F · Dr Johal, wanted by 14 Jun, since 2 h", the reference a link where the platform has one."""
    seat = entry.seat
    name = rooms.line_for(unit, seat)
    address = room_link(unit, seat)
    said = link(name, address) if address else RichText(name)
    facts = []
    if seat["event_on"]:
        facts.append(say("case.line_event", date=rooms.short_date(seat["event_on"])))
    if seat["colour"]:
        facts.append(say(f"desk.colour.{seat['colour']}"))
    if entry.due is not None:
        left = entry.due - unit.now
        facts.append(say("desk.left", age=ages.words(left)) if left > 0 else say("desk.late", age=ages.words(-left)))
    elif entry.group is not Group.QUIET:
        facts.append(say("desk.since", age=ages.words(unit.now - entry.since)))
    return said + "".join(f" · {fact}" for fact in facts)


def room_link(unit: Unit, seat: Row) -> str:
    """A link to a seat's room; empty where the platform has none, or while the room is not open."""
    template = unit.capabilities[seat["platform"]].room_link
    return template.format(workspace=seat["workspace"], chat=seat["chat"]) if template and seat["chat"] else ""


def go_button(unit: Unit, person_id: PersonId, seat: Row, label: str) -> Button:
    """Leads into a room: a link, or a press after which a line of ours stands there."""
    address = room_link(unit, seat)
    if address:
        return Button(label, url=address)
    return buttons.make(unit, "desk.go", person_id=person_id, label=label, data={"seat": seat["id"]}, once=False)


def _entry(row: Row) -> Entry:
    since = int(row["turn_since"] or row["created_at"])
    if row["urgent"]:
        return Entry(Group.URGENT, row, since)
    if row["turn"] == row["side"]:
        due = int(row["due_at"]) if row["side"] == "specialist" and row["due_at"] is not None else None
        return Entry(Group.YOURS, row, since, due)
    if row["drafts"]:
        return Entry(Group.DRAFTS, row, since)
    return Entry(Group.THEIRS if row["turn"] else Group.QUIET, row, since)


def _group(unit: Unit, group: Group, own: list[Entry]) -> Section:
    rows: list[RichText | str] = [bold(say(f"desk.group.{group}", n=len(own)))]
    rows += [line(unit, one) for one in own[:SHOWN]]
    if len(own) > SHOWN:
        rows.append(say("desk.more", n=len(own) - SHOWN))
    return Section(lines(*rows))


def begin(unit: Unit, person: Row) -> tuple[Button, ...]:
    """What can be begun from the desk: the next case that waits, a new one, leave, help."""
    person_id = PersonId(person["person_id"])
    seat = next_waiting(unit, person_id)
    first = () if seat is None else (go_button(unit, person_id, seat, say("desk.button.next")),)
    own = "new" if person["role"] == "dentist" else "away"
    return (*first, *(command_button(unit, person_id, name) for name in (own, "help")))


def command_button(unit: Unit, person_id: PersonId, name: str) -> Button:
    """Stands for a typed command."""
    label = say(f"desk.button.{name}")
    return buttons.make(unit, "desk.command", person_id=person_id, label=label, data={"command": name}, once=False)
