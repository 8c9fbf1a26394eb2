"""The analysis of one recorded clip: source, finder, judge and sinks put together."""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from formcheck import __version__, exercises
from formcheck.engine.engine import Event
from formcheck.engine.records import ViewProblem
from formcheck.errors import NoPersonError
from formcheck.exercises.declaration import Exercise
from formcheck.files import make_folder, write_atomically
from formcheck.footage import Footage
from formcheck.height import check_height
from formcheck.judge import Judge
from formcheck.pose.landmarks import Pose, Side
from formcheck.recognition import AUTO, Recogniser
from formcheck.report.gathered import gathered, of_kind
from formcheck.report.lengths import Ruler, in_centimetres
from formcheck.report.result import AnalysisResult, Source, as_still
from formcheck.report.summary import summarize_all
from formcheck.report.trace import Tracer
from formcheck.sinks import Sinks
from formcheck.watching import STILL_S, Looking

if TYPE_CHECKING:
    from formcheck.video.frame import Frame
    from formcheck.video.source import Source as AnySource
    from formcheck.video.source import Stride

T = TypeVar("T")
Progress = Callable[[float, float | None], None]
PROGRESS_EVERY_S = 0.25
NO_CONTOUR = (
    "This recording has no contour of the back: the back was judged by hips, shoulders and head, less surely, and the "
    "head beside it not at all. Analyse the video itself to have both."
)


def analyze(  # noqa: PLR0913 - options by name
    clip: str | os.PathLike[str],
    exercise: str | os.PathLike[str],
    *,
    out: str | os.PathLike[str] | None = None,
    model: str = "full",
    save_poses: bool = False,
    video: bool = True,
    progress: Progress | None = None,
    height_cm: float | None = None,
    jobs: int = 1,
    stride: Stride = 1,
    report: bool = False,
    embed_video: bool = False,
) -> AnalysisResult:
    """Analyse one recorded workout.

    Args:
        clip: A video, a photo, a folder of pictures, or a pose recording (.npz), which gives the same result.
        exercise: Name of the exercise, one of `formcheck.exercises.names()`, the path of a .toml file, or "auto" to
            have it recognised, several in a row too.
        out: Folder for result.json, annotated.mp4, poses.npz and report.html; without it nothing is written.
        model: "lite", "full", "heavy" or the path of a model bundle.
        save_poses: Also write poses.npz.
        video: Whether to write annotated.mp4 (never for a pose recording: it has no pictures).
        progress: Called now and then with the seconds of the clip done and the clip's length, None if unknown.
        height_cm: The person's height: lengths are then told in centimetres and inches, too.
        jobs: In how many processes at once to look for poses in a clip of `formcheck.video.stretches.WHOLE_S` or
            more; the result does not depend on it. Above 1, a script must call this under
            ``if __name__ == "__main__":``.
        stride: Look at one frame of so many of a video; "auto" leaves out every second one of 50 or 60 a second.
        report: Also write report.html, a page to look at; it has pictures only where annotated.mp4 is written.
        embed_video: Whether that page holds the video itself, if it is small enough.

    Returns:
        The result; after Ctrl-C that of what was done, with `interrupted` set.

    Raises:
        ExerciseError: No such exercise, or its file cannot be used.
        HeightError: Nobody is that tall.
        InputError: The clip cannot be read.
        NoPersonError: Nobody in it can be judged.
        ModelError: The pose model is missing or damaged.
        OutputError: The results cannot be written.
        WorkerError: A worker process died.
    """
    auto = os.fspath(exercise) == AUTO
    path = os.fspath(clip)
    folder = None if out is None else Path(out)
    tally = _Tally(
        Recogniser() if auto else Judge(exercises.get(exercise)),
        height_cm=None if height_cm is None else check_height(height_cm),
        tracer=Tracer() if report and folder is not None else None,
    )
    if path.lower().endswith(".npz"):
        about = _replay(Path(path), tally, folder, progress)
    else:
        looking = Looking(model, tally.silhouette, jobs)
        source = _opened(path, stride)
        about = _watch(source, tally, folder, looking, save_poses=save_poses, video=video, progress=progress)
    tally.warnings += tuple(tally.footage.troubles(still=tally.still).values())
    result = _result(tally, about)
    if folder is not None:
        write_atomically(folder / "result.json", result.to_json())
        if tally.tracer is not None:
            from formcheck.report.session.clip import report_clip  # noqa: PLC0415

            # A recording has no pictures: what an earlier analysis left in the folder is none of this one's.
            pictures = video and not path.lower().endswith(".npz")
            report_clip(folder, result, tally.tracer.traces, pictures=pictures, embed=embed_video)
    return result


