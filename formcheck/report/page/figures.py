"""Charts as plain data: options of Apache ECharts, drawn by `assets/page.js` in the reader's colours.

Colours are names of the style sheet, ``var(--good)``, and are looked up when a chart is drawn, again when the reader
changes between light and dark, and for print. What differs in colour differs in shape, too: see `SYMBOLS`.
A point with ``"seek": seconds`` makes the video jump there; ``"video"`` names the video where there are several.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from formcheck.engine.records import Outcome

GOOD, FAULT, ATTEMPT, QUIET = "var(--good)", "var(--fault)", "var(--attempt)", "var(--quiet)"
LINE, BAND, PHASE, TEXT, GRID = "var(--line)", "var(--band)", "var(--phase)", "var(--text)", "var(--grid)"
COLOURS: dict[Outcome, str] = {"good": GOOD, "faulty": FAULT, "attempt": ATTEMPT, "unfinished": QUIET}
SYMBOLS: dict[Outcome, str] = {
    "good": "circle",
    "faulty": "triangle",
    "attempt": "diamond",
    "unfinished": "emptyCircle",
}

Option = dict[str, Any]
Axes = Option | Sequence[Option]


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart.

    Attributes:
        name: Unlike any other's on the page, of letters, digits and hyphens.
        title: What it shows, as its caption.
        says: What there is to see in it, for whoever cannot see it.
        option: ECharts options; colours as ``var(--name)``.
        height: In CSS pixels.
        timeline: Whether its x axis is the video's time in seconds: a click makes the video jump there, a line shows
            where the video is, and buttons zoom.
        video: Name of its video, where there are several.
        unit: Behind a value under the pointer.
        decimals: Of such a value.
    """

    name: str
    title: str
    says: str
    option: Option
    height: int = 320
    timeline: bool = False
    video: str = ""
    unit: str = ""
    decimals: int = 0

    @property
    def data(self) -> Option:
        """What the page's script is given."""
        names = ("option", "timeline", "video", "unit", "decimals")
        return {name: getattr(self, name) for name in names}


def chart(series: Sequence[Option], *, x: Axes, y: Axes, **more: object) -> Option:
    """A chart's options: axes and series, with a box of values under the pointer.

    Args:
        series: Of `curve`, `bars`, `points` and the like.
        x: The horizontal axis, of `axis`, or several.
        y: The vertical one, or several.
        more: Other options of ECharts; those win.
    """
    return {
        "animation": False,
        "aria": {"enabled": False},  # the page has its own words for it
        "grid": {"left": 56, "right": 20, "top": 36, "bottom": 44},
        "tooltip": {"trigger": "axis", "confine": True, "renderMode": "richText"},
        "xAxis": x,
        "yAxis": y,
        "series": list(series),
    } | more


def axis(name: str, kind: str = "value", **more: object) -> Option:
    """One axis.

    Args:
        name: What it shows, with unit.
        kind: "value", "category" (give `data`) or "time".
        more: Other options, such as `min`, `max` and `data`.
    """
    return {
        "type": kind,
        "name": name,
        "nameTextStyle": {"color": TEXT, "align": "left"},
        "axisLabel": {"color": TEXT, "hideOverlap": True},
        "axisLine": {"lineStyle": {"color": GRID}},
        "splitLine": {"lineStyle": {"color": GRID}},
    } | more


def curve(name: str, points: Iterable[tuple[float, float]], *, colour: str = LINE, **more: object) -> Option:
    """A line; where a value is not known it is broken, and never goes through 0."""
    return {
        "type": "line",
        "name": name,
        "data": [[x, y if math.isfinite(y) else None] for x, y in points],
        "showSymbol": False,
        "connectNulls": False,
        "lineStyle": {"color": colour, "width": 2},
        "itemStyle": {"color": colour},
    } | more


def points(name: str, data: Sequence[Option], *, colour: str, symbol: str = "circle", **more: object) -> Option:
    """Marks; each of `data` has ``value`` (x, y) and may have ``seek``."""
    return {
        "type": "scatter",
        "name": name,
        "data": list(data),
        "symbol": symbol,
        "symbolSize": 14,
        "itemStyle": {"color": colour, "borderColor": "var(--page)", "borderWidth": 1.5},
    } | more


def bars(name: str, data: Sequence[object], *, colour: str = LINE, **more: object) -> Option:
    """Bars; a value of None leaves a gap."""
    return {"type": "bar", "name": name, "data": list(data), "itemStyle": {"color": colour}} | more


def band(low: float, high: float, *, label: str = "", colour: str = BAND) -> list[Option]:
    """A level stretch from low to high, such as where the body should be: one of the `data` of a ``markArea``."""
    return [{"yAxis": low, "name": label, "itemStyle": {"color": colour}}, {"yAxis": high}]


def stretch(start: float, end: float, *, label: str = "", colour: str = PHASE) -> list[Option]:
    """An upright stretch from start to end on the x axis: one of the `data` of a ``markArea``."""
    return [{"xAxis": start, "name": label, "itemStyle": {"color": colour}}, {"xAxis": end}]


def panning() -> list[Option]:
    """For ``dataZoom``: dragging moves the x axis, Ctrl with the wheel zooms, so that the page still scrolls."""
    return [{"type": "inside", "zoomOnMouseWheel": "ctrl", "moveOnMouseWheel": False, "filterMode": "none"}]
