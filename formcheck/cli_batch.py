"""The command `formcheck batch`: many clips, each against its expectation. Thin, like `formcheck.cli`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from formcheck.cli_stride import STRIDE_HELP, parse_stride

if TYPE_CHECKING:
    from formcheck.batch.journal import Journal
    from formcheck.batch.run import Told
    from formcheck.batch.work import Done, Settings, Unit

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130
JOURNAL = "batch.jsonl"


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("batch", short_help="Analyse many clips and compare them with what is expected.")(_batch)


def _batch(  # noqa: PLR0913 - options by name
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH", help="Videos, photos, pose recordings, folders of them, or patterns."),
    ],
    *,
    exercise: Annotated[
        str | None,
        typer.Option("--exercise", "-e", help="For clips without an expectation: a name, a .toml file, or auto."),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Processes to work in; without it one for each core.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Write a result.json for each clip there.")
    ] = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write JUnit XML, for CI.")] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write one row for each clip.")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="With --out: leave out clips that are done and have not changed since.")
    ] = False,
    write_expect: Annotated[
        bool,
        typer.Option("--write-expect", help="Write what was found as NAME.expect.toml where there is none, to review."),
    ] = False,
    model: Annotated[str, typer.Option(help="Pose model: lite (fastest), full, heavy, or the path of one.")] = "full",
    stride: Annotated[str, typer.Option(metavar="N|auto", help=STRIDE_HELP)] = "1",
    video: Annotated[bool, typer.Option("--video", help="With --out: also write annotated videos.")] = False,
    executor: Annotated[
        Literal["local", "dask"], typer.Option(help="Where to work: on this machine, or on a Dask cluster.")
    ] = "local",
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="With --executor dask: the scheduler's, as in tcp://HOST:8786."),
    ] = None,
) -> None:
    """Analyse many clips and compare each with its expectation, the file NAME.expect.toml beside it.

    Ends with code 0, with 1 if a clip is not as expected or cannot be analysed, with 2 if there is nothing to do.
    """
    for wanted, option in ((resume, "--resume"), (video, "--video")):
        if wanted and out is None:
            raise typer.BadParameter("it needs --out, the folder of the results.", param_hint=f"'{option}'")
    _check_executor(executor, scheduler, jobs)
    from formcheck.batch.clips import find  # noqa: PLC0415
    from formcheck.batch.work import Settings, Unit  # noqa: PLC0415

    settings = Settings(exercise, model, out, video, write_expect=write_expect, stride=parse_stride(stride))
    _check(settings)
    journal, earlier = _journal(out, resume=resume)
    units = [Unit(clip, settings, earlier.get(clip.name)) for clip in find(paths, skip=out)]
    if journal is not None:
        journal.begin() if not resume else journal.mend()
    results, interrupted = _run(units, _Where(jobs, scheduler), journal, junit=junit, csv=csv)
    if interrupted:
        raise typer.Exit(EXIT_INTERRUPTED)
    if any(done.status in ("failed", "error") for done in results):
        raise typer.Exit(EXIT_FAILED)


def _check_executor(executor: str, scheduler: str | None, jobs: int | None) -> None:
    """Refuse options that do not go together."""
    if executor == "dask" and scheduler is None:
        raise typer.BadParameter(
            "it needs --scheduler, the address of the cluster's scheduler.", param_hint="--executor"
        )
    if executor != "dask" and scheduler is not None:
        raise typer.BadParameter("it is for --executor dask only.", param_hint="--scheduler")
    if executor == "dask" and jobs is not None:
        raise typer.BadParameter("a cluster works with all its workers; leave it out.", param_hint="--jobs")


def _check(settings: Settings) -> None:
    """Refuse before the first clip what would be wrong with every one of them.

    Raises:
        FormcheckError: There is no such exercise, or no such model.
    """
    from formcheck import exercises  # noqa: PLC0415
    from formcheck.pose.models import find_model  # noqa: PLC0415

    if settings.exercise not in (None, "auto"):
        exercises.get(settings.exercise)
    find_model(settings.model)


def _journal(out: Path | None, *, resume: bool) -> tuple[Journal | None, dict[str, Done]]:
    from formcheck.batch.journal import Journal  # noqa: PLC0415

    if out is None:
        return None, {}
    journal = Journal(out / JOURNAL)
    return journal, journal.read() if resume else {}


@dataclass(frozen=True, slots=True)
class _Where:
    """On what to work: in so many processes of this machine, or where a scheduler says."""

    jobs: int | None
    scheduler: str | None

    def run(self, units: Sequence[Unit], told: Told) -> None:
        if self.scheduler is None:
            from formcheck.batch.run import run  # noqa: PLC0415

            run(units, self.jobs, told)
        else:
            from formcheck.batch.on_dask import run_on_dask  # noqa: PLC0415

            run_on_dask(units, self.scheduler, told)


def _run(
    units: Sequence[Unit], where: _Where, journal: Journal | None, *, junit: Path | None, csv: Path | None
) -> tuple[Sequence[Done], bool]:
    """Do the clips, tell of them and write what was asked for; also what was done until Ctrl-C or a cluster's end.

    Raises:
        ClusterError: The cluster cannot be used, or not any more.
        OutputError: Something cannot be written.
    """
    from formcheck.batch.junit import write_junit  # noqa: PLC0415
    from formcheck.batch.tables import Lines, print_summary, write_csv  # noqa: PLC0415
    from formcheck.errors import ClusterError  # noqa: PLC0415
    from formcheck.report.terminal import open_console  # noqa: PLC0415

    console = open_console()
    started_s = time.monotonic()
    results: list[Done] = []
    stopped: KeyboardInterrupt | ClusterError | None = None
    with Lines(len(units), console) as lines:

        def tell(done: Done) -> None:
            results.append(done)
            if journal is not None and not done.reused:
                journal.add(done)
            lines(done)

        try:
            where.run(units, tell)
        except (KeyboardInterrupt, ClusterError) as error:
            stopped = error
    if isinstance(stopped, ClusterError) and not results:
        raise stopped
    results.sort(key=lambda done: done.clip)
    print_summary(results, console, took_s=time.monotonic() - started_s, clips_n=len(units))
    if junit is not None:
        write_junit(results, junit)
    if csv is not None:
        write_csv(results, csv)
    if isinstance(stopped, ClusterError):
        raise stopped
    return results, stopped is not None
