"""Text to the ids of an uncased WordPiece vocabulary, as BERT models read it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

LONGEST = 100
"""Characters of a word that is still looked up; a longer one is unknown."""
MARKS = ("[CLS]", "[SEP]", "[UNK]")


class WordPiece:
    """`vocabulary` in the order of its ids."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._ids = {piece: number for number, piece in enumerate(vocabulary)}
        self._start, self._end, self._unknown = (self._ids[mark] for mark in MARKS)
        self._pieces = lru_cache(maxsize=4096)(self._split)

    def encode(self, text: str, longest: int) -> list[int]:
        """At most `longest` ids, the marks at both ends among them."""
        ids = [self._start]
        for word in _words(text):
            ids += self._pieces(word)
            if len(ids) >= longest:
                break
        return [*ids[: longest - 1], self._end]

    def _split(self, word: str) -> tuple[int, ...]:
        """The longest known pieces from the left; one unknown for a word with a part that is in no piece."""
        if len(word) > LONGEST:
            return (self._unknown,)
        found: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = self._ids.get(word[start:end] if start == 0 else f"##{word[start:end]}")
                if piece is not None:
                    found.append(piece)
                    start = end
                    break
            else:
                return (self._unknown,)
        return tuple(found)


def _words(text: str) -> Iterator[str]:
    """Lower case without accents; punctuation and CJK characters stand alone."""
    word: list[str] = []
    for character in unicodedata.normalize("NFD", text.lower()):
        kind = unicodedata.category(character)
        if kind == "Mn" or character == "\ufffd" or (kind[0] == "C" and character not in "\t\n\r"):
            continue
        alone = _stands_alone(character, kind)
        if alone or character.isspace():
            if word:
                yield "".join(word)
                word.clear()
            if alone:
                yield character
        else:
            word.append(character)
    if word:
        yield "".join(word)


def _stands_alone(character: str, kind: str) -> bool:
    if character.isascii():
        return not character.isalnum() and "!" <= character <= "~"
    code = ord(character)
    return kind[0] == "P" or 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0x20000 <= code <= 0x2FA1F
