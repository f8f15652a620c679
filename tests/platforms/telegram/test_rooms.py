"""Rooms as topics: made, renamed, marked as closed; and the honest refusal where there are none."""

import pytest

from bot.domain.errors import NotSent, Reason, Refused
from bot.platforms.telegram.gateway import TelegramGateway
from bot.platforms.telegram.ids import account, place
from bot.platforms.telegram.rooms import fit
from bot.ports.gateway import Room
from bot.sandbox.faults import Kind
from bot.sandbox.telegram import FakeTelegram, Person
from tests.platforms.telegram.support import ASHA, nothing, target

OWNER = account(ASHA)
TITLE = "AB · 14 Jun · C-7K3F"


async def test_a_room_is_a_topic_committed_before_it_is_returned(gateway: TelegramGateway, asha: Person) -> None:
    kept: list[str] = []

    async def checkpoint(resume: str) -> None:
        kept.append(resume)

    room = await gateway.open_room(OWNER, "case-johal-7k3f", TITLE, checkpoint, "")
    topic = await asha.sees_topic(TITLE)
    assert room == Room(place(ASHA, topic.id))
    assert kept == [f"id:{topic.id}"]
    # Tried again after a crash it is the same room, and no second one.
    assert await gateway.open_room(OWNER, "case-johal-7k3f", TITLE, checkpoint, kept[0]) == room
    assert len(asha.topics) == 1


async def test_topics_switched_off_for_the_bot(gateway: TelegramGateway, telegram: FakeTelegram, asha: Person) -> None:
    telegram.bot().has_topics_enabled = False
    with pytest.raises(Refused) as refused:
        await gateway.open_room(OWNER, "n", TITLE, nothing, "")
    assert refused.value.reason is Reason.NO_TOPICS


async def test_topics_switched_off_by_the_person(gateway: TelegramGateway, asha: Person) -> None:
    await asha.turns_topics(False)
    with pytest.raises(Refused) as refused:
        await gateway.open_room(OWNER, "n", TITLE, nothing, "")
    assert refused.value.reason is Reason.NO_TOPICS


async def test_topics_broken_by_the_platform(gateway: TelegramGateway, telegram: FakeTelegram, asha: Person) -> None:
    telegram.switches.topic_creation_forbidden = True
    with pytest.raises(Refused) as refused:
        await gateway.open_room(OWNER, "n", TITLE, nothing, "")
    assert refused.value.reason is Reason.NO_TOPICS


async def test_a_person_who_cannot_be_reached_is_no_matter_of_topics(
    gateway: TelegramGateway, telegram: FakeTelegram, asha: Person
) -> None:
    await asha.blocks()
    with pytest.raises(Refused) as refused:
        await gateway.open_room(OWNER, "n", TITLE, nothing, "")
    assert refused.value.reason is Reason.BLOCKED
    telegram.faults.add(Kind.RATE_LIMIT, method="createForumTopic")
    await asha.unblocks()
    with pytest.raises(NotSent):
        await gateway.open_room(OWNER, "n", TITLE, nothing, "")


async def test_rename_twice(gateway: TelegramGateway, asha: Person) -> None:
    room = await gateway.open_room(OWNER, "n", TITLE, nothing, "")
    there = target(topic=int(room.place.topic))
    await gateway.rename_room(there, "AB · 21 Jun · C-7K3F", "case-name-for-others")
    await gateway.rename_room(there, "AB · 21 Jun · C-7K3F")
    assert [topic.name for topic in asha.topics] == ["AB · 21 Jun · C-7K3F"]


async def test_close_marks_the_topic_and_keeps_what_was_said(gateway: TelegramGateway, asha: Person) -> None:
    room = await gateway.open_room(OWNER, "n", TITLE, nothing, "")
    there = target(topic=int(room.place.topic))
    await asha.says("kept", topic=TITLE)
    await gateway.close_room(there)
    await gateway.close_room(there)
    (topic,) = asha.topics
    assert (topic.name, topic.emoji != "") == (TITLE, True)
    assert [one.text for one in asha.messages(topic, own=True)] == ["kept"]


async def test_what_is_gone_already_is_closed(gateway: TelegramGateway, asha: Person) -> None:
    room = await gateway.open_room(OWNER, "n", TITLE, nothing, "")
    there = target(topic=int(room.place.topic))
    await asha.deletes_topic(TITLE)
    await gateway.close_room(there)
    with pytest.raises(Refused) as refused:
        await gateway.rename_room(there, "x")
    assert refused.value.reason is Reason.ROOM_GONE


async def test_the_private_chat_itself_has_no_title_of_ours(gateway: TelegramGateway, asha: Person) -> None:
    await gateway.rename_room(target(), "x")
    await gateway.close_room(target())


@pytest.mark.parametrize(
    ("title", "name"),
    [("a\nb", "a b"), ("", "…"), ("x" * 128, "x" * 128), ("x" * 129, "x" * 127 + "…")],
)
def test_titles_fit(title: str, name: str) -> None:
    assert fit(title) == name
