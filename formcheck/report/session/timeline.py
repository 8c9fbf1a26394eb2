"""The chart of a report: the main measure over time with phases, targets and repetitions, and a lane for each fault."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from formcheck.engine.records import OUTCOMES, FaultSpan, Outcome, Repetition
from formcheck.measure.body import unit_of
from formcheck.report.page import Figure, figures
from formcheck.report.page.figures import Option
from formcheck.report.result import AnalysisResult
from formcheck.report.session.targets import Band, target_bands
from formcheck.report.trace import Trace
from formcheck.report.words import sentence, split_unit, words

HEIGHT, LANE, TOP, FOOT = 280, 40, 40, 46  # CSS pixels: the curve, one lane, above and below
ACTIVE = ("rest", "moving", "top", "hold", "paused")
SHADED = {"top": "var(--top)", "hold": "var(--top)", "moving": figures.PHASE, "paused": "var(--pause)"}
LINES = ((figures.LINE, "solid"), ("var(--line2)", "dashed"))
UNITS = {"deg": ("degrees", "°"), "line lengths": ("% of the line", " %"), "trunk lengths": ("trunk lengths", "")}
OUTCOME_WORDS: dict[Outcome, str] = {
    "good": "good",
    "faulty": "with faults",
    "attempt": "not counted",
    "unfinished": "unfinished",
}
_TIMES: Option = {"color": figures.TEXT, "hideOverlap": True, "showMaxLabel": False}

Points = list[tuple[float, float]]
Courses = Sequence[tuple[str, Points]]


def timeline(result: AnalysisResult, trace: Trace, name: str, video: str = "") -> Figure | None:
    """The chart of one exercise, None where nothing of it was measured.

    Args:
        result: Of this exercise.
        trace: Its course.
        name: Of the figure.
        video: Name of its video on the page, "" where there is none.
    """
    courses = [(measure, shown(measure, points)) for measure, points in trace.courses()]
    if not any(math.isfinite(y) for _, points in courses for _, y in points):
        return None
    main, unit = courses[0][0], unit_of(courses[0][0])
    lanes = list(dict.fromkeys(span.name for span in result.faults))
    targets = [_scaled(main, band) for band in target_bands(trace.exercise, main)]
    span = value_range(trace, courses, targets)
    series = [_curve(measure, points, i) for i, (measure, points) in enumerate(courses)]
    series[0] |= _targets(targets, _phases(trace))
    series += _repetitions(result.reps, courses[0][1], span[1])
    series += [_lane(result.faults, lane) for lane in lanes]
    return Figure(
        name=name,
        title=_title(courses, unit),
        says=_says(result, trace, targets),
        option=_option(series, span, lanes, unit, (trace.times_s[0], max(result.source.duration_s, trace.times_s[-1]))),
        height=TOP + HEIGHT + FOOT + LANE * len(lanes),
        timeline=True,
        video=video,
        unit=UNITS.get(unit, (unit, ""))[1],
        decimals=2 if unit in ("trunk lengths", "shoulder widths") else 0,
    )


def shown(measure: str, points: Iterable[tuple[float, float]]) -> Points:
    """The values as a chart has them: offsets from a line in per cent of it, as they are told elsewhere."""
    scale = _scale(measure)
    return [(round(x, 2), round(scale * y, 3) + 0.0) for x, y in points]


def value_range(trace: Trace, courses: Courses, targets: Sequence[Band]) -> Band:
    """From lowest to highest while the exercise is done, targets included, in even numbers a little outside.

    Getting in and out would dwarf it.
    """
    active = [phase in ACTIVE for phase in trace.phases]
    known = [y for _, points in courses for (_, y), on in zip(points, active, strict=True) if on and math.isfinite(y)]
    known = known or [y for _, points in courses for _, y in points if math.isfinite(y)]
    known += [edge for band in targets for edge in band if math.isfinite(edge)]
    room = 0.06 * (max(known) - min(known)) or 1.0
    low, high = min(known) - room, max(known) + room
    step = _even_step((low, high))
    return round(step * math.floor(low / step), 6), round(step * math.ceil(high / step), 6)


def _even_step(span: Band) -> float:
    """A step of 1, 2 or 5 tens, units, tenths... of which five or more fit."""
    rough = (span[1] - span[0]) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    return float(power * max(factor for factor in (1, 2, 5) if factor * power <= rough * (1 + 1e-9)))


def _scale(measure: str) -> float:
    return 100.0 if unit_of(measure) == "line lengths" else 1.0


def _scaled(measure: str, band: Band) -> Band:
    low, high = (_scale(measure) * edge for edge in band)
    return round(low, 3), round(high, 3)


def _targets(targets: Sequence[Band], phases: list[list[Option]]) -> Option:
    """Marks of a curve: a band where there is a limit on either side; a line for one limit alone."""
    shaded, lines = list(phases), []
    for low, high in targets:
        if math.isfinite(low) and math.isfinite(high):
            shaded.insert(0, figures.band(low, high, label="target"))
        else:
            told = f"at least {low:g}" if math.isfinite(low) else f"at most {high:g}"
            lines.append({"yAxis": low if math.isfinite(low) else high, "label": {"formatter": told}})
    label: Option = {"color": figures.GOOD, "fontSize": 12}
    style: Option = {"color": figures.GOOD, "type": "dashed", "width": 1.5}
    line = {"silent": True, "symbol": "none", "label": label | {"position": "insideEndTop"}, "lineStyle": style}
    area = {"silent": True, "label": label | {"position": "insideRight"}, "data": shaded, "z": 0}
    return {"markArea": area, "markLine": line | {"data": lines}}


def _phases(trace: Trace) -> list[list[Option]]:
    return [
        figures.stretch(round(start, 2), round(end, 2), colour=SHADED[phase])
        for phase, start, end in trace.spans()
        if phase in SHADED
    ]


def _curve(measure: str, points: Points, index: int) -> Option:
    colour, dash = LINES[index % len(LINES)]
    line = {"color": colour, "width": 2.25, "type": dash}
    return figures.curve(sentence(split_unit(measure)[0]), points, colour=colour, lineStyle=line, z=3)


def _repetitions(reps: Sequence[Repetition], points: Points, high: float) -> list[Option]:
    """A numbered mark at each repetition's top, of a shape for each outcome."""
    return [
        figures.points(
            OUTCOME_WORDS[outcome],
            [_mark(rep, _at(points, rep.top_s, high)) for rep in reps if rep.outcome == outcome],
            colour=figures.COLOURS[outcome],
            symbol=figures.SYMBOLS[outcome],
            symbolSize=17,
            z=5,
        )
        for outcome in OUTCOMES
        if any(rep.outcome == outcome for rep in reps)
    ]


