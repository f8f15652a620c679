"""JSON read and written faster says the same as Python's own reader and writer."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.slack.jsontext import dumps, loads

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(anything)
def test_what_is_written_says_what_python_would_have_written(value: object) -> None:
    assert json.loads(dumps(value)) == json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(anything)
def test_what_is_read_is_what_python_reads(value: object) -> None:
    said = json.dumps(value)
    read = loads(said)
    assert read == json.loads(said)
    assert loads(said.encode()) == read


@pytest.mark.parametrize("said", ['"\\ud800"', '{"a": "\\udfff x"}', "[" * 900 + "]" * 900, "NaN"])
def test_what_only_python_reads_is_read(said: str) -> None:
    read = loads(said)
    assert read == json.loads(said) or math.isnan(read)


def test_a_lone_surrogate_is_stored_as_real_utf8() -> None:
    assert dumps({"text": "a\ud800b"}) == b'{"text":"a?b"}'


@pytest.mark.parametrize("said", [b"<html>", b"", b"{", b'"\xff"'])
def test_what_is_no_json_is_a_value_error(said: bytes) -> None:
    with pytest.raises(ValueError, match=r"char|codec"):
        loads(said)
