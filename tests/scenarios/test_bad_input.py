"""Bad input: each gets one clear line in the place where the person is, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

from bot.sandbox.telegram import MAIN
from tests.scenarios.test_pairings import roster_of
from tests.support.papers import page
from tests.support.sides import SlackSide, TelegramSide
from tests.support.theatre import Theatre


async def test_an_unknown_command(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await play.patel.says("/frobnicate")
        await play.patel.sees("There is no command “frobnicate”. Type help to see what there is.", MAIN)
        assert await play.johal.command("/case", "frobnicate")
        await play.johal.sees_ephemeral("There is no command “frobnicate”.")
        await dentist.says("/statsu please")
        await dentist.sees("This looks like a note. Nothing has been sent.")
        await dentist.presses("Send to Dr Amar Johal")
        await specialist.sees("/statsu please")


async def test_help_lists_what_this_person_can_type_here(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        await play.patel.says("/help")
        shown = await play.patel.sees("You can also type:")
        for words in ("/new – start a new case", "/withdraw N", "/note TEXT"):
            assert words in shown.text
        for words in ("/case ", "approve", "assign"):
            assert words not in shown.text
        assert await play.johal.command("/case", "help")
        ephemeral = await play.johal.sees_ephemeral("/case approve N")
        assert "/case new" not in ephemeral.shown
        assert await play.sam.command("/case", "")
        ephemeral = await play.sam.sees_ephemeral("/case assign REF HANDLE")
        assert "/case note" not in ephemeral.shown


async def test_a_command_outside_a_case_room(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        await play.rooms(await play.open_case())
        for words in ("/status", "/close", "/note remember this"):
            await play.patel.says(words)
            command = words.split()[0][1:]
            await play.patel.sees(
                f"“{command}” works inside a case's room, or as a reply to one of its messages.", MAIN
            )
        assert await play.johal.command("/case", "approve 1")
        await play.johal.sees_ephemeral("“approve” works inside a case's room")
        assert await play.johal.command("/case", "withdraw")
        await play.johal.sees_ephemeral("Which message?")


async def test_a_command_of_another_role(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        assert await play.johal.command("/case", "assign C-7K3F johal")
        await play.johal.sees_ephemeral("That command is not for your role.")
        assert await play.sam.command("/case", "new")
        await play.sam.sees_ephemeral("That command is not for your role.")
        assert play.sam.modal is None


async def test_an_expired_button(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says("/close")
        await dentist.sees("Close C-")
        await play.later(days=31)
        await dentist.presses("Yes, close it")
        await play.patel.sees_toast("This button has run out. The newest message has a fresh one")
        await dentist.says("Still open?")
        await specialist.sees("Still open?")


async def test_a_form_value_out_of_range(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        patel = play.patel
        await patel.says("/new")
        for question, bad, right, good in (
            ("What shall we call this patient?", "A", "at least 2 letters or digits", "AB"),
            ("What does the patient want?", "x" * 1001, "keep this to 1000 characters", "Straighter teeth"),
            ("Is there a date to be ready for", "31 February", "is not in the calendar", "No date"),
        ):
            await patel.sees(question, MAIN)
            await patel.says(bad)
            await patel.sees(right, MAIN)
            await patel.says(good) if good != "No date" else await patel.presses(good)
        await patel.presses("Yes, the patient has agreed")
        await patel.sees("Is this right?", MAIN)


async def test_an_answer_that_is_edited_says_how_to_change_it(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        patel = play.patel
        await patel.says("/new")
        await patel.sees("What shall we call this patient?", MAIN)
        said = await patel.says("AB")
        await patel.sees("What does the patient want?", MAIN)
        await patel.edits(said, "CD")
        await patel.sees("Editing your line does not change an answer of the form. Use Back", MAIN)
        await patel.presses("Back")
        await patel.says("CD")
        await patel.says("Straighter teeth")
        await patel.presses("No date")
        await patel.presses("Yes, the patient has agreed")
        assert "CD" in (await patel.sees("Is this right?", MAIN)).text


async def test_a_message_in_a_room_whose_case_is_closed(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        said = await dentist.says("The last thing")
        await specialist.sees("The last thing")
        await specialist.presses("Close case")
        await specialist.presses("Yes, close it")
        await dentist.sees("was closed by Dr Amar Johal. What was said stays on record.")
        for again in range(2):
            await dentist.says(f"One more thing {again}")
            await dentist.sees(f"{dentist.ref} is over, so this was not passed on. It is kept here")
            await play.restart()
        shown = [one for one in play.patel.messages() if "so this was not passed on" in one.text]
        assert {one.topic for one in shown} == {
            dentist.room.id if isinstance(dentist, TelegramSide) and dentist.room else 0
        }
        await dentist.edits(said, "The last thing, changed")
        await dentist.sees("This case is closed, so this was not passed on.")
        await dentist.says("Her throat is swollen and she has trouble breathing")
        await dentist.sees("call 999")
        await specialist.never_saw("One more thing")
        await specialist.never_saw("changed")


async def test_closing_says_what_had_not_been_delivered(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await play.telegram.down()
        await specialist.says("Are you there?")
        await specialist.presses("Close case")
        await specialist.presses("Yes, close it")
        await play.johal.sees("Not delivered before it closed: #1.")
        await play.telegram.up()
        await dentist.sees("was closed by Dr Amar Johal")
        await dentist.never_saw("Are you there?")


async def test_what_cannot_be_carried_is_said_and_the_words_go_on(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        assert isinstance(dentist, TelegramSide)
        assert dentist.room is not None
        await play.patel.sends_other({"location": {"latitude": 51.5, "longitude": -0.1}}, dentist.room)
        await dentist.sees("cannot be passed on from here. Please say it in words or send a photo.")
        assert await play.rows("SELECT id FROM message WHERE side = 'dentist'") == []
        await dentist.says("I meant the practice in Mill Lane")
        await specialist.sees("I meant the practice")


async def test_a_file_too_large_to_fetch(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        assert isinstance(dentist, TelegramSide)
        await play.patel.sends_document(page(), "scan.stl", "Here is the scan", dentist.room, size=21 * 1024 * 1024)
        await dentist.sees("The file with #1 is larger than 20 MB, which is as much as this app lets us fetch.")
        await specialist.sees("Here is the scan")
        await specialist.sees("A file that came with #1 could not be passed on; its sender knows.")


async def test_a_file_too_large_for_the_other_app(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await specialist.sends(page() + bytes(51 * 1024 * 1024), "film.pdf", "Look at page two")
        await dentist.sees("Look at page two")
        await specialist.sees("The file with #1 is larger than 52 MB, which is as much as the other side's app takes.")
        await dentist.sees("A file that came with #1 could not be passed on; its sender knows.")
        await specialist.says("I will send it another way")
        await dentist.sees("I will send it another way")


async def test_a_file_of_a_type_we_do_not_pass_on(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.sends(b"MZ\x90\x00 not a picture", "photo.pdf", "Here it is")
        await dentist.sees("The file with #1 is of a type we do not pass on")
        await specialist.sees("Here it is")
        await specialist.sees("A file that came with #1 could not be passed on")


async def test_a_message_in_a_group_stays_there_unread(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        group = play.telegram.add_group(-4001, "Riverside staff", play.patel)
        await group.says(play.patel, "Did Chairside answer about AB?")
        await play.patel.sees("This chat belongs to no open case, so nothing was passed on.", MAIN)
        bigger = await group.upgrades(play.patel, -100_4001)
        await bigger.says(play.patel, "And here?")
        await bigger.kicks_bot(play.patel)
        await dentist.says("In my own room")
        await specialist.sees("In my own room")
        await specialist.never_saw("Did Chairside answer")
        assert play.telegram.truth.messages(-4001) == []
        assert play.telegram.truth.messages(-100_4001) == []


async def test_a_message_in_a_channel_that_is_no_case_room(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=roster_of("slack-slack")) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        assert isinstance(dentist, SlackSide)
        channel = await dentist.person.creates("staff-room")
        await dentist.person.invites(play.workspace.data.bot_user, channel)
        await dentist.person.says("Did Chairside answer about AB?", channel)
        await dentist.person.sees("This chat belongs to no open case, so nothing was passed on.", "DM")
        await specialist.never_saw("Did Chairside answer")
        assert [one for one in channel.standing() if one.from_bot and not one.system] == []
