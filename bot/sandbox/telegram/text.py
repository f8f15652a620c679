"""Text as Telegram treats it: UTF-16 lengths, cleaning, trimming, entity checks and what it links by itself."""

import re
from typing import Any, Final

from bot.sandbox.telegram.errors import bad, illegal

Entity = dict[str, Any]

TEXT_LIMIT: Final = 4096
CAPTION_LIMIT: Final = 1024
ENTITY_LIMIT: Final = 100
STYLED: Final = frozenset(
    {"bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre"}
)
_LINKED: Final = frozenset({"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"})
# Which extra field an entity needs; any other extra field is a mistake.
_EXTRA: Final = {
    "text_link": "url",
    "text_mention": "user",
    "custom_emoji": "custom_emoji_id",
    "date_time": "unix_time",
}
_OPTIONAL: Final = {"pre": "language", "date_time": "date_time_format"}
_FOUND: Final = (
    ("url", re.compile(r"(?<![\w@])(?:https?://)[^\s<>\"]+[^\s<>\".,;:!?)]")),
    ("email", re.compile(r"(?<![\w.@])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("mention", re.compile(r"(?<![\w@.])@[A-Za-z]\w{3,31}")),
    ("bot_command", re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w+")),
)


def units(text: str) -> int:
    """Length in UTF-16 code units; a lone surrogate counts one."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def cleaned(text: str) -> str:
    """Without what the servers drop: carriage returns, line separators, bidi overrides; controls become spaces."""
    out = []
    for char in text:
        code = ord(char)
        if char == "\r" or 0x2028 <= code <= 0x202E:
            continue
        out.append(" " if code < 0x20 and char not in "\n\t" else char)
    return "".join(out)


def prepared(text: str, entities: list[Entity], limit: int, *, caption: bool) -> tuple[str, list[Entity]]:
    """The text as it is shown and its entities. Raises 400 for bad entities, empty or overlong text."""
    if any(0xD800 <= ord(char) <= 0xDFFF for char in text):
        raise bad("strings must be encoded in UTF-8")
    shown = cleaned(text)
    checked = check_entities(shown, entities)
    shown, checked = trimmed(shown, checked)
    if not shown and not caption:
        raise bad("message text is empty")
    if units(shown) > limit:
        raise bad("message caption is too long" if caption else "message is too long")
    return shown, _with_found(shown, checked)


def check_entities(text: str, entities: list[Entity]) -> list[Entity]:
    """The same entities in order, each inside the text and on whole characters. Raises 400 otherwise."""
    if len(entities) > ENTITY_LIMIT:
        raise bad("ENTITIES_TOO_LONG")
    starts, total = _boundaries(text)
    for entity in entities:
        kind, offset, length = entity["type"], entity["offset"], entity["length"]
        needed, optional = _EXTRA.get(kind), _OPTIONAL.get(kind)
        if kind not in STYLED | _LINKED and needed is None:
            raise illegal(f"can't parse MessageEntity: unknown type {kind}")
        extras = set(entity) - {"type", "offset", "length"}
        if (needed is not None and needed not in extras) or extras - {needed, optional}:
            raise illegal(f"can't parse MessageEntity: wrong fields for {kind}")
        if offset < 0 or length <= 0 or offset + length > total:
            raise illegal("ENTITY_BOUNDS_INVALID")
        if offset not in starts or offset + length not in starts:
            raise illegal("ENTITY_BOUNDS_INVALID: an entity splits a surrogate pair")
        if kind == "text_link" and not re.match(r"(https?|tg|tel|mailto|ton):", entity["url"]):
            raise bad("ENTITY_URL_INVALID")
    return sorted((dict(entity) for entity in entities), key=lambda one: (one["offset"], -one["length"]))


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without white space at the end, and at the start up to the first entity; entities moved and cut to fit."""
    text = text.rstrip()
    first = min((entity["offset"] for entity in entities), default=len(text))
    lead = 0
    while lead < min(first, len(text)) and text[lead] in " \n\t":
        lead += 1
    text = text[lead:]
    total = units(text)
    kept = []
    for entity in entities:
        start = entity["offset"] - lead
        length = min(entity["length"], total - start)
        if length > 0:
            kept.append({**entity, "offset": start, "length": length})
    return text, kept


def found(text: str) -> list[Entity]:
    """Links, commands, mentions and tags that Telegram marks by itself, as the people's own apps do."""
    taken: list[tuple[int, int]] = []
    entities = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            start, end = match.span()
            if all(end <= other or start >= until for other, until in taken):
                taken.append((start, end))
                entity = {"type": kind, "offset": units(text[:start]), "length": units(text[start:end])}
                entities.append(entity)
    return sorted(entities, key=lambda one: int(one["offset"]))


def _with_found(text: str, entities: list[Entity]) -> list[Entity]:
    """Given entities plus found ones, except inside code and links."""
    closed = [one for one in entities if one["type"] in {"code", "pre", "text_link", "text_mention"}]
    known = {(one["type"], one["offset"], one["length"]) for one in entities}
    extra = [
        one
        for one in found(text)
        if (one["type"], one["offset"], one["length"]) not in known
        and all(
            one["offset"] >= other["offset"] + other["length"] or one["offset"] + one["length"] <= other["offset"]
            for other in closed
        )
    ]
    return sorted(entities + extra, key=lambda one: (one["offset"], -one["length"]))


def _boundaries(text: str) -> tuple[set[int], int]:
    """UTF-16 offsets where a character starts or the text ends, and the total."""
    starts, place = {0}, 0
    for char in text:
        place += 2 if ord(char) > 0xFFFF else 1
        starts.add(place)
    return starts, place
