"""What one exercise counts in a clip of another is told, and what nobody can know is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks._common import Clip, Run, all_names
from benchmarks.confusion import cell, confusions, recognised, scored, total
from formcheck.engine.records import Hold, Repetition, ViewProblem

GOOD = Repetition(1, 1.0, 2.0, 4.0, "good")
ATTEMPT = Repetition(2, 5.0, 6.0, 8.0, "attempt", reason="too low")
HOLD = Hold(2.0, 9.5, 7.0, 7.0)
RENDERED = Clip(Path("a.mp4"), "bridge", truth={"exercise": "bridge"})
FILMED = Clip(
    Path("b.mp4"),
    "bridge",
    label={
        "segments": [
            {"start_s": 0.0, "end_s": 5.0, "note": "lying, as with understanding"},
            {"start_s": 6.0, "end_s": 9.0, "note": "she sits up"},
            {"start_s": 12.0, "end_s": 15.0},
        ]
    },
)


@pytest.mark.parametrize(
    ("run", "own", "text"),
    [
        (Run(), False, "-"),
        (Run(), True, "=-"),
        (Run(reps=[GOOD, ATTEMPT]), True, "=1(1)"),
        (Run(reps=[ATTEMPT]), False, "(1)"),
        (Run(holds=[HOLD, HOLD]), False, "15.0s"),
    ],
)
def test_a_cell_tells_what_was_counted(run, own, text):
    assert cell(run, own) == text


def test_everything_of_another_exercise_is_told():
    view = [ViewProblem("turn_side_on", 5.5, 7.0, "")]
    found = confusions(RENDERED, "partial_crunch", Run(reps=[GOOD, ATTEMPT], holds=[HOLD], view=view))
    assert [(one.outcome, one.counted) for one in found] == [("good", True), ("attempt", False), ("hold", True)]
    assert [one.view for one in found] == [(), ("turn_side_on",), ("turn_side_on",)]
    assert confusions(RENDERED, "bridge", Run(reps=[GOOD])) == []


@pytest.mark.parametrize(
    ("clip", "told", "span", "known"),
    [
        (RENDERED, "sitting_posture", (0, 3), True),
        (FILMED, "sitting_posture", (0, 3), True),
        (FILMED, "sitting_posture", (6, 9), False),  # the note says so
        (FILMED, "sitting_posture", (9.5, 11.5), False),  # nobody has looked there
        (FILMED, "standing_posture", (11, 14), True),
        (FILMED, "standing_posture", (11, 12.2), False),  # labels are that exact
        (FILMED, "plank", (9.5, 11.5), True),
    ],
)
def test_postures_are_scored_where_it_is_known_that_nobody_sits_or_stands(clip, told, span, known):
    assert scored(clip, told, span) is known


def test_the_sum_counts_repetitions_holds_and_pairs():
    run = Run(reps=[GOOD, ATTEMPT], holds=[HOLD])
    found = [*confusions(RENDERED, "plank", run), *confusions(FILMED, "cat_cow", Run(reps=[GOOD]))]
    assert total(found, 2, 10).startswith(
        "3 wrong: 2 repetitions and 1 holds of 7.5 s, in 2 of 2 clips x 10 exercises; 1 "
    )


def runs(**made):
    """What each exercise made of a clip of a minute; nothing where it is not named."""
    return {name: Run(times_s=[0.0, 60.0], **made.get(name, {})) for name in all_names()}


@pytest.mark.parametrize(
    ("clip", "made", "told", "verdict"),
    [
        (RENDERED, {"bridge": {"reps": [GOOD]}}, {"bridge": 3.0}, "right"),
        (RENDERED, {}, {}, "unknown"),
        (RENDERED, {"bridge": {"reps": [GOOD]}, "partial_crunch": {"reps": [GOOD]}}, {}, "unknown"),  # either
        (RENDERED, {"plank": {"holds": [HOLD]}}, {"plank": 7.5}, "wrong"),
        (RENDERED, {"bridge": {"reps": [GOOD]}, "plank": {"holds": [Hold(20, 30, 9, 9)]}}, None, "wrong"),
        # Somebody sits where nobody has looked: not known to be wrong.
        (FILMED, {"bridge": {"reps": [GOOD]}, "sitting_posture": {"holds": [Hold(20, 30, 9, 9)]}}, None, "right"),
        (FILMED, {"sitting_posture": {"holds": [Hold(0, 5.5, 5, 5)]}}, {"sitting_posture": 5.5}, "wrong"),
        # Of what auto does not know, nothing is right, and of an empty room.
        (replace(RENDERED, exercise="bird_dog"), {"bird_dog": {"reps": [GOOD]}}, {}, "right"),
        (replace(RENDERED, exercise="empty"), {"plank": {"holds": [HOLD]}}, {"plank": 7.5}, "wrong"),
    ],
)
def test_what_auto_recognises_is_held_against_what_is_done(clip, made, told, verdict):
    found = recognised(clip, runs(**made))
    assert found.verdict == verdict
    assert told is None or found.told == told
