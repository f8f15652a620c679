"""Whom a bot can reach: never started, blocked, gone, deactivated; and the little there is of groups."""

import pytest
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.sandbox.telegram import FakeTelegram, Person


async def test_nobody_can_be_written_to_before_start(bot: Bot, telegram: FakeTelegram) -> None:
    stranger = telegram.add_user(700002, "Amar")
    with pytest.raises(Forbidden, match="Forbidden: bot can't initiate conversation with a user"):
        await bot.send_message(stranger.id, "hello")
    with pytest.raises(AssertionError, match="has not pressed Start"):
        await stranger.says("hello")
    with pytest.raises(AssertionError, match="cannot carry this payload"):
        await stranger.start("a b")
    await stranger.start("invite-code")
    await bot.send_message(stranger.id, "hello")
    assert [one.text for one in stranger.messages()] == ["hello"]
    (update,) = await bot.get_updates()
    assert update.message
    assert update.message.text == "/start invite-code"
    assert update.message.entities[0].type == "bot_command"


async def test_an_unknown_chat_is_not_found(bot: Bot) -> None:
    for chat in (123456, -100123, "@somechannel"):
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(chat, "hello")


async def test_a_blocked_bot_is_told_and_refused(bot: Bot, asha: Person) -> None:
    await asha.blocks()
    with pytest.raises(Forbidden, match="Forbidden: bot was blocked by the user"):
        await bot.send_message(asha.id, "hello")
    await asha.unblocks()
    await bot.send_message(asha.id, "hello again")
    changes = [one.my_chat_member for one in await bot.get_updates() if one.my_chat_member]
    assert [one.new_chat_member.status for one in changes] == ["kicked", "member"]
    assert changes[0].from_user.id == asha.id


async def test_start_unblocks(bot: Bot, asha: Person) -> None:
    await asha.blocks()
    with pytest.raises(AssertionError, match="has blocked the bot"):
        await asha.says("still there?")
    await asha.start()
    assert await bot.send_message(asha.id, "hello")


async def test_chats_and_accounts_that_are_gone(bot: Bot, asha: Person) -> None:
    await asha.deletes_chat()
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(asha.id, "hello")
    await asha.start()
    await asha.deactivates()
    with pytest.raises(Forbidden, match="Forbidden: user is deactivated"):
        await bot.send_message(asha.id, "hello")


async def test_a_group_is_upgraded_and_its_id_changes(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    group = telegram.add_group(-4001, "Riverside", asha)
    await group.says(asha, "hello all")
    await bot.send_message(group.id, "private chats only, please")
    upgraded = await group.upgrades(asha, -1001234567890)
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(group.id, "hello?")
    assert caught.value.new_chat_id == upgraded.id
    await bot.send_message(upgraded.id, "hello")
    messages = [one.message for one in await bot.get_updates() if one.message]
    assert [one.chat.type for one in messages] == ["group", "group", "supergroup"]
    assert messages[1].migrate_to_chat_id == upgraded.id
    assert messages[2].migrate_from_chat_id == group.id
    assert [one.text for one in telegram.truth.messages(upgraded.id)] == ["hello"]


async def test_a_bot_is_put_out_of_a_group(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    group = telegram.add_group(-4001, "Riverside", asha)
    assert (await bot.get_chat_member(group.id, asha.id)).status == "member"
    await group.kicks_bot(asha)
    with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
        await bot.send_message(group.id, "hello")
    (update,) = await bot.get_updates()
    assert update.my_chat_member
