"""A file on its way out: read in chunks while it is sent, so memory holds one chunk and never the file."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import IO, Final, cast

from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload
from telegram import InputFile

from bot.domain.outbound import FileToSend
from bot.ports.gateway import FileSource

NAME_LIMIT: Final = 120
"""Characters of a file name we send."""
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f/\\\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


class SourceError(OSError):
    """The stored file could not be read whole: what was promised and what came differ, or reading failed."""


class Upload:
    """One stored file, read once. `complete` when its last byte was handed to the connection."""

    def __init__(self, source: FileSource, file: FileToSend) -> None:
        self._source = source
        self._file = file
        self.complete = False

    @property
    def size(self) -> int:
        """Bytes, as stored."""
        return self._file.size

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """The file; raises `SourceError` unless it is exactly `size` bytes, after at most `size` of them."""
        left = self._file.size
        stream = self._source(self._file)
        try:
            async for chunk in stream:
                left -= len(chunk)
                if left < 0:
                    break
                yield chunk
        except Exception as error:  # noqa: BLE001 - whatever a store may raise, the request must not end well
            raise SourceError(type(error).__name__) from None
        finally:
            if isinstance(stream, AsyncGenerator):
                await stream.aclose()
        if left:
            raise SourceError("size")
        self.complete = True

    def as_input(self, *, attach: bool = False) -> InputFile:
        """For the library, which passes it on to the transport unread; `attach` for one of several."""
        # The library types this as a file handle, but only ever hands it over.
        handle = cast("IO[bytes]", self)
        given = InputFile(handle, filename=clean_name(self._file.name), attach=attach, read_file_handle=False)
        given.mimetype = self._file.mime or "application/octet-stream"
        return given


class UploadPayload(Payload):
    """An `Upload` as a part of a form, with its length known beforehand."""

    _autoclose = True

    def __init__(self, upload: Upload, mime: str) -> None:
        super().__init__(upload, content_type=mime)
        self._upload = upload
        self._size = upload.size

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Never: the file is not text and is not in memory."""
        raise TypeError("an upload is only ever streamed")

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Write all of it."""
        # An upload cannot be read twice: the connection must not try again on its own.
        self._consumed = True
        async with aclosing(self._upload.chunks()) as chunks:
            async for chunk in chunks:
                await writer.write(chunk)


def clean_name(name: str) -> str:
    """A file name without path, control or direction characters; "file" if nothing is left. Its ending stays."""
    clean = _UNFIT.sub("_", name).strip(" .")
    if len(clean) > NAME_LIMIT:
        stem, dot, ending = clean.rpartition(".")
        ending = dot + ending if dot and len(ending) <= 10 else ""
        clean = (stem if ending else clean)[: NAME_LIMIT - len(ending)] + ending
    return clean or "file"
