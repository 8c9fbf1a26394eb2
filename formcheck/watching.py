"""From a clip's pictures to its poses, in this process or in several: what an analysis loops over."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from formcheck.errors import WorkerError
from formcheck.pose.landmarks import Pose
from formcheck.pose.loss import Loss

if TYPE_CHECKING:
    from formcheck.video.frame import Frame
    from formcheck.video.source import Source

# Longer than the rules wait before they judge a posture (start position, dwell), in steps that smoothing takes well.
STILL_S, STILL_STEP_S = 5.0, 0.2

Look = tuple["Frame | None", Pose]


@dataclass(frozen=True, slots=True)
class Looking:
    """How poses are looked for.

    Attributes:
        model: "lite", "full", "heavy" or the path of a bundle.
        masks: Whether silhouettes are wanted.
        jobs: In how many processes at once, for a clip of several stretches.
    """

    model: str
    masks: bool = False
    jobs: int = 1
    _loss: Loss = field(default_factory=Loss)

    def at(self, source: Source, *, pictures: bool) -> Generator[Look, None, None]:
        """Yield each pose of a clip with its picture; without one where none is wanted and another process saw it.

        Raises:
            InputError: The clip cannot be read any more.
            ModelError: The model is missing, damaged or cannot be used.
            WorkerError: A worker process died.
        """
        from formcheck.pose.finder import PoseFinder  # noqa: PLC0415 - slow
        from formcheck.pose.stretched import Task, find_in_stretches  # noqa: PLC0415 - slow

        path, stretches = source.info.path, source.stretches
        if len(stretches) == 1:
            with PoseFinder(self.model, masks=self.masks) as finder:
                for frame in _held_still(source) if source.still else source:
                    yield frame, finder.find(frame)
            return
        tasks = [Task(path, stretch, self.model, self.masks, source.stride) for stretch in stretches]
        try:
            with closing(find_in_stretches(tasks, self.jobs, self._loss)) as poses:
                yield from with_pictures(source, poses) if pictures else ((None, pose) for pose in poses)
        except BrokenProcessPool as error:
            raise WorkerError(
                f"A process that looked for poses in {path} died, killed for its memory or by a damaged clip: try "
                "--jobs 1, or copy the clip again."
            ) from error

    def missing(self, source: Source, last_s: float, count: int, *, interrupted: bool) -> str | None:
        """What is to be said of a clip that could not be read whole, after so many frames up to a time."""
        from formcheck.video.source import VideoFile  # noqa: PLC0415

        if len(source.stretches) > 1 and isinstance(source, VideoFile) and not interrupted:
            return source.missing(last_s, count * source.stride, lossy=self._loss.lossy)
        return source.warning


def with_pictures(frames: Iterable[Frame], poses: Iterator[Pose]) -> Iterator[Look]:
    """Each pose with the frame of its time; one that could not be decoded again has none."""
    pose = next(poses, None)
    for frame in frames:
        while pose is not None and pose.time_s < frame.time_s:
            yield None, pose
            pose = next(poses, None)
        if pose is not None and pose.time_s == frame.time_s:
            yield frame, pose
            pose = next(poses, None)
    if pose is not None:
        yield None, pose
        yield from ((None, pose) for pose in poses)


def _held_still(source: Iterable[Frame]) -> Iterator[Frame]:
    """A photo as somebody who holds still for `STILL_S`: so it is judged by the same rules as a clip."""
    for frame in source:
        for i in range(round(STILL_S / STILL_STEP_S) + 1):
            yield replace(frame, time_s=i * STILL_STEP_S, index=i, new_shot=frame.new_shot and i == 0)
