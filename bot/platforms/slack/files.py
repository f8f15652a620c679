"""Files out: an upload, then the step that shows it in the room. The file id is committed before that step."""

from __future__ import annotations

import asyncio
from typing import Final

import aiohttp

from bot.domain.errors import DeliveryError, NotSent, Reason, Refused, Unknown
from bot.domain.outbound import FileToSend, Post
from bot.platforms.slack.capabilities import CONNECT_TIMEOUT
from bot.platforms.slack.client import Workspace
from bot.platforms.slack.errors import FAILURES, outcome
from bot.platforms.slack.ids import Json, mapping, objects, text
from bot.platforms.slack.render import blocks, notice
from bot.ports.gateway import Checkpoint, FileSource

LOOKS: Final = (0.1, 0.2, 0.4, 0.8, 1.6, 2.0)
"""Seconds between looks for where a completed file stands; Slack shares it some time after it said yes."""
_STALL: Final = 30.0


class Uploads:
    """Sends files of posts, streamed from the store."""

    def __init__(self, source: FileSource, looks: tuple[float, ...] = LOOKS) -> None:
        self._source = source
        self._looks = looks

    async def send(
        self,
        workspace: Workspace,
        channel: str,
        post: Post,
        file: FileToSend,
        *,
        thread: str | None,
        mention: str,
        checkpoint: Checkpoint,
        resume: str,
    ) -> str:
        """The `ts` of the message that shows the file. `resume` is the file id of an earlier try."""
        words = _words(post, mention)
        if resume:
            if ts := await self.shown(workspace, resume, channel):
                return ts
            try:
                return await self._complete(workspace, channel, file, resume, thread, words)
            except Refused as error:
                if error.reason is not Reason.TARGET_GONE:
                    raise  # else: uploaded once, never shown, and gone by now
        asked = {"filename": file.name, "length": file.size}
        ticket = await workspace.call("files.getUploadURLExternal", asked, harmless=True)
        file_id, url = text(ticket, "file_id"), text(ticket, "upload_url")
        if not file_id or not url:
            raise NotSent("no_upload_url")
        await self._upload(workspace, url, file)
        await checkpoint(file_id)
        return await self._complete(workspace, channel, file, file_id, thread, words)

    async def shown(self, workspace: Workspace, file_id: str, channel: str) -> str:
        """The `ts` under which a file stands in a channel, "" if it does not."""
        try:
            answer = await workspace.call("files.info", {"file": file_id}, harmless=True)
        except Refused as error:
            if error.reason is Reason.TARGET_GONE:
                return ""
            raise
        shares = mapping(answer, "file", "shares")
        for kind in ("private", "public"):
            for one in objects(shares, kind, channel):
                if ts := text(one, "ts"):
                    return ts
        return ""

    async def _complete(
        self, workspace: Workspace, channel: str, file: FileToSend, file_id: str, thread: str | None, words: Json
    ) -> str:
        args = {"files": [{"id": file_id, "title": file.name}], "channel_id": channel, "thread_ts": thread, **words}
        await workspace.call("files.completeUploadExternal", args)
        for wait in (0.0, *self._looks):
            await asyncio.sleep(wait)
            try:
                if ts := await self.shown(workspace, file_id, channel):
                    return ts
            except DeliveryError as error:
                raise Unknown(error.detail) from None  # it is accepted: only where it stands is not known
        raise Unknown("not_shared_yet")

    async def _upload(self, workspace: Workspace, url: str, file: FileToSend) -> None:
        """Nothing is visible yet, so whatever goes wrong here is not sent."""
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(file.size)}
        timeout = aiohttp.ClientTimeout(total=None, connect=CONNECT_TIMEOUT, sock_read=_STALL)
        try:
            async with workspace.session.post(
                url,
                data=self._source(file),
                headers=headers,
                timeout=timeout,
                proxy=workspace.web.proxy,
                allow_redirects=False,
            ) as answer:
                status = answer.status
        except FAILURES as error:
            raise outcome(error, harmless=True) from None
        if status == 413:
            raise Refused(Reason.TOO_LARGE, "http_413")
        if status != 200:
            raise NotSent(f"upload_http_{status}", paced=status == 429)


def _words(post: Post, mention: str) -> Json:
    """What stands with the file: typed blocks if there is anything to say, else the neutral notice alone."""
    if mention or post.heading or post.footer or post.buttons or not post.body.blank:
        return {"blocks": blocks(post, mention)}
    return {"initial_comment": notice(post)}
