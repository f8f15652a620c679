"""How large a picture may be, and what is said of one that is not right."""

from __future__ import annotations

from bot.domain.problems import Problem

Piece = bytes | bytearray | memoryview
Pieces = tuple[Piece, ...]
"""A cleaned file, in order: mostly views of the original, so that a photo is in memory once."""

MOST_BYTES = 20 * 1024 * 1024
"""A photo is cleaned in memory, so it may not be larger than this."""
MOST_PIXELS = 200_000_000
MOST_SIDE = 40_000

DAMAGED = Problem.of("relay.why.photo_damaged")
TOO_LARGE = Problem.of("relay.why.photo_large", most=MOST_BYTES // (1024 * 1024))
TOO_MANY = Problem.of("relay.why.photo_pixels", most=MOST_PIXELS // 1_000_000)


def extent(width: int, height: int) -> Problem | None:
    """Whether a picture of so many pixels may pass: a small file can unfold into a huge one."""
    if width < 1 or height < 1:
        return DAMAGED
    if width > MOST_SIDE or height > MOST_SIDE or width * height > MOST_PIXELS:
        return TOO_MANY
    return None
