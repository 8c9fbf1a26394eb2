"""How much of a step's dose is done: added up from what the engine hands out, never counted anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from formcheck.coach.model import Step
from formcheck.engine.engine import Event
from formcheck.engine.records import COUNTED, Hold, Repetition
from formcheck.engine.status import Phase, Status
from formcheck.pose.landmarks import Side

HOLDING: frozenset[Phase] = frozenset(("hold", "paused"))
UNDER_WAY: frozenset[Phase] = frozenset(("moving", "top", "hold", "paused"))


@dataclass(frozen=True, slots=True)
class Tally:
    """What has been done in one set.

    Attributes:
        counted: Repetitions that count, good and faulty.
        attempts: Those that do not.
        holds: Holds that are over.
        held: Their seconds in form by side, None where sides are not held apart.
        shown: The most seconds that each side's clock has shown. Only when a hold is over is it known when leaving it
            began, up to a second before the clock stopped: a dose that was shown as done stays done.
        side: The side held now or last.
    """

    counted: int = 0
    attempts: int = 0
    holds: int = 0
    held: Mapping[Side | None, float] = field(default_factory=dict)
    shown: Mapping[Side | None, float] = field(default_factory=dict)
    side: Side | None = None

    def added(self, events: Iterable[Event]) -> Tally:
        """The tally with what became final."""
        tally = self
        for event in events:
            match event:
                case Repetition(outcome=outcome) if outcome in COUNTED:
                    tally = replace(tally, counted=tally.counted + 1)
                case Repetition(outcome="attempt"):
                    tally = replace(tally, attempts=tally.attempts + 1)
                case Hold():
                    held_s = tally.held.get(event.side, 0.0) + event.in_form_s
                    tally = replace(tally, holds=tally.holds + 1, held={**tally.held, event.side: held_s})
                    tally = tally._showing(event.side, held_s)
        return tally

    def watched(self, step: Step, status: Status) -> Tally:
        """The tally with the hold that is under way."""
        if step.exercise.holding is None or status.phase not in HOLDING:
            return self
        side = status.side if step.exercise.holding.sides else None
        return replace(self, side=side)._showing(side, self.held.get(side, 0.0) + status.clock_s)

    def _showing(self, side: Side | None, seconds: float) -> Tally:
        return replace(self, shown={**self.shown, side: max(seconds, self.shown.get(side, 0.0))})


@dataclass(frozen=True, slots=True)
class Amount:
    """A dose and what is done of it; the figures are those of `formcheck.coach.model.Progress`.

    Attributes:
        count: Counted repetitions; in an exercise of holds the sides that have their dose.
        count_of: How many are asked for.
        clock_s: Seconds in form at the present top; in an exercise of holds those of this side in the whole set.
        clock_of_s: How many are asked for.
        enough: The count, or the seconds of this side, with which the set is over.
        done: 0-1, share of the lower bound.
        complete: Whether the lower bound is reached: the dose is done.
        full: Whether there is nothing left to do: the set is over.
    """

    count: int = 0
    count_of: int = 0
    clock_s: float = 0.0
    clock_of_s: float = 0.0
    enough: float = 0.0
    done: float = 0.0
    complete: bool = False
    full: bool = False


def amount(step: Step, tally: Tally, status: Status | None = None) -> Amount:
    """How much of a step is done.

    The lower bound completes a dose, as it gives the full score; the upper one ends the set. Both are judged on the sum
    of all holds of the set, as the score is: whoever must come down after 20 seconds has 10 to go and not 30.

    Args:
        step: What is asked for.
        tally: What has been done.
        status: What is going on, None where nobody is watched.
    """
    if step.exercise.holding is None:
        return _repetitions(step, tally, status)
    return _holds(step, tally, status)


def endless(step: Step) -> bool:
    """Whether a step has no dose, as postures: it goes on for as long as one likes."""
    return not (step.dose.repetitions[1] or step.dose.hold_s[1])


def switching(step: Step, tally: Tally) -> bool:
    """Whether it is time to change sides: one has its dose or has been tried, and another is still missing."""
    sides = _sides(step)
    if len(sides) < 2 or not tally.holds:
        return False
    low = step.dose.hold_s[0]
    done = [tally.shown.get(side, 0.0) >= low for side in sides]
    return not all(done) and (any(done) or any(side not in tally.shown for side in sides))


def _sides(step: Step) -> tuple[Side | None, ...]:
    holding = step.exercise.holding
    return tuple(sorted(holding.sides)) if holding is not None and holding.sides else (None,)


def _repetitions(step: Step, tally: Tally, status: Status | None) -> Amount:
    low, high = step.dose.repetitions
    return Amount(
        count=tally.counted,
        count_of=high if tally.counted > low else low,
        clock_s=status.clock_s if status is not None and status.phase == "top" else 0.0,
        clock_of_s=step.dose.hold_s[0],
        enough=high,
        done=min(1.0, tally.counted / low),
        complete=tally.counted >= low,
        full=tally.counted >= high,
    )


def _holds(step: Step, tally: Tally, status: Status | None) -> Amount:
    sides, side = _sides(step), tally.side
    now_s = tally.shown.get(side, 0.0)
    if endless(step):
        return Amount(clock_s=now_s)
    low, high = step.dose.hold_s
    held = {one: tally.shown.get(one, 0.0) for one in sides}
    complete = all(seconds >= low for seconds in held.values())
    # Sides are to be equal: the second one has enough when it has what the first one got.
    others_s = min((seconds for one, seconds in held.items() if one != side), default=high)
    enough_s = min(high, max(low, others_s)) if others_s >= low else high
    holding = status is not None and status.phase in HOLDING
    if not holding and now_s >= low and not complete:
        now_s = 0.0  # what comes next is the other side
    return Amount(
        count=sum(seconds >= low for seconds in held.values()),
        count_of=len(sides),
        clock_s=now_s,
        clock_of_s=enough_s if now_s > low else low,
        enough=enough_s,
        done=sum(min(1.0, seconds / low) for seconds in held.values()) / len(sides),
        complete=complete,
        full=complete and held.get(side, 0.0) >= enough_s,
    )
