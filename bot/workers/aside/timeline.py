"""Child: the timeline of a case as a picture for a phone: bars of aligners, visits, range of the finish, today, event.

Colours are Okabe and Ito's, and nothing is told by colour alone: each sort has a shape and a row of its own. The paper
is the picture's own, so that it reads the same on a light and on a dark screen.
"""

from __future__ import annotations

import io
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from matplotlib.figure import Figure

from bot.workers.aside import child

WIDTH, DPI = 7.2, 150
"""1,080 pixels wide."""
PAPER, INK, FAINT = "#FBFAF6", "#1B1B1B", "#6B6B6B"
BLUE, SKY, ORANGE, GREEN, VERMILLION, PURPLE = "#0072B2", "#56B4E9", "#E69F00", "#009E73", "#D55E00", "#CC79A7"
_COLOURS = {"blue": BLUE, "sky": SKY, "orange": ORANGE, "green": GREEN, "vermillion": VERMILLION, "purple": PURPLE}
_BAR = 0.56
_ROW = 0.62
"""Inches of a row."""
_NOTE = 0.29
"""Inches of a line below; the last one says what the shapes are."""


def main() -> None:
    """Read a drawing's JSON, answer with a PNG."""
    child.paint(drawn)


def drawn(plan: dict[str, Any]) -> bytes:
    """The PNG of a plan as `bot.services.timeline_pictures` describes it."""
    rows = plan["rows"]
    height = 2.05 + _ROW * len(rows) + _NOTE * len(plan["notes"])
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor=PAPER)
    top, bottom = 1 - 1.18 / height, (0.68 + _NOTE * len(plan["notes"])) / height
    axes = figure.add_axes((0.235, bottom, 0.735, top - bottom), facecolor=PAPER)
    first, last = _day(plan["from"]), _day(plan["to"])
    _frame(axes, first, last, len(rows))
    for index, row in enumerate(rows):
        _draw_row(axes, len(rows) - 1 - index, row, first, last)
    _line(axes, plan["today"], len(rows), INK, "-")
    if plan.get("event"):
        _line(axes, plan["event"], len(rows), VERMILLION, (0, (4, 2)))
    figure.text(0.03, 1 - 0.12 / height, plan["title"], fontsize=17, weight="bold", color=INK, va="top")
    figure.text(0.03, 1 - 0.5 / height, plan["subtitle"], fontsize=12.5, color=INK, va="top")
    for index, note in enumerate(plan["notes"]):
        at = (0.06 + _NOTE * (len(plan["notes"]) - index)) / height
        last_one = index == len(plan["notes"]) - 1
        figure.text(0.03, at, note, fontsize=11 if last_one else 12.5, color=FAINT if last_one else INK, va="top")
    out = io.BytesIO()
    figure.savefig(out, format="png", facecolor=PAPER)
    return out.getvalue()


