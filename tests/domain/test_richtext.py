import pytest

from bot.domain.richtext import (
    EMPTY,
    Kind,
    RichText,
    Span,
    account_text,
    bold,
    clean_name,
    code,
    date,
    italic,
    item,
    join,
    line,
    lines,
    link,
    marker,
    mention,
    plain,
    pre,
    quote,
)
from bot.domain.richtext_dates import render, valid, wordless


def test_a_message_is_built_from_words() -> None:
    made = lines(
        line("Hold ", bold("UL2"), ", see ", link("the guide", "https://example.org")),
        item(line("wear ", italic("22 h"))),
        item("then rescan", number=2, indent=1),
        quote("as agreed"),
        pre("IPR 0.2 mm"),
        code("x"),
    )

    assert made.text == ("Hold UL2, see the guide\n• wear 22 h\n    b. then rescan\nas agreed\nIPR 0.2 mm\nx")
    assert [(span.kind, made.text[span.start : span.end]) for span in made.spans] == [
        (Kind.BOLD, "UL2"),
        (Kind.LINK, "the guide"),
        (Kind.ITEM, "• wear 22 h"),
        (Kind.ITALIC, "22 h"),
        (Kind.ITEM, "    b. then rescan"),
        (Kind.QUOTE, "as agreed"),
        (Kind.PRE, "IPR 0.2 mm"),
        (Kind.CODE, "x"),
    ]


@pytest.mark.parametrize(
    ("indent", "number", "shown"),
    [
        (0, 0, "• "),
        (1, 0, "    ◦ "),
        (2, 0, "        ▪ "),
        (3, 0, "            • "),
        (0, 1, "1. "),
        (0, 12, "12. "),
        (1, 1, "    a. "),
        (1, 27, "    aa. "),
        (2, 4, "        iv. "),
        (2, 1999, "        mcmxcix. "),
        (2, 4000, "        4000. "),
    ],
)
def test_markers_read_as_slack_draws_them(indent: int, number: int, shown: str) -> None:
    assert marker(indent, number) == shown


def test_styles_that_touch_are_one() -> None:
    assert (bold("UL") + bold("4")).spans == (Span(0, 3, Kind.BOLD),)
    assert (link("a", "https://x.example") + link("b", "https://y.example")).spans == (
        Span(0, 1, Kind.LINK, "https://x.example"),
        Span(1, 2, Kind.LINK, "https://y.example"),
    )


def test_an_atom_cut_in_two_is_only_text() -> None:
    called = mention(account_text("slack", "T0001", "U0003"), "@Sam Reid") + " please"

    assert called.spans[0].value == "slack:T0001/U0003"
    assert called.slice(0, 9).spans == called.spans
    assert called.slice(0, 5) == RichText("@Sam ")


def test_an_item_begins_a_line_with_its_marker() -> None:
    assert (plain("x") + item("one")).spans == ()
    assert (plain("x\n") + item("one")).spans == (Span(2, 7, Kind.ITEM),)
    assert RichText("one", (Span(0, 3, Kind.ITEM),)).spans == ()
    assert item("one two").slice(0, 5).spans == (Span(0, 5, Kind.ITEM),)
    assert item("one two").slice(2).spans == ()


def test_blocks_do_not_hold_the_line_breaks_around_them() -> None:
    assert RichText("a\nb\nc", (Span(1, 4, Kind.QUOTE),)).spans == (Span(2, 3, Kind.QUOTE),)
    assert RichText("\n\n", (Span(0, 2, Kind.PRE),)).spans == ()


def test_text_is_kept_as_it_was_written() -> None:
    for text in ("e\u0301 \u202e-1.5\u202c", "a\r\nb\u2028c", "\x00\x07\t", " \n "):
        assert RichText(text).text == text


def test_what_no_platform_can_hold_becomes_a_visible_sign() -> None:
    assert RichText("a\ud83dbc\udc00").text == "a\ufffdbc\ufffd"
    assert RichText("\ud83d\ude00"[0] + "x", (Span(0, 2, Kind.BOLD),)).spans == (Span(0, 2, Kind.BOLD),)


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\u00a0\u2800", "\ufeff\u200e", "\x00"])
def test_nothing_to_see_is_blank(text: str) -> None:
    assert RichText(text).blank


