"""Messages out: what the person sees, and what each failure becomes."""

import pytest

from bot.domain.errors import Reason, Refused
from bot.domain.outbound import Button, ButtonStyle, Post
from bot.domain.richtext import RichText, bold, join
from bot.platforms.telegram.capabilities import CAPABILITIES
from bot.platforms.telegram.gateway import TelegramGateway
from bot.platforms.telegram.ids import account, place
from bot.ports.gateway import Gateway, Mark, Sent, Target
from bot.sandbox.telegram import FakeTelegram, Person
from tests.platforms.telegram.support import ASHA, nothing, post, target


async def send(gateway: TelegramGateway, content: Post, to: Target | None = None, reply_to: str | None = None) -> Sent:
    return await gateway.post(to or target(), content, "1", reply_to, nothing, "")


def test_is_a_gateway(gateway: TelegramGateway) -> None:
    port: Gateway = gateway
    assert port.capabilities is CAPABILITIES


async def test_heading_body_and_footer_are_one_text_with_entities(gateway: TelegramGateway, asha: Person) -> None:
    body = join("", [RichText("Aligner <b>*12*</b> "), bold("UL4")])
    sent = await send(gateway, Post(body, heading="Dr Johal · C-7K3F", footer="sent 10:02"))
    seen = asha.messages()[-1]
    assert sent == Sent(str(seen.message_id), place(ASHA))
    assert seen.text == "Dr Johal · C-7K3F\nAligner <b>*12*</b> UL4\nsent 10:02"
    assert [(one["type"], one["offset"], one["length"]) for one in seen.entities] == [
        ("bold", 0, 17),
        ("bold", 38, 3),
        ("italic", 42, 10),
    ]
    assert seen.preview == {"is_disabled": True}


async def test_buttons(gateway: TelegramGateway, asha: Person) -> None:
    rows = (
        (Button("Approve", "tok1", ButtonStyle.PRIMARY), Button("Discard", "tok2", ButtonStyle.DANGER)),
        (Button("Open", url="https://example.org/a"), Button("Later", "tok3")),
    )
    await send(gateway, post("Draft", buttons=rows))
    shown = asha.messages()[-1].buttons
    assert [[(one.label, one.data, one.url, one.style) for one in row] for row in shown] == [
        [("Approve", "tok1", "", "primary"), ("Discard", "tok2", "", "danger")],
        [("Open", "", "https://example.org/a", ""), ("Later", "tok3", "", "")],
    ]


async def test_silent_and_reply(gateway: TelegramGateway, asha: Person) -> None:
    mine = await asha.says("Question")
    await send(gateway, post("Answer", silent=True), reply_to=str(mine.message_id))
    seen = asha.messages()[-1]
    assert (seen.silent, seen.reply_to) == (True, mine)


async def test_a_reply_to_something_gone_is_sent_all_the_same(gateway: TelegramGateway, asha: Person) -> None:
    await send(gateway, post("Answer"), reply_to="999")
    assert (await asha.sees("Answer")).reply_to is None


async def test_a_topic_is_reached_and_named(gateway: TelegramGateway, asha: Person) -> None:
    topic = await asha.opens_topic("C-7K3F")
    sent = await send(gateway, post("In the room"), target(topic=topic.id))
    assert sent.place == place(ASHA, topic.id)
    assert asha.messages(topic)[-1].text == "In the room"


async def test_a_deleted_topic_is_a_room_gone(gateway: TelegramGateway, asha: Person) -> None:
    topic = await asha.opens_topic("C-7K3F")
    await asha.deletes_topic(topic)
    with pytest.raises(Refused) as refused:
        await send(gateway, post("Private"), target(topic=topic.id))
    assert refused.value.reason is Reason.ROOM_GONE


async def test_topics_switched_off_are_a_room_gone(gateway: TelegramGateway, asha: Person) -> None:
    topic = await asha.opens_topic("C-7K3F")
    await asha.turns_topics(False)
    with pytest.raises(Refused) as refused:
        await send(gateway, post("Private"), target(topic=topic.id))
    assert refused.value.reason is Reason.ROOM_GONE


async def test_topics_broken_by_the_platform_are_a_room_gone(
    gateway: TelegramGateway, asha: Person, telegram: FakeTelegram
) -> None:
    topic = await asha.opens_topic("C-7K3F")
    telegram.switches.threads_broken = True
    with pytest.raises(Refused) as refused:
        await send(gateway, post("Private"), target(topic=topic.id))
    assert refused.value.reason is Reason.ROOM_GONE


