"""How right the view angle and the camera's roll are told: `python -m benchmarks.view [PATH ...]`.

PATH is a folder of rendered clips with their truth (NAME.json beside NAME.mp4), or one such clip; without one
sample_videos and sample_videos/yaw. The yaw is compared frame by frame with the truth, warnings to turn side on clip
by clip: false ones up to 25 degrees, missed ones from 40 (of the exercises that ask for a side view).
"""

from __future__ import annotations

import argparse
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks._common import SAMPLES, YAW_SAMPLES, Clip, Poses, all_names, clips_of, table
from benchmarks.compare import mean
from formcheck import exercises
from formcheck.engine.engine import Event
from formcheck.engine.records import ViewProblem
from formcheck.judge import Judge
from formcheck.pose.recording import PoseRecording

FINE_DEG, OBLIQUE_DEG = 25.0, 40.0


@dataclass
class ViewRow:
    """One clip: its true yaw and roll, what was told in each frame (unknown left out), what was warned of.

    `fine` is whether the truth says that the exercise may be seen from there.
    """

    clip: str
    exercise: str
    yaw_deg: float
    roll_deg: float
    yaws_deg: list[float]
    rolls_deg: list[float]
    warned: list[str]
    fine: bool = True

    @property
    def errors_deg(self) -> list[float]:
        """Told less true yaw, both unsigned."""
        return [yaw - abs(self.yaw_deg) for yaw in self.yaws_deg]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.view", description=__doc__)
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="folders or clips (default: sample_videos and sample_videos/yaw)",
    )
    parser.add_argument("--model", default="full", help="lite, full, heavy or a model file")
    parser.add_argument("--poses-cache", type=Path, metavar="DIR", help="keep poses there, so that a rerun is quick")
    options = parser.parse_args(arguments)
    poses = Poses(options.model, options.poses_cache)
    # With silhouettes where the exercise wants them, so that the cache is that of the other benchmarks.
    print_all(
        [
            against_truth(clip, poses.of(clip.path, masks=exercises.get(clip.exercise).silhouette))
            for clip in chosen(options.paths)
        ]
    )


def chosen(paths: Sequence[Path]) -> list[Clip]:
    """The clips with truth in these folders, or these clips; with no path those of all sample videos."""
    return [clip for clip in clips_of(paths or (SAMPLES, YAW_SAMPLES)) if _has_truth(clip)]


def _has_truth(clip: Clip) -> bool:
    return clip.truth is not None and clip.truth["exercise"] in all_names()


def against_truth(clip: Clip, recording: PoseRecording) -> ViewRow:
    """What is told of one clip's view."""
    assert clip.truth is not None
    judge = Judge(exercises.get(clip.exercise))
    # The truth's roll is the camera's; the picture leans the other way.
    view = clip.truth["view"]
    row = ViewRow(clip.name, clip.exercise, view["yaw_deg"], -view["roll_deg"], [], [], [], view["ok"])
    events = list[Event]()
    for pose in recording:
        events += judge.step(pose)
        if pose.found:
            row.yaws_deg.append(judge.reading.value("yaw_deg"))
            row.rolls_deg.append(pose.scene.roll_deg)
    events += judge.finish()
    row.yaws_deg = [yaw for yaw in row.yaws_deg if not math.isnan(yaw)]
    row.rolls_deg = [roll for roll in row.rolls_deg if not math.isnan(roll)]
    row.warned = sorted({event.name for event in events if isinstance(event, ViewProblem)})
    return row


_CLIP_HEADER = ("clip", "true yaw", "told", "spread", "true roll", "told", "warned of")
_GROUP_HEADER = ("yaw", "clips", "mean error", "rms", "within 5", "within 10", "false", "missed", "")


def print_all(rows: Sequence[ViewRow]) -> None:
    """Both tables."""
    print(table(_CLIP_HEADER, [_clip_line(row) for row in rows]))
    groups: dict[str, list[ViewRow]] = defaultdict(list)
    for row in rows:
        groups[row.exercise].append(row)
        groups["all"].append(row)
    ordered = [*(name for name in sorted(groups) if name != "all"), "all"]
    print("\n" + table(_GROUP_HEADER, [_group_line(name, groups[name]) for name in ordered if name in groups]))


def _clip_line(row: ViewRow) -> list[str]:
    yaw, roll = mean(row.yaws_deg), mean(row.rolls_deg)
    spread = math.sqrt(mean([(one - yaw) ** 2 for one in row.yaws_deg]))
    told = (f"{row.yaw_deg:g}", f"{yaw:.1f}", f"{spread:.1f}", f"{row.roll_deg:g}", f"{roll:.1f}")
    return [f"{row.exercise} {row.clip}", *told, ", ".join(row.warned)]


def _group_line(name: str, rows: Sequence[ViewRow]) -> list[str]:
    errors = [error for row in rows for error in row.errors_deg]
    fine = [row for row in rows if abs(row.yaw_deg) <= FINE_DEG]
    warnable = [row for row in rows if "turn_side_on" in exercises.get(row.exercise).views]
    oblique = [row for row in warnable if abs(row.yaw_deg) >= OBLIQUE_DEG and not row.fine]
    false = sum("turn_side_on" in row.warned for row in fine)
    missed = sum("turn_side_on" not in row.warned for row in oblique)
    return [
        name,
        str(len(rows)),
        f"{mean(errors):+.1f}",
        f"{math.sqrt(mean([error**2 for error in errors])):.1f}",
        *(f"{mean([float(abs(error) <= limit) for error in errors]):.2f}" for limit in (5, 10)),
        f"{false}/{len(fine)}",
        f"{missed}/{len(oblique)}",
        "",
    ]


if __name__ == "__main__":
    main()
