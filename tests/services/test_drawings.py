"""Pictures of timelines: asked for, drawn aside, posted with their words; the words alone if that cannot be."""

from __future__ import annotations

from bot.domain.ids import CaseId
from bot.domain.problems import Problem
from bot.ports.blobs import StoredBlob
from bot.services import drawings
from bot.services.drawings import Drawing
from storage import attachments
from tests.services.test_plans import a_case, submit
from tests.support.casework import Casework

PICTURE = StoredBlob(name="b" * 32, size=90_000, sha256=b"\x00" * 32)


async def asked(desk: Casework) -> tuple[CaseId, Drawing]:
    case = await a_case(desk)
    await submit(desk, case)
    seat = await desk.seat(case, "dentist")
    assert await desk.do(lambda unit: drawings.ask(unit, seat)) is None
    drawing = await desk.do(drawings.take)
    assert drawing is not None
    return case, drawing


async def test_there_is_nothing_to_draw_without_a_plan(desk: Casework) -> None:
    case = await a_case(desk)
    seat = await desk.seat(case, "dentist")
    assert await desk.do(lambda unit: drawings.ask(unit, seat)) == Problem.of("timeline.problem.no_plan")


async def test_a_picture_is_posted_once_with_its_words(desk: Casework) -> None:
    _, drawing = await asked(desk)
    assert await desk.do(drawings.take) is None  # nobody else draws it meanwhile
    assert await desk.do(lambda unit: drawings.drawn(unit, drawing, PICTURE))
    assert not await desk.do(lambda unit: drawings.drawn(unit, drawing, PICTURE))
    assert await desk.do(lambda unit: attachments.unowned(unit.tx, [PICTURE.name])) == []  # still on its way
    await desk.settle()
    posts = [one for one in desk.platforms["telegram"].shown if "Timeline of C-7K01" in one.text]
    assert len(posts) == 1
    assert posts[0].files == ("c-7k01-timeline.png",)
    assert posts[0].labels == ("Move dates",)
    assert await desk.do(lambda unit: attachments.unowned(unit.tx, [PICTURE.name])) == [PICTURE.name]


async def test_words_alone_after_three_tries(desk: Casework) -> None:
    _, drawing = await asked(desk)
    for _ in range(2):
        await desk.do(lambda unit, one=drawing: drawings.failed(unit, one))  # type: ignore[misc]
        desk.clock.advance(2_000_000)
        again = await desk.do(drawings.take)
        assert again is not None
        drawing = again
    await desk.do(lambda unit: drawings.failed(unit, drawing))
    assert await desk.do(drawings.take) is None
    await desk.settle()
    (told,) = [one for one in desk.platforms["telegram"].shown if "could not be drawn" in one.text]
    assert "First set: 10 upper, 8 lower aligners" in told.text


async def test_what_a_dead_process_was_drawing_is_drawn_anew(desk: Casework) -> None:
    _, drawing = await asked(desk)
    await desk.do(drawings.begin)
    again = await desk.do(drawings.take)
    assert again is not None
    assert again.id == drawing.id
