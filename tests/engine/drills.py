"""Made-up exercises with round numbers, and readings to play to them: the engine's rules without anybody's body."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from bodies import Track, at
from judged import Judged, sorted_out

from formcheck.engine.engine import EngineState, finish, status, step
from formcheck.exercises.declaration import (
    HELD,
    Baseline,
    Bound,
    Dose,
    Exercise,
    Fault,
    Holding,
    Movement,
    Variant,
)
from formcheck.measure.reading import Reading

FPS = 20.0
HOLD = frozenset({"hold"})

# Raise "height" from rest (0) to 40-60. "knee" is 90 and must stay under 100.
LIFT = Exercise(
    name="lift",
    title="Lift",
    asked="Raise it.",
    dose=Dose(repetitions=(2, 3), hold_s=(2, 3)),
    facing="up",
    camera="Anywhere.",
    needs=(),
    posture=(Bound("lying", 1, 2),),
    line=("shoulder", "hip"),
    movement=Movement(
        lift="height",
        leave=10,
        back=6,
        settled=3,
        least=15,
        main="rise_deg",
        line=(Bound("height", 40, 60, margin=2),),
        shown=("height", "knee", "rise_deg", "knee_over_own"),
    ),
    baselines=(Baseline("rise_deg", "height"), Baseline("knee_over_own", "knee")),
    score={"range": 40, "alignment": 30, "tempo": 10, "hold": 20},
    faults=(
        Fault(
            "low", "height", "Higher.", "Too low.", "hip", below=35, target=50, per_repetition=True, part="range",
            spoils="attempt", reason="stopped {gap:.0f} deg short", only_if=(Bound("knee", high=179),), priority=3,
        ),
        Fault("high", "height", "Lower.", "Too high.", "hip", above=60, release=58, part="range", priority=4),
        Fault("knee_out", "knee", "Knees.", "Knee out.", "knee", above=100, priority=5),
        Fault("rushed", "rising_s", "Slow.", "Up fast.", "hip", below=0.8, unit="s", per_repetition=True, part="tempo"),
        Fault("dropped", "lowering_s", "Slow.", "Down.", "hip", below=0.8, unit="s", per_repetition=True, part="tempo"),
        Fault(
            "hold_short", "in_line_s", "Hold.", "Short.", "hip", below=2, unit="s", per_repetition=True, spoils="dose",
        ),
    ),
)  # fmt: skip

# Keep "toe_offset" at 0. "up" tells that the position is taken, "knee_down" which way.
STAY = Exercise(
    name="stay",
    title="Stay",
    asked="Stay so.",
    dose=Dose(hold_s=(10, 20)),
    facing="down",
    camera="Anywhere.",
    needs=(),
    posture=(Bound("up", 1, 2),),
    line=("shoulder", "hip", "ankle"),
    holding=Holding(
        variants=(
            Variant("toes", (Bound("knee_down", 0, 0.5),), "toe_offset"),
            Variant("knees", (Bound("knee_down", 0.5, 1),), "knee_offset"),
        ),
        steady=((HELD, 0.03), ("slope", 2.5)),
    ),
    baselines=(Baseline("head_over_own", "head", low=-25, high=20),),
    faults=(
        Fault("sag", HELD, "Lift.", "Sags.", "hip", above=0.1, unit="line lengths", during=HOLD, priority=2),
        Fault("head", "head_over_own", "Head.", "Head.", "ear", above=10, during=HOLD, priority=3),
    ),
)  # fmt: skip


def play(exercise: Exercise, readings: Iterable[Reading]) -> Judged:
    """All events of these readings, and the status after each."""
    state, events, statuses = EngineState(), [], []
    for reading in readings:
        state, new = step(state, exercise, reading)
        events += new
        statuses.append(status(state, exercise, reading))
    return sorted_out([*events, *finish(state, exercise)], statuses)


def lifts(
    track: Track, *, fps: float = FPS, seconds: float = 0.0, **others: Callable[[float], float] | float
) -> list[Reading]:
    """Readings of a height that follows a track; `others` are further measures, numbers or functions of time."""
    values = {"lying": 1.0, "knee": 90.0} | others
    return [
        Reading(t, {"height": at(track, t)} | {name: _at(value, t) for name, value in values.items()}, "left")
        for t in (i / fps for i in range(math.ceil((seconds or track[-1][0]) * fps)))
    ]


def _at(value: Callable[[float], float] | float, time_s: float) -> float:
    return value(time_s) if callable(value) else value


def within(from_s: float, to_s: float, inside: float, outside: float) -> Callable[[float], float]:
    """A measure that has one value in a stretch and another one outside it."""
    return lambda t: inside if from_s <= t < to_s else outside
