"""Whether a message needs a person now: what its words mean and which words they are, weighed by a logistic fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.domain import redflags
from bot.drafting import fitted
from bot.drafting.minilm import Reading
from prompts import gate_cues

_PARTS = re.compile(r"(?<=[.!?;])\s+|\n+")
_SHORT = 3
"""Words below which a part is not looked at by itself."""
LONG, WINDOW, STEP = 18, 14, 7
"""Words above which a sentence is looked at in windows as well, their length, and how far one begins after another."""
HELD = 0.5
"""How much more a window has to say than a sentence: it is cut out of one, and there are many of them."""


class Gate:
    """Beside the lexicon; `read` is the model of meaning, None where words must do."""

    def __init__(self, read: Callable[[str], Reading] | None) -> None:
        self._read = read
        self._weights = fitted.load().gate_words if read is None else fitted.load().gate
        self._cues = gate_cues.load()

    @property
    def threshold(self) -> float:
        """The score above which a person is needed."""
        return self._weights.threshold

    def score(self, text: str, reading: Reading | None = None) -> float:
        """Log odds of the message or the worst of its parts, without denials; minus infinity if nothing is left.

        `reading` is what the model made of `text`, where it is known already.
        """
        bare = redflags.said(text)
        known = {text: reading} if reading is not None else {}
        whole = (self._of(part, known.get(part)) for part in parts(bare))
        return max((*whole, *(self._of(part, None) - HELD for part in windows(bare))), default=float("-inf"))

    def _of(self, part: str, reading: Reading | None) -> float:
        weights = self._weights
        score = weights.constant + sum(weights.cues[name] for name in self._cues.found(part))
        if self._read is not None and weights.layers is not None:
            score += float(weights.layers @ (reading or self._read(part)).layers)
        return score


def parts(text: str) -> Iterator[str]:
    """The text, and where it has several sentences each of them that is not very short."""
    if any(letter.isalpha() for letter in text):
        yield text
    found = [part for part in _PARTS.split(text) if len(part.split()) >= _SHORT]
    if len(found) > 1:
        yield from found


def windows(text: str) -> Iterator[str]:
    """The windows of each long sentence: a few words are not lost in the length of what is said without a stop."""
    for words in map(str.split, _PARTS.split(text)):
        if len(words) > LONG:
            yield from (" ".join(words[at : at + WINDOW]) for at in range(0, len(words) - WINDOW + STEP, STEP))
