"""Random bytes from the system, taken a few thousand at a time: asking costs more than using one."""

from __future__ import annotations

import os
import threading

_TAKEN = 4096


class Pool:
    """Hands out bytes of `os.urandom`, each once. Safe to use from any thread; a forked process begins a new one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bytes = b""
        self._used = 0
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._bytes, self._used = b"", 0

    def bytes(self, count: int) -> bytes:
        """`count` random bytes."""
        if count > _TAKEN // 4:
            return os.urandom(count)
        with self._lock:
            if self._used + count > len(self._bytes):
                self._bytes, self._used = os.urandom(_TAKEN), 0
            self._used += count
            return self._bytes[self._used - count : self._used]

    def bits(self, count: int) -> int:
        """`count` random bits as a number."""
        size = (count + 7) // 8
        return int.from_bytes(self.bytes(size), "big") >> (size * 8 - count)


pool = Pool()
"""The process's own."""
