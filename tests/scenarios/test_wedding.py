"""The story the product is judged by: a wedding in thirteen weeks, a dentist in Telegram, a specialist in Slack."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.sandbox.slack.truth import What
from bot.sandbox.telegram import MAIN
from bot.sandbox.telegram.truth import Act
from tests.support.drafting import ticks
from tests.support.papers import page, picture
from tests.support.theatre import Theatre

ENQUIRY = datetime(2027, 3, 15, 10, 0, tzinfo=ZoneInfo("Europe/London"))
"""Day 0. The wedding is day 91, 14 June 2027."""
LONG = "\n".join(
    f"Step {number}: chewies twice a day, then look at UL{number % 8 + 1} again." for number in range(1, 181)
)
QUESTION = "The new aligner will not seat fully, what should I do?"


async def test_wedding(tmp_path: Path, bare_url: str) -> None:
    async with Theatre(tmp_path, url=bare_url, begins=ENQUIRY) as play:
        ref = await _intake(play)
        await _assignment(play, ref)
        await _rooms(play, ref)
        await _check_in(play)
        await _week_six(play, ref)
        await _draft(play, ref)


async def _intake(play: Theatre) -> str:
    """Day 0: questions in Telegram, the service restarted in the middle. At most twelve taps and four answers owed."""
    patel = play.patel
    await patel.says("/new")
    await patel.sees("What shall we call this patient?", MAIN)
    await patel.says("AB")
    await patel.sees("What does the patient want?", MAIN)
    await patel.says("I want the gaps between my teeth closed before my wedding")
    await patel.sees("Is there a date to be ready for", MAIN)

    await play.restart()

    await patel.says("in 13 weeks")
    await patel.sees("14 June 2027", MAIN)
    await patel.sees("What happens on that date?", MAIN)
    await patel.says("Wedding")
    await patel.sees("Has the patient agreed", MAIN)
    await patel.presses("Yes, the patient has agreed")
    summary = await patel.sees("Is this right?", MAIN)
    assert "14 June 2027" in summary.text
    await patel.presses("Send")
    thanks = await patel.sees("is open and a specialist is being asked", MAIN)

    taps = [one for one in patel.messages(own=True) if not one.by_bot and one.text != "/start"]
    presses = play.telegram.bot().queries
    assert len(taps) + len(presses) <= 12
    found = re.search(r"C-[0-9A-Z]{4}", thanks.text)
    assert found is not None
    return found[0]


async def _assignment(play: Theatre, ref: str) -> None:
    """The specialist is offered the case in Slack, with what the patient wants and nothing that names her."""
    offer = await play.johal.sees("Riverside Dental asks for a specialist")
    assert "gaps between my teeth" in offer.shown
    assert "AB" not in offer.shown.replace(ref, "")
    assert await play.johal.presses("Accept")
    await play.johal.sees(f"You have taken {ref}")
    await play.patel.sees(f"Dr Amar Johal has taken {ref}")


async def _rooms(play: Theatre, ref: str) -> None:
    """Two relayed seats, named and carded as people.md 8 and 19 ask."""
    dentist, specialist = await play.rooms(ref)
    channel = play.johal.channel(f"case-patel-{ref.removeprefix('C-').lower()}")
    assert channel.topic == "AB · 14 Jun"
    assert play.workspace.data.bot_user in channel.members
    assert sorted(channel.members) == sorted([play.workspace.data.bot_user, "U0002"])
    assert [one.name for one in play.patel.topics] == [f"AB · 14 Jun · {ref}"]
    card = await specialist.sees("What you type here goes to")
    assert specialist.words(card).splitlines()[0] == "What you type here goes to Dr Asha Patel on Telegram."
    card = await dentist.sees("What you type here goes to")
    assert dentist.words(card).splitlines()[0] == "What you type here goes to Dr Amar Johal on Slack."
    for words in ("dentist: Dr Asha Patel", "specialist: Dr Amar Johal", "14 June 2027", ref):
        assert words in dentist.words(card)
    await specialist.sees("I want the gaps between my teeth closed before my wedding")


async def _check_in(play: Theatre) -> None:
    """Day 21: one question to the dentist, one tap, and the specialist knows."""
    await play.later(days=20)
    await play.patel.sees_nothing_like("Check-in")
    await play.later(days=1, minutes=6 * 60)
    await play.patel.sees("How are the aligners fitting?")
    await play.patel.presses("Fits well")
    answer = await play.johal.sees("Check-in: the aligners fit well.")
    assert "Dr Asha Patel · dentist · #1" in answer.shown
    await play.patel.sees("Nothing more to answer here. Thank you.")


async def _week_six(play: Theatre, ref: str) -> None:
    """Day 56: the talk, both ways, with formatting, a reply, a long text, a photo, a PDF; a restart in its middle."""
    await play.later(days=35)
    dentist, specialist = await play.rooms(ref)
    patel, johal = play.patel, play.johal
    bold = [{"type": "bold", "offset": 0, "length": 6}]
    said = await patel.says("Week 6: UL2 stands 1.5 mm off the tray, gap < 0.2 mm elsewhere", ref, entities=bold)
    shown = await specialist.sees("UL2 stands 1.5 mm off the tray, gap < 0.2 mm elsewhere")
    assert {"type": "text", "text": "Week 6", "style": {"bold": True}} in _elements(shown.blocks)
    assert await dentist.marked(said) == "🕊"

    parts = [{"type": "text", "text": "Hold", "style": {"bold": True}}, {"type": "text", "text": " aligner 8, please"}]
    section = {"type": "rich_text_section", "elements": parts}
    block = {"type": "rich_text", "block_id": "typed", "elements": [section]}
    await johal.says([block], specialist.room, shown)
    answer = await dentist.sees("Hold aligner 8, please")
    assert answer.reply_to is said
    held = [one for one in answer.entities if one["type"] == "bold"]
    assert "Hold" in [answer.text[one["offset"] : one["offset"] + one["length"]] for one in held]
    assert "Dr Amar Johal · specialist" in answer.text

    await play.restart()

    await specialist.says(LONG)
    await dentist.sees("Step 180:")
    pieces = [one.text for one in patel.messages(ref) if "chewies" in one.text]
    assert len(pieces) > 1
    assert re.findall(r"Step \d+:", "\n".join(pieces)) == re.findall(r"Step \d+:", LONG)

    photo, pdf = picture(), page("scan report")
    await dentist.sends(photo, "fit.png", "The gap at UL2")
    await specialist.sees("The gap at UL2")
    await specialist.gets(photo)
    await specialist.sends(pdf, "seat-test.pdf", "Please follow this")
    await dentist.sees("Please follow this")
    assert await dentist.gets(pdf) == "seat-test.pdf"


async def _draft(play: Theatre, ref: str) -> None:
    """A question the library knows: the draft is the specialist's alone until they press, and arrives once."""
    dentist, specialist = await play.rooms(ref)
    await specialist.says("Thank you, looking at it now")
    await dentist.sees("Thank you, looking at it now")
    await dentist.says(QUESTION)
    card = await specialist.sees("Only you see this. Nothing is sent unless you approve it.")
    assert "go back to it, use chewies" in card.shown
    await dentist.never_saw("go back to it, use chewies")
    await ticks(specialist)
    assert await play.johal.presses("Approve and send", channel=specialist.room)
    answer = await dentist.sees("go back to it, use chewies")
    assert "Dr Amar Johal · specialist" in answer.text
    assert "Library answer, checked for this case by Dr Amar Johal" in answer.text
    assert dentist.answers(answer).endswith(QUESTION)
    await specialist.sees("under the name of Dr Amar Johal")
    assert dentist.count("go back to it, use chewies") == 1
    drafted = [one.text for one in play.johal.seen if one.what is What.MESSAGE and "go back to it" in one.text]
    text = drafted[0].split("before trying again")[0].splitlines()[-1]
    assert text in answer.text
    assert [one.kind for one in play.patel.seen if "go back to it" in one.text] == [Act.MESSAGE]


def _elements(blocks: list[dict[str, object]]) -> list[object]:
    found: list[object] = []
    for block in blocks:
        elements = block.get("elements")
        if isinstance(elements, list):
            found += [one for one in elements if one.get("type") == "text"] + _elements(elements)
    return found
