"""The declarations themselves: complete, and every name in them means something."""

from __future__ import annotations

import math

import pytest

from formcheck.errors import ExerciseError, FormcheckError
from formcheck.exercises import get, names
from formcheck.exercises.declaration import HELD, Anchor, Baseline, Bound, Exercise, Fault
from formcheck.measure.body import JOINTS, Body, measures

EXERCISES = [get(name) for name in names()]
EACH = pytest.mark.parametrize("exercise", EXERCISES, ids=names())
EACH_FAULT = pytest.mark.parametrize(
    ("exercise", "fault"),
    [(exercise, fault) for exercise in EXERCISES for fault in exercise.faults],
    ids=lambda it: it.name,
)

_NOWHERE = dict.fromkeys(JOINTS, (math.nan, math.nan))
MEASURES = set(measures(Body("left", _NOWHERE), Body("right", _NOWHERE), "up"))
TEMPO = {"rising_s", "top_held_s", "lowering_s", "in_line_s"}

# Every fault that the prescription names.
ASKED = {
    "plank": {"hips_sagging", "hips_piked", "knees_bent", "head_dropped", "head_raised", "shoulders_off_support"},
    "bridge": {"hips_low", "hips_overarched", "hold_short", "lowered_fast", "feet_too_far", "feet_too_near"},
    "partial_crunch": {
        "too_high", "too_low", "hands_behind_head", "arms_not_up", "feet_off_floor", "knees_straight", "too_fast",
        "neck_pulled",
    },
}  # fmt: skip


def known(exercise: Exercise) -> set[str]:
    """All names that may be judged frame by frame."""
    return MEASURES | {own.name for own in (*exercise.baselines, *exercise.anchors)} | {HELD}


def test_names():
    assert set(names()) == set(ASKED)
    assert [get(name).name for name in names()] == list(names())


@pytest.mark.parametrize("name", ["", "squat", "Bridge", "partial crunch"])
def test_an_unknown_exercise_is_refused_with_the_known_ones(name):
    with pytest.raises(ExerciseError, match="plank, bridge, partial_crunch") as caught:
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
        ("partial_crunch", (10, 15), (0, 0)),
    ],
)
def test_doses_are_the_asked_ones(exercise, repetitions, hold_s):
    dose = get(exercise).dose
    assert (dose.repetitions, dose.hold_s) == (repetitions, hold_s)


@EACH
def test_counted_in_repetitions_or_in_seconds(exercise):
    assert (exercise.movement is None) is not (exercise.holding is None)
    assert (exercise.movement is not None) is (exercise.dose.repetitions[1] > 0)


@EACH
def test_every_bound_names_a_measure(exercise):
    bounds = [*exercise.posture, *(b for fault in exercise.faults if not fault.per_repetition for b in fault.only_if)]
    if exercise.movement is not None:
        bounds += exercise.movement.line
    else:
        bounds += [bound for variant in exercise.holding.variants for bound in variant.bounds]
    assert bounds
    for bound in bounds:
        assert bound.measure in known(exercise), bound
        assert bound.low < bound.high, bound
        assert bound.margin >= 0, bound


@EACH
def test_movement_or_holding_names_measures(exercise):
    if exercise.movement is not None:
        movement = exercise.movement
        assert movement.lift in MEASURES
        assert {movement.main, *movement.shown} <= known(exercise) - {HELD}
        assert movement.main in movement.shown
        assert 0 < movement.settled < movement.back < movement.leave < movement.least
        assert movement.line
    else:
        assert {name for name, _ in exercise.holding.steady} <= known(exercise)
        assert all(variant.main in MEASURES for variant in exercise.holding.variants)
        assert all(width > 0 for _, width in exercise.holding.steady)


@EACH
def test_what_hangs_on_the_persons_own_rest_has_a_name_of_its_own(exercise):
    named = [own.name for own in (*exercise.baselines, *exercise.anchors)]
    assert len(set(named)) == len(named)
    assert not set(named) & MEASURES
    assert all(baseline.measure in MEASURES for baseline in exercise.baselines)
    assert all(baseline.low < baseline.high for baseline in exercise.baselines)
    assert all({anchor.measure, anchor.of} <= MEASURES for anchor in exercise.anchors)
    assert all(0 < anchor.weight <= 1 and anchor.most > 0 for anchor in exercise.anchors)
    used = {own.measure for own in (*exercise.baselines, *exercise.anchors)} | {a.of for a in exercise.anchors}
    assert set(exercise.rest_measures) == used


@EACH
def test_joints_exist(exercise):
    assert set(exercise.needs) <= set(JOINTS)
    assert set(exercise.line) <= set(JOINTS)
    assert len(exercise.line) >= 2


@EACH
def test_texts_are_sentences_for_people(exercise):
    for text in (exercise.asked, exercise.camera):
        assert text[0].isupper()
        assert text.endswith(".")
    assert exercise.title[0].isupper()


@EACH
def test_score_parts_sum_to_100(exercise):
    assert sum(exercise.score.values()) == (100 if exercise.movement else 0)


@EACH_FAULT
def test_a_fault_judges_something_that_is_known(exercise, fault):
    if fault.per_repetition:
        assert exercise.movement is not None
        numbers = {*exercise.movement.shown, *TEMPO}
        assert fault.measure in numbers
        assert {bound.measure for bound in fault.only_if} <= numbers
    else:
        assert fault.measure in known(exercise)
        assert fault.during <= ({"hold"} if exercise.holding else {"rest", "moving", "top"})


@EACH_FAULT
def test_a_fault_has_one_limit_and_a_release_on_the_right_side_of_it(exercise, fault):
    assert math.isfinite(fault.above) is not math.isfinite(fault.below)
    if not math.isnan(fault.release):
        assert not fault.per_repetition
        assert fault.release < fault.above if math.isfinite(fault.above) else fault.release > fault.below
    assert 0 < fault.dwell_s < 1


@EACH_FAULT
def test_a_fault_has_a_unit_that_fits(exercise, fault):
    units = {"s": "s", "deg": "deg"}
    ending = fault.measure.rsplit("_", 1)[-1]
    if fault.measure == HELD:
        assert fault.unit == "line lengths"
    else:
        assert fault.unit == units.get(ending, "trunk lengths")


@EACH_FAULT
def test_a_cue_is_short_and_spoken(exercise, fault):
    assert fault.cue[0].isupper()
    assert fault.cue[-1] == "."
    assert len(fault.cue.split()) <= 12
    assert not any(letter.isdigit() for letter in fault.cue.replace("20 degrees", ""))
    assert fault.means.endswith(".")


@EACH_FAULT
def test_a_fault_costs_a_part_of_the_score(exercise, fault):
    if exercise.movement is not None and fault.spoils != "dose":
        assert fault.part in exercise.score
    assert fault.joint in JOINTS


@EACH_FAULT
def test_an_attempt_gives_its_reason(exercise, fault):
    assert bool(fault.reason) is (fault.spoils == "attempt")
    assert math.isfinite(fault.target) or "{gap" not in fault.reason


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
