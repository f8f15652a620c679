"""Moving one's side of a case to another app in mid-case: another room, nothing lost, nothing doubled unsaid."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.sandbox.faults import Kind
from bot.services import invites
from storage import people
from tests.faults.test_drills_outage import shown
from tests.support.sides import Side, SlackSide, TelegramSide
from tests.support.theatre import JOHAL, PRACTICE, ROSTER, SAM, Theatre, eventually

PATEL = "  - {id: patel, name: Dr Asha Patel, role: dentist, practice: Riverside Dental, %s}\n"
BOTH = "telegram: 700001, slack: T0001/U0005, prefers: %s"
LINE = re.compile(r"line \d+")


def roster(prefers: str) -> str:
    """A dentist with two accounts who begins on one of them."""
    return PRACTICE + PATEL % (BOTH % prefers) + JOHAL + SAM


async def moves(side: Side, play: Theatre, app: str) -> None:
    """Type it in the room."""
    if isinstance(side, SlackSide):
        assert await side.person.command("/case", f"move {app}", side.room)
    else:
        await side.says(f"/move {app}")


OTHER = {"telegram": "slack", "slack": "telegram"}


@pytest.mark.parametrize("begins", ["telegram", "slack"])
async def test_a_dentist_goes_on_in_the_other_app(tmp_path: Path, begins: str) -> None:
    async with Theatre(tmp_path, roster=roster(begins)) as play:
        ref = await play.open_case()
        old, johal = await play.rooms(ref)
        assert old.platform == begins
        await old.says("The first tray fits")
        first = await johal.sees("The first tray fits")
        answer = await johal.says("Good, carry on")
        await old.sees("Good, carry on")
        slip = await johal.says("This was for somebody else")
        await old.sees("This was for somebody else")

        await moves(old, play, OTHER[begins])
        await old.sees(f"You moved {ref} to {OTHER[begins].capitalize()}; it goes on there.")
        new = await play.room("patel", ref)
        assert new.platform == OTHER[begins]
        await new.sees(f"{ref}: moved here from {begins.capitalize()}")
        await new.sees("between Dr Asha Patel and Dr Amar Johal")
        await new.sees("The first tray fits")
        line = await new.sees("Good, carry on")
        await johal.sees(f"Dr Asha Patel reads and writes {ref} on {OTHER[begins].capitalize()} from now on.")
        if isinstance(old, SlackSide):
            room = old.room
            await eventually(lambda: room.archived)
        else:
            await old.says("And this?")  # topics cannot be closed in a private chat
            await old.sees(f"This case goes on in {OTHER[begins].capitalize()}, so this was not passed on.")

        await play.restart()
        await new.says("From my new room")
        await johal.sees("From my new room")
        await johal.says("Welcome", reply_to=first)
        reply = await new.sees("Welcome")
        assert "The first tray fits" in new.answers(reply) + new.words(reply)
        await new.says("To that line", reply_to=line)
        back = await johal.sees("To that line")
        assert "Good, carry on" in johal.answers(back) + johal.words(back)

        await johal.edits(answer, "Good, carry on with tray 3")
        told = await new.sees("Correction by Dr Amar Johal to #2")
        assert "Good, carry on with tray 3" in new.words(told)
        await johal.takes_back(slip)
        await new.sees("has withdrawn #3")
        await new.sees_no_more("This was for somebody else")
        if isinstance(old, SlackSide):  # nothing changes in an archived channel
            await johal.sees("The copy of #3 in the other side's former room cannot be removed")
        else:
            await old.sees_no_more("This was for somebody else")
            await old.sees("#3 was withdrawn by Dr Amar Johal.")
        await old.never_saw("From my new room")
        await johal.never_saw("And this?")


@pytest.mark.parametrize("begins", ["telegram", "slack"])
async def test_what_was_on_its_way_goes_to_the_new_room_in_order(tmp_path: Path, begins: str) -> None:
    """The dentist's app is down with lines queued for it; they move, and the service is restarted in the middle."""
    async with Theatre(tmp_path, roster=roster(begins)) as play:
        ref = await play.open_case(dentist="patel")
        old, johal = await play.rooms(ref)
        await johal.says("line 1")
        await old.sees("line 1")
        broken = "sendMessage" if begins == "telegram" else "chat.postMessage"
        server = play.telegram if begins == "telegram" else play.slack
        where = str(old.person.id) if isinstance(old, TelegramSide) else old.room.id  # type: ignore[attr-defined]
        fault = server.faults.add(Kind.ERROR_BEFORE, method=broken, chat=where, times=None, status=503)
        for number in range(2, 6):
            await johal.says(f"line {number}")
        changed = await johal.says("line 6")
        await johal.edits(changed, "line 6!")
        gone = await johal.says("line 7")
        await johal.takes_back(gone)
        await eventually(lambda: play.rows("SELECT id FROM message WHERE no = 7 AND state = 'withdrawn'"))
        if isinstance(old, SlackSide):
            assert await old.person.command("/case", "move telegram", old.room)
        else:
            await old.says("/move slack")
            await eventually(lambda: play.rows("SELECT id FROM seat WHERE moved_to IS NOT NULL"))
        await play.restart()
        new = await play.room("patel", ref)
        await new.sees("line 6!")
        assert shown(new, LINE) == [f"line {number}" for number in range(1, 7)]
        repeats = new.count("This may be a repeat")
        assert repeats <= 1
        server.faults.remove(fault)
        await new.says("Thank you")
        await johal.sees("Thank you")
        rows = await play.rows("SELECT no, state FROM message WHERE side = 'specialist' ORDER BY no")
        assert [row["state"] for row in rows] == ["delivered"] * 6 + ["withdrawn"]
        await new.never_saw("line 7")


