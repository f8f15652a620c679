"""What can go wrong on the wire, as telegram.error's own kinds that also say whether the request had left.

No message here holds an address, a token or a body: `str()` of any of them is a short code.
"""

from __future__ import annotations

import asyncio
import datetime as dtm
import json
from typing import Any, Final

import aiohttp
import orjson
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

NEVER_LEFT: Final = (
    aiohttp.ClientConnectorError,  # refused, no route, DNS, TLS, certificate, proxy
    aiohttp.ConnectionTimeoutError,  # no connection in time, from the pool or anew
    aiohttp.InvalidURL,
)
"""aiohttp's errors from before the first byte of a request."""


class WireError(NetworkError):
    """No answer. `sent` False: certain that the request did not arrive whole."""

    def __init__(self, code: str, *, sent: bool) -> None:
        super().__init__(code)
        self.sent = sent


class WireTimeout(TimedOut):
    """No answer in time. `sent` as in `WireError`."""

    def __init__(self, code: str, *, sent: bool) -> None:
        super().__init__(code)
        self.sent = sent


class Flood(RetryAfter):
    """429: nothing happened; `seconds` to wait, None if unsaid."""

    def __init__(self, seconds: float | None) -> None:
        # RetryAfter's own constructor reads a property that warns of its coming change.
        TelegramError.__init__(self, "flood")
        self._retry_after = dtm.timedelta(seconds=seconds or 0)
        self.seconds = seconds


def failure(error: BaseException, *, sent: bool = True) -> TelegramError:
    """aiohttp's exception, or a time-out, as one of ours; `sent` False if the body is known to be incomplete."""
    code = type(error).__name__
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return WireTimeout(code, sent=False)
    if isinstance(error, NEVER_LEFT):
        return WireError(code, sent=False)
    if isinstance(error, asyncio.TimeoutError):
        return WireTimeout(code, sent=sent)
    return WireError(code, sent=sent)


def refusal(status: int, payload: bytes, retry_after: str | None = None) -> TelegramError:
    """Any answer but 2xx as an exception; `retry_after` is the header of that name."""
    answer = _answer(payload)
    parameters = answer.get("parameters")
    if not isinstance(parameters, dict):
        parameters = {}
    if status == 429:
        return Flood(_seconds(parameters.get("retry_after"), retry_after))
    if status >= 500:
        return WireError(f"http_{status}", sent=True)
    if status == 413:
        return BadRequest("Request Entity Too Large")
    if "ok" not in answer:
        # Not the Bot API: a proxy or a login page on the way, which passed nothing on.
        return WireError(f"http_{status}", sent=False)
    moved = parameters.get("migrate_to_chat_id")
    if isinstance(moved, int):
        return ChatMigrated(moved)
    said = answer.get("description")
    description = said if isinstance(said, str) else f"http_{status}"
    match status:
        case 400:
            return BadRequest(description)
        case 401 | 404:  # 404 is how the Bot API answers a token that is malformed or deleted
            return InvalidToken(description)
        case 403:
            return Forbidden(description)
        case 409:
            return Conflict(description)
    return WireError(f"http_{status}", sent=False)


def loads(payload: bytes) -> object:
    """JSON as Telegram writes it, lone surrogates included (orjson refuses those). Raises ValueError."""
    try:
        value: object = orjson.loads(payload)
    except orjson.JSONDecodeError:
        try:
            value = json.loads(payload.decode("utf-8", "replace"))
        except RecursionError:
            raise ValueError("nested too deep") from None
    return value


def dumps(value: object) -> bytes:
    """Compact JSON that `loads` reads back."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return json.dumps(value, separators=(",", ":")).encode("ascii")


def result(payload: bytes) -> dict[str, Any]:
    """The whole of a 2xx answer, sure to hold `result`. Raises `WireError` (sent): what it was is anyone's guess."""
    try:
        answer = loads(payload)
    except ValueError:
        raise WireError("unreadable", sent=True) from None
    if not isinstance(answer, dict) or answer.get("ok") is not True or "result" not in answer:
        raise WireError("unreadable", sent=True)
    return answer


def _answer(payload: bytes) -> dict[str, Any]:
    try:
        answer = loads(payload)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _seconds(said: object, header: str | None) -> float | None:
    if isinstance(said, int | float) and said >= 0:
        return float(said)
    if header is not None and header.isascii() and header.isdigit():
        return float(header)
    return None
