"""Files: an upload ticket, the bytes, then a share that happens by itself a moment later; downloads for members."""

import asyncio
import hashlib
import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.sandbox.slack import payloads
from bot.sandbox.slack.errors import JSON, RefusedError
from bot.sandbox.slack.rooms import Rooms
from bot.sandbox.slack.settings import Settings
from bot.sandbox.slack.world import Channel, File, Message, next_ts

LARGEST: Final = 1_000_000_000
LOGIN_PAGE: Final = (
    "<!DOCTYPE html><html><head><title>Slack</title></head>"
    "<body><form id='signin_form'>Sign in to your workspace</form></body></html>"
)


@dataclass(slots=True)
class Cabinet:
    """The files of one workspace. While `hold_shares` is set no completed upload appears in its channel."""

    rooms: Rooms
    settings: Callable[[], Settings]
    base: Callable[[], str]
    tickets: dict[str, File] = field(default_factory=dict)
    hold_shares: bool = False
    _held: list[Callable[[], None]] = field(default_factory=list)
    _timers: set[asyncio.TimerHandle] = field(default_factory=set)

    # -------------------------------------------------------------------------------------------- uploads
    def ticket(self, name: str, length: int, user: str) -> tuple[str, File]:
        """(upload URL, the file it will become); `length` is what the upload must measure."""
        if not 0 < length <= LARGEST:
            raise RefusedError("file_upload_size_restricted")
        file = self._new(name, length, user)
        ticket = hashlib.sha256(f"{file.team}/{file.id}".encode()).hexdigest()[:40]
        self.tickets[ticket] = file
        return f"{self.base()}/upload/v1/{ticket}", file

    def _new(self, name: str, size: int, user: str) -> File:
        workspace = self.rooms.workspace
        identity = self.rooms.ids.fresh("F")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = File(identity, workspace.id, user, name, name, size, int(self.rooms.now()), kind)
        safe = "".join(
            letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in name.lower()
        )
        file.external_url = f"{self.base()}/files-pri/{workspace.id}-{identity}/download/{safe}"
        workspace.files[identity] = file
        return file

    def receive(self, ticket: str, data: bytes) -> File:
        """The bytes of an upload; a used or unknown ticket and a wrong length are refused."""
        file = self.tickets.get(ticket)
        if file is None or file.data is not None or len(data) != file.size:
            raise RefusedError("bad_upload")
        file.data, file.sha256 = data, hashlib.sha256(data).hexdigest()
        return file

    def complete(
        self,
        wanted: Sequence[JSON],
        channel: Channel | None,
        text: str,
        blocks: Sequence[JSON],
        thread_ts: str,
    ) -> list[JSON]:
        """Finish uploads; the message that shows them comes later, and no ts is given."""
        files = []
        for one in wanted:
            file = self.rooms.workspace.files.get(str(one["id"]))
            if file is None or file.data is None or file.deleted:
                raise RefusedError("file_not_found")
            if file.user != self.rooms.workspace.bot_user:
                raise RefusedError("access_denied")
            if file.completed:
                raise RefusedError("file_update_failed")
            files.append(file)
        for file, one in zip(files, wanted, strict=True):
            file.completed = True
            file.title = str(one.get("title") or file.name)
        if channel is not None:
            self._later(lambda: self._appear(channel, files, text, blocks, thread_ts))
        return [{"id": file.id, "title": file.title} for file in files]

    def _later(self, share: Callable[[], None]) -> None:
        if self.hold_shares:
            self._held.append(share)
            return

        def due() -> None:
            self._timers.discard(timer)
            share()

        timer = asyncio.get_running_loop().call_later(self.settings().share_delay, due)
        self._timers.add(timer)

    def release(self) -> None:
        """Let held shares appear."""
        self.hold_shares = False
        held, self._held = self._held, []
        for share in held:
            share()

    def _appear(self, channel: Channel, files: list[File], text: str, blocks: Sequence[JSON], thread_ts: str) -> None:
        bot = self.rooms.workspace.bot_user
        standing = [file for file in files if not file.deleted]
        if standing and bot in channel.members and not channel.archived:
            self.share(channel, bot, standing, text, thread_ts, blocks)

    def share(
        self,
        channel: Channel,
        user: str,
        files: Sequence[File],
        text: str,
        thread_ts: str = "",
        blocks: Sequence[JSON] = (),
    ) -> Message:
        """The message that shows files, and a file_shared event for each."""
        message = self.rooms.post(
            channel, user, text, blocks=blocks, files=files, subtype="file_share", thread_ts=thread_ts
        )
        workspace = self.rooms.workspace
        for file in files:
            event: JSON = {"type": "file_shared", "channel_id": channel.id, "file_id": file.id, "user_id": user}
            event |= {"file": {"id": file.id}, "event_ts": next_ts(workspace, self.rooms.now)}
            self.rooms.emit(workspace, event, channel)
        return message

    # --------------------------------------------------------------------------------------------- people
    def put(self, user: str, name: str, data: bytes) -> File:
        """A file a person uploads in their client."""
        file = self._new(name, len(data), user)
        file.data, file.sha256, file.completed = data, hashlib.sha256(data).hexdigest(), True
        return file

    def link(self, user: str, name: str, url: str) -> File:
        """A remote file: Slack holds a link to bytes that lie anywhere."""
        file = self._new(name, 0, user)
        file.mode, file.external_url, file.completed = "external", url, True
        return file

    # -------------------------------------------------------------------------------------- reading, ending
    def visible(self, file: File) -> bool:
        """Whether the app may see this file: its own, or shared where it is a member."""
        workspace = self.rooms.workspace
        return file.user == workspace.bot_user or any(
            workspace.bot_user in workspace.channels[where].members for where in file.shares
        )

    def delete(self, file: File) -> None:
        """Take a file away everywhere; its messages keep a tombstone."""
        workspace = self.rooms.workspace
        shown = [(workspace.channels[where], ts) for where, ts in file.shares.items()]
        before = [payloads.message(workspace, room.messages[ts]) for room, ts in shown]
        file.deleted = True
        event = {"type": "file_deleted", "file_id": file.id, "event_ts": next_ts(workspace, self.rooms.now)}
        for (room, ts), old in zip(shown, before, strict=True):
            self.rooms.emit(workspace, event | {"channel_id": room.id}, room)
            self.rooms.changed(room.messages[ts], old)

    def close(self) -> None:
        """Forget shares still to come."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
