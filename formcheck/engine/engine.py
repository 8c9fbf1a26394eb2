"""The engine: `step(state, exercise, reading) -> (state, events)`. No clock, no files, no drawing.

Events are the records of `formcheck.engine.records`, handed out as soon as they are final: a repetition when
the body is back at the start, a fault with the repetition or hold that it belongs to.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from formcheck.engine.faults import FaultState, all_hold, close_faults, step_faults
from formcheck.engine.holds import HoldState, close_hold, step_hold
from formcheck.engine.records import FaultSpan, Hold, Outcome, Repetition, ViewProblem
from formcheck.engine.repetitions import Finished, RepState, lose_movement, rest_seconds, step_movement
from formcheck.engine.scores import repetition_parts
from formcheck.engine.spans import Span, follow
from formcheck.engine.status import Phase, Status
from formcheck.exercises.declaration import HELD, Exercise, Fault, Moment, Variant
from formcheck.measure.body import unit_of
from formcheck.measure.reading import Reading
from formcheck.measure.view import ADVICE

Event: TypeAlias = Repetition | Hold | FaultSpan | ViewProblem

POSTURE_LOST_S = 0.5  # out of the exercise's posture for this long: it has been left
VIEW_DWELL_S = 0.5  # a view problem must last this long to be told
OWN_REST_S = 1.0  # the person's own values in a hold are the means over its first second


@dataclass(frozen=True, slots=True)
class OwnRest:
    """The person's own values at the beginning of a hold, by measure: sums over `n` frames since `since_s`."""

    since_s: float = math.nan
    n: int = 0
    sums: dict[str, float] = field(default_factory=dict)
    means: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EngineState:
    """Everything the engine knows, for one person doing one exercise.

    Attributes:
        in_posture: Whether the exercise's posture held in the last known frame.
        out_s: Since when it has not, NaN while it does.
        movement: Where the repetition is (exercises counted in repetitions).
        hold: Where the hold is (exercises counted in seconds).
        own: The person's own values in that hold.
        faults: The open faults.
        kept: Faults that ended within the repetition or hold under way.
        waiting: Repetitions that count only once the start position has been held long enough.
        view: Open view problems by name.
        index: Repetitions handed out or waiting so far.
        count: Good and faulty ones among those handed out.
    """

    in_posture: bool = False
    out_s: float = math.nan
    movement: RepState = field(default_factory=RepState)
    hold: HoldState = field(default_factory=HoldState)
    own: OwnRest = field(default_factory=OwnRest)
    faults: FaultState = field(default_factory=FaultState)
    kept: tuple[FaultSpan, ...] = ()
    waiting: tuple[tuple[Repetition, tuple[FaultSpan, ...]], ...] = ()
    view: dict[str, Span] = field(default_factory=dict)
    index: int = 0
    count: int = 0


def step(state: EngineState, exercise: Exercise, reading: Reading) -> tuple[EngineState, tuple[Event, ...]]:
    """One frame further: the new state, and what became final with this frame."""
    events: tuple[Event, ...] = ()
    if reading.fresh:
        events = _abandon(state, exercise)
        state = EngineState(view=state.view, index=_next_index(state, events), count=state.count)
    state, problems = _step_view(state, reading)
    if exercise.movement is not None:
        state, more = _step_repetitions(state, exercise, reading)
    else:
        state, more = _step_holding(state, exercise, reading)
    return state, (*events, *problems, *more)


def finish(state: EngineState, exercise: Exercise) -> tuple[Event, ...]:
    """What is still open when the clip ends."""
    problems = (_view_problem(name, span) for name, span in state.view.items() if span.length_s >= VIEW_DWELL_S)
    return (*_abandon(state, exercise), *problems)


