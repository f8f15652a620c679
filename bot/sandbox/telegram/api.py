"""Every method this fake serves, by name, and how a request reaches it."""

import inspect
from collections.abc import Mapping
from typing import Any, Final

from bot.sandbox.telegram import api_bot, api_edit, api_send, api_topics
from bot.sandbox.telegram.call import Call, Handler, Upload
from bot.sandbox.telegram.check import decode
from bot.sandbox.telegram.errors import too_many
from bot.sandbox.telegram.state import Bot
from bot.sandbox.telegram.world import World

HANDLERS: Final[dict[str, Handler]] = {
    "getMe": api_bot.get_me,
    "getUpdates": api_bot.get_updates,
    "setWebhook": api_bot.set_webhook,
    "deleteWebhook": api_bot.delete_webhook,
    "getWebhookInfo": api_bot.get_webhook_info,
    "setMyCommands": api_bot.set_my_commands,
    "getMyCommands": api_bot.get_my_commands,
    "deleteMyCommands": api_bot.delete_my_commands,
    "getFile": api_bot.get_file,
    "answerCallbackQuery": api_bot.answer_callback_query,
    "sendChatAction": api_bot.send_chat_action,
    "getChat": api_bot.get_chat,
    "getChatMember": api_bot.get_chat_member,
    "createForumTopic": api_topics.create_forum_topic,
    "editForumTopic": api_topics.edit_forum_topic,
    "deleteForumTopic": api_topics.delete_forum_topic,
    "closeForumTopic": api_topics.refuse_supergroup_only,
    "reopenForumTopic": api_topics.refuse_supergroup_only,
    "getForumTopicIconStickers": api_topics.get_forum_topic_icon_stickers,
    "sendMessage": api_send.send_message,
    "sendPhoto": api_send.send_media,
    "sendDocument": api_send.send_media,
    "sendVideo": api_send.send_media,
    "sendAudio": api_send.send_media,
    "sendVoice": api_send.send_media,
    "sendAnimation": api_send.send_media,
    "sendVideoNote": api_send.send_media,
    "sendMediaGroup": api_send.send_media_group,
    "forwardMessage": api_send.forward_message,
    "copyMessage": api_send.copy_message,
    "editMessageText": api_edit.edit_message_text,
    "editMessageCaption": api_edit.edit_message_caption,
    "editMessageReplyMarkup": api_edit.edit_message_reply_markup,
    "editMessageMedia": api_edit.edit_message_media,
    "deleteMessage": api_edit.delete_message,
    "deleteMessages": api_edit.delete_messages,
    "setMessageReaction": api_edit.set_message_reaction,
    "pinChatMessage": api_edit.pin_chat_message,
    "unpinChatMessage": api_edit.unpin_chat_message,
}

# What a chat's own limit counts; everything else that names a chat counts for the bot only.
_COUNTED: Final = ("send", "copy", "forward", "editMessage")
_FREE: Final = frozenset({"sendChatAction"})


async def perform(world: World, bot: Bot, method: str, raw: Mapping[str, object], uploads: Mapping[str, Upload]) -> Any:
    """Check, count and do one request; answers its `result`. Raises ApiError."""
    args = decode(method, raw, uploads.keys())
    if "chat_id" in args and method not in _FREE:
        chat_id = args["chat_id"]
        counted = chat_id if isinstance(chat_id, int) and method.startswith(_COUNTED) else None
        wait = world.meter.wait(bot.id, counted, world.now())
        if wait:
            raise too_many(wait)
    answer = HANDLERS[method](Call(world, bot, method, args, uploads))
    return await answer if inspect.isawaitable(answer) else answer
