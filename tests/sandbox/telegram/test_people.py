"""The people: scenarios read as a chat, and every helper can fail."""

import asyncio
from datetime import timedelta

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup

from bot.sandbox.telegram import MAIN, Act, FakeTelegram, Person, Seen
from bot.sandbox.telegram.files import png

BUTTONS = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Accept", callback_data="a:1"), InlineKeyboardButton("Accept all", callback_data="a:2")],
        [InlineKeyboardButton("Leaflet", url="https://example.org/leaflet")],
    ]
)


async def test_sees_waits_for_the_bot(bot: Bot, asha: Person) -> None:
    waiting = asyncio.create_task(asha.sees("your case"))
    await asyncio.sleep(0)
    await bot.send_message(asha.id, "This is your case")
    message = await waiting
    assert message.by_bot
    with pytest.raises(
        AssertionError, match=r"Asha does not see 'refund'; the last messages are:\n.*This is your case"
    ):
        await asha.sees("refund", timeout=0.01)
    with pytest.raises(AssertionError, match="does not see"):
        await asha.sees("your case", timeout=0.01, after=message)


async def test_own_words_are_not_what_the_bot_said(asha: Person) -> None:
    await asha.says("does it fit?")
    with pytest.raises(AssertionError):
        await asha.sees("fit", timeout=0.01)
    assert [one.text for one in asha.messages(own=True)] == ["/start", "does it fit?"]
    assert asha.messages() == []


async def test_sees_looks_in_the_topic_asked_for(bot: Bot, asha: Person) -> None:
    with pytest.raises(AssertionError, match="has no topic 'C-7K3F'"):
        await asha.sees_topic("C-7K3F", timeout=0.01)
    topic = await bot.create_forum_topic(asha.id, "AB · C-7K3F")
    await bot.send_message(asha.id, "inside", message_thread_id=topic.message_thread_id)
    assert await asha.sees("inside", topic="C-7K3F")
    assert (await asha.sees_topic("C-7K3F")).id == topic.message_thread_id
    for elsewhere in (MAIN, "C-OTHER"):
        with pytest.raises(AssertionError):
            await asha.sees("inside", topic=elsewhere, timeout=0.01)
    with pytest.raises(AssertionError, match="has no topic 'C-OTHER'"):
        await asha.says("hello", "C-OTHER")


async def test_nothing_like_it_was_ever_shown(bot: Bot, asha: Person) -> None:
    message = await bot.send_message(asha.id, "canary in a message", reply_markup=BUTTONS)
    await message.edit_text("nothing here")
    await bot.send_document(asha.id, b"x", filename="cuckoo.pdf")
    await asha.says("sparrow")
    for shown in ("canary", "cuckoo", "Accept all"):
        with pytest.raises(AssertionError, match="saw"):
            await asha.sees_nothing_like(shown)
    await asha.sees_nothing_like("sparrow")  # their own word
    await asha.sees_nothing_like("swallow")
    await asha.sees_no_more("canary")
    with pytest.raises(AssertionError, match="still sees"):
        await asha.sees_no_more("nothing here", timeout=0.01)


async def test_buttons_are_pressed_by_label_or_data(bot: Bot, asha: Person) -> None:
    old = await bot.send_message(asha.id, "old", reply_markup=BUTTONS)
    new = await bot.send_message(asha.id, "new", reply_markup=BUTTONS)
    await asha.presses("Accept")
    await asha.presses("all")
    await asha.presses("a:2", on="old")
    queries = [one.callback_query for one in await bot.get_updates() if one.callback_query]
    assert [one.data for one in queries] == ["a:1", "a:2", "a:2"]
    assert [one.message.message_id for one in queries if one.message] == [new.message_id] * 2 + [old.message_id]
    with pytest.raises(AssertionError, match=r"is a link to 'https://example\.org/leaflet'"):
        await asha.presses("Leaflet")
    with pytest.raises(AssertionError, match=r"sees no button 'Refuse'; there are: .*'Accept all'"):
        await asha.presses("Refuse", timeout=0.01)
    await new.edit_text("answered")
    await old.edit_text("answered")
    with pytest.raises(AssertionError, match="sees no button"):
        await asha.presses("Accept", timeout=0.01)


async def test_a_forged_press_reaches_the_bot(bot: Bot, asha: Person) -> None:
    message = await bot.send_message(asha.id, "choose", reply_markup=BUTTONS)
    held = await asha.sees("choose")
    await message.delete()
    asha.sends_press(held, "forged")
    (update,) = await bot.get_updates()
    assert update.callback_query
    assert update.callback_query.data == "forged"
    assert update.callback_query.message
    assert not update.callback_query.message.is_accessible


async def test_an_answer_is_awaited(bot: Bot, asha: Person) -> None:
    await bot.send_message(asha.id, "choose", reply_markup=BUTTONS)
    query = await asha.presses("Accept")
    await bot.answer_callback_query(query.id, "Careful", show_alert=True)
    await query.done.wait()
    assert (query.text, query.alert) == ("Careful", True)
    assert (await asha.sees_toast("Careful")).kind is Act.ALERT


async def test_reply_keyboards(bot: Bot, asha: Person) -> None:
    await bot.send_message(asha.id, "where?", reply_markup=ReplyKeyboardMarkup([["Upper", "Lower"]]))
    await asha.picks("Lower")
    (update,) = await bot.get_updates()
    assert update.message
    assert update.message.text == "Lower"
    with pytest.raises(AssertionError, match="has no key 'Middle'"):
        await asha.picks("Middle")


async def test_edits_reactions_and_deletions(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    telegram.bot().queue.allow(["message", "edited_message", "message_reaction"])
    said = await bot.send_message(asha.id, "from the bot")
    await asha.says("0.2 mm")
    await asha.edits("0.2 mm", "0.3 mm")
    await asha.reacts("from the bot", "👍")
    await asha.deletes_message("0.3 mm")
    updates = await bot.get_updates()
    assert [one.edited_message.text for one in updates if one.edited_message] == ["0.3 mm"]
    (reaction,) = [one.message_reaction for one in updates if one.message_reaction]
    assert reaction.message_id == said.message_id
    assert len(updates) == 3  # no update tells of the deletion
    with pytest.raises(AssertionError, match="only own messages can be edited"):
        await asha.edits("from the bot", "x")
    with pytest.raises(AssertionError, match="sees no message"):
        await asha.edits("0.3 mm", "x")


async def test_voice_notes_and_other_things(bot: Bot, asha: Person) -> None:
    await asha.sends_voice(b"ogg", seconds=7)
    await asha.sends_file("sticker", b"webp")
    await asha.sends_other({"location": {"latitude": 51.5, "longitude": -0.1}})
    voice, sticker, location = [one.message for one in await bot.get_updates() if one.message]
    assert voice.voice
    assert voice.voice.duration == timedelta(seconds=7)
    assert sticker.sticker
    assert location.location


async def test_every_change_is_told_to_listeners(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    heard: list[Seen] = []
    stop = telegram.truth.listen(heard.append)
    await bot.send_photo(asha.id, png(), caption="front")
    await asha.says("thanks")
    stop()
    await asha.says("unheard")
    assert [(one.kind, one.by_bot, one.text) for one in heard] == [
        (Act.MESSAGE, True, "front"),
        (Act.MESSAGE, False, "thanks"),
    ]
    assert [one.seq for one in telegram.truth.events] == list(range(1, len(telegram.truth.events) + 1))
    assert asha.seen == telegram.truth.of(asha.id)
