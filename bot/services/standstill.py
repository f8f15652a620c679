"""Cases that have come to a stop: looked for once an hour, told to the coordinators in one message an hour at most."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.domain.ids import PersonId
from bot.domain.localtime import at_local, local, local_day
from bot.domain.rules import DAY, HOUR
from bot.services import diary, notices
from bot.services.unit import Unit
from prompts.wording import say
from storage import accounts, incidents, owed, settings, stuck

STEP_LATE = 7 * DAY
SILENT = 30 * DAY
HELD = DAY
RECORDS = PLAN = 3
"""Working days until records or a plan are missed."""
SHOWN = 12
"""Things named in one message."""
KINDS = ("late_step", "late_records", "late_plan", "past_event", "silent", "held_message")
"""Told of from here; of an answer past its target `turns` tells, once the specialist and the cover were asked."""
_LOOKED, _TOLD = "standstill.looked_at", "standstill.told_at"


def found(unit: Unit) -> Iterator[tuple[str, str, int]]:
    """Every such thing: its kind, the case or person, and since when (µs)."""
    for row in owed.late(unit.tx, unit.now):
        yield ("late_plan" if row["slot"] == "plan" else "late_reply"), row["ref"], int(row["due_at"])
    yield from _beside_answers(unit)


def _beside_answers(unit: Unit) -> Iterator[tuple[str, str, int]]:
    """What no clock of its own tells the coordinators of."""
    for row in stuck.old_plans(unit.tx, _working_days_ago(unit.now, PLAN)):
        yield "late_plan", row["ref"], int(row["since"])
    for row in stuck.late_steps(unit.tx, unit.now - STEP_LATE):
        yield "late_step", row["ref"], int(row["since"])
    for row in stuck.without_records(unit.tx, _working_days_ago(unit.now, RECORDS)):
        yield "late_records", row["ref"], int(row["since"])
    for row in stuck.silent(unit.tx, unit.now - SILENT):
        yield "silent", row["ref"], int(row["since"])
    for row in stuck.past_event(unit.tx):
        yield "past_event", row["ref"], int(row["since"])
    for row in stuck.held(unit.tx, unit.now - HELD):
        yield "held_message", row["handle"], int(row["since"])


def look(unit: Unit, _limit: int = 0) -> int:
    """Once an hour: what is new is told of, what is over is forgotten. All of it at once, so 0 is left."""
    if unit.now < _looked(unit) + HOUR:
        return 0
    settings.put(unit.tx, _LOOKED, str(unit.now), unit.now)
    resting = stuck.resting(unit.tx, unit.now)
    now = {(what, subject) for what, subject, _ in _beside_answers(unit) if (what, subject) not in resting}
    before = {(row["kind"], row["subject"]) for row in incidents.still_open(unit.tx) if row["kind"] in KINDS}
    late = {("late_plan", row["ref"]) for row in owed.late(unit.tx, unit.now)}
    for what, subject in sorted(before - now - late):
        notices.resolved(unit, what, subject)
    for what, subject in sorted(now - before):
        notices.alert(unit, what, subject)
    return 0


def next_look(unit: Unit) -> int:
    """When to look again (µs)."""
    return _looked(unit) + HOUR


def tell(unit: Unit, _limit: int = 0) -> int:
    """What the coordinators have not heard of yet, as one message, an hour after the last at the earliest."""
    waiting = incidents.untold(unit.tx)
    due = next_telling(unit)
    if not waiting or due is None or due > unit.now:
        return 0
    lines = [say(f"notice.incident.{row['kind']}", subject=row["subject"]) for row in waiting[:SHOWN]]
    if len(waiting) > SHOWN:
        lines.append(say("coordinator.more", n=len(waiting) - SHOWN))
    lines.append(say("coordinator.see_stuck"))
    for person in accounts.coordinators(unit.tx):
        if accounts.reach(unit.tx, person["id"]) is not None:
            notices.to_person(unit, PersonId(person["id"]), "\n".join(lines))
    incidents.told(unit.tx, unit.now)
    settings.put(unit.tx, _TOLD, str(unit.now), unit.now)
    return 0


def next_telling(unit: Unit) -> int | None:
    """When the coordinators are told of what waits: in their hours, an hour after the last time; None: nothing."""
    if not incidents.any_untold(unit.tx):
        return None
    last = int(settings.get(unit.tx, _TOLD) or 0)
    earliest = unit.now if last > unit.now else max(unit.now, last + HOUR)
    rows = accounts.coordinators(unit.tx)
    if not rows:
        return None
    opens = diary.of_one(unit, rows[0]["id"]).next_open(earliest)
    return earliest if opens is None else opens


def _looked(unit: Unit) -> int:
    at = int(settings.get(unit.tx, _LOOKED) or 0)
    return at if at <= unit.now else 0  # a clock that was set back must not stop it


def _working_days_ago(now: int, count: int) -> int:
    """The same time of day so many working days earlier, weekends left out (µs)."""
    zone = ZoneInfo("UTC")
    day, at = local_day(now, zone), local(now, zone)
    while count:
        day -= timedelta(days=1)
        count -= day.weekday() < 5
    return at_local(day, at.hour * 60 + at.minute, zone)
