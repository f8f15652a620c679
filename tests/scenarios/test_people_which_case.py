"""People 5: without topics and with several open cases nothing is guessed and nothing is typed twice."""

from __future__ import annotations

from pathlib import Path

from bot.sandbox.slack.world import Message
from tests.support.papers import picture
from tests.support.sides import Side, SlackSide
from tests.support.theatre import Theatre

WORDS = "Is UL2 allowed to be 0.3 mm off?"


async def two_cases(play: Theatre) -> tuple[Side, Side]:
    """The specialist's rooms of two cases whose dentist has one chat for both."""
    first = await play.open_case(pseudonym="AB")
    second = await play.open_case(pseudonym="CD")
    await play.patel.sees("Topics are off in this chat")
    rooms = (await play.room("johal", first), await play.room("johal", second))
    await play.room("patel", first)
    await play.room("patel", second)
    return rooms


def heard(side: Side, words: str) -> list[Message]:
    """The dentist's messages with these words in a specialist's room."""
    assert isinstance(side, SlackSide)
    return [one for one in play_messages(side) if words in one.shown and "Dr Asha Patel · dentist" in one.shown]


def play_messages(side: SlackSide) -> list[Message]:
    """What stands in a room."""
    return side.person.messages(side.room)


async def test_people_5_text_is_held_until_its_case_is_named(tmp_path: Path) -> None:
    async with Theatre(tmp_path, topics=False) as play:
        ab, cd = await two_cases(play)
        await play.patel.says(WORDS)
        asked = await play.patel.sees(f"For which case is “{WORDS}”? Nothing has been sent yet.")
        labels = [[button.label for button in row] for row in asked.buttons]
        assert labels == [[f"AB · {ab.ref} · Dr Johal"], [f"CD · {cd.ref} · Dr Johal"], ["New case", "Discard"]]
        await play.restart()
        await play.patel.presses(f"CD · {cd.ref}")
        await play.patel.sees_toast("Sent.")
        await cd.sees(WORDS)
        assert heard(ab, WORDS) == []
        assert len(heard(cd, WORDS)) == 1
        await play.patel.presses(f"AB · {ab.ref}", asked)
        await play.patel.sees_toast("settled already")
        assert heard(ab, WORDS) == []


async def test_people_5_a_reply_names_the_case_for_one_message_only(tmp_path: Path) -> None:
    async with Theatre(tmp_path, topics=False) as play:
        ab, cd = await two_cases(play)
        await ab.says("Please send a photo of the upper arch")
        copy = await play.patel.sees("Please send a photo of the upper arch")
        assert copy.text.startswith(f"{ab.ref} · Dr Amar Johal")
        await play.patel.says("It comes this afternoon", reply_to=copy)
        await ab.sees("It comes this afternoon")
        await play.patel.says("And the lower one?")
        await play.patel.sees("For which case is “And the lower one?”?")
        assert heard(ab, "And the lower one?") + heard(cd, "And the lower one?") == []


async def test_people_5_an_answer_to_a_closed_case_is_not_taken_for_the_one_that_is_left(tmp_path: Path) -> None:
    async with Theatre(tmp_path, topics=False) as play:
        ab, cd = await two_cases(play)
        await ab.says("Please send a photo of the upper arch")
        copy = await play.patel.sees("Please send a photo of the upper arch")
        await ab.presses("Close case")
        await ab.presses("Yes, close it")
        closing = await play.patel.sees(f"{ab.ref} was closed by")
        for line in (copy, closing):
            before = play.patel.newest("so this was not passed on")
            await play.patel.says("She is pregnant, by the way", reply_to=line)
            await play.patel.sees(f"{ab.ref} is over, so this was not passed on.", after=before)
        await play.patel.says("And this one is for CD")
        await cd.sees("And this one is for CD")
        assert heard(cd, "pregnant") + heard(ab, "pregnant") == []
        assert heard(cd, "upper arch") == []


async def test_people_5_an_answer_beside_its_topic_quotes_nothing_of_another_case(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        first, second = await play.open_case(pseudonym="AB"), await play.open_case(pseudonym="CD")
        (mine, ab), (other, cd) = await play.rooms(first), await play.rooms(second)
        await ab.says("Please send a photo of the upper arch")
        copy = await mine.sees("Please send a photo of the upper arch")
        await other.says("It comes this afternoon", reply_to=copy)
        await cd.sees("It comes this afternoon")
        assert heard(cd, "upper arch") == []


async def test_people_5_a_file_is_held_as_well_and_goes_unchanged(tmp_path: Path) -> None:
    async with Theatre(tmp_path, topics=False) as play:
        _, cd = await two_cases(play)
        photo = picture(77)
        await play.patel.sends_photo(photo, "upper arch")
        await play.patel.sees("For which case is “upper arch”?")
        await play.patel.presses(f"CD · {cd.ref}")
        await cd.sees("upper arch")
        await cd.gets(photo)


async def test_people_5_it_is_asked_about_again_after_five_minutes(tmp_path: Path) -> None:
    async with Theatre(tmp_path, topics=False) as play:
        ab, _ = await two_cases(play)
        await play.patel.says(WORDS)
        first = await play.patel.sees(f"For which case is “{WORDS}”?")
        await play.later(minutes=4)
        assert play.patel.newest("For which case") is first
        await play.later(minutes=2)
        again = await play.patel.sees(f"For which case is “{WORDS}”?", after=first)
        await play.patel.presses(f"AB · {ab.ref}", again)
        await ab.sees(WORDS)


async def test_people_5_a_red_flag_shows_the_emergency_wording_at_once(tmp_path: Path) -> None:
    async with Theatre(tmp_path, topics=False) as play:
        ab, _ = await two_cases(play)
        await play.patel.says("Her face is swollen and she cannot swallow")
        asked = await play.patel.sees("For which case is")
        assert "call 999 or send them to A&E now" in asked.text
        await play.patel.presses(f"AB · {ab.ref}")
        await ab.sees("Her face is swollen and she cannot swallow")


async def test_people_5_discarded_is_discarded(tmp_path: Path) -> None:
    async with Theatre(tmp_path, topics=False) as play:
        await two_cases(play)
        await play.patel.says(WORDS)
        await play.patel.presses("Discard")
        await play.patel.sees_toast("Discarded. Nobody has read it.")
        await play.later(minutes=10)
        await play.johal.sees_nothing_like(WORDS)
        assert await play.rows("SELECT id FROM message") == []
        assert await play.rows("SELECT id FROM held WHERE event_sealed <> :nothing", nothing=b"") == []


async def test_people_5_a_new_case_first_then_the_question_again(tmp_path: Path) -> None:
    async with Theatre(tmp_path, topics=False) as play:
        await two_cases(play)
        await play.patel.says(WORDS)
        first = await play.patel.sees("For which case is")
        await play.patel.presses("New case")
        await play.patel.sees("What shall we call this patient?")
        await play.patel.says("EF")
        await play.patel.sees("What does the patient want?")
        await play.patel.says("Straighter front teeth")
        await play.patel.presses("No date")
        await play.patel.presses("Yes, the patient has agreed")
        await play.patel.presses("Send")
        assert await play.johal.presses("Accept")
        third = await play.patel.sees("EF")
        await play.later(minutes=6)
        again = await play.patel.sees(f"For which case is “{WORDS}”?", after=first)
        assert any("EF" in button.label for row in again.buttons for button in row), third.text
        await play.patel.presses("EF", again)
        await play.johal.sees(WORDS)
