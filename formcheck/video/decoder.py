"""Opening a video file and decoding its pictures; with the encoder, the only place that knows PyAV.

Slow to import: import it where it is needed.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Generator, Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, cast

import av
import numpy as np
from av.codec.context import ThreadType
from av.error import FFmpegError
from av.stream import Disposition
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from formcheck.errors import InputError
from formcheck.video.clock import MIN_STEP_S
from formcheck.video.picture import delivered_size, upright

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.sidedata.sidedata import SideData
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

# Decoding must not take every core from pose estimation, and each thread holds one more undelivered picture.
_MAX_THREADS = 4
MIN_STEP = Fraction(MIN_STEP_S).limit_denominator(1_000_000)
# Without these the decoder would show a text file as a film of its letters.
_TEXT_FORMATS = {"tty"}


class Decoder:
    """One pass over the pictures of a video file; opening it decodes the first one.

    Attributes:
        stream: The video stream.
        first: The first picture, not yet converted.
        damaged: Whether something could not be read or decoded so far.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._container, self.stream = _open(path)
        self.damaged = False
        self._converter = Converter(self.stream)
        self._frames = self._decode()
        first = next(self._frames, None)
        if first is None:
            self.close()
            raise InputError(f"{path} holds no picture that can be decoded; record or copy the clip again.")
        self.first = first

    @property
    def origin(self) -> Fraction | None:
        """The first picture's time stamp in seconds."""
        return _stamp(self.first)

    def pictures(self, from_s: float = 0.0) -> Iterator[tuple[VideoFrame, Fraction | None]]:
        """Yield the pictures, not yet converted, each with its time stamp in seconds or None.

        Args:
            from_s: Seconds after the first picture at which to begin; above 0 only for a clip that has an
                `even_length_s`.
        """
        if from_s <= 0:
            yield self.first, _stamp(self.first)
        else:
            self._seek(from_s)
        for frame in self._frames:
            yield frame, _stamp(frame)

    def _seek(self, from_s: float) -> None:
        """Go on with the first picture that is not before a time."""
        origin = self.origin
        assert origin is not None
        start = origin + Fraction(from_s) - MIN_STEP / 2
        self._frames.close()
        self._container.seek(self._goal(start), stream=self.stream)
        self._frames = self._decode_from(start)

    def _goal(self, start: Fraction) -> int:
        """A time in the stream's ticks."""
        assert self.stream.time_base is not None
        return int(start / self.stream.time_base)

    def image_of(self, frame: VideoFrame) -> NDArray[np.uint8]:
        """Return a decoded picture as (H, W, 3) uint8, BGR, upright, square pixels, at most 1920 on a side.

        Raises:
            InputError: Its kind of pixels cannot be converted.
        """
        try:
            return self._converter.image_of(frame)
        except FFmpegError as error:
            kind = frame.format.name
            raise InputError(f"{self._path} has pixels that cannot be converted ({kind}); save it as H.264.") from error

    def seconds_of(self, ticks: int | None) -> float | None:
        """Return a duration given in the stream's ticks in seconds."""
        base = self.stream.time_base
        return float(ticks * base) if ticks and base else None

    def duration_s(self) -> float | None:
        """Return how long the container says the pictures last, in seconds, or None if it does not say.

        The sound of a clip may well be longer than its pictures, so the whole file's length only counts where
        there is nothing but pictures in it.
        """
        return self.seconds_of(self.stream.duration) or _tagged_duration_s(self.stream) or self._whole_duration_s()

    def _whole_duration_s(self) -> float | None:
        microseconds = self._container.duration
        return microseconds / 1e6 if microseconds and len(self._container.streams) == 1 else None

    def close(self) -> None:
        """Let go of the file."""
        self._frames.close()
        self._container.close()

    def _decode(self, after: Fraction | None = None) -> Generator[VideoFrame, None, None]:
        """The pictures from where the container stands; of damaged ones those before `after` do not matter."""
        try:
            for packet in self._container.demux(self.stream):
                try:
                    frames = packet.decode()
                except FFmpegError:
                    self.damaged = True
                    continue
                for frame in frames:
                    # A picture patched up from damaged data would show a body that never was.
                    if not frame.is_corrupt:
                        yield frame
                    elif after is None or _later(frame, after) >= 0:
                        self.damaged = True
        except FFmpegError:
            self.damaged = True

    def _decode_from(self, start: Fraction) -> Generator[VideoFrame, None, None]:
        """The pictures from a time on, in a container that was asked to go to the last one that stands alone before."""
        frames = self._decode(start)
        first = next(frames, None)
        if first is None or _later(first, start) > 0:  # some containers land behind the goal
            frames.close()
            self._container.close()
            self._container, self.stream = _open(self._path)
            frames = self._decode(start)
        elif _later(first, start) == 0:
            yield first
        yield from (frame for frame in frames if _later(frame, start) >= 0)


