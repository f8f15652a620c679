"""What a claim is: the head of one lane, leased to a worker that sends it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.addresses import Account, Place
from bot.domain.ids import CaseId, DeliveryId, LaneId, MessageId, SeatId
from bot.domain.outbound import Payload


class Step(StrEnum):
    """What a worker does with a claim."""

    OPEN_ROOM = "open_room"
    SEND = "send"
    FIND = "find"
    """A send in doubt: ask the platform first."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The head of one lane, leased: all a worker needs, and the fence its settlement must show."""

    step: Step
    lane: LaneId
    fence: int
    owner: Account
    seat: SeatId | None
    place: Place | None
    """None for an account lane whose private chat is not known yet."""
    delivery: DeliveryId | None = None
    seq: int = 0
    """Its place in the lane."""
    case: CaseId | None = None
    kind: str = ""
    message: MessageId | None = None
    part: int = 0
    """The message it carries, or a part of it."""
    payload: Payload | None = None
    native: str = ""
    """The message an edit, delete or pin is about."""
    more: tuple[str, ...] = ()
    """What else it stands as, to be deleted with it."""
    reply_to: str | None = None
    resume: str = ""
    since: int = 0
    attempts: int = 0
    room_name: str = ""
    room_title: str = ""

    @property
    def tag(self) -> str:
        """Our opaque delivery id, as platforms see it."""
        return f"{self.delivery or 0:x}"


@dataclass(frozen=True, slots=True)
class Claimed:
    """What may be sent now, and when to look again (µs; None when nothing waits)."""

    claims: tuple[Claim, ...]
    next_at: int | None
    crowded: bool = False
    """Something is kept back until a request under way has ended."""
