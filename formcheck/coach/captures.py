"""What gives pictures: a device, or a file that is played in real time; for a stream see `formcheck.coach.stream`."""

from __future__ import annotations

import math
import sys
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from formcheck.coach.devices import backend, device, found_again, opencv, why_not
from formcheck.errors import CameraError, InputError
from formcheck.video.source import Source, open_source

Clock = Callable[[], float]

# One buffer is with us while the camera fills the other; with a single one it would skip every other picture, and
# with OpenCV's four there could be old pictures waiting.
_BUFFERS = 2
# Damaged pictures in a row that a device may send.
_MAX_DAMAGED = 30

# A file's picture that comes later than this is left out, as a camera would, to catch up ...
_LATE_S = 0.1
# ... unless so much of the file was left out already; then it plays on later.
_CATCH_UP_S = 0.3
_USUAL_STEP_S = 0.04
_POLL_S = 0.01


class NoPictureError(Exception):
    """A camera does not open now; `Capture.why_not` says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One picture as it came.

    Attributes:
        image: (H, W, 3) uint8, BGR, upright.
        taken_s: When it was taken, by the clock.
        time_s: Its own time, from a file; None if it has none.
        cut: Whether it follows a hard cut.
        late: Whether it is too old to be shown as new.
    """

    image: NDArray[np.uint8]
    taken_s: float
    time_s: float | None = None
    cut: bool = False
    late: bool = False


class Capture(Protocol):
    """Something that gives pictures and can be opened again and again.

    Attributes:
        name: What to call it in a sentence.
        finite: Whether it has an end, after which it is not opened again.
        advice: What the user can do when no more pictures come.
    """

    name: str
    finite: bool
    advice: str

    def shots(self, stop: threading.Event) -> Generator[Shot, None, None]:
        """Open it and yield its pictures until it fails or ends; runs in one thread.

        Args:
            stop: Ends every wait that can be ended.

        Raises:
            NoPictureError: It does not open.
        """
        ...

    def why_not(self) -> CameraError:
        """Return the error that says why it gave no picture."""
        ...


class DeviceCapture:
    """A camera of this machine, through OpenCV."""

    finite = False
    advice = "plug it in again and close other programs that use it"

    def __init__(self, index: int, clock: Clock, size: tuple[int, int], fps: float) -> None:
        self._device = device(index)
        self._clock = clock
        self._size = size
        self._fps = fps
        self.name = str(self._device)
        if sys.platform == "darwin":
            # Only the main thread may ask the user for leave to use the camera.
            cv2 = opencv()
            cv2.VideoCapture(index, backend(cv2)).release()

    def shots(self, stop: threading.Event) -> Generator[Shot, None, None]:
        """Yield its pictures until a read fails: what OpenCV gives after that may be the last picture once more."""
        cv2 = opencv()
        capture = self._opened(cv2)
        damaged = 0
        try:
            while not stop.is_set() and damaged <= _MAX_DAMAGED and _grabbed(cv2, capture):
                taken_s = self._clock()
                image = _retrieved(cv2, capture)
                if image is None:
                    damaged += 1
                else:
                    damaged = 0
                    yield Shot(image, taken_s)
        finally:
            capture.release()

    def why_not(self) -> CameraError:
        """Return the error that says why it gave no picture."""
        return why_not(self._device.index)

    def _opened(self, cv2: Any) -> Any:
        index = found_again(self._device)
        # Some devices give nothing with settings that they do not know, so they are tried without a second time.
        for asked in (True, False):
            capture = cv2.VideoCapture(index, backend(cv2))
            if not capture.isOpened():
                capture.release()
                break
            if asked:
                self._ask(cv2, capture)
            if _grabbed(cv2, capture):
                return capture
            capture.release()
        raise NoPictureError

    def _ask(self, cv2: Any, capture: Any) -> None:
        # Compressed, since uncompressed pictures of larger sizes come at 5-15 a second through USB 2.
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter_fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._size[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._size[1])
        capture.set(cv2.CAP_PROP_FPS, self._fps)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, _BUFFERS)


class FileCapture:
    """A video file that is played in real time as if it were a camera."""

    finite = True
    advice = "copy the file to this machine's own disk"

    def __init__(self, path: str, clock: Clock, loop: bool) -> None:
        self._path = path
        self._clock = clock
        self._loop = loop
        self._reason: InputError | None = None
        self.name = path

    def shots(self, stop: threading.Event) -> Generator[Shot, None, None]:
        """Yield its pictures, each at its time from when the first one was there."""
        try:
            with open_source(self._path) as clip:
                yield from self._played(clip, stop)
        except InputError as error:
            self._reason = error
            raise NoPictureError from error

    def why_not(self) -> CameraError:
        """Return the error that says why it gave no picture."""
        return CameraError(str(self._reason or f"{self._path} gives no picture: {self.advice}."))

    def _played(self, clip: Source, stop: threading.Event) -> Generator[Shot, None, None]:
        began_s: float | None = None
        given_s, round_s, time_s = -math.inf, 0.0, 0.0
        step_s = 1 / clip.info.fps if clip.info.fps else _USUAL_STEP_S
        while True:
            for frame in clip:
                time_s = round_s + frame.time_s
                began_s = self._clock() if began_s is None else began_s
                if not self._waited(began_s + time_s, stop):
                    return
                late_s = self._clock() - (began_s + time_s)
                late = late_s > _LATE_S and time_s - given_s < _CATCH_UP_S
                if not late:
                    given_s = time_s
                    began_s += late_s if late_s > _LATE_S else 0.0
                cut = frame.new_shot or (frame.index == 0 and round_s > 0)
                yield Shot(frame.image, began_s + time_s, time_s, cut, late)
            if not self._loop:
                return
            round_s = time_s + step_s

    def _waited(self, until_s: float, stop: threading.Event) -> bool:
        """Wait for a time of the clock; return False if it was stopped."""
        while (left_s := until_s - self._clock()) > 0:
            # Short waits, since the clock may run otherwise than the computer's.
            if stop.wait(min(left_s, _POLL_S)):
                return False
        return not stop.is_set()


def _grabbed(cv2: Any, capture: Any) -> bool:
    """Wait for a device's next picture; return False if none comes."""
    try:
        return bool(capture.grab())
    except cv2.error:
        return False


def _retrieved(cv2: Any, capture: Any) -> NDArray[np.uint8] | None:
    """Return the picture that was waited for, or None if it is damaged."""
    try:
        good, image = capture.retrieve()
        if not good or image is None or not image.size:
            return None
        # Infrared cameras give one channel.
        grey = image.ndim == 2 or image.shape[2] == 1
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR) if grey else image, np.uint8)
    except cv2.error:
        return None
