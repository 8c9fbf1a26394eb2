"""The analysis of one recorded clip: source, finder, judge and sinks put together."""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from formcheck import __version__, exercises
from formcheck.engine.engine import Event
from formcheck.engine.records import FaultSpan, Hold, Outcome, Repetition, ViewProblem
from formcheck.engine.scores import exercise_score
from formcheck.errors import NoPersonError
from formcheck.exercises.declaration import Exercise
from formcheck.files import make_folder, write_atomically
from formcheck.judge import Judge
from formcheck.pose.landmarks import Pose, Side
from formcheck.report.result import AnalysisResult, Source
from formcheck.report.summary import summarize

if TYPE_CHECKING:
    from formcheck.pose.recording import PoseRecorder, PoseSource
    from formcheck.video.frame import Frame
    from formcheck.video.writer import VideoWriter

T = TypeVar("T")
Progress = Callable[[float, float | None], None]
PROGRESS_EVERY_S = 0.25


def analyze(
    clip: str | os.PathLike[str],
    exercise: str,
    *,
    out: str | os.PathLike[str] | None = None,
    model: str = "full",
    save_poses: bool = False,
    video: bool = True,
    progress: Progress | None = None,
) -> AnalysisResult:
    """Analyse one recorded workout.

    Args:
        clip: A video, a folder of pictures, or a pose recording (.npz), which gives the same result.
        exercise: Name of the exercise, one of `formcheck.exercises.names()`.
        out: Folder for result.json, annotated.mp4 and poses.npz; without it nothing is written.
        model: "lite", "full", "heavy" or the path of a model bundle.
        save_poses: Also write poses.npz.
        video: Whether to write annotated.mp4 (never for a pose recording: it has no pictures).
        progress: Called now and then with the seconds of the clip done and the clip's length, None if unknown.

    Returns:
        The result; after Ctrl-C that of what was done, with `interrupted` set.

    Raises:
        ExerciseError: No such exercise.
        InputError: The clip cannot be read.
        NoPersonError: Nobody in it can be judged.
        ModelError: The pose model is missing or damaged.
        OutputError: The results cannot be written.
    """
    chosen = exercises.get(exercise)
    path = os.fspath(clip)
    folder = None if out is None else Path(out)
    tally = _Tally(Judge(chosen))
    if path.lower().endswith(".npz"):
        about = _replay(Path(path), tally, folder, progress)
    else:
        about = _watch(path, tally, folder, model=model, save_poses=save_poses, video=video, progress=progress)
    result = _result(chosen, tally, about)
    if folder is not None:
        write_atomically(folder / "result.json", result.to_json())
    return result


@dataclass
class _Tally:
    """What has come out of a clip so far."""

    judge: Judge
    events: list[Event] = field(default_factory=list)
    sides: Counter[Side] = field(default_factory=Counter)
    frames: int = 0
    found: int = 0
    last_s: float = math.nan
    warnings: tuple[str, ...] = ()
    interrupted: bool = False

    def add(self, pose: Pose) -> None:
        self.events += self.judge.step(pose)
        self.frames += 1
        self.last_s = pose.time_s
        if pose.found:
            self.found += 1
            if self.judge.reading.side is not None:
                self.sides[self.judge.reading.side] += 1


def _replay(path: Path, tally: _Tally, folder: Path | None, progress: Progress | None) -> Source:
    from formcheck.pose.recording import PoseRecording  # noqa: PLC0415

    recording = PoseRecording.load(path)
    if folder is not None:
        make_folder(folder)
    about = recording.source
    try:
        for pose in _reported(recording, lambda pose: pose.time_s, about.duration_s or None, progress):
            tally.add(pose)
    except KeyboardInterrupt:
        tally.interrupted = True
    _refuse_nobody(str(path), tally)
    return Source(str(path), about.duration_s, about.frames, *recording.size, about.fps)