class Converter:
    """From whatever pixels a codec makes to upright BGR."""

    def __init__(self, stream: VideoStream) -> None:
        self._aspect = float(stream.sample_aspect_ratio or 1)
        self._reformatter = VideoReformatter()
        self._matrices: dict[int, list[int]] = {}

    def image_of(self, frame: VideoFrame) -> NDArray[np.uint8]:
        """The decoded picture as (H, W, 3) uint8, BGR, upright, with square pixels."""
        width, height = delivered_size(frame.width, frame.height, self._aspect)
        # One reformatter for all: frame.to_ndarray() would set up a new one, with new threads, for each picture.
        converted = self._reformatter.reformat(
            frame,
            width,
            height,
            "bgr24",
            interpolation=Interpolation.AREA if width < frame.width else Interpolation.BILINEAR,
            threads=1,
        )
        image = np.asarray(converted.to_ndarray(), np.uint8)
        if converted is frame:
            # The codec makes BGR itself and may build the next picture on this very memory.
            image = image.copy()
        return np.ascontiguousarray(upright(image, self._display_matrix(frame)))

    def _display_matrix(self, frame: VideoFrame) -> list[int]:
        # Looking at a frame's side data ties the frame into a reference cycle, and so keeps its pixels until the next
        # garbage collection: hundreds of megabytes. So that is done once for each angle, and the angle costs nothing.
        angle = frame.rotation
        if angle not in self._matrices:
            self._matrices[angle] = _display_matrix(frame)
        return self._matrices[angle]


def _display_matrix(frame: VideoFrame) -> list[int]:
    data = cast("SideData | None", frame.side_data.get("DISPLAYMATRIX"))
    if data is None:
        return [1, 0, 0, 0, 1, 0, 0, 0, 1]
    return [int(number) for number in np.frombuffer(bytes(data), np.int32, count=9)]


def _stamp(frame: VideoFrame) -> Fraction | None:
    if frame.pts is None or not frame.time_base:
        return None
    return frame.pts * frame.time_base


def _later(frame: VideoFrame, time: Fraction) -> Fraction:
    """By how many seconds a picture comes after a time; by none where it has no time stamp."""
    stamp = _stamp(frame)
    return Fraction(0) if stamp is None else stamp - time


def even_length_s(path: str, origin: Fraction | None) -> float | None:
    """How long a file lasts by its packets' own time stamps, without decoding a picture.

    Args:
        path: The file.
        origin: Time stamp of the picture that is decoded first, in seconds.

    Returns:
        Seconds from the first picture to the last, or None where it can only be read from its beginning: a time stamp
        is missing, or stands twice, or the first one is not `origin`.

    Raises:
        InputError: It cannot be opened.
    """
    container, stream = _open(path)
    with container:
        base = stream.time_base
        try:
            stamps = [packet.pts for packet in container.demux(stream) if packet.size and not packet.is_discard]
        except FFmpegError:
            return None
    told = sorted(stamp for stamp in stamps if stamp is not None)
    if not told or not base or len(told) < len(stamps) or told[0] * base != origin:
        return None
    if any((later - sooner) * base < MIN_STEP for sooner, later in pairwise(told)):
        return None
    return float((told[-1] - told[0]) * base)


def _tagged_duration_s(stream: VideoStream) -> float | None:
    """Return the length that Matroska notes beside each stream, such as 00:01:02.500000000."""
    with contextlib.suppress(KeyError, ValueError):
        hours, minutes, seconds = stream.metadata["DURATION"].split(":")
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    return None


def _open(path: str) -> tuple[InputContainer, VideoStream]:
    start = _first_bytes(path)
    try:
        # "file:" keeps a colon in a name from being taken for an address, and the list keeps a playlist in disguise
        # from fetching anything: nothing leaves the machine.
        container = av.open(f"file:{path}", options={"protocol_whitelist": "file"})
    except (FFmpegError, UnicodeError) as error:
        raise InputError(_why_not_opened(path, start)) from error
    try:
        return container, _video_stream(container, path, start)
    except InputError:
        container.close()
        raise


def _video_stream(container: InputContainer, path: str, start: bytes) -> VideoStream:
    if container.format.name in _TEXT_FORMATS:
        raise InputError(_why_not_opened(path, start))
    # A song's cover picture is a video stream, too.
    films = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
    if not films:
        raise InputError(f"{path} has no moving picture in it, only sound or text; name a video file.")
    stream = films[0]
    if stream.codec_context is None:
        raise InputError(f"{path} is in a video format that cannot be decoded here; convert it to H.264 in an MP4.")
    stream.thread_type = ThreadType.AUTO
    stream.codec_context.thread_count = min(_MAX_THREADS, os.cpu_count() or 1)
    return stream


def _first_bytes(path: str) -> bytes:
    """Return the first 16 bytes of an ordinary file.

    Raises:
        InputError: It is missing, a folder, a device, empty or not allowed to be read.
    """
    try:
        mode = Path(path).stat().st_mode
        if stat.S_ISDIR(mode):
            raise InputError(f"{path} is a folder; name a video file in it.")
        if not stat.S_ISREG(mode):
            raise InputError(f"{path} is not an ordinary file; name a video file.")
        with Path(path).open("rb") as file:
            start = file.read(16)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError(f"{path} does not exist; check the name of the clip.") from error
    except PermissionError as error:
        raise InputError(f"{path} may not be read by you; change its permissions or copy it to your folder.") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read ({error}); copy the clip to another place and try again.") from error
    if not start:
        raise InputError(f"{path} is empty; record or copy the clip again.")
    return start


def _why_not_opened(path: str, start: bytes) -> str:
    if start[4:8] == b"ftyp":
        return f"{path} is a video whose end is missing, so it cannot be opened; record or copy the clip again."
    return f"{path} is not a video that can be read here; name an MP4, MOV, MKV, WebM or AVI file."
