"""Comparing what was found with what is true: pure functions on spans, repetitions, holds and faults."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from formcheck.engine.records import FaultSpan, Hold, Repetition

Span = tuple[float, float]
Pairs = list[tuple[int, int]]

HOLD_WITHIN_S = 0.5  # a hold's start, end and time in form must be this near to the truth
FAULT_WITHIN_S = 0.5  # a fault counts as found when it overlaps the true one widened by this


def overlap_s(a: Span, b: Span) -> float:
    """Seconds that two spans share, negative for the gap between them."""
    return min(a[1], b[1]) - max(a[0], b[0])


def match(true: Sequence[Span], found: Sequence[Span]) -> Pairs:
    """Pairs (true, found) of indices, one to one, the largest overlaps first; spans that only touch do not match."""
    shared = [(overlap_s(t, f), i, j) for i, t in enumerate(true) for j, f in enumerate(found)]
    pairs: Pairs = []
    for seconds, i, j in sorted(shared, key=lambda item: -item[0]):
        if seconds > 0 and all(i != a and j != b for a, b in pairs):
            pairs.append((i, j))
    return sorted(pairs)


def span_of(item: Repetition | Hold | FaultSpan | Mapping[str, Any]) -> Span:
    """Start and end of something found or something of the truth."""
    if isinstance(item, Mapping):
        return float(item["start_s"]), float(item["end_s"])
    return item.start_s, item.end_s


def mean(values: Sequence[float]) -> float:
    """The mean; NaN of nothing."""
    return sum(values) / len(values) if values else math.nan


@dataclass
class Errors:
    """Signed errors (found minus true, seconds) by what was compared."""

    by_what: dict[str, list[float]] = field(default_factory=dict)

    def add(self, what: str, error: float) -> None:
        """Note one error."""
        self.by_what.setdefault(what, []).append(error)

    def update(self, other: Errors) -> None:
        """Add all of another comparison's."""
        for what, errors in other.by_what.items():
            self.by_what.setdefault(what, []).extend(errors)

    def mean_abs(self, what: str) -> float:
        """Mean absolute error; NaN of none."""
        return mean([abs(e) for e in self.by_what.get(what, [])])

    def worst(self, what: str) -> float:
        """Largest absolute error; NaN of none."""
        return max((abs(e) for e in self.by_what.get(what, [])), default=math.nan)


@dataclass
class Comparison:
    """Found against true, with one sentence for each thing that is wrong.

    Attributes:
        off: Those of `wrong` that are no more than a time.
        unjudged: One sentence for each repetition that is right but for what the exercise says it does not judge.
    """

    pairs: Pairs
    missed: list[int]
    invented: list[int]
    errors: Errors = field(default_factory=Errors)
    wrong: list[str] = field(default_factory=list)
    off: list[str] = field(default_factory=list)
    unjudged: list[str] = field(default_factory=list)


def _paired(true: Sequence[Any], found: Sequence[Any]) -> Comparison:
    pairs = match([span_of(t) for t in true], [span_of(f) for f in found])
    missed = [i for i in range(len(true)) if i not in {a for a, _ in pairs}]
    invented = [j for j in range(len(found)) if j not in {b for _, b in pairs}]
    return Comparison(pairs, missed, invented)


def compare_reps(
    true: Sequence[Mapping[str, Any]], found: Sequence[Repetition], unjudged: Collection[str] = ()
) -> Comparison:
    """Repetitions matched by overlap; a missed, an invented and a wrongly judged one are wrong.

    Args:
        true: Of the truth.
        found: By formcheck.
        unjudged: Names of faults that the exercise tells its user it does not judge: a repetition with no others is to
            be found good, and is listed.
    """
    out = _paired(true, found)
    for i, j in out.pairs:
        for what in ("start_s", "top_s", "end_s"):
            out.errors.add(what, getattr(found[j], what) - true[i][what])
        which = f"repetition {i + 1} (top {true[i]['top_s']:.1f} s)"
        faults = set(true[i].get("faults", ()))
        if faults and faults <= set(unjudged) and found[j].outcome == "good":
            out.unjudged.append(f"{which} is right but for {', '.join(sorted(faults))}, which is not judged")
        elif found[j].outcome != true[i]["outcome"]:
            why = found[j].reason or ", ".join(found[j].faults) or "no fault"
            out.wrong.append(f"{which} is {true[i]['outcome']}, found {found[j].outcome}: {why}")
    for i in out.missed:
        out.wrong.append(f"repetition {i + 1} (top {true[i]['top_s']:.1f} s, {true[i]['outcome']}) was missed")
    for j in out.invented:
        out.wrong.append(f"a repetition at {found[j].top_s:.1f} s ({found[j].outcome}) was invented")
    return out


def compare_holds(
    true: Sequence[Mapping[str, Any]], found: Sequence[Hold], within_s: float = HOLD_WITHIN_S
) -> Comparison:
    """Holds matched by overlap; start, end and time in form must be within `within_s`, and the side the same."""
    out = _paired(true, found)
    for i, j in out.pairs:
        if true[i].get("side") is not None and found[j].side != true[i]["side"]:
            out.wrong.append(f"hold {i + 1} is on the {true[i]['side']}, found on the {found[j].side or 'no side'}")
        for what in ("start_s", "end_s", "in_form_s"):
            error = getattr(found[j], what) - true[i][what]
            out.errors.add("hold_" + what, error)
            if abs(error) > within_s:
                out.off.append(
                    f"hold {i + 1}: {what} is {true[i][what]:.2f}, found {getattr(found[j], what):.2f} ({error:+.2f})"
                )
                out.wrong.append(out.off[-1])
    for i in out.missed:
        out.wrong.append(f"hold {i + 1} ({true[i]['start_s']:.1f}-{true[i]['end_s']:.1f} s) was missed")
    for j in out.invented:
        out.wrong.append(f"a hold {found[j].start_s:.1f}-{found[j].end_s:.1f} s was invented")
    return out


