"""Arriving: invitations used, confirmed, refused and forwarded; accounts nobody knows."""

from __future__ import annotations

import re

from bot.domain.addresses import Place
from bot.domain.outbound import Toast
from bot.domain.rules import DAY, HOUR
from bot.services import invites, unlinking
from storage import settings
from tests.support.front import INTAKE, Chat, Front


async def unlinked(front: Front) -> None:
    """Dr Patel is in the roster and has no account yet."""
    await front.do(lambda unit: unit.tx.execute("DELETE FROM account WHERE person_id = 1"))


async def invited(front: Front) -> str:
    """The coordinator invites her; the code as it stands in the coordinator's own chat."""
    await front.sam.command("invite", "patel")
    found = re.search(r"/case link (\S+)", (await front.sam.last()).text)
    assert found is not None
    return found[1]


async def test_invited_claimed_confirmed_and_welcomed(front: Front) -> None:
    await unlinked(front)
    code = await invited(front)
    chat = front.patel
    await chat.command("link", code)
    claim = await chat.texts()
    assert "Sam is checking that it's you" in claim
    assert "Asha" not in claim  # whose the invitation is, is not told before it is certain

    asked = await front.sam.last()
    assert "Dr Asha Patel (patel)" in asked.text
    assert "700001" in asked.text
    assert asked.labels == ["Confirm", "Refuse"]
    await front.sam.presses("Confirm")

    assert await front.one("SELECT state FROM account WHERE person_id = 1") == "active"
    assert await front.one("SELECT confirmed_by FROM account WHERE person_id = 1") == 3
    welcome = (await chat.last()).text
    assert "Dr Asha Patel" in welcome
    assert "Nobody ranks" in welcome
    assert "Never write a patient's name" in welcome
    assert "/help" in welcome
    assert len(welcome.splitlines()) == 4
    for action in ("invite.made", "account.claimed", "account.confirmed"):
        assert await front.audited(action) == 1


async def test_start_by_deep_link_names_the_bot_from_the_setting(front: Front) -> None:
    await front.do(lambda unit: settings.put(unit.tx, invites.TELEGRAM_NAME, "chairside_bot", unit.now))
    await front.sam.command("invite", "patel")
    text = (await front.sam.last()).text
    assert re.search(r"https://t\.me/chairside_bot\?start=[A-Za-z0-9_-]{1,64}\b", text)
    assert "connected account already (Telegram)" in text
    assert front.sam.account.user == (await _lane_user(front))


async def _lane_user(front: Front) -> str:
    rows = await front.rows("SELECT DISTINCT l.user_ref FROM delivery d JOIN lane l ON l.id = d.lane_id")
    (row,) = rows  # the code went into the coordinator's own chat and nowhere else
    return str(row["user_ref"])


async def test_an_intake_before_the_word_is_kept_and_goes_with_it(front: Front) -> None:
    await unlinked(front)
    code = await invited(front)
    chat = front.patel
    await chat.command("link", code)
    await _intake(chat)
    (case,) = await front.rows("SELECT * FROM case_file")
    assert case["state"] == "waiting"
    assert "Sam is checking that it's you; this goes the moment that is done" in (await chat.last()).text
    await chat.types("She also asked about whitening")
    assert await front.one("SELECT COUNT(*) FROM message") == 0
    assert await front.one("SELECT COUNT(*) FROM offer") == 0
    assert await front.one("SELECT COUNT(*) FROM seat") == 0

    await front.sam.presses("Confirm")

    (case,) = await front.rows("SELECT * FROM case_file")
    assert case["state"] == "offered"
    assert await front.one("SELECT COUNT(*) FROM seat") == 1
    assert "For which case" in await chat.texts()  # what was written meanwhile is asked about, never guessed


