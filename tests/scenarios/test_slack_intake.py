"""The intake as a Slack modal: what would be right stands at the field, and a dead trigger becomes a fresh button."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.sandbox.slack import Person
from tests.scenarios.test_pairings import roster_of
from tests.support.theatre import Theatre, eventually

ROSTER = roster_of("slack-slack")
GOOD: dict[str, Any] = {
    "pseudonym": "AB",
    "complaint": "I want the gaps between my teeth closed",
    "event_date": "none",
    "consent": "Yes, the patient has agreed",
}
NEW = "New case"


async def dentist(play: Theatre) -> Person:
    """The dentist in Slack, with the form open before them."""
    patel = play.workspace.user("U0005")
    assert await patel.command("/case", "new")
    await patel.sees_modal(NEW)
    return patel


async def test_slack_intake_is_one_page_and_makes_a_case(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER) as play:
        patel = await dentist(play)
        assert (
            await patel.submits({**GOOD, "teeth": "UL2, 13", "movements": "13 rotation 20 deg", "urgency": "Soon"})
            is None
        )
        thanks = await patel.sees("is open and a specialist is being asked")
        assert await play.johal.presses("Accept")
        _, specialist = await play.rooms(thanks.shown.split()[2])
        intake = await specialist.sees("what the dentist told us")
        for words in ("UR3 (13), UL2 (22)", "20", "Soon: this week"):
            assert words in specialist.words(intake)


async def test_slack_intake_says_at_each_field_what_would_be_right(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER) as play:
        patel = await dentist(play)
        wrong = {
            **GOOD,
            "event_date": "someday",
            "teeth": "UL9",
            "aligners": "many",
            "days_per_aligner": "400",
        }
        errors = await patel.submits(wrong)
        assert errors is not None
        assert set(errors) == {
            "Date to be ready for",
            "Teeth to be moved",
            "Aligners (upper / lower)",
            "Days per aligner",
        }
        assert "14 June 2027" in errors["Date to be ready for"]
        assert "from 3 to 42" in errors["Days per aligner"]
        assert "20/18" in errors["Aligners (upper / lower)"]
        await play.johal.sees_nothing_like("gaps between")
        assert await patel.submits(GOOD | {"teeth": "UL8", "aligners": "20/18", "days_per_aligner": "10"}) is None
        await patel.sees("is open and a specialist is being asked")


async def test_slack_intake_warns_of_a_name_once_and_then_believes_it(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER) as play:
        patel = await dentist(play)
        errors = await patel.submits({**GOOD, "pseudonym": "Jane Smith"})
        assert errors is not None
        assert "looks like a full name" in errors["Patient, as you call them here"]
        assert await patel.submits({}) is None
        await patel.sees("is open and a specialist is being asked")


async def test_slack_intake_without_consent_makes_no_case(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER) as play:
        patel = await dentist(play)
        errors = await patel.submits({**GOOD, "consent": []})
        assert errors == {"Consent to share": "Please complete this required field."}
        assert await play.rows("SELECT id FROM case_file") == []


async def test_slack_intake_a_dead_trigger_becomes_a_fresh_button(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER) as play:
        patel = play.workspace.user("U0005")
        assert play.app is not None
        play.app.inbox.stop()  # the process ends after the command was committed and before it was handled
        await patel.command("/case", "new")
        await play.restart()
        await patel.sees("The form could not open in time. Here is a fresh button.")
        assert await patel.presses("Open the form")
        await patel.sees_modal(NEW)
        assert await patel.submits(GOOD) is None
        await patel.sees("is open and a specialist is being asked")


async def test_slack_intake_an_open_form_outlives_a_restart(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER) as play:
        patel = await dentist(play)
        await play.restart()
        assert await patel.submits(GOOD) is None
        await patel.sees("is open and a specialist is being asked")


async def test_slack_intake_a_faulty_form_found_after_a_restart_is_not_lost(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER) as play:
        patel = await dentist(play)
        assert play.app is not None
        play.app.inbox.stop()
        await patel.submits({**GOOD, "event_date": "someday"})
        await play.restart()
        mend = await patel.sees("The form was not sent yet. What would be right:")
        assert "someday" in mend.shown
        assert await patel.presses("Open the form")
        view = await patel.sees_modal(NEW)
        assert view.values()["complaint"]["long_text"]["value"] == GOOD["complaint"]
        assert await patel.submits({"event_date": "none"}) is None
        await patel.sees("is open and a specialist is being asked")


async def test_slack_intake_begins_at_the_home_page_too(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER) as play:
        patel = play.workspace.user("U0005")
        await patel.opens_home()
        await patel.sees_home("You have no open case. Start one whenever you like")
        assert await patel.presses(NEW)
        await patel.sees_modal(NEW)
        assert await patel.submits(GOOD) is None
        await patel.sees("is open and a specialist is being asked")


async def test_slack_intake_sent_twice_is_one_case(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER) as play:
        patel = await dentist(play)
        view = patel.modal
        assert view is not None
        assert await patel.submits(GOOD) is None
        assert await patel.command("/case", "new")
        again = await patel.sees_modal(NEW)
        again.body["private_metadata"] = view.body["private_metadata"]  # the same form once more
        await patel.submits(GOOD)
        await eventually(lambda: patel.modal is None or "settled" in patel.modal.text)
        assert len(await play.rows("SELECT id FROM case_file")) == 1
