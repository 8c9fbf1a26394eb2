"""Random pictures of the same scene, and random losses, for the tests of what may not matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import bodies
from hypothesis import strategies as st

from formcheck.pose.landmarks import Pose


@dataclass(frozen=True)
class PictureChange:
    """Another picture of the same scene: mirrored or not, turned by a few degrees, scaled, and moved."""

    mirrored: bool
    roll_deg: float
    scale: float
    dx: float
    dy: float


@st.composite
def picture_changes(draw: st.DrawFn) -> PictureChange:
    """Pictures that a camera could as well have taken."""
    return PictureChange(
        mirrored=draw(st.booleans()),
        roll_deg=draw(st.floats(-4, 4)),
        scale=draw(st.floats(0.6, 3)),
        dx=draw(st.floats(-80, 80)),
        dy=draw(st.floats(-60, 60)),
    )


def changed(poses: Sequence[Pose], change: PictureChange) -> list[Pose]:
    """The film as seen in the other picture."""

    def one(pose: Pose) -> Pose:
        pose = bodies.mirrored(pose) if change.mirrored else pose
        # With room around it, so that turning moves nobody out of the picture.
        pose = bodies.rotated(bodies.shifted(pose, change.dx, change.dy), change.roll_deg)
        return bodies.scaled(pose, change.scale)

    return [one(pose) for pose in poses]


@st.composite
def frames_lost(draw: st.DrawFn, count: int, *, share: float, longest: int) -> frozenset[int]:
    """Frames to lose: at most a share of them, never more than `longest` in a row, the first one never."""
    random = draw(st.randoms(use_true_random=False))
    lost: set[int] = set()
    for i in random.sample(range(1, count), int(draw(st.floats(0.05, share)) * count)):
        start, end = i, i
        while start - 1 in lost:
            start -= 1
        while end + 1 in lost:
            end += 1
        if end - start < longest:
            lost.add(i)
    return frozenset(lost)
