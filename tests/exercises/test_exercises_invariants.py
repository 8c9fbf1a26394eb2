"""What may not matter: where the camera stands, how fast the clip is played, which frames were lost."""

from __future__ import annotations

import functools
from itertools import pairwise
from pathlib import Path

import bodies
import pytest
from bodies import View, bridges, cat_cows, crunches, held_plank
from hypothesis import given, settings
from hypothesis import strategies as st
from judged import judged
from pictures import changed, frames_lost, picture_changes

from formcheck.pose.landmarks import Pose
from formcheck.pose.recording import PoseRecorder, PoseRecording

FEW = settings(deadline=None, derandomize=True, database=None, max_examples=10)
FEWER = settings(FEW, max_examples=6)
FPS = 12.0
LOST_MAX_S = 0.4
PIKE_AND_SAG = (
    (0, -0.03),
    (3, -0.03),
    (3.5, 0.08),
    (6, 0.08),
    (6.5, -0.03),
    (9, -0.03),
    (9.5, -0.2),
    (12, -0.2),
    (12.5, -0.03),
)


@functools.cache
def films() -> dict[str, tuple[str, list[Pose]]]:
    """A film for each kind of thing that can be seen: the exercise and the poses."""
    near_left = View(near="left")
    return {
        "bridges": ("bridge", bridges([178, 150, 202, 178], fps=FPS, noise_px=0.3)[0]),
        "slow bridges": ("bridge", bridges([178, 178], fps=FPS, up_s=3, down_s=3.5, pause_s=2.5, start_s=3)[0]),
        "crunches": ("partial_crunch", crunches([15, 42, 15], fps=FPS, noise_px=0.3)[0]),
        "slow crunches": ("partial_crunch", crunches([15, 15], fps=FPS, up_s=2.5, down_s=3, pause_s=2.5, start_s=3)[0]),
        "hands behind": ("partial_crunch", crunches([15, 15], View(head="right"), fps=FPS, arms="behind")[0]),
        "plank": ("plank", held_plank(PIKE_AND_SAG, seconds=15, fps=FPS, noise_px=0.3, view=near_left)[0]),
        "high plank": ("plank", held_plank(kind="high", fps=FPS, view=View(head="right", near="right"))[0]),
        "cats and cows": ("cat_cow", cat_cows([(0.76, -0.88), (0.24, -0.88), (-0.88, 0.76)], fps=FPS, noise_px=0.3)[0]),
        "slow cats and cows": (
            "cat_cow",
            cat_cows([(0.76, -0.88)] * 2, fps=FPS, move_s=2, across_s=3, pause_s=2.5, start_s=3)[0],
        ),
        "cats without a contour": ("cat_cow", cat_cows([(0.76, -0.88)] * 2, fps=FPS, contour=False)[0]),
    }


def test_the_films_show_what_they_should():
    assert {name: judged(*film).outline for name, film in films().items()} == {
        "bridges": [
            ("good", ()), ("attempt", ("hips_low",)), ("faulty", ("hips_overarched",)), ("good", ()),
            ("hips_low", "hips_overarched"),
        ],
        "slow bridges": [("good", ()), ("good", ()), ()],
        "crunches": [("good", ()), ("faulty", ("too_high",)), ("good", ()), ("too_high",)],
        "slow crunches": [("good", ()), ("good", ()), ()],
        "hands behind": [("faulty", ("hands_behind_head",))] * 2 + [("hands_behind_head",) * 2],
        "plank": [("forearm", ("hips_sagging", "hips_piked")), ("hips_piked", "hips_sagging")],
        "high plank": [("high", ()), ()],
        "cats and cows": [("good", ()), ("faulty", ("shallow_cat",)), ("good", ()), ("shallow_cat",)],
        "slow cats and cows": [("good", ()), ("good", ()), ()],
        "cats without a contour": [("good", ()), ("good", ()), ()],
    }  # fmt: skip


@pytest.mark.parametrize("name", films())
@FEW
@given(change=picture_changes())
def test_another_picture_of_the_same_is_judged_the_same(name, change):
    exercise, poses = films()[name]
    assert judged(exercise, changed(poses, change)).outline == judged(exercise, poses).outline


@pytest.mark.parametrize("name", films())
def test_a_mirror_changes_no_number(name):
    exercise, poses = films()[name]
    plain, mirror = judged(exercise, poses), judged(exercise, [bodies.mirrored(one) for one in poses])
    assert mirror.outline == plain.outline
    for a, b in zip([*plain.reps, *plain.holds], [*mirror.reps, *mirror.holds], strict=True):
        assert (a.start_s, a.end_s) == (b.start_s, b.end_s)
    for a, b in zip(plain.reps, mirror.reps, strict=True):
        assert a.measures == pytest.approx(b.measures, nan_ok=True, abs=1e-6)
        assert a.score == b.score
    assert [s.side for s in mirror.statuses] == [{"left": "right", "right": "left"}[s.side] for s in plain.statuses]


TEMPO = ("rising_s", "top_held_s", "lowering_s", "in_line_s", "cycle_s")