@pytest.mark.parametrize("text", ["a", "🦷", "\u200b.", "0"])
def test_something_to_see_is_not_blank(text: str) -> None:
    assert not RichText(text).blank


def test_the_first_line_stands_for_a_message() -> None:
    said = lines("  ", bold("UL2 does not seat"), "since Monday")

    assert said.first_line() == bold("UL2 does not seat")
    assert said.first_line(12).text == "UL2 does…"
    assert plain("Take 0.2 mm off UL2").first_line(8).text == "Take…"
    assert EMPTY.first_line() == EMPTY
    assert plain(" \n\t\n").first_line() == EMPTY


def test_json_is_compact_and_read_strictly() -> None:
    made = line(bold("UL4"), " at ", date(1767225600, "{date_num}", "1 Jan"))

    assert plain("UL4 “ok”").to_json() == '{"v":1,"t":"UL4 “ok”"}'
    assert RichText.from_json(made.to_json()) == made
    assert RichText.from_json(made.to_json().encode()) == made
    unknown = '{"v":1,"t":"ab","s":[["glow",0,1],["bold",0,1]]}'
    assert RichText.from_json(unknown) == RichText("ab", (Span(0, 1, Kind.BOLD),))


@pytest.mark.parametrize(
    "bad",
    [
        "[]",
        "{}",
        '{"v":2,"t":"a"}',
        '{"v":1,"t":1}',
        '{"v":1,"t":"a","s":{}}',
        '{"v":1,"t":"a","s":[["bold",0]]}',
        '{"v":1,"t":"a","s":[["bold",0,true]]}',
        '{"v":1,"t":"a","s":["bold"]}',
        "x",
    ],
)
def test_other_json_is_an_error(bad: str) -> None:
    with pytest.raises(ValueError, match=r"rich text|span|Expecting"):
        RichText.from_json(bad)


def test_joining_puts_the_separator_between() -> None:
    assert join(", ", ["a", bold("b"), "c"]).text == "a, b, c"
    assert join(", ", []).text == ""


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Dr Amar Johal", "Dr Amar Johal"),
        ("  Asha\u200b \u202eletaP\u202c\n", "Asha letaP"),
        ("Sam\u2028Reid", "Sam Reid"),
        ("Zoë", "Zoë"),
        ("Zoe\u0308", "Zoë"),
        ("a" + "\u0300\u0301\u0302\u0303\u0304", "à\u0301\u0302\u0303"),
        ("\u3164\u2800\ufeff", ""),
        ("\U000e0041tag", "tag"),
        ("x" * 100, "x" * 79 + "…"),
        ("\x1b[31mred", "[31mred"),
    ],
)
def test_names_are_shown_plainly(name: str, shown: str) -> None:
    assert clean_name(name) == shown


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("{date_num}", "2026-01-01"),
        ("at {time} on {date_long}", "at 00:00 UTC on 2026-01-01"),
        ("{weekday} {time_secs}", "Thursday 00:00:00 UTC"),
        ("{ago}", "2026-01-01 00:00 UTC"),
        ("", "2026-01-01 00:00 UTC"),
        ("{nonsense}", "2026-01-01 00:00 UTC"),
    ],
)
def test_dates_are_rendered_where_nobody_can_render_them_live(form: str, shown: str) -> None:
    assert render(1767225600, form) == shown


def test_templates_are_told_apart() -> None:
    assert render(10**30, "{date}") == str(10**30)
    assert valid("{date} at {time}")
    assert not valid("at noon")
    assert not valid("{date} {nonsense}")
    assert wordless("{date}, {time}")
    assert not wordless("at {time}")


def test_other_words_under_a_span_leave_all_else_where_it_was() -> None:
    body = line("ask ", bold(line(mention("slack:U2", "@U2"), " today")), " or ", bold("not"))
    (called,) = [span for span in body.spans if span.kind is Kind.MENTION]
    for words in ("@Dr Amar Johal", "@", "@U2"):
        now = body.reworded(called, words)
        assert now == line("ask ", bold(line(mention("slack:U2", words), " today")), " or ", bold("not"))
