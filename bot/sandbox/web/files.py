"""Files between the page and the stand-ins: base64 inwards, and what a browser may show outwards."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

PICTURES: Final = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}
"""What a browser shows inside the page, by its first bytes; everything else is only ever downloaded."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody chose."""

    name: str
    mime: str
    data: bytes

    @property
    def is_photo(self) -> bool:
        """Whether Telegram's client would send it as a photo."""
        return _picture(self.data) in ("image/png", "image/jpeg", "image/webp")


def uploads(given: dict[str, Any]) -> list[Upload]:
    """The files of a request. Raises AssertionError when one cannot be read."""
    found = []
    for one in given.get("files", []):
        try:
            data = base64.b64decode(str(one["data"]), validate=True)
        except binascii.Error:
            raise AssertionError("This file did not arrive whole.") from None
        found.append(Upload(str(one["name"]), str(one.get("mime", "")), data))
    return found


def _picture(data: bytes) -> str | None:
    return next((kind for start, kind in PICTURES.items() if data.startswith(start)), None)


def shown(data: bytes, name: str, *, lasting: bool = False) -> web.Response:
    """A picture to show, or anything else to keep, never to run; `lasting`: nothing else ever has this address."""
    kind = _picture(data)
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=3600" if lasting else "no-store"}
    if kind is None:
        plain = "".join(
            letter if letter.isascii() and (letter.isalnum() or letter in "._- ") else "_" for letter in name
        )
        headers["Content-Disposition"] = f'attachment; filename="{plain or "file"}"'
    return web.Response(body=data, content_type=kind or "application/octet-stream", headers=headers)
