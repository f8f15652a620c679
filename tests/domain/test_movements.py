import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.movements import (
    Movement,
    MovementKind,
    Per,
    Plan,
    Unit,
    describe_movement,
    plan_from_json,
    plan_to_json,
)
from bot.domain.movements_text import read_movements
from bot.domain.teeth import ROWS, TEETH, Arch, contacts, in_order, palmer

K = MovementKind


def echo(text: str) -> list[str]:
    plan = read_movements(text)
    assert plan.rest == ()
    return [describe_movement(movement) for movement in plan.movements]


@pytest.mark.parametrize(
    ("text", "movement"),
    [
        ("13 rotation 20 deg", Movement(K.ROTATION, (13,), amount=20, unit=Unit.DEGREES)),
        ("UL3 rotate 20°", Movement(K.ROTATION, (23,), amount=20, unit=Unit.DEGREES)),
        ("rotate 13 (20 degrees)", Movement(K.ROTATION, (13,), amount=20, unit=Unit.DEGREES)),
        ("derotate UR3 by 20", Movement(K.ROTATION, (13,), amount=20, unit=Unit.DEGREES)),
        ("rotate #6 20 deg", Movement(K.ROTATION, (13,), amount=20, unit=Unit.DEGREES)),
        ("rotate UL3 ~20°", Movement(K.ROTATION, (23,), amount=20, unit=Unit.DEGREES, bound="~")),
        ("rotate 13", Movement(K.ROTATION, (13,))),
        ("extrude 11 1mm", Movement(K.EXTRUSION, (11,), amount=1, unit=Unit.MM)),
        ("11: extrusion, 0,5 mm", Movement(K.EXTRUSION, (11,), amount=0.5, unit=Unit.MM)),
        ("extrude 11 up to 1 mm", Movement(K.EXTRUSION, (11,), amount=1, unit=Unit.MM, bound="<=")),
        ("intrusion lower 2-2 1.5-2 mm",
         Movement(K.INTRUSION, (42, 41, 31, 32), amount=1.5, amount_to=2, unit=Unit.MM)),
        ("torque UL1 -15 deg", Movement(K.TORQUE, (21,), amount=-15, unit=Unit.DEGREES)),
        ("tip 33 mesially 5°", Movement(K.TIP, (33,), amount=5, unit=Unit.DEGREES, direction=("mesial",))),
        ("tip 33 .5", Movement(K.TIP, (33,), amount=0.5)),
        ("IPR 0.3 LL2-LL3",
         Movement(K.IPR, (33, 32)[::-1], ((32, 33),), amount=0.3, unit=Unit.MM, per=Per.CONTACT)),
        ("IPR 0,3mm 32/33", Movement(K.IPR, (32, 33), ((32, 33),), amount=0.3, unit=Unit.MM, per=Per.CONTACT)),
        ("IPR <0.2 mm per surface 33 mesial",
         Movement(K.IPR, (33,), amount=0.2, unit=Unit.MM, per=Per.SURFACE, bound="<", direction=("mesial",))),
        ("UL2 (22) rotation (20°)", Movement(K.ROTATION, (22,), amount=20, unit=Unit.DEGREES)),
        ("expansion 3mm", Movement(K.EXPANSION, amount=3, unit=Unit.MM)),
        ("upper expansion 3 mm", Movement(K.EXPANSION, arches=(Arch.UPPER,), amount=3, unit=Unit.MM)),
        ("expand both arches 3 mm in total",
         Movement(K.EXPANSION, arches=(Arch.UPPER, Arch.LOWER), amount=3, unit=Unit.MM, per=Per.TOTAL)),
        ("overbite reduction 2 mm", Movement(K.OVERBITE, amount=2, unit=Unit.MM)),
        ("close the gap 11-21", Movement(K.SPACE_CLOSURE, (11, 21))),
        ("extraction UL4", Movement(K.EXTRACTION, (24,))),
        ("upper left first premolar rotation 10 deg", Movement(K.ROTATION, (24,), amount=10, unit=Unit.DEGREES)),
    ],
)  # fmt: skip
def test_one_movement(text: str, movement: Movement) -> None:
    assert read_movements(text) == Plan(text, (movement,))


