"""Child: the charts of a report, one PNG of one or more panels, readable on a phone; colours as for timelines."""

from __future__ import annotations

import io
import textwrap
from typing import Any

from matplotlib.figure import Figure

from bot.workers.aside import child
from bot.workers.aside.timeline import BLUE, DPI, FAINT, INK, ORANGE, PAPER, SKY, VERMILLION, WIDTH

_PANEL = 3.1
"""Inches of a panel with columns."""
_CURVE = 4.6
"""Inches of a panel with a curve."""
_ROW = 0.42
"""Inches of a bar that lies."""
_EDGE = 0.85
"""Share of an axis from which words stand left of their point."""
_APART = 0.07
"""Share of an axis within which of two numbers only one is written."""
_COLOURS = (BLUE, ORANGE, SKY, VERMILLION)


def main() -> None:
    """Read the panels' JSON, answer with a PNG."""
    child.paint(drawn)


def drawn(panels: list[dict[str, Any]]) -> bytes:
    """The PNG of panels as `bot.services.report_charts` describes them."""
    heights = [_height(one) for one in panels]
    figure = Figure(figsize=(WIDTH, sum(heights)), dpi=DPI, facecolor=PAPER)
    grid = figure.subplots(len(panels), 1, squeeze=False, gridspec_kw={"height_ratios": heights})
    for (axes,), one in zip(grid, panels, strict=True):
        _dress(axes, one)
        _DRAWS[one["kind"]](axes, one)
    figure.tight_layout(pad=1.2, h_pad=1.6)
    out = io.BytesIO()
    figure.savefig(out, format="png", facecolor=PAPER)
    return out.getvalue()


def _height(panel: dict[str, Any]) -> float:
    if panel["kind"] == "lying":
        return 1.2 + _ROW * max(len(panel["labels"]), 2)
    return _CURVE if panel["kind"] == "curve" else _PANEL


def _dress(axes: Any, panel: dict[str, Any]) -> None:
    axes.set_facecolor(PAPER)
    axes.set_title(panel["title"], loc="left", fontsize=13, weight="bold", color=INK, pad=10)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#BDBAB0")
    axes.tick_params(length=0, labelsize=10.5, colors=INK)


def _standing(axes: Any, panel: dict[str, Any]) -> None:
    """Columns, several a label beside each other, each with its number above it."""
    labels, series = panel["labels"], panel["series"]
    wide = 0.8 / max(len(series), 1)
    for index, one in enumerate(series):
        at = [place - 0.4 + wide * (index + 0.5) for place in range(len(labels))]
        hatch = "///" if index % 2 else ""
        style = {"color": _COLOURS[index % 4], "label": one["name"], "hatch": hatch, "edgecolor": PAPER}
        bars = axes.bar(at, one["values"], width=wide * 0.92, **style)
        axes.bar_label(bars, labels=[_number(value) for value in one["values"]], fontsize=9.5, color=INK, padding=2)
    axes.set_xticks(range(len(labels)), labels)
    axes.set_yticks([])
    axes.margins(y=0.18)
    for mark in panel.get("marks", ()):
        axes.axvline(mark["at"], color=VERMILLION, linestyle=(0, (4, 2)), linewidth=1.6)
        axes.annotate(
            mark["text"],
            (mark["at"], 1),
            xycoords=("data", "axes fraction"),
            xytext=(5, -4),
            textcoords="offset points",
            va="top",
            fontsize=10,
            color=VERMILLION,
        )
    if len(series) > 1:
        axes.legend(frameon=False, fontsize=10, loc="upper left", ncols=len(series), bbox_to_anchor=(0, 1.02))
    axes.set_xlabel(panel.get("note", ""), fontsize=10, color=FAINT, loc="left")


def _lying(axes: Any, panel: dict[str, Any]) -> None:
    """Bars from the left, with what there is room for behind each."""
    (one,) = panel["series"]
    places = list(range(len(panel["labels"])))[::-1]
    axes.barh(places, panel["room"], height=0.62, facecolor="none", edgecolor=BLUE, linewidth=1.2)
    axes.barh(places, one["values"], height=0.62, color=BLUE)
    for place, value, room, word in zip(places, one["values"], panel["room"], panel["words"], strict=True):
        axes.text(max(value, room), place, f"  {word}", va="center", fontsize=10, color=INK)
    axes.set_yticks(places, panel["labels"])
    axes.set_xticks([])
    axes.margins(x=0.22)


def _curve(axes: Any, panel: dict[str, Any]) -> None:
    """Two shares against each other as a threshold moves, thresholds beside the line, the one in use marked."""
    xs, ys = zip(*panel["line"], strict=True)
    axes.plot(xs, ys, color=BLUE, linewidth=2, marker="o" if len(xs) == 1 else "", zorder=2)
    taken: list[tuple[float, float]] = [panel["now"]["at"]]
    for tick in panel["ticks"]:
        if any(abs(tick["at"][0] - x) < _APART and abs(tick["at"][1] - y) < _APART for x, y in taken):
            continue  # it would lie on another
        taken.append(tick["at"])
        axes.plot(*tick["at"], marker="o", markersize=5, color=BLUE, zorder=3)
        _beside(axes, tick, INK, below=tick["at"][0] > _EDGE)
    axes.plot(*panel["now"]["at"], marker="D", markersize=9, color=VERMILLION, zorder=4)
    _beside(axes, panel["now"], VERMILLION, below=panel["now"]["at"][1] > _EDGE)
    shares = [step / 5 for step in range(6)]
    axes.set_xticks(shares, [f"{share:.0%}" for share in shares])
    axes.set_yticks(shares, [f"{share:.0%}" for share in shares])
    axes.set_xlim(-0.03, 1.05)
    axes.set_ylim(-0.03, 1.1)
    axes.grid(color=FAINT, alpha=0.2, linewidth=0.8)
    axes.set_ylabel(panel["up"], fontsize=10.5, color=INK)
    below = "\n".join([panel["across"], *textwrap.wrap(panel["note"], 84)])
    axes.set_xlabel(below, fontsize=10, color=INK, loc="left", linespacing=1.6)


def _beside(axes: Any, one: dict[str, Any], colour: str, *, below: bool) -> None:
    """A word right of a point, left of it at the right edge, above or below, that stays readable on the line."""
    left = one["at"][0] > _EDGE
    style = {"fontsize": 10, "color": colour, "textcoords": "offset points", "zorder": 5}
    style |= {"ha": "right" if left else "left", "va": "top" if below else "bottom"}
    style["bbox"] = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.4, "alpha": 0.85}
    axes.annotate(one["text"], one["at"], xytext=(-6 if left else 6, -6 if below else 5), **style)


_DRAWS = {"lying": _lying, "standing": _standing, "curve": _curve}


def _number(value: float) -> str:
    return f"{value:g}"


if __name__ == "__main__":
    main()
