"""What an answer sets off: a digest line, the same day, a page; a complaint; the specialist's own line; the budget."""

from __future__ import annotations

from functools import partial

from bot.domain.addresses import Place
from bot.domain.ids import CaseId, PersonId
from bot.domain.rules import DAY, HOUR
from bot.services import budget, closing, reminders
from bot.services.budget import Kind, When
from bot.services.unit import Unit
from tests.handlers.test_check_ins import opened, tick, wall
from tests.support.casework import PATEL
from tests.support.front import Front

CASE = CaseId(1001)


async def due(front: Front, step: str, *, occurrence: int = 1) -> None:
    """One check-in of a step is due now and asked."""

    def plan(unit: Unit) -> None:
        unit.tx.execute(
            """INSERT INTO check_in(id, case_id, person_id, step, occurrence, due_at, ready_at, local_rule, state,
                                    wished)
               VALUES (:id, 1001, 1, :step, :n, :now, :now, 'test', 'planned', 1)""",
            {"id": unit.new_id(), "step": step, "n": occurrence, "now": unit.now},
        )

    await front.do(plan)
    await tick(front)


async def case_by_day(front: Front) -> None:
    """An open case on a Friday at noon, nothing planned in it."""
    await front.work.open_case()
    await front.work.settle()
    front.work.clock.advance(16 * HOUR - 26 * 60_000_000)
    assert wall(front.work.clock.now()).startswith("Fri 1")


async def room(front: Front, side: str) -> Place:
    seat = await front.work.seat(CASE, side)
    return Place(seat["platform"], seat["workspace"], seat["chat"], seat["topic"])


async def test_a_tick_of_a_red_flag_pages_and_makes_no_draft(front: Front) -> None:
    await case_by_day(front)
    await due(front, "review")
    for label in ("Fits well", "20 to 22 or more", "As planned", "Done", "Pain"):
        await front.patel.presses(label)
    assert "may need you at once" in await front.johal.texts()
    assert await front.one("SELECT COUNT(*) FROM urgent WHERE level = 'page' AND state = 'asked'") == 1
    assert await front.one("SELECT COUNT(*) FROM draft_job") == 0
    await front.patel.presses("Nothing (more)")
    line = "Check-in: the aligners fit well; worn 20 to 22 hours a day or more; on the planned aligner"
    assert line in await front.johal.texts()


async def test_little_wear_is_one_line_of_a_digest_with_a_reference_alone(front: Front) -> None:
    await case_by_day(front)
    await due(front, "first_weeks")
    await front.patel.presses("Fits well")
    await front.patel.presses("Under 20")
    assert await front.one("SELECT COUNT(*) FROM urgent") == 0
    assert await front.one("SELECT line FROM reminder") == "check_in.line.answer"
    front.work.clock.advance(3 * DAY)
    await front.do(reminders.run_due)
    assert "C-7K01: an answer to read, #1" in await front.johal.texts()
    await front.johal.presses("Tomorrow")
    assert await front.one("SELECT state FROM reminder") == "waiting"


async def test_two_bad_in_a_row_are_answered_the_same_day(front: Front) -> None:
    await case_by_day(front)
    await due(front, "first_weeks")
    for label in ("Fits well", "Under 20", "As planned", "None was due"):
        await front.patel.presses(label)
    assert await front.one("SELECT COUNT(*) FROM urgent") == 0
    front.work.clock.advance(3 * DAY)
    await due(front, "review")
    await front.patel.presses("Fits well")
    await front.patel.presses("Under 20")
    assert await front.one("SELECT level FROM urgent") == "same_day"
    assert await front.one("SELECT turn FROM case_file") == "specialist"


async def test_a_complaint_stops_everything_and_only_two_know(front: Front) -> None:
    await opened(front)
    await front.work.settle()
    await front.patel.types("She has made a formal complaint", place=await room(front, "dentist"))
    assert await front.one("SELECT COUNT(*) FROM check_in WHERE ready_at IS NOT NULL") == 0
    assert await front.one("SELECT COUNT(*) FROM draft") == 0
    for chat, name in ((front.patel, "Dr Johal"), (front.johal, "Dr Patel")):
        assert f"Only {name} and you see this. Call your indemnifier first. Reminders stopped" in await chat.texts()
    assert "complaint" not in await front.sam.texts()
    front.work.clock.advance(60 * DAY)
    await tick(front)
    assert await front.one("SELECT COUNT(*) FROM check_in_sheet") == 0
    await front.johal.presses("Tell the coordinator")
    assert "There is a complaint in C-7K01" in await front.sam.texts()
    assert "formal" not in await front.sam.texts()
    await front.patel.presses("It is none, or is over")
    assert await front.one("SELECT COUNT(*) FROM check_in WHERE ready_at IS NOT NULL") > 0


