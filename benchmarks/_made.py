"""Clips of a wanted length, made of sample videos shown one after the other."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av

from benchmarks._common import SAMPLES


def clip_of(names: Sequence[str], seconds: float, fps: int, path: Path) -> Path:
    """Write a clip of sample videos in their own time, over and over, with pictures repeated to a higher rate.

    Args:
        names: Of sample videos of the same size.
        seconds: How long it is to be.
        fps: Pictures a second.
        path: Where to.
    """
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=fps, options={"preset": "veryfast", "crf": "20"})
        stream.pix_fmt = "yuv420p"
        written, offset_s = 0, 0.0
        for name in itertools.cycle(names):
            last_s = 0.0
            with av.open(str(SAMPLES / f"{name}.mp4")) as clip:
                if not written:
                    stream.width, stream.height = clip.streams.video[0].width, clip.streams.video[0].height
                step_s = 1.0 / float(clip.streams.video[0].average_rate or fps)
                for frame in clip.decode(video=0):
                    last_s = float(frame.time or 0.0)
                    while written < seconds * fps and written / fps < offset_s + last_s + step_s:
                        picture = frame.reformat(format="yuv420p")
                        picture.pts, picture.time_base = written, Fraction(1, fps)
                        out.mux(stream.encode(picture))
                        written += 1
            offset_s += last_s + step_s
            if written >= seconds * fps:
                break
        out.mux(stream.encode(None))
    return path


def frames_of(clip: Path) -> int:
    """How many pictures a clip has."""
    with av.open(str(clip)) as container:
        return sum(packet.size > 0 for packet in container.demux(video=0))


def seconds_of(clip: Path) -> float:
    """How long a clip lasts."""
    with av.open(str(clip)) as container:
        video = container.streams.video[0]
        assert video.duration is not None
        assert video.time_base is not None
        return float(video.duration * video.time_base)
