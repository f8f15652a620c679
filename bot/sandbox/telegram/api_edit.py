"""Methods that change or remove messages: edits, deletions, reactions, pins."""

from typing import Any, Final

from bot.sandbox.telegram import markups
from bot.sandbox.telegram.api_send import formatted, media_of
from bot.sandbox.telegram.call import Call
from bot.sandbox.telegram.errors import bad, illegal
from bot.sandbox.telegram.state import Message, Raw
from bot.sandbox.telegram.truth import Act

DELETABLE: Final = 48 * 3600
NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
# Telegram's own list, the only emoji a bot may react with.
_REACTIONS: Final = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤\u200d🔥 🌚 🌭 "
    "💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 "
    "🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡"
)
REACTIONS: Final = frozenset(_REACTIONS.split())


def _editable(call: Call) -> Message:
    if "chat_id" not in call.args or "message_id" not in call.args:
        raise illegal("message identifier is not specified")
    message = call.world.message(call.chat(), call.args["message_id"], "message to edit not found")
    reply_keyboard = message.markup is not None and "inline_keyboard" not in message.markup
    if message.sender is not call.bot.account or message.service or message.forward or reply_keyboard:
        raise bad("message can't be edited")
    return message


def _markup(call: Call) -> Raw | None:
    return markups.checked(call.args.get("reply_markup"))


def _change(call: Call, message: Message, **content: Any) -> Raw:
    """Apply the new content, or raise 400 when it is what the message already is."""
    if all(getattr(message, name) == value for name, value in content.items()):
        raise bad(NOT_MODIFIED)
    for name, value in content.items():
        setattr(message, name, value)
    call.world.edited(call.bot, message)
    return message.raw()


def edit_message_text(call: Call) -> Raw:
    """New text; without `reply_markup` the buttons go."""
    text, entities = formatted(call.args, caption=False)
    markup, message = _markup(call), _editable(call)
    if message.media is not None:
        raise bad("there is no text in the message to edit")
    preview = call.args.get("link_preview_options")
    return _change(call, message, text=text, entities=entities, markup=markup, preview=preview)


def edit_message_caption(call: Call) -> Raw:
    """New caption, or none."""
    text, entities = formatted(call.args, caption=True)
    markup, message = _markup(call), _editable(call)
    if message.media is None or message.media.kind == "video_note":
        raise bad("there is no caption in the message to edit")
    above = call.args.get("show_caption_above_media", False)
    return _change(call, message, text=text, entities=entities, markup=markup, above=above)


def edit_message_reply_markup(call: Call) -> Raw:
    """New buttons, or none."""
    markup, message = _markup(call), _editable(call)
    return _change(call, message, markup=markup)


def edit_message_media(call: Call) -> Raw:
    """Another file with its own caption."""
    item, markup, message = call.args["media"], _markup(call), _editable(call)
    text, entities = formatted(item, caption=True)
    if item["type"] == "live_photo" or (message.media and message.media.kind in ("voice", "video_note")):
        raise bad("message media can't be edited")
    kinds = {message.media.kind if message.media else "", item["type"]}
    if message.album and len(kinds) > 1 and kinds != {"photo", "video"}:
        raise bad("can't change media type in the album")
    media = media_of(call, item["type"], item["media"], item)
    return _change(call, message, text=text, entities=entities, markup=markup, media=media)


def _deletable(call: Call, message: Message) -> None:
    if message.service is not None and "forum_topic_created" in message.service:
        raise bad("message can't be deleted")
    if call.now - message.date > DELETABLE:
        raise bad("message can't be deleted for everyone")


def delete_message(call: Call) -> bool:
    """Gone for both sides; a private chat's messages only for 48 hours."""
    message = call.world.message(call.chat(), call.args["message_id"], "message to delete not found")
    _deletable(call, message)
    call.world.remove(message)
    return True


def delete_messages(call: Call) -> bool:
    """Up to 100 at once; those that are not there are skipped."""
    numbers = call.args["message_ids"]
    if not 1 <= len(numbers) <= 100:
        raise illegal("message_ids must hold 1-100 identifiers")
    chat = call.chat()
    there = [chat.messages[number] for number in numbers if number in chat.messages]
    for message in there:
        _deletable(call, message)
    for message in there:
        call.world.remove(message)
    return True


def set_message_reaction(call: Call) -> bool:
    """One reaction from Telegram's list, or none."""
    chosen = call.args.get("reaction", [])
    if len(chosen) > 1:
        raise bad("REACTIONS_TOO_MANY")
    if chosen and (chosen[0]["type"] != "emoji" or chosen[0]["emoji"] not in REACTIONS):
        raise bad("REACTION_INVALID")
    message = call.world.message(call.chat(), call.args["message_id"], "message to react not found")
    emoji = chosen[0]["emoji"] if chosen else ""
    if message.reactions.get(call.bot.id, "") != emoji:
        message.reactions.pop(call.bot.id, None)
        if emoji:
            message.reactions[call.bot.id] = emoji
        call.world.truth.note(call.world.now(), Act.REACTION, message.chat, message, emoji, by=call.bot.account)
    return True


def pin_chat_message(call: Call) -> bool:
    """Pinned on top; the bot too gets the service message."""
    chat = call.chat()
    message = call.world.message(chat, call.args["message_id"], "message to pin not found")
    if message.message_id in chat.pinned:
        chat.pinned.remove(message.message_id)
        chat.pinned.append(message.message_id)
        return True
    chat.pinned.append(message.message_id)
    call.world.truth.note(call.world.now(), Act.PINNED, chat, message)
    number = call.world.next_message_id(call.bot, chat)
    service = {"pinned_message": message.raw(nested=True)}
    silent = call.args.get("disable_notification", False)
    notice = Message(number, chat, call.bot.account, call.now, message.topic, service=service, silent=silent)
    call.world.post(call.bot, notice, update="message")
    return True


def unpin_chat_message(call: Call) -> bool:
    """No longer pinned; without `message_id` the newest pinned one."""
    chat = call.chat()
    number = call.args.get("message_id", chat.pinned[-1] if chat.pinned else 0)
    if number not in chat.pinned:
        raise bad("message to unpin not found")
    chat.pinned.remove(number)
    call.world.truth.note(call.world.now(), Act.UNPINNED, chat, chat.messages[number])
    return True