def status(state: EngineState, exercise: Exercise, reading: Reading) -> Status:
    """What to show after the frame that `reading` was read from."""
    active = state.faults.active(exercise.faults)
    rest = state.movement.baselines if exercise.movement else state.own.means
    values = _with_baselines(exercise, rest, reading.values)
    advice = next((ADVICE[name] for name, span in state.view.items() if span.length_s >= VIEW_DWELL_S), None)
    main = exercise.movement.main if exercise.movement else _variant_main(state, exercise)
    course = state.movement.course
    clock_s = state.hold.clock.in_form_s if exercise.holding else (course.line_s if course else 0.0)
    return Status(
        time_s=reading.time_s,
        phase=_phase(state, exercise, reading, bool(active)),
        count=state.count,
        clock_s=clock_s,
        value=values.get(main, math.nan),
        unit=unit_of(main),
        in_form=not active,
        cue=active[0].cue if active else None,
        view_advice=advice,
        side=reading.side,
        line=exercise.line,
    )


def _variant_main(state: EngineState, exercise: Exercise) -> str:
    assert exercise.holding is not None
    variants = exercise.holding.variants
    return next((v.main for v in variants if v.name == state.hold.variant), variants[0].main)


def _phase(state: EngineState, exercise: Exercise, reading: Reading, faulty: bool) -> Phase:
    if math.isnan(reading.value(exercise.posture[0].measure)):
        return "unknown"
    if exercise.holding is not None:
        if not state.hold.open:
            return "waiting"
        return "paused" if faulty or state.hold.clock.pending_s > 0 else "hold"
    if not state.in_posture:
        return "waiting"
    course = state.movement.course
    if course is None:
        return "rest" if state.movement.rest_s >= exercise.start_hold_s or state.count else "waiting"
    return "top" if course.in_line else "moving"


# --- the view --------------------------------------------------------------------------------


def _step_view(state: EngineState, reading: Reading) -> tuple[EngineState, tuple[ViewProblem, ...]]:
    if not state.view and not reading.view:
        return state, ()
    still: dict[str, Span] = {}
    ended: list[ViewProblem] = []
    for name in sorted(state.view.keys() | reading.view):
        excess = 1.0 if name in reading.view else (0.0 if reading.values else math.nan)
        span, over = follow(state.view.get(name), reading.time_s, excess, math.nan, VIEW_DWELL_S)
        if span is not None:
            still[name] = span
        if over is not None and over.length_s >= VIEW_DWELL_S:
            ended.append(_view_problem(name, over))
    return replace(state, view=still), tuple(ended)


def _view_problem(name: str, span: Span) -> ViewProblem:
    return ViewProblem(name, span.start_s, span.last_s, ADVICE[name])


# --- repetitions -----------------------------------------------------------------------------


def _step_repetitions(
    state: EngineState, exercise: Exercise, reading: Reading
) -> tuple[EngineState, tuple[Event, ...]]:
    movement = exercise.movement
    assert movement is not None
    posture = all_hold(exercise.posture, reading.values, state.in_posture)
    if posture is False:
        since = reading.time_s if math.isnan(state.out_s) else state.out_s
        if state.in_posture and reading.time_s - since < POSTURE_LOST_S:
            return replace(state, out_s=since), ()
        return EngineState(view=state.view, index=state.index - len(state.waiting), count=state.count), ()
    values = _with_baselines(exercise, state.movement.baselines, reading.values) if posture else {}
    rep_state, finished = step_movement(state.movement, movement, exercise.rest_measures, reading.time_s, values)
    if rep_state.course is not None and state.movement.course is None:
        values = _with_baselines(exercise, rep_state.baselines, values)
    moment: Moment = "rest"
    if rep_state.course is not None:
        moment = "top" if rep_state.course.in_line else "moving"
    faults, ended = step_faults(state.faults, exercise.faults, reading.time_s, values, moment)
    state = replace(
        state,
        in_posture=state.in_posture or posture is True,
        out_s=math.nan,
        movement=rep_state,
        faults=faults,
        kept=(*state.kept, *ended),
    )
    if finished is not None:
        state = _record(state, exercise, finished)
    elif rep_state.course is None:
        state = replace(state, kept=())
    return _release(state, exercise)


