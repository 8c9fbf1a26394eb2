"""A changed clip is right, wrong, warned of or refused as its counts and what was said ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks._common import Clip, Run
from benchmarks._verdicts import outcome_of, verdict_of
from benchmarks.robustness import Row, one_of_each, print_rows, wrong_lines
from formcheck.engine.records import FaultSpan, Hold, Repetition, ViewProblem

GOOD = Repetition(1, 1.0, 2.0, 4.0, "good")
FAULTY = Repetition(1, 1.0, 2.0, 4.0, "faulty", faults=("too_fast",))
ATTEMPT = Repetition(1, 1.0, 2.0, 4.0, "attempt", reason="too low")
TURN = ViewProblem("turn_side_on", 0.0, 5.0, "")
REPS = {"reps": [{"start_s": 1.0, "top_s": 2.0, "end_s": 4.0, "outcome": "good"}], "holds": [], "faults": []}
HOLDS = {"reps": [], "holds": [{"start_s": 2.0, "end_s": 9.0, "in_form_s": 7.0, "side": "left"}], "faults": []}


def hold(start_s=2.0, end_s=9.0, side="left"):
    return Hold(start_s, end_s, end_s - start_s, end_s - start_s, side)


@pytest.mark.parametrize(
    ("wrong", "counted", "said", "verdict"),
    [
        (False, True, False, "right"),
        (False, True, True, "right"),
        (False, False, False, "right"),  # nothing to be found, nothing found
        (True, True, False, "WRONG"),
        (True, False, False, "WRONG"),  # missed without a word
        (True, True, True, "warned"),
        (True, False, True, "refused"),
    ],
)
def test_the_verdict_follows_from_what_was_wrong_counted_and_said(wrong, counted, said, verdict):
    assert verdict_of(wrong, counted, said) == verdict


@pytest.mark.parametrize(
    ("truth", "run", "verdict"),
    [
        (REPS, Run(reps=[GOOD], seen=True), "right"),
        (REPS, Run(reps=[FAULTY], seen=True), "WRONG"),
        (REPS, Run(reps=[], seen=True), "WRONG"),
        (REPS, Run(reps=[], seen=False), "refused"),
        (REPS, Run(reps=[ATTEMPT], view=[TURN], seen=True), "refused"),
        (REPS, Run(reps=[FAULTY], view=[TURN], seen=True), "warned"),
        (REPS, Run(reps=[GOOD], view=[TURN], seen=True), "right"),
        (HOLDS, Run(holds=[hold()], seen=True), "right"),
        (HOLDS, Run(holds=[hold(2.4)], seen=True), "right"),
        (HOLDS, Run(holds=[hold(2.6)], seen=True), "off"),
        (HOLDS, Run(holds=[hold(2.6)], view=[TURN], seen=True), "warned"),
        (HOLDS, Run(holds=[hold(2.6, side="right")], seen=True), "WRONG"),
        (HOLDS, Run(holds=[hold(2.6), hold(10, 12)], seen=True), "WRONG"),
        (HOLDS, Run(holds=[hold(side="right")], seen=True), "WRONG"),
        (HOLDS, Run(holds=[hold(side="right")], view=[TURN], seen=True), "warned"),
        (HOLDS, Run(holds=[hold(), hold(10, 12)], seen=True), "WRONG"),
    ],
)
def test_clips_are_judged_by_outcomes_and_holds(truth, run, verdict):
    outcome = outcome_of(truth, run)
    assert outcome.verdict == verdict
    assert bool(outcome.wrong) == (verdict != "right")


def test_a_slow_camera_may_be_late_by_one_picture():
    run = Run(holds=[hold(2.6)], seen=True)
    assert outcome_of(HOLDS, run, every_s=1 / 8).verdict == "right"


def test_faults_are_figures_of_their_own():
    truth = REPS | {"faults": [{"name": "too_fast", "start_s": 1.0, "end_s": 2.0}]}
    told = FaultSpan("too_high", 1.0, 2.0, 40.0, "deg", "", "shoulder")
    outcome = outcome_of(truth, Run(reps=[GOOD], faults=[told], seen=True))
    assert outcome.verdict == "right"
    assert (outcome.faults.true, outcome.faults.hit, outcome.faults.found, outcome.faults.right) == (1, 0, 1, 0)
    assert len(outcome.faults_wrong) == 2


def test_what_is_told_of_the_whole_clip_is_a_warning():
    outcome = outcome_of(REPS, Run(troubles=("noisy",), seen=True))
    assert (outcome.verdict, outcome.said) == ("refused", ["noisy"])
    assert outcome_of(HOLDS, Run(holds=[hold(3.0)], troubles=("blurred",), seen=True)).verdict == "warned"


def test_what_is_not_judged_is_listed():
    truth = {"reps": [REPS["reps"][0] | {"outcome": "faulty", "faults": ["back_arched"]}], "holds": []}
    truth["faults"] = [{"name": "back_arched", "start_s": 1.0, "end_s": 2.0}]
    run = Run(reps=[GOOD], seen=True)
    outcome = outcome_of(truth, run, unjudged=["back_arched"])
    assert (outcome.verdict, len(outcome.unjudged), outcome.faults.true) == ("right", 1, 0)
    assert outcome_of(truth, run).verdict == "WRONG"


def test_what_was_said_is_named():
    assert outcome_of(REPS, Run(view=[TURN, TURN], seen=True)).said == ["turn_side_on"]
    assert outcome_of(REPS, Run(seen=False)).said == ["nobody"]


def test_one_clip_of_each_exercise_is_the_one_with_most_in_it():
    def clip(name, exercise, truth):
        return Clip(Path(f"{name}.mp4"), exercise, truth)

    empty = {"reps": [], "holds": [], "faults": []}
    clips = [clip("a", "bridge", empty), clip("b", "bridge", REPS), clip("c", "plank", HOLDS)]
    assert [c.name for c in one_of_each(clips)] == ["b", "c"]


def test_the_report_counts_inside_and_outside_apart(capsys):
    right, wrong = outcome_of(REPS, Run(reps=[GOOD], seen=True)), outcome_of(REPS, Run(seen=True))
    rows = [
        Row("a", "bridge", "roll +8", True, right),
        Row("b", "bridge", "roll +8", True, wrong),
        Row("a", "bridge", "roll +12", False, right),
    ]
    print_rows(rows)
    printed = capsys.readouterr().out
    assert "1/2 1!" in printed
    assert "promises: 2 clips, 1 right, 0 off, 0 warned, 0 refused, 1 WRONG" in printed
    assert "Outside of it: 1 clips, 1 right" in printed
    assert "b, roll +8: WRONG: repetition 1 (top 2.0 s, good) was missed" in printed


def test_a_refusal_is_one_line_and_what_was_wrong_before_is_said_to_be():
    wrong, refused = outcome_of(REPS, Run(seen=True)), outcome_of(REPS, Run(view=[TURN], seen=True))
    rows = [
        Row("a", "bridge", "as filmed", True, wrong),
        Row("a", "bridge", "roll +8", True, wrong),
        Row("a", "bridge", "roll +12", False, refused),
        Row("b", "bridge", "roll +8", True, wrong),
    ]
    missed = "WRONG: repetition 1 (top 2.0 s, good) was missed"
    assert wrong_lines(rows, rows) == [
        f"a, as filmed: {missed}",
        f"a, roll +8: {missed} (as filmed, too)",
        "a, roll +12: refused [turn_side_on]",
        f"b, roll +8: {missed}",
    ]
