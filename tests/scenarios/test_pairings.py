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


@pytest.mark.fidelity("Message under its author's name and number", ways="both")
@pytest.mark.fidelity("Reply", how="keeps its parent", ways="both")
@pytest.mark.fidelity("Edit", how="as an edit", ways="both")
@pytest.mark.fidelity("Withdrawal", how="removed, both sides are told", ways="both")
@pytest.mark.fidelity("Delivered mark", ways="both")
@pytest.mark.fidelity("Photo", how="unchanged by us", ways="both")
@pytest.mark.fidelity("Document", how="byte for byte, under its name", ways="both")
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


async def test_a_long_text_that_is_edited_is_said_again_whole(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        text = "\n".join(f"{number}: hold aligner {number} for ten days" for number in range(1, 201))
        said = await specialist.says(text)
        await dentist.sees("200: hold aligner 200")
        await specialist.edits(said, text.replace("100: hold aligner 100 for ten", "100: hold aligner 100 for seven"))
        first = await dentist.sees("Correction by Dr Amar Johal to #1")
        await dentist.sees("100: hold aligner 100 for seven days")
        await dentist.sees("200: hold aligner 200", after=first)


async def test_words_in_the_private_chat_with_the_bot_are_held_in_slack_too(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        ref = await play.open_case()
        dentist, _ = await play.rooms(ref)
        await play.johal.says("Please send a photo")
        await play.johal.sees("For which case is “Please send a photo”? Nothing has been sent yet.", "DM")
        assert await play.johal.presses(f"AB · {ref} · Dr Patel")
        await dentist.sees("Please send a photo")


async def test_what_looks_like_markup_stays_what_it_is(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        odd = "*not bold* _nor this_ <b>or</b> `x` &amp; <!channel> @everyone [a](b) https://example.org/a_b_c"
        await dentist.says(odd)
        copy = await specialist.sees("*not bold*")
        assert specialist.words(copy).endswith(odd)
        await specialist.says(odd)
        back = await dentist.sees("*not bold*")
        assert dentist.words(back).endswith(odd)
