"""A specialist goes on leave and comes back."""

from __future__ import annotations

from tests.handlers.helpers import asks
from tests.support.front import Front


async def test_leave_in_words_is_noted_in_their_own_days(front: Front) -> None:
    await front.johal.command("away", "14 June to 21 June")
    assert "away from 14 June 2026 to 21 June 2026" in (await front.johal.last()).text
    (row,) = await front.rows("SELECT * FROM absence")
    assert row["person_id"] == 2
    assert row["ends_at"] - row["starts_at"] == 8 * 86_400_000_000
    assert await front.audited("person.away") == 1


async def test_a_newer_word_replaces_the_older(front: Front) -> None:
    await front.johal.command("away", "14 June to 21 June")
    await front.johal.command("away", "15-18 June cover shah")
    assert "Dr Shah covers for you" in (await front.johal.last()).text
    (row,) = await front.rows("SELECT cover_id FROM absence")
    assert row["cover_id"] == 4


async def test_back_ends_it(front: Front) -> None:
    await front.johal.command("away", "today")
    await front.johal.command("away", "back")
    assert "Welcome back" in (await front.johal.last()).text
    await front.johal.command("away", "back")
    assert "not marked as away" in (await front.johal.last()).text
    assert await front.one("SELECT COUNT(*) FROM absence") == 0


async def test_what_cannot_be_read_says_what_would_be_right(front: Front) -> None:
    for words in (
        "",
        "some time",
        "21 June to 14 June",
        "14 June cover nobody",
        "14 June cover ops",
        "14 June cover johal",
    ):
        await front.johal.command("away", words)
    assert await front.one("SELECT COUNT(*) FROM absence") == 0
    texts = [message.text for message in await front.johal.reads()]
    assert "Please give the days" in texts[0]
    assert "some time" in texts[1]
    assert "other way round" in texts[2]
    assert "handle “nobody”" in texts[3]
    assert "same role" in texts[4]
    assert "same role" in texts[5]


async def test_leave_that_begins_now_passes_open_offers_on(front: Front) -> None:
    await asks(front.patel)
    first = await front.one("SELECT specialist_id FROM offer")
    chat, other = (front.johal, front.shah) if first == 2 else (front.shah, front.johal)
    await chat.command("away", "today")
    assert "asks for a specialist" in (await other.last()).text
    assert "has gone on to a colleague" in await chat.texts()


async def test_only_specialists_say_so(front: Front) -> None:
    await front.patel.command("away", "14 June")
    assert "not for your role" in (await front.patel.last()).text
