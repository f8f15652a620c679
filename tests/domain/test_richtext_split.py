import pytest

from bot.domain.richtext import Kind, RichText, Span, bold, item, line, lines, link, mention, plain, pre, quote
from bot.domain.richtext_graphemes import is_boundary


def parts(text: str, limit: int) -> list[str]:
    return [part.text for part in plain(text).split(limit, "utf16")]


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        # a paragraph, then a line, then a sentence, then a word
        ("First line.\n\nSecond part here", 20, ["First line.\n\n", "Second part here"]),
        ("First line is here\nSecond part here", 24, ["First line is here\n", "Second part here"]),
        ("It fits well. It seats", 18, ["It fits well. ", "It seats"]),
        ("one two three four", 10, ["one two ", "three four"]),
        # a title or a short form ends no sentence
        ("I asked Dr. Johal about it", 18, ["I asked Dr. Johal ", "about it"]),
        # figures, signs, units, teeth and negations keep their meaning
        ("take off 0.2 mm at once", 13, ["take off ", "0.2 mm at ", "once"]),
        ("keep the gap <0.2 mm wide", 17, ["keep the gap ", "<0.2 mm wide"]),
        ("turn it by -1.5 degrees now", 18, ["turn it by ", "-1.5 degrees now"]),
        ("no attachment at UL4 to UL6", 19, ["no attachment at ", "UL4 to UL6"]),
        ("wear for twenty, then UL 4", 25, ["wear for twenty, then ", "UL 4"]),
        ("please look at upper left 2", 25, ["please look at ", "upper left 2"]),
        ("call about 999 137 9118 now", 16, ["call ", "about ", "999 137 9118 now"]),
        ("we agreed to not extract it", 17, ["we agreed to ", "not extract it"]),
        ("the chart says BPE 323/242", 22, ["the chart says BPE ", "323/242"]),
        # one long word is cut as a last resort, and never within a visible character
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("🦷🦷🦷", 3, ["🦷", "🦷", "🦷"]),
        ("xx👩🏽\u200d⚕️yy", 8, ["xx", "👩🏽\u200d⚕️y", "y"]),
        ("ab\r\ncd", 3, ["ab", "\r\n", "cd"]),
    ],
)
def test_cuts_are_where_a_reader_would_make_them(text: str, limit: int, cut: list[str]) -> None:
    assert parts(text, limit) == cut


def test_formatting_goes_on_in_the_next_part() -> None:
    said = line("see ", bold("one two three"), " ", link("four five", "https://example.org"))

    assert said.split(14, "chars") == (
        line("see ", bold("one two ")),
        line(bold("three"), " ", link("four ", "https://example.org")),
        link("five", "https://example.org"),
    )


def test_blocks_go_on_and_a_list_item_becomes_a_line() -> None:
    assert quote("one two three").split(8, "chars") == (quote("one two "), quote("three"))
    assert pre("one two three").split(8, "chars") == (pre("one two "), pre("three"))
    assert item("one two three").split(10, "chars") == (item("one two "), plain("three"))


def test_a_mention_and_a_marker_stay_whole() -> None:
    said = line("now then ", mention("slack:T0001/U0003", "@Sam Reid"), " please")
    assert [part.text for part in said.split(15, "chars")] == ["now then ", "@Sam Reid ", "please"]
    listed = lines("see below", item("UL4"))
    assert [part.text for part in listed.split(12, "chars")] == ["see below\n", "• UL4"]


def test_a_long_list_of_figures_is_still_cut() -> None:
    text = "0.2 " * 3000
    cut = parts(text, 4096)

    assert "".join(cut) == text
    assert all(len(part) > 4000 for part in cut[:-1])
    assert all(part.endswith(" ") for part in cut)


def test_a_part_has_no_more_formatting_than_it_may() -> None:
    said = line(*(part for n in range(30) for part in (bold(f"w{n}"), " x ")))

    split = said.split(4096, "utf16", 10)

    assert [len(part.spans) for part in split] == [10, 10, 10]
    assert "".join(part.text for part in split) == said.text


@pytest.mark.parametrize(("limit", "measure"), [(0, "chars"), (1, "utf16"), (3, "utf8"), (500, "json"), (-5, "chars")])
def test_a_limit_that_holds_no_character_is_an_error(limit: int, measure: str) -> None:
    with pytest.raises(ValueError, match="holds no character"):
        plain("x").split(limit, measure)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["-" * 60_000, "1" * 60_000, "UL4 " * 9000, "<" * 9000, "\n" * 9000, "e\u0301" * 9000])
def test_odd_texts_are_cut_without_delay(text: str) -> None:
    assert "".join(parts(text, 4096)) == text


def test_a_character_of_endless_marks_is_cut_as_the_last_resort() -> None:
    text = "a" + "\u0301" * 9000
    assert "".join(parts(text, 4096)) == text


def test_spans_do_not_change_the_text() -> None:
    said = RichText("one two", (Span(0, 7, Kind.BOLD), Span(4, 7, Kind.CODE)))
    assert [part.text for part in said.split(1000, "json")] == ["one two"]


@pytest.mark.parametrize(
    ("before", "after", "boundary"),
    [
        ("a", "b", True),
        ("a", "\u0301", False),
        ("\r", "\n", False),
        ("\n", "\u0301", True),
        ("👩", "\u200d", False),
        ("👩\u200d", "⚕", False),
        ("a\u200d", "b", True),
        ("👋", "\U0001f3fd", False),
        ("1", "\ufe0f", False),
        ("1\ufe0f", "\u20e3", False),
        ("🇬", "🇧", False),
        ("🇬🇧", "🇫", True),
        ("🏴\U000e0067", "\U000e0062", False),
        ("\u1112", "\u1161", False),
        ("\uac00", "\u11a8", False),
        ("\uac01", "\u11a8", False),
        ("\uac01", "\uac00", True),
        ("न", "म", True),
        ("म", "\u0938", True),
        ("स", "\u094d", False),
        ("", "a", True),
        ("a", "", True),
    ],
)
def test_visible_characters(before: str, after: str, boundary: bool) -> None:
    assert is_boundary(before + after, len(before)) is boundary
