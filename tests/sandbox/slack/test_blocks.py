"""Block Kit: what Slack shows passes, what it refuses is refused; held against Slack's own types where at hand."""

import copy
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.slack.blocks import Surface, flatten, problems, with_ids

JSON = dict[str, Any]
SPECS = Path(__file__).resolve().parents[4] / "shared" / "specs"
SCHEMA = SPECS / "slack_types_3.2.0.KnownBlocks.schema.json"


def plain(text: str = "x") -> JSON:
    return {"type": "plain_text", "text": text}


def rich(*elements: JSON) -> JSON:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def entry(element: JSON, **more: Any) -> JSON:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def actions(*elements: JSON) -> JSON:
    return {"type": "actions", "elements": list(elements)}


BUTTON = {"type": "button", "text": plain("Approve"), "action_id": "a", "value": "v", "style": "primary"}
OPTION = {"text": plain("Yes"), "value": "yes"}
MENU = {"type": "static_select", "options": [OPTION, {"text": plain("No"), "value": "no"}], "placeholder": plain("?")}
TEXT = {"type": "text", "text": "IPR <0.2 mm", "style": {"bold": True}}
LIST = {"type": "rich_text_list", "style": "bullet", "elements": [{"type": "rich_text_section", "elements": [TEXT]}]}
GOOD: list[JSON] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*bold*"}, "block_id": "b1"},
    {"type": "section", "fields": [plain("a"), plain("b")], "accessory": BUTTON},
    {
        "type": "section",
        "text": plain(),
        "accessory": {"type": "image", "image_url": "https://e/x.png", "alt_text": "x"},
    },
    {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": "x"}, {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "y"}],
    },
    actions(BUTTON, MENU),
    actions({"type": "overflow", "options": [OPTION]}, {"type": "datepicker", "initial_date": "2027-06-14"}),
    actions({"type": "checkboxes", "options": [OPTION], "initial_options": [OPTION]}),
    actions({"type": "radio_buttons", "options": [OPTION], "initial_option": OPTION}),
    actions({**BUTTON, "confirm": {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()}}),
    {"type": "header", "text": plain("C-7K3F")},
    {"type": "divider"},
    {"type": "image", "image_url": "https://e/x.png", "alt_text": "plan", "title": plain("Plan")},
    {"type": "markdown", "text": "**x**"},
    {"type": "file", "external_id": "e1", "source": "remote"},
    rich(TEXT, {"type": "user", "user_id": "U0002"}, {"type": "emoji", "name": "eyes"}),
    rich({"type": "link", "url": "https://e/", "text": "here"}, {"type": "broadcast", "range": "here"}),
    rich({"type": "channel", "channel_id": "C1"}, {"type": "date", "timestamp": 1, "format": "{date}"}),
    {"type": "rich_text", "elements": [LIST, {"type": "rich_text_quote", "elements": [TEXT], "border": 1}]},
    {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [TEXT]}]},
    entry({"type": "plain_text_input", "multiline": True, "max_length": 500, "placeholder": plain()}, hint=plain()),
    entry({"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}, optional=True),
    entry({"type": "email_text_input"}),
    entry({"type": "url_text_input"}),
    entry({"type": "timepicker", "initial_time": "09:30"}),
    entry({"type": "datetimepicker"}),
    entry({"type": "users_select", "initial_user": "U0002"}),
    entry({"type": "conversations_select", "filter": {"include": ["private"]}}),
    entry({"type": "multi_static_select", "options": [OPTION], "max_selected_items": 1}),
    entry({"type": "rich_text_input"}),
    entry({"type": "static_select", "option_groups": [{"label": plain(), "options": [OPTION]}]}),
]


@pytest.mark.parametrize("block", GOOD, ids=lambda block: block["type"])
def test_good_blocks_pass(block: JSON) -> None:
    assert problems([block], Surface.MESSAGE) == []


@pytest.mark.parametrize("surface", [Surface.MODAL, Surface.HOME])
def test_message_only_blocks_stay_in_messages(surface: Surface) -> None:
    for block in GOOD:
        assert bool(problems([block], surface)) is (block["type"] in ("markdown", "file"))


BAD: list[tuple[str, JSON]] = [
    ("unsupported type: video", {"type": "video"}),
    ("unsupported type: None", {}),
    ("missing required field: elements", {"type": "actions"}),
    ("invalid additional property: text", {"type": "divider", "text": plain()}),
    ("must be less than 151", {"type": "header", "text": plain("x" * 151)}),
    ("unsupported value", {"type": "header", "text": {"type": "mrkdwn", "text": "x"}}),
    ("must be less than 3001", {"type": "section", "text": plain("x" * 3001)}),
    ("must be more than 0", {"type": "section", "text": plain("")}),
    ("needs text or fields", {"type": "section"}),
    ("holds 11", {"type": "section", "fields": [plain()] * 11}),
    ("must be less than 2001", {"type": "section", "fields": [plain("x" * 2001)]}),
    ("holds 0", {"type": "context", "elements": []}),
    ("holds 11", {"type": "context", "elements": [plain()] * 11}),
    ("unsupported type: button", {"type": "context", "elements": [BUTTON]}),
    ("holds 26", actions(*[{**BUTTON, "action_id": str(n)} for n in range(26)])),
    ("must be less than 76", actions({**BUTTON, "text": plain("x" * 76)})),
    ("must be less than 2001", actions({**BUTTON, "value": "x" * 2001})),
    ("must be less than 256", actions({**BUTTON, "action_id": "x" * 256})),
    ("unsupported value", actions({**BUTTON, "style": "default"})),
    ("action_id already exists", actions(BUTTON, BUTTON)),
    ("unsupported type: plain_text_input", actions({"type": "plain_text_input"})),
    ("holds 6", actions({"type": "overflow", "options": [OPTION] * 6})),
    ("holds 101", actions({**MENU, "options": [OPTION] * 101})),
    ("needs exactly one of options", actions({"type": "static_select"})),
    ("must be less than 151", actions({**MENU, "options": [{"text": plain(), "value": "x" * 151}]})),
    ("must be less than 76", actions({**MENU, "options": [{"text": plain("x" * 76), "value": "x"}]})),
    ("not among the options", actions({**MENU, "initial_option": {"text": plain("Maybe"), "value": "m"}})),
    ("failed to match", actions({"type": "datepicker", "initial_date": "14.06.2027"})),
    ("failed to match", entry({"type": "timepicker", "initial_time": "25:00"})),
    ("unsupported type: button", entry(BUTTON)),
    ("missing required field: is_decimal_allowed", entry({"type": "number_input"})),
    ("must be between", entry({"type": "plain_text_input", "max_length": 3001})),
    ("must be less than 2001", entry({"type": "plain_text_input"}, hint=plain("x" * 2001))),
    ("missing required field: label", {"type": "input", "element": {"type": "plain_text_input"}}),
    ("unsupported type: file_input", entry({"type": "file_input"})),
    ("must be less than 12001", {"type": "markdown", "text": "x" * 12_001}),
    ("missing required field: alt_text", {"type": "image", "image_url": "https://e/x.png"}),
    ("needs exactly one of image_url", {"type": "image", "alt_text": "x"}),
    ("must be more than 0", rich({"type": "text", "text": ""})),
    ("unsupported type: mrkdwn", rich({"type": "mrkdwn", "text": "x"})),
    ("missing required field: user_id", rich({"type": "user"})),
    ("must be a boolean", rich({"type": "text", "text": "x", "style": {"bold": "yes"}})),
    ("invalid additional property: loud", rich({"type": "text", "text": "x", "style": {"loud": True}})),
    ("unsupported value", rich({"type": "broadcast", "range": "all"})),
    ("holds 0", {"type": "rich_text", "elements": []}),
    ("missing required field: style", {"type": "rich_text", "elements": [{"type": "rich_text_list", "elements": [
        {"type": "rich_text_section", "elements": [TEXT]}]}]}),
    ("unsupported type: user", {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [
        {"type": "user", "user_id": "U1"}]}]}),
]  # fmt: skip


