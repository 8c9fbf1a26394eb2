"""The commands around live coaching: coach, doctor, routines, history. Thin, like `formcheck.cli`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

EXIT_INTERRUPTED = 130
CAMERA_HELP = (
    "A camera's index or name (name: Linux), the http, https or rtsp address of a phone or network camera, or a video "
    "file."
)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("coach", short_help="Coach live at a camera, by voice and screen.")(_coach)
    app.command("doctor", short_help="Check camera, model, window, voice and history.")(_doctor)
    app.command("routines", short_help="List the routines.")(_routines)
    app.command("history", short_help="Show, export or delete what was trained, or make a page of it.")(_history)


def _coach(  # noqa: PLR0913 - options by name
    exercise: Annotated[
        str | None,
        typer.Argument(metavar="[EXERCISE|FILE.toml]", help="An exercise, or the file of an exercise or a routine."),
    ] = None,
    *,
    routine: Annotated[
        str | None, typer.Option("--routine", "-r", help="A routine ('formcheck routines' lists them) or its file.")
    ] = None,
    camera: Annotated[str, typer.Option("--camera", "-c", help=CAMERA_HELP)] = "0",
    record: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep a video of each set there; without it no picture is kept.")
    ] = None,
    mirror: Annotated[bool, typer.Option("--mirror/--no-mirror", help="Show the picture as in a mirror.")] = True,
    voice: Annotated[bool, typer.Option("--voice/--no-voice", help="Speak.")] = True,
    language: Annotated[str, typer.Option(help="Language of voice and screen: en, de.")] = "en",
    headless: Annotated[bool, typer.Option("--headless", help="No window: coach by voice and by text here.")] = False,
    model: Annotated[str, typer.Option(help="Pose model: lite (fastest), full, heavy, or the path of one.")] = "full",
    log: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write there what happens and is said, as lines of JSON.")
    ] = None,
    report: Annotated[
        bool,
        typer.Option("--report/--no-report", help="Write a page to look at afterwards; it has pictures with --record."),
    ] = True,
) -> None:
    """Coach one exercise or a routine, hands-free.

    It begins by itself once you hold the start position, and ends by itself. Keys: space pause, n next, p PAIN (ends
    everything at once), f full screen, q quit.
    """
    if (exercise is None) == (routine is None):
        raise typer.BadParameter(
            "name an exercise or a routine, as in 'formcheck coach bridge'.", param_hint="EXERCISE"
        )
    from formcheck.coach.run import Options, coach  # noqa: PLC0415

    options = Options(exercise, routine, camera, record, mirror, voice, language, headless, model, log, report)
    if coach(options, typer.echo):
        raise typer.Exit(EXIT_INTERRUPTED)


def _doctor(
    camera: Annotated[str, typer.Option("--camera", "-c", help=CAMERA_HELP)] = "0",
    language: Annotated[str, typer.Option(help="Language of the voice.")] = "en",
) -> None:
    """Check everything that live coaching needs, and say what to do about what fails."""
    from formcheck.coach.doctor import examine  # noqa: PLC0415

    well = True
    for finding in examine(camera, language):
        typer.echo(f"{'ok  ' if finding.well else 'FAIL'}  {finding.name}: {finding.text}")
        well = well and finding.well
    if not well:
        raise typer.Exit(1)


def _routines(
    which: Annotated[list[str] | None, typer.Argument(metavar="[NAME_OR_FILE]...", show_default=False)] = None,
) -> None:
    """List the routines with their exercises, doses and rests."""
    from formcheck.coach.routine import load_routine, print_routines, routine_names  # noqa: PLC0415
    from formcheck.report.terminal import open_console  # noqa: PLC0415

    print_routines([load_routine(name) for name in which or routine_names()], open_console())


def _history(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="With --report: the page; without it formcheck-out/history.html."),
    ] = None,
    *,
    report: Annotated[
        bool, typer.Option("--report", help="Write the last weeks as a page to look at: an HTML file.")
    ] = False,
    export: Annotated[
        Literal["csv", "json"] | None, typer.Option(help="Write everything as csv or json instead of showing it.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to export to; without it standard output.")
    ] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Delete everything, after asking.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --delete: do not ask.")] = False,
) -> None:
    """Show the last weeks: days trained, repetitions, holds, score, pain. It stays on this machine."""
    from formcheck.history.command import history_command  # noqa: PLC0415

    today = datetime.now().astimezone().date()
    history_command(today=today, export=export, out=out, delete=delete, yes=yes, report=report, file=file)
