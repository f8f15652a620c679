"""Files on the fake Telegram: ids, limits, download paths, and enough of image formats to refuse a bad photo."""

import hashlib
import itertools
import mimetypes
import struct
import zlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

from bot.sandbox.telegram.errors import bad, too_large

PHOTO_LIMIT: Final = 10 << 20
UPLOAD_LIMIT: Final = 50 << 20
DOWNLOAD_LIMIT: Final = 20 << 20
LINK_LIFE: Final = 3600.0
KINDS: Final = ("photo", "document", "video", "audio", "voice", "animation", "video_note")
_FOLDERS: Final = {
    "photo": "photos",
    "document": "documents",
    "video": "videos",
    "audio": "music",
    "voice": "voice",
    "animation": "animations",
    "video_note": "video_notes",
    "sticker": "stickers",
    "thumbnail": "thumbnails",
}
_DEFAULT_MIME: Final = {
    "photo": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/mpeg",
    "voice": "audio/ogg",
    "animation": "video/mp4",
    "video_note": "video/mp4",
    "sticker": "image/webp",
    "thumbnail": "image/jpeg",
}


_NAMED: Final = frozenset({"document", "video", "audio", "animation"})


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file as one bot knows it; `size` may exceed the content for files only claimed to be large."""

    file_id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    size: int
    content: bytes
    path: str
    sha256: str
    width: int = 0
    height: int = 0

    def raw(self) -> dict[str, Any]:
        """Ids and size, as every file object has them."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.size}


@dataclass(slots=True)
class FileStore:
    """All files of one server; a file id belongs to one bot, a path lives an hour after getFile."""

    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _files: dict[tuple[int, str], StoredFile] = field(default_factory=dict)
    _links: dict[tuple[int, str], tuple[StoredFile, float]] = field(default_factory=dict)

    def add(
        self, bot: int, kind: str, content: bytes, name: str = "", mime: str = "", size: int | None = None
    ) -> StoredFile:
        """Keep a file for a bot; no checks."""
        number = next(self._ids)
        name = clean_name(name)
        suffix = PurePosixPath(name).suffix
        if kind not in _NAMED:
            name = ""  # Telegram forgets what a photo or voice note was called
        guessed = mimetypes.guess_type(name)[0] or _DEFAULT_MIME.get(kind, "application/octet-stream")
        suffix = suffix or mimetypes.guess_extension(mime or guessed) or ""
        width, height = image_size(content) or (0, 0)
        stored = StoredFile(
            file_id=f"{kind}-{bot}-{number:06d}-AgADBAAD",
            unique_id=f"AQAD{number:010d}",
            kind=kind,
            name=name,
            mime=mime or guessed,
            size=len(content) if size is None else size,
            content=content,
            path=f"{_FOLDERS[kind]}/file_{number}{suffix}",
            sha256=hashlib.sha256(content).hexdigest(),
            width=width,
            height=height,
        )
        self._files[(bot, stored.file_id)] = stored
        return stored

    def upload(self, bot: int, kind: str, content: bytes, name: str, mime: str) -> StoredFile:
        """A file a bot sends; raises 400 or 413 for what Telegram refuses."""
        if not content:
            raise bad("file must be non-empty")
        if len(content) > UPLOAD_LIMIT:
            raise too_large()
        if kind == "photo":
            check_photo(content)
        return self.add(bot, kind, content, name, "" if mime == "application/octet-stream" else mime)

    def find(self, bot: int, file_id: str) -> StoredFile:
        """By file id; raises 400 for another bot's or an unknown one."""
        stored = self._files.get((bot, file_id))
        if stored is None:
            raise bad("wrong file identifier/HTTP URL specified")
        return stored

    def held(self, bot: int, file_id: str) -> StoredFile | None:
        """By file id, as a person's own client has it; None when there is none."""
        return self._files.get((bot, file_id))

    def reuse(self, bot: int, file_id: str, kind: str) -> StoredFile:
        """A file sent again by id; raises 400 when it is of another kind."""
        stored = self.find(bot, file_id)
        if stored.kind != kind:
            words = [word.title().replace("_", "") for word in (stored.kind, kind)]
            raise bad(f"can't use file of type {words[0]} as {words[1]}")
        return stored

    def link(self, bot: int, file_id: str, now: float) -> dict[str, Any]:
        """The answer to getFile; raises 400 above the download limit."""
        stored = self._files.get((bot, file_id))
        if stored is None:
            raise bad("invalid file_id")
        if stored.size > DOWNLOAD_LIMIT:
            raise bad("file is too big")
        self._links[(bot, stored.path)] = (stored, now + LINK_LIFE)
        return stored.raw() | {"file_path": stored.path}

    def download(self, bot: int, path: str, now: float) -> StoredFile | None:
        """What a download path gives, or None once it is unknown or expired."""
        stored, until = self._links.get((bot, path), (None, 0.0))
        return stored if now < until else None


def clean_name(name: str) -> str:
    """The last part of a path, without controls; at most 64 characters before the suffix."""
    base = "".join(char for char in name.replace("\\", "/").rsplit("/", 1)[-1] if char.isprintable()).strip()
    path = PurePosixPath(base)
    return f"{path.stem[:64]}{path.suffix[:20]}" if base else ""


def check_photo(content: bytes) -> None:
    """Raise 400 for what Telegram does not take as a photo: too big, not an image, odd dimensions."""
    if len(content) > PHOTO_LIMIT:
        raise bad(f"file of size {len(content)} bytes is too big for a photo; the maximum size is {PHOTO_LIMIT} bytes")
    size = image_size(content)
    if size is None:
        raise bad("IMAGE_PROCESS_FAILED")
    width, height = size
    if not width or not height or width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")


def image_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, JPEG, GIF or WebP; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return int(width), int(height)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return 512, 512
    return _jpeg_size(content) if content.startswith(b"\xff\xd8\xff") else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return int(width), int(height)
        if marker in (0xD8, 0x01) or 0xD0 <= marker <= 0xD7:
            place += 2
            continue
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    return None


def png(width: int = 32, height: int = 24, shade: int = 200) -> bytes:
    """A valid greyscale PNG, for scripts and tests that need a photo."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\x00" + bytes([shade]) * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
