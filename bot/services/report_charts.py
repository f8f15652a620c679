"""The charts of a report as data for whoever draws them, and its figures as words. Only what was counted is shown."""

from __future__ import annotations

from typing import Any

from bot.domain.names import short_name
from prompts.wording import say

Row = dict[str, Any]
MONTHS = 12
"""Months that a chart goes back."""


def panels(figures: Row) -> dict[str, Row]:
    """The panels by name, as `bot.workers.aside.charts` draws them; a chart of nothing is left out."""
    made = {
        "refinements": _refinements(figures["cases"]),
        "replies": _replies(figures["replies"]),
        "check_ins": _check_ins(figures["check_ins"]),
        "drafts": _drafts(figures["drafts"]),
        "load": _load(figures["load"]),
    }
    return {name: one for name, one in made.items() if one is not None}


def words(figures: Row) -> list[str]:
    """The same in a few lines: for a terminal, and as what a picture says."""
    cases, replies, asked, drafts = (figures[name] for name in ("cases", "replies", "check_ins", "drafts"))
    lines = [say("report.cases", n=cases["counted"])]
    if cases["refinements_per_case"] is not None:
        usual = f"{cases['refinements_usual']:g}"
        lines.append(say("report.refinements", mean=f"{cases['refinements_per_case']:g}", usual=usual))
    if replies["counted"]:
        p90 = f"{replies['p90_hours']:g}"
        lines.append(say("report.replies", n=replies["counted"], median=f"{replies['median_hours']:g}", p90=p90))
    if asked["asked"]:
        lines.append(say("report.check_ins", n=asked["asked"], share=_percent(asked["answered_share"])))
    if drafts["acceptance"] is not None:
        lines.append(
            say(
                "report.drafts",
                n=drafts["offered"],
                share=_percent(drafts["acceptance"]),
                edited=drafts["approved_edited"],
                words=f"{drafts['median_words_changed'] or 0:g}",
                seconds=f"{drafts['median_dwell_seconds'] or 0:g}",
            )
        )
    return [*lines, *load_lines(figures["load"])]


def load_lines(load: list[Row]) -> list[str]:
    """ "Dr Amar Johal: 12 of 25, away" """
    return [f"{one['name']}: {_load_words(one)}" for one in load]


def _refinements(cases: Row) -> Row | None:
    counts = {int(number): times for number, times in cases["by_refinements"].items()}
    if not counts:
        return None
    numbers = list(range(max(max(counts), 3) + 1))
    return {
        "kind": "standing",
        "title": say("report.chart.refinements"),
        "labels": [str(number) for number in numbers],
        "series": [{"name": "", "values": [counts.get(number, 0) for number in numbers]}],
        "marks": [
            {"at": cases["refinements_usual"], "text": say("report.usual", usual=f"{cases['refinements_usual']:g}")}
        ],
        "note": say("report.note.refinements"),
    }


def _replies(replies: Row) -> Row | None:
    months = replies["by_month"][-MONTHS:]
    if not months:
        return None
    return {
        "kind": "standing",
        "title": say("report.chart.replies"),
        "labels": [_month(one["month"]) for one in months],
        "series": [
            {"name": say("report.series.median"), "values": [round(one["median_hours"], 1) for one in months]},
            {"name": say("report.series.p90"), "values": [round(one["p90_hours"], 1) for one in months]},
        ],
        "note": say("report.note.replies"),
    }


def _check_ins(asked: Row) -> Row | None:
    months = asked["by_month"][-MONTHS:]
    if not months:
        return None
    return {
        "kind": "standing",
        "title": say("report.chart.check_ins"),
        "labels": [_month(one["month"]) for one in months],
        "series": [
            {"name": say("report.series.asked"), "values": [one["asked"] for one in months]},
            {"name": say("report.series.answered"), "values": [one["answered"] for one in months]},
        ],
    }


def _drafts(drafts: Row) -> Row | None:
    if not drafts["offered"]:
        return None
    ends = ("approved_as_shown", "approved_edited", "answered_otherwise", "dismissed", "void")
    return {
        "kind": "standing",
        "title": say("report.chart.drafts"),
        "labels": [say(f"report.ends.{end}") for end in ends],
        "series": [{"name": "", "values": [drafts[end] for end in ends]}],
    }


def _load(load: list[Row]) -> Row | None:
    if not load:
        return None
    return {
        "kind": "lying",
        "title": say("report.chart.load"),
        "labels": [short_name(one["name"]) for one in load],
        "series": [{"name": "", "values": [one["open"] for one in load]}],
        "room": [one["capacity"] for one in load],
        "words": [_load_words(one) for one in load],
    }


def _load_words(one: Row) -> str:
    away = say("desk.load_away") if one["away"] else ""
    return say("report.load", load=one["open"], most=one["capacity"], away=away)


def _month(iso: str) -> str:
    """ "2027-06" as "06/27": twelve of them fit beside each other."""
    return f"{iso[5:]}/{iso[2:4]}"


def _percent(share: float) -> int:
    return round(share * 100)
