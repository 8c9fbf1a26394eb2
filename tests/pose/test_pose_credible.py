import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pose_clips import a_pose, moved

from formcheck.pose.credible import Flaw, Lock, Verdict, flaw, judge, trusted
from formcheck.pose.landmarks import Landmark, Pose

ACCEPTED, REJECTED, NEW_PERSON = Verdict.ACCEPTED, Verdict.REJECTED, Verdict.NEW_PERSON
TRUNK = 0.5 * 240.0  # pixels, of a_pose() at its usual scale
LEFT = [i for i in Landmark if i.name.startswith("LEFT_")]
RIGHT = [Landmark[i.name.replace("LEFT_", "RIGHT_")] for i in LEFT]


def changed(pose: Pose, field: str, change) -> Pose:
    array = getattr(pose, field).copy()
    change(array)
    return replace(pose, **{field: array})


def scale_bone(root, *ends, by):
    def change(world):
        for end in ends:
            world[end] = world[root] + by * (world[end] - world[root])

    return change


def narrow(joint, by):
    def change(world):
        world[[Landmark[f"LEFT_{joint}"], Landmark[f"RIGHT_{joint}"], ], 2] *= by  # fmt: skip

    return change


L = Landmark
BONES = {
    "half a shank": scale_bone(L.LEFT_KNEE, L.LEFT_ANKLE, by=0.3),
    "one thigh twice as long": scale_bone(L.LEFT_HIP, L.LEFT_KNEE, by=2.2),
    "tiny trunk": scale_bone(L.LEFT_HIP, L.LEFT_SHOULDER, L.RIGHT_SHOULDER, by=0.4),
    "giant": lambda world: world.__imul__(1.6),
    "no hips": narrow("HIP", 0.2),
    "no shoulders": narrow("SHOULDER", 0.3),
    "both thighs short": lambda world: (scale_bone(L.LEFT_HIP, L.LEFT_KNEE, by=0.5)(world),
                                        scale_bone(L.RIGHT_HIP, L.RIGHT_KNEE, by=0.5)(world)),
}  # fmt: skip


@pytest.mark.parametrize("change", BONES.values(), ids=BONES.keys())
def test_impossible_bones(change):
    assert flaw(changed(a_pose(), "world", change)) is Flaw.BONES


@pytest.mark.parametrize(
    ("pose", "expected"),
    [
        (a_pose(), None),
        (Pose.missing(0.0, (640, 480)), Flaw.NOBODY),
        (changed(a_pose(), "pixels", lambda p: p.__setitem__(Landmark.LEFT_KNEE, math.nan)), Flaw.NOBODY),
        (a_pose(hips=(-200.0, 300.0)), Flaw.OUTSIDE),
        (a_pose(hips=(320.0, 800.0)), Flaw.OUTSIDE),
        (a_pose(hips=(120.0, 300.0)), None),  # the head is out, the rest is in
        (a_pose(scale=30.0), Flaw.TINY),
        (changed(a_pose(), "visibility", lambda v: v.__imul__(0.3)), Flaw.UNSEEN),
        (changed(a_pose(), "visibility", lambda v: v.__setitem__(LEFT, 0.0)), None),  # one side is enough
        (changed(a_pose(), "pixels", lambda p: p.__setitem__([0, 19, 20], math.nan)), None),  # face and fingers
    ],
)
def test_flaws(pose, expected):
    assert flaw(pose) is expected


@pytest.mark.parametrize(
    ("pose", "expected"),
    [
        (a_pose(), True),
        (Pose.missing(0.0, (640, 480)), False),
        (changed(a_pose(), "visibility", lambda v: v.__setitem__(LEFT, 0.0)), False),
        (a_pose(hips=(70.0, 300.0)), True),  # the shoulders are out
        (a_pose(hips=(320.0, 485.0)), False),  # believable, but only the knees are in the picture
    ],
)
def test_only_a_good_view_changes_the_rung(pose, expected):
    assert trusted(pose) is expected


# Following one person


def verdicts(poses):
    lock, given_verdicts = Lock(), []
    for pose in poses:
        lock, verdict = judge(lock, pose)
        given_verdicts.append(verdict)
    return given_verdicts


def stay(start_s, end_s, fps=10, **more):
    return [a_pose(start_s + i / fps, **more) for i in range(round((end_s - start_s) * fps))]


STRANGER = {"hips": (460.0, 200.0), "scale": 130.0}


@given(fps=st.sampled_from([4, 10, 15, 30, 60]), share=st.floats(0.2, 1.0), phase=st.floats(0, 6.3))
def test_fast_exercise_is_never_rejected(fps, share, phase):
    """Hips go up and down by a whole trunk length in half a second each way, the trunk looks up to 30 % shorter."""
    poses = []
    for i in range(4 * fps):
        swing = 0.5 + 0.5 * math.sin(2 * math.pi * i / fps + phase)
        poses.append(a_pose(i / fps, hips=(320.0, 350.0 - share * TRUNK * swing), scale=240.0 * (1 - 0.3 * swing)))
    assert set(verdicts(poses)) == {ACCEPTED}


