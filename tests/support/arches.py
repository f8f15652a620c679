"""A dental arch made by numbers: fourteen teeth on a ridge of gum, as a scanner would give it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WIDTHS = (8.5, 6.7, 7.8, 7.1, 6.8, 10.2, 9.8)
"""Upper central incisor to second molar, in mm."""


def height(x: Floats, y: Floats) -> Floats:
    """How high the surface is over each place of the arch, in mm; the arch opens towards -y."""
    angle = np.arctan2(x, y + 20)
    radius = np.hypot(x / 1.0, (y + 20) * 0.82)
    ridge = 26.0
    off = radius - ridge
    gum = 6.0 * np.exp(-((off / 7.0) ** 2))
    teeth = np.zeros_like(x)
    for side in (-1, 1):
        at = 0.0
        for index, width in enumerate(WIDTHS):
            centre = side * (at + width / 2) / ridge
            at += width
            along = (angle - centre) * ridge / (width / 2)
            molar = index >= 3
            across = off / (5.2 if molar else 3.4)
            body = np.clip(1 - np.abs(along) ** 4, 0, 1) * np.clip(1 - np.abs(across) ** (4 if molar else 2), 0, 1)
            crown = (6.5 if molar else 9.0) * np.sqrt(body)
            if molar:
                crown -= 1.6 * np.exp(-((across / 0.35) ** 2)) * (body > 0)
                crown -= 0.8 * np.exp(-((along / 0.3) ** 2)) * (body > 0)
            teeth = np.maximum(teeth, crown)
    return np.asarray(gum + teeth)


def triangles(step: float = 0.35) -> Floats:
    """(n, 3, 3), within the arch alone."""
    xs = np.arange(-36, 36, step)
    ys = np.arange(-26, 26, step)
    x, y = np.meshgrid(xs, ys)
    z = height(x, y)
    points = np.stack([x, y, z], axis=-1)
    a, b, c, d = points[:-1, :-1], points[:-1, 1:], points[1:, 1:], points[1:, :-1]
    made = np.concatenate(
        [np.stack([a, b, c], axis=2).reshape(-1, 3, 3), np.stack([a, c, d], axis=2).reshape(-1, 3, 3)]
    )
    kept = made[made[:, :, 2].max(axis=1) > 0.8]
    turn = math.radians(33)  # no scanner cares how the model lies
    rotate = np.array([[1, 0, 0], [0, math.cos(turn), -math.sin(turn)], [0, math.sin(turn), math.cos(turn)]])
    return np.asarray(kept @ rotate.T)


def stl(step: float = 0.35) -> bytes:
    """Binary STL."""
    made = triangles(step)
    record = np.zeros(len(made), dtype=[("n", "<f4", 3), ("v", "<f4", (3, 3)), ("a", "<u2")])
    record["v"] = made
    return b"arch".ljust(80) + len(made).to_bytes(4, "little") + record.tobytes()


def ply(step: float = 0.35) -> bytes:
    """ASCII PLY."""
    made = triangles(step)
    head = (
        f"ply\nformat ascii 1.0\nelement vertex {3 * len(made)}\nproperty float x\nproperty float y\nproperty float z\n"
    )
    head += f"element face {len(made)}\nproperty list uchar int vertex_indices\nend_header\n"
    points = "".join(f"{x:.3f} {y:.3f} {z:.3f}\n" for x, y, z in made.reshape(-1, 3))
    faces = "".join(f"3 {3 * i} {3 * i + 1} {3 * i + 2}\n" for i in range(len(made)))
    return (head + points + faces).encode()


def obj(step: float = 0.35) -> bytes:
    """OBJ."""
    made = triangles(step)
    points = "".join(f"v {x:.3f} {y:.3f} {z:.3f}\n" for x, y, z in made.reshape(-1, 3))
    return (points + "".join(f"f {3 * i + 1} {3 * i + 2} {3 * i + 3}\n" for i in range(len(made)))).encode()
