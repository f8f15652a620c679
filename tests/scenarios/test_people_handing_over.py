"""People 27 and abuse 1: a seat changes hands, the epoch rises, nothing of the former party works or goes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.sandbox.faults import Kind
from tests.scenarios.test_pairings import roster_of
from tests.support.drafting import labels
from tests.support.sides import SlackSide, TelegramSide
from tests.support.theatre import ROSTER, SHAH, Theatre, eventually

ROSA = "  - {id: rosa, name: Dr Rosa Patel, role: dentist, practice: Riverside Dental, telegram: 700005}\n"
ELSEWHERE = ROSA.replace("Riverside Dental", "Hill Dental").replace("rosa", "hill").replace("700005", "700006")
PRACTICES = ROSTER.replace("people:", "  - {name: Hill Dental, timezone: Europe/London}\npeople:", 1)
MONDAY = datetime(2027, 3, 15, 10, 0, tzinfo=ZoneInfo("Europe/London"))


def side_of(play: Theatre, number: int, ref: str) -> TelegramSide:
    """A dentist's topic."""
    return TelegramSide(play.telegram.user(number), ref)


async def test_people_27_a_specialist_hands_over_for_good(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER + SHAH) as play:
        ref = await play.open_case()
        dentist, johal = await play.rooms(ref)
        assert isinstance(johal, SlackSide)
        await dentist.says("The first tray fits")
        await johal.sees("The first tray fits")
        await johal.says("Good, carry on")
        await dentist.sees("Good, carry on")

        assert await play.sam.command("/case", f"assign {ref} shah")
        await play.sam.sees_ephemeral(f"{ref} is with Dr Mira Shah now")
        shah = await play.room("shah", ref)
        await shah.sees("Taken over from Dr Amar Johal")
        await shah.sees("The first tray fits")
        await shah.sees("Good, carry on")
        await play.johal.sees(f"Dr Mira Shah looks after {ref} from now on")
        await eventually(lambda: johal.room.archived)
        await dentist.sees("in place of Dr Amar Johal")
        await dentist.sees("What you type here goes to Dr Mira Shah on Slack.")

        await play.restart()
        await dentist.says("Only for the new one")
        await shah.sees("Only for the new one")
        await shah.says("Welcome")
        await dentist.sees("Welcome")
        await johal.never_saw("Only for the new one")


async def test_people_27_what_the_leaver_says_or_presses_afterwards_goes_nowhere(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER + SHAH) as play:
        ref = await play.open_case()
        dentist, johal = await play.rooms(ref)
        assert isinstance(johal, SlackSide)
        await dentist.says("The new aligner will not seat fully, what should I do?")
        await johal.sees("Only you see this. Nothing is sent unless you approve it.")
        archiving = play.slack.faults.add(Kind.RATE_LIMIT, method="conversations.archive", times=None, retry_after=1)
        assert await play.sam.command("/case", f"assign {ref} shah")
        shah = await play.room("shah", ref)
        await play.johal.sees("Nothing typed here is passed on any more")

        await johal.says("Go back two aligners")  # the room is still there: Slack would not archive it yet
        await play.johal.sees("Somebody else looks after this case now")
        await johal.presses("Approve and send")
        await play.johal.sees_ephemeral("The case has changed hands since draft 1 was made, so it was not sent")
        await johal.presses("Status")
        play.slack.faults.remove(archiving)
        await eventually(lambda: johal.room.archived)
        await shah.says("I am looking at it now")
        await dentist.sees("I am looking at it now")
        await dentist.never_saw("Go back two aligners")
        await dentist.never_saw("chewies")
        await shah.never_saw("Go back two aligners")


async def test_people_27_an_open_draft_is_offered_anew_to_whoever_covers(tmp_path: Path) -> None:
    """The card of the one who leaves is void, the other has one of their own; nothing goes under the former name."""
    async with Theatre(tmp_path, roster=ROSTER + SHAH) as play:
        ref = await play.open_case()
        dentist, johal = await play.rooms(ref)
        await dentist.says("How many hours a day should the patient wear the aligners?")
        await johal.sees("checked for this case by Dr Amar Johal")
        await eventually(lambda: "Approve and send" in labels(johal))
        archiving = play.slack.faults.add(Kind.RATE_LIMIT, method="conversations.archive", times=None, retry_after=1)
        assert await play.sam.command("/case", f"cover {ref} shah")
        shah = await play.room("shah", ref)
        await shah.sees("How many hours a day should the patient wear the aligners?")
        await shah.sees("Library answer, checked for this case by Dr Mira Shah")
        await eventually(lambda: "Approve and send" in labels(shah))

        await johal.presses("Approve and send")  # its room is still there: Slack would not archive it yet
        await play.johal.sees_ephemeral("The case has changed hands since draft 1 was made, so it was not sent")
        play.slack.faults.remove(archiving)
        await dentist.never_saw("The usual prescription is 20-22 hours a day")

        await play.restart()
        await shah.presses("Approve and send")
        await dentist.sees("The usual prescription is 20-22 hours a day")
        await dentist.sees("Library answer, checked for this case by Dr Mira Shah")
        await dentist.never_saw("by Dr Amar Johal")
        assert dentist.count("The usual prescription is 20-22 hours a day") == 1
        states = await play.rows("SELECT state, COUNT(*) AS n FROM draft GROUP BY state ORDER BY state")
        assert [(row["state"], row["n"]) for row in states] == [("approved", 1), ("void", 1)]


