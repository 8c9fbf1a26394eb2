"""The charts of the last weeks: dose by day, and of each exercise its score and its range or time in form."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from formcheck.history.days import MONTHS, Day
from formcheck.history.trends import ExerciseTrend
from formcheck.report.compare.page import pointed
from formcheck.report.compare.rows import target_of, unit_told
from formcheck.report.known import Known
from formcheck.report.page import Figure
from formcheck.report.page.figures import ATTEMPT, GOOD, LINE, QUIET, TEXT, Option, axis, band, bars, chart, curve
from formcheck.report.words import number, sentence

_SIDES = {"": (LINE, "circle"), "left": (LINE, "circle"), "right": (ATTEMPT, "diamond")}
_ENDS = ((LINE, "circle"), (ATTEMPT, "diamond"))


def dose_figure(found: Sequence[Day], since: date, until: date) -> Figure | None:
    """The share of the asked dose that was done on each day; None where none was asked."""
    done = [(day.date, 100.0 * day.done) for day in found if day.done is not None]
    if not done:
        return None
    data = [[_name(day), round(share)] for day, share in done]
    series = bars("done", data, colour=GOOD, barWidth="70%") | _asked(100.0)
    option = chart([series], x=_weeks(since, until), y=axis("%", min=0, max=100, interval=25))
    shares = [share for _, share in done]
    says = f"Of the asked dose {min(shares):.0f} to {max(shares):.0f} % a day, {shares[-1]:.0f} % on the last one."
    return Figure("dose", "Dose done against asked", says, option, height=240, unit=" %")


def exercise_figures(n: int, one: ExerciseTrend, known: Known, since: date, until: date) -> Iterator[Figure]:
    """The charts of one exercise.

    Args:
        n: Its number on the page.
        one: Its sets.
        known: The exercises by name.
        since: First day of the axis.
        until: Last day of it.
    """
    scores = [(point.at, point.score) for point in one.sets if point.score is not None]
    if scores:
        line = _marked("score", scores, LINE, "circle", digits=0)
        option = chart([line], x=_weeks(since, until), y=axis("points", min=0, max=100, interval=25))
        yield Figure(f"score-{n}", "Score", f"{_course(scores, '')}.", option, height=220)
    names = list(dict.fromkeys(name for point in one.sets for name in point.ranges))
    if names:
        yield _range(f"range-{n}", one, names, known, _weeks(since, until))
    sides = sorted({side for point in one.sets for side in point.in_form_s})
    if sides:
        yield _held(f"held-{n}", one, sides, _weeks(since, until))


def _range(name: str, one: ExerciseTrend, names: Sequence[str], known: Known, x: Option) -> Figure:
    """The main measure by set; of a single one also its smallest and largest value."""
    label, unit = unit_told(names[0])
    series, says = [], []
    for (colour, symbol), measure in zip(_ENDS, names, strict=False):
        means = [(point.at, point.ranges[measure].mean) for point in one.sets if measure in point.ranges]
        series.append(_marked(unit_told(measure)[0], means, colour, symbol))
        says.append(f"{unit_told(measure)[0]}, the mean of a set: {_course(means, unit)}")
    if len(names) == 1:
        ranges = [(point.at, point.ranges[names[0]]) for point in one.sets if names[0] in point.ranges]
        for which, values in (
            ("smallest", [(at, found.low) for at, found in ranges]),
            ("largest", [(at, found.high) for at, found in ranges]),
        ):
            dotted = {"symbolSize": 5, "lineStyle": {"type": "dotted", "color": QUIET}}
            series.append(_marked(which, values, QUIET, "circle") | dotted)
    low, high = target_of(names[0], known(one.exercise))
    y = axis(unit, scale=True)
    if len(names) == 1 and math.isfinite(max(low, -high)):
        bottom, top = _scale(series, low, high, 10.0 if unit == "deg" else 0.1)
        y |= {"min": bottom, "max": top}
        data = [band(max(low, bottom), min(high, top), label="asked")]
        series[0] |= {"markArea": {"silent": True, "label": {"color": TEXT, "position": "insideTopLeft"}, "data": data}}
    title = "Range" if len(names) > 1 else f"Range: {label}"
    behind, decimals = pointed(unit)
    option = chart(series, x=x, y=y, legend=_legend())
    told = f"{sentence('; '.join(says))}."
    return Figure(name, title, told, option, height=260, unit=behind, decimals=decimals)


def _scale(series: Sequence[Option], low: float, high: float, step: float) -> tuple[float, float]:
    """Both ends of an axis, whole steps, that holds all values and what is asked."""
    values = [value for line in series for _, value in line["data"]]
    values += [end for end in (low, high) if math.isfinite(end)]
    return round(step * math.floor(min(values) / step), 3), round(step * (math.floor(max(values) / step) + 1), 3)


def _held(name: str, one: ExerciseTrend, sides: Sequence[str], x: Option) -> Figure:
    """Seconds in form by set, of each side by itself."""
    series, says = [], []
    for side in sides:
        times = [(point.at, point.in_form_s[side]) for point in one.sets if side in point.in_form_s]
        series.append(_marked(side or "in form", times, *_SIDES.get(side, _SIDES[""])))
        says.append(f"{side or 'in form'}: {_course(times, 's')}")
    if one.asked_s:
        series[0] |= _asked(one.asked_s)
    longest = max(one.asked_s, *(value for line in series for _, value in line["data"]))
    option = chart(series, x=x, y=axis("s", min=0, max=10.0 * (longest // 10.0 + 1.0)), legend=_legend())
    return Figure(name, "Time in form", f"{sentence('; '.join(says))}.", option, height=240, unit=" s", decimals=1)


def _marked(name: str, values: Sequence[tuple[datetime, float]], colour: str, symbol: str, digits: int = 2) -> Option:
    data = [[_name(at.date()), round(value, digits)] for at, value in values]
    return curve(name, (), colour=colour, data=data, showSymbol=True, showAllSymbol=True, symbol=symbol, symbolSize=9)


def _course(values: Sequence[tuple[datetime, float]], unit: str) -> str:
    """The first and the last value, and between what all lie."""

    def tell(value: float) -> str:
        return number(value, unit) if unit else f"{value:.0f}"

    told = [value for _, value in values]
    if len(told) == 1:
        return f"{tell(told[0])} in one set"
    if tell(min(told)) == tell(max(told)):
        return f"{tell(told[0])} in all {len(told)} sets"
    ends = f"{tell(told[0])} in the first set, {tell(told[-1])} in the last"
    return f"{ends}; between {tell(min(told))} and {tell(max(told))} in {len(told)} sets"


def _weeks(since: date, until: date) -> Option:
    """The days from Monday to today, with a name at each Monday."""
    names = [_name(since + timedelta(days=i)) for i in range((until - since).days + 1)]
    labels = {"color": TEXT, "hideOverlap": True, "interval": 6}
    return axis("", "category", data=names, axisLabel=labels, axisTick={"interval": 6, "alignWithLabel": True})


def _name(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def _asked(value: float) -> Option:
    label = {"formatter": "asked", "color": TEXT, "position": "insideEndTop"}
    line = {"color": TEXT, "type": "dashed"}
    return {
        "markLine": {"silent": True, "symbol": "none", "lineStyle": line, "label": label, "data": [{"yAxis": value}]}
    }


def _legend() -> Option:
    return {"top": 0, "right": 20, "itemGap": 24, "textStyle": {"color": TEXT}}
