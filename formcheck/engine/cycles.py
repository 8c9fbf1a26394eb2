"""Cycles: from neutral to one end, to the other, and back, such as cat and cow. Pure; time comes from the readings.

The person's own neutral is learned while the start position is held still, and followed at rest. Two ends of opposite
kind make a cycle, whichever comes first; it is over when the body is back in neutral or passes it on the way to the
next one. An end that is followed by a long rest, or by its like, is half a cycle. Little swaying is none at all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from formcheck.engine.faults import all_hold
from formcheck.engine.moving import (
    AT_REST_SHARE,
    BACK_DWELL_S,
    CREEP_S,
    DWELL_S,
    FLAT_S,
    LOST_S,
    MAX_STEP_S,
    WAY_STEPS,
    Finished,
    Sums,
    flat_from,
    gain_of,
    gathered,
    mean_of,
    seconds_since,
    towards,
)
from formcheck.exercises.declaration import Cycle

ANY_START_S = 3.0  # held still for this long, a position is the person's neutral though it looks unlike one
FOLLOW_S = 1.0  # time constant with which neutral is followed at rest
PLACE_S = 0.3  # time constant with which hands and knees are followed at rest: they are moved in a moment
PASSING_S = 0.8  # near neutral for less than this on the way to the next cycle: one ends where the other begins
RESETTLE_S = 3.0  # what looks like neutral and is held for longer than this is the person's neutral from now on


@dataclass(frozen=True, slots=True)
class End:
    """One end of a cycle. Depths are over neutral in the end's own direction, so at least 0.

    Attributes:
        sign: +1 for the high end, -1 for the low one.
        peak: The greatest depth so far.
        way: (depth, time) whenever the depth had grown by a step: the way there.
        leave_s: When the depth was last near its peak.
        level: The peak around which `sums` were gathered.
        sums: Measure by name: sum and number over the frames at the end.
    """

    sign: float
    peak: float
    way: tuple[tuple[float, float], ...]
    leave_s: float
    level: float = -math.inf
    sums: Sums = field(default_factory=dict)

    def near(self, cycle: Cycle) -> float:
        """How far under the peak the end begins and ceases."""
        return max(cycle.settled, 0.1 * self.peak)

    def top_s(self, cycle: Cycle) -> float:
        """When the end was reached: the first time that the depth was near what became its peak."""
        return next((time_s for depth, time_s in self.way if depth >= self.peak - self.near(cycle)), self.leave_s)

    def mean(self, measure: str) -> float:
        """A measure's average over the frames at the end, NaN when it was never known there."""
        return mean_of(self.sums, measure)


@dataclass(frozen=True, slots=True)
class Round:
    """The cycle under way.

    Attributes:
        start_s: When the movement began.
        seen_s: When the curve was last known.
        ends: The ends so far, one or two of opposite signs.
        stray: The greatest depth on the other side since the last end, though too little to be an end.
        in_line: Whether it is at an end now, far enough out.
        line_s: Seconds spent there, at the present end.
        turned_s: Since when the curve has been far enough out to be another end, NaN while it is not.
        near_s: When it came back near neutral, NaN while it is not near.
        low: The least distance from neutral since then.
        low_s: When that was.
        flat: The curve that has hardly changed, and since when.
        paused_s: When it last did not move, still near neutral on the way to the first end; NaN if it never did.
    """

    start_s: float
    seen_s: float
    ends: tuple[End, ...]
    stray: float = 0.0
    in_line: bool = False
    line_s: float = 0.0
    turned_s: float = math.nan
    near_s: float = math.nan
    low: float = math.inf
    low_s: float = math.nan
    flat: tuple[float, float] = (math.nan, math.nan)
    paused_s: float = math.nan


@dataclass(frozen=True, slots=True)
class CycleState:
    """Where the movement is.

    Attributes:
        neutral: The person's neutral level of the curve, NaN before it is known.
        still: Before neutral is known: (time, curve, whether it looks like neutral) of the last seconds.
        baselines: The person's own values at rest, by measure.
        rest_s: Seconds spent at rest since the posture was taken up.
        settled_s: When the movement was last settled in neutral.
        flat: The curve that has hardly changed, and since when.
        time_s: The last frame's time.
        left_s: Since when the curve has been off neutral by more than `leave`, NaN while it is not.
        course: The cycle under way, None at rest.
    """

    neutral: float = math.nan
    still: tuple[tuple[float, float, bool], ...] = ()
    baselines: dict[str, float] = field(default_factory=dict)
    rest_s: float = 0.0
    settled_s: float = math.nan
    flat: tuple[float, float] = (math.nan, math.nan)
    time_s: float = math.nan
    left_s: float = math.nan
    course: Round | None = None


