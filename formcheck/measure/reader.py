"""From poses to readings: the only place where measuring has a memory (which side, which view)."""

from __future__ import annotations

import math
from collections.abc import Iterable

from formcheck.measure.aside import aside_measures
from formcheck.measure.back import BackReader
from formcheck.measure.body import Body, Facing, belly_side, body_side, levelled, measures, near_side
from formcheck.measure.legs import leg_measures
from formcheck.measure.reach import reach_measures
from formcheck.measure.reading import Reading
from formcheck.measure.trends import Trend, TrendReader
from formcheck.measure.upright import SIDE_DEG, faces_right, upright_measures
from formcheck.measure.view import NOT_SIDE_DEG, OBLIQUE_DEG, ViewName, frame_problems, scene_problems, yaw_deg
from formcheck.pose.landmarks import Pose, Side

SIDE_SMOOTH_S = 0.5  # slower than one noisy frame, faster than turning round
YAW_SMOOTH_S = 1.0
VIEW_GAP_S = 10.0  # nor does it move while a raised leg hides the yaw
VIEW_SMOOTH_S = 6.0  # the camera stands still, but the yaw told sways with the movement by up to 15 degrees
SIDE_CHANGE_M = 0.04  # the other side must be nearer by this much before it is taken for the near one
# Side planks turn the chest or the back to the camera, and upright people may sit before a laptop: what can be
# measured in such a view, these exercises' own bounds and faults say.
ANY_VIEW: frozenset[Facing] = frozenset(("aside", "upright"))
UNSEEN_VIEW: frozenset[ViewName] = frozenset(("too_dark",))  # what may be the reason why nobody is seen
ROLL_STEP_DEG = 3.0  # the roll is told to a degree; a smaller lean, or change of it, is left alone
YAW_RELEASE_DEG = 4.0  # the view is good again this far under the limit
# A camera or a mat that is turned while somebody exercises must not wait for the slow mean: this far over the limit,
# down to the limit again. A raised arm and leg of a bird dog keep it there for up to 1.3 s, no other side view at all.
TURNED_DEG = OBLIQUE_DEG + YAW_RELEASE_DEG
TURNED_S = 2.0
TURNING_S = 3.0  # a turn up to there is told from where the view was last good, but from no longer ago than this


class Smoother:
    """Exponential smoothing over time that forgets nothing stale: after a gap it starts anew.

    A `growing` one is the mean of all values until the time constant is reached.
    """

    def __init__(self, time_constant_s: float, gap_s: float = 1.0, *, growing: bool = False) -> None:
        self._constant_s = time_constant_s
        self._gap_s = gap_s
        self._growing = growing
        self._since_s = math.nan
        self._time_s = math.nan
        self.value = math.nan

    def step(self, time_s: float, value: float) -> float:
        """The smoothed value; NaN values are passed over, a gap longer than `gap_s` starts anew."""
        if math.isnan(value):
            return self.value if time_s - self._time_s <= self._gap_s else math.nan
        if math.isnan(self.value) or time_s - self._time_s > self._gap_s:
            self.value, self._since_s = value, time_s
        else:
            constant_s = min(self._constant_s, time_s - self._since_s) if self._growing else self._constant_s
            self.value += (1.0 - math.exp((self._time_s - time_s) / constant_s)) * (value - self.value)
        self._time_s = time_s
        return self.value

    def reset(self) -> None:
        """Forget everything."""
        self.value = self._time_s = math.nan


class TurnWatch:
    """Sees a view that was good being turned off the side, from the quick yaw."""

    def __init__(self) -> None:
        self._level_s = self._off_s = math.nan

    def step(self, time_s: float, yaw: float) -> float:
        """Since when the view may have been turning, while it is clearly off the side; else NaN."""
        if yaw <= OBLIQUE_DEG - YAW_RELEASE_DEG:
            self._level_s = time_s
        off = yaw > (TURNED_DEG if math.isnan(self._off_s) else OBLIQUE_DEG)
        if not off:
            self._off_s = math.nan
            return math.nan
        self._off_s = time_s if math.isnan(self._off_s) else self._off_s
        level_s = self._off_s if math.isnan(self._level_s) else self._level_s - YAW_SMOOTH_S
        return max(level_s, self._off_s - TURNING_S)

    def turned(self, time_s: float) -> bool:
        """Whether it has been off for so long that it is no sway of the movement."""
        return time_s - self._off_s >= TURNED_S

    def reset(self) -> None:
        """Forget everything."""
        self._level_s = self._off_s = math.nan


