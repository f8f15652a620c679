"""Names of files and the answer to voice notes, over both databases."""

from __future__ import annotations

from bot.domain.events import FileKind, InboundFile
from bot.domain.filetypes import MP4, OGG, PDF, WEBM, FileType, as_sound
from bot.domain.ids import CaseId
from bot.domain.outbound import FileToSend
from bot.domain.problems import Problem
from bot.platforms.telegram.files import shown_as
from bot.services import parcels, relay
from bot.services.unit import Unit
from storage import attachments
from tests.support.casework import Casework


def document(name: str) -> InboundFile:
    return InboundFile("ref", name, FileKind.DOCUMENT, "application/pdf", 100)


def voice() -> InboundFile:
    return InboundFile("ref", "voice.ogg", FileKind.VOICE, "audio/ogg", 100, 12)


async def stored(desk: Casework, attachment: int, kind: FileType) -> str:
    """The file was fetched; the name it goes under."""

    def work(unit: Unit) -> str:
        relay.file_stored(unit, attachment, kind, blob="0" * 32, sha256="00", size=100)
        row = attachments.get(unit.tx, attachment)
        assert row is not None
        return parcels.file_about(unit, row).name

    return await desk.do(work)


async def newest(desk: Casework) -> int:
    rows = await desk.rows("SELECT id FROM attachment ORDER BY id DESC LIMIT 1")
    return int(rows[0]["id"])


async def heard(desk: Casework, case: CaseId, side: str) -> list[str]:
    """What stands in one side's room once everything has gone."""
    await desk.settle()
    seat = await desk.seat(case, side)
    return [one.text for one in desk.platforms[seat["platform"]].shown if one.place.chat == seat["chat"]]


async def test_each_case_tells_its_sender_once_that_a_name_was_changed(desk: Casework) -> None:
    case, other = await desk.open_case(1), await desk.open_case(2)
    names = []
    for which, name in (
        (case, "plan.pdf"),
        (case, "Sarah Whitcombe.pdf"),
        (case, "Ada Obi.pdf"),
        (other, "Ada Obi.pdf"),
    ):
        await desk.says(which, "dentist", "", files=(document(name),))
        names.append(await stored(desk, await newest(desk), PDF))
    assert names == ["plan.pdf", "C-7K01 document 2.pdf", "C-7K01 document 3.pdf", "C-7K02 document 1.pdf"]
    said = await heard(desk, case, "dentist")
    told = [text for text in said if "looks like a patient's" in text]
    assert [text.split(",")[0] for text in told] == [
        "The name of the file with #2 looks like a patient's",
        "The name of the file with #1 looks like a patient's",
    ]
    assert not [text for text in said if "Whitcombe" in text or "Obi" in text]


async def test_only_the_first_voice_note_of_a_side_is_answered(desk: Casework) -> None:
    case = await desk.open_case()
    for side in ("dentist", "dentist", "specialist"):
        await desk.says(case, side, "", files=(voice(),))
        await stored(desk, await newest(desk), OGG)
    for side, others in (("dentist", 1), ("specialist", 2)):
        said = await heard(desk, case, side)
        assert len([text for text in said if text.startswith("I can't listen to this.")]) == 1
        assert said.count("Voice note, 0:12, not transcribed") == others


async def test_what_is_wrong_with_a_file_is_said_to_its_sender_and_kept_as_one_word(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.says(case, "dentist", "All records", files=(document("records.zip"),))
    why = Problem.of("relay.why.zip_type", name="run.exe")
    attachment = await newest(desk)
    await desk.do(lambda unit: relay.refuse_file(unit, attachment, why))
    assert any(
        "“run.exe” in the ZIP is of a type we do not pass on" in one for one in await heard(desk, case, "dentist")
    )
    said = await heard(desk, case, "specialist")
    assert "All records" in said
    assert "A file that came with #1 could not be passed on; its sender knows." in said
    rows = await desk.rows("SELECT state, reason FROM attachment")
    assert rows == [{"state": "refused", "reason": "zip_type"}]


def test_sound_in_a_film_container_is_shown_as_sound() -> None:
    assert as_sound(WEBM).mime == "audio/webm"
    assert as_sound(OGG) == OGG
    clip = FileToSend("0" * 32, "audio_message.m4a", FileKind.VOICE, as_sound(MP4).mime, 100)
    assert shown_as(clip) is FileKind.VOICE


async def test_text_is_said_to_have_gone_on_only_where_there_was_some(desk: Casework) -> None:
    case = await desk.open_case()
    for words in ("", "All records"):
        await desk.says(case, "dentist", words, files=(document("records.pdf"),))
        attachment = await newest(desk)
        await desk.do(lambda unit, one=attachment: relay.refuse_file(unit, one, "failed", state="failed"))
    told = [one for one in await heard(desk, case, "dentist") if "could not be fetched" in one]
    assert [one.endswith("Your text went on.") for one in told] == [False, True]
