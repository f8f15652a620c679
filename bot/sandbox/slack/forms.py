"""How a person fills in Block Kit's inputs: the state kept, and what Slack's client says first."""

import re
from collections.abc import Sequence
from typing import Any, Final

from bot.sandbox.slack import richtext
from bot.sandbox.slack.errors import JSON, CannotDoError

_VALUE_KEY: Final = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "radio_buttons": "selected_option",
    "multi_static_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "file_input": "files",
}
_INITIAL: Final = {
    "value": "initial_value",
    "rich_text_value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
}
_MANY: Final = {"selected_options", "selected_users", "selected_conversations", "files"}
REQUIRED: Final = "Please complete this required field."


def keeps_state(element: JSON) -> bool:
    """Whether an element holds a value (buttons and overflow menus do not)."""
    return element["type"] in _VALUE_KEY


def initial(element: JSON) -> JSON:
    """The state of an element nobody touched."""
    key = _VALUE_KEY[element["type"]]
    empty: Any = [] if key in _MANY else None
    return {"type": element["type"], key: element.get(_INITIAL.get(key, ""), empty)}


def filled(element: JSON, value: Any) -> JSON:
    """The state after a person entered `value`; options are named by label or value; None empties it."""
    kind = element["type"]
    key = _VALUE_KEY[kind]
    if value is None:
        return {"type": kind, key: [] if key in _MANY else None}
    if key == "selected_option":
        return {"type": kind, key: option(element, value)}
    if key == "selected_options":
        chosen = [value] if isinstance(value, str) else list(value)
        most = element.get("max_selected_items")
        if most is not None and len(chosen) > most:
            raise CannotDoError(f"at most {most} can be chosen")
        return {"type": kind, key: [option(element, one) for one in chosen]}
    if kind == "rich_text_input":
        block = richtext.from_plain(value, "input") if isinstance(value, str) else value
        return {"type": kind, key: block}
    if kind in ("plain_text_input", "number_input", "email_text_input", "url_text_input"):
        return {"type": kind, key: str(value) or None}
    return {"type": kind, key: value}


def options(element: JSON) -> list[JSON]:
    """Everything a menu offers, groups included."""
    offered = list(element.get("options", []))
    for group in element.get("option_groups", []):
        offered += group["options"]
    return offered


def option(element: JSON, named: str) -> JSON:
    """The offered option with this label or value; else the one whose label holds the words."""
    offered = options(element)
    exact = [one for one in offered if named in (one["text"]["text"], one["value"])]
    found = exact or [one for one in offered if named.lower() in one["text"]["text"].lower()]
    if len(found) != 1:
        labels = ", ".join(repr(one["text"]["text"]) for one in offered)
        raise CannotDoError(f"{named!r} fits {len(found)} of the options {labels}")
    return found[0]


def complaint(block: JSON, state: JSON) -> str | None:
    """What Slack's client itself shows under an input before anything is sent to the app."""
    element = block["element"]
    key = _VALUE_KEY[element["type"]]
    value = state[key]
    if value in (None, [], ""):
        return None if block.get("optional") else REQUIRED
    match element["type"]:
        case "plain_text_input":
            return _length(value, element.get("min_length", 0), element.get("max_length", 3000))
        case "number_input":
            return _number(value, element)
        case "email_text_input":
            return None if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) else "Please enter a valid email address."
        case "url_text_input":
            return None if re.fullmatch(r"https?://\S+\.\S+", value) else "Please enter a valid URL."
        case "datepicker":
            return None if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) else "Please enter a valid date."
        case _:
            return None


def _length(value: str, least: int, most: int) -> str | None:
    if len(value) < least:
        return f"Please enter at least {least} characters."
    if len(value) > most:
        return f"Please enter at most {most} characters."
    return None


def _number(value: str, element: JSON) -> str | None:
    whole = r"-?\d+" if not element["is_decimal_allowed"] else r"-?\d+(\.\d+)?"
    if not re.fullmatch(whole, value):
        return "Please enter a valid number."
    number = float(value)
    if "min_value" in element and number < float(element["min_value"]):
        return f"Please enter a number of {element['min_value']} or more."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Please enter a number of {element['max_value']} or less."
    return None


def label_of(block: JSON) -> str:
    """The words above an input block."""
    return str(block["label"]["text"])


def find_input(blocks: Sequence[JSON], named: str) -> JSON:
    """The input block with this block_id, or whose label is or holds these words."""
    inputs = [block for block in blocks if block["type"] == "input"]
    found = [block for block in inputs if named in (block["block_id"], label_of(block))]
    found = found or [block for block in inputs if named.lower() in label_of(block).lower()]
    if len(found) != 1:
        labels = ", ".join(repr(label_of(block)) for block in inputs)
        raise CannotDoError(f"{named!r} fits {len(found)} of the inputs {labels}")
    return found[0]
