"""A message as words: where each stands, how it is written, and what it can be."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.domain.identifier_terms import AMBIGUOUS, CALENDAR, excluded
from bot.domain.identifier_words import ordinary

_TOKEN = re.compile(r"([^\W\d_]+(?:['’-][^\W\d_]+)*['’]?|\d+(?:[.,:/]\d+)*)")
_POSSESSIVE = re.compile(r"(?:['’][sS]|(?<=[sS])['’])\Z")
_SENTENCE = re.compile(r"(?:[.!?…:;\n•*\]>])[\s\"'“”‘’()\[\]-]*\Z")
_ABBREVIATED = re.compile(r"\b(?:mr|mrs|ms|dr|st|prof|no|pt|e\.g|i\.e|[A-Z])\.\s*\Z", re.IGNORECASE)
_BRAND = re.compile(r"[A-Z]?[^\W\d_A-Z]+[A-Z]")
_PREFIXED = re.compile(r"(?:Mc|Mac|Fitz|O['’]|D['’]|De|Di|Du|La|Le|El|Al|Van|Von|Abd|Ma|Ap|St)(?=[A-Z])")


class Token(NamedTuple):
    """One word or number: `end` leaves out a possessive s, `stop` does not. `before` is what stands between."""

    text: str
    start: int
    end: int
    stop: int
    before: str
    first: bool
    """It opens a sentence, a line or a list item: its capital says nothing."""
    low: str
    """In small letters, apostrophes straight, possessive left out."""

    @property
    def possessive(self) -> bool:
        """It ends in 's."""
        return self.stop > self.end

    @property
    def word(self) -> bool:
        """Letters, not a number."""
        return self.text[0].isalpha()

    @property
    def capital(self) -> bool:
        """Written like a name: Olu, O'Reilly, Llewellyn-Jones, McKenna; not OPG, not iTero, not SureSmile."""
        if not self.text[0].isupper() or len(self.text) < 2:
            return False
        bare = _PREFIXED.sub("", self.text, count=1) or self.text
        return all(
            not part[1:] or (part[1:].islower() and not _BRAND.search(part)) or part[1:] == part[1:].casefold()
            for part in re.split(r"['’-]", bare)
            if part
        )

    @property
    def shouted(self) -> bool:
        """All capitals and too long for most acronyms."""
        return len(self.text) >= 4 and self.text.isupper()

    @property
    def unknown(self) -> bool:
        """Neither a word of the language nor a term, a make, a place or a day."""
        return self.word and not ordinary(self.low) and not excluded(self.low)

    @property
    def ambiguous(self) -> bool:
        """A word or place that is a first name too."""
        return self.low in AMBIGUOUS

    @property
    def calendar(self) -> bool:
        """A month, a weekday, a feast."""
        return self.low in CALENDAR

    @property
    def initial(self) -> bool:
        """One capital letter that is no word of its own."""
        return len(self.text) == 1 and self.text.isupper() and self.text not in "AI"


def tokens(text: str) -> list[Token]:
    """Every word and number of a text."""
    found: list[Token] = []
    position, left = 0, ""
    parts = _TOKEN.split(text)  # a gap, a word, a gap, a word, and a gap
    for gap, bare in zip(parts[::2], parts[1::2], strict=False):
        start = position + len(gap)
        end = stop = position = start + len(bare)
        before, low, left = left + gap, bare, ""
        if "'" in bare or "’" in bare:
            possessive = _POSSESSIVE.search(bare)
            if possessive:
                end = start + possessive.start()
            elif bare[-1] in "'’":  # it closes a quotation, and stands before the next word
                end = stop = stop - 1
                left = bare[-1]
            bare = text[start:end]
            low = bare.replace("’", "'")
        opens = not found or (before != " " and _opens(text, start, before))
        found.append(Token(bare, start, end, stop, before, opens, low.casefold()))
    return found


def _opens(text: str, start: int, before: str) -> bool:
    """Whether a sentence, a line or a list item begins at `start`; `before` stands between it and the last word."""
    return _SENTENCE.search(before) is not None and not _ABBREVIATED.search(text[max(0, start - 24) : start])
