"""People 6: words in the wrong room are moved in two taps, files and all, and everybody knows what was seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.faults import Kind
from tests.scenarios.test_pairings import roster_of
from tests.support.cast import JOHAL, PATEL, PRACTICE, SAM, SHAH
from tests.support.papers import page
from tests.support.sides import Side
from tests.support.theatre import Theatre, eventually

WORDS = "UL2 will not seat, may I polish 0.2 mm?"
TWO = PRACTICE + PATEL + JOHAL + SHAH + SAM


async def two_cases(play: Theatre) -> tuple[Side, Side, Side, Side]:
    """Dr Patel's rooms of a case with Dr Johal and of one with Dr Shah, and theirs."""
    first = await play.open_case(pseudonym="AB", specialist="johal")
    second = await play.open_case(pseudonym="CD", specialist="shah")
    return *(await play.rooms(first)), *(await play.rooms(second, specialist="shah"))


@pytest.mark.fidelity("Message moved to the right case", how="unchanged", ways="telegram-slack")
async def test_people_6_two_taps_move_a_message_into_the_right_case(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=TWO) as play:
        here, johal, there, shah = await two_cases(play)
        said = await here.says(WORDS)
        await johal.sees(WORDS)
        await play.later(minutes=4)
        await here.uses("wrong", said)
        await here.sees("For which case is #1?")
        await play.restart()
        await here.presses(f"CD · {there.ref} · Dr Shah")
        copy = await shah.sees(WORDS)
        assert "Dr Asha Patel · dentist · #1 · sent " in shah.words(copy)
        await johal.sees_no_more(WORDS)
        await johal.sees("Dr Asha Patel has withdrawn #1.")
        await here.sees(
            "#1 is withdrawn here and went to the case you chose. Dr Amar Johal could read it here for 4 min"
        )
        await there.sees("This is #1; you first sent it in another room:")
        await there.sees(WORDS)
        told = await play.sam.sees(f"In {here.ref} a message was shown to somebody it was not for", "DM")
        assert "UL2" not in told.shown


@pytest.mark.fidelity("Message moved to the right case", how="unchanged, with its files", ways="slack-telegram")
async def test_people_6_the_shortcut_is_there_in_slack_too_and_files_go_along(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=roster_of("telegram-slack")) as play:
        first, second = await play.open_case(pseudonym="AB"), await play.open_case(pseudonym="CD")
        (dentist, here), (other, there) = await play.rooms(first), await play.rooms(second)
        said = await here.sends(page(), "plan for AB.pdf", "The plan, with 0.2 mm IPR")
        await dentist.gets(page())
        await here.uses("Wrong case", said)
        await here.sees("For which case is #1?")
        await here.presses(f"CD · {second} · Dr Patel")
        await other.sees("The plan, with 0.2 mm IPR")
        await other.gets(page())
        await dentist.sees_no_more("The plan, with 0.2 mm IPR")
        await there.sees("you first sent it in another room")
        rows = await play.rows(
            "SELECT c.ref, a.blob FROM attachment a JOIN case_file c ON c.id = a.case_id ORDER BY a.id"
        )
        assert [row["ref"] for row in rows] == [first, second]
        assert (
            len({row["blob"] for row in rows}) == 2
        )  # sealed anew: the end of one case's key is not that of the other
        assert not await play.rows("SELECT id FROM incident WHERE kind = 'wrong_case'")  # the same dentist has both


async def test_people_6_what_nobody_has_seen_is_moved_without_a_word_to_anybody(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=TWO) as play:
        here, johal, there, shah = await two_cases(play)
        play.slack.faults.add(Kind.RATE_LIMIT, method="chat.postMessage", times=None)
        said = await here.says(WORDS)
        await eventually(lambda: play.rows("SELECT id FROM message"))
        await here.uses("wrong", said)
        await here.presses(f"CD · {there.ref} · Dr Shah")
        await here.sees("#1 is withdrawn here and went to the case you chose. Nobody had seen it here.")
        play.slack.faults.rules.clear()
        await shah.sees(WORDS)
        await johal.never_saw(WORDS)
        assert not await play.rows("SELECT id FROM incident WHERE kind = 'wrong_case'")


async def test_people_6_who_has_no_other_case_is_told_what_works(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        here, johal = await play.rooms(await play.open_case())
        said = await here.says(WORDS)
        await johal.sees(WORDS)
        await here.uses("wrong", said)
        await here.sees("You have no other open case. To take a message back, use withdraw.")


@pytest.mark.parametrize("typed", ["/wrong 1 {ref}", "/wrong #1 {bare}"])
async def test_people_6_the_typed_way_names_the_case(tmp_path: Path, typed: str) -> None:
    async with Theatre(tmp_path, roster=TWO) as play:
        here, johal, there, shah = await two_cases(play)
        await here.says(WORDS)
        await johal.sees(WORDS)
        await here.says(typed.format(ref=there.ref, bare=there.ref.lower().replace("-", " ")))
        await shah.sees(WORDS)
        await here.sees("#1 is withdrawn here and went to the case you chose.")


async def test_people_6_somebody_elses_words_cannot_be_moved(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=TWO) as play:
        here, johal, _, shah = await two_cases(play)
        await johal.says(WORDS)
        copy = await here.sees(WORDS)
        await here.uses("wrong", copy)
        await here.sees("That is not one of your messages, so nothing was changed.")
        await shah.never_saw(WORDS)
