"""Sources: video files and folders of images, read as frames with true times."""

from __future__ import annotations

import contextlib
import math
import os
import re
import weakref
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from numpy.typing import NDArray

from formcheck.errors import InputError
from formcheck.video.clock import FrameClock
from formcheck.video.cuts import CutDetector
from formcheck.video.frame import Frame
from formcheck.video.handover import read_ahead
from formcheck.video.picture import delivered_size, fitted
from formcheck.video.stretches import WHOLE, WHOLE_S, Stretch, plan

if TYPE_CHECKING:
    from formcheck.video.decoder import Decoder

IMAGE_SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff"}

_USUAL_FPS = 25.0  # for a stream that has neither time stamps nor a frame rate
# Exercises are slow: seven real clips of 24 to 30 pictures a second are judged alike with every second one left out
# (`benchmarks.accuracy PATH --stride 2`), so twice as many leave a margin. No footage of 50 or 60 was there to measure.
ENOUGH_FPS = 24.0

Stride = int | Literal["auto"]


@dataclass(frozen=True, slots=True)
class ClipInfo:
    """What is known about a clip before it is read.

    Attributes:
        path: As it was given.
        width: Of the frames as delivered, in pixels: upright, with square pixels, at most 1920 on the longer side.
            A pose estimator looks at 224 to 256 pixels, so nothing is lost by that, and the memory and time that a
            phone's 4K or 8K clip takes stay bounded.
        height: Likewise.
        duration_s: How long the clip lasts by what the container says, in seconds; None if it does not say.
        frames_expected: How many frames the container says there are; None if it does not say.
        fps: The average frame rate, for display only: times come from the frames. None if unknown.
    """

    path: str
    width: int
    height: int
    duration_s: float | None
    frames_expected: int | None
    fps: float | None