def step_cycle(
    state: CycleState,
    cycle: Cycle,
    measures: tuple[str, ...],
    start_hold_s: float,
    time_s: float,
    values: dict[str, float],
) -> tuple[CycleState, Finished | None]:
    """One frame further, the posture being right.

    Args:
        state: The state before the frame.
        cycle: What a cycle is.
        measures: The measures whose rest values are to be known, beside those of the cycle itself.
        start_hold_s: The start position must be held still for this long before neutral is known.
        time_s: The frame's time.
        values: Measure by name, the ones over baseline included.

    Returns:
        The new state, and the cycle (or half a cycle) that ended with this frame.
    """
    curve = values.get(cycle.curve, math.nan)
    if math.isnan(curve):
        return _unseen(state, cycle, time_s)
    seconds = seconds_since(state.time_s, time_s)
    state = replace(state, time_s=time_s)
    if math.isnan(state.neutral):
        known = dict.fromkeys((*measures, *cycle.places, *(name for name, _ in cycle.stance)))
        state = replace(
            state,
            baselines={
                name: towards(
                    state.baselines.get(name, math.nan), values.get(name, math.nan), gain_of(seconds, PLACE_S)
                )
                for name in known
            },
        )
        return _before_start(state, cycle, start_hold_s, curve, values), None
    if _elsewhere(state, cycle, curve, values):
        return _stand_anew(state, curve, values), None
    if state.course is None:
        return _at_rest(state, cycle, seconds, curve, values), None
    return _on_the_way(state, cycle, seconds, curve, values)


def lose_cycle(state: CycleState, cycle: Cycle) -> Finished | None:
    """The cycle that is under way when nothing more can be known of it."""
    course = state.course
    if course is None:
        return None
    if len(course.ends) == 2 and not math.isnan(course.near_s):
        return _finish(state, course, cycle, course.low_s, complete=True)
    return _finish(state, course, cycle, course.seen_s, complete=False)


def _unseen(state: CycleState, cycle: Cycle, time_s: float) -> tuple[CycleState, Finished | None]:
    course = state.course
    if course is not None and time_s - course.seen_s > LOST_S:
        return CycleState(), lose_cycle(state, cycle)
    return state, None


# --- at rest ---------------------------------------------------------------------------------


def _before_start(
    state: CycleState, cycle: Cycle, start_hold_s: float, curve: float, values: dict[str, float]
) -> CycleState:
    """Wait until the start position has been held still: its mean is the person's neutral."""
    time_s = state.time_s
    looks_so = all_hold(cycle.start, values, already=bool(state.still and state.still[-1][2])) is True
    seen = (*(one for one in state.still if time_s - one[0] <= ANY_START_S + MAX_STEP_S), (time_s, curve, looks_so))
    still = _still_part(seen, 2 * cycle.settled)
    odd_s = max((one[0] for one in still if not one[2]), default=-math.inf)
    like_neutral = [one[0] for one in still if one[0] > odd_s]
    rest_s = time_s - like_neutral[0] if like_neutral else 0.0
    state = replace(state, still=seen, rest_s=rest_s)
    if rest_s < start_hold_s and time_s - still[0][0] < ANY_START_S:
        return state
    held = [one[1] for one in still if time_s - one[0] <= start_hold_s]
    neutral, rest_s = sum(held) / len(held), max(rest_s, start_hold_s)
    return replace(state, neutral=neutral, still=(), rest_s=rest_s, settled_s=time_s, flat=(curve, time_s))


def _still_part(seen: tuple[tuple[float, float, bool], ...], most: float) -> tuple[tuple[float, float, bool], ...]:
    """The last part of it without a gap in which the curve stays within a window of this width."""
    low = high = seen[-1][1]
    first = len(seen) - 1
    for i in range(len(seen) - 1, -1, -1):
        time_s, curve, _ = seen[i]
        low, high = min(low, curve), max(high, curve)
        if high - low > most or seen[first][0] - time_s > MAX_STEP_S:
            break
        first = i
    return seen[first:]


