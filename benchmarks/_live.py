"""What `benchmarks.live` measures with: a paced film, a screen, a display that looks at its watch, sums of figures."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import numpy as np

from benchmarks import _xvfb
from formcheck.coach.model import Key
from formcheck.coach.window import Display, Image
from formcheck.pose.landmarks import Pose
from formcheck.video.frame import Frame

SCREEN = 1600, 1000
SETTLING = 3  # samples of memory at first, while caches fill and the first sets begin and end


def resampled(film: Iterable[tuple[float, Image]], fps: float) -> Iterator[tuple[float, Image]]:
    """The film at another rate, pictures between two of its own mixed from both.

    Args:
        film: Times in seconds, rising, and pictures.
        fps: Pictures a second of what comes out; its times begin at 0 with the film's first picture.
    """
    number, first_s = 0, 0.0
    before: tuple[float, Image] | None = None
    for now in film:
        if before is None:
            before, first_s = now, now[0]
        while (at_s := first_s + number / fps) <= now[0] + 1e-9:
            yield number / fps, _mixed(before, now, at_s)
            number += 1
        before = now


def _mixed(before: tuple[float, Image], after: tuple[float, Image], at_s: float) -> Image:
    gap_s = after[0] - before[0]
    share = 1.0 if gap_s <= 0 else (at_s - before[0]) / gap_s
    if share > 1 - 1e-6:
        return after[1]
    mixed = before[1] * np.float32(1 - share) + after[1] * np.float32(share)
    return np.asarray(np.rint(mixed), np.uint8)


def make_film(clip: Path, out: Path, fps: float) -> None:
    """Write the clip anew as H.264 at this rate, with true times."""
    from formcheck.video.source import VideoFile  # noqa: PLC0415 - slow
    from formcheck.video.writer import VideoWriter  # noqa: PLC0415 - slow

    with VideoFile(clip) as source:
        size = (source.info.width, source.info.height)
        with VideoWriter(out, size, fps) as film:
            for time_s, image in resampled(((frame.time_s, frame.image) for frame in source), fps):
                film.write(image, time_s)


@contextmanager
def screen() -> Iterator[tuple[str, dict[str, str]]]:
    """Where a window can be shown: what it is ("" for nowhere), and the environment for the process that shows it."""
    kept = dict(os.environ)
    if not sys.platform.startswith("linux") or kept.get("DISPLAY") or kept.get("WAYLAND_DISPLAY"):
        yield "a window on this screen", kept
        return
    if not all(map(shutil.which, _xvfb.PROGRAMS)):
        yield "", kept
        return
    with _xvfb.virtual_display(*SCREEN) as name:
        yield "a window under Xvfb", kept | {"DISPLAY": name}


class Watched:
    """A display that notes when its pictures were really painted, and presses q when it is told to.

    A window's toolkit paints within `key`, not within `show`: a picture is on the screen when the next `key` is done.

    Args:
        display: The real one.
        age_s: Seconds since the picture under way was captured.
        tick: Called with each `key`; returns whether q is to be pressed.

    Attributes:
        painted_s: Of each picture shown: from its capture until it was painted.
        keys_s: Of each picture shown: seconds spent in `key` since the one before.
    """

    def __init__(self, display: Display, age_s: Callable[[], float], tick: Callable[[], bool]) -> None:
        self._display, self._age_s, self._tick = display, age_s, tick
        self.painted_s: list[float] = []
        self.keys_s: list[float] = []
        self._captured_s = math.nan
        self._in_keys_s = 0.0
        self._pressed = False

    @property
    def seen(self) -> bool:
        """See `Display`."""
        return self._display.seen

    @property
    def size(self) -> tuple[int, int]:
        """See `Display`."""
        return self._display.size

    @property
    def closed(self) -> bool:
        """See `Display`."""
        return self._display.closed

    def show(self, image: Image) -> None:
        """See `Display`."""
        self._captured_s = time.monotonic() - self._age_s()
        self._display.show(image)
        self.keys_s.append(self._in_keys_s)
        self._in_keys_s = 0.0

    def key(self) -> Key | None:
        """See `Display`."""
        begun_s = time.monotonic()
        key = self._display.key()
        now_s = time.monotonic()
        self._in_keys_s += now_s - begun_s
        if not math.isnan(self._captured_s):
            self.painted_s.append(now_s - self._captured_s)
            self._captured_s = math.nan
        # Each press is followed by none: whoever asks for all keys must come to an end.
        self._pressed = self._tick() and not self._pressed
        return "quit" if self._pressed else key


@contextmanager
def timed_poses() -> Iterator[list[float]]:
    """Seconds that each estimation of a pose took, while the block lasts."""
    from formcheck.pose.finder import PoseFinder  # noqa: PLC0415 - slow

    took_s: list[float] = []
    find = PoseFinder.find

    def timed(finder: PoseFinder, frame: Frame) -> Pose:
        begun_s = time.monotonic()
        pose = find(finder, frame)
        took_s.append(time.monotonic() - begun_s)
        return pose

    with mock.patch.object(PoseFinder, "find", timed):
        yield took_s


def spread_ms(seconds: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile and highest in ms; NaN of nothing."""
    known = [1000 * one for one in seconds if not math.isnan(one)]
    if not known:
        return dict.fromkeys(("p50", "p95", "max"), math.nan)
    p50, p95 = (float(one) for one in np.percentile(known, (50, 95)))
    return {"p50": p50, "p95": p95, "max": max(known)}


def growth_mb_a_minute(samples: Sequence[tuple[float, float]]) -> float:
    """How fast memory grows once it has settled: the slope of the line through the later samples.

    Args:
        samples: Minutes and MB, in order.

    Returns:
        MB a minute, NaN where fewer than two samples are left.
    """
    late = samples[SETTLING:]
    if len(late) < 2:
        return math.nan
    minutes, megabytes = np.array(late, float).T
    return float(np.polyfit(minutes, megabytes, 1)[0])


def resident_mb() -> float:
    """Resident memory of this process in MB; NaN where the system does not tell."""
    statm = Path("/proc/self/statm")
    if statm.is_file():
        return int(statm.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    ps = shutil.which("ps")
    if ps is None:
        return math.nan
    done = subprocess.run([ps, "-o", "rss=", "-p", str(os.getpid())], capture_output=True, text=True, check=True)
    return int(done.stdout) * 1024 / 1e6