@dataclass
class _Tally:
    """What has come out of a clip so far."""

    judge: Judge | Recogniser
    events: list[Event] = field(default_factory=list)
    sides: Counter[Side] = field(default_factory=Counter)
    frames: int = 0
    found: int = 0
    last_s: float = math.nan
    warnings: tuple[str, ...] = ()
    interrupted: bool = False
    still: bool = False
    height_cm: float | None = None
    yaws: list[tuple[float, float]] = field(default_factory=list)
    footage: Footage = field(default_factory=Footage)
    tracer: Tracer | None = None

    @property
    def silhouette(self) -> bool:
        """Whether the back's contour is wanted: by the exercise, or because it may be any."""
        return self.judge.exercise.silhouette if isinstance(self.judge, Judge) else True

    def add(self, pose: Pose) -> None:
        self.events += self.judge.step(pose)
        if self.tracer is not None:
            self.tracer.add(pose.time_s, self.judge)
        self.footage.add(pose)
        self.frames += 1
        self.last_s = pose.time_s
        if pose.found:
            self.found += 1
            self.yaws.append((pose.time_s, self.judge.reading.value("yaw_deg")))
            if self.judge.reading.side is not None:
                self.sides[self.judge.reading.side] += 1


def _replay(path: Path, tally: _Tally, folder: Path | None, progress: Progress | None) -> Source:
    from formcheck.pose.recording import PoseRecording  # noqa: PLC0415

    recording = PoseRecording.load(path)
    if folder is not None:
        make_folder(folder)
    about = recording.source
    if tally.silhouette and recording.back is None:
        tally.warnings = (NO_CONTOUR,)
    try:
        for pose in _reported(recording, lambda pose: pose.time_s, about.duration_s or None, progress):
            tally.add(pose)
    except KeyboardInterrupt:
        tally.interrupted = True
    _refuse_nobody(str(path), tally)
    return Source(str(path), about.duration_s, about.frames, *recording.size, about.fps)


def _opened(path: str, stride: Stride) -> AnySource:
    from formcheck.video.source import open_source  # noqa: PLC0415 - slow

    return open_source(path, stride=stride)


def _watch(
    source: AnySource,
    tally: _Tally,
    folder: Path | None,
    looking: Looking,
    *,
    save_poses: bool,
    video: bool,
    progress: Progress | None,
) -> Source:
    from formcheck.pose.recording import PoseSource  # noqa: PLC0415

    path = source.info.path
    with ExitStack() as stack:
        stack.enter_context(source)
        if folder is not None:
            make_folder(folder)
        info = source.info
        size = (info.width, info.height)
        tally.still = source.still
        sinks = stack.enter_context(
            Sinks(folder, size, info.fps, video=video, save_poses=save_poses and not tally.still)
        )
        shown: tuple[Frame, Pose] | None = None
        looks = stack.enter_context(closing(looking.at(source, pictures=sinks.draws)))
        try:
            for frame, pose in _reported(looks, lambda look: look[1].time_s, info.duration_s, progress):
                tally.add(pose)
                if tally.still and frame is not None:
                    shown = frame, pose
                else:
                    sinks.add(frame, pose, tally.judge)
        except KeyboardInterrupt:
            tally.interrupted = True
        _refuse_nobody(path, tally)
        if shown is not None:
            sinks.save_picture(*shown, tally.judge)
        warning = looking.missing(source, tally.last_s, tally.frames, interrupted=tally.interrupted)
        tally.warnings = (warning,) if warning else ()
    if tally.still:
        return Source(path, 0.0, 1, *size, 0.0)
    duration_s = _duration_s(info.duration_s, tally)
    about = Source(path, duration_s, tally.frames, *size, tally.frames / duration_s)
    sinks.save_poses(PoseSource(Path(path).name, looking.model, about.duration_s, about.frames, about.fps))
    return about


