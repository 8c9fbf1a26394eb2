from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pose_clips import a_pose, frames, moved

from formcheck.pose.finder import PoseFinder
from formcheck.pose.landmarks import Pose, Scene
from formcheck.pose.scene import CONFIRM_S, LATER_S, SOON_S, SceneWatcher, light, roll_deg, without_person
from formcheck.video.frame import Frame

SIZE = (640, 480)
GREY = np.full((480, 640, 3), 110, np.uint8)


def room(roll=0.0, pitch=0.0, xs=(60, 200, 330, 450, 590), top=60, bottom=420, size=SIZE):
    """A wall with upright bars; `pitch` degrees of lean at the picture's edge."""
    width, height = size
    image = np.full((height, width, 3), 180, np.uint8)
    for x in xs:
        lean = math.radians(roll + pitch * (x - width / 2) / (width / 2))
        ends = [(x + (height / 2 - y) * math.tan(lean), y) for y in (bottom, top)]
        sides = zip([*ends, *ends[::-1]], (0, 0, 9, 9), strict=True)
        points = [(round(16 * (px + dx)), round(16 * py)) for (px, py), dx in sides]
        cv2.fillConvexPoly(image, np.array(points, np.int32), (60, 70, 80), cv2.LINE_AA, 4)
    return image


def turned(image, deg):
    """The picture turned clockwise about its middle, its edge repeated."""
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -deg, 1.0)
    return cv2.warpAffine(image, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)


# --- light -----------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.integers(0, 255), st.integers(0, 255))
def test_of_two_even_pictures_the_brighter_has_more_light(a, b):
    one, other = (light(np.full((48, 64, 3), value, np.uint8)) for value in (a, b))
    assert (one, other) == (a, b)


@settings(deadline=None)
@given(st.floats(0.02, 1.0), st.floats(0.02, 1.0))
def test_less_light_never_reads_as_more(a, b):
    image = frames()[0].image
    darker, brighter = (light((image * share).astype(np.uint8)) for share in sorted((a, b)))
    assert darker <= brighter


def test_a_lamp_does_not_make_a_room_light():
    image = np.full((480, 640, 3), 8, np.uint8)
    image[:60, :120] = 255
    assert light(image) == 8


# --- roll ------------------------------------------------------------------------------------


@pytest.mark.parametrize("roll", [-15, -8, -3, 0, 5, 12, 18])
@pytest.mark.parametrize("pitch", [-8, 0, 6])
@pytest.mark.parametrize("size", [SIZE, (960, 720)])
def test_upright_lines_tell_the_roll_whatever_the_pitch(roll, pitch, size):
    xs = [x * size[0] / 640 for x in (60, 200, 330, 450, 590)]
    image = room(roll, pitch, xs, top=60 * size[1] / 480, bottom=420 * size[1] / 480, size=size)
    assert roll_deg(image) == pytest.approx(roll, abs=0.7)


@pytest.mark.parametrize(
    "image",
    [
        GREY,
        room(5, xs=(200,)),  # two edges of one bar
        room(5, top=200, bottom=225),  # too short: letters
        room(40),  # no uprights
        np.random.default_rng(1).integers(0, 255, (480, 640, 3)).astype(np.uint8),
    ],
    ids=["nothing", "one bar", "short", "slanted", "noise"],
)
def test_too_few_lines_tell_nothing(image):
    assert math.isnan(roll_deg(image))


def test_lines_that_disagree_tell_nothing():
    image = np.minimum(room(-9, xs=(100, 180, 260)), room(9, xs=(400, 480, 560)))
    assert math.isnan(roll_deg(image))


def test_lines_on_the_person_do_not_count():
    image = room(0)
    cv2.rectangle(image, (280, 100), (400, 400), (180, 180, 180), -1)
    legs = room(14, xs=(300, 320, 340, 360, 380), top=110, bottom=390)
    image[100:400, 280:400] = legs[100:400, 280:400]
    points = a_pose().pixels
    points[:] = np.linspace((270, 90), (420, 410), len(points))
    assert roll_deg(image, points) == pytest.approx(0, abs=0.7)


@pytest.mark.parametrize("name", ["bridge_good", "partial_crunch_good", "standing_posture_good"])
@pytest.mark.parametrize("deg", [-12, -6, 0, 6, 12])
def test_a_sample_clip_turned(name, deg):
    assert roll_deg(turned(frames(name)[0].image, deg)) == pytest.approx(deg, abs=2.0)


