"""How right formcheck is: `python -m benchmarks.accuracy [PATH ...]`.

PATH is a folder with clips and their truth (NAME.json beside NAME.mp4, as in sample_videos) or with a
labels.toml, or one such clip. Every clip's repetitions, holds, faults and main angle are compared with the
truth. Always ends with exit code 0 and the number of wrong things.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import _tables
from benchmarks._back import back_error, has_back, row_of
from benchmarks._common import MAIN_ANGLE, RAW_ANGLE, SAMPLES, Clip, Poses, Reading, Run, all_names, clips_of, judge
from benchmarks._filmed import check_looks
from benchmarks.compare import (
    AngleError,
    angle_error,
    compare_faults,
    compare_holds,
    compare_reps,
    span_of,
    total_angle,
)
from benchmarks.segments import SegmentCheck, check_segment, outside
from formcheck import exercises
from formcheck.cli_stride import parse_stride

ANGLE_WITHIN_DEG = 4.0  # asked of the main angle, on average over a clip


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    poses = Poses(options.model, options.poses_cache, Reading(options.stretch, options.stride))
    truths: list[_tables.TruthRow] = []
    labels: list[_tables.LabelRow] = []
    for clip in _chosen(options.paths or [SAMPLES], options.exercise):
        run = judge(poses.of(clip.path, masks=exercises.get(clip.exercise).silhouette), clip.exercise)
        if clip.truth is not None:
            truths.append(against_truth(clip, run))
        else:
            labels.append(against_labels(clip, run))
    wrong = _tables.print_all(truths, labels)
    print(f"\n{wrong} wrong in {len(truths) + len(labels)} clips")
    if options.json is not None:
        data = {"rendered": [asdict(row) for row in truths], "filmed": [asdict(row) for row in labels], "wrong": wrong}
        options.json.write_text(json.dumps(_plain(data), indent=1), encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="folders or clips (default: sample_videos)")
    parser.add_argument("--exercise", metavar="NAME", help="only the clips of this exercise")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all figures there")
    parser.add_argument("--model", default="full", help="lite, full, heavy or a model file")
    parser.add_argument("--poses-cache", type=Path, metavar="DIR", help="keep poses there, so that a rerun is quick")
    parser.add_argument(
        "--stretch", type=float, metavar="SECONDS", help="cut all clips into such stretches, as only long ones are"
    )
    parser.add_argument("--stride", type=parse_stride, default=1, metavar="N|auto", help="one picture of so many")
    return parser


def _chosen(paths: Sequence[Path], exercise: str | None) -> list[Clip]:
    """The clips to compare, those of unknown exercises named and left out."""
    chosen = []
    for clip in clips_of(paths):
        if clip.exercise not in all_names():
            print(f"skipped {clip.name}: {clip.exercise} is not known")
        elif exercise in (None, clip.exercise):
            chosen.append(clip)
    return chosen


def against_truth(clip: Clip, run: Run) -> _tables.TruthRow:
    """One rendered clip: everything that was found against the exact truth."""
    truth = clip.truth
    assert truth is not None
    unjudged = exercises.get(clip.exercise).unjudged
    reps = compare_reps(truth["reps"], run.reps, unjudged)
    holds = compare_holds(truth["holds"], run.holds)
    judged = [fault for fault in truth["faults"] if fault["name"] not in unjudged]
    faults = compare_faults(judged, run.faults, truth["reps"], run.reps)
    errors = reps.errors
    errors.update(holds.errors)
    row = _tables.TruthRow(
        clip=clip.name,
        exercise=clip.exercise,
        true=[rep["outcome"] for rep in truth["reps"]],
        found=[rep.outcome for rep in run.reps],
        holds=(len(truth["holds"]), len(run.holds)),
        errors=errors,
        faults=faults.by_name,
        angle=_main_angle_error(clip.exercise, run, truth),
        raw=_angle_error(run, run.raw_deg, truth, RAW_ANGLE.get(clip.exercise, "")),
        frames=len(run.times_s),
        side=run.side,
        true_side=truth["view"]["near_side"],
        pose_found=run.pose_found,
        view=sorted({problem.name for problem in run.view}),
        wrong=[*reps.wrong, *holds.wrong, *faults.wrong],
        unjudged=reps.unjudged,
    )
    if exercises.get(clip.exercise).silhouette and has_back(truth):
        row.back = back_error([row_of(reading) for reading in run.readings], truth)
    row.wrong += _other_wrong(row, truth)
    row.verdict = ("warned" if row.view and not truth["view"]["ok"] else "WRONG") if row.wrong else "right"
    return row


def _main_angle_error(exercise: str, run: Run, truth: dict[str, Any]) -> AngleError:
    if exercise == "hamstring_stretch":
        return held_leg_error(run, truth)
    return _angle_error(run, run.angles_deg, truth, MAIN_ANGLE.get(exercise, ""))


def held_leg_error(run: Run, truth: dict[str, Any]) -> AngleError:
    """The elevation of the leg that is held up, over the frames in which it is."""
    errors = []
    for hold in truth["holds"]:
        start_s, end_s = span_of(hold)
        frames = [frame for frame in truth["frames"] if start_s <= frame["t"] <= end_s]
        found = {
            time_s: reading.value(f"{hold['side']}_elevation_deg")
            for time_s, reading in zip(run.times_s, run.readings, strict=True)
            if start_s <= time_s <= end_s
        }
        true = [frame["measures"][f"elevation_{hold['side'][0]}"] for frame in frames]
        errors.append(angle_error(list(found), list(found.values()), [frame["t"] for frame in frames], true))
    return total_angle(errors)


def _angle_error(run: Run, angles: Sequence[float], truth: dict[str, Any], name: str) -> AngleError:
    if name == "trunk_lean" and truth["view"]["near_side"] is None:
        return AngleError(0, math.nan, math.nan)  # from the front no lean forward can be read
    frames = [frame for frame in truth["frames"] if name in frame.get("measures", {})]
    true = [f["measures"][name] for f in frames]
    if truth["exercise"] == "side_plank":
        true = [180.0 - abs(180.0 - angle) for angle in true]  # the rule's angle does not tell a sag from a pike
    return angle_error(run.times_s, angles, [f["t"] for f in frames], true)


def _other_wrong(row: _tables.TruthRow, truth: dict[str, Any]) -> list[str]:
    wrong = []
    if row.angle.mean_abs_deg > ANGLE_WITHIN_DEG:
        wrong.append(f"the main angle is {row.angle.mean_abs_deg:.1f} deg off on average")
    if row.true_side is not None and row.side != row.true_side:
        wrong.append(f"the {row.true_side} side is near, found {row.side}")
    if truth["view"]["ok"] and row.view:
        wrong.append(f"the view is said to be wrong and is not: {', '.join(row.view)}")
    if not truth["view"]["ok"] and not row.view:
        wrong.append(f"the view is wrong and was not said to be: {truth['view']['problems']}")
    return wrong


def against_labels(clip: Clip, run: Run) -> _tables.LabelRow:
    """One filmed clip: what was found in each of its labelled segments."""
    label = clip.label
    assert label is not None
    segments = label["segments"]
    checks: list[SegmentCheck] = [check_segment(segment, run) for segment in segments]
    return _tables.LabelRow(
        clip=clip.name,
        exercise=clip.exercise,
        segments=segments,
        checks=checks,
        others=[*outside(segments, run), *check_looks(clip.name, run.times_s, run.readings)],
        side=run.side,
        pose_found=run.pose_found,
    )


def _plain(value: Any) -> Any:
    """The same without NaN, which JSON does not know."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return round(value, 4) if value == value else None  # noqa: PLR0124 - NaN is not itself
    return value


if __name__ == "__main__":
    main()