def _elsewhere(state: CycleState, cycle: Cycle, curve: float, values: dict[str, float]) -> bool:
    """Whether hands or knees have been put elsewhere, with no end of a cycle reached since."""
    course = state.course
    small = 2 * cycle.leave
    if abs(curve - state.neutral) > small or (course and (len(course.ends) > 1 or course.ends[0].peak > small)):
        return False
    return any(
        abs(values.get(name, math.nan) - state.baselines.get(name, math.nan)) > most for name, most in cycle.stance
    )


def _stand_anew(state: CycleState, curve: float, values: dict[str, float]) -> CycleState:
    known = {name: towards(old, values.get(name, math.nan), 1.0) for name, old in state.baselines.items()}
    now = state.time_s
    return replace(
        state, neutral=curve, baselines=known, settled_s=now, flat=(curve, now), left_s=math.nan, course=None
    )


def _at_rest(state: CycleState, cycle: Cycle, seconds: float, curve: float, values: dict[str, float]) -> CycleState:
    time_s, over = state.time_s, curve - state.neutral
    still = AT_REST_SHARE * cycle.settled
    flat = flat_from(state.flat, curve, still, time_s)
    state = replace(state, flat=flat)
    if abs(over) > cycle.leave:
        since = time_s if math.isnan(state.left_s) else state.left_s
        if time_s - since < DWELL_S:
            return replace(state, left_s=since)
        start_s = state.settled_s if not math.isnan(state.settled_s) else since
        return replace(state, course=_depart(start_s, time_s, cycle, over, values), left_s=math.nan)
    settled = abs(over) <= cycle.settled
    gain = gain_of(seconds, FOLLOW_S if settled else CREEP_S)
    place = gain_of(seconds, PLACE_S) if settled else gain
    moved = {
        name: towards(old, values.get(name, math.nan), place if name in cycle.places else gain)
        for name, old in state.baselines.items()
    }
    return replace(
        state,
        neutral=state.neutral + gain * over,
        baselines=moved,
        rest_s=state.rest_s + seconds,
        settled_s=time_s if abs(over) <= still or time_s - flat[1] >= FLAT_S else state.settled_s,
        left_s=math.nan,
    )


# --- on the way ------------------------------------------------------------------------------


def _depart(start_s: float, time_s: float, cycle: Cycle, over: float, values: dict[str, float]) -> Round:
    return Round(start_s, time_s, (_new_end(time_s, cycle, over, values),), flat=(over, time_s))


def _new_end(time_s: float, cycle: Cycle, over: float, values: dict[str, float]) -> End:
    end = End(math.copysign(1.0, over), abs(over), ((abs(over), time_s),), time_s)
    return _gather(end, cycle, values)


def _on_the_way(
    state: CycleState, cycle: Cycle, seconds: float, curve: float, values: dict[str, float]
) -> tuple[CycleState, Finished | None]:
    course = state.course
    assert course is not None
    time_s, over = state.time_s, curve - state.neutral
    in_line = over >= cycle.full[0] or over <= cycle.full[1]
    course = replace(
        course,
        seen_s=time_s,
        in_line=in_line,
        line_s=course.line_s + (seconds if in_line and course.in_line else 0.0),
        flat=flat_from(course.flat, over, cycle.settled, time_s),
    )
    end = course.ends[-1]
    depth = end.sign * over
    if depth > cycle.back and math.isnan(course.near_s):
        return _at_end(state, cycle, course, depth, values)
    course = replace(course, stray=max(course.stray, -depth))
    if abs(over) > cycle.leave and (depth < 0 or time_s - course.near_s > BACK_DWELL_S):
        return _turn(state, cycle, course, over, values)
    if depth > cycle.leave:
        # Hardly back, and out again: still the same end.
        return replace(state, course=replace(course, near_s=math.nan, low=math.inf)), None
    return _near_neutral(state, cycle, replace(course, turned_s=math.nan), abs(over))


