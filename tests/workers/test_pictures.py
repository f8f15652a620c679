"""Pictures of scans, drawn by the real child: an arch is seen as one, and nothing a file does harms anybody."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import numpy as np
import pytest
from PIL import Image

from bot.workers.aside.run import Aside, Failed
from tests.support import arches

PAPER = 240


async def chunks(data: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(data), 65536):
        yield data[at : at + 65536]


async def drawn(data: bytes, kind: str) -> Image.Image | None:
    async with Aside().run("model", chunks(data), kind, seconds=60) as answer:
        if "problem" in answer.said:
            return None
        return Image.open(io.BytesIO(b"".join([piece async for piece in answer.rest])))


@pytest.mark.parametrize("kind", ["stl", "ply", "obj"])
async def test_an_arch_is_seen_from_above_and_from_the_front(kind: str) -> None:
    picture = await drawn(getattr(arches, kind)(0.8), kind)
    assert picture is not None
    assert picture.size == (1280, 560)
    grey = np.asarray(picture.convert("L"))
    above, front = grey[:, :640] < PAPER, grey[:, 640:] < PAPER
    assert 0.2 < above.mean() < 0.7
    # From above it is a U that is closed at the top: its middle is there at the top and open at the bottom.
    middle = above[:, 300:340].mean(axis=1) > 0.5
    rows = np.flatnonzero(above.any(axis=1))
    assert middle[rows[0] + 20]
    assert not middle[rows[-1] - 20]
    # From the front the row of teeth is wider than high, with nothing above its middle.
    columns, lines = np.flatnonzero(front.any(axis=0)), np.flatnonzero(front.any(axis=1))
    assert np.ptp(columns) > 1.5 * np.ptp(lines)
    assert grey[:, :640][above].std() > 25  # light and shade, not a silhouette


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"solid nothing\nfacet\nendsolid", "stl"),
        (b"x" * 80 + (2).to_bytes(4, "little") + np.full(25, np.nan, "<f4").tobytes(), "stl"),
        (b"ply\nformat ascii 1.0\nelement vertex 99999999\nproperty float x\nend_header\n", "ply"),
        (b"mtllib ../../../etc/passwd\nv 1 2 nan\nf 1 1 1\n", "obj"),
        (b"", "stl"),
    ],
    ids=["empty", "not numbers", "lies about its size", "leads elsewhere", "nothing"],
)
async def test_what_is_no_scan_gives_no_picture(data: bytes, kind: str) -> None:
    try:
        assert await drawn(data, kind) is None
    except Failed:
        return  # it ran out of what it may use: no picture either
