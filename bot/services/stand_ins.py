"""Who may be asked in somebody's place: their cover while they are away, their usual one, a colleague at work."""

from __future__ import annotations

from typing import Any

from bot.domain.ids import PersonId
from bot.services import diary
from bot.services.unit import Unit
from storage import accounts, people, urgent

Row = dict[str, Any]


def at_work(unit: Unit, person_id: int, role: str) -> Row | None:
    """Who is at work and may be asked in somebody's place: their cover, else the least busy colleague."""
    everybody = urgent.colleagues(unit.tx, role)
    others = [row for row in everybody if row["id"] != person_id]
    first = urgent.stand_ins(unit.tx, person_id, unit.now)
    if role != "specialist":  # a dentist's colleagues are not asked, but whom they named
        others = [row for row in others if row["id"] in first]
    ranked = sorted(others, key=lambda row: first.index(row["id"]) if row["id"] in first else len(first))
    diaries = diary.of(unit, ranked)
    for row in ranked:
        if diaries[PersonId(row["id"])].at_work(unit.now) and accounts.reach(unit.tx, row["id"]) is not None:
            return row
    return None


def named(unit: Unit, person_id: int) -> Row | None:
    """The cover somebody named, for their leave now or for good, if that person can be asked at this moment."""
    for cover_id in urgent.stand_ins(unit.tx, person_id, unit.now):
        cover = people.get(unit.tx, cover_id)
        if cover is None or cover["locked"] or not cover["listed"] or accounts.reach(unit.tx, cover_id) is None:
            continue
        if diary.of_one(unit, cover_id).at_work(unit.now):
            return cover
    return None
