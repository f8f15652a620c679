"""What Chairside is doing, as data for the page: cases and their dates, drafts, deliveries, record; no words said."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.web.pictures import plan_of
from bot.services import overview
from bot.services.unit import Unit
from storage import audit, deliveries, drafts, people

JSON = dict[str, Any]
LONGEST = 10**12
SHOWN = 60
"""Rows of each list, the newest first."""


def view(unit: Unit) -> JSON:
    """One look at the database; moments in µs."""
    everyone = people.everyone(unit.tx)
    names = {row["id"]: row["name"] for row in everyone}
    called = {row["handle"]: row["name"] for row in everyone}
    return {
        "cases": [
            row
            | {key: called.get(row[key]) for key in ("dentist", "specialist", "owes_reply")}
            | {"picture": _picture(unit, row["ref"])}
            for row in overview.every_case(unit.tx, closed=True)
        ],
        "deliveries": [
            {
                "id": str(row["id"]),
                "kind": row["kind"],
                "state": row["state"],
                "platform": row["platform"],
                "case": row["ref"],
                "message": row["no"],
                "card": row["card"].partition(":")[0],
                "attempts": row["attempts"],
                "error": row["error"],
                "at": row["settled_at"] or row["queued_at"],
            }
            for row in deliveries.latest(unit.tx, SHOWN)
        ],
        "drafts": [
            {
                "id": str(row["id"]),
                "case": row["ref"],
                "no": row["no"],
                "topic": row["topic"],
                "state": row["state"],
                "at": row["settled_at"] or row["made_at"],
            }
            for row in drafts.latest(unit.tx, SHOWN)
        ],
        "record": [
            {
                "case": row["ref"],
                "seq": row["seq"],
                "at": row["at"],
                "actor": _actor(row["actor"], names),
                "action": row["action"],
                "details": _shortened(json.loads(row["details"])),
                "hash": bytes(row["hash"]).hex()[:8],
            }
            for row in audit.latest(unit.tx, SHOWN)
        ],
    }


def _picture(unit: Unit, ref: str) -> JSON | None:
    plan = plan_of(unit, ref)
    return None if plan is None else {"key": plan.key, "words": plan.words}


def _shortened(details: JSON) -> JSON:
    """Without the lists that are empty, and with ids by their last digits: a browser's numbers do not hold them."""
    return {key: _end(value) for key, value in details.items() if value not in (None, "", [], {})}


def _end(value: Any) -> Any:
    if isinstance(value, int) and value > LONGEST:
        return f"…{value % 10_000:04d}"
    return [_end(one) for one in value] if isinstance(value, list) else value


def _actor(actor: str, names: dict[int, str]) -> str:
    """`person:12` by name; everything else as it stands."""
    kind, _, number = actor.partition(":")
    return names.get(int(number), actor) if kind == "person" and number.isdigit() else actor
