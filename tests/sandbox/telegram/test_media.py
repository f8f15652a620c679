"""Files both ways: limits, kinds, albums, ids and downloads."""

import hashlib

import pytest
from telegram import Bot, InputMediaDocument, InputMediaPhoto, InputMediaVideo
from telegram.error import BadRequest, InvalidToken, NetworkError

from bot.sandbox.telegram import FakeTelegram, Person
from bot.sandbox.telegram.files import DOWNLOAD_LIMIT, PHOTO_LIMIT, UPLOAD_LIMIT, clean_name, image_size, png
from bot.sandbox.telegram.people import Item
from tests.sandbox.telegram.conftest import Api, Clock

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0000b080030004001011100ffd9")


async def test_a_photo_is_shown_byte_for_byte(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    picture = png(64, 48)
    message = await bot.send_photo(asha.id, picture, caption="front view", filename="front.png")
    assert (message.photo[-1].width, message.photo[-1].height) == (64, 48)
    (seen,) = telegram.truth.messages(asha.id)
    assert seen.text == "front view"
    assert [(file.kind, file.size, file.sha256) for file in seen.files] == [
        ("photo", len(picture), hashlib.sha256(picture).hexdigest())
    ]
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await message.edit_text("x")
    await message.edit_caption("side view")
    assert asha.messages()[-1].text == "side view"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"not an image", "image_process_failed"),
        (png(100, 9901), "photo_invalid_dimensions"),
        (png(10, 210), "photo_invalid_dimensions"),
        (png() + bytes(PHOTO_LIMIT), "too big for a photo"),
    ],
)
async def test_what_is_no_photo(bot: Bot, asha: Person, content: bytes, words: str) -> None:
    with pytest.raises(BadRequest, match=rf"(?i){words}"):
        await bot.send_photo(asha.id, content)
    assert asha.messages() == []


async def test_sizes_of_images() -> None:
    assert image_size(JPEG) == (64, 48)
    assert image_size(png(7, 9)) == (7, 9)
    assert image_size(b"GIF89a\x05\x00\x06\x00") == (5, 6)
    assert image_size(b"") is None


async def test_an_upload_has_50_megabytes(bot: Bot, asha: Person) -> None:
    await bot.send_document(asha.id, bytes(UPLOAD_LIMIT), filename="scan.stl")
    with pytest.raises(NetworkError, match=r"(?i)request entity too large"):
        await bot.send_document(asha.id, bytes(UPLOAD_LIMIT + 1), filename="scan.stl")
    with pytest.raises(NetworkError, match=r"(?i)request entity too large"):
        await bot.send_document(asha.id, bytes(UPLOAD_LIMIT + (9 << 20)), filename="scan.stl")
    assert len(asha.messages()) == 1
    with pytest.raises(BadRequest, match=r"(?i)file must be non-empty"):
        await bot.send_document(asha.id, b"", filename="empty.txt")


async def test_captions_have_1024_units(bot: Bot, asha: Person) -> None:
    await bot.send_document(asha.id, b"x", caption="c" * 1024)
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_document(asha.id, b"x", caption="c" * 1025)


async def test_every_kind_of_file(bot: Bot, asha: Person) -> None:
    assert (await bot.send_document(asha.id, b"x", filename="a/b/plan.pdf")).document.mime_type == "application/pdf"  # type: ignore[union-attr]
    assert (await bot.send_video(asha.id, b"x", width=4, height=3, duration=2)).video.width == 4  # type: ignore[union-attr]
    assert (await bot.send_audio(asha.id, b"x", title="t")).audio.title == "t"  # type: ignore[union-attr]
    assert (await bot.send_voice(asha.id, b"x", duration=3)).voice.mime_type == "audio/ogg"  # type: ignore[union-attr]
    assert (await bot.send_animation(asha.id, b"x")).animation
    assert (await bot.send_video_note(asha.id, b"x")).video_note
    assert next(one.media.file.name for one in asha.messages() if one.media) == "plan.pdf"


