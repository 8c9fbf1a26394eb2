"""The engine: `step(state, exercise, reading) -> (state, events)`. No clock, no files, no drawing.

Events are the records of `formcheck.engine.records`, handed out as soon as they are final: a repetition when
the body is back at the start, a fault with the repetition or hold that it belongs to.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from formcheck.engine.cycles import CycleState, lose_cycle, step_cycle
from formcheck.engine.faults import FaultState, all_hold, close_faults, step_faults
from formcheck.engine.holds import HoldState, close_hold, step_hold
from formcheck.engine.moving import Finished
from formcheck.engine.records import COUNTED, FaultSpan, Hold, Outcome, Reminder, Repetition, ViewProblem
from formcheck.engine.reminders import ReminderState, step_reminders
from formcheck.engine.repetitions import RepState, lose_movement, rest_seconds, step_movement
from formcheck.engine.scores import repetition_parts
from formcheck.engine.spans import Span, follow
from formcheck.engine.status import Phase, Status
from formcheck.exercises.declaration import HELD, Exercise, Fault, Moment, Variant
from formcheck.measure.body import unit_of
from formcheck.measure.reading import Reading
from formcheck.measure.view import ADVICE, SPOILING
from formcheck.pose.landmarks import Side

Event: TypeAlias = Repetition | Hold | FaultSpan | ViewProblem | Reminder

POSTURE_LOST_S = 0.5  # out of the exercise's posture for this long: it has been left
VIEW_DWELL_S = 0.5  # a view problem must last this long to be told
ENTERED_S = 2.0  # what was wrong on the way into a hold is told with it if it ended no longer before
TEMPO = ("rising_s", "top_held_s", "lowering_s", "cycle_s")  # a repetition's numbers that any view tells
OWN_REST_S = 1.0  # the person's own values in a hold are known after this long
BEFORE_S = 3.0  # time constant of the values before a hold: the way into it hardly touches them


@dataclass(frozen=True, slots=True)
class OwnRest:
    """The person's own values at the beginning of a hold, by measure: sums and numbers of frames since `since_s`."""

    since_s: float = math.nan
    sums: dict[str, tuple[float, int]] = field(default_factory=dict)
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
        before: Those before it, followed slowly while in posture and not in position.
        faults: The open faults.
        kept: Faults that ended within the repetition or hold under way.
        waiting: Repetitions that count only once the start position has been held long enough.
        held: Seconds in form by side (None where there are none) in the holds that are over.
        held_s: When the last of them ended.
        time_s: The last frame's time.
        reminders: What has been said to whoever stays in a position.
        view: Open view problems by name.
        blind: The last stretch, from and to, in which the view was too bad to judge what is being done; NaN before one.
        index: Repetitions handed out or waiting so far.
        count: Good and faulty ones among those handed out.
    """

    in_posture: bool = False
    out_s: float = math.nan
    movement: RepState | CycleState = field(default_factory=RepState)
    hold: HoldState = field(default_factory=HoldState)
    own: OwnRest = field(default_factory=OwnRest)
    before: dict[str, float] = field(default_factory=dict)
    faults: FaultState = field(default_factory=FaultState)
    kept: tuple[FaultSpan, ...] = ()
    waiting: tuple[tuple[Repetition, tuple[FaultSpan, ...]], ...] = ()
    held: dict[Side | None, float] = field(default_factory=dict)
    held_s: float = math.nan
    time_s: float = math.nan
    reminders: ReminderState = field(default_factory=ReminderState)
    view: dict[str, Span] = field(default_factory=dict)
    blind: tuple[float, float] = (math.nan, math.nan)
    index: int = 0
    count: int = 0

    @property
    def is_blind(self) -> bool:
        """Whether the view is too bad now to judge what is being done."""
        return self.blind[1] == self.time_s


def step(state: EngineState, exercise: Exercise, reading: Reading) -> tuple[EngineState, tuple[Event, ...]]:
    """One frame further: the new state, and what became final with this frame."""
    events: tuple[Event, ...] = ()
    if reading.fresh:
        events = _abandon(state, exercise)
        count = state.count + sum(isinstance(event, Repetition) and event.outcome in COUNTED for event in events)
        state = _counted(replace(_kept_apart(state, events), count=count), _next_index(state, events))
    state = replace(state, time_s=reading.time_s)
    state, problems = _step_view(state, exercise, reading)
    more: tuple[Event, ...] = ()
    if _kept_waiting(state, exercise):
        state = _counted(state, state.index - len(state.waiting))
        return state, (*events, *problems)
    blind_s = _blind_since(state, exercise, reading)
    if not math.isnan(blind_s):
        state = _blinded(state, blind_s)
    if exercise.holding is None:
        state, more = _step_repetitions(state, exercise, reading)
    else:
        state, more = _step_holding(state, exercise, reading)
    return state, (*events, *problems, *more)


def finish(state: EngineState, exercise: Exercise) -> tuple[Event, ...]:
    """What is still open when the clip ends."""
    problems = (_view_problem(name, span) for name, span in state.view.items() if span.length_s >= VIEW_DWELL_S)
    events = _abandon(state, exercise)
    return (*events, *_at_end(_kept_apart(state, events), exercise), *problems)


def _counted(state: EngineState, index: int) -> EngineState:
    """A state that knows nothing of the movement, but all that has been counted."""
    return EngineState(
        held=state.held,
        held_s=state.held_s,
        time_s=state.time_s,
        reminders=state.reminders,
        view=state.view,
        index=index,
        count=state.count,
    )


def status(state: EngineState, exercise: Exercise, reading: Reading) -> Status:
    """What to show after the frame that `reading` was read from."""
    active = state.faults.active(exercise.faults)
    rest = {**state.before, **state.own.means} if exercise.holding else state.movement.baselines
    values = _with_baselines(exercise, rest, reading.values)
    advice = next((ADVICE[name] for name, span in state.view.items() if span.length_s >= VIEW_DWELL_S), None)
    counted = exercise.movement or exercise.cycle
    main = counted.main if counted else _variant_main(state, exercise)
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
        side=(state.hold.side if state.hold.open else None) or reading.side,
        line=exercise.line,
        prompt=_prompt(state, exercise),
        end=_end(state, exercise),
    )


def _end(state: EngineState, exercise: Exercise) -> str | None:
    course = state.movement.course if isinstance(state.movement, CycleState) else None
    if exercise.cycle is None or course is None or not course.in_line:
        return None
    return exercise.cycle.high if course.ends[-1].sign > 0 else exercise.cycle.low


def _prompt(state: EngineState, exercise: Exercise) -> str | None:
    """What to do next: to change sides once one has its dose and the other has not."""
    if exercise.holding is None or not exercise.holding.switch_cue:
        return None
    held = dict(state.held)
    side = _held_side(state, exercise)
    if state.hold.open:
        held[side] = held.get(side, 0.0) + state.hold.clock.in_form_s
    done = {side for side in exercise.holding.sides if held.get(side, 0.0) >= exercise.dose.hold_s[0]}
    now_done = side in done if state.hold.open else bool(done)
    return exercise.holding.switch_cue if now_done and done != exercise.holding.sides else None


def _held_side(state: EngineState, exercise: Exercise) -> Side | None:
    assert exercise.holding is not None
    return next((v.side for v in exercise.holding.variants if v.name == state.hold.variant), None)


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


def _step_view(state: EngineState, exercise: Exercise, reading: Reading) -> tuple[EngineState, tuple[ViewProblem, ...]]:
    wrong = reading.view & exercise.views
    if not state.view and not wrong:
        return state, ()
    still: dict[str, Span] = {}
    ended: list[ViewProblem] = []
    for name in sorted(state.view.keys() | wrong):
        excess = 1.0 if name in wrong else (0.0 if reading.values else math.nan)
        span, over = follow(state.view.get(name), reading.time_s, excess, math.nan, VIEW_DWELL_S)
        if span is not None:
            still[name] = span
        if over is not None and over.length_s >= VIEW_DWELL_S:
            ended.append(_view_problem(name, over))
    return replace(state, view=still), tuple(ended)


def _kept_waiting(state: EngineState, exercise: Exercise) -> bool:
    """Whether the view is too bad to begin; what has begun goes on unjudged, with the problem told."""
    begun = state.hold.open if exercise.holding else state.movement.rest_s >= exercise.start_hold_s
    return not begun and bool(_spoilt_since(state))


def _spoilt_since(state: EngineState) -> list[float]:
    """Since when the view has been too bad, for each problem that is told and spoils the measures."""
    spans = (span for name, span in state.view.items() if name in SPOILING)
    return [span.start_s for span in spans if span.length_s >= VIEW_DWELL_S]


def _blind_since(state: EngineState, exercise: Exercise, reading: Reading) -> float:
    """Since when the view has been too bad to judge what has begun, NaN while it is not.

    A movement sways the yaw and only a problem that is told counts; who holds still and is seen turned has turned.
    """
    since = _spoilt_since(state)
    turned = "turn_side_on" in exercise.views and not math.isnan(reading.turning_s)
    if turned and (since or exercise.holding is not None):
        since.append(reading.turning_s)
    return min(since, default=math.nan)


def _blinded(state: EngineState, since_s: float) -> EngineState:
    """The state up to this frame, without the faults that began in the bad view: they are unknown, not wrong."""
    still = {index: span for index, span in state.faults.open.items() if span.start_s < since_s}
    kept = tuple(span for span in state.kept if span.start_s < since_s)
    return replace(state, faults=FaultState(still), kept=kept, blind=(since_s, state.time_s))


def _view_problem(name: str, span: Span) -> ViewProblem:
    return ViewProblem(name, span.start_s, span.last_s, ADVICE[name])


# --- repetitions -----------------------------------------------------------------------------


def _step_repetitions(
    state: EngineState, exercise: Exercise, reading: Reading
) -> tuple[EngineState, tuple[Event, ...]]:
    posture = all_hold(exercise.posture, reading.values, state.in_posture)
    if posture is False:
        since = reading.time_s if math.isnan(state.out_s) else state.out_s
        if state.in_posture and reading.time_s - since < POSTURE_LOST_S:
            return replace(state, out_s=since), ()
        left = _counted(state, state.index - len(state.waiting))
        return replace(left, movement=RepState(elsewhere=True)), ()
    values = _with_baselines(exercise, state.movement.baselines, reading.values) if posture else {}
    rep_state, finished = _step_course(state, exercise, reading.time_s, values)
    if rep_state.course is not None and state.movement.course is None:
        values = _with_baselines(exercise, rep_state.baselines, values)
    moment: Moment = "rest"
    if rep_state.course is not None:
        moment = "top" if rep_state.course.in_line else "moving"
    told = {} if state.is_blind else values
    faults, ended = step_faults(state.faults, exercise.faults, reading.time_s, told, moment)
    if finished is not None:
        # What goes on at rest, or in the next repetition right behind this one, begins anew there.
        faults, ended = FaultState(), (*ended, *close_faults(faults, exercise.faults))
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


def _step_course(
    state: EngineState, exercise: Exercise, time_s: float, values: dict[str, float]
) -> tuple[RepState | CycleState, Finished | None]:
    before, measures = state.movement, exercise.rest_measures
    if exercise.cycle is not None:
        cycling = before if isinstance(before, CycleState) else CycleState()
        return step_cycle(cycling, exercise.cycle, measures, exercise.start_hold_s, time_s, values)
    assert exercise.movement is not None
    moving = before if isinstance(before, RepState) else RepState()
    return step_movement(moving, exercise.movement, measures, time_s, values)


def _with_baselines(exercise: Exercise, rest: Mapping[str, float], values: dict[str, float]) -> dict[str, float]:
    """The values, and those that are told by the person's own rest where that is known."""
    if not rest or not values:
        return values
    over = {
        b.name: b.over(values.get(b.measure, math.nan), rest.get(b.rest_name, math.nan)) for b in exercise.baselines
    }
    anchored = {
        a.name: a.corrected(values.get(a.measure, math.nan), rest.get(a.measure, math.nan), rest.get(a.of, math.nan))
        for a in exercise.anchors
    }
    places = exercise.cycle.places if exercise.cycle else ()
    return values | over | anchored | {f"start_{name}": abs(rest.get(name, math.nan)) for name in places}


