"""What an operator may see of the service: people, cases, deliveries, the state of the database. Never content.

Plain queries over a `Tx`, so that they need neither a key nor the right to write. Moments leave as ISO 8601, UTC.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from bot.services import stuck
from storage import (
    accounts,
    cases,
    check_in_plan,
    covers,
    deliveries,
    inbox,
    incidents,
    keys,
    lanes,
    people,
    seats,
    settings,
)
from storage.engine.base import Tx
from storage.migrate import load, standing

Row = dict[str, Any]
LISTED = 1000
"""Deliveries shown at once."""
REACHABLE, NO_ACCOUNT, CLAIMED, BLOCKED, NOT_STARTED = "", "no_account", "claimed", "blocked", "not_started"
"""What `reach` answers."""


def moment(at: int | None) -> str | None:
    """µs since the epoch as "2027-06-14T10:02:03Z"."""
    return None if at is None else f"{datetime.fromtimestamp(at / 1_000_000, UTC):%Y-%m-%dT%H:%M:%SZ}"


def everybody(tx: Tx, now: int) -> list[Row]:
    """Everybody ever in the roster: role, practice, accounts, load against capacity, absence, hold."""
    loads = people.loads(tx)
    handles = {row["id"]: row["handle"] for row in people.everyone(tx)}
    away = {row["person_id"]: row for row in reversed(people.absences(tx, now)) if row["starts_at"] <= now}
    owned: dict[int, list[Row]] = {}
    for row in accounts.everyones(tx):
        owned.setdefault(row["person_id"], []).append(row)
    return [
        {
            "handle": row["handle"],
            "name": row["name"],
            "role": row["role"],
            "practice": row["practice"],
            "timezone": row["timezone"],
            "accounts": [_account(one) for one in owned.get(row["id"], ())],
            "reach": reach(owned.get(row["id"], [])),
            "load": loads.get(row["id"], 0),
            "capacity": row["capacity"] if row["role"] == "specialist" else None,
            "expertise": json.loads(row["expertise"]),
            "cover": handles.get(row["cover_id"]),
            "away_until": moment(away[row["id"]]["ends_at"]) if row["id"] in away else None,
            "locked": bool(row["locked"]),
            "listed": bool(row["listed"]),
        }
        for row in people.everyone(tx)
    ]


def reach(owned: list[Row]) -> str:
    """Why somebody with these accounts cannot be written to yet, "" if they can."""
    active = [row for row in owned if row["state"] == "active"]
    if not active:
        return CLAIMED if owned else NO_ACCOUNT
    # In a workspace the bot may write first; anywhere else the person has to.
    if any(row["reachable"] == 1 or (row["reachable"] is None and row["workspace"]) for row in active):
        return REACHABLE
    return BLOCKED if all(row["reachable"] == 0 for row in active) else NOT_STARTED


def every_case(tx: Tx, *, closed: bool) -> list[Row]:
    """Cases that are open, or all of them: who owes the next reply, what comes next, what is amiss."""
    return [_case(row) for row in cases.overview(tx, closed=closed)]


def one_case(tx: Tx, ref: str) -> Row | None:
    """One case with its people, the state of their rooms, check-ins and covers; None if there is none."""
    rows = cases.overview(tx, closed=True, ref=ref)
    if not rows:
        return None
    case_id = rows[0]["id"]
    return {
        **_case(rows[0]),
        "rooms": [_room(tx, seat) for seat in seats.living(tx, case_id)],
        "check_ins": [
            {"step": row["step"], "due": moment(row["due_at"])} for row in check_in_plan.upcoming(tx, case_id)
        ],
        "covers": [
            {
                "side": row["side"],
                "person": row["handle"],
                "from": moment(row["starts_at"]),
                "to": moment(row["ends_at"]),
                "state": row["state"],
            }
            for row in covers.of_case(tx, case_id)
        ],
    }


def outbox(tx: Tx, *, dead: bool) -> list[Row]:
    """Deliveries that are open or dead, and parked updates; with `dead` the dead and parked alone."""
    rows = [
        {
            "id": row["id"],
            "kind": row["kind"],
            "state": row["state"],
            "platform": row["platform"],
            "case": row["ref"],
            "message": row["no"],
            "attempts": row["attempts"],
            "queued": moment(row["queued_at"]),
            "paused": row["paused"],
            "error": row["error"],
        }
        for row in deliveries.listing(tx, dead_only=dead, limit=LISTED)
    ]
    parked = [
        {
            "id": row["id"],
            "kind": "inbox",
            "state": "parked",
            "platform": row["platform"],
            "case": None,
            "message": None,
            "attempts": row["attempts"],
            "queued": moment(row["received_at"]),
            "paused": "",
            "error": row["error"],
        }
        for row in inbox.dead(tx)
    ]
    return sorted(rows + parked, key=lambda row: (str(row["queued"]), row["id"]))


def facts(tx: Tx) -> Row:
    """What `doctor` and `db status` want to know of the database."""
    state = standing(tx, load())
    found: Row = {"database": tx.dialect.value, "applied": state.applied, "pending": state.pending}
    found["schema_problem"] = state.problem
    if state.pending or state.problem is not None:
        return found
    everyone = [row for row in everybody(tx, 0) if row["listed"]]
    return found | {
        "keys": {key_id: proof.hex() for key_id, proof in keys.proofs(tx).items()},
        "people": len(everyone),
        "unreachable": {row["handle"]: row["reach"] for row in everyone if row["reach"] and not row["locked"]},
        "dead": deliveries.count_failed(tx),
        "parked": len(inbox.dead(tx)),
        "incidents": [
            {"what": row["kind"] if row["kind"] in stuck.REASONS else "other", "subject": row["subject"]}
            for row in incidents.still_open(tx)
        ],
        "telegram_name": settings.get(tx, "telegram.username"),
    }


def _account(row: Row) -> Row:
    user = f"{row['workspace']}/{row['user_ref']}" if row["workspace"] else row["user_ref"]
    return {"platform": row["platform"], "user": user, "state": row["state"], "reachable": row["reachable"]}


def _case(row: Row) -> Row:
    owes = row[row["turn"]] if row["turn"] and row["state"] == "open" else None
    return {
        "ref": row["ref"],
        "state": row["state"],
        "urgency": row["urgency"],
        "practice": row["practice"],
        "dentist": row["dentist"],
        "specialist": row["specialist"],
        "owes_reply": owes,
        "owes_since": moment(row["turn_since"]) if owes else None,
        "answer_due": moment(row["answer_due"]),
        "plan_due": moment(row["plan_due"]),
        "offered_to": row["offered_to"],
        "offer_until": moment(row["offer_due_at"]),
        "next_check_in": moment(row["next_check_in"]),
        "event_on": row["event_on"],
        "messages": row["messages"],
        "on_the_way": row["on_way"],
        "failed": row["failed"],
        "rooms_held": row["held"],
        "opened": moment(row["created_at"]),
        "closed": moment(row["closed_at"]),
    }


def _room(tx: Tx, seat: Row) -> Row:
    lane = lanes.of_seat(tx, seat["id"])
    return {
        "side": seat["side"],
        "person": seat["person_name"],
        "platform": seat["platform"],
        "state": seat["state"],
        "why": seat["held_reason"] or (lane["paused"] if lane is not None else ""),
        "own_room": not seat["shared"],
    }
