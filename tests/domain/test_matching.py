import json
import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.expertise import EXPERTISE, wanted_expertise
from bot.domain.forms import Answer
from bot.domain.ids import CaseId, PersonId
from bot.domain.matching import Candidate, Hindrance, Need, Part, hindrance, rank
from bot.domain.movements import plan_to_json
from bot.domain.movements_text import read_movements
from prompts.wording import say

NOW = 1_800_000_000_000_000
HOUR = 3_600_000_000
NEED = Need(CaseId(1), frozenset({"rotations", "spacing"}), urgent=False, now=NOW)


def candidate(person: int, **changes: object) -> Candidate:
    plain = Candidate(PersonId(person), frozenset(), open_load=5, capacity=25, next_open=NOW)
    return replace(plain, **changes)  # type: ignore[arg-type]


JOHAL, SHAH = candidate(1), candidate(2)


def first(*candidates: Candidate, need: Need = NEED) -> int:
    return rank(need, candidates)[0].person


def test_each_fact_decides_where_all_else_is_equal() -> None:
    old = replace(JOHAL, last_assigned_at=1)  # loses every tie
    assert first(old, SHAH) == 2
    assert first(replace(old, expertise=frozenset({"rotations"})), SHAH) == 1
    assert first(replace(old, together=1), SHAH) == 1
    assert first(old, replace(SHAH, open_load=20)) == 1
    assert first(old, replace(SHAH, next_open=NOW + HOUR)) == 1
    assert first(replace(old, next_open=NOW + HOUR), replace(SHAH, next_open=NOW + 40 * HOUR)) == 1


def test_full_expertise_outweighs_continuity_and_continuity_outweighs_load() -> None:
    expert = replace(JOHAL, expertise=NEED.wanted)
    assert first(expert, replace(SHAH, together=3)) == 1
    assert first(replace(JOHAL, together=1, open_load=24), SHAH) == 1


def test_urgent_cases_go_to_who_is_at_work() -> None:
    continuing = replace(JOHAL, together=1, next_open=NOW + 40 * HOUR)
    assert first(continuing, SHAH) == 1
    at_work = replace(SHAH, expertise=frozenset({"spacing"}))
    assert first(continuing, at_work, need=replace(NEED, urgent=True)) == 2


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"locked": True, "absent": True}, Hindrance.LOCKED),
        ({"linked": False}, Hindrance.NOT_LINKED),
        ({"declined": True, "open_load": 99}, Hindrance.DECLINED),
        ({"absent": True}, Hindrance.AWAY),
        ({"next_open": None}, Hindrance.AWAY),
        ({"open_load": 25}, Hindrance.FULL),
        ({"capacity": 0, "open_load": 0}, Hindrance.FULL),
        ({}, None),
    ],
)
def test_who_cannot_be_asked(changes: dict[str, object], why: Hindrance | None) -> None:
    one = candidate(1, **changes)
    assert hindrance(one) is why
    assert bool(rank(NEED, [one])) is (why is None)
    if why:
        assert say(f"matching.hindrance.{why}")


def test_nobody() -> None:
    assert rank(NEED, []) == ()


def test_the_reason_can_be_recorded_and_said() -> None:
    (ranked,) = rank(NEED, [replace(JOHAL, expertise=frozenset({"rotations", "torque"}), together=2)])
    assert ranked.points == {Part.EXPERTISE: 20, Part.CONTINUITY: 30, Part.ROOM: 15, Part.HOURS: 10}
    assert ranked.total == 75
    kept = json.loads(json.dumps(ranked.as_json()))
    assert kept["points"] == {"expertise": 20, "continuity": 30, "room": 15, "hours": 10}
    assert kept["matched"] == ["rotations"]
    said = "; ".join(say(key, **values) for key, values in ranked.reasons())
    assert said == (
        "has the experience this case asks for (rotations); already works with this dentist (2 cases); "
        "has 5 of 25 cases; is at work now"
    )
    (later,) = rank(NEED, [replace(SHAH, next_open=NOW + HOUR)])
    assert [key for key, _ in later.reasons()] == ["matching.reason.room", "matching.reason.open_later"]


