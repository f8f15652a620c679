"""Bank holidays of a practice's country and region, as the `holidays` library knows them."""

from __future__ import annotations

from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from bot.domain.localtime import local_day
from bot.services.unit import Unit
from storage import people

YEARS = 8
"""From last year on: longer than any course."""
_USUAL_REGION = {"GB": "ENG"}
"""For countries whose regions have few holidays in common."""


def of_practice(unit: Unit, practice_id: int) -> frozenset[date]:
    """Its bank holidays from last year to six years ahead; none for a country the library does not know."""
    practice = people.practice(unit.tx, practice_id)
    if practice is None:
        return frozenset()
    return of_region(unit, practice["timezone"], practice["country"], practice["region"])


def of_region(unit: Unit, timezone: str, country: str, region: str) -> frozenset[date]:
    """The same, for where a practice is."""
    return _between(country, region, local_day(unit.now, ZoneInfo(timezone)).year - 1)


def knows_region(country: str, region: str) -> bool:
    """Whether a country has a region of this code; any will do where the library knows none."""
    known = holidays.list_supported_countries()
    return not region or not known.get(country) or region in known[country]


@cache
def _between(country: str, region: str, first: int) -> frozenset[date]:
    if country not in holidays.list_supported_countries():
        return frozenset()
    subdivision = region or _USUAL_REGION.get(country)
    years = range(first, first + YEARS)
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=years))
