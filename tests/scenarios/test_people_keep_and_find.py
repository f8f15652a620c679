"""People 22: what was agreed stands on the card, and words are found in this case and in no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.test_pairings import roster_of
from tests.support.papers import page
from tests.support.theatre import Theatre

AGREED = "Hold aligner 6 for two more weeks, then UL2 again"


@pytest.mark.fidelity("Kept message", how="on both cards, follows edits", ways="both")
@pytest.mark.parametrize("pair", ["telegram-slack", "slack-telegram", "slack-slack", "telegram-telegram"])
async def test_people_22_what_is_kept_stands_on_both_cards(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        said = await specialist.says(AGREED)
        copy = await dentist.sees(AGREED)
        await specialist.marked(said)
        await dentist.uses("keep", copy)
        await dentist.sees("#1 stands on the card of this case now, for both of you.")
        for side in (dentist, specialist):
            card = await side.sees("Agreed so far")
            assert "What you type here goes to" in side.words(card)
            assert f"Dr Johal · #1: {AGREED}" in side.words(card)
        await play.restart()
        await specialist.edits(said, AGREED.replace("two", "three"))
        await specialist.sees("#1: Hold aligner 6 for three more weeks")
        await specialist.takes_back(said)
        for side in (dentist, specialist):
            await side.sees_no_more("Agreed so far")


async def test_people_22_what_is_kept_can_be_taken_off_by_either(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        said = await dentist.says(AGREED)
        await specialist.sees(AGREED)
        await dentist.marked(said)
        await specialist.uses("Keep", await specialist.sees(AGREED))
        await dentist.sees("Agreed so far")
        await dentist.uses("keep", said)
        await dentist.sees("#1 stands on the card already.")
        await dentist.presses("Take it off the card")
        await specialist.sees_no_more("Agreed so far")


@pytest.mark.parametrize("pair", ["telegram-slack", "slack-telegram"])
async def test_people_22_find_looks_in_this_case_only(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        one, other = await play.open_case(pseudonym="AB"), await play.open_case(pseudonym="CD")
        dentist, specialist = await play.rooms(one)
        elsewhere, there = await play.rooms(other)
        await dentist.says("The gap at UL2 is 0.2 mm")
        await specialist.sees("The gap at UL2")
        await elsewhere.says("UL2 in the other case is a secret")
        await there.sees("secret")
        await dentist.sends(page(), "scan report.pdf")
        await specialist.gets(page())
        await specialist.commands("find 22")
        hits = await specialist.sees(f"1 message in {one}, the newest first:")
        assert "Dr Patel · #1: The gap at UL2 is 0.2 mm" in specialist.words(hits)
        assert "secret" not in specialist.words(hits)
        await dentist.commands("find upper left 2 GÁP")
        await dentist.sees(f"1 message in {one}, the newest first:")
        await dentist.commands("find scan")
        await dentist.sees("#2: your file")
        await specialist.commands("find secret")
        await specialist.sees("Nothing in this case has those words.")


async def test_people_22_where_there_are_no_links_a_button_leads_there(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        said = await dentist.says(AGREED)
        await specialist.sees(AGREED)
        await dentist.commands("find aligner")
        await dentist.presses("Go to #1")
        here = await dentist.sees("↑ #1 is here.")
        assert dentist.answers(here) == dentist.words(said)
