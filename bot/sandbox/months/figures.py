"""What a simulation measures: what disturbs whom and when, targets, and whether anybody was forgotten."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.domain.localtime import local
from bot.domain.rules import MINUTE
from bot.sandbox.months.gateways import Shown
from bot.services.diary import Diary
from prompts.simulation import Limits

Row = dict[str, Any]
EARLIEST, LATEST = 8 * 60, 20 * 60
"""Minutes of the local day between which anybody may be disturbed."""
ANSWER = 10 * MINUTE
"""What comes this soon after somebody did something is the answer to it."""


@dataclass
class Figures:
    """Counts by person and day; `loads` are open cases at noon."""

    notices: Counter[tuple[int, date]] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    pages: Counter[tuple[int, int]] = field(default_factory=Counter)
    loads: dict[tuple[int, date], int] = field(default_factory=dict)
    roles: dict[int, str] = field(default_factory=dict)
    out_of_hours: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    forgotten: set[str] = field(default_factory=set)
    relayed: int = 0
    silent: int = 0
    _tags: set[str] = field(default_factory=set)
    _said: set[tuple[str, str, date, str]] = field(default_factory=set)

    def note(
        self, shown: Shown, person: Row, theirs: Diary, now: int, acted_at: int, action: str, *, pages: bool = False
    ) -> None:
        """One message has come to stand before a person; `action` is that of its first button, `pages` if at once."""
        if shown.again:
            return
        if shown.tag in self._tags:
            self.duplicates.append(f"tag {shown.tag}")
        self._tags.add(shown.tag)
        post = shown.post
        if post.message is not None:
            self.relayed += 1
            return
        if post.silent:
            self.silent += 1
            return
        at = local(now, theirs.zone)
        chat = f"{shown.place.chat}/{shown.place.topic}"
        words = f"{post.heading}\n{post.body.text}"
        kind = post.card.partition(":")[0] or action or words.strip()[:40]
        answer = now - acted_at <= ANSWER
        said = (chat, words, at.date(), post.card)
        if said in self._said and not answer:
            self.duplicates.append(f"{person['handle']} {at:%Y-%m-%d %H:%M} {kind}")
        self._said.add(said)
        self.notices[person["id"], at.date()] += 1
        self.kinds[f"{person['role']}: {kind}"] += 1
        if pages:
            self.pages[person["id"], at.isocalendar().year * 100 + at.isocalendar().week] += 1
        elif not answer and self._disturbs(theirs, now):
            self.out_of_hours.append(f"{person['handle']} {at:%a %Y-%m-%d %H:%M} {kind}")

    @staticmethod
    def _disturbs(theirs: Diary, now: int) -> bool:
        at = local(now, theirs.zone)
        minute = at.hour * 60 + at.minute
        off = not theirs.hours.days[at.weekday()] or at.date() in theirs.holidays
        away = any(one.covers(now) for one in theirs.absences)
        return off or away or not EARLIEST <= minute < LATEST

    def full_days(self, role: str, load: int) -> list[int]:
        """Notices on each day on which somebody of a role had at least so many cases; none counts as well."""
        return sorted(
            self.notices[person, day]
            for (person, day), cases in self.loads.items()
            if self.roles[person] == role and cases >= load
        )

    def pages_by_week(self, weeks: Sequence[int]) -> list[int]:
        """Pages of each specialist in each week."""
        people = [person for person, role in self.roles.items() if role == "specialist"]
        return sorted(self.pages[person, week] for person in people for week in weeks)


def percentile(values: Sequence[int], part: float) -> int:
    """The value below or at which that part of sorted `values` lies; 0 of none."""
    return values[min(len(values) - 1, max(0, -(-round(part * 1000) * len(values) // 1000) - 1))] if values else 0


def summary(figures: Figures, answered: Sequence[Row], stages: Sequence[Row], limits: Limits, size: Any) -> Row:
    """Everything that is printed; `broken` names each limit that was passed."""
    weeks = sorted({day.isocalendar().year * 100 + day.isocalendar().week for _, day in figures.loads})
    pages = figures.pages_by_week(weeks)
    dentist = figures.full_days("dentist", size.full_dentist)
    specialist = figures.full_days("specialist", size.full_specialist)
    late = [row for row in answered if json.loads(row["details"])["late"]]
    found: Row = {
        "dentist_days": len(dentist),
        "dentist_p95": percentile(dentist, 0.95),
        "dentist_most": dentist[-1] if dentist else 0,
        "specialist_days": len(specialist),
        "specialist_p95": percentile(specialist, 0.95),
        "specialist_most": specialist[-1] if specialist else 0,
        "pages": sum(pages),
        "pages_a_week_mean": round(sum(pages) / len(pages), 2) if pages else 0.0,
        "pages_a_week_p95": percentile(pages, 0.95),
        "pages_a_week_most": pages[-1] if pages else 0,
        "answers": len(answered),
        "late_targets": len(late),
        "missed_targets": sum(json.loads(row["details"])["stage"] == "coordinator" for row in stages),
        "relayed": figures.relayed,
        "notices": sum(figures.notices.values()),
        "silent": figures.silent,
        "duplicates": len(figures.duplicates),
        "out_of_hours": len(figures.out_of_hours),
        "forgotten": len(figures.forgotten),
    }
    checks = {
        "dentist_p95": found["dentist_p95"] > limits.dentist_p95,
        "specialist_p95": found["specialist_p95"] > limits.specialist_p95,
        "pages_a_week_p95": found["pages_a_week_p95"] > limits.pages_a_week,
        "duplicates": found["duplicates"] > 0,
        "out_of_hours": found["out_of_hours"] > 0,
        "forgotten": found["forgotten"] > 0,
    }
    found["broken"] = [name for name, wrong in checks.items() if wrong]
    found["kinds"] = dict(figures.kinds.most_common(25))
    found["examples"] = {
        "duplicates": figures.duplicates[:8],
        "out_of_hours": figures.out_of_hours[:8],
        "forgotten": sorted(figures.forgotten)[:8],
    }
    return found
