"""The timeline as a picture: what is to be drawn, in words and dates, and the same as a text for who cannot see it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any, Final

from bot.domain.dates import spoken
from bot.domain.timeline import Milestone, MilestoneKind, Span, Timeline
from prompts.wording import say

_MARKS: Final = {
    MilestoneKind.IPR: ("D", "orange"),
    MilestoneKind.ATTACHMENT: ("s", "purple"),
    MilestoneKind.REVIEW: ("o", "green"),
}
"""Shape and colour of visits; each sort has a row of its own."""
_MARGIN = timedelta(days=6)


def drawing(made: Timeline, ref: str, today: date) -> bytes:
    """All that `bot.workers.aside.timeline` draws, as JSON."""
    visits = [_visits(made, kind, today) for kind in _MARKS]
    ends = [made.finish_late, today, *([made.event_on] if made.event_on else [])]
    begins = [made.milestones[0].on, today]
    plan: dict[str, Any] = {
        "title": say("picture.title", ref=ref),
        "subtitle": _subtitle(made, today),
        "from": (min(begins) - _MARGIN).isoformat(),
        "to": (max(ends) + _MARGIN).isoformat(),
        "today": {"on": today.isoformat(), "label": say("picture.today", date=_short(today))},
        "rows": [
            *_aligner_rows(made),
            *(row for row in visits if row["marks"]),
            _refinement_row(made, today),
            _finish_row(made),
        ],
        "notes": [*_notes(made), say("picture.shapes")],
    }
    if made.event_on is not None:
        near = abs((made.event_on - today).days) * 8 < (max(ends) - min(begins)).days * 3
        label = say("picture.event", date=_short(made.event_on))
        plan["event"] = {"on": made.event_on.isoformat(), "label": label, "lift": 17 if near else 3}
    return json.dumps(plan, ensure_ascii=False).encode()


def words(made: Timeline, ref: str, today: date) -> str:
    """What the picture shows, for whoever cannot see it."""
    parts = [say("picture.title", ref=ref) + ".", _subtitle(made, today) + "."]
    for span in made.spans:
        parts.append(
            say(
                "picture.said.first" if span.number == 0 else "picture.said.refinement",
                upper=span.upper,
                lower=span.lower,
                start=spoken(span.begins_on),
                end=spoken(span.ends_on),
            )
        )
    for kind in (*_MARKS, MilestoneKind.REFINEMENT_SCAN):
        days = [_short(one.on) for one in made.of(kind)]
        if days:
            parts.append(say(f"picture.said.{kind}", dates=days))
    return " ".join([*parts, *_notes(made)])


def _subtitle(made: Timeline, today: date) -> str:
    worn = made.aligner_on(today)
    version = say("picture.version", version=made.version) if made.version else say("picture.no_version")
    if worn is None:
        return version
    span = made.spans[worn[0]]
    most = max(span.upper, span.lower)
    return f"{version} · {say('picture.worn', aligner=worn[1], most=most)}"


def _notes(made: Timeline) -> list[str]:
    notes = [say("picture.finish", finish=spoken(made.predicted_finish), late=spoken(made.finish_late))]
    if made.event_on is not None and made.colour is not None:
        colour = say(f"timeline.colour.{made.colour}")
        notes.append(say("picture.wanted", event=spoken(made.event_on), colour=colour))
    return notes


def _aligner_rows(made: Timeline) -> list[dict[str, Any]]:
    rows = []
    for arch in ("upper", "lower"):
        bars = [_bar(made, span, arch) for span in made.spans if getattr(span, arch)]
        if bars:
            rows.append({"label": say(f"picture.row.{arch}"), "bars": bars})
    return rows


def _bar(made: Timeline, span: Span, arch: str) -> dict[str, Any]:
    count = span.upper if arch == "upper" else span.lower
    worn = [one.on for one in made.of(MilestoneKind.ALIGNER_CHANGE) if span.begins_on < one.on < span.ends_on]
    own = [
        one.on
        for one in made.of(MilestoneKind.ALIGNER_CHANGE)
        if one.on in worn and one.arch in (arch, "both") and (one.aligner or 0) <= count
    ]
    shorter = count < max(span.upper, span.lower)
    after = next((day for day in worn if own and day > own[-1]), None) if shorter else None
    begun = len(own) + 1
    if span.estimated:
        text = say("picture.about", n=count)
    elif begun < count:
        text = say("picture.some", n=begun, most=count)
    else:
        text = say("picture.aligners", n=count)
    return {
        "from": span.begins_on.isoformat(),
        "to": (after or span.ends_on).isoformat(),
        "colour": "blue" if span.number == 0 else "sky",
        "loose": span.estimated,
        "ticks": [day.isoformat() for day in own] if len(worn) <= 45 else [],
        "text": text,
    }


def _visits(made: Timeline, kind: MilestoneKind, today: date) -> dict[str, Any]:
    shape, colour = _MARKS[kind]
    marks = [
        {"on": one.on.isoformat(), "shape": shape, "colour": colour, "past": one.on < today} for one in made.of(kind)
    ]
    return {"label": say(f"picture.row.{kind}"), "marks": marks}


def _refinement_row(made: Timeline, today: date) -> dict[str, Any]:
    def mark(one: Milestone, shape: str) -> dict[str, Any]:
        return {"on": one.on.isoformat(), "shape": shape, "colour": "vermillion", "past": one.on < today}

    scans = [mark(one, "^") for one in made.of(MilestoneKind.REFINEMENT_SCAN)]
    sets = [mark(one, "P") for one in made.of(MilestoneKind.REFINEMENT_SET)]
    return {"label": say("picture.row.refinement"), "marks": scans + sets}


def _finish_row(made: Timeline) -> dict[str, Any]:
    finish, late = made.predicted_finish.isoformat(), made.finish_late.isoformat()
    bar = {"from": finish, "to": late, "colour": "purple", "loose": True, "text": say("picture.range")}
    return {
        "label": say("picture.row.finish"),
        "bars": [bar],
        "marks": [{"on": finish, "shape": "*", "colour": "purple"}],
    }


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"
