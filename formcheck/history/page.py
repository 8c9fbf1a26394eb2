"""The last weeks as a page: `formcheck history --report`. No pictures are kept, so there are none in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from formcheck.history.days import MONTHS, Cell, Day, Week, days, first_monday, weeks
from formcheck.history.model import Session
from formcheck.history.trend_figures import dose_figure, exercise_figures
from formcheck.history.trends import ExerciseTrend, FaultTrend, pains, trends
from formcheck.report.known import Known
from formcheck.report.page import render

_SIGNS: dict[Cell, str] = {"trained": "●", "pain": "▲", "rest": "·", "ahead": ""}
_LOOKS: dict[Cell, str] = {"trained": "good", "pain": "faulty", "rest": "", "ahead": ""}
_SAID: dict[Cell, str] = {"trained": "trained", "pain": "pain", "rest": "no training", "ahead": "still to come"}
_COURSES = {"stays": "faulty", "grows": "faulty", "new": "faulty", "fades": "good", "gone": "good"}
_COURSE_SIGNS = {"faulty": "▲", "good": "●", "unfinished": "○"}


def history_page(
    sessions: Sequence[Session], today: date, *, earlier: int = 0, advice: str | None = None, known: Known | None = None
) -> str:
    """The whole HTML file.

    Args:
        sessions: Those from `first_monday` on, oldest first.
        today: The person's day.
        earlier: How many days with something done there are before those.
        advice: What `rest_advice` says.
        known: The exercises by name.
    """
    found, told = days(sessions), trends(sessions, known or Known())
    since, until = first_monday(today), today
    figures = [[*exercise_figures(n, one, known or Known(), since, until)] for n, one in enumerate(told, 1)]
    dose = dose_figure(found, since, until)
    return render(
        "history.html",
        title=f"Your training, {day_told(since)} to {day_told(until)} {until.year}",
        figures=[*([dose] if dose else []), *(figure for group in figures for figure in group)],
        verdict=verdict(found, weeks(found, today), today),
        advice=advice,
        earlier=earlier,
        dose=dose,
        calendar=[_line(week) for week in weeks(found, today)],
        legend=[(_SIGNS[cell], _LOOKS[cell], _SAID[cell]) for cell in ("trained", "pain", "rest")],
        exercises=[(one, group, _summary(one)) for one, group in zip(told, figures, strict=True)],
        pains=[(f"{day_told(one.day)}, {one.at:%H:%M}", one.title) for one in pains(sessions)],
        look=_look,
    )


def day_told(day: date) -> str:
    """A day and its month: "4 March"."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def verdict(found: Sequence[Day], shown: Sequence[Week], today: date) -> str:
    """Days trained, rested and with pain since the first day that is shown, in one sentence."""
    if not found:
        return "Nothing was trained in these weeks."
    first = found[0].date
    cells: Counter[Cell] = Counter()
    for week in shown:
        for i, cell in enumerate(week.cells):
            if first <= week.monday + timedelta(days=i) <= today:
                cells[cell] += 1
    trained = sum(day.trained for day in found)
    shares = [day.done for day in found if day.done is not None]
    done = (
        f" On the days of training {100 * sum(shares) / len(shares):.0f} % of the asked dose was done."
        if shares
        else ""
    )
    pain = f"pain was told on {_days(cells['pain'])}" if cells["pain"] else "no pain was told"
    return (
        f"Since {day_told(first)} you trained on {_days(trained)} and rested on {_days(cells['rest'])}; {pain}.{done}"
    )


def _days(n: int) -> str:
    return "1 day" if n == 1 else f"{n} days"


def _line(week: Week) -> tuple[str, list[dict[str, str]], str]:
    """A week of the calendar: its first day, its cells, and what it comes to."""
    cells = []
    for i, cell in enumerate(week.cells):
        day = week.monday + timedelta(days=i)
        cells.append(
            {"day": str(day.day), "sign": _SIGNS[cell], "look": _LOOKS[cell], "says": f"{day_told(day)}: {_SAID[cell]}"}
        )
    told = [f"{week.repetitions} repetition{'' if week.repetitions == 1 else 's'}"] if week.repetitions else []
    told += [f"{week.in_form_s:.0f} s held"] if week.in_form_s else []
    return day_told(week.monday), cells, ", ".join(told)


def _summary(one: ExerciseTrend) -> tuple[tuple[str, str], ...]:
    """Sets, dose asked, dose done, score first and last, each with its name."""
    scores = [f"{point.score:.0f}" for point in one.sets if point.score is not None]
    course = ", then ".join(dict.fromkeys((scores[0], scores[-1]))) if scores else "-"
    done = "-" if one.done is None else f"{100 * one.done:.0f} %"
    return ("sets", str(len(one.sets))), ("asked", one.asked), ("done", done), ("score", course)


def _look(fault: FaultTrend) -> tuple[str, str]:
    """The look of a fault's course, and its sign."""
    look = _COURSES.get(fault.course, "unfinished")
    return look, _COURSE_SIGNS[look]
