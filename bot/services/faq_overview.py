"""The library as it stands in the database, for the command line: files, what chat changed, what answers added."""

from __future__ import annotations

from typing import Any

from bot.domain.codec import dump
from bot.services import faq_library
from bot.services.unit import Unit
from storage import faq_entries

Row = dict[str, Any]


def standing(unit: Unit) -> Row:
    """Every entry in use as JSON, and the ids of those that are retired or whose case cannot be opened any more."""
    found = faq_library.standing(unit)
    closed = [
        row["id"] for row in faq_entries.newest(unit.tx) if row["state"] != "withdrawn" and row["id"] not in found
    ]
    return {
        "entries": [dump(entry).decode() for entry, active in found.values() if active],
        "retired": [entry.id for entry, active in found.values() if not active],
        "closed": closed,
    }
