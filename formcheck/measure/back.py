"""The back's own curve on hands and knees: how far it is arched up or dips.

Landmarks have no spine. The silhouette's contour (`formcheck.pose.contour`) shows the back; where there is none, hips,
shoulders and head together give a poorer answer.

All lengths are in trunk lengths, positive upward (a cat arches up, a cow dips).
"""

from __future__ import annotations

import math
from collections import deque
from statistics import fmean, median

from formcheck.measure.body import Body
from formcheck.measure.geometry import distance_px
from formcheck.pose.contour import PLACES_N
from formcheck.pose.landmarks import Pose

# Names of what `BackReader` adds to a reading:
# back_height: the middle of the back over the line from hips to shoulders.
# back_sagitta: the same middle over the line through the contour's own ends.
# head_beside_deg: the head's pitch beside the back; unknown where the back was estimated from that very pitch.
MEASURES = ("back_height", "back_sagitta", "head_beside_deg")

ENDS_N = 3  # places averaged at each end of the contour
HEIGHT_FROM, HEIGHT_TO = 4, 13  # the middle half of the trunk
SAGITTA_FROM, SAGITTA_TO = 5, 12
# Neighbours on a back differ by up to 0.05; hair on the shoulders or the edge of a shirt stands off by 0.1 and more.
JUMP = 0.08
KNOWN_MIN = 5  # places that must be known to speak of a middle

# Short against the fastest cat (0.5 s), and at 12 frames a second still three of them: one stray frame is dropped.
SMOOTH_S = 0.2

# Without a contour: an arched back brings hips and shoulders nearer together, and the head goes with it. Set on
# rendered clips of three bodies; in these, in one of a fourth body and in a filmed one it follows `back_height` at
# r = 0.95-0.99 and is off by 0.01-0.03 (mean).
LEVEL_HEIGHT, LEVEL_TRUNK, LEVEL_PITCH_DEG = 0.27, 1.2, 88.0
PER_TRUNK = -0.35
PER_DEG_DOWN, PER_DEG_UP = 0.0018, 0.0026  # a cow moves the trunk less: the head tells more of it


def without_jumps(back: list[float]) -> list[float]:
    """The contour with NaN where a place stands off its neighbours' median by more than `JUMP`."""
    kept = []
    for i, height in enumerate(back):
        around = [h for h in back[max(0, i - 2) : i + 3] if not math.isnan(h)]
        kept.append(height if around and abs(height - median(around)) <= JUMP else math.nan)
    return kept


def height(back: list[float]) -> float:
    """The middle of the back over the line from hips to shoulders; NaN where too little of it is seen.

    Args:
        back: The contour's heights over that line, from the hips to the shoulders.
    """
    known = [h for h in back[HEIGHT_FROM:HEIGHT_TO] if not math.isnan(h)]
    return median(known) if len(known) >= KNOWN_MIN else math.nan


def sagitta(back: list[float]) -> float:
    """The middle of the back over the line through the contour's own ends, positive arched up.

    Args:
        back: As in `height`.
    """
    first = [h for h in back[:ENDS_N] if not math.isnan(h)]
    last = [h for h in back[-ENDS_N:] if not math.isnan(h)]
    middle = [(i, h) for i, h in enumerate(back) if SAGITTA_FROM <= i < SAGITTA_TO and not math.isnan(h)]
    if not first or not last or len(middle) < KNOWN_MIN:
        return math.nan
    low, high = fmean(first), fmean(last)
    start, length = (ENDS_N - 1) / 2, PLACES_N - ENDS_N
    return fmean(h - low - (high - low) * (i - start) / length for i, h in middle)


def from_landmarks(body: Body, head_pitch_deg: float) -> float:
    """What `height` would be, estimated without a contour; NaN where a joint is unknown."""
    thigh = distance_px(body["hip"], body["knee"])
    if not thigh > 0:
        return math.nan
    trunk = distance_px(body["shoulder"], body["hip"]) / thigh
    pitch = head_pitch_deg - LEVEL_PITCH_DEG
    by_head = pitch * (PER_DEG_DOWN if pitch > 0 else PER_DEG_UP)
    return LEVEL_HEIGHT + PER_TRUNK * (trunk - LEVEL_TRUNK) + by_head


class _Median:
    """The median of the last `SMOOTH_S` seconds: one stray frame does not move it."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, float]] = deque()

    def step(self, time_s: float, value: float) -> float:
        """The smoothed value; unknown ones are passed over, after a gap nothing old is left."""
        if not math.isnan(value):
            self._recent.append((time_s, value))
        while self._recent and time_s - self._recent[0][0] > SMOOTH_S:
            self._recent.popleft()
        return median(v for _, v in self._recent) if self._recent else math.nan

    def reset(self) -> None:
        """Forget everything."""
        self._recent.clear()


class BackReader:
    """Reads the back of successive poses, smoothed over a fifth of a second."""

    def __init__(self) -> None:
        self._height = _Median()
        self._sagitta = _Median()

    def reset(self) -> None:
        """Forget everything: what comes next is another shot."""
        self._height.reset()
        self._sagitta.reset()

    def read(self, pose: Pose, body: Body, head_pitch_deg: float) -> dict[str, float]:
        """The measures named in `MEASURES` of the next pose.

        Args:
            pose: A pose in which somebody was found.
            body: Its side that faces the camera.
            head_pitch_deg: As in `formcheck.measure.body.measures`.
        """
        if pose.back is None:
            raw, bow, beside = from_landmarks(body, head_pitch_deg), math.nan, math.nan
        else:
            back = without_jumps(pose.back.tolist())
            raw, bow, beside = height(back), sagitta(back), head_pitch_deg
        smoothed = self._height.step(pose.time_s, raw), self._sagitta.step(pose.time_s, bow)
        return dict(zip(MEASURES, (*smoothed, beside), strict=True))
