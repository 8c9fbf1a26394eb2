"""One connection to a camera, read in a thread of its own."""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Callable

from formcheck.coach.captures import Capture, Clock, NoPictureError, Shot


class Connection:
    """One time that a camera is opened and read until it fails, in a thread.

    Args:
        capture: What is opened.
        put: Takes each shot; returns False when no more are wanted.
        changed: Is notified when the thread has ended.
        clock: Seconds, never backwards.

    Attributes:
        stop: Set when it is given up.
        shots: How many pictures came.
        heard_s: When the last picture came, by the clock; at first, when it was opened.
        over: Whether the thread has ended.
        over_s: When, by the clock; NaN before.
        failure: What it ended by, if that was a mistake of the program and no fault of the camera.
    """

    def __init__(
        self, capture: Capture, put: Callable[[Connection, Shot], bool], changed: threading.Condition, clock: Clock
    ) -> None:
        self.stop = threading.Event()
        self.shots = 0
        self.heard_s = clock()
        self.over = False
        self.over_s = math.nan
        self.failure: BaseException | None = None
        self.thread = threading.Thread(target=self._read, name="formcheck-camera", daemon=True)
        self._capture = capture
        self._put = put
        self._changed = changed
        self._clock = clock

    @property
    def broken(self) -> bool:
        """Whether no more pictures can come of it."""
        return self.over or self.stop.is_set()

    def _read(self) -> None:
        failure: BaseException | None = None
        try:
            with contextlib.closing(self._capture.shots(self.stop)) as shots:
                for shot in shots:
                    if not self._put(self, shot):
                        break
        except NoPictureError:
            pass  # to be tried again
        except BaseException as error:  # noqa: BLE001 - it is raised again by the thread that takes the frames
            failure = error
        with self._changed:
            self.over, self.over_s, self.failure = True, self._clock(), failure
            self._changed.notify_all()
