"""A result, or the list of exercises, as text for the terminal.

Everything goes through one `Page`, which knows what the output can show: no markup is ever read from file
names or exercise files, control characters are not passed on, and letters that the output's encoding lacks are
replaced. Piped output is plain and 100 columns wide.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, TYPE_CHECKING

from rich import box
from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

from formcheck.measure.body import unit_of
from formcheck.report.remarks import unjudged_remarks
from formcheck.report.words import clock, number, sentence, split_unit, words

if TYPE_CHECKING:
    from formcheck.engine.records import FaultSpan, Hold, Outcome, Reminder, Repetition
    from formcheck.exercises.declaration import Exercise
    from formcheck.report.result import AnalysisResult, PostureTime

CAUTION = "formcheck is a coach, not a doctor: stop if anything hurts."
PIPED_WIDTH = 100
_ASCII_RULE = box.Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
_NARROW = 72  # columns: below this tables would break inside words
_FIXED = 43  # columns that a table of repetitions takes without its measures, 16 of them for remarks

_STYLES: dict[Outcome, str] = {"good": "green", "faulty": "yellow", "attempt": "magenta", "unfinished": "dim"}
_TEMPO = {"rising_s": "up", "top_held_s": "held", "lowering_s": "down", "in_line_s": "in line", "cycle_s": "cycle"}


def open_console(file: IO[str] | None = None) -> Console:
    """A console on standard output, or on `file`; 100 columns wide where nobody says how wide it is."""
    console = Console(file=file, highlight=False, emoji=False, markup=False)
    if not console.is_terminal and not os.environ.get("COLUMNS"):
        console.width = PIPED_WIDTH
    return console


@dataclass(frozen=True, slots=True)
class Page:
    """What to print on, and what it can show."""

    console: Console

    @property
    def narrow(self) -> bool:
        """Whether tables have no room."""
        return self.console.width < _NARROW

    def text(self, content: str, style: str = "") -> Text:
        """The content as it is, without markup, in letters that the output has."""
        encoding = self.console.encoding
        visible = "".join(letter if letter.isprintable() else "?" for letter in content)
        return Text(visible.encode(encoding, "replace").decode(encoding), style)

    def number(self, value: float, unit: str) -> str:
        """A value with its unit, with a degree sign where the output has one."""
        return number(value, unit, degree_sign="?" not in self.text("°").plain)

    def line(self, content: str = "", style: str = "", indent: int = 0) -> None:
        """Print one paragraph, broken between words."""
        for part in self.text(content, style).wrap(self.console, max(1, self.console.width - indent)):
            part.rstrip()
            self.console.print(Text(" " * indent) + part)

    def path(self, content: str) -> None:
        """Print one line that is never broken, so that the paths in it can be copied."""
        self.console.print(self.text(content), soft_wrap=True)

    def table(
        self, columns: Sequence[str], rows: Iterable[Sequence[Text]], *, right: Sequence[str] = (), prose: int = 1
    ) -> None:
        """Print a table; its last `prose` columns are broken between words, `right` ones are aligned to the right."""
        fancy = self.console.encoding.startswith("utf")
        table = Table(
            box=box.SIMPLE_HEAD if fancy else _ASCII_RULE,
            show_edge=False,
            pad_edge=False,
            padding=(0, 1, 0, 0),
            header_style="bold",
        )
        for index, column in enumerate(columns):
            header = Text("\n").join(self.text(word) for word in column.split("\n"))
            justify: JustifyMethod = "right" if column in right else "left"
            table.add_column(header, justify=justify, vertical="top", no_wrap=index < len(columns) - prose)
        for row in rows:
            table.add_row(*row)
        self.console.print(table)


def print_result(result: AnalysisResult, console: Console) -> None:
    """Print what formcheck says of one clip."""
    page = Page(console)
    _heading(page, result)
    _events(page, result)
    for block in result.exercises:
        page.line()
        page.line(sentence(words(block.exercise)), "bold")
        _events(page, block)
    _unjudged(page, result)
    page.line()
    for one in result.exercises or (result,):
        if counts := _counts(one.counts):
            page.line(counts)
        # A photo shows no dose to score.
        score = "" if one.exercise == "auto" or one.measures else f" Score: {one.score:.0f} of 100."
        page.line(f"{sentence(one.summary).rstrip('.')}.{score}", "bold")
    page.line(CAUTION, "dim")


def _events(page: Page, result: AnalysisResult) -> None:
    """What happened in one exercise, or what a photo shows."""
    if result.reps:
        _repetitions(page, result.reps)
    if result.holds:
        _holds(page, result.holds)
    if result.faults:
        _faults(page, result.faults)
    if result.measures:
        _measures(page, result.measures)
    if result.posture is not None and result.holds:
        _posture(page, result.posture, result.reminders)


def print_exercises(exercises: Iterable[Exercise], console: Console, *, examples: Sequence[str] = ()) -> None:
    """Print what each exercise asks for, how to place the camera, and what can be wrong.

    Args:
        exercises: The exercises.
        console: Where to print.
        examples: Names of shipped exercises in a file, which are only told of.
    """
    page = Page(console)
    for exercise in exercises:
        page.line(f"{exercise.name}  ({exercise.title})", "bold")
        for label, content in (
            ("What", exercise.asked),
            ("Dose", exercise.dose.words()),
            ("Camera", exercise.camera),
        ):
            page.line(f"{label}: {sentence(content)}", indent=2)
        _exercise_faults(page, exercise)
        for told in exercise.unjudged.values():
            page.line(f"Not judged: {told}", indent=2)
        page.line()
    if examples:
        page.line(f"Examples of exercises in a TOML file, usable by name, too: {', '.join(examples)}.")
        page.line("'formcheck exercises --show NAME' prints any exercise as such a file, to start your own from.")
        page.line()
    page.line(CAUTION, "dim")


def _exercise_faults(page: Page, exercise: Exercise) -> None:
    if page.narrow:
        for fault in exercise.faults:
            page.line(f"{fault.name}: {fault.means}", indent=2)
            page.line(f'says: "{fault.cue}"', indent=4)
        return
    rows = []
    before: tuple[str, str] | None = None
    for fault in exercise.faults:
        # A fault can be told in several ways: its name, and a cue that is the same, stand only once.
        name = "" if before is not None and before[0] == fault.name else fault.name
        cue = "" if before == (fault.name, fault.cue) else fault.cue
        rows.append((page.text(f"  {name}", "cyan"), page.text(cue), page.text(fault.means)))
        before = fault.name, fault.cue
    page.table(("  fault", "what formcheck says", "what it means"), rows, prose=2)


# --- the parts of a result --------------------------------------------------------------------------------------


def _heading(page: Page, result: AnalysisResult) -> None:
    page.line(f"{sentence(words(result.exercise))}: {PurePath(result.source.path).name or result.source.path}", "bold")
    facts = [f"{clock(result.source.duration_s)} long" if result.source.duration_s else "a photo"]
    if result.side:
        facts.append(f"{result.side} side towards the camera")
    if result.dose:
        facts.append(f"asked: {result.dose}")
    page.line(", ".join(facts))
    if result.interrupted:
        page.line("Stopped before the end of the clip: only what was seen until then is judged.", "yellow")


def _measures(page: Page, measures: Mapping[str, float]) -> None:
    page.line()
    told = (f"{name} {page.number(value, unit)}" for (name, unit), value in _split(measures))
    page.line(", ".join(told))


def _split(measures: Mapping[str, float]) -> Iterator[tuple[tuple[str, str], float]]:
    for name, value in measures.items():
        words_, unit = split_unit(name)
        yield (words_, unit or unit_of(name)), value


def _posture(page: Page, posture: PostureTime, reminders: Sequence[Reminder]) -> None:
    page.line()
    times = {"upright": posture.upright_s, "not upright": posture.slouched_s, "away": posture.away_s}
    page.line(", ".join(f"{name} {clock(seconds)}" for name, seconds in times.items()))
    for reminder in reminders:
        page.line(f"{clock(reminder.time_s)} {reminder.kind}: {sentence(reminder.text)}", indent=2)


def _repetitions(page: Page, reps: Sequence[Repetition]) -> None:
    page.line()
    told = dict.fromkeys(name for rep in reps for name in rep.measures if not _is_beside(name, rep.measures))
    headers = {name: _TEMPO.get(name) or split_unit(name)[0] for name in told}
    cells = {name: [_measure(page, rep, name) for rep in reps] for name in headers}
    widths = {name: max(map(len, (*headers[name].split(), *cells[name]))) + 2 for name in headers}
    shown = _fitting(widths, page.console.width - _FIXED)
    if shown is None:
        for rep in reps:
            _repetition(page, rep, headers)
        return
    rows = (
        (
            page.text(str(rep.index)),
            page.text(clock(rep.start_s)),
            page.text(rep.outcome, _STYLES[rep.outcome]),
            page.text(f"{rep.score:.0f}"),
            *(page.text(cells[name][row]) for name in shown),
            page.text(_remarks(rep)),
        )
        for row, rep in enumerate(reps)
    )
    stacked = ["\n".join(headers[name].split()) for name in shown]
    page.table(("#", "time", "outcome", "score", *stacked, "remarks"), rows, right=("#", "time", "score", *stacked))


def _fitting(widths: dict[str, int], room: int) -> list[str] | None:
    """The measures that a table has room for: all of the tempo, and of the others the first, which matter most.

    None where not even one of the others fits. What is left out is in result.json.
    """
    left = room - sum(width for name, width in widths.items() if name in _TEMPO)
    others = [name for name in widths if name not in _TEMPO]
    kept: list[str] = []
    for name in others:
        left -= widths[name]
        if left < 0:
            break
        kept.append(name)
    if left < 0 and not kept:
        return None
    return [name for name in widths if name in _TEMPO or name in kept]


def _repetition(page: Page, rep: Repetition, headers: dict[str, str]) -> None:
    """One repetition as a few lines, for where a table has no room."""
    page.line(f"{rep.index}. {clock(rep.start_s)}  {rep.outcome}, {rep.score:.0f} points", _STYLES[rep.outcome])
    values = (f"{header} {_measure(page, rep, name)}" for name, header in headers.items() if name in rep.measures)
    for content in (", ".join(values), _remarks(rep)):
        if content:
            page.line(content, indent=3)


def _measure(page: Page, rep: Repetition, name: str) -> str:
    if f"{name}_cm" in rep.measures:
        return _length(page, rep.measures[f"{name}_cm"], rep.measures[f"{name}_in"])
    return page.number(rep.measures[name], split_unit(name)[1]) if name in rep.measures else ""


def _is_beside(name: str, measures: Mapping[str, float]) -> bool:
    """Whether this is a length in centimetres or inches that stands beside the same one in trunk lengths."""
    return name.endswith(("_cm", "_in")) and name[:-3] in measures


def _length(page: Page, cm: float, inch: float) -> str:
    if not math.isfinite(cm):
        return page.number(cm, "cm")
    return f"{page.number(cm, 'cm')} ({page.number(inch, 'in')})"


def _remarks(rep: Repetition) -> str:
    """Why it does not count, what was wrong, what was short of the dose."""
    reason = [rep.reason] if rep.reason else []
    return ", ".join((*reason, *(words(name) for name in (*rep.faults, *rep.notes))))


def _holds(page: Page, holds: Sequence[Hold]) -> None:
    page.line()
    if page.narrow:
        for index, hold in enumerate(holds, 1):
            page.line(f"{index}. {_hold_span(hold)}  {_hold_kind(hold)}".rstrip())
            page.line(f"in form {page.number(hold.in_form_s, 's')}, longest {page.number(hold.longest_s, 's')}", "", 3)
            if hold.measures:
                page.line(_hold_mean(page, hold), indent=3)
            if hold.faults:
                page.line(_listed(hold.faults), indent=3)
        return
    right = ("#", "in position", "in form", "longest")
    measured = any(hold.measures for hold in holds)
    rows = (
        (
            page.text(str(index)),
            page.text(_hold_span(hold)),
            page.text(_hold_kind(hold)),
            *(page.text(page.number(s, "s")) for s in (hold.end_s - hold.start_s, hold.in_form_s, hold.longest_s)),
            *([page.text(_hold_mean(page, hold))] if measured else ()),
            page.text(_listed(hold.faults)),
        )
        for index, hold in enumerate(holds, 1)
    )
    mean = ("mean",) if measured else ()
    page.table(("#", "time", "kind", *right[1:], *mean, "faults"), rows, right=right, prose=1 + len(mean))


def _hold_span(hold: Hold) -> str:
    return f"{clock(hold.start_s)}-{clock(hold.end_s)}"


def _hold_mean(page: Page, hold: Hold) -> str:
    """The hold's main measure with its name, which differs by variant and side; empty where it has none."""
    name = next(iter(hold.measures), None)
    if name is None:
        return ""
    return f"{split_unit(name)[0]} {page.number(hold.measures[name], split_unit(name)[1])}"


