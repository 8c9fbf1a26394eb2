"""Which exercise is being done: pure decisions on events, and sample clips one after another."""

from __future__ import annotations

import json
from dataclasses import replace

import cv2
import pytest
import samples

from formcheck import analyze, exercises
from formcheck.engine.records import Hold, Repetition
from formcheck.recognition import UNKNOWN_LEAST_S, Recogniser, recognise


def rep(start_s, end_s, outcome="good"):
    return Repetition(1, start_s, (start_s + end_s) / 2, end_s, outcome)


def hold(start_s, end_s):
    return Hold(start_s, end_s, end_s - start_s, end_s - start_s)


def told(events, duration_s=60.0):
    heard = [(exercises.get(name), said) for name, said in events.items()]
    found = recognise(heard, duration_s)
    return [(p.exercise.name, *p.spans) for p in found.performances], found.unknown


@pytest.mark.parametrize(
    ("events", "performances", "unknown"),
    [
        ({}, [], ((0.0, 60.0),)),
        ({"bridge": [rep(2, 8), rep(10, 16)]}, [("bridge", (2, 16))], ((16, 60.0),)),
        # In the order of their beginnings, with what lies between.
        (
            {"bridge": [rep(40, 46)], "plank": [hold(5, 20)]},
            [("plank", (5, 20)), ("bridge", (40, 46))],
            ((0.0, 5), (20, 40), (46, 60.0)),
        ),
        # A short pause belongs to the exercise, a long one does not.
        ({"bridge": [rep(0, 6), rep(20, 26), rep(54, 60)]}, [("bridge", (0, 26), (54, 60))], ((26, 54),)),
        # Two at once: the one with clearly more evidence, or neither.
        ({"bridge": [rep(0, 6), rep(8, 14)], "partial_crunch": [rep(7, 9)]}, [("bridge", (0, 14))], ((14, 60.0),)),
        ({"plank": [hold(0, 60)], "sitting_posture": [hold(0, 60)]}, [], ((0.0, 60.0),)),
        # Attempts say a little, one alone too little where something else was done.
        ({"bridge": [rep(0, 6, "attempt"), rep(8, 14, "attempt")]}, [("bridge", (0, 14))], ((14, 60.0),)),
        ({"bridge": [rep(0, 6, "attempt")], "partial_crunch": [rep(0, 6)]}, [("partial_crunch", (0, 6))], ((6, 60.0),)),
        # Sitting down between two exercises is none.
        ({"sitting_posture": [hold(10, 13)]}, [], ((0.0, 60.0),)),
        ({"bridge": [rep(0, 6, "unfinished")]}, [], ((0.0, 60.0),)),
    ],
)
def test_what_was_done(events, performances, unknown):
    assert told(events) == (performances, unknown)


@pytest.mark.slow
@pytest.mark.parametrize("clip", samples.NAMES)
def test_every_sample_clip_is_recognised(clip, watch):
    found = Recogniser()
    poses = list(watch(clip).recording)
    for pose in poses:
        found.step(pose)
    found.finish()
    done = [p.exercise.name for p in found.recognition(poses[-1].time_s).performances]
    known = samples.exercise_of(clip) in exercises.names()
    assert done == ([samples.exercise_of(clip)] if known else [])


def in_a_row(watch, clips):
    """What is recognised in clips cut hard into one, when each of them begins, and how long all are."""
    found, starts, end_s = Recogniser(), [], 0.0
    for clip in clips:
        poses = list(watch(clip).recording)
        starts.append(end_s + 0.1)
        for i, pose in enumerate(poses):
            found.step(replace(pose, time_s=starts[-1] + pose.time_s, new_shot=i == 0))
        end_s = starts[-1] + poses[-1].time_s
    found.finish()
    return found.recognition(end_s), starts, end_s


def true_gaps(clips, starts, end_s):
    """The stretches of no exercise, long enough to be told of: what is true of the clips one after another."""
    edges = [0.0]
    for clip, start_s in zip(clips, starts, strict=True):
        done = [*samples.truth(clip)["reps"], *samples.truth(clip)["holds"]]
        edges += [start_s + done[0]["start_s"], start_s + done[-1]["end_s"]]
    gaps = zip(edges[::2], [*edges[1::2], end_s], strict=True)
    return [gap for gap in gaps if gap[1] - gap[0] >= UNKNOWN_LEAST_S]


def test_several_in_a_row(watch):
    """Two clips as one: one block for each."""
    first, second = in_a_row(watch, ("plank_faulty", "bridge_faulty"))[0].performances
    assert (first.exercise.name, second.exercise.name) == ("plank", "bridge")
    assert [e.outcome for e in second.events if isinstance(e, Repetition)] == ["good", "attempt", "faulty", "faulty"]


def test_three_in_a_row_and_what_lies_between(watch):
    """A block for each with all that it counts alone, and the way from one to the next unknown."""
    clips = ("plank_faulty", "bridge_faulty", "cat_cow_good")
    found, starts, end_s = in_a_row(watch, clips)
    assert [p.exercise.name for p in found.performances] == ["plank", "bridge", "cat_cow"]
    for clip, performance in zip(clips, found.performances, strict=True):
        alone = watch(clip).result
        outcomes = [e.outcome for e in performance.events if isinstance(e, Repetition)]
        held_s = [e.end_s - e.start_s for e in performance.events if isinstance(e, Hold)]
        assert outcomes == [rep.outcome for rep in alone.reps]
        assert held_s == pytest.approx([hold.end_s - hold.start_s for hold in alone.holds], abs=0.1)
    expected = true_gaps(clips, starts, end_s)
    assert len(expected) == len(found.unknown) == 3
    for gap, true in zip(found.unknown, expected, strict=True):
        assert gap == pytest.approx(true, abs=0.6)


def test_auto_in_the_result(tmp_path):
    result = analyze(samples.SAMPLES / "bridge_feet_near.mp4", "auto", out=tmp_path, video=False)
    data = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert [block.exercise for block in result.exercises] == ["bridge"]
    assert [block["exercise"] for block in data["exercises"]] == ["bridge"]
    assert data["exercise"] == "auto"
    assert data["exercises"][0]["counts"]["faulty"] == 2
    assert "reps" not in data


@pytest.mark.parametrize(("second", "faults"), [(3.0, ()), (9.5, ("hunching",)), (30.0, ("leaning_back",))])
def test_a_photo_is_judged(tmp_path, second, faults):
    film = cv2.VideoCapture(str(samples.SAMPLES / "sitting_posture_faulty.mp4"))
    film.set(cv2.CAP_PROP_POS_MSEC, second * 1000)
    _, picture = film.read()
    photo = tmp_path / "photo.png"
    cv2.imwrite(str(photo), picture)
    result = analyze(photo, "sitting_posture", out=tmp_path / "out")
    assert tuple(span.name for span in result.faults) == faults
    assert result.source.duration_s == 0
    assert (result.reps, result.holds) == ((), ())
    assert {"trunk_lean_deg", "neck_lean_deg"} <= set(result.measures)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"annotated.png", "result.json"}
