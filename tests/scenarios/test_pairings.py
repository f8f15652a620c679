"""Every pairing of the two apps: a message each way, a reply, an edit, a withdrawal, a photo, a document."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.papers import page, picture
from tests.support.sides import Side
from tests.support.theatre import PRACTICE, SAM, Theatre

SPECIALIST = '  - {{id: johal, name: Dr Amar Johal, role: specialist, {at}, capacity: 9, hours: "24/7"}}\n'
DENTIST = "  - {{id: patel, name: Dr Asha Patel, role: dentist, practice: Riverside Dental, {at}}}\n"
PAIRS = {
    "slack-slack": ("slack: T0001/U0005", "slack: T0001/U0002"),
    "slack-other-slack": ("slack: T0002/U0005", "slack: T0001/U0002"),
    "telegram-slack": ("telegram: 700001", "slack: T0001/U0002"),
    "slack-telegram": ("slack: T0001/U0005", "telegram: 700002"),
    "telegram-telegram": ("telegram: 700001", "telegram: 700002"),
}


def roster_of(pair: str) -> str:
    """A dentist and a specialist at the two ends of a pairing."""
    dentist, specialist = PAIRS[pair]
    return PRACTICE + DENTIST.format(at=dentist) + SPECIALIST.format(at=specialist) + SAM


@pytest.mark.parametrize("pair", PAIRS)
async def test_pairing(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair), teams=("T0001", "T0002")) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await _one_way(dentist, specialist, "Dr Asha Patel · dentist", 1)
        await _one_way(specialist, dentist, "Dr Amar Johal · specialist", 2)
        await play.restart()
        await _one_way(dentist, specialist, "Dr Asha Patel · dentist", 3)


async def _one_way(here: Side, there: Side, name: str, turn: int) -> None:
    """Everything that can happen to words and files on their way from one side to the other."""
    said = await here.says(f"{turn}: the gap at UL4 is <0.2 mm & closing")
    copy = await there.sees(f"{turn}: the gap at UL4 is <0.2 mm & closing")
    assert there.words(copy).replace("@U0002 ", "").replace("@U0005 ", "").startswith(name)
    await here.marked(said)

    reply = await there.says(f"{turn}: thank you", reply_to=copy)
    answer = await here.sees(f"{turn}: thank you")
    assert f"{turn}: the gap at UL4" in here.answers(answer)
    await there.marked(reply)

    await here.edits(said, f"{turn}: the gap at UL5 is <0.2 mm & closing")
    await there.sees(f"{turn}: the gap at UL5 is <0.2 mm & closing")
    await there.sees_no_more(f"{turn}: the gap at UL4")

    slip = await here.says(f"{turn}: this was for somebody else")
    await there.sees(f"{turn}: this was for somebody else")
    await here.takes_back(slip)
    await there.sees_no_more(f"{turn}: this was for somebody else")
    await there.sees("has withdrawn #")
    await here.sees("is withdrawn. It may have been seen before it was removed.")

    photo, paper = picture(10 * turn), page(f"page {turn}")
    await here.sends(photo, "upper.png", f"{turn}: upper arch")
    await there.sees(f"{turn}: upper arch")
    await there.gets(photo)
    await here.sends(paper, f"plan-{turn}.pdf")
    assert await there.gets(paper) == f"plan-{turn}.pdf"
