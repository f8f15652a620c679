"""The signs and words people write teeth with, and a cursor over them (`teeth_text` reads it)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from bot.domain.problems import clip
from bot.domain.teeth import QUADRANTS


class Kind(Enum):
    """What a piece of text is."""

    SEPARATOR = auto()
    RANGE = auto()
    OPEN = auto()
    CLOSE = auto()
    QUADRANT = auto()  # number: FDI quadrant
    ARCH = auto()  # text: "upper" or "lower"
    SIDE = auto()  # text: "left" or "right"
    PRIMARY = auto()
    UNIVERSAL = auto()  # text: number or capital letter
    DOTTED = auto()  # text: FDI number
    NUMBER = auto()  # text: its digits
    LETTER = auto()  # number: place of a primary tooth, 1-5
    ORDINAL = auto()  # number: 1-3
    NAME = auto()  # text: central, lateral, incisor, canine, premolar, molar, wisdom or anterior
    GLYPH = auto()  # number: FDI quadrant; of 2 and 3 the digits follow it, of 1 and 4 they come before
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One piece and where it stands in the text (code points)."""

    kind: Kind
    text: str
    start: int
    end: int
    number: int = 0
    plural: bool = False


_WORDS: dict[str, tuple[Kind, str, int]] = {
    **dict.fromkeys(("and", "plus", "&", "+", ",", ";", "/", "\n"), (Kind.SEPARATOR, "", 0)),
    **dict.fromkeys(("to", "through", "thru", "-", "–", "—", "−", "…"), (Kind.RANGE, "", 0)),
    **dict.fromkeys(("(", "["), (Kind.OPEN, "", 0)),
    **dict.fromkeys((")", "]"), (Kind.CLOSE, "", 0)),
    **dict.fromkeys(("upper", "maxillary", "maxilla", "top"), (Kind.ARCH, "upper", 0)),
    **dict.fromkeys(("lower", "mandibular", "mandible", "bottom"), (Kind.ARCH, "lower", 0)),
    "left": (Kind.SIDE, "left", 0),
    "right": (Kind.SIDE, "right", 0),
    **dict.fromkeys(("deciduous", "primary", "milk", "baby"), (Kind.PRIMARY, "", 0)),
    **{
        word: (Kind.ORDINAL, word, n)
        for n, pair in enumerate(("1st first", "2nd second", "3rd third"), 1)
        for word in pair.split()
    },
    **{name.lower(): (Kind.QUADRANT, "", number) for name, number in QUADRANTS.items()},
    **{letter: (Kind.LETTER, letter, place) for place, letter in enumerate("abcde", 1)},
    **{name: (Kind.NAME, name, 0) for name in ("central", "lateral", "incisor", "canine", "premolar", "molar")},
    **dict.fromkeys(("cuspid", "eye"), (Kind.NAME, "canine", 0)),
    "bicuspid": (Kind.NAME, "premolar", 0),
    "wisdom": (Kind.NAME, "wisdom", 0),
    **dict.fromkeys(("anterior", "front"), (Kind.NAME, "anterior", 0)),
    **{
        glyph: (Kind.GLYPH, "", q) for q, glyphs in {1: "⏌┘⌋", 2: "⎿└⌊", 3: "⎾┌⌈", 4: "⏋┐⌉"}.items() for glyph in glyphs
    },
}
_FILLERS = frozenset({".", "the", "both", "all", "four", "tooth", "teeth", "sides", "side"})
_PIECE = re.compile(
    r"""\#\s*(?P<universal>\d+|[a-t](?![a-z]))
    | (?P<dotted>[1-8]\.[1-8])(?![\d.])
    | (?P<ordinal>1st|2nd|3rd)\b
    | (?P<quadrant>u\.?[lr]|l\.?[lr])(?=[^a-z]|[a-e](?![a-z])|\Z)\.?
    | (?P<letter>[ulr])(?=\s?\d)
    | (?P<number>[0-9]+)(?P<many>['’]?s\b)?
    | (?P<word>[^\W\d_]+?)(?=left|right|\b|_|\d)
    | (?P<sign>[^\w\s]|\n)
    | (?P<other>[^\s])""",
    re.VERBOSE | re.IGNORECASE,
)


