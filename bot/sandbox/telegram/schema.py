"""The Bot API methods and objects this fake serves: argument names and types, kept by hand (Bot API 10.0).

Notation: `*name:type` is required. Types: int, str, bool, float, id (int or @name), file (upload or string),
an object's name, `[T]` a list, `A|B` either. A type of `-` is a legal argument that this fake refuses to serve.
A test holds the table against the published specification.
"""

from dataclasses import dataclass
from typing import Final

_BUSINESS = "business_connection_id:-"
_SEND = (
    "*chat_id:id message_thread_id:int direct_messages_topic_id:- "
    "disable_notification:bool protect_content:bool allow_paid_broadcast:- message_effect_id:- "
    "reply_parameters:ReplyParameters"
)
_POST = (
    f"{_SEND} suggested_post_parameters:- "
    "reply_markup:InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply"
)
_CAPTION = "caption:str parse_mode:str caption_entities:[MessageEntity]"
_ABOVE = "show_caption_above_media:bool"
_EDIT = f"{_BUSINESS} chat_id:id message_id:int inline_message_id:- reply_markup:InlineKeyboardMarkup"
_ICON = "icon_custom_emoji_id:str"
_TOPIC = "*chat_id:id *message_thread_id:int"
_SCOPE = "scope:BotCommandScope language_code:str"
_SIZES = "duration:int width:int height:int thumbnail:file"

METHODS: Final[dict[str, str]] = {
    "getMe": "",
    "getUpdates": "offset:int limit:int timeout:int allowed_updates:[str]",
    "setWebhook": "*url:str certificate:- ip_address:str max_connections:int allowed_updates:[str] "
    "drop_pending_updates:bool secret_token:str",
    "deleteWebhook": "drop_pending_updates:bool",
    "getWebhookInfo": "",
    "createForumTopic": f"*chat_id:id *name:str icon_color:int {_ICON}",
    "editForumTopic": f"{_TOPIC} name:str {_ICON}",
    "deleteForumTopic": _TOPIC,
    "closeForumTopic": _TOPIC,
    "reopenForumTopic": _TOPIC,
    "getForumTopicIconStickers": "",
    "sendMessage": f"{_BUSINESS} {_POST} *text:str parse_mode:str entities:[MessageEntity] "
    "link_preview_options:LinkPreviewOptions",
    "sendPhoto": f"{_BUSINESS} {_POST} {_CAPTION} {_ABOVE} *photo:file has_spoiler:bool",
    "sendDocument": f"{_BUSINESS} {_POST} {_CAPTION} *document:file thumbnail:file disable_content_type_detection:bool",
    "sendVideo": f"{_BUSINESS} {_POST} {_CAPTION} {_ABOVE} {_SIZES} *video:file cover:- start_timestamp:int "
    "has_spoiler:bool supports_streaming:bool",
    "sendAudio": f"{_BUSINESS} {_POST} {_CAPTION} *audio:file duration:int performer:str title:str thumbnail:file",
    "sendVoice": f"{_BUSINESS} {_POST} {_CAPTION} *voice:file duration:int",
    "sendAnimation": f"{_BUSINESS} {_POST} {_CAPTION} {_ABOVE} {_SIZES} *animation:file has_spoiler:bool",
    "sendVideoNote": f"{_BUSINESS} {_POST} *video_note:file duration:int length:int thumbnail:file",
    "sendMediaGroup": f"{_BUSINESS} {_SEND} *media:[InputMedia]",
    "editMessageText": f"{_EDIT} *text:str parse_mode:str entities:[MessageEntity] "
    "link_preview_options:LinkPreviewOptions",
    "editMessageCaption": f"{_EDIT} {_CAPTION} {_ABOVE}",
    "editMessageReplyMarkup": _EDIT,
    "editMessageMedia": f"{_EDIT} *media:InputMedia",
    "deleteMessage": "*chat_id:id *message_id:int",
    "deleteMessages": "*chat_id:id *message_ids:[int]",
    "forwardMessage": "*chat_id:id message_thread_id:int direct_messages_topic_id:- *from_chat_id:id "
    "video_start_timestamp:- disable_notification:bool protect_content:bool message_effect_id:- "
    "suggested_post_parameters:- *message_id:int",
    "copyMessage": f"{_POST} {_CAPTION} {_ABOVE} *from_chat_id:id *message_id:int video_start_timestamp:-",
    "setMessageReaction": "*chat_id:id *message_id:int reaction:[ReactionType] is_big:bool",
    "pinChatMessage": f"{_BUSINESS} *chat_id:id *message_id:int disable_notification:bool",
    "unpinChatMessage": f"{_BUSINESS} *chat_id:id message_id:int",
    "sendChatAction": f"{_BUSINESS} *chat_id:id message_thread_id:int *action:str",
    "answerCallbackQuery": "*callback_query_id:str text:str show_alert:bool url:str cache_time:int",
    "getFile": "*file_id:str",
    "setMyCommands": f"*commands:[BotCommand] {_SCOPE}",
    "getMyCommands": _SCOPE,
    "deleteMyCommands": _SCOPE,
    "getChat": "*chat_id:id",
    "getChatMember": "*chat_id:id *user_id:int",
}

_MEDIA = "*type:str *media:str caption:str parse_mode:str caption_entities:[MessageEntity]"
_MEDIA_SIZES = "thumbnail:str show_caption_above_media:bool width:int height:int duration:int has_spoiler:bool"

