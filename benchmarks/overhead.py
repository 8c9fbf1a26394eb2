"""What formcheck costs on top of decoding and pose estimation: `python -m benchmarks.overhead [CLIP ...]`.

In one run and in turns, on the same clips: (a) a bare loop that reads frames with OpenCV and asks mediapipe for the
pose; (b) formcheck.analyze; (b') the same, decoding in its own thread switched off, so that nothing hides behind
inference; (c) analyze with the annotated video; and, for exercises that need silhouettes, (a') the bare loop with them.
Ratios are taken pair by pair, then the median. CPU time counts all threads and says the same on a busy machine.
"""

from __future__ import annotations

import argparse
import functools
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from benchmarks._common import SAMPLES, Clip, clips_of, say, table
from benchmarks._stages import bare, help_s, stages
from formcheck import analyze, exercises

SAMPLE_NAMES = ("bridge_good", "partial_crunch_good", "plank_good", "cat_cow_good")  # the last with silhouettes


@dataclass(frozen=True)
class Cost:
    """Milliseconds a frame, by the clock and by all threads' work together."""

    wall_ms: float
    cpu_ms: float


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.overhead", description=__doc__)
    parser.add_argument("clips", nargs="*", type=Path, metavar="CLIP", help="default: four sample videos")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    paths = options.clips or [SAMPLES / f"{name}.mp4" for name in SAMPLE_NAMES]
    clips = [clip for clip in clips_of(paths) if clip.exercise in exercises.names()]
    _say_load("before")
    for clip in clips:
        measure(clip, options.rounds)
    print(f"\nformcheck --help: {help_s():.3f} s (median of 7)")
    _say_load("after")


def _say_load(when: str) -> None:
    if hasattr(os, "getloadavg"):
        print(f"load {when}: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def measure(clip: Clip, rounds: int) -> None:
    """One clip: all ways in turns, then the stages one by one."""
    ways: dict[str, Callable[[Clip], int]] = {
        "(a) bare loop": lambda c: bare(c.path),
        "(b) analyze": _analyze,
        "(b') analyze, one thread": _analyze_in_turn,
        "(c) analyze with video": _analyze_with_video,
    }
    if exercises.get(clip.exercise).silhouette:
        ways["(a') bare loop with silhouettes"] = lambda c: bare(c.path, masks=True)
    say(f"{clip.name}: warming up ...")
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    for way in ways.values():
        _cost(way, clip)
    for number in range(rounds):
        say(f"{clip.name}: round {number + 1} of {rounds} ...")
        for name, way in ways.items():
            costs[name].append(_cost(way, clip))
    print(f"\n{clip.name} ({clip.exercise}), {rounds} rounds: median ms a frame, median of the ratios to (a)\n")
    print(table(("", "wall", "ratio", "lowest", "highest", "cpu", "ratio"), _lines(costs)))
    print("\nms a frame by stage, everything in one thread\n")
    print(table(("stage", "ms", "of (a)", ""), stages(clip, rounds)))


def _cost(way: Callable[[Clip], int], clip: Clip) -> Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    frames = way(clip)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Cost(1000 * wall / frames, 1000 * cpu / frames)


def _lines(costs: dict[str, list[Cost]]) -> list[list[str]]:
    base = next(iter(costs.values()))
    lines = []
    for name, rounds in costs.items():
        wall = [cost.wall_ms / first.wall_ms for cost, first in zip(rounds, base, strict=True)]
        cpu = [cost.cpu_ms / first.cpu_ms for cost, first in zip(rounds, base, strict=True)]
        lines.append(
            [
                name,
                f"{statistics.median(cost.wall_ms for cost in rounds):.2f}",
                *(f"{pick(wall):.3f}" for pick in (statistics.median, min, max)),
                f"{statistics.median(cost.cpu_ms for cost in rounds):.2f}",
                f"{statistics.median(cpu):.3f}",
            ]
        )
    return lines


def _analyze(clip: Clip) -> int:
    return analyze(clip.path, clip.exercise).source.frames


def _analyze_in_turn(clip: Clip) -> int:
    from formcheck.video import source  # noqa: PLC0415

    with mock.patch.object(source, "open_source", functools.partial(source.open_source, ahead=0)):
        return analyze(clip.path, clip.exercise).source.frames


def _analyze_with_video(clip: Clip) -> int:
    with tempfile.TemporaryDirectory() as folder:
        return analyze(clip.path, clip.exercise, out=folder).source.frames


if __name__ == "__main__":
    main()
