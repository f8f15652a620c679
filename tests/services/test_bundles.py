"""Words and files of a message on their way out: together where they fit, apart where they must, on both databases."""

from __future__ import annotations

import pytest

from bot.domain.errors import Reason, Refused
from bot.domain.events import FileKind, InboundFile
from bot.domain.filetypes import JPG, MP4, OGG, PDF, STL, FileType
from bot.domain.ids import AttachmentId, CaseId, MessageId
from bot.domain.outbound import Post
from bot.domain.richtext import plain
from bot.domain.rules import SECOND
from bot.platforms.telegram.render import render
from bot.services import bundles, corrections, outbox, relay
from bot.services.unit import Unit
from prompts.wording import say
from storage import attachments, messages
from tests.support.casework import Casework
from tests.support.platforms import Shown

TYPES = {FileKind.PHOTO: JPG, FileKind.VIDEO: MP4, FileKind.VOICE: OGG}


def given(name: str, kind: FileKind = FileKind.PHOTO, *, size: int = 100, mime: str = "") -> InboundFile:
    return InboundFile(
        name, name, kind, mime or TYPES.get(kind, PDF).mime, size, 12 if kind is FileKind.VOICE else None
    )


def photos(many: int) -> tuple[InboundFile, ...]:
    return tuple(given(f"view{number}.jpg") for number in range(1, many + 1))


async def opened(desk: Casework) -> CaseId:
    case = await desk.open_case()
    await desk.settle()
    return case


async def fetched(desk: Casework, message: MessageId, *names: str, kind: FileType | None = None) -> None:
    """The files of a message with these names are in the store; without names all of them."""

    def work(unit: Unit) -> None:
        for row in attachments.of_message(unit.tx, message):
            about = bundles.parcels.file_about(unit, row)
            if row["state"] == "to_fetch" and (not names or about.name in names):
                found = kind or TYPES.get(FileKind(row["kind"]), PDF)
                relay.file_stored(unit, row["id"], found, blob="0" * 32, sha256="00", size=int(row["size"]))

    await desk.do(work)


def shown(desk: Casework, platform: str) -> list[Shown]:
    """What of a message stands on a platform, in order."""
    return [one for one in desk.platforms[platform].shown if (one.files or " · #" in one.heading) and not one.deleted]


def as_sent(desk: Casework, platform: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.text, one.files) for one in shown(desk, platform)]


async def part_rows(desk: Casework, message: MessageId) -> list[tuple[str, int]]:
    rows = await desk.rows(
        f"SELECT native_id, part FROM message_part WHERE message_id = {message} AND role = 'copy' ORDER BY part"
    )
    return [(row["native_id"], row["part"]) for row in rows]


async def test_words_stand_under_the_first_picture_where_the_app_lets_them(desk: Casework) -> None:
    case = await opened(desk)
    message = await desk.says(case, "specialist", "Both are fine.", files=photos(3))
    await fetched(desk, message)
    await desk.settle()
    first, *rest = shown(desk, "telegram")
    assert (first.text, first.heading) == ("Both are fine.", "Dr Amar Johal · specialist · #1")
    assert [one.files for one in (first, *rest)] == [("view1.jpg",), ("view2.jpg",), ("view3.jpg",)]
    assert await part_rows(desk, message) == [(one.id, at) for at, one in enumerate((first, *rest), 1)]
    assert (await desk.rows("SELECT state FROM message"))[0]["state"] == "delivered"


async def test_on_slack_words_are_their_own_message_and_the_files_one(desk: Casework) -> None:
    case = await opened(desk)
    message = await desk.says(case, "dentist", "The records", files=photos(8))
    await fetched(desk, message)
    await desk.settle()
    assert as_sent(desk, "slack") == [("The records", ()), ("", tuple(file.name for file in photos(8)))]


async def test_words_too_long_for_a_caption_are_split_off_and_none_is_lost(desk: Casework) -> None:
    case = await opened(desk)
    words = "The gap at UL4 is <0.2 mm. " * 60
    message = await desk.says(case, "specialist", words, files=photos(2))
    await fetched(desk, message)
    await desk.settle()
    said, *files = shown(desk, "telegram")
    assert said.text == words
    assert [one.files for one in files] == [("view1.jpg",), ("view2.jpg",)]
    assert [one.heading for one in files] == ["", ""]


