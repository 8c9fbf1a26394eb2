"""The results of a batch for people: a line for each clip, a table at the end; and as CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from formcheck.batch.work import STATUSES, Done, Found, Status
from formcheck.files import write_atomically
from formcheck.report.terminal import Page
from formcheck.report.words import clock, number, sentence, words

COLUMNS = (
    "clip", "exercise", "status", "good", "faulty", "attempt", "unfinished", "holds", "in_form_s", "score", "faults",
    "view", "seconds", "memory_mb", "message",
)  # fmt: skip
TABLE_LONGEST = 50  # clips: of more, only those that did not pass are in the table, as each had its line already

_STYLES: dict[Status, str] = {"passed": "green", "failed": "red", "error": "red", "analysed": ""}
_RIGHT = ("good", "faulty", "other", "in form", "score")


# --- CSV ---------------------------------------------------------------------------------------


def write_csv(results: Sequence[Done], path: Path) -> None:
    """Write the results as CSV.

    Raises:
        OutputError: It cannot be written.
    """
    write_atomically(path, to_csv(results).encode("utf-8", "backslashreplace"))


def to_csv(results: Sequence[Done]) -> str:
    """The results as CSV: `COLUMNS`, one row for each clip, several names in a cell with blanks between them."""
    text = io.StringIO()
    writer = csv.writer(text)  # ends lines as RFC 4180 asks, and quotes what looks like an end
    writer.writerow(COLUMNS)
    writer.writerows(
        (done.name, done.exercise, done.status, *_numbers(done.found), *_cost(done), done.message) for done in results
    )
    return text.getvalue()


def _numbers(found: Found | None) -> tuple[object, ...]:
    if found is None:
        return ("",) * (len(COLUMNS) - 6)
    counts = (found.good, found.faulty, found.attempt, found.unfinished, found.holds)
    names = (" ".join(found.faults), " ".join(found.view))
    return (*counts, f"{found.in_form_s:.3f}", f"{found.score:.1f}", *names)


def _cost(done: Done) -> tuple[str, str]:
    return f"{done.seconds:.3f}", "" if done.memory_mb is None else f"{done.memory_mb:.1f}"


# --- while it runs -----------------------------------------------------------------------------


class Lines:
    """One line for each clip as it comes, and where somebody can see it a bar with the time left. A context manager.

    Args:
        clips_n: How many clips there are.
        console: Where the lines go.
        errors: Where the bar goes if that is no terminal: lines in a file and a bar on the screen do not meet.
    """

    def __init__(self, clips_n: int, console: Console, errors: Console | None = None) -> None:
        self._page = Page(console)
        self._clips_n = clips_n
        self._done_n = 0
        self._task = TaskID(0)
        screen = console if console.is_terminal else (errors or Console(stderr=True))
        self._bar: Progress | None = None
        if screen.is_terminal and clips_n > 1:
            columns = (TextColumn("Watching the clips"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._bar = Progress(
                *columns,
                TextColumn("left"),
                console=screen,
                transient=True,
                refresh_per_second=4,
                redirect_stdout=False,
                redirect_stderr=False,
            )

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._task = self._bar.add_task("", total=self._clips_n)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: Done) -> None:
        """Tell of one clip."""
        self._done_n += 1
        width = len(str(self._clips_n))
        took = "done before" if done.reused else number(done.seconds, "s")
        head = f"{self._done_n:{width}}/{self._clips_n}  {done.status:8}  {done.name}  {done.exercise}".rstrip()
        self._page.line(f"{head}  ({took})", _STYLES[done.status])
        for remark in _remarks(done):
            self._page.line(remark, indent=2 * width + 3)
        if self._bar is not None:
            self._bar.update(self._task, completed=self._done_n)


def _remarks(done: Done) -> list[str]:
    if done.error is not None:
        return [done.error]
    told = [sentence(failure) for failure in done.failures]
    if done.found is not None and done.status == "analysed":
        told.append(done.found.summary)
    return [*told, done.note] if done.note else told


# --- at the end --------------------------------------------------------------------------------


def print_summary(results: Sequence[Done], console: Console, *, took_s: float, clips_n: int | None = None) -> None:
    """Print what came of a batch: a table of its clips, and how many passed.

    Args:
        results: What is done.
        console: Where to print.
        took_s: How long the batch took, in seconds.
        clips_n: How many clips there are, where not all were done.
    """
    page = Page(console)
    bad = [done for done in results if done.status in ("failed", "error")]
    shown = results if len(results) <= TABLE_LONGEST else bad[:TABLE_LONGEST]
    if shown and not page.narrow:
        page.line()
        columns = ("clip", "exercise", "status", *_RIGHT, "faults")
        page.table(columns, [_row(page, done) for done in shown], right=_RIGHT)
    page.line()
    counts = {status: sum(done.status == status for done in results) for status in STATUSES}
    parts = [f"{counts[status]} {_plural(status, counts[status])}" for status in STATUSES if counts[status]]
    left = 0 if clips_n is None else clips_n - len(results)
    parts += [f"{left} not done"] if left else []
    clips = "1 clip" if len(results) + left == 1 else f"{len(results) + left} clips"
    page.line(f"{clips}: {', '.join(parts) or 'nothing done'}.", "bold red" if bad else "bold")
    _cost_of_all(page, [done for done in results if not done.reused], took_s)


def _cost_of_all(page: Page, results: Sequence[Done], took_s: float) -> None:
    """How fast it went, and with how much memory."""
    found = [done.found for done in results if done.found is not None]
    length_s, frames = sum(one.duration_s for one in found), sum(one.frames for one in found)
    if found and took_s > 0.0:
        page.line(f"{clock(length_s)} of video in {clock(took_s)}, {frames / took_s:.0f} pictures a second.", "dim")
    memory_mb = max((done.memory_mb for done in results if done.memory_mb is not None), default=None)
    if memory_mb is not None:
        page.line(f"Peak memory of a worker: {memory_mb:.0f} MB.", "dim")


def _row(page: Page, done: Done) -> tuple[Text, ...]:
    found = done.found
    if found is None:
        cells = ("",) * (len(_RIGHT) + 1)
    else:
        counted = found.good + found.faulty + found.attempt + found.unfinished > 0
        reps = [str(n) if counted else "" for n in (found.good, found.faulty, found.attempt + found.unfinished)]
        in_form = page.number(found.in_form_s, "s") if found.holds else ""
        cells = (*reps, in_form, f"{found.score:.0f}", ", ".join(words(name) for name in found.faults))
    told = (page.text(done.name), page.text(words(done.exercise)), page.text(done.status, _STYLES[done.status]))
    return (*told, *(page.text(cell) for cell in cells))


def _plural(status: Status, n: int) -> str:
    return "errors" if status == "error" and n != 1 else status
