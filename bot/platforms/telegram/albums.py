"""Several files as one album: one call, one message for each file, the words under the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from telegram import Bot, InputMediaAudio, InputMediaDocument, InputMediaPhoto, InputMediaVideo, Message
from telegram.error import BadRequest

from bot.domain.errors import Reason, Refused
from bot.domain.events import FileKind
from bot.domain.outbound import FileToSend
from bot.platforms.telegram.capabilities import CAPABILITIES
from bot.platforms.telegram.errors import NO_PHOTO, says
from bot.platforms.telegram.files import shown_as
from bot.platforms.telegram.render import Rendered
from bot.platforms.telegram.upload import Upload
from bot.ports.gateway import FileSource

Media = InputMediaAudio | InputMediaDocument | InputMediaPhoto | InputMediaVideo
_AS: Final[dict[FileKind, type[Media]]] = {
    FileKind.PHOTO: InputMediaPhoto,
    FileKind.VIDEO: InputMediaVideo,
    FileKind.AUDIO: InputMediaAudio,
}


async def send_album(
    bot: Bot, source: FileSource, files: Sequence[FileToSend], shown: Rendered, common: dict[str, Any]
) -> tuple[Message, ...]:
    """Send files that may stand together; `common` as for one file. Raises telegram.error's kinds or `Refused`.

    They are streamed one after another in one request, so memory holds one chunk.
    """
    kinds = [shown_as(file) for file in files]
    together = any(set(kinds) <= group for group in CAPABILITIES.albums)
    if not together or not 2 <= len(files) <= CAPABILITIES.album_limit or shown.keyboard is not None:
        raise Refused(Reason.BAD_CONTENT, "not_an_album")
    if any(file.size > CAPABILITIES.upload_limit for file in files):
        raise Refused(Reason.TOO_LARGE)
    given = {name: value for name, value in common.items() if name != "reply_markup"}
    try:
        return await bot.send_media_group(media=_media(source, files, kinds, shown), **given)
    except BadRequest as error:
        # Certain that nothing was sent: one of them has too many pixels, say. As documents nothing forbids them.
        if FileKind.PHOTO not in kinds or not says(error, NO_PHOTO):
            raise
    documents = [FileKind.DOCUMENT] * len(files)
    return await bot.send_media_group(media=_media(source, files, documents, shown), **given)


def _media(source: FileSource, files: Sequence[FileToSend], kinds: Sequence[FileKind], shown: Rendered) -> list[Media]:
    media: list[Media] = []
    for file, kind in zip(files, kinds, strict=True):
        words: dict[str, Any] = {}
        if not media and shown.text:
            words = {"caption": shown.text, "caption_entities": shown.entities}
        if kind not in _AS:
            words["disable_content_type_detection"] = True
        media.append(_AS.get(kind, InputMediaDocument)(Upload(source, file).as_input(attach=True), **words))
    return media
