from typing import Any

import pytest

from bot.domain.richtext import (
    Kind,
    RichText,
    Span,
    bold,
    code,
    date,
    italic,
    item,
    line,
    lines,
    link,
    mention,
    plain,
    pre,
    quote,
    styled,
)
from bot.platforms.telegram.richtext import ENTITY_LIMIT, from_message, to_entities
from bot.platforms.telegram.richtext_dates import letters, template
from bot.platforms.telegram.richtext_units import Units

# One of each entity the Bot API has, as it comes in, with a tooth beyond U+FFFF before them.
TEXT = (
    "🦷 @sam #ul4 $GBP /new https://32co.example a@example.org +441632960001 bold italic under strike spoiler code "
    "x = 1 plan Asha 👍 noon\nquoted\nfolded"
)


def _entity(kind: str, words: str, **more: object) -> dict[str, Any]:
    before = TEXT[: TEXT.index(words)]
    return {
        "type": kind,
        "offset": len(before.encode("utf-16-le")) // 2,
        "length": len(words.encode("utf-16-le")) // 2,
    } | more


ENTITIES = [
    _entity("mention", "@sam"),
    _entity("hashtag", "#ul4"),
    _entity("cashtag", "$GBP"),
    _entity("bot_command", "/new"),
    _entity("url", "https://32co.example"),
    _entity("email", "a@example.org"),
    _entity("phone_number", "+441632960001"),
    _entity("bold", "bold"),
    _entity("italic", "italic"),
    _entity("underline", "under"),
    _entity("strikethrough", "strike"),
    _entity("spoiler", "spoiler"),
    _entity("code", "code"),
    _entity("pre", "x = 1", language="python"),
    _entity("text_link", "plan", url="https://example.org/plan"),
    _entity("text_mention", "Asha", user={"id": 700001, "is_bot": False, "first_name": "Asha"}),
    _entity("custom_emoji", "👍", custom_emoji_id="5368324170671202286"),
    _entity("date_time", "noon", unix_time=1767225600, date_time_format="wDT"),
    _entity("blockquote", "quoted"),
    _entity("expandable_blockquote", "folded"),
]


def test_every_entity_is_understood() -> None:
    found = from_message(TEXT, ENTITIES)

    assert found.text == TEXT
    assert [(span.kind, TEXT[span.start : span.end], span.value, span.form) for span in found.spans] == [
        (Kind.LINK, "https://32co.example", "https://32co.example", ""),
        (Kind.LINK, "a@example.org", "mailto:a@example.org", ""),
        (Kind.BOLD, "bold", "", ""),
        (Kind.ITALIC, "italic", "", ""),
        (Kind.UNDERLINE, "under", "", ""),
        (Kind.STRIKE, "strike", "", ""),
        (Kind.SPOILER, "spoiler", "", ""),
        (Kind.CODE, "code", "", ""),
        (Kind.PRE, "x = 1", "python", ""),
        (Kind.LINK, "plan", "https://example.org/plan", ""),
        (Kind.MENTION, "Asha", "telegram:700001", ""),
        (Kind.EMOJI, "👍", "telegram:5368324170671202286", ""),
        (Kind.DATE, "noon", "1767225600", "{date_long} {time_secs}"),
        (Kind.QUOTE, "quoted", "", ""),
        (Kind.EXPANDABLE, "folded", "", ""),
    ]


def test_every_entity_is_written_back_but_for_what_telegram_finds_itself() -> None:
    text, entities = to_entities(from_message(TEXT, ENTITIES))

    found_by_telegram = {"mention", "hashtag", "cashtag", "bot_command", "email", "phone_number", "url", "text_mention"}
    url = ENTITIES[4]
    assert text == TEXT
    assert entities == [
        {**url, "type": "text_link", "url": "https://32co.example"},
        *(entity for entity in ENTITIES if entity["type"] not in found_by_telegram),
    ]


def test_offsets_count_utf16_units() -> None:
    assert to_entities(line("🦷", bold("é👩🏽‍⚕️"), " ", italic("x"))) == (
        "🦷é👩🏽‍⚕️ x",
        [{"type": "bold", "offset": 2, "length": 8}, {"type": "italic", "offset": 11, "length": 1}],
    )


def test_blanks_at_the_end_are_taken_off_as_telegram_does() -> None:
    assert to_entities(bold("seats \n\t")) == ("seats", [{"type": "bold", "offset": 0, "length": 5}])
    assert to_entities(line("seats", bold(" \n"))) == ("seats", [])
    assert to_entities(plain(" \n ")) == ("", [])
    assert to_entities(plain("  seats"))[0] == "  seats"


def test_formatting_that_crosses_is_cut_to_nest() -> None:
    crossing = RichText("abcdef", (Span(0, 4, Kind.BOLD), Span(2, 6, Kind.ITALIC)))
    text, entities = to_entities(crossing)

    assert [(e["type"], e["offset"], e["length"]) for e in entities] == [
        ("bold", 0, 4),
        ("italic", 2, 2),
        ("italic", 4, 2),
    ]
    assert from_message(text, entities) == crossing


def test_a_link_that_crosses_a_quote_leads_on_from_both_pieces() -> None:
    said = RichText("ab\ncd", (Span(3, 5, Kind.QUOTE), Span(0, 4, Kind.LINK, "https://example.org")))
    text, entities = to_entities(said)

    assert [(e["type"], e["offset"], e["length"]) for e in entities] == [
        ("text_link", 0, 3),
        ("blockquote", 3, 2),
        ("text_link", 3, 1),
    ]
    assert from_message(text, entities) == said