class Source(ABC):
    """Frames of one clip, in order. Use it in a `with` statement, and iterate over it; again, if wanted.

    A thread decodes a few frames ahead, so that decoding costs no time of its own beside pose estimation. Leaving the
    loop early, by whatever way, ends the thread. Memory does not grow with the length of the clip.

    Attributes:
        info: What is known about the clip.
        damaged: Whether a part of the clip could not be read; complete once the iteration has ended.
        warning: None, or one sentence for the user about that part; likewise.
        still: Whether it is a single photo.
        stretches: The parts that may be worked on at once.
        stride: One frame of so many is given.
    """

    info: ClipInfo
    still = False
    stretches: tuple[Stretch, ...] = WHOLE
    stride: int = 1

    def __init__(self, ahead: int) -> None:
        self._ahead = ahead
        self._runs: weakref.WeakSet[Generator[Frame, None, None]] = weakref.WeakSet()
        self.warning: str | None = None

    @property
    def damaged(self) -> bool:
        """Whether a part of the clip could not be read."""
        return self.warning is not None

    @abstractmethod
    def _pictures(self) -> Iterator[tuple[NDArray[np.uint8], float]]:
        """Yield (H, W, 3) uint8 BGR pictures of about any size with their times in seconds."""

    def __iter__(self) -> Iterator[Frame]:
        run = self._frames()
        if self._ahead > 0:
            run = read_ahead(run, self._ahead)
        self._runs.add(run)
        return run

    def _frames(self) -> Generator[Frame, None, None]:
        cuts = CutDetector()
        size = (self.info.width, self.info.height)
        for index, (picture, time_s) in enumerate(self._pictures()):
            # Some clips change size on the way, as when a phone is turned; all who measure in pixels rely on one size.
            image = fitted(picture, size)
            yield Frame(image, time_s, index, new_shot=cuts.is_cut(image, time_s))

    def close(self) -> None:
        """End every iteration under way and let go of the file."""
        for run in list(self._runs):
            run.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class VideoFile(Source):
    """Frames of a video file: whatever the decoder knows, upright, with the container's own times.

    Attributes:
        lossy: Whether something could not be read or decoded up to the frame last read.

    Args:
        path: The file.
        ahead: How many frames a thread may decode in advance; 0 decodes in the calling thread.
        from_s: Where to begin: frames before that time are left out, and their times stay as they are. Above 0 only
            for a file that has several `stretches`.
        stride: Give one frame of so many; "auto" leaves out what is more than `ENOUGH_FPS` a second.

    Raises:
        InputError: It is missing, a folder, no video, without pictures, or too damaged to give a single one. A clip
            that is damaged further on gives its frames up to there, or around it, and sets `warning`.
    """

    def __init__(
        self, path: str | os.PathLike[str], ahead: int = 4, *, from_s: float = 0.0, stride: Stride = 1
    ) -> None:
        super().__init__(ahead)
        self._path = os.fspath(path)
        self._from_s = from_s
        self.lossy = False
        # Already open at the first frame, as only a decoded frame knows which way is up; the first pass takes it over.
        self._opened: Decoder | None = _open(self._path)
        self.info = _info_of(self._path, self._opened)
        self.stride = stride_of(stride, self.info.fps)
        if self.info.duration_s is not None and self.info.duration_s >= WHOLE_S:
            self.stretches = plan(_even_length_s(self._path, self._opened))

    def _pictures(self) -> Iterator[tuple[NDArray[np.uint8], float]]:
        decoder, self._opened = self._opened or _open(self._path), None
        self.warning = None
        clock = FrameClock(1 / (self.info.fps or _USUAL_FPS))
        slots = _Slots((self.info.fps or _USUAL_FPS) / self.stride)
        time_s, count = 0.0, 0
        if self._from_s > 0:
            clock.time_of(decoder.origin)
        try:
            for picture, stamp in decoder.pictures(self._from_s):
                time_s = clock.time_of(stamp)
                count += 1
                self.lossy = decoder.damaged
                if self.stride == 1 or slots.begins_one(time_s):
                    yield decoder.image_of(picture), time_s
            self.lossy = decoder.damaged
            if self._from_s <= 0:
                self.warning = self.missing(time_s, count, lossy=self.lossy)
        finally:
            decoder.close()

    def missing(self, last_s: float, count: int, *, lossy: bool) -> str | None:
        """Say what is missing of the clip, None if nothing is.

        Args:
            last_s: The time of the last frame that could be read.
            count: How many frames there were, those left out on purpose included.
            lossy: Whether something before that could not be read or decoded.
        """
        expected_s, expected = self.info.duration_s, self.info.frames_expected
        if expected is not None and self.info.fps:
            # An AVI's length is guessed from what is left of it; its count of frames is still the whole one's.
            expected_s = max(expected_s or 0.0, expected / self.info.fps)
        # Some containers end without a word where their file was cut off, so their stated length is asked as well;
        # not if every frame came, as the last one may well be shown for long.
        complete = expected is not None and count >= expected
        if expected_s is not None and not complete and last_s < expected_s - max(1.0, 0.05 * expected_s):
            return (
                f"{self._path} is damaged: its pictures end at {last_s:.1f} of {expected_s:.1f} s, "
                "so record or copy the clip again if the rest matters."
            )
        if lossy:
            return f"{self._path} is damaged in places, so a few of its pictures were left out."
        return None

    def close(self) -> None:
        """End every iteration under way and let go of the file."""
        super().close()
        if self._opened is not None:
            self._opened.close()
            self._opened = None


class ImageFolder(Source):
    """Frames from the pictures of a folder in natural order (2 before 10), or from one picture.

    A picture that cannot be read is left out, its time stays empty, and `warning` says so.

    Args:
        path: A folder that holds PNG, JPEG, BMP, WebP or TIFF pictures, or one such picture.
        fps: Pictures per second, for their times.
        ahead: How many frames a thread may read in advance; 0 reads in the calling thread.

    Raises:
        InputError: There is no such folder, no picture in it, none that can be read, or fps is not above 0.
    """

    def __init__(self, path: str | os.PathLike[str], fps: float = 10.0, ahead: int = 4) -> None:
        super().__init__(ahead)
        self._path = os.fspath(path)
        if not 0 < fps <= 1000:
            raise InputError(f"{fps} pictures per second is not possible; give a number above 0 and up to 1000.")
        self._fps = fps
        self._files = _pictures_at(self._path)
        self.still = len(self._files) == 1
        first = next((image for image in map(_read_image, self._files) if image is not None), None)
        if first is None:
            raise InputError(f"{self._path} holds no picture that can be read; save it as PNG or JPEG again.")
        count = len(self._files)
        self.info = ClipInfo(self._path, first.shape[1], first.shape[0], count / fps, count, fps)

    def _pictures(self) -> Iterator[tuple[NDArray[np.uint8], float]]:
        self.warning = None
        left_out = 0
        # A clip starts at 0 s even if its first picture is broken.
        start: int | None = None
        for number, file in enumerate(self._files):
            image = _read_image(file)
            if image is None:
                left_out += 1
                self.warning = (
                    f"{self._path}: {left_out} of {len(self._files)} pictures cannot be read and were left out."
                )
                continue
            start = number if start is None else start
            yield image, (number - start) / self._fps


