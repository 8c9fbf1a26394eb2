"""What an analysis writes beside its result: the annotated video or picture, and the pose recording."""

from __future__ import annotations

import math
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from formcheck.files import write_atomically
from formcheck.judge import Judge
from formcheck.pose.landmarks import Pose
from formcheck.recognition import Recogniser

if TYPE_CHECKING:
    from formcheck.pose.recording import PoseRecorder, PoseSource
    from formcheck.video.frame import Frame
    from formcheck.video.writer import VideoWriter


class Sinks:
    """The files that were asked for, each begun when there is something to put into it. A context manager.

    Args:
        folder: Where they go; None writes nothing.
        size: (width, height) of the pictures in pixels.
        fps: Mean frames per second, None if unknown.
        video: Whether the annotated video is wanted.
        save_poses: Whether the pose recording is.
    """

    def __init__(
        self, folder: Path | None, size: tuple[int, int], fps: float | None, *, video: bool, save_poses: bool
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

    @property
    def draws(self) -> bool:
        """Whether pictures are wanted."""
        return self._video

    def add(self, frame: Frame | None, pose: Pose, judge: Judge | Recogniser) -> None:
        """Draw and record one frame; without a picture there is nothing to draw on."""
        if self._save_poses:
            self._recording().append(pose)
        if self._video and frame is not None:
            self._film().write(_drawn(frame, pose, judge), frame.time_s)

    def save_picture(self, frame: Frame, pose: Pose, judge: Judge | Recogniser) -> None:
        """Write annotated.png, the picture of a still instead of a video.

        Raises:
            OutputError: It cannot be written.
        """
        if not self._video or self._folder is None:
            return
        import cv2  # noqa: PLC0415 - slow

        _, data = cv2.imencode(".png", _drawn(frame, pose, judge))
        write_atomically(self._folder / "annotated.png", data.tobytes())

    def save_poses(self, source: PoseSource) -> None:
        """Write the pose recording, if one was wanted.

        Raises:
            OutputError: It cannot be written.
        """
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


def _drawn(frame: Frame, pose: Pose, judge: Judge | Recogniser) -> Any:
    from formcheck.report.overlay import draw  # noqa: PLC0415

    exercise, status = judge.exercise, judge.status
    if exercise is None or not exercise.silhouette:
        pose = replace(pose, back=None)
    if exercise is None:
        nothing = replace(status, value=math.nan, line=())
        return draw(frame.image, pose, nothing, "Which exercise?", "", timed=False)
    timed = exercise.holding is not None
    return draw(frame.image, pose, status, exercise.title, exercise.dose.words(), timed=timed)
