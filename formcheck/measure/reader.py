"""From poses to readings: the only place where measuring has a memory (which side, which view)."""

from __future__ import annotations

import math

from formcheck.measure.body import Facing, body_side, measures, near_side
from formcheck.measure.reading import Reading
from formcheck.measure.view import NOT_SIDE_DEG, OBLIQUE_DEG, frame_problems, yaw_deg
from formcheck.pose.landmarks import Pose, Side

SIDE_SMOOTH_S = 0.5  # slower than one noisy frame, faster than turning round
YAW_SMOOTH_S = 1.0  # the camera stands still; hands at the head shift a shoulder for a moment
SIDE_CHANGE_M = 0.04  # the other side must be nearer by this much before it is taken for the near one
YAW_RELEASE_DEG = 4.0  # the view is good again this far under the limit


class Smoother:
    """Exponential smoothing over time that forgets nothing stale: after a gap it starts anew."""

    def __init__(self, time_constant_s: float, gap_s: float = 1.0) -> None:
        self._constant_s = time_constant_s
        self._gap_s = gap_s
        self._time_s = math.nan
        self.value = math.nan

    def step(self, time_s: float, value: float) -> float:
        """The smoothed value; NaN values are passed over, a gap longer than `gap_s` starts anew."""
        if math.isnan(value):
            return self.value if time_s - self._time_s <= self._gap_s else math.nan
        if math.isnan(self.value) or time_s - self._time_s > self._gap_s:
            self.value = value
        else:
            self.value += (1.0 - math.exp((self._time_s - time_s) / self._constant_s)) * (value - self.value)
        self._time_s = time_s
        return self.value

    def reset(self) -> None:
        """Forget everything."""
        self.value = self._time_s = math.nan


class PoseReader:
    """Turns the poses of one clip, in order, into readings for one exercise."""

    def __init__(self, facing: Facing, needs: tuple[str, ...]) -> None:
        """Read for an exercise.

        Args:
            facing: Where the belly faces.
            needs: Joints without which nothing is known.
        """
        self._facing: Facing = facing
        self._needs = needs
        self._depth = Smoother(SIDE_SMOOTH_S)
        self._yaw = Smoother(YAW_SMOOTH_S)
        self._side: Side | None = None
        self._oblique = False

    def read(self, pose: Pose) -> Reading:
        """The reading of the next pose."""
        if pose.new_shot:
            self._depth.reset()
            self._yaw.reset()
            self._side, self._oblique = None, False
        if not pose.found:
            return Reading(pose.time_s, side=self._side, fresh=pose.new_shot)
        side = self._near_side(pose)
        yaw = self._yaw.step(pose.time_s, yaw_deg(pose))
        self._oblique = yaw > OBLIQUE_DEG - (YAW_RELEASE_DEG if self._oblique else 0.0)
        body = body_side(pose, side)
        view = frame_problems(pose, body)
        if self._oblique:
            view |= {"turn_side_on"}
        known = yaw <= NOT_SIDE_DEG and not any(math.isnan(body[joint][0]) for joint in self._needs)
        other = body_side(pose, "right" if side == "left" else "left")
        values = measures(body, other, self._facing) if known else {}
        values["yaw_deg"] = yaw
        return Reading(pose.time_s, values, side, view, pose.new_shot)

    def _near_side(self, pose: Pose) -> Side:
        depth = self._depth.step(pose.time_s, near_side(pose))
        if self._side is None:
            self._side = "left" if depth > 0 else "right"
        elif self._side == "left" and depth < -SIDE_CHANGE_M:
            self._side = "right"
        elif self._side == "right" and depth > SIDE_CHANGE_M:
            self._side = "left"
        return self._side
