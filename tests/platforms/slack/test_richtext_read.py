from typing import Any

import pytest

from bot.domain.richtext import Kind, RichText, Span, date, link, mention, plain
from bot.platforms.slack.richtext import from_blocks

NAMES = {"U0002": "Dr Amar Johal", "S0001": "@specialists"}


@pytest.mark.parametrize(
    ("text", "rich"),
    [
        ("a &lt;0.2 mm &amp; b &gt; c", plain("a <0.2 mm & b > c")),
        ("&amp;lt;", plain("&lt;")),
        ("<https://example.org/?a=1&amp;b=2|the plan>", link("the plan", "https://example.org/?a=1&b=2")),
        ("<https://example.org>", link("https://example.org", "https://example.org")),
        ("<mailto:a@example.org|a@example.org>", link("a@example.org", "mailto:a@example.org")),
        ("<@U0002>", mention("slack:U0002", "@Dr Amar Johal")),
        ("<@U0009|sam>", mention("slack:U0009", "@sam")),
        ("<#C0001|general>", RichText("#general", (Span(0, 8, Kind.CHANNEL, "slack:C0001"),))),
        ("<!subteam^S0001|@specialists>", RichText("@specialists", (Span(0, 12, Kind.GROUP, "slack:S0001"),))),
        ("<!here|here>", RichText("@here", (Span(0, 5, Kind.BROADCAST, "here"),))),
        ("<!date^1720710212^{date_num}|11 July>", date(1720710212, "{date_num}", "11 July")),
        ("<!date^1720710212^{date_num}>", date(1720710212, "{date_num}", "2024-07-11")),
        ("<!novelty|words>", plain("words")),
        ("a <b, c> d < e", plain("a <b, c> d < e")),
        ("*bold* _x_ 5*3*2", plain("*bold* _x_ 5*3*2")),
        ("", plain("")),
    ],
)
def test_text_without_blocks_is_decoded(text: str, rich: RichText) -> None:
    assert from_blocks([], text, NAMES) == rich


def test_other_blocks_are_read_for_their_words() -> None:
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "IPR"}},
        {"type": "divider"},
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "see <https://example.org|here>"},
            "fields": [{"type": "mrkdwn", "text": "UL2 &lt;0.2"}, {"type": "plain_text", "text": "UR2"}],
        },
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "by us"}]},
        {"type": "image", "image_url": "https://example.org/x.png", "alt_text": "smile"},
        {
            "type": "table",
            "rows": [
                [{"type": "raw_text", "text": "tooth"}, {"type": "raw_text", "text": "mm"}],
                [
                    {
                        "type": "rich_text",
                        "elements": [{"type": "rich_text_section", "elements": [_text("UL2", bold=True)]}],
                    },
                    {"type": "raw_text", "text": "0.2"},
                ],
            ],
        },
        {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Press"}}]},
    ]

    found = from_blocks(blocks, "fallback")

    assert found.text == "IPR\nsee here\nUL2 <0.2\nUR2\nby us\nsmile\ntooth | mm\nUL2 | 0.2"
    assert [span.kind for span in found.spans] == [Kind.LINK, Kind.BOLD]


def _text(text: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def _sections(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}]


@pytest.mark.parametrize(
    ("element", "text"),
    [
        ({"type": "message_mention", "url": "https://example.org/p1", "text": "a message"}, "a message"),
        ({"type": "canvas", "title": "Our canvas"}, "Our canvas"),
        ({"type": "user"}, ""),
        ({"type": "emoji", "name": "x", "unicode": "zz"}, ":x:"),
        ({"type": "emoji", "name": "wave", "unicode": "1f44b", "skin_tone": 2}, "👋🏻"),
        ({"type": "date", "timestamp": "soon", "fallback": "in May"}, "in May"),
        ({"type": "date", "timestamp": 1720710212, "format": "{time}"}, "15:03 UTC"),
        ({"type": "link", "url": "mailto:a@example.org"}, "a@example.org"),
        ({"type": "text", "text": None}, ""),
        ({"type": ["text"], "text": "odd"}, "odd"),
        ({"type": "rich_text_section", "elements": [{"type": "text", "text": "inner"}]}, "inner"),
        ({}, ""),
    ],
)
def test_elements_of_other_kinds_keep_their_words(element: dict[str, Any], text: str) -> None:
    assert from_blocks(_sections(_text("<"), element, _text(">"))).text == f"<{text}>"


def test_deep_nesting_does_not_overwhelm() -> None:
    element: dict[str, Any] = {"type": "text", "text": "UL4"}
    for _ in range(900):
        element = {"type": "rich_text_section", "elements": [element]}

    assert from_blocks([{"type": "rich_text", "elements": [element]}]).text == "UL4"


def test_names_that_play_tricks_are_shown_plainly() -> None:
    found = from_blocks(_sections({"type": "user", "user_id": "U1"}), "", {"U1": "\u202eAnn\u200b\n"})
    assert found.text == "@Ann"