async def test_people_27_a_leaver_whose_topic_is_gone_does_not_come_back(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER + ROSA) as play:
        await play.telegram.user(700005).start()
        ref = await play.open_case()
        patel, johal = await play.rooms(ref)
        assert isinstance(patel, TelegramSide)
        assert patel.room is not None
        await play.patel.deletes_topic(patel.room)
        assert await play.sam.command("/case", f"cover {ref} rosa")
        rosa = await play.room("rosa", ref)
        await johal.says("Are you there?")
        await rosa.sees("Are you there?")
        assert play.patel.topics == []
        seats = await play.rows("SELECT state FROM seat WHERE side = 'dentist' ORDER BY id")
        assert [seat["state"] for seat in seats] == ["closed", "open"]
        await play.patel.says("And me?")
        await play.patel.sees("You have no open case")
        await play.patel.sees_nothing_like("Are you there?")


async def test_people_27_the_former_party_cannot_change_what_was_said(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER + ROSA) as play:
        await play.telegram.user(700005).start()
        ref = await play.open_case()
        patel, johal = await play.rooms(ref)
        said = await patel.says("UL2 is 0.2 mm off")
        copy = await johal.sees("UL2 is 0.2 mm off")
        assert await play.sam.command("/case", f"cover {ref} rosa")
        rosa = await play.room("rosa", ref)
        await patel.edits(said, "UL2 is 2.0 mm off")
        await patel.sees("Somebody else looks after this case now")
        await patel.takes_back(said)
        await rosa.says("Still here")
        await johal.sees("Still here")
        assert johal.words(copy).endswith("UL2 is 0.2 mm off")
        await johal.never_saw("2.0 mm")


async def test_people_27_an_answer_on_its_way_to_the_former_party_is_void(tmp_path: Path) -> None:
    """Abuse 1: the dentist's chat app is down, the specialist's answer waits; then the dentist's seat moves."""
    async with Theatre(tmp_path, roster=ROSTER + ROSA) as play:
        await play.telegram.user(700005).start()
        ref = await play.open_case()
        _, johal = await play.rooms(ref)
        await play.telegram.down()
        await johal.says("Please tell your patient to stop wearing it")
        await eventually(lambda: play.rows("SELECT id FROM message WHERE side = 'specialist'"))
        assert await play.sam.command("/case", f"cover {ref} rosa")
        await play.sam.sees_ephemeral(f"{ref} is with Dr Rosa Patel now")
        await play.telegram.up()
        rosa = await play.room("rosa", ref)
        await johal.sees("#1 was not delivered: the case changed hands before it could be sent.")
        await johal.says("For you then, Rosa")
        await rosa.sees("For you then, Rosa")
        await play.patel.sees_nothing_like("stop wearing it")
        await rosa.never_saw("stop wearing it")


async def test_people_27_a_dentist_of_the_practice_takes_over_and_check_ins_move(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=PRACTICES + ROSA + ELSEWHERE, begins=MONDAY) as play:
        for number in (700005, 700006):
            await play.telegram.user(number).start()
        ref = await play.open_case()
        patel, johal = await play.rooms(ref)
        await play.open_case(pseudonym="CD")
        assert await play.sam.command("/case", f"cover {ref} hill")
        await play.sam.sees_ephemeral("stays within its practice")
        assert await play.sam.command("/case", f"cover {ref} rosa")
        rosa = await play.room("rosa", ref)
        await johal.sees("Dr Rosa Patel looks after")
        await patel.sees("Nothing typed here is passed on any more")
        await rosa.sees("Taken over from Dr Asha Patel")
        await rosa.says("Hello, I am Rosa")
        await johal.sees("Hello, I am Rosa")
        await patel.says("One more thing from me")  # topics cannot be closed in a private chat
        await patel.sees("Somebody else looks after this case now")
        await play.later(days=21, minutes=6 * 60)
        answering = play.telegram.user(700005)
        await answering.sees("How are the aligners fitting?")
        await answering.presses("A gap")
        await johal.sees("Check-in: there is a gap.")
        await johal.never_saw("One more thing from me")
        assert patel.count("Check-in") == 0
        await play.telegram.user(700005).sees_nothing_like("CD")


async def test_people_27_a_cover_begins_and_ends_by_itself(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER + SHAH, begins=MONDAY) as play:
        ref = await play.open_case()
        dentist, johal = await play.rooms(ref)
        assert await play.sam.command("/case", f"cover {ref} shah 22 March to 26 March")
        await play.sam.sees_ephemeral(f"Dr Mira Shah looks after {ref} from 22 March")
        await dentist.says("Still for Dr Johal")
        await johal.sees("Still for Dr Johal")

        await play.later(days=7)
        shah = await play.room("shah", ref)
        await dentist.sees("What you type here goes to Dr Mira Shah on Slack.")
        await dentist.says("Now for Dr Shah")
        await shah.sees("Now for Dr Shah")
        await johal.never_saw("Now for Dr Shah")

        await play.restart()
        await play.later(days=5)
        back = await play.room("johal", ref)
        await back.sees("Taken over from Dr Mira Shah")
        await back.sees("Now for Dr Shah")
        await dentist.sees("in place of Dr Mira Shah")
        await dentist.says("For Dr Johal again")
        await back.sees("For Dr Johal again")
        await shah.never_saw("For Dr Johal again")


async def test_people_27_the_successor_reads_this_case_only(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=roster_of("telegram-slack") + SHAH) as play:
        ref = await play.open_case()
        other = await play.open_case(pseudonym="CD", complaint="Something quite different")
        dentist, _ = await play.rooms(ref)
        elsewhere, there = await play.rooms(other)
        await elsewhere.says("The other patient travels in May")
        await there.sees("The other patient travels in May")
        await dentist.says("This one stays")
        assert await play.sam.command("/case", f"assign {ref} shah")
        shah = await play.room("shah", ref)
        await shah.sees("This one stays")
        for words in ("travels in May", "CD", "Something quite different", other):
            await shah.never_saw(words)