@pytest.mark.parametrize("name", ["bridge_good", "plank_good", "sitting_posture_good"])
@pytest.mark.parametrize("deg", [-7, 4])
def test_in_a_mirror_the_roll_is_the_other_way_round(name, deg):
    image = turned(frames(name)[0].image, deg)
    mirrored = np.ascontiguousarray(image[:, ::-1])
    assert roll_deg(mirrored) == pytest.approx(-roll_deg(image), abs=0.5)


# --- the person painted over -----------------------------------------------------------------


def test_the_person_is_painted_over_and_nothing_else():
    frame = frames()[0]
    with PoseFinder("lite") as find:
        pose = find.find(frame)
        image, where = without_person(frame.image, pose)
        assert image.shape == frame.image.shape
        assert np.array_equal(image[~where], frame.image[~where])
        inside = [tuple(np.rint(pose.pixels[mark]).astype(int)[::-1]) for mark in (11, 12, 23, 24, 25, 26)]
        assert all(where[place] for place in inside)
        assert 0.03 < where.mean() < 0.4


def test_unknown_limbs_are_left_out():
    pose = a_pose()
    pose.pixels[25:33] = np.nan
    _, where = without_person(GREY, pose)
    assert where[300, 320]
    assert where.sum() < without_person(GREY, a_pose())[1].sum()


# --- when it looks ---------------------------------------------------------------------------


class Watch:
    """A watcher whose search for others sees what it is told to; `looks` has the times of the searches."""

    def __init__(self, others=lambda time_s: None):
        self.looks = []
        self._others = others
        self.watcher = SceneWatcher(self._seek)

    def _seek(self, frame):
        self.looks.append(frame.time_s)
        return self._others(frame.time_s)

    def run(self, seconds, *, start_s=0.0, image=GREY, fps=20, pose=a_pose, **how):
        return [
            self.watcher.see(Frame(image, time_s, 0), pose(time_s), **how)
            for time_s in (start_s + i / fps for i in range(round(seconds * fps)))
        ]


def standing(time_s, x=560.0):
    """Somebody at the right side of the picture, in the coordinates of the square end in which all of her is."""
    return moved(a_pose(time_s), x - 320 - 160, -150)


def test_before_the_first_look_nothing_is_known_and_soon_all_is():
    watch = Watch()
    assert watch.watcher.scene == Scene()
    scenes = watch.run(1.0, image=room(5))
    assert scenes[0] == Scene(light=180.0)
    assert scenes[-1].light == 180.0
    assert scenes[-1].roll_deg == pytest.approx(5, abs=0.7)
    assert scenes[-1].people == 1


def test_it_looks_soon_and_then_rarely():
    watch = Watch()
    watch.run(60.0)
    gaps = np.diff(watch.looks)
    assert watch.looks[0] < 0.2
    assert np.allclose(gaps[:2], SOON_S, atol=0.2)
    assert np.allclose(gaps[2:], LATER_S, atol=0.2)


@pytest.mark.parametrize("fps", [5, 12, 60])
def test_the_looks_go_by_time_not_by_frames(fps):
    watch = Watch()
    watch.run(30.0, fps=fps)
    assert 4 <= len(watch.looks) <= 5


def test_a_disturbance_is_looked_into():
    watch = Watch()
    watch.run(10.0)
    before = len(watch.looks)
    watch.run(1.0, start_s=10.0, disturbed=True)
    assert len(watch.looks) == before + 1


def test_while_nobody_is_found_roll_and_people_are_not_looked_at():
    watch = Watch()
    scene = watch.run(5.0, image=room(5), pose=lambda time_s: Pose.missing(time_s, SIZE))[-1]
    assert (scene.light, scene.noise) == (180.0, pytest.approx(0, abs=0.01))
    assert scene.blur_px < 1
    assert math.isnan(scene.roll_deg)
    assert math.isnan(scene.people)
    assert watch.looks == []


