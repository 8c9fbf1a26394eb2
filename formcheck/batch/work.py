"""One clip of a batch: what is to be done, doing it, and what came out. All of it travels between processes."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from formcheck import __version__
from formcheck.batch.clips import Clip
from formcheck.batch.expectation import Expectation, failures, refusal_failure
from formcheck.batch.expectation_file import as_text, load, sidecar_of
from formcheck.engine.records import OUTCOMES
from formcheck.errors import FormcheckError, InputError, NoPersonError
from formcheck.exercises import is_file
from formcheck.files import write_atomically
from formcheck.workers import give_memory_back

if TYPE_CHECKING:
    from formcheck.report.result import AnalysisResult
    from formcheck.video.source import Stride

Status = Literal["passed", "failed", "error", "analysed"]
STATUSES: tuple[Status, ...] = ("passed", "failed", "error", "analysed")


@dataclass(frozen=True, slots=True)
class Settings:
    """What is the same for all clips of a batch.

    Attributes:
        exercise: For clips without an expectation: a name, the path of a .toml file, or "auto".
        model: "lite", "full", "heavy" or the path of a model bundle.
        out: Folder for the results, one folder below it for each clip; None writes none.
        video: Whether to write annotated.mp4, too.
        save_poses: Whether to write poses.npz, too.
        write_expect: Whether clips without an expectation get one that records the present result.
        jobs: In how many processes at once to look for poses in one clip, if it is long; the result does not depend
            on it.
        stride: One picture of so many is looked at, or "auto".
    """

    exercise: str | None = None
    model: str = "full"
    out: Path | None = None
    video: bool = False
    save_poses: bool = False
    write_expect: bool = False
    jobs: int = 1
    stride: Stride = 1


@dataclass(frozen=True, slots=True)
class Found:
    """What an analysis found, in short; result.json has everything.

    Attributes:
        summary: One sentence.
        duration_s: The clip's length in seconds.
        frames: How many pictures were looked at.
        good: Repetitions in good form.
        faulty: Repetitions that count, with a fault.
        attempt: Repetitions tried that do not count.
        unfinished: Repetitions broken off.
        holds: Number of holds.
        in_form_s: Seconds of holds in form.
        score: 0-100; of several exercises the mean.
        faults: Names of the faults.
        view: Names of the problems of the camera's view.
    """

    summary: str
    duration_s: float
    frames: int
    good: int
    faulty: int
    attempt: int
    unfinished: int
    holds: int
    in_form_s: float
    score: float
    faults: tuple[str, ...]
    view: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one clip.

    Attributes:
        name: The clip's name in the batch.
        clip: Its path.
        exercise: What was looked for, "" where that was never known.
        seconds: How long it took.
        found: What was found, None where it could not be analysed.
        failures: One sentence for each thing that is not as expected.
        error: Why it could not be analysed, one sentence; None if it could.
        checked: Whether anything was expected of it.
        note: What else the user should know, one sentence, or "".
        key: Stands for everything that the result depends on; "" where that could not be read.
        reused: Whether an earlier batch did it.
        memory_mb: The most memory that the process which did it, or one that helped it, ever had, in MB (10^6 bytes);
            None where the system does not say.
    """

    name: str
    clip: str
    exercise: str = ""
    seconds: float = 0.0
    found: Found | None = None
    failures: tuple[str, ...] = ()
    error: str | None = None
    checked: bool = False
    note: str = ""
    key: str = ""
    reused: bool = False
    memory_mb: float | None = None

    @property
    def status(self) -> Status:
        """What is to be said of it in one word."""
        if self.error is not None:
            return "error"
        if self.failures:
            return "failed"
        return "passed" if self.checked else "analysed"

    @property
    def message(self) -> str:
        """Why it did not pass, in one line; "" if it did."""
        return self.error or "; ".join(self.failures)


@dataclass(frozen=True, slots=True)
class Unit:
    """One clip to be done.

    Attributes:
        clip: The clip with its expectation.
        settings: How.
        earlier: What an earlier batch says of it; used where nothing has changed since.
    """

    clip: Clip
    settings: Settings = field(default_factory=Settings)
    earlier: Done | None = None

    @property
    def folder(self) -> Path | None:
        """Where its results go."""
        return None if self.settings.out is None else self.settings.out / self.clip.folder


def do(unit: Unit) -> Done:
    """Analyse one clip and compare it with its expectation.

    Whatever is wrong with this clip becomes an error in what is returned, so that the others go on.

    Raises:
        KeyboardInterrupt: It was stopped.
    """
    started_s = time.monotonic()
    blank = Done(unit.clip.name, str(unit.clip.path), checked=unit.clip.sidecar is not None)
    try:
        done = _done(unit, blank)
    except FormcheckError as error:
        done = replace(blank, error=str(error))
    except Exception as error:  # noqa: BLE001 - a fault of one clip must not stop the others, and it is told
        done = replace(
            blank, error=f"{type(error).__name__}: {error}. This is a mistake in formcheck: please report it."
        )
    if done.reused:
        return done
    give_memory_back()
    return replace(done, seconds=time.monotonic() - started_s, memory_mb=peak_memory_mb())


