"""The poses of a clip found stretch by stretch, in several processes at once where wanted, and joined again.

Every stretch is read by a finder of its own that has watched some seconds of what comes before
(`formcheck.video.stretches.WARM_UP_S`). Where the person it follows is not the one followed up to there, the stretch is
read again from its beginning with that one held on to, as if there were no seam. So the poses depend on the clip alone,
not on how many processes there were.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass

from formcheck.pose.credible import RECENT_S, RETURN_S, Lock, Verdict, judge
from formcheck.pose.finder import PoseFinder
from formcheck.pose.landmarks import Pose
from formcheck.pose.loss import Loss
from formcheck.pose.recording import PoseRecorder, PoseRecording
from formcheck.video.source import VideoFile
from formcheck.video.stretches import Stretch
from formcheck.workers import worker_pool

Again = Callable[[Lock], Iterator[Pose]]


@dataclass(frozen=True, slots=True)
class Task:
    """One stretch to be read.

    Attributes:
        path: The video file.
        stretch: Which part of it.
        model: "lite", "full", "heavy" or the path of a bundle.
        masks: Whether silhouettes are wanted.
        stride: One frame of so many is looked at.
    """

    path: str
    stretch: Stretch
    model: str
    masks: bool
    stride: int = 1


def find_in_stretches(tasks: Sequence[Task], jobs: int, loss: Loss) -> Generator[Pose, None, None]:
    """Yield the pose of every frame of a video file, in order.

    Args:
        tasks: The file's stretches (`formcheck.video.source.VideoFile.stretches`), in order.
        jobs: In how many processes at once; 1 works in this one.
        loss: Where it is noted that something could not be read.

    Raises:
        InputError: The file cannot be read any more.
        ModelError: The model is missing, damaged or cannot be used.
        concurrent.futures.process.BrokenProcessPool: A worker process died.
    """
    alone = jobs == 1 or len(tasks) == 1
    parts = (poses_of(task, loss) for task in tasks) if alone else _from_workers(tasks, jobs, loss)
    before: deque[Pose] = deque()
    with closing(parts):
        for task, poses in zip(tasks, parts, strict=True):
            for pose in joined(before, poses, _Again(task, loss)):
                before.append(pose)
                while pose.time_s - before[0].time_s > RECENT_S + RETURN_S:
                    before.popleft()
                yield pose


def poses_of(task: Task, loss: Loss, lock: Lock | None = None) -> Generator[Pose, None, None]:
    """Yield the poses of one stretch: those of a finder that has warmed up, or of one that holds on to somebody."""
    stretch = task.stretch
    from_s = stretch.warm_s if lock is None else stretch.start_s
    with (
        VideoFile(task.path, from_s=from_s, stride=task.stride) as source,
        PoseFinder(task.model, masks=task.masks, lock=lock) as finder,
    ):
        for frame in source:
            if frame.time_s >= stretch.end_s:
                break
            pose = finder.find(frame)
            if frame.time_s >= stretch.start_s:
                yield pose
        loss.lossy |= source.lossy


def joined(before: Iterable[Pose], poses: Iterator[Pose], again: Again) -> Iterator[Pose]:
    """The poses of a stretch as they follow on those before.

    Args:
        before: Poses just before the stretch, some seconds of them.
        poses: The stretch's own.
        again: Gives the stretch's poses when somebody is held on to.
    """
    lock = _followed(before)
    head: list[Pose] = []
    for pose in poses if lock.recent else ():
        head.append(pose)
        if pose.found or pose.new_shot or pose.time_s - lock.recent[-1].time_s > RETURN_S:
            break
    if head and head[-1].found and not head[-1].new_shot and judge(lock, head[-1])[1] is not Verdict.ACCEPTED:
        yield from again(lock)
        return
    yield from head
    yield from poses


def _followed(poses: Iterable[Pose]) -> Lock:
    """Who was followed at the end of these poses."""
    lock = Lock()
    for pose in poses:
        if pose.new_shot:
            lock = Lock()
        if pose.found:
            lock = judge(lock, pose)[0]
    return lock


@dataclass(frozen=True, slots=True)
class _Again:
    task: Task
    loss: Loss

    def __call__(self, lock: Lock) -> Iterator[Pose]:
        return poses_of(self.task, self.loss, lock)


def _recorded(task: Task) -> tuple[PoseRecording | None, bool]:
    """What a worker does: the poses of a stretch, None if it has no frame, and whether something was lost."""
    loss, recorder = Loss(), None
    for pose in poses_of(task, loss):
        recorder = recorder or PoseRecorder(pose.size)
        recorder.append(pose)
    return None if recorder is None else recorder.finish(), loss.lossy


def _from_workers(tasks: Sequence[Task], jobs: int, loss: Loss) -> Generator[Iterator[Pose], None, None]:
    """The stretches' poses in order; no more are worked on ahead than there are workers."""
    with worker_pool(min(jobs, len(tasks))) as pool:
        waiting: deque[Future[tuple[PoseRecording | None, bool]]] = deque()
        for i in range(len(tasks)):
            while len(waiting) < jobs + 1 and i + len(waiting) < len(tasks):
                waiting.append(pool.submit(_recorded, tasks[i + len(waiting)]))
            recording, lossy = waiting.popleft().result()
            loss.lossy |= lossy
            yield iter(recording or ())