async def test_a_refused_claim_leaves_nothing(front: Front) -> None:
    await unlinked(front)
    code = await invited(front)
    chat = front.patel
    await chat.command("link", code)
    await _intake(chat)
    await chat.types("and another thing")
    await front.sam.presses("Refuse")
    (case,) = await front.rows("SELECT state, intake_sealed FROM case_file")
    assert (case["state"], case["intake_sealed"]) == ("closed", None)
    assert await front.one("SELECT state FROM held") == "discarded"
    assert await front.one("SELECT state FROM account WHERE person_id = 1") == "refused"
    assert "could not confirm" in await chat.texts()
    await chat.types("hello?")
    assert "does not know this account" in (await chat.last()).text  # as for anybody unknown


async def test_an_account_taken_away_is_nobodys(front: Front) -> None:
    done = await front.do(lambda unit: unlinking.unlink(unit, "patel", "telegram:700001", "cli"))
    assert isinstance(done, dict)
    await front.patel.types("hello?")
    assert "does not know this account" in (await front.patel.last()).text
    assert await front.one("SELECT COUNT(*) FROM message") == 0
    assert await front.one("SELECT COUNT(*) FROM held") == 0


async def test_a_forwarded_invitation_gets_nowhere_without_the_coordinator(front: Front) -> None:
    case = await front.work.open_case()
    code = await invited(front)
    thief = front.telegram("666")
    await thief.command("link", code)
    await front.work.settle()
    for command in ("list", "status", "note", "withdraw", "close", "assign", "stuck", "away"):
        await thief.command(command, "1")
    await thief.types("What is this about?")
    seen = await thief.texts()
    assert "C-7K" not in seen
    assert "Johal" not in seen
    assert "Asha" not in seen
    assert await front.one("SELECT COUNT(*) FROM message") == 0
    assert (await front.work.seat(case, "dentist"))["user_ref"] == "700001"


async def test_answers_never_go_to_another_account_of_the_same_person(front: Front) -> None:
    # The claimed account is known to be reachable, the real one is not: it must still not get her answers.
    code = await invited(front)
    thief = front.telegram("666")
    await thief.command("link", code)
    await front.work.open_case()
    await front.work.settle()
    await front.patel.command("list")
    assert "C-7K01" in await front.patel.texts()
    assert "C-7K01" not in await thief.texts()


async def test_a_used_or_unknown_code_says_the_same_and_never_whose(front: Front) -> None:
    await unlinked(front)
    code = await invited(front)
    await front.patel.command("link", code)
    late, guess = front.telegram("700055"), front.telegram("700056")
    await late.command("link", code)
    await guess.command("link", "no-such-code")
    assert (await late.last()).text == (await guess.last()).text
    assert (await late.last()).labels == ["Ask for a new one"]
    assert "Patel" not in await late.texts()
    assert "patel" not in await late.texts()
    assert await front.one("SELECT COUNT(*) FROM account WHERE user_ref IN ('700055', '700056')") == 0

    await late.presses("Ask for a new one")
    await guess.presses("Ask for a new one")
    told = await front.sam.texts()
    assert "patel asks for a new invitation" in told  # the coordinator may know
    assert "telegram:700056 asks for a new invitation" in told


async def test_an_expired_code_is_dead(front: Front) -> None:
    await unlinked(front)
    code = await invited(front)
    front.work.clock.advance(DAY)
    await front.patel.command("link", code)
    assert "run out" in (await front.patel.last()).text
    assert await front.one("SELECT COUNT(*) FROM account WHERE person_id = 1") == 0


async def test_guessing_is_answered_at_most_once_a_minute(front: Front) -> None:
    chat = front.telegram("700055")
    for n in range(5):
        await chat.command("link", f"guess-{n}")
    assert len(await chat.reads()) == 1