class _Slots:
    """Cuts time into slots and picks the first frame of each; where reading began makes no difference to later ones."""

    def __init__(self, per_s: float) -> None:
        self._per_s = per_s
        self._last = -1

    def begins_one(self, time_s: float) -> bool:
        slot = math.floor(time_s * self._per_s + 0.01)  # a frame's time is rounded to the container's ticks
        new, self._last = slot != self._last, slot
        return new


def stride_of(stride: Stride, fps: float | None) -> int:
    """One frame of how many is looked at in a clip of so many a second."""
    if stride == "auto":
        return max(1, int((fps or 0.0) // ENOUGH_FPS))
    return stride


def open_source(path: str | os.PathLike[str], fps: float = 10.0, ahead: int = 4, *, stride: Stride = 1) -> Source:
    """Open a video file, a folder of pictures, or a single picture as a clip of one frame.

    Args:
        path: The file or folder.
        fps: Pictures per second of a folder; a video brings its own times.
        ahead: How many frames a thread may decode in advance; 0 decodes in the calling thread.
        stride: Of a video, give one frame of so many, see `VideoFile`.

    Raises:
        InputError: Nothing there can be read as frames.
    """
    place = Path(path)
    with contextlib.suppress(OSError):  # VideoFile says what is wrong
        if place.is_dir() or (place.is_file() and place.suffix.lower() in IMAGE_SUFFIXES):
            return ImageFolder(path, fps, ahead)
    return VideoFile(path, ahead, stride=stride)


def _open(path: str) -> Decoder:
    from formcheck.video.decoder import Decoder  # noqa: PLC0415 - slow

    return Decoder(path)


def _even_length_s(path: str, decoder: Decoder) -> float | None:
    from formcheck.video.decoder import even_length_s  # noqa: PLC0415 - slow

    return even_length_s(path, decoder.origin)


def _info_of(path: str, decoder: Decoder) -> ClipInfo:
    stream = decoder.stream
    height, width = decoder.image_of(decoder.first).shape[:2]
    rate = stream.average_rate or stream.guessed_rate
    fps = float(rate) if rate else None
    return ClipInfo(path, width, height, decoder.duration_s(), stream.frames or None, fps)


def _pictures_at(path: str) -> list[Path]:
    place = Path(path)
    try:
        files = [place] if place.is_file() else [file for file in place.iterdir() if _is_picture(file)]
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError(f"{path} does not exist; check the name of the folder.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); change its permissions or copy it.") from error
    if not files:
        raise InputError(f"{path} is a folder without pictures; name a video file, or a folder of PNG or JPEG files.")
    return sorted(files, key=lambda file: _natural(file.name))


def _is_picture(file: Path) -> bool:
    # Files that start with a dot are a system's own, such as the "._" twins on memory cards.
    return file.suffix.lower() in IMAGE_SUFFIXES and not file.name.startswith(".") and file.is_file()


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a sort key that counts digits as numbers."""
    parts = re.findall(r"\d+|\D+", name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def _read_image(file: Path) -> NDArray[np.uint8] | None:
    """Return a picture as (H, W, 3) uint8, BGR, upright by its EXIF note, at most 1920 wide or high, or None."""
    import cv2  # noqa: PLC0415 - slow

    try:
        # Reading the bytes ourselves: OpenCV cannot open every name on Windows and complains aloud elsewhere.
        image = cv2.imdecode(np.fromfile(file, np.uint8), cv2.IMREAD_COLOR)
    except (OSError, cv2.error):
        return None
    if image is None:
        return None
    rows, columns = image.shape[:2]
    return fitted(np.asarray(image, np.uint8), delivered_size(columns, rows))
