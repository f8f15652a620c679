"""Slack's way out: `bot.ports.gateway.Gateway` over the Web API."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Final

from bot.domain.addresses import Account, Place
from bot.domain.errors import NotSent, Reason, Refused, Unknown
from bot.domain.outbound import Post
from bot.platforms.slack.capabilities import CAPABILITIES
from bot.platforms.slack.client import Workspace, Workspaces
from bot.platforms.slack.downloads import download
from bot.platforms.slack.files import BETWEEN, Uploads
from bot.platforms.slack.ids import Identity, Json, place, stamp, text
from bot.platforms.slack.render import EVENT_TYPE, blocks, metadata, notice
from bot.platforms.slack.rooms import Rooms
from bot.ports.gateway import Capabilities, Checkpoint, FileSource, Mark, Room, Sent, Target

MARKS: Final = {Mark.DELIVERED: "incoming_envelope"}
"""An envelope says "it has arrived" and nothing else; a tick, a thumb or a hand could be read as consent."""
SKEW: Final = 120 * 1_000_000
"""Microseconds by which Slack's clock may be behind ours."""
_THREADS: Final = 4096
_NO_THREAD: Final = frozenset({"thread_not_found", "cannot_reply_to_message", "message_not_found", "invalid_thread_ts"})


class SlackGateway:
    """One for all workspaces: the place's team id chooses."""

    def __init__(self, workspaces: Workspaces, rooms: Rooms, source: FileSource) -> None:
        self._workspaces = workspaces
        self._rooms = rooms
        self._uploads = Uploads(source)
        self._threads: OrderedDict[tuple[str, str], str] = OrderedDict()

    @property
    def capabilities(self) -> Capabilities:
        """What Slack can do."""
        return CAPABILITIES

    async def post(
        self, target: Target, post: Post, tag: str, reply_to: str | None, checkpoint: Checkpoint, resume: str
    ) -> Sent:
        """One message, or files with their one message. A reply whose thread is gone is sent without it."""
        workspace, _ = await self._workspaces.of(target.place.workspace)
        channel = target.place.chat
        thread = await self._thread(workspace, channel, reply_to) if reply_to else None
        mention = target.owner.user if post.mention else ""
        if post.carried:
            ts = await self._uploads.send(
                workspace,
                channel,
                post,
                post.carried,
                thread=thread,
                mention=mention,
                checkpoint=checkpoint,
                resume=resume,
            )
            landed = channel
        else:
            answer = await self._say(workspace, channel, post, mention, tag, thread)
            ts, landed = text(answer, "ts"), text(answer, "channel") or channel
            if not ts:
                raise Unknown("no_ts")
        if thread:
            self._remember(channel, ts, thread)
        return Sent(ts, place(target.place.workspace, landed))

    async def edit(self, target: Target, native_id: str, post: Post) -> None:
        """Replace text, blocks and buttons."""
        workspace, _ = await self._workspaces.of(target.place.workspace)
        mention = target.owner.user if post.mention else ""
        where = {"channel": target.place.chat, "ts": native_id}
        await workspace.call("chat.update", {**where, "text": notice(post), "blocks": blocks(post, mention)})

    async def delete(self, target: Target, native_id: str, more: Sequence[str] = (), resume: str = "") -> None:
        """Remove, files and all: Slack keeps those of a message that is gone. Gone already is done."""
        for one in (native_id, *more):
            await self._quietly(target, "chat.delete", {"ts": one}, {"message_not_found"})
        if resume:
            workspace, _ = await self._workspaces.of(target.place.workspace)
            await self._uploads.remove(workspace, resume.split(BETWEEN))

    async def pin(self, target: Target, native_id: str) -> None:
        """Pin; pinned already is done."""
        await self._quietly(target, "pins.add", {"timestamp": native_id}, {"already_pinned"})

    async def mark(self, target: Target, native_id: str, mark: Mark) -> None:
        """React; there already is done."""
        await self._quietly(target, "reactions.add", {"timestamp": native_id, "name": MARKS[mark]}, {"already_reacted"})

    async def find(self, target: Target, tag: str, since: int, resume: str) -> Sent | None:
        """Look in the room's history for the tag, or ask where the files of `resume` stand."""
        workspace, me = await self._workspaces.of(target.place.workspace)
        channel = target.place.chat
        if resume:
            ts = await self._uploads.shown(workspace, resume.split(BETWEEN), channel)
            return Sent(ts, target.place) if ts else None
        # Replies are broadcast, so they stand in the room's own history too.
        args = {"channel": channel, "oldest": stamp(max(since - SKEW, 0)), "include_all_metadata": True}
        async with aclosing(workspace.pages("conversations.history", args, "messages")) as pages:
            async for one in pages:
                if isinstance(one, dict) and _carries(one, tag, me):
                    return Sent(text(one, "ts"), target.place)
        return None

    async def open_room(self, owner: Account, name: str, title: str, checkpoint: Checkpoint, resume: str) -> Room:
        """A private channel with exactly the owner and the bot in it."""
        return await self._rooms.open(owner, name, title, checkpoint, resume)

    async def rename_room(self, target: Target, title: str, name: str = "") -> None:
        """Set the topic, and the channel's name where one is given."""
        workspace, _ = await self._workspaces.of(target.place.workspace)
        if name:
            await self._rooms.rename(workspace, target.place.chat, name)
        await self._rooms.retitle(workspace, target.place.chat, title)

    async def close_room(self, target: Target) -> None:
        """Archive."""
        workspace, _ = await self._workspaces.of(target.place.workspace)
        await self._rooms.close(workspace, target.place.chat)

    async def check_members(self, target: Target) -> None:
        """Only the owner and the bot, and the owner a full, active member of the workspace."""
        await self._rooms.check(target)

    async def check_room(self, target: Target) -> bool:
        """Whether the channel is there, and open, and only the owner and the bot are in it."""
        return await self._rooms.stands(target)

    def forget_members(self, place: Place) -> None:
        """Somebody came or went there: the next check looks again."""
        self._rooms.forget(place)

    async def direct(self, account: Account) -> Place:
        """The direct chat."""
        return await self._rooms.direct(account)

    async def fetch(self, place: Place, ref: str, limit: int) -> AsyncGenerator[bytes, None]:
        """Download by Slack's file id."""
        workspace, _ = await self._workspaces.of(place.workspace)
        async with aclosing(download(workspace, ref, limit)) as chunks:
            async for chunk in chunks:
                yield chunk

    async def _say(
        self, workspace: Workspace, channel: str, post: Post, mention: str, tag: str, thread: str | None
    ) -> Json:
        args = {
            "channel": channel,
            "text": notice(post),
            "blocks": blocks(post, mention),
            "metadata": metadata(tag),
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if thread is None:
            return await workspace.call("chat.postMessage", args)
        try:
            # Broadcast: a reply that stands only in its thread is easily not seen at all.
            return await workspace.call("chat.postMessage", {**args, "thread_ts": thread, "reply_broadcast": True})
        except Refused as error:
            if error.detail not in _NO_THREAD:
                raise
            return await workspace.call("chat.postMessage", args)

    async def _thread(self, workspace: Workspace, channel: str, reply_to: str) -> str | None:
        """The parent of the thread a message stands in (itself, if it starts one); None when that is not to be had."""
        known = self._threads.get((channel, reply_to))
        if known:
            self._threads.move_to_end((channel, reply_to))
            return known
        args = {"channel": channel, "ts": reply_to, "limit": 1, "inclusive": True}
        try:
            answer = await workspace.call("conversations.replies", args, harmless=True)
        except Refused as error:
            if error.reason in (Reason.TARGET_GONE, Reason.MISSING_SCOPE):
                return None
            raise
        except NotSent as error:
            if error.paced:
                return None  # better without its thread than late
            raise
        for one in answer.get("messages") or []:
            if text(one, "ts"):
                parent = text(one, "thread_ts") or text(one, "ts")
                self._remember(channel, reply_to, parent)
                return parent
        return None

    def _remember(self, channel: str, ts: str, parent: str) -> None:
        self._threads[channel, ts] = parent
        while len(self._threads) > _THREADS:
            self._threads.popitem(last=False)

    async def _quietly(self, target: Target, method: str, args: Json, done: set[str]) -> None:
        workspace, _ = await self._workspaces.of(target.place.workspace)
        try:
            await workspace.call(method, {"channel": target.place.chat, **args})
        except Refused as error:
            if error.detail not in done:
                raise


def _carries(message: Json, tag: str, me: Identity) -> bool:
    """The message is ours and carries the tag; metadata alone anyone's app could have written."""
    ours = text(message, "user") == me.user or text(message, "bot_id") == me.bot
    data = message.get("metadata")
    return ours and text(data, "event_type") == EVENT_TYPE and text(data, "event_payload", "id") == tag
