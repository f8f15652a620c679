"""What is looked at: every message whole, however long, and whether or not the library can be asked."""

from __future__ import annotations

import pytest

from bot.domain.events import MessageReceived
from bot.domain.richtext import plain
from bot.drafting.retrieval import Library
from prompts import library
from tests.support.casework import Casework
from tests.support.draft_desk import WEAR, Always, DraftDesk

BY_WORD = "Her face is swollen and she cannot breathe well."
BY_MEANING = "She looks grey and keeps fainting in the chair."
REPORT = "The records were taken last week and the scan looks fine on both arches with nothing missing. " * 60


@pytest.fixture(scope="module")
def ours() -> Library:
    return Library(library.load())


@pytest.fixture
async def room(desk: Casework, ours: Library) -> DraftDesk:
    await desk.open_case()
    await desk.settle()
    return DraftDesk(desk, ours)


async def says(room: DraftDesk, *texts: str) -> None:
    for number, text in enumerate(texts):
        native = f"{room.desk.clock.now()}{number}"
        await room.happens(MessageReceived(await room.origin("dentist"), native, plain(text)))
    await room.looks()


async def called(room: DraftDesk) -> list[int]:
    rows = await room.desk.rows("SELECT m.no FROM urgent u JOIN message m ON m.id = u.message_id ORDER BY m.no")
    return [int(row["no"]) for row in rows]


@pytest.mark.parametrize("flag", [BY_WORD, BY_MEANING])
async def test_a_flag_far_before_the_end_calls_a_person(room: DraftDesk, flag: str) -> None:
    text = f"{flag} {REPORT}"[: 4096 - len(WEAR)] + WEAR
    assert text.index(flag) < len(text) - 4000 + 50
    await says(room, text)
    assert await called(room) == [1]
    assert room.cards == []


@pytest.mark.parametrize("flag", [BY_WORD, BY_MEANING])
async def test_a_flag_before_a_long_message_calls_a_person(room: DraftDesk, flag: str) -> None:
    await says(room, flag, REPORT[:4000] + WEAR)
    assert (await called(room))[0] in (1, 2)
    assert room.cards == []


async def test_the_lexicon_needs_no_drafter_to_agree(room: DraftDesk) -> None:
    room.drafter = Always()  # it would never call anybody
    await says(room, f"{REPORT[:9000]} {BY_WORD} {REPORT}")
    assert await called(room) == [1]


async def test_a_flag_cut_by_the_end_of_a_piece_is_seen_whole(room: DraftDesk) -> None:
    end = REPORT[: 4000 - len(BY_MEANING) // 2 - len(WEAR)] + WEAR
    await says(room, f"{REPORT} {BY_MEANING} {end}")
    assert await called(room) == [1]
