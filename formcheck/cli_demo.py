"""The command that shows what formcheck does: it analyses the clip that comes with it. Thin, like `formcheck.cli`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXERCISE, CLIP = "bridge", "bridge_faulty.mp4"
FOLDER = Path("formcheck-out", "demo")

_PACKAGE = Path(__file__).resolve().parent
_PLACES = (_PACKAGE / "samples", _PACKAGE.parent / "sample_videos")  # in a wheel, in a checkout


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("demo", short_help="Analyse the sample clip and show its report.")(_demo)


def find_sample() -> Path:
    """The clip that comes with formcheck: four bridges by a rendered figure, some of them wrong.

    Raises:
        InputError: It is not there.
    """
    from formcheck.errors import InputError  # noqa: PLC0415

    for place in _PLACES:
        if (place / CLIP).is_file():
            return place / CLIP
    raise InputError(f"The sample clip {CLIP} is not in {_PLACES[0]}: install formcheck again.")


def _demo(
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for what is written.")] = FOLDER,
    show: Annotated[bool, typer.Option("--open/--no-open", help="Open the report in the browser.")] = True,
) -> None:
    """Analyse the sample clip and open its report in the browser."""
    clip = find_sample()
    from formcheck.analysis import analyze  # noqa: PLC0415
    from formcheck.report.progress import ProgressBar  # noqa: PLC0415

    with ProgressBar() as progress:
        result = analyze(clip, EXERCISE, out=out, progress=progress, report=True)
    page = (out / "report.html").resolve()
    typer.echo(result.summary)
    typer.echo(f"The report: {page}")
    if show:
        import webbrowser  # noqa: PLC0415

        if not webbrowser.open(page.as_uri()):
            typer.echo("No browser was found here: open that file in one.")
