"""What hangs on words that were taken back: that they are urgent, their files, their author's later edits, replies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.test_pairings import roster_of
from tests.scenarios.test_people_wrong_room import TWO, two_cases
from tests.support.scans import SECRETS, dicom
from tests.support.sides import Side
from tests.support.theatre import Theatre, eventually

CALL = "Text her on 07700 900142, UL2 lags."
REDACTED = "Text her on [phone number], UL2 lags."
PAIRINGS = pytest.mark.parametrize("pairing", ["telegram-slack", "slack-telegram"])


async def hinted(here: Side, there: Side) -> object:
    """The dentist says something with a phone number and is asked about it; what they typed."""
    said = await here.says(CALL)
    await there.sees(CALL)
    await here.sees("seems to hold a phone number.")
    return said


async def redacted(here: Side, there: Side) -> object:
    """The dentist says something with a phone number and has it sent again without; what they typed."""
    said = await hinted(here, there)
    await here.presses("Withdraw and resend redacted")
    await there.sees(REDACTED)
    return said


async def test_what_is_urgent_stays_urgent_when_it_is_sent_again_redacted(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        here, there = await play.rooms(await play.open_case())
        said = await hinted(here, there)
        await here.uses("urgent", said)
        await here.sees("#1 is marked urgent")
        await here.presses("Withdraw and resend redacted")
        await there.sees(REDACTED)
        await here.sees("#2 is marked urgent and Dr Amar Johal is asked")
        await there.reads_directly("#2 from Dr Patel")
        await there.presses_directly("I have it")
        await here.sees("Dr Amar Johal has it")


async def test_who_has_it_has_it_still_when_it_is_sent_again_redacted(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        here, there = await play.rooms(await play.open_case())
        said = await hinted(here, there)
        await here.uses("urgent", said)
        await there.reads_directly("#1 from Dr Patel")
        await there.presses_directly("I have it")
        await here.sees("Dr Amar Johal has it")
        await here.presses("Withdraw and resend redacted")
        await there.sees(REDACTED)
        await here.says("Thank you")
        await there.sees("Thank you")
        assert here.count("is marked urgent") == 1
        rows = await play.rows("SELECT u.state, m.no FROM urgent u JOIN message m ON m.id = u.message_id")
        assert [(row["state"], row["no"]) for row in rows] == [("seen", 2)]


@pytest.mark.fidelity("Edit of what was withdrawn", how="goes nowhere, its sender is told")
@PAIRINGS
async def test_an_edit_of_withdrawn_words_goes_nowhere_and_says_so_once(tmp_path: Path, pairing: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pairing)) as play:
        here, there = await play.rooms(await play.open_case())
        said = await here.says("UL2 lags.")
        await there.sees("UL2 lags.")
        await here.takes_back(said)
        await there.sees("has withdrawn #1")
        await here.edits(said, "UR2 lags, and she can't breathe")
        told = await here.sees("#1 is withdrawn, so what you changed in it went to nobody")
        assert "call 999" in here.words(told)
        await here.edits(said, "UR2 lags a lot")
        await eventually(lambda: here.count("what you changed in it went to nobody") == 2)
        await here.says("UR2 lags.")
        await there.sees("UR2 lags.")
        await there.never_saw("can't breathe")
        await there.never_saw("UR2 lags a lot")
        assert here.count("what you changed in it went to nobody") == 2


@PAIRINGS
async def test_an_edit_of_words_sent_again_redacted_says_where_they_are(tmp_path: Path, pairing: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pairing)) as play:
        here, there = await play.rooms(await play.open_case())
        said = await redacted(here, there)
        await here.edits(said, "Text her on 07700 900142, UR2 lags.")
        await here.sees("#1 is withdrawn and went again as #2, so what you changed in it went to nobody")
        await here.says("I meant UR2", reply_to=said)
        copy = await there.sees("I meant UR2")
        assert REDACTED in there.answers(copy)
        await there.never_saw("UR2 lags")


async def test_what_is_done_with_redacted_words_where_they_were_typed_is_done_with_those_that_went(
    tmp_path: Path,
) -> None:
    async with Theatre(tmp_path, roster=roster_of("slack-telegram")) as play:
        here, there = await play.rooms(await play.open_case())
        said = await redacted(here, there)
        await here.uses("Urgent", said)
        await here.sees("#2 is marked urgent")
        await here.takes_back(said)
        await there.sees("has withdrawn #2")
        await there.sees_no_more(REDACTED)


@pytest.mark.fidelity("Edit of what was moved", how="made in the right case", ways="telegram-slack")
async def test_an_edit_of_moved_words_is_made_where_they_are_now(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=TWO) as play:
        here, johal, there, shah = await two_cases(play)
        said = await here.says("Hold aligner 61")
        await johal.sees("Hold aligner 61")
        await here.uses("wrong", said)
        await here.presses(f"CD · {there.ref} · Dr Shah")
        await shah.sees("Hold aligner 61")
        await there.sees("you first sent it in another room")
        await here.edits(said, "Hold aligner 62")
        await shah.sees("Now: Hold aligner 62")
        await here.sees("#1 was moved to another case; what you changed in it is changed there.")
        await there.sees("You changed #1 where you first sent it. It now says:\nHold aligner 62")
        await here.edits(said, "note: ask about aligner 63")
        await here.sees("#1 was moved to another case, so what you changed in it here went to nobody")
        await there.says("/withdraw 1")
        await shah.sees("has withdrawn #1")
        await here.edits(said, "Hold aligner 64")
        await eventually(lambda: here.count("went to nobody") == 2)
        await johal.never_saw("aligner 62")
        for word in ("aligner 63", "aligner 64"):
            await johal.never_saw(word)
            await shah.never_saw(word)


async def test_an_edit_of_moved_words_that_adds_a_red_flag_calls_a_person_there(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=TWO) as play:
        here, _, there, shah = await two_cases(play)
        said = await here.says("She is sore")
        await here.uses("wrong", said)
        await here.presses(f"CD · {there.ref} · Dr Shah")
        await shah.sees("She is sore")
        await here.edits(said, "She is sore and can't breathe")
        await here.sees("call 999")
        await shah.sees("can't breathe")
        await shah.reads_directly("#1 from Dr Patel")


async def test_a_file_that_waits_for_its_senders_word_waits_on_when_its_words_are_sent_again(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        here, there = await play.rooms(await play.open_case())
        await here.sends(dicom(), "scan.dcm", CALL)
        await there.sees(CALL)
        await here.sees("The file with #1 holds details that may point at the patient")
        await here.presses("Withdraw and resend redacted")
        await there.sees(REDACTED)
        card = await here.sees("The file with #2 holds details that may point at the patient")
        assert "a name (" in here.words(card)
        await here.says("And now?")
        await there.sees("And now?")
        await there.never_saw("scan.dcm")
        rows = await play.rows("SELECT a.state, m.no FROM attachment a JOIN message m ON m.id = a.message_id")
        assert [(row["state"], row["no"]) for row in rows] == [("asking", 2)]
        await here.presses("Send without them")
        await there.sees("scan.dcm")
        await here.sees("The file with #2 goes on without those details.")
        for secret in SECRETS[:2]:
            await there.never_saw(secret.decode())


async def test_a_file_kept_back_after_its_words_were_sent_again_never_goes(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        here, there = await play.rooms(await play.open_case())
        await here.sends(dicom(), "scan.dcm", CALL)
        await here.sees("The file with #1 holds details that may point at the patient")
        await here.presses("Withdraw and resend redacted")
        await here.sees("The file with #2 holds details")
        await here.presses("Do not send it")
        await here.sees("The file with #2 is not sent.")
        await here.says("And now?")
        await there.sees("And now?")
        await there.never_saw("scan.dcm")
