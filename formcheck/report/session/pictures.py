"""Key pictures of a report, taken from the annotated video: only where somebody asked for that video."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formcheck.errors import InputError
from formcheck.exercises.declaration import HELD
from formcheck.report.result import AnalysisResult
from formcheck.report.trace import Trace
from formcheck.report.words import words

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH = 560  # pixels: sharp enough in a strip of three, some 30 kB
QUALITY = 82
MOST = 6  # pictures of one exercise
EMBED_MOST = 3_000_000  # bytes of a video that may stand in the page: a third more as text, under the page's 6 MB


@dataclass(frozen=True, slots=True)
class Wish:
    """A moment worth a picture: what it shows, in words, and when."""

    kind: str
    caption: str
    time_s: float


@dataclass(frozen=True, slots=True)
class KeyPicture:
    """A picture with its caption; `data` is a JPEG's data URI."""

    kind: str
    caption: str
    time_s: float
    data: str


def wishes(result: AnalysisResult, trace: Trace | None, most: int = MOST) -> list[Wish]:
    """The best repetition's top or the middle of the longest hold of each side, and the worst moment of each fault."""
    found = [*_best(result), *_worst(result, trace)]
    return sorted(found[:most], key=lambda wish: wish.time_s)


def key_pictures(video: Path, wanted: Sequence[Wish], first_s: float = 0.0) -> list[KeyPicture]:
    """Take pictures from a video.

    Args:
        video: The annotated video.
        wanted: In the order of their times.
        first_s: The time at which the video begins, by the clock of the wishes.

    Returns:
        Those that could be read.
    """
    found = []
    for wish in wanted:
        image = _picture(video, max(0.0, wish.time_s - first_s))
        if image is not None:
            found.append(KeyPicture(wish.kind, wish.caption, wish.time_s, jpeg_uri(image)))
    return found


def jpeg_uri(image: NDArray[Any]) -> str:
    """A picture (H, W, 3) BGR as a small JPEG in a data URI."""
    import cv2  # noqa: PLC0415 - slow

    height, width = image.shape[:2]
    if width > WIDTH:
        image = cv2.resize(image, (WIDTH, round(height * WIDTH / width)), interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return "data:image/jpeg;base64," + base64.b64encode(data.tobytes()).decode("ascii")


def video_uri(video: Path) -> str | None:
    """A video as a data URI; None where it is too large for a page."""
    if video.stat().st_size > EMBED_MOST:
        return None
    return "data:video/mp4;base64," + base64.b64encode(video.read_bytes()).decode("ascii")


def _best(result: AnalysisResult) -> Iterator[Wish]:
    counted = [rep for rep in result.reps if rep.outcome in ("good", "faulty")]
    if counted:
        best = max(counted, key=lambda rep: (rep.outcome == "good", rep.score))
        yield Wish("best", f"Best repetition: number {best.index}, {best.score:.0f} points", best.top_s + 0.3)
    for side in dict.fromkeys(hold.side for hold in result.holds):
        hold = max((hold for hold in result.holds if hold.side == side), key=lambda hold: hold.in_form_s)
        told = f"Held, {side} side" if side else "Held"
        yield Wish("best", f"{told}: {hold.in_form_s:.0f} s in form", _clean_moment(result, hold.start_s, hold.end_s))


def _clean_moment(result: AnalysisResult, start_s: float, end_s: float) -> float:
    """The middle of the longest part of a hold in which no fault was seen."""
    edges, at = [], start_s
    for span in sorted(result.faults, key=lambda span: span.start_s):
        if span.end_s > start_s and span.start_s < end_s:
            edges.append((at, span.start_s))
            at = max(at, span.end_s)
    start, end = max([*edges, (at, end_s)], key=lambda part: part[1] - part[0])
    return (start + end) / 2


def _worst(result: AnalysisResult, trace: Trace | None) -> Iterator[Wish]:
    by_name = {span.name: span for span in sorted(result.faults, key=lambda span: span.end_s - span.start_s)}
    whole = {fault.name for fault in trace.exercise.faults if fault.at_end} if trace is not None else set()
    for name in dict.fromkeys(span.name for span in result.faults if span.name not in whole):
        span = by_name[name]
        middle = (span.start_s + span.end_s) / 2
        traced = trace is not None and _shows(trace, name)
        at = trace.nearest(span.worst, span.start_s, span.end_s) if trace is not None and traced else middle
        yield Wish("fault", words(name), at if math.isfinite(at) else middle)


def _shows(trace: Trace, fault: str) -> bool:
    """Whether a fault is one of the measure that is traced."""
    return any(one.name == fault and one.measure in (HELD, *trace.values) for one in trace.exercise.faults)


def _picture(video: Path, time_s: float) -> NDArray[Any] | None:
    """The last picture up to a time, decoded from the one before it that stands alone."""
    import av  # noqa: PLC0415 - slow

    found = None
    try:
        with av.open(str(video)) as container:
            stream = container.streams.video[0]
            assert stream.time_base is not None
            container.seek(round(time_s / stream.time_base), stream=stream)
            for frame in container.decode(stream):
                if frame.time is not None and frame.time > time_s + 1e-3 and found is not None:
                    break
                found = frame
    except (av.error.FFmpegError, OSError) as error:
        raise InputError(f"{video} cannot be read again for the report's pictures: analyse the clip again.") from error
    return None if found is None else found.to_ndarray(format="bgr24")
