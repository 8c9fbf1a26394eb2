"""The command line: a thin entrance. Whatever is slow to import is imported where it is needed."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from formcheck import __version__, cli_batch, cli_demo, cli_live, cli_report
from formcheck.cli_stride import STRIDE_HELP, parse_stride
from formcheck.errors import FormcheckError
from formcheck.height import parse_height

if TYPE_CHECKING:
    from formcheck.report.result import AnalysisResult

EXIT_ERROR = 2
EXIT_INTERRUPTED = 130
OUT_FOLDER = "formcheck-out"

app = typer.Typer(
    name="formcheck",
    help="Checks exercise form on the floor mat through one ordinary camera. Nothing leaves this machine.",
    epilog="formcheck is a coach, not a doctor: stop if anything hurts.",
    no_args_is_help=True,
    add_completion=False,
    # Plain help: drawing it with rich would more than double the time to the first line.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"formcheck {__version__}")
        raise typer.Exit


@app.callback()
def _formcheck(
    _version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


@app.command("analyze", short_help="Analyse one recorded workout.")
def _analyze(  # noqa: PLR0913 - options by name
    clip: Annotated[
        str,
        typer.Argument(metavar="CLIP", help="A video, a photo, or a pose recording (.npz) saved with --save-poses."),
    ],
    exercise: Annotated[
        str,
        typer.Option(
            "--exercise",
            "-e",
            help="Name of the exercise ('formcheck exercises' lists them), a .toml file of your own, or auto to have "
            "it recognised.",
        ),
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help=f"Folder for what is written; without it {OUT_FOLDER}/CLIP-EXERCISE."),
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print result.json and nothing else; write files only where --out is given."),
    ] = False,
    save_poses: Annotated[
        bool, typer.Option("--save-poses", help="Also write poses.npz, which can be analysed in place of the video.")
    ] = False,
    no_video: Annotated[bool, typer.Option("--no-video", help="Do not write annotated.mp4.")] = False,
    report: Annotated[
        bool, typer.Option("--report/--no-report", help="Write report.html, a page to look at and to show.")
    ] = True,
    embed_video: Annotated[
        bool, typer.Option("--embed-video", help="Put a small annotated video into that page instead of beside it.")
    ] = False,
    model: Annotated[str, typer.Option(help="Pose model: lite (fastest), full, heavy, or the path of one.")] = "full",
    height: Annotated[
        str | None,
        typer.Option(help="The person's height, as 172cm, 1.72m or 5ft8: lengths are then told in cm and inches, too."),
    ] = None,
    stride: Annotated[str, typer.Option(metavar="N|auto", help=STRIDE_HELP)] = "1",
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", "-j", min=1, help="Processes that look for poses in a long clip; without it one for each core."
        ),
    ] = None,
) -> None:
    """Analyse one recorded workout: counts, holds, faults and what to do about them.

    Ends with a table in the terminal, an annotated video and a result.json.
    """
    if as_json and save_poses and out is None:
        raise typer.BadParameter("with --json it needs --out, a folder to write to.", param_hint="'--save-poses'")
    height_cm = None if height is None else parse_height(height)
    folder = out if out is not None or as_json else default_folder(clip, exercise)

    from formcheck.analysis import analyze  # noqa: PLC0415
    from formcheck.report.progress import ProgressBar  # noqa: PLC0415
    from formcheck.workers import default_jobs  # noqa: PLC0415

    with ProgressBar() as progress:
        result = analyze(
            clip,
            exercise,
            out=folder,
            model=model,
            save_poses=save_poses,
            video=not no_video and folder is not None,
            progress=progress,
            height_cm=height_cm,
            jobs=jobs or default_jobs(),
            stride=parse_stride(stride),
            report=report and folder is not None,
            embed_video=embed_video,
        )
    if as_json:
        _print_json(result)
    else:
        still = result.source.duration_s == 0.0
        files = expected_files(clip, save_poses=save_poses, video=not no_video, still=still, report=report)
        _print_table(result, folder, files)
    if result.interrupted:
        raise typer.Exit(EXIT_INTERRUPTED)


@app.command("exercises", short_help="List the known exercises.")
def _exercises(
    which: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME_OR_FILE]...", help="Only these; a .toml file is checked on the way.", show_default=False
        ),
    ] = None,
    show: Annotated[
        bool, typer.Option("--show", help="Print one as a TOML file, explained, to start an exercise of your own from.")
    ] = False,
) -> None:
    """List the exercises that are known, with dose, faults and camera advice."""
    from formcheck.exercises import as_file, examples, get, names  # noqa: PLC0415

    if show:
        if which is None or len(which) != 1:
            raise typer.BadParameter(
                "name one exercise, as in 'formcheck exercises --show bridge'.", param_hint="'--show'"
            )
        typer.echo(as_file(which[0]).encode(), nl=False)  # bytes: TOML is UTF-8 whatever the terminal's encoding
        return
    from formcheck.report.terminal import open_console, print_exercises  # noqa: PLC0415

    print_exercises(
        (get(name) for name in which or names()), open_console(), examples=() if which else tuple(examples())
    )


cli_live.add_to(app)
cli_batch.add_to(app)
cli_demo.add_to(app)
cli_report.add_to(app)


def default_folder(clip: str, exercise: str) -> Path:
    """Where the results of a clip go when nothing is said: a folder of its own below the current one.

    Raises:
        ExerciseError: The exercise is a file that cannot be used.
    """
    from formcheck.exercises import get, is_file  # noqa: PLC0415

    name = get(exercise).name if is_file(exercise) else exercise
    return Path(OUT_FOLDER, f"{Path(clip).stem or 'clip'}-{name}")


def expected_files(
    clip: str, *, save_poses: bool, video: bool, still: bool = False, report: bool = True
) -> tuple[str, ...]:
    """The files that an analysis writes: a pose recording has no pictures to draw on, a photo no poses to keep."""
    drawn = video and not clip.lower().endswith(".npz")
    annotated = "annotated.png" if still else "annotated.mp4"
    poses = save_poses and not still
    wanted = {"result.json": True, annotated: drawn, "poses.npz": poses, "report.html": report}
    return tuple(name for name, written in wanted.items() if written)


def _print_json(result: AnalysisResult) -> None:
    # Bytes, because JSON is UTF-8 whatever the terminal's encoding. A file name that is not Unicode becomes an
    # escape, which JSON knows.
    typer.echo(result.to_json().encode("utf-8", "backslashreplace"), nl=False)


def _print_table(result: AnalysisResult, folder: Path | None, files: Sequence[str]) -> None:
    from formcheck.report.terminal import Page, open_console, print_result  # noqa: PLC0415

    console = open_console()
    print_result(result, console)
    written = [name for name in files if folder is not None and (folder / name).is_file()]
    if written:
        console.print()
        Page(console).path(f"Written to {folder}: {', '.join(written)}")


def _tolerate_any_letter() -> None:
    """Let letters that the terminal's encoding lacks become question marks and not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: Without the program's name; those it was started with where None.

    Returns:
        0, 2 for what the user can put right, 130 after Ctrl-C.
    """
    _tolerate_any_letter()
    try:
        app(args=None if arguments is None else list(arguments), prog_name="formcheck")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except FormcheckError as error:
        typer.echo(f"formcheck: {error}", err=True)
        return EXIT_ERROR
    return 0


if __name__ == "__main__":
    sys.exit(main())
