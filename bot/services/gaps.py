"""The gap line: when a platform may have dropped what was written, each open case is told so, on both sides, once."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.ids import CaseId
from bot.domain.localtime import local
from bot.domain.names import short_name
from bot.services import notices
from bot.services.unit import Unit
from prompts.wording import say
from storage import gaps, seats, settings

Row = dict[str, Any]


def first_told(unit: Unit, platform: str, since: int) -> bool:
    """Whether an outage that began at this moment (µs) is told for the first time; from now on it is not."""
    name = f"gap.{platform}"
    if settings.get(unit.tx, name) == str(since):
        return False
    settings.put(unit.tx, name, str(since), unit.now)
    return True


def tell(unit: Unit, platform: str, begin: int, end: int) -> int:
    """Say in each case that what was written on a platform between two moments (µs) may be lost; in how many cases.

    Nothing to say where `end` is not after `begin`, or where the seat was taken later.
    """
    if end <= begin:
        return 0
    told = 0
    for case_id in gaps.cases_with_seat(unit.tx, platform, end):
        living = seats.living(unit.tx, case_id)
        writers = [seat for seat in living if seat["platform"] == platform and int(seat["created_at"]) < end]
        for seat in living:
            _line(unit, seat, writers, max(begin, min(int(writer["created_at"]) for writer in writers)), end)
        unit.audit(CaseId(case_id), "service", "gap.told", platform=platform, begin=begin, end=end)
        told += 1
    return told


def _line(unit: Unit, seat: Row, writers: list[Row], begin: int, end: int) -> None:
    """One line for one side: to send again what they wrote, to ask for what the other did, or both."""
    label = unit.capabilities[writers[0]["platform"]].label
    zone = ZoneInfo(seat["person_timezone"])
    words = [say("gap.between", begin=_moment(begin, zone), end=_moment(end, zone), platform=label)]
    if any(writer["id"] == seat["id"] for writer in writers):
        words.append(say("gap.again"))
    for writer in writers:
        if writer["id"] != seat["id"]:
            words.append(say("gap.ask", name=short_name(writer["person_name"])))
    notices.to_seat(unit, seat, " ".join(words))


def _moment(at: int, zone: ZoneInfo) -> str:
    """Mon 3 May, 10:02"""
    when = local(at, zone)
    return f"{when:%a} {when.day} {when:%b}, {when:%H:%M}"
