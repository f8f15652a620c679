"""People 4: a tick is not consent. A reaction arrives as a quoted line, and answers and approves nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.slack import Person as SlackPerson
from tests.scenarios.test_pairings import roster_of
from tests.scenarios.test_people_drafts import ANSWER, QUESTION, card
from tests.support.drafting import labels
from tests.support.sides import Side, SlackSide, TelegramSide
from tests.support.theatre import Theatre, eventually

MONDAY = datetime(2027, 3, 15, 10, 0, tzinfo=ZoneInfo("Europe/London"))
APPROVING = {"slack": ("white_check_mark", "ok_hand"), "telegram": ("👌", "💯")}


async def reacts(side: Side, message: object) -> None:
    """Everything that may look like a yes."""
    assert isinstance(side, SlackSide | TelegramSide)
    await side.reacts(message)
    for emoji in APPROVING[side.platform]:
        await side.person.reacts(message, emoji)  # type: ignore[arg-type]


async def sheet_of(side: Side) -> object:
    """The check-in as it stands in the person's own chat."""
    await side.reads_directly("Are the records complete")
    assert isinstance(side, SlackSide | TelegramSide)
    if isinstance(side.person, SlackPerson):
        return next(one for one in side.person.messages("DM") if "Are the records complete" in one.shown)
    return next(one for one in side.person.messages(None) if "Are the records complete" in one.text)


@pytest.mark.parametrize("pairing", ["telegram-slack", "slack-telegram"])
async def test_people_4_a_reaction_answers_and_approves_nothing(tmp_path: Path, pairing: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pairing), begins=MONDAY) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await play.later(days=1, minutes=2 * 60 + 46)  # Tuesday 12:46
        sheet = await sheet_of(dentist)
        asked = await dentist.says(QUESTION)
        question = await specialist.sees(QUESTION)
        assert ANSWER in await card(specialist)
        draft = await specialist.sees("Only you see this. Nothing is sent unless you approve it.")
        every = (
            "SELECT id, state, rev FROM draft",
            "SELECT id, state FROM check_in",
            "SELECT check_in_id, question, choice FROM check_in_answer",
            "SELECT id, no, kind, state FROM message WHERE side = 'specialist' OR kind <> 'text'",
            "SELECT id, level, state FROM urgent",
        )
        before = [await play.rows(one) for one in every]

        await reacts(specialist, draft)
        await reacts(dentist, sheet)
        await reacts(dentist, asked)
        await reacts(specialist, question)
        await specialist.sees("Dr Asha Patel reacted")
        line = await dentist.sees("Dr Amar Johal reacted 👍 to #1")
        assert QUESTION in dentist.words(line)

        async def heard() -> bool:
            rows = await play.rows("SELECT seq FROM audit_entry WHERE action = 'message.reaction'")
            return len(rows) >= 6 and not await play.rows("SELECT id FROM inbox WHERE state = 'new'")

        await eventually(heard)
        await play.restart()
        assert [await play.rows(one) for one in every] == before
        assert "Approve and send" in labels(specialist)
        await dentist.never_saw(ANSWER)
        await dentist.presses_directly("Complete")
        await eventually(lambda: play.rows("SELECT choice FROM check_in_answer"))
