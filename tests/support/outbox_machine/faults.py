"""Faults to plant in the product: each takes one guard away, as a careless change might."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.rules import Rules
from bot.services import bundles, corrections, dispatch, pacing, parcels, settle
from bot.services.claims import Claim, Step
from bot.services.heads import Heads
from storage import deliveries, lanes, messages
from tests.support.outbox_machine import world

Plant = Callable[[pytest.MonkeyPatch], None]


def any_fence_holds(patch: pytest.MonkeyPatch) -> None:
    """Whoever once held a lane may still settle it."""
    settled = lanes.settled

    def whoever(tx: Any, lane: int, _fence: int, _seq: int, now: int, **said: bool) -> Any:
        row = lanes.get(tx, lane)
        return None if row is None else settled(tx, lane, row["epoch"], row["head_seq"], now, **said)

    patch.setattr(lanes, "settled", whoever)
    patch.setattr(lanes, "holds", lambda *args: True)


def nobody_is_asked(patch: pytest.MonkeyPatch) -> None:
    """A send in doubt goes again, without a look-up."""
    send = dispatch._send

    def at_once(*args: Any) -> Claim | None:
        claim = send(*args)
        return claim if claim is None else dataclasses.replace(claim, step=Step.SEND)

    patch.setattr(dispatch, "_send", at_once)


def asked_too_soon(patch: pytest.MonkeyPatch) -> None:
    """The platform is asked while the request may still be under way."""
    patch.setattr(world, "RULES", Rules(pacing=False, find_grace=0))


def repeats_are_silent(patch: pytest.MonkeyPatch) -> None:
    """A repeat does not say that it is one."""
    dress = dispatch._dress
    patch.setattr(dispatch, "_dress", lambda *args, repeat: dress(*args[:3], {**args[3], "repeated": 0}, *args[4:],
                                                                  repeat=False))  # fmt: skip


def doubt_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    """What may have been sent is queued as if it had not."""
    patch.setattr(deliveries, "mark_uncertain", deliveries.mark_queued)


def a_failed_try_is_the_last(patch: pytest.MonkeyPatch) -> None:
    """The lane goes on after a send that did not happen."""
    wait = lanes.wait

    def on(tx: Any, lane: int, until: int, *, failed: bool) -> None:
        if failed:
            lanes.advance(tx, lane, until)
        else:
            wait(tx, lane, until, failed=failed)

    patch.setattr(lanes, "wait", on)


def old_parties_are_served(patch: pytest.MonkeyPatch) -> None:
    """What was queued for former parties goes all the same."""
    stale = parcels.stale
    patch.setattr(parcels, "stale", lambda row, seat: stale({**row, "case_epoch": 0}, seat))
    patch.setattr(deliveries, "void_open", lambda *args, **more: [])


def withdrawn_goes_out(patch: pytest.MonkeyPatch) -> None:
    """What is taken back before it was sent is sent."""
    void = deliveries.mark_void
    patch.setattr(
        deliveries, "mark_void", lambda tx, id_, now, why: None if why == "withdrawn" else void(tx, id_, now, why)
    )


def withdrawn_in_doubt_is_tried_again(patch: pytest.MonkeyPatch) -> None:
    """What was taken back while in doubt goes once more."""
    patch.setattr(parcels, "taken_back", lambda *args: False)


def leases_end_at_once(patch: pytest.MonkeyPatch) -> None:
    """A lane may be claimed while somebody sends from it."""
    lease = lanes.lease
    patch.setattr(lanes, "lease", lambda tx, taken, until, owner: lease(tx, taken, until - 119_900_000, owner))


def what_is_queued_wakes_a_leased_lane(patch: pytest.MonkeyPatch) -> None:
    """A new delivery makes its lane ready, whoever holds it."""
    lengthen = lanes.lengthen

    def wake(tx: Any, lane: int, now: int) -> None:
        tx.execute("UPDATE lane SET ready_at = NULL WHERE id = :lane", {"lane": lane})
        lengthen(tx, lane, now)

    patch.setattr(lanes, "lengthen", wake)


def a_first_part_is_the_whole(patch: pytest.MonkeyPatch) -> None:
    """A message counts as delivered with its first part."""
    settling = messages.settling

    def alone(tx: Any, message: int, delivery: int) -> Any:
        row = settling(tx, message, delivery)
        return None if row is None else {**row, "others": 0}

    patch.setattr(messages, "settling", alone)


def dead_letters_are_silent(patch: pytest.MonkeyPatch) -> None:
    """Nobody is told of what was parked."""
    patch.setattr(parcels, "failed", lambda *args: None)


def gaps_are_silent(patch: pytest.MonkeyPatch) -> None:
    """What follows a lost message does not say so."""
    patch.setattr(lanes, "set_gap", lambda *args: None)


def paused_lanes_go_on(patch: pytest.MonkeyPatch) -> None:
    """A lane that was stopped is looked at with the next delivery."""
    lengthen = lanes.lengthen

    def on(tx: Any, lane: int, now: int) -> None:
        lengthen(tx, lane, now)
        tx.execute("UPDATE lane SET ready_at = COALESCE(ready_at, :now) WHERE id = :lane", {"lane": lane, "now": now})

    patch.setattr(lanes, "lengthen", on)


def a_429_is_only_an_error(patch: pytest.MonkeyPatch) -> None:
    """The chat is not kept from being asked again."""
    patch.setattr(pacing, "blocked", lambda *args: None)


def a_clock_put_back_is_believed(patch: pytest.MonkeyPatch) -> None:
    """A lane that waits for a time long gone waits for it."""
    ready = lanes.ready
    patch.setattr(lanes, "ready", lambda tx, now, far, limit, full: ready(tx, now, 1 << 62, limit, full))


def files_follow_later(patch: pytest.MonkeyPatch) -> None:
    """A post goes without the file it has to wait for."""
    patch.setattr(bundles, "with_files", lambda *args: args[-1])


def late_letters_overtake(patch: pytest.MonkeyPatch) -> None:
    """A delivery takes the place of the one before it."""
    patch.setattr(Heads, "delivery", lambda heads, lane, seq: _newest_first(heads.unit.tx, lane["id"], seq))


def _newest_first(tx: Any, lane: int, seq: int) -> Any:
    return tx.one(
        """SELECT * FROM delivery WHERE lane_id = :lane AND seq >= :seq AND state = 'queued'
           ORDER BY seq DESC LIMIT 1""",
        {"lane": lane, "seq": seq},
    ) or tx.one("SELECT * FROM delivery WHERE lane_id = :lane AND seq = :seq", {"lane": lane, "seq": seq})


def retries_leave_the_letter_dead(patch: pytest.MonkeyPatch) -> None:
    """A message that is tried again still says it failed, and one that is not says it waits."""
    patch.setattr(corrections, "resend", lambda unit, row: settle.messages.set_state(unit.tx, row["id"], "waiting", 0))


PLANTS: tuple[Plant, ...] = (
    any_fence_holds,
    nobody_is_asked,
    asked_too_soon,
    repeats_are_silent,
    doubt_is_forgotten,
    a_failed_try_is_the_last,
    old_parties_are_served,
    withdrawn_goes_out,
    withdrawn_in_doubt_is_tried_again,
    leases_end_at_once,
    what_is_queued_wakes_a_leased_lane,
    a_first_part_is_the_whole,
    dead_letters_are_silent,
    gaps_are_silent,
    paused_lanes_go_on,
    a_429_is_only_an_error,
    a_clock_put_back_is_believed,
    files_follow_later,
    late_letters_overtake,
    retries_leave_the_letter_dead,
)
AT_REST = frozenset({a_clock_put_back_is_believed})
"""What only shows when everything has gone that can."""
SLOW = frozenset({any_fence_holds, withdrawn_in_doubt_is_tried_again})
"""What takes some thousand steps to find; the long run looks for it."""
QUICK: tuple[Plant, ...] = tuple(plant for plant in PLANTS if plant not in SLOW)