def _at_end(
    state: CycleState, cycle: Cycle, course: Round, depth: float, values: dict[str, float]
) -> tuple[CycleState, Finished | None]:
    end = course.ends[-1]
    longer = depth >= end.way[-1][0] + max(end.peak, depth) / WAY_STEPS
    end = replace(end, peak=max(end.peak, depth), way=(*end.way, (depth, state.time_s)) if longer else end.way)
    if depth >= end.peak - end.near(cycle):
        end = _gather(replace(end, leave_s=state.time_s), cycle, values)
    course = replace(course, ends=(*course.ends[:-1], end), turned_s=math.nan)
    if len(course.ends) == 1 and end.peak <= 2 * cycle.leave and state.time_s - course.flat[1] >= FLAT_S:
        course = replace(course, paused_s=state.time_s)
    if state.time_s - course.flat[1] > RESETTLE_S and all_hold(cycle.start, values, already=False) is True:
        return _back(state, course, cycle, course.flat[1])
    return replace(state, course=course), None


def _turn(
    state: CycleState, cycle: Cycle, course: Round, over: float, values: dict[str, float]
) -> tuple[CycleState, Finished | None]:
    """Out of neutral again, after an end: to the other end, or into the next cycle."""
    time_s = state.time_s
    since = time_s if math.isnan(course.turned_s) else course.turned_s
    if time_s - since < DWELL_S:
        return replace(state, course=replace(course, turned_s=since)), None
    if len(course.ends) == 1 and over * course.ends[0].sign < 0:
        course = replace(course, ends=(*course.ends, _new_end(time_s, cycle, over, values)), stray=0.0, line_s=0.0)
        return replace(state, course=replace(course, turned_s=math.nan, near_s=math.nan, low=math.inf)), None
    near_s = since if math.isnan(course.near_s) else course.near_s
    if since - near_s < PASSING_S:
        end_s = start_s = (near_s + since) / 2
    else:
        end_s, start_s = course.low_s, max(course.low_s, state.settled_s)
    finished = _finish(state, course, cycle, end_s, complete=True)
    return replace(state, course=_depart(start_s, time_s, cycle, over, values)), finished


def _near_neutral(
    state: CycleState, cycle: Cycle, course: Round, distance: float
) -> tuple[CycleState, Finished | None]:
    time_s = state.time_s
    if math.isnan(course.near_s):
        return replace(state, course=replace(course, near_s=time_s, low=distance, low_s=time_s)), None
    if distance < course.low - 0.1 * cycle.settled:
        return replace(state, course=replace(course, low=distance, low_s=time_s)), None
    state = replace(state, settled_s=time_s if distance <= cycle.settled else state.settled_s)
    # Half a cycle may still become a whole one.
    if time_s - course.low_s < (BACK_DWELL_S if len(course.ends) == 2 else cycle.pause_s):
        return replace(state, course=course), None
    return _back(state, course, cycle, course.low_s)


def _back(state: CycleState, course: Round, cycle: Cycle, end_s: float) -> tuple[CycleState, Finished | None]:
    finished = _finish(state, course, cycle, end_s, complete=True)
    rested = replace(state, course=None, settled_s=state.time_s)
    over = course.flat[0]
    if state.time_s - course.flat[1] > RESETTLE_S:
        rested = replace(rested, neutral=state.neutral + over)
    return rested, finished


def _gather(end: End, cycle: Cycle, values: dict[str, float]) -> End:
    """Add this frame's measures to the averages at the end; a clearly greater depth begins them anew."""
    anew = end.peak > end.level + end.near(cycle)
    sums = gathered({} if anew else end.sums, cycle.shown, values)
    return replace(end, sums=sums, level=end.peak if anew else end.level)


def _finish(state: CycleState, course: Round, cycle: Cycle, end_s: float, complete: bool) -> Finished | None:
    if sum(end.peak for end in course.ends) < cycle.least:
        return None
    first, last = course.ends[0], course.ends[-1]
    ends = {1.0: cycle.high, -1.0: cycle.low}
    reached = {ends[end.sign]: end for end in course.ends}
    numbers = {
        f"{name}_{measure}": reached[name].mean(measure) if name in reached else math.nan
        for measure in cycle.shown
        for name in ends.values()
    }
    numbers |= {f"{name}_{cycle.main}": sign * course.stray for sign, name in ends.items() if name not in reached}
    numbers |= {f"start_{name}": abs(state.baselines.get(name, math.nan)) for name in cycle.places}
    # Settled a little off neutral, and only then on the way: the movement began there.
    paused = first.peak > 2 * cycle.leave and not math.isnan(course.paused_s)
    start_s = course.paused_s if paused else course.start_s
    numbers["cycle_s"] = end_s - start_s if len(course.ends) == 2 else math.nan
    return Finished(start_s, first.top_s(cycle), end_s, last.leave_s, numbers, complete)
