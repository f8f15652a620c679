"""People 25 and 26: joining, being checked, expired links, unknown accounts, and everything on hold at once."""

from __future__ import annotations

import re
from pathlib import Path

from bot.sandbox.slack.truth import What
from bot.sandbox.telegram import MAIN
from bot.services import people
from tests.support.theatre import JOHAL, PATEL, PRACTICE, SAM, Theatre, eventually

NEWCOMER = PATEL.replace(", telegram: 700001", "")
UNLINKED = PRACTICE + NEWCOMER + JOHAL + SAM
LINK = re.compile(r"https://t\.me/\w+\?start=([A-Za-z0-9_-]+)")


async def invited(play: Theatre) -> str:
    """The coordinator invites the dentist; the deep link's payload."""
    await eventually(lambda: play.rows("SELECT 1 FROM service_setting WHERE name = 'telegram.username'"))
    before = play.sam.newest("Invitation for Dr Asha Patel")
    assert await play.sam.command("/case", "invite patel")
    made = await play.sam.sees("Invitation for Dr Asha Patel", after=before)
    link = LINK.search(made.shown)
    assert link is not None, made.shown
    return link[1]


async def fills_in(play: Theatre) -> None:
    """The intake, as typed and tapped, up to its summary."""
    patel = play.patel
    await patel.says("/new")
    for question, answer in (
        ("What shall we call this patient?", "AB"),
        ("What does the patient want?", "I want the gaps closed"),
    ):
        await patel.sees(question, MAIN)
        await patel.says(answer)
    await patel.presses("No date")
    await patel.presses("Yes, the patient has agreed")
    await patel.sees("Is this right?", MAIN)


async def test_people_25_the_intake_waits_for_the_coordinator_and_goes_at_once(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=UNLINKED) as play:
        patel = play.patel
        await patel.start(await invited(play))
        await patel.sees("Sam is checking that it's you")
        await patel.sees("You can start your first case meanwhile with /new")
        await play.sam.sees("Dr Asha Patel (patel) has used their invitation from Telegram account 700001")

        await fills_in(play)
        await patel.presses("Send")
        kept = await patel.sees("Sam is checking that it's you; this goes the moment that is done.", MAIN)
        await patel.says("Here is my first question")
        await patel.sees("What you write is kept until then")
        await play.restart()
        await play.johal.sees_nothing_like("gaps closed")
        assert patel.topics == []

        assert await play.sam.presses("Confirm")
        await play.sam.sees_ephemeral("Dr Asha Patel is confirmed")
        await patel.sees("Welcome to Chairside, Dr Asha Patel")
        assert await play.johal.presses("Accept")
        ref = re.findall(r"C-\w+", kept.text)[0]
        _, specialist = await play.rooms(ref)
        await specialist.sees("I want the gaps closed")
        await patel.sees("For which case is “Here is my first question”?")
        await patel.presses(ref)
        await specialist.sees("Here is my first question")


async def test_people_25_a_refused_claim_leaves_nothing(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=UNLINKED) as play:
        patel = play.patel
        await patel.start(await invited(play))
        await patel.sees("Sam is checking that it's you")
        await fills_in(play)
        await patel.presses("Send")
        await patel.sees("is kept. Sam is checking")
        assert await play.sam.presses("Refuse")
        await patel.sees("nothing you wrote was passed on or kept")
        kept = await play.rows("SELECT intake_sealed FROM case_file")
        assert [row["intake_sealed"] for row in kept] == [None]
        await play.johal.sees_nothing_like("gaps closed")


async def test_people_25_an_expired_link_offers_a_new_one(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=UNLINKED) as play:
        code = await invited(play)
        await play.later(days=1, minutes=1)
        await play.patel.start(code)
        await play.patel.sees("This invitation has run out or was used before")
        await play.patel.presses("Ask for a new one")
        await play.patel.sees_toast("Your coordinator has been asked")
        await play.sam.sees("patel asks for a new invitation")
        await play.patel.start(await invited(play))
        await play.patel.sees("Sam is checking that it's you")


async def test_people_25_an_id_in_the_roster_counts_at_once(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=UNLINKED) as play:
        patel = play.patel
        await patel.start(await invited(play))
        await patel.sees("Sam is checking that it's you")
        await fills_in(play)
        await patel.presses("Send")
        await patel.sees("is kept. Sam is checking")
        await play.new_roster(PRACTICE + PATEL + JOHAL + SAM)
        await patel.sees("Welcome to Chairside, Dr Asha Patel")
        await play.johal.sees("asks for a specialist")


