"""Ids: 63-bit integers in time order, made by the program and never by the database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import NewType

PersonId = NewType("PersonId", int)
PracticeId = NewType("PracticeId", int)
AccountId = NewType("AccountId", int)
InviteId = NewType("InviteId", int)
AbsenceId = NewType("AbsenceId", int)
CaseId = NewType("CaseId", int)
OfferId = NewType("OfferId", int)
SeatId = NewType("SeatId", int)
MessageId = NewType("MessageId", int)
AttachmentId = NewType("AttachmentId", int)
HeldId = NewType("HeldId", int)
NoteId = NewType("NoteId", int)
InboxId = NewType("InboxId", int)
LaneId = NewType("LaneId", int)
DeliveryId = NewType("DeliveryId", int)
FormId = NewType("FormId", int)
CheckInId = NewType("CheckInId", int)
DraftId = NewType("DraftId", int)
BlobId = NewType("BlobId", int)

SERVICE = CaseId(0)
"""Stands where a case id is asked for and the matter is the service's own (audit entries, keys)."""

EPOCH = 1_704_067_200_000
"""Milliseconds at the start of 2024, UTC: 41 bits from here last until 2093."""
PROCESS_BITS = 12
COUNT_BITS = 10
_SHIFT = PROCESS_BITS + COUNT_BITS
_LAST_COUNT = (1 << COUNT_BITS) - 1
_LAST_MS = (1 << 41) - 1


class IdSource:
    """Makes ids: 41 bits of milliseconds, 12 of process number, 10 of count. Safe to call from any thread.

    Ids of one source always rise, even while the clock stands still or goes back. Two sources never meet
    while their process numbers differ: `storage.process.take_number` gives a new one at every start, so a
    clock set back before a restart cannot repeat an id either. Without a number one is drawn at random.
    """

    def __init__(self, now: Callable[[], int], randbits: Callable[[int], int], process: int | None = None) -> None:
        self._now = now
        self._randbits = randbits
        number = randbits(PROCESS_BITS) if process is None else process
        self._process = (number % (1 << PROCESS_BITS)) << COUNT_BITS
        self._ms = -1
        self._count = 0
        self._lock = threading.Lock()

    def new(self) -> int:
        """The next id, greater than every earlier one of this source."""
        ms = min(max(self._now() // 1000 - EPOCH, 0), _LAST_MS)
        with self._lock:
            if ms > self._ms:
                # A random start in the lower half: another line of defence, and neighbours cannot be counted.
                self._ms, self._count = ms, self._randbits(COUNT_BITS - 1)
            elif self._count < _LAST_COUNT:
                self._count += 1
            else:  # this millisecond is used up (or the clock stands still): borrow from the next
                self._ms, self._count = self._ms + 1, 0
            return self._ms << _SHIFT | self._process | self._count


def made_at(id_: int) -> int:
    """Microseconds since the epoch when `id_` was made, to the millisecond."""
    return ((id_ >> _SHIFT) + EPOCH) * 1000
