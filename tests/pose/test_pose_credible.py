import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pose_clips import a_pose, moved

from formcheck.pose.credible import LIMB_STAY_S, Flaw, Lock, Verdict, flaw, judge, surroundings, trusted
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


def followed(poses):
    """Verdict and given-out pose of each."""
    lock, told = Lock(), []
    for pose in poses:
        lock, verdict, given_out = judge(lock, pose)
        told.append((verdict, given_out))
    return told


def verdicts(poses):
    return [verdict for verdict, _ in followed(poses)]


def missing(poses):
    """Of each pose the landmarks that are not believed."""
    return [frozenset(Landmark(i) for i in np.flatnonzero(np.isnan(pose.pixels[:, 0]))) for _, pose in followed(poses)]


def stay(start_s, end_s, fps=10, **more):
    return [a_pose(start_s + i / fps, **more) for i in range(round((end_s - start_s) * fps))]


STRANGER = {"hips": (460.0, 200.0), "scale": 130.0}


@settings(max_examples=60, deadline=None)
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


# Somebody else in the same place and of the same size


def turned(pose: Pose, deg: float) -> Pose:
    """The same body with its trunk in another direction: about the middle of the hips."""
    c, s = math.cos(math.radians(deg)), math.sin(math.radians(deg))
    hips = pose.pixels[[L.LEFT_HIP, L.RIGHT_HIP]].mean(axis=0)
    return replace(pose, pixels=(pose.pixels - hips) @ np.array([[c, s], [-s, c]]) + hips)


@pytest.mark.parametrize("absent_s", [0.0, 1.0])
@pytest.mark.parametrize(
    ("deg", "expected"),
    [
        (10.0, [ACCEPTED] * 10),
        (-25.0, [ACCEPTED] * 10),
        (90.0, [REJECTED] * 5 + [NEW_PERSON] + [ACCEPTED] * 4),  # somebody standing where somebody lay
        (180.0, [REJECTED] * 5 + [NEW_PERSON] + [ACCEPTED] * 4),  # the head where the feet were
    ],
)
def test_a_trunk_that_turns_at_once_is_somebody_elses(absent_s, deg, expected):
    absent = [Pose.missing(1 + i / 10, (640, 480)) for i in range(round(10 * absent_s))]
    other = [turned(pose, deg) for pose in stay(1 + absent_s, 2 + absent_s)]
    assert verdicts(stay(0, 1) + absent + other)[-10:] == expected


@settings(max_examples=40, deadline=None)
@given(seconds=st.floats(0.7, 3.0), fps=st.sampled_from([5, 12, 30]))
def test_sitting_up_is_no_change_of_person(seconds, fps):
    n = round(seconds * fps)
    assert set(verdicts([turned(a_pose(i / fps), 90 * min(1.0, i / n)) for i in range(n + fps)])) == {ACCEPTED}


def test_a_trunk_seen_from_its_end_has_no_direction():
    def from_the_end(pose):
        return changed(pose, "pixels", lambda p: p.__setitem__([L.LEFT_SHOULDER, L.RIGHT_SHOULDER], p[L.LEFT_HIP] + 9))

    assert set(verdicts(stay(0, 1) + [from_the_end(pose) for pose in stay(1, 2)])) == {ACCEPTED}


def test_three_limbs_at_once_are_another_body():
    """Nobody moves both legs and an arm by a trunk length in a tenth of a second."""
    legs = frozenset({L.LEFT_KNEE, L.LEFT_ANKLE, L.RIGHT_KNEE, L.RIGHT_ANKLE})
    for astray, expected in ((legs, ACCEPTED), (legs | {L.LEFT_WRIST}, REJECTED)):
        assert verdicts([*stay(0, 1), astray_at(a_pose(1.0), 1.0, astray)])[-1] is expected


# Limbs seen on somebody else

LIMBS = {
    "left leg": {L.LEFT_KNEE, L.LEFT_ANKLE, L.LEFT_HEEL, L.LEFT_FOOT_INDEX},
    "right leg": {L.RIGHT_KNEE, L.RIGHT_ANKLE, L.RIGHT_HEEL, L.RIGHT_FOOT_INDEX},
    "left arm": {L.LEFT_ELBOW, L.LEFT_WRIST, L.LEFT_PINKY, L.LEFT_INDEX, L.LEFT_THUMB},
    "right arm": {L.RIGHT_ELBOW, L.RIGHT_WRIST, L.RIGHT_PINKY, L.RIGHT_INDEX, L.RIGHT_THUMB},
    "head": {mark for mark in Landmark if mark <= L.MOUTH_RIGHT},
}


