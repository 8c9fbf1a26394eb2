"""The declarations themselves: complete, and every name in them means something."""

from __future__ import annotations

import math

import pytest

from formcheck.errors import ExerciseError, FormcheckError
from formcheck.exercises import get, names
from formcheck.exercises.check import problems
from formcheck.exercises.declaration import Anchor, Baseline, Bound, Fault

EXERCISES = [get(name) for name in names()]
EACH = pytest.mark.parametrize("exercise", EXERCISES, ids=names())
EACH_FAULT = pytest.mark.parametrize(
    ("exercise", "fault"),
    [(exercise, fault) for exercise in EXERCISES for fault in exercise.faults],
    ids=lambda it: it.name,
)

# Every fault that the prescription names.
ASKED = {
    "plank": {"hips_sagging", "hips_piked", "knees_bent", "head_dropped", "head_raised", "shoulders_off_support"},
    "bridge": {"hips_low", "hips_overarched", "hold_short", "lowered_fast", "feet_too_far", "feet_too_near"},
    "cat_cow": {
        "hands_off_shoulders", "knees_off_hips", "arms_bent", "rocking", "shallow_cat", "shallow_cow",
        "head_not_following", "too_fast",
    },
    "side_plank": {"hips_sagging", "hips_piked"},
    "hamstring_stretch": {
        "raised_knee_bent", "other_leg_straight", "other_foot_off_floor", "hips_lifted", "bouncing", "pulled_fast",
        "one_leg_only",
    },
    "sitting_posture": {"slouching", "hunching", "head_forward", "leaning_back", "leaning_sideways"},
    "standing_posture": {"slouching", "hunching", "head_forward", "leaning_back", "leaning_sideways"},
    "partial_crunch": {
        "too_high", "too_low", "hands_behind_head", "arms_not_up", "feet_off_floor", "knees_straight", "too_fast",
        "neck_pulled",
    },
}  # fmt: skip


def test_names():
    assert set(names()) == set(ASKED)
    assert [get(name).name for name in names()] == list(names())


@pytest.mark.parametrize("name", ["", "squat", "Bridge", "partial crunch"])
def test_an_unknown_exercise_is_refused_with_the_known_ones(name):
    with pytest.raises(ExerciseError, match="plank, side_plank, bridge, cat_cow") as caught:
        get(name)
    assert isinstance(caught.value, FormcheckError)
    assert "\n" not in str(caught.value)


@EACH
def test_every_fault_asked_for_is_declared(exercise):
    assert {fault.name for fault in exercise.faults} == ASKED[exercise.name]


@pytest.mark.parametrize(
    ("exercise", "repetitions", "hold_s"),
    [
        ("plank", (0, 0), (30, 60)),
        ("bridge", (10, 10), (10, 15)),
        ("cat_cow", (10, 10), (0, 0)),
        ("partial_crunch", (10, 15), (0, 0)),
        ("side_plank", (0, 0), (30, 60)),
        ("hamstring_stretch", (0, 0), (30, 30)),
        ("sitting_posture", (0, 0), (0, 0)),  # as long as one sits
        ("standing_posture", (0, 0), (0, 0)),
    ],
)
def test_doses_are_the_asked_ones(exercise, repetitions, hold_s):
    dose = get(exercise).dose
    assert (dose.repetitions, dose.hold_s) == (repetitions, hold_s)


@EACH
def test_nothing_in_it_is_a_problem(exercise):
    assert problems(exercise) == []


@EACH
def test_the_measures_whose_rest_is_needed(exercise):
    later = [own for own in exercise.baselines if not own.before]  # the others are known before the hold
    used = {own.measure for own in (*later, *exercise.anchors)} | {one.of for one in exercise.anchors}
    assert set(exercise.rest_measures) == used


@EACH
def test_texts_are_sentences_for_people(exercise):
    for text in (exercise.asked, exercise.camera):
        assert text[0].isupper()
        assert text.endswith(".")
    assert exercise.title[0].isupper()


@EACH_FAULT
def test_a_cue_is_short_and_spoken(exercise, fault):
    assert fault.cue[0].isupper()
    assert fault.cue[-1] == "."
    assert len(fault.cue.split()) <= 12
    assert not any(letter.isdigit() for letter in fault.cue.replace("20 degrees", ""))
    assert fault.means.endswith(".")


@EACH
def test_a_fault_is_found_by_name(exercise):
    for fault in exercise.faults:
        assert exercise.fault(fault.name).name == fault.name
    with pytest.raises(KeyError):
        exercise.fault("nonsense")


@pytest.mark.parametrize(
    ("fault", "value", "already", "excess"),
    [
        (Fault("f", "m", "", "", "hip", above=30, release=28), 35, False, 5),
        (Fault("f", "m", "", "", "hip", above=30, release=28), 29, False, -1),
        (Fault("f", "m", "", "", "hip", above=30, release=28), 29, True, 1),  # not yet right again
        (Fault("f", "m", "", "", "hip", above=30), 29, True, -1),
        (Fault("f", "m", "", "", "hip", below=10, release=12), 4, False, 6),
        (Fault("f", "m", "", "", "hip", below=10, release=12), 11, False, -1),
        (Fault("f", "m", "", "", "hip", below=10, release=12), 11, True, 1),
        (Fault("f", "m", "", "", "hip", below=10), math.nan, False, math.nan),
    ],
)
def test_excess(fault, value, already, excess):
    assert fault.excess(value, already) == pytest.approx(excess, nan_ok=True)


@pytest.mark.parametrize(
    ("value", "rest", "over"),
    [
        (30, 10, 20),
        (5, 10, -5),
        (30, 50, 10),  # nobody's rest is over 20: judged from there
        (30, -50, 40),  # nor under -10
        (math.nan, 10, math.nan),
        (30, math.nan, math.nan),
    ],
)
def test_over_the_persons_own_rest(value, rest, over):
    assert Baseline("own", "m", low=-10, high=20).over(value, rest) == pytest.approx(over, nan_ok=True)


@pytest.mark.parametrize(
    ("value", "rest", "rest_of", "corrected"),
    [
        # At rest 90 + half of 70 = 125 is expected.
        (178, 125, 70, 178),  # reads what it should: nothing to correct
        (188, 133, 70, 184),  # reads 8 too much: half of that is believed
        (170, 121, 70, 172),
        (178, 175, 70, 172),  # never more than 6
        (178, 75, 70, 184),
        (178, 120, 40, 178),  # with the feet that near nothing is expected, and nothing corrected
        (178, 120, 120, 178),  # nor with the feet that far
        (math.nan, 125, 70, math.nan),
        (178, math.nan, 70, math.nan),
        (178, 125, math.nan, math.nan),
    ],
)
def test_an_anchored_measure(value, rest, rest_of, corrected):
    anchor = Anchor("hip_line", "hip", constant=90, factor=0.5, of="knee", weight=0.5, most=6, trusted=(55, 100))
    assert anchor.corrected(value, rest, rest_of) == pytest.approx(corrected, nan_ok=True)


def test_a_bound_knows_no_answer_for_an_unknown_value():
    assert Bound("m", 0, 1).holds(math.nan, already=True) is None
