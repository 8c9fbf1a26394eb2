from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import bodies
import numpy as np
import pytest
from bodies import View

from formcheck.measure.reader import PoseReader, Smoother, TurnWatch
from formcheck.measure.reading import Reading
from formcheck.measure.view import LEVEL_DEG, NOT_SIDE_DEG, OBLIQUE_DEG, TILTED_DEG
from formcheck.pose.landmarks import Pose, Scene

NEEDS = ("shoulder", "hip", "knee")


def read(poses, needs=NEEDS):
    reader = PoseReader("up", needs)
    return [reader.read(pose) for pose in poses]


def still(seconds=2.0, view=bodies.SIDE_ON, start_s=0.0, fps=10.0):
    poses = bodies.film(lambda t: bodies.bridge(), seconds, view, fps=fps)
    return [replace(pose, time_s=start_s + pose.time_s) for pose in poses]


# --- the smoother ----------------------------------------------------------------------------


def test_smoother_begins_with_the_first_value_and_follows():
    smoother = Smoother(0.5)
    assert math.isnan(smoother.value)
    assert smoother.step(0.0, 10.0) == 10.0
    # After one time constant 1 - 1/e of a step is made up, however many frames that were.
    assert smoother.step(0.5, 20.0) == pytest.approx(10 + 10 * (1 - math.exp(-1)))


@pytest.mark.parametrize("fps", [5, 10, 60])
def test_smoother_does_not_depend_on_the_frame_rate(fps):
    smoother = Smoother(0.5)
    smoother.step(0.0, 0.0)
    for i in range(1, fps + 1):
        smoother.step(i / fps, 1.0)
    assert smoother.value == pytest.approx(1 - math.exp(-2))


@pytest.mark.parametrize(
    ("steps", "last"),
    [
        ([(0.0, 5.0), (0.5, math.nan)], 5.0),  # unknown for a moment: the last value holds
        ([(0.0, 5.0), (1.5, math.nan)], math.nan),  # unknown for long: not known any more
        ([(0.0, 5.0), (1.5, 9.0)], 9.0),  # begun anew after a gap
        ([(0.0, 5.0), (0.5, math.nan), (1.2, 9.0)], 9.0),  # the gap counts from the last known value
        ([(0.0, math.nan)], math.nan),
        ([(0.0, math.nan), (0.1, 3.0)], 3.0),
    ],
)
def test_smoother_keeps_nothing_stale(steps, last):
    smoother = Smoother(0.5, gap_s=1.0)
    values = [smoother.step(*step) for step in steps]
    assert values[-1] == pytest.approx(last, nan_ok=True)


def test_smoother_reset():
    smoother = Smoother(0.5)
    smoother.step(0.0, 5.0)
    smoother.reset()
    assert math.isnan(smoother.value)
    assert smoother.step(0.1, 7.0) == 7.0


# --- gaps ------------------------------------------------------------------------------------


def test_nobody_is_unknown_and_never_stale():
    poses = still()
    poses = bodies.during(poses, 0.9, 1.2, bodies.gone)
    for pose, reading in zip(poses, read(poses), strict=True):
        assert reading.time_s == pose.time_s
        assert bool(reading.values) is pose.found
        assert math.isnan(reading.value("hip_angle_deg")) is not pose.found


@pytest.mark.parametrize(
    ("joint", "known"),
    [("shoulder", False), ("hip", False), ("knee", False), ("ankle", True), ("nose", True)],
)
def test_a_needed_joint_that_is_not_seen_makes_all_unknown(joint, known):
    (reading,) = read([bodies.hidden(bodies.pose(bodies.bridge()), joint)])
    assert math.isnan(reading.value("hip_angle_deg")) is not known
    assert set(reading.values) - {"yaw_deg"} if known else set(reading.values) == {"yaw_deg"}


def test_a_pose_with_nan_in_a_joint_is_unknown_there():
    pose = bodies.pose(bodies.bridge())
    pose.pixels[[27, 28]] = np.nan
    (reading,) = read([pose])
    assert math.isnan(reading.value("knee_angle_deg"))
    assert reading.value("hip_angle_deg") == pytest.approx(125, abs=0.1)


def test_an_unnamed_measure_is_unknown():
    assert math.isnan(Reading(0.0, {"a": 1.0}).value("b"))
    assert Reading(0.0, {"a": 1.0}).value("a") == 1.0


def test_of_nobody_at_all_no_side_is_known():
    (reading,) = read([Pose.missing(0.0, (640, 480))])
    assert reading.side is None


# --- the side --------------------------------------------------------------------------------


@pytest.mark.parametrize("near", ["left", "right"])
def test_the_near_side_is_read(near):
    # The far knee is straight: a reading from the wrong side would show it.
    figure = bodies.bridge() | {"far_ankle": (1.3, 1.5)}
    (reading,) = read([bodies.pose(figure, View(near=near))])
    assert reading.side == near
    assert reading.value("knee_angle_deg") == pytest.approx(bodies.bridge_knee_deg(figure), abs=0.1)
    assert reading.value("other_knee_angle_deg") > 120


def test_one_frame_from_the_other_side_does_not_turn_the_body_round():
    poses = still(view=View(near="left"))
    poses[10] = bodies.pose(bodies.bridge(), View(near="right"), poses[10].time_s)
    assert {reading.side for reading in read(poses)} == {"left"}


@pytest.mark.parametrize(("first", "then"), [("left", "right"), ("right", "left")])
def test_turning_round_is_followed(first, then):
    poses = [*still(2.0, View(near=first)), *still(3.0, View(near=then), start_s=2.0)]
    sides = [reading.side for reading in read(poses)]
    assert sides[0] == first
    assert sides[-1] == then
    assert sum(a != b for a, b in pairwise(sides)) == 1  # no flickering