def test_code_holds_nothing_else() -> None:
    text, entities = to_entities(line(bold("a"), styled("b", Kind.CODE, Kind.BOLD), bold("c")))

    assert text == "abc"
    assert [(e["type"], e["offset"], e["length"]) for e in entities] == [("bold", 0, 1), ("code", 1, 1), ("bold", 2, 1)]


def test_lists_are_lines_with_markers() -> None:
    said = lines("Plan", item("UL2", 1), item("hold", 1, indent=1), item("UR2", 2), item("rescan"))

    assert to_entities(said) == ("Plan\n1. UL2\n    a. hold\n2. UR2\n• rescan", [])


def test_bullets_are_read_as_items_and_figures_as_they_were_typed() -> None:
    typed = "• one\n    ◦ two\n1. three\n  • four\n    • five\nx • six\n•seven\n◦ eight"
    found = from_message(typed, [])

    assert found.text == typed
    assert [(found.text[span.start : span.end], span.indent, span.number) for span in found.spans] == [
        ("• one", 0, 0),
        ("    ◦ two", 1, 0),
    ]


def test_one_mention_is_live_when_it_is_ours() -> None:
    said = line(mention("telegram:/700001", "Dr Patel"), ", ", mention("telegram:700001", "Asha"))

    assert to_entities(said, live={"telegram:/700001"})[1] == [
        {
            "type": "text_mention",
            "offset": 0,
            "length": 8,
            "user": {"id": 700001, "is_bot": False, "first_name": "Dr Patel"},
        }
    ]
    assert to_entities(said)[1] == []


def test_no_more_entities_than_telegram_reads_and_looks_go_first() -> None:
    said = line(
        *(part for n in range(99) for part in (bold(f"{n}"), " ")), link("a", "https://a.example"), code("b"), " "
    )
    extra = line(said, bold("c"), " ", italic("d"))

    _, entities = to_entities(extra)

    assert len(entities) == ENTITY_LIMIT
    assert [entity["type"] for entity in entities[-2:]] == ["text_link", "code"]
    assert [entity["type"] for entity in entities[:98]] == ["bold"] * 98


@pytest.mark.parametrize(
    ("shown", "form"),
    [
        ("", ""),
        ("r", "{ago}"),
        ("d", "{date_num}"),
        ("D", "{date_long_full}"),
        ("wD", "{date_long}"),
        ("wd", "{weekday} {date_num}"),
        ("w", "{weekday}"),
        ("t", "{time}"),
        ("T", "{time_secs}"),
        ("dt", "{date_num} {time}"),
        ("wDT", "{date_long} {time_secs}"),
        ("wt", "{weekday} {time}"),
    ],
)
def test_date_formats_go_both_ways(shown: str, form: str) -> None:
    assert template(shown) == form
    assert letters(form) == shown


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("{date_short_pretty}, {time}", "dt"),
        ("{date_pretty} {time}", "Dt"),
        ("{day_divider_pretty}", "D"),
        ("at {time}", ""),
        ("{nonsense}", ""),
        ("noon", ""),
    ],
)
def test_templates_get_the_nearest_letters(form: str, shown: str) -> None:
    assert letters(form) == shown


@pytest.mark.parametrize("bad", ["rt", "tt", "Dw", "x", "dT "])
def test_other_letters_are_no_format(bad: str) -> None:
    assert template(bad) is None


def test_a_moment_out_of_range_is_words() -> None:
    for seconds in (0, -5, 2**31, 10**40):
        assert to_entities(date(seconds, "{time}", "noon")) == ("noon", [])


@pytest.mark.parametrize(
    "entity",
    [
        {"type": "bold", "offset": -5, "length": 2},
        {"type": "bold", "offset": 99, "length": 2},
        {"type": "bold", "offset": 0, "length": 0},
        {"type": "bold", "offset": 0, "length": -1},
        {"type": "bold", "offset": True, "length": 2},
        {"type": "bold", "offset": "0", "length": 2},
        {"type": "novelty", "offset": 0, "length": 2},
        {"type": "text_link", "offset": 0, "length": 2},
        {"type": "text_mention", "offset": 0, "length": 2, "user": {}},
        {"type": "custom_emoji", "offset": 0, "length": 2},
        {"type": "date_time", "offset": 0, "length": 2, "unix_time": "noon"},
        {"type": None},
        {},
        None,
        7,
    ],
)
def test_rubbish_leaves_the_words(entity: object) -> None:
    assert from_message("UL4 fits", [entity, *ENTITIES[:0]]) == plain("UL4 fits")


def test_an_entity_that_parts_a_character_takes_it_whole() -> None:
    assert from_message("a🦷b", [{"type": "bold", "offset": 2, "length": 2}]).spans == (Span(1, 3, Kind.BOLD),)
    assert from_message("a🦷b", [{"type": "bold", "offset": 0, "length": 2}]).spans == (Span(0, 2, Kind.BOLD),)
    assert from_message("a🦷b", [{"type": "bold", "offset": 1, "length": 99}]).spans == (Span(1, 3, Kind.BOLD),)
    assert from_message(None, None) == plain("")


def test_units_of_a_text() -> None:
    units = Units("a🦷b🦷")
    assert [units.offset(position) for position in range(5)] == [0, 1, 3, 4, 6]
    assert [units.position(offset) for offset in range(7)] == [0, 1, 1, 2, 3, 3, 4]
    assert [units.position(offset, up=True) for offset in range(7)] == [0, 1, 2, 2, 3, 4, 4]


def test_quotes_and_code_blocks_keep_their_place() -> None:
    said = quote(lines("as agreed:", pre("IPR 0.2 mm", "text"), bold("done")))
    text, entities = to_entities(said)

    assert [(e["type"], e["offset"], e["length"]) for e in entities] == [
        ("blockquote", 0, 26),
        ("pre", 11, 10),
        ("bold", 22, 4),
    ]
    assert from_message(text, entities) == said
