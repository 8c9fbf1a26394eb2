"""Small clips for batches in tests: pose recordings, which are analysed in a moment and with no pose model."""

from __future__ import annotations

from pathlib import Path

import bodies

from formcheck.pose.recording import PoseRecorder, PoseSource


def write_bridges(path: Path, tops_n: int = 2) -> Path:
    """A recording of so many good bridges."""
    poses, _ = bodies.bridges((178.0,) * tops_n)
    recorder = PoseRecorder(poses[0].size)
    for pose in poses:
        recorder.append(pose)
    source = PoseSource("bridges.mp4", "full", poses[-1].time_s, len(poses), 10.0)
    path.parent.mkdir(parents=True, exist_ok=True)
    recorder.finish(source).save(path)
    return path


def write_nobody(path: Path) -> Path:
    """A recording in which nobody is found."""
    recorder = PoseRecorder((640, 480))
    for pose in bodies.bridges()[0][:30]:
        recorder.append(bodies.gone(pose))
    path.parent.mkdir(parents=True, exist_ok=True)
    recorder.finish(PoseSource()).save(path)
    return path


def expect(clip: Path, text: str) -> Path:
    """Write a clip's expectation."""
    path = clip.with_suffix(".expect.toml")
    path.write_text(text)
    return path
