"""Files both ways, against the fake: which method, the limits, and downloads that do not trust what they are told."""

import hashlib
from collections.abc import AsyncIterator

import pytest

from bot.domain.errors import NotSent, Reason, Refused
from bot.domain.events import FileKind, MessageReceived
from bot.domain.outbound import Button, FileToSend
from bot.platforms.telegram.capabilities import MB
from bot.platforms.telegram.files import shown_as
from bot.platforms.telegram.gateway import TelegramGateway
from bot.platforms.telegram.ids import place
from bot.sandbox.faults import Kind
from bot.sandbox.telegram import FakeTelegram, Person
from bot.sandbox.telegram.files import png
from tests.platforms.telegram.support import ASHA, MemoryFiles, event, nothing, post, target

PICTURE = png() + bytes(range(256)) * 40


async def send(gateway: TelegramGateway, file: FileToSend, text: str = "", **fields: object) -> None:
    await gateway.post(target(), post(text, file=file, **fields), "1", None, nothing, "")


@pytest.mark.parametrize(
    ("kind", "mime", "name", "shown"),
    [
        (FileKind.PHOTO, "image/png", "photo.png", "photo"),
        (FileKind.PHOTO, "image/heic", "photo.heic", "document"),
        (FileKind.DOCUMENT, "image/jpeg", "full.jpg", "document"),
        (FileKind.DOCUMENT, "model/stl", "scan.stl", "document"),
        (FileKind.VOICE, "audio/ogg", "voice.ogg", "voice"),
        (FileKind.VOICE, "audio/x-wav", "voice.wav", "document"),
        (FileKind.AUDIO, "audio/mpeg", "song.mp3", "audio"),
        (FileKind.AUDIO, "audio/flac", "song.flac", "document"),
        (FileKind.VIDEO, "video/mp4", "clip.mp4", "video"),
        (FileKind.VIDEO, "video/quicktime", "clip.mov", "document"),
        (FileKind.ANIMATION, "video/mp4", "a.mp4", "animation"),
        (FileKind.STICKER, "image/webp", "sticker.webp", "document"),
    ],
)
async def test_each_kind_goes_its_way_byte_for_byte(
    gateway: TelegramGateway,
    telegram: FakeTelegram,
    asha: Person,
    files: MemoryFiles,
    kind: FileKind,
    mime: str,
    name: str,
    shown: str,
) -> None:
    await send(gateway, files.add(PICTURE, name, kind, mime), "UL4, 2 mm")
    seen = telegram.truth.messages(ASHA)[-1]
    assert (seen.text, seen.files[0].kind) == ("UL4, 2 mm", shown)
    assert seen.files[0].sha256 == hashlib.sha256(PICTURE).hexdigest()


async def test_a_file_without_words_and_with_buttons(
    gateway: TelegramGateway, telegram: FakeTelegram, asha: Person, files: MemoryFiles
) -> None:
    file = files.add(PICTURE, "p.jpg", FileKind.PHOTO, "image/jpeg")
    await send(gateway, file, buttons=((Button("Keep", "k"),),), silent=True, heading="Dr Johal")
    seen = telegram.truth.messages(ASHA)[-1]
    assert (seen.text, seen.silent, seen.buttons[0][0].data) == ("Dr Johal", True, "k")


async def test_captions_have_their_own_limit(gateway: TelegramGateway, asha: Person, files: MemoryFiles) -> None:
    file = files.add(PICTURE, "p.jpg", FileKind.PHOTO, "image/jpeg")
    await send(gateway, file, "x" * 1024)
    with pytest.raises(Refused) as refused:
        await send(gateway, file, "x" * 1025)
    assert refused.value.reason is Reason.BAD_CONTENT


async def test_captions_are_edited_as_captions(gateway: TelegramGateway, asha: Person, files: MemoryFiles) -> None:
    file = files.add(PICTURE, "p.jpg", FileKind.PHOTO, "image/jpeg")
    sent = await gateway.post(target(), post("before", file=file), "1", None, nothing, "")
    await gateway.edit(target(), sent.native_id, post("after", file=file))
    assert asha.messages()[-1].text == "after"
    # A renewed post may name no file, and one that names a file may meet a text.
    await gateway.edit(target(), sent.native_id, post("without"))
    assert asha.messages()[-1].text == "without"
    plain = await gateway.post(target(), post("plain"), "1", None, nothing, "")
    await gateway.edit(target(), plain.native_id, post("still plain", file=file))
    assert asha.messages()[-1].text == "still plain"
    await gateway.edit(target(), sent.native_id, post("without"))


def test_large_photos_go_as_documents() -> None:
    photo = MemoryFiles().add(b"", "p.jpg", FileKind.PHOTO, "image/jpeg", size=10 * MB)
    assert shown_as(photo) is FileKind.PHOTO
    larger = MemoryFiles().add(b"", "p.jpg", FileKind.PHOTO, "image/jpeg", size=10 * MB + 1)
    assert shown_as(larger) is FileKind.DOCUMENT


async def test_too_large_is_refused_before_a_byte_leaves(gateway: TelegramGateway, files: MemoryFiles) -> None:
    with pytest.raises(Refused) as refused:
        await send(gateway, files.add(b"", "s.stl", FileKind.DOCUMENT, "model/stl", size=50 * MB + 1))
    assert refused.value.reason is Reason.TOO_LARGE


