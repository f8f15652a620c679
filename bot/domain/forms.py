"""One definition of a form, whatever asks it: its fields, and what each answer must be.

Labels, help and questions are wording, under `<form>.field.<field>.` and `<form>.option.<field>.<option>`.
Raw answers are strings, or tuples of option names; kept answers are JSON values, None for "not known yet".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.domain.problems import Caution, Problem

Raw = str | tuple[str, ...]
Answer = str | int | float | bool | list[str] | list[int] | dict[str, object] | None

NONE = "none"
"""The answer "there is none" of a date, and the option that excludes all others of a list."""
TICKED = "yes"


class Kind(StrEnum):
    """What a field holds, and as which JSON value it is kept."""

    TEXT = "text"  # str, one line
    LONG_TEXT = "long_text"  # str
    CHOICE = "choice"  # str, the option
    MULTI = "multi"  # list of options, in the form's order; [NONE] alone for none of them
    NUMBER = "number"  # int
    MEASURE = "measure"  # float, in the field's unit; may be less than 0
    ARCHES = "arches"  # {"upper": int, "lower": int}
    DATE = "date"  # str, ISO; NONE where the field allows it
    TEETH = "teeth"  # list of FDI ints
    MOVEMENTS = "movements"  # bot.domain.movements.plan_to_json
    TICK = "tick"  # True
    STAGES = "stages"  # list of int: aligners before which something is done
    IPR = "ipr"  # {"rows": bot.domain.ipr.rows_to_json}


@dataclass(frozen=True, slots=True)
class Field:
    """One question. What is not required can be skipped with "Don't know yet"."""

    name: str
    kind: Kind
    required: bool = False
    options: tuple[str, ...] = ()
    low: int = 1
    """Fewest characters of a text, or the smallest number."""
    high: int = 300
    """Most characters of what is typed, or the largest number."""
    unit: str = ""
    """Words that may follow a number, in the singular: "day"; of a measure its unit: "mm"."""
    none_allowed: bool = False
    """A date may be answered with NONE."""
    past: int = 0
    """Days that a date may lie back."""
    after: str = ""
    """Asked only once the field of this name has an answer other than NONE."""
    only: tuple[str, ...] = ()
    """Of that field's answers, those with which this one is asked; empty: any."""
    missing: str = "form.problem.required"
    """The wording key for a required answer that is not there."""
    caution: Callable[[str], Caution | None] | None = None
    """Looks at a text and may ask for it to be confirmed."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form's name, which is its wording area, and its fields in the order they are asked."""

    name: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """The field of that name; KeyError if there is none."""
        for one in self.fields:
            if one.name == name:
                return one
        raise KeyError(name)

    def applies(self, one: Field, answers: Mapping[str, Answer]) -> bool:
        """Whether the field is asked at all, given the answers so far."""
        before = answers.get(one.after)
        return not one.after or (before not in (None, NONE) and (not one.only or before in one.only))

    def to_ask(self, answers: Mapping[str, Answer]) -> tuple[Field, ...]:
        """The fields with no answer yet that apply, in order: required ones stand first in a good form."""
        return tuple(one for one in self.fields if one.name not in answers and self.applies(one, answers))

    def missing(self, answers: Mapping[str, Answer]) -> tuple[Field, ...]:
        """The required fields without an answer: while there is one, the form cannot be sent."""
        return tuple(one for one in self.fields if one.required and answers.get(one.name) is None)

    def key(self, one: Field, part: str) -> str:
        """The wording key of a field's label, ask, help or example."""
        return f"{self.name}.field.{one.name}.{part}"

    def option_key(self, one: Field, option: str) -> str:
        """The wording key of an option."""
        return f"{self.name}.option.{one.name}.{option}"


@dataclass(frozen=True, slots=True)
class Context:
    """What an answer is judged by: the person's own day, and answers they have confirmed despite a caution."""

    today: date
    confirmed: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer as it is kept."""

    value: Answer


@dataclass(frozen=True, slots=True)
class Doubtful:
    """The answer as it would be kept, once the person has confirmed it despite the caution."""

    value: Answer
    caution: Caution


Checked = Accepted | Doubtful | Problem
