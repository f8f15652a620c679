"""Whether a treatment can be ready for the patient's date: an editorial rule whose every step can be shown.

finish = start + lead + aligners x days. Red: the event is before finish + one more lead (a refinement's).
Amber: before finish + the larger of 5.1 months and (lead + 0.8 x aligners x days). Green beyond.
5.1 months is the mean overrun in Kravitz 2023, AJO-DO 163(4):526-530; 0.8 is 20.5 refinement aligners for 26 initial
ones (PMC10693725).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DEFAULT_LEAD = 28
"""Days from records to fit, where the plan gives no other."""
OVERRUN = 155
"""Days in 5.1 months of 365.25 / 12."""
AGAIN = 0.8
"""Refinement aligners for each initial one."""


class Colour(StrEnum):
    """How a date stands."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The arithmetic of one deadline. Durations in days; `finish` is the predicted one."""

    event_on: date
    finish: date
    lead: int
    treatment: int
    """Aligners times days each, of the first set."""

    @property
    def red_before(self) -> date:
        """An event before this day is red."""
        return self.finish + timedelta(days=self.lead)

    @property
    def amber_before(self) -> date:
        """An event before this day, and not red, is amber."""
        return self.finish + timedelta(days=allowance(self.lead, self.treatment))

    @property
    def colour(self) -> Colour:
        """Red, amber or green."""
        if self.event_on < self.red_before:
            return Colour.RED
        return Colour.AMBER if self.event_on < self.amber_before else Colour.GREEN


@dataclass(frozen=True, slots=True)
class WaysOut:
    """What would bring a date out of the red, as figures for the specialist to word; None where nothing would."""

    aligners: int | None
    """At most so many per arch, all else as planned."""
    fit_by: date | None
    """Aligner 1 fitted by this day, all else as planned; None if that day has passed."""
    event_from: date
    """An event from this day on."""


def again(lead: int, treatment: int) -> int:
    """Days that a refinement of the usual size takes: its lead and its aligners."""
    return lead + round(AGAIN * treatment)


def allowance(lead: int, treatment: int) -> int:
    """Days to be expected beyond a plan: the larger of the mean overrun and a refinement of the usual size."""
    return max(OVERRUN, again(lead, treatment))


def judge(today: date, lead: int, aligners: int, days: int, event_on: date) -> Judgement:
    """At enquiry: the larger number of aligners of the two arches, days per aligner."""
    treatment = aligners * days
    return Judgement(event_on, today + timedelta(days=lead + treatment), lead, treatment)


def without_plan(today: date, event_on: date, lead: int = DEFAULT_LEAD) -> Colour | None:
    """How a date stands while the number of aligners is not known: red if it leaves none; else nobody knows."""
    return Colour.RED if event_on <= earliest(today, lead) else None


def earliest(today: date, lead: int = DEFAULT_LEAD) -> date:
    """The day that a fit and one refinement's lead reach to, with no aligner worn at all."""
    return today + timedelta(days=2 * lead)


def ways_out(judged: Judgement, fit_on: date, days: int, today: date, held: int = 0) -> WaysOut:
    """What would make it. `fit_on` is when aligner 1 is fitted, `days` those per aligner.

    `held` are days for which aligners are worn longer than that. No fewer aligners than have been begun.
    """
    spare = (judged.event_on - fit_on).days - judged.lead - held
    begun = max(0, ((today - fit_on).days - held) // days + 1) if days > 0 else 0
    fewer = spare // days if days > 0 and spare >= max(1, begun) * days else None
    fit_by = fit_on - (judged.red_before - judged.event_on)
    return WaysOut(fewer, fit_by if fit_by >= today else None, judged.red_before)


def working_day(day: date, holidays: Collection[date]) -> date:
    """The day itself, or the next one that is neither a weekend nor a bank holiday."""
    while day.weekday() >= 5 or day in holidays:
        day += timedelta(days=1)
    return day


def working_days_after(day: date, count: int, holidays: Collection[date]) -> date:
    """So many working days later."""
    for _ in range(count):
        day = working_day(day + timedelta(days=1), holidays)
    return day
