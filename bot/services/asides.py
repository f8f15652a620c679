"""What a sender is told beside a message: once who reads it and where, and once a kind what could not go along.

The ledger of losses: nothing is lost in silence, and nothing is said twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.domain.degradation import UNTOLD, degrade
from bot.domain.events import FileKind
from bot.domain.richtext import RichText
from bot.services import notices
from bot.services.unit import Unit
from prompts.wording import say
from storage import losses, seats

Row = dict[str, Any]
SILENT = frozenset(step.value for step in UNTOLD) | {"file_renamed", "not_carried"}
"""Counted only: a reader misses nothing by it, or its sender is told each time in words of its own."""


def passed_on(unit: Unit, author: Row, target: Row, body: RichText, files: Sequence[Row] = ()) -> None:
    """A message was queued for the other side."""
    _say_where(unit, author, target)
    edited(unit, author, target, body)
    capabilities = unit.capabilities[target["platform"]]
    if capabilities.compresses_photos:
        shrunk = [
            one for one in files if one["kind"] == FileKind.PHOTO and int(one["size"]) <= capabilities.photo_limit
        ]
        lost(unit, author, [("photo_shrunk", len(shrunk))], target)


def edited(unit: Unit, author: Row, target: Row, body: RichText) -> None:
    """What a message says, or says by now, is shown on the other side as well as its app can."""
    found = degrade(body, target["platform"]).losses
    lost(unit, author, [(one.step.value, one.count) for one in found], target)


def lost(unit: Unit, author: Row, found: Iterable[tuple[str, int]], target: Row | None = None) -> None:
    """Count what was lost of somebody's words, by kind, and tell them of each kind once in a case."""
    case_id, person_id = author["case_id"], author["person_id"]
    news = [
        kind
        for kind, times in found
        if times and losses.count(unit.tx, case_id, person_id, kind, times, unit.now) and kind not in SILENT
    ]
    if not news or author["state"] not in ("opening", "open"):
        return
    label = unit.capabilities[target["platform"]].label if target is not None else ""
    words = [say(f"loss.kind.{kind}", platform=label) for kind in news]
    notices.to_seat(unit, author, "\n".join([*words, say("loss.once")]), silent=True)


def _say_where(unit: Unit, author: Row, target: Row) -> None:
    """Once per seat, with its first message: who reads what is typed here, and where, and what the mark means."""
    if author["told_where"] or author["state"] not in ("opening", "open"):
        return
    seats.set_told_where(unit.tx, author["id"])
    label = unit.capabilities[target["platform"]].label
    mark = unit.capabilities[author["platform"]].delivered_mark
    words = say("relay.goes_to", name=target["person_name"], platform=label)
    notices.to_seat(unit, author, f"{words} {say('relay.mark', mark=mark)}", silent=True)