def _with_baselines(exercise: Exercise, rest: Mapping[str, float], values: dict[str, float]) -> dict[str, float]:
    """The values, and those that are told by the person's own rest where that is known."""
    if not rest or not values:
        return values
    over = {b.name: b.over(values.get(b.measure, math.nan), rest.get(b.measure, math.nan)) for b in exercise.baselines}
    anchored = {
        a.name: a.corrected(values.get(a.measure, math.nan), rest.get(a.measure, math.nan), rest.get(a.of, math.nan))
        for a in exercise.anchors
    }
    return values | over | anchored


def _record(state: EngineState, exercise: Exercise, finished: Finished) -> EngineState:
    """Make the finished movement a repetition that waits to be handed out."""
    spans = tuple(span for span in state.kept if span.end_s > finished.start_s)
    rep, late = judge(exercise, finished, spans, state.index + 1)
    return replace(state, index=state.index + 1, kept=(), waiting=(*state.waiting, (rep, (*spans, *late))))


def judge(
    exercise: Exercise, finished: Finished, spans: Sequence[FaultSpan], index: int
) -> tuple[Repetition, tuple[FaultSpan, ...]]:
    """The repetition that a movement was, and the faults that only show when it is over.

    Args:
        exercise: The exercise.
        finished: The movement, back at rest or lost.
        spans: The faults seen while it lasted.
        index: Its number.
    """
    late: list[FaultSpan] = []
    notes: list[str] = []
    found = [exercise.fault(name) for name in dict.fromkeys(span.name for span in spans)]
    for fault in exercise.faults if finished.complete else ():
        value = finished.numbers.get(fault.measure, math.nan)
        if not fault.per_repetition or not fault.excess(value) > 0:
            continue
        if all_hold(fault.only_if, dict(finished.numbers), already=False) is False:
            continue
        if fault.spoils == "dose":
            notes.append(fault.name)
            continue
        found.append(fault)
        start_s, end_s = _stretch(fault, finished)
        late.append(FaultSpan(fault.name, start_s, end_s, value, fault.unit, fault.cue, fault.joint))
    outcome, reason = _outcome(found, finished)
    parts = repetition_parts(exercise, found, finished.numbers)
    rep = Repetition(
        index=index,
        start_s=finished.start_s,
        top_s=finished.top_s,
        end_s=finished.end_s,
        outcome=outcome,
        reason=reason,
        score=round(sum(part.points for part in parts), 1) if finished.complete else 0.0,
        parts=parts if finished.complete else (),
        faults=tuple(dict.fromkeys(fault.name for fault in found)),
        notes=tuple(notes),
        measures=dict(finished.numbers),
    )
    return rep, tuple(late)


def _outcome(found: Sequence[Fault], finished: Finished) -> tuple[Outcome, str | None]:
    if not finished.complete:
        return "unfinished", "it was not seen from its beginning to its end"
    for fault in found:
        if fault.spoils == "attempt":
            return "attempt", _reason(fault, finished.numbers)
    return ("faulty" if found else "good"), None


def _reason(fault: Fault, numbers: Mapping[str, float]) -> str:
    gap = abs(fault.target - numbers.get(fault.measure, math.nan))
    return fault.reason.format(gap=gap)


def _stretch(fault: Fault, finished: Finished) -> tuple[float, float]:
    """The part of the repetition that a fault told only at its end belongs to."""
    if fault.measure == "rising_s":
        return finished.start_s, finished.top_s
    if fault.measure == "lowering_s":
        return finished.lowering_from_s, finished.end_s
    return finished.top_s, finished.lowering_from_s


def _release(state: EngineState, exercise: Exercise) -> tuple[EngineState, tuple[Event, ...]]:
    """Hand out what waits, once the start position has been held long enough."""
    if not state.waiting or state.movement.rest_s < exercise.start_hold_s:
        return state, ()
    events: list[Event] = []
    count = state.count
    for rep, spans in state.waiting:
        events += [*spans, rep]
        count += rep.outcome in ("good", "faulty")
    return replace(state, waiting=(), count=count), tuple(events)


# --- holds -----------------------------------------------------------------------------------


