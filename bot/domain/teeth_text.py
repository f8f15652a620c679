"""Reads teeth as people type them: Palmer (UL2, UR1-3, ⎿2), FDI (22, 11-13), Universal (#10), words, lists.

What could mean two things is never guessed: it is a `Problem` that says what would be right.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.problems import Problem
from bot.domain.teeth import ROWS, TEETH, UNIVERSAL, Arch, arch, between, fdi, in_order, palmer
from bot.domain.teeth_tokens import Cursor, Kind, Token, places_of

_JAW = {Arch.UPPER: (1, 2), Arch.LOWER: (3, 4)}
_SIDE = {"right": (1, 4), "left": (2, 3)}


def read_teeth(text: str) -> tuple[int, ...] | Problem:
    """FDI numbers, in the order of the arches; at least one."""
    try:
        return _Reader(Cursor(text)).read()
    except _NotReadError as error:
        return error.problem


class _NotReadError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.key)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class _Mention:
    """Teeth, or (loose) a place whose side is still open; with what a bare digit after it would belong to."""

    teeth: tuple[int, ...] = ()
    quadrant: int | None = None
    arches: frozenset[Arch] = frozenset()
    primary: bool = False
    universal: bool = False
    loose: int | None = None
    named: bool = False


@dataclass(slots=True)
class _Where:
    """What stood before a tooth: quadrants ("UL", "upper left"), or only jaws ("upper")."""

    quadrants: tuple[int, ...] = ()
    arches: frozenset[Arch] = frozenset()
    primary: bool = False
    stated: bool = False


class _Reader:
    """One pass over one text."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    def read(self) -> tuple[int, ...]:
        found: list[int] = []
        before = _Mention()
        while True:
            while self._cursor.take(Kind.SEPARATOR):
                pass
            if self._cursor.done:
                break
            self._cursor.mark()
            mention = self._whole(before)
            if self._cursor.take(Kind.OPEN):  # as we echo it: "UL2 (22)", "UR3–UL3 (13–23)"
                inside = self._whole(_Mention())
                if not self._cursor.take(Kind.CLOSE) or set(inside.teeth) != set(mention.teeth):
                    raise self._unreadable()
            found.extend(mention.teeth)
            before = mention
        if not found:
            raise _NotReadError(Problem.of("teeth.problem.none"))
        return in_order(found)

    # -- one mention

    def _whole(self, before: _Mention) -> _Mention:
        mention = self._mention(before)
        if self._cursor.take(Kind.RANGE):
            mention = self._range(mention, self._mention(mention))
        if mention.loose is not None:
            raise self._which_side(mention)
        return mention

    def _mention(self, before: _Mention) -> _Mention:
        where = self._where(before)
        token = self._cursor.take()
        if token is None:
            raise self._unreadable()
        follower = self._cursor.peek()
        match token.kind:
            case Kind.UNIVERSAL if not where.stated:
                return _Mention((self._known(UNIVERSAL.get(token.text)),), universal=True)
            case Kind.DOTTED if not where.stated:
                return _Mention((self._known(int(token.text)),))
            case Kind.GLYPH if not where.stated and token.number in (2, 3):
                return self._in_glyph(self._cursor.take(Kind.NUMBER, Kind.LETTER), token.number)
            case Kind.NUMBER | Kind.LETTER if (
                not where.stated and follower and follower.kind is Kind.GLYPH and follower.number in (1, 4)
            ):
                self._cursor.take()
                return self._in_glyph(token, follower.number)
            case Kind.NUMBER if before.universal and not where.stated:
                if not self._cursor.after_range():
                    raise _NotReadError(Problem.of("teeth.problem.hash", part=token.text))
                return _Mention((self._known(UNIVERSAL.get(token.text)),), universal=True)
            case Kind.NUMBER if len(token.text) == 1:
                return self._digit(token, where, before)
            case Kind.NUMBER:
                return self._numbered(token, where)
            case Kind.LETTER:
                if not where.quadrants and before.primary and before.quadrant:
                    where.quadrants = (before.quadrant,)
                if where.quadrants:
                    return self._placed(where.quadrants, (token.number,), primary=True)
            case Kind.ORDINAL | Kind.NAME:
                return self._named(token, where, before)
            case _:
                pass
        raise self._unreadable()

    def _where(self, before: _Mention) -> _Where:
        arches: set[Arch] = set()
        sides: set[int] = set()
        quadrants: list[int] = []
        where = _Where()
        last: Kind | None = None
        while token := self._cursor.peek():
            follower = self._cursor.peek(1)
            if token.kind is Kind.SEPARATOR and last and follower and follower.kind is last:
                self._cursor.take()  # "upper and lower", "UL/UR"
                continue
            if token.kind is Kind.RANGE and last is Kind.QUADRANT:
                self._cursor.take()  # "UL-2"
                continue
            if token.kind not in (Kind.ARCH, Kind.SIDE, Kind.QUADRANT, Kind.PRIMARY):
                break
            self._cursor.take()
            last = token.kind
            where.stated = True
            where.primary = where.primary or token.kind is Kind.PRIMARY
            if token.kind is Kind.ARCH:
                arches.add(Arch(token.text))
            elif token.kind is Kind.SIDE:
                sides.update(_SIDE[token.text])
            elif token.kind is Kind.QUADRANT:
                quadrants.append(token.number)
        if sides and not arches:
            arches.update(before.arches)  # "upper left 2 and right 3"
        if (quadrants and (arches or sides)) or (sides and not arches):
            raise self._unreadable()
        if sides:
            quadrants = [quadrant for jaw in sorted(arches) for quadrant in _JAW[jaw] if quadrant in sides]
        where.quadrants, where.arches = tuple(quadrants), frozenset(arches)
        return where

    def _digit(self, token: Token, where: _Where, before: _Mention) -> _Mention:
        primary = where.primary
        quadrants, arches = where.quadrants, where.arches
        if not quadrants and not arches:
            if token.plural:
                arches = before.arches if before.quadrant is None else frozenset()
            elif before.quadrant and not self._cursor.right_glyph:  # "3-1⏌" belongs to what follows
                quadrants, primary = (before.quadrant,), primary or before.primary
        if token.plural and not quadrants:
            quadrants = tuple(quadrant for jaw in sorted(arches) for quadrant in _JAW[jaw])
            if not quadrants:
                raise self._say_which()
        if quadrants:
            return self._placed(quadrants, (token.number,), primary=primary)
        return _Mention(loose=token.number, arches=arches, primary=primary)

    def _numbered(self, token: Token, where: _Where) -> _Mention:
        places = tuple(int(digit) for digit in token.text)
        if where.quadrants and (len(places) > 2 or not set(places) <= set(range(1, 9))):
            return self._each_digit(token, where.quadrants)  # "UR 654"
        if where.quadrants:  # "UL23": UL2 and UL3, or 23?
            two = [self._known(fdi(where.quadrants[0], place)) for place in places]
            raise _NotReadError(
                Problem.of(
                    "teeth.problem.joined",
                    part=self._cursor.quote(),
                    two=", ".join(map(palmer, two)),
                    one=token.text,
                )
            )
        tooth = self._known(int(token.text) if len(token.text) == 2 else None)
        if where.arches and arch(tooth) not in where.arches:
            raise self._unreadable()
        return _Mention((tooth,))

    def _named(self, token: Token, where: _Where, before: _Mention) -> _Mention:
        ordinals: list[int | None] = []
        while token.kind is Kind.ORDINAL:  # "upper first and second premolars"
            ordinals.append(token.number)
            ahead = self._cursor.peek(1)
            if ahead and ahead.kind is Kind.ORDINAL:
                self._cursor.take(Kind.SEPARATOR)
            follower = self._cursor.take(Kind.ORDINAL, Kind.NAME)
            if follower is None:
                raise self._unreadable()
            token = follower
        plural = token.plural or token.text == "anterior"
        noun = self._cursor.peek()
        if token.text in ("central", "lateral") and noun and noun.text == "incisor":
            self._cursor.take()
            plural = plural or noun.plural
        sets = [places_of(token.text, ordinal, primary=where.primary) for ordinal in ordinals or [None]]
        if not all(sets):
            raise self._unreadable()
        places = tuple(dict.fromkeys(place for one in sets for place in one))
        single = not plural and all(len(one) == 1 for one in sets)
        quadrants, arches = where.quadrants, where.arches or before.arches
        if not quadrants and not where.arches and before.quadrant:
            # "UL central and lateral incisors", "UL canine and premolars"; but "UL2, canines" may mean more
            joined = before.named and (len(places) > 1 or token.text in ("central", "lateral"))
            if plural and not joined:
                raise self._say_which()
            quadrants = (before.quadrant,)
        if single and not quadrants and len(places) == 1:  # "upper canine to canine"
            return _Mention(loose=places[0], arches=arches, primary=where.primary, named=True)
        possible = quadrants or tuple(q for jaw in sorted(arches or Arch) for q in _JAW[jaw])
        teeth = [self._known(fdi(q, place, primary=where.primary)) for q in possible for place in places]
        if not plural and not (single and quadrants):
            raise self._which_one(teeth)
        if (not quadrants and not arches) or places == (6, 7, 8):
            raise self._say_which()
        quadrant = quadrants[0] if len(quadrants) == 1 else None
        return _Mention(tuple(teeth), quadrant, frozenset(map(arch, teeth)), where.primary, named=True)

    def _in_glyph(self, token: Token | None, quadrant: int) -> _Mention:
        """⎿23, 32⏌."""
        if token is None:
            raise self._unreadable()
        if token.kind is Kind.LETTER:
            return self._placed((quadrant,), (token.number,), primary=True)
        return self._each_digit(token, (quadrant,))

    def _each_digit(self, token: Token, quadrants: tuple[int, ...]) -> _Mention:
        places = tuple(int(digit) for digit in token.text)
        if len(set(places)) < len(places):
            raise self._unreadable()
        return self._placed(quadrants, places)

    def _range(self, first: _Mention, last: _Mention) -> _Mention:
        if first.loose is not None and last.loose == first.loose and (first.arches | last.arches):
            arches = first.arches | last.arches  # "lower 3-3"
            rows = [ROWS[2 * first.primary + (jaw is Arch.LOWER)] for jaw in arches]
            teeth = tuple(tooth for row in rows for tooth in row if tooth % 10 <= first.loose)
            return _Mention(teeth, arches=arches)
        if first.loose is not None and last.quadrant is not None:  # "3-1⏌"
            first = self._placed((last.quadrant,), (first.loose,), primary=last.primary)
        for end in (first, last):
            if end.loose is not None:
                raise self._which_side(end)
        whole = between(first.teeth[0], last.teeth[0]) if len(first.teeth) == len(last.teeth) == 1 else None
        if whole is None or len(whole) == 1:
            raise _NotReadError(Problem.of("teeth.problem.range", part=self._cursor.quote()))
        quadrant = last.quadrant if last.quadrant == first.quadrant else None
        return _Mention(whole, quadrant, frozenset({arch(whole[0])}), last.primary, last.universal)

    # -- teeth, or what would be right

    def _placed(self, quadrants: Iterable[int], places: tuple[int, ...], *, primary: bool = False) -> _Mention:
        chosen = tuple(quadrants)
        teeth = tuple(self._known(fdi(q, place, primary=primary)) for q in chosen for place in places)
        quadrant = chosen[0] if len(chosen) == 1 else None
        return _Mention(teeth, quadrant, frozenset(map(arch, teeth)), primary)

    def _known(self, tooth: int | None) -> int:
        if tooth is None or tooth not in TEETH:
            raise _NotReadError(Problem.of("teeth.problem.no_such_tooth", part=self._cursor.quote()))
        return tooth

    def _which_one(self, teeth: list[int]) -> _NotReadError:
        if len(teeth) > 4:
            return self._say_which()
        options = [palmer(tooth) for tooth in in_order(teeth)]
        return _NotReadError(Problem.of("teeth.problem.which_one", part=self._cursor.quote(), options=options))

    def _which_side(self, mention: _Mention) -> _NotReadError:
        teeth = [fdi(q, mention.loose or 0, primary=mention.primary) for q in (1, 2, 3, 4)]
        return self._which_one(
            [tooth for tooth in teeth if tooth and (not mention.arches or arch(tooth) in mention.arches)]
            or [self._known(None)]
        )

    def _say_which(self) -> _NotReadError:
        return _NotReadError(Problem.of("teeth.problem.say_which", part=self._cursor.quote()))

    def _unreadable(self) -> _NotReadError:
        return _NotReadError(Problem.of("teeth.problem.unreadable", part=self._cursor.quote()))
