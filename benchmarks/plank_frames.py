"""The plank rule's hip verdict on labelled frames: `python -m benchmarks.plank_frames [FILE]`.

FILE holds one frame a line: `file`, `label` (C correct, H hips high, L hips low), and NAME_x, NAME_y, NAME_z, NAME_v
of landmarks in normalised picture coordinates. The rule's own measures and limits judge each frame by itself; no
model is trained. Frames of one video are alike, so each file's figures stand by themselves too.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks._common import SHARED, table
from benchmarks.compare import f1_scores, mean
from formcheck.exercises.plank import PIKE_BELOW, SAG_ABOVE
from formcheck.measure.body import body_side, measures, near_side
from formcheck.pose.landmarks import LANDMARKS_N, Landmark, Pose

DEFAULT = SHARED / "data" / "plank_frames.csv.gz"
SIZE = (1280, 720)  # the frames' size is not given: 16:9 is assumed
LABELS = {"C": "correct", "H": "hips high", "L": "hips low"}
UNKNOWN = "?"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plank_frames", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT, metavar="FILE", help=f"default: {DEFAULT.name}")
    file = parser.parse_args(arguments).file
    if not file.is_file():
        print(f"{file.name} is not there: nothing measured")
        return
    judged = [(row["file"], row["label"], verdict(pose_of(row))) for row in _rows(file)]
    _print(judged)


def _rows(file: Path) -> Iterator[dict[str, str]]:
    content = file.read_bytes()
    text = (gzip.decompress(content) if file.suffix == ".gz" else content).decode("utf-8")
    yield from csv.DictReader(text.splitlines())


def pose_of(row: Mapping[str, str]) -> Pose:
    """One line's landmarks as a pose; those that are not in it are missing."""
    pixels = np.full((LANDMARKS_N, 2), math.nan)
    world = np.full((LANDMARKS_N, 3), math.nan)
    visibility = np.full(LANDMARKS_N, math.nan)
    for mark in Landmark:
        name = mark.name.lower()
        if f"{name}_x" in row:
            x, y, z, seen = (float(row[f"{name}_{axis}"]) for axis in "xyzv")
            pixels[mark] = x * SIZE[0], y * SIZE[1]
            world[mark] = x * SIZE[0], y * SIZE[1], z * SIZE[0]  # only which side is nearer is taken from it
            visibility[mark] = seen
    return Pose(0.0, pixels, world, visibility, SIZE)


def verdict(pose: Pose) -> str:
    """C, H or L by the plank rule's limits; "?" when its measure is unknown."""
    left = near_side(pose) > 0
    near, far = (body_side(pose, side) for side in (("left", "right") if left else ("right", "left")))
    offset = measures(near, far, "down")["hip_offset"]
    if math.isnan(offset):
        return UNKNOWN
    if offset > SAG_ABOVE:
        return "L"
    return "H" if offset < PIKE_BELOW else "C"


def _print(judged: Sequence[tuple[str, str, str]]) -> None:
    files = sorted({file for file, *_ in judged})
    lines = [_line(file, [pair for name, *pair in judged if name == file]) for file in files]
    everything = [pair for _, *pair in judged]
    lines.append(_line("all", everything))
    print(
        f"The plank's hip verdict on {len(judged)} labelled frames: low over {SAG_ABOVE:+}, high under {PIKE_BELOW:+}"
    )
    print("(F1 of the labels that a file has)\n")
    print(table(("file", "frames", "unknown", "accuracy", *(f"F1 {name}" for name in LABELS.values()), "macro"), lines))
    told_in_files = mean([float(line[-1]) for line in lines[:-1]])
    print(f"\nF1 macro of all frames {lines[-1][-1]}; mean of the files' {told_in_files:.4f}")
    print("\nTrue (rows) and told (columns)\n")
    told = (*LABELS, UNKNOWN)
    counts = [[LABELS[true], *(str(everything.count([true, other])) for other in told)] for true in LABELS]
    print(table(("", *(LABELS.get(name, "unknown") for name in told)), counts))


def _line(name: str, pairs: Sequence[list[str]]) -> list[str]:
    there = {true for true, _ in pairs}
    scores = f1_scores([(true, told) for true, told in pairs], LABELS)
    scores = {label: score if label in there else math.nan for label, score in scores.items()}
    right = sum(true == told for true, told in pairs) / len(pairs)
    unknown = sum(told == UNKNOWN for _, told in pairs)
    known = [score for score in scores.values() if not math.isnan(score)]
    return [
        name,
        str(len(pairs)),
        str(unknown),
        f"{right:.3f}",
        *("-" if math.isnan(score) else f"{score:.3f}" for score in scores.values()),
        f"{mean(known):.4f}",
    ]


if __name__ == "__main__":
    main()
