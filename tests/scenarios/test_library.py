"""A specialist changes a library answer from chat, and the very next draft shows it, after a restart as well."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.test_people_drafts import ANSWER, QUESTION, card
from tests.support.theatre import Theatre, eventually

EDITED = "Twenty-two hours a day, and count the meals."


async def test_an_edited_answer_is_what_the_next_draft_shows(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        assert await play.johal.command("/case", "library Hours of wear per day")
        await specialist.presses_directly("Edit 1")
        await eventually(lambda: play.johal.modal is not None)
        assert await play.johal.submits({"Answer": EDITED}) is None
        await specialist.reads_directly("The next draft uses it.")
        await play.restart()
        await dentist.says(QUESTION)
        shown = await card(specialist)
        assert EDITED in shown
        assert ANSWER not in shown
        await specialist.presses("Approve and send")
        await dentist.sees(EDITED)
