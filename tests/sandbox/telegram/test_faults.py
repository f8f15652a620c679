"""Each fault as the real client library meets it: what it is told, and what really happened."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.sandbox.faults import Kind
from bot.sandbox.telegram import FakeTelegram, Person
from tests.sandbox.telegram.conftest import Api

YES = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])


def shown(telegram: FakeTelegram, person: Person) -> list[str]:
    return [one.text for one in telegram.truth.messages(person.id)]


@pytest.mark.parametrize(
    ("kind", "happened"),
    [
        (Kind.DROP_BEFORE, False),
        (Kind.DROP_AFTER, True),
        (Kind.ERROR_BEFORE, False),
        (Kind.ERROR_AFTER, True),
        (Kind.HTML, False),
        (Kind.DISCONNECT, True),
    ],
)
async def test_the_client_fails_and_the_truth_tells_what_happened(
    bot: Bot, asha: Person, telegram: FakeTelegram, kind: Kind, happened: bool
) -> None:
    telegram.faults.add(kind, method="sendMessage", chat=asha.id)
    with pytest.raises(NetworkError) as caught:
        await bot.send_message(asha.id, "hello")
    assert not isinstance(caught.value, BadRequest)
    assert shown(telegram, asha) == (["hello"] if happened else [])
    await bot.send_message(asha.id, "next")
    assert shown(telegram, asha)[-1] == "next"
    assert [(hit.kind, hit.method, hit.chat) for hit in telegram.faults.hits] == [(kind, "sendMessage", str(asha.id))]


async def test_an_html_page_with_200_is_no_answer(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    telegram.faults.add(Kind.HTML, status=200)
    with pytest.raises(TelegramError, match="Invalid server response"):
        await bot.send_message(asha.id, "hello")
    assert shown(telegram, asha) == []


async def test_accepted_late_times_out_and_happens_afterwards(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    telegram.faults.add(Kind.ACCEPT_LATE, seconds=0.4)
    with pytest.raises(TimedOut):
        await bot.send_message(asha.id, "hello", read_timeout=0.05)
    assert shown(telegram, asha) == []
    await telegram.faults.idle()
    assert shown(telegram, asha) == ["hello"]


async def test_slow_answers_come_in_the_end(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    telegram.faults.add(Kind.SLOW, seconds=0.1, times=2)
    with pytest.raises(TimedOut):
        await bot.send_message(asha.id, "one", read_timeout=0.03)
    assert (await bot.send_message(asha.id, "two")).text == "two"
    assert shown(telegram, asha) == ["one", "two"]


async def test_too_many_requests_say_how_long_to_wait(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    rule = telegram.faults.add(Kind.RATE_LIMIT, chat=asha.id, times=None, retry_after=7)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(asha.id, "hello")
    assert caught.value.retry_after == timedelta(seconds=7)
    assert shown(telegram, asha) == []
    telegram.faults.remove(rule)
    assert await bot.send_message(asha.id, "hello")


async def test_faults_are_scoped_by_method_chat_and_bot(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    telegram.faults.add(Kind.DROP_BEFORE, method="edit*", times=None)
    telegram.faults.add(Kind.DROP_BEFORE, chat=700002, times=None)
    telegram.faults.add(Kind.DROP_BEFORE, bot=7_000_000_002, times=None)
    message = await bot.send_message(asha.id, "hello")
    assert telegram.faults.hits == []
    with pytest.raises(NetworkError):
        await message.edit_text("other")


async def test_requests_and_faults_know_the_chat_of_a_button_press(
    bot: Bot, asha: Person, telegram: FakeTelegram
) -> None:
    await bot.send_message(asha.id, "choose", reply_markup=YES)
    query = await asha.presses("Yes")
    telegram.faults.add(Kind.DROP_BEFORE, chat=asha.id)
    with pytest.raises(NetworkError):
        await bot.answer_callback_query(query.id)
    assert not query.answered
    assert [(one.method, one.chat) for one in telegram.requests][-2:] == [
        ("sendMessage", str(asha.id)),
        ("answerCallbackQuery", str(asha.id)),
    ]


async def test_the_whole_server_is_down_for_a_while(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.05)
    url = telegram.url
    await telegram.down()
    with pytest.raises(NetworkError):
        await poll
    with pytest.raises(NetworkError):
        await bot.send_message(asha.id, "hello")
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.post(f"{telegram.base_url}{telegram.token}/getMe")
    await asha.says("while you were down")
    await telegram.up()
    assert telegram.url == url
    assert [one.message.text for one in await bot.get_updates() if one.message] == ["while you were down"]
    assert await bot.send_message(asha.id, "hello")
    assert shown(telegram, asha) == ["hello"]


async def test_updates_come_twice_and_out_of_order(api: Api, asha: Person, telegram: FakeTelegram) -> None:
    for number in range(40):
        await asha.says(f"{number}")
    telegram.faults.inbound.duplicate = 0.5
    telegram.faults.inbound.reorder = 0.5
    _, answer = await api("getUpdates")
    numbers = [one["update_id"] for one in answer["result"]]
    assert len(numbers) > 40
    assert len(set(numbers)) == 40
    assert numbers != sorted(numbers)
    telegram.faults.clear()
    _, answer = await api("getUpdates")
    assert len(answer["result"]) == 40


async def test_downloads_have_faults_too(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    await asha.sends_document(b"the plan" * 100, "plan.pdf")
    (update,) = await bot.get_updates()
    assert update.message
    assert update.message.document
    file = await update.message.document.get_file()
    for kind in (Kind.DISCONNECT, Kind.DROP_BEFORE, Kind.ERROR_BEFORE):
        telegram.faults.add(kind, method="file")
        with pytest.raises(NetworkError):
            await file.download_as_bytearray()
    assert len(await file.download_as_bytearray()) == 800


async def test_closing_forgets_late_effects() -> None:
    async with FakeTelegram() as telegram, aiohttp.ClientSession() as session:
        asha = telegram.add_user(700001, "Asha")
        await asha.start()
        telegram.faults.add(Kind.ACCEPT_LATE, seconds=30, method="sendMessage")
        request = session.post(
            f"{telegram.base_url}{telegram.token}/sendMessage",
            json={"chat_id": asha.id, "text": "hello"},
            timeout=aiohttp.ClientTimeout(total=0.05),
        )
        with pytest.raises(TimeoutError):
            await request
    assert shown(telegram, asha) == []
