"""The accuracy report as plain tables."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks._back import BackError, print_backs
from benchmarks._common import table
from benchmarks.compare import AngleError, Errors, FaultTally, total_angle
from benchmarks.segments import SegmentCheck

OUTCOMES = ("good", "faulty", "attempt", "unfinished")


@dataclass
class TruthRow:
    """One clip with exact truth."""

    clip: str
    exercise: str
    true: list[str]
    found: list[str]
    holds: tuple[int, int]
    errors: Errors
    faults: dict[str, FaultTally]
    angle: AngleError
    raw: AngleError
    frames: int
    side: str | None
    true_side: str | None
    pose_found: float
    view: list[str]
    wrong: list[str] = field(default_factory=list)
    unjudged: list[str] = field(default_factory=list)
    verdict: str = "right"
    back: BackError | None = None


@dataclass
class LabelRow:
    """One clip labelled in segments; `others` is what is wrong outside of them, or in a measure."""

    clip: str
    exercise: str
    segments: list[dict[str, Any]]
    checks: list[SegmentCheck]
    others: list[str]
    side: str | None
    pose_found: float


def print_all(truths: Sequence[TruthRow], labels: Sequence[LabelRow]) -> int:
    """Print everything; the number of wrong things."""
    if truths:
        print_truths(truths)
    if labels:
        print_labels(labels)
    wrong = sum(len(row.wrong) for row in truths if row.verdict == "WRONG")
    return wrong + sum(len(row.others) + sum(len(check.wrong) for check in row.checks) for row in labels)


def print_truths(rows: Sequence[TruthRow]) -> None:
    print("\nClips with exact truth. Repetitions: good/faulty/attempt/unfinished. Errors: mean absolute, s and deg;")
    print("angle is the rule's own main angle, raw the same angle as read; known: share of frames with an angle.\n")
    exercises = list(dict.fromkeys(row.exercise for row in rows))
    lines = [_truth_line(row) for row in rows]
    lines += [_truth_line(_total(name, [row for row in rows if row.exercise == name])) for name in exercises]
    if len(exercises) > 1:
        lines.append(_truth_line(_total("everything", rows)))
    print(table(_TRUTH_HEADER, lines))
    errors = _total("everything", rows).errors
    worst = (f"{what.removesuffix('_s').replace('_', ' ')} {_number(errors.worst(what))}" for what in errors.by_what)
    print(f"\nLargest errors, s: {', '.join(worst)}")
    print("\nFaults by name: true, found of those, told, right of those\n")
    print(table(("exercise", "fault", "true", "hit", "told", "right", "recall", "precision"), _fault_lines(rows)))
    backs = [(row.clip, row.back) for row in rows if row.back is not None]
    if backs:
        print_backs(backs)
    _print_wrong([(row.clip, row.exercise, row.wrong) for row in rows])
    for row in rows:
        for sentence in row.unjudged:
            print(f"  {row.clip} ({row.exercise}): {sentence}")


_TRUTH_HEADER = (
    *("clip", "true", "found", "start", "top", "end", "holds", "start", "end", "in form"),
    *("recall", "prec.", "angle", "bias", "raw", "known", "side", "pose", "verdict"),
)


def _truth_line(row: TruthRow) -> list[str]:
    faults = FaultTally()
    for tally in row.faults.values():
        faults.add(tally)
    return [
        row.clip,
        _outcomes(row.true),
        _outcomes(row.found),
        *(_number(row.errors.mean_abs(what)) for what in ("start_s", "top_s", "end_s")),
        f"{row.holds[1]} of {row.holds[0]}" if any(row.holds) else "-",
        *(_number(row.errors.mean_abs(f"hold_{what}")) for what in ("start_s", "end_s", "in_form_s")),
        f"{faults.hit}/{faults.true}" if faults.true else "-",
        f"{faults.right}/{faults.found}" if faults.found else "-",
        _number(row.angle.mean_abs_deg, 1),
        _number(row.angle.bias_deg, 1, sign=True),
        _number(row.raw.mean_abs_deg, 1),
        f"{row.angle.frames / max(1, row.frames):.0%}" if row.angle.frames else "-",
        "-" if row.true_side is None else "ok" if row.side == row.true_side else f"{row.side}!",
        f"{row.pose_found:.1%}",
        " ".join([row.verdict, *row.view]),
    ]


def _outcomes(outcomes: Sequence[str]) -> str:
    counts = Counter(outcomes)
    return "/".join(str(counts[outcome]) for outcome in OUTCOMES) if outcomes else "-"


def _number(value: float, digits: int = 2, sign: bool = False) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"


def _total(name: str, rows: Sequence[TruthRow]) -> TruthRow:
    """All rows as one, each frame with the same weight."""
    errors, faults = Errors(), dict[str, FaultTally]()
    for row in rows:
        errors.update(row.errors)
        for fault, tally in row.faults.items():
            faults.setdefault(fault, FaultTally()).add(tally)
    frames = sum(row.frames for row in rows)
    wrong = sum(row.verdict == "WRONG" for row in rows)
    return TruthRow(
        clip=f"= {name}",
        exercise=name,
        true=[outcome for row in rows for outcome in row.true],
        found=[outcome for row in rows for outcome in row.found],
        holds=(sum(row.holds[0] for row in rows), sum(row.holds[1] for row in rows)),
        errors=errors,
        faults=faults,
        angle=total_angle([row.angle for row in rows]),
        raw=total_angle([row.raw for row in rows]),
        frames=frames,
        side=None,
        true_side=None,
        pose_found=sum(row.pose_found * row.frames for row in rows) / max(1, frames),
        view=[],
        verdict=f"{len(rows) - wrong} of {len(rows)} right",
    )


def _fault_lines(rows: Sequence[TruthRow]) -> list[list[str]]:
    tallies: dict[tuple[str, str], FaultTally] = {}
    for row in rows:
        for name, tally in row.faults.items():
            tallies.setdefault((row.exercise, name), FaultTally()).add(tally)
    return [
        [
            *key,
            *(str(n) for n in (tally.true, tally.hit, tally.found, tally.right)),
            _number(tally.recall),
            _number(tally.precision),
        ]
        for key, tally in sorted(tallies.items())
    ]


def print_labels(rows: Sequence[LabelRow]) -> None:
    print("\nFilmed clips, labelled by eye (+-0.3 s), segment by segment\n")
    lines = [
        _segment_line(row, segment, check)
        for row in rows
        for segment, check in zip(row.segments, row.checks, strict=True)
    ]
    print(table(_LABEL_HEADER, lines))
    print()
    print(table(("clip", "side", "pose"), [[row.clip, row.side or "-", f"{row.pose_found:.1%}"] for row in rows]))
    verdicts = Counter(check.verdict for row in rows for check in row.checks)
    print("\nSegments: " + ", ".join(f"{n} {verdict}" for verdict, n in verdicts.items()))
    _print_wrong([(row.clip, row.exercise, [*_segment_wrongs(row), *row.others]) for row in rows])


_LABEL_HEADER = ("clip", "segment", "seen from", "reps", "found", "not counted", "hold", "in form", "faults", "verdict")


def _segment_line(row: LabelRow, segment: dict[str, Any], check: SegmentCheck) -> list[str]:
    length = segment["end_s"] - segment["start_s"]
    spans = " ".join(f"{a:.1f}-{b:.1f}" for a, b in check.in_form)
    return [
        row.clip,
        f"{segment['start_s']:.1f}-{segment['end_s']:.1f}",
        segment["view"][:12],
        str(segment.get("reps", "-")),
        str(check.counted),
        str(check.others),
        f"{length:.1f}" if segment.get("hold") else "-",
        f"{check.in_form_s:.1f} ({spans})" if spans else "-",
        ",".join(check.faults) or "-",
        " ".join([check.verdict, *check.view]),
    ]


def _segment_wrongs(row: LabelRow) -> list[str]:
    return [
        f"{segment['start_s']:.1f}-{segment['end_s']:.1f} s: {wrong}"
        for segment, check in zip(row.segments, row.checks, strict=True)
        for wrong in check.wrong
    ]


def _print_wrong(items: Sequence[tuple[str, str, list[str]]]) -> None:
    print("\nWhat is wrong:" + ("" if any(wrong for *_, wrong in items) else " nothing"))
    for clip, exercise, wrong in items:
        for sentence in wrong:
            print(f"  {clip} ({exercise}): {sentence}")
