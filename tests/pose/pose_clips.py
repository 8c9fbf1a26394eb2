"""Frames of the rendered sample clips, and made-up poses, for the tests of the pose room."""

from __future__ import annotations

import functools
import json
from dataclasses import replace
from pathlib import Path

import av
import numpy as np

from formcheck.pose.landmarks import LANDMARKS_N, Landmark, Pose
from formcheck.video.frame import Frame

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_videos"
KEY = [
    Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, Landmark.RIGHT_HIP,
    Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE, Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE,
]  # fmt: skip
_JOINTS = [f"{joint}_{side}" for joint in ("shoulder", "hip", "knee", "ankle") for side in "lr"]


@functools.cache
def frames(name: str = "bridge_good", n: int = 6) -> tuple[Frame, ...]:
    """The first n frames of a sample clip."""
    with av.open(SAMPLES / f"{name}.mp4") as clip:
        stream = clip.decode(video=0)
        return tuple(
            Frame(f.to_ndarray(format="bgr24").copy(), f.time, i) for i, f in zip(range(n), stream, strict=False)
        )


@functools.cache
def truth(name: str = "bridge_good") -> np.ndarray:
    """(T, 8, 2) true pixels of `KEY` in each frame of a sample clip."""
    told = json.loads((SAMPLES / f"{name}.json").read_text())
    columns = [told["joints"].index(joint) for joint in _JOINTS]
    return np.array([frame["pixels"] for frame in told["frames"]])[:, columns]


def error(pose: Pose, true: np.ndarray) -> float:
    """Mean distance of shoulders, hips, knees and ankles from the truth (8, 2), in trunk lengths."""
    trunk = np.linalg.norm(true[:2].mean(axis=0) - true[2:4].mean(axis=0))
    return float(np.linalg.norm(pose.pixels[KEY] - true, axis=1).mean() / trunk)


def moved(pose: Pose, x: float, y: float) -> Pose:
    """The pose elsewhere in the picture."""
    return replace(pose, pixels=pose.pixels + np.array([x, y]))


def a_pose(time_s=0.0, *, hips=(320.0, 300.0), scale=240.0, size=(640, 480), new_shot=False) -> Pose:
    """Somebody lying on the back with knees bent, head left; `scale` pixels to the metre."""
    world = np.zeros((LANDMARKS_N, 3))
    places = {
        "SHOULDER": (-0.5, 0.0, 0.16),
        "ELBOW": (-0.3, 0.05, 0.25),
        "WRIST": (-0.1, 0.05, 0.3),
        "HIP": (0.0, 0.0, 0.11),
        "KNEE": (0.28, -0.28, 0.1),
        "ANKLE": (0.5, 0.02, 0.1),
        "HEEL": (0.5, 0.05, 0.1),
        "FOOT_INDEX": (0.6, 0.05, 0.1),
    }
    for joint, (x, y, z) in places.items():
        world[Landmark[f"LEFT_{joint}"]] = x, y, z
        world[Landmark[f"RIGHT_{joint}"]] = x, y, -z
    world[[i for i in Landmark if i <= Landmark.MOUTH_RIGHT]] = -0.65, -0.05, 0.0
    pixels = world[:, :2] * scale + hips
    return Pose(time_s, pixels, world, np.full(LANDMARKS_N, 0.95), size, new_shot)
