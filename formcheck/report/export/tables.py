"""A result as tables: one row for each repetition, hold and stretch of a fault. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import PurePath

from formcheck.engine.records import FaultSpan, Hold, Repetition
from formcheck.exercises.declaration import Exercise
from formcheck.report.export.columns import FAULTS, HOLDS, REPETITIONS, Column, Row, Table, digits
from formcheck.report.export.meanings import measure_column
from formcheck.report.result import AnalysisResult

Known = Callable[[str], Exercise | None]


def tables(result: AnalysisResult, known: Known) -> tuple[Table, ...]:
    """Repetitions, holds and faults; of a clip in which several exercises were recognised, each row names its own.

    Args:
        result: The result.
        known: The exercise of a name, None where it is none that is known here.
    """
    blocks = list(numbered(result))
    measured = {
        (one.exercise, name): measure_column(name, known(one.exercise))
        for _, one in blocks
        for rep in one.reps
        for name in rep.measures
    }
    reps = [
        whose(result, n, one) | _repetition(rep) | named(one.exercise, rep.measures, measured)
        for n, one in blocks
        for rep in one.reps
    ]
    holds = [whose(result, n, one) | _hold(i, hold) for n, one in blocks for i, hold in enumerate(one.holds, 1)]
    faults = [whose(result, n, one) | _fault(span) for n, one in blocks for span in one.faults]
    return (
        Table("repetitions", (*REPETITIONS, *distinct(measured.values())), reps),
        Table("holds", HOLDS, holds),
        Table("faults", FAULTS, faults),
    )


def numbered(result: AnalysisResult) -> Iterator[tuple[int, AnalysisResult]]:
    """The exercises of a clip with their numbers, from 1."""
    return enumerate((result,) if result.exercise != "auto" else result.exercises, 1)


def whose(result: AnalysisResult, n: int, one: AnalysisResult) -> dict[str, object]:
    """The cells that begin each row."""
    return {"clip": PurePath(result.source.path).name, "exercise": one.exercise, "set": n}


def named(exercise: str, values: Mapping[str, float], columns: Mapping[tuple[str, str], Column]) -> dict[str, object]:
    """Measures by the names of their columns."""
    return {columns[exercise, name].name: value for name, value in values.items()}


def distinct(columns: Iterable[Column]) -> tuple[Column, ...]:
    """Each name once, in the order in which they first come."""
    return tuple({column.name: column for column in columns}.values())


def _repetition(rep: Repetition) -> dict[str, object]:
    cells: dict[str, object] = {column.name: getattr(rep, column.name, None) for column in REPETITIONS}
    for part in rep.parts:
        cells |= {f"score_{part.name}": part.points, f"score_{part.name}_of": part.of}
    return {name: value for name, value in cells.items() if value is not None}


def _hold(index: int, hold: Hold) -> Row:
    return asdict(hold) | {"index": index, "in_position_s": hold.end_s - hold.start_s}


def _fault(span: FaultSpan) -> dict[str, object]:
    cells = asdict(span)
    return cells | {"fault": cells.pop("name"), "worst": round(span.worst, digits(span.unit))}
