"""Encoding pictures as H.264 in an MP4 file; with the decoder, the only place that knows PyAV.

Slow to import: import it where it is needed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from numpy.typing import NDArray

TICKS_PER_S = 90_000

_THREADS = 2  # the rest of the machine is for pose estimation
_BT709 = 1


class Encoder:
    """One file being written.

    Args:
        file: Is made at once.
        size: Width and height of the pictures in pixels; odd ones become even.
        fps: A hint for the encoder; each picture has its own time.

    Raises:
        OSError: The file cannot be made.
    """

    def __init__(self, file: Path, size: tuple[int, int], fps: float) -> None:
        with _as_os_error():
            self._start(file, size, fps)

    def _start(self, file: Path, size: tuple[int, int], fps: float) -> None:
        # The index goes to the front, so that a browser starts playing before it has the whole file.
        self._container = av.open(f"file:{file}", "w", format="mp4", options={"movflags": "faststart"})
        # Without B frames the stated length is right for uneven times, too: it is taken from the decoding order.
        options = {"crf": "23", "preset": "veryfast", "bf": "0"}
        self._stream = self._container.add_stream("libx264", Fraction(fps).limit_denominator(1001), options=options)
        self._stream.width, self._stream.height = (side + side % 2 for side in size)
        self._stream.pix_fmt = "yuv420p"
        coder = self._stream.codec_context
        coder.time_base = Fraction(1, TICKS_PER_S)
        coder.thread_count = _THREADS
        # Players guess the colours of an unmarked file, and guess differently.
        coder.colorspace = coder.color_primaries = coder.color_trc = coder.color_range = _BT709
        self._reformatter = VideoReformatter()
        self._container.start_encoding()

    def encode(self, frames: Iterable[VideoFrame]) -> None:
        """Write frames made by `frame_of` until there are no more, then the file's index.

        Raises:
            OSError: The disk is full or failed otherwise.
        """
        with _as_os_error():
            try:
                for frame in frames:
                    self._container.mux(self._stream.encode(self._converted(frame)))
                self._container.mux(self._stream.encode(None))
            finally:
                # Writes the index, so a full disk may show up only here.
                self._container.close()

    def _converted(self, frame: VideoFrame) -> VideoFrame:
        return self._reformatter.reformat(
            frame, format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG, threads=1
        )


def frame_of(image: NDArray[np.uint8], tick: int) -> VideoFrame:
    """Return a copy of an (H, W, 3) uint8 BGR picture with even sides, to be shown at a tick."""
    frame = VideoFrame.from_ndarray(_even(image), format="bgr24")
    frame.pts = tick
    frame.time_base = Fraction(1, TICKS_PER_S)
    return frame


@contextlib.contextmanager
def _as_os_error() -> Iterator[None]:
    try:
        yield
    except FFmpegError as error:
        if isinstance(error, OSError):
            raise
        raise OSError(error.errno, error.strerror) from error


def _even(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rows, columns = image.shape[:2]
    if rows % 2 == 0 and columns % 2 == 0:
        return np.ascontiguousarray(image)
    return np.pad(image, ((0, rows % 2), (0, columns % 2), (0, 0)), mode="edge")
