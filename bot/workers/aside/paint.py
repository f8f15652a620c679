"""A surface as a shaded picture, drawn by numpy: samples of each triangle, the nearest wins, light and edges on top."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float64]
PAPER = (246, 247, 247)
STONE = np.array([226.0, 214.0, 196.0])
"""Warm plaster, as models are."""
OVER = 2
"""Drawn so many times larger, then made small: soft edges."""
MARGIN = 0.06
BATCH = 1_000_000
MOST_SAMPLES = 16_000_000
DENSITY = 2.2
"""Samples for each pixel a triangle covers."""
BEHIND = 0.02
"""Of the whole depth: so far behind its neighbours nothing of one surface lies."""
_LIGHT = np.array([-0.45, 0.55, 0.70])
_DEEP = 1 << 30


@dataclass
class Surface:
    """Triangles: (n, 3, 3), around the origin."""

    corners: Floats

    @cached_property
    def centres(self) -> Floats:
        """(n, 3)."""
        return np.asarray(self.corners.mean(axis=1))

    @cached_property
    def _crossed(self) -> Floats:
        a, b, c = self.corners[:, 0], self.corners[:, 1], self.corners[:, 2]
        return np.asarray(np.cross(b - a, c - a))

    @cached_property
    def areas(self) -> Floats:
        """(n,); points without a face count alike."""
        areas = np.linalg.norm(self._crossed, axis=1) / 2
        return np.asarray(areas if areas.any() else np.ones(len(areas)))

    @cached_property
    def normals(self) -> Floats:
        """(n, 3), of length 1, or 0 for points."""
        length = np.linalg.norm(self._crossed, axis=1, keepdims=True)
        return np.asarray(self._crossed / np.where(length > 0, length, 1))


def view(surface: Surface, camera: Floats, side: tuple[int, int]) -> Image.Image:
    """One view of `side` pixels; the camera's rows are right, up and towards the viewer."""
    width, height = side[0] * OVER, side[1] * OVER
    seen = surface.corners @ camera.T
    flat = seen.reshape(-1, 3)
    low, high = flat.min(axis=0), flat.max(axis=0)
    span = np.maximum(high - low, 1e-9)
    scale = (1 - 2 * MARGIN) * min(width / span[0], height / span[1])
    middle = (low + high) / 2
    seen[..., 0] = (seen[..., 0] - middle[0]) * scale + width / 2
    seen[..., 1] = height / 2 - (seen[..., 1] - middle[1]) * scale
    seen[..., 2] = (seen[..., 2] - low[2]) / span[2]
    nearest = _nearest(seen, _lit(surface.normals @ camera.T), width, height)
    depth = np.where(nearest >= 0, (nearest >> 8) / _DEEP, -1.0)
    light = (nearest & 255) / 255.0
    return _coloured(depth, light, span[2] * scale)


def _lit(normals: Floats) -> NDArray[np.int64]:
    """How bright each triangle is, 0 to 255; one that shows its back is lit as if it were its front."""
    facing = normals * np.where(normals[:, 2:] < 0, -1.0, 1.0)
    key = np.clip(facing @ (_LIGHT / np.linalg.norm(_LIGHT)), 0, 1)
    light = 0.18 + 0.62 * key + 0.20 * facing[:, 2] ** 2
    light[~normals.any(axis=1)] = 0.75
    return np.asarray(np.clip(light * 255, 0, 255), dtype=np.int64)


def _nearest(seen: Floats, light: NDArray[np.int64], width: int, height: int) -> NDArray[np.int64]:
    """What is in front at each pixel: depth (30 bits, near is high) above light (8 bits); -1 where nothing is."""
    edges = seen[:, 1:, :2] - seen[:, :1, :2]
    covers = np.abs(edges[:, 0, 0] * edges[:, 1, 1] - edges[:, 0, 1] * edges[:, 1, 0]) / 2
    counts = np.ceil(covers * DENSITY + 1)
    counts = np.maximum(1, counts * min(1.0, MOST_SAMPLES / counts.sum())).astype(np.int64)
    held = np.full(width * height, -1, dtype=np.int64)
    dice = np.random.default_rng(1)
    ends = np.cumsum(counts)
    start = 0
    while start < len(counts):
        done = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, done + BATCH)))
        which = np.repeat(np.arange(start, stop), counts[start:stop])
        for part in np.array_split(which, max(1, len(which) // BATCH)):
            _sample(seen, light, part, dice, held, (width, height))
        start = stop
    return held.reshape(height, width)


def _sample(
    seen: Floats,
    light: NDArray[np.int64],
    which: NDArray[np.int64],
    dice: np.random.Generator,
    held: NDArray[np.int64],
    size: tuple[int, int],
) -> None:
    u, v = dice.random(len(which)), dice.random(len(which))
    over = u + v > 1
    u[over], v[over] = 1 - u[over], 1 - v[over]
    corners = seen[which]
    at = corners[:, 0] + u[:, None] * (corners[:, 1] - corners[:, 0]) + v[:, None] * (corners[:, 2] - corners[:, 0])
    x = np.clip(at[:, 0].astype(np.int64), 0, size[0] - 1)
    y = np.clip(at[:, 1].astype(np.int64), 0, size[1] - 1)
    depth = np.clip(at[:, 2] * (_DEEP - 1), 0, _DEEP - 1).astype(np.int64)
    np.maximum.at(held, y * size[0] + x, depth << 8 | light[which])


def _coloured(depth: Floats, light: Floats, deep: float) -> Image.Image:
    """Holes between samples closed, hollows and outlines darker, then small again."""
    for _ in range(2):
        depth, light = _closed(depth, light)
    hit = depth >= 0
    shade = np.zeros_like(depth)
    for step, weight in ((2, 1.0), (5, 0.8), (12, 0.6)):
        for axis, sign in ((0, step), (0, -step), (1, step), (1, -step)):
            beside = np.roll(np.where(hit, depth, 0.0), sign, axis=axis)
            shade += weight * np.clip((beside - depth) * deep / step - 1.1, 0, 2.5)
    bright = light * np.exp(-0.13 * shade) * (0.78 + 0.22 * np.clip(depth, 0, 1))
    rgb = np.clip(STONE * bright[..., None] * 1.18, 0, 255)
    rgb = np.where(hit[..., None], rgb, np.array(PAPER, dtype=np.float64)).astype(np.uint8)
    whole = Image.fromarray(rgb, "RGB")
    return whole.resize((whole.width // OVER, whole.height // OVER), Image.Resampling.LANCZOS)


def _closed(depth: Floats, light: Floats) -> tuple[Floats, Floats]:
    """A pixel that no sample fell on, or only one far behind, takes the mean of its neighbours in front."""
    near = np.zeros(depth.shape)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            near += np.roll(depth, (down, right), axis=(0, 1)) > depth + BEHIND
    hit = (depth >= 0) & (near < 5)
    count = np.zeros(depth.shape)
    deep, bright = np.zeros(depth.shape), np.zeros(depth.shape)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            if down or right:
                beside = np.roll(hit, (down, right), axis=(0, 1))
                count += beside
                deep += np.where(beside, np.roll(depth, (down, right), axis=(0, 1)), 0)
                bright += np.where(beside, np.roll(light, (down, right), axis=(0, 1)), 0)
    fill = ~hit & (count >= 4)
    some = np.maximum(count, 1)
    return np.where(fill, deep / some, depth), np.where(fill, bright / some, light)
