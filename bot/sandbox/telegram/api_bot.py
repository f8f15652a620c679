"""Methods about the bot itself: identity, updates, webhook, commands, files, callback answers."""

import re
from typing import Any, Final

from bot.sandbox.telegram.call import Call
from bot.sandbox.telegram.errors import bad, conflict, illegal
from bot.sandbox.telegram.state import Raw, Webhook
from bot.sandbox.telegram.truth import Act

QUERY_LIFE: Final = 150.0
TOAST_LIMIT: Final = 200
UPDATE_KINDS: Final = frozenset(
    {
        "message", "edited_message", "channel_post", "edited_channel_post", "business_connection",
        "business_message", "edited_business_message", "deleted_business_messages", "guest_message",
        "message_reaction", "message_reaction_count", "inline_query", "chosen_inline_result", "callback_query",
        "shipping_query", "pre_checkout_query", "purchased_paid_media", "poll", "poll_answer", "my_chat_member",
        "chat_member", "chat_join_request", "chat_boost", "removed_chat_boost", "managed_bot",
    }
)  # fmt: skip


def get_me(call: Call) -> Raw:
    """The bot as a `User`."""
    return call.bot.raw()


def _allow(call: Call) -> None:
    kinds = call.args.get("allowed_updates")
    if kinds is None:
        return
    for kind in kinds:
        if kind not in UPDATE_KINDS:
            raise illegal(f"unknown update type {kind}")
    call.bot.queue.allow(kinds)


async def get_updates(call: Call) -> list[Raw]:
    """Long polling; raises 409 beside a webhook or when another poller takes over."""
    if call.bot.webhook is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    limit, timeout = call.args.get("limit", 100), call.args.get("timeout", 0)
    if not 1 <= limit <= 100 or timeout < 0:
        raise illegal("limit or timeout out of range")
    _allow(call)
    return [one.raw for one in await call.bot.queue.poll(call.args.get("offset", 0), limit, timeout)]


def set_webhook(call: Call) -> bool:
    """Push from now on; an empty url means polling again."""
    url, secret = call.args["url"], call.args.get("secret_token", "")
    if call.args.get("drop_pending_updates"):
        call.bot.queue.clear()
    if not url:
        call.bot.webhook = None
        return True
    if not re.match(r"https://[^/]+|http://(127\.0\.0\.1|localhost)(:\d+)?(/|$)", url):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad("secret token contains unallowed characters")
    connections = call.args.get("max_connections", 40)
    if not 1 <= connections <= 100:
        raise bad("max_connections is out of range")
    _allow(call)
    call.bot.webhook = Webhook(url, secret, connections)
    call.bot.queue.interrupt("terminated by setWebhook request")
    return True


def delete_webhook(call: Call) -> bool:
    """Back to polling; pending updates stay unless dropped."""
    call.bot.webhook = None
    if call.args.get("drop_pending_updates"):
        call.bot.queue.clear()
    return True


def get_webhook_info(call: Call) -> Raw:
    """A `WebhookInfo`."""
    hook = call.bot.webhook
    info: Raw = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(call.bot.queue.pending),
    }
    if call.bot.queue.allowed:
        info["allowed_updates"] = list(call.bot.queue.allowed)
    if hook:
        info["max_connections"] = hook.max_connections
        info["ip_address"] = "127.0.0.1"
        if hook.error_date is not None:
            info |= {"last_error_date": hook.error_date, "last_error_message": hook.error}
    return info


def _scope(call: Call) -> tuple[str, str]:
    scope = call.args.get("scope", {"type": "default"})
    key = ":".join(str(scope[name]) for name in ("type", "chat_id", "user_id") if name in scope)
    if "chat_id" in scope:
        call.world.chat(call.bot, scope["chat_id"], write=False)
    return key, call.args.get("language_code", "")


def set_my_commands(call: Call) -> bool:
    """The command menu of a scope."""
    commands = call.args["commands"]
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for one in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(one["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    call.bot.commands[_scope(call)] = commands
    return True


def get_my_commands(call: Call) -> list[Raw]:
    """The commands set for exactly this scope and language."""
    return call.bot.commands.get(_scope(call), [])


def delete_my_commands(call: Call) -> bool:
    """No commands for this scope."""
    call.bot.commands.pop(_scope(call), None)
    return True


def get_file(call: Call) -> Raw:
    """A `File` with a path that lives an hour; raises 400 above 20 MB."""
    return call.world.files.link(call.bot.id, call.args["file_id"], call.world.now())


def answer_callback_query(call: Call) -> bool:
    """Stop the spinner on a button, once, within 150 s."""
    query = call.bot.queries.get(call.args["callback_query_id"])
    text = call.args.get("text", "")
    if len(text) > TOAST_LIMIT:
        raise bad("MESSAGE_TOO_LONG")
    if "url" in call.args:
        raise bad("URL_INVALID")
    if query is None or query.answered or call.world.now() - query.at > QUERY_LIFE:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    query.answered, query.text, query.alert = True, text, call.args.get("show_alert", False)
    if text:
        call.world.truth.note(call.world.now(), Act.ALERT if query.alert else Act.TOAST, query.chat, None, text)
    query.done.set()
    return True


_ACTIONS: Final = frozenset(
    {
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
        "choose_sticker", "find_location", "record_video_note", "upload_video_note",
    }
)  # fmt: skip


def send_chat_action(call: Call) -> bool:
    """ "typing…" in a chat or topic."""
    if call.args["action"] not in _ACTIONS:
        raise bad("wrong parameter action in request")
    chat = call.chat()
    call.world.topic(call.bot, chat, call.args.get("message_thread_id"))
    call.world.truth.note(call.world.now(), Act.TYPING, chat, None, call.args["action"])
    return True


def get_chat(call: Call) -> Raw:
    """A `ChatFullInfo`; raises 400 for a chat the bot never met."""
    chat = call.world.chat(call.bot, call.args["chat_id"], write=False)
    if chat.account is not None and not chat.started:
        raise bad("chat not found")
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    info: Raw = chat.raw() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    if chat.pinned:
        info["pinned_message"] = chat.messages[chat.pinned[-1]].raw(nested=True)
    return info


def get_chat_member(call: Call) -> dict[str, Any]:
    """A `ChatMember`; raises 400 for someone who is not there."""
    chat = call.world.chat(call.bot, call.args["chat_id"], write=False)
    user_id = call.args["user_id"]
    if user_id == call.bot.id:
        return {"status": "member", "user": call.bot.account.raw()}
    account = chat.account if chat.account is not None else chat.members.get(user_id)
    if account is None or account.id != user_id:
        raise bad("member not found")
    return {"status": "member", "user": account.raw()}