def _frame(axes: Any, first: date, last: date, rows: int) -> None:
    axes.set_xlim(_number(first), _number(last))
    axes.set_ylim(-0.5, rows - 0.5)
    axes.set_yticks([])
    months = _months(first, last)
    axes.set_xticks([_number(day) for day in months])
    axes.set_xticklabels(_names(months), fontsize=12, color=INK, ha="left")
    axes.tick_params(axis="x", length=0, pad=4)
    axes.grid(axis="x", color="#D9D7CF", linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#BDBAB0")


def _draw_row(axes: Any, y: int, row: dict[str, Any], first: date, last: date) -> None:
    axes.annotate(
        row["label"],
        (0, y),
        xycoords=("axes fraction", "data"),
        xytext=(-8, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        fontsize=12.5,
        color=INK,
        annotation_clip=False,
    )
    span = (last - first).days
    for bar in row.get("bars", ()):
        start, end = _number(_day(bar["from"])), _number(_day(bar["to"]))
        colour = _COLOURS[bar["colour"]]
        style: dict[str, Any] = {"color": colour, "height": _BAR}
        if bar.get("loose"):
            style = {"facecolor": "none", "edgecolor": colour, "hatch": "////", "height": _BAR, "linewidth": 1.2}
        axes.barh(y, end - start, left=start, **style)
        ticks = bar.get("ticks", ())
        for tick in ticks if not bar.get("loose") and (end - start) / span > 0.012 * len(ticks) else ():
            at = _number(_day(tick))
            axes.plot([at, at], [y - _BAR / 2, y + _BAR / 2], color=PAPER, linewidth=1.0)
        if bar.get("text"):
            wide = (end - start) / span > 0.018 * len(bar["text"])
            light = wide and not bar.get("loose") and bar["colour"] in ("blue", "green", "vermillion")
            axes.text(
                (start + end) / 2 if wide else end + span * 0.008,
                y,
                bar["text"],
                ha="center" if wide else "left",
                va="center",
                fontsize=12,
                weight="bold" if wide else "normal",
                color="white" if light else INK,
                bbox={"facecolor": PAPER if bar.get("loose") else colour, "edgecolor": "none", "pad": 1.2}
                if wide
                else None,
            )
    marks = row.get("marks", ())
    days = sorted(_number(_day(mark["on"])) for mark in marks)
    crowded = any(after - before < span * 0.035 for before, after in pairwise(days))
    for mark in marks:
        filled, star = not mark.get("past"), mark["shape"] == "*"
        axes.plot(
            [_number(_day(mark["on"]))],
            [y],
            marker=mark["shape"],
            markersize=17 if star else 7 if crowded else 11,
            markerfacecolor=_COLOURS[mark["colour"]] if filled else PAPER,
            markeredgecolor=INK if star else _COLOURS[mark["colour"]],
            markeredgewidth=1.2 if star else 1.8,
            zorder=3,
            linestyle="none",
            clip_on=False,
        )
        if mark.get("text"):
            axes.annotate(
                mark["text"],
                (_number(_day(mark["on"])), y),
                xytext=(9, 0),
                textcoords="offset points",
                va="center",
                fontsize=12,
                color=INK,
            )


def _line(axes: Any, what: dict[str, Any], rows: int, colour: str, style: Any) -> None:
    at = _number(_day(what["on"]))
    # Seen across the bars too: dark on a light rim, under the shapes and the words.
    axes.axvline(at, color=PAPER, linewidth=3.0, zorder=2.4)
    axes.axvline(at, color=colour, linewidth=1.8, linestyle=style, zorder=2.5)
    near_end = at > axes.get_xlim()[0] + 0.75 * (axes.get_xlim()[1] - axes.get_xlim()[0])
    axes.annotate(
        what["label"],
        (at, rows - 0.5),
        xytext=(-3 if near_end else 3, what.get("lift", 3)),
        textcoords="offset points",
        ha="right" if near_end else "left",
        va="bottom",
        fontsize=12,
        weight="bold",
        color=colour,
        annotation_clip=False,
    )


def _months(first: date, last: date) -> list[date]:
    """Firsts of months, thinned so that their names have room."""
    days = [first.replace(day=1)]
    while days[-1] < last:
        days.append((days[-1] + timedelta(days=32)).replace(day=1))
    edge = last - (last - first) * 0.06
    days = [day for day in days if first <= day <= edge]
    step = max(1, -(-len(days) // 7))
    return days[::step]


def _names(months: list[date]) -> list[str]:
    """Each month, with its year where that is another than before."""
    years = [0, *(day.year for day in months)]
    return [
        f"{day:%b}\n{day:%Y}" if day.year != year else f"{day:%b}" for day, year in zip(months, years, strict=False)
    ]


def _number(day: date) -> int:
    return day.toordinal()


def _day(text: str) -> date:
    return date.fromisoformat(text)


if __name__ == "__main__":
    main()