def _record(state: EngineState, exercise: Exercise, finished: Finished) -> EngineState:
    """Make the finished movement a repetition that waits to be handed out."""
    finished = _as_seen(state, finished)
    spans = tuple(
        replace(span, start_s=max(span.start_s, finished.start_s))
        for span in state.kept
        if span.end_s > finished.start_s
    )
    rep, late = judge(exercise, finished, spans, state.index + 1)
    return replace(state, index=state.index + 1, kept=(), waiting=(*state.waiting, (rep, (*spans, *late))))


def _as_seen(state: EngineState, finished: Finished) -> Finished:
    """The movement with all but its tempo unknown if some of it was seen in too bad a view."""
    if not (state.blind[0] <= finished.end_s and finished.start_s <= state.blind[1]):
        return finished
    numbers = {name: value if name in TEMPO else math.nan for name, value in finished.numbers.items()}
    return replace(finished, numbers=numbers)


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
    if fault.measure == "cycle_s":
        return finished.start_s, finished.end_s
    return finished.top_s, finished.lowering_from_s


def _release(state: EngineState, exercise: Exercise) -> tuple[EngineState, tuple[Event, ...]]:
    """Hand out what waits, once the start position has been held long enough."""
    if not state.waiting or state.movement.rest_s < exercise.start_hold_s:
        return state, ()
    events: list[Event] = []
    count = state.count
    for rep, spans in state.waiting:
        events += [*spans, rep]
        count += rep.outcome in COUNTED
    return replace(state, waiting=(), count=count), tuple(events)


