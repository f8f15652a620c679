"""The hand-kept table of methods against Slack's own reference, where that is at hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.slack.gate import CALLS
from bot.sandbox.slack.methods import METHODS, Argument, Type

SPECS = Path(__file__).resolve().parents[4] / "shared" / "specs"
REFERENCE = SPECS / "slack_docs_methods.slack-api-ref.f4837c0.json"


def test_every_method_is_served() -> None:
    assert set(METHODS) == set(CALLS)
    assert len(METHODS) == 40


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    if not REFERENCE.exists():
        pytest.skip("Slack's reference is not at hand")
    found: dict[str, Any] = json.loads(REFERENCE.read_text())
    return {name.lower(): body for name, body in found.items()}


def _types(schema: dict[str, Any]) -> set[str]:
    if "type" in schema:
        return {schema["type"]}
    for key in ("anyOf", "allOf"):
        if key in schema:
            return set().union(*(_types(one) for one in schema[key]))
    return {"string"} if "subtype" in schema else {"object"}


def _fits(argument: Argument, types: set[str]) -> bool:
    match argument.type:
        case Type.TEXT:
            return "string" in types
        case Type.FLAG:
            return "boolean" in types
        case Type.NUMBER:
            return bool(types & {"number", "integer"})
        case Type.OBJECT:
            named = ("blocks", "attachments", "metadata", "view", "files", "file_ids")
            return argument.name in named and bool(types & {"string", "object", "array"})


@pytest.mark.parametrize("name", sorted(METHODS))
def test_table_agrees_with_the_reference(name: str, reference: dict[str, Any]) -> None:
    ours, theirs = METHODS[name], reference[name.lower()]
    schemas = {key: value for key, value in theirs["args"].get("properties", {}).items() if key != "token"}
    left_out = {"current_draft_last_updated_ts", "unfurled_attachments"}  # for Slack's own clients
    assert set(ours.arguments) == set(schemas) - left_out
    required = {one.name for one in ours.arguments.values() if one.required}
    assert required == set(theirs["args"].get("required", [])) - {"token"}
    for argument in ours.arguments.values():
        types = _types(schemas[argument.name])
        assert _fits(argument, types), (argument, types)
        assert argument.nullable is ("null" in types), argument
    assert set(ours.scopes) == set((theirs.get("scope") or {}).get("bot", []))
    assert f"t{ours.tier}" == theirs["rate_limits"]
    assert ours.takes_json is bool(theirs.get("json_input_supported"))
