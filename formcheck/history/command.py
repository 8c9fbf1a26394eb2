"""`formcheck history`: shows, exports or deletes what is kept, or makes a page of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import typer

from formcheck.files import write_atomically
from formcheck.history.places import files_of, history_path
from formcheck.history.store import Store, delete_all

REPORT = Path("formcheck-out", "history.html")


def history_command(  # noqa: PLR0913 - options by name
    *,
    today: date,
    export: Literal["csv", "json"] | None = None,
    out: Path | None = None,
    delete: bool = False,
    yes: bool = False,
    report: bool = False,
    file: Path | None = None,
    path: Path | None = None,
) -> None:
    """Show the history, or export it, or delete it, or make a page of it.

    Args:
        today: The person's day.
        export: Write everything in this format instead of showing it.
        out: Where to; without it to standard output.
        delete: Delete everything, after asking.
        yes: Without asking.
        report: Write the last weeks as a page.
        file: Where to, by default `REPORT`.
        path: The history's file, by default the one in the user's data folder.

    Raises:
        typer.BadParameter: The options do not go together.
        typer.Abort: There is nobody to ask.
        HistoryError: The history cannot be used.
        OutputError: The export or page cannot be written, or the history not be deleted.
    """
    _check(export, out, delete, yes)
    _check_report(report, file, other=delete or export is not None)
    if delete:
        _delete(path, yes)
    elif export is not None:
        _export(path, export, out)
    elif report:
        _report(path, today, file or REPORT)
    else:
        show(path, today)


def show(path: Path | None, today: date) -> None:
    """Print the last weeks.

    Raises:
        HistoryError: The history cannot be used.
    """
    from formcheck.history.days import days, first_monday, rest_advice  # noqa: PLC0415
    from formcheck.history.shown import print_history  # noqa: PLC0415 - rich is slow to import
    from formcheck.report.terminal import open_console  # noqa: PLC0415

    with Store.reading(path) as store:
        found = days(store.sessions(first_monday(today)))
        trained, hurt = store.trained_days(), store.pain_days()
    earlier = sum(day < first_monday(today) for day in {*trained, *hurt})
    print_history(found, today, open_console(), earlier=earlier, advice=rest_advice(trained, today, hurt))


def _check(export: str | None, out: Path | None, delete: bool, yes: bool) -> None:
    if delete and export:
        raise typer.BadParameter("either export or delete; first the one, then the other.", param_hint="'--delete'")
    if out is not None and not export:
        raise typer.BadParameter("with --out name a format, as in '--export csv'.", param_hint="'--out'")
    if yes and not delete:
        raise typer.BadParameter(
            "it answers the question of --delete and goes with nothing else.", param_hint="'--yes'"
        )


def _check_report(report: bool, file: Path | None, *, other: bool) -> None:
    if report and other:
        raise typer.BadParameter("it goes with neither --export nor --delete.", param_hint="'--report'")
    if file is not None and not report:
        raise typer.BadParameter(
            f"what shall be done with it? For a page: 'formcheck history --report {file}'.", param_hint="FILE"
        )


def _report(path: Path | None, today: date, file: Path) -> None:
    from formcheck.history.days import first_monday, rest_advice  # noqa: PLC0415
    from formcheck.history.page import history_page  # noqa: PLC0415
    from formcheck.history.shown import NOTHING_YET  # noqa: PLC0415 - rich is slow to import

    with Store.reading(path) as store:
        sessions = store.sessions(first_monday(today))
        trained, hurt = store.trained_days(), store.pain_days()
    if not (trained or hurt or sessions):
        typer.echo(NOTHING_YET)
        return
    earlier = sum(day < first_monday(today) for day in {*trained, *hurt})
    write_atomically(file, history_page(sessions, today, earlier=earlier, advice=rest_advice(trained, today, hurt)))
    typer.echo(f"Written to {file}")


def _export(path: Path | None, export: str, out: Path | None) -> None:
    from formcheck.history.export import FORMATS  # noqa: PLC0415

    with Store.reading(path) as store:
        sessions = store.sessions()
    text = FORMATS[export](sessions)
    if out is None:
        typer.echo(text.encode(), nl=False)  # bytes: UTF-8 and its line ends as they are, whatever the terminal's
        return
    write_atomically(out, text)
    count = len(sessions)
    typer.echo(f"Written to {out}: {count} session{'' if count == 1 else 's'}.")


def _delete(path: Path | None, yes: bool) -> None:
    place = path or history_path()
    if not any(file.exists() for file in files_of(place)):
        typer.echo("There is no history: nothing to delete.")
        return
    asked = f"Delete the whole history ({place})? It cannot be brought back"
    if not yes and not typer.confirm(asked):
        typer.echo("Nothing was deleted.")
        return
    delete_all(place)
    typer.echo("The history is deleted.")
