from typing import Any

import pytest

from bot.domain.richtext import (
    Kind,
    RichText,
    Span,
    bold,
    code,
    date,
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
from bot.platforms.slack.richtext import decode, escape, from_blocks, to_blocks

# As Slack's own composer wrote it: a heading line, nested lists that go on numbering, a quoted list, code, a table of
# contents in links, and one of each mention.
COMPOSED: list[dict[str, Any]] = [
    {
        "type": "rich_text",
        "block_id": "Xy1",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "Plan for "},
                    {"type": "text", "text": "AB", "style": {"bold": True, "italic": True}},
                    {"type": "text", "text": " <0.2 mm & -1.5:\n"},
                ],
            },
            {
                "type": "rich_text_list",
                "style": "ordered",
                "indent": 0,
                "border": 0,
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "UL2"}]},
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "UR2"}]},
                ],
            },
            {
                "type": "rich_text_list",
                "style": "bullet",
                "indent": 1,
                "border": 0,
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "hold"}]}],
            },
            {
                "type": "rich_text_list",
                "style": "ordered",
                "indent": 0,
                "offset": 2,
                "border": 0,
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "text", "text": "rescan", "style": {"strike": True}}],
                    }
                ],
            },
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "\n"}]},
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "it does not seat\nsince Monday"}]},
            {
                "type": "rich_text_list",
                "style": "bullet",
                "indent": 0,
                "border": 1,
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "gap 1 mm"}]}],
            },
            {
                "type": "rich_text_preformatted",
                "border": 0,
                "elements": [{"type": "text", "text": "IPR  0.3\n  0.4"}],
            },
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "link", "url": "https://example.org/p?a=1&b=2", "text": "plan"},
                    {"type": "text", "text": " "},
                    {"type": "link", "url": "https://example.org"},
                    {"type": "text", "text": " "},
                    {"type": "user", "user_id": "U0002"},
                    {"type": "text", "text": " "},
                    {"type": "channel", "channel_id": "C0001"},
                    {"type": "text", "text": " "},
                    {"type": "usergroup", "usergroup_id": "S0001"},
                    {"type": "text", "text": " "},
                    {"type": "team", "team_id": "T0001"},
                    {"type": "text", "text": " "},
                    {"type": "broadcast", "range": "channel"},
                    {"type": "text", "text": " "},
                    {"type": "emoji", "name": "tooth", "unicode": "1f9b7"},
                    {"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fd", "skin_tone": 4},
                    {"type": "emoji", "name": "riverside"},
                    {"type": "text", "text": " "},
                    {"type": "color", "value": "#F405B3"},
                    {"type": "text", "text": " "},
                    {"type": "date", "timestamp": 1720710212, "format": "{date_num} at {time}", "fallback": "11 July"},
                ],
            },
        ],
    }
]
NAMES = {"U0002": "Dr Amar Johal", "S0001": "@specialists"}


def test_what_people_compose_reads_as_they_see_it() -> None:
    found = from_blocks(COMPOSED, "<#C0001|dentistry>", NAMES)

    assert found.text == (
        "Plan for AB <0.2 mm & -1.5:\n1. UL2\n2. UR2\n    ◦ hold\n3. rescan\n\nit does not seat\nsince Monday\n"
        "• gap 1 mm\nIPR  0.3\n  0.4\nplan https://example.org @Dr Amar Johal #dentistry @specialists @T0001 @channel "
        "🦷👋🏽:riverside: #F405B3 11 July"
    )
    kinds = [(span.kind, found.text[span.start : span.end], span.value) for span in found.spans]
    assert kinds == [
        (Kind.BOLD, "AB", ""),
        (Kind.ITALIC, "AB", ""),
        (Kind.ITEM, "1. UL2", ""),
        (Kind.ITEM, "2. UR2", ""),
        (Kind.ITEM, "    ◦ hold", ""),
        (Kind.ITEM, "3. rescan", ""),
        (Kind.STRIKE, "rescan", ""),
        (Kind.QUOTE, "it does not seat\nsince Monday\n• gap 1 mm", ""),
        (Kind.ITEM, "• gap 1 mm", ""),
        (Kind.PRE, "IPR  0.3\n  0.4", ""),
        (Kind.LINK, "plan", "https://example.org/p?a=1&b=2"),
        (Kind.LINK, "https://example.org", "https://example.org"),
        (Kind.MENTION, "@Dr Amar Johal", "slack:U0002"),
        (Kind.CHANNEL, "#dentistry", "slack:C0001"),
        (Kind.GROUP, "@specialists", "slack:S0001"),
        (Kind.TEAM, "@T0001", "slack:T0001"),
        (Kind.BROADCAST, "@channel", "channel"),
        (Kind.EMOJI, "🦷", "slack:tooth"),
        (Kind.EMOJI, ":riverside:", "slack:riverside"),
        (Kind.COLOUR, "#F405B3", "#F405B3"),
        (Kind.DATE, "11 July", "1720710212"),
    ]


