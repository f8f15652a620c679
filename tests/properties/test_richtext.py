"""What holds for every rich text, whoever wrote it and however it is cut."""

import json
import re

from hypothesis import strategies as st

from bot.domain.codec import dump, load
from bot.domain.degradation import TABLE, degrade
from bot.domain.richtext import RichText, Span, clean_name, join
from bot.domain.richtext_graphemes import is_boundary
from bot.domain.richtext_spans import ATOMS, BLOCKS, STYLES, Kind, normalise
from bot.domain.richtext_split import Measure, measure_of
from tests.support.richtext import FRAGMENTS, any_rich, any_span, chatter, holds_for, texts

measures = st.sampled_from(("chars", "utf16", "utf8"))
platforms = st.sampled_from(sorted(TABLE))


@holds_for(120, texts, st.lists(any_span, max_size=12))
def test_the_normal_form_is_normal(text: str, spans: list[Span]) -> None:
    kept = normalise(text, spans)

    assert normalise(text, kept) == kept
    assert RichText(text, tuple(spans)).text == text
    assert list(kept) == sorted(kept, key=lambda span: span.rank)
    assert all(0 <= span.start < span.end <= len(text) for span in kept)
    for one in kept:
        for other in kept:
            if one is other or not (one.start < other.end and other.start < one.end):
                continue
            assert one.kind is not other.kind
            assert not {one.kind, other.kind} <= ATOMS
            assert not (one.kind is Kind.PRE and other.kind in STYLES | ATOMS | {Kind.CODE, Kind.ITEM})


@holds_for(120, texts, any_span)
def test_a_span_alone_is_kept_as_among_others(text: str, span: Span) -> None:
    assert normalise(text, [span]) == normalise(text, [span, span])


@holds_for(120, any_rich)
def test_all_of_a_text_is_the_text(rich: RichText) -> None:
    assert rich.slice(0) == rich.slice(0, len(rich) + 3) == RichText(rich.text, rich.spans) == rich


@holds_for(120, any_rich)
def test_json_is_compact_and_has_nothing_escaped_that_need_not_be(rich: RichText) -> None:
    written = rich.to_json()

    assert written == json.dumps(json.loads(written), ensure_ascii=False, separators=(",", ":"))


@holds_for(120, any_rich)
def test_json_gives_the_same_back(rich: RichText) -> None:
    assert RichText.from_json(rich.to_json()) == rich
    assert load(RichText, dump(rich)) == rich
    rich.to_json().encode()


@holds_for(150, any_rich, st.integers(-5, 80), st.integers(-5, 80))
def test_slices_are_of_the_text(rich: RichText, start: int, end: int) -> None:
    assert rich.slice(start, end).text == (
        rich.text[start:end] if start < 0 or end < 0 else rich.text[start : max(start, end)]
    )


@holds_for(120, any_rich)
def test_one_part_joined_is_that_part(rich: RichText) -> None:
    assert join("\n", [rich]) == RichText(rich.text, rich.spans) == rich


@holds_for(120, any_rich, any_rich)
def test_sums_are_of_the_texts(one: RichText, other: RichText) -> None:
    total = one + other

    assert total.text == one.text + other.text
    for span in total.spans:
        if span.kind in STYLES:
            covered = range(span.start, span.end)
            assert all(
                any(s.kind is span.kind and s.start <= at < s.end for s in one.spans)
                if at < len(one)
                else any(s.kind is span.kind and s.start <= at - len(one) < s.end for s in other.spans)
                for at in covered
            )


@holds_for(150, any_rich, st.integers(4, 90), measures, soak=True)
def test_splitting_loses_nothing_and_keeps_the_limit(rich: RichText, limit: int, measure: Measure) -> None:
    parts = rich.split(limit, measure)

    assert "".join(part.text for part in parts) == rich.text
    assert all(0 < part.measure(measure) <= limit for part in parts)
    assert RichText("").split(limit, measure) == ()


@holds_for(200, texts, st.integers(1, 60), st.integers(4, 900), measures)
def test_a_plain_text_is_whole_where_it_fits(text: str, times: int, limit: int, measure: Measure) -> None:
    rich = RichText(text * times)

    assert (len(rich.split(limit, measure)) > 1) == (rich.measure(measure) > limit)


