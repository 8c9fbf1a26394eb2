"""The recording of a session, one video for each set: a crash loses the one under way at most."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from formcheck.coach.model import Step
from formcheck.errors import OutputError

if TYPE_CHECKING:
    from formcheck.engine.status import Status
    from formcheck.pose.landmarks import Pose
    from formcheck.video.writer import VideoWriter


class Film:
    """Records what was asked to be recorded. Where that fails it says so once, and coaching goes on.

    Args:
        folder: Where the videos go; None records nothing.
        trouble: Told in one sentence why no more can be recorded.
    """

    def __init__(self, folder: Path | None, trouble: Callable[[str], None]) -> None:
        self._folder = folder
        self._trouble = trouble
        self._stack = ExitStack()
        self._writer: VideoWriter | None = None
        self._step: Step | None = None
        self._path = Path()

    @property
    def wanted(self) -> bool:
        """Whether a set is being recorded."""
        return self._step is not None and self._folder is not None

    @property
    def path(self) -> Path | None:
        """The video of the set being recorded."""
        return self._path if self.wanted else None

    def begin(self, step: Step, number: int) -> None:
        """Begin the video of a set with its next picture."""
        if self._folder is not None:
            self._step = step
            self._path = _free(self._folder / f"{number:02d}-{step.exercise.name}.mp4")

    def add(self, image: NDArray[np.uint8], time_s: float, pose: Pose, status: Status) -> None:
        """Record one picture with what is drawn on it."""
        if self._step is None or self._folder is None:
            return
        from formcheck.report.overlay import draw  # noqa: PLC0415 - slow
        from formcheck.video.writer import VideoWriter  # noqa: PLC0415 - slow

        exercise = self._step.exercise
        drawn = draw(image, pose, status, exercise.title, self._step.dose.words(), timed=exercise.holding is not None)
        try:
            if self._writer is None:
                size = (image.shape[1], image.shape[0])
                self._writer = self._stack.enter_context(VideoWriter(self._path, size))
            self._writer.write(drawn, time_s)
        except OutputError as error:
            self._give_up(error)

    def end(self) -> None:
        """Finish the video of the set under way."""
        self._step, self._writer = None, None
        stack, self._stack = self._stack, ExitStack()
        try:
            stack.close()
        except OutputError as error:
            self._give_up(error)

    def _give_up(self, error: OutputError) -> None:
        self._folder, self._step, self._writer = None, None, None
        stack, self._stack = self._stack, ExitStack()
        with contextlib.suppress(OutputError):  # the same reason again, which is told
            stack.close()
        self._trouble(str(error))


def _free(path: Path) -> Path:
    """The path, or one beside it that is not taken."""
    number, free = 1, path
    while os.path.lexists(free):  # raises nothing: what is wrong with the folder is told by the writer
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free
