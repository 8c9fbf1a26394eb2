"""The history as text for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich.console import Console
from rich.text import Text

from formcheck.history.days import Cell, Day, Week, first_monday, weeks
from formcheck.report.terminal import CAUTION, Page
from formcheck.report.words import clock

NOTHING_YET = "Nothing has been trained yet: 'formcheck coach' begins a session, and it is kept here."
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Told apart by their shape, so that colour is not needed.
_BLOCKS: dict[Cell, str] = {"trained": "■", "pain": "!", "rest": "·", "ahead": " "}
_ASCII: dict[Cell, str] = {"trained": "#", "pain": "!", "rest": ".", "ahead": " "}
_STYLES: dict[Cell, str] = {"trained": "green", "pain": "bold red", "rest": "dim", "ahead": ""}
_RIGHT = ("good", "faulty", "not\ncounted", "holds", "in\nform", "dose\ndone", "score")


def print_history(
    found: Sequence[Day], today: date, console: Console, *, earlier: int = 0, advice: str | None = None
) -> None:
    """Print a table of the days and a bar of the weeks, both of the last eight weeks.

    Args:
        found: The days from `first_monday` on, oldest first.
        today: The person's day.
        console: Where to print.
        earlier: How many days there are before those.
        advice: What `rest_advice` says.
    """
    page = Page(console)
    if not found and not earlier:
        page.line(NOTHING_YET)
        return
    if earlier:
        since = _date(first_monday(today))
        page.line(f"{_days(earlier)} before {since}: 'formcheck history --export csv' has them all.")
        page.line()
    if found:
        _table(page, found)
        page.line()
    _bar(page, weeks(found, today))
    if advice:
        page.line()
        page.line(advice, "bold")
    page.line()
    page.line(CAUTION, "dim")


def _table(page: Page, shown: Sequence[Day]) -> None:
    columns = ("date", *_RIGHT, "exercises")
    cells = [_cells(day) for day in shown]
    widths = [
        max(len(word) for content in (column, *contents) for word in content.split("\n"))
        for column, contents in zip(columns[:-1], zip(*cells, strict=True), strict=True)
    ]
    # Two columns of air after each, and at least the longest word in the last one.
    longest = max(len(word) for day in shown for word in (columns[-1], *_last(page, day).plain.split()))
    if page.narrow or sum(widths) + 2 * len(widths) + longest > page.console.width:
        for day in shown:
            _paragraph(page, day)
        return
    rows = (
        (*(page.text(content) for content in contents), _last(page, day))
        for day, contents in zip(shown, cells, strict=True)
    )
    page.table(columns, rows, right=_RIGHT)


def _cells(day: Day) -> tuple[str, ...]:
    """What stands in the table before the last column."""
    counts = (_number(count) for count in (day.good, day.faulty, day.attempts, day.holds))
    return (_date(day.date), *counts, _time(day.in_form_s), _share(day), _score(day))


def _last(page: Page, day: Day) -> Text:
    upright = (f"upright {clock(day.upright_s)}",) if day.upright_s else ()
    others = page.text(", ".join((*day.exercises, *upright)))
    if not day.pain:
        return others
    return page.text("pain", _STYLES["pain"]) + page.text(", " if others.plain else "") + others


def _paragraph(page: Page, day: Day) -> None:
    """One day where a table has no room."""
    page.line(_date(day.date), "bold")
    if day.pain:
        page.line("pain", _STYLES["pain"], indent=2)
    told = [(f"{count} {what}") for count, what in (
        (day.good, "good"), (day.faulty, "faulty"), (day.attempts, "not counted"),
        (day.holds, "hold" if day.holds == 1 else "holds"),
    ) if count]  # fmt: skip
    told += [f"{clock(day.in_form_s)} in form"] if day.in_form_s else []
    told += [f"upright {clock(day.upright_s)}"] if day.upright_s else []
    told += [f"dose done {_share(day)}"] if day.done is not None else []
    told += [f"score {_score(day)}"] if day.score is not None else []
    for content in (", ".join(day.exercises), ", ".join(told)):
        if content:
            page.line(content, indent=2)


def _bar(page: Page, bar: Sequence[Week]) -> None:
    """One line for each week: a cell for each day, and what it comes to."""
    signs = _BLOCKS if page.text(_BLOCKS["trained"] + _BLOCKS["rest"]).plain.count("?") == 0 else _ASCII
    page.line(f"{'Week of':<8}{' '.join(name[0] for name in _WEEKDAYS)}", "bold")
    for week in bar:
        line = page.text(f"{week.monday.day:>2} {_MONTHS[week.monday.month - 1]}  ")
        for cell in week.cells:
            line += Text(f"{signs[cell]} ", _STYLES[cell])
        told = [_days(week.days)] if week.days else []
        told += [f"{week.repetitions} repetitions" if week.repetitions != 1 else "1 repetition"] * bool(
            week.repetitions
        )
        told += [f"{clock(week.in_form_s)} held"] * bool(week.in_form_s)
        room = page.console.width - line.cell_len - 1
        content = ", ".join(told)
        if content and len(content) <= room:
            line += Text(f" {content}")
        line.rstrip()
        page.console.print(line, soft_wrap=True)
    page.line(f"{signs['trained']} trained  {signs['pain']} pain  {signs['rest']} no training", "dim")


def _date(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day.isoformat()}"


def _days(n: int) -> str:
    return f"{n} day" if n == 1 else f"{n} days"


def _number(count: int) -> str:
    return str(count) if count else "-"


def _time(seconds: float) -> str:
    return clock(seconds) if seconds else "-"


def _share(day: Day) -> str:
    return "-" if day.done is None else f"{100 * day.done:.0f} %"


def _score(day: Day) -> str:
    return "-" if day.score is None else f"{day.score:.0f}"
