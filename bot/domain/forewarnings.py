"""Forewarnings: what the literature says of planned movements and findings, as rules over the facts of a case.

A rule shows literature, never an instruction. Thresholds are editorial; the figures in the words are the evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.deadline import Colour
from bot.domain.faq import Source
from bot.domain.ipr import IprRow, row_words
from bot.domain.movements import Movement, MovementKind, Unit, describe_movement


class Severity(StrEnum):
    """Red ones must be acknowledged before a plan is approved."""

    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Trigger:
    """Everything that is given must hold. Amounts in `unit`; an amount nobody gave counts for amber, never for red."""

    severity: Severity = Severity.AMBER
    movements: tuple[MovementKind, ...] = ()
    teeth: tuple[int, ...] = ()
    named: bool = False
    """Only where one of the teeth is named; else a movement of no tooth or of an arch may mean them."""
    at_least: float | None = None
    above: float | None = None
    unit: Unit | None = None
    beside: tuple[MovementKind, ...] = ()
    """Movements that must be planned as well."""
    history: tuple[str, ...] = ()
    age: tuple[str, ...] = ()
    aligners: int | None = None
    """At least so many in an arch."""
    months: float | None = None
    """Longer than so many months of aligners."""
    days: int | None = None
    """At most so many days per aligner."""
    contact_front: float | None = None
    """mm per contact, above which between incisors and canines."""
    contact_back: float | None = None
    surface: float | None = None
    """mm per surface."""
    colour: Colour | None = None
    overbite_from: float | None = None
    """Overbite of at least so many mm."""
    overbite_below: float | None = None
    hours: float | None = None
    """Reported wear below so many hours a day."""
    ipr_done: float | None = None
    """Done, of what was planned at a due contact, below this share."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One forewarning. `enamel`: its figures in mm are of enamel, and each says what it is per."""

    id: str
    title: str
    text: str
    triggers: tuple[Trigger, ...]
    sources: tuple[Source, ...] = ()
    enamel: bool = False

    @property
    def shown_sources(self) -> tuple[str, ...]:
        """Those that were looked up: no other is ever shown as evidence."""
        return tuple(source.ref for source in self.sources if source.checked)


@dataclass(frozen=True, slots=True)
class Reported:
    """What a check-in's answer says of an amount: between `low` and `high`, in `words`."""

    low: float
    high: float
    words: str

    def below(self, limit: float) -> bool:
        """Whether all of it is less; a range that ends at the limit is."""
        return self.low < limit and self.high <= limit


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known of a case: from its intake, its newest plan, its deadline and its check-ins."""

    movements: tuple[Movement, ...] = ()
    history: tuple[str, ...] = ()
    age: str = ""
    aligners: int = 0
    days: int = 0
    ipr: tuple[IprRow, ...] = ()
    colour: Colour | None = None
    overbite: float | None = None
    """mm; less than 0 is an open bite."""
    hours: Reported | None = None
    """Of wear a day."""
    ipr_done: Reported | None = None
    """The share done of what was planned at a due contact."""

    @property
    def months(self) -> float:
        """How long the aligners take."""
        return self.aligners * self.days / 30.44


@dataclass(frozen=True, slots=True)
class Found:
    """A rule that holds, how severely, and the facts that set it off, in words of the record."""

    rule: Rule
    severity: Severity
    because: tuple[str, ...]


def evaluate(rules: Iterable[Rule], facts: Findings) -> tuple[Found, ...]:
    """Every rule that holds, by its most severe trigger, red ones first."""
    found = []
    for rule in rules:
        held = [(one.severity, because) for one in rule.triggers if (because := holds(one, facts)) is not None]
        if held:
            worst = Severity.RED if any(severity is Severity.RED for severity, _ in held) else Severity.AMBER
            facts_said = dict.fromkeys(word for severity, because in held if severity is worst for word in because)
            found.append(Found(rule, worst, tuple(facts_said)))
    return tuple(sorted(found, key=lambda one: one.severity is not Severity.RED))


def holds(trigger: Trigger, facts: Findings) -> tuple[str, ...] | None:
    """What of the facts sets a trigger off; None if it does not hold. Codes stand for what the form calls by them."""
    said: list[str] = []
    if trigger.movements or trigger.teeth:
        moved = _moved(trigger, facts.movements)
        if not moved:
            return None
        said += map(describe_movement, moved)
    if trigger.beside:
        beside = [one for one in facts.movements if one.kind in trigger.beside]
        if not beside:
            return None
        said += map(describe_movement, beside)
    for wanted, given in ((trigger.history, facts.history), (trigger.age, (facts.age,))):
        if wanted:
            common = [one for one in given if one in wanted]
            if not common:
                return None
            said += [f"intake:{one}" for one in common]
    if trigger.overbite_from is not None or trigger.overbite_below is not None:
        if facts.overbite is None or not _bite(trigger, facts.overbite):
            return None
        said.append(f"overbite {facts.overbite:g} mm")
    for limit, reported in ((trigger.hours, facts.hours), (trigger.ipr_done, facts.ipr_done)):
        if limit is not None:
            if reported is None or not reported.below(limit):
                return None
            said.append(reported.words)
    rows = _contacts(trigger, facts.ipr)
    if rows is not None:
        if not rows:
            return None
        said += map(row_words, rows)
    return tuple(said) if _within(trigger, facts) else None


def _within(trigger: Trigger, facts: Findings) -> bool:
    return (
        (trigger.aligners is None or facts.aligners >= trigger.aligners)
        and (trigger.months is None or facts.months > trigger.months)
        and (trigger.days is None or 0 < facts.days <= trigger.days)
        and (trigger.colour is None or trigger.colour is facts.colour)
    )


def _bite(trigger: Trigger, overbite: float) -> bool:
    return (trigger.overbite_from is None or overbite >= trigger.overbite_from) and (
        trigger.overbite_below is None or overbite < trigger.overbite_below
    )


def _moved(trigger: Trigger, movements: Sequence[Movement]) -> list[Movement]:
    return [
        one
        for one in movements
        if (not trigger.movements or one.kind in trigger.movements)
        and (not trigger.teeth or _meets(trigger, one))
        and _enough(trigger, one)
    ]


def _meets(trigger: Trigger, one: Movement) -> bool:
    return bool(set(trigger.teeth) & set(one.teeth)) or not (one.teeth or trigger.named)


def _enough(trigger: Trigger, one: Movement) -> bool:
    if trigger.at_least is None and trigger.above is None:
        return True
    if one.amount is None or (trigger.unit is not None and one.unit is not trigger.unit):
        return trigger.severity is Severity.AMBER
    most = max(abs(one.amount), abs(one.amount_to or 0))
    return most >= trigger.at_least if trigger.at_least is not None else most > (trigger.above or 0)


def _contacts(trigger: Trigger, rows: Sequence[IprRow]) -> list[IprRow] | None:
    """The rows above a ceiling; None where the trigger has none."""
    if trigger.contact_front is None and trigger.contact_back is None and trigger.surface is None:
        return None
    found = []
    for row in rows:
        ceiling = trigger.contact_front if row.anterior else trigger.contact_back
        over = ceiling is not None and round(row.per_contact, 4) > ceiling
        if over or (trigger.surface is not None and round(row.per_contact / 2, 4) > trigger.surface):
            found.append(row)
    return found
