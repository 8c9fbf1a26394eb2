"""Results as an analysis makes them, put together by hand or drawn at random."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from formcheck.engine.records import OUTCOMES, FaultSpan, Hold, Repetition, ViewProblem
from formcheck.exercises import examples, get, names
from formcheck.exercises.declaration import Exercise
from formcheck.measure.view import ADVICE
from formcheck.report.result import AnalysisResult, Source


def made(exercise: str, **parts: Any) -> AnalysisResult:
    """The result of a clip of a minute."""
    blank = AnalysisResult(
        formcheck="0",
        source=Source("clip.mp4", 60.0, 720, 640, 480, 12.0),
        exercise=exercise,
        side="left",
        pose_found=0.97,
        view_problems=(),
        reps=(),
        holds=(),
        faults=(),
        in_form_s=0.0,
        score=50.0,
        summary="What was done.",
    )
    result = replace(blank, **parts)
    return replace(result, counts={name: sum(rep.outcome == name for rep in result.reps) for name in OUTCOMES})


def rep(index: int, start_s: float, outcome: str = "good", reason: str | None = None, *faults: str) -> Repetition:
    return Repetition(index, start_s, start_s + 1, start_s + 3, outcome, reason, faults=faults)  # type: ignore[arg-type]


def fault(name: str, start_s: float, worst: float = 118.4, unit: str = "deg") -> FaultSpan:
    return FaultSpan(name, start_s, start_s + 1, worst, unit, "Do it better.", "hip")


def problem(name: str, start_s: float) -> ViewProblem:
    return ViewProblem(name, start_s, start_s + 2, ADVICE[name])


TIMES_S = st.floats(0, 5000)
BUILT_IN = st.sampled_from(names())
ANY = st.sampled_from((*names(), *examples()))


@st.composite
def results(draw: st.DrawFn, exercises: st.SearchStrategy[str] = ANY) -> AnalysisResult:
    """What an analysis may find: faults, variants and view problems are those of the exercise."""
    name = draw(exercises)
    exercise = get(name)
    held = exercise.holding is not None
    return made(
        name,
        source=Source("clip.mp4", draw(st.sampled_from((0.0, 60.0))), 720, 640, 480, 12.0),
        reps=() if held else _repetitions(draw, exercise),
        holds=_holds(draw, exercise) if held else (),
        faults=tuple(draw(st.lists(_spans(exercise), max_size=4))),
        view_problems=tuple(draw(st.lists(_problems(exercise), max_size=3))),
        score=draw(st.floats(0, 100)),
    )


@st.composite
def recognised(draw: st.DrawFn) -> AnalysisResult:
    """What an analysis may find that looks for any exercise."""
    chosen = draw(st.lists(BUILT_IN, unique=True, max_size=3))
    blocks = tuple(draw(results(st.just(name))) for name in chosen)
    view = () if blocks else tuple(draw(st.lists(_problems(get("plank")), max_size=2)))
    return made("auto", exercises=blocks, view_problems=view)


def _fault_names(exercise: Exercise, spoils: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.name for one in exercise.faults if one.spoils in spoils))


def _some(names: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(names), max_size=2, unique=True).map(tuple) if names else st.just(())


def _repetitions(draw: st.DrawFn, exercise: Exercise) -> tuple[Repetition, ...]:
    of_form, of_dose = (_fault_names(exercise, spoils) for spoils in (("attempt", "form"), ("dose",)))
    reps = []
    for index in range(1, draw(st.integers(0, 9)) + 1):
        outcome = draw(st.sampled_from(OUTCOMES))
        reason = draw(st.text(max_size=20)) if outcome in ("attempt", "unfinished") else None
        faults = () if outcome == "good" else draw(_some(of_form))
        one = rep(index, draw(TIMES_S), outcome, reason, *faults)
        reps.append(replace(one, notes=draw(_some(of_dose))))
    return tuple(reps)


def _holds(draw: st.DrawFn, exercise: Exercise) -> tuple[Hold, ...]:
    holding = exercise.holding
    assert holding is not None
    holds = []
    for _ in range(draw(st.integers(0, 4))):
        start_s, held_s = draw(TIMES_S), draw(TIMES_S)
        in_form_s = draw(st.floats(0, held_s))
        held = draw(st.sampled_from(holding.variants))
        variant = None if held.name == held.side else held.name
        faults = draw(_some(_fault_names(exercise, ("form", "dose", "attempt"))))
        holds.append(Hold(start_s, start_s + held_s, in_form_s, in_form_s, held.side, variant, faults))
    return tuple(holds)


def _spans(exercise: Exercise) -> st.SearchStrategy[FaultSpan]:
    worst = st.one_of(st.just(float("nan")), st.floats(-200, 200))
    return st.builds(fault, st.sampled_from(_fault_names(exercise, ("form", "attempt", "dose"))), TIMES_S, worst)


def _problems(exercise: Exercise) -> st.SearchStrategy[ViewProblem]:
    return st.builds(problem, st.sampled_from(sorted(exercise.views)), TIMES_S)
