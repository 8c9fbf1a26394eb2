"""What cannot be meant in a declaration, told by its key; the sentences are tested as messages of a file."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from formcheck.engine.repetitions import Course
from formcheck.exercises import examples, get, names
from formcheck.exercises.check import problems
from formcheck.exercises.declaration import Bound, Exercise, Fault, Variant
from formcheck.exercises.vocabulary import TEMPO
from formcheck.measure.trends import Trend


def changed(exercise: str, path: str, **values: object) -> Exercise:
    """A known exercise with the keys of one of its parts changed; the path is "" or as "faults.0" or "cycle"."""

    def change(thing, steps):
        if not steps:
            return replace(thing, **values)
        if isinstance(thing, tuple):
            i = int(steps[0])
            return (*thing[:i], change(thing[i], steps[1:]), *thing[i + 1 :])
        return replace(thing, **{steps[0]: change(getattr(thing, steps[0]), steps[1:])})

    return change(get(exercise), path.split(".") if path else [])


@pytest.mark.parametrize("name", [*names(), *examples()])
def test_known_exercises_have_none(name):
    assert problems(get(name)) == []


@pytest.mark.parametrize(
    ("exercise", "path", "values", "key"),
    [
        ("bridge", "", {"start_hold_s": -1.0}, "start_hold_s"),
        ("bridge", "", {"start_hold_s": math.nan}, "start_hold_s"),
        ("bridge", "", {"needs": ("shin",)}, "needs[0]"),
        ("bridge", "", {"score": {"range": 100, "tempo": 0}}, "score.tempo"),
        ("bridge", "dose", {"hold_s": (0, 0)}, "score.hold"),
        ("bridge", "dose", {"hold_s": (5, math.inf)}, "dose.hold_s"),
        ("bridge", "anchors.0", {"weight": 0}, "anchors[0].weight"),
        ("bridge", "anchors.0", {"weight": 1.5}, "anchors[0].weight"),
        ("bridge", "anchors.0", {"most": 0}, "anchors[0].most"),
        ("bridge", "anchors.0", {"trusted": (100, 55)}, "anchors[0].trusted"),
        ("bridge", "anchors.0", {"of": "hip_line_deg"}, "anchors[0].of"),
        ("bridge", "anchors.0", {"constant": math.nan}, "anchors[0].constant"),
        ("bridge", "movement", {"line": ()}, "movement.line"),
        ("bridge", "movement.line.0", {"measure": "held"}, "movement.line[0].measure"),
        ("bridge", "movement", {"shown": ("hip_line_deg", "nonsense")}, "movement.shown[1]"),
        ("bridge", "movement", {"only_if": (Bound("hip_angle_deg"),)}, "movement.only_if[0]"),
        ("bridge", "movement", {"only_if": (Bound("elbow_angle_deg", 3),)}, "movement.only_if[0].measure"),
        ("bridge", "", {"posture": (Bound("back_height", 0),)}, "posture[0].measure"),  # not without a silhouette
        ("bridge", "faults.0", {"at_end": True}, "faults[0].at_end"),
        ("bridge", "faults.2", {"during": frozenset()}, "faults[2].during"),
        ("bridge", "faults.2", {"part": "hold", "unit": "s"}, "faults[2].unit"),
        ("plank", "baselines.0", {"low": 20, "high": 20}, "baselines[0].low"),
        ("plank", "baselines.1", {"name": "head_over_own_deg"}, "baselines[1].name"),
        ("plank", "baselines.0", {"measure": "held"}, "baselines[0].measure"),
        ("plank", "holding", {"variants": ()}, "holding.variants"),
        ("plank", "holding", {"least_s": 0}, "holding.least_s"),
        ("plank", "holding.variants.0", {"main": "held"}, "holding.variants[0].main"),
        ("plank", "holding.variants.0", {"name": "Fore arm"}, "holding.variants[0].name"),
        ("plank", "dose", {"repetitions": (1, 2)}, "dose.repetitions"),
        ("plank", "faults.0", {"unit": "deg"}, "faults[0].unit"),
        ("plank", "faults.0", {"during": frozenset(("top",))}, "faults[0].during"),
        ("cat_cow", "cycle", {"settled": 0.02}, "cycle"),
        ("cat_cow", "cycle", {"full": (-0.1, 0.1)}, "cycle.full"),
        ("cat_cow", "cycle", {"start": ()}, "cycle.start"),
        ("cat_cow", "cycle", {"pause_s": 0}, "cycle.pause_s"),
        ("cat_cow", "cycle", {"least": -0.1}, "cycle.least"),
        ("cat_cow", "cycle", {"stance": (("nowhere", 0.1),)}, "cycle.stance[0][0]"),
        ("cat_cow", "cycle", {"stance": (("wrist_shift", 0.0),)}, "cycle.stance[0]"),
        ("cat_cow", "cycle", {"low": "cat"}, "cycle.low"),
        ("cat_cow", "cycle", {"high": "the cat"}, "cycle.high"),
        ("cat_cow", "cycle", {"curve": "back_rise"}, "cycle.curve"),
        ("cat_cow", "cycle", {"main": "hip_angle_deg"}, "cycle.shown"),
        ("cat_cow", "cycle", {"places": ("nowhere",)}, "cycle.places[0]"),
        ("cat_cow", "", {"silhouette": False}, "cycle.curve"),
        ("cat_cow", "dose", {"repetitions": (0, 0)}, "dose.repetitions"),
        ("cat_cow", "faults.0", {"measure": "back_rise"}, "faults[0].measure"),
        ("hamstring_stretch", "trends.0", {"over_s": 0}, "trends[0].over_s"),
        ("hamstring_stretch", "trends.0", {"measure": "bounce_deg"}, "trends[0].measure"),
        ("hamstring_stretch", "trends.0", {"name": "knee_angle_deg"}, "trends[0].name"),
        ("sitting_posture", "reminders", {"nudge_every_s": 0}, "reminders.nudge_every_s"),
        ("sitting_posture", "", {"reminders": None}, "dose.hold_s"),
    ],
)
def test_each_problem_is_told_at_its_key(exercise, path, values, key):
    assert key in [where for where, _ in problems(changed(exercise, path, **values))]


def test_what_is_told_at_the_end_judges_the_sides():
    fault = Fault("one_side", "nonsense", "Now the other.", "One side.", "hip", below=2, unit="sides", at_end=True)
    one = replace(get("hamstring_stretch"), faults=(fault,))
    assert problems(one) == [("faults[0].measure", '"nonsense" is unknown; known are sides_held')]
    assert problems(replace(one, faults=(replace(fault, measure="sides_held"),))) == []


def test_trends_may_be_judged_like_measures():
    sway = Trend("sway_deg", "trunk_slope_deg", "swing", over_s=2.0)
    fault = Fault("swaying", "sway_deg", "Hold still.", "It sways.", "hip", above=5)
    one = replace(get("bridge"), trends=(sway,), faults=(fault,))
    assert problems(one) == []
    assert [key for key, _ in problems(replace(one, trends=()))] == ["faults[0].measure"]


def test_the_main_measures_of_variants_may_differ_in_unit():
    two = (Variant("a", (), "knee_angle_deg"), Variant("b", (), "hip_offset"))
    one = changed("plank", "holding", variants=two)
    assert "faults[0].unit" not in [key for key, _ in problems(one)]


def test_tempo_is_what_a_repetition_tells_of_itself():
    movement = replace(get("bridge").movement, shown=())
    course = Course(0.0, 2.0, 10.0, 40.0, ((0.0, 0.0), (40.0, 1.0)), 1.5)
    assert tuple(course.numbers(3.0, movement)) == TEMPO
