"""Checks raw answers against a form, and shows kept ones: each problem says what would be right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from bot.domain.dates import read_date, spoken
from bot.domain.forms import (
    NONE,
    TICKED,
    Accepted,
    Answer,
    Checked,
    Context,
    Doubtful,
    Field,
    Form,
    Kind,
    Raw,
)
from bot.domain.ipr import read_ipr, row_words, rows_from_json, rows_to_json
from bot.domain.movements import describe_movement, plan_from_json, plan_to_json
from bot.domain.movements_text import read_movements
from bot.domain.problems import Caution, Problem
from bot.domain.teeth import describe
from bot.domain.teeth_text import read_teeth

_SKIPPED = re.compile(
    r"(?:(?:i )?(?:don'?t|do not) know(?: yet)?|not (?:yet )?known|not sure(?: yet)?|unknown|skip|\?|-)\Z"
)
_NO_DATE = frozenset({NONE, "no", "no event", "no date", "n/a", "there is none", "no deadline"})
_YES = frozenset({TICKED, "y", "true", "1", "on", "agree", "i agree", "agreed", "consent", "confirmed", "given"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole form checked at once: what can be kept, and by field what must be mended or confirmed first."""

    answers: dict[str, Answer] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    cautions: dict[str, Caution] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shown:
    """A kept answer for people: `text`, or wording `keys` to say and list; `kept` is what was not understood."""

    text: str = ""
    keys: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def check(one: Field, raw: Raw, ctx: Context) -> Checked:
    """An answer as typed, picked or (empty) skipped."""
    text = clean(raw if isinstance(raw, str) else ", ".join(raw), lines=one.kind in _LINES)
    if not text or (not one.required and _SKIPPED.match(_plain(text))):
        return Problem.of(one.missing) if one.required else Accepted(None)
    if one.kind not in _COUNTED and len(text) > one.high:
        return Problem.of("form.problem.too_long", limit=one.high, length=len(text))
    match one.kind:
        case Kind.TEXT | Kind.LONG_TEXT:
            return _text(one, text, ctx)
        case Kind.CHOICE:
            option = _option(text)
            return Accepted(option) if option in one.options else Problem.of("form.problem.choice")
        case Kind.MULTI:
            return _multi(one, raw if isinstance(raw, tuple) else tuple(text.split(",")))
        case Kind.NUMBER:
            return _number(one, text)
        case Kind.MEASURE:
            return _measure(one, text)
        case Kind.ARCHES:
            return _arches(one, text)
        case Kind.DATE:
            return _date(one, text, ctx)
        case Kind.TEETH:
            teeth = read_teeth(text)
            return teeth if isinstance(teeth, Problem) else Accepted(list(teeth))
        case Kind.MOVEMENTS:
            return Accepted(plan_to_json(read_movements(text)))
        case Kind.STAGES:
            return _stages(one, text)
        case Kind.IPR:
            table = read_ipr(text)
            return table if isinstance(table, Problem) else Accepted({"rows": rows_to_json(table)})
        case Kind.TICK:
            return Accepted(True) if _plain(text) in _YES else Problem.of(one.missing)
        case _:
            assert_never(one.kind)


def check_all(form: Form, raw: Mapping[str, Raw], ctx: Context) -> Sheet:
    """Every field of a form sent as one page; fields that do not apply are left out."""
    sheet = Sheet()
    for one in form.fields:
        if not form.applies(one, sheet.answers) and one.after not in sheet.problems:
            continue
        match check(one, raw.get(one.name, ""), ctx):
            case Accepted(value):
                sheet.answers[one.name] = value
            case Doubtful(value, caution):
                sheet.answers[one.name] = value
                sheet.cautions[one.name] = caution
            case Problem() as problem:
                sheet.problems[one.name] = problem
    return sheet


def shown(form: Form, one: Field, value: Answer) -> Shown:
    """A kept answer, to echo at once and to list later."""
    if value is None:
        return Shown(keys=("form.not_known",))
    match one.kind:
        case Kind.CHOICE:
            return Shown(keys=(form.option_key(one, str(value)),))
        case Kind.MULTI:
            options = value if isinstance(value, list) else []
            return Shown(keys=tuple(form.option_key(one, str(option)) for option in options))
        case Kind.TICK:
            return Shown(keys=("form.ticked",))
        case Kind.DATE if value == NONE:
            return Shown(keys=("form.none",))
        case Kind.DATE:
            return Shown(spoken(date.fromisoformat(str(value))))
        case Kind.TEETH:
            return Shown(describe([int(tooth) for tooth in value] if isinstance(value, list) else []))
        case Kind.MOVEMENTS:
            plan = plan_from_json(value)
            return Shown("; ".join(map(describe_movement, plan.movements)), kept=plan.rest)
        case Kind.ARCHES:
            return Shown(" / ".join(str(n) for n in value.values()) if isinstance(value, dict) else "")
        case Kind.STAGES:
            return Shown(", ".join(map(str, value)) if isinstance(value, list) else "")
        case Kind.IPR:
            return Shown("\n".join(map(row_words, rows_from_json(value))))
        case Kind.MEASURE:
            return Shown(f"{value:g} {one.unit}" if isinstance(value, int | float) else "")
        case Kind.TEXT | Kind.LONG_TEXT | Kind.NUMBER:
            return Shown(str(value))
        case _:
            assert_never(one.kind)


