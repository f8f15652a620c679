"""The hand-kept table of methods and objects agrees with the published specification."""

import json
from pathlib import Path

import pytest

from bot.sandbox.telegram.api import HANDLERS
from bot.sandbox.telegram.schema import FAMILIES, METHOD_FIELDS, OBJECT_FIELDS, Field

SPECS = Path(__file__).parents[4] / "shared" / "specs"
SIMPLE = {"Integer": "int", "String": "str", "Boolean": "bool", "Float": "float"}


@pytest.fixture(scope="module")
def spec() -> dict[str, dict[str, dict[str, object]]]:
    found = sorted(SPECS.glob("tg-bot-api-10.0.*.json"))
    if not found:
        pytest.skip("the published specification is not beside this checkout")
    return json.loads(found[0].read_text())


def ours(types: list[str]) -> frozenset[str]:
    """The specification's types in our notation."""
    if set(types) == {"Integer", "String"}:
        return frozenset({"id"})
    if "InputFile" in types:
        return frozenset({"file"})
    if all(one.startswith("Array of InputMedia") for one in types):
        return frozenset({"[InputMedia]"})
    return frozenset(one_of_ours(one) for one in types)


def one_of_ours(name: str) -> str:
    if name.startswith("Array of "):
        return f"[{one_of_ours(name.removeprefix('Array of '))}]"
    return SIMPLE.get(name, name)


def compare(name: str, table: dict[str, Field], published: dict[str, object]) -> None:
    fields = {field["name"]: field for field in published.get("fields", [])}  # type: ignore[attr-defined]
    assert set(table) == set(fields), name
    for known in table.values():
        assert known.required == fields[known.name]["required"], f"{name}.{known.name}"
        if not known.unserved:
            assert frozenset(known.kinds) == ours(fields[known.name]["types"]), f"{name}.{known.name}"


def test_every_method_is_in_the_specification(spec: dict[str, dict[str, dict[str, object]]]) -> None:
    assert len(METHOD_FIELDS) >= 38
    for name, table in METHOD_FIELDS.items():
        compare(name, table, spec["methods"][name])


def test_every_object_is_in_the_specification(spec: dict[str, dict[str, dict[str, object]]]) -> None:
    assert len(OBJECT_FIELDS) >= 25
    for name, table in OBJECT_FIELDS.items():
        compare(name, table, spec["types"][name])
    for name, family in FAMILIES.items():
        assert set(family.values()) == set(spec["types"][name]["subtypes"]), name  # type: ignore[call-overload]


def test_every_method_is_served() -> None:
    assert set(HANDLERS) == set(METHOD_FIELDS)
