"""What needs a coordinator's hand: by reason and age, in references and handles, never in words of a case."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services import standstill
from bot.services.unit import Unit
from storage import accounts, cases, deliveries, incidents, stuck

_ORDER = (
    "unassigned",
    "claimed",
    "waiting",
    "failed",
    "dead_letter",
    "late_reply",
    "late_plan",
    "late_records",
    "late_step",
    "check_in_unanswered",
    "past_event",
    "silent",
    "held_message",
    "blocked",
    "unreachable",
    "room_lost",
    "wrong_members",
    "access_revoked",
    "inbox_parked",
    "telegram_token_rejected",
    "telegram_conflict",
    "telegram_unreachable",
    "telegram_inbox_unavailable",
    "telegram_webhook_refused",
    "library",
    "cover",
    "no_practice",
    "invite_wanted",
    "new_account",
    "other",
)
REASONS = frozenset(_ORDER)
"""What `Stuck.what` may be."""
DEAD = 200


@dataclass(frozen=True, slots=True)
class Stuck:
    """One thing: a reason, the case, person or account it is about, and since when (µs)."""

    what: str
    subject: str
    since: int


def listing(unit: Unit) -> list[Stuck]:
    """Everything stuck, by reason, the oldest of each first."""
    found: dict[tuple[str, str], int] = {}

    def note(what: str, subject: str, since: int) -> None:
        key = (what if what in REASONS else "other", subject)
        found[key] = min(since, found.get(key, since))

    for row in cases.in_state(unit.tx, "unassigned"):
        note("unassigned", row["ref"], int(row["created_at"]))
    for row in cases.in_state(unit.tx, "waiting"):
        note("waiting", row["ref"], int(row["created_at"]))
    for row in accounts.claimed(unit.tx):
        note("claimed", row["handle"], int(row["claimed_at"]))
    for row in deliveries.listing(unit.tx, dead_only=True, limit=DEAD):
        note("failed", row["ref"] or row["platform"], int(row["queued_at"]))
    dead = {subject for what, subject in found if what == "failed"}
    resting = stuck.resting(unit.tx, unit.now)
    for what, subject, since in standstill.found(unit):
        note(what, subject, since)
    for row in incidents.still_open(unit.tx):
        said_above = row["kind"] == "unassigned" or (row["kind"] == "dead_letter" and row["subject"] in dead)
        if not said_above:
            note(row["kind"], row["subject"], int(row["opened_at"]))
    rows = [Stuck(*one, since) for one, since in found.items() if one not in resting]
    return sorted(rows, key=lambda one: (_ORDER.index(one.what), one.since, one.subject))