async def test_a_symptom_stops_nothing(front: Front) -> None:
    await opened(front)
    await front.work.settle()
    await front.patel.types("Chief complaint was crowding; no complaints today", place=await room(front, "dentist"))
    assert await front.one("SELECT COUNT(*) FROM complaint") == 0


async def test_until_i_answer_is_shown_word_for_word_before_the_seat_test(front: Front) -> None:
    await case_by_day(front)
    words = "Go back to the last aligner that seats, 22 h a day.  Send a photo."
    await front.johal.command("until", f"seat {words}", place=await room(front, "specialist"))
    assert words in await front.patel.texts()  # on the card
    await due(front, "first_weeks")
    await front.patel.presses("Does not seat")
    shown = [
        one.text for one in await front.patel.reads() if one.text.startswith("Until Dr Amar Johal answers, signed")
    ]
    assert shown == [f"Until Dr Amar Johal answers, signed 29 May 2026:\n{words}"]
    assert "Seat test 1 of 6" in await front.patel.texts()
    await front.work.reassign(CASE, PersonId(4))
    assert await front.audited("standing.shown") == 1


async def test_one_nudge_a_day_nobody_at_night_and_nobody_who_just_wrote(front: Front) -> None:
    await case_by_day(front)

    async def ask(kind: Kind, **more: bool) -> When:
        return (await front.do(partial(budget.admit, person_id=PATEL, kind=kind, **more))).when

    await front.patel.types("Just this", place=await room(front, "dentist"))
    assert await ask(Kind.NUDGE) is When.LATER
    front.work.clock.advance(budget.JUST_WROTE)
    assert [await ask(Kind.NUDGE), await ask(Kind.NUDGE)] == [When.NOW, When.LATER]
    assert [await ask(Kind.CHECK_IN), await ask(Kind.CHECK_IN)] == [When.NOW, When.LATER]
    assert await ask(Kind.NUDGE, urgent=True) is When.NOW
    front.work.clock.advance(10 * HOUR)
    assert await ask(Kind.CHECK_IN, wished=True) is When.LATER
    front.work.clock.advance(12 * HOUR)  # a Saturday
    assert await ask(Kind.NUDGE) is When.LATER


async def test_what_is_open_at_the_finish_is_asked_though_there_is_no_room_any_more(front: Front) -> None:
    await case_by_day(front)
    assert await front.do(lambda unit: closing.finish(unit, CASE, PATEL))
    await front.work.settle()
    await due(front, "finish")
    await front.patel.presses("Bonded one broken")
    await front.patel.presses("Exported")
    assert (await front.patel.texts()).count("C-7K01: your specialist is told") == 1  # once, whatever else is answered
    front.work.clock.advance(HOUR)
    await front.do(reminders.run_due)
    assert "C-7K01: a retention check-in needs a look" in await front.johal.texts()
    assert await front.one("SELECT COUNT(*) FROM message") == 0
    assert await front.one("SELECT level FROM check_in WHERE step = 'finish'") == "same_day"


async def test_reported_wear_and_ipr_left_undone_set_off_their_forewarnings(front: Front) -> None:
    async def standing() -> dict[str, str]:
        rows = await front.rows("SELECT rule, state FROM forewarning WHERE state <> 'superseded'")
        return {row["rule"]: row["state"] for row in rows}

    await case_by_day(front)
    await due(front, "first_weeks")
    await front.patel.presses("Fits well")
    await front.patel.presses("Under 20")
    assert await standing() == {"wear": "asked"}
    card = next(one for one in await front.johal.reads() if "Forewarning (amber): Wear" in one.text)
    assert "Because: worn under 20 hours a day." in card.text
    assert "Timm, J Clin Med 2021" in card.text
    assert card.post.silent
    await front.patel.presses("As planned")
    await front.patel.presses("Under 80% at a contact")
    assert await standing() == {"wear": "asked", "ipr_shortfall": "asked"}
    await front.johal.presses("Withhold")
    await due(front, "review")
    await front.patel.presses("Fits well")
    await front.patel.presses("Not known")
    assert await standing() == {"wear": "asked", "ipr_shortfall": "withheld"}  # not known tells nothing new
    await front.patel.presses("As planned")
    await front.patel.presses("Under 80% at a contact")
    assert await standing() == {"wear": "asked", "ipr_shortfall": "withheld"}  # settled, for the same reason
    await front.patel.presses("Nothing (more)")
    await due(front, "review", occurrence=2)
    await front.patel.presses("All as planned")
    assert await standing() == {}
    card = next(one for one in await front.johal.reads() if "Forewarning (amber): Wear" in one.text)
    assert "This does not hold any more." in card.text
    assert card.labels == []
