"""A case finds its specialist: offered with reasons, taken or declined, passed on when nobody answers."""

from __future__ import annotations

import json

from bot.domain.rules import DAY, HOUR
from bot.drafting.retrieval import Library
from bot.services import assignment, urgency
from tests.handlers.helpers import asks
from tests.support.draft_desk import ENTRIES, SEAT, DraftDesk
from tests.support.front import Front


async def only_johal(front: Front) -> None:
    """Dr Shah has no room for another case."""
    await front.do(lambda unit: unit.tx.execute("UPDATE person SET capacity = 0 WHERE id = 4"))


async def test_the_offer_says_enough_and_nothing_that_identifies(front: Front) -> None:
    await only_johal(front)
    await asks(front.patel, pseudonym="QZ-77")
    offer = await front.johal.last()
    assert "Dr Asha Patel of Riverside Dental asks for a specialist" in offer.text
    assert "gaps closed" in offer.text
    assert "14 June 2027" in offer.text
    assert "QZ-77" not in offer.text
    assert offer.labels == ["Accept", "Decline"]
    assert "gaps" not in offer.post.notice  # what a lock screen may show
    assert offer.seat is None  # their own private chat: there is no room yet


async def test_accepting_takes_the_seat_and_brings_what_waited(front: Front) -> None:
    await only_johal(front)
    await asks(front.patel)
    await front.work.settle()
    (case,) = await front.rows("SELECT id, ref FROM case_file")
    await front.work.says(case["id"], "dentist", "The wedding is in twelve weeks.")
    await front.johal.presses("Accept")
    await front.work.settle()

    (case,) = await front.rows("SELECT * FROM case_file")
    assert (case["state"], case["specialist_id"], case["turn"]) == ("open", 2, "specialist")
    (message,) = await front.rows("SELECT state FROM message")
    assert message["state"] == "delivered"
    room = [message.text for message in await front.johal.reads() if message.seat is not None]
    assert any("What the patient wants, in their words" in text for text in room)
    assert "twelve weeks" in room[-1]
    assert "Dr Amar Johal has taken" in await front.patel.texts()
    assert "You have taken" in await front.johal.texts()
    assert await front.one("SELECT state FROM offer") == "accepted"
    assert await front.one("SELECT COUNT(*) FROM check_in") > 0
    assert await front.audited("offer.accepted") == 1


async def test_an_offer_is_answered_once(front: Front) -> None:
    await only_johal(front)
    await asks(front.patel)
    accept, decline = await front.johal.button("Accept"), await front.johal.button("Decline")
    await front.johal.press(accept.token)
    await front.johal.press(decline.token)
    await front.johal.press(accept.token)
    assert "settled already" in await front.johal.texts()
    assert await front.one("SELECT COUNT(*) FROM seat WHERE side = 'specialist'") == 1


async def test_nobody_else_can_answer_an_offer(front: Front) -> None:
    await only_johal(front)
    await asks(front.patel)
    token = (await front.johal.button("Accept")).token
    await front.shah.press(token)
    assert "somebody else" in await front.shah.texts()
    assert await front.one("SELECT state FROM case_file") == "offered"
    await front.johal.press(token)
    assert await front.one("SELECT state FROM case_file") == "open"


async def test_declined_goes_to_the_next_and_then_to_the_coordinator(front: Front) -> None:
    await asks(front.patel)
    first = await front.one("SELECT specialist_id FROM offer")
    chats = {2: front.johal, 4: front.shah}
    await chats.pop(first).presses("Decline")
    (second,) = chats.values()
    assert "asks for a specialist" in (await second.last()).text
    await second.presses("Decline")

    (case,) = await front.rows("SELECT ref, state FROM case_file")
    assert case["state"] == "unassigned"
    assert f"No specialist is free for {case['ref']}" in await front.sam.texts()
    told = await front.patel.texts()
    assert "No specialist is free" in told
    assert "Sam has been told" in told
    states = await front.rows("SELECT state FROM offer ORDER BY id")
    assert [row["state"] for row in states] == ["declined", "declined"]


