"""What arrived, committed before anybody is told so: sealed bodies, keyed hashes for repeats, a poller's cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.events import InboundEvent, MessageReceived
from bot.domain.ids import SERVICE, InboxId, PersonId
from bot.ports.inbound import RawUpdate
from bot.services import notices
from bot.services.unit import Unit
from prompts.wording import say
from storage import accounts, inbox
from storage.errors import Corrupt, KeyGone

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Arrived:
    """An unhandled update, opened."""

    id: InboxId
    platform: str
    queue: str
    body: bytes | None
    """None where it cannot be opened."""


def store(unit: Unit, updates: Sequence[RawUpdate], cursor: tuple[str, str] | None) -> list[InboxId | None]:
    """Keep updates that were not seen before; one id per update, None for a repeat."""
    made: list[InboxId | None] = []
    for update in updates:
        if not is_new(unit, update):
            made.append(None)
            continue
        inbox_id = InboxId(unit.new_id())
        inbox.add(
            unit.tx,
            id=inbox_id,
            platform=update.platform,
            workspace=update.workspace,
            queue=update.queue,
            body=unit.seal(SERVICE, "inbox", "body_sealed", inbox_id, update.body),
            now=unit.now,
        )
        made.append(inbox_id)
    note_cursor(unit, cursor)
    return made


def is_new(unit: Unit, update: RawUpdate) -> bool:
    """Remember an update's keys; False where any of them was seen before."""
    hashes = [bytes.fromhex(unit.hash("inbox", update.platform, update.workspace, key)) for key in update.keys]
    return inbox.first_time(unit.tx, hashes, unit.now)


def note_cursor(unit: Unit, cursor: tuple[str, str] | None) -> None:
    """Commit a poller's cursor with the updates it covers."""
    if cursor is not None:
        inbox.set_cursor(unit.tx, *cursor, unit.now)


def pending(unit: Unit, limit: int) -> list[Arrived]:
    """Unhandled updates in arrival order, at most `limit` of each queue."""
    return [
        Arrived(
            InboxId(row["id"]),
            row["platform"],
            row["queue"],
            _body(unit, row),
        )
        for row in inbox.pending(unit.tx, limit)
    ]


def _body(unit: Unit, row: Row) -> bytes | None:
    try:
        return unit.unseal(SERVICE, "inbox", "body_sealed", row["id"], row["body_sealed"])
    except (Corrupt, KeyGone, TypeError):
        return None


def failed(unit: Unit, inbox_id: InboxId, platform: str, error: str, event: InboundEvent | None = None) -> str:
    """Count a failed try; after the last one the update is parked, and its sender and the coordinators learn of it."""
    state = inbox.failed(unit.tx, inbox_id, error, unit.rules.poison_attempts)
    if state == "dead":
        unit.audit(SERVICE, "service", "inbox.parked", inbox=inbox_id, error=error)
        notices.alert(unit, "inbox_parked", platform)
        if event is not None:
            tell_sender(unit, event)
    return state


def tell_sender(unit: Unit, event: InboundEvent) -> None:
    """Say where the person is that what they just did had no effect. Strangers are told nothing."""
    sender = event.origin.sender
    account = None if sender is None else accounts.find(unit.tx, sender.platform, sender.workspace, sender.user)
    if account is None or account["state"] not in ("active", "claimed"):
        return
    words = say("inbox.not_done")
    if isinstance(event, MessageReceived):
        quoted = event.body.first_line(80).text or say("held.a_file")
        words = say("inbox.not_taken", quoted=quoted)
    notices.to_place_of(unit, PersonId(account["person_id"]), event.origin, words)