async def test_file_ids_serve_again_for_the_same_kind_and_bot(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    message = await bot.send_document(asha.id, b"content", filename="plan.pdf")
    assert message.document
    again = await bot.send_document(asha.id, message.document.file_id)
    assert again.document
    assert again.document.file_unique_id == message.document.file_unique_id
    with pytest.raises(BadRequest, match=r"(?i)can't use file of type Document as Photo"):
        await bot.send_photo(asha.id, message.document.file_id)
    other = telegram.add_bot(7_000_000_002, "other_sandbox_bot")
    await telegram.user(asha.id, other.token).start()
    async with Bot(other.token, base_url=telegram.base_url) as stranger:
        with pytest.raises(BadRequest, match=r"(?i)wrong file identifier"):
            await stranger.send_document(asha.id, message.document.file_id)
    with pytest.raises(BadRequest, match=r"(?i)failed to get HTTP URL content"):
        await bot.send_photo(asha.id, "https://example.org/a.png")


async def test_downloads_are_limited_to_20_megabytes_and_an_hour(bot: Bot, asha: Person, clock: Clock) -> None:
    await asha.sends_document(b"the plan", "plan.pdf", "here")
    await asha.sends_document(b"", "scan.stl", size=DOWNLOAD_LIMIT + 1)
    small, large = [one.message for one in await bot.get_updates()]
    assert small
    assert small.document
    assert (small.caption, small.document.file_name, small.document.file_size) == ("here", "plan.pdf", 8)
    file = await small.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"the plan"
    assert large
    assert large.document
    with pytest.raises(BadRequest, match="File is too big"):
        await large.document.get_file()
    with pytest.raises(BadRequest, match=r"(?i)invalid file_id"):
        await bot.get_file("made-up")
    clock.passes(3601)
    with pytest.raises(InvalidToken):
        await file.download_as_bytearray()


async def test_a_persons_photo_has_a_small_copy_that_is_not_it(bot: Bot, asha: Person) -> None:
    picture = png(640, 480)
    await asha.sends_photo(picture, "crowding")
    (update,) = await bot.get_updates()
    assert update.message
    small, full = update.message.photo
    assert bytes(await (await full.get_file()).download_as_bytearray()) == picture
    assert bytes(await (await small.get_file()).download_as_bytearray()) != picture


async def test_albums_hold_2_to_10_of_one_sort(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    photos = [InputMediaPhoto(png(shade=shade), caption=f"{shade}") for shade in range(3)]
    sent = await bot.send_media_group(asha.id, [*photos, InputMediaVideo(b"film")])
    assert len({one.media_group_id for one in sent}) == 1
    assert [one.text for one in telegram.truth.messages(asha.id)] == ["0", "1", "2", ""]
    documents = [InputMediaDocument(b"a"), InputMediaDocument(b"b")]
    assert len(await bot.send_media_group(asha.id, documents)) == 2
    with pytest.raises(BadRequest, match=r"(?i)document can't be mixed with other media types"):
        await bot.send_media_group(asha.id, [*documents, photos[0]])
    assert len(asha.messages()) == 6


@pytest.mark.illegal_traffic
async def test_albums_of_the_wrong_length(bot: Bot, api: Api, asha: Person) -> None:
    photos = [InputMediaPhoto(png())]
    with pytest.raises(BadRequest, match=r"(?i)too few messages"):
        await bot.send_media_group(asha.id, photos)
    with pytest.raises(BadRequest, match=r"(?i)too many messages"):
        await bot.send_media_group(asha.id, photos * 11)
    animation = [{"type": "animation", "media": "attach://a"}] * 2
    assert (await api("sendMediaGroup", chat_id=asha.id, media=animation))[0] == 400


async def test_a_persons_album_comes_as_separate_updates(bot: Bot, asha: Person) -> None:
    await asha.sends_album([png(), Item(b"film", "video"), png()], "all views")
    messages = [one.message for one in await bot.get_updates() if one.message]
    assert [bool(one.photo) for one in messages] == [True, False, True]
    assert [one.caption for one in messages] == ["all views", None, None]
    assert len({one.media_group_id for one in messages}) == 1


async def test_media_can_be_replaced(bot: Bot, asha: Person) -> None:
    message = await bot.send_photo(asha.id, png())
    edited = await message.edit_media(InputMediaDocument(b"the scan", caption="scan"))
    assert not isinstance(edited, bool)
    assert edited.document
    first, _ = await bot.send_media_group(asha.id, [InputMediaPhoto(png()), InputMediaPhoto(png())])
    with pytest.raises(BadRequest, match=r"(?i)can't change media type in the album"):
        await first.edit_media(InputMediaDocument(b"x"))


def test_names_are_cleaned() -> None:
    assert clean_name("../../etc/pass\x00wd") == "passwd"
    assert clean_name("C:\\scans\\upper jaw.stl") == "upper jaw.stl"
    assert len(clean_name("x" * 300 + ".pdf")) == 68
