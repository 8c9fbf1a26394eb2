"""The report of a session: what was seen is collected while it runs, and the page is written when it is over."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.coach.model import Step
from formcheck.engine.engine import Event
from formcheck.engine.records import COUNTED
from formcheck.errors import FormcheckError
from formcheck.exercises.declaration import Exercise
from formcheck.judge import Judge
from formcheck.pose.landmarks import Pose, Side
from formcheck.report.gathered import gathered
from formcheck.report.result import AnalysisResult, Source
from formcheck.report.trace import Trace
from formcheck.report.words import clock, sentence, words

if TYPE_CHECKING:
    from formcheck.report.session.write import About, Part


@dataclass(slots=True)
class _Set:
    """One set as it was seen; `exercise` asks for the dose of the set."""

    exercise: Exercise
    video: Path | None
    trace: Trace
    events: list[Event] = field(default_factory=list)
    sides: Counter[Side] = field(default_factory=Counter)
    frames: int = 0
    found: int = 0
    first_s: float = 0.0
    last_s: float = 0.0
    size: tuple[int, int] = (0, 0)


class Reporter:
    """Collects one session. It keeps numbers alone; pictures come from the videos, if there are any.

    Args:
        folder: Where the page goes; None collects and writes nothing.
        routine: Its name.
        started_at: When the session began, aware.
    """

    def __init__(self, folder: Path | None, routine: str, started_at: datetime) -> None:
        self._folder, self._routine, self._started_at = folder, routine, started_at
        self._sets: list[_Set] = []
        self._now: _Set | None = None
        self._pain_s: list[float] = []

    def begin_set(self, step: Step, video: Path | None) -> None:
        """Begin a set, which is recorded to a video or not."""
        if self._folder is not None:
            exercise = dataclasses.replace(step.exercise, dose=step.dose)
            self._now = _Set(exercise, video, Trace(exercise))
            self._sets.append(self._now)

    def watch(self, pose: Pose, judge: Judge) -> None:
        """One frame of the set under way, which the judge has seen."""
        now = self._now
        if now is None:
            return
        if not now.frames:
            now.first_s, now.size = pose.time_s, pose.size
        now.trace.add(pose.time_s, judge)
        now.frames += 1
        now.last_s = pose.time_s
        if pose.found:
            now.found += 1
            if judge.reading.side is not None:
                now.sides[judge.reading.side] += 1

    def add(self, events: Iterable[Event]) -> None:
        """What became final in the set under way."""
        if self._now is not None:
            self._now.events += events

    def end_set(self) -> None:
        """End the set under way."""
        self._now = None

    def pain(self, at_s: float) -> None:
        """It hurt."""
        self._pain_s.append(at_s)

    def write(self, tell: Callable[[str], None]) -> Path | None:
        """Write the page if there was a set; where that fails, it is told and nothing else.

        Returns:
            The file, None where there is none.
        """
        done = [one for one in self._sets if one.frames]
        if self._folder is None or not done:
            return None
        from formcheck.report.session.write import Part, write_report  # noqa: PLC0415 - not needed before

        parts = [Part(one.exercise, result_of(one), one.trace, _kept(one.video), one.first_s) for one in done]
        name = f"session-{self._started_at.astimezone():%Y%m%d-%H%M%S}.html"
        try:
            path = write_report(self._folder, self._about(parts), parts, name=name)
        except FormcheckError as error:
            tell(f"{error} There is no report of this session.")
            return None
        tell(f"The report of this session: {path}")
        return path

    def _about(self, parts: list[Part]) -> About:
        from formcheck.report.session.write import About  # noqa: PLC0415 - not needed before

        when = self._started_at.astimezone()
        length_s = sum(part.result.source.duration_s - part.first_s for part in parts)
        facts = [("Begun", f"{when:%d %B %Y, %H:%M}"), ("Time in sets", clock(length_s))]
        facts += [("It hurt", f"at {clock(at_s)}") for at_s in self._pain_s]
        if len(parts) == 1:
            facts.insert(1, ("Asked", parts[0].result.dose))
        heading = parts[0].exercise.title if len(parts) == 1 else sentence(words(self._routine))
        verdict = sentence(_verdict(parts).removeprefix(f"{heading}: "))
        return About(heading, f"{heading}, {when:%Y-%m-%d %H:%M}", verdict, tuple(facts))


def result_of(one: _Set) -> AnalysisResult:
    """The result of one set, as of a clip."""
    watched_s = one.last_s - one.first_s
    source = Source("", one.last_s, one.frames, *one.size, one.frames / max(watched_s, 1e-3))
    found = one.found / one.frames
    return gathered(one.exercise, one.events, source, sides=one.sides, pose_found=found, watched_s=watched_s)


def _verdict(parts: list[Part]) -> str:
    """The session in one sentence."""
    if len(parts) == 1:
        return parts[0].result.summary
    reps = [rep for part in parts for rep in part.result.reps if rep.outcome in COUNTED]
    good = sum(rep.outcome == "good" for rep in reps)
    held_s = sum(part.result.in_form_s for part in parts)
    counted = [f"{len(reps)} repetitions counted, {good} of them good"] if reps else []
    held = [f"{held_s:.0f} s held in form"] if held_s else []
    return f"{len(parts)} sets: {'; '.join([*counted, *held]) or 'nothing was counted'}."


def _kept(video: Path | None) -> Path | None:
    return video if video is not None and video.is_file() else None
