"""Which exercise is being done: every exercise's own rules look on, and what they counted decides.

An exercise's start position and movement are its recogniser. Each judge counts nothing while something else is done,
so most of the time only one has anything to say; where two have, the one with clearly more evidence is believed, and
where neither has clearly more, nobody is: it is unknown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from formcheck import exercises
from formcheck.engine.engine import Event
from formcheck.engine.records import FaultSpan, Hold, Reminder, Repetition, ViewProblem
from formcheck.engine.status import Status
from formcheck.exercises.declaration import Exercise
from formcheck.judge import Judge
from formcheck.measure.reading import Reading
from formcheck.pose.landmarks import Pose

AUTO = "auto"
CLEARLY = 2.0  # times the evidence of the other that makes one believed
ATTEMPT_SHARE = 0.25  # of a counted repetition's evidence, for one that did not count
POSTURE_LEAST_S = 5.0  # sitting down for a moment between two exercises is no exercise
PAUSE_S = 15.0  # a pause of up to this length within an exercise belongs to it
UNKNOWN_LEAST_S = 3.0  # a shorter stretch without any exercise is getting from one to the next
LASTING_S = 5.0  # the exercise shown stays for this long after it was last active

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Performance:
    """What one exercise's judge counted, and when the exercise was done."""

    exercise: Exercise
    events: tuple[Event, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Recognition:
    """The exercises of a clip in the order of their beginnings, and the stretches of none that is known."""

    performances: tuple[Performance, ...]
    unknown: tuple[Span, ...]


class Recogniser:
    """Judges all exercises at once; steps like `formcheck.judge.Judge`.

    Attributes:
        reading: The last pose's measures, as the exercise shown reads them.
        seen: Whether the person has been seen well enough to be judged at least once.
    """

    def __init__(self) -> None:
        self.judges = tuple(Judge(exercises.get(name)) for name in exercises.names())
        self._events: dict[str, list[Event]] = {judge.exercise.name: [] for judge in self.judges}
        self._shown: Judge | None = None
        self._active_s = -math.inf

    def step(self, pose: Pose) -> tuple[Event, ...]:
        """What became final with this pose, of whatever exercise."""
        news: tuple[Event, ...] = ()
        for judge in self.judges:
            events = judge.step(pose)
            self._events[judge.exercise.name] += events
            news += events
        self._show(pose.time_s)
        return news

    def finish(self) -> tuple[Event, ...]:
        """What is still open at the end, of whatever exercise."""
        news: tuple[Event, ...] = ()
        for judge in self.judges:
            events = judge.finish()
            self._events[judge.exercise.name] += events
            news += events
        return news

    def recognition(self, duration_s: float) -> Recognition:
        """The exercises that were done; call it after `finish`."""
        return recognise(self.heard, duration_s)

    @property
    def heard(self) -> list[tuple[Exercise, list[Event]]]:
        """What each exercise's judge has said so far."""
        return [(judge.exercise, self._events[judge.exercise.name]) for judge in self.judges]

    @property
    def exercise(self) -> Exercise | None:
        """The exercise that is being done as far as it can be told now, None while it cannot."""
        return None if self._shown is None else self._shown.exercise

    @property
    def reading(self) -> Reading:
        """The last pose's measures, as the exercise shown reads them."""
        return (self._shown or self.judges[0]).reading

    @property
    def seen(self) -> bool:
        """Whether the person has been seen well enough to be judged at least once."""
        return any(judge.seen for judge in self.judges)

    @property
    def status(self) -> Status:
        """The state of the exercise shown after the last pose."""
        return (self._shown or self.judges[0]).status

    def _show(self, time_s: float) -> None:
        active = [judge for judge in self.judges if judge.active]
        if self._shown in active or (not active and time_s - self._active_s <= LASTING_S):
            self._active_s = time_s if active else self._active_s
            return
        self._shown = active[0] if len(active) == 1 else None
        self._active_s = time_s if self._shown else self._active_s


def recognise(heard: Sequence[tuple[Exercise, Sequence[Event]]], duration_s: float) -> Recognition:
    """Decide which exercises were done.

    Args:
        heard: What each exercise's judge said of the whole clip.
        duration_s: The clip's length in seconds.
    """
    items = [(exercise, event) for exercise, said in heard for event in said if _evidence(exercise, event) > 0]
    kept = [item for item in items if not any(_beaten(item, other, items) for other in items)]
    performances = []
    for exercise, said in heard:
        own = [event for e, event in kept if e is exercise]
        if sum(_evidence(exercise, event) for event in own) >= 1.0:
            spans = _stretches(_span(event) for event in own)
            performances.append(Performance(exercise, _belonging(own, said, spans), spans))
    performances.sort(key=lambda performance: performance.spans[0])
    done = _stretches((span for p in performances for span in p.spans), pause_s=UNKNOWN_LEAST_S)
    return Recognition(tuple(performances), _between(done, duration_s))


def _evidence(exercise: Exercise, event: Event) -> float:
    """How much an event speaks for its exercise: 1 for a repetition or a second held."""
    if isinstance(event, Repetition):
        weight = {"good": 1.0, "faulty": 1.0, "attempt": ATTEMPT_SHARE, "unfinished": 0.0}[event.outcome]
        return weight * max(1.0, event.end_s - event.start_s)
    if isinstance(event, Hold):
        length = event.end_s - event.start_s
        return length if exercise.reminders is None or length >= POSTURE_LEAST_S else 0.0
    return 0.0


def _beaten(
    item: tuple[Exercise, Event], other: tuple[Exercise, Event], items: Sequence[tuple[Exercise, Event]]
) -> bool:
    """Whether another exercise was done at that time, or may have been: then this one is not believed."""
    if item[0] is other[0] or not _overlap(_span(item[1]), _span(other[1])):
        return False
    ours = sum(_evidence(e, event) for e, event in items if e is item[0] and _overlap(_span(event), _span(other[1])))
    theirs = sum(_evidence(e, event) for e, event in items if e is other[0] and _overlap(_span(event), _span(item[1])))
    return ours < CLEARLY * theirs


def _overlap(a: Span, b: Span) -> bool:
    """Whether two spans share more than a fifth of the shorter one."""
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return shared > 0.2 * min(a[1] - a[0], b[1] - b[0])


def _span(event: Event) -> Span:
    if isinstance(event, Reminder):
        return event.time_s, event.time_s
    return event.start_s, event.end_s


def _belonging(own: Sequence[Event], said: Iterable[Event], spans: Sequence[Span]) -> tuple[Event, ...]:
    """The believed events with the faults, reminders and view problems of the same stretches."""
    beside = (
        event
        for event in said
        if isinstance(event, FaultSpan | Reminder | ViewProblem)
        and any(min(_span(event)[1], end) >= max(_span(event)[0], start) - 1.0 for start, end in spans)
    )
    unfinished = (event for event in said if isinstance(event, Repetition) and event.outcome == "unfinished")
    near = (e for e in unfinished if any(start - PAUSE_S <= e.start_s <= end + PAUSE_S for start, end in spans))
    return (*own, *near, *beside)


def _stretches(spans: Iterable[Span], pause_s: float = PAUSE_S) -> tuple[Span, ...]:
    """Spans joined over pauses."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start - joined[-1][1] <= pause_s:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _between(spans: Sequence[Span], duration_s: float) -> tuple[Span, ...]:
    """The gaps before, between and after spans."""
    edges = [0.0, *(edge for span in spans for edge in span), duration_s]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return tuple((start, end) for start, end in gaps if end - start >= UNKNOWN_LEAST_S)