@pytest.mark.parametrize("people", [2, 3, 7])
def test_equal_specialists_take_turns(people: int) -> None:
    pool = {n: candidate(n, capacity=1000) for n in range(people)}
    for case in range(50 * people):
        chosen = first(*pool.values(), need=replace(NEED, case=CaseId(case)))
        pool[chosen] = replace(pool[chosen], last_assigned_at=case + 1, open_load=pool[chosen].open_load + 1)
    assert {one.open_load for one in pool.values()} == {55}


def test_the_first_ever_case_favours_nobody() -> None:
    wins = Counter(first(JOHAL, SHAH, candidate(3), need=replace(NEED, case=CaseId(n))) for n in range(3000))
    assert all(900 < count < 1100 for count in wins.values())


def test_a_busy_service_fills_evenly_and_never_over_capacity() -> None:
    tags = sorted(EXPERTISE)
    rand = random.Random(4)
    pool = {n: candidate(n, open_load=0, capacity=20, expertise=frozenset(rand.sample(tags, 4))) for n in range(5)}
    placed = 0
    for case in range(200):
        need = Need(CaseId(case), frozenset(rand.sample(tags, 2)), urgent=False, now=NOW)
        ranked = rank(need, pool.values())
        if ranked:
            one = pool[ranked[0].person]
            pool[one.person] = replace(one, open_load=one.open_load + 1, last_assigned_at=case + 1)
            placed += 1
    assert placed == 100
    assert {one.open_load for one in pool.values()} == {20}


candidates = st.lists(
    st.builds(
        Candidate,
        person=st.integers(1, 99).map(PersonId),
        expertise=st.frozensets(st.sampled_from(["rotations", "spacing", "torque"])),
        open_load=st.integers(0, 6),
        capacity=st.integers(0, 5),
        next_open=st.none() | st.integers(-2, 40).map(lambda n: NOW + n * HOUR),
        together=st.integers(0, 2),
        last_assigned_at=st.integers(0, 2),
        absent=st.booleans(),
        locked=st.booleans(),
        linked=st.booleans(),
        declined=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda one: one.person,
)


@given(candidates, st.randoms(use_true_random=False), st.booleans())
def test_order_of_candidates_does_not_matter(pool: list[Candidate], rand: random.Random, urgent: bool) -> None:
    need = replace(NEED, urgent=urgent)
    ranked = rank(need, pool)
    shuffled = pool.copy()
    rand.shuffle(shuffled)
    assert rank(need, shuffled) == ranked
    by_id = {one.person: one for one in pool}
    for one in ranked:
        who = by_id[one.person]
        assert who.open_load < who.capacity
        assert who.linked
        assert True not in (who.absent, who.locked, who.declined)
    assert len(ranked) + sum(hindrance(one) is not None for one in pool) == len(pool)
    assert [one.total for one in ranked] == sorted((one.total for one in ranked), reverse=True)


@given(candidates)
def test_taking_somebody_away_leaves_the_others_in_order(pool: list[Candidate]) -> None:
    order = [one.person for one in rank(NEED, pool)]
    if order:
        left = [one for one in pool if one.person != order[0]]
        assert [one.person for one in rank(NEED, left)] == order[1:]


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        ({}, set()),
        ({"complaint": "I want the gaps between my teeth closed"}, {"spacing"}),
        ({"complaint": "My teeth are crooked and one is twisted"}, {"crowding", "rotations"}),
        ({"complaint": "spacecraft"}, set()),
        ({"history": ["perio", "previous_ortho", "medicines"], "age_band": "under_18"},
         {"perio", "relapse", "under-18"}),
        ({"overbite": -1.0}, {"open-bite"}),
        ({"overbite": 5.0}, {"deep-bite"}),
        ({"overbite": 3.0}, set()),
        ({"history": None, "movements": None, "complaint": None}, set()),
    ],
)  # fmt: skip
def test_wanted_expertise(answers: dict[str, Answer], wanted: set[str]) -> None:
    assert wanted_expertise(answers) == wanted
    assert wanted <= EXPERTISE


def test_wanted_expertise_from_movements() -> None:
    plan = plan_to_json(read_movements("13 rotation 20 deg; close open bite; maybe overjet too"))
    assert wanted_expertise({"movements": plan}) == {"rotations", "open-bite", "overjet"}
