"""People 1, 8, 14 and 19: what a lock screen shows, what a room is called, who reads it, and how few taps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.faults import Kind
from bot.sandbox.slack.truth import What
from bot.sandbox.telegram import MAIN
from tests.scenarios.test_pairings import roster_of
from tests.support.papers import page, picture
from tests.support.sides import SlackSide
from tests.support.theatre import Theatre, eventually

CLINICAL = ("swollen", "UL2", "wedding", "gaps", "aligner", "seat", "999", "AB", "chewies")
SAID = (
    "UL2 does not seat, the aligner rocks",
    "The wedding is close, are the gaps closed in time?",
    "The new aligner will not seat fully, what should I do?",
    "Her cheek is swollen and she has a fever",
)


def mentions(side: SlackSide) -> list[str]:
    """The messages in a room that mention its owner, as they arrived."""
    shown = [one for one in side.person.saw(What.MESSAGE, side.room) if one.from_bot]
    return [one.text for one in shown if f"@{side.person.id}" in one.text]


async def test_people_1_no_clinical_word_on_a_lock_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "wire.jsonl"
    monkeypatch.setenv("CHAIRSIDE_WIRE_LOG", str(log))
    clinic = tmp_path / "clinic"
    clinic.mkdir()
    async with Theatre(clinic, roster=roster_of("slack-slack")) as play:
        ref = await play.open_case(event_what="Wedding", complaint="The gaps before my wedding")
        dentist, specialist = await play.rooms(ref)
        for words in SAID:
            await dentist.says(words)
            copy = await specialist.sees(words)
        await specialist.sees("may need you at once")
        await specialist.says("Please call her in, the UL2 aligner can wait", reply_to=copy)
        await dentist.sees("Please call her in")
        await dentist.sends(picture(), "photo.png", "swollen cheek")
        await specialist.gets(picture())
        await specialist.sends(page(), "advice.pdf", "chewies, then seat it again")
        await dentist.gets(page())
        last = await dentist.says("note: swollen again")
        await dentist.sees("This looks like a note")
        await dentist.edits(last, "note: swollen, wedding at risk")
        for user in ("U0002", "U0003", "U0005"):
            for one in play.workspace.user(user).seen:
                if not one.from_bot or one.what not in (What.MESSAGE, What.EDIT):
                    continue  # a topic holds the pseudonym and the date: people.md 19
                assert not [word for word in CLINICAL if word in one.notice], one.notice
        notices = {one.notice for one in play.johal.seen if SAID[0] in one.text}
        assert notices == {f"Dr Patel · {ref}: new message"}
    for request in map(json.loads, log.read_text().splitlines()):
        for text in _notices(request):
            assert not [word for word in CLINICAL if word in text], request["method"]


def _notices(request: dict[str, Any]) -> list[str]:
    """Every argument that Slack may show outside the message itself."""
    args = request["args"]
    if request["platform"] != "slack":
        return []
    return [
        str(args[name])
        for name in ("text", "initial_comment", "topic", "purpose", "name")
        if name in args and not (name == "topic" and request["method"] == "conversations.setTopic")
    ]


async def test_people_1_the_owner_is_mentioned_once_in_ten_minutes(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        assert isinstance(specialist, SlackSide)
        for words in ("first", "second", "third"):
            await dentist.says(words)
            await specialist.sees(words)
        assert [one.splitlines()[-1] for one in mentions(specialist)] == ["first"]
        await play.later(minutes=11)
        await dentist.says("fourth")
        await specialist.sees("fourth")
        assert [one.splitlines()[-1] for one in mentions(specialist)] == ["first", "fourth"]


@pytest.mark.parametrize("kind", [Kind.RATE_LIMIT, Kind.DROP_BEFORE, Kind.DROP_AFTER])
async def test_people_1_a_try_that_fails_does_not_use_the_mention_up(tmp_path: Path, kind: Kind) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        assert isinstance(specialist, SlackSide)
        await specialist.sees("what the dentist told us")
        play.slack.faults.add(kind, method="chat.postMessage")
        for words in ("first", "second"):
            await dentist.says(words)
            await specialist.sees(words)
        assert [one.splitlines()[-1] for one in mentions(specialist)] == ["first"]


async def test_people_1_what_is_urgent_goes_to_the_direct_chat_too(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        await dentist.says("Thank you")
        await specialist.sees("Thank you")
        await dentist.says("Her cheek is swollen and she has a fever")
        await dentist.sees("call 999 or send them to A&E now")
        line = await play.johal.sees(f"#2 from Dr Patel in {ref} may need you at once", "DM")
        assert "swollen" not in line.shown
        shown = next(one for one in play.johal.seen if one.ts == line.ts)
        assert shown.notifies
        assert shown.notice == f"Dr Patel · {ref}: urgent message"


async def test_people_1_what_was_urgent_before_anybody_had_the_case_is_not_forgotten(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        ref = await play.open_case(taken=False)
        dentist = await play.room("patel", ref)
        await dentist.says("Her cheek is swollen and she has a fever")
        await dentist.sees("call 999 or send them to A&E now")
        assert await play.johal.presses("Accept")
        await (await play.room("johal", ref)).sees("Her cheek is swollen")
        await play.johal.sees(f"#1 from Dr Patel in {ref} may need you at once", "DM")


@pytest.mark.parametrize("pair", ["telegram-slack", "slack-telegram", "slack-slack", "telegram-telegram"])
async def test_people_8_line_one_of_every_card_says_who_reads_it(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        here, there = (name.capitalize() for name in pair.split("-"))
        card = await dentist.sees("What you type here goes to")
        assert dentist.words(card).splitlines()[0] == f"What you type here goes to Dr Amar Johal on {there}."
        card = await specialist.sees("What you type here goes to")
        assert specialist.words(card).splitlines()[0] == f"What you type here goes to Dr Asha Patel on {here}."


async def test_people_8_a_case_nobody_has_taken_says_so(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        ref = await play.open_case(taken=False)
        dentist = await play.room("patel", ref)
        card = await dentist.sees("What you type here is kept and goes to your specialist")
        assert dentist.words(card).splitlines()[0].startswith("What you type here is kept")
        await dentist.says("She is keen to begin")
        await dentist.sees("#1 is kept and goes on as soon as a specialist has taken the case.")
        assert await play.johal.presses("Accept")
        specialist = await play.room("johal", ref)
        await specialist.sees("She is keen to begin")
        await dentist.sees("What you type here goes to Dr Amar Johal on Slack.")


async def test_people_14_four_required_answers_and_at_most_twelve_taps(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        patel, taps = play.patel, 0
        for question, answer in (
            ("", "/new"),
            ("What shall we call this patient?", "AB"),
            ("What does the patient want?", "I want the gaps closed"),
            ("Is there a date to be ready for", "No date"),
            ("Has the patient agreed", "Yes, the patient has agreed"),
            ("Is this right?", "Send"),
        ):
            taps += 1
            shown = await patel.sees(question, MAIN) if question else None
            labels = [] if shown is None else [button.label for row in shown.buttons for button in row]
            if answer in labels:
                await patel.presses(answer, shown)
            else:
                await patel.says(answer)
        await patel.sees("is open and a specialist is being asked", MAIN)
        assert taps <= 12


async def test_people_14_teeth_in_any_notation_are_echoed(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        patel = play.patel
        await patel.says("/new")
        for question, answer in (
            ("What shall we call this patient?", "AB"),
            ("What does the patient want?", "Straighter teeth"),
        ):
            await patel.sees(question, MAIN)
            await patel.says(answer)
        await patel.presses("No date")
        await patel.presses("Yes, the patient has agreed")
        await patel.presses("Add details")
        await patel.presses("Don't know yet")
        await patel.sees("How old is the patient?", MAIN)
        await patel.presses("Don't know yet")
        await patel.sees("Which teeth are to be moved?", MAIN)
        await patel.says("UL2, 13, upper left 4")
        await patel.sees("UR3 (13), UL2 (22), UL4 (24)", MAIN)
        await patel.presses("That's all I know")
        await patel.sees("Is this right?", MAIN)
        await patel.presses("Send")
        await patel.sees("is open and a specialist is being asked", MAIN)


async def test_people_19_rooms_are_named_after_the_other_person(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=roster_of("slack-telegram")) as play:
        ref = await play.open_case(event_date="2027-06-14", event_what="Wedding")
        dentist, specialist = await play.rooms(ref)
        assert isinstance(dentist, SlackSide)
        await dentist.person.sees_channel(f"case-johal-{ref.removeprefix('C-').lower()}")
        assert dentist.room.topic == "AB · 14 Jun"
        topics = [topic.name for topic in play.telegram.user(700002).topics]
        assert topics == [f"AB · 14 Jun · {ref}"]
        await dentist.presses("Close case")
        await dentist.presses("Yes, close it")
        await specialist.sees("was closed by Dr Asha Patel")
        await eventually(lambda: dentist.room.archived)
        assert dentist.person.channels == []
        await eventually(lambda: play.telegram.user(700002).topics[0].emoji)  # marked as closed: nothing is deleted