_LABEL_FIRST = re.compile(r"([ul])\s*:?\s*([0-9]{1,6})(?![0-9])")
_NUMBER_FIRST = re.compile(r"([0-9]{1,6})(?![0-9])\s*([ul]?)(?![a-z])")
_COUNTED = frozenset({Kind.NUMBER, Kind.ARCHES, Kind.MEASURE})
"""`high` of these is no number of characters."""
_LINES = frozenset({Kind.LONG_TEXT, Kind.MOVEMENTS, Kind.TEETH, Kind.IPR})


def clean(text: str, *, lines: bool) -> str:
    """The words without control and direction-changing signs; one line unless `lines`."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Cc: control. The listed ones turn or hide text; other format signs (joiners) belong to scripts and emoji.
    text = "".join(c for c in text if c in "\n\t" or (unicodedata.category(c) != "Cc" and c not in _HIDING))
    if not lines:
        return " ".join(text.split())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


_HIDING = frozenset(map(chr, (0x200B, 0xFEFF, 0x2060, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def _plain(text: str) -> str:
    return text.lower().replace("’", "'").rstrip(".!")


def _option(text: str) -> str:
    return re.sub(r"[\s-]+", "_", text.strip().lower())


def _text(one: Field, text: str, ctx: Context) -> Checked:
    if sum(character.isalnum() for character in text) < one.low:
        return Problem.of("form.problem.too_short", least=one.low)
    caution = one.caution(text) if one.caution else None
    if caution is None or ctx.confirmed.get(one.name) == text:
        return Accepted(text)
    return Doubtful(text, caution)


def _multi(one: Field, raw: tuple[str, ...]) -> Checked:
    picked = {_option(option) for option in raw} - {""}
    if not picked <= set(one.options):
        return Problem.of("form.problem.choice")
    if NONE in picked and len(picked) > 1:
        return Problem.of("form.problem.none_or_some")
    return Accepted([option for option in one.options if option in picked])


def _number(one: Field, text: str) -> Checked:
    unit = rf"(?:\s*{one.unit}s?)?" if one.unit else ""
    found = re.fullmatch(rf"([0-9]{{1,6}}){unit}", _plain(text))
    if found is None and one.unit == "day" and (weeks := re.fullmatch(r"([0-9]{1,3}|a) weeks?|weekly", _plain(text))):
        return _in_limits(one, 7 * int(weeks[1]) if (weeks[1] or "a").isdigit() else 7)
    return _in_limits(one, int(found[1])) if found else Problem.of("form.problem.number", low=one.low, high=one.high)


def _in_limits(one: Field, number: int) -> Checked:
    if one.low <= number <= one.high:
        return Accepted(number)
    return Problem.of("form.problem.number", low=one.low, high=one.high)


def _measure(one: Field, text: str) -> Checked:
    words = re.sub(r"^(?:minus\s*|[−–])", "-", _plain(text))
    found = re.fullmatch(rf"([+-]?\s?[0-9]{{1,3}}(?:[.,][0-9]{{1,2}})?)\s*(?:{one.unit})?", words)
    number = None if found is None else float(found[1].replace(",", ".").replace(" ", ""))
    if number is None or not one.low <= number <= one.high:
        return Problem.of("form.problem.measure", unit=one.unit, low=one.low, high=one.high)
    return Accepted(number)


def _arches(one: Field, text: str) -> Checked:
    words = re.sub(r"aligners?|each|per arch|both", " ", _plain(text))
    words = re.sub(r"upper|lower", lambda match: match[0][0], words).strip()
    if words[:1] in ("u", "l"):
        found = [(jaw, number) for jaw, number in re.findall(_LABEL_FIRST, words)]
        left = re.sub(_LABEL_FIRST, "", words)
    else:
        found = [(jaw, number) for number, jaw in re.findall(_NUMBER_FIRST, words)]
        left = re.sub(_NUMBER_FIRST, "", words)
    jaws = [jaw for jaw, _ in found]
    counts = [int(number) for _, number in found]
    wrong = Problem.of("form.problem.arches", high=one.high)
    if re.sub(r"and|[\s,/;&]", "", left) or not counts or max(counts) > one.high or not any(counts):
        return wrong
    match jaws:
        case [""]:
            return Accepted({"upper": counts[0], "lower": counts[0]})
        case ["", ""]:
            return Accepted({"upper": counts[0], "lower": counts[1]})
        case ["u"] | ["l"] | ["u", "l"] | ["l", "u"]:
            by_jaw = dict(zip(jaws, counts, strict=True))
            return Accepted({"upper": by_jaw.get("u", 0), "lower": by_jaw.get("l", 0)})
        case _:
            return wrong


def _stages(one: Field, text: str) -> Checked:
    words = re.sub(r"aligners?|before|and|[,;&/]", " ", _plain(text)).split()
    if not words or not all(re.fullmatch(r"[0-9]{1,2}", word) and one.low <= int(word) <= 99 for word in words):
        return Problem.of("form.problem.stages")
    return Accepted(sorted({int(word) for word in words}))


def _date(one: Field, text: str, ctx: Context) -> Checked:
    if one.none_allowed and _plain(text) in _NO_DATE:
        return Accepted(NONE)
    day = read_date(text, ctx.today, one.past)
    return day if isinstance(day, Problem) else Accepted(day.isoformat())