async def test_an_empty_file_is_bad_content(gateway: TelegramGateway, asha: Person, files: MemoryFiles) -> None:
    with pytest.raises(Refused) as refused:
        await send(gateway, files.add(b"", "s.stl", FileKind.DOCUMENT, "model/stl"))
    assert refused.value.reason is Reason.BAD_CONTENT


async def test_a_file_that_cannot_be_read_is_not_sent(
    gateway: TelegramGateway, telegram: FakeTelegram, asha: Person, files: MemoryFiles
) -> None:
    files.chunk, files.fail_after = 1000, 3000
    with pytest.raises(NotSent):
        await send(gateway, files.add(PICTURE, "p.jpg", FileKind.PHOTO, "image/jpeg"))
    assert telegram.truth.messages(ASHA) == []


# -- the other way --------------------------------------------------------------------------------------------------


async def read(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


def received(telegram: FakeTelegram) -> MessageReceived:
    raw = telegram.bot().queue.pending[-1].raw
    found = event("message", raw["message"])
    assert isinstance(found, MessageReceived)
    return found


async def test_fetch(gateway: TelegramGateway, telegram: FakeTelegram, asha: Person) -> None:
    await asha.sends_photo(PICTURE, "front")
    (file,) = received(telegram).files
    assert (file.kind, file.mime, file.size) == (FileKind.PHOTO, "image/jpeg", len(PICTURE))  # not the thumbnail
    assert await read(gateway.fetch(place(ASHA), file.ref, 20 * MB)) == PICTURE


async def test_fetch_stops_at_the_limit(gateway: TelegramGateway, telegram: FakeTelegram, asha: Person) -> None:
    await asha.sends_document(PICTURE, "scan.stl")
    (file,) = received(telegram).files
    with pytest.raises(Refused) as refused:
        await read(gateway.fetch(place(ASHA), file.ref, len(PICTURE) - 1))
    assert refused.value.reason is Reason.TOO_LARGE
    assert await read(gateway.fetch(place(ASHA), file.ref, len(PICTURE))) == PICTURE


async def test_above_telegrams_own_limit(gateway: TelegramGateway, telegram: FakeTelegram, asha: Person) -> None:
    await asha.sends_document(PICTURE, "scan.stl", size=20 * MB + 1)
    (file,) = received(telegram).files
    assert file.size == 20 * MB + 1
    with pytest.raises(Refused) as refused:
        await read(gateway.fetch(place(ASHA), file.ref, 100 * MB))
    assert refused.value.reason is Reason.TOO_LARGE


async def test_an_unknown_file_is_gone(gateway: TelegramGateway) -> None:
    with pytest.raises(Refused) as refused:
        await read(gateway.fetch(place(ASHA), "nosuchfile|x", MB))
    assert refused.value.reason is Reason.TARGET_GONE


@pytest.mark.parametrize("kind", [Kind.DROP_BEFORE, Kind.DISCONNECT, Kind.ERROR_BEFORE, Kind.HTML, Kind.RATE_LIMIT])
@pytest.mark.parametrize("method", ["getFile", "file"])
async def test_a_failed_download_can_be_done_again(
    gateway: TelegramGateway, telegram: FakeTelegram, asha: Person, kind: Kind, method: str
) -> None:
    await asha.sends_document(PICTURE, "scan.stl")
    (file,) = received(telegram).files
    # A GET on a connection that was cut is tried once more by aiohttp itself, so both tries must fail.
    rule = telegram.faults.add(kind, method=method, times=None)
    with pytest.raises(NotSent) as failed:
        await read(gateway.fetch(place(ASHA), file.ref, MB))
    assert telegram.token.partition(":")[2] not in f"{failed.value!r} {failed.value.__cause__!r}"
    telegram.faults.remove(rule)
    assert await read(gateway.fetch(place(ASHA), file.ref, MB)) == PICTURE


async def test_a_photo_that_telegram_will_not_show_goes_as_a_document(
    gateway: TelegramGateway, telegram: FakeTelegram, asha: Person, files: MemoryFiles
) -> None:
    wide = png(width=2000, height=8)
    await send(gateway, files.add(wide, "opg.png", FileKind.PHOTO, "image/png"), "OPG")
    (seen,) = telegram.truth.messages(ASHA)
    assert (seen.text, seen.files[0].kind, seen.files[0].sha256) == (
        "OPG",
        "document",
        hashlib.sha256(wide).hexdigest(),
    )


async def test_a_page_instead_of_the_file_is_no_file(
    gateway: TelegramGateway, telegram: FakeTelegram, asha: Person
) -> None:
    await asha.sends_document(PICTURE, "scan.stl")
    (file,) = received(telegram).files
    telegram.faults.add(Kind.HTML, method="file", status=200)
    with pytest.raises(NotSent) as failed:
        await read(gateway.fetch(place(ASHA), file.ref, MB))
    assert failed.value.detail == "incomplete"


async def test_a_reader_who_leaves_early_closes_the_connection(
    gateway: TelegramGateway, telegram: FakeTelegram, asha: Person
) -> None:
    await asha.sends_document(PICTURE * 50, "scan.stl")
    (file,) = received(telegram).files
    chunks = gateway.fetch(place(ASHA), file.ref, MB)
    async for chunk in chunks:
        assert chunk
        break
    await chunks.aclose()  # type: ignore[attr-defined]
