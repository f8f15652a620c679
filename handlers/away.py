"""A specialist says when they are away, and when they are back."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.dates import spoken
from bot.domain.events import CommandReceived
from bot.domain.ids import PersonId
from bot.domain.leave import moments, read_days
from bot.domain.localtime import local_day
from bot.domain.outbound import Reply
from bot.domain.problems import Problem
from bot.services import covering, people
from bot.services.unit import Unit
from handlers.answers import answer
from prompts.wording import say
from storage import people as person_rows

Row = dict[str, Any]
_COVER = re.compile(r"(?:^|\s)(?:cover(?:ed)?(?:\s+by)?:?)\s+@?(\S+)\s*$", re.IGNORECASE)
_BACK = frozenset({"back", "off", "none", "cancel", "no", "here"})


def away(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """`/away 14 June to 21 June [cover HANDLE]`, or `/away back`."""
    assert person is not None
    person_id = PersonId(person["person_id"])
    actor = f"person:{person_id}"
    words = event.args.strip()
    if words.casefold() in _BACK:
        dropped = people.back(unit, person_id, actor) + covering.back(unit, person_id)
        return answer(unit, event.origin, person, say("away.back" if dropped else "away.not_away"))
    covered = _COVER.search(words)
    cover = covered[1] if covered else ""
    words = words[: covered.start()] if covered else words
    zone = ZoneInfo(person["timezone"])
    days = read_days(words, local_day(unit.now, zone)) if words else Problem.of("away.usage")
    if isinstance(days, Problem):
        return answer(unit, event.origin, person, say(days.key, **days.values))
    starts_at, ends_at = moments(days, zone)
    problem = people.set_away(unit, person_id, starts_at, ends_at, cover, actor)
    if problem is not None:
        return answer(unit, event.origin, person, say(problem.key, **problem.values))
    rows = [say("away.noted", start=spoken(days[0]), end=spoken(days[1]))]
    deputy = person_rows.by_handle(unit.tx, cover.casefold()) if cover else None
    if deputy is not None:
        rows.append(say("away.covered", name=deputy["name"]))
    return answer(unit, event.origin, person, " ".join(rows))


COMMANDS = {"away": away}
