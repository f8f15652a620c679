"""Reads planned movements as people type them: "13 rotation 20 deg, extrude 11 1mm; IPR 0.3 LL2-LL3".

A part is understood whole or not at all: one word that is not known, and the part stays word for word in `Plan.rest`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.movements import USUAL_UNIT, Movement, MovementKind, Per, Plan, Unit
from bot.domain.problems import Problem
from bot.domain.teeth import Arch, contacts, in_order, palmer
from bot.domain.teeth_text import read_teeth

_K = MovementKind
_KINDS: tuple[tuple[MovementKind, str], ...] = (
    (_K.SPACE_CLOSURE, r"(?:clos(?:e|es|ing|ure)\s+(?:of\s+)?(?:the\s+)?|)(?:spaces?|gaps?|diastemas?|diastemata)"
                       r"(?:\s+(?:clos(?:e|ed|ing|ure)))?"),
    (_K.OPEN_BITE, r"(?:clos(?:e|ing|ure)\s+(?:of\s+)?(?:the\s+)?)?(?:anterior\s+)?open[\s-]?bite"
                   r"(?:\s+(?:closure|correction))?"),
    (_K.OVERBITE, r"(?:reduc(?:e|ing|tion)\s+(?:of\s+|in\s+)?(?:the\s+)?)?(?:overbite|deep[\s-]?bite)"
                  r"(?:\s+(?:reduction|correction))?|bite[\s-]opening|open(?:ing)?\s+the\s+bite"),
    (_K.OVERJET, r"(?:reduc(?:e|ing|tion)\s+(?:of\s+|in\s+)?(?:the\s+)?)?overjet(?:\s+(?:reduction|correction))?"),
    (_K.IPR, r"ipr|inter-?proximal\s+(?:enamel\s+)?reduction|enamel\s+reduction|stripping"),
    (_K.ROTATION, r"(?:de-?)?rotat(?:e|es|ed|ing|ions?)|rotn|rot"),
    (_K.EXTRUSION, r"extru(?:de|des|ded|ding|sion)"),
    (_K.INTRUSION, r"intru(?:de|des|ded|ding|sion)"),
    (_K.TORQUE, r"torqu(?:e|es|ed|ing)"),
    (_K.TIP, r"tip|tips|tipped|tipping|angulation|uprights?|uprighting"),
    (_K.EXPANSION, r"expan(?:d|ds|ded|ding|sion)|widen(?:ing)?"),
    (_K.CONSTRICTION, r"constrict(?:s|ed|ing|ion)?"),
    (_K.DISTALISATION, r"distali[sz](?:e|es|ed|ing|ation)"),
    (_K.MESIALISATION, r"mesiali[sz](?:e|es|ed|ing|ation)"),
    (_K.PROCLINATION, r"proclin(?:e|es|ed|ing|ation)"),
    (_K.RETROCLINATION, r"retroclin(?:e|es|ed|ing|ation)"),
    (_K.RETRACTION, r"retract(?:s|ed|ing|ion)?"),
    (_K.TRANSLATION, r"bodily(?:\s+movement)?|translat(?:e|es|ed|ing|ion)"),
    (_K.EXTRACTION, r"extract(?:s|ed|ing|ions?)?|xla"),
)  # fmt: skip
_KIND = re.compile(
    r"(?<![\w-])(?:" + "|".join(f"(?P<k{n}>{words})" for n, (_, words) in enumerate(_KINDS)) + r")(?!\w)", re.I
)
_NUMBER = r"(?:\d+(?:\.\d+)?|\.\d+)"
_UNIT = r"(?P<mm>mms?|millimet(?:er|re)s?)(?![a-z])|(?P<deg>°|degrees?|degs?)(?![a-z])"
_BOUND = r"(?:(?P<bound><=|>=|[<>≤≥~≈]|up\s+to|at\s+least|less\s+than|more\s+than|about|approx\.?|circa|max\.?)\s*)?"
_MEASURED = re.compile(
    rf"{_BOUND}(?P<sign>(?<![\w.])[+−-])?(?<![\w.])(?P<low>{_NUMBER})"
    rf"(?:(?:[-–]|\s(?:[-–]|to)\s)(?P<high>{_NUMBER}))?\s?(?:{_UNIT})",
    re.I,
)
# Without a unit only what no tooth could be is an amount: 0.3, .3, or a number after "by".
_BARE = re.compile(rf"{_BOUND}(?P<sign>(?<![\w.])[+−-])?(?<![\w.])(?P<low>0?\.\d+|(?<=by\s)\d+)(?![\w.])", re.I)
_PER = re.compile(
    r"(?<!\w)(?:(?:per|each|every)\s+|/\s?)(?P<per>contact|surface|tooth|side)(?:\s+point)?(?!\w)|(?<!\w)(?P<all>(?:in\s+)?total)(?!\w)",
    re.I,
)
_DIRECTION = re.compile(
    r"(?<!\w)(?P<way>mesial|distal|buccal|lingual|palatal|labial|anti-?clockwise|counter-?clockwise|clockwise)(?:ly)?(?!\w)",
    re.I,
)
_FILLER = re.compile(
    r"(?<!\w)(?:of|by|on|at|for|the|needs?|planned|please|arch(?:es)?|with)(?!\w)|[:=]|\(\s*\)|\.\s*$", re.I
)
_ARCHES = re.compile(
    r"\s*(?:(?:both)|(?:(?P<first>upper|lower)(?:\s*(?:and|&|\+|,|/)\s*(?P<second>upper|lower))?))\s*\Z", re.I
)
_NEGATION = re.compile(r"(?<!\w)(?:no|not|none|never|without|avoid\w*|except|unless|if|don['’]?t)(?!\w)", re.I)
_WHOLE_MOUTH = frozenset({_K.SPACE_CLOSURE, _K.OPEN_BITE, _K.OVERBITE, _K.OVERJET, _K.EXPANSION, _K.CONSTRICTION})
"""These may stand without a tooth; any other movement of no tooth is not understood."""
_BOUNDS = {"≤": "<=", "≥": ">=", "≈": "~", "up to": "<=", "max": "<=", "at least": ">=", "less than": "<"} | {
    "more than": ">", "about": "~", "approx": "~", "circa": "~", "": ""
}  # fmt: skip
_CLAUSE = re.compile(r"[\n;]|\.(?=\s|$)")
_EDGES = " \t\r\n,;."
_SPLIT = re.compile(r",|&|\+|(?<!\w)(?:and|then)(?!\w)", re.I)


def read_movements(text: str) -> Plan:
    """All that can be read for certain; never fails, never drops a word."""
    # Decimal commas, in place so that what is quoted stays word for word: 0,3 mm.
    workable = re.sub(r"(?<![\d,])(\d),(\d+)(?=\s?(?:mm|°|deg))|(?<![\d,])(0),(\d+)", _point, text)
    movements: list[Movement] = []
    rest: list[str] = []
    for start, end in _spans(_CLAUSE, workable, 0, len(workable)):
        # How far does a "not" reach? Not ours to say: the clause is kept as it is.
        negated = _NEGATION.search(workable, start, end) is not None
        unread: int | None = None
        for group in [] if negated else _groups(workable, start, end):
            found = _movement(workable[group.start : group.end], group.kind)
            if found is None:
                unread = group.start if unread is None else unread
                continue
            movements.append(found)
            if unread is not None:
                rest.append(text[unread : group.start].strip(_EDGES))
                unread = None
        if negated or unread is not None:
            rest.append(text[start if negated else unread : end].strip(_EDGES))
    return Plan(text, tuple(movements), tuple(part for part in rest if part))


@dataclass(slots=True)
class _Group:
    """A stretch of the text that belongs together; `kind` is taken over from the one before it, if any."""

    start: int
    end: int
    kinds: int
    kind_first: bool
    has_amount: bool
    ends_in_amount: bool
    only_amount: bool = False
    kind: MovementKind | None = None


def _groups(text: str, start: int, end: int) -> list[_Group]:
    """Joins lists that belong to one movement: "13, 23 rotation 20°", "IPR 0.3 LL2-LL3, LL3-LL4"."""
    groups: list[_Group] = []
    waiting: _Group | None = None
    for low, high in _spans(_SPLIT, text, start, end):
        part = _part(text, low, high)
        if part.kinds and waiting and waiting.kinds:  # "rotate and extrude 13": one part with two kinds
            waiting = _join(waiting, part)
            continue
        last = groups[-1] if groups else None
        if part.kinds:
            if waiting and not part.kind_first:
                part = _join(waiting, part)
            elif waiting:
                groups.append(waiting)
            bare = not _FILLER.sub("", _KIND.sub("", text[part.start : part.end])).strip()
            if bare and _kind(text[part.start : part.end]) not in _WHOLE_MOUTH:
                waiting = part
                continue
            groups.append(part)
            waiting = None
        elif waiting:
            waiting = _join(waiting, part)
        elif last and last.kinds and part.has_amount and last.has_amount:
            part.kinds, part.kind, part.kind_first = 1, last.kind or _kind(text[last.start : last.end]), True
            groups.append(part)
        elif (
            last
            and last.kinds
            and ((last.kind_first and not last.ends_in_amount) or (part.only_amount and not last.has_amount))
        ):
            groups[-1] = _join(last, part)
        else:
            waiting = part
    return [*groups, waiting] if waiting else groups


def _join(first: _Group, second: _Group) -> _Group:
    return _Group(
        first.start,
        second.end,
        first.kinds + second.kinds,
        first.kind_first if first.kinds else False,
        first.has_amount or second.has_amount,
        second.ends_in_amount,
        kind=first.kind or second.kind,
    )


def _part(text: str, start: int, end: int) -> _Group:
    words = text[start:end]
    kinds = list(_KIND.finditer(words))
    amounts = [*_MEASURED.finditer(words), *_BARE.finditer(words)]
    kind_first = bool(kinds) and not _FILLER.sub("", words[: kinds[0].start()]).strip()
    tail = max((match.end() for match in amounts), default=-1)
    ends = bool(amounts) and not _PER.sub("", words[tail:]).strip(" .")
    only = ends and not words[: amounts[0].start()].strip()
    return _Group(start, end, len(kinds), kind_first, bool(amounts), ends, only)


def _movement(words: str, inherited: MovementKind | None) -> Movement | None:
    """The one movement in the words; None unless every word is understood."""
    kinds = list(_KIND.finditer(words))
    if len(kinds) + (inherited is not None) != 1:
        return None
    kind = inherited or _kind(words)
    words = _KIND.sub(" ", words)
    measured = list(_MEASURED.finditer(words)) or list(_BARE.finditer(words))
    if kind is None or len(measured) > 1:
        return None
    amount = measured[0] if measured else None
    if amount:
        words = f"{words[: amount.start()]} {words[amount.end() :]}"
    per = _PER.search(words)
    words = _PER.sub(" ", words, count=1)
    ways = tuple(match["way"].lower() for match in _DIRECTION.finditer(words))
    words = _FILLER.sub(" ", _DIRECTION.sub(" ", words)).strip(" ,")
    where = _where(words, kind)
    if where is None or (per and amount is None):
        return None
    teeth, pairs, arches = where
    if not teeth and not arches and kind not in _WHOLE_MOUTH:
        return None
    if amount is None and re.search(r"\d\s+\d", words):  # "rotate 13 15": two teeth, or fifteen degrees?
        return None
    scope = Per.TOTAL if per and per["all"] else Per(per["per"].lower()) if per else None
    if amount is None:
        return Movement(kind, teeth, pairs, arches, direction=ways)
    groups = amount.groupdict()
    sign = -1 if groups["sign"] in ("-", "−") else 1
    unit = Unit.MM if groups.get("mm") else Unit.DEGREES if groups.get("deg") else USUAL_UNIT[kind]
    high = groups.get("high")
    bound = " ".join((groups["bound"] or "").lower().rstrip(".").split())
    if pairs and scope is None:
        scope = Per.CONTACT
    return Movement(
        kind, teeth, pairs, arches, sign * float(groups["low"]), sign * float(high) if high else None, unit, scope,
        _BOUNDS.get(bound, bound), ways,
    )  # fmt: skip


def _where(
    words: str, kind: MovementKind
) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...], tuple[Arch, ...]] | None:
    if not words:
        return (), (), ()
    if found := _ARCHES.match(words):
        named = {found["first"], found["second"]} - {None}
        return (), (), tuple(jaw for jaw in Arch if jaw in {name.lower() for name in named if name} or not named)
    if kind is MovementKind.IPR:
        return _contacts(words)
    teeth = read_teeth(words)
    return None if isinstance(teeth, Problem) else (teeth, (), ())


def _contacts(words: str) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...], tuple[Arch, ...]] | None:
    """Each listed element by itself: neighbours in one element share a contact, "LL2-LL3" or "33/34"."""
    every: list[int] = []
    pairs: list[tuple[int, int]] = []
    for start, end in _spans(_SPLIT, words, 0, len(words)):
        element = words[start:end].strip()
        if not element:
            continue
        if every and re.match(r"[1-8](?!\d)", element):  # "LL2-3, 3-4"
            element = palmer(every[-1])[:2] + element
        teeth = read_teeth(element)
        if isinstance(teeth, Problem):
            return None
        every.extend(teeth)
        pairs.extend(pair for pair in contacts(teeth) if pair not in pairs)
    return in_order(every), tuple(pairs), ()


def _kind(words: str) -> MovementKind | None:
    found = _KIND.search(words)
    return _KINDS[int((found.lastgroup or "k0")[1:])][0] if found else None


def _point(match: re.Match[str]) -> str:
    return match[0].replace(",", ".")


def _spans(pattern: re.Pattern[str], text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches between the matches."""
    spans: list[tuple[int, int]] = []
    for match in pattern.finditer(text, start, end):
        spans.append((start, match.start()))
        start = match.end()
    return [*spans, (start, end)]
