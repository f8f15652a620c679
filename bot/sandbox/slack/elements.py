"""Block Kit's elements and composition objects: the shape and limits of buttons, menus, inputs."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.sandbox.slack.richtext import RICH_TEXT
from bot.sandbox.slack.shapes import (
    Check,
    all_of,
    array,
    choice,
    exactly_one,
    flag,
    number,
    record,
    string,
    tagged,
)


def plain(longest: int) -> Check:
    """A plain_text object."""
    return record({"type": choice("plain_text"), "text": string(longest, 1)}, {"emoji": flag})


def text_object(longest: int) -> Check:
    """A plain_text or mrkdwn object."""
    mrkdwn = record({"type": choice("mrkdwn"), "text": string(longest, 1)}, {"verbatim": flag})
    return tagged({"plain_text": plain(longest), "mrkdwn": mrkdwn})


def pattern(expression: str) -> Check:
    """A string that matches whole."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str) or not re.fullmatch(expression, value):
            yield f"failed to match {expression} [json-pointer:{path}]"

    return check


DATE: Final = pattern(r"\d{4}-\d{2}-\d{2}")
TIME: Final = pattern(r"([01]\d|2[0-3]):[0-5]\d")
USER: Final = pattern(r"[UW][A-Z0-9]+")
CONVERSATION: Final = pattern(r"[CDGUW][A-Z0-9]+")
STYLE: Final = choice("primary", "danger")
ACTION_ID: Final = string(255, 1)
CONFIRM: Final = record(
    {"text": text_object(300)},
    {"title": plain(100), "confirm": plain(30), "deny": plain(30), "style": STYLE},
)
PLACEHOLDER: Final = plain(150)
OPTION: Final = record({"text": text_object(75), "value": string(150, 1)}, {"description": text_object(75)})
PLAIN_OPTION: Final = record({"text": plain(75), "value": string(150, 1)}, {"description": plain(75)})
OVERFLOW_OPTION: Final = record(
    {"text": plain(75), "value": string(150, 1)}, {"description": plain(75), "url": string(3000)}
)
GROUP: Final = record({"label": plain(75), "options": array(PLAIN_OPTION, 1, 100)})
FILTER: Final = record(
    {},
    {
        "include": array(choice("im", "mpim", "private", "public"), 1),
        "exclude_bot_users": flag,
        "exclude_external_shared_channels": flag,
    },
)
DISPATCH: Final = record({"trigger_actions_on": array(choice("on_enter_pressed", "on_character_entered"), 1, 2)})
IMAGE_SOURCE: Final = exactly_one("image_url", "slack_file")
SLACK_FILE: Final = all_of(record({}, {"id": string(shortest=1), "url": string(shortest=1)}), exactly_one("id", "url"))


def _element(required: Mapping[str, Check] | None = None, /, **optional: Check) -> Check:
    """`type` is checked by the table that names it; every element may carry an action_id."""
    return record({"type": string(), **(required or {})}, {"action_id": ACTION_ID, **optional})


def _field(**optional: Check) -> Check:
    return _element(placeholder=PLACEHOLDER, focus_on_load=flag, **optional)


def _menu(**optional: Check) -> Check:
    return _field(confirm=CONFIRM, **optional)


def _static(**optional: Check) -> Check:
    shape = _menu(options=array(PLAIN_OPTION, 1, 100), option_groups=array(GROUP, 1, 100), **optional)
    return all_of(shape, exactly_one("options", "option_groups"), _initial_is_offered)


def _initial_is_offered(value: Any, path: str) -> Iterator[str]:
    """An initial option must be one of the options, exactly."""
    offered = list(value.get("options", []))
    for group in value.get("option_groups", []):
        offered += group["options"]
    chosen = [value["initial_option"]] if "initial_option" in value else value.get("initial_options", [])
    if any(one not in offered for one in chosen):
        yield f"initial option is not among the options [json-pointer:{path}]"


_MAXIMUM = number(1)
_ticks = all_of(
    _element(
        {"options": array(OPTION, 1, 10)},
        initial_options=array(OPTION, 1, 10),
        confirm=CONFIRM,
        focus_on_load=flag,
    ),
    _initial_is_offered,
)
_radios = all_of(
    _element({"options": array(OPTION, 1, 10)}, initial_option=OPTION, confirm=CONFIRM, focus_on_load=flag),
    _initial_is_offered,
)

IMAGE: Final = all_of(
    record(
        {"type": choice("image"), "alt_text": string(2000, 1)},
        {"image_url": string(3000, 1), "slack_file": SLACK_FILE},
    ),
    IMAGE_SOURCE,
)
BUTTON: Final = _element(
    {"text": plain(75)},
    url=string(3000),
    value=string(2000),
    style=STYLE,
    confirm=CONFIRM,
    accessibility_label=string(75),
)

MENUS: Final[dict[str, Check]] = {
    "static_select": _static(initial_option=PLAIN_OPTION),
    "multi_static_select": _static(initial_options=array(PLAIN_OPTION, 1, 100), max_selected_items=_MAXIMUM),
    "users_select": _menu(initial_user=USER),
    "multi_users_select": _menu(initial_users=array(USER, 1), max_selected_items=_MAXIMUM),
    "conversations_select": _menu(
        initial_conversation=CONVERSATION,
        default_to_current_conversation=flag,
        filter=FILTER,
        response_url_enabled=flag,
    ),
    "multi_conversations_select": _menu(
        initial_conversations=array(CONVERSATION, 1),
        default_to_current_conversation=flag,
        filter=FILTER,
        max_selected_items=_MAXIMUM,
    ),
    "channels_select": _menu(initial_channel=CONVERSATION, response_url_enabled=flag),
    "checkboxes": _ticks,
    "radio_buttons": _radios,
    "datepicker": _menu(initial_date=DATE),
    "timepicker": _menu(initial_time=TIME, timezone=string(shortest=1)),
    "datetimepicker": _element(initial_date_time=number(1_000_000_000), confirm=CONFIRM, focus_on_load=flag),
}
ACTIONS: Final[dict[str, Check]] = {
    **MENUS,
    "button": BUTTON,
    "overflow": _element({"options": array(OVERFLOW_OPTION, 1, 5)}, confirm=CONFIRM),
}
ACCESSORIES: Final[dict[str, Check]] = {**ACTIONS, "image": IMAGE}
INPUTS: Final[dict[str, Check]] = {
    **MENUS,
    "plain_text_input": _field(
        initial_value=string(3000),
        multiline=flag,
        min_length=number(0, 3000),
        max_length=number(1, 3000),
        dispatch_action_config=DISPATCH,
    ),
    "number_input": _element(
        {"is_decimal_allowed": flag},
        placeholder=PLACEHOLDER,
        focus_on_load=flag,
        initial_value=string(),
        min_value=string(),
        max_value=string(),
        dispatch_action_config=DISPATCH,
    ),
    "email_text_input": _field(initial_value=string(), dispatch_action_config=DISPATCH),
    "url_text_input": _field(initial_value=string(), dispatch_action_config=DISPATCH),
    "rich_text_input": _field(initial_value=RICH_TEXT, dispatch_action_config=DISPATCH),
    "file_input": _element(filetypes=array(string(shortest=1), 1), max_files=number(1, 10)),
}