async def test_a_specialist_who_was_linked_just_now_moves_by_a_tap_and_back(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER) as play:
        ref = await play.open_case()
        dentist, old = await play.rooms(ref)
        assert isinstance(old, SlackSide)
        await moves(old, play, "telegram")
        await play.johal.sees_ephemeral("You have no second account yet.")
        code = await play.do(lambda unit: invites.create(unit, people.by_handle(unit.tx, "johal")["id"], "ops"))  # type: ignore[index]
        amar = play.telegram.user(700002)
        await amar.start(code)
        await amar.sees("Sam is checking")
        await play.sam.sees("Dr Amar Johal")
        assert await play.sam.presses("Confirm")
        await amar.sees("Dr Amar Johal")
        await dentist.says("The new aligner will not seat fully, what should I do?")
        await old.sees("Only you see this. Nothing is sent unless you approve it.")

        assert await play.johal.command("/case", "move", old.room)
        await old.sees(f"Where should {ref} go on?")
        await old.presses("Move to Telegram")
        new = await play.room("johal", ref)
        assert isinstance(new, TelegramSide)
        await new.sees("Only you see this. Nothing is sent unless you approve it.")  # the draft is offered there
        await new.says("Back to tray 4 for a week")
        await dentist.sees("Back to tray 4 for a week")
        await amar.says(f"/move slack {ref}")
        await new.sees(f"You moved {ref} to Slack; it goes on there.")
        again = await play.room("johal", ref)
        assert isinstance(again, SlackSide)
        assert again.room.id != old.room.id
        await again.sees("Back to tray 4 for a week")
        await dentist.says("Will do")
        await again.sees("Will do")


async def test_there_is_no_move_without_a_place_to_go(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=roster("slack").replace("700001", "700077")) as play:
        ref = await play.open_case()
        dentist, _ = await play.rooms(ref)
        assert isinstance(dentist, SlackSide)
        await moves(dentist, play, "slack")
        await dentist.person.sees_ephemeral(f"{ref} is on Slack already")
        await moves(dentist, play, "telegram")
        await dentist.person.sees_ephemeral("Telegram does not let us write to you yet.")
        assert await dentist.person.command("/case", "move telegram C-9999")
        await dentist.person.sees_ephemeral("in a case's room, or with the app and the case's reference")
