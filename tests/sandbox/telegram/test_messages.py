"""Sending, editing, deleting, copying: what Telegram shows and what it refuses."""

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity, ReplyParameters
from telegram.error import BadRequest

from bot.sandbox.telegram import Act, FakeTelegram, Person
from tests.sandbox.telegram.conftest import Api, Clock

# Every refusal here is one a correct client can meet; only arguments that break the table are illegal traffic.
SMILE = "\N{SMILING FACE WITH OPEN MOUTH}"


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=f"d:{label}") for label in labels]])


async def test_a_message_shows_as_sent(bot: Bot, asha: Person, telegram: FakeTelegram, clock: Clock) -> None:
    message = await bot.send_message(
        asha.id,
        f"{SMILE} bold",
        entities=[MessageEntity("bold", 3, 4)],
        reply_markup=keyboard("Yes", "No"),
        disable_notification=True,
        protect_content=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert message.date.timestamp() == int(clock())
    assert message.parse_entity(message.entities[0]) == "bold"
    assert message.has_protected_content
    (seen,) = telegram.truth.messages(asha.id)
    assert (seen.text, seen.silent, seen.protected, seen.topic) == (f"{SMILE} bold", True, True, None)
    assert [button.label for button in seen.buttons[0]] == ["Yes", "No"]
    assert [one.text for one in asha.messages()] == [f"{SMILE} bold"]


async def test_text_has_4096_utf16_units(bot: Bot, asha: Person) -> None:
    await bot.send_message(asha.id, SMILE * 2048)
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(asha.id, SMILE * 2048 + ".")
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(asha.id, " \n\t ")


async def test_outer_white_space_and_control_characters_do_not_survive(bot: Bot, asha: Person) -> None:
    message = await bot.send_message(
        asha.id, "  \n one\r\n\N{RIGHT-TO-LEFT OVERRIDE}two \n", entities=[MessageEntity("bold", 8, 3)]
    )
    assert message.text == "one\ntwo"
    assert message.parse_entity(message.entities[0]) == "two"


@pytest.mark.illegal_traffic
@pytest.mark.parametrize(("offset", "length"), [(0, 99), (-1, 1), (0, 0), (1, 1), (0, 1), (5, 3)])
async def test_entities_must_lie_on_whole_characters_in_the_text(
    api: Api, asha: Person, offset: int, length: int
) -> None:
    entity = {"type": "italic", "offset": offset, "length": length}
    status, answer = await api("sendMessage", chat_id=asha.id, text=f"{SMILE} hi{SMILE}", entities=[entity])
    assert status == 400
    assert "ENTITY_BOUNDS_INVALID" in answer["description"]


@pytest.mark.illegal_traffic
@pytest.mark.parametrize(
    "entity",
    [
        {"type": "shout", "offset": 0, "length": 1},
        {"type": "text_link", "offset": 0, "length": 1},
        {"type": "text_link", "offset": 0, "length": 1, "url": "javascript:alert(1)"},
        {"type": "bold", "offset": 0, "length": 1, "url": "https://example.org"},
    ],
)
async def test_entities_need_their_own_fields(api: Api, asha: Person, entity: dict[str, object]) -> None:
    assert (await api("sendMessage", chat_id=asha.id, text="hi", entities=[entity]))[0] == 400


async def test_links_and_commands_are_found_as_the_apps_do(bot: Bot, asha: Person) -> None:
    message = await bot.send_message(
        asha.id, f"{SMILE} /help or https://example.org/a?b=1, a@b.example @somebody 1/2 #tag"
    )
    assert {one.type: message.parse_entity(one) for one in message.entities} == {
        "bot_command": "/help",
        "url": "https://example.org/a?b=1",
        "email": "a@b.example",
        "mention": "@somebody",
        "hashtag": "#tag",
    }


@pytest.mark.parametrize(
    ("mode", "text"),
    [
        ("HTML", "<b>open"),
        ("HTML", "a < b"),
        ("HTML", "<b>x</i>"),
        ("HTML", "<script>x</script>"),
        ("MarkdownV2", "1.5 mm"),
        ("MarkdownV2", "*open"),
        ("Markdown", "under_score"),
        ("Rich", "anything"),
    ],
)
async def test_bad_markup_is_refused(bot: Bot, asha: Person, mode: str, text: str) -> None:
    with pytest.raises(BadRequest, match=r"(?i)can't parse entities|unsupported parse_mode"):
        await bot.send_message(asha.id, text, parse_mode=mode)


@pytest.mark.parametrize(
    ("mode", "text"),
    [
        ("HTML", 'a <b>bold</b> &lt; <a href="https://example.org">link</a>'),
        ("MarkdownV2", "a *bold* < [link](https://example.org)"),
    ],
)
async def test_good_markup_shows_as_plain_text(bot: Bot, asha: Person, mode: str, text: str) -> None:
    message = await bot.send_message(asha.id, text, parse_mode=mode)
    assert message.text == "a bold < link"
    assert [(one.type, message.parse_entity(one)) for one in message.entities] == [
        ("bold", "bold"),
        ("text_link", "link"),
    ]


async def test_replies_name_a_message_of_the_chat(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    mine = await asha.says("a question")
    answer = await bot.send_message(
        asha.id, "answer", reply_parameters=ReplyParameters(mine.message_id, quote="question")
    )
    assert answer.reply_to_message
    assert answer.reply_to_message.text == "a question"
    assert answer.quote
    assert answer.quote.position == 2
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(asha.id, "answer", reply_parameters=ReplyParameters(9999))
    loose = ReplyParameters(9999, allow_sending_without_reply=True)
    assert (await bot.send_message(asha.id, "answer", reply_parameters=loose)).reply_to_message is None
    with pytest.raises(BadRequest, match=r"(?i)quote_text_invalid"):
        await bot.send_message(asha.id, "x", reply_parameters=ReplyParameters(mine.message_id, quote="statement"))
    assert [one.reply_to for one in telegram.truth.messages(asha.id)] == [mine.message_id, None]


@pytest.mark.illegal_traffic
@pytest.mark.parametrize(
    "button",
    [
        {"text": "x", "callback_data": "é" * 33},
        {"text": "x", "callback_data": ""},
        {"text": "x"},
        {"text": " ", "callback_data": "1"},
        {"text": "x", "callback_data": "1", "url": "https://example.org"},
        {"text": "x", "url": "example"},
        {"text": "x", "callback_data": "1", "style": "loud"},
    ],
)
async def test_buttons_telegram_refuses(api: Api, asha: Person, button: dict[str, str]) -> None:
    markup = {"inline_keyboard": [[button]]}
    assert (await api("sendMessage", chat_id=asha.id, text="hi", reply_markup=markup))[0] == 400


async def test_callback_data_may_have_64_bytes(api: Api, asha: Person) -> None:
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "é" * 32}]]}
    assert (await api("sendMessage", chat_id=asha.id, text="hi", reply_markup=markup))[0] == 200
    rows = [[{"text": "x", "callback_data": "1"}]] * 101
    assert (await api("sendMessage", chat_id=asha.id, text="hi", reply_markup={"inline_keyboard": rows}))[0] == 400


