"""The line that counts the records photos, through the router, over both databases."""

from __future__ import annotations

import pytest

from bot.domain.addresses import Place
from bot.domain.events import FileKind, InboundFile
from bot.domain.outbound import Toast
from bot.domain.rules import DAY
from bot.services import relay
from prompts import photo_views
from tests.handlers.helpers import opened
from tests.support.front import Chat, Front, Message

HINT = "For full quality attach as File."


def photos(many: int, kind: FileKind = FileKind.PHOTO) -> tuple[InboundFile, ...]:
    return tuple(InboundFile(str(number), "view.jpg", kind, "image/jpeg", 100) for number in range(many))


@pytest.fixture
async def places(front: Front) -> dict[str, Place]:
    """Both rooms, by platform."""
    await opened(front)
    # the practice's clock starts long after cases that tests write by hand were made
    await front.do(lambda unit: unit.tx.execute("UPDATE case_file SET created_at = :now", {"now": unit.now}))
    await front.work.settle()
    rows = await front.rows("SELECT * FROM seat")
    return {row["platform"]: Place(row["platform"], row["workspace"], row["chat"], row["topic"]) for row in rows}


async def line(chat: Chat) -> Message:
    """The counting line as it stands now; there is one."""
    (found,) = [one for one in await chat.reads() if one.text.startswith("Got ")]
    return found


async def test_one_button_for_each_view_that_is_not_named_and_one_for_no_more(
    front: Front, places: dict[str, Place]
) -> None:
    await front.patel.types("", files=photos(6), place=places["telegram"])
    labels = [*photo_views.load().values(), "Send as is"]
    assert (await line(front.patel)).labels == labels
    assert (await line(front.patel)).post.silent
    answer = await front.patel.presses("Profile", live=True)
    assert answer == Toast("Noted.")
    assert (await line(front.patel)).labels == [one for one in labels if one != "Profile"]
    await front.patel.presses("Lower occlusal")
    last = await line(front.patel)
    assert last.text == f"Got 6 of 8. Missing: Profile and Lower occlusal. Send the rest whenever you have it. {HINT}"
    assert last.labels == ["Send as is"]
    assert "Records photos: 6 of 8. Missing: Profile and Lower occlusal." in await front.johal.texts()


async def test_only_the_dentist_can_answer_and_once(front: Front, places: dict[str, Place]) -> None:
    await front.patel.types("", files=photos(7), place=places["telegram"])
    token = (await front.patel.button("Send as is")).token
    await front.johal.press(token)
    assert "Which is missing?" in (await line(front.patel)).text
    await front.patel.press(token)
    await front.patel.press(token)
    assert (await line(front.patel)).text.startswith("Got 7 of 8, sent as they are.")
    assert (await front.johal.texts()).count("Records photos: 7 of 8.") == 1


async def test_the_specialists_photos_and_few_photos_begin_nothing(front: Front, places: dict[str, Place]) -> None:
    await front.johal.types("", files=photos(8), place=places["slack"])
    await front.patel.types("", files=photos(3), place=places["telegram"])
    documents = tuple(InboundFile("1", "scan.stl", FileKind.DOCUMENT, "model/stl", 100) for _ in range(5))
    await front.patel.types("", files=documents, place=places["telegram"])
    assert await front.rows("SELECT id FROM photo_series") == []


async def test_photos_sent_as_files_count_and_need_no_hint(front: Front, places: dict[str, Place]) -> None:
    await front.patel.types("", files=photos(9, FileKind.DOCUMENT), place=places["telegram"])
    assert (await line(front.patel)).text == "Got 9; 8 are asked for. Thank you."


async def test_it_holds_up_nothing(front: Front, places: dict[str, Place]) -> None:
    await front.patel.types("The records", files=photos(5), place=places["telegram"])
    kinds = await front.rows("SELECT kind, words FROM delivery WHERE message_id IS NOT NULL ORDER BY id")
    assert [row["words"] for row in kinds] == [1, 0]


async def test_a_whole_series_asks_again_when_one_of_it_cannot_go(front: Front, places: dict[str, Place]) -> None:
    await front.patel.types("", files=photos(8), place=places["telegram"])
    assert (await line(front.patel)).text.startswith("Got 8 of 8. Thank you.")
    (row,) = await front.rows("SELECT id FROM attachment ORDER BY id DESC LIMIT 1")
    await front.do(lambda unit: relay.refuse_file(unit, row["id"], "failed", state="failed"))
    assert (await line(front.patel)).text.startswith("Got 7 of 8. Which is missing?")


async def test_after_two_days_photos_are_none_of_the_series(front: Front, places: dict[str, Place]) -> None:
    await front.patel.types("", files=photos(5), place=places["telegram"])
    front.work.clock.advance(3 * DAY)
    await front.patel.types("", files=photos(5), place=places["telegram"])
    assert (await line(front.patel)).text.startswith("Got 5 of 8.")