class PoseReader:
    """Turns the poses of one clip, in order, into readings for one exercise."""

    def __init__(
        self, facing: Facing, needs: tuple[str, ...], trends: Iterable[Trend] = (), *, silhouette: bool = False
    ) -> None:
        """Read for an exercise.

        Args:
            facing: Where the belly faces.
            needs: Joints without which nothing is known.
            trends: Measures to be made of the course of others.
            silhouette: Whether the back's curve is wanted too (`formcheck.measure.back.MEASURES`).
        """
        self._facing: Facing = facing
        self._needs = needs
        self._depth = Smoother(SIDE_SMOOTH_S)
        self._yaw = Smoother(YAW_SMOOTH_S, VIEW_GAP_S)
        self._view_yaw = Smoother(VIEW_SMOOTH_S, VIEW_GAP_S, growing=True)
        self._turn = TurnWatch()
        self._back = BackReader() if silhouette else None
        self._forward = Smoother(SIDE_SMOOTH_S)
        self._trends = TrendReader(trends)
        self._side: Side | None = None
        self._oblique = False
        self._roll_deg = 0.0  # taken out of what is measured
        self._scene: frozenset[ViewName] = frozenset()

    def read(self, pose: Pose) -> Reading:
        """The reading of the next pose."""
        if pose.new_shot:
            self._depth.reset()
            self._yaw.reset()
            self._view_yaw.reset()
            self._turn.reset()
            self._forward.reset()
            self._trends.reset()
            if self._back is not None:
                self._back.reset()
            self._side, self._oblique, self._scene = None, False, frozenset()
            self._roll_deg = 0.0
        self._scene = scene_problems(pose.scene, self._scene)
        if not pose.found:
            return Reading(pose.time_s, side=self._side, view=self._scene & UNSEEN_VIEW, fresh=pose.new_shot)
        side = self._near_side(pose)
        yaw = self._yaw.step(pose.time_s, yaw_deg(pose, self._facing))
        turning_s = self._turn.step(pose.time_s, yaw) if self._facing != "upright" else math.nan
        view_yaw = self._view_yaw.step(pose.time_s, yaw)
        turned_back = self._oblique and yaw <= OBLIQUE_DEG - YAW_RELEASE_DEG
        if turned_back or (not self._oblique and self._turn.turned(pose.time_s)):
            self._view_yaw.reset()  # turned: what was seen before says nothing any more
            view_yaw = self._view_yaw.step(pose.time_s, yaw)
        limit = OBLIQUE_DEG - (YAW_RELEASE_DEG if self._oblique else 0.0)
        # Whoever is upright may be seen from the front as well, and not from between.
        between = self._facing != "upright" or view_yaw < SIDE_DEG
        self._oblique = view_yaw > limit and between
        body = body_side(pose, side)
        view = frame_problems(pose, body) | self._scene
        # From another lean on, heights are others: nothing is carried over.
        moved = abs(pose.scene.roll_deg - self._roll_deg) > ROLL_STEP_DEG
        self._roll_deg = pose.scene.roll_deg if moved else self._roll_deg
        if self._oblique:
            view |= {"turn_side_on"}
        known = not yaw > NOT_SIDE_DEG or self._facing in ANY_VIEW
        values: dict[str, float] = {}
        if known and not any(math.isnan(body[joint][0]) for joint in self._needs):
            values = self._measures(pose, body)
        values["yaw_deg"] = view_yaw
        return Reading(pose.time_s, values, side, view, pose.new_shot or moved, turning_s)

    def _measures(self, pose: Pose, body: Body) -> dict[str, float]:
        other = body_side(pose, "right" if body.side == "left" else "left")
        if self._roll_deg:
            body, other = levelled(body, self._roll_deg), levelled(other, self._roll_deg)
        if self._facing == "upright":
            forward = self._forward.step(pose.time_s, faces_right(body, other))
            values = upright_measures(body, other, math.copysign(1.0, forward), self._yaw.value, pose.size[1] / 2)
        elif self._facing == "aside":
            values = aside_measures(*((body, other) if body.side == "left" else (other, body)))
        else:
            values = measures(body, other, self._facing, self._view_yaw.value)
            if self._facing == "up":
                values |= leg_measures(body, other)
            values |= reach_measures(body, other, belly_side(body, self._facing))
            if self._back is not None:
                values |= self._back.read(pose, body, values["head_pitch_deg"])
        return values | self._trends.step(pose.time_s, values)

    def _near_side(self, pose: Pose) -> Side:
        depth = self._depth.step(pose.time_s, near_side(pose))
        if self._side is None:
            self._side = "left" if depth > 0 else "right"
        elif self._side == "left" and depth < -SIDE_CHANGE_M:
            self._side = "right"
        elif self._side == "right" and depth > SIDE_CHANGE_M:
            self._side = "left"
        return self._side