def _reported(
    items: Iterable[T], time_of: Callable[[T], float], total_s: float | None, progress: Progress | None
) -> Iterator[T]:
    """The items, with progress told now and then and at the end."""
    told_s, time_s = -math.inf, 0.0
    for item in items:
        yield item
        time_s = time_of(item)
        if progress is not None and time_s - told_s >= PROGRESS_EVERY_S:
            progress(time_s, total_s)
            told_s = time_s
    if progress is not None:
        progress(total_s or time_s, total_s)


def _refuse_nobody(path: str, tally: _Tally) -> None:
    """Refuse a clip that says nothing, before anything of it is written.

    Raises:
        NoPersonError: Nobody was found, or nobody far enough inside the picture.
    """
    if tally.interrupted and not tally.found:
        return
    if not tally.found:
        raise NoPersonError(
            f"Nobody was found in any of the {tally.frames} pictures of {path}: film one person from the side, whole "
            "in the picture and in good light."
        )
    if not tally.judge.seen:
        raise NoPersonError(
            f"The person in {path} is never far enough inside the picture to be judged: film from the side, with head "
            "and feet in the picture."
        )


def _duration_s(told_s: float | None, tally: _Tally) -> float:
    """The clip's length: as the container tells, at least up to the end of the last frame read."""
    if tally.frames < 2:
        return told_s or 1.0 / 30.0
    read_s = tally.last_s * tally.frames / (tally.frames - 1)
    return read_s if tally.interrupted or told_s is None else max(told_s, tally.last_s)


def _result(tally: _Tally, source: Source) -> AnalysisResult:
    events = (*tally.events, *tally.judge.finish())
    if isinstance(tally.judge, Judge):
        return _block(tally.judge.exercise, events, tally, source)
    found = tally.judge.recognition(STILL_S if tally.still else source.duration_s)
    blocks = tuple(_block(p.exercise, p.events, tally, source) for p in found.performances)
    return AnalysisResult(
        formcheck=__version__,
        source=source,
        exercise=AUTO,
        side=None,
        pose_found=_share_found(tally),
        view_problems=() if blocks else of_kind(ViewProblem, tally.judge.heard[0][1]),
        reps=(),
        holds=(),
        faults=(),
        in_form_s=0.0,
        score=0.0,
        summary=summarize_all(blocks),
        interrupted=tally.interrupted,
        warnings=tally.warnings,
        exercises=blocks,
        unknown=() if tally.still else found.unknown,
        height_cm=tally.height_cm,
    )


def _block(exercise: Exercise, events: Sequence[Event], tally: _Tally, source: Source) -> AnalysisResult:
    """The result for one exercise."""
    found, length_s = _share_found(tally), source.duration_s
    result = gathered(exercise, events, source, sides=tally.sides, pose_found=found, watched_s=length_s)
    result = replace(result, interrupted=tally.interrupted, warnings=tally.warnings)
    if tally.still:
        result = as_still(result, exercise, tally.judge.reading.values)
    return result if tally.height_cm is None else in_centimetres(result, Ruler(exercise, tally.height_cm, tally.yaws))


def _share_found(tally: _Tally) -> float:
    return tally.found / tally.frames if tally.frames else 0.0
