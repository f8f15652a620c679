"""Runs of words written like a name, with particles and initials: "J. van der Berg", "Olu Adeyemi-Smith"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from bot.domain.identifier_cues import PROFESSIONAL, TITLES
from bot.domain.identifier_terms import EPONYMS, PLACES, SURNAMES
from bot.domain.identifier_tokens import tokens
from bot.domain.identifier_types import word_list

_PARTICLES = word_list("van von der den de da di la le du del bin bint ibn al el ap ferch st mac ó ní y dos")
_TITLES = TITLES | PROFESSIONAL
_MOST_INITIALS = 4
_INITIALS = re.compile(r"\.? ?")
_CUED = re.compile(r"[\s:,(\"“'‘-]{1,4}")
BESIDE = re.compile(r"[ \u00a0]{1,2}")
"""Nothing but a blank between two words."""


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring words written like a name, from token `first` up to but not `last`."""

    first: int
    last: int

    @property
    def single(self) -> bool:
        """One word alone."""
        return self.last - self.first == 1


class Words:
    """A text's words, and which of them are taken already."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.all = tokens(text)
        self.taken = [False] * len(self.all)

    @cached_property
    def shouting(self) -> bool:
        """Most words are in capitals."""
        written = [token for token in self.all if token.word and len(token.text) > 3]
        return sum(token.shouted for token in written) > len(written) / 2

    def run(self, index: int, most: int, *, any_word: bool = False) -> Run | None:
        """Words from `index` on that are written like a name, up to `most`, particles and initials between."""
        if index >= len(self.all) or not (any_word or self.all[index].text[0].isupper()):
            return None
        count, last, position = 0, index, index
        while position < len(self.all) and count < most:
            token = self.all[position]
            if position > index and not self._goes_on(position):
                break
            if self._nameable(position, any_word=any_word, started=count > 0):
                count += 1
                position += 1
                last = position
                if token.possessive:
                    break
            elif self._between(position, started=count > 0 or any_word):
                position += 1
            else:
                break
        if count == 1 and not any_word and self._initial_at(last):
            last += 1
        if not count or any(self.taken[at] for at in range(index, last)):
            return None
        return Run(index, last)

    def _nameable(self, position: int, *, any_word: bool, started: bool) -> bool:
        """`any_word`: a title stands before; `started`: a word of the name does."""
        token = self.all[position]
        if not token.word or len(token.text) < 2 or self.taken[position] or token.low in _TITLES:
            return False
        if not token.capital:
            shouted = token.shouted and not self.shouting and started
            titled = any_word and token.text.isupper() and len(token.text) > 2
            return (shouted or titled) and token.unknown
        if token.unknown or (any_word and not started and not token.calendar):
            return True
        if not started:
            return token.ambiguous
        previous = self.all[position - 1]
        return (any_word or previous.unknown or previous.ambiguous or previous.initial) and (
            token.low in EPONYMS or token.low in SURNAMES or (any_word and token.low in PLACES)
        )

    def _initial_at(self, position: int) -> bool:
        """A surname cut to its initial: "Karolina W"."""
        if position >= len(self.all) or self.all[position - 1].possessive:
            return False
        token = self.all[position]
        followed = position + 1 < len(self.all) and not self.all[position + 1].word
        return token.initial and self.all[position - 1].unknown and self.joined(position) and not followed

    def _between(self, position: int, *, started: bool) -> bool:
        """An initial before more of the name, or a small "van" or "bin" inside it."""
        token = self.all[position]
        if token.initial:
            return self._goes_on(position + 1, _INITIALS) and (started or self._after_initials(position))
        return started and token.low in _PARTICLES and token.text.islower()

    def _after_initials(self, position: int) -> bool:
        """An initial opens a name only if a surname follows: "J. Abernathy"."""
        after = position + 1
        while after < len(self.all) and self.all[after].initial:
            after += 1
            if after - position > _MOST_INITIALS:
                return False
        if after >= len(self.all):
            return False
        token = self.all[after]
        dotted = "." in token.before
        return token.capital and (token.unknown or (dotted and (token.low in SURNAMES or token.low in EPONYMS)))

    def _goes_on(self, position: int, pattern: re.Pattern[str] = BESIDE) -> bool:
        if position >= len(self.all):
            return False
        before = self.all[position].before
        previous = self.all[position - 1]
        return pattern.fullmatch(before) is not None or (previous.initial and _INITIALS.fullmatch(before) is not None)

    def small(self, index: int, most: int) -> Run | None:
        """Words in small letters that are no ordinary ones: "mohammed iqbal"."""
        position = index
        while position < len(self.all) and position - index < most:
            token = self.all[position]
            if position > index and not BESIDE.fullmatch(token.before):
                break
            if not token.unknown or len(token.text) < 2 or self.taken[position] or token.low in _TITLES:
                break
            position += 1
            if token.possessive:
                break
        return Run(index, position) if position > index else None

    def close(self, index: int) -> bool:
        """Nothing but a blank, a colon or a comma lies between a cue and what follows."""
        return index < len(self.all) and _CUED.fullmatch(self.all[index].before) is not None

    def joined(self, index: int, pattern: re.Pattern[str] = BESIDE) -> bool:
        """What stands between the word there and the one before it fits the pattern."""
        return index < len(self.all) and pattern.fullmatch(self.all[index].before) is not None

    def low(self, index: int) -> str:
        """The word there with its possessive s, in small letters; empty beyond either end."""
        if not 0 <= index < len(self.all):
            return ""
        token = self.all[index]
        return self.text[token.start : token.stop].replace("’", "'").casefold()

    def take(self, run: Run) -> None:
        """These words are spoken for."""
        for index in range(run.first, run.last):
            self.taken[index] = True
