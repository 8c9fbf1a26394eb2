"""The progress bar of a long analysis: on standard error, only where somebody can see it."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

LONG_S = 10.0  # seconds of clip: a shorter one is done before a bar can be read


class ProgressBar:
    """Call it with seconds done and seconds in all (None when unknown); the bar appears when it is worth it."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console if console is not None else Console(stderr=True)
        self._progress: Progress | None = None
        self._task = TaskID(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def __call__(self, done_s: float, total_s: float | None) -> None:
        """Show how far the analysis is."""
        if self._progress is None and self._console.is_terminal and (total_s or done_s) > LONG_S:
            self._start(total_s)
        if self._progress is not None:
            self._progress.update(self._task, completed=done_s, total=total_s)

    def _start(self, total_s: float | None) -> None:
        self._progress = Progress(
            TextColumn("Watching the clip"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            TextColumn("left"),
            console=self._console,
            transient=True,
            refresh_per_second=4,
            # Results go to standard output while the bar stands on standard error.
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._progress.add_task("", total=total_s)
        self._progress.start()