@pytest.mark.parametrize(("noise", "blur_px"), [(0, 3), (12, 0)])
def test_noise_and_blur_are_the_medians_of_some_looks(noise, blur_px):
    picture = room(5) if not blur_px else cv2.GaussianBlur(room(5), (0, 0), blur_px)
    grain = np.random.default_rng(1).normal(0, noise, (*picture.shape[:2], 1))
    poor = np.clip(picture + grain, 0, 255).astype(np.uint8)
    watch = Watch()
    watch.run(1.0, image=room(5))
    watch.run(1.0, start_s=1.0, image=poor)  # one look
    scenes = watch.run(2.0, start_s=2.0, image=room(5))[-1], Watch().run(4.0, image=poor)[-1]
    for scene, made in zip(scenes, ((0, 0), (noise, blur_px)), strict=True):
        assert scene.noise == pytest.approx(made[0], abs=2)
        assert scene.blur_px == pytest.approx(made[1], abs=0.9)


def test_a_passing_black_is_no_dark_room():
    watch = Watch()
    watch.run(3.0)
    scenes = watch.run(0.9, start_s=3.0, image=GREY // 50)
    assert scenes[-1].light == 110
    assert watch.run(2.0, start_s=3.9, image=GREY // 50)[-1].light == 2


def test_the_roll_is_the_median_of_some_looks():
    watch = Watch()
    watch.run(1.0, image=room(0))
    watch.run(1.0, start_s=1.0, image=room(15))  # one look
    scenes = watch.run(2.0, start_s=2.0, image=room(0))
    assert scenes[-1].roll_deg == pytest.approx(0, abs=0.7)


def test_a_camera_set_level_is_noticed_soon():
    watch = Watch()
    assert watch.run(40.0, image=room(14))[-1].roll_deg == pytest.approx(14, abs=0.7)
    assert watch.run(4.0, start_s=40.0, image=room(1))[-1].roll_deg == pytest.approx(1, abs=0.7)


def test_somebody_else_is_told_once_seen_again():
    watch = Watch(standing)
    people = [scene.people for scene in watch.run(6.0)]
    assert people[-1] == 2
    first = next(time_s for time_s, n in zip(np.arange(120) / 20, people, strict=True) if n == 2)
    assert CONFIRM_S <= first < 3
    assert 1 in people


def test_whoever_leaves_is_gone_at_the_next_look():
    watch = Watch(lambda time_s: standing(time_s) if time_s < 20 else None)
    assert watch.run(20.0)[-1].people == 2
    assert watch.run(2.0, start_s=20.0)[-1].people == 1


@pytest.mark.parametrize(
    "others",
    [
        lambda time_s: standing(time_s) if time_s < 0.3 else None,  # a ghost of one look
        lambda time_s: standing(time_s, 560 - 200 * (round(time_s * 2) % 2)),  # here and there
        lambda time_s: moved(a_pose(time_s), 10, 0),  # the same body, badly painted over
        lambda time_s: moved(a_pose(time_s), 0, 12),
    ],
    ids=["once", "jumping", "herself", "on her"],
)
def test_ghosts_are_no_people(others):
    watch = Watch(others)
    assert {scene.people for scene in watch.run(8.0) if not math.isnan(scene.people)} == {1}


def test_a_new_shot_forgets_everything():
    watch = Watch(standing)
    watch.run(6.0, image=room(12))
    watch.watcher.reset()
    assert watch.watcher.scene == Scene()
    assert watch.run(0.05, start_s=6.0) == [Scene(light=110.0)]


def test_the_numbers_are_those_that_a_recording_keeps():
    scene = Watch().run(1.0, image=room(5.3))[-1]
    assert scene.roll_deg == float(np.float32(scene.roll_deg))


# --- with the real model ---------------------------------------------------------------------


def test_the_finder_tells_the_scene_with_every_pose():
    with PoseFinder("lite") as find:
        poses = [find.find(replace(frame, time_s=0.3 * i)) for i, frame in enumerate(frames())]
    assert poses[0].scene == Scene(light=light(frames()[0].image))
    assert poses[-1].scene.roll_deg == pytest.approx(0, abs=1.5)
    assert poses[-1].scene.people == 1


def test_the_finder_forgets_the_scene_at_a_cut():
    with PoseFinder("lite") as find:
        for i, frame in enumerate(frames()):
            find.find(replace(frame, time_s=0.3 * i))
        pose = find.find(Frame(GREY, 3.0, 10, new_shot=True))
    assert pose.scene == Scene(light=110.0)
