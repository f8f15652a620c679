"""Methods that put new messages into a chat."""

from dataclasses import dataclass
from typing import Any, Final

from bot.sandbox.telegram import markups
from bot.sandbox.telegram.call import Call
from bot.sandbox.telegram.errors import bad, illegal
from bot.sandbox.telegram.markup import parsed
from bot.sandbox.telegram.state import Chat, Media, Message, Raw
from bot.sandbox.telegram.text import CAPTION_LIMIT, TEXT_LIMIT, Entity, prepared, units

_ATTRIBUTES: Final[dict[str, dict[str, int | None]]] = {
    "photo": {},
    "document": {},
    "video": {"duration": 0, "width": 0, "height": 0},
    "animation": {"duration": 0, "width": 0, "height": 0},
    "audio": {"duration": 0, "performer": None, "title": None},
    "voice": {"duration": 0},
    "video_note": {"duration": 0, "length": 240},
}
_ALONE: Final = frozenset({"document", "audio"})  # these mix with nothing else in an album


@dataclass(frozen=True, slots=True)
class Target:
    """Where a new message goes and what it answers."""

    chat: Chat
    topic: int | None
    reply_to: Message | None
    quote: Raw | None


def formatted(args: dict[str, Any], *, caption: bool) -> tuple[str, list[Entity]]:
    """Text or caption with its entities, from entities or a parse mode. Raises 400."""
    text = args.get("caption" if caption else "text", "")
    entities = args.get("caption_entities" if caption else "entities") or []
    if "parse_mode" in args:
        if entities:
            raise illegal("parse_mode and entities exclude each other")
        text, entities = parsed(text, args["parse_mode"])
    return prepared(text, entities, CAPTION_LIMIT if caption else TEXT_LIMIT, caption=caption)


def target(call: Call) -> Target:
    """Chat, topic and replied message. Raises 400 or 403."""
    chat = call.chat()
    thread = call.args.get("message_thread_id")
    topic = call.world.topic(call.bot, chat, thread)
    reply = call.args.get("reply_parameters")
    if reply is None:
        return Target(chat, topic, None, None)
    if reply.get("chat_id", chat.id) != chat.id:
        raise illegal("replies to other chats are not served by the sandbox")
    replied = chat.messages.get(reply["message_id"])
    if replied is not None and thread is not None and replied.topic != topic:
        replied = None
    if replied is None:
        if not reply.get("allow_sending_without_reply", False):
            raise bad("message to be replied not found")
        return Target(chat, topic, None, None)
    quote = _quote(reply, replied)
    # Without a thread a reply lands where the replied message is.
    return Target(chat, topic if thread is not None else replied.topic, replied, quote)


def _quote(reply: Raw, replied: Message) -> Raw | None:
    words = reply.get("quote")
    if not words:
        return None
    place = replied.text.find(words)
    if place < 0 or len(words) > 1024:
        raise bad("QUOTE_TEXT_INVALID")
    return {"text": words, "position": units(replied.text[:place]), "is_manual": True}


def compose(call: Call, where: Target, **content: Any) -> Message:
    """A new message of the bot, not yet posted."""
    number = call.world.next_message_id(call.bot, where.chat)
    return Message(
        number,
        where.chat,
        call.bot.account,
        call.now,
        where.topic,
        reply_to=where.reply_to,
        quote=where.quote,
        silent=call.args.get("disable_notification", False),
        protected=call.args.get("protect_content", False),
        **content,
    )


def send_message(call: Call) -> Raw:
    """A text message."""
    text, entities = formatted(call.args, caption=False)
    markup = markups.checked(call.args.get("reply_markup"))
    where = target(call)
    preview = call.args.get("link_preview_options")
    message = compose(call, where, text=text, entities=entities, markup=markup, preview=preview)
    return call.world.post(call.bot, message).raw()


def send_media(call: Call) -> Raw:
    """sendPhoto, sendDocument, sendVideo, sendAudio, sendVoice, sendAnimation, sendVideoNote."""
    kind = {"sendVideoNote": "video_note"}.get(call.method) or call.method.removeprefix("send").lower()
    text, entities = ("", []) if kind == "video_note" else formatted(call.args, caption=True)
    markup = markups.checked(call.args.get("reply_markup"))
    media = media_of(call, kind, call.args.get(kind, f"attach://{kind}"), call.args)
    where = target(call)
    flags = {"above": call.args.get("show_caption_above_media", False), "spoiler": call.args.get("has_spoiler", False)}
    message = compose(call, where, text=text, entities=entities, media=media, markup=markup, **flags)
    return call.world.post(call.bot, message).raw()


