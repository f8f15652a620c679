"""Planned tooth movements: kind, FDI teeth, amount and unit. Reading what people type is `movements_text`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum

from bot.domain.teeth import Arch, describe, palmer


class MovementKind(StrEnum):
    """The movements a plan may name."""

    ROTATION = "rotation"
    EXTRUSION = "extrusion"
    INTRUSION = "intrusion"
    TIP = "tip"
    TORQUE = "torque"
    IPR = "IPR"
    EXPANSION = "expansion"
    CONSTRICTION = "constriction"
    DISTALISATION = "distalisation"
    MESIALISATION = "mesialisation"
    PROCLINATION = "proclination"
    RETROCLINATION = "retroclination"
    RETRACTION = "retraction"
    TRANSLATION = "bodily movement"
    SPACE_CLOSURE = "space closure"
    OPEN_BITE = "open bite closure"
    OVERBITE = "overbite reduction"
    OVERJET = "overjet reduction"
    EXTRACTION = "extraction"


class Unit(StrEnum):
    """What an amount counts."""

    MM = "mm"
    DEGREES = "°"


class Per(StrEnum):
    """What an amount holds for, where it was said."""

    CONTACT = "contact"
    SURFACE = "surface"
    TOOTH = "tooth"
    SIDE = "side"
    TOTAL = "total"


USUAL_UNIT: dict[MovementKind, Unit | None] = {
    **dict.fromkeys(MovementKind, Unit.MM),
    MovementKind.ROTATION: Unit.DEGREES,
    MovementKind.TORQUE: Unit.DEGREES,
    MovementKind.TIP: None,  # written in either: never assumed
    MovementKind.PROCLINATION: None,
    MovementKind.RETROCLINATION: None,
    MovementKind.EXTRACTION: None,
}


@dataclass(frozen=True, slots=True)
class Movement:
    """One planned movement. `amount` is as written, sign included; `bound` is "", "<", "<=", ">", ">=" or "~"."""

    kind: MovementKind
    teeth: tuple[int, ...] = ()
    contacts: tuple[tuple[int, int], ...] = ()
    """For IPR: the contact points named, each a pair of neighbours."""
    arches: tuple[Arch, ...] = ()
    """The whole arch, where no tooth is named."""
    amount: float | None = None
    amount_to: float | None = None
    unit: Unit | None = None
    per: Per | None = None
    bound: str = ""
    direction: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What was typed, what of it was understood, and each part that was not, word for word."""

    text: str
    movements: tuple[Movement, ...] = ()
    rest: tuple[str, ...] = ()


def describe_movement(movement: Movement) -> str:
    """The echo: "rotation UR3 (13), 20°", "IPR LL3-LL2 (33-32), 0.3 mm per contact"."""
    where = describe(movement.teeth)
    if movement.contacts:
        where = ", ".join(f"{palmer(a)}-{palmer(b)} ({a}-{b})" for a, b in movement.contacts)
    elif movement.arches:
        where = " and ".join(movement.arches)
    head = " ".join(part for part in (*movement.direction, movement.kind.value, where) if part)
    amount = _amount(movement)
    return f"{head}, {amount}" if amount else head


def _amount(movement: Movement) -> str:
    if movement.amount is None:
        return ""
    number = f"{movement.amount:g}" + (f"-{movement.amount_to:g}" if movement.amount_to is not None else "")
    unit = {Unit.MM: " mm", Unit.DEGREES: "°", None: ""}[movement.unit]
    bound = {"": "", "~": "about "}.get(movement.bound, movement.bound + " ")
    per = {None: "", Per.TOTAL: " in total"}.get(movement.per, f" per {movement.per}")
    return f"{bound}{number}{unit}{per}"


def plan_to_json(plan: Plan) -> dict[str, object]:
    """As kept in a form's answers: JSON types only."""
    return {
        "text": plan.text,
        "movements": [
            {name: _plain(value) for name, value in asdict(movement).items() if value not in (None, (), "")}
            for movement in plan.movements
        ],
        "rest": list(plan.rest),
    }


def plan_from_json(kept: object) -> Plan:
    """The plan that `plan_to_json` kept; ValueError, KeyError or TypeError if it is something else."""
    if not isinstance(kept, dict):
        raise TypeError("a plan is kept as an object")
    return Plan(str(kept["text"]), tuple(map(_movement, kept["movements"])), tuple(map(str, kept["rest"])))


def _plain(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _movement(kept: dict[str, object]) -> Movement:
    def listed(name: str) -> list[object]:
        found = kept.get(name, [])
        if not isinstance(found, list):
            raise TypeError(f"{name} is kept as a list")
        return found

    def number(name: str) -> float | None:
        found = kept.get(name)
        if found is not None and not isinstance(found, int | float):
            raise TypeError(f"{name} is kept as a number")
        return found

    unit, per = kept.get("unit"), kept.get("per")
    return Movement(
        kind=MovementKind(str(kept["kind"])),
        teeth=tuple(int(str(tooth)) for tooth in listed("teeth")),
        contacts=tuple(_pair(pair) for pair in listed("contacts")),
        arches=tuple(Arch(str(jaw)) for jaw in listed("arches")),
        amount=number("amount"),
        amount_to=number("amount_to"),
        unit=None if unit is None else Unit(str(unit)),
        per=None if per is None else Per(str(per)),
        bound=str(kept.get("bound", "")),
        direction=tuple(map(str, listed("direction"))),
    )


def _pair(kept: object) -> tuple[int, int]:
    if not isinstance(kept, list):
        raise TypeError("a contact is kept as a list")
    first, second = kept
    return int(first), int(second)