def test_a_jump_to_somebody_who_stays_is_followed_after_half_a_second():
    seen = verdicts(stay(0, 1) + stay(1, 2, **STRANGER))
    assert seen == [ACCEPTED] * 10 + [REJECTED] * 5 + [NEW_PERSON] + [ACCEPTED] * 4


def test_a_jump_there_and_back_changes_nobody():
    seen = verdicts(stay(0, 1) + stay(1, 1.4, **STRANGER) + stay(1.4, 2) + stay(2, 2.4, **STRANGER) + stay(2.4, 3))
    assert seen == [ACCEPTED] * 10 + [REJECTED] * 4 + [ACCEPTED] * 6 + [REJECTED] * 4 + [ACCEPTED] * 6


def test_flickering_ghosts_are_never_followed():
    places = [(100.0, 100.0), (500.0, 400.0), (500.0, 100.0)]
    ghosts = [a_pose(1 + i / 10, hips=places[i % 3], scale=120.0) for i in range(15)]
    assert set(verdicts(stay(0, 1) + ghosts)[10:]) == {REJECTED}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, ACCEPTED),
        ({"hips": (340.0, 310.0), "scale": 220.0}, ACCEPTED),  # settled a little elsewhere
        (STRANGER, NEW_PERSON),
    ],
)
def test_after_a_long_absence_nobody_is_waited_for(more, expected):
    absent = [Pose.missing(1 + i / 10, (640, 480)) for i in range(25)]
    seen = verdicts(stay(0, 1) + absent + stay(3.5, 4, **more))
    assert seen[10:] == [REJECTED] * 25 + [expected] + [ACCEPTED] * 4


def test_a_ghost_of_a_moment_makes_nobody_wait():
    assert verdicts(stay(0, 0.3) + stay(0.3, 1, **STRANGER)) == [ACCEPTED] * 3 + [NEW_PERSON] + [ACCEPTED] * 6


def test_turning_towards_the_camera_on_the_spot_is_no_jump():
    assert set(verdicts(stay(0, 1) + stay(1, 2, scale=130.0))) == {ACCEPTED}


def test_the_same_size_across_the_picture_at_once_is_a_jump():
    assert verdicts([*stay(0, 1, hips=(250.0, 300.0)), a_pose(1.0, hips=(450.0, 300.0))])[-1] is REJECTED


def test_the_first_pose_is_accepted_at_once():
    assert verdicts([a_pose()]) == [ACCEPTED]


# What must not matter


@st.composite
def stories(draw):
    """A few seconds in which somebody moves, vanishes and is mixed up with others; all inside the picture."""
    a_step = st.tuples(st.integers(0, 3), st.integers(0, 2), st.floats(0.03, 0.8))
    steps = draw(st.lists(a_step, min_size=2, max_size=25))
    places, scales, time_s, story = [(320, 300), (360, 280), (480, 330), (250, 200)], [240.0, 160.0, 100.0], 0.0, []
    for place, size, wait in steps:
        time_s += wait
        story.append(a_pose(time_s, hips=places[place], scale=scales[size]))
    broken = draw(st.sets(st.integers(0, len(story) - 1), max_size=3))
    change = draw(st.sampled_from(list(BONES.values())))
    return [changed(pose, "world", change) if i in broken else pose for i, pose in enumerate(story)]


def mirrored(pose: Pose) -> Pose:
    pixels, world, visibility = pose.pixels.copy(), pose.world.copy(), pose.visibility.copy()
    pixels[:, 0] = pose.size[0] - pixels[:, 0]
    world[:, 0] *= -1
    for array in (pixels, world, visibility):
        array[LEFT + RIGHT] = array[RIGHT + LEFT]
    return replace(pose, pixels=pixels, world=world, visibility=visibility)


def scaled(pose: Pose, by: int) -> Pose:
    return replace(pose, pixels=pose.pixels * by, size=(pose.size[0] * by, pose.size[1] * by))


@settings(max_examples=60, deadline=None)
@given(stories(), st.integers(2, 8), st.floats(-30, 30), st.floats(-30, 30))
def test_verdicts_do_not_depend_on_side_size_or_place(story, by, x, y):
    expected = verdicts(story)
    assert verdicts([mirrored(pose) for pose in story]) == expected
    assert verdicts([scaled(pose, by) for pose in story]) == expected
    assert verdicts([moved(pose, x, y) for pose in story]) == expected


@settings(max_examples=60, deadline=None)
@given(stories())
def test_whoever_was_followed_for_long_is_never_left_at_once(story):
    """From one frame to the next, nobody followed for half a second is given up for another."""
    seen = verdicts(story)
    for i in range(2, len(seen)):
        long = story[i - 1].time_s - story[i - 2].time_s >= 0.5 and seen[i - 2] is seen[i - 1] is ACCEPTED
        assert not (long and seen[i] is NEW_PERSON)
