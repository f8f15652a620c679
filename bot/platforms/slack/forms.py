"""Native forms: `OpenForm` as a Slack modal, and what comes back from one."""

from __future__ import annotations

from typing import Final, assert_never

from bot.domain.outbound import Choice, FormField, OpenForm, Widget
from bot.platforms.slack.capabilities import LABEL_LIMIT, TITLE_LIMIT, clip
from bot.platforms.slack.ids import Json, mapping, objects, text
from prompts.wording import say

FORM: Final = "form"
"""The callback id of every modal that is a form."""
NOTE: Final = "note"
"""The callback id of a modal that only says something."""
TICKED: Final = "yes"
"""The value of a ticked `Widget.TICK`; an empty one is "" ."""

_RADIO_MOST: Final = 5
_BOXES_MOST: Final = 10
_PLACEHOLDER: Final = 150
_LABEL: Final = 2000
_SECTION: Final = 3000


def plain(words: str, limit: int) -> Json:
    """A text object without any markup."""
    return {"type": "plain_text", "text": clip(words, limit), "emoji": False}


def modal(form: OpenForm) -> Json:
    """The view of a form: its nonce in `private_metadata`, one input block a field, named by the field."""
    blocks: list[Json] = []
    if form.intro:
        blocks.append({"type": "section", "text": plain(form.intro, _SECTION)})
    blocks += [_block(one) for one in form.fields]
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": form.token,
        "title": plain(form.title, TITLE_LIMIT),
        "submit": plain(form.submit, TITLE_LIMIT),
        "close": plain(say("slack.form.cancel"), TITLE_LIMIT),
        "blocks": blocks,
    }


def note(words: str) -> Json:
    """A modal that says one thing: where a press has no channel to be answered in."""
    return {
        "type": "modal",
        "callback_id": NOTE,
        "title": plain(say("slack.note.title"), TITLE_LIMIT),
        "close": plain(say("slack.note.close"), TITLE_LIMIT),
        "blocks": [{"type": "section", "text": plain(words, _SECTION)}],
    }


def _block(field: FormField) -> Json:
    block: Json = {
        "type": "input",
        "block_id": field.name,
        "label": plain(field.label, _LABEL),
        "element": _element(field),
        "optional": field.optional,
    }
    if field.help:
        block["hint"] = plain(field.help, _LABEL)
    return block


def _element(field: FormField) -> Json:
    element: Json = {"action_id": field.widget.value}
    chosen = (field.initial,) if isinstance(field.initial, str) else field.initial
    options = [_option(one) for one in field.choices]
    initial = [option for option in options if option["value"] in chosen]
    hint = {"placeholder": plain(field.placeholder, _PLACEHOLDER)} if field.placeholder else {}
    match field.widget:
        case Widget.TEXT | Widget.LONG_TEXT:
            element |= {"type": "plain_text_input", "multiline": field.widget is Widget.LONG_TEXT}
            element |= {"max_length": min(field.max_length, 3000)} | hint
            if chosen and chosen[0]:
                element["initial_value"] = chosen[0]
        case Widget.DATE:
            element |= {"type": "datepicker"} | hint
            if chosen and chosen[0]:
                element["initial_date"] = chosen[0]
        case Widget.CHOICE:
            # A radio button cannot be unset again, so a choice that may stay open is a list.
            radio = len(options) <= _RADIO_MOST and not field.optional
            element |= {"type": "radio_buttons"} if radio else {"type": "static_select"} | hint
            element["options"] = options
            if initial:
                element["initial_option"] = initial[0]
        case Widget.CHOICES:
            boxes = len(options) <= _BOXES_MOST
            element |= {"type": "checkboxes"} if boxes else {"type": "multi_static_select"} | hint
            element["options"] = options
            if initial:
                element["initial_options"] = initial
        case Widget.TICK:
            box = options[:1] or [_option(Choice(TICKED, say("slack.form.tick")))]
            element |= {"type": "checkboxes", "options": box}
            if chosen and chosen[0]:
                element["initial_options"] = box
        case _:
            assert_never(field.widget)
    return element


def _option(choice: Choice) -> Json:
    return {"text": plain(choice.label, LABEL_LIMIT), "value": choice.value}


def values(view: Json) -> dict[str, str | tuple[str, ...]]:
    """What a submitted view holds, by field: text and choices as strings, several choices as a tuple of values."""
    found: dict[str, str | tuple[str, ...]] = {}
    for name, actions in mapping(view, "state", "values").items():
        for action, state in mapping(actions).items():
            found[name] = _value(action, mapping(state))
    return found


def _value(action: str, state: Json) -> str | tuple[str, ...]:
    match text(state, "type"):
        case "checkboxes" if action == Widget.TICK:
            return TICKED if objects(state, "selected_options") else ""
        case "checkboxes" | "multi_static_select":
            return tuple(text(one, "value") for one in objects(state, "selected_options"))
        case "static_select" | "radio_buttons":
            return text(state, "selected_option", "value")
        case "datepicker":
            return text(state, "selected_date")
        case _:
            return text(state, "value")
