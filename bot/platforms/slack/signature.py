"""Slack's request signatures: refused or accepted, never an exception, and each accepted once."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import deque
from typing import Final

WINDOW: Final = 300
"""Seconds by which a request's own time may differ from ours."""
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)
_TIME: Final = re.compile(r"[0-9]{1,12}", re.ASCII)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a request."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def genuine(secret: str, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """Signed with the secret, and within the window."""
    if not _TIME.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature) or not secret:
        return False
    if abs(now - int(timestamp)) > WINDOW:
        return False
    return hmac.compare_digest(sign(secret, timestamp, body).encode(), signature.encode())


class Seen:
    """The signatures accepted within the window; a second use of one is a replay."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._order: deque[tuple[float, str]] = deque()

    def first(self, signature: str, now: float) -> bool:
        """True the first time. Kept for twice the window, since a request's time may also lie ahead of ours."""
        while self._order and (self._order[0][0] <= now or self._order[0][1] not in self._known):
            self._known.discard(self._order.popleft()[1])
        if signature in self._known:
            return False
        self._known.add(signature)
        self._order.append((now + 2 * WINDOW, signature))
        return True

    def forget(self, signature: str) -> None:
        """The request came to nothing, so the same one may come again."""
        self._known.discard(signature)
