"""Topics in a private chat with the bot; closing and reopening exist in supergroups only."""

from typing import Final

from bot.sandbox.telegram.call import Call
from bot.sandbox.telegram.errors import bad
from bot.sandbox.telegram.state import ICON_COLOURS, Chat, Raw, Topic

ICONS: Final = {"5000000000000000001": "📰", "5000000000000000002": "📁", "5000000000000000003": "✅"}
"""Custom emoji ids of topic icons, each with the plain emoji it stands for."""


def create_forum_topic(call: Call) -> Raw:
    """A `ForumTopic`; raises 400 when topics are off, forbidden or the name is not 1-128 characters."""
    chat = _forum(call)
    if call.world.switches.topic_creation_forbidden:
        raise bad("BOT_FORUM_CREATE_FORBIDDEN")
    name = call.args["name"].strip()
    if not 1 <= len(name) <= 128:
        raise bad("TOPIC_TITLE_INVALID" if name else "TOPIC_TITLE_EMPTY")
    colour = call.args.get("icon_color", ICON_COLOURS[0])
    if colour not in ICON_COLOURS:
        raise bad("invalid forum topic icon color specified")
    emoji = call.args.get("icon_custom_emoji_id", "")
    topic = call.world.open_topic(call.bot, chat, name, call.bot.account, colour, emoji)
    raw: Raw = {"message_thread_id": topic.id, "name": topic.name, "icon_color": topic.colour}
    return raw | ({"icon_custom_emoji_id": topic.emoji} if topic.emoji else {})


def edit_forum_topic(call: Call) -> bool:
    """A new name or icon; raises 400 when nothing changes."""
    chat = _forum(call)
    topic = _topic(call, chat)
    name = call.args.get("name", "").strip() or topic.name
    emoji = call.args.get("icon_custom_emoji_id", topic.emoji)
    if len(name) > 128:
        raise bad("TOPIC_TITLE_INVALID")
    if (name, emoji) == (topic.name, topic.emoji):
        raise bad("TOPIC_NOT_MODIFIED")
    topic.emoji = emoji
    if name != topic.name:
        call.world.rename_topic(call.bot, chat, topic, name, call.bot.account)
    return True


def delete_forum_topic(call: Call) -> bool:
    """The topic and all its messages go."""
    chat = _forum(call)
    call.world.delete_topic(chat, _topic(call, chat), call.bot.account)
    return True


def refuse_supergroup_only(call: Call) -> bool:
    """closeForumTopic and reopenForumTopic: never in a private chat."""
    call.chat()
    raise bad("the chat is not a supergroup forum")


def get_forum_topic_icon_stickers(call: Call) -> list[Raw]:
    """The icons any bot may give a topic (a few of the real ones, with ids of our own)."""
    shape: Raw = {"type": "custom_emoji", "width": 100, "height": 100, "is_animated": True, "is_video": False}
    return [
        shape
        | {"file_id": f"icon{number}", "file_unique_id": f"icon{number}", "emoji": emoji, "custom_emoji_id": number}
        for number, emoji in ICONS.items()
    ]


def _forum(call: Call) -> Chat:
    chat = call.chat()
    if not call.world.has_topics(call.bot, chat):
        raise bad("the chat is not a forum")
    return chat


def _topic(call: Call, chat: Chat) -> Topic:
    topic = chat.topics.get(call.args["message_thread_id"])
    if topic is None or topic.deleted:
        raise bad("message thread not found")
    return topic