def astray_at(pose: Pose, trunks: float, marks) -> Pose:
    """The pose with some landmarks this many trunk lengths higher up."""
    return changed(pose, "pixels", lambda p: p.__setitem__((list(marks), 1), p[list(marks), 1] - trunks * TRUNK))


@pytest.mark.parametrize("limb", LIMBS.values(), ids=LIMBS.keys())
def test_a_limb_that_jumps_alone_is_unknown_until_it_is_back(limb):
    jumped = [astray_at(pose, 1.0, limb) for pose in stay(1, 1.8)]
    seen = followed(stay(0, 1) + jumped + stay(1.8, 2.5))
    assert {verdict for verdict, _ in seen} == {ACCEPTED}
    assert missing(stay(0, 1) + jumped + stay(1.8, 2.5)) == [frozenset()] * 10 + [limb] * 8 + [frozenset()] * 7
    unknown = seen[12][1]
    assert np.isnan(unknown.world[sorted(limb)]).all()
    assert np.isnan(unknown.visibility[sorted(limb)]).all()
    assert seen[12][1].found


def test_a_leg_is_unknown_as_a_whole():
    """Where the ankle is on another's body, the knee is on its way there."""
    jumped = astray_at(a_pose(1.0), 1.2, {L.LEFT_ANKLE})
    assert missing([*stay(0, 1), jumped])[-1] == LIMBS["left leg"]


def test_a_limb_that_stays_where_it_jumped_to_is_believed_in_the_end():
    leg = LIMBS["right leg"]
    seen = missing(stay(0, 1) + [astray_at(pose, 1.0, leg) for pose in stay(1, 3)])
    assert seen[10:] == [leg] * round(10 * LIMB_STAY_S) + [frozenset()] * (20 - round(10 * LIMB_STAY_S))


def test_a_limb_that_flickers_is_never_believed_elsewhere():
    leg = LIMBS["right leg"]
    seen = missing([astray_at(pose, 1.0 if i % 8 else 0.0, leg) for i, pose in enumerate(stay(0, 5))])
    assert all(gone == (leg if i % 8 else frozenset()) for i, gone in enumerate(seen))


@pytest.mark.parametrize("fps", [10, 30, 60])
def test_a_limb_drawn_away_over_a_few_frames_is_noticed_too(fps):
    """The estimator's smoothing spreads a jump; a walker carries a leg along at 6 trunk lengths a second."""
    leg, poses = LIMBS["left leg"], stay(0, 2, fps)
    seen = missing([astray_at(pose, min(2.0, max(0.0, 6.0 * (pose.time_s - 1.0))), leg) for pose in poses])
    assert all(gone == leg for pose, gone in zip(poses, seen, strict=True) if 1.25 < pose.time_s < 1.9)


@settings(max_examples=40, deadline=None)
@given(fps=st.sampled_from([5, 10, 15, 30, 60]), height=st.floats(0.1, 1.8), seconds=st.floats(0.6, 3.0))
def test_a_leg_raised_fast_is_always_believed(fps, height, seconds):
    """Up and down again, eased, at up to 3 trunk lengths a second on average (1.5 m a second)."""
    height = min(height, 3.0 * seconds / 2 / 1.6)
    poses = [
        astray_at(pose, height / 2 * (1 - math.cos(2 * math.pi * pose.time_s / seconds)), LIMBS["left leg"])
        for pose in stay(0, seconds * 2, fps)
    ]
    assert set(missing(poses)) == {frozenset()}


def bowed(pose: Pose, share: float) -> Pose:
    """The body seen from the front, bowed towards the camera: so much of the trunk's length is lost in the picture."""

    def change(pixels):
        upper = [mark for mark in Landmark if mark < L.LEFT_HIP]
        hips = (pixels[L.LEFT_HIP] + pixels[L.RIGHT_HIP]) / 2
        shoulders = (pixels[L.LEFT_SHOULDER] + pixels[L.RIGHT_SHOULDER]) / 2
        pixels[upper] += share * (hips - shoulders)
        across = np.array([shoulders[1] - hips[1], hips[0] - shoulders[0]])
        pixels[[mark for mark in upper if mark in LEFT]] += 0.35 * across
        pixels[[mark for mark in upper if mark in RIGHT]] -= 0.35 * across

    return changed(pose, "pixels", change)


@pytest.mark.parametrize("fps", [8, 15, 30])
def test_coming_up_from_a_bow_towards_the_camera_is_believed(fps):
    """Bowed, the trunk is short in the picture, and no measure of how far a body moves: the shoulders' width is."""
    poses = [bowed(pose, 0.75 * min(1.0, max(0.0, (5 - pose.time_s) / 0.6))) for pose in stay(0, 7, fps)]
    assert set(missing(poses)) == {frozenset()}
    assert set(verdicts(poses)) == {ACCEPTED}