@dataclass
class FaultTally:
    """One fault's figures.

    Attributes:
        true: How often it is there.
        hit: How many of those were found.
        found: How often it was told.
        right: How many of those are true.
    """

    true: int = 0
    hit: int = 0
    found: int = 0
    right: int = 0

    def add(self, other: FaultTally) -> None:
        """Add another clip's figures."""
        self.true += other.true
        self.hit += other.hit
        self.found += other.found
        self.right += other.right

    @property
    def recall(self) -> float:
        """Share of the true ones that were found; NaN where there are none."""
        return self.hit / self.true if self.true else math.nan

    @property
    def precision(self) -> float:
        """Share of the told ones that are true; NaN where none was told."""
        return self.right / self.found if self.found else math.nan


@dataclass
class FaultComparison:
    """Faults by name, with one sentence for each thing that is wrong."""

    by_name: dict[str, FaultTally] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def of(self, name: str) -> FaultTally:
        """The figures of one name."""
        return self.by_name.setdefault(name, FaultTally())


def compare_faults(
    true: Sequence[Mapping[str, Any]],
    found: Sequence[FaultSpan],
    true_reps: Sequence[Mapping[str, Any]] = (),
    found_reps: Sequence[Repetition] = (),
    within_s: float = FAULT_WITHIN_S,
) -> FaultComparison:
    """Faults matched by name, overlap within `within_s`, and the same repetition (where there are any).

    Several found stretches within one true one are all right: the fault was told, with a pause.
    """
    partner = dict(match([span_of(r) for r in true_reps], [span_of(r) for r in found_reps]))
    out = FaultComparison()
    near = [[t["name"] == f.name and overlap_s(span_of(t), span_of(f)) >= -within_s for f in found] for t in true]
    same = [
        [near[i][j] and _in_same(t, f, true_reps, found_reps, partner) for j, f in enumerate(found)]
        for i, t in enumerate(true)
    ]
    for i, fault in enumerate(true):
        tally = out.of(fault["name"])
        tally.true += 1
        tally.hit += any(same[i])
        if not any(same[i]):
            out.wrong.append(f"{fault['name']} at {fault['start_s']:.1f}-{fault['end_s']:.1f} s was missed")
    for j, told in enumerate(found):
        tally = out.of(told.name)
        right = any(row[j] for row in same)
        tally.found += 1
        tally.right += right
        if not right:
            when = f"{told.start_s:.1f}-{told.end_s:.1f} s"
            out.wrong.append(f"{told.name} at {when} was invented (worst {told.worst:.2f} {told.unit})")
    return out


def _in_same(
    true: Mapping[str, Any],
    found: FaultSpan,
    true_reps: Sequence[Mapping[str, Any]],
    found_reps: Sequence[Repetition],
    partner: Mapping[int, int],
) -> bool:
    home = _home(span_of(true), [span_of(r) for r in true_reps])
    return home is None or partner.get(home) == _home(span_of(found), [span_of(r) for r in found_reps])


def _home(span: Span, reps: Sequence[Span]) -> int | None:
    """The repetition that a fault belongs to: the one it shares most time with."""
    shared = [overlap_s(span, rep) for rep in reps]
    return max(range(len(reps)), key=shared.__getitem__) if shared and max(shared) >= 0 else None


@dataclass(frozen=True)
class AngleError:
    """The main angle against the truth over `frames` frames: mean absolute error and mean signed error."""

    frames: int
    mean_abs_deg: float
    bias_deg: float


def angle_error(
    times_s: Sequence[float], angles: Sequence[float], true_s: Sequence[float], true_angles: Sequence[float]
) -> AngleError:
    """Found angles against those of the truth's frame nearest in time; unknown ones are left out."""
    errors = [
        angle - true_angles[_nearest(true_s, time_s)]
        for time_s, angle in zip(times_s, angles, strict=True)
        if not math.isnan(angle) and true_s
    ]
    return AngleError(len(errors), mean([abs(e) for e in errors]), mean(errors))


def total_angle(errors: Sequence[AngleError]) -> AngleError:
    """Several clips' errors as one, each frame with the same weight."""
    known = [error for error in errors if error.frames]
    n = sum(error.frames for error in known)
    if not n:
        return AngleError(0, math.nan, math.nan)
    mean_abs = sum(error.mean_abs_deg * error.frames for error in known) / n
    return AngleError(n, mean_abs, sum(error.bias_deg * error.frames for error in known) / n)


def _nearest(times_s: Sequence[float], time_s: float) -> int:
    i = bisect_left(times_s, time_s)
    if i == 0:
        return 0
    if i == len(times_s):
        return i - 1
    return i if times_s[i] - time_s < time_s - times_s[i - 1] else i - 1


def f1_scores(pairs: Sequence[tuple[str, str]], labels: Iterable[str]) -> dict[str, float]:
    """F1 of each label over (true, told) pairs; NaN for a label that is neither true nor told anywhere."""
    scores = {}
    for label in labels:
        hit = sum(true == told == label for true, told in pairs)
        all_true, all_told = sum(true == label for true, _ in pairs), sum(told == label for _, told in pairs)
        scores[label] = 2 * hit / (all_true + all_told) if all_true + all_told else math.nan
    return scores
