"""Words for a draft's card that are changed, cut in two or come too late: no old words go, no word is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.test_pairings import roster_of
from tests.scenarios.test_people_drafts import ANSWER, QUESTION, TELEGRAM, card
from tests.support.drafting import labels
from tests.support.sides import SlackSide, TelegramSide
from tests.support.theatre import Theatre, eventually

PAIRS = ["telegram-slack", "slack-telegram"]
FIRST, CHANGED, LATE = "At least 20 hours, please.", "At least 22 hours, please.", "Make that 21 hours."


@pytest.mark.parametrize("pair", PAIRS)
async def test_an_edited_reply_is_what_its_card_sends(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says(QUESTION)
        await card(specialist)
        shown = await specialist.sees("Only you see this.")
        reply = await specialist.says(FIRST, reply_to=shown)
        await eventually(lambda: "Send this" in labels(specialist))
        await specialist.edits(reply, CHANGED)
        await eventually(lambda: CHANGED in specialist.words(_newest(specialist)))
        await specialist.presses("Send this")
        await dentist.sees(CHANGED)
        await dentist.never_saw(FIRST)

        # Once it is sent, a change of the reply goes nowhere, and says so.
        await specialist.edits(reply, LATE)
        told = specialist.words(await specialist.sees("What you changed in your reply since was not sent."))
        assert told.startswith("Draft 2 was approved already and sent as #2.")
        assert told.endswith("withdraw 2 takes back what went.")
        await dentist.never_saw(LATE)
        assert dentist.count(CHANGED) == 1


def _newest(side: object) -> object:
    """The newest card in sight."""
    assert isinstance(side, SlackSide | TelegramSide)
    shown = side.room.standing() if isinstance(side, SlackSide) else side.person.messages(side.room)
    return [one for one in shown if "Only you see this." in side.words(one)][-1]


async def test_a_reply_that_telegram_cut_in_two_goes_nowhere_in_parts(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=TELEGRAM) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says(QUESTION)
        await card(specialist)
        shown = await specialist.sees("Only you see this.")
        await specialist.says("Wear them, and so on. " * 180, reply_to=shown)
        await specialist.says("But never at night.")
        await specialist.sees("A card holds 2400 characters")
        await specialist.sees("“But never at night.” came with a reply that is too long for a card")
        await dentist.never_saw("But never at night.")
        await play.later(minutes=1)
        await specialist.says("In short: 22 hours.")
        await dentist.sees("In short: 22 hours.")


async def test_a_window_that_comes_back_after_the_approval_loses_no_words(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says(QUESTION)
        await card(specialist)
        await specialist.presses("Edit")
        await eventually(lambda: play.johal.modal is not None)
        await specialist.commands("approve 1")  # on the phone, while the window stands open on the desk
        await dentist.sees(ANSWER)
        assert await play.johal.submits({"What will be sent": LATE}) is None
        await specialist.sees("Draft 1 was approved already and sent as #2. What you wrote stands on a card of its own")
        await dentist.never_saw(LATE)
        await specialist.presses("Send this")
        await dentist.sees(LATE)
        assert dentist.count(ANSWER) == 1


async def test_a_window_that_comes_back_during_a_complaint_loses_no_words(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says(QUESTION)
        await card(specialist)
        await specialist.presses("Edit")
        await eventually(lambda: play.johal.modal is not None)
        await dentist.says("She has made a formal complaint about the treatment.")
        await specialist.sees("Call your indemnifier first")
        assert await play.johal.submits({"What will be sent": LATE}) is None
        back = specialist.words(await specialist.sees(LATE))
        assert "A complaint is under way in this case, so draft 1 was not sent." in back
        await dentist.never_saw(LATE)


@pytest.mark.parametrize("pair", PAIRS)
async def test_a_reply_during_a_complaint_names_it(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says(QUESTION)
        await card(specialist)
        shown = await specialist.sees("Only you see this.")
        await dentist.says("She has made a formal complaint about the treatment.")
        await specialist.sees("A complaint is under way in this case, so draft 1 was not sent.")
        await specialist.says(LATE, reply_to=shown)
        await specialist.sees("A complaint is under way in this case, so no draft was made of your reply")
        await dentist.never_saw(LATE)
