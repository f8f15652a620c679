"""Abuse cases 3, 5, 6, 7 and 8 of the reliability page (1 stands with the hand-overs): refused, told, nothing leaks."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.config import ConfigProblem, read
from tests.scenarios.test_people_handing_over import ROSA
from tests.support.drafting import ticks
from tests.support.sides import Side, SlackSide, TelegramSide
from tests.support.theatre import ROSTER, SHAH, Theatre, eventually

QUESTION = "The new aligner will not seat fully, what should I do?"
ANSWER = "go back to it, use chewies"


# --- 3: somebody else in the room ---------------------------------------------------------------------------------


async def held_back(play: Theatre, dentist: Side, specialist: Side) -> None:
    """The coordinator knows, and what the dentist says now waits."""
    await play.sam.sees(f"Somebody else is in the room of {specialist.ref}, or its owner is not.")
    await dentist.says("Not for strangers")
    await eventually(lambda: play.rows("SELECT id FROM message WHERE state = 'waiting'"))
    await play.later(minutes=1)
    await dentist.sees("is waiting")
    stranger = play.workspace.user("U0009")
    await stranger.sees_nothing_like("Not for strangers")


async def test_abuse_3_somebody_is_brought_into_the_channel(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        assert isinstance(specialist, SlackSide)
        await play.johal.invites("U0009", specialist.room)
        await held_back(play, dentist, specialist)
        await play.johal.removes("U0009", specialist.room)
        await specialist.sees("Not for strangers")


async def test_abuse_3_and_slack_never_tells(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        assert isinstance(specialist, SlackSide)
        play.slack.courier.switches.muted |= {"member_joined_channel", "member_left_channel"}
        await play.johal.invites("U0009", specialist.room)
        await play.restart()  # what was known of the members is forgotten, as it is after a minute
        await dentist.says("First")
        await held_back(play, dentist, specialist)
        await play.workspace.user("U0009").sees_nothing_like("First")


async def test_abuse_3_the_owner_becomes_a_guest(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        play.workspace.data.users["U0002"].is_restricted = True
        await play.restart()
        await dentist.says("First")
        await held_back(play, dentist, specialist)
        await specialist.never_saw("First")


async def test_abuse_3_an_intruder_writes_before_anybody_noticed(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        assert isinstance(specialist, SlackSide)
        play.slack.courier.switches.muted |= {"member_joined_channel"}
        await play.johal.invites("U0009", specialist.room)
        await play.workspace.user("U0009").says("Tell her to pull it out", specialist.room)
        await held_back(play, dentist, specialist)
        await dentist.never_saw("pull it out")
        await play.workspace.user("U0009").leaves(specialist.room)
        await specialist.sees("Not for strangers")


async def test_abuse_3_a_deactivated_owner_gets_nothing(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        play.workspace.deactivate("U0002")
        await play.restart()
        await dentist.says("Is anybody there?")
        await play.sam.sees("johal cannot be reached")
        await specialist.never_saw("Is anybody there?")


# --- 5: buttons ---------------------------------------------------------------------------------------------------


async def test_abuse_5_a_forged_and_a_foreign_button_do_nothing(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER + ROSA) as play:
        rosa = play.telegram.user(700005)
        hers = await rosa.start()
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says("/close")
        sure = await dentist.sees("Close C-")
        play.patel.sends_press(sure, "x" * 22)
        await play.patel.sees_toast("This button is not in use any more.")
        rosa.sends_press(hers, sure.buttons[0][0].data)
        await rosa.sees_toast("This button was made for somebody else, so nothing has happened.")
        stranger = play.telegram.user(700009)
        stranger.sends_press(await stranger.start(), sure.buttons[0][0].data)
        await stranger.sees_toast("This button was made for somebody else")
        await dentist.says("Still open?")
        await specialist.sees("Still open?")


async def test_abuse_5_a_button_counts_once_however_often_it_is_pressed(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says(QUESTION)
        await specialist.sees("Only you see this.")
        await ticks(specialist)
        card = await specialist.sees("Only you see this.")
        presses = [play.johal.presses("Approve and send", card) for _ in range(5)]
        assert await asyncio.gather(*presses) == [True] * 5
        await dentist.sees(ANSWER)
        await play.johal.sees_ephemeral("Draft 1 was approved already.")
        await play.restart()
        assert dentist.count(ANSWER) == 1


async def test_abuse_5_an_offer_can_be_taken_by_one_only(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER + SHAH) as play:
        ref = await play.open_case(taken=False)
        asked = await eventually(lambda: play.johal.newest("asks for a") or play.shah.newest("asks for a"))
        first, second = (play.johal, play.shah) if play.johal.newest("asks for a") is asked else (play.shah, play.johal)
        assert await first.presses("Decline")
        await second.sees("asks for a specialist")
        assert await second.presses("Accept")
        await second.sees(f"You have taken {ref}")
        await first.sees(f"You declined {ref}; a colleague was asked.")
        rows = await play.rows("SELECT state FROM offer ORDER BY made_at")
        assert [row["state"] for row in rows] == ["declined", "accepted"]


# --- 6 and 7: forged requests -------------------------------------------------------------------------------------


def slack_headers(secret: str, body: bytes, at: int) -> dict[str, str]:
    """As Slack signs a request."""
    digest = hmac.new(secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": str(at),
        "X-Slack-Signature": f"v0={digest}",
        "Content-Type": "application/x-www-form-urlencoded",
    }


async def test_abuse_6_forged_malformed_and_replayed_slack_requests(tmp_path: Path) -> None:
    async with Theatre(tmp_path, slack_http=True) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        assert isinstance(specialist, SlackSide)
        assert play.app is not None
        url = f"http://127.0.0.1:{play.app.port}/slack/events"
        event = {"type": "message", "user": "U0002", "channel": specialist.room.id, "text": "Extract UL2", "ts": "1.1"}
        body = json.dumps({"type": "event_callback", "team_id": "T0001", "event_id": "Ev1", "event": event}).encode()
        now = int(time.time())
        secret = play.workspace.signing_secret
        good = slack_headers(secret, body, now)
        async with aiohttp.ClientSession() as session:
            for headers in (
                {},
                slack_headers("another secret", body, now),
                slack_headers(secret, body, now - 600),
                good | {"X-Slack-Request-Timestamp": "soon"},
                good | {"X-Slack-Signature": "v0=ü"},
                good | {"X-Slack-Signature": ""},
            ):
                async with session.post(url, data=body, headers=headers) as answer:
                    assert answer.status == 401
            command = urlencode(
                {"command": "/case", "text": f"assign {ref} johal", "team_id": "T0001", "user_id": "U0003"}
                | {"channel_id": specialist.room.id, "trigger_id": "1.2.3", "response_url": "http://127.0.0.1:1/"}
            ).encode()
            async with session.post(url, data=command, headers=slack_headers("guess", command, now)) as answer:
                assert answer.status == 401
            genuine = slack_headers(secret, command, now)
            async with session.post(url, data=command, headers=genuine) as answer:
                assert answer.status == 200
            async with session.post(url, data=command, headers=genuine) as answer:
                assert answer.status == 409
        await specialist.says("A real one")
        await dentist.sees("A real one")
        await dentist.never_saw("Extract UL2")


async def test_abuse_7_forged_telegram_webhooks(tmp_path: Path) -> None:
    async with Theatre(tmp_path, telegram_webhook=True) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        assert isinstance(dentist, TelegramSide)
        assert play.app is not None
        assert dentist.room is not None
        real = await dentist.says("A real one")
        await specialist.sees("A real one")
        forged = {"update_id": 99_000_000, "message": real.raw() | {"message_id": 9_999, "text": "Extract UL2"}}
        async with aiohttp.ClientSession() as session:
            for headers in (
                {},
                {"X-Telegram-Bot-Api-Secret-Token": "a guess"},
                {"X-Telegram-Bot-Api-Secret-Token": "ü"},
            ):
                url = f"http://127.0.0.1:{play.app.port}/telegram"
                async with session.post(url, json=forged, headers=headers) as answer:
                    assert answer.status in (401, 403)
        await dentist.says("Another real one")
        await specialist.sees("Another real one")
        await specialist.never_saw("Extract UL2")


def test_abuse_7_a_webhook_without_a_secret_does_not_start() -> None:
    env = {"TELEGRAM_BOT_TOKEN": "123:abc", "TELEGRAM_WEBHOOK_URL": "https://example.org/telegram"}
    with pytest.raises(ConfigProblem) as found:
        read(env, env_file=None)
    assert found.value.lines == ["TELEGRAM_WEBHOOK_SECRET: needed with TELEGRAM_WEBHOOK_URL, or anybody could post"]


# --- 8: words change under a draft --------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["edit", "withdraw", "another"])
async def test_abuse_8_a_draft_is_void_once_its_question_changes(tmp_path: Path, change: str) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        asked = await dentist.says(QUESTION)
        assert isinstance(specialist, SlackSide)
        await specialist.sees("Only you see this.")
        await ticks(specialist)
        card = await specialist.sees("Only you see this.")
        if change == "edit":
            await dentist.edits(asked, "The old aligner is lost, what should I do?")
            await specialist.sees("The old aligner is lost")
        elif change == "withdraw":
            await dentist.takes_back(asked)
            await specialist.sees("has withdrawn #1")
        else:
            await dentist.says("Forget it, wrong patient")
            await specialist.sees("Forget it, wrong patient")
        if play.johal.button("Approve and send", card) is not None:
            with contextlib.suppress(AssertionError):  # the card may just be losing its buttons
                await play.johal.presses("Approve and send", card)
        assert await play.johal.command("/case", "approve 1", specialist.room)
        await play.johal.sees_ephemeral("was not sent.", specialist.room)
        await specialist.says("I answer myself")
        await dentist.sees("I answer myself")
        await dentist.never_saw(ANSWER)


async def test_abuse_8_what_was_approved_stays_when_the_question_is_edited(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        asked = await dentist.says(QUESTION)
        assert isinstance(specialist, SlackSide)
        await specialist.sees("Only you see this.")
        await ticks(specialist)
        assert await play.johal.command("/case", "approve 1", specialist.room)
        answer = await dentist.sees(ANSWER)
        words = dentist.words(answer)
        await dentist.edits(asked, "The old aligner is lost, what should I do?")
        await specialist.sees("The old aligner is lost")
        assert dentist.words(answer) == words
        assert dentist.count(ANSWER) == 1
