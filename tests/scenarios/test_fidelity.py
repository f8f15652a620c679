"""Formatting in all four directions: what one person's app made of their words, and what stands in the other's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.test_pairings import roster_of
from tests.support.sides import Side, SlackSide, TelegramSide
from tests.support.theatre import Theatre

WAYS = ("slack-telegram", "telegram-slack", "slack-slack", "telegram-telegram")
FROM_SLACK, FROM_TELEGRAM = WAYS[::2], WAYS[1::2]
WORDS = "IPR <0.2 mm at UL2 & UR1 🦷"
"""Digits, signs, units, teeth and a character that Telegram counts as two: every one of these survives."""
LINK = "https://example.org/plan?a=1&b=2"
Piece = tuple[str, str]
"""What a stretch of text is shown as, and the text."""
STYLES = {"bold": "bold", "italic": "italic", "strike": "strikethrough", "underline": "underline", "code": "code"}
BLOCKS = {"quote": ("rich_text_quote", "blockquote"), "pre": ("rich_text_preformatted", "pre")}


async def says(side: Side, kind: str, words: str = WORDS) -> None:
    """Say words in one form, as the person's own app writes it."""
    if isinstance(side, SlackSide):
        await side.person.says(_typed_in_slack(kind, words), side.room)
        return
    before = "See: "
    entity: dict[str, Any] = {"offset": len(before), "length": len(words.encode("utf-16-le")) // 2}
    if kind == "link":
        entity |= {"type": "text_link", "url": LINK}
    elif kind == "spoiler":
        entity |= {"type": "spoiler"}
    elif kind in BLOCKS:
        entity |= {"type": BLOCKS[kind][1]}
    else:
        entity |= {"type": STYLES[kind]}
    await side.person.says(before + words, side.room, entities=[entity])  # type: ignore[attr-defined]


def _typed_in_slack(kind: str, words: str) -> list[dict[str, Any]]:
    text: dict[str, Any] = {"type": "text", "text": words}
    section: dict[str, Any] = {"type": "rich_text_section", "elements": [{"type": "text", "text": "See: "}]}
    elements = [section]
    if kind == "list":
        items = [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": one}]} for one in (words, "second")
        ]
        nested = [{"type": "rich_text_section", "elements": [{"type": "text", "text": "below it"}]}]
        elements.append({"type": "rich_text_list", "style": "ordered", "indent": 0, "elements": items})
        elements.append({"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": nested})
    elif kind in BLOCKS:
        elements.append({"type": BLOCKS[kind][0], "elements": [text]})
    elif kind == "link":
        section["elements"].append({"type": "link", "url": LINK, "text": words})
    elif kind == "mention":
        section["elements"].append({"type": "user", "user_id": "U0003"})
    elif kind == "emoji":
        section["elements"].append({"type": "emoji", "name": "tooth", "unicode": "1f9b7"})
    elif kind == "custom emoji":
        section["elements"].append({"type": "emoji", "name": "our_clinic"})
    elif kind == "colour":
        section["elements"].append({"type": "color", "value": "#A3C1AD"})
    else:
        section["elements"].append({**text, "style": {kind: True}})
    return [{"type": "rich_text", "elements": elements}]


def pieces(side: Side, message: Any) -> list[Piece]:
    """Every stretch of a message that is more than plain text, as the app's own data says."""
    if isinstance(side, SlackSide):
        blocks = [block for block in message.blocks if block["type"] == "rich_text"]
        return [piece for block in blocks for element in block["elements"] for piece in _in_slack(element)]
    units = message.text.encode("utf-16-le")
    names = {theirs: ours for ours, theirs in STYLES.items()} | {theirs: ours for ours, (_, theirs) in BLOCKS.items()}
    found = []
    for one in message.entities:
        text = units[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le")
        kind = f"link {one['url']}" if one["type"] == "text_link" else names.get(one["type"], one["type"])
        found.append((kind, text))
    return found


def _in_slack(element: dict[str, Any]) -> list[Piece]:
    inner = element["elements"]
    words = "".join(one.get("text", "") for one in inner if one["type"] in ("text", "link"))
    if element["type"] == "rich_text_list":
        return [("item", "".join(one.get("text", "") for one in item["elements"])) for item in inner]
    whole = {theirs: ours for ours, (theirs, _) in BLOCKS.items()}.get(element["type"])
    found = [(whole, words)] if whole else []
    for one in inner:
        if one["type"] == "link":
            found.append((f"link {one['url']}", one.get("text", "")))
        elif one["type"] in ("emoji", "color", "user"):
            found.append((one["type"], str(one.get("name") or one.get("value") or one.get("user_id"))))
        else:
            found += [(style, one["text"]) for style, on in one.get("style", {}).items() if on]
    return found


async def arrives(play: Theatre, kind: str, expected: Piece, seen: str = WORDS) -> None:
    """The dentist says it; in the specialist's app it is what was expected, and every character is there."""
    dentist, specialist = await play.rooms(await play.open_case())
    await says(dentist, kind)
    copy = await specialist.sees(seen)
    assert expected in pieces(specialist, copy), pieces(specialist, copy)


@pytest.mark.fidelity("Bold, italic, struck through, code, quote, code block, link")
@pytest.mark.parametrize("pair", WAYS)
async def test_formatting_that_both_have_arrives_as_it_is(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        for number, kind in enumerate(("bold", "italic", "strike", "code", "quote", "pre", "link")):
            words = f"{number}: {WORDS}"
            await says(dentist, kind, words)
            copy = await specialist.sees(words)
            shown = f"link {LINK}" if kind == "link" else kind
            assert (shown, words) in pieces(specialist, copy), (kind, pieces(specialist, copy))


@pytest.mark.fidelity("Underlined")
@pytest.mark.parametrize("pair", FROM_TELEGRAM)
async def test_underlined_arrives_as_it_is(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        await arrives(play, "underline", ("underline", WORDS))


@pytest.mark.fidelity("Hidden text (spoiler)")
@pytest.mark.parametrize("pair", ["telegram-telegram"])
async def test_hidden_text_stays_hidden(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        await arrives(play, "spoiler", ("spoiler", WORDS))


@pytest.mark.fidelity("Hidden text (spoiler)", how="in plain sight, its sender is told")
@pytest.mark.parametrize("pair", ["telegram-slack"])
async def test_hidden_text_is_shown_and_its_sender_is_told(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        for number in range(2):
            await says(dentist, "spoiler", f"{number}: {WORDS}")
            copy = await specialist.sees(f"{number}: {WORDS}")
            assert WORDS not in dict(pieces(specialist, copy)).values()
        await dentist.sees("Slack has no hidden text, so what you hid is plain to read there.")
        assert dentist.count("Slack has no hidden text") == 1


@pytest.mark.fidelity("Lists, also nested")
@pytest.mark.parametrize("pair", ["slack-slack"])
async def test_a_list_arrives_as_it_is(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await says(dentist, "list")
        copy = await specialist.sees("below it")
        assert [text for kind, text in pieces(specialist, copy) if kind == "item"] == [WORDS, "second", "below it"]


@pytest.mark.fidelity("Lists, also nested", how="as lines with their numbers and dots")
@pytest.mark.parametrize("pair", ["slack-telegram"])
async def test_a_list_arrives_as_lines(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await says(dentist, "list")
        copy = await specialist.sees("below it")
        lines = [line.strip() for line in specialist.words(copy).splitlines()[-3:]]
        assert lines == [f"1. {WORDS}", "2. second", "◦ below it"]


@pytest.mark.fidelity("Mention of somebody", how="as their name, nobody is called")
@pytest.mark.parametrize("pair", FROM_SLACK)
async def test_a_mention_arrives_as_a_name(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await says(dentist, "mention")
        copy = await specialist.sees("See: @Sam Reid")
        assert ("user", "U0003") not in pieces(specialist, copy)
        await dentist.sees("A name you call with @ is plain text on")
        assert isinstance(dentist, SlackSide)
        calls = [{"type": "user", "user_id": "U0009"}, {"type": "channel", "channel_id": "C0CAFE"}]
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": "Ask "}, *calls]}
        asked = await dentist.person.says([{"type": "rich_text", "elements": [section]}], dentist.room)
        await specialist.sees("Ask @somebody#a channel")
        await dentist.edits(asked, "Ask nobody")
        await specialist.sees("Ask nobody")


@pytest.mark.fidelity("Emoji of everybody's")
@pytest.mark.parametrize("pair", WAYS)
async def test_an_emoji_arrives_as_itself(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        if dentist.platform == "slack":
            await says(dentist, "emoji")
        else:
            await dentist.says("See: 🦷")
        copy = await specialist.sees("See: ")
        shown = ("emoji", "tooth") in pieces(specialist, copy) or "See: 🦷" in specialist.words(copy)
        assert shown, (specialist.words(copy), pieces(specialist, copy))


@pytest.mark.fidelity("Emoji of a workspace's own", how="as its name, its sender is told")
@pytest.mark.parametrize("pair", ["slack-telegram"])
async def test_a_custom_emoji_arrives_as_its_name(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await says(dentist, "custom emoji")
        await specialist.sees("See: :our_clinic:")
        await dentist.sees("arrives as its name")


@pytest.mark.fidelity("Colour")
@pytest.mark.parametrize("pair", ["slack-slack"])
async def test_a_colour_arrives_as_it_is(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await says(dentist, "colour")
        copy = await specialist.sees("#A3C1AD")
        assert ("color", "#A3C1AD") in pieces(specialist, copy)


@pytest.mark.fidelity("Colour", how="as its code, its sender is told")
@pytest.mark.parametrize("pair", ["slack-telegram"])
async def test_a_colour_arrives_as_its_code(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await says(dentist, "colour")
        await specialist.sees("See: #A3C1AD")
        await dentist.sees("Telegram shows a colour as its code.")


@pytest.mark.fidelity("Numbers, signs, units, teeth and markup signs", how="byte for byte")
@pytest.mark.parametrize("pair", WAYS)
async def test_figures_and_signs_arrive_byte_for_byte(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        words = "UL4 <0.2 mm & >−1.5° *not* _bold_ `x` ~y~ &amp; <b> 4⏌ 22–24 ≤ 0.25mm 👩🏽‍⚕️ é"
        await dentist.says(words)
        copy = await specialist.sees(words)
        assert specialist.words(copy).endswith(words)


@pytest.mark.fidelity("Text over one message's limit", how="in parts, none of it lost")
@pytest.mark.parametrize("pair", WAYS)
async def test_a_long_text_arrives_in_parts(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        points = [f"{number}: UL{number % 8 + 1} moves {number / 100:.2f} mm {WORDS}" for number in range(300)]
        if dentist.platform == "telegram":
            points = points[:65]  # what Telegram lets a person type at once
        await dentist.says("\n".join(points))
        await specialist.sees(points[-1])
        for point in points:
            await specialist.sees(point)


@pytest.mark.fidelity("Reaction", how="as a quoted line, said once")
@pytest.mark.parametrize("pair", WAYS)
async def test_a_reaction_arrives_as_a_quoted_line(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await specialist.says(WORDS)
        await dentist.reacts(await dentist.sees(WORDS))
        line = await specialist.sees("Dr Asha Patel reacted 👍 to #1")
        assert WORDS in specialist.words(line)


@pytest.mark.fidelity("Forwarded message", how="says that somebody else wrote it")
@pytest.mark.parametrize("pair", FROM_TELEGRAM)
async def test_what_is_forwarded_does_not_pass_for_its_senders_own_words(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        assert isinstance(dentist, TelegramSide)
        await dentist.person.forwards({"type": "hidden_user", "sender_user_name": "The lab"}, WORDS, dentist.room)
        copy = await specialist.sees(WORDS)
        assert specialist.words(copy).endswith(f"Forwarded, written by somebody else:\n{WORDS}")
        assert "The lab" not in specialist.words(copy)


@pytest.mark.fidelity("Reply to a part of a message", how="with the part in words below it")
@pytest.mark.parametrize("pair", FROM_TELEGRAM)
async def test_the_part_that_a_reply_is_about_arrives_and_outlives_an_edit(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        assert isinstance(dentist, TelegramSide)
        await specialist.says("Hold UL4 and UR5 for a week")
        asked = await dentist.sees("Hold UL4 and UR5")
        said = await dentist.person.says("Only this one?", dentist.room, asked, quote="UR5")
        copy = await specialist.sees("Only this one?")
        assert specialist.words(copy).endswith("Only this one?\nAbout these words: “UR5”")
        assert specialist.answers(copy)
        await dentist.marked(said)
        await dentist.edits(said, "Only that one?")
        copy = await specialist.sees("Only that one?")
        assert "Only that one?\nAbout these words: “UR5”" in specialist.words(copy)
