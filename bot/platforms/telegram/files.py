"""Files both ways: which method a file goes by, and downloads in chunks up to a limit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

from telegram import Bot, Message
from telegram.error import BadRequest

from bot.domain.errors import DeliveryError, NotSent, Reason, Refused, Unknown
from bot.domain.events import FileKind
from bot.domain.outbound import FileToSend
from bot.platforms.telegram.capabilities import CAPABILITIES
from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.content import file_id
from bot.platforms.telegram.errors import NO_PHOTO, delivery_error, says
from bot.platforms.telegram.upload import Upload
from bot.ports.gateway import FileSource

CHUNK: Final = 64 * 1024
"""Most bytes of a download handed over at once."""


def shown_as(file: FileToSend) -> FileKind:
    """How a file is sent: its own kind if Telegram can show it so, else as a document."""
    return CAPABILITIES.shown_as(file.kind, file.mime, file.size)


async def send_file(bot: Bot, source: FileSource, file: FileToSend, common: dict[str, Any]) -> Message:
    """Send one file; `common` are the arguments all methods share. Raises telegram.error's kinds or `Refused`."""
    if file.size > CAPABILITIES.upload_limit:
        raise Refused(Reason.TOO_LARGE)
    kind = shown_as(file)
    given = Upload(source, file).as_input()
    match kind:
        case FileKind.PHOTO:
            try:
                return await bot.send_photo(photo=given, **common)
            except BadRequest as error:
                # Certain that nothing was sent: too many pixels, say. Nothing forbids it as a document.
                if not says(error, NO_PHOTO):
                    raise
            given = Upload(source, file).as_input()
        case FileKind.VOICE:
            return await bot.send_voice(voice=given, **common)
        case FileKind.AUDIO:
            return await bot.send_audio(audio=given, **common)
        case FileKind.VIDEO:
            return await bot.send_video(video=given, **common)
        case FileKind.ANIMATION:
            return await bot.send_animation(animation=given, **common)
    # Detection would turn a .webp into a sticker and a .gif into a film.
    return await bot.send_document(document=given, disable_content_type_detection=True, **common)


async def download(client: TelegramClient, ref: str, limit: int) -> AsyncIterator[bytes]:
    """The file behind `InboundFile.ref`, in chunks.

    Raises `Refused(TOO_LARGE)`, before the download where the size is known; `NotSent` when trying again may help.
    """
    try:
        path, size = await _locate(client, ref)
        if size is not None and size > limit:
            raise Refused(Reason.TOO_LARGE)
        got = 0
        async with client.stream(path) as content:
            async for chunk in content.iter_chunked(CHUNK):
                got += len(chunk)
                if got > limit:
                    raise Refused(Reason.TOO_LARGE)
                yield chunk
        if size is not None and got != size:
            raise NotSent("incomplete")
    except Exception as error:  # noqa: BLE001 - nothing but a DeliveryError leaves an adapter
        raise _failed(error) from None


async def _locate(client: TelegramClient, ref: str) -> tuple[str, int | None]:
    answer = await client.call("getFile", {"file_id": file_id(ref)})
    found = answer if isinstance(answer, dict) else {}
    path, size = found.get("file_path"), found.get("file_size")
    # A server in local mode names a path on its own disk, which is none of ours to open.
    if not isinstance(path, str) or not path or path.startswith("/") or ".." in path.split("/"):
        raise Refused(Reason.OTHER, "file_path")
    return path, size if isinstance(size, int) else None


def _failed(error: Exception) -> DeliveryError:
    """A download changes nothing, so what is unknown elsewhere can simply be done again."""
    known = delivery_error(error)
    return NotSent(known.detail) if isinstance(known, Unknown) else known