async def test_the_time_limit_counts_working_hours_only(front: Front) -> None:
    # It is Thursday evening: half an hour of work is over at 09:30 on Friday, in London.
    await only_johal(front)
    await asks(front.patel)
    due = await front.one("SELECT due_at FROM offer")
    assert due - front.work.clock.now() > 12 * HOUR
    assert (due // 60_000_000) % 60 == 30
    assert await front.do(assignment.expire_due) == 0
    assert await front.do(assignment.next_due) == due
    front.work.clock.set(due)
    assert await front.do(assignment.expire_due) == 1
    assert await front.one("SELECT state FROM offer") == "expired"
    assert await front.one("SELECT state FROM case_file") == "unassigned"
    assert await front.do(assignment.expire_due) == 0  # and nobody is told twice
    assert (await front.patel.texts()).count("No specialist is free") == 1


async def test_an_expired_offer_cannot_be_taken_any_more(front: Front) -> None:
    await asks(front.patel)
    first = await front.one("SELECT specialist_id FROM offer")
    chat = front.johal if first == 2 else front.shah
    token = (await chat.button("Accept")).token
    front.work.clock.advance(DAY)
    await front.do(assignment.expire_due)
    await chat.press(token)
    assert await front.one("SELECT COUNT(*) FROM seat WHERE side = 'specialist'") == 0
    states = await front.rows("SELECT specialist_id, state FROM offer ORDER BY id")
    assert [row["state"] for row in states] == ["expired", "open"]
    assert states[1]["specialist_id"] != first


async def test_the_reason_is_on_record(front: Front) -> None:
    await front.do(lambda unit: unit.tx.execute("""UPDATE person SET expertise = '["spacing"]' WHERE id = 4"""))
    await asks(front.patel)
    (offer,) = await front.rows("SELECT specialist_id, reason FROM offer")
    assert offer["specialist_id"] == 4
    reason = json.loads(offer["reason"])
    assert reason["matched"] == ["spacing"]
    assert reason["points"]["expertise"] > 0
    assert "gaps" not in offer["reason"]


async def test_somebody_away_or_full_or_on_hold_is_not_asked(front: Front) -> None:
    now = front.work.clock.now()
    await front.do(
        lambda unit: unit.tx.execute(
            "INSERT INTO absence(id, person_id, starts_at, ends_at) VALUES (1, 2, :a, :b)",
            {"a": now - DAY, "b": now + 7 * DAY},
        )
    )
    await front.sam.command("lock", "shah")
    await asks(front.patel)
    assert await front.one("SELECT COUNT(*) FROM offer") == 0
    assert await front.one("SELECT state FROM case_file") == "unassigned"
    assert "No specialist is free" in await front.patel.texts()


async def test_an_unassigned_case_is_offered_once_somebody_is_back(front: Front) -> None:
    await front.do(lambda unit: unit.tx.execute("UPDATE person SET capacity = 0 WHERE role = 'specialist'"))
    await asks(front.patel)
    await front.do(lambda unit: unit.tx.execute("UPDATE person SET capacity = 5 WHERE id = 2"))
    await front.do(assignment.expire_due)
    assert await front.one("SELECT state FROM case_file") == "offered"
    await front.johal.presses("Accept")
    assert await front.one("SELECT COUNT(*) FROM incident WHERE kind = 'unassigned' AND closed_at IS NULL") == 0


async def test_offers_that_are_open_count_against_capacity(front: Front) -> None:
    await front.do(lambda unit: unit.tx.execute("UPDATE person SET capacity = 1 WHERE role = 'specialist'"))
    for _ in range(3):
        await asks(front.patel)
    asked = await front.rows("SELECT specialist_id FROM offer WHERE state = 'open'")
    assert sorted(row["specialist_id"] for row in asked) == [2, 4]
    assert await front.one("SELECT COUNT(*) FROM case_file WHERE state = 'unassigned'") == 1


async def test_a_red_flag_before_anybody_took_the_case_reaches_the_coordinator_and_then_whoever_takes_it(
    front: Front,
) -> None:
    await only_johal(front)
    await asks(front.patel)
    await front.work.settle()
    (case,) = await front.rows("SELECT id, state FROM case_file")
    assert case["state"] == "offered"
    room = DraftDesk(front.work, Library(ENTRIES), case["id"])
    await room.asks("Her cheek is swollen and she cannot swallow, what now?")
    (ref,) = [row["ref"] for row in await front.rows("SELECT ref FROM case_file")]
    assert f"An urgent message in {ref} has not been seen" in await front.sam.texts()
    assert "Nothing is drafted for #1" in await front.patel.texts()
    await front.johal.presses("Accept")
    await front.do(urgency.run_due)
    assert f"#1 from Dr Patel in {ref} may need you at once" in await front.johal.texts()
    await front.johal.presses("I have it")
    assert "Dr Amar Johal has it" in await front.patel.texts()
    await room.asks(SEAT)
    assert await front.rows("SELECT id FROM draft") == []