@pytest.mark.parametrize(
    ("kinds", "groups"),
    [
        ("PPPV", ["PPPV"]),
        ("PDPD", ["PP", "DD"]),
        ("DAD", ["DD", "A"]),
        ("PONO", ["P", "O", "N", "O"]),  # voice notes and animations stand alone
        ("P" * 23, ["P" * 10, "P" * 10, "P" * 3]),
        ("D", ["D"]),
        ("PL", ["P", "L"]),  # a large photo is a document there
        ("LD", ["LD"]),
    ],
)
async def test_what_may_stand_together_on_telegram_does(desk: Casework, kinds: str, groups: list[str]) -> None:
    made = {
        "P": given("P"),
        "V": given("V", FileKind.VIDEO),
        "D": given("D", FileKind.DOCUMENT),
        "A": given("A", FileKind.AUDIO, mime="audio/mpeg"),
        "O": given("O", FileKind.VOICE),
        "N": given("N", FileKind.ANIMATION, mime="video/mp4"),
        "L": given("L", size=11 * 1024 * 1024),
    }
    files = [made[letter] for letter in kinds]
    rows = [
        {"kind": file.kind.value, "mime": file.mime, "size": file.size, "name": letter}
        for letter, file in zip(kinds, files, strict=True)
    ]
    found = bundles.grouped(desk.platforms["telegram"].capabilities, rows)
    assert ["".join(str(row["name"]) for row in group) for group in found] == groups
    every = bundles.grouped(desk.platforms["slack"].capabilities, rows)
    assert [len(group) for group in every] == [10, 10, 3] if len(rows) > 10 else [len(rows)]


async def test_a_refused_file_takes_neither_words_nor_siblings_and_its_sender_knows_which(desk: Casework) -> None:
    case = await opened(desk)
    message = await desk.says(case, "specialist", "All three", files=photos(3))
    await fetched(desk, message, "view1.jpg", "view3.jpg")
    rows = await desk.rows("SELECT id FROM attachment WHERE state = 'to_fetch'")
    await desk.do(lambda unit: relay.refuse_file(unit, rows[0]["id"], "wrong_type"))
    await desk.settle()
    assert as_sent(desk, "telegram")[:2] == [("All three", ("view1.jpg",)), ("", ("view3.jpg",))]
    told = [one.text for one in desk.platforms["slack"].shown]
    assert any(text.startswith("File 2 of 3 with #1 is of a type we do not pass on") for text in told)


@pytest.mark.parametrize("side", ["specialist", "dentist"])
async def test_with_every_file_refused_the_words_go_alone(desk: Casework, side: str) -> None:
    case = await opened(desk)
    message = await desk.says(case, side, "Please look", files=photos(2))
    for row in await desk.rows("SELECT id FROM attachment ORDER BY id"):
        await desk.do(lambda unit, one=row["id"]: relay.refuse_file(unit, one, "failed", state="failed"))
    await desk.settle()
    there = "telegram" if side == "specialist" else "slack"
    assert as_sent(desk, there) == [("Please look", ())]
    row = await desk.units.look(lambda unit: messages.get(unit.tx, message))
    assert row is not None
    assert row["state"] == "delivered"


async def test_words_wait_a_moment_for_their_files_and_then_go_without_them(desk: Casework) -> None:
    case = await opened(desk)
    message = await desk.says(case, "specialist", "Stop the IPR at UL4.", files=photos(2))
    worker = desk.worker()
    await worker.turn()
    assert as_sent(desk, "telegram") == []
    desk.clock.advance(desk.units.rules.caption_wait)
    await worker.turn()
    assert as_sent(desk, "telegram") == [("Stop the IPR at UL4.", ())]
    await desk.says(case, "specialist", "More tomorrow")
    await fetched(desk, message)
    await desk.settle()
    assert as_sent(desk, "telegram") == [
        ("Stop the IPR at UL4.", ()),
        ("", ("view1.jpg",)),
        ("", ("view2.jpg",)),
        ("More tomorrow", ()),
    ]
    assert shown(desk, "telegram")[1].heading == "Came with #1"
    assert len({native for native, _ in await part_rows(desk, message)}) == 3


async def test_a_picture_that_does_not_come_holds_up_the_others_for_a_while_only(desk: Casework) -> None:
    case = await opened(desk)
    message = await desk.says(case, "dentist", "", files=photos(3))
    await fetched(desk, message, "view1.jpg", "view2.jpg")
    worker = desk.worker()
    await worker.turn()
    assert as_sent(desk, "slack") == []
    desk.clock.advance(desk.units.rules.album_wait)
    await worker.turn()
    assert as_sent(desk, "slack") == [("", ("view1.jpg", "view2.jpg"))]
    desk.clock.advance(60 * SECOND)
    await worker.turn()
    await fetched(desk, message)
    await desk.settle()
    assert as_sent(desk, "slack")[1:] == [("", ("view3.jpg",))]
    rows = await desk.rows("SELECT state FROM message")
    assert [row["state"] for row in rows] == ["delivered"]


