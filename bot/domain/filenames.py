"""File names as they are sent and shown: one plain part with the ending of what it really is, and no patient's name."""

from __future__ import annotations

import re
import unicodedata

from bot.domain.filetypes import FileType
from bot.domain.identifier_terms import excluded
from bot.domain.identifier_types import word_list
from bot.domain.identifier_words import ordinary
from bot.domain.names import looks_like_full_name

LONGEST = 100
"""Characters, ending included; and never more than `MOST_BYTES` bytes, which every disk takes."""
MOST_BYTES = 200

_ENDINGS = {
    "jpg": frozenset({"jpg", "jpeg", "jpe", "jfif"}),
    "heic": frozenset({"heic", "heif", "hif"}),
    "mp4": frozenset({"mp4", "m4v", "mov"}),
    "ogg": frozenset({"ogg", "oga", "opus"}),
    "dcm": frozenset({"dcm", "dicom", "dic"}),
}
_KNOWN = frozenset({"png", "webp", "gif", "pdf", "stl", "ply", "obj", "zip", "m4a", "mp3", "webm"}).union(
    *_ENDINGS.values()
)
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)
_PART = re.compile(r"[A-ZÀ-ÖØ-Þ]?[^\W\d_A-ZÀ-ÖØ-Þ]+|[A-ZÀ-ÖØ-Þ]+")
_COLLEAGUE = re.compile(r"(?<![^\W_])(?:dr|prof)[\s._-]+[^\W\d_]+", re.IGNORECASE)
_TITLES = frozenset({"mr", "ms", "mrs", "miss", "mx", "master"})
_NOISE = word_list(
    """android ceph cbct clincheck copia copy desktop dcim download dsc extraoral final img image intraoral invisalign
    iphone itero medit mov opg pano panoramic photo picture pxl recording samsung scan screenshot signal telegram trios
    vid video voice whatsapp xray"""
)


def clean(name: str, kind: FileType) -> str:
    """A name that is safe to send and to show, ending as its type does: control and direction marks, folders,
    signs that disks refuse and excess length are gone; "photo.pdf.exe" that is a PDF is "photo.pdf.exe.pdf".
    """
    shown = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", name)
        if character.isspace() or unicodedata.category(character) not in _HIDDEN
    )
    shown = _NOT_IN_NAMES.sub("_", re.split(r"[/\\]", shown.rstrip("/\\ "))[-1])
    shown = " ".join(shown.split()).strip(". ")
    stem, dot, ending = shown.rpartition(".")
    if dot and ending.lower() in _ENDINGS.get(kind.ext, frozenset({kind.ext})):
        ending = ending.lower()
    else:
        # An ending of another type is exchanged; any other stays visible in front of the true one.
        stem, ending = stem if dot and ending.lower() in _KNOWN else shown, kind.ext
    stem = _shortened(stem.strip(". "), len(ending) + 1) or "file"
    return f"{'_' if _DEVICE.match(stem) else ''}{stem}.{ending}"


def _shortened(stem: str, ending: int) -> str:
    stem = stem[: LONGEST - ending]
    while len(stem.encode()) > MOST_BYTES - ending:
        stem = stem[:-1]
    return stem.rstrip(". \u200d")


def may_name_patient(name: str) -> bool:
    """Whether a file's name reads like somebody's full name: a guess. A colleague's after "Dr" does not count."""
    stem = _COLLEAGUE.sub(" ", name.rpartition(".")[0] or name)
    words = [
        part[0]
        for part in _PART.finditer(unicodedata.normalize("NFC", stem))
        if part[0].casefold() in _TITLES or (len(part[0]) > 2 and not _common(part[0].casefold()))
    ]
    return looks_like_full_name(" ".join(words))


def _common(word: str) -> bool:
    return word in _NOISE or ordinary(word) or excluded(word)
