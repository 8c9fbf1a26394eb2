"""Repetitions: away from the rest position, to a top, and back. Pure; time comes from the readings.

The person's rest level is followed while at rest: at once when the measure falls (whoever lies down is only
now at rest), slowly when it rises. Everything is measured over that level, so it is the person's own.
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
from formcheck.exercises.declaration import Movement

FALL_S = 0.15  # time constant with which the rest level follows downwards
RISE_S = 1.0  # and upwards, while it stays within `settled`
SETTLED_S = 0.2  # at rest for less than this, nobody has come to rest yet
RESTED_S = 0.6  # at rest for this long before it, a movement has surely begun there
CUT_BACK_SHARE = 0.4  # under this share of its height when the shot ends, it was on the last stretch back


@dataclass(frozen=True, slots=True)
class Course:
    """The repetition under way. All lifts are over the rest level.

    Attributes:
        start_s: When the movement began.
        seen_s: When the lift was last known.
        lift: What it was then.
        peak: Highest lift so far.
        way: (lift, time) whenever the lift had grown by a step: the way up.
        leave_s: When the lift was last near its peak.
        line_s: Seconds spent in the line.
        in_line: Whether it is there now.
        near_s: When it came near rest, NaN while it is not near.
        rest_s: Seconds near rest, in absolute terms, since then.
        low: The lowest lift since then.
        low_s: When that was.
        level: The peak around which `sums` were gathered.
        sums: Measure by name: sum and number over the frames at the top.
    """

    start_s: float
    seen_s: float
    lift: float
    peak: float
    way: tuple[tuple[float, float], ...]
    leave_s: float
    line_s: float = 0.0
    in_line: bool = False
    near_s: float = math.nan
    rest_s: float = 0.0
    low: float = math.nan
    low_s: float = math.nan
    level: float = -math.inf
    sums: Sums = field(default_factory=dict)

    def near(self, movement: Movement) -> float:
        """How far under the peak the top begins and ends."""
        return max(movement.settled, 0.06 * self.peak)

    def top_s(self, movement: Movement) -> float:
        """When the top was reached: the first time that the lift was near what became its peak."""
        return next((time_s for lift, time_s in self.way if lift >= self.peak - self.near(movement)), self.leave_s)

    def numbers(self, end_s: float, movement: Movement) -> dict[str, float]:
        """The repetition's own numbers: averages at the top, tempo, time in the line.

        `rising_s` and `lowering_s` are those of the whole movement: what is measured ends a little under the
        peak, and the part left out of a smooth movement (x = 3 w^2 - 2 w^3) is added.
        """
        left_out = math.sqrt(min(1.0, self.near(movement) / self.peak) / 3.0)
        top_s = self.top_s(movement)
        return {name: mean_of(self.sums, name) for name in movement.shown} | {
            "rising_s": (top_s - self.start_s) / (1.0 - left_out),
            "top_held_s": max(0.0, self.leave_s - top_s),
            "lowering_s": (end_s - self.leave_s) / (1.0 - left_out),
            "in_line_s": self.line_s,
        }


@dataclass(frozen=True, slots=True)
class RepState:
    """Where the movement is.

    Attributes:
        rest: The person's rest level of the lift, NaN before it is known.
        baselines: The person's own values at rest, by measure.
        rest_s: Seconds spent at rest since the posture was taken up.
        settled_s: When the movement was last settled at rest.
        flat: The lift that has hardly changed, and since when.
        time_s: The last frame's time.
        left_s: Since when the lift has been over `leave`, NaN while it is not.
        course: The repetition under way, None at rest.
        elsewhere: Whether something else was seen being done just before, so that this may begin on the move.
    """

    rest: float = math.nan
    baselines: dict[str, float] = field(default_factory=dict)
    rest_s: float = 0.0
    settled_s: float = math.nan
    flat: tuple[float, float] = (math.nan, math.nan)
    time_s: float = math.nan
    left_s: float = math.nan
    course: Course | None = None
    elsewhere: bool = False


def step_movement(
    state: RepState, movement: Movement, measures: tuple[str, ...], time_s: float, values: dict[str, float]
) -> tuple[RepState, Finished | None]:
    """One frame further, the posture being right.

    Args:
        state: The state before the frame.
        movement: What a repetition is.
        measures: The measures whose rest values are to be known.
        time_s: The frame's time.
        values: Measure by name, the ones over baseline included.

    Returns:
        The new state, and the movement that ended with this frame.
    """
    lift = values.get(movement.lift, math.nan)
    if math.isnan(lift):
        return _unseen(state, movement, time_s)
    seconds = seconds_since(state.time_s, time_s)
    state = replace(state, time_s=time_s)
    if state.course is None:
        return _at_rest(state, movement, measures, seconds, lift, values), None
    return _on_the_way(state, movement, seconds, lift, values)


def lose_movement(state: RepState, movement: Movement) -> Finished | None:
    """The repetition that is under way when nothing more can be known of it."""
    course = state.course
    if course is None or course.peak < movement.least:
        return None
    if not math.isnan(course.near_s) and course.low <= movement.settled:
        return _finish(course, movement, course.low_s, complete=True)
    lost = _finish(course, movement, course.seen_s, complete=course.lift <= CUT_BACK_SHARE * course.peak)
    return replace(lost, numbers=lost.numbers | {"lowering_s": math.nan}) if _is_one(movement, lost) else None


def rest_seconds(state: RepState) -> float:
    """Seconds at rest so far, those at the end of a repetition that is not over yet included."""
    return state.rest_s + (state.course.rest_s if state.course is not None else 0.0)


def _unseen(state: RepState, movement: Movement, time_s: float) -> tuple[RepState, Finished | None]:
    course = state.course
    if course is not None and time_s - course.seen_s > LOST_S:
        return RepState(), lose_movement(state, movement)
    return state, None


def _at_rest(
    state: RepState,
    movement: Movement,
    measures: tuple[str, ...],
    seconds: float,
    lift: float,
    values: dict[str, float],
) -> RepState:
    time_s = state.time_s
    if math.isnan(state.rest):
        known = {name: values.get(name, math.nan) for name in measures}
        return replace(state, rest=lift, baselines=known, settled_s=time_s, flat=(lift, time_s))
    over, still = lift - state.rest, AT_REST_SHARE * movement.settled
    flat = flat_from(state.flat, lift, still, time_s)
    state = replace(state, flat=flat)
    if over > movement.leave:
        since = time_s if math.isnan(state.left_s) else state.left_s
        if state.elsewhere and state.rest_s < SETTLED_S:
            # Taken for rest on the move, such as hips that are just being lowered: rest is where that ends.
            known = {name: values.get(name, math.nan) for name in measures}
            return replace(state, rest=lift, baselines=known, rest_s=0.0, settled_s=time_s, flat=flat, left_s=math.nan)
        if time_s - since >= DWELL_S:
            return replace(state, course=_depart(state, movement, lift, values), left_s=math.nan)
        return replace(state, left_s=since)
    # Over `settled` it may be the beginning of a movement, which must not take the rest level with it.
    follow_s = FALL_S if over < 0 else RISE_S if over <= movement.settled else CREEP_S
    gain = gain_of(seconds, follow_s)
    moved = {name: towards(old, values.get(name, math.nan), gain) for name, old in state.baselines.items()}
    return replace(
        state,
        rest=state.rest + gain * over,
        baselines=moved,
        rest_s=state.rest_s + (seconds if over <= movement.back else 0.0),
        settled_s=time_s if over <= still or time_s - flat[1] >= FLAT_S else state.settled_s,
        left_s=math.nan,
    )


def _depart(state: RepState, movement: Movement, lift: float, values: dict[str, float]) -> Course:
    over = lift - state.rest
    start = state.settled_s if not math.isnan(state.settled_s) else state.time_s
    course = Course(start, state.time_s, over, over, ((over, state.time_s),), state.time_s)
    return _gather(course, movement, values)


def _on_the_way(
    state: RepState, movement: Movement, seconds: float, lift: float, values: dict[str, float]
) -> tuple[RepState, Finished | None]:
    course = state.course
    assert course is not None
    time_s, over = state.time_s, lift - state.rest
    in_line = all_hold(movement.line, values, course.in_line) is True
    course = replace(
        course,
        seen_s=time_s,
        lift=over,
        peak=max(course.peak, over),
        way=(*course.way, (over, time_s)) if over >= course.way[-1][0] + course.peak / WAY_STEPS else course.way,
        in_line=in_line,
        line_s=course.line_s + (seconds if in_line and course.in_line else 0.0),
    )
    if over >= course.peak - course.near(movement):
        course = _gather(replace(course, leave_s=time_s), movement, values)
    if over > max(movement.back, movement.back_share * course.peak):
        return replace(state, course=replace(course, near_s=math.nan, rest_s=0.0)), None
    if math.isnan(course.near_s):
        return replace(state, course=replace(course, near_s=time_s, low=over, low_s=time_s)), None
    course = replace(course, rest_s=course.rest_s + (seconds if over <= movement.back else 0.0))
    if over < course.low - 0.1 * movement.settled:
        return replace(state, course=replace(course, low=over, low_s=time_s)), None
    if time_s - course.low_s < BACK_DWELL_S:
        return replace(state, course=course), None
    rested = replace(
        state,
        course=None,
        settled_s=time_s,
        rest_s=state.rest_s + course.rest_s,
        # Whoever does not go all the way back rests a little higher from now on.
        rest=state.rest + max(0.0, course.low),
    )
    if course.peak < movement.least:
        return rested, None
    # First seen on the move and ending far below that, it began in mid-air: the start position was not seen.
    begun_at_rest = course.low > -movement.leave or state.rest_s >= RESTED_S
    finished = _finish(course, movement, course.low_s, complete=begun_at_rest)
    return rested, finished if _is_one(movement, finished) else None


def _is_one(movement: Movement, finished: Finished) -> bool:
    return all_hold(movement.only_if, finished.numbers, already=False) is not False


def _gather(course: Course, movement: Movement, values: dict[str, float]) -> Course:
    """Add this frame's measures to the averages at the top; a clearly higher peak begins them anew."""
    anew = course.peak > course.level + course.near(movement)
    sums = gathered({} if anew else course.sums, movement.shown, values)
    return replace(course, sums=sums, level=course.peak if anew else course.level)


def _finish(course: Course, movement: Movement, end_s: float, complete: bool) -> Finished:
    numbers = course.numbers(end_s, movement)
    return Finished(course.start_s, course.top_s(movement), end_s, course.leave_s, numbers, complete)