def tokens(text: str) -> tuple[Token, ...]:
    """Every piece of the text except blanks and words without meaning here ("the", "teeth")."""
    found: list[Token] = []
    for match in _PIECE.finditer(text):
        token = _token(match, found[-1] if found else None)
        if token is not None:
            found.append(token)
    return tuple(found)


def _token(match: re.Match[str], before: Token | None) -> Token | None:
    kind = match.lastgroup if match.lastgroup != "many" else "number"
    piece, start, end = match[kind or 0].lower(), match.start(), match.end()
    if kind == "universal":
        return Token(Kind.UNIVERSAL, piece.upper(), start, end)
    if kind == "dotted":
        return Token(Kind.DOTTED, piece.replace(".", ""), start, end)
    if kind == "number":
        return Token(Kind.NUMBER, piece, start, end, int(piece[:3]), bool(match["many"]))
    if kind == "letter":  # "U3-3", "L3-3"; after a jaw "L" is the side: "upper L2"
        after_jaw = before is not None and before.kind is Kind.ARCH
        side = {"l": "left", "r": "right"}.get(piece, "")
        if after_jaw and side:
            return Token(Kind.SIDE, side, start, end)
        jaw = {"u": "upper", "l": "lower"}.get(piece, "")
        return Token(Kind.ARCH if jaw else Kind.UNKNOWN, jaw, start, end)
    if kind == "quadrant":
        piece = piece.replace(".", "")
    if piece in _FILLERS:
        return None
    known = _WORDS.get(piece)
    if known is None and piece.endswith("s") and (known := _WORDS.get(piece[:-1])) and known[0] is Kind.NAME:
        return Token(known[0], known[1], start, end, known[2], plural=True)
    word, text, number = known or (Kind.UNKNOWN, piece, 0)
    return Token(word, text, start, end, number)


_PLACES = {
    "central": (1,),
    "lateral": (2,),
    "incisor": (1, 2),
    "canine": (3,),
    "wisdom": (8,),
    "anterior": (1, 2, 3),
}


def places_of(name: str, ordinal: int | None, *, primary: bool) -> tuple[int, ...]:
    """Places from the midline that a name stands for; none if there is no such tooth ("third premolar")."""
    if name == "molar":
        first = 4 if primary else 6
        every: tuple[int, ...] = (4, 5) if primary else (6, 7, 8)
    elif name == "premolar":
        first, every = 4, () if primary else (4, 5)
    else:
        return _PLACES[name] if ordinal is None else ()
    if ordinal is None:
        return every
    return (first + ordinal - 1,) if first + ordinal - 1 in every else ()


class Cursor:
    """A place among the tokens of a text; `mark` is where the mention in hand began, for quoting it back."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens(text)
        self._at = 0
        self._mark = 0
        self.right_glyph = any(token.kind is Kind.GLYPH and token.number in (1, 4) for token in self._tokens)
        """The text uses brackets whose digits come before them, so a bare digit may belong to what follows."""

    @property
    def done(self) -> bool:
        """Nothing is left."""
        return self._at >= len(self._tokens)

    def mark(self) -> None:
        """A new mention begins here."""
        self._mark = self._at

    def peek(self, ahead: int = 0) -> Token | None:
        """The token to come, or one further on."""
        return self._tokens[self._at + ahead] if self._at + ahead < len(self._tokens) else None

    def take(self, *kinds: Kind) -> Token | None:
        """The next token if it is one of these kinds (any, if none are named), and step over it."""
        token = self.peek()
        if token is None or (kinds and token.kind not in kinds):
            return None
        self._at += 1
        return token

    def after_range(self) -> bool:
        """Whether the token taken last follows a range sign: "11-13"."""
        return self._at >= 2 and self._tokens[self._at - 2].kind is Kind.RANGE

    def quote(self) -> str:
        """The person's own words of the mention in hand, up to here."""
        if not self._tokens:
            return clip(self._text)
        first = self._tokens[min(self._mark, len(self._tokens) - 1)]
        last = self._tokens[max(self._at, self._mark + 1) - 1] if self._mark < len(self._tokens) else first
        return clip(self._text[first.start : last.end])