def _bare(element: dict[str, Any]) -> dict[str, Any]:
    """Without a border that is none."""
    return {key: value for key, value in element.items() if (key, value) != ("border", 0)}


def test_what_was_composed_is_written_back_with_nobody_called() -> None:
    (block,) = to_blocks(from_blocks(COMPOSED, "", NAMES))
    came, went = COMPOSED[0]["elements"], block["elements"]

    assert went[1:8] == [_bare(element) for element in came[1:8]]
    assert went[0]["elements"][0:2] == came[0]["elements"][0:2]
    assert went[0]["elements"][2]["text"] == " <0.2 mm & -1.5:"
    assert [element["type"] for element in went[8]["elements"]] == [
        "link", "text", "link", "text", "emoji", "text", "emoji", "text", "color", "text", "date",
    ]  # fmt: skip
    assert went[8]["elements"][3] == {
        "type": "text",
        "text": " @Dr Amar Johal #C0001 @specialists @T0001 @channel ",
    }
    assert went[8]["elements"][5] == {"type": "text", "text": "👋🏽"}


def test_blank_lines_between_blocks_are_kept() -> None:
    said = lines("before", "", item("one"), "", "", quote("two"), "", pre("three"), "after", "")
    assert from_blocks(to_blocks(said)) == said


def test_elements_of_a_message_of_ours() -> None:
    said = line(
        "At ",
        date(1720710212, "{weekday} {date_num} {time}", "Thu 16:03"),
        " ",
        styled(link("see", "https://example.org"), Kind.BOLD),
        code(" 0.2 "),
    )

    assert to_blocks(said) == [
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {"type": "text", "text": "At "},
                        {
                            "type": "date",
                            "timestamp": 1720710212,
                            "format": "{date_long} {time}",
                            "fallback": "Thu 16:03",
                        },
                        {"type": "text", "text": " "},
                        {"type": "link", "url": "https://example.org", "text": "see", "style": {"bold": True}},
                        {"type": "text", "text": " 0.2 ", "style": {"code": True}},
                    ],
                }
            ],
        }
    ]
    assert to_blocks(plain("")) == []


def test_one_mention_is_live_when_it_is_ours_and_named() -> None:
    said = line(mention("slack:T0001/U0003", "@Sam Reid"), ": ", mention("slack:U0003", "@Sam Reid"))

    (element, words) = to_blocks(said, live={"slack:T0001/U0003"})[0]["elements"][0]["elements"]

    assert element == {"type": "user", "user_id": "U0003"}
    assert words == {"type": "text", "text": ": @Sam Reid"}
    assert to_blocks(mention("slack:T0001/nobody", "@x"), live={"slack:T0001/nobody"}) == to_blocks(plain("@x"))


@pytest.mark.parametrize(
    "typed", ["@everyone", "<!channel>", "<@U0002>", "<!here|here>", "<#C0001|x>", "&lt;!here&gt;"]
)
def test_a_mention_that_was_typed_stays_words(typed: str) -> None:
    (block,) = to_blocks(plain(typed))

    assert block["elements"][0]["elements"] == [{"type": "text", "text": typed}]
    assert decode(escape(typed)) == plain(typed)
    assert "<" not in escape(typed)


@pytest.mark.parametrize(
    "rich",
    [
        RichText("UL4", (Span(0, 3, Kind.EMOJI, "slack:tooth"),)),
        RichText("4", (Span(0, 1, Kind.EMOJI, "slack:four"),)),
        RichText("red", (Span(0, 3, Kind.COLOUR, "#ff0000"),)),
        RichText("noon", (Span(0, 4, Kind.DATE, "soon", "{time}"),)),
        RichText("🦷", (Span(0, 1, Kind.EMOJI, "slack:two words"),)),
    ],
)
def test_no_words_hide_behind_an_element_that_would_not_show_them(rich: RichText) -> None:
    (block,) = to_blocks(rich)
    assert block["elements"][0]["elements"] == [{"type": "text", "text": rich.text}]


def test_a_date_may_lead_somewhere() -> None:
    element = {
        "type": "date",
        "timestamp": 1720710212,
        "format": "{date_long}",
        "fallback": "11 July",
        "url": "https://example.org",
    }
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}]

    assert to_blocks(from_blocks(blocks)) == blocks


def test_bold_over_a_whole_list_is_bold_in_each_item() -> None:
    said = bold(lines("all", item("one"), item("two")))
    (block,) = to_blocks(said)

    assert [len(element["elements"]) for element in block["elements"]] == [1, 2]
    assert from_blocks([block]) == lines(bold("all"), item(bold("one")), item(bold("two")))


def test_numbers_that_jump_start_a_list_of_their_own() -> None:
    (block,) = to_blocks(lines(item("a", 1), item("b", 2), item("c", 5), item("d"), item("e", 1, indent=1)))

    assert [
        (element["style"], element["indent"], element.get("offset", 0), len(element["elements"]))
        for element in block["elements"]
    ] == [("ordered", 0, 0, 2), ("ordered", 0, 4, 1), ("bullet", 0, 0, 1), ("ordered", 1, 0, 1)]
