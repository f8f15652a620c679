"""Parse modes, only as far as needed to refuse bad markup as Telegram does and to show the plain text of good one."""

import html
import re
from typing import Any, Final

from bot.sandbox.telegram.errors import ApiError, bad
from bot.sandbox.telegram.text import Entity, units

_TAGS: Final = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "code": "code", "pre": "pre", "a": "text_link", "blockquote": "blockquote", "span": "spoiler",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)([^<>]*)>")
_ATTRIBUTE: Final = re.compile(r"([a-z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_MARKS: Final = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler", "`": "code"}
_RESERVED: Final = "_*[]()~`>#+-=|{}.!"


def parsed(text: str, mode: str) -> tuple[str, list[Entity]]:
    """Plain text and entities. Raises 400 for an unknown mode or markup Telegram cannot parse."""
    match mode.lower():
        case "html":
            return _html(text)
        case "markdownv2" | "markdown":
            return _markdown(text, strict=mode.lower() == "markdownv2")
    raise bad("unsupported parse_mode")


def _refused(text: str, place: int, why: str) -> ApiError:
    return bad(f"can't parse entities: {why} at byte offset {len(text[:place].encode())}")


def _html(text: str) -> tuple[str, list[Entity]]:
    plain, entities, place = "", list[Entity](), 0
    opened: list[tuple[str, Entity]] = []
    while place < len(text):
        if text[place] != "<":
            end = text.find("<", place)
            end = len(text) if end < 0 else end
            plain += html.unescape(text[place:end])
            place = end
            continue
        tag = _TAG.match(text, place)
        if tag is None or tag[2].lower() not in _TAGS:
            name = tag[2] if tag else text[place + 1 : place + 9]
            raise _refused(text, place, f'unsupported start tag "{name}"')
        name = tag[2].lower()
        if tag[1]:
            if not opened or opened[-1][0] != name:
                raise _refused(text, place, f'unexpected end tag "{name}"')
            entity = opened.pop()[1]
            entity["length"] = units(plain) - entity["offset"]
            if entity["length"]:
                entities.append(entity)
        else:
            attributes = {one[1]: one[2] or one[3] or one[4] or "" for one in _ATTRIBUTE.finditer(tag[3])}
            entity = {"type": _TAGS[name], "offset": units(plain), "length": 0}
            entity |= _extra(name, attributes)
            opened.append((name, entity))
        place = tag.end()
    if opened:
        raise bad(f"can't parse entities: can't find end tag corresponding to start tag \"{opened[-1][0]}\"")
    return plain, entities


def _extra(name: str, attributes: dict[str, str]) -> dict[str, Any]:
    if name == "a":
        return {"url": html.unescape(attributes.get("href", ""))}
    if name == "tg-emoji":
        return {"custom_emoji_id": attributes.get("emoji-id", "")}
    return {}


def _markdown(text: str, *, strict: bool) -> tuple[str, list[Entity]]:
    plain, entities, place = "", list[Entity](), 0
    opened: list[tuple[str, Entity, int]] = []
    while place < len(text):
        char = text[place]
        if char == "\\" and place + 1 < len(text):
            plain, place = plain + text[place + 1], place + 2
            continue
        mark = next((one for one in ("```", "||", "__", *"*_~`") if text.startswith(one, place)), "")
        if mark == "```" or (mark == "`"):
            end = text.find(mark, place + len(mark))
            if end < 0:
                raise _refused(text, place, "can't find end of the entity starting")
            inner = text[place + len(mark) : end]
            kind = "pre" if mark == "```" else "code"
            entities.append({"type": kind, "offset": units(plain), "length": units(inner)})
            plain, place = plain + inner, end + len(mark)
        elif mark and (strict or mark in "*_"):
            if opened and opened[-1][0] == mark:
                _, entity, _ = opened.pop()
                entity["length"] = units(plain) - entity["offset"]
                entities.append(entity)
            else:
                opened.append((mark, {"type": _MARKS[mark], "offset": units(plain), "length": 0}, place))
            place += len(mark)
        elif char == "[" and (link := re.compile(r"\[([^\]]*)\]\(([^)]*)\)").match(text, place)):
            entity = {"type": "text_link", "offset": units(plain), "length": units(link[1]), "url": link[2]}
            entities.append(entity)
            plain, place = plain + link[1], link.end()
        elif strict and char in _RESERVED:
            raise bad(
                f"can't parse entities: character '{char}' is reserved and must be escaped with the preceding '\\'"
            )
        elif not strict and char == "[":
            raise _refused(text, place, "can't find end of the entity starting")
        else:
            plain, place = plain + char, place + 1
    if opened:
        raise _refused(text, opened[-1][2], "can't find end of the entity starting")
    return plain, entities
