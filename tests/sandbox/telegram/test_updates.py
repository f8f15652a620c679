"""getUpdates: offsets, long polling, one poller, what is remembered and what expires."""

import asyncio

import pytest
from telegram import Bot
from telegram.error import Conflict

from bot.sandbox.telegram import FakeTelegram, Person
from tests.sandbox.telegram.conftest import Api, Clock


def texts(answer: dict[str, list[dict[str, dict[str, str]]]]) -> list[str]:
    return [one["message"]["text"] for one in answer["result"]]


async def test_an_offset_confirms_what_is_below_it(api: Api, asha: Person) -> None:
    for text in ("one", "two", "three"):
        await asha.says(text)
    _, first = await api("getUpdates", limit=2)
    assert texts(first) == ["one", "two"]
    assert texts((await api("getUpdates"))[1]) == ["one", "two", "three"]
    _, rest = await api("getUpdates", offset=first["result"][-1]["update_id"] + 1)
    assert texts(rest) == ["three"]
    # Confirmed ones never come back, whatever offset is asked for.
    assert texts((await api("getUpdates", offset=first["result"][0]["update_id"]))[1]) == ["three"]


async def test_a_negative_offset_keeps_only_the_last(api: Api, asha: Person) -> None:
    for text in ("one", "two", "three"):
        await asha.says(text)
    assert texts((await api("getUpdates", offset=-2))[1]) == ["two", "three"]
    assert texts((await api("getUpdates"))[1]) == ["two", "three"]


async def test_a_long_poll_answers_as_soon_as_something_happens(api: Api, asha: Person) -> None:
    poll = asyncio.create_task(api("getUpdates", timeout=20))
    await asyncio.sleep(0.02)
    assert not poll.done()
    await asha.says("now")
    assert texts((await asyncio.wait_for(poll, 1))[1]) == ["now"]


async def test_a_second_poller_ends_the_first_with_409(bot: Bot, telegram: FakeTelegram, asha: Person) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.05)
    async with Bot(telegram.token, base_url=telegram.base_url) as other:
        second = asyncio.create_task(other.get_updates(timeout=20))
        with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one bot"):
            await first
        await asha.says("hello")
        assert [one.message.text for one in await second if one.message] == ["hello"]


async def test_polling_beside_a_webhook_is_a_conflict(bot: Bot) -> None:
    await bot.set_webhook("https://example.org/hook")
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_setting_a_webhook_ends_a_waiting_poll(api: Api) -> None:
    poll = asyncio.create_task(api("getUpdates", timeout=20))
    await asyncio.sleep(0.02)
    await api("setWebhook", url="https://example.org/hook")
    assert (await asyncio.wait_for(poll, 1))[0] == 409


async def test_allowed_updates_are_remembered_for_later_ones(api: Api, asha: Person, telegram: FakeTelegram) -> None:
    mine = await asha.says("before")
    await asha.reacts(mine, "👍")  # not sent unless asked for
    await api("getUpdates", allowed_updates=["message_reaction", "edited_message"])
    await asha.edits(mine, "after")
    await asha.says("not wanted")
    await asha.reacts(mine, "🔥")
    _, answer = await api("getUpdates")
    assert [next(key for key in one if key != "update_id") for one in answer["result"]] == [
        "message",
        "edited_message",
        "message_reaction",
    ]
    assert answer["result"][2]["message_reaction"]["old_reaction"] == [{"type": "emoji", "emoji": "👍"}]
    await api("getUpdates", allowed_updates=[])
    assert telegram.bot().queue.wants("message")
    assert not telegram.bot().queue.wants("message_reaction")


@pytest.mark.illegal_traffic
async def test_an_unknown_kind_of_update_and_a_wild_limit_are_refused(api: Api) -> None:
    assert (await api("getUpdates", allowed_updates=["gossip"]))[0] == 400
    assert (await api("getUpdates", limit=101))[0] == 400


async def test_updates_are_kept_for_24_hours(api: Api, asha: Person, clock: Clock, telegram: FakeTelegram) -> None:
    await asha.says("old")
    clock.passes(23 * 3600)
    await asha.says("new")
    assert texts((await api("getUpdates"))[1]) == ["old", "new"]
    clock.passes(3601)
    assert texts((await api("getUpdates"))[1]) == ["new"]
    assert telegram.bot().queue.expired == 1


async def test_a_malformed_update_comes_among_good_ones(api: Api, asha: Person, telegram: FakeTelegram) -> None:
    await asha.says("before")
    telegram.malformed_update()
    await asha.says("after")
    _, answer = await api("getUpdates")
    assert [one["message"]["message_id"] for one in answer["result"]][1] == "not a number"
    numbers = [one["update_id"] for one in answer["result"]]
    assert numbers == list(range(numbers[0], numbers[0] + 3))


async def test_bots_do_not_see_each_others_chats(api: Api, telegram: FakeTelegram, asha: Person) -> None:
    other = telegram.add_bot(7_000_000_002, "other_sandbox_bot")
    await telegram.user(asha.id, other.token).start("hello")
    assert (await api("getUpdates"))[1]["result"] == []
    assert texts((await api("getUpdates", token=other.token))[1]) == ["/start hello"]


async def test_waiting_until_the_bot_took_everything(api: Api, asha: Person, telegram: FakeTelegram) -> None:
    await asha.says("one")
    with pytest.raises(AssertionError, match="1 updates were not taken"):
        await telegram.taken(timeout=0.01)
    _, answer = await api("getUpdates")
    waiting = asyncio.create_task(telegram.taken())
    await asyncio.sleep(0)
    await api("getUpdates", offset=answer["result"][-1]["update_id"] + 1)
    await waiting