def _mark(rep: Repetition, y: float) -> Option:
    label = {"show": True, "position": "top", "formatter": f"{rep.index}", "fontWeight": "bold", "color": figures.TEXT}
    return {"value": [round(rep.top_s, 3), y], "seek": rep.start_s, "label": label}


def _at(points: Points, time_s: float, otherwise: float) -> float:
    """The value at a time; `otherwise` where none is known near it."""
    near = [(abs(x - time_s), y) for x, y in points if abs(x - time_s) < 0.5 and math.isfinite(y)]
    return min(near)[1] if near else otherwise


def _lane(faults: Sequence[FaultSpan], name: str) -> Option:
    """One fault's stretches as thick bars in a lane of their own; a point that is null parts two of them."""
    lane, data = words(name), list[Option]()
    for span in faults:
        if span.name == name:
            begin: Option = {"value": [span.start_s, lane], "seek": span.start_s}
            end = max(span.end_s, span.start_s + 0.05)
            data += [begin, begin | {"value": [end, lane], "symbol": "none"}, {"value": [None, lane]}]
    return {
        "type": "line",
        "name": lane,
        "data": data,
        "xAxisIndex": 1,
        "yAxisIndex": 1,
        "symbol": "triangle",
        "symbolSize": 14,
        "triggerLineEvent": True,
        "connectNulls": False,
        "lineStyle": {"color": figures.FAULT, "width": 9, "cap": "butt"},
        "itemStyle": {"color": figures.FAULT},
        "tooltip": {"show": False},
    }


def _option(series: list[Option], span: Band, lanes: Sequence[str], unit: str, ends: Band) -> Option:
    time: Option = {"min": round(ends[0], 2), "max": round(ends[1], 2), "splitLine": {"show": False}}
    grids = [{"left": 52, "right": 16, "top": TOP, "height": HEIGHT - 20}]
    x = [figures.axis("", axisLabel=_TIMES | {"show": not lanes}, **time)]
    curves = [one["name"] for one in series if one["type"] == "line" and "xAxisIndex" not in one]
    name = UNITS.get(unit, (unit, ""))[0] if len(curves) == 1 else ""  # the legend stands there
    # An offset is positive below the line: turned round, what hangs down is down in the chart, too.
    turned = unit == "line lengths"
    above: Option = {"inverse": turned, "nameLocation": "start" if turned else "end"}
    y = [figures.axis(name, **above, min=span[0], max=span[1], interval=_even_step(span))]
    if lanes:
        grids.append({"left": 52, "right": 16, "top": TOP + HEIGHT, "height": LANE * len(lanes)})
        x.append(figures.axis("", gridIndex=1, axisLabel=_TIMES, **time))
        y.append(_lanes_axis(lanes))
    zoom = figures.panning()[0] | {"xAxisIndex": [0, 1] if lanes else [0]}
    legend: Option = {"show": len(curves) > 1, "data": curves, "right": 12, "top": 4}
    legend |= {"textStyle": {"color": figures.TEXT}, "itemWidth": 34, "selectedMode": False}
    return figures.chart(series, x=x, y=y, grid=grids, dataZoom=[zoom], legend=legend)


def _lanes_axis(lanes: Sequence[str]) -> Option:
    """The faults' names, each above its own lane: beside it they would leave a phone no room for the chart."""
    place = {"inside": True, "align": "left", "verticalAlign": "bottom", "padding": [0, 0, 8, -4]}
    data, label = [words(lane) for lane in lanes], place | {"color": figures.TEXT}
    return figures.axis(
        "", "category", gridIndex=1, data=data, inverse=True, axisLabel=label, axisTick={"show": False}, z=6
    )


def _title(courses: Courses, unit: str) -> str:
    told = " and ".join(split_unit(measure)[0] for measure, _ in courses)
    return f"{sentence(told)} over time, in {UNITS.get(unit, (unit, ''))[0]}"


def _says(result: AnalysisResult, trace: Trace, targets: Sequence[Band]) -> str:
    """How to read it."""
    parts = []
    if any(math.isfinite(low) and math.isfinite(high) for low, high in targets):
        parts.append("the green band is where the body should be")
    elif targets:
        parts.append("the dashed line is what should be reached")
    if any(phase in ("top", "hold") for phase in trace.phases):
        parts.append("grey stretches are " + ("at the top" if trace.exercise.holding is None else "held"))
    if "paused" in trace.phases:
        parts.append("in pale orange ones the clock stood still")
    if result.reps:
        parts.append("numbers mark the repetitions")
    if result.faults:
        parts.append("orange bars below show when a fault lasted")
    return sentence("; ".join(parts)) + "." if parts else ""
