"""The figures of `chairside report`: how cases go and how the service serves, never a word of what is said in one.

Dentists are in no figure by themselves: nobody is ranked here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from statistics import mean, median
from typing import Any

from bot.domain.drafts import Origin
from bot.domain.rules import HOUR, SECOND
from storage import reports
from storage.engine.base import Tx

Row = dict[str, Any]
USUAL_REFINEMENTS = 2.5
"""Refinement scans a case: Kravitz and others, AJO-DO 2023;163(4):526-530."""
PAGE = 5_000


def figures(tx: Tx, now: int) -> Row:
    """All of it, as JSON can say it; a figure that nothing was counted for is None."""
    return {
        "at": f"{datetime.fromtimestamp(now / 1_000_000, UTC):%Y-%m-%dT%H:%M:%SZ}",
        "cases": _cases(reports.cases(tx)),
        "replies": _replies(_answers(_said(tx))),
        "check_ins": _check_ins(reports.check_ins(tx)),
        "drafts": _drafts(reports.drafts(tx)),
        "load": load(tx, now),
    }


def load(tx: Tx, now: int) -> list[Row]:
    """Each listed specialist: open cases, capacity, whether they are away."""
    return [
        {
            "handle": row["handle"],
            "name": row["name"],
            "open": int(row["open_cases"]),
            "capacity": int(row["capacity"]),
            "away": bool(row["away"]),
        }
        for row in reports.loads(tx, now)
    ]


def _cases(rows: list[Row]) -> Row:
    had = [int(row["refinements"]) for row in rows]
    return {
        "by_state": dict(sorted(Counter(str(row["state"]) for row in rows).items())),
        "counted": len(rows),
        "refinements_per_case": round(mean(had), 2) if had else None,
        "refinements_usual": USUAL_REFINEMENTS,
        "by_refinements": {str(number): had.count(number) for number in sorted(set(had))},
        "mid_course_corrections": sum(int(row["corrections"]) for row in rows),
    }


def _said(tx: Tx) -> Iterator[Row]:
    after = (0, 0)
    while rows := reports.said(tx, after, PAGE):
        yield from rows
        after = int(rows[-1]["case_id"]), int(rows[-1]["no"])


def _answers(said: Iterable[Row]) -> Iterator[tuple[int, int]]:
    """(when asked, µs until answered): the dentist's first unanswered message, and the specialist's next."""
    case, asked = 0, None
    for row in said:
        if row["case_id"] != case:
            case, asked = row["case_id"], None
        if row["side"] == "dentist":
            asked = int(row["said_at"]) if asked is None else asked
        elif asked is not None:
            yield asked, max(int(row["said_at"]) - asked, 0)
            asked = None


def _replies(answers: Iterable[tuple[int, int]]) -> Row:
    months: dict[str, list[float]] = {}
    for asked, took in answers:
        months.setdefault(_month(asked), []).append(took / HOUR)
    every = [hours for month in months.values() for hours in month]
    return {
        **_spread(every),
        "by_month": [{"month": month, **_spread(hours)} for month, hours in sorted(months.items())],
    }


def _spread(hours: list[float]) -> Row:
    """Median and ninth tenth in hours by the clock, nights and weekends included."""
    ordered = sorted(hours)
    ninth = ordered[min(int(len(ordered) * 0.9), len(ordered) - 1)] if ordered else None
    return {
        "counted": len(ordered),
        "median_hours": round(median(ordered), 2) if ordered else None,
        "p90_hours": None if ninth is None else round(ninth, 2),
    }


def _check_ins(rows: list[Row]) -> Row:
    months: dict[str, list[bool]] = {}
    for row in rows:
        months.setdefault(_month(int(row["asked_at"])), []).append(row["answered_at"] is not None)
    answered = [int(row["answered_at"]) - int(row["asked_at"]) for row in rows if row["answered_at"] is not None]
    return {
        "asked": len(rows),
        "answered": len(answered),
        "answered_share": round(len(answered) / len(rows), 3) if rows else None,
        "median_hours": round(median(answered) / HOUR, 2) if answered else None,
        "by_month": [
            {"month": month, "asked": len(said), "answered": sum(said)} for month, said in sorted(months.items())
        ],
    }


def _drafts(cards: list[Row]) -> Row:
    """Cards that began as a draft; what a specialist wrote below one of their own accord is counted apart.

    Facts of a case that were brought up to date are no change of the specialist's.
    """
    rows = [row for row in cards if row["began"] != Origin.TYPED]
    sent = [row for row in rows if row["state"] == "approved"]
    seen = [row for row in rows if row["state"] in ("approved", "dismissed", "answering")]
    dwell = [int(row["dwell"]) / SECOND for row in seen if row["dwell"] is not None]
    edited = [row for row in sent if row["origin"] in (Origin.EDITED, Origin.TYPED)]
    ends = Counter(row["state"] for row in seen)
    return {
        "offered": len(rows),
        "approved_as_shown": len(sent) - len(edited),
        "approved_edited": len(edited),
        "dismissed": ends["dismissed"],
        "answered_otherwise": ends["answering"],
        "void": len(rows) - len(seen),
        "own_replies": sum(row["state"] == "approved" for row in cards if row["began"] == Origin.TYPED),
        "acceptance": round(len(sent) / len(seen), 3) if seen else None,
        "median_words_changed": median(int(row["distance"]) for row in edited) if edited else None,
        "median_dwell_seconds": round(median(dwell), 1) if dwell else None,
    }


def _month(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1_000_000, UTC):%Y-%m}"
