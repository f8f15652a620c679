"""The doors behind links to files: bring one awaited file, or read one stored file.

The link's secret comes as a bearer token or in a form's body, so it is in no address, and no look at a page uses it up.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import Any, Final
from urllib.parse import quote

import structlog
from aiohttp import web

from bot.domain.errors import ChairsideError
from bot.domain.filetypes import FileType
from bot.domain.ids import CaseId
from bot.domain.problems import Problem
from bot.ports.blobs import BlobStore, BlobTooLarge, StoredBlob
from bot.services import large_files, links
from bot.services.identity import Field
from bot.services.unit import Units
from bot.workers import link_pages
from bot.workers.aside.run import Aside
from bot.workers.identity import looked_at
from bot.workers.incoming import Unfit, let_go
from bot.workers.link_pages import SAFE
from bot.workers.pictures import Pictures
from bot.workers.uploads import MOST_PIECE, Altered, Busy, Upload, Uploads
from prompts.wording import say
from storage.errors import RETRYABLE, Corrupt

log = structlog.get_logger("links")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
STALL: Final = 60.0
"""Seconds in which a piece has to be here whole."""
LOOKS, WITHIN = 40, 1.0
"""Links looked up at most in so many seconds: more is somebody trying addresses."""
LONGEST_NAME: Final = 500
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
_HASH = re.compile(r"[0-9a-f]{64}")


class _Refused(ChairsideError):
    """Answered with words and a status."""

    def __init__(self, status: int, words: str, **more: object) -> None:
        super().__init__(f"http {status}")
        self.status, self.words, self.more = status, words, more


class LinkDoor:
    """Serves the links that `bot.services.large_files` makes."""

    def __init__(self, units: Units, blobs: BlobStore, uploads: Uploads | None = None) -> None:
        self._units = units
        self._blobs = blobs
        self.uploads = uploads or Uploads(blobs)
        self._aside = Aside()
        self._pictures = Pictures(units, blobs)
        self._looks = (0.0, 0)

    def routes(self) -> list[web.RouteDef]:
        """Pages and doors."""
        return [
            *link_pages.routes(),
            web.post("/files/awaited", _spoken(self._awaited)),
            web.post("/files/begin", _spoken(self._begin)),
            web.post("/files/piece", _spoken(self._piece)),
            web.post("/files/end", _spoken(self._end)),
            web.post("/files/stop", _spoken(self._stop)),
            web.post("/files/readable", _spoken(self._readable)),
            web.post("/files/fetch", _spoken(self._fetch)),
        ]

    async def close(self) -> None:
        """Whatever is half here goes."""
        await self.uploads.close()
        await self._pictures.close()

    async def _awaited(self, request: web.Request) -> web.Response:
        token, found = await self._link(request)
        running = self.uploads.get(_key(token))
        under_way = running is not None and not running.kept.done()
        return _json(
            ref=found.ref,
            no=found.no,
            size=large_files.megabytes(found.limit),
            limit=found.limit,
            piece=MOST_PIECE,
            at=running.at if running is not None and under_way else 0,
        )

    async def _begin(self, request: web.Request) -> web.Response:
        token, found = await self._link(request)
        try:
            asked = await request.json()
            name, size = str(asked["name"])[:LONGEST_NAME], int(asked["size"])
        except (ValueError, KeyError, TypeError):
            raise _Refused(400, say("large.page.failed")) from None
        if size < 1:
            raise _Refused(422, say("large.page.empty"))
        if size > found.limit:
            raise _Refused(413, say("large.page.too_large", size=large_files.megabytes(found.limit)))
        try:
            upload = await self.uploads.begin(_key(token), found.case, name, size, found.limit)
        except Busy:
            raise _Refused(503, say("large.page.busy")) from None
        return _json(at=upload.at)

    async def _piece(self, request: web.Request) -> web.Response:
        token = self._bearer(request)
        upload = self.uploads.get(_key(token))
        if upload is None:
            raise _Refused(409, say("large.page.failed"), at=0)
        async with upload.lock:
            self.uploads.touch(_key(token))
            if request.query.get("at") != str(upload.at):
                raise _Refused(409, say("large.page.failed"), at=upload.at)
            piece = await _body(request)
            digest = await asyncio.to_thread(hashlib.sha256, piece)
            if not piece or digest.hexdigest() != request.headers.get("X-Piece-SHA256"):
                raise _Refused(409, say("large.page.altered"), at=upload.at)
            if upload.at + len(piece) > upload.size:
                raise _Refused(409, say("large.page.altered"), at=upload.at)
            await self._or_why_not(token, upload.feed(piece))
        return _json(at=upload.at)

    async def _end(self, request: web.Request) -> web.Response:
        token, found = await self._link(request)
        upload = self.uploads.get(_key(token))
        if upload is not None:
            self.uploads.touch(_key(token))
        try:
            sha256 = str((await request.json())["sha256"])
        except (ValueError, KeyError, TypeError):
            raise _Refused(400, say("large.page.failed")) from None
        if upload is None or not _HASH.fullmatch(sha256):
            raise _Refused(409, say("large.page.failed"), at=0)
        async with upload.lock:
            if self.uploads.get(_key(token)) is not upload:
                raise _Refused(409, say("large.page.failed"), at=0)
            kind, stored, telling = await self._or_why_not(token, self._whole(upload, sha256, found.case))
            name = upload.name
            no = await self._units.do(lambda unit: links.arrived(unit, token, kind, stored, name, telling))
            self.uploads.done(_key(token))  # not before: a database that is busy is asked again with the same file
        if isinstance(no, Problem):
            await self._blobs.delete(stored.name)
            raise _Refused(410, say(no.key, **no.values))
        self._pictures.begin(found.case, kind, stored)
        return _json(no=no, sha256=sha256)

    async def _whole(self, upload: Upload, sha256: str, case: CaseId) -> tuple[FileType, StoredBlob, tuple[Field, ...]]:
        """The file that was brought, looked at once: asked again after a database was busy, it is not done again."""
        if upload.looked is None:
            kind, stored = await upload.finish(sha256)
            upload.looked = kind, *await looked_at(self._units, self._blobs, self._aside, case, kind, stored)
        return upload.looked

    async def _stop(self, request: web.Request) -> web.Response:
        await self.uploads.drop(_key(self._bearer(request)))
        return _json()

    async def _readable(self, request: web.Request) -> web.Response:
        token = self._bearer(request)
        self._count()
        found = await self._units.do(partial(links.readable, token=token))
        if isinstance(found, Problem):
            raise _Refused(410, say(found.key, **found.values))
        return _json(ref=found.ref, no=found.no, name=found.name, size=large_files.megabytes(found.size))

    async def _fetch(self, request: web.Request) -> web.StreamResponse:
        """The file itself; that it is read stands in the record before its first byte leaves."""
        token = str((await request.post()).get("token", ""))
        self._count()
        found = await self._units.do(partial(links.readable, token=token, reading=True))
        if isinstance(found, Problem):
            raise _Refused(410, say(found.key, **found.values))
        answer = web.StreamResponse(headers={**SAFE, "Content-Type": "application/octet-stream"})
        answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
        answer.content_length = found.size
        chunks = self._blobs.open(found.case, found.blob)
        try:
            await answer.prepare(request)
            async for chunk in chunks:
                await answer.write(chunk)
        except Corrupt:
            log.error("links.corrupt", attachment=found.attachment)
            raise  # the connection breaks before the length that was promised: nobody takes it for the whole file
        finally:
            await let_go(chunks)
        await answer.write_eof()
        return answer

    async def _link(self, request: web.Request) -> tuple[str, links.Awaited]:
        token = self._bearer(request)
        self._count()
        found = await self._units.do(partial(links.awaited, token=token))
        if isinstance(found, Problem):
            await self.uploads.drop(_key(token))
            raise _Refused(410, say(found.key, **found.values))
        return token, found

    def _bearer(self, request: web.Request) -> str:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer" or not _TOKEN.fullmatch(token):
            raise _Refused(401, say("large.link.gone"))
        return token

    def _count(self) -> None:
        now = asyncio.get_running_loop().time()
        begun, looks = self._looks
        self._looks = (now, 1) if now - begun > WITHIN else (begun, looks + 1)
        if self._looks[1] > LOOKS:
            raise _Refused(503, say("large.page.busy"))

    async def _or_why_not(self, token: str, work: Awaitable[Any]) -> Any:
        """What a step of an upload gives; when it may not pass, the upload is over and its words say why."""
        try:
            return await work
        except Unfit as error:
            reason = error.reason
            if isinstance(reason, Problem):
                words = say("large.page.unfit", why=say(reason.key, **reason.values))
            else:
                words = say("large.page.wrong_type")
        except BlobTooLarge:
            words = say("large.page.failed")
        except Altered:
            words = say("large.page.altered")
        except BaseException:
            await self.uploads.drop(_key(token))
            raise
        await self.uploads.drop(_key(token))
        raise _Refused(422, words)


def _spoken(handler: Handler) -> Handler:
    """Every failure as a status and calm words; nothing of an error's own text."""

    @wraps(handler)
    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except _Refused as refused:
            return _json(refused.status, say=refused.words, **refused.more)
        except RETRYABLE as error:
            log.warning("links.database", error=type(error).__name__)
            return _json(503, say=say("large.page.failed"))

    return guarded


async def _body(request: web.Request) -> bytes:
    length = request.content_length
    if length is None or length > MOST_PIECE:
        raise _Refused(413, say("large.page.failed"))
    try:
        async with asyncio.timeout(STALL):
            return await request.content.readexactly(length)
    except (TimeoutError, asyncio.IncompleteReadError):
        raise _Refused(408, say("large.page.waiting")) from None


def _json(status: int = 200, /, **values: object) -> web.Response:
    return web.json_response(values, status=status, headers=SAFE)


def _key(token: str) -> str:
    """By what an upload is known here: never the secret itself."""
    return hashlib.sha256(token.encode()).hexdigest()
