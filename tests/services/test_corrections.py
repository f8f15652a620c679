"""Edits that matter shout, edits that do not stay quiet; reactions arrive in words."""

from __future__ import annotations

from bot.domain.addresses import Account, Place
from bot.domain.events import MessageEdited, Origin, Reacted
from bot.domain.ids import CaseId, PersonId
from bot.domain.richtext import plain
from bot.domain.rules import MINUTE
from bot.services import corrections, reactions, shouting
from storage import messages
from tests.support.casework import JOHAL, PATEL, Casework


async def told(desk: Casework, text: str) -> tuple[CaseId, str]:
    """The specialist says something and it is delivered; the native id of what they wrote."""
    case = await desk.open_case()
    await desk.settle()
    message = await desk.says(case, "specialist", text)
    await desk.settle()
    (part,) = await desk.rows(f"SELECT native_id FROM message_part WHERE message_id = {message} AND role = 'source'")
    return case, part["native_id"]


async def edits(desk: Casework, case: CaseId, native: str, text: str) -> bool:
    seat = await desk.seat(case, "specialist")
    place = Place(seat["platform"], seat["workspace"], seat["chat"], seat["topic"])
    sender = Account(seat["platform"], seat["workspace"], seat["user_ref"])
    event = MessageEdited(Origin(place, sender, desk.clock.now()), native, plain(text))
    done = await desk.do(lambda unit: corrections.edit(unit, event, JOHAL))
    await desk.settle()
    return done


def telegram(desk: Casework) -> list[str]:
    return [f"{one.heading}\n{one.text}" for one in desk.platforms["telegram"].shown]


async def test_a_changed_number_is_edited_in_place_and_said_aloud(desk: Casework) -> None:
    case, native = await told(desk, "IPR 0.2 mm at UL2")
    assert await edits(desk, case, native, "IPR 0.3 mm at UL2")
    shown = desk.platforms["telegram"].shown
    (copy,) = [one for one in shown if one.edited and " · #1" in one.heading]
    assert copy.text == "IPR 0.3 mm at UL2"
    (loud,) = [one for one in shown if one.heading.startswith("Correction by Dr Amar Johal to #1")]
    assert "Was: IPR 0.2 mm at UL2" in loud.text
    assert "Now: IPR 0.3 mm at UL2" in loud.text
    assert len(loud.buttons) == 2
    assert "0.3" not in loud.notice


async def test_a_mended_word_within_two_minutes_is_only_edited(desk: Casework) -> None:
    case, native = await told(desk, "Hold alinger 6")
    assert await edits(desk, case, native, "Hold aligner 6")
    assert not [text for text in telegram(desk) if text.startswith("Correction")]


async def test_any_edit_after_two_minutes_is_said_aloud(desk: Casework) -> None:
    case, native = await told(desk, "Hold alinger 6")
    desk.clock.advance(3 * MINUTE)
    assert await edits(desk, case, native, "Hold aligner 6")
    assert len([text for text in telegram(desk) if text.startswith("Correction")]) == 1


async def test_the_same_words_again_are_no_edit(desk: Casework) -> None:
    case, native = await told(desk, "Hold aligner 6")
    assert not await edits(desk, case, native, "Hold aligner 6")


async def test_who_acted_on_the_old_words_says_so_and_the_author_hears_it(desk: Casework) -> None:
    case, native = await told(desk, "IPR 0.2 mm at UL2")
    await edits(desk, case, native, "IPR 0.3 mm at UL2")
    row = await desk.units.look(lambda unit: messages.by_no(unit.tx, case, 1))
    assert row is not None
    assert not await desk.do(lambda unit: shouting.answered(unit, row["id"], JOHAL, acted=True))
    assert await desk.do(lambda unit: shouting.answered(unit, row["id"], PATEL, acted=True))
    await desk.settle()
    assert any("had already acted on #1" in one.text for one in desk.platforms["slack"].shown)


async def reacts(desk: Casework, case: CaseId, native: str, emoji: str, by: PersonId = PATEL, former: str = "") -> bool:
    seat = await desk.seat(case, "dentist")
    place = Place(seat["platform"], seat["workspace"], seat["chat"])  # Telegram names no topic here
    event = Reacted(Origin(place, Account("telegram", "", seat["user_ref"]), 0), native, emoji, former=former)
    done = await desk.do(lambda unit: reactions.tell(unit, event, by))
    await desk.settle()
    return done


async def test_a_reaction_arrives_as_a_quoted_line(desk: Casework) -> None:
    case, _ = await told(desk, "Hold aligner 6")
    (copy,) = await desk.rows("SELECT native_id FROM message_part WHERE role = 'copy'")
    assert await reacts(desk, case, copy["native_id"], "👍")
    (line,) = [one.text for one in desk.platforms["slack"].shown if "reacted" in one.text]
    assert line == "Dr Asha Patel reacted 👍 to #1\nHold aligner 6"
    assert (await desk.rows("SELECT COUNT(*) AS n FROM message"))[0]["n"] == 1


async def test_a_reaction_that_takes_the_place_of_another_says_so_and_one_without_a_character_is_not_lost(
    desk: Casework,
) -> None:
    case, _ = await told(desk, "Hold aligner 6")
    (copy,) = await desk.rows("SELECT native_id FROM message_part WHERE role = 'copy'")
    assert await reacts(desk, case, copy["native_id"], "👎", former="👍")
    assert await reacts(desk, case, copy["native_id"], "", former="👎")
    said = [one.text.partition("\n")[0] for one in desk.platforms["slack"].shown if "reacted" in one.text]
    assert said == [
        "Dr Asha Patel reacted 👎 to #1, no longer 👍",
        "Dr Asha Patel reacted with an emoji that only their app has to #1, no longer 👎",
    ]


async def test_a_reaction_of_somebody_else_or_to_nothing_tells_nobody(desk: Casework) -> None:
    case, _ = await told(desk, "Hold aligner 6")
    (copy,) = await desk.rows("SELECT native_id FROM message_part WHERE role = 'copy'")
    assert not await reacts(desk, case, "4711", "👍")
    assert not await reacts(desk, case, copy["native_id"], "👍", by=JOHAL)


async def test_editing_what_was_never_delivered_sends_nothing_new(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    message = await desk.says(case, "specialist", "IPR 0.2 mm at UL2")
    (part,) = await desk.rows(f"SELECT native_id FROM message_part WHERE message_id = {message} AND role = 'source'")
    await desk.do(lambda unit: messages.set_state(unit.tx, message, "void", unit.now))
    await desk.do(lambda unit: unit.tx.execute("UPDATE delivery SET state = 'void' WHERE message_id IS NOT NULL"))
    assert await edits(desk, case, part["native_id"], "IPR 0.3 mm at UL2")
    assert not [text for text in telegram(desk) if "0.3" in text]
    assert any("It was never delivered" in one.text for one in desk.platforms["slack"].shown)
