"""The camera of the live coach: the newest picture, never an old one as new, through every fault of a camera."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

import numpy as np

from formcheck.coach.captures import Capture, Clock, DeviceCapture, FileCapture, Shot
from formcheck.coach.connection import Connection
from formcheck.coach.devices import resolve
from formcheck.coach.stream import UrlCapture
from formcheck.errors import CameraError
from formcheck.video.clock import MIN_STEP_S
from formcheck.video.frame import Frame
from formcheck.video.picture import delivered_size, fitted

__all__ = ["Camera", "CameraError", "State"]

State = Literal["opening", "live", "stalled", "lost", "ended"]

FIRST_S = 15.0  # for the first picture: some cameras take ten seconds to wake up
STALL_S = 2.0  # without a picture; no camera that is of use is slower
REOPEN_S = 5.0  # without a picture, until the camera is opened again
RETRY_S = 1.0  # from a failure to the next attempt to open it
OLD_S = 1.0  # a picture that nobody took for so long is not new any more
CLOSE_S = 1.5  # for the threads to end

_POLL_S = 0.05
# A read that hangs cannot be ended. So many are left behind; then one has to come back before the next attempt.
_MAX_HUNG = 3


class Camera:
    """Frames of a device, a stream of the network, or a file as if it were a camera. Use it in a `with` statement.

    A thread reads without a pause and keeps only the newest picture, so nothing queues, however slow the taker is.
    Whatever happens to the camera after its first picture, `newest` goes on to return None, `state` and `notice` say
    what is wrong, and the camera is opened again and again until it is back. A file is not: it ends.

    Args:
        where: A device's index or name, a URL (http, https, rtsp), or a video file.
        clock: Seconds that never go backwards, whatever happens to the system's time.
        size: Width and height in pixels to ask a device for.
        fps: Pictures per second to ask a device for.
        loop: Whether a file starts over at its end, its times going on.
        capture: Takes the place of what `where` names; for tests.
        meanwhile: Called again and again while the first picture is waited for. What it raises ends the waiting.

    Attributes:
        name: What to call it in a sentence, without the password of a URL.
        captured: Pictures that came.
        dropped: Those of them that nobody took, as a newer one came or they had become too old.
    """

    def __init__(
        self,
        where: str,
        *,
        clock: Clock = time.monotonic,
        size: tuple[int, int] = (640, 480),
        fps: float = 30.0,
        loop: bool = False,
        capture: Capture | None = None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = where
        self.captured = 0
        self.dropped = 0
        self._clock = clock
        self._where = where
        self._size_asked = size
        self._fps_asked = fps
        self._loop = loop
        self._given = capture
        self._meanwhile = meanwhile
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="formcheck-camera-keeper", daemon=True)
        self._connections: list[Connection] = []  # the last one counts, the others were given up and still hang
        self._waiting: _Waiting | None = None
        self._new_shot = False
        self._size: tuple[int, int] | None = None
        self._came_as: tuple[int, int] | None = None
        self._last_s = -math.inf
        self._taken_s = math.nan

    def __enter__(self) -> Self:
        """Open it and wait for its first picture.

        Raises:
            CameraError: It is missing, cannot be opened, or gives no picture.
        """
        self._capture = self._given or self._named()
        self.name = self._capture.name
        self._opened_s = self._clock()
        self._connect()
        try:
            self._await_first()
            self._keeper.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def newest(self, timeout_s: float) -> Frame | None:
        """Return the newest frame that was not returned before, waiting for one.

        Its `time_s` is the time of capture in seconds since the camera was opened, or a file's own time; its `index`
        counts the captured pictures. `new_shot` is set on the first frame after a connection was lost, after the size
        of the pictures changed (they are fitted into the first size), and after a file's hard cuts.

        Args:
            timeout_s: How long to wait.

        Returns:
            The frame, or None if none came in time or the camera has ended.
        """
        until_s = self._clock() + timeout_s
        with self._changed:
            while True:
                if self._connection.failure is not None:
                    raise self._connection.failure
                frame = self._take()
                left_s = until_s - self._clock()
                if frame is not None or left_s <= 0 or self._over:
                    return frame
                # Short waits, since Ctrl-C cannot end one on Windows, and since the clock may run otherwise in tests.
                self._changed.wait(min(left_s, _POLL_S))

    @property
    def age_s(self) -> float:
        """Seconds since the frame returned last was captured; NaN before the first one."""
        return self._clock() - self._taken_s

    @property
    def state(self) -> State:
        """What is going on.

        "opening" before the first picture; "live"; "stalled" when none has come for 2 s; "lost" from a failed read, or
        5 s without a picture, until one comes again; "ended" after the last frame of a file was taken, or `close`.
        """
        with self._changed:
            if self._connections and self._over:
                return "ended"
            if not self.captured:
                return "opening"
            if self._finished:
                return "live"
            if self._connection.broken or not self._connection.shots:
                return "lost"
            return "stalled" if self._clock() - self._connection.heard_s > STALL_S else "live"

    @property
    def notice(self) -> str | None:
        """One sentence on what to do while it is stalled or lost, else None."""
        state = self.state
        if state not in {"stalled", "lost"}:
            return None
        what = "sends no picture" if state == "stalled" else "is gone"
        sentence = f"{self.name} {what}: {self._capture.advice}; it goes on by itself."
        return sentence[0].upper() + sentence[1:]

    def close(self) -> None:
        """End it within 2 s. A read that hangs is left to a thread that does not keep the program from ending."""
        with self._changed:
            if self._closing.is_set():
                return
            self._closing.set()
            connections = list(self._connections)
            for connection in connections:
                connection.stop.set()
            self.dropped += self._waiting is not None
            self._waiting = None
            self._changed.notify_all()
        until_s = time.monotonic() + CLOSE_S
        for thread in (self._keeper, *(connection.thread for connection in connections)):
            if thread.ident is not None and thread is not threading.current_thread():
                thread.join(max(0.0, until_s - time.monotonic()))

    def _named(self) -> Capture:
        place = resolve(self._where)
        if place.isdecimal():
            return DeviceCapture(int(place), self._clock, self._size_asked, self._fps_asked)
        return UrlCapture(place, self._clock) if "://" in place else FileCapture(place, self._clock, self._loop)

    @property
    def _connection(self) -> Connection:
        return self._connections[-1]

    @property
    def _finished(self) -> bool:
        """Whether no more pictures will come."""
        return self._closing.is_set() or (self._capture.finite and self._connection.over)

    @property
    def _over(self) -> bool:
        return self._finished and self._waiting is None

    def _take(self) -> Frame | None:
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return None
        if self._clock() - waiting.taken_s > OLD_S and not self._finished:
            self.dropped += 1
            self._new_shot |= waiting.frame.new_shot
            return None
        self._taken_s = waiting.taken_s
        return waiting.frame

    def _put(self, connection: Connection, shot: Shot) -> bool:
        """Make a shot the newest frame; runs in the connection's thread. Return False if it was given up."""
        rows, columns = shot.image.shape[:2]
        came_as = (columns, rows)
        picture = fitted(shot.image, delivered_size(columns, rows))
        size = self._size or (picture.shape[1], picture.shape[0])
        image = np.ascontiguousarray(fitted(picture, size))
        with self._changed:
            if connection is not self._connection or connection.stop.is_set():
                return False
            changed = self.captured > 0 and (connection.shots == 0 or came_as != self._came_as)
            # The frame that starts a new shot may be dropped: then the next one starts it.
            self._new_shot |= shot.cut or changed
            self._size, self._came_as = size, came_as
            connection.shots += 1
            connection.heard_s = self._clock()
            self.captured += 1
            if shot.late or self._waiting is not None:
                self.dropped += 1
            if not shot.late:
                if self._waiting is not None:
                    self._new_shot |= self._waiting.frame.new_shot
                time_s = shot.taken_s - self._opened_s if shot.time_s is None else shot.time_s
                self._last_s = max(time_s, self._last_s + MIN_STEP_S)
                frame = Frame(image, self._last_s, self.captured - 1, self._new_shot)
                self._waiting, self._new_shot = _Waiting(frame, shot.taken_s), False
            self._changed.notify_all()
        return True

    def _connect(self) -> None:
        self._connections = [connection for connection in self._connections if not connection.over]
        self._connections.append(Connection(self._capture, self._put, self._changed, self._clock))
        self._connection.thread.start()

    def _await_first(self) -> None:
        until_s = self._opened_s + FIRST_S
        while self._clock() < until_s:
            with self._changed:
                if self.captured or self._connection.over:
                    break
                self._changed.wait(_POLL_S)
            self._meanwhile()
        with self._changed:
            if self._connection.failure is not None:
                raise self._connection.failure
            captured = self.captured
        if not captured:
            raise self._capture.why_not()

    def _keep(self) -> None:
        """Open the camera again whenever it is needed; runs in a thread of its own."""
        while not self._closing.wait(_POLL_S):
            with self._changed:
                connection = self._connection
                if self._finished or connection.failure is not None:
                    return
                if not connection.broken and not self._capture.finite and self._quiet_s() > REOPEN_S:
                    connection.stop.set()
                rested = not connection.over or self._clock() - connection.over_s >= RETRY_S
                hung = sum(not connection.over for connection in self._connections)
                if connection.broken and rested and hung < _MAX_HUNG:
                    self._connect()

    def _quiet_s(self) -> float:
        """Return for how many seconds no picture has come, less what opening a camera takes."""
        connection = self._connection
        return self._clock() - connection.heard_s - (0.0 if connection.shots else FIRST_S - REOPEN_S)


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """The newest frame while it waits to be taken."""

    frame: Frame
    taken_s: float