# --- holds -----------------------------------------------------------------------------------


def _step_holding(state: EngineState, exercise: Exercise, reading: Reading) -> tuple[EngineState, tuple[Event, ...]]:
    holding = exercise.holding
    assert holding is not None
    values = {} if state.is_blind else reading.values
    posture = all_hold(exercise.posture, values, state.hold.variant is not None)
    variant, doubtful = _variant(state, exercise, values) if posture else (None, False)
    if variant is not None:
        own_rest = {**state.before, **state.own.means}
        values = _with_baselines(exercise, own_rest, values) | {HELD: values.get(variant.main, math.nan)}
    unknown = posture is None or doubtful or (variant is not None and math.isnan(values[HELD]))
    moment: Moment | None = "hold" if variant is not None or unknown else "entering" if posture else None
    told = {} if unknown else values
    name = variant.name if variant is not None else None
    since_s = state.hold.since_s if variant is not None else math.nan
    held_s = 0.0 if math.isnan(since_s) else reading.time_s - since_s
    if moment == "entering":
        state = replace(state, before=_lying(state, exercise, reading))
    faults, ended = step_faults(state.faults, exercise.faults, reading.time_s, told, moment, name, held_s=held_s)
    wrong_s = _wrong_s(exercise, faults)
    restless = any(fault.name == holding.restless for fault, _ in faults.lasting(exercise.faults))
    hold, record = step_hold(state.hold, holding, reading.time_s, variant, told, wrong_s, restless=restless)
    events: tuple[Event, ...] = ()
    if record is not None:
        state, events = _hold_events(state, exercise, record)
        state = _kept_apart(state, events)
        faults = FaultState()
    kept = (*state.kept, *ended)
    if not hold.open:
        kept = tuple(span for span in kept if _entering(exercise, span) and reading.time_s - span.end_s <= ENTERED_S)
    own = _own_rest(state.own, exercise, values, hold, in_form=wrong_s == 0)
    state = replace(state, hold=hold, own=own, faults=faults, kept=kept, in_posture=variant is not None)
    if exercise.reminders is None:
        return state, events
    active = faults.active(exercise.faults)
    said, reminders = step_reminders(
        state.reminders, exercise.reminders, reading.time_s, hold.open and variant is not None, active
    )
    return replace(state, reminders=said), (*events, *reminders)