def _step_holding(state: EngineState, exercise: Exercise, reading: Reading) -> tuple[EngineState, tuple[Event, ...]]:
    holding = exercise.holding
    assert holding is not None
    values = reading.values
    posture = all_hold(exercise.posture, values, state.hold.variant is not None)
    variant = _variant(state, exercise, values) if posture else None
    if variant is not None:
        values = _with_baselines(exercise, state.own.means, values) | {HELD: values.get(variant.main, math.nan)}
    unknown = posture is None or (variant is not None and math.isnan(values[HELD]))
    moment: Moment | None = "hold" if variant is not None or unknown else None
    told = {} if unknown else values
    name = variant.name if variant is not None else None
    faults, ended = step_faults(state.faults, exercise.faults, reading.time_s, told, moment, name)
    hold, record = step_hold(state.hold, holding, reading.time_s, variant, told, faulty=bool(faults.open))
    events: tuple[Event, ...] = ()
    if record is not None:
        state, events = _hold_events(state, exercise, record)
        faults = FaultState()
    kept = (*state.kept, *ended) if hold.open else ()
    own = _own_rest(state.own, exercise, values, hold)
    return replace(state, hold=hold, own=own, faults=faults, kept=kept, in_posture=variant is not None), events


def _own_rest(own: OwnRest, exercise: Exercise, values: Mapping[str, float], hold: HoldState) -> OwnRest:
    """Gather the means over the first second of a hold; they stay until it is over."""
    if not hold.open:
        return OwnRest()
    if own.means or not exercise.rest_measures:
        return own
    found = {name: values.get(name, math.nan) for name in exercise.rest_measures}
    if any(math.isnan(value) for value in found.values()):
        return own
    since = hold.time_s if math.isnan(own.since_s) else own.since_s
    sums = {name: own.sums.get(name, 0.0) + value for name, value in found.items()}
    means = {name: total / (own.n + 1) for name, total in sums.items()} if hold.time_s - since >= OWN_REST_S else {}
    return OwnRest(since, own.n + 1, sums, means)


def _variant(state: EngineState, exercise: Exercise, values: dict[str, float]) -> Variant | None:
    """The variant that is held: the present one while its bounds hold with their margins, else the first."""
    assert exercise.holding is not None
    ordered = sorted(exercise.holding.variants, key=lambda v: v.name != state.hold.variant)
    for variant in ordered:
        if all_hold(variant.bounds, values, variant.name == state.hold.variant):
            return variant
    return None


def _hold_events(state: EngineState, exercise: Exercise, record: Hold) -> tuple[EngineState, tuple[Event, ...]]:
    open_now = close_faults(state.faults, exercise.faults)
    clipped = (
        replace(span, start_s=max(span.start_s, record.start_s), end_s=min(span.end_s, record.end_s))
        for span in (*state.kept, *open_now)
    )
    # What only shows while getting in or out is no fault of the hold.
    spans = [span for span in clipped if span.end_s - span.start_s >= exercise.fault(span.name).dwell_s]
    hold = replace(record, faults=tuple(dict.fromkeys(span.name for span in spans)))
    return replace(state, kept=()), (*spans, hold)


# --- the end ---------------------------------------------------------------------------------


def _abandon(state: EngineState, exercise: Exercise) -> tuple[Event, ...]:
    """What is under way when nothing more can come of it: an unfinished repetition, a hold that ends here."""
    if exercise.movement is not None:
        _, events = _release(state, exercise)
        lost = lose_movement(state.movement, exercise.movement)
        if lost is None or rest_seconds(state.movement) < exercise.start_hold_s:
            return events
        spans = (*state.kept, *close_faults(state.faults, exercise.faults))
        rep, late = judge(exercise, lost, spans, state.index + 1)
        return (*events, *spans, *late, rep)
    assert exercise.holding is not None
    hold = close_hold(state.hold, exercise.holding)
    return () if hold is None else _hold_events(state, exercise, hold)[1]


def _next_index(state: EngineState, events: tuple[Event, ...]) -> int:
    """Numbers go on after a cut; those that never counted give theirs back."""
    given = [event.index for event in events if isinstance(event, Repetition)]
    return max(given, default=state.index - len(state.waiting))
