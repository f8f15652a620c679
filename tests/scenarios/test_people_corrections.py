"""People 3: a correction that matters is said aloud, and its reader answers it in one tap."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.test_pairings import roster_of
from tests.support.sides import Side
from tests.support.theatre import Theatre

PAIRINGS = pytest.mark.parametrize("pairing", ["telegram-slack", "slack-telegram"])


async def corrected(here: Side, there: Side) -> None:
    """One side says something and corrects a figure of it; the other side is told so aloud."""
    said = await here.says("Hold aligner 6 for 14 days")
    await there.sees("Hold aligner 6 for 14 days")
    await here.marked(said)
    await here.edits(said, "Hold aligner 7 for 14 days")
    told = there.words(await there.sees("Was: Hold aligner 6 for 14 days"))
    assert "Now: Hold aligner 7 for 14 days" in told
    assert "Correction by Dr " in told


@pytest.mark.fidelity("Correction of what matters", how="said aloud, answered in one tap")
@PAIRINGS
async def test_people_3_the_reader_says_that_they_have_seen_it(tmp_path: Path, pairing: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pairing)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await corrected(dentist, specialist)
        await specialist.presses("Seen")
        await dentist.sees("Dr Amar Johal has seen your correction to #1.")
        await dentist.never_saw("already acted")
        (row,) = await play.rows("SELECT details FROM audit_entry WHERE action = 'correction.answered'")
        assert '"answer":"seen"' in row["details"]


@PAIRINGS
async def test_people_3_the_reader_says_that_they_had_acted_on_the_old_words(tmp_path: Path, pairing: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pairing)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await corrected(specialist, dentist)
        await play.restart()
        await dentist.presses("I already acted on it")
        await specialist.sees("had already acted on #1 before your correction. Please get in touch with them now.")
        await specialist.never_saw("has seen your correction")


async def test_people_3_a_correction_is_answered_once_and_the_next_one_asks_anew(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        said = await dentist.says("Hold aligner 6")
        await specialist.sees("Hold aligner 6")
        await dentist.marked(said)
        await dentist.edits(said, "Hold aligner 7")
        await specialist.sees("Now: Hold aligner 7")
        await specialist.presses("Seen")
        await dentist.sees("has seen your correction to #1.")
        await specialist.presses("I already acted on it")
        await dentist.edits(said, "Hold aligner 8")
        await specialist.sees("Now: Hold aligner 8")
        await specialist.presses("I already acted on it")
        await dentist.sees("had already acted on #1 before your correction.")
        assert dentist.count("had already acted on #1") == 1