def _hold_kind(hold: Hold) -> str:
    return ", ".join(words(part) for part in (hold.variant, hold.side) if part)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(words(name) for name in names)


def _faults(page: Page, faults: Sequence[FaultSpan]) -> None:
    """One row for each fault, with all its stretches and the cue against it."""
    page.line()
    by_name: dict[str, list[FaultSpan]] = {}
    for fault in faults:
        by_name.setdefault(fault.name, []).append(fault)
    rows = [
        (words(name), ", ".join(clock(span.start_s) for span in spans), _worst(page, spans), sentence(spans[0].cue))
        for name, spans in by_name.items()
    ]
    if page.narrow:
        for name, times, worst, cue in rows:
            page.line(f"{sentence(name)} at {times}{f', worst {worst}' if worst else ''}", "yellow")
            page.line(cue, indent=3)
        return
    styles = ("yellow", "", "", "")
    texts = (tuple(page.text(cell, style) for cell, style in zip(row, styles, strict=True)) for row in rows)
    page.table(("fault", "at", "worst", "what to do"), texts)


def _worst(page: Page, spans: Sequence[FaultSpan]) -> str:
    """The worst values; both ends where a fault was worst on either side. Empty where there is no number."""
    known = sorted((span for span in spans if math.isfinite(span.worst)), key=lambda span: span.worst)
    if not known:
        return ""
    low, high = (_worst_of(page, span) for span in (known[0], known[-1]))
    return low if low == high else f"{low} to {high}"


def _worst_of(page: Page, span: FaultSpan) -> str:
    if span.worst_cm is not None and span.worst_in is not None:
        return _length(page, span.worst_cm, span.worst_in)
    return page.number(span.worst, span.unit)


def _unjudged(page: Page, result: AnalysisResult) -> None:
    remarks = list(unjudged_remarks(result))
    if not remarks:
        return
    page.line()
    page.line("What could not be judged, or not well:", "bold")
    for remark in remarks:
        page.line(remark, indent=2)


def _counts(counts: dict[Outcome, int]) -> str:
    parts = [f"{counts[name]} {_plural(name, counts[name])}" for name in _STYLES if counts.get(name)]
    return f"Repetitions: {', '.join(parts)}." if parts else ""


def _plural(name: Outcome, n: int) -> str:
    if name == "attempt":
        return "attempt (not counted)" if n == 1 else "attempts (not counted)"
    return "unfinished (not counted)" if name == "unfinished" else name
