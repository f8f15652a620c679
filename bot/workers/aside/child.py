"""What every child does: bound itself, take a file from standard input, answer one line of JSON and then bytes."""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Mapping
from typing import BinaryIO

PIECE = 256 * 1024
MEGABYTE = 1024 * 1024


def bound(*, memory: int, seconds: int) -> None:
    """No more than so many bytes and seconds of processor; no file, no child, no core dump; behind everyone else."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    os.nice(10)


def take(limit: int) -> bytes:
    """The file's first `limit` bytes, or all of it."""
    held = bytearray()
    while len(held) < limit and (piece := sys.stdin.buffer.read(min(PIECE, limit - len(held)))):
        held += piece
    return bytes(held)


def answer(said: Mapping[str, object], *parts: bytes | memoryview, rest: BinaryIO | None = None) -> None:
    """The answer: a line, then bytes, then whatever `rest` still holds."""
    out = sys.stdout.buffer
    out.write(json.dumps(said).encode() + b"\n")
    for part in parts:
        out.write(part)
    while rest is not None and (piece := rest.read(PIECE)):
        out.write(piece)
    out.flush()
