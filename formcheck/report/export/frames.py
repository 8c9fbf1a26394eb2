"""The measures of each frame, worked out of a pose recording by the exercise's own rules."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.engine.records import Hold, Repetition
from formcheck.errors import InputError
from formcheck.exercises.declaration import Exercise
from formcheck.judge import Judge
from formcheck.report.export.columns import MEASURES, Column, Row, Table, digits
from formcheck.report.export.meanings import measure_column
from formcheck.report.export.tables import Known, distinct, named, numbered, whose
from formcheck.report.result import AnalysisResult

if TYPE_CHECKING:
    from formcheck.pose.landmarks import Pose
    from formcheck.pose.recording import PoseRecording

POSES = "poses.npz"


def poses_of(result: AnalysisResult, folder: Path) -> PoseRecording:
    """The poses that a result was made of: beside it, or the recording that was analysed itself.

    Raises:
        InputError: There are none, they are damaged, or they are of another clip.
    """
    from formcheck.pose.recording import PoseRecording  # noqa: PLC0415 - numpy is slow to import

    analysed = Path(result.source.path)
    path = folder / POSES
    if not path.exists() and analysed.suffix.lower() == ".npz":
        path = analysed
    if not path.exists():
        raise InputError(f"the clip's poses are not in {folder}: analyse it again with --save-poses.")
    recording = PoseRecording.load(path)
    if result.source.frames not in (recording.source.frames, len(recording)):
        raise InputError(f"{path} is of another clip: analyse this one again with --save-poses.")
    return recording


class Frames:
    """The rows of many frames, kept small: an hour has a hundred thousand, each with some fifty numbers."""

    def __init__(self) -> None:
        self._order: dict[str, int] = {}
        self._kept: list[tuple[Row, Row, array[float]]] = []

    def add(self, head: Row, frame: Row, values: Mapping[str, float]) -> None:
        """One more frame: what is the same in all, what is its own, and its measures by the columns' names."""
        for name in values:
            self._order.setdefault(name, len(self._order))
        numbers = array("d", [math.nan]) * len(self._order)
        for name, value in values.items():
            numbers[self._order[name]] = value
        self._kept.append((head, frame, numbers))

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Row]:
        for head, frame, numbers in self._kept:
            # A measure that was first known later is not among the numbers of the frames before.
            yield head | frame | dict(zip(self._order, numbers, strict=False))


def measures_table(result: AnalysisResult, exercises: Mapping[str, Exercise], poses: Iterable[Pose]) -> Table:
    """One row for each frame; of a clip in which exercises were recognised, only for the frames within them.

    Args:
        result: The result.
        exercises: Those of the result, by name.
        poses: Of the whole clip, in order; they are gone through once for each exercise.
    """
    columns: dict[tuple[str, str], Column] = {}
    rows = Frames()
    for n, one in numbered(result):
        head = whose(result, n, one)
        exercise = exercises[one.exercise]
        for judge in _judged(exercise, poses, *(_span(one) if result.exercises else (-math.inf, math.inf))):
            values = judge.reading.values
            for name in values:
                if (exercise.name, name) not in columns:
                    columns[exercise.name, name] = measure_column(name, exercise)
            known = {columns[exercise.name, name].name: value for name, value in values.items()}
            rows.add(head, _frame(judge), known)
    measured = sorted(distinct(columns.values()), key=lambda column: column.name)
    return Table("measures", (*MEASURES, *measured), rows)


def still_table(result: AnalysisResult, known: Known) -> Table:
    """The measures of a photo, which are in its result: one row for each exercise."""
    columns: dict[tuple[str, str], Column] = {}
    rows: list[Row] = []
    for n, one in numbered(result):
        columns |= {(one.exercise, name): measure_column(name, known(one.exercise)) for name in one.measures}
        seen = {"time_s": 0.0, "side": one.side}
        rows.append(whose(result, n, one) | seen | named(one.exercise, one.measures, columns))
    return Table("measures", (*MEASURES, *distinct(columns.values())), rows)


def _judged(exercise: Exercise, poses: Iterable[Pose], first_s: float, last_s: float) -> Iterator[Judge]:
    """The judge after each frame from `first_s` to `last_s`; it has seen those before, too."""
    judge = Judge(exercise)
    for pose in poses:
        if pose.time_s > last_s:
            return
        judge.step(pose)
        if pose.time_s >= first_s:
            yield judge


def _frame(judge: Judge) -> dict[str, object]:
    status = judge.status
    return {
        "time_s": judge.reading.time_s,
        "side": judge.reading.side,
        "view": tuple(sorted(judge.reading.view)),
        "phase": status.phase,
        "main": round(status.value, digits(status.unit)),
        "main_unit": status.unit,
    }


def _span(one: AnalysisResult) -> tuple[float, float]:
    """From the beginning of an exercise's first repetition or hold to the end of its last."""
    done: tuple[Repetition | Hold, ...] = (*one.reps, *one.holds)
    starts, ends = (each.start_s for each in done), (each.end_s for each in done)
    return min(starts, default=math.inf), max(ends, default=-math.inf)
