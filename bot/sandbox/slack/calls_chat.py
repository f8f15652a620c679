"""Web API: chat.*."""

import json
from collections.abc import Sequence
from typing import Any, Final

from bot.sandbox.slack import blocks as kit
from bot.sandbox.slack import payloads
from bot.sandbox.slack.errors import JSON, RefusedError, invalid
from bot.sandbox.slack.lookup import find_message, for_posting
from bot.sandbox.slack.team import Team
from bot.sandbox.slack.world import Channel

TEXT: Final = 40_000
UPDATE_TEXT: Final = 4_000
METADATA: Final = 16_000
ATTACHMENTS: Final = 100


def content(args: JSON, longest: int) -> tuple[str, list[JSON]]:
    """(text, blocks) of something to show, held to Slack's rules."""
    text, blocks = str(args.get("text", "")), args.get("blocks", [])
    attachments = args.get("attachments", [])
    if "markdown_text" in args:
        if text or blocks:
            raise RefusedError("markdown_text_conflict")
        blocks = [{"type": "markdown", "text": args["markdown_text"]}]
    if not isinstance(blocks, list):
        raise RefusedError("invalid_blocks_format")
    if not text and not blocks and not attachments:
        raise RefusedError("no_text")
    if len(text) > longest:
        raise RefusedError("msg_too_long")
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise RefusedError("invalid_attachments")
    if len(attachments) > ATTACHMENTS:
        raise RefusedError("too_many_attachments")
    check_blocks(blocks)
    return text, blocks


def check_blocks(blocks: Sequence[Any]) -> None:
    """Refuse blocks a message cannot show."""
    wrong = kit.problems(blocks, kit.Surface.MESSAGE)
    if wrong:
        raise invalid("invalid_blocks", wrong)
    if kit.too_long(blocks):
        raise RefusedError("msg_blocks_too_long")


def _metadata(args: JSON) -> JSON | None:
    given = args.get("metadata")
    if given is None or given == {}:
        return None if given is None else {}
    if not isinstance(given, dict) or set(given) != {"event_type", "event_payload"}:
        raise RefusedError("invalid_metadata_format")
    if not isinstance(given["event_type"], str) or not isinstance(given["event_payload"], dict):
        raise RefusedError("invalid_metadata_schema")
    if len(json.dumps(given)) > METADATA:
        raise RefusedError("metadata_too_large")
    return given


def _as_itself(team: Team, args: JSON) -> None:
    if args.get("as_user"):
        raise RefusedError("as_user_not_supported")
    if any(name in args for name in ("username", "icon_emoji", "icon_url")):
        need_scope(team, "chat:write.customize")


def need_scope(team: Team, scope: str) -> None:
    """Refuse with missing_scope unless granted."""
    granted = team.workspace.scopes
    if scope not in granted:
        raise RefusedError("missing_scope", needed=scope, provided=",".join(sorted(granted)))


def check_thread(channel: Channel, thread_ts: str) -> None:
    """Only a standing message that is no reply itself can be answered in a thread."""
    if not thread_ts:
        return
    parent = channel.find(thread_ts)
    if parent is None or parent.is_reply or parent.system:
        raise RefusedError("cannot_reply_to_message")


async def post_message(team: Team, args: JSON) -> JSON:
    """chat.postMessage."""
    _as_itself(team, args)
    channel = for_posting(team, args["channel"])
    text, blocks = content(args, TEXT)
    thread = str(args.get("thread_ts", ""))
    check_thread(channel, thread)
    message = team.rooms.post(
        channel,
        team.workspace.bot_user,
        text,
        blocks=blocks,
        thread_ts=thread,
        metadata=_metadata(args) or None,
        attachments=args.get("attachments", []),
        subtype="thread_broadcast" if thread and args.get("reply_broadcast") else "",
    )
    shown = payloads.message(team.workspace, message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


async def update(team: Team, args: JSON) -> JSON:
    """chat.update: `text` at most 4,000; blocks and metadata not given stay as they are."""
    if isinstance(args.get("as_user"), bool) and args["as_user"]:
        raise RefusedError("as_user_not_supported")
    channel = for_posting(team, args["channel"], archived="is_inactive", people=False)
    message = find_message(channel, args["ts"], "message_not_found")
    if message.user != team.workspace.bot_user or message.subtype not in ("", "file_share", "thread_broadcast"):
        raise RefusedError("cant_update_message")
    text, blocks = content(args, UPDATE_TEXT)
    metadata = _metadata(args)
    if "blocks" not in args and "markdown_text" not in args:
        # Slack keeps the old blocks only when it is not given a new text.
        blocks = [] if text else message.blocks
    team.rooms.edit(message, team.workspace.bot_user, text or message.text, blocks, metadata)
    shown = payloads.message(team.workspace, message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


async def delete(team: Team, args: JSON) -> JSON:
    """chat.delete: the app's own messages only."""
    channel = for_posting(team, args["channel"], archived="cant_delete_message", people=False)
    message = find_message(channel, args["ts"], "message_not_found")
    if message.user != team.workspace.bot_user:
        raise RefusedError("cant_delete_message")
    team.rooms.delete(message, team.workspace.bot_user)
    return {"channel": channel.id, "ts": message.ts}


async def post_ephemeral(team: Team, args: JSON) -> JSON:
    """chat.postEphemeral: to one member of the channel, kept nowhere."""
    _as_itself(team, args)
    channel = for_posting(team, args["channel"], people=False)
    if args["user"] not in channel.members:
        raise RefusedError("user_not_in_channel")
    text, blocks = content(args, TEXT)
    thread = str(args.get("thread_ts", ""))
    check_thread(channel, thread)
    message = team.rooms.whisper(channel, args["user"], text, blocks, thread)
    return {"message_ts": message.ts}


async def get_permalink(team: Team, args: JSON) -> JSON:
    """chat.getPermalink."""
    channel = team.workspace.channels.get(args["channel"])
    if channel is None or team.workspace.bot_user not in channel.members:
        raise RefusedError("channel_not_found")
    message = find_message(channel, args["message_ts"], "message_not_found")
    digits = message.ts.replace(".", "")
    link = f"https://{team.workspace.domain}.slack.com/archives/{channel.id}/p{digits}"
    return {"channel": channel.id, "permalink": link}


CALLS: Final = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": get_permalink,
}