@holds_for(100, texts, st.integers(1, 400), st.integers(1000, 4000))
def test_a_part_in_json_fits(text: str, times: int, limit: int) -> None:
    parts = RichText(text * times).split(limit, "json")

    assert all(part.measure("json") <= limit for part in parts)
    assert "".join(part.text for part in parts) == RichText(text * times).text


@holds_for(120, any_rich, st.integers(8, 60))
def test_splitting_carries_styles_over(rich: RichText, limit: int) -> None:
    start = 0
    for part in rich.split(limit, "chars"):
        for kind in STYLES | {Kind.CODE, Kind.LINK}:
            before = _covered(rich, kind, start, start + len(part))
            assert {at + start for at in _covered(part, kind, 0, len(part))} == before
        start += len(part)


def _covered(rich: RichText, kind: Kind, start: int, end: int) -> set[int]:
    return {at for span in rich.spans if span.kind is kind for at in range(max(span.start, start), min(span.end, end))}


@holds_for(120, any_rich, st.integers(60, 200))
def test_no_visible_character_is_cut(rich: RichText, limit: int) -> None:
    at = 0
    for part in rich.split(limit, "utf16"):
        at += len(part)
        cluster = 0
        while cluster < 50 and not is_boundary(rich.text, at - cluster):
            cluster += 1
        assert cluster == 0 or cluster == 50, "only a character longer than a part may be cut"


@holds_for(150, any_rich, st.integers(1, 6))
def test_no_part_has_more_formatting_than_it_may(rich: RichText, pieces: int) -> None:
    for part in rich.split(4096, "utf16", pieces):
        assert len([span for span in part.spans if span.kind is not Kind.ITEM]) <= pieces or len(part) == 1


UNITS = re.compile(
    r"(?:[<≤±+\-−] ?)?\d+(?:\.\d+)?\s?(?:mm|%|°|h\b)|[ULul][LRlr] ?[1-8](?:-[UL][LR][1-8])?|\d+/\d+(?:/\d+)?"
)


@holds_for(60, st.integers(0, 10**9), st.integers(80, 400), soak=True)
def test_no_tooth_and_no_figure_with_its_unit_is_cut(seed: int, limit: int) -> None:
    text = chatter(seed, 1500)
    borders = []
    at = 0
    for part in RichText(text).split(limit, "utf16"):
        at += len(part)
        borders.append(at)

    for match in UNITS.finditer(text):
        assert not [at for at in borders if match.start() < at < match.end()], match[0]


@holds_for(150, any_rich, platforms, soak=True)
def test_degrading_keeps_each_character(rich: RichText, platform: str) -> None:
    shown = degrade(rich, platform)
    means = TABLE[platform]

    added = re.compile(r" \([^\n]*?\)")
    if len(shown.rich) == len(rich):
        assert shown.rich.text == "".join(
            means.breaks.get(c, c) if rich.text[i : i + 2] != "\r\n" else c for i, c in enumerate(rich.text)
        )
    else:
        assert added.search(shown.rich.text)
        position = 0
        for char in (means.breaks.get(char, char) if char != "\r" else char for char in rich.text):
            found = shown.rich.text.find(char, position)
            found = shown.rich.text.find("\n", position) if found < 0 and char == "\r" else found
            assert found >= 0
            position = found + 1
    assert degrade(shown.rich, platform).rich == shown.rich
    assert all(span.kind in means.kinds for span in shown.rich.spans)
    assert all(loss.count > 0 for loss in shown.losses)
    assert bool(shown.losses) or shown.rich.text == rich.text


@holds_for(120, st.text(max_size=40))
def test_names_show_nothing_that_hides(name: str) -> None:
    shown = clean_name(name, 20)

    assert len(shown) <= 20
    assert shown == clean_name(shown, 20)
    assert shown.isprintable()
    assert shown == shown.strip()


@holds_for(100, texts, st.sampled_from(("chars", "utf16", "utf8", "json")))
def test_measures_are_what_platforms_count(text: str, measure: Measure) -> None:
    clean = RichText(text).text
    expected = {
        "chars": len(clean),
        "utf16": len(clean.encode("utf-16-le")) // 2,
        "utf8": len(clean.encode()),
    }
    if measure in expected:
        assert measure_of(clean, measure) == expected[measure]
    else:
        assert measure_of(clean, measure) >= len(clean)


def test_the_fragments_are_tried_as_they_are() -> None:
    for fragment in FRAGMENTS:
        assert RichText(fragment).text == fragment
    assert {Kind.ITEM, Kind.PRE} < BLOCKS
