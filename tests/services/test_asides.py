"""What a sender is told beside their message: where it goes, what could not go along, and how to send it again."""

from __future__ import annotations

from bot.domain.addresses import Account, Place
from bot.domain.errors import Reason, Refused
from bot.domain.events import FileKind, InboundFile, MessageReceived, Origin, Reacted
from bot.domain.ids import CaseId
from bot.domain.richtext import RichText, item, styled
from bot.domain.richtext_spans import Kind
from bot.services import reactions, relay
from storage import losses
from tests.support.casework import JOHAL, Casework


async def says(desk: Casework, case: CaseId, side: str, body: RichText, native: str) -> None:
    seat = await desk.seat(case, side)
    place = Place(seat["platform"], seat["workspace"], seat["chat"], seat["topic"])
    sender = Account(seat["platform"], seat["workspace"], seat["user_ref"])
    event = MessageReceived(Origin(place, sender, desk.clock.now()), native, body)
    desk.clock.advance(1000)
    await desk.do(lambda unit: relay.receive(unit, seat, event))
    await desk.settle()


def lines(desk: Casework, platform: str, words: str) -> list[str]:
    return [one.text for one in desk.platforms[platform].shown if words in one.text]


async def test_each_loss_is_told_once_and_counted_each_time(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    hidden = styled("the answer", Kind.SPOILER)
    for number in range(3):
        await says(desk, case, "dentist", hidden, f"{number}")
    told = lines(desk, "telegram", "what you hid is plain to read there")
    assert told == [
        "Slack has no hidden text, so what you hid is plain to read there.\n"
        "Every word arrives; this is said once in this case."
    ]
    assert not lines(desk, "slack", "plain to read there")
    (row,) = await desk.units.look(lambda unit: losses.of_case(unit.tx, case))
    assert (row["kind"], row["times"], row["told"]) == ("spoiler_shown", 3, 1)


async def test_each_case_and_person_hears_of_it_for_themselves(desk: Casework) -> None:
    one, other = await desk.open_case(1), await desk.open_case(2)
    await desk.settle()
    for case in (one, other):
        await says(desk, case, "dentist", styled("the answer", Kind.SPOILER), f"{case}")
    assert len(lines(desk, "telegram", "plain to read there")) == 2
    totals = await desk.units.look(lambda unit: losses.totals(unit.tx))
    assert [(row["kind"], int(row["times"]), int(row["cases"])) for row in totals] == [("spoiler_shown", 2, 2)]


async def test_what_reads_the_same_is_counted_and_not_told(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    await says(desk, case, "specialist", item("first point"), "1")
    assert not lines(desk, "slack", "said once in this case")
    (row,) = await desk.units.look(lambda unit: losses.of_case(unit.tx, case))
    assert row["kind"] == "list_as_text"


async def test_words_that_lose_nothing_are_in_no_ledger(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    await says(desk, case, "dentist", styled("bold", Kind.BOLD), "1")
    assert await desk.units.look(lambda unit: losses.of_case(unit.tx, case)) == []


async def test_a_reaction_in_words_is_explained_once(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    message = await desk.says(case, "dentist", "Hold aligner 6")
    await desk.settle()
    (copy,) = await desk.rows(f"SELECT * FROM message_part WHERE message_id = {message} AND role = 'copy'")
    place = Place(copy["platform"], copy["workspace"], copy["chat"])
    for emoji in "👍🎉":
        event = Reacted(Origin(place, Account("slack", "T0001", "U0002"), desk.clock.now()), copy["native_id"], emoji)
        assert await desk.do(lambda unit, event=event: reactions.tell(unit, event, JOHAL))
        await desk.settle()
    assert len(lines(desk, "slack", "stands for no answer and no approval")) == 1


async def test_a_photo_that_the_other_app_makes_smaller(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    photo = InboundFile("ref", "one.jpg", FileKind.PHOTO, "image/jpeg", 5_000_000)
    await desk.says(case, "specialist", "look", files=(photo,))
    (row,) = await desk.units.look(lambda unit: losses.of_case(unit.tx, case))
    assert (row["kind"], row["told"]) == ("photo_shrunk", 1)


async def test_where_it_goes_and_what_the_mark_means_is_said_once_in_a_room(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    for _ in range(2):
        await desk.says(case, "dentist", "Hold aligner 6")
        await desk.settle()
    assert lines(desk, "telegram", "This goes to") == [
        "This goes to Dr Amar Johal on Slack. 🕊 on a message of yours says that it has arrived, "
        "not that it was read or agreed to."
    ]


async def test_what_failed_says_how_to_send_it_again(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    await desk.says(case, "dentist", "first")
    await desk.settle()
    desk.platforms["slack"].fates.append(Refused(Reason.BAD_CONTENT))
    await desk.says(case, "dentist", "second")
    await desk.settle()
    (told,) = lines(desk, "telegram", "was not delivered")
    assert told == "#2 was not delivered: the other app refused its content. To send it again, type /resend 2."
