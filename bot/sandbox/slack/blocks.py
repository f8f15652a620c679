"""Block Kit's blocks on each surface, held to Slack's rules; and what a person reads in them."""

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any, Final

from bot.sandbox.slack import richtext
from bot.sandbox.slack.elements import (
    ACCESSORIES,
    ACTIONS,
    IMAGE,
    IMAGE_SOURCE,
    INPUTS,
    SLACK_FILE,
    plain,
    text_object,
)
from bot.sandbox.slack.errors import JSON
from bot.sandbox.slack.shapes import Check, all_of, array, choice, flag, record, string, tagged

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
BLOCKS_PAYLOAD: Final = 13_000  # characters of JSON; seen to fail "near 13,000"
MARKDOWN_TOTAL: Final = 12_000


class Surface(StrEnum):
    """Where blocks are shown."""

    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


def _block(required: dict[str, Check] | None = None, **optional: Check) -> Check:
    return record({"type": string(), **(required or {})}, {"block_id": string(255, 1), **optional})


def _text_or_fields(value: Any, path: str) -> Iterator[str]:
    if "text" not in value and "fields" not in value:
        yield f"needs text or fields [json-pointer:{path}]"


_COMMON: Final[dict[str, Check]] = {
    "rich_text": richtext.RICH_TEXT,
    "section": all_of(
        _block(
            text=text_object(3000),
            fields=array(text_object(2000), 1, 10),
            accessory=tagged(ACCESSORIES),
            expand=flag,
        ),
        _text_or_fields,
    ),
    "context": _block(
        {
            "elements": array(
                tagged({"image": IMAGE, "plain_text": text_object(3000), "mrkdwn": text_object(3000)}), 1, 10
            )
        }
    ),
    "actions": _block({"elements": array(tagged(ACTIONS), 1, 25)}),
    "header": _block({"text": plain(150)}),
    "divider": _block(),
    "image": all_of(
        _block({"alt_text": string(2000, 1)}, image_url=string(3000, 1), slack_file=SLACK_FILE, title=plain(2000)),
        IMAGE_SOURCE,
    ),
    "input": _block(
        {"label": plain(2000), "element": tagged(INPUTS)},
        hint=plain(2000),
        optional=flag,
        dispatch_action=flag,
    ),
}
_ONLY_IN_MESSAGES: Final[dict[str, Check]] = {
    "markdown": _block({"text": string(MARKDOWN_TOTAL, 1)}),
    "file": _block({"external_id": string(255, 1), "source": choice("remote")}),
}
_SHAPES: Final = {
    Surface.MESSAGE: array(tagged({**_COMMON, **_ONLY_IN_MESSAGES}), 0, MESSAGE_BLOCKS),
    Surface.MODAL: array(tagged(_COMMON), 0, VIEW_BLOCKS),
    Surface.HOME: array(tagged(_COMMON), 0, VIEW_BLOCKS),
}


def problems(blocks: Any, surface: Surface) -> list[str]:
    """What Slack would refuse in these blocks; [] when it would show them."""
    found = list(_SHAPES[surface](blocks, "/blocks"))
    if found:
        return found
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        found.append("block_id already exists [json-pointer:/blocks]")
    for place, block in enumerate(blocks):
        actions = [one["action_id"] for one in interactive(block) if "action_id" in one]
        if len(actions) != len(set(actions)):
            found.append(f"action_id already exists [json-pointer:/blocks/{place}]")
        if surface is not Surface.MODAL and block["type"] == "input" and block["element"]["type"] == "file_input":
            found.append(f"unsupported type: file_input [json-pointer:/blocks/{place}/element]")
    written = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if written > MARKDOWN_TOTAL:
        found.append(f"markdown blocks hold {written} characters of {MARKDOWN_TOTAL} [json-pointer:/blocks]")
    return found


def too_long(blocks: Sequence[JSON]) -> bool:
    """Whether the payload is beyond what Slack takes in one message."""
    return len(json.dumps(blocks, separators=(",", ":"), ensure_ascii=False)) > BLOCKS_PAYLOAD


def with_ids(blocks: Sequence[JSON], fresh: Iterator[str]) -> list[JSON]:
    """A copy with a block_id on every block and an action_id on every element, as Slack adds them."""
    copies: list[JSON] = json.loads(json.dumps(blocks))
    for block in copies:
        block.setdefault("block_id", next(fresh))
        for one in interactive(block):
            one.setdefault("action_id", next(fresh))
    return copies


def interactive(block: JSON) -> list[JSON]:
    """The elements of one block that a person can act on."""
    match block["type"]:
        case "actions":
            return list(block["elements"])
        case "section" if "accessory" in block and block["accessory"]["type"] != "image":
            return [block["accessory"]]
        case "input":
            return [block["element"]]
        case _:
            return []


def label(element: JSON) -> str:
    """The words on a button, else the placeholder or the options of a menu."""
    if "text" in element:
        return str(element["text"]["text"])
    if "placeholder" in element:
        return str(element["placeholder"]["text"])
    return " / ".join(str(option["text"]["text"]) for option in element.get("options", []))


def flatten(blocks: Sequence[JSON]) -> str:
    """What a person reads in these blocks, a line or more each; buttons as `[Label]`."""
    return "\n".join(words for block in blocks if (words := _words(block)))


def _words(block: JSON) -> str:
    match block["type"]:
        case "rich_text":
            return richtext.to_plain(block)
        case "section":
            lines = [block["text"]["text"]] if "text" in block else []
            lines += [field["text"] for field in block.get("fields", [])]
            return "\n".join([*lines, *(f"[{label(one)}]" for one in interactive(block))])
        case "context":
            return " ".join(one.get("text") or one.get("alt_text", "") for one in block["elements"])
        case "actions":
            return " ".join(f"[{label(one)}]" for one in block["elements"])
        case "header":
            return str(block["text"]["text"])
        case "markdown":
            return str(block["text"])
        case "image":
            return f"[image: {block['alt_text']}]"
        case "input":
            return str(block["label"]["text"])
        case _:
            return ""
