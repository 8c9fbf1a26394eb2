"""The sample clips: their exercises, their truth, and short pieces cut from them."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from formcheck.exercises import names
from formcheck.pose.recording import PoseRecording
from formcheck.report.result import AnalysisResult

SAMPLES = Path(__file__).parents[1] / "sample_videos"


def clip(name: str) -> Path:
    """A sample clip's file."""
    return SAMPLES / f"{name}.mp4"


@functools.cache
def truth(name: str) -> dict[str, Any]:
    """What is true in a sample clip."""
    return json.loads((SAMPLES / f"{name}.json").read_text())


def exercise_of(name: str) -> str:
    """The exercise of a sample clip."""
    return truth(name)["exercise"]


# Clips of exercises that are not judged yet may already be there.
NAMES = sorted(path.stem for path in SAMPLES.glob("*.mp4") if exercise_of(path.stem) in names())


def pictures(name: str, first: int, count: int) -> tuple[np.ndarray, ...]:
    """Some pictures (BGR) of a sample clip."""
    with av.open(clip(name)) as container:
        frames = (frame for i, frame in enumerate(container.decode(video=0)) if i >= first)
        # A copy: the decoder's own picture would be kept alive by the array.
        return tuple(np.array(frame.to_ndarray(format="bgr24")) for _, frame in zip(range(count), frames, strict=False))


@dataclass(frozen=True)
class Watched:
    """A sample clip that has been analysed with the real model."""

    name: str
    result: AnalysisResult
    folder: Path

    @property
    def recording(self) -> PoseRecording:
        """The poses that were found."""
        return PoseRecording.load(self.folder / "poses.npz")


Watch = Callable[[str], Watched]


def write_pictures(path: Path, images: list[np.ndarray], *, fps: int = 12, pix_fmt: str = "yuv420p") -> Path:
    """Make a small clip of pictures; FFV1 in .mkv takes any size, H.264 in .mp4 only even ones."""
    codec = "libx264" if path.suffix == ".mp4" else "ffv1"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=fps, options={"preset": "ultrafast"} if codec == "libx264" else {})
        stream.height, stream.width = images[0].shape[:2]
        stream.pix_fmt = pix_fmt
        for image in images:
            frame = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format=pix_fmt)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def write_sound(path: Path, seconds: float = 0.5) -> Path:
    """Make a file with sound and no pictures."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16_000)
        for start in range(0, round(seconds * 16_000), 1024):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = 16_000, start, Fraction(1, 16_000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
