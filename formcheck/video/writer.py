"""Writing a video that every browser plays: H.264 in an MP4, with true times."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from formcheck.errors import OutputError
from formcheck.files import make_folder, output_error, temporary_beside
from formcheck.video.handover import Handover

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

_SUFFIXES = {".mp4", ".m4v"}
_WAITING_FRAMES = 8


class VideoWriter:
    """Encodes pictures in a thread of its own into a file that appears, whole, when the `with` block ends.

    If the block ends by an exception nothing is left behind, except for Ctrl-C: then what was written so far is
    finished and kept.

    Args:
        path: The file to make; its name must end in .mp4 or .m4v. Missing folders are made.
        size: Width and height of the pictures. H.264 needs even numbers: odd ones grow by repeating the last row
            or column.
        fps: The usual frame rate, only a hint to the encoder: each picture keeps its own time.
    """

    def __init__(self, path: str | os.PathLike[str], size: tuple[int, int], fps: float = 30.0) -> None:
        self._path = os.fspath(path)
        self._size = size
        self._fps = fps
        self._first_s: float | None = None
        self._last_tick = -1
        self._error: BaseException | None = None
        self._handover: Handover[VideoFrame] = Handover(_WAITING_FRAMES)

    def __enter__(self) -> Self:
        """Start the file.

        Raises:
            OutputError: It cannot be made there.
        """
        from formcheck.video import encoder  # noqa: PLC0415 - slow

        self._encoder_module = encoder
        self._target = _checked_target(self._path)
        self._temporary = temporary_beside(self._target)
        try:
            self._encoder = encoder.Encoder(self._temporary, self._size, self._fps)
        except OSError as error:
            self._remove_temporary()
            raise output_error(self._path, error) from error
        self._thread = threading.Thread(target=self._encode, name="formcheck-video-writer", daemon=True)
        self._thread.start()
        return self

    def write(self, image: NDArray[np.uint8], time_s: float) -> None:
        """Add a picture; it is copied, so that the caller may draw on it again.

        Args:
            image: (height, width, 3) uint8, BGR, of the size given at the start.
            time_s: Its time in seconds; the first one becomes 0. It should rise from picture to picture; one that
                does not is put one 90,000th of a second after the one before.

        Raises:
            OutputError: The disk is full, or writing failed otherwise.
            ValueError: The picture has another size.
        """
        width, height = self._size
        if image.shape != (height, width, 3):
            raise ValueError(f"the picture is {image.shape}, but the video is {(height, width, 3)}")
        if self._first_s is None:
            self._first_s = time_s
        tick = round((time_s - self._first_s) * self._encoder_module.TICKS_PER_S)
        self._last_tick = max(self._last_tick + 1, tick)
        if not self._handover.put(self._encoder_module.frame_of(image, self._last_tick)):
            raise self._failure()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the file, or remove it if the block failed.

        Raises:
            OutputError: It cannot be finished, or no picture was written.
        """
        if kind is not None and not issubclass(kind, KeyboardInterrupt):
            self._discard()
            return
        try:
            self._finish(interrupted=kind is not None)
        except BaseException:
            self._discard()
            raise

    def _finish(self, interrupted: bool) -> None:
        self._handover.finish()
        self._thread.join()
        if self._error is not None:
            raise self._failure()
        if self._first_s is None:
            self._discard()
            if not interrupted:
                raise OutputError(f"{self._path} was not written: there was no picture to put in it.")
            return
        try:
            self._temporary.replace(self._target)
        except OSError as error:
            raise output_error(self._path, error) from error

    def _discard(self) -> None:
        self._handover.abandon()
        self._thread.join()
        self._remove_temporary()

    def _remove_temporary(self) -> None:
        with contextlib.suppress(OSError):
            self._temporary.unlink()

    def _failure(self) -> BaseException:
        """Return what the thread ended by, as the caller shall see it."""
        error = self._error
        if not isinstance(error, OSError):
            return error or RuntimeError("the video was already finished")
        failure = output_error(self._path, error)
        failure.__cause__ = error
        return failure

    def _encode(self) -> None:
        """Encode what comes until the end; runs in the thread."""
        try:
            self._encoder.encode(self._handover)
        except BaseException as error:  # noqa: BLE001 - it is raised again by the thread that writes
            self._error = error
        finally:
            self._handover.abandon()


def _checked_target(path: str) -> Path:
    """Return where the file will be, links followed, its folder made.

    Raises:
        OutputError: No video can be put there.
    """
    if Path(path).suffix.lower() not in _SUFFIXES:
        raise OutputError(f"{path} cannot be a video of this kind; give it a name that ends in .mp4.")
    target = Path(os.path.realpath(path))
    make_folder(target.parent)
    try:
        if target.is_dir():
            raise OutputError(f"{path} is a folder; name a file in it that ends in .mp4.")
        if target.exists() and not target.is_file():
            raise OutputError(f"{path} is not an ordinary file; name one that ends in .mp4.")
    except OSError as error:
        raise output_error(path, error) from error
    return target
