"""Pacing: a leaky bucket (GCRA) per chat and per bot, in the claiming transaction; a 429 overrides it."""

from __future__ import annotations

from typing import Any

from bot.domain.rules import SECOND
from bot.services.unit import Unit
from storage import lanes

Row = dict[str, Any]


def earliest(tat: int, rate: float, burst: int) -> int:
    """When a bucket whose theoretical arrival time is `tat` (µs) admits the next send at `rate` per second."""
    interval = round(SECOND / rate)
    return tat - (max(burst, 1) - 1) * interval


def after(tat: int, now: int, rate: float) -> int:
    """The bucket's arrival time once a send at `now` is admitted."""
    return max(tat, now) + round(SECOND / rate)


def admit(unit: Unit, lane: Row, *, chat: str) -> bool:
    """Take a place in the chat's and the bot's buckets, or leave the lane waiting until there is one."""
    platform, workspace = lane["platform"], lane["workspace"]
    capabilities = unit.capabilities[platform]
    wait_until = 0
    admitted: list[tuple[str, int]] = []
    # the empty chat stands for the bot as a whole
    for key, rate, most in (
        (chat, capabilities.per_chat_rate, capabilities.per_chat_burst),
        ("", capabilities.per_bot_rate, capabilities.per_bot_burst),
    ):
        if rate <= 0 or (key == "" and admitted and admitted[0][0] == ""):
            continue
        row = lanes.pace(unit.tx, platform, workspace, key)
        wait_until = max(wait_until, int(row["blocked_until"]))
        if unit.rules.pacing:
            # several lanes may end in a chat: once it was refused, none tries before another has been told to wait
            burst = 1 if int(row["burst_cut_until"]) > unit.now else most
            tat = int(row["tat"])
            if tat > unit.now + most * round(SECOND / rate):  # fuller than it can be: the clock was put back since
                tat = unit.now
            wait_until = max(wait_until, earliest(tat, rate, burst))
            admitted.append((key, after(tat, unit.now, rate)))
    if wait_until > unit.now:
        lanes.wait(unit.tx, lane["id"], wait_until, failed=False)
        return False
    for key, tat in admitted:
        lanes.set_tat(unit.tx, platform, workspace, key, tat)
    return True


def blocked(unit: Unit, platform: str, workspace: str, chat: str, retry_after: float) -> None:
    """The platform answered 429 for this chat: wait as long as it says, then go more gently for a while."""
    until = unit.now + round(retry_after * SECOND)
    lanes.block_chat(unit.tx, platform, workspace, chat, until, until + unit.rules.burst_cut)
