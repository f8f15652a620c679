"""people.md 23: words for the patient, approved with the answer, that the dentist copies at once; on either app."""

from __future__ import annotations

from pathlib import Path

import pytest

from prompts import library
from tests.scenarios.test_pairings import roster_of
from tests.support.drafting import labels, ticks
from tests.support.sides import Side, SlackSide, TelegramSide
from tests.support.theatre import Theatre, eventually

ENTRIES = {entry.id: entry for entry in library.load()}
ANXIOUS, REFINE, EVENT = (ENTRIES[name] for name in ("anxious", "refine_needed", "event_risk"))


def blocks(side: Side, message: object) -> list[str]:
    """What stands in a message as a block that the app copies whole."""
    if isinstance(side, TelegramSide):
        text = message.text.encode("utf-16-le")  # type: ignore[attr-defined]
        found = [one for one in message.entities if one["type"] == "pre"]  # type: ignore[attr-defined]
        return [text[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le") for one in found]
    assert isinstance(side, SlackSide)
    elements = [
        element
        for block in message.blocks  # type: ignore[attr-defined]
        if block["type"] == "rich_text"
        for element in block["elements"]
        if element["type"] == "rich_text_preformatted"
    ]
    return ["".join(part["text"] for part in element["elements"]) for element in elements]


async def for_the_patient(dentist: Side, arrived: object, words: str, byline: str) -> None:
    """A block that Telegram copies at a tap; Slack copies whole messages, so there it is one, below the answer."""
    assert blocks(dentist, arrived) == [words]
    if isinstance(dentist, TelegramSide):
        assert byline in dentist.words(arrived)
        return
    assert dentist.words(arrived) == words
    above = dentist.words(await dentist.sees(byline))
    assert above.endswith("For the patient, to copy and hand on:")


@pytest.mark.parametrize("pair", ["telegram-slack", "slack-telegram"])
async def test_people_23_words_for_the_patient(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())

        await dentist.says("My patient is anxious about the aligners, what can I say to her?")
        card = await specialist.sees(ANXIOUS.patient_words)
        assert blocks(specialist, card) == [ANXIOUS.patient_words]
        assert ANXIOUS.answer in specialist.words(card)
        assert "General orthodontic teaching" not in specialist.words(card)  # nobody has looked it up
        await dentist.never_saw(ANXIOUS.patient_words)
        await specialist.presses("Approve and send")
        arrived = await dentist.sees(ANXIOUS.patient_words)
        await for_the_patient(
            dentist, arrived, ANXIOUS.patient_words, "Library answer, checked for this case by Dr Amar"
        )
        assert dentist.count(ANXIOUS.patient_words) == 1

        await dentist.says("A refinement is needed, how do I put it to the patient?")
        card = await specialist.sees(REFINE.patient_words)
        if isinstance(specialist, SlackSide):
            await specialist.presses("Edit")
            await eventually(lambda: specialist.person.modal is not None)
            assert await specialist.person.submits({"Words for the patient": "One more scan, then a few more."}) is None
        else:
            await specialist.says("For the patient:\nOne more scan, then a few more.", reply_to=card)
        card = await specialist.sees("One more scan, then a few more.")
        assert REFINE.answer in specialist.words(card)
        send = "Approve and send" if isinstance(specialist, SlackSide) else "Send this"
        await eventually(lambda: send in labels(specialist))
        await specialist.presses(send)
        arrived = await dentist.sees("One more scan, then a few more.")
        await for_the_patient(
            dentist, arrived, "One more scan, then a few more.", "edited and checked for this case by"
        )
        await dentist.never_saw(REFINE.patient_words)

        await specialist.commands("faq event at risk")
        await specialist.sees(EVENT.patient_words)
        await ticks(specialist)
        await specialist.presses("Approve and send")
        arrived = await dentist.sees(EVENT.patient_words)
        assert blocks(dentist, arrived) == [EVENT.patient_words]
