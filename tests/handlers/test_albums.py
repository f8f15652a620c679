"""Albums on their way in, through the router: gathered, kept over a restart, handed over once and in order."""

from __future__ import annotations

import dataclasses
import itertools

import pytest

from bot.domain.addresses import Place
from bot.domain.events import CommandReceived, FileKind, InboundEvent, InboundFile, MessageEdited, MessageReceived
from bot.domain.outbound import Reply
from bot.domain.richtext import RichText, bold, line, lines, plain
from bot.services import albums, relay
from bot.services.unit import Unit
from bot.workers.albums import AlbumWorker
from handlers.router import handle
from storage import messages
from tests.handlers.helpers import opened
from tests.support.front import Front

_NUMBERS = itertools.count(9000)


class Room:
    """Dr Patel's room in Telegram, and what she sends into it."""

    def __init__(self, front: Front, place: Place) -> None:
        self.front = front
        self.place = place

    def part(self, caption: str = "", album: str | None = "A1", **more: object) -> MessageReceived:
        number = str(next(_NUMBERS))
        file = InboundFile(number, f"photo_{number}.jpg", FileKind.PHOTO, "image/jpeg", 100)
        origin = self.front.patel.origin(place=self.place)
        return dataclasses.replace(
            MessageReceived(origin, number, plain(caption), files=(file,), album=album),
            **more,  # type: ignore[arg-type]
        )

    async def send(self, *events: InboundEvent) -> None:
        for event in events:
            await self.front.do(lambda unit, one=event: handle(unit, one))

    async def passes(self, microseconds: int | None = None) -> None:
        """Let time pass, and hand over what is due."""
        rules = self.front.work.units.rules
        self.front.work.clock.advance(rules.album_pause if microseconds is None else microseconds)
        await AlbumWorker(self.front.work.units, handle).turn()

    async def said(self) -> list[tuple[RichText, int]]:
        """Each message of the case with how many files came with it."""

        def read(unit: Unit) -> list[tuple[RichText, int]]:
            rows = unit.tx.all("SELECT * FROM message ORDER BY no")
            counts = "SELECT COUNT(*) AS n FROM attachment WHERE message_id = :m"
            return [(relay.body_of(unit, row), int((unit.tx.one(counts, {"m": row["id"]}) or {})["n"])) for row in rows]

        return await self.front.work.units.look(read)


@pytest.fixture
async def room(front: Front) -> Room:
    await opened(front)
    await front.work.settle()
    (seat,) = await front.rows("SELECT * FROM seat WHERE platform = 'telegram'")
    return Room(front, Place("telegram", "", seat["chat"], seat["topic"]))


async def test_parts_become_one_message_after_a_pause(front: Front, room: Room) -> None:
    parts = [room.part("All of them"), room.part(), room.part()]
    await room.send(*parts)
    await room.passes(1)
    assert await room.said() == []
    await room.passes()
    assert await room.said() == [(plain("All of them"), 3)]
    found = [
        await front.do(lambda unit, one=part: messages.at(unit.tx, "telegram", "", room.place.chat, one.message_id))
        for part in parts
    ]
    assert [(row["no"], row["part"], row["role"]) for row in found if row is not None] == [
        (1, 0, "source"),
        (1, 1, "source"),
        (1, 2, "source"),
    ]
    assert await front.rows("SELECT id FROM album") == []
    assert await front.rows("SELECT id FROM album_part") == []


async def test_each_part_renews_the_pause_and_their_order_is_the_senders(front: Front, room: Room) -> None:
    first, second, third = room.part(), room.part(), room.part("Last of three")
    pause = front.work.units.rules.album_pause
    for part in (third, first, second):
        await room.send(part)
        await room.passes(pause - 1)
    assert await room.said() == []
    await room.passes()
    (row,) = await front.rows("SELECT native_id FROM message_part WHERE role = 'source' AND part = 0")
    assert row["native_id"] == first.message_id
    assert await room.said() == [(plain("Last of three"), 3)]


async def test_what_is_said_next_does_not_overtake_an_album(room: Room) -> None:
    await room.send(room.part("The fit"), room.part())
    await room.send(room.part("A second one", album="A2"), room.part(album="A2"))
    await room.send(room.part("And one alone", album=None))
    assert await room.said() == [(plain("The fit"), 2), (plain("A second one"), 2), (plain("And one alone"), 1)]
    await room.passes()
    assert len(await room.said()) == 3


async def test_a_part_that_comes_late_is_a_second_message(room: Room) -> None:
    await room.send(room.part("The fit"), room.part())
    await room.passes()
    await room.send(room.part("and from above"))
    await room.passes()
    assert await room.said() == [(plain("The fit"), 2), (plain("and from above"), 1)]


