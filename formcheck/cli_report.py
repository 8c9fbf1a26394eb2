"""The commands on results that are there: export, compare. Thin, like `formcheck.cli`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

RESULT_HELP = "A result.json, or the folder of an analysis."
OwnExercises = Annotated[
    list[str] | None,
    typer.Option("--exercise", "-e", metavar="FILE.toml", help="The file of an exercise of your own."),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("export", short_help="Write a result as tables for other programs.")(_export)
    app.command("compare", short_help="Compare two results of one exercise: before and after.")(_compare)


def _export(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help=RESULT_HELP)],
    *,
    form: Annotated[Literal["csv", "json", "parquet"], typer.Option("--format", "-f", help="Of the files.")] = "csv",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Where to; without it beside the result.")
    ] = None,
    exercise: OwnExercises = None,
    decimal_comma: Annotated[
        bool,
        typer.Option(
            "--decimal-comma", help="CSV with decimal commas and semicolons, as Excel wants in much of Europe."
        ),
    ] = False,
) -> None:
    """Write repetitions, holds, faults and the measures of each frame as tables.

    The measures of each frame need the clip's poses: analyse it with --save-poses.
    """
    if decimal_comma and form != "csv":
        raise typer.BadParameter("it goes with --format csv alone.", param_hint="'--decimal-comma'")
    from formcheck.report.export.command import export  # noqa: PLC0415
    from formcheck.report.terminal import Page, open_console  # noqa: PLC0415

    done = export(result, form, out, own=exercise or (), decimal_comma=decimal_comma)
    page = Page(open_console())
    told = ", ".join(f"{name} ({rows} row{'' if rows == 1 else 's'})" for name, rows in done.files)
    page.path(f"Written to {done.folder}: {told}")
    if done.missing is not None:
        page.line(done.missing)


def _compare(
    before: Annotated[Path, typer.Argument(metavar="A", help=RESULT_HELP)],
    after: Annotated[Path, typer.Argument(metavar="B", help="The same of later.")],
    *,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE.html", help="Also write a page.")] = None,
    exercise: OwnExercises = None,
) -> None:
    """Compare two results of one exercise: what is better, what is worse, which faults are gone or new.

    Better and worse is said only of what differs by more than the measuring error.
    """
    from formcheck.report.compare.command import compare_command  # noqa: PLC0415
    from formcheck.report.terminal import Page, open_console  # noqa: PLC0415

    console = open_console()
    compare_command(before, after, console, out, own=exercise or ())
    if out is not None:
        Page(console).path(f"Written to {out}")
