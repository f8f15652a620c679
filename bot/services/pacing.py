"""Pacing: a leaky bucket (GCRA) per chat and per bot, in the claiming transaction; a 429 overrides it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bot.domain.rules import SECOND
from bot.services.unit import Unit
from storage import lanes

Row = dict[str, Any]
Bot = tuple[str, str]
"""Platform and workspace."""


def earliest(tat: int, rate: float, burst: int) -> int:
    """When a bucket whose theoretical arrival time is `tat` (µs) admits the next send at `rate` per second."""
    interval = round(SECOND / rate)
    return tat - (max(burst, 1) - 1) * interval


def after(tat: int, now: int, rate: float) -> int:
    """The bucket's arrival time once a send at `now` is admitted."""
    return max(tat, now) + round(SECOND / rate)


@dataclass(slots=True)
class _Bucket:
    """One chat's or one bot's; `rate` 0: not counted."""

    chat: str
    tat: int
    blocked_until: int
    rate: float
    burst: int

    @property
    def opens(self) -> int:
        """When it admits the next send (µs)."""
        return max(self.blocked_until, earliest(self.tat, self.rate, self.burst) if self.rate else 0)

    def take(self, now: int) -> None:
        """Count a send."""
        if self.rate:
            self.tat = after(self.tat, now, self.rate)


@dataclass(slots=True)
class Buckets:
    """What one claim may take from chats and bots; a bot's bucket is read once, and written back once by `save`."""

    unit: Unit
    under_way: Counter[Bot] = field(default_factory=Counter)
    """Sends of each bot that have been claimed and are not settled."""
    _bots: dict[Bot, _Bucket] = field(default_factory=dict)
    _taken: set[Bot] = field(default_factory=set)

    def full(self) -> dict[Bot, int]:
        """The bots met so far that admit nothing now, and when each does again (µs); 0: when a send has ended."""
        opens = {bot: bucket.opens for bot, bucket in self._bots.items()}
        return {
            bot: 0 if self._crowded(bot) else at
            for bot, at in opens.items()
            if self._crowded(bot) or at > self.unit.now
        }

    def closed(self, lane: Row) -> bool:
        """Whether the lane's bot admits nothing now. The lane is left as it is: its turn is when it became ready."""
        return self._bot(lane).opens > self.unit.now or self._crowded(_bot_of(lane))

    def _crowded(self, bot: Bot) -> bool:
        return self.unit.rules.pacing and self.under_way[bot] >= self.unit.capabilities[bot[0]].per_bot_under_way

    def admit(self, lane: Row, *, chat: str) -> bool:
        """Take a place in the chat's and the bot's buckets, or leave the lane waiting until the chat has one.

        An empty chat stands for one that is not known yet: the bot's bucket alone counts.
        """
        if self.closed(lane):
            return False
        if chat and self.unit.capabilities[lane["platform"]].per_chat_rate > 0:
            bucket = self._read(lane, chat)
            if bucket.opens > self.unit.now:
                lanes.wait(self.unit.tx, lane["id"], bucket.opens, failed=False)
                return False
            bucket.take(self.unit.now)
            self._write(_bot_of(lane), bucket)
        self._bot(lane).take(self.unit.now)
        self._taken.add(_bot_of(lane))
        self.under_way[_bot_of(lane)] += 1
        return True

    def save(self) -> None:
        """Write down what was taken from the bots."""
        for bot in sorted(self._taken):
            self._write(bot, self._bots[bot])

    def _bot(self, lane: Row) -> _Bucket:
        bot = _bot_of(lane)
        if bot not in self._bots:
            self._bots[bot] = self._read(lane, "")  # the empty chat stands for the bot as a whole
        return self._bots[bot]

    def _read(self, lane: Row, chat: str) -> _Bucket:
        able, now = self.unit.capabilities[lane["platform"]], self.unit.now
        rate, burst = (able.per_chat_rate, able.per_chat_burst) if chat else (able.per_bot_rate, able.per_bot_burst)
        if rate <= 0:
            return _Bucket(chat, 0, 0, 0, 0)
        row = lanes.pace(self.unit.tx, lane["platform"], lane["workspace"], chat)
        tat = int(row["tat"])
        if tat > now + burst * round(SECOND / rate):  # fuller than it can be: the clock was put back since
            tat = now
        if int(row["burst_cut_until"]) > now:
            # several lanes may end in a chat: once it was refused, none tries before another has been told to wait
            burst = 1
        return _Bucket(chat, tat, int(row["blocked_until"]), rate if self.unit.rules.pacing else 0, burst)

    def _write(self, bot: Bot, bucket: _Bucket) -> None:
        if bucket.rate:
            lanes.set_tat(self.unit.tx, *bot, bucket.chat, bucket.tat)


def _bot_of(lane: Row) -> Bot:
    return lane["platform"], lane["workspace"]


def blocked(unit: Unit, platform: str, workspace: str, chat: str, retry_after: float) -> None:
    """The platform answered 429 for this chat: wait as long as it says, then go more gently for a while."""
    until = unit.now + round(retry_after * SECOND)
    lanes.block_chat(unit.tx, platform, workspace, chat, until, until + unit.rules.burst_cut)
