"""What the identifier guard finds: typed stretches of a text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a stretch of text looks like."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    NHS_NUMBER = "nhs_number"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    POSTCODE = "postcode"


class Certainty(StrEnum):
    """SURE: a checksum, a cue or an unmistakable shape says so. LIKELY: the shape alone."""

    SURE = "sure"
    LIKELY = "likely"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Code points [start, end) of the text look like `kind`."""

    start: int
    end: int
    kind: Kind
    certainty: Certainty = Certainty.SURE


@dataclass(frozen=True, slots=True)
class Known:
    """What one case already knows.

    `exempt` are people and places that may be named (the parties, their practice), each a whole name. `fine` are
    (kind, folded text) pairs its people called fine. `sure` and `seen` are names found in it before: the first in any
    case of letters, the second only capitalised.
    """

    exempt: tuple[str, ...] = ()
    fine: frozenset[tuple[Kind, str]] = field(default_factory=frozenset)
    sure: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()


NOTHING = Known()


def word_list(text: str) -> frozenset[str]:
    """A list of words as it is kept in these modules: in one string, blanks between."""
    return frozenset(text.split())


_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_DIGITS = frozenset({Kind.NHS_NUMBER, Kind.PHONE})


def folded(kind: Kind, text: str) -> str:
    """A finding's text in the one form it is compared in: digits alone for numbers, else small letters and digits."""
    if kind in _DIGITS:
        return "".join(character for character in text if character.isdecimal())
    return "".join(character for character in text.casefold() if character.isalnum())


def words_of(name: str) -> list[str]:
    """The words of a name, folded, a possessive s dropped: "Siobhan O’Reilly's" is siobhan, o'reilly."""
    found = (word.replace("’", "'").casefold() for word in _WORD.findall(name.replace("_", " ")))
    return [word.removesuffix("'s") for word in found]
