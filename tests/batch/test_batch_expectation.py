"""What of an expectation a result does not meet, and in which words it is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from expected_results import fault, made, problem, rep, results
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.batch.expectation import (
    Expectation,
    Expected,
    HoldExpected,
    Number,
    Range,
    RepetitionsExpected,
    failures,
    refusal_failure,
)
from formcheck.engine.records import OUTCOMES, Hold
from formcheck.errors import NoPersonError
from formcheck.report.result import AnalysisResult, Source

LOW = "hips stopped 14 deg short of the line"
BRIDGES = made(
    "bridge",
    reps=(
        rep(1, 2.0),
        rep(2, 8.0),
        rep(3, 14.2, "attempt", LOW, "hips_low"),
        rep(4, 20.0, "faulty", None, "feet_too_far"),
        replace(rep(5, 26.0), notes=("hold_short",)),
    ),
    faults=(fault("hips_low", 15.0, 166.0), fault("feet_too_far", 21.0)),
)
PLANK = made(
    "plank",
    holds=(Hold(3.0, 17.2, 11.0, 9.0, None, "forearm", ("hips_sagging",)),),
    faults=(fault("hips_sagging", 12.0, 0.07, "line lengths"),),
)
SIDES = made("side_plank", holds=(Hold(3.0, 18.0, 15.0, 15.0, "left"), Hold(30.0, 41.0, 11.0, 11.0, "left")))
NOTHING = made("bridge", view_problems=(problem("turn_side_on", 2.0), problem("turn_side_on", 9.0)))


def told(result: AnalysisResult, **wanted: Any) -> tuple[str, ...]:
    return failures(Expectation(result.exercise, **wanted), result)


def reps_told(result: AnalysisResult, **wanted: Number) -> tuple[str, ...]:
    return told(result, repetitions=RepetitionsExpected(**wanted))


ATTEMPT = f"repetition 3 (0:14) is an attempt, {LOW} (hips_low)"
FAULTY = "repetition 4 (0:20) is faulty, feet_too_far (118 deg)"
REPETITIONS = [
    (BRIDGES, {"good": Number(3), "faulty": Number(1), "attempt": Number(1), "unfinished": Number(0)}, None),
    (BRIDGES, {"good": Number(min=2, max=4), "counted": Number(4)}, None),
    (BRIDGES, {"good": Number(5)}, f"expected 5 good bridges, found 3: {ATTEMPT}; {FAULTY}"),
    (BRIDGES, {"good": Number(min=4)}, f"expected at least 4 good bridges, found 3: {ATTEMPT}; {FAULTY}"),
    # Too many: which they are.
    (
        BRIDGES,
        {"good": Number(1)},
        "expected 1 good bridge, found 3: repetitions 1 (0:02), 2 (0:08), 5 (0:26) are good",
    ),
    (BRIDGES, {"faulty": Number(0)}, f"expected no faulty bridge, found 1: {FAULTY}"),
    (BRIDGES, {"attempt": Number(max=0)}, f"expected at most 0 attempted bridges, found 1: {ATTEMPT}"),
    (BRIDGES, {"counted": Number(5)}, f"expected 5 counted bridges, found 4: {ATTEMPT}"),
    (NOTHING, {"good": Number(2)}, "expected 2 good bridges, found none: no repetition was seen "
     "(view problem turn_side_on at 0:02, 0:09)"),
    # All that were seen are good, and still they are too few.
    (made("partial_crunch", reps=(rep(1, 2.0),)), {"good": Number(2)},
     "expected 2 good partial crunches, found 1, no other one was seen: repetition 1 (0:02) is good"),
    # A long list is cut.
    (made("bridge", reps=tuple(rep(i, 4.0 * i) for i in range(1, 10))), {"good": Number(0)},
     "expected no good bridge, found 9: repetitions 1 (0:04), 2 (0:08), 3 (0:12), 4 (0:16), 5 (0:20), 6 (0:24) "
     "and 3 more are good"),
]  # fmt: skip


@pytest.mark.parametrize(("result", "wanted", "sentence"), REPETITIONS)
def test_repetitions(result: AnalysisResult, wanted: dict[str, Number], sentence: str | None):
    assert reps_told(result, **wanted) == (() if sentence is None else (sentence,))


SAGGING = "hips_sagging at 0:12 (7 % of the line)"
HOLDS = [
    (PLANK, (HoldExpected(14.0, 11.4, 2.6, None, "forearm"),), None),
    (PLANK, (HoldExpected(20.0, tolerance_s=6.0),), None),
    (PLANK, (HoldExpected(20.0),), f"expected a hold of 20 s, found one of 14.2 s from 0:03: {SAGGING}"),
    (PLANK, (HoldExpected(14.0, 14.0),),
     f"expected a hold with 14 s in form, found one with 11.0 s in form from 0:03: {SAGGING}"),
    (PLANK, (HoldExpected(14.0, start_s=5.5),),
     "expected a hold that begins at 5.5 s, found one that begins at 3.0 s"),
    (PLANK, (HoldExpected(14.0, variant="knees"),),
     "expected a hold of the variant knees, found one of forearm from 0:03"),
    (PLANK, (), "expected no hold, found a hold of 14.2 s from 0:03"),
    (SIDES, (HoldExpected(15.0, side="left"), HoldExpected(11.0, side="right")),
     "expected hold 2 on the right side, found one on the left side from 0:30"),
    (SIDES, (HoldExpected(15.0),), "expected a hold of 15 s, found 2 holds (15.0 s from 0:03, 11.0 s from 0:30)"),
    (made("plank", view_problems=(problem("too_far", 1.0),)), (HoldExpected(15.0, start_s=4.0),),
     "expected a hold of 15 s from 0:04, found no hold (view problem too_far at 0:01)"),
]  # fmt: skip


@pytest.mark.parametrize(("result", "wanted", "sentence"), HOLDS)
def test_holds(result: AnalysisResult, wanted: tuple[HoldExpected, ...], sentence: str | None):
    assert told(result, holds=wanted) == (() if sentence is None else (sentence,))


PHOTO = replace(
    made("plank", faults=(fault("hips_sagging", 0.0, 0.07, "line lengths"),)),
    source=Source("photo.jpg", 0.0, 1, 640, 480, 0.0),
)
UNKNOWN_WORST = made("bridge", faults=(fault("hips_low", 3.0, float("nan")),))
NAMES = [
    (BRIDGES, {"faults": ("hips_low", "feet_too_far"), "no_other_faults": True}, ()),
    # What is short of the dose only is no fault, and may be asked for by its name.
    (BRIDGES, {"faults": ("hold_short",)}, ()),
    (BRIDGES, {"no_faults": ("hold_short",)}, ("expected no hold_short, found it in repetition 5 (0:26)",)),
    (BRIDGES, {"no_faults": ("feet_too_far",)}, ("expected no feet_too_far, found it at 0:21 (118 deg)",)),
    (BRIDGES, {"faults": ("lowered_fast",)}, (
        "expected the fault lowered_fast, did not find it: found only hips_low at 0:15 (166 deg), feet_too_far at "
        "0:21 (118 deg), hold_short in repetition 5 (0:26)",)),
    (NOTHING, {"faults": ("lowered_fast",)},
     ("expected the fault lowered_fast, did not find it: no fault was found",)),
    (BRIDGES, {"faults": ("hips_low",), "no_other_faults": True},
     ("expected no other fault, found feet_too_far at 0:21 (118 deg)",)),
    (BRIDGES, {"no_other_faults": True}, (
        "expected no fault, found hips_low at 0:15 (166 deg)",
        "expected no fault, found feet_too_far at 0:21 (118 deg)")),
    (UNKNOWN_WORST, {"no_faults": ("hips_low",)}, ("expected no hips_low, found it at 0:03",)),
    (PHOTO, {"no_other_faults": True}, ("expected no fault, found hips_sagging (7 % of the line)",)),
    (NOTHING, {"view": ("turn_side_on",), "no_other_view": True}, ()),
    (NOTHING, {"no_view": ("turn_side_on",)}, ("expected no turn_side_on, found it at 0:02, 0:09",)),
    (NOTHING, {"no_other_view": True}, ("expected no view problem, found turn_side_on at 0:02, 0:09",)),
    (BRIDGES, {"view": ("too_far",)},
     ("expected the view problem too_far, did not find it: no view problem was found",)),
    (BRIDGES, {"score": Range(50, 50)}, ()),
    (BRIDGES, {"score": Range(min=80)}, ("expected a score of at least 80, found 50.0",)),
    (BRIDGES, {"score": Range(10, 40.5)}, ("expected a score of 10 to 40.5, found 50.0",)),
]  # fmt: skip


@pytest.mark.parametrize(("result", "wanted", "sentences"), NAMES)
def test_faults_view_and_score(result: AnalysisResult, wanted: dict[str, Any], sentences: tuple[str, ...]):
    assert told(result, **wanted) == sentences


def test_several_things_are_told_one_by_one():
    wanted = RepetitionsExpected(good=Number(4), attempt=Number(0))
    assert len(told(BRIDGES, repetitions=wanted, score=Range(min=60), no_faults=("hips_low",))) == 4


AUTO = made("auto", exercises=(replace(BRIDGES, summary="Glute bridge: 4 counted."), PLANK))
BOTH = (Expected("bridge"), Expected("plank"))
RECOGNISED = [
    (AUTO, {"exercises": BOTH}, ()),
    (AUTO, {"exercises": BOTH[::-1]}, ()),
    (AUTO, {}, ()),
    (AUTO, {"exercises": BOTH[1:]},
     ("expected that bridge is not recognised, found it: Glute bridge: 4 counted",)),
    (AUTO, {"exercises": (*BOTH, Expected("cat_cow"))},
     ("expected that cat cow is recognised, found bridge, plank",)),
    (AUTO, {"exercises": (BOTH[0], Expected("plank", holds=(HoldExpected(20.0),)))},
     (f"plank: expected a hold of 20 s, found one of 14.2 s from 0:03: {SAGGING}",)),
    (made("auto", view_problems=(problem("too_dark", 0.0),)), {"exercises": BOTH[:1], "view": ("too_dark",)},
     ("expected that bridge is recognised, found no exercise (view problem too_dark at 0:00)",)),
    (made("auto", exercises=(NOTHING,)), {"no_other_view": True},
     ("expected no view problem, found turn_side_on at 0:02, 0:09",)),
]  # fmt: skip


@pytest.mark.parametrize(("result", "wanted", "sentences"), RECOGNISED)
def test_recognised_exercises(result: AnalysisResult, wanted: dict[str, Any], sentences: tuple[str, ...]):
    assert told(result, **wanted) == sentences


def test_a_result_that_is_of_something_else_or_not_whole():
    (other,) = failures(Expectation("plank"), BRIDGES)
    assert other == "expected the exercise plank, but bridge was looked for"
    assert failures(Expectation("own/bridge.toml"), BRIDGES) == ()
    (stopped,) = told(replace(BRIDGES, interrupted=True), no_faults=("hips_low",))
    assert stopped.startswith("the analysis was stopped")


def test_refused_clips():
    refused, judged = Expectation("bridge", refused=True), Expectation("bridge")
    error = NoPersonError("Nobody was found in any of the 12 pictures of x.mp4.")
    assert refusal_failure(refused, error) is None
    told_of = refusal_failure(judged, error)
    assert told_of == (
        "expected a clip that can be judged, but it was refused: Nobody was found in any of the 12 pictures of x.mp4"
    )
    (found,) = failures(refused, BRIDGES)
    assert found == "expected that nobody in the clip can be judged, found somebody in 97 % of the pictures"


COUNTS = st.builds(Number, *(st.one_of(st.none(), st.integers(0, 9)) for _ in range(3)))


@settings(max_examples=60)
@given(results(), st.builds(RepetitionsExpected, **{name: st.one_of(st.none(), COUNTS) for name in OUTCOMES}))
def test_one_sentence_for_each_count_that_is_off(result: AnalysisResult, wanted: RepetitionsExpected):
    asked = {name: getattr(wanted, name) for name in OUTCOMES}
    off = [name for name, one in asked.items() if one is not None and not one.allows(result.counts[name])]
    sentences = told(result, repetitions=wanted)
    assert len(sentences) == len(off)
    assert all(one.startswith("expected ") and not one.endswith(".") for one in sentences if "," in one)


@settings(max_examples=60)
@given(results())
def test_where_nothing_is_expected_nothing_is_wrong(result: AnalysisResult):
    assert told(result) == ()


@settings(max_examples=60)
@given(results())
def test_a_fault_is_either_there_or_not(result: AnalysisResult):
    names = {span.name for span in result.faults} | {"never"}
    for name in names:
        assert bool(told(result, faults=(name,))) != bool(told(result, no_faults=(name,)))
