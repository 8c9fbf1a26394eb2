"""A comparison as a page: `formcheck compare A B --out FILE.html`."""

from __future__ import annotations

import math
from collections.abc import Sequence

from formcheck.exercises.declaration import Exercise
from formcheck.report.compare.comparison import Comparison
from formcheck.report.compare.rows import target_of, unit_told
from formcheck.report.compare.shown import NOTHING, clip_of, kind_told, length_of
from formcheck.report.page import Figure, render
from formcheck.report.page.figures import ATTEMPT, LINE, TEXT, Option, axis, band, bars, chart, points
from formcheck.report.result import AnalysisResult
from formcheck.report.words import number, sentence

BEFORE, AFTER = ATTEMPT, LINE
_SIGNS = {"better": "●", "worse": "▲", "gone": "●", "new": "▲"}
_LOOKS = {"better": "good", "gone": "good", "worse": "faulty", "new": "faulty"}


def comparison_page(comparisons: Sequence[Comparison]) -> str:
    """The whole HTML file."""
    first = comparisons[0]
    parts = [(one, _figures(n, one)) for n, one in enumerate(comparisons, 1)]
    return render(
        "compare.html",
        title=f"Before and after: {', '.join(one.title for one in comparisons)}",
        figures=[figure for _, figures in parts for figure in figures],
        clips=(("Before", first.before), ("After", first.after)),
        parts=parts,
        clip_of=clip_of,
        length_of=length_of,
        kind_told=kind_told,
        nothing=NOTHING,
        signs=_SIGNS,
        looks=_LOOKS,
    )


def _figures(n: int, comparison: Comparison) -> list[Figure]:
    made = [
        _main(f"main-{n}-{i}", name, comparison)
        for i, name in enumerate(comparison.mains, 1)
        if _known(comparison.before, name) or _known(comparison.after, name)
    ]
    if comparison.before.holds or comparison.after.holds:
        made.append(_holds(f"holds-{n}", comparison))
    return made


def _known(result: AnalysisResult, name: str) -> list[float]:
    return [value for rep in result.reps if math.isfinite(value := rep.measures.get(name, math.nan))]


def _main(name: str, measure: str, comparison: Comparison) -> Figure:
    """The main measure of each repetition, the two clips beside each other."""
    label, unit = unit_told(measure)
    both = (("before", comparison.before, BEFORE, "diamond"), ("after", comparison.after, AFTER, "circle"))
    low, high = _scale(measure, comparison)
    series = [_marks(when, one, measure, colour, symbol) for when, one, colour, symbol in both]
    target = target_of(measure, comparison.exercise)
    if any(map(math.isfinite, target)):
        shaded = band(max(low, target[0]), min(high, target[1]), label="asked")
        series[0] |= {
            "markArea": {"silent": True, "label": {"color": TEXT, "position": "insideTopLeft"}, "data": [shaded]}
        }
    told = (f"{when} {listed(_known(one, measure), unit)}" for when, one, *_ in both)
    count = max(len(one.reps) for _, one, *_ in both)
    option = chart(
        series,
        x=axis("repetition", "category", data=[str(i) for i in range(1, count + 1)], nameLocation="middle", nameGap=28),
        y=axis(unit, min=low, max=high),
        legend=_legend(),
    )
    says = f"The mean where each repetition is furthest out: {'; '.join(told)}."
    behind, decimals = pointed(unit)
    return Figure(name, f"{sentence(label)} of each repetition", says, option, unit=behind, decimals=decimals)


def _marks(when: str, result: AnalysisResult, measure: str, colour: str, symbol: str) -> Option:
    """One mark for each repetition, a little to the left before and to the right after."""
    data: list[Option] = [
        {"value": [i, round(value, 3)]}
        for i, rep in enumerate(result.reps)
        if math.isfinite(value := rep.measures.get(measure, math.nan))
    ]
    return points(when, data, colour=colour, symbol=symbol, symbolOffset=[-9 if when == "before" else 9, 0])


def _scale(measure: str, comparison: Comparison) -> tuple[float, float]:
    """Both ends of the upright axis: all values and what is asked, with some air."""
    values = [*_known(comparison.before, measure), *_known(comparison.after, measure)]
    values += [end for end in target_of(measure, comparison.exercise) if math.isfinite(end)]
    step = 10.0 if unit_told(measure)[1] == "deg" else 0.1
    low, high = math.floor(min(values) / step - 0.3), math.ceil(max(values) / step + 0.3)
    return round(low * step, 3), round(high * step, 3)


def _holds(name: str, comparison: Comparison) -> Figure:
    """Seconds in form of each hold."""
    both = (("before", comparison.before, BEFORE), ("after", comparison.after, AFTER))
    series = [bars(when, [round(hold.in_form_s, 1) for hold in one.holds], colour=colour) for when, one, colour in both]
    asked_s = _asked_s(comparison.exercise)
    if asked_s:
        lines = {"color": TEXT, "type": "dashed"}
        label = {"formatter": "asked", "color": TEXT, "position": "insideEndTop"}
        data = [{"yAxis": asked_s}]
        series[0] |= {"markLine": {"silent": True, "symbol": "none", "lineStyle": lines, "label": label, "data": data}}
    longest = max([asked_s, *(hold.in_form_s for _, one, _ in both for hold in one.holds)])
    count = max(len(one.holds) for _, one, _ in both)
    told = (f"{when} {listed([hold.in_form_s for hold in one.holds], 's')}" for when, one, _ in both)
    option = chart(
        series,
        x=axis("hold", "category", data=[str(i) for i in range(1, count + 1)], nameLocation="middle", nameGap=28),
        y=axis("s", min=0, max=5 * math.ceil(1.05 * longest / 5)),
        legend=_legend(),
    )
    return Figure(name, "Time in form of each hold", f"{'; '.join(told)}.".capitalize(), option, unit=" s", decimals=1)


def listed(values: Sequence[float], unit: str) -> str:
    """Values with a unit in words once, at the end; "none" where there are none."""
    told = [number(value, unit) for value in values]
    ending = f" {unit}"
    shared = bool(told) and all(one.endswith(ending) for one in told)
    return ", ".join(one.removesuffix(ending) for one in told) + ending if shared else ", ".join(told) or "none"


def pointed(unit: str) -> tuple[str, int]:
    """What stands behind a value under the pointer, and its decimals."""
    return ("°", 0) if unit == "deg" else (f" {unit}", 1 if unit == "s" else 2)


def _asked_s(exercise: Exercise | None) -> float:
    return 0.0 if exercise is None else exercise.dose.hold_s[0]


def _legend() -> Option:
    return {"top": 0, "right": 20, "itemGap": 24, "itemWidth": 14, "textStyle": {"color": TEXT}}
