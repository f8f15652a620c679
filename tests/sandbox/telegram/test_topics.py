"""Topics in a private chat: made, used, renamed, deleted, switched off, and the platform's own mistakes."""

import pytest
from telegram import Bot, ReplyParameters
from telegram.error import BadRequest

from bot.sandbox.telegram import MAIN, Act, FakeTelegram, Person

NAME = "AB · 14 Jun · C-7K3F"


async def test_messages_go_into_a_topic_and_come_from_it(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    topic = await bot.create_forum_topic(asha.id, NAME)
    card = await bot.send_message(asha.id, "card", message_thread_id=topic.message_thread_id)
    assert (card.message_thread_id, card.is_topic_message) == (topic.message_thread_id, True)
    await bot.send_message(asha.id, "notice")
    assert [one.name for one in asha.topics] == [NAME]
    assert [one.text for one in asha.messages("C-7K3F")] == ["card"]
    assert [one.text for one in asha.messages(MAIN)] == ["notice"]
    assert [one.text for one in telegram.truth.messages(asha.id, topic=topic.message_thread_id)] == ["card"]

    await asha.says("in the topic", "C-7K3F")
    await asha.says("a reply there", reply_to="card")
    await asha.says("outside")
    messages = [one.message for one in await bot.get_updates() if one.message]
    assert [one.message_thread_id for one in messages] == [topic.message_thread_id] * 2 + [None]
    assert [one.is_topic_message for one in messages] == [True, True, None]
    assert messages[1].reply_to_message


async def test_a_reply_without_a_thread_lands_where_the_message_is(bot: Bot, asha: Person) -> None:
    topic = await bot.create_forum_topic(asha.id, NAME)
    there = await asha.says("question", NAME)
    answer = await bot.send_message(asha.id, "answer", reply_parameters=ReplyParameters(there.message_id))
    assert answer.message_thread_id == topic.message_thread_id
    elsewhere = await asha.says("outside")
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(
            asha.id,
            "answer",
            message_thread_id=topic.message_thread_id,
            reply_parameters=ReplyParameters(elsewhere.message_id),
        )


async def test_topics_are_renamed_and_deleted(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    topic = (await bot.create_forum_topic(asha.id, NAME)).message_thread_id
    await bot.send_message(asha.id, "card", message_thread_id=topic)
    await bot.edit_forum_topic(asha.id, topic, "AB · done")
    with pytest.raises(BadRequest, match=r"(?i)topic_not_modified"):
        await bot.edit_forum_topic(asha.id, topic, "AB · done")
    assert [one.name for one in asha.topics] == ["AB · done"]
    await bot.delete_forum_topic(asha.id, topic)
    assert asha.topics == []
    assert asha.messages() == []
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.edit_forum_topic(asha.id, topic, "again")
    kinds = [one.kind for one in telegram.truth.of(asha.id, topic=topic)]
    assert kinds == [Act.TOPIC_OPENED, Act.MESSAGE, Act.TOPIC_RENAMED, Act.TOPIC_DELETED]


async def test_closing_and_reopening_are_for_supergroups(bot: Bot, asha: Person) -> None:
    topic = (await bot.create_forum_topic(asha.id, NAME)).message_thread_id
    for refused in (bot.close_forum_topic, bot.reopen_forum_topic):
        with pytest.raises(BadRequest, match=r"(?i)not a supergroup"):
            await refused(asha.id, topic)


async def test_a_person_deletes_a_topic_and_nobody_is_told(bot: Bot, asha: Person) -> None:
    topic = (await bot.create_forum_topic(asha.id, NAME)).message_thread_id
    card = await bot.send_message(asha.id, "card", message_thread_id=topic)
    await asha.deletes_topic("C-7K3F")
    assert await bot.get_updates() == ()
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(asha.id, "more", message_thread_id=topic)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await card.edit_text("new card")


async def test_a_person_opens_and_renames_a_topic_and_the_bot_hears(bot: Bot, asha: Person) -> None:
    topic = await asha.opens_topic("My own")
    await asha.renames_topic(topic, "Renamed")
    created, edited = [one.message for one in await bot.get_updates() if one.message]
    assert created.forum_topic_created
    assert created.message_thread_id == topic.id
    assert edited.forum_topic_edited
    assert edited.forum_topic_edited.name == "Renamed"


@pytest.mark.parametrize("whose", ["person", "bot"])
async def test_topics_switched_off(bot: Bot, asha: Person, telegram: FakeTelegram, whose: str) -> None:
    topic = (await bot.create_forum_topic(asha.id, NAME)).message_thread_id
    assert (await bot.get_me()).has_topics_enabled
    if whose == "person":
        await asha.turns_topics(False)
    else:
        telegram.bot().has_topics_enabled = False
        assert not (await bot.get_me()).has_topics_enabled
    with pytest.raises(BadRequest, match="The chat is not a forum"):
        await bot.create_forum_topic(asha.id, "another")
    with pytest.raises(BadRequest, match="The chat is not a forum"):
        await bot.send_message(asha.id, "more", message_thread_id=topic)
    assert (await bot.send_message(asha.id, "more")).message_thread_id is None


async def test_a_send_to_a_deleted_topic_may_land_in_the_main_chat(
    bot: Bot, asha: Person, telegram: FakeTelegram
) -> None:
    topic = (await bot.create_forum_topic(asha.id, NAME)).message_thread_id
    await asha.deletes_topic(NAME)
    telegram.switches.deleted_topic_lands_in_main = True
    message = await bot.send_message(asha.id, "astray", message_thread_id=topic)
    assert message.message_thread_id is None
    assert [one.text for one in asha.messages(MAIN)] == ["astray"]


async def test_a_platform_release_breaks_topics(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    topic = (await bot.create_forum_topic(asha.id, NAME)).message_thread_id
    telegram.switches.threads_broken = telegram.switches.topic_creation_forbidden = True
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(asha.id, "card", message_thread_id=topic)
    with pytest.raises(BadRequest, match=r"(?i)bot_forum_create_forbidden"):
        await bot.create_forum_topic(asha.id, "another")


@pytest.mark.parametrize(("name", "colour"), [("", None), ("x" * 129, None), ("x", 1)])
async def test_topic_names_and_colours(bot: Bot, asha: Person, name: str, colour: int | None) -> None:
    with pytest.raises(BadRequest):
        await bot.create_forum_topic(asha.id, name, icon_color=colour)
    assert asha.topics == []
