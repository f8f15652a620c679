"""Wrong case: what moves, what it leaves behind, and who is told."""

from __future__ import annotations

from bot.domain.events import FileKind, InboundFile
from bot.domain.filetypes import FileType
from bot.domain.ids import CaseId, MessageId, PersonId
from bot.domain.problems import Problem
from bot.services import parcels, relay, wrong_case
from storage import attachments, messages
from tests.support.casework import JOHAL, PATEL, SHAH, Casework

PDF = FileType("pdf", "application/pdf")


async def two(desk: Casework, second: PersonId = SHAH) -> tuple[CaseId, CaseId]:
    first = await desk.open_case(1)
    other = await desk.open_case(2, specialist=second)
    await desk.settle()
    return first, other


async def move(desk: Casework, message: MessageId, to: CaseId, by: PersonId = PATEL) -> Problem | None:
    done = await desk.do(lambda unit: wrong_case.move(unit, message, to, by))
    await desk.settle()
    return done


async def test_the_words_go_on_unchanged_and_say_when_they_were_said(desk: Casework) -> None:
    first, other = await two(desk)
    message = await desk.says(first, "dentist", "UL2 needs 0.2 mm")
    await desk.settle()
    desk.clock.advance(5 * 60_000_000)
    assert await move(desk, message, other) is None
    old, new = await desk.rows("SELECT case_id, state, said_at FROM message ORDER BY id")
    assert (old["state"], new["state"], new["case_id"]) == ("withdrawn", "delivered", other)
    assert new["said_at"] == old["said_at"]
    shown = [one for one in desk.platforms["slack"].shown if one.text == "UL2 needs 0.2 mm"]
    assert [("sent" in one.heading, one.deleted) for one in shown] == [(False, True), (True, False)]


async def test_the_coordinator_hears_of_another_reader_and_reads_nothing(desk: Casework) -> None:
    first, other = await two(desk)
    message = await desk.says(first, "dentist", "UL2 needs 0.2 mm")
    await desk.settle()
    await move(desk, message, other)
    told = [one for one in desk.platforms["slack"].shown if "not for" in one.text]
    assert len(told) == 1
    assert "UL2" not in told[0].text


async def test_the_same_reader_in_both_cases_is_no_incident(desk: Casework) -> None:
    first, other = await two(desk, JOHAL)
    message = await desk.says(first, "dentist", "UL2 needs 0.2 mm")
    await desk.settle()
    assert await move(desk, message, other) is None
    assert not await desk.rows("SELECT id FROM incident")


async def test_a_file_is_sealed_anew_and_its_name_names_the_right_case(desk: Casework) -> None:
    first, other = await two(desk)
    file = InboundFile("ref", "C-7K01 photo 2.pdf", FileKind.DOCUMENT, "application/pdf", 4)
    message = await desk.says(first, "dentist", "the plan", files=(file,))
    rows = await desk.rows("SELECT id FROM attachment")
    await desk.do(lambda unit: relay.file_stored(unit, rows[0]["id"], PDF, blob="one", sha256="", size=4))
    assert await desk.do(lambda unit: wrong_case.move(unit, message, other, PATEL)) is None
    copy = await desk.units.look(lambda unit: attachments.get(unit.tx, rows[0]["id"]))
    assert copy is not None
    (new,) = await desk.rows(f"SELECT * FROM attachment WHERE case_id = {other}")
    assert (new["state"], new["blob"], new["copy_of"]) == ("to_fetch", "", copy["id"])
    about = await desk.units.look(lambda unit: parcels.file_about(unit, new))
    assert (about.ref, about.name) == ("ref", "C-7K02 photo 2.pdf")


async def test_only_its_author_moves_it_and_only_into_a_case_of_theirs(desk: Casework) -> None:
    first, other = await two(desk)
    third = await desk.open_case(3, dentist=JOHAL)
    message = await desk.says(first, "dentist", "UL2 needs 0.2 mm")
    await desk.settle()
    assert await move(desk, message, other, SHAH) == Problem.of("case.not_yours")
    assert await move(desk, message, third) == Problem.of("wrong.not_there")
    assert await move(desk, message, first) == Problem.of("wrong.not_there")
    assert await move(desk, message, other) is None
    assert await move(desk, message, other) == Problem.of("wrong.withdrawn", no=1, ref="C-7K01")


async def test_who_has_left_the_seat_moves_nothing(desk: Casework) -> None:
    first, _ = await two(desk)
    message = await desk.says(first, "specialist", "UL2 needs 0.2 mm")
    await desk.settle()
    await desk.open_case(3, specialist=JOHAL)
    await desk.reassign(first, SHAH)
    assert isinstance(await move(desk, message, CaseId(1003), JOHAL), Problem)
    row = await desk.units.look(lambda unit: messages.get(unit.tx, message))
    assert row is not None
    assert row["state"] == "delivered"


async def test_a_case_nobody_has_taken_keeps_what_is_moved_there(desk: Casework) -> None:
    first, other = await two(desk)
    await desk.do(
        lambda unit: unit.tx.execute(
            "UPDATE seat SET state = 'closed' WHERE case_id = :c AND side = 'specialist'", {"c": other}
        )
    )
    message = await desk.says(first, "dentist", "UL2 needs 0.2 mm")
    await desk.settle()
    assert await move(desk, message, other) is None
    (new,) = await desk.rows(f"SELECT state, told FROM message WHERE case_id = {other}")
    assert (new["state"], new["told"]) == ("waiting", "waiting")
