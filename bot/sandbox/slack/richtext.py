"""Rich text as Slack carries it: its shape, and the ways between it and plain words."""

import html
import re
from typing import Final

from bot.sandbox.slack.errors import JSON
from bot.sandbox.slack.shapes import Check, array, choice, flag, number, record, string, tagged

STYLE: Final = record({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), flag))
_styled = {"style": STYLE}


def _inline(tag: str, required: dict[str, Check], **optional: Check) -> dict[str, Check]:
    return {tag: record({"type": choice(tag), **required}, {**optional, **_styled})}


_TEXT = _inline("text", {"text": string(shortest=1)})
_LINK = _inline("link", {"url": string(3000, 1)}, text=string(), unsafe=flag)
_INLINE = tagged(
    {
        **_TEXT,
        **_LINK,
        **_inline("user", {"user_id": string(shortest=1)}),
        **_inline("channel", {"channel_id": string(shortest=1)}),
        **_inline("usergroup", {"usergroup_id": string(shortest=1)}),
        **_inline("team", {"team_id": string(shortest=1)}),
        **_inline("broadcast", {"range": choice("here", "channel", "everyone")}),
        **_inline("emoji", {"name": string(shortest=1)}, unicode=string(), url=string(), skin_tone=number(1, 6)),
        **_inline("color", {"value": string(shortest=1)}),
        **_inline(
            "date",
            {"timestamp": number(), "format": string(shortest=1)},
            fallback=string(),
            url=string(),
        ),
    }
)
_BORDER = {"border": choice(0, 1)}
_SECTION = record({"type": choice("rich_text_section"), "elements": array(_INLINE)})
_QUOTE = record({"type": choice("rich_text_quote"), "elements": array(_INLINE)}, _BORDER)
_CODE = record(
    {"type": choice("rich_text_preformatted"), "elements": array(tagged({**_TEXT, **_LINK}))},
    {**_BORDER, "language": string()},
)
_LIST = record(
    {
        "type": choice("rich_text_list"),
        "elements": array(tagged({"rich_text_section": _SECTION}), 1),
        "style": choice("bullet", "ordered"),
    },
    {**_BORDER, "indent": number(0, 8), "offset": number(0)},
)
_PART = tagged(
    {
        "rich_text_section": _SECTION,
        "rich_text_list": _LIST,
        "rich_text_quote": _QUOTE,
        "rich_text_preformatted": _CODE,
    }
)
RICH_TEXT: Final = record({"type": choice("rich_text"), "elements": array(_PART, 1)}, {"block_id": string(255, 1)})

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")


def from_plain(text: str, block_id: str) -> JSON:
    """The rich_text block Slack's own clients make of what a person typed; `<@U1>` becomes a mention."""
    elements: list[JSON] = []
    for place, part in enumerate(_MENTION.split(text)):
        if place % 2:
            elements.append({"type": "user", "user_id": part})
        elif part:
            elements.append({"type": "text", "text": part})
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def to_mrkdwn(block: JSON) -> str:
    """The top-level `text` Slack gives a message beside its rich_text block (escaped, lightly marked up)."""
    parts = []
    for element in block["elements"]:
        if element["type"] == "rich_text_list":
            marks = (f"{n}. " if element["style"] == "ordered" else "• " for n in range(1, 10_000))
            lines = [mark + _mrkdwn(item) for mark, item in zip(marks, element["elements"], strict=False)]
            parts.append("\n".join(lines))
        elif element["type"] == "rich_text_preformatted":
            parts.append(f"```{_mrkdwn(element)}```")
        elif element["type"] == "rich_text_quote":
            parts.append("\n".join("&gt; " + line for line in _mrkdwn(element).split("\n")))
        else:
            parts.append(_mrkdwn(element))
    return "\n".join(part.rstrip("\n") for part in parts)


def _mrkdwn(element: JSON) -> str:
    return "".join(_marked(one) for one in element["elements"])


def _marked(one: JSON) -> str:
    match one["type"]:
        case "text":
            words = html.escape(one["text"], quote=False)
        case "link":
            shown = "|" + html.escape(one["text"], quote=False) if one.get("text") else ""
            words = f"<{one['url']}{shown}>"
        case "user":
            words = f"<@{one['user_id']}>"
        case "channel":
            words = f"<#{one['channel_id']}>"
        case "broadcast":
            words = f"<!{one['range']}>"
        case "emoji":
            words = f":{one['name']}:"
        case other:
            words = str(one.get("fallback") or one.get("value") or other)
    style = one.get("style") or {}
    for name, mark in (("code", "`"), ("strike", "~"), ("italic", "_"), ("bold", "*")):
        words = f"{mark}{words}{mark}" if style.get(name) else words
    return words


def to_plain(block: JSON) -> str:
    """What a person reads in a rich_text block, without any markup."""
    lines = []
    for element in block["elements"]:
        if element["type"] == "rich_text_list":
            for n, item in enumerate(element["elements"], 1 + int(element.get("offset", 0))):
                mark = f"{n}. " if element["style"] == "ordered" else "• "
                lines.append("  " * int(element.get("indent", 0)) + mark + _words(item))
        elif element["type"] == "rich_text_quote":
            lines.append("\n".join("> " + line for line in _words(element).split("\n")))
        else:
            lines.append(_words(element))
    return "\n".join(line.rstrip("\n") for line in lines)


def _words(element: JSON) -> str:
    return "".join(_plain(one) for one in element["elements"])


def _plain(one: JSON) -> str:
    match one["type"]:
        case "text":
            return str(one["text"])
        case "link":
            return str(one.get("text") or one["url"])
        case "user":
            return f"@{one['user_id']}"
        case "channel":
            return f"#{one['channel_id']}"
        case "broadcast":
            return f"@{one['range']}"
        case "emoji":
            return f":{one['name']}:"
        case _:
            return str(one.get("fallback") or one.get("value") or "")


def mentions(block: JSON, user: str) -> bool:
    """Whether a rich_text block notifies this person (by name or by a broadcast)."""
    for element in block["elements"]:
        rows = element["elements"] if element["type"] == "rich_text_list" else [element]
        for one in (inline for row in rows for inline in row["elements"]):
            if one["type"] == "broadcast" or (one["type"] == "user" and one["user_id"] == user):
                return True
    return False