async def test_a_copy_that_strayed_into_the_main_chat_is_taken_away(
    gateway: TelegramGateway, asha: Person, telegram: FakeTelegram
) -> None:
    topic = await asha.opens_topic("C-7K3F")
    await asha.deletes_topic(topic)
    telegram.switches.deleted_topic_lands_in_main = True
    with pytest.raises(Refused) as refused:
        await send(gateway, post("Stray words"), target(topic=topic.id))
    assert refused.value.reason is Reason.ROOM_GONE
    await asha.sees_no_more("Stray words")


@pytest.mark.parametrize(
    "elsewhere", [target(chat=-100500, topic=3), target(chat=700002), target(owner=700002)], ids=str
)
async def test_only_the_owners_private_chat_is_written_to(gateway: TelegramGateway, elsewhere: Target) -> None:
    calls = [
        send(gateway, post(), elsewhere),
        gateway.edit(elsewhere, "1", post()),
        gateway.delete(elsewhere, "1"),
        gateway.pin(elsewhere, "1"),
        gateway.mark(elsewhere, "1", Mark.DELIVERED),
        gateway.check_members(elsewhere),
        gateway.rename_room(elsewhere, "x"),
        gateway.close_room(elsewhere),
    ]
    for call in calls:
        with pytest.raises(Refused) as refused:
            await call
        assert refused.value.reason is Reason.WRONG_MEMBERS
    assert await gateway.check_members(target()) is None


async def test_edit_text_and_take_the_buttons_away(gateway: TelegramGateway, asha: Person) -> None:
    sent = await send(gateway, post("Draft", buttons=((Button("Approve", "t"),),)))
    await gateway.edit(target(), sent.native_id, post("Void"))
    seen = asha.messages()[-1]
    assert (seen.text, seen.buttons) == ("Void", [])


async def test_an_edit_that_changes_nothing_is_done(gateway: TelegramGateway, asha: Person) -> None:
    sent = await send(gateway, post("Same"))
    assert await gateway.edit(target(), sent.native_id, post("Same")) is None


async def test_an_edit_of_something_gone(gateway: TelegramGateway, asha: Person) -> None:
    sent = await send(gateway, post("Here"))
    await asha.deletes_message("Here")
    with pytest.raises(Refused) as refused:
        await gateway.edit(target(), sent.native_id, post("There"))
    assert refused.value.reason is Reason.TARGET_GONE


async def test_delete_twice(gateway: TelegramGateway, asha: Person) -> None:
    sent = await send(gateway, post("Oops"))
    await gateway.delete(target(), sent.native_id)
    await gateway.delete(target(), sent.native_id)
    await asha.sees_no_more("Oops")


async def test_pin_twice_without_a_sound(gateway: TelegramGateway, asha: Person) -> None:
    sent = await send(gateway, post("Case card"))
    await gateway.pin(target(), sent.native_id)
    await gateway.pin(target(), sent.native_id)
    assert [one.text for one in asha.pinned] == ["Case card"]


async def test_the_mark_is_a_dove(gateway: TelegramGateway, asha: Person) -> None:
    mine = await asha.says("Hello")
    await gateway.mark(target(), str(mine.message_id), Mark.DELIVERED)
    assert await asha.sees_reaction(mine) == "🕊"


async def test_nothing_can_be_found_later(gateway: TelegramGateway) -> None:
    assert not gateway.capabilities.can_find
    assert await gateway.find(target(), "1", 0, "") is None


async def test_direct(gateway: TelegramGateway) -> None:
    assert await gateway.direct(account(ASHA)) == place(ASHA)
    with pytest.raises(Refused):
        await gateway.direct(account("johal"))


async def test_what_cannot_be_shown_whole_is_refused(gateway: TelegramGateway, asha: Person) -> None:
    for content in (post(""), post(" \n "), post("x" * 4097), post("ok", buttons=((Button("x", "y" * 65),),))):
        with pytest.raises(Refused) as refused:
            await send(gateway, content)
        assert refused.value.reason is Reason.BAD_CONTENT
    await send(gateway, post("😀" * 2048))
    assert asha.messages()[-1].text == "😀" * 2048
