"""What stands on a draft's card: the candidates, the facts of the case filled in, what is to be ticked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.richtext_split import measure_of

TEXT_MOST = 2400
"""Characters (`length`) of a draft's text: with question, sources and buttons its card is one message everywhere."""
TICKS = 2
"""Facts that a specialist ticks before a `draft_flag` answer can be approved."""


class Origin(StrEnum):
    """Where a draft's words come from."""

    LIBRARY = "library"  # the approved answer, verbatim
    MODEL = "model"  # reworded, and found faithful to the library
    EDITED = "edited"  # the specialist changed it
    TYPED = "typed"  # the specialist's own words


@dataclass(frozen=True, slots=True)
class Option:
    """One library entry as a candidate: `strength` says in a wording key how well it fits; sources are checked ones."""

    topic: str
    title: str
    version: int
    flagged: bool
    answer: str
    strength: str
    sources: tuple[str, ...] = ()
    ask_first: tuple[str, ...] = ()
    patient: str = ""
    """Words for the patient, to be handed on as they are."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of the case as it was filled in: from which source, which version of it, and since when (µs)."""

    name: str
    value: str
    source: str
    version: int
    at: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A draft's card without its text: `chosen` is the option it was made from, `note` wording keys of remarks."""

    options: tuple[Option, ...] = ()
    chosen: int = 0
    facts: tuple[Fact, ...] = ()
    unknown: tuple[str, ...] = ()
    """Ask-first items that no fact of the case answers."""
    body: str = ""
    """The answer without its by-line: what is edited."""
    patient: str = ""
    """The words for the patient that are approved with it, edited as well; empty where there are none."""
    first: str = ""
    """What was offered first, to measure what the specialist changed."""
    note: str = ""
    replied: bool = False
    """Its words came as a reply to a card: its button says [Send this]."""
    strict: bool = False
    """The library's best answer to the question is one with facts to tick: they stand whichever words are chosen."""

    @property
    def option(self) -> Option | None:
        """The entry that the text was made from; None for the specialist's own words."""
        return self.options[self.chosen] if self.chosen < len(self.options) else None

    @property
    def said(self) -> str:
        """Answer and words for the patient: what is counted and compared."""
        return "\n\n".join(filter(None, (self.body, self.patient)))

    def noted(self, remark: str) -> str:
        """Its remarks with one more, which stands first."""
        return " ".join(dict.fromkeys((remark, *self.note.split())))

    @property
    def flagged(self) -> bool:
        """Facts have to be ticked first."""
        return self.strict or (self.option is not None and self.option.flagged)


def length(*parts: str) -> int:
    """What words count for on a card: as the app that counts most closely does, an emoji as two."""
    return sum(measure_of(part, "utf16") for part in parts)


def all_ticked(ticks: int) -> bool:
    """Every fact was ticked."""
    return ticks & (1 << TICKS) - 1 == (1 << TICKS) - 1


def asks(answer: str, item: str) -> bool:
    """Whether an ask-first item is asked already by what an answer says."""
    said = {_stem(word) for word in _words(answer)}
    return all(_stem(word) in said for word in _words(item) if word not in _SMALL)


def parted(text: str, mark: str) -> tuple[str, str | None]:
    """An answer typed with words for the patient below a line that begins with `mark`; None without such a line."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if line.strip().lower().startswith(mark.lower()):
            below = [line.strip()[len(mark) :], *lines[at + 1 :]]
            return "\n".join(lines[:at]).strip(), "\n".join(below).strip()
    return text, None


def word_distance(before: str, after: str) -> int:
    """How many words were put in, taken out or replaced (Levenshtein over words)."""
    old, new = before.split(), after.split()
    row: Sequence[int] = range(len(new) + 1)
    for at, word in enumerate(old, 1):
        line = [at]
        for place, other in enumerate(new, 1):
            line.append(min(line[-1] + 1, row[place] + 1, row[place - 1] + (word != other)))
        row = line
    return row[-1]


_SMALL = frozenset({"of", "the", "a", "in", "or", "and", "with", "does", "which", "yes", "no", "when", "so", "is"})


def _words(text: str) -> list[str]:
    return [word for word in "".join(c if c.isalnum() else " " for c in text.lower()).split() if word]


def _stem(word: str) -> str:
    return word[:5] if len(word) > 5 else word.rstrip("s")
