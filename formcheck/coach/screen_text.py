"""What the screen says, as text: which of the things that are true is shown, and in which words. No drawing."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple, Protocol

from formcheck.coach.model import Progress
from formcheck.engine.status import Phase, Status
from formcheck.report.words import clock, sentence

Tone = Literal["correction", "praise", "camera", "message", "quiet"]

_PHASES: dict[Phase, str] = {
    "unknown": "screen_not_seen",
    "waiting": "screen_get_ready",
    "rest": "screen_ready",
    "moving": "screen_moving",
    "top": "screen_top",
    "hold": "screen_hold",
    "paused": "screen_clock_stands",
}
_ENDS = {"cat": "screen_cat", "cow": "screen_cow"}
_PLAIN_SECONDS = 100.0  # from here on a clock is read more easily in minutes


class Words(Protocol):
    """What the screen needs of a language."""

    def phrase(self, key: str, /, **numbers: object) -> str:
        """The text of this key, with its numbers in it."""
        ...

    def advice(self, name: str, /) -> str:
        """What to do about a view problem, one sentence."""
        ...


class Said(NamedTuple):
    """One line of the screen and how it is meant."""

    tone: Tone
    text: str


class Figure(NamedTuple):
    """The big figure and what it is out of ("" for nothing)."""

    big: str
    of: str


def figure(progress: Progress) -> Figure:
    """Count or clock of the set, and what the dose asks for."""
    if not progress.timed:
        return Figure(str(progress.count), f"/ {progress.count_of}" if progress.count_of else "")
    of_s = progress.clock_of_s
    if max(of_s, progress.clock_s) < _PLAIN_SECONDS:
        return Figure(str(whole_seconds(progress.clock_s)), f"/ {of_s:g} s" if of_s else "s")
    return Figure(clock(progress.clock_s), f"/ {clock(of_s)}" if of_s else "")


def phase(progress: Progress, status: Status | None, words: Words) -> str:
    """What is going on, short: the phase, and beside it the side or the seconds of this top."""
    if progress.stage == "paused":
        return words.phrase("screen_paused")
    if status is None:
        return words.phrase("screen_get_ready" if progress.stage == "set_up" else "screen_not_seen")
    parts = [_phase(status, words)]
    if progress.side is not None:
        parts.append(words.phrase(f"screen_{progress.side}"))
    if not progress.timed and progress.clock_s >= 1 and status.phase == "top":
        of = f" / {progress.clock_of_s:g}" if progress.clock_of_s else ""
        parts.append(f"{whole_seconds(progress.clock_s)}{of} s")
    if progress.timed and progress.count_of > 1:
        parts.append(f"{progress.count} / {progress.count_of}")
    return " · ".join(parts)


def _phase(status: Status, words: Words) -> str:
    if status.phase == "top" and status.end is not None:
        # Somebody's own exercise may name its ends as it likes: no language file knows them.
        return words.phrase(_ENDS[status.end]) if status.end in _ENDS else sentence(status.end)
    return words.phrase(_PHASES[status.phase])


def step_of(progress: Progress, words: Words) -> str:
    """Which exercise of the routine this is; "" outside of routines."""
    if progress.steps < 2:
        return ""
    return words.phrase("screen_step", step=progress.step, steps=progress.steps)


def strip(progress: Progress, words: Words) -> Said:
    """The one thing at the foot of the screen: the correction before all else, the keys when there is nothing."""
    if progress.cue and progress.stage == "exercise":
        return Said("correction", sentence(progress.cue).rstrip("."))
    if progress.praise and progress.stage == "exercise":
        return Said("praise", words.phrase("screen_praise"))
    if progress.notice:
        return Said("message", progress.notice)
    if progress.advice:
        return Said("camera", progress.advice[0])
    if progress.message:
        return Said("message", progress.message)
    return Said("quiet", words.phrase("screen_keys_paused" if progress.stage == "paused" else "screen_keys"))


def caption(progress: Progress, shown: Said) -> Said | None:
    """What else is to be told, smaller, on the picture: what the foot of the screen had no room for."""
    if progress.notice and progress.notice != shown.text:
        return Said("message", progress.notice)
    if progress.advice and progress.advice[0] != shown.text:
        return Said("camera", progress.advice[0])
    if progress.message and progress.message != shown.text:
        return Said("message", progress.message)
    return None


def whole_seconds(seconds: float) -> int:
    """Seconds gone by, whole ones; 29.9999 is thirty, unknown is none."""
    return max(0, math.floor(seconds + 1e-3)) if math.isfinite(seconds) else 0


def seconds_left(seconds: float) -> int:
    """Seconds to go, counted like people do: the last one is 1, and 0 is the end; unknown is none."""
    return max(0, math.ceil(seconds - 1e-3)) if math.isfinite(seconds) else 0
