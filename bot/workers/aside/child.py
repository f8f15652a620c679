"""What every child does: bound itself, take a file from standard input, answer one line of JSON and then bytes."""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

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


DRAWING = 256 * 1024
"""Bytes of JSON that a drawing may be."""


def paint(draw: Callable[[Any], bytes]) -> None:
    """A child that draws: JSON in, a PNG out, or a problem; with room for matplotlib and a minute of processor."""
    bound(memory=1536 * MEGABYTE, seconds=60)
    data = take(DRAWING + 1)
    try:
        if len(data) > DRAWING:
            raise ValueError("large")
        picture = draw(json.loads(data))
    except Exception:  # noqa: BLE001 - without a picture the words go alone
        answer({"problem": "drawing"})
        return
    answer({"size": len(picture)}, picture)


def answer(said: Mapping[str, object], *parts: bytes | memoryview, rest: BinaryIO | None = None) -> None:
    """The answer: a line, then bytes, then whatever `rest` still holds."""
    out = sys.stdout.buffer
    out.write(json.dumps(said).encode() + b"\n")
    for part in parts:
        out.write(part)
    while rest is not None and (piece := rest.read(PIECE)):
        out.write(piece)
    out.flush()