async def test_an_unknown_account_gets_one_kind_answer_an_hour_and_nothing_is_kept(front: Front) -> None:
    chat = front.telegram("700088")
    await chat.types("My patient Jane Smith has toothache, canary-4711")
    await chat.types("hello?")
    await chat.command("cases")
    (answer,) = await chat.reads()
    assert "Nothing you write here is kept or passed on" in answer.text
    assert answer.labels == ["I am a Chairside dentist with a new account"]
    front.work.clock.advance(HOUR)
    await chat.types("still here")
    assert len(await chat.reads()) == 2
    for table in ("held", "message", "person", "account", "case_file", "form_session"):
        rows = await front.rows(f"SELECT * FROM {table}")
        assert "700088" not in str(rows)
        assert "canary" not in str(rows)
    assert "700088" not in str(await front.rows("SELECT * FROM stranger"))
    assert "700088" not in str(await front.rows("SELECT * FROM button"))


async def test_an_unknown_account_on_slack_gets_a_line_at_once_each_time(front: Front) -> None:
    chat = front.slack("U0999")
    await chat.command("list", live=True)
    assert "does not know this account" in (await chat.last()).text
    again = await chat.command("list", live=True)
    assert isinstance(again, Toast)
    assert "does not know this account" in again.text


async def test_a_new_account_of_a_dentist_reaches_the_coordinator_once(front: Front) -> None:
    chat = front.telegram("700088")
    await chat.types("hello")
    token = (await chat.button("I am a Chairside dentist with a new account")).token
    answer = await chat.press(token, live=True)
    assert isinstance(answer, Toast)
    await chat.press(token)
    assert (await front.sam.texts()).count("telegram:700088") == 1
    assert await front.one("SELECT COUNT(*) FROM incident WHERE kind = 'new_account' AND closed_at IS NULL") == 1
    # an invitation that this account then uses settles it
    await front.sam.command("invite", "patel")
    found = re.search(r"/case link (\S+)", (await front.sam.last()).text)
    assert found is not None
    await chat.command("link", found[1])
    assert await front.one("SELECT COUNT(*) FROM incident WHERE kind = 'new_account' AND closed_at IS NULL") == 0


async def test_a_strangers_button_is_not_anybody_elses(front: Front) -> None:
    chat, other = front.telegram("700088"), front.telegram("700089")
    await chat.types("hello")
    token = (await chat.button("I am a Chairside dentist with a new account")).token
    await other.press(token)
    await front.johal.press(token)
    assert "new_account" not in str(await front.rows("SELECT kind FROM incident"))
    assert await front.one("SELECT COUNT(*) FROM button WHERE used_at IS NOT NULL") == 0


async def test_a_stranger_in_a_case_room_stops_it(front: Front) -> None:
    case = await front.work.open_case()
    await front.work.settle()
    seat = await front.work.seat(case, "specialist")
    place = Place(seat["platform"], seat["workspace"], seat["chat"], seat["topic"])
    await front.slack("U0999").types("hi all", place=place)
    assert (await front.work.seat(case, "specialist"))["held_reason"] == "wrong_members"
    assert "Somebody else is in the room" in await front.sam.texts()


async def test_a_listed_account_is_welcomed_at_start_and_keeps_an_invitation_whole(front: Front) -> None:
    await front.patel.command("link")
    assert "Welcome to Chairside, Dr Asha Patel" in (await front.patel.last()).text
    code = await invited(front)
    await front.patel.command("link", code)
    assert "connected already, as Dr Asha Patel" in (await front.patel.last()).text
    assert await front.one("SELECT COUNT(*) FROM invite WHERE used_at IS NULL") == 1


async def test_start_lets_the_bot_write_again(front: Front) -> None:
    await front.do(lambda unit: unit.tx.execute("UPDATE account SET reachable = 0 WHERE id = 1"))
    await front.patel.command("link")
    assert await front.one("SELECT reachable FROM account WHERE id = 1") == 1


async def _intake(chat: Chat) -> None:
    await chat.command("new")
    for name in ("pseudonym", "complaint", "event_date", "event_what"):
        await chat.types(INTAKE[name])
    await chat.presses("Yes, the patient has agreed")
    await chat.presses("Send")
