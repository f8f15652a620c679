"""Albums out, against the fake: what stands together, what a failure means, and that they are streamed."""

import hashlib

import pytest

from bot.domain.errors import NotSent, Reason, Refused, Unknown
from bot.domain.events import FileKind
from bot.domain.outbound import Button, FileToSend
from bot.platforms.telegram.capabilities import MB
from bot.platforms.telegram.gateway import TelegramGateway
from bot.ports.gateway import Sent
from bot.sandbox.faults import Kind
from bot.sandbox.telegram import FakeTelegram, Person
from bot.sandbox.telegram.files import png
from tests.platforms.telegram.support import ASHA, MemoryFiles, nothing, post, target


def photos(files: MemoryFiles, many: int, **more: int) -> tuple[FileToSend, ...]:
    return tuple(
        files.add(png(shade=number, **more), f"view{number}.png", FileKind.PHOTO, "image/png", number=number)
        for number in range(1, many + 1)
    )


async def send(gateway: TelegramGateway, files: tuple[FileToSend, ...], text: str = "", **fields: object) -> Sent:
    return await gateway.post(target(), post(text, files=files, **fields), "1", None, nothing, "")


async def test_photos_stand_together_in_order_with_the_words_under_the_first(
    gateway: TelegramGateway, telegram: FakeTelegram, asha: Person, files: MemoryFiles
) -> None:
    sent = await send(gateway, photos(files, 10), "UL4, 2 mm", heading="Dr Johal")
    shown = asha.messages()
    assert [str(one.message_id) for one in shown] == [sent.native_id, *sent.more]
    assert len({one.album for one in shown}) == 1
    assert [one.text for one in shown] == ["Dr Johal\nUL4, 2 mm"] + [""] * 9
    wanted = [hashlib.sha256(png(shade=number)).hexdigest() for number in range(1, 11)]
    assert [one.media.file.sha256 for one in shown if one.media is not None] == wanted


@pytest.mark.parametrize(
    ("kinds", "shown"),
    [
        ([(FileKind.PHOTO, "image/png"), (FileKind.VIDEO, "video/mp4")], ["photo", "video"]),
        ([(FileKind.DOCUMENT, "image/jpeg"), (FileKind.PHOTO, "image/heic")], ["document", "document"]),
        ([(FileKind.AUDIO, "audio/mpeg"), (FileKind.AUDIO, "audio/mp4")], ["audio", "audio"]),
    ],
)
async def test_each_kind_with_its_like(
    gateway: TelegramGateway,
    asha: Person,
    files: MemoryFiles,
    kinds: list[tuple[FileKind, str]],
    shown: list[str],
) -> None:
    given = tuple(
        files.add(png(shade=number), f"file{number}", kind, mime, number=number)
        for number, (kind, mime) in enumerate(kinds, 1)
    )
    await send(gateway, given)
    assert [one.media.kind for one in asha.messages() if one.media is not None] == shown


@pytest.mark.parametrize(
    "kinds",
    [
        [(FileKind.PHOTO, "image/png"), (FileKind.DOCUMENT, "model/stl")],
        [(FileKind.AUDIO, "audio/mpeg"), (FileKind.DOCUMENT, "application/pdf")],
        [(FileKind.VOICE, "audio/ogg"), (FileKind.VOICE, "audio/ogg")],
        [(FileKind.PHOTO, "image/png")] * 11,
    ],
)
async def test_what_cannot_stand_together_is_refused_before_a_byte_leaves(
    gateway: TelegramGateway, asha: Person, files: MemoryFiles, kinds: list[tuple[FileKind, str]]
) -> None:
    given = tuple(files.add(png(), "file", kind, mime) for kind, mime in kinds)
    with pytest.raises(Refused) as refused:
        await send(gateway, given)
    assert refused.value.reason is Reason.BAD_CONTENT
    assert asha.messages() == []


async def test_limits(gateway: TelegramGateway, asha: Person, files: MemoryFiles) -> None:
    small = files.add(png(), "a.stl", FileKind.DOCUMENT, "model/stl")
    large = files.add(b"", "b.stl", FileKind.DOCUMENT, "model/stl", size=50 * MB + 1, number=2)
    with pytest.raises(Refused) as refused:
        await send(gateway, (small, large))
    assert refused.value.reason is Reason.TOO_LARGE
    for fields in ({"text": "x" * 1025}, {"buttons": ((Button("Keep", "k"),),)}):
        with pytest.raises(Refused) as bad:
            await send(gateway, photos(files, 2), **fields)
        assert bad.value.reason is Reason.BAD_CONTENT
    assert asha.messages() == []
    await send(gateway, photos(files, 2), "x" * 1024)


async def test_photos_that_telegram_does_not_show_go_as_documents(
    gateway: TelegramGateway, asha: Person, files: MemoryFiles
) -> None:
    good = photos(files, 1)
    odd = files.add(png(width=30_000, height=2), "strip.png", FileKind.PHOTO, "image/png", number=2)
    await send(gateway, (*good, odd), "The whole arch")
    shown = asha.messages()
    assert [one.media.kind for one in shown if one.media is not None] == ["document", "document"]
    assert shown[0].text == "The whole arch"


async def test_an_album_in_a_lost_topic_leaves_nothing_behind(
    gateway: TelegramGateway, telegram: FakeTelegram, asha: Person, files: MemoryFiles
) -> None:
    topic = await asha.opens_topic("AB")
    await asha.deletes_topic(topic)
    with pytest.raises(Refused) as refused:
        await gateway.post(target(topic=topic.id), post(files=photos(files, 2)), "1", None, nothing, "")
    assert refused.value.reason is Reason.ROOM_GONE
    assert [one for one in asha.messages() if one.media is not None] == []


@pytest.mark.parametrize(
    ("kind", "shown"), [(Kind.DROP_BEFORE, 0), (Kind.DROP_AFTER, 3), (Kind.ERROR_AFTER, 3), (Kind.HTML, 0)]
)
async def test_what_nobody_can_know_is_unknown(
    gateway: TelegramGateway, telegram: FakeTelegram, asha: Person, files: MemoryFiles, kind: Kind, shown: int
) -> None:
    telegram.faults.add(kind, method="sendMediaGroup")
    with pytest.raises(Unknown):
        await send(gateway, photos(files, 3))
    assert len(telegram.truth.messages(ASHA)) == shown


async def test_a_file_that_cannot_be_read_sends_none(
    gateway: TelegramGateway, telegram: FakeTelegram, asha: Person, files: MemoryFiles
) -> None:
    given = (*photos(files, 2), files.add(b"x" * 9000, "c.png", FileKind.PHOTO, "image/png", number=3))
    files.chunk, files.fail_after = 1000, 3000
    with pytest.raises(NotSent):
        await send(gateway, given)
    assert telegram.truth.messages(ASHA) == []


async def test_an_album_is_deleted_whole(gateway: TelegramGateway, asha: Person, files: MemoryFiles) -> None:
    sent = await send(gateway, photos(files, 3))
    await asha.deletes_message(asha.messages()[1])
    await gateway.delete(target(), sent.native_id, sent.more)
    assert asha.messages() == []
    await gateway.delete(target(), sent.native_id, sent.more)


async def test_the_caption_of_an_album_is_edited(gateway: TelegramGateway, asha: Person, files: MemoryFiles) -> None:
    sent = await send(gateway, photos(files, 2), "UL2 does not seat")
    await gateway.edit(target(), sent.native_id, post("UL3 does not seat", caption=True))
    assert [one.text for one in asha.messages()] == ["UL3 does not seat", ""]
