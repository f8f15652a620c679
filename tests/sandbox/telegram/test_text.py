"""Properties of text as Telegram treats it: entities keep their words through cleaning and trimming."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.telegram import ApiError
from bot.sandbox.telegram.markup import parsed
from bot.sandbox.telegram.text import check_entities, cleaned, found, prepared, units

TEXTS = st.text(st.sampled_from("ab \n\t\r😀é\N{RIGHT-TO-LEFT OVERRIDE}/@#."), min_size=1, max_size=30)


def part(text: str, offset: int, length: int) -> str:
    """What an entity covers, by UTF-16 units."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


@given(TEXTS, st.data())
def test_an_entity_keeps_its_words(text: str, data: st.DataObject) -> None:
    clean = cleaned(text)
    if not clean.strip():
        with pytest.raises(ApiError, match="message text is empty"):
            prepared(text, [], 4096, caption=False)
        return
    start = data.draw(st.integers(0, len(clean) - 1))
    end = data.draw(st.integers(start + 1, len(clean)))
    entity = {"type": "bold", "offset": units(clean[:start]), "length": units(clean[start:end])}
    covered = clean[start:end]
    if not clean[:end].strip():
        return  # nothing of it may be left
    shown, kept = prepared(text, [entity], 4096, caption=False)
    assert shown == shown.rstrip()
    bold = [one for one in kept if one["type"] == "bold"]
    if bold:
        assert part(shown, bold[0]["offset"], bold[0]["length"]).rstrip() == covered.rstrip()
    else:
        assert not covered.strip()


@given(TEXTS)
def test_what_telegram_finds_lies_on_whole_characters(text: str) -> None:
    entities = found(text)
    assert check_entities(text, entities) == entities
    for one in entities:
        assert part(text, one["offset"], one["length"])[0] in "/@#a"


@given(st.text(max_size=40), st.sampled_from(["HTML", "Markdown", "MarkdownV2"]))
def test_any_markup_is_refused_or_gives_sound_entities(text: str, mode: str) -> None:
    with contextlib.suppress(ApiError):
        plain, entities = parsed(text, mode)
        styled = [one for one in entities if one["type"] != "text_link" and one["length"]]
        assert len(check_entities(plain, styled)) == len(styled)


def test_a_hundred_entities_are_enough() -> None:
    entities = [{"type": "bold", "offset": place, "length": 1} for place in range(101)]
    assert len(check_entities("x" * 101, entities[:100])) == 100
    with pytest.raises(ApiError, match="ENTITIES_TOO_LONG"):
        check_entities("x" * 101, entities)
