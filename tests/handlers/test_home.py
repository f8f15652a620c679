"""The desk: what waits first, where each case leads, and what somebody may see who is not (or not yet) one of us."""

from __future__ import annotations

import pytest

from bot.domain.addresses import Account
from bot.domain.events import HomeOpened
from bot.domain.outbound import Button, OpenForm, Page, Toast
from bot.domain.rules import HOUR, MINUTE
from bot.services import urgency
from handlers.router import handle
from storage import cases, courses, messages
from storage import owed as storage_owed
from tests.support.front import Chat, Front


async def opens(chat: Chat) -> Page:
    reply = await chat.work.do(lambda unit: handle(unit, HomeOpened(chat.origin())))
    assert isinstance(reply, Page)
    return reply


def words(page: Page) -> str:
    return "\n".join(one.body.text for one in page.sections)


def button(page: Page, label: str) -> Button:
    return next(one for section in page.sections for one in section.buttons if one.label == label)


async def turn(front: Front, case: int, side: str) -> None:
    await front.do(lambda unit: cases.set_turn(unit.tx, case, side, unit.now))


async def test_what_waits_comes_first_and_the_longest_before_others(front: Front) -> None:
    theirs, later, first = [await front.work.open_case(number) for number in (1, 2, 3)]
    await turn(front, theirs, "dentist")
    await turn(front, first, "specialist")
    front.work.clock.advance(2 * HOUR)
    await turn(front, later, "specialist")
    await front.work.settle()
    page = await opens(front.johal)
    said = words(page)
    refs = {key: await front.one(f"SELECT ref FROM case_file WHERE id = {key}") for key in (theirs, later, first)}
    assert said.splitlines()[:2] == ["Dr Johal, your desk", "2 cases wait for you."]
    assert "Your turn (2)" in said
    assert "Waiting for the other side (1)" in said
    assert said.index(refs[first]) < said.index(refs[later]) < said.index(refs[theirs])
    assert "since 2 h" in said

    message = await front.work.says(theirs, "dentist", "zq-canary is swollen")

    def mark(unit):  # type: ignore[no-untyped-def]
        row = messages.get(unit.tx, message)
        assert row is not None
        return urgency.mark(unit, row)

    assert await front.do(mark) is None
    said = words(await opens(front.johal))
    assert "Urgent (1)" in said
    assert said.index(refs[theirs]) < said.index(refs[first])
    assert "zq-canary" not in said


async def test_a_specialists_turns_stand_by_time_left_and_the_date_by_sign_and_word(front: Front) -> None:
    early, pressing = await front.work.open_case(1), await front.work.open_case(2)
    for case, hours, colour in ((early, 30, "amber"), (pressing, -2, "red")):
        await turn(front, case, "specialist")

        def owed(unit, case=case, hours=hours, colour=colour):  # type: ignore[no-untyped-def]
            due = unit.now + hours * HOUR
            storage_owed.begin(
                unit.tx, case, "reply", kind="question", since=unit.now, length=0, due_at=due, next_at=None
            )
            courses.put(
                unit.tx, case, version=0, finish_on="2027-06-01", late_on="2027-07-01", colour=colour, now=unit.now
            )

        await front.do(owed)
    lines = words(await opens(front.johal)).splitlines()
    turns = lines[lines.index("Your turn (2)") + 1 :][:2]
    assert turns[0].endswith("🔴 very unlikely to be met · due 2 h ago")
    assert turns[1].endswith("🟠 at risk · 1 day left")


async def test_each_line_leads_into_its_room_and_next_waiting_is_another_case(front: Front) -> None:
    one, two = await front.work.open_case(1), await front.work.open_case(2)
    await turn(front, one, "specialist")
    front.work.clock.advance(MINUTE)
    await turn(front, two, "specialist")
    await front.work.settle()
    page = await opens(front.johal)
    channel = await front.one(f"SELECT chat FROM seat WHERE case_id = {one} AND side = 'specialist'")
    assert button(page, "Next waiting").url == f"https://slack.com/app_redirect?team=T0001&channel={channel}"
    links = [span.value for section in page.sections for span in section.body.spans if "app_redirect" in span.value]
    assert len(links) == 2


