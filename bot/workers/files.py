"""The file loop: fetch what came with messages into the sealed store, in bounded memory, and say what cannot pass."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import Any

import structlog

from bot.domain.addresses import Place
from bot.domain.errors import DeliveryError, NotSent, Reason, Refused
from bot.domain.events import FileKind
from bot.domain.filetypes import FileType
from bot.domain.ids import CaseId, made_at
from bot.domain.outbound import FileToSend
from bot.domain.rules import DAY, MINUTE, SECOND, backoff
from bot.ports.blobs import BlobStore, BlobTooLarge, StoredBlob
from bot.ports.gateway import Gateway
from bot.services import identity, parcels, relay
from bot.services.identity import Field
from bot.services.unit import Unit, Units
from bot.workers.aside.run import Aside
from bot.workers.identity import looked_at
from bot.workers.incoming import Incoming, Unfit
from bot.workers.pictures import Pictures
from bot.workers.take_in import take_in
from storage import attachments
from storage.errors import RETRYABLE

log = structlog.get_logger("files")
Row = dict[str, Any]
AT_ONCE = 3
KEPT = DAY
"""How long a file is tried for while its platform cannot be reached."""
SOUND = (FileKind.VOICE, FileKind.AUDIO)


class FileWorker:
    """Fetches attachments. A file in doubt is simply fetched again."""

    def __init__(self, units: Units, gateways: Mapping[str, Gateway], blobs: BlobStore) -> None:
        self._units = units
        self._gateways = gateways
        self._blobs = blobs
        self._aside = Aside()
        self._pictures = Pictures(units, blobs)
        self._running: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def run(self) -> None:
        """Fetch until `stop`; what an earlier run left half fetched is fetched again at once."""
        begun = False
        while not self._stopping:
            wait = 2.0
            try:
                if not begun:
                    await self._units.do(lambda unit: attachments.let_go(unit.tx, unit.now))
                    await self._pictures.resume()
                    begun = True
                free = AT_ONCE - len(self._running)
                rows = await self._units.do(partial(_lease, limit=free)) if free > 0 else []
                for row in rows:
                    task = asyncio.create_task(self._fetch(row))
                    self._running.add(task)
                    task.add_done_callback(self._ended)
            except RETRYABLE as error:
                log.warning("files.database", error=type(error).__name__)
            if not self._stopping:
                await self._units.engine.wait_notify("files", wait)
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)
        await self._pictures.close()

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Another file may be fetched at once, and what waited for this one goes."""
        self._running.discard(task)
        self._units.engine.notify("files")
        self._units.engine.notify("outbox")

    def stop(self) -> None:
        """Start nothing more."""
        self._stopping = True
        self._units.engine.notify("files")

    async def _fetch(self, row: Row) -> None:
        attachment = int(row["id"])
        try:
            await self._store(row)
        except RETRYABLE as error:
            log.warning("files.database", attachment=attachment, error=type(error).__name__)
        except Unfit as error:
            why_not = error.reason
            await self._units.do(lambda unit: relay.refuse_file(unit, attachment, why_not))
        except BlobTooLarge:
            await self._units.do(lambda unit: relay.refuse_file(unit, attachment, "too_large"))
        except Refused as error:
            why = "too_large" if error.reason is Reason.TOO_LARGE else "failed"
            await self._units.do(lambda unit: relay.refuse_file(unit, attachment, why, state="failed"))
        except DeliveryError as error:
            log.warning("files.fetch", attachment=attachment, error=error.detail)
            await self._units.do(lambda unit: _again(unit, row, outage=True))
        except Exception as error:  # noqa: BLE001 - one file's fault must not stop the others
            log.error("files.fault", attachment=attachment, error=type(error).__name__)
            await self._units.do(lambda unit: _again(unit, row))

    async def _store(self, row: Row) -> None:
        gateway = self._gateways.get(row["platform"])
        if gateway is None:
            raise NotSent("platform is off")
        about = await self._units.look(lambda unit: parcels.file_about(unit, row))
        limit = gateway.capabilities.download_limit
        place = Place(row["platform"], row["workspace"], "")
        kept = await self._units.look(lambda unit: attachments.get(unit.tx, row["copy_of"] or 0))
        # It came with words that were sent in another case first; there it may have waited, cleaned already.
        if kept is not None and kept["state"] in ("stored", "asking"):
            incoming = Incoming(self._blobs.open(CaseId(kept["case_id"]), kept["blob"]))
        else:
            incoming = Incoming(gateway.fetch(place, about.ref, limit))
        try:
            kind, stored = await take_in(
                self._blobs,
                CaseId(row["case_id"]),
                incoming,
                name=about.name,
                size=int(row["size"]),
                limit=limit,
                sound=row["kind"] in SOUND,
            )
        finally:
            await incoming.close()
        stored, telling = await looked_at(self._units, self._blobs, self._aside, CaseId(row["case_id"]), kind, stored)
        await self._units.do(lambda unit: _filed(unit, int(row["id"]), kind, stored, telling))
        self._pictures.begin(CaseId(row["case_id"]), kind, stored)


def _filed(unit: Unit, attachment: int, kind: FileType, stored: StoredBlob, telling: tuple[Field, ...]) -> None:
    """It is there; what named the patient in it is left out, and its sender is asked whether it may go so."""
    relay.file_stored(unit, attachment, kind, blob=stored.name, sha256=stored.sha256.hex(), size=stored.size)
    if telling:
        identity.hold(unit, attachment, telling)


class BlobFiles:
    """The gateways' `FileSource` over the blob store."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    def __call__(self, file: FileToSend) -> AsyncIterator[bytes]:
        """Chunks of the file, in order."""
        return self._blobs.open(file.case, file.blob)


def _lease(unit: Unit, limit: int) -> list[Row]:
    return attachments.lease_due(unit.tx, unit.now, unit.now + 15 * MINUTE, limit)


def _again(unit: Unit, row: Row, *, outage: bool = False) -> None:
    """Try once more; a platform that is down costs no try, and is waited for as long as it may keep the file."""
    age = unit.now - made_at(int(row["id"]))
    if age > KEPT if outage else int(row["attempts"]) >= unit.rules.fetch_attempts:
        relay.refuse_file(unit, int(row["id"]), "failed", state="failed")
    else:
        attachments.retry_at(unit.tx, int(row["id"]), unit.now + max(SECOND, backoff(unit.rules, row["attempts"])))
