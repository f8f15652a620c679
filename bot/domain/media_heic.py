"""HEIC without its metadata: blanked in place where that is safe, so that nothing moves; else refused.

A HEIC file is a list of items and where their bytes lie. All that does not belong to an item of the picture itself is
blanked. How the picture is turned is a property of its own (irot, imir), never Exif's.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.media_boxes import IN_BOX, Box, Extent, Item, OddBoxError, boxes, extents, items, pixels
from bot.domain.media_limits import Pieces, extent
from bot.domain.problems import Problem

UNSAFE = Problem.of("relay.why.photo_heic")
_TOP = frozenset({b"ftyp", b"meta", b"mdat", b"free", b"skip"})
_META = frozenset(b"hdlr dinf pitm iinf iloc iref iprp idat grpl free skip".split())
_PICTURE = frozenset({b"hvc1", b"hev1", b"grid", b"iden", b"iovl", b"tmap", b"jpeg"})
_DATA = frozenset({b"Exif", b"mime"})
_TELLING = frozenset({b"udes", b"uuid", b"altt"})
"""Properties that hold words."""
_EMPTY_EXIF = b"\0\0\0\0MM\0*\0\0\0\x08" + b"\0" * 6
Span = tuple[int, int]


def strip(data: bytes) -> Pieces | Problem:
    """The same file with Exif, XMP and all unclaimed bytes blanked. Never raises; in any doubt it is a Problem."""
    try:
        return _strip(data)
    except (OddBoxError, IndexError):
        return UNSAFE


def _strip(data: bytes) -> Pieces | Problem:
    top = boxes(data, 0, len(data))
    if not top or top[0].name != b"ftyp" or {box.name for box in top} - _TOP:
        return UNSAFE
    meta = _only(top, b"meta")
    parts = boxes(data, meta.start + 4, meta.end)
    if {box.name for box in parts} - _META:
        return UNSAFE
    listed = items(data, _only(parts, b"iinf"))
    kinds = {item.id: item.kind for item in listed}
    if set(kinds.values()) - _PICTURE - _DATA or len(kinds) != len(listed):
        return UNSAFE
    problem = _properties(data, _only(parts, b"iprp"))
    if problem is not None:
        return problem
    inside = [box for box in parts if box.name == b"idat"]
    stores = [box for box in top if box.name == b"mdat"] + inside
    if len(inside) > 1:
        return UNSAFE
    runs = [(kinds.get(one.item), _span(one, inside)) for one in extents(data, _only(parts, b"iloc"))]
    if any(kind is None or not _held(span, stores) for kind, span in runs):
        return UNSAFE
    shown = _merged(span for kind, span in runs if kind in _PICTURE)
    told = [(kind, span) for kind, span in runs if kind in _DATA]
    if not shown or any(start < other[1] and other[0] < stop for _, (start, stop) in told for other in shown):
        return UNSAFE
    return (_blanked(data, top + parts, stores, shown, told, listed),)


def _only(found: list[Box], name: bytes) -> Box:
    matching = [box for box in found if box.name == name]
    if len(matching) != 1:
        raise OddBoxError
    return matching[0]


def _properties(data: bytes, box: Box) -> Problem | None:
    held = _only(boxes(data, box.start, box.end), b"ipco")
    for one in boxes(data, held.start, held.end):
        if one.name in _TELLING:
            return UNSAFE
        if one.name == b"ispe":
            problem = extent(*pixels(data, one))
            if problem is not None:
                return problem
    return None


def _span(one: Extent, inside: list[Box]) -> Span:
    if one.method == IN_BOX and not inside:
        raise OddBoxError
    start = one.start + (inside[0].start if one.method == IN_BOX else 0)
    return start, start + one.length


def _held(span: Span, stores: list[Box]) -> bool:
    return any(box.start <= span[0] and span[1] <= box.end for box in stores)


def _merged(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for start, stop in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], stop))
        else:
            found.append((start, stop))
    return found


def _blanked(
    data: bytes,
    around: list[Box],
    stores: list[Box],
    shown: list[Span],
    told: Iterable[tuple[bytes | None, Span]],
    listed: list[Item],
) -> bytearray:
    clean = bytearray(data)
    for box in around:
        if box.name in (b"free", b"skip"):
            clean[box.start : box.end] = bytes(box.end - box.start)
    for box in stores:
        at = box.start
        for start, stop in [*(span for span in shown if _held(span, [box])), (box.end, box.end)]:
            clean[at:start] = bytes(max(start - at, 0))
            at = stop
    for kind, (start, stop) in told:
        if kind == b"Exif" and stop - start >= len(_EMPTY_EXIF):
            clean[start : start + len(_EMPTY_EXIF)] = _EMPTY_EXIF
        elif kind == b"mime":
            clean[start:stop] = b" " * (stop - start)
    for item in listed:
        clean[item.name[0] : item.name[1]] = b" " * (item.name[1] - item.name[0])
    return clean
