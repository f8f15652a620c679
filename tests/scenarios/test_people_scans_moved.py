"""A scan that waits for its sender when its message turns out to be in the wrong case."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.test_people_wrong_room import TWO, two_cases
from tests.support.scans import SECRETS, dicom
from tests.support.theatre import Theatre


async def test_a_file_that_waits_goes_along_cleaned_and_never_as_it_was(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=TWO) as play:
        here, johal, there, shah = await two_cases(play)
        said = await here.sends(dicom(), "scan.dcm", "The lower jaw")
        await johal.sees("The lower jaw")
        await here.sees("The file with #1 holds details that may point at the patient")
        await here.uses("wrong", said)
        await here.sees("For which case is #1?")
        await here.presses(f"CD · {there.ref} · Dr Shah")
        await shah.sees("The lower jaw")
        await johal.sees_no_more("The lower jaw")
        await shah.sees("scan.dcm")
        stored = await play.rows("SELECT state FROM attachment ORDER BY id")
        assert [row["state"] for row in stored] == ["asking", "stored"]
        for person in (johal, shah):
            for secret in SECRETS[:2]:
                await person.never_saw(secret.decode())
        await here.presses("Send without them")
        await here.says("That was all")
        await johal.sees("That was all")
        assert johal.count("scan.dcm") == 0
