"""Child: a picture of a scan (STL, PLY, OBJ), from above the teeth and from the front, without a graphics card."""

from __future__ import annotations

import io
import sys
from typing import Any

import numpy as np
import trimesh
from numpy.typing import NDArray
from PIL import Image

from bot.workers.aside import child, paint

MOST = 52 * child.MEGABYTE
MEMORY = 2048 * child.MEGABYTE
SECONDS = 60
SIDE = (640, 560)
"""Pixels of one of the two views."""
Floats = NDArray[np.float64]


def main() -> None:
    """Read whole, answer with a PNG."""
    child.bound(memory=MEMORY, seconds=SECONDS)
    data = child.take(MOST + 1)
    try:
        if len(data) > MOST:
            raise ValueError("large")
        picture = drawn(data, sys.argv[1])
    except Exception:  # noqa: BLE001 - no picture is no harm
        child.answer({"problem": "model"})
        return
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    child.answer({"width": picture.width, "height": picture.height}, out.getvalue())


def drawn(data: bytes, kind: str) -> Image.Image:
    """Both views beside each other; ValueError if there is nothing to see."""
    surface = _surface(data, kind)
    above, front = _cameras(surface)
    whole = Image.new("RGB", (2 * SIDE[0], SIDE[1]), paint.PAPER)
    for index, camera in enumerate((above, front)):
        whole.paste(paint.view(surface, camera, SIDE), (index * SIDE[0], 0))
    return whole


def _surface(data: bytes, kind: str) -> paint.Surface:
    mesh: Any = trimesh.load(io.BytesIO(data), file_type=kind, process=False, force="mesh" if kind != "ply" else None)
    if isinstance(mesh, trimesh.Scene):
        mesh = mesh.to_geometry()
    points = np.asarray(mesh.vertices, dtype=np.float64)
    if isinstance(mesh, trimesh.Trimesh) and len(mesh.faces):
        corners = points[np.asarray(mesh.faces)]
        corners = corners[np.isfinite(corners).all(axis=(1, 2))]
    else:
        points = points[np.isfinite(points).all(axis=1)]
        corners = np.repeat(points[:, None, :], 3, axis=1)
    if not len(corners) or not np.ptp(corners.reshape(-1, 3), axis=0).any():
        raise ValueError("nothing to see")
    return paint.Surface(corners - corners.reshape(-1, 3).mean(axis=0))


def _cameras(surface: paint.Surface) -> tuple[Floats, Floats]:
    """Right, up and towards the viewer, as rows: above the teeth, and from the front, a little from above.

    An arch is least high; it is closed in front, so that what lies in the middle across lies in front.
    """
    centres, areas, normals = surface.centres, surface.areas, surface.normals
    spread = (centres * areas[:, None]).T @ centres
    _, axes = np.linalg.eigh(spread)
    high, first, second = axes[:, 0], axes[:, 1], axes[:, 2]
    if float((normals * areas[:, None]).sum(axis=0) @ high) < 0:
        high = -high
    depth = max(((first, second), (second, first)), key=lambda pair: abs(_closed_end(centres, *pair)))
    front_is = depth[0] if _closed_end(centres, *depth) > 0 else -depth[0]
    right = np.cross(front_is, high)
    above = np.stack([right, front_is, high])
    tilt = np.radians(25)
    towards = front_is * np.cos(tilt) + high * np.sin(tilt)
    front = np.stack([-right, high * np.cos(tilt) - front_is * np.sin(tilt), towards])
    return above, front


def _closed_end(centres: Floats, depth: Floats, across: Floats) -> float:
    """Where along `depth`, from -0.5 to 0.5, lies what is in the middle across; near 0 if all along."""
    along, beside = centres @ depth, centres @ across
    strip = along[np.abs(beside - (beside.max() + beside.min()) / 2) < 0.12 * np.ptp(beside)]
    if not len(strip):
        return 0.0
    return float(strip.mean() - (along.max() + along.min()) / 2) / float(np.ptp(along) or 1.0)


if __name__ == "__main__":
    main()