def peak_memory_mb() -> float | None:
    """The most memory that this process, or any one that it started and that has ended, ever had resident, in MB.

    None on Windows, which has no such account.
    """
    try:
        import resource  # noqa: PLC0415 - not everywhere
    except ImportError:
        return None
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return most * (1 if sys.platform == "darwin" else 1024) / 1e6


def tidy(unit: Unit) -> None:
    """Take away what a worker that was killed left half-written."""
    if unit.folder is not None and unit.folder.is_dir():
        for file in unit.folder.glob(".formcheck-*.part"):
            file.unlink(missing_ok=True)


def _done(unit: Unit, blank: Done) -> Done:
    expected, exercise = _asked(unit)
    key = _key(unit, exercise)
    earlier = unit.earlier
    if earlier is not None and earlier.key == key and earlier.error is None and _still_there(unit, earlier):
        return replace(earlier, clip=blank.clip, reused=True)
    known = replace(blank, exercise=Path(exercise).stem if is_file(exercise) else exercise, key=key)
    from formcheck.analysis import analyze  # noqa: PLC0415 - slow

    settings = unit.settings
    try:
        result = analyze(
            unit.clip.path,
            exercise,
            out=unit.folder,
            model=settings.model,
            save_poses=settings.save_poses,
            video=settings.video,
            jobs=settings.jobs,
            stride=settings.stride,
        )
    except NoPersonError as error:
        if expected is None:
            return replace(known, error=str(error))
        failure = refusal_failure(expected, error)
        return replace(known, failures=() if failure is None else (failure,))
    except FormcheckError as error:
        return replace(known, error=str(error))
    if result.interrupted:
        raise KeyboardInterrupt
    wrong = () if expected is None else failures(expected, result)
    note = _recorded(unit, result, exercise) if settings.write_expect else ""
    return replace(known, exercise=result.exercise, found=_found(result), failures=wrong, note=note)


def _asked(unit: Unit) -> tuple[Expectation | None, str]:
    """What is expected of a clip, and its exercise.

    Raises:
        FormcheckError: The expectation cannot be used, or nothing says which exercise it is.
    """
    clip, wanted = unit.clip, unit.settings.exercise
    if clip.sidecar is None:
        if wanted is None:
            raise InputError(
                f"{clip.path} has no expectation beside it ({sidecar_of(clip.path).name}): write one, or name its "
                "exercise with --exercise."
            )
        return None, wanted
    expected = load(clip.sidecar)
    if not clip.path.exists():
        raise InputError(f"{clip.sidecar} has no clip beside it: add the clip, or name it in the file with 'clip'.")
    exercise = expected.exercise
    return expected, str(clip.sidecar.parent / exercise) if is_file(exercise) else exercise


def _key(unit: Unit, exercise: str) -> str:
    """A hash of all that the result depends on: contents, settings and version.

    Raises:
        InputError: The clip cannot be read.
    """
    settings = unit.settings
    # A file counts by what is in it, wherever it is.
    own_exercise, own_model = is_file(exercise), settings.model.endswith(".task")
    names = ("" if own_model else settings.model, "" if own_exercise else exercise)
    about = [__version__, names[0], settings.video, settings.save_poses, names[1], settings.stride]
    files = [unit.clip.path, unit.clip.sidecar, Path(exercise) if own_exercise else None]
    files.append(Path(settings.model) if own_model else None)
    whole = hashlib.sha256(json.dumps(about).encode())
    for path in files:
        if path is not None and path.is_file():
            whole.update(_content(path))
    return whole.hexdigest()


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); change its permissions or copy it.") from error


def _still_there(unit: Unit, earlier: Done) -> bool:
    """Whether the result that an earlier batch wrote has not been deleted."""
    return unit.folder is None or earlier.found is None or (unit.folder / "result.json").is_file()


def _recorded(unit: Unit, result: AnalysisResult, exercise: str) -> str:
    """Write the present result as the clip's expectation, never over one that is there; say what was done.

    Raises:
        OutputError: It cannot be written.
    """
    sidecar = unit.clip.sidecar or sidecar_of(unit.clip.path)
    if sidecar.exists():
        return f"{sidecar.name} is there already and was left as it is."
    if is_file(exercise):  # in the file it is as seen from there
        exercise = _seen_from(Path(exercise), sidecar.parent)
    write_atomically(sidecar, as_text(result, exercise))
    return f"{sidecar.name} written: check it against the clip."


def _seen_from(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive of Windows
        return str(path.resolve())


def _found(result: AnalysisResult) -> Found:
    parts = result.exercises or (result,)
    counts = {name: sum(part.counts.get(name, 0) for part in parts) for name in OUTCOMES}
    return Found(
        summary=result.summary,
        duration_s=result.source.duration_s,
        frames=result.source.frames,
        good=counts["good"],
        faulty=counts["faulty"],
        attempt=counts["attempt"],
        unfinished=counts["unfinished"],
        holds=sum(len(part.holds) for part in parts),
        in_form_s=sum(part.in_form_s for part in parts),
        score=sum(part.score for part in parts) / len(parts),
        faults=tuple(dict.fromkeys(span.name for part in parts for span in part.faults)),
        view=tuple(dict.fromkeys(span.name for part in (result, *result.exercises) for span in part.view_problems)),
    )
