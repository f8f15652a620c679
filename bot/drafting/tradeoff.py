"""What a threshold of the library buys and costs, as panels for a chart: `chairside faq eval --report`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

from bot.drafting.evaluation import Question
from bot.drafting.search import Found
from prompts.wording import say

Point = tuple[float, float, float]
"""Threshold, then the two shares from 0 to 1 that it gives."""
_DRAFT_STEP, _CALL_STEP = 0.1, 1.0
"""Between thresholds that are written beside a curve."""


def drafts(scored: Iterable[tuple[float, bool, bool]]) -> list[Point]:
    """(best score, has an entry, first entry right) of each question: share of those given a draft, share right.

    One point for each score, as the least that gets a draft, the highest first.
    """
    rows = sorted(scored, reverse=True)
    inside = sum(has for _, has, _ in rows)
    points: list[Point] = []
    given = reached = right = 0
    for score, same in groupby(rows, key=lambda row: row[0]):
        for _, has, hit in same:
            given, reached, right = given + 1, reached + has, right + hit
        points.append((score, reached / inside, right / given))
    return points


def calls(scored: Iterable[tuple[float, bool]]) -> list[Point]:
    """(alarm, needs a person) of each question: share of the others that call one too, share of the urgent caught."""
    rows = sorted(scored, reverse=True)
    urgent = sum(needs for _, needs in rows)
    others = len(rows) - urgent
    points: list[Point] = []
    caught = taken = 0
    for score, same in groupby(rows, key=lambda row: row[0]):
        for _, needs in same:
            caught, taken = caught + needs, taken + (not needs)
        points.append((score, taken / others, caught / urgent))
    return points


def panels(
    questions: Sequence[Question],
    search: Callable[[str], list[Found]],
    alarm: Callable[[str], float],
    least: float,
    threshold: float,
) -> list[dict[str, Any]]:
    """Panels as `bot.workers.aside.charts` draws them; one that the questions hold nothing for is left out."""
    made = []
    mild = [one for one in questions if one.policy != "escalate"]
    scored = [_scored(one, search(one.text)) for one in mild]
    inside = sum(has for _, has, _ in scored)
    if inside:
        note = say("faq.curve.counted_drafts", inside=inside, outside=len(scored) - inside)
        made.append(_panel("drafts", drafts(scored), least, _DRAFT_STEP, note))
    alarms = [(alarm(one.text), one.policy == "escalate") for one in questions]
    urgent = sum(needs for _, needs in alarms)
    if 0 < urgent < len(alarms):
        note = say("faq.curve.counted_calls", urgent=urgent, others=len(alarms) - urgent)
        made.append(_panel("calls", calls(alarms), threshold, _CALL_STEP, note))
    return made


def _scored(question: Question, found: list[Found]) -> tuple[float, bool, bool]:
    right = bool(found) and question.topic is not None and found[0].topic == question.topic
    return (found[0].score if found else 0.0), question.topic is not None, right


def _panel(name: str, points: list[Point], used: float, step: float, note: str) -> dict[str, Any]:
    title, across, up = (say(f"faq.curve.{name}{part}") for part in ("", "_x", "_y"))
    finite = [score for score, _, _ in points if math.isfinite(score)]
    low, high = (math.ceil(min(finite) / step), math.floor(max(finite) / step)) if finite else (0, -1)
    ticks = [(at * step, *_at(points, at * step)) for at in range(low, high + 1) if abs(at * step - used) > step / 4]
    now = _at(points, used)
    return {
        "kind": "curve",
        "title": title,
        "across": across,
        "up": up,
        "line": [(x, y) for _, x, y in points],
        "ticks": [{"at": (x, y), "text": _number(score, 1)} for score, x, y in ticks],
        "now": {"at": now, "text": say("faq.curve.now", at=_number(used, 2))},
        "note": note,
    }


def _number(value: float, places: int) -> str:
    return f"{value:.{places}f}".replace("-", "−")


def _at(points: list[Point], threshold: float) -> tuple[float, float]:
    """The shares at a threshold: those of the least score that reaches it; before the first, as at the first."""
    reached = [point for point in points if point[0] >= threshold] or points[:1]
    return reached[-1][1:]
