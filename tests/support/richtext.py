"""Rich texts as Hypothesis makes them: what people write about teeth, and what nobody should have to expect."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.richtext import Kind, RichText, Span, join, line, lines, marker
from bot.domain.richtext_spans import ATOMS, BLOCKS, STYLES

Body = TypeVar("Body", bound=Callable[..., None])
SOAK_EXAMPLES = 20_000
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def holds_for(examples: int, *strategies: st.SearchStrategy[Any], soak: bool = False) -> Callable[[Body], Body]:
    """A property tried on `examples` in the default run, the same ones each time; with `soak` on 20,000 in a soak."""

    def wrap(body: Body) -> Body:
        def test(examples: int) -> None:
            chosen = settings(
                max_examples=examples,
                derandomize=examples < SOAK_EXAMPLES,
                deadline=None,
                database=None,
                suppress_health_check=_SLOW,
            )
            chosen(given(*strategies)(body))()

        test.__name__, test.__doc__, test.__module__ = body.__name__, body.__doc__, body.__module__
        runs = [pytest.param(examples, id="quick")]
        if soak:
            runs.append(pytest.param(SOAK_EXAMPLES, id="soak", marks=pytest.mark.soak))
        return pytest.mark.parametrize("examples", runs)(test)  # type: ignore[return-value]

    return wrap


FRAGMENTS = (
    "UL4", "ur6", "LL2-LL3", "LR3", "UL 4", "22", "upper left 2", "4⏌", "⎿5", "<0.2 mm", "≤ 0.25mm", "-1.5",
    "−1.5 mm", "+0.5", "±15°", "10 %", "0.3 mm/side", "BPE 323/242", "7 of 22", "aligner 12", "20-22 h", "not",
    "no IPR at UL2", "14/03/1991", "999 137 9118", "2.5 scans", "5 × 7", "3\N{NO-BREAK SPACE}mm", "1e-3", "#22",
    "& <b> *x* _y_ ~z~", "`code`", "<@U0002>", "<!channel>", "@everyone", "@here", "&lt;b&gt;", "&amp;",
    "https://example.org/a?b=1&c=2", "🦷", "👩🏽‍⚕️", "🇬🇧", "é", "e\u0301", "1️⃣", "한국어", "नमस्ते", "\u200f", "\ufeff",
    "\x00", "\t", "'", '"', "\\", "•", "1. ", "a. ",
)  # fmt: skip

words = st.one_of(
    st.sampled_from(FRAGMENTS),
    st.text(max_size=8),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=6),
    st.sampled_from((" ", "  ", ". ", ", ", "; ", "! ")),
)
one_line = st.lists(words, max_size=10).map(lambda found: " ".join(found).replace("\n", " "))
texts = st.one_of(
    st.lists(st.one_of(one_line, st.just("")), max_size=8).map("\n".join),
    st.text(max_size=60),
    st.lists(st.sampled_from(FRAGMENTS), min_size=10, max_size=120).map(" ".join),
)
safe_url = st.sampled_from(
    ("https://example.org", "http://a.example.org/b?c=1#d", "https://xn--e1afmkfd.example/ü", "https://a-b.example/(x)")
)
BAD_URLS = (
    "mailto:a@example.org",
    "tel:+441632960001",
    "javascript:alert(1)",
    "tg://user?id=1",
    "http://localhost",
    "x",
)
ACCOUNTS = (
    "slack:U0002",
    "slack:T0001/U0003",
    "telegram:700001",
    "slack:tooth",
    "telegram:5368",
    "1767225600",
    "#ff0000",
)
any_url = st.one_of(safe_url, st.sampled_from(BAD_URLS), st.text(max_size=12))
values = st.one_of(any_url, st.sampled_from(ACCOUNTS))
forms = st.sampled_from(
    ("", "{date_num} {time}", "{ago}", "{date_long}", "{weekday}", "at {time}", "{nonsense}", "x", "{")
)
any_span = st.builds(
    Span,
    st.integers(-3, 70),
    st.integers(-3, 70),
    st.sampled_from(Kind),
    values,
    forms,
    st.integers(-1, 10),
    st.integers(-1, 40),
)
any_rich = st.builds(lambda text, spans: RichText(text, tuple(spans)), texts, st.lists(any_span, max_size=8))


@st.composite
def inline(draw: st.DrawFn, kinds: frozenset[Kind]) -> RichText:
    """One line with styles and links over some of it."""
    parts: list[RichText] = []
    for text in draw(st.lists(one_line, max_size=4)):
        body = RichText(text)
        for kind in draw(st.lists(st.sampled_from(sorted(kinds)), max_size=2, unique=True)):
            value = draw(safe_url) if kind is Kind.LINK else ""
            body = RichText(body.text, (*body.spans, Span(0, len(text), kind, value)))
        parts.append(body)
    return join("", parts)


@st.composite
def documents(draw: st.DrawFn, kinds: frozenset[Kind], blocks: frozenset[Kind], bullets: bool = False) -> RichText:
    """Lines, list items, quotes and code blocks below each other, with nothing but these kinds in them."""
    rows: list[RichText] = []
    chosen = st.sampled_from((None, *sorted(blocks)))
    for kind in draw(st.lists(chosen, max_size=6)):
        if kind is Kind.ITEM:
            indent, number = draw(st.integers(0, 8)), 0 if bullets else draw(st.sampled_from((0, 0, 1, 2, 9)))
            row = line(marker(indent, number), draw(inline(kinds)))
            rows.append(RichText(row.text, (*row.spans, Span(0, len(row), kind, indent=indent, number=number))))
        elif kind is Kind.PRE:
            text = draw(st.lists(one_line, min_size=1, max_size=3).map("\n".join))
            rows.append(RichText(text, (Span(0, len(text), kind),)))
        elif kind is not None:
            body = lines(*draw(st.lists(inline(kinds), min_size=1, max_size=3)))
            rows.append(RichText(body.text, (*body.spans, Span(0, len(body), kind))))
            rows.append(RichText("·"))
        else:
            rows.append(draw(inline(kinds)))
    return lines(*rows)


def looks(
    rich: RichText, kinds: frozenset[Kind] = STYLES | BLOCKS | {Kind.CODE, Kind.LINK}, like: RichText | None = None
) -> list[tuple[str, Any]]:
    """What each character that can be seen looks like: the markers of `like` aside, which a platform draws itself."""
    markers = {
        at
        for span in (like or rich).spans
        if span.kind is Kind.ITEM
        for at in range(span.start, span.start + len(marker(span.indent, span.number)))
    }
    shown: list[tuple[str, Any]] = []
    for at, char in enumerate(rich.text):
        over = {
            (span.kind, span.value, span.indent, span.number)
            for span in rich.spans
            if span.start <= at < span.end and span.kind in kinds and (at not in markers or span.kind in BLOCKS)
        }
        shown.append((char, over if char not in "\n" else None))
    return shown


def atoms(rich: RichText) -> list[Span]:
    """The spans that stand for one thing."""
    return [span for span in rich.spans if span.kind in ATOMS]


def chatter(seed: int, length: int) -> str:
    """A long message of sentences about teeth, the same for the same seed."""
    source = random.Random(seed)
    said = ""
    while len(said) < length:
        said += " ".join(source.choices(FRAGMENTS[:28], k=source.randint(3, 12))) + source.choice(
            (". ", ".\n", "!\n\n", ", ")
        )
    return said