async def test_people_25_the_same_in_slack(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=UNLINKED) as play:
        asha = play.workspace.user("U0005")
        code = await invited(play)
        assert await asha.command("/case", f"link {code}")
        await asha.sees("You can start your first case meanwhile with /case new")
        assert await asha.command("/case", "new")
        await asha.sees_modal("New case")
        given = {"pseudonym": "AB", "complaint": "I want the gaps closed", "event_date": "none"}
        assert await asha.submits({**given, "consent": "Yes, the patient has agreed"}) is None
        kept = await asha.sees("is kept. Sam is checking")
        assert asha.channels == []
        await play.johal.sees_nothing_like("gaps closed")
        assert await play.sam.command("/case", "confirm patel")
        await play.sam.sees_ephemeral("Dr Asha Patel is confirmed")
        assert await play.johal.presses("Accept")
        await asha.sees_channel("case-johal-" + re.findall(r"C-(\w+)", kept.shown)[0].lower())
        somebody = play.workspace.user("U0009")
        assert await somebody.command("/case", f"link {code}")
        await somebody.sees("This invitation has run out or was used before")


async def test_people_25_a_known_id_needs_no_invitation(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        await play.patel.start()
        await play.patel.sees("Welcome to Chairside, Dr Asha Patel")
        assert await play.sam.command("/case", "link nonsense")
        await play.sam.sees_ephemeral("This account is connected already, as Sam Reid")


async def test_people_25_a_claim_sees_nothing_of_the_person_it_names(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        ref = await play.open_case()
        await play.rooms(ref)
        code = await invited(play)
        somebody = play.telegram.user(700009)
        await somebody.start(code)
        await somebody.sees("Sam is checking that it's you")
        for words in ("/cases", "/status", "/withdraw 1", "/close"):
            await somebody.says(words)
        await eventually(lambda: len([one for one in somebody.messages() if "checking that it's you" in one.text]) >= 5)
        await somebody.sees_nothing_like(ref)
        await somebody.sees_nothing_like("AB")


async def test_people_26_an_unknown_account_is_told_and_nothing_is_kept(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        somebody = play.telegram.user(700009)
        await somebody.start()
        await somebody.sees("Nothing you write here is kept or passed on.")
        await somebody.says("The patient at 14 Mill Lane has a swollen face")
        await somebody.presses("I am a Chairside dentist with a new account")
        await somebody.sees_toast("Your coordinator has been told")
        await play.sam.sees("The account telegram:700009 says it belongs to a Chairside dentist")
        await play.sam.sees_nothing_like("Mill Lane")
        stranger = play.workspace.user("U0009")
        await stranger.says("Is anybody there?")
        await stranger.sees("Nothing you write here is kept or passed on.")
        await play.telegram.taken()
        await play.slack.settled()
        for kept in ("message", "held", "note", "inbox", "delivery WHERE message_id IS NOT NULL"):
            assert await play.rows(f"SELECT id FROM {kept}") == [], kept


async def test_people_26_a_lock_holds_all_sends_and_voids_all_buttons(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        await dentist.says("/close")
        sure = await dentist.sees("Close C-")
        assert await play.sam.command("/case", "lock patel")
        await play.sam.sees_ephemeral("Dr Asha Patel is on hold")

        await specialist.says("This must not reach a lost phone")
        await play.patel.presses("Yes, close it", sure)
        await play.patel.sees_toast("Your access is on hold")
        await dentist.says("Who is there?")
        told = "Your access is on hold, so nothing was passed on."
        await play.patel.sees(told, MAIN)
        await dentist.says("Is nobody there?")
        await play.later(minutes=1)
        await specialist.sees("is waiting")
        await play.patel.sees_nothing_like("This must not reach a lost phone")
        await play.johal.sees_nothing_like("Who is there?")
        assert sum(told in one.text for one in play.patel.messages()) == 1
        await play.restart()
        await play.patel.sees_nothing_like("This must not reach a lost phone")

        await play.do(lambda unit: people.unlock(unit, "patel", "cli"))
        await dentist.sees("This must not reach a lost phone")
        await play.patel.presses("Yes, close it", sure)
        await dentist.says("Here again")
        await specialist.sees("Here again")


async def test_people_26_somebody_on_hold_in_slack_is_told_so_once_a_day(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await play.do(lambda unit: people.lock(unit, "johal", "cli"))
        await dentist.says("This must not reach a lost phone")
        for words in ("Who is there?", "Is nobody there?"):
            await specialist.says(words)
        await play.johal.sees("Your access is on hold, so nothing was passed on.")
        await play.later(days=1)
        await specialist.says("A day later")
        await eventually(lambda: _told(play) == 2)
        await play.johal.sees_nothing_like("This must not reach a lost phone")
        await play.patel.sees_nothing_like("Who is there?")
        await play.patel.sees_nothing_like("A day later")


def _told(play: Theatre) -> int:
    shown = [one for one in play.johal.seen if one.from_bot and one.what is What.MESSAGE]
    return sum("Your access is on hold" in one.text for one in shown)