async def test_a_command_that_answers_a_part_finds_the_message(front: Front, room: Room) -> None:
    parts = [room.part("Wrong patient"), room.part()]
    await room.send(*parts)
    origin = front.patel.origin(place=room.place)
    await room.send(CommandReceived(origin, "withdraw", "", reply_to=parts[1].message_id))
    (row,) = await front.rows("SELECT state FROM message")
    assert row["state"] == "withdrawn"


async def test_after_a_start_an_album_gets_its_pause_anew(front: Front, room: Room) -> None:
    await room.send(room.part("Before the restart"))
    front.work.clock.advance(3_600_000_000)
    await front.do(albums.give_time)
    await AlbumWorker(front.work.units, handle).turn()
    assert await room.said() == []
    await room.send(room.part())
    await room.passes()
    assert await room.said() == [(plain("Before the restart"), 2)]


async def test_a_clock_that_is_put_back_holds_up_no_album(front: Front, room: Room) -> None:
    await room.send(room.part("The fit"), room.part())
    front.work.clock.advance(-86_400_000_000)
    await room.passes(0)
    assert await room.said() == [(plain("The fit"), 2)]


async def test_words_of_several_files_say_which_and_an_edit_changes_its_own(front: Front, room: Room) -> None:
    parts = [room.part("UL2 from the front"), room.part(), room.part("UL3 from the side")]
    await room.send(*parts)
    await room.passes()
    label = [bold(f"File {number}:") for number in (1, 2, 3)]
    both = lines(line(label[0], " UL2 from the front"), line(label[2], " UL3 from the side"))
    assert await room.said() == [(both, 3)]
    origin = front.patel.origin(place=room.place)
    await room.send(MessageEdited(origin, parts[1].message_id, plain("")))  # nothing a person changed
    assert (await front.rows("SELECT version FROM message"))[0]["version"] == 1
    await room.send(MessageEdited(origin, parts[2].message_id, plain("UR3 from the side")))
    both = lines(line(label[0], " UL2 from the front"), line(label[2], " UR3 from the side"))
    assert await room.said() == [(both, 3)]
    await room.send(MessageEdited(origin, parts[0].message_id, plain("")))
    assert await room.said() == [(plain("UR3 from the side"), 3)]


async def test_a_part_changed_while_the_others_come_is_sent_as_it_is_now(front: Front, room: Room) -> None:
    part = room.part("UL2")
    await room.send(part, MessageEdited(front.patel.origin(place=room.place), part.message_id, plain("UR2")))
    await room.send(room.part())
    await room.passes()
    assert await room.said() == [(plain("UR2"), 2)]


async def test_a_part_that_comes_twice_counts_once(room: Room) -> None:
    part = room.part("The fit")
    await room.send(part, room.part(), part)
    await room.passes()
    assert await room.said() == [(plain("The fit"), 2)]


async def test_held_for_the_question_which_case_an_album_stays_whole(front: Front, room: Room) -> None:
    parts = [dataclasses.replace(room.part("Which one is this?"), origin=front.patel.origin()) for _ in range(2)]
    await front.work.open_case(2)
    await front.work.settle()
    await room.send(*parts)
    await room.passes()
    assert "Which one is this?" in (await front.patel.last()).text
    origin = front.patel.origin()
    await room.send(MessageEdited(origin, parts[1].message_id, plain("")))
    label = next(one for one in (await front.patel.last()).labels if "C-7K02" in one)
    await front.patel.presses(label)
    assert await room.said() == [(plain("Which one is this?"), 2)]


async def test_nothing_is_kept_of_somebody_unknown(front: Front, room: Room) -> None:
    stranger = front.telegram("700009")
    await room.send(dataclasses.replace(room.part(), origin=stranger.origin()))
    assert await front.rows("SELECT id FROM album") == []
    assert await front.rows("SELECT id FROM album_part") == []


async def test_an_album_nobody_can_handle_is_parked_and_its_sender_knows(front: Front, room: Room) -> None:
    await room.send(room.part("Poison"), room.part())
    await room.send(room.part("Poison", album="A2"))  # hands the first over, whole
    assert await room.said() == [(plain("Poison"), 2)]

    def broken(unit: Unit, event: InboundEvent) -> Reply | None:
        raise LookupError

    for _ in range(front.work.units.rules.poison_attempts + 2):
        front.work.clock.advance(front.work.units.rules.album_pause)
        await AlbumWorker(front.work.units, broken).turn()
    assert "Poison" in (await front.patel.last()).text
    assert await front.audited("album.parked") == 1
    assert "inbox_parked" in {row["kind"] for row in await front.rows("SELECT kind FROM incident")}
    await room.send(room.part("Later words", album=None))
    assert (await room.said())[-1] == (plain("Later words"), 1)


async def test_no_word_of_an_album_is_kept_in_the_clear(front: Front, room: Room) -> None:
    await room.send(room.part("The gap at UL4"))
    (row,) = await front.rows("SELECT * FROM album_part")
    assert b"gap" not in bytes(row["event_sealed"])
