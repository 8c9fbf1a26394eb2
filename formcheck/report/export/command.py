"""What `formcheck export` does: reads a result, makes its tables, writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from formcheck.errors import ExerciseError, InputError
from formcheck.files import write_atomically
from formcheck.report.export.columns import Table
from formcheck.report.export.frames import measures_table, poses_of, still_table
from formcheck.report.export.tables import numbered, tables
from formcheck.report.export.written import WRITERS, Format, to_csv
from formcheck.report.known import Known
from formcheck.report.load import load_result, result_file
from formcheck.report.result import AnalysisResult


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        folder: Where.
        files: Names, each with its number of rows.
        missing: Why there are no measures, one sentence; None where there are.
    """

    folder: Path
    files: tuple[tuple[str, int], ...]
    missing: str | None


def export(
    path: Path, form: Format, out: Path | None = None, *, own: Sequence[str] = (), decimal_comma: bool = False
) -> Exported:
    """Write a result as tables.

    Args:
        path: A result.json, or the folder of an analysis.
        form: Of the files.
        out: Folder to write to, by default the one of the result.
        own: TOML files of the exercises that are not formcheck's own.
        decimal_comma: Of CSV: decimal commas and semicolons.

    Raises:
        InputError: There is no result, or it or its poses are damaged.
        ExerciseError: One of `own` cannot be used.
        OutputError: The files cannot be written.
    """
    result = load_result(path)
    folder = result_file(path).parent
    known = Known(own)
    made, missing = list(tables(result, known)), None
    try:
        made.append(_measures(result, folder, known))
    except (InputError, ExerciseError) as error:
        missing = f"There are no measures of each frame: {error}"
    write = partial(to_csv, decimal_comma=decimal_comma) if form == "csv" else WRITERS[form]
    contents = [(f"{table.name}.{form}", write(table)) for table in made]  # all of them before the first is written
    place = out or folder
    for name, content in contents:
        write_atomically(place / name, content)
    rows = (len(table.rows) for table in made)
    return Exported(place, tuple(zip((name for name, _ in contents), rows, strict=True)), missing)


def _measures(result: AnalysisResult, folder: Path, known: Known) -> Table:
    """The measures of each frame.

    Raises:
        InputError: There are no poses to work them out from.
        ExerciseError: The exercise's rules are not known.
    """
    if not result.source.duration_s:
        return still_table(result, known)
    poses = poses_of(result, folder)
    found = {one.exercise: known(one.exercise) for _, one in numbered(result)}
    for name, exercise in found.items():
        if exercise is None:
            raise ExerciseError(f"{name!r} is an exercise of your own; name its file with --exercise.")
    return measures_table(result, {name: one for name, one in found.items() if one is not None}, poses)
