"""Counts under worse pictures than those filmed: `python -m benchmarks.robustness [PATH ...]`.

Every clip with exact truth is judged as it is and again with its pictures changed: the camera leaning, the person
farther away, less light, noise, blur, fewer pictures, smaller ones, mirrored. Views from beside the exact side are
clips of their own (`--yaw-clips`). Wrong must be 0 inside what the README promises, and refused or warned outside it.
It may take half an hour or more; `--quick` takes one clip of each exercise and the farthest of each change. Always
ends with exit code 0.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks._common import SAMPLES, YAW_SAMPLES, Clip, Poses, all_names, clips_of, judge, say, table
from benchmarks._transforms import AS_FILMED, TRANSFORMS, Transform
from benchmarks._verdicts import VERDICTS, Outcome, Verdict, outcome_of
from benchmarks.compare import FaultTally
from formcheck import exercises

YAW_INSIDE_DEG = 20  # as far off the side as the README promises right counts


@dataclass(frozen=True)
class Row:
    """One clip under one change."""

    clip: str
    exercise: str
    change: str
    inside: bool
    outcome: Outcome


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    poses = Poses(options.model, options.poses_cache)
    clips = _judged(clips_of(options.paths or [SAMPLES]))
    transforms = [t for t in TRANSFORMS if not options.only or t.group in options.only]
    if options.quick:
        clips, transforms = one_of_each(clips), [t for t in transforms if t.extreme]
    rows = list(_changed(clips, transforms, poses))
    if not options.only or "yaw" in options.only:
        rows += _turned(options.yaw_clips, poses)
    print_rows(rows)
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.robustness", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="folders or clips (default: sample_videos)")
    parser.add_argument("--quick", action="store_true", help="one clip of each exercise, the farthest of each change")
    groups = [*dict.fromkeys(transform.group for transform in TRANSFORMS), "yaw"]
    parser.add_argument("--only", action="append", choices=groups, help="only this change; may be given again")
    parser.add_argument("--yaw-clips", type=Path, default=YAW_SAMPLES, metavar="DIR", help="clips from other sides")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write everything there")
    parser.add_argument("--model", default="full", help="lite, full, heavy or a model file")
    parser.add_argument("--poses-cache", type=Path, metavar="DIR", help="keep poses there, so that a rerun is quick")
    return parser


def _judged(clips: Iterable[Clip]) -> list[Clip]:
    return [clip for clip in clips if clip.truth is not None and clip.exercise in all_names()]


def one_of_each(clips: Sequence[Clip]) -> list[Clip]:
    """For each exercise the clip in which most is to be found."""
    chosen: dict[str, Clip] = {}
    for clip in clips:
        if clip.exercise not in chosen or _content(clip) > _content(chosen[clip.exercise]):
            chosen[clip.exercise] = clip
    return list(chosen.values())


def _content(clip: Clip) -> int:
    truth = clip.truth or {}
    return sum(len(truth.get(part, ())) for part in ("reps", "holds", "faults"))


def _changed(clips: Sequence[Clip], transforms: Sequence[Transform], poses: Poses) -> Iterator[Row]:
    for clip in clips:
        for transform in transforms:
            yield _row(clip, transform.name, transform.inside, transform, poses)
        poses.forget()


def _turned(folder: Path, poses: Poses) -> list[Row]:
    """The clips seen from other sides: their truth says from where."""
    if not folder.is_dir():
        say(f"{folder} is not there: no clips from other sides")
        return []
    rows = []
    for clip in _judged(clips_of([folder])):
        assert clip.truth is not None
        view = clip.truth["view"]
        inside = abs(view["yaw_deg"]) <= YAW_INSIDE_DEG
        rows.append(_row(clip, f"yaw {view['yaw_deg']:+.0f}", inside, AS_FILMED, poses))
    return sorted(rows, key=lambda row: float(row.change.removeprefix("yaw ")))


def _row(clip: Clip, change: str, inside: bool, transform: Transform, poses: Poses) -> Row:
    assert clip.truth is not None
    exercise = exercises.get(clip.exercise)
    recording = poses.of(clip.path, masks=exercise.silhouette, transform=transform)
    every_s = 0.0 if transform.fps is None else 1.0 / transform.fps
    run = judge(recording, clip.exercise)
    outcome = outcome_of(transform.true(clip.truth), run, every_s, exercise.unjudged)
    say(f"{clip.name}, {change}: {outcome.verdict}")
    return Row(clip.name, clip.exercise, change, inside, outcome)


# --- the report ------------------------------------------------------------------------------


def print_rows(rows: Sequence[Row]) -> None:
    """The tables, and what is wrong."""
    changes = list(dict.fromkeys(row.change for row in rows))
    names = list(dict.fromkeys(row.exercise for row in rows))
    print("\nCounts by what was done to the picture. right: every repetition's outcome and every hold; warned: not so,")
    print(
        "and view or picture were said to be bad; refused: nothing counted, with the reason. warned of: what was told."
    )
    print("off: every count is right, a hold's start, end or time in form is over 0.5 s off, and nothing was said.")
    print("Faults: those found of the true ones, those true of the told ones. in: within what the README promises.\n")
    print(table(_HEADER, [_line(change, [row for row in rows if row.change == change]) for change in changes]))
    print("\nBy exercise: right of all, o hold times off, w warned, r refused, ! WRONG\n")
    print(
        table(("", *names, ""), [[change, *(_short(rows, change, name) for name in names), ""] for change in changes])
    )
    for title, inside in (("Inside what the README promises", True), ("Outside of it", False)):
        chosen = [row for row in rows if row.inside is inside]
        print(f"\n{title}: {_counts(chosen)}")
        for line in wrong_lines(chosen, rows):
            print(f"  {line}")


_HEADER = ("", "in", "clips", *VERDICTS, "faults", "told right", "warned of")


def _line(change: str, rows: Sequence[Row]) -> list[str]:
    counts = Counter(row.outcome.verdict for row in rows)
    faults = FaultTally()
    for row in rows:
        faults.add(row.outcome.faults)
    said = Counter(name for row in rows for name in row.outcome.said)
    return [
        change,
        "in" if rows[0].inside else "out",
        str(len(rows)),
        *(str(counts[verdict]) for verdict in VERDICTS),
        f"{faults.hit}/{faults.true}",
        f"{faults.right}/{faults.found}",
        ", ".join(f"{name} {n}" for name, n in sorted(said.items())) or "-",
    ]


def _short(rows: Sequence[Row], change: str, exercise: str) -> str:
    verdicts = Counter(row.outcome.verdict for row in rows if (row.change, row.exercise) == (change, exercise))
    if not verdicts:
        return "-"
    marks: dict[Verdict, str] = {"off": "o", "warned": "w", "refused": "r", "WRONG": "!"}
    others = "".join(f" {verdicts[verdict]}{mark}" for verdict, mark in marks.items() if verdicts[verdict])
    return f"{verdicts['right']}/{verdicts.total()}{others}"


def _counts(rows: Sequence[Row]) -> str:
    counts = Counter(row.outcome.verdict for row in rows)
    needless = sum(row.outcome.verdict == "right" and bool(row.outcome.said) for row in rows)
    parts = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS)
    return f"{len(rows)} clips, {parts}; {needless} of the right ones with a view problem told"


def wrong_lines(chosen: Sequence[Row], rows: Sequence[Row]) -> list[str]:
    """One line for each thing that is wrong; a refusal is one thing, and what is wrong as filmed is said to be."""
    before = {row.clip: row.outcome for row in rows if row.change == AS_FILMED.name}
    lines = []
    for row in chosen:
        outcome, place = row.outcome, f"{row.clip}, {row.change}"
        said = f" [{', '.join(outcome.said)}]" if outcome.said else ""
        if outcome.verdict == "refused":
            lines.append(f"{place}: refused{said}")
            continue
        known = before.get(row.clip) if row.change != AS_FILMED.name else None
        for what, sentences, as_filmed in (
            (f"{outcome.verdict}{said}", outcome.wrong, known.wrong if known else []),
            ("fault", outcome.faults_wrong, known.faults_wrong if known else []),
        ):
            lines += [f"{place}: {what}: {s}{' (as filmed, too)' if s in as_filmed else ''}" for s in sentences]
        lines += [f"{place}: {s}" for s in outcome.unjudged]
    return lines


if __name__ == "__main__":
    main()
