"""Rich text through Slack's blocks and back, held against Slack's own schema where that is at hand."""

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from jsonschema import Draft7Validator

from bot.domain.degradation import degrade
from bot.domain.richtext import Kind, RichText
from bot.domain.richtext_spans import STYLES
from bot.platforms.slack.richtext import PART_LIMIT, PART_MEASURE, decode, escape, from_blocks, to_blocks
from tests.support.richtext import any_rich, chatter, documents, holds_for, inline, looks, texts

SPECS = Path(__file__).parents[3] / "shared" / "specs"
BOTH = (STYLES - {Kind.SPOILER}) | {Kind.CODE, Kind.LINK}
BLOCKS = frozenset({Kind.ITEM, Kind.PRE, Kind.QUOTE})


def _validator() -> Draft7Validator | None:
    file = SPECS / "slack_types_3.2.0.KnownBlocks.schema.json"
    return Draft7Validator(json.loads(file.read_text())) if file.exists() else None


VALIDATOR = _validator()


def elements(value: object) -> list[dict[str, Any]]:
    """Every element in the blocks, in order."""
    found: list[dict[str, Any]] = []
    if isinstance(value, dict):
        found = [value, *elements(value.get("elements", []))]
    elif isinstance(value, list):
        found = [each for part in value for each in elements(part)]
    return found


def flat(rich: RichText) -> str:
    return rich.text.replace("\n", "")


@holds_for(150, any_rich, soak=True)
def test_blocks_are_as_slack_defines_them(rich: RichText) -> None:
    blocks = to_blocks(rich)

    json.dumps(blocks).encode()
    if VALIDATOR is not None:
        assert not list(VALIDATOR.iter_errors(blocks))
    for element in elements(blocks):
        assert element.get("text") != ""
        assert element.get("style") != {}
        assert 0 <= element.get("indent", 0) <= 8
        assert element["type"] not in ("user", "usergroup", "channel", "broadcast", "team"), "nobody is called"


@holds_for(150, any_rich, soak=True)
def test_no_character_is_lost_on_the_way_through_slack(rich: RichText) -> None:
    back = from_blocks(to_blocks(rich))

    assert flat(back) == flat(degrade(rich, "slack").rich)


@holds_for(100, documents(frozenset(BOTH), BLOCKS), soak=True)
def test_what_slack_has_comes_back_the_same(rich: RichText) -> None:
    back = from_blocks(to_blocks(rich))

    kept = rich.text if not rich.text.endswith("\n") or back.text == rich.text else rich.text[:-1]
    assert back.text == kept
    assert looks(back) == looks(rich)[: len(kept)]
    assert from_blocks(to_blocks(back)) == back
    assert to_blocks(back) == to_blocks(rich)


@holds_for(150, inline(frozenset(BOTH)))
def test_a_line_comes_back_span_for_span(rich: RichText) -> None:
    assert from_blocks(to_blocks(rich)) == rich


@holds_for(60, st.integers(0, 10**9), any_rich)
def test_split_parts_fit_a_message(seed: int, rich: RichText) -> None:
    long = RichText(chatter(seed, 12_000)) + rich + RichText(chatter(seed + 1, 6_000), rich.spans)
    for part in long.split(PART_LIMIT, PART_MEASURE):
        assert len(json.dumps(to_blocks(part))) <= PART_LIMIT + 200


@holds_for(120, texts)
def test_escaped_text_reads_as_it_was_typed(text: str) -> None:
    clean = RichText(text).text

    assert decode(escape(clean)) == RichText(clean)
    assert "<" not in escape(clean)
    assert from_blocks([], escape(clean)) == RichText(clean)
    assert from_blocks(None, escape(clean)) == RichText(clean)


@holds_for(120, texts.filter(lambda text: not RichText(text).blank))
def test_escaped_blocks_are_known_by_the_escaped_text(text: str) -> None:
    clean = RichText(text).text
    raw = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [_text(clean)]}]}]
    escaped = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [_text(escape(clean))]}]}]

    assert from_blocks(raw, escape(clean)).text == clean
    assert from_blocks(escaped, escape(clean)).text == clean


def _text(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}


names = st.sampled_from(
    (
        "rich_text", "rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted", "text", "link",
        "user", "channel", "usergroup", "team", "broadcast", "emoji", "date", "color", "section", "header", "context",
        "table", "image", "markdown", "divider", "actions", "mrkdwn", "raw_text", "canvas", "message_mention", "tag",
    )
)  # fmt: skip
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True), st.text(max_size=8), names, st.just("1f9b7")
)
keys = st.sampled_from(
    (
        "type", "text", "elements", "style", "url", "user_id", "channel_id", "usergroup_id", "team_id", "range", "name",
        "unicode", "skin_tone", "timestamp", "format", "fallback", "value", "indent", "offset", "border", "rows",
        "fields", "language", "alt_text", "bold",
    )
)  # fmt: skip
junk = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=5)),
    max_leaves=25,
)


@holds_for(150, junk, junk, soak=True)
def test_rubbish_from_the_wire_never_raises(blocks: object, text: object) -> None:
    found = from_blocks(blocks, text)

    json.dumps(to_blocks(found)).encode()
    found.text.encode()


@holds_for(120, st.lists(st.dictionaries(keys, scalars, max_size=5), max_size=4), texts)
def test_words_survive_among_rubbish(rubbish: list[dict[str, Any]], text: str) -> None:
    clean = RichText(text).text
    element = {"type": "text", "text": clean}
    section = {"type": "rich_text_section", "elements": [*rubbish, element, *rubbish]}
    strange = {"type": "rich_text_novelty", "elements": [{"type": "novelty", "text": clean}]}

    assert clean in from_blocks([{"type": "rich_text", "elements": [section]}]).text
    assert clean in from_blocks([{"type": "rich_text", "elements": [strange]}]).text
    assert clean in from_blocks([*rubbish, {"type": "novelty", "text": {"text": clean}}]).text
