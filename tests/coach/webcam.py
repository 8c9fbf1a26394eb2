"""A webcam for the tests, in place of OpenCV: it can be unplugged, be busy, hang, and send damaged pictures."""

import threading
import time

import cv2
from mjpeg import numbered

SPEED = 10.0
WAIT_S = 10.0  # at most, on a busy machine


def fast():
    """Return the seconds of a clock that runs ten times as fast, so that the camera's patience ends soon."""
    return time.monotonic() * SPEED


def eventually(is_so):
    """Wait until something is so."""
    until_s = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < until_s, "it never came"
        time.sleep(0.001)


def take(camera):
    """Return the next frame of a camera."""
    frame = camera.newest(WAIT_S * SPEED)
    assert frame is not None
    return frame


def camera_threads():
    """Return the threads of cameras that are running."""
    return [thread for thread in threading.enumerate() if thread.name.startswith("formcheck-camera")]


class Webcam:
    """What OpenCV is on a machine with one webcam; may be changed at any time.

    Attributes:
        index: Its number.
        present: Whether it is plugged in.
        gives: Whether it gives pictures; a busy one does not.
        works_asked: Whether it gives pictures after it was asked for a size.
        damaged: Whether its pictures are, or a function of the picture's number.
        breaks: Whether OpenCV fails at a read.
        fps: Pictures per second of real time.
        picture: Returns the picture of a number.
        hangs: The connections, by number from 1, whose reads hang.
        opened: How many connections there were.
        open: How many there are.
        asked: What the first connection was asked for.
    """

    CAP_V4L2, CAP_AVFOUNDATION, CAP_ANY = 200, 1200, 0
    CAP_PROP_FOURCC, CAP_PROP_FRAME_WIDTH, CAP_PROP_FRAME_HEIGHT = "fourcc", "width", "height"
    CAP_PROP_FPS, CAP_PROP_BUFFERSIZE = "fps", "buffers"
    COLOR_GRAY2BGR = cv2.COLOR_GRAY2BGR
    error = cv2.error
    cvtColor = staticmethod(cv2.cvtColor)  # noqa: N815 - OpenCV's name

    def __init__(self):
        self.index = 0
        self.present = self.gives = self.works_asked = True
        self.breaks = self.damaged = False
        self.fps = 100.0
        self.picture = numbered
        self.hangs = set()
        self.opened = self.open = self.made = 0
        self.asked = []

    def VideoCapture(self, index, _backend):  # noqa: N802 - OpenCV's name
        return _Connection(self, index)

    def VideoWriter_fourcc(self, *letters):  # noqa: N802 - OpenCV's name
        return "".join(letters)


class _Connection:
    def __init__(self, webcam, index):
        self._webcam = webcam
        self._opens = webcam.present and index == webcam.index
        self._asked = False
        webcam.opened += 1
        webcam.open += 1
        self._number = webcam.opened

    def isOpened(self):  # noqa: N802 - OpenCV's name
        return self._opens

    def set(self, what, value):
        self._asked = True
        if self._number == 1:
            self._webcam.asked.append((what, value))

    def grab(self):
        webcam = self._webcam
        while self._number in webcam.hangs:
            time.sleep(0.001)
        time.sleep(1 / webcam.fps)
        if webcam.breaks:
            raise cv2.error("it broke")
        webcam.made += 1
        return self._opens and webcam.present and webcam.gives and (webcam.works_asked or not self._asked)

    def retrieve(self):
        number = self._webcam.made
        damaged = self._webcam.damaged
        if damaged(number) if callable(damaged) else damaged:
            return False, None
        return True, self._webcam.picture(number)

    def release(self):
        self._webcam.open -= 1