def media_of(call: Call, kind: str, value: str, described: Raw) -> Media:
    """A file named by `attach://`, or by file id; attributes from `described`. Raises 400 or 413."""
    bot, files = call.bot.id, call.world.files
    if value.startswith("attach://"):
        upload = call.uploads.get(value.removeprefix("attach://"))
        if upload is None:
            raise bad("can't parse InputMedia: media not found")
        file = files.upload(bot, kind, upload.content, upload.name, upload.mime)
    elif value.startswith(("http://", "https://")):
        raise bad("failed to get HTTP URL content")
    else:
        file = files.reuse(bot, value, kind)
    defaults = _ATTRIBUTES[kind]
    given = {name: described.get(name, default) for name, default in defaults.items()}
    attributes = {name: item for name, item in given.items() if item is not None}
    return Media(kind, file, attributes, _thumbnail(call, described))


def _thumbnail(call: Call, described: Raw) -> Any:
    name = str(described.get("thumbnail", "")).removeprefix("attach://") or "thumbnail"
    upload = call.uploads.get(name)
    if upload is None or not 0 < len(upload.content) < 204_800:
        return None
    return call.world.files.add(call.bot.id, "thumbnail", upload.content, upload.name, upload.mime)


def send_media_group(call: Call) -> list[Raw]:
    """An album of 2-10: photos with videos, documents alone, audio alone."""
    items = call.args["media"]
    if len(items) < 2:
        raise illegal("there are no messages to send" if not items else "too few messages to send as an album")
    if len(items) > 10:
        raise illegal("too many messages to send as an album")
    kinds = {item["type"] for item in items}
    for kind in sorted(kinds):
        if kind not in ("photo", "video", "document", "audio"):
            raise illegal(f"can't parse InputMedia: type \"{kind}\" can't be used in sendMediaGroup")
    for kind in sorted(kinds & _ALONE):
        if len(kinds) > 1:
            raise bad(f"{kind} can't be mixed with other media types")
    if len({item.get("show_caption_above_media", False) for item in items}) > 1:
        raise bad("parameter show_caption_above_media must be the same for all messages")
    contents = []
    for item in items:
        text, entities = formatted(item, caption=True)
        contents.append((text, entities, media_of(call, item["type"], item["media"], item), item))
    where = target(call)
    album = str(10**16 + next(call.world.ids))
    sent = []
    for text, entities, media, item in contents:
        flags = {"above": item.get("show_caption_above_media", False), "spoiler": item.get("has_spoiler", False)}
        message = compose(call, where, text=text, entities=entities, media=media, album=album, **flags)
        sent.append(call.world.post(call.bot, message).raw())
    return sent


def forward_message(call: Call) -> Raw:
    """The same message again, naming its author."""
    origin = _source(call, "forward")
    where = target(call)
    source = {"type": "user", "date": origin.date, "sender_user": origin.sender.raw()}
    message = compose(
        call,
        where,
        text=origin.text,
        entities=origin.entities,
        media=origin.media,
        forward=origin.forward or source,
        above=origin.above,
        spoiler=origin.spoiler,
    )
    return call.world.post(call.bot, message).raw()


def copy_message(call: Call) -> Raw:
    """The same content without its author; a caption may be replaced. Answers a `MessageId`."""
    origin = _source(call, "copy")
    text, entities = origin.text, origin.entities
    if "caption" in call.args and origin.media is not None:
        text, entities = formatted(call.args, caption=True)
    markup = markups.checked(call.args.get("reply_markup"))
    message = compose(
        call, target(call), text=text, entities=entities, media=origin.media, markup=markup, above=origin.above
    )
    return {"message_id": call.world.post(call.bot, message).message_id}


def _source(call: Call, verb: str) -> Message:
    chat = call.world.chat(call.bot, call.args["from_chat_id"], write=False)
    origin = call.world.message(chat, call.args["message_id"], f"message to {verb} not found")
    if origin.service is not None:
        raise bad(f"message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    if origin.protected:
        raise bad(f"message has protected content and can't be {'copied' if verb == 'copy' else 'forwarded'}")
    return origin
