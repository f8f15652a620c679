"""The heads of many lanes at once: what one claim reads of them and what it commits, in a few statements for all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from bot.services.unit import Unit
from storage import deliveries, lanes, seats

Row = dict[str, Any]


@dataclass(slots=True)
class Heads:
    """The lanes that one claim looks at; `save` before they are read again, and at the end."""

    unit: Unit
    worker: str
    lost: set[int] = field(default_factory=set)
    """Deliveries that were taken and may not leave after all: their lanes are looked at again after the lease."""
    _deliveries: dict[int, Row] = field(default_factory=dict)
    _seats: dict[int, Row] = field(default_factory=dict)
    _leased: list[tuple[int, int]] = field(default_factory=list)
    _sending: list[tuple[int, bool]] = field(default_factory=list)

    def ready(self, limit: int, full: Collection[tuple[str, str]]) -> list[Row]:
        """The lanes whose head may go, see `lanes.ready`; what `put_back` put off too far is among them."""
        unit = self.unit
        far = unit.now + unit.rules.put_back
        rows = lanes.ready(unit.tx, unit.now, far, limit, full)
        self._deliveries, self._seats = {}, {}
        if len(rows) > 1:  # what belongs to one lane is read by itself for less
            self._deliveries, self._seats = lanes.heads(unit.tx, unit.now, far, limit, full)
        return rows

    def delivery(self, lane: Row, seq: int) -> Row | None:
        """What stands at this place of a lane."""
        found = self._deliveries.get(lane["id"])
        if found is not None and found["seq"] == seq:
            return found
        return deliveries.head(self.unit.tx, lane["id"], seq)

    def seat(self, lane: Row) -> Row | None:
        """The seat whose lane it is; None for an account's own."""
        if lane["seat_id"] is None:
            return None
        return self._seats.get(lane["seat_id"]) or seats.get(self.unit.tx, lane["seat_id"])

    def lease(self, lane: Row) -> int:
        """The lane is this worker's for a while; the fence that its settlement must show."""
        fence = int(lane["epoch"]) + 1
        self._leased.append((lane["id"], fence))
        return fence

    def sends(self, delivery: Row, *, repeated: bool) -> None:
        """A request is about to leave."""
        self._sending.append((delivery["id"], repeated))

    def save(self) -> None:
        """Commit what was taken with this unit."""
        unit = self.unit
        self.lost |= deliveries.mark_sending(unit.tx, self._sending, unit.now)
        lanes.lease(unit.tx, self._leased, unit.now + unit.rules.lease, self.worker)
        self._sending, self._leased = [], []