@pytest.mark.parametrize(("problem", "block"), BAD, ids=lambda one: one if isinstance(one, str) else "")
def test_bad_blocks_are_refused(problem: str, block: JSON) -> None:
    found = problems([block], Surface.MESSAGE)
    assert any(problem in one for one in found), found


def test_rules_over_several_blocks() -> None:
    twice = {"type": "divider", "block_id": "same"}
    assert problems([twice, twice], Surface.MESSAGE)
    assert problems([{"type": "markdown", "text": "x" * 7000}] * 2, Surface.MESSAGE)
    divider: JSON = {"type": "divider"}
    assert problems([divider] * 51, Surface.MESSAGE)
    assert not problems([divider] * 100, Surface.MODAL)
    assert problems([divider] * 101, Surface.MODAL)
    assert problems({"type": "divider"}, Surface.MESSAGE)


def test_ids_are_added_to_a_copy() -> None:
    given = [actions({"type": "button", "text": plain("Go")})]
    filled = with_ids(given, (f"i{n}" for n in itertools.count()))
    assert (filled[0]["block_id"], filled[0]["elements"][0]["action_id"]) == ("i0", "i1")
    assert "block_id" not in given[0]


def test_flattened_as_a_person_reads_it() -> None:
    words = flatten([GOOD[9], GOOD[0], GOOD[4], GOOD[14], GOOD[17]])
    assert words.splitlines() == [
        "C-7K3F",
        "*bold*",
        "[Approve] [?]",
        "IPR <0.2 mm@U0002:eyes:",
        "• IPR <0.2 mm",
        "> IPR <0.2 mm",
    ]


def _spoilt(value: Any) -> Iterator[Any]:
    """The value with one field missing, of another type, or with another tag, everywhere in turn."""
    if isinstance(value, dict):
        for key in value:
            yield {other: value[other] for other in value if other != key}
            for wrong in (7.5, {"type": "nonsense"}):
                yield {**value, key: wrong}
            for spoilt in _spoilt(value[key]):
                yield {**value, key: spoilt}
    elif isinstance(value, list):
        for place, item in enumerate(value):
            for spoilt in _spoilt(item):
                yield [*value[:place], spoilt, *value[place + 1 :]]


def test_at_least_as_strict_as_slacks_own_types() -> None:
    if not SCHEMA.exists():
        pytest.skip("Slack's types are not at hand")
    jsonschema = pytest.importorskip("jsonschema")
    theirs = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text()))
    refused = 0
    for block in GOOD:
        assert theirs.is_valid([block]), block
        for spoilt in _spoilt(copy.deepcopy(block)):
            if not theirs.is_valid([spoilt]):
                refused += 1
                assert problems([spoilt], Surface.MESSAGE), spoilt
    assert refused > 250