def _watch(
    path: str,
    tally: _Tally,
    folder: Path | None,
    *,
    model: str,
    save_poses: bool,
    video: bool,
    progress: Progress | None,
) -> Source:
    from formcheck.pose.finder import PoseFinder  # noqa: PLC0415
    from formcheck.pose.recording import PoseSource  # noqa: PLC0415
    from formcheck.video.source import open_source  # noqa: PLC0415

    with ExitStack() as stack:
        source = stack.enter_context(open_source(path))
        if folder is not None:
            make_folder(folder)
        finder = stack.enter_context(PoseFinder(model))
        info = source.info
        sinks = stack.enter_context(_Sinks(folder, (info.width, info.height), info.fps, video, save_poses))
        try:
            for frame in _reported(source, lambda frame: frame.time_s, info.duration_s, progress):
                pose = finder.find(frame)
                tally.add(pose)
                sinks.add(frame, pose, tally.judge)
        except KeyboardInterrupt:
            tally.interrupted = True
        _refuse_nobody(path, tally)
        tally.warnings = (source.warning,) if source.warning else ()
    duration_s = _duration_s(info.duration_s, tally)
    about = Source(path, duration_s, tally.frames, info.width, info.height, tally.frames / duration_s)
    sinks.save_poses(PoseSource(Path(path).name, model, about.duration_s, about.frames, about.fps))
    return about


class _Sinks:
    """The annotated video and the pose recording, where they are wanted."""

    def __init__(
        self, folder: Path | None, size: tuple[int, int], fps: float | None, video: bool, save_poses: bool
    ) -> None:
        self._folder, self._size, self._fps = folder, size, fps
        self._video = video and folder is not None
        self._save_poses = save_poses and folder is not None
        self._writer: VideoWriter | None = None
        self._recorder: PoseRecorder | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def add(self, frame: Frame, pose: Pose, judge: Judge) -> None:
        """Draw and record one frame."""
        if self._save_poses:
            self._recording().append(pose)
        if self._video:
            from formcheck.report.overlay import draw  # noqa: PLC0415

            exercise = judge.exercise
            timed = exercise.holding is not None
            picture = draw(frame.image, pose, judge.status, exercise.title, exercise.dose.words(), timed=timed)
            self._film().write(picture, frame.time_s)

    def save_poses(self, source: PoseSource) -> None:
        """Write the pose recording, if one was wanted."""
        if self._save_poses and self._folder is not None:
            self._recording().finish(source).save(self._folder / "poses.npz")

    def _recording(self) -> PoseRecorder:
        from formcheck.pose.recording import PoseRecorder  # noqa: PLC0415

        self._recorder = self._recorder or PoseRecorder(self._size)
        return self._recorder

    def _film(self) -> VideoWriter:
        """The video, begun with its first picture: what ends before that leaves nothing behind."""
        from formcheck.video.writer import VideoWriter  # noqa: PLC0415

        if self._writer is None:
            assert self._folder is not None
            writer = VideoWriter(self._folder / "annotated.mp4", self._size, self._fps or 30.0)
            self._writer = self._stack.enter_context(writer)
        return self._writer


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


def _result(exercise: Exercise, tally: _Tally, source: Source) -> AnalysisResult:
    events = (*tally.events, *tally.judge.finish())
    reps = tuple(event for event in events if isinstance(event, Repetition))
    holds = tuple(event for event in events if isinstance(event, Hold))
    faults = tuple(sorted((e for e in events if isinstance(e, FaultSpan)), key=lambda span: span.start_s))
    view = tuple(sorted((e for e in events if isinstance(e, ViewProblem)), key=lambda problem: problem.start_s))
    outcomes: tuple[Outcome, ...] = ("good", "faulty", "attempt", "unfinished")
    return AnalysisResult(
        formcheck=__version__,
        source=source,
        exercise=exercise.name,
        side=tally.sides.most_common(1)[0][0] if tally.sides else None,
        pose_found=tally.found / tally.frames if tally.frames else 0.0,
        view_problems=view,
        reps=reps,
        holds=holds,
        faults=faults,
        in_form_s=sum(hold.in_form_s for hold in holds),
        score=round(exercise_score(exercise.dose, reps, holds), 1),
        summary=summarize(exercise, reps, holds, faults, view),
        dose=exercise.dose.words(),
        interrupted=tally.interrupted,
        warnings=tally.warnings,
        counts={outcome: sum(rep.outcome == outcome for rep in reps) for outcome in outcomes},
    )