def test_what_was_not_known_is_neither_astray_nor_waited_for():
    """A pose without a face, as a recording may hold, and its face later on."""
    faceless = [changed(pose, "pixels", lambda p: p.__setitem__(sorted(LIMBS["head"]), np.nan)) for pose in stay(0, 1)]
    assert missing(faceless + stay(1, 2)) == [LIMBS["head"]] * 10 + [frozenset()] * 10


def test_the_pose_of_a_calm_body_is_handed_through_as_it_is():
    poses = stay(0, 1)
    assert all(given_out is pose for pose, (_, given_out) in zip(poses, followed(poses), strict=True))


def test_surroundings():
    assert surroundings(Lock()) is None
    lock = Lock()
    for pose in (a_pose(0.0), a_pose(0.1), moved(a_pose(0.2), 20, 0), astray_at(a_pose(0.3), 1.5, LIMBS["left leg"])):
        lock, _, _ = judge(lock, pose)
    points = a_pose().pixels
    left, top, right, bottom = surroundings(lock)
    assert left == pytest.approx(points[:, 0].min() - TRUNK / 2, abs=1)
    assert right == pytest.approx(points[:, 0].max() + 20 + TRUNK / 2, abs=1)  # where it was 0.1 s ago
    assert top == pytest.approx(points[:, 1].min() - TRUNK / 2, abs=1)  # the leg astray does not count
    assert bottom == pytest.approx(points[:, 1].max() + TRUNK / 2, abs=1)


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
    broken, strays, turns = (draw(st.sets(st.integers(0, len(story) - 1), max_size=n)) for n in (3, 6, 2))
    change = draw(st.sampled_from(list(BONES.values())))
    limb = draw(st.sampled_from(list(LIMBS.values())))
    story = [changed(pose, "world", change) if i in broken else pose for i, pose in enumerate(story)]
    story = [astray_at(pose, 0.8, limb) if i in strays else pose for i, pose in enumerate(story)]
    return [turned(pose, 90.0) if i in turns else pose for i, pose in enumerate(story)]


def mirrored(pose: Pose) -> Pose:
    pixels, world, visibility = pose.pixels.copy(), pose.world.copy(), pose.visibility.copy()
    pixels[:, 0] = pose.size[0] - pixels[:, 0]
    world[:, 0] *= -1
    for array in (pixels, world, visibility):
        array[LEFT + RIGHT] = array[RIGHT + LEFT]
    return replace(pose, pixels=pixels, world=world, visibility=visibility)


def scaled(pose: Pose, by: int) -> Pose:
    return replace(pose, pixels=pose.pixels * by, size=(pose.size[0] * by, pose.size[1] * by))


def told(poses):
    """Verdicts, and what is not believed."""
    return list(zip(verdicts(poses), missing(poses), strict=True))


@settings(max_examples=60, deadline=None)
@given(stories(), st.integers(2, 8), st.floats(-30, 30), st.floats(-30, 30), st.integers(1, 4000))
def test_verdicts_do_not_depend_on_side_size_place_or_hour(story, by, x, y, later_s):
    expected = told(story)
    assert told([scaled(pose, by) for pose in story]) == expected
    assert told([moved(pose, x, y) for pose in story]) == expected
    assert told([replace(pose, time_s=pose.time_s + later_s) for pose in story]) == expected
    other = dict(zip(LEFT + RIGHT, RIGHT + LEFT, strict=True))
    swapped = [(verdict, frozenset(other.get(mark, mark) for mark in gone)) for verdict, gone in expected]
    assert told([mirrored(pose) for pose in story]) == swapped


@settings(max_examples=60, deadline=None)
@given(stories())
def test_a_pose_is_given_out_as_seen_or_with_whole_limbs_missing(story):
    """Never a landmark that was not seen there, never half a limb, and always a trunk."""
    for pose, (verdict, given_out) in zip(story, followed(story), strict=True):
        known = np.isfinite(given_out.pixels[:, 0])
        assert np.array_equal(given_out.pixels[known], pose.pixels[known])
        assert np.array_equal(given_out.world[known], pose.world[known])
        assert all(known[sorted(limb)].all() or not known[sorted(limb)].any() for limb in LIMBS.values())
        assert known[[L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_HIP, L.RIGHT_HIP]].all()
        assert known.all() or verdict is ACCEPTED


@settings(max_examples=60, deadline=None)
@given(stories())
def test_whoever_was_followed_for_long_is_never_left_at_once(story):
    """From one frame to the next, nobody followed for half a second is given up for another."""
    seen = verdicts(story)
    for i in range(2, len(seen)):
        long = story[i - 1].time_s - story[i - 2].time_s >= 0.5 and seen[i - 2] is seen[i - 1] is ACCEPTED
        assert not (long and seen[i] is NEW_PERSON)
