"""JSON to and from Slack and the inbox: orjson, and Python's own reader and writer for what that refuses."""

from __future__ import annotations

import json
from typing import Any

import orjson


def dumps(value: object) -> bytes:
    """Compact UTF-8. A lone surrogate, possible in JSON, is in no encoding and becomes "?"."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:  # that, a whole number beyond 64 bits, or nested too deep for it
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def loads(said: bytes | str) -> Any:
    """What the text says; lone surrogates stay what they are. Raises ValueError.

    A whole number beyond 64 bits, which Slack never sends, is read as a float.
    """
    try:
        return orjson.loads(said)
    except orjson.JSONDecodeError:
        return json.loads(said)