def _wrong_s(exercise: Exercise, faults: FaultState) -> float:
    """For how long the form has been wrong: 0 where it is right, NaN while no fault has lasted its dwell yet."""
    spans = [(exercise.faults[index], span) for index, span in faults.open.items()]
    stopping = [(fault, span) for fault, span in spans if "entering" not in fault.during]
    lasting = [span.length_s for fault, span in stopping if span.length_s >= fault.dwell_s]
    return max(lasting) if lasting else math.nan if stopping else 0.0


def _entering(exercise: Exercise, span: FaultSpan) -> bool:
    return "entering" in exercise.fault(span.name).during


def _kept_apart(state: EngineState, events: tuple[Event, ...]) -> EngineState:
    """The state with the holds that are over added up by side."""
    held, held_s = dict(state.held), state.held_s
    for event in events:
        if isinstance(event, Hold):
            held[event.side] = held.get(event.side, 0.0) + event.in_form_s
            held_s = event.end_s
    return replace(state, held=held, held_s=held_s)


def _at_end(state: EngineState, exercise: Exercise) -> tuple[FaultSpan, ...]:
    """The faults that only show when all is over."""
    sides = float(len(state.held))
    return tuple(
        FaultSpan(fault.name, state.held_s, state.time_s, sides, fault.unit, fault.cue, fault.joint)
        for fault in exercise.faults
        if fault.at_end and sides and fault.excess(sides) > 0
    )