@pytest.mark.parametrize(
    ("text", "echoes"),
    [
        ("13 rotation 20 deg, 23 rotation 15 deg", ["rotation UR3 (13), 20°", "rotation UL3 (23), 15°"]),
        ("rotate 13 20 deg, 23 15 deg", ["rotation UR3 (13), 20°", "rotation UL3 (23), 15°"]),
        ("rotate 13, 23 20 deg", ["rotation UR3 (13), UL3 (23), 20°"]),
        ("13, 23 and 33 rotation 20 deg", ["rotation UR3 (13), UL3 (23), LL3 (33), 20°"]),
        ("rotate 13 and 23, extrude 11 1mm", ["rotation UR3 (13), UL3 (23)", "extrusion UR1 (11), 1 mm"]),
        ("extrude 11 1 mm then rotate 13 20 deg.", ["extrusion UR1 (11), 1 mm", "rotation UR3 (13), 20°"]),
        ("close gaps and rotate 13 20 deg", ["space closure", "rotation UR3 (13), 20°"]),
        ("IPR LL2-3, 3-4 0.3mm", ["IPR LL2-LL3 (32-33), LL3-LL4 (33-34), 0.3 mm per contact"]),
        ("IPR 0.2 33/34, 43/44", ["IPR LL3-LL4 (33-34), LR4-LR3 (44-43), 0.2 mm per contact"]),
        ("IPR 0.2/surface 33/34", ["IPR LL3-LL4 (33-34), 0.2 mm per surface"]),
        ("Expansion 2 mm\nIPR 0.2 LR1-LL1", ["expansion, 2 mm", "IPR LR1-LL1 (41-31), 0.2 mm per contact"]),
        ("upper and lower expansion", ["expansion upper and lower"]),
        ("rotate 13 -1.5°", ["rotation UR3 (13), -1.5°"]),
        ("< 0.2 mm IPR 31/41", ["IPR LR1-LL1 (41-31), < 0.2 mm per contact"]),
    ],
)
def test_several(text: str, echoes: list[str]) -> None:
    assert echo(text) == echoes


def test_contacts_of_two_ranges_do_not_join_up() -> None:
    (movement,) = read_movements("IPR 0.2 LL1-LL2, LL3-LL4").movements
    assert movement.contacts == ((31, 32), (33, 34))


@pytest.mark.parametrize(
    "text",
    [
        "don't rotate 13",
        "rotate 13 not 23",
        "no IPR, rotate 13 20 deg",
        "avoid extruding 11",
        "rotate 13 if possible",
        "rotate and extrude 13 2mm",
        "rotate 13 15",
        "rotate UL2 (23) 20 deg",
        "rotation 20 deg",
        "rotations",
        "rotate 13-15 deg",
        "rotate canine 20 deg",
        "rotate 13 20 deg 1 mm",
        "IPR 0.3 LL2-LL3 somehow",
        "IPR 0.3 at the front",
        "rotate 19 20 deg",
        "she hates the spacing",
        "UL2",
        "2 mm",
        "per contact IPR 33/34",
    ],
)
def test_what_is_not_certain_is_kept_word_for_word(text: str) -> None:
    assert read_movements(text) == Plan(text, (), (text,))


def test_the_rest_stands_beside_what_was_read() -> None:
    plan = read_movements("Wedding in June; rotate 13 20 deg;  she “hates” the gap,  a lot .")
    assert [describe_movement(movement) for movement in plan.movements] == ["rotation UR3 (13), 20°"]
    assert plan.rest == ("Wedding in June", "she “hates” the gap,  a lot")


def test_empty() -> None:
    assert read_movements(" ,; ") == Plan(" ,; ")


@pytest.mark.parametrize("kept", [None, [], {}, {"text": "", "movements": [{"kind": "melt"}], "rest": []}])
def test_json_of_something_else_is_refused(kept: object) -> None:
    with pytest.raises((TypeError, KeyError, ValueError)):
        plan_from_json(kept)


def round_trip(plan: Plan) -> Plan:
    return plan_from_json(json.loads(json.dumps(plan_to_json(plan))))


tooth = st.sampled_from(sorted(TEETH))
amount = st.sampled_from([0.1, 0.25, 0.5, 1.0, 2.0, 12.5, 20.0])


@given(st.sampled_from([K.ROTATION, K.EXTRUSION, K.TORQUE]), st.lists(tooth, min_size=1, max_size=4), amount)
def test_whatever_the_notation_the_numbers_survive(kind: MovementKind, teeth: list[int], size: float) -> None:
    unit = "°" if kind is not K.EXTRUSION else "mm"
    names = ", ".join(palmer(t) for t in teeth)
    for text in (f"{kind.value} {names} {size}{unit}", f"{', '.join(map(str, teeth))} {kind.value} {size} {unit}"):
        plan = read_movements(text)
        assert plan.rest == ()
        assert [(m.kind, m.teeth, m.amount) for m in plan.movements] == [(kind, in_order(teeth), size)]
        assert round_trip(plan) == plan


@given(st.integers(0, 13), st.integers(1, 2))
def test_every_contact(start: int, row: int) -> None:
    first, second = ROWS[row - 1][start : start + 2]
    (movement,) = read_movements(f"IPR 0.2 mm {palmer(first)}-{palmer(second)}").movements
    assert movement.contacts == contacts((first, second)) == ((first, second),)


pieces = st.lists(
    st.sampled_from(
        ["rotate", "IPR", "13", "UL3", "lower 3-3", "0.2", "20°", "1 mm", ",", ";", "and", "not", "per contact", "x"]
    ),
    max_size=9,
).map(" ".join)


@given(pieces | st.text(max_size=40))
def test_never_fails_and_never_loses_a_word(text: str) -> None:
    plan = read_movements(text)
    assert plan.text == text
    assert all(part and part in text for part in plan.rest)
    assert round_trip(plan) == plan
    # each word that stands for something is in a movement's clause or kept
    if not plan.movements:
        kept = "".join(plan.rest)
        assert all(word in kept for word in ("IPR", "UL3", "20°", "x") if word in text.split())
    for movement in plan.movements:
        assert set(movement.teeth) <= TEETH
        describe_movement(movement)
