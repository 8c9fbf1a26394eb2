from __future__ import annotations

import pytest
from drills import LIFT, STAY

from formcheck.engine.records import Hold, Repetition, ScorePart
from formcheck.engine.scores import exercise_score, repetition_parts
from formcheck.exercises.declaration import Dose

FULL = {"in_line_s": 2.0}


@pytest.mark.parametrize(
    ("faults", "numbers", "points"),
    [
        # Points for range (of 40), alignment (30), tempo (10), hold (20: 2 s asked).
        ([], FULL, (40, 30, 10, 20)),
        (["high"], FULL, (20, 30, 10, 20)),  # the first fault of a part costs half of it
        (["high", "low"], FULL, (0, 30, 10, 20)),  # the second the rest
        (["knee_out"], FULL, (40, 15, 10, 20)),
        (["knee_out", "dropped"], FULL, (40, 15, 5, 20)),  # each its own part
        ([], {"in_line_s": 0.5}, (40, 30, 10, 5)),  # the share of the asked hold
        ([], {"in_line_s": 9.0}, (40, 30, 10, 20)),  # more earns no more
        ([], {}, (40, 30, 10, 0)),  # never in the line
    ],
)
def test_repetition_parts(faults, numbers, points):
    parts = repetition_parts(LIFT, [LIFT.fault(name) for name in faults], numbers)
    of = {"range": 40, "alignment": 30, "tempo": 10, "hold": 20}
    assert parts == tuple(ScorePart(name, p, of[name]) for name, p in zip(of, points, strict=True))


def test_a_third_fault_of_a_part_costs_nothing_more():
    parts = repetition_parts(LIFT, [LIFT.fault("high")] * 3, FULL)
    assert parts[0] == ScorePart("range", 0, 40)


def rep(outcome, score):
    return Repetition(1, 0.0, 1.0, 2.0, outcome, score=score)


@pytest.mark.parametrize(
    ("reps", "score"),
    [
        # Two are asked for.
        ([], 0),
        ([rep("good", 100)], 50),
        ([rep("good", 100), rep("good", 80)], 90),
        ([rep("good", 100)] * 5, 100),  # never more than 100
        ([rep("faulty", 60), rep("good", 100)], 80),  # a faulty one counts with its own score
        ([rep("attempt", 60), rep("unfinished", 60)], 0),  # these do not
    ],
)
def test_score_of_repetitions(reps, score):
    assert exercise_score(LIFT.dose, reps, []) == pytest.approx(score)


@pytest.mark.parametrize(
    ("in_form", "score"),
    [([], 0), ([5], 50), ([3, 4], 70), ([10], 100), ([30], 100)],  # 10-20 s are asked for
)
def test_score_of_holds(in_form, score):
    holds = [Hold(0.0, 60.0, seconds, seconds) for seconds in in_form]
    assert exercise_score(STAY.dose, [], holds) == pytest.approx(score)


@pytest.mark.parametrize(
    ("held", "score"),
    [
        # 10 s are asked for on each side.
        ([("left", 10), ("right", 10)], 100),
        ([("left", 10)], 50),
        ([("right", 99)], 50),  # one cannot make up for the other
        ([("left", 10), ("right", 5)], 75),
        ([("left", 4), ("left", 6), ("right", 5), ("right", 5)], 100),
        ([("left", 0), ("right", 0)], 0),
    ],
)
def test_score_of_sides(held, score):
    holds = [Hold(0.0, 60.0, seconds, seconds, side) for side, seconds in held]
    assert exercise_score(STAY.dose, [], holds) == pytest.approx(score)


@pytest.mark.parametrize(
    ("held", "score"),
    [
        # No dose: of the time held, that in form.
        ([], 0),
        ([(60, 60)], 100),
        ([(60, 15)], 25),
        ([(60, 60), (20, 0)], 75),
        ([(10, 10.4)], 100),  # never more
    ],
)
def test_score_without_a_dose(held, score):
    holds = [Hold(0.0, seconds, in_form, in_form) for seconds, in_form in held]
    assert exercise_score(Dose(), [], holds) == pytest.approx(score)


@pytest.mark.parametrize(
    ("dose", "words"),
    [
        (Dose(), "as long as you like"),
        (Dose(hold_s=(30, 30)), "hold 30 s"),
        (Dose(hold_s=(30, 60)), "hold 30-60 s"),
        (Dose(repetitions=(10, 15)), "10-15 times"),
        (Dose(repetitions=(10, 10), hold_s=(10, 15)), "10 times, held 10-15 s"),
        (Dose(repetitions=(1, 2), hold_s=(2.5, 2.5)), "1-2 times, held 2.5 s"),
    ],
)
def test_dose_in_words(dose, words):
    assert dose.words() == words
