"""Files out: an upload each, then the one step that shows them in the room. Their ids are committed before it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
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
BETWEEN: Final = ","
"""Stands between file ids in what is committed on the way."""
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
        files: Sequence[FileToSend],
        *,
        thread: str | None,
        mention: str,
        checkpoint: Checkpoint,
        resume: str,
    ) -> str:
        """The `ts` of the one message that shows the files. `resume` holds the file ids of an earlier try."""
        words = _words(post, mention)
        earlier = resume.split(BETWEEN) if resume else []
        if len(earlier) == len(files) and (ts := await self.shown(workspace, earlier, channel)):
            return ts
        try:
            return await self._show(workspace, channel, files, earlier, thread, words, checkpoint)
        except Refused as error:
            if error.reason is not Reason.TARGET_GONE or not earlier:
                raise
        # Uploaded once, never shown, and gone by now.
        return await self._show(workspace, channel, files, (), thread, words, checkpoint)

    async def _show(
        self,
        workspace: Workspace,
        channel: str,
        files: Sequence[FileToSend],
        earlier: Sequence[str],
        thread: str | None,
        words: Json,
        checkpoint: Checkpoint,
    ) -> str:
        done = list(earlier)
        for file in files[len(done) :]:
            done.append(await self._ticketed(workspace, file))
            await checkpoint(BETWEEN.join(done))
        return await self._complete(workspace, channel, files, done, thread, words)

    async def shown(self, workspace: Workspace, file_ids: Sequence[str], channel: str) -> str:
        """The `ts` under which files stand together in a channel, "" if they do not."""
        for file_id in file_ids:  # the first tells for all of them, unless a person has deleted it since
            try:
                answer = await workspace.call("files.info", {"file": file_id}, harmless=True)
            except Refused as error:
                if error.reason is Reason.TARGET_GONE:
                    continue
                raise
            shares = mapping(answer, "file", "shares")
            found = [text(one, "ts") for kind in ("private", "public") for one in objects(shares, kind, channel)]
            return next(filter(None, found), "")
        return ""

    async def remove(self, workspace: Workspace, file_ids: Sequence[str]) -> None:
        """Take files of ours away everywhere; gone already is done."""
        for file_id in file_ids:
            try:
                await workspace.call("files.delete", {"file": file_id}, harmless=True)
            except Refused as error:
                if error.reason is not Reason.TARGET_GONE:
                    raise

    async def _complete(
        self,
        workspace: Workspace,
        channel: str,
        files: Sequence[FileToSend],
        file_ids: Sequence[str],
        thread: str | None,
        words: Json,
    ) -> str:
        named = [{"id": one, "title": file.name} for one, file in zip(file_ids, files, strict=True)]
        args = {"files": named, "channel_id": channel, "thread_ts": thread, **words}
        await workspace.call("files.completeUploadExternal", args)
        for wait in (0.0, *self._looks):
            await asyncio.sleep(wait)
            try:
                if ts := await self.shown(workspace, file_ids, channel):
                    return ts
            except DeliveryError as error:
                raise Unknown(error.detail) from None  # it is accepted: only where it stands is not known
        raise Unknown("not_shared_yet")

    async def _ticketed(self, workspace: Workspace, file: FileToSend) -> str:
        """Upload one file; its id. Nobody sees it yet."""
        asked = {"filename": file.name, "length": file.size, **({"alt_txt": file.alt} if file.alt else {})}
        ticket = await workspace.call("files.getUploadURLExternal", asked, harmless=True)
        file_id, url = text(ticket, "file_id"), text(ticket, "upload_url")
        if not file_id or not url:
            raise NotSent("no_upload_url")
        await self._upload(workspace, url, file)
        return file_id

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