def test_a_hardly_nearer_side_changes_nothing():
    poses = still()
    for i, pose in enumerate(poses):
        pose.world[:, 2] *= 0.01 * (-1) ** i
    assert len({reading.side for reading in read(poses)}) == 1


def test_a_cut_forgets_the_side():
    poses = [*still(2.0, View(near="left")), *still(1.0, View(near="right"), start_s=2.0)]
    poses = bodies.cut_at(poses, 2.0)
    readings = read(poses)
    assert readings[19].side == "left"
    assert readings[20].side == "right"  # at once
    assert [reading.fresh for reading in readings] == [pose.new_shot for pose in poses]


def test_a_cut_to_nobody_is_fresh_too():
    poses = bodies.during(bodies.cut_at(still(), 1.0), 1.0, 1.5, bodies.gone)
    readings = read(poses)
    assert readings[10].fresh
    assert readings[10].side is None


# --- the view --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("yaw", "oblique", "known"),
    [
        (0, False, True),
        (OBLIQUE_DEG - 2, False, True),
        (OBLIQUE_DEG + 2, True, True),  # measured, with a warning
        (NOT_SIDE_DEG - 1, True, True),
        (NOT_SIDE_DEG + 1, True, False),  # an angle from there is a different one
        (-(OBLIQUE_DEG + 2), True, True),
    ],
)
def test_oblique_views(yaw, oblique, known):
    reading = read(still(view=View(yaw_deg=yaw)))[-1]
    assert ("turn_side_on" in reading.view) is oblique
    assert math.isnan(reading.value("hip_angle_deg")) is not known
    assert reading.value("yaw_deg") == pytest.approx(abs(yaw), abs=0.1)


def test_oblique_needs_a_clear_return():
    def views(second):
        poses = [*still(3.0, View(yaw_deg=OBLIQUE_DEG + 2)), *still(4.0, View(yaw_deg=second), start_s=3.0)]
        return ["turn_side_on" in reading.view for reading in read(poses)]

    assert views(OBLIQUE_DEG - 1)[-1]  # just under the limit: still said
    assert not views(OBLIQUE_DEG - 8)[-1]
    assert not views(0)[-1]


def test_a_cut_forgets_the_yaw():
    poses = [*still(2.0, View(yaw_deg=40)), *still(1.0, start_s=2.0)]
    readings = read(bodies.cut_at(poses, 2.0))
    assert "turn_side_on" in readings[19].view
    assert readings[20].view == frozenset()


def test_framing_is_said_with_the_reading():
    reading = read(still(view=View(at=(540.0, 380.0))))[-1]
    assert reading.view == {"feet_out_of_frame"}


def test_a_growing_smoother_is_the_mean_until_it_is_full():
    smoother = Smoother(2.0, growing=True)
    values = [3.0, 5.0, 1.0, 7.0, 4.0] * 4
    means = [smoother.step(i / 20, value) for i, value in enumerate(values)]
    assert means[-1] == pytest.approx(sum(values) / len(values), abs=0.4)
    for i in range(200):
        last = smoother.step(1 + i / 20, 9.0)
    assert last == pytest.approx(9.0, abs=0.1)


def test_a_swaying_yaw_is_no_oblique_view():
    """Told by the estimator, the yaw of a still camera sways with the movement."""
    poses = []
    for i in range(12):
        poses += still(1.0, View(yaw_deg=38 if i % 3 == 2 else 20), start_s=float(i))
    assert not any("turn_side_on" in reading.view for reading in read(poses))


def test_whoever_turns_side_on_is_believed_soon():
    poses = [*still(20.0, View(yaw_deg=45)), *still(3.0, start_s=20.0)]
    readings = read(poses)
    assert "turn_side_on" in readings[199].view
    assert "turn_side_on" not in readings[-1].view


def with_scene(poses, **numbers):
    return [replace(pose, scene=Scene(**numbers)) for pose in poses]


def test_the_scene_is_told_with_the_reading():
    poses = with_scene(still(), light=10.0, roll_deg=14.0, people=2.0)
    assert read(poses)[-1].view == {"too_dark", "camera_tilted", "more_than_one_person"}


def test_of_nobody_only_the_dark_is_told():
    poses = with_scene([bodies.gone(pose) for pose in still()], light=10.0, roll_deg=14.0, people=2.0)
    readings = read(poses)
    assert readings[-1].view == {"too_dark"}
    assert readings[-1].values == {}


def test_the_scene_must_become_clearly_better():
    poses = [
        *with_scene(still(), roll_deg=TILTED_DEG + 1),
        *with_scene(still(1.0, start_s=2.0), roll_deg=LEVEL_DEG + 0.5),
    ]
    assert "camera_tilted" in read(poses)[-1].view
    assert "camera_tilted" not in read(bodies.cut_at(poses, 2.0))[-1].view  # a cut forgets it


@pytest.mark.parametrize(("off_s", "told"), [(1.4, False), (2.5, True)])
def test_a_sway_of_the_yaw_is_no_turn(off_s, told):
    watch, turned = TurnWatch(), False
    for i in range(60):
        time_s = i / 10
        since = watch.step(time_s, 58.0 if 2.0 <= time_s < 2.0 + off_s else 20.0)
        turned = turned or watch.turned(time_s)
        assert math.isnan(since) == (not 2.0 <= time_s < 2.0 + off_s)
        assert math.isnan(since) or since < 2.0
    assert turned is told