def _lying(state: EngineState, exercise: Exercise, reading: Reading) -> dict[str, float]:
    """The person's own values before a hold, a frame further."""
    before = dict(state.before)
    for baseline in exercise.baselines:
        value = reading.value(baseline.measure)
        if baseline.before and not math.isnan(value):
            old = before.get(baseline.rest_name, value)
            gain = 1.0 - math.exp(-min(reading.time_s - state.hold.time_s, 1.0) / BEFORE_S) if before else 1.0
            before[baseline.rest_name] = old + gain * (value - old)
    return before


def _own_rest(
    own: OwnRest, exercise: Exercise, values: Mapping[str, float], hold: HoldState, *, in_form: bool
) -> OwnRest:
    """Gather the means over the beginning of a hold; known after a second, they follow what is in form up to its end.

    They stay until the hold is over.
    """
    assert exercise.holding is not None
    if not hold.open:
        return OwnRest()
    over = bool(own.means) and hold.time_s - own.since_s >= exercise.holding.own_s
    if over or not exercise.rest_measures or (own.means and not in_form):
        return own
    told = {name: values.get(name, math.nan) for name in exercise.rest_measures}
    found = {name: value for name, value in told.items() if not math.isnan(value)}
    if not found:
        return own
    since = hold.time_s if math.isnan(own.since_s) else own.since_s
    sums = dict(own.sums)
    for name, value in found.items():
        total, n = sums.get(name, (0.0, 0))
        sums[name] = total + value, n + 1
    means = {name: total / n for name, (total, n) in sums.items()} if hold.time_s - since >= OWN_REST_S else {}
    return OwnRest(since, sums, means)


def _variant(state: EngineState, exercise: Exercise, values: dict[str, float]) -> tuple[Variant | None, bool]:
    """The variant that is held: the present one while its bounds hold with their margins, else the first.

    And, where none is, whether the one held before may still be: none of its bounds fails and one is unknown.
    """
    assert exercise.holding is not None
    ordered = sorted(exercise.holding.variants, key=lambda v: v.name != state.hold.variant)
    doubtful = False
    for variant in ordered:
        held = all_hold(variant.bounds, values, variant.name == state.hold.variant)
        if held:
            return variant, False
        doubtful = doubtful or (held is None and variant.name == state.hold.variant)
    return None, doubtful


def _hold_events(state: EngineState, exercise: Exercise, record: Hold) -> tuple[EngineState, tuple[Event, ...]]:
    open_now = close_faults(state.faults, exercise.faults)
    clipped = (
        span
        if _entering(exercise, span)
        else replace(span, start_s=max(span.start_s, record.start_s), end_s=min(span.end_s, record.end_s))
        for span in (*state.kept, *open_now)
    )
    # What only shows while getting in or out is no fault of the hold.
    spans = [span for span in clipped if span.end_s - span.start_s >= exercise.fault(span.name).dwell_s]
    hold = replace(record, faults=tuple(dict.fromkeys(span.name for span in spans)))
    return replace(state, kept=()), (*spans, hold)


# --- the end ---------------------------------------------------------------------------------


def _abandon(state: EngineState, exercise: Exercise) -> tuple[Event, ...]:
    """What is under way when nothing more can come of it: an unfinished repetition, a hold that ends here."""
    if exercise.holding is None:
        _, events = _release(state, exercise)
        lost, rest_s = _lose_course(state, exercise)
        if lost is None or rest_s < exercise.start_hold_s:
            return events
        spans = (*state.kept, *close_faults(state.faults, exercise.faults))
        rep, late = judge(exercise, _as_seen(state, lost), spans, state.index + 1)
        return (*events, *spans, *late, rep)
    assert exercise.holding is not None
    hold = close_hold(state.hold, exercise.holding)
    return () if hold is None else _hold_events(state, exercise, hold)[1]


def _lose_course(state: EngineState, exercise: Exercise) -> tuple[Finished | None, float]:
    """The movement under way when nothing more can be known of it, and the seconds spent at rest."""
    if isinstance(state.movement, CycleState):
        lost = lose_cycle(state.movement, exercise.cycle) if exercise.cycle else None
        return lost, state.movement.rest_s
    lost = lose_movement(state.movement, exercise.movement) if exercise.movement else None
    return lost, rest_seconds(state.movement)


def _next_index(state: EngineState, events: tuple[Event, ...]) -> int:
    """Numbers go on after a cut; those that never counted give theirs back."""
    given = [event.index for event in events if isinstance(event, Repetition)]
    return max(given, default=state.index - len(state.waiting))
