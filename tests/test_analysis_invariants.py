"""What may not matter, on poses that the real model found in real pictures of the samples."""

from __future__ import annotations

import bodies
import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st
from judged import judged
from pictures import changed, frames_lost, picture_changes
from samples import Watch

NAMES = ("bridge_faulty", "partial_crunch_faulty", "plank_faulty")
FEW = settings(deadline=None, derandomize=True, database=None, max_examples=8)
EACH = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def seen(watch: Watch):
    """By name: the exercise, the poses, and what was made of them."""
    known = {}
    for name in NAMES:
        poses = list(watch(name).recording)
        known[name] = (samples.exercise_of(name), poses, judged(samples.exercise_of(name), poses))
    return known


@EACH
def test_a_mirror_changes_no_number(name, seen):
    exercise, poses, plain = seen[name]
    mirror = judged(exercise, [bodies.mirrored(one) for one in poses])
    assert mirror.outline == plain.outline
    for a, b in zip([*plain.reps, *plain.holds], [*mirror.reps, *mirror.holds], strict=True):
        assert (a.start_s, a.end_s) == (b.start_s, b.end_s)
    for a, b in zip(plain.reps, mirror.reps, strict=True):
        assert a.measures == pytest.approx(b.measures, nan_ok=True, abs=1e-6)


@EACH
@FEW
@given(change=picture_changes())
def test_another_picture_of_the_same_is_judged_the_same(name, seen, change):
    exercise, poses, plain = seen[name]
    assert judged(exercise, changed(poses, change)).outline == plain.outline


@EACH
@FEW
@given(data=st.data())
def test_lost_frames_invent_no_repetition(name, seen, data):
    exercise, poses, plain = seen[name]
    # Twelve frames a second: three in a row leave a gap of a third of a second.
    thinner = judged(exercise, bodies.without(poses, data.draw(frames_lost(len(poses), share=0.3, longest=3))))
    assert thinner.count <= plain.count
    assert len(thinner.holds) <= len(plain.holds)


@EACH
@FEW
@given(factor=st.floats(1.0, 1.6))
def test_a_slower_clip_has_the_same_repetitions(name, seen, factor):
    exercise, poses, plain = seen[name]
    slower = judged(exercise, bodies.stretched(poses, factor))
    tempo = {"lowered_fast", "too_fast"}
    for a, b in zip(plain.reps, slower.reps, strict=True):
        assert set(b.faults) - tempo == set(a.faults) - tempo
        assert (b.outcome in ("good", "faulty")) is (a.outcome in ("good", "faulty"))
        assert b.start_s == pytest.approx(a.start_s * factor, abs=0.5)
        assert b.end_s == pytest.approx(a.end_s * factor, abs=0.5)
    assert [hold.faults for hold in slower.holds] == [hold.faults for hold in plain.holds]


def test_the_tempo_is_the_only_thing_that_a_slower_clip_changes(seen):
    exercise, poses, plain = seen["bridge_faulty"]
    assert [rep.faults for rep in plain.reps][-1] == ("lowered_fast",)
    slower = judged(exercise, bodies.stretched(poses, 2.5))
    assert [rep.outcome for rep in slower.reps] == ["good", "attempt", "faulty", "good"]