async def test_what_turns_out_to_be_of_another_kind_follows_by_itself(desk: Casework) -> None:
    case = await opened(desk)
    message = await desk.says(case, "specialist", "Both arches", files=photos(3))
    await fetched(desk, message, "view1.jpg", "view3.jpg")
    await fetched(desk, message, "view2.jpg", kind=STL)
    await desk.settle()
    assert as_sent(desk, "telegram") == [
        ("Both arches", ("view1.jpg",)),
        ("", ("view3.jpg",)),
        ("", ("view2.stl",)),
    ]


@pytest.mark.parametrize("reason", [Reason.BAD_CONTENT, Reason.TOO_LARGE, Reason.OTHER])
async def test_an_album_the_app_refuses_goes_in_single_files(desk: Casework, reason: Reason) -> None:
    case = await opened(desk)
    message = await desk.says(case, "specialist", "All three", files=photos(3))
    await fetched(desk, message)
    bad = Refused(reason)
    desk.platforms["telegram"].fates.extend([bad, "", "", bad])
    await desk.settle()
    assert as_sent(desk, "telegram") == [("All three", ()), ("", ("view1.jpg",)), ("", ("view3.jpg",))]
    row = await desk.units.look(lambda unit: messages.get(unit.tx, message))
    assert row is not None
    assert row["state"] == "failed"
    assert any("#1 was not delivered" in one.text for one in desk.platforms["slack"].shown)


async def test_an_album_in_doubt_is_repeated_on_telegram_and_says_so_and_looked_up_on_slack(desk: Casework) -> None:
    case = await opened(desk)
    for side, platform in (("specialist", "telegram"), ("dentist", "slack")):
        message = await desk.says(case, side, "", files=photos(2))
        await fetched(desk, message)
        desk.platforms[platform].fates.append("lost reply")
        await desk.settle()
    twice = shown(desk, "telegram")
    assert [one.files for one in twice] == [("view1.jpg",), ("view2.jpg",)] * 2
    assert ["repeat" in one.footer for one in twice] == [False, False, True, False]
    assert as_sent(desk, "slack") == [("", ("view1.jpg", "view2.jpg"))]


async def test_taken_back_every_picture_of_an_album_goes(desk: Casework) -> None:
    case = await opened(desk)
    message = await desk.says(case, "specialist", "All four", files=photos(4))
    await fetched(desk, message)
    await desk.settle()
    assert len(shown(desk, "telegram")) == 4
    row = await desk.units.look(lambda unit: messages.get(unit.tx, message))
    assert row is not None
    assert await desk.do(lambda unit: corrections.withdraw(unit, row))
    await desk.settle()
    assert shown(desk, "telegram") == []


async def test_taken_back_before_it_went_nothing_of_an_album_goes(desk: Casework) -> None:
    case = await opened(desk)
    message = await desk.says(case, "specialist", "All four", files=photos(4))
    row = await desk.units.look(lambda unit: messages.get(unit.tx, message))
    assert row is not None
    await desk.do(lambda unit: corrections.withdraw(unit, row))
    await fetched(desk, message)
    await desk.settle()
    assert shown(desk, "telegram") == []


async def test_a_voice_note_among_pictures_keeps_its_length_beside_it(desk: Casework) -> None:
    case = await opened(desk)
    files = (given("voice.ogg", FileKind.VOICE), given("view1.jpg"))
    for side in ("specialist", "dentist"):
        message = await desk.says(case, side, "Hear and see", files=files)
        await fetched(desk, message)
        await desk.settle()
    note = "Voice note, 0:12, not transcribed"
    assert as_sent(desk, "telegram") == [("Hear and see", ()), (note, ("voice.ogg",)), ("", ("view1.jpg",))]
    assert as_sent(desk, "slack") == [("Hear and see", ()), (note, ("voice.ogg", "view1.jpg"))]


async def test_the_longest_caption_has_room_for_all_that_is_added_when_it_is_sent(desk: Casework) -> None:
    case = await opened(desk)
    longest = ""
    for length in range(600, 1024, 4):
        words = "x" * length
        message = await desk.says(case, "specialist", words, files=photos(2))
        (row,) = await desk.rows(f"SELECT words FROM delivery WHERE message_id = {message} AND part = 1")
        if row["words"] != outbox.CAPTION:
            break
        longest = words
    assert len(longest) >= 700
    heading = "\n".join(
        [say("relay.gap", no=1234), "C-7K01X · Dr Amar Johal · specialist · #1234 · sent 10:02", say("relay.late")]
    )
    footer = "\n".join([say("relay.edited"), say("relay.repeat")])
    render(Post(plain(longest), heading, footer, album=(AttachmentId(1), AttachmentId(2))))
