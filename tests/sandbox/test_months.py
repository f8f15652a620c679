"""The simulation: the same seed plays the same, a slice of it breaks nothing, and what is broken is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.months.figures import percentile
from bot.sandbox.months.roster import roster
from bot.sandbox.months.run import NotEmptyError, simulate
from prompts import simulation

RATES = simulation.load()


async def play(folder: Path, **more: Any) -> dict[str, Any]:
    folder.mkdir(exist_ok=True)
    wanted = {"cases": 9, "weeks": 4, "seed": 3, "rates": RATES, **more}
    return await simulate(f"sqlite:///{folder / 'months.db'}", folder, **wanted)


async def test_the_same_seed_plays_the_same_and_nothing_is_doubled_lost_or_at_night(tmp_path: Path) -> None:
    first, second = await play(tmp_path / "a"), await play(tmp_path / "b")
    changing = ("seconds", "kinds", "examples")  # references are drawn anew
    assert {k: v for k, v in first.items() if k not in changing} == {
        k: v for k, v in second.items() if k not in changing
    }
    assert first["relayed"] > 20
    assert first["answers"] > 5
    assert (first["duplicates"], first["out_of_hours"], first["forgotten"]) == (0, 0, 0), first["examples"]


async def test_a_limit_that_is_passed_is_named(tmp_path: Path) -> None:
    strict = RATES.model_copy(
        update={
            "limits": RATES.limits.model_copy(update={"dentist_p95": -1}),
            "size": RATES.size.model_copy(update={"full_dentist": 1, "opened_within_weeks": 1}),
        }
    )
    found = await play(tmp_path, cases=2, weeks=2, rates=strict)
    assert found["dentist_days"] > 0
    assert "dentist_p95" in found["broken"]


async def test_it_never_plays_on_a_database_with_other_people(tmp_path: Path) -> None:
    await play(tmp_path, cases=1, weeks=1)
    with pytest.raises(NotEmptyError):
        await play(tmp_path, cases=1, weeks=1)


def test_everybody_has_who_covers_them_and_a_practice_has_few_dentists() -> None:
    made = roster(500, RATES.size)
    handles = {person.handle for person in made.people}
    assert {person.cover for person in made.people if person.cover} <= handles
    assert sum(person.role == "dentist" for person in made.people) == 63
    assert sum(person.role == "specialist" for person in made.people) == 13


def test_percentiles() -> None:
    assert percentile([], 0.95) == 0
    assert percentile(list(range(1, 101)), 0.95) == 95
    assert percentile([0, 0, 9], 0.95) == 9


async def test_bad_answers_to_check_ins_are_given_at_their_rate(tmp_path: Path) -> None:
    """Nobody asks or slips here: what the specialist is asked to answer today comes of check-ins alone."""
    calm = {"questions_a_week": 0.0, "slips_a_week": 0.0, "answers_check_in": 1.0}
    found = []
    for good in (1.0, 0.0):
        dentist = RATES.dentist.model_copy(update={**calm, "good_answer": good})
        rates = RATES.model_copy(update={"dentist": dentist})
        found.append(await play(tmp_path / str(good), cases=2, weeks=7, rates=rates))
    asked = [one["kinds"].get("specialist: urgent", 0) for one in found]
    assert asked[0] == 0
    assert asked[1] > 0