OBJECTS: Final[dict[str, str]] = {
    "MessageEntity": "*type:str *offset:int *length:int url:str user:User language:str custom_emoji_id:str "
    "unix_time:int date_time_format:str",
    "User": "*id:int *is_bot:bool *first_name:str last_name:str username:str language_code:str is_premium:bool "
    "added_to_attachment_menu:bool can_join_groups:bool can_read_all_group_messages:bool "
    "supports_guest_queries:bool supports_inline_queries:bool can_connect_to_business:bool "
    "has_main_web_app:bool has_topics_enabled:bool allows_users_to_create_topics:bool can_manage_bots:bool",
    "ReplyParameters": "*message_id:int chat_id:id allow_sending_without_reply:bool quote:str "
    "quote_parse_mode:- quote_entities:[MessageEntity] quote_position:int checklist_task_id:- poll_option_id:-",
    "LinkPreviewOptions": "is_disabled:bool url:str prefer_small_media:bool prefer_large_media:bool "
    "show_above_text:bool",
    "InlineKeyboardMarkup": "*inline_keyboard:[[InlineKeyboardButton]]",
    "InlineKeyboardButton": "*text:str icon_custom_emoji_id:- style:str url:str callback_data:str web_app:- "
    "login_url:- switch_inline_query:- switch_inline_query_current_chat:- switch_inline_query_chosen_chat:- "
    "copy_text:CopyTextButton callback_game:- pay:-",
    "CopyTextButton": "*text:str",
    "ReplyKeyboardMarkup": "*keyboard:[[KeyboardButton]] is_persistent:bool resize_keyboard:bool "
    "one_time_keyboard:bool input_field_placeholder:str selective:bool",
    "KeyboardButton": "*text:str icon_custom_emoji_id:- style:str request_users:- request_chat:- "
    "request_managed_bot:- request_contact:- request_location:- request_poll:- web_app:-",
    "ReplyKeyboardRemove": "*remove_keyboard:bool selective:bool",
    "ForceReply": "*force_reply:bool input_field_placeholder:str selective:bool",
    "InputMediaPhoto": f"{_MEDIA} show_caption_above_media:bool has_spoiler:bool",
    "InputMediaDocument": f"{_MEDIA} thumbnail:str disable_content_type_detection:bool",
    "InputMediaVideo": f"{_MEDIA} {_MEDIA_SIZES} cover:- start_timestamp:int supports_streaming:bool",
    "InputMediaAudio": f"{_MEDIA} thumbnail:str duration:int performer:str title:str",
    "InputMediaAnimation": f"{_MEDIA} {_MEDIA_SIZES}",
    "InputMediaLivePhoto": f"{_MEDIA} *photo:- show_caption_above_media:bool has_spoiler:bool",
    "ReactionTypeEmoji": "*type:str *emoji:str",
    "ReactionTypeCustomEmoji": "*type:str *custom_emoji_id:str",
    "ReactionTypePaid": "*type:str",
    "BotCommand": "*command:str *description:str",
    "BotCommandScopeDefault": "*type:str",
    "BotCommandScopeAllPrivateChats": "*type:str",
    "BotCommandScopeAllGroupChats": "*type:str",
    "BotCommandScopeAllChatAdministrators": "*type:str",
    "BotCommandScopeChat": "*type:str *chat_id:id",
    "BotCommandScopeChatAdministrators": "*type:str *chat_id:id",
    "BotCommandScopeChatMember": "*type:str *chat_id:id *user_id:int",
}

# Objects told apart by their `type`; the same in every object of the family.
FAMILIES: Final[dict[str, dict[str, str]]] = {
    "InputMedia": {
        "photo": "InputMediaPhoto",
        "document": "InputMediaDocument",
        "video": "InputMediaVideo",
        "audio": "InputMediaAudio",
        "animation": "InputMediaAnimation",
        "live_photo": "InputMediaLivePhoto",
    },
    "ReactionType": {
        "emoji": "ReactionTypeEmoji",
        "custom_emoji": "ReactionTypeCustomEmoji",
        "paid": "ReactionTypePaid",
    },
    "BotCommandScope": {
        "default": "BotCommandScopeDefault",
        "all_private_chats": "BotCommandScopeAllPrivateChats",
        "all_group_chats": "BotCommandScopeAllGroupChats",
        "all_chat_administrators": "BotCommandScopeAllChatAdministrators",
        "chat": "BotCommandScopeChat",
        "chat_administrators": "BotCommandScopeChatAdministrators",
        "chat_member": "BotCommandScopeChatMember",
    },
}


@dataclass(frozen=True, slots=True)
class Field:
    """One argument or object field; `kinds` are the types it may have."""

    name: str
    kinds: tuple[str, ...]
    required: bool

    @property
    def unserved(self) -> bool:
        """Legal in the Bot API, refused here."""
        return self.kinds == ("-",)


def _fields(line: str) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    for word in line.split():
        name, _, kind = word.partition(":")
        required = name.startswith("*")
        fields[name.lstrip("*")] = Field(name.lstrip("*"), tuple(kind.split("|")), required)
    return fields


METHOD_FIELDS: Final = {name: _fields(line) for name, line in METHODS.items()}
OBJECT_FIELDS: Final = {name: _fields(line) for name, line in OBJECTS.items()}
METHOD_NAMES: Final = {name.lower(): name for name in METHODS}