@pytest.mark.parametrize("name", ["slow bridges", "slow crunches", "slow cats and cows"])
@FEWER
@given(factor=st.floats(0.8, 1.6))
def test_another_tempo_changes_the_tempo_and_nothing_else(name, factor):
    exercise, poses = films()[name]
    plain, slower = judged(exercise, poses), judged(exercise, bodies.stretched(poses, factor))
    assert slower.outline == plain.outline
    for a, b in zip(plain.reps, slower.reps, strict=True):
        for number, value in a.measures.items():
            if number in TEMPO:
                # The beginning and end of a movement are told to a few frames.
                assert b.measures[number] == pytest.approx(value * factor, abs=0.1 * value * factor + 0.25), number
            else:
                assert b.measures[number] == pytest.approx(value, rel=0.03, abs=0.02), number
        assert b.start_s == pytest.approx(a.start_s * factor, abs=0.35)
        assert b.end_s == pytest.approx(a.end_s * factor, abs=0.35)


@pytest.mark.parametrize("name", ["plank", "high plank"])
@FEWER
@given(factor=st.floats(0.8, 1.6))
def test_a_longer_film_has_a_longer_hold_and_the_same_faults(name, factor):
    exercise, poses = films()[name]
    plain, slower = judged(exercise, poses), judged(exercise, bodies.stretched(poses, factor))
    assert slower.outline == plain.outline
    (a,), (b,) = plain.holds, slower.holds
    assert b.end_s - b.start_s == pytest.approx((a.end_s - a.start_s) * factor, abs=0.6)
    assert b.in_form_s == pytest.approx(a.in_form_s * factor, abs=0.8)


@pytest.mark.parametrize("name", films())
@FEW
@given(data=st.data())
def test_lost_frames_invent_no_repetition(name, data):
    exercise, poses = films()[name]
    lost = data.draw(frames_lost(len(poses), share=0.3, longest=int(LOST_MAX_S * FPS) - 1))
    kept = bodies.without(poses, lost)
    assert max(b.time_s - a.time_s for a, b in pairwise(kept)) < LOST_MAX_S
    plain, thinner = judged(exercise, poses), judged(exercise, kept)
    assert thinner.count <= plain.count
    assert len(thinner.holds) <= len(plain.holds)
    assert set(thinner.outline[-1]) <= set(plain.outline[-1])


@pytest.mark.parametrize("name", films())
@FEWER
@given(data=st.data())
def test_frames_without_anybody_invent_no_repetition(name, data):
    exercise, poses = films()[name]
    lost = data.draw(frames_lost(len(poses), share=0.3, longest=int(LOST_MAX_S * FPS) - 1))
    blind = [bodies.gone(one) if i in lost else one for i, one in enumerate(poses)]
    assert judged(exercise, blind).count <= judged(exercise, poses).count


@pytest.mark.parametrize("name", films())
def test_a_replay_is_the_same(name, tmp_path: Path):
    exercise, poses = films()[name]
    poses = bodies.during(bodies.cut_at(poses, poses[-1].time_s / 2), 1.0, 1.3, bodies.gone)
    recorder = PoseRecorder(poses[0].size)
    for one in poses:
        recorder.append(one)
    recorder.finish().save(tmp_path / "poses.npz")
    live, replayed = judged(exercise, poses), judged(exercise, PoseRecording.load(tmp_path / "poses.npz"))
    assert repr(replayed) == repr(live)


# --- gaps and cuts ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bridges", "crunches", "plank", "cats and cows"])
def test_after_a_cut_nothing_is_carried_on(name):
    exercise, poses = films()[name]
    once = judged(exercise, poses)
    twice = judged(exercise, bodies.joined(poses, poses))
    assert [r[:2] for r in twice.outline[:-1]] == [r[:2] for r in once.outline[:-1]] * 2
    assert [rep.index for rep in twice.reps] == list(range(1, 2 * len(once.reps) + 1))


def test_another_view_after_a_cut_is_judged_by_itself():
    first = films()["bridges"][1]
    second = [bodies.scaled(bodies.mirrored(one), 0.8) for one in first]
    second = [bodies.shifted(one, -64, -48) for one in second]  # the same picture size again
    second = [bodies.replace(one, size=first[0].size) for one in second]
    once, twice = judged("bridge", first), judged("bridge", bodies.joined(first, second))
    assert [rep.outcome for rep in twice.reps] == [rep.outcome for rep in once.reps] * 2


@pytest.mark.parametrize(
    ("from_s", "to_s", "outcomes"),
    [
        (3.0, 3.3, ["good", "good"]),  # a moment in the first one
        (3.0, 12.0, ["unfinished"]),  # from the first to the second one's top
        (0.0, 1.0, ["good", "good"]),
        (7.8, 8.8, ["good", "good"]),  # between them
    ],
)
def test_a_stretch_without_anybody(from_s, to_s, outcomes):
    poses, true = bridges([178, 178], fps=FPS)
    assert (true[0].start_s, true[1].top_s, true[1].leave_s) == (2.0, 10.5, 12.5)
    found = judged("bridge", bodies.during(poses, from_s, to_s, bodies.gone))
    assert [rep.outcome for rep in found.reps] == outcomes


@pytest.mark.parametrize("joint", ["hip", "knee", "shoulder"])
def test_a_joint_that_is_not_seen_pauses_and_does_not_guess(joint):
    poses, _, _ = held_plank(fps=FPS)
    hidden = bodies.during(poses, 8.0, 9.0, lambda one: bodies.hidden(one, joint))
    found = judged("plank", hidden)
    assert len(found.holds) == 1
    assert found.holds[0].in_form_s == pytest.approx(judged("plank", poses).holds[0].in_form_s - 1, abs=0.3)
    assert {s.phase for s in found.statuses if 8.1 < s.time_s < 8.9} == {"unknown"}