async def test_on_telegram_it_is_one_message_whose_buttons_lead_into_the_topics(front: Front) -> None:
    case = await front.work.open_case()
    await turn(front, case, "dentist")
    await front.work.settle()
    await front.patel.command("list")
    desk = await front.patel.last()
    ref = await front.one("SELECT ref FROM case_file")
    assert desk.text.startswith("Dr Patel, your desk\n1 case waits for you.")
    assert desk.labels[0] == f"Open {ref}"
    assert "New case" in desk.labels
    assert "AB" not in desk.post.notice
    await front.patel.presses(f"Open {ref}")
    there = await front.patel.last()
    assert there.text == f"Here is {ref}."
    assert there.post.silent
    assert there.seat is not None


async def test_its_buttons_stand_for_commands(front: Front) -> None:
    page = await opens(front.johal)
    assert "You have no open case." in words(page)
    helped = await front.johal.press(button(page, "Help").token, live=True)
    assert isinstance(helped, Toast)
    assert "/case help" in helped.text
    away = await front.johal.press(button(page, "Away").token, live=True)
    assert isinstance(away, Toast)
    assert "New case" not in words(page)
    foreign = await front.sam.press(button(page, "Away").token, live=True)
    assert isinstance(foreign, Toast)
    assert foreign.text != away.text


async def test_a_dentist_on_slack_begins_a_case_from_it(front: Front) -> None:
    await front.do(
        lambda unit: unit.tx.execute(
            """INSERT INTO account(id, person_id, platform, workspace, user_ref, state, claimed_at)
               VALUES (61, 1, 'slack', 'T0001', 'U0061', 'active', 0)"""
        )
    )
    chat = front.slack("U0061")
    form = await chat.press(button(await opens(chat), "New case").token, live=True)
    assert isinstance(form, OpenForm)


async def test_a_coordinator_sees_what_is_stuck_and_who_has_how_much(front: Front) -> None:
    case = await front.work.open_case()
    calm = words(await opens(front.sam))
    assert "Nothing is stuck." in calm
    assert "Dr Amar Johal: 1 of" in calm
    await front.do(lambda unit: cases.set_state(unit.tx, case, "unassigned", unit.now))
    page = await opens(front.sam)
    ref = await front.one("SELECT ref FROM case_file")
    assert f"1. no specialist · {ref}" in words(page)
    assert "AB" not in words(page)
    await front.sam.press(button(page, "1. Choose a specialist").token, live=True)
    assert f"Who takes {ref}?" in (await front.sam.last()).text


@pytest.mark.parametrize(
    ("state", "locked", "line"),
    [("claimed", 0, "is checking that it's you"), ("active", 1, "on hold")],
)
async def test_not_confirmed_or_on_hold_one_sees_one_line(front: Front, state: str, locked: int, line: str) -> None:
    case = await front.work.open_case()
    await turn(front, case, "specialist")
    await front.do(lambda unit: unit.tx.execute(f"UPDATE account SET state = '{state}' WHERE user_ref = 'U0002'"))
    await front.do(lambda unit: unit.tx.execute(f"UPDATE person SET locked = {locked} WHERE id = 2"))
    page = await opens(front.johal)
    assert line in words(page)
    assert "C-" not in words(page)
    assert [one for section in page.sections for one in section.buttons] == []


async def test_a_stranger_reads_what_a_stranger_reads_and_nothing_is_kept(front: Front) -> None:
    chat = Chat(front.work, Account("slack", "T0001", "U0999"))
    page = await opens(chat)
    assert "It does not know this account." in words(page)
    assert await front.rows("SELECT * FROM stranger") == []
