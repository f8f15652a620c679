"""Rich text through Telegram's entities and back, held against the Bot API's own definition where that is at hand."""

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from bot.domain.degradation import degrade, fit
from bot.domain.richtext import Kind, RichText, bold, line, plain
from bot.domain.richtext_spans import STYLES
from bot.platforms.slack.richtext import from_blocks, to_blocks
from bot.platforms.telegram.richtext import ENTITY_LIMIT, from_message, to_entities
from tests.support.richtext import any_rich, documents, holds_for, looks, texts

SPECS = Path(__file__).parents[3] / "shared" / "specs"
KINDS = frozenset(STYLES | {Kind.LINK})
BLOCKS = frozenset({Kind.PRE, Kind.QUOTE, Kind.EXPANDABLE, Kind.ITEM})
BOTH = frozenset((STYLES - {Kind.SPOILER}) | {Kind.LINK})


def _fields() -> dict[str, Any]:
    files = list(SPECS.glob("tg-bot-api-10.0*.json"))
    if not files:
        return {}
    types: dict[str, Any] = json.loads(files[0].read_text())["types"]
    return {name: {field["name"]: field for field in types[name]["fields"]} for name in ("MessageEntity", "User")}


FIELDS = _fields()
PYTHON = {"String": str, "Integer": int, "Boolean": bool}


def assert_defined(value: dict[str, Any], name: str) -> None:
    """The object has the fields that the Bot API gives this type, and no other."""
    if not FIELDS:
        return
    for key, part in value.items():
        (kind,) = FIELDS[name][key]["types"]
        if kind in PYTHON:
            assert type(part) is PYTHON[kind]
        else:
            assert_defined(part, kind)
    assert all(key in value for key, field in FIELDS[name].items() if field["required"])


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, entity: dict[str, Any]) -> str:
    """The words an entity covers; fails if it parts a surrogate pair."""
    start = 2 * entity["offset"]
    return text.encode("utf-16-le")[start : start + 2 * entity["length"]].decode("utf-16-le")


def blankless(text: str) -> str:
    return text.rstrip("".join(map(chr, range(33))) + "\u2028\u2029\u202a\u202b\u202c\u202d\u202e")


@holds_for(150, any_rich, soak=True)
def test_entities_are_as_telegram_defines_them(rich: RichText) -> None:
    text, entities = to_entities(rich)

    assert text == blankless(degrade(rich, "telegram").rich.text)
    assert len(entities) <= ENTITY_LIMIT
    for entity in entities:
        assert_defined(entity, "MessageEntity")
        assert entity["offset"] >= 0
        assert entity["length"] > 0
        assert entity["offset"] + entity["length"] <= utf16(text)
        assert cut(text, entity)
        assert entity["type"] != "text_mention", "nobody is called"


@holds_for(150, any_rich, soak=True)
def test_entities_nest(rich: RichText) -> None:
    _, entities = to_entities(rich)
    for one in entities:
        for other in entities:
            if one is other:
                continue
            start, end = other["offset"], other["offset"] + other["length"]
            first, last = one["offset"], one["offset"] + one["length"]
            if end <= first or last <= start:
                continue
            assert (first <= start and end <= last) or (start <= first and last <= end), "one within the other"
            kinds = {one["type"], other["type"]}
            assert one["type"] != other["type"]
            if kinds & {"pre", "code"}:
                assert kinds & {"blockquote", "expandable_blockquote"}, "code lies in nothing but a quote"
            if one["type"] in ("blockquote", "expandable_blockquote"):
                assert first <= start and end <= last, "a quote is the outermost"  # noqa: PT018


@holds_for(150, any_rich, soak=True)
def test_no_character_is_lost_on_the_way_through_telegram(rich: RichText) -> None:
    text, entities = to_entities(rich)

    assert from_message(text, entities).text == blankless(degrade(rich, "telegram").rich.text)


@holds_for(100, documents(KINDS, BLOCKS, bullets=True), soak=True)
def test_what_telegram_has_comes_back_the_same(rich: RichText) -> None:
    text, entities = to_entities(rich)
    back = from_message(text, entities)

    kept = degrade(rich, "telegram").rich.slice(0, len(text))
    shown = KINDS | {Kind.PRE, Kind.QUOTE, Kind.EXPANDABLE}
    assert looks(back, shown) == looks(kept, shown, like=back)
    assert to_entities(back) == (text, entities)


@holds_for(80, documents(BOTH, frozenset({Kind.PRE, Kind.QUOTE, Kind.ITEM}), bullets=True), soak=True)
def test_what_both_have_survives_both(rich: RichText) -> None:
    """Slack to Telegram to Slack, and the other way round."""
    there = from_message(*to_entities(from_blocks(to_blocks(rich))))
    seen = degrade(rich, "telegram").rich.slice(0, len(there))

    assert there.text == seen.text
    shared = BOTH | {Kind.PRE, Kind.QUOTE}
    assert looks(there, shared) == looks(seen, shared, like=there)
    again = from_message(*to_entities(from_blocks(to_blocks(there))))
    assert looks(again, shared) == looks(there, shared, like=again)


@holds_for(120, any_rich, st.integers(0, 130))
def test_fitted_parts_fit_a_message(rich: RichText, count: int) -> None:
    busy = line(*(bold(str(n)) if n % 2 else plain("x ") for n in range(2 * count)))
    parts, losses = fit(rich + busy + "🦷" * 50, "telegram", 900, "utf16")

    assert losses or "".join(part.text for part in parts) == rich.text + busy.text + "🦷" * 50
    for part in parts:
        text, entities = to_entities(part)
        assert utf16(text) <= 900
        assert text == blankless(part.text)
        assert len(entities) <= ENTITY_LIMIT
    shown = sum(entity["type"] == "bold" for part in parts for entity in to_entities(part)[1])
    assert shown >= count, "none of the many is passed over"


kinds = st.sampled_from(
    (
        "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold", "italic", "underline",
        "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre", "text_link", "text_mention",
        "custom_emoji", "date_time", "novelty", "",
    )
)  # fmt: skip
scalars = st.one_of(st.none(), st.booleans(), st.integers(-40, 80), st.floats(), st.text(max_size=5), st.integers())
rubbish_entity = st.one_of(
    scalars,
    st.fixed_dictionaries(
        {"type": st.one_of(kinds, scalars), "offset": scalars, "length": scalars},
        optional={
            "url": scalars,
            "language": scalars,
            "user": st.one_of(scalars, st.dictionaries(st.just("id"), scalars)),
            "custom_emoji_id": scalars,
            "unix_time": scalars,
            "date_time_format": st.one_of(scalars, st.sampled_from(("r", "wDT", "dt", "w", "tt"))),
        },
    ),
)


@holds_for(150, st.one_of(texts, scalars), st.one_of(scalars, st.lists(rubbish_entity, max_size=8)), soak=True)
def test_rubbish_from_the_wire_never_raises_nor_loses_a_word(text: object, entities: object) -> None:
    found = from_message(text, entities)

    assert found.text == (RichText(text).text if isinstance(text, str) else "")
    to_entities(found)
    to_blocks(found)


@holds_for(150, texts, st.integers(0, 60), st.integers(1, 60))
def test_offsets_count_as_telegram_counts(text: str, offset: int, length: int) -> None:
    clean = RichText(text).text
    found = from_message(clean, [{"type": "bold", "offset": offset, "length": length}])

    for span in found.spans:
        if span.kind is Kind.BOLD:
            before, through = utf16(clean[: span.start]), utf16(clean[: span.end])
            assert before in (offset, offset - 1)
            assert through in (offset + length, offset + length + 1, utf16(clean))
