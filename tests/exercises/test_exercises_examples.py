"""The shipped examples on the clips of their exercises, and on those of others."""

from __future__ import annotations

import pytest
import samples
from judged import judged

from formcheck.exercises import examples, get, names

CLIPS = sorted(path.stem for path in samples.SAMPLES.glob("*.mp4") if samples.exercise_of(path.stem) in examples())

pytestmark = pytest.mark.slow


@pytest.fixture
def poses(watch):
    return lambda clip: list(watch(clip).recording)


@pytest.mark.parametrize("clip", CLIPS)
def test_every_repetition_is_judged_right(watch, clip):
    asked = []
    unjudged = get(samples.exercise_of(clip)).unjudged
    for rep in samples.truth(clip)["reps"]:
        faults = set(rep["faults"]) - set(unjudged)
        asked.append(("faulty" if faults else "good", faults))
    found = watch(clip).result.reps
    assert watch(clip).result.unjudged == tuple(unjudged.values())
    assert [(rep.outcome, set(rep.faults)) for rep in found] == asked
    for rep, true in zip(found, samples.truth(clip)["reps"], strict=True):
        assert rep.start_s == pytest.approx(true["start_s"], abs=1.0)
        assert rep.end_s == pytest.approx(true["end_s"], abs=0.6)


def test_the_dead_bug_says_what_it_does_not_see():
    """Nothing in a side view shows whether the lower back of somebody lying is arched off the mat."""
    assert set(get("dead_bug").unjudged) == {"back_arched"}


@pytest.mark.parametrize("clip", CLIPS)
def test_other_exercises_count_nothing_there(poses, clip):
    seen = poses(clip)
    others = [name for name in (*names(), *examples()) if name != samples.exercise_of(clip)]
    assert [name for name in others if judged(name, seen).reps or judged(name, seen).holds] == []


@pytest.mark.parametrize("clip", samples.NAMES)
def test_examples_count_nothing_on_other_clips(poses, clip):
    seen = poses(clip)
    # On bent arms a leg that slides back is told as unfinished, which is not counted.
    assert [name for name in examples() if judged(name, seen).count or judged(name, seen).holds] == []