async def test_edits_change_what_is_seen(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    message = await bot.send_message(asha.id, "first", reply_markup=keyboard("Yes"))
    with pytest.raises(BadRequest, match="Message is not modified: specified new message content"):
        await message.edit_text("first", reply_markup=keyboard("Yes"))
    edited = await message.edit_text("second")
    assert not isinstance(edited, bool)
    assert edited.edit_date
    assert edited.reply_markup is None  # buttons go unless sent again
    await message.edit_reply_markup(keyboard("Open"))
    edits = telegram.truth.of(asha.id, kinds=(Act.EDIT,))
    assert [one.text for one in edits] == ["second", "second"]
    assert [one.text for one in asha.messages()] == ["second"]


async def test_what_cannot_be_edited(bot: Bot, asha: Person) -> None:
    mine = await asha.says("mine")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("yours", asha.id, mine.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("gone", asha.id, 9999)
    message = await bot.send_message(asha.id, "text")
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await bot.edit_message_caption(asha.id, message.message_id, caption="x")
    await asha.deletes_message("text")
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await message.edit_text("too late")


async def test_deleting_has_a_limit_of_48_hours(bot: Bot, asha: Person, clock: Clock, telegram: FakeTelegram) -> None:
    first, second, third = [await bot.send_message(asha.id, text) for text in ("one", "two", "three")]
    await first.delete()
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await first.delete()
    assert await bot.delete_messages(asha.id, [first.message_id, second.message_id])
    clock.passes(48 * 3600 + 1)
    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await third.delete()
    assert [one.text for one in asha.messages()] == ["three"]
    assert [one.text for one in telegram.truth.of(asha.id, kinds=(Act.DELETED,))] == ["one", "two"]


async def test_forwards_and_copies(bot: Bot, asha: Person) -> None:
    mine = await asha.says("mine")
    forwarded = await bot.forward_message(asha.id, asha.id, mine.message_id)
    assert forwarded.forward_origin
    copied = await bot.copy_message(asha.id, asha.id, mine.message_id)
    assert [one.text for one in asha.messages()] == ["mine", "mine"]
    assert asha.messages()[-1].forward is None
    assert asha.messages()[-1].message_id == copied.message_id
    with pytest.raises(BadRequest, match="Message to copy not found"):
        await bot.copy_message(asha.id, asha.id, 9999)
    secret = await bot.send_message(asha.id, "kept", protect_content=True)
    with pytest.raises(BadRequest, match=r"(?i)protected content"):
        await bot.forward_message(asha.id, asha.id, secret.message_id)


async def test_one_reaction_from_telegrams_list(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    mine = await asha.says("mine")
    await bot.set_message_reaction(asha.id, mine.message_id, "🕊")
    assert await asha.sees_reaction(mine) == "🕊"
    with pytest.raises(BadRequest, match=r"(?i)reaction_invalid"):
        await bot.set_message_reaction(asha.id, mine.message_id, "✅")
    with pytest.raises(BadRequest, match=r"(?i)reactions_too_many"):
        await bot.set_message_reaction(asha.id, mine.message_id, ["🕊", "👍"])
    with pytest.raises(BadRequest, match="Message to react not found"):
        await bot.set_message_reaction(asha.id, 9999, "🕊")
    await bot.set_message_reaction(asha.id, mine.message_id)
    assert [one.text for one in telegram.truth.of(asha.id, kinds=(Act.REACTION,))] == ["🕊", ""]


async def test_pins_are_seen_and_the_bot_gets_the_service_message(bot: Bot, asha: Person) -> None:
    card = await bot.send_message(asha.id, "card")
    await bot.pin_chat_message(asha.id, card.message_id, disable_notification=True)
    assert [one.text for one in asha.pinned] == ["card"]
    (update,) = await bot.get_updates()
    assert update.message
    assert update.message.pinned_message
    assert update.message.pinned_message.message_id == card.message_id
    pinned = (await bot.get_chat(asha.id)).pinned_message
    assert pinned
    assert pinned.message_id == card.message_id
    await bot.unpin_chat_message(asha.id, card.message_id)
    assert asha.pinned == []
    with pytest.raises(BadRequest, match="Message to unpin not found"):
        await bot.unpin_chat_message(asha.id)
    with pytest.raises(BadRequest, match="Message to pin not found"):
        await bot.pin_chat_message(asha.id, 9999)


async def test_a_callback_query_is_answered_once_within_150_seconds(
    bot: Bot, asha: Person, clock: Clock, telegram: FakeTelegram
) -> None:
    await bot.send_message(asha.id, "choose", reply_markup=keyboard("Yes"))
    query = await asha.presses("Yes")
    (update,) = await bot.get_updates()
    assert update.callback_query
    assert (update.callback_query.id, update.callback_query.data) == (query.id, "d:Yes")
    assert update.callback_query.message
    await update.callback_query.answer("Noted")
    assert (await asha.sees_toast("Noted")).kind is Act.TOAST
    late = "Query is too old and response timeout expired or query id is invalid"
    with pytest.raises(BadRequest, match=rf"(?i){late}"):
        await update.callback_query.answer("Again")
    old = await asha.presses("d:Yes")
    clock.passes(151)
    with pytest.raises(BadRequest, match=rf"(?i){late}"):
        await bot.answer_callback_query(old.id)
    assert not old.answered


async def test_chat_actions_and_members(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    await bot.send_chat_action(asha.id, "typing")
    assert telegram.truth.of(asha.id, kinds=(Act.TYPING,))
    with pytest.raises(BadRequest, match=r"(?i)wrong parameter action"):
        await bot.send_chat_action(asha.id, "dancing")
    assert (await bot.get_chat_member(asha.id, asha.id)).status == "member"
    with pytest.raises(BadRequest, match=r"(?i)member not found"):
        await bot.get_chat_member(asha.id, 5)
    assert (await bot.get_chat(asha.id)).first_name == "Asha"


async def test_command_menus(bot: Bot, asha: Person) -> None:
    await bot.set_my_commands([("help", "What I can do")])
    assert [one.command for one in await bot.get_my_commands()] == ["help"]
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([("Not-Allowed", "x")])
