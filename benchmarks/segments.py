"""Filmed clips, labelled by eye in segments: what may and what must be found in each. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from benchmarks.compare import Span, overlap_s, span_of
from formcheck.engine.records import COUNTED, FaultSpan, Hold, Repetition, ViewProblem

Verdict = Literal["right", "WRONG", "warned", "-"]

EDGE_S = 1.0  # labels and boundaries may differ by this much
LABEL_S = 0.3  # labels are this exact: what overlaps less belongs to the neighbour
NOT_SCORED = "do not score"  # in a segment's note


class Findings(Protocol):
    """What was found in the whole clip."""

    reps: list[Repetition]
    holds: list[Hold]
    faults: list[FaultSpan]
    view: list[ViewProblem]


@dataclass
class SegmentCheck:
    """One segment against what was found in it.

    Attributes:
        counted: Good and faulty repetitions whose top lies in it.
        others: Attempts and unfinished ones.
        in_form_s: Seconds in form inside it.
        in_form: The spans in form that touch it, uncut.
        faults: Names of faults that touch it.
        view: Names of view problems that touch it.
        verdict: "right", "WRONG", "warned" (not right, and the view was said to be wrong), "-" not scored.
        wrong: One sentence for each thing that is wrong.
    """

    counted: int
    others: int
    in_form_s: float
    in_form: list[Span]
    faults: list[str]
    view: list[str]
    verdict: Verdict = "right"
    wrong: list[str] = field(default_factory=list)


def in_form_spans(holds: Sequence[Hold], faults: Sequence[FaultSpan]) -> list[Span]:
    """The stretches of the holds without a fault."""
    spans: list[Span] = []
    for hold in holds:
        start = hold.start_s
        for fault in sorted(faults, key=lambda f: f.start_s):
            if overlap_s(span_of(fault), (start, hold.end_s)) <= 0:
                continue
            if fault.start_s > start:
                spans.append((start, fault.start_s))
            start = max(start, fault.end_s)
        if hold.end_s > start:
            spans.append((start, hold.end_s))
    return spans


def _touching(span: Span, items: Sequence[FaultSpan] | Sequence[ViewProblem]) -> list[str]:
    return sorted({item.name for item in items if overlap_s((item.start_s, item.end_s), span) > LABEL_S})


def tops_in(span: Span, reps: Sequence[Repetition]) -> list[Repetition]:
    """Repetitions whose top lies in a span."""
    return [rep for rep in reps if span[0] <= rep.top_s < span[1]]


def check_segment(segment: Mapping[str, Any], found: Findings) -> SegmentCheck:
    """One labelled segment against what was found."""
    span = span_of(segment)
    reps = tops_in(span, found.reps)
    counted = [rep for rep in reps if rep.outcome in COUNTED]
    spans = [s for s in in_form_spans(found.holds, found.faults) if overlap_s(s, span) > 0]
    check = SegmentCheck(
        counted=len(counted),
        others=len(reps) - len(counted),
        in_form_s=sum(overlap_s(s, span) for s in spans),
        in_form=spans,
        faults=_touching(span, found.faults),
        view=_touching(span, found.view),
    )
    if NOT_SCORED in segment.get("note", ""):
        check.verdict = "-"
        return check
    check.wrong = _wrong(segment, check, counted)
    check.verdict = _verdict(segment, check)
    return check


def _oblique(segment: Mapping[str, Any]) -> bool:
    return segment["view"] not in ("side", "none")


def _verdict(segment: Mapping[str, Any], check: SegmentCheck) -> Verdict:
    if not check.wrong:
        return "right"
    if _oblique(segment) and check.view and "reps" in segment:
        check.wrong = []
        return "warned"
    return "WRONG"


def _wrong(segment: Mapping[str, Any], check: SegmentCheck, counted: Sequence[Repetition]) -> list[str]:
    if "reps" in segment:
        return _wrong_reps(segment, counted)
    if segment.get("hold"):
        return _wrong_hold(segment, check)
    return _wrong_nothing(segment, check)


def _wrong_reps(segment: Mapping[str, Any], counted: Sequence[Repetition]) -> list[str]:
    if len(counted) != segment["reps"]:
        return [f"{segment['reps']} repetitions, found {len(counted)}"]
    form = segment.get("form")
    if form is None or _oblique(segment):
        return []
    if form == "good":
        return [
            f"the good repetition at {rep.top_s:.1f} s is found faulty: {', '.join(rep.faults)}"
            for rep in counted
            if rep.outcome != "good"
        ]
    without = [rep for rep in counted if form not in rep.faults]
    return [f"{form} was missed in the repetition at {rep.top_s:.1f} s" for rep in without]


def _wrong_hold(segment: Mapping[str, Any], check: SegmentCheck) -> list[str]:
    start, end = span_of(segment)
    if check.in_form_s < 0.5 * (end - start):
        return [f"a hold of {end - start:.1f} s, found {check.in_form_s:.1f} s in form"]
    longest = max(check.in_form, key=lambda s: overlap_s(s, (start, end)))
    return [
        f"the hold {what} at {true:.1f} s, found {told:.1f}"
        for what, true, told in (("begins", start, longest[0]), ("ends", end, longest[1]))
        if abs(told - true) > EDGE_S
    ]


def _wrong_nothing(segment: Mapping[str, Any], check: SegmentCheck) -> list[str]:
    """Nothing may be counted here; a fault that is named must be found; a view from elsewhere must be said."""
    start, end = span_of(segment)
    wrong = []
    inside = sum(max(0.0, overlap_s(s, (start + EDGE_S, end - EDGE_S))) for s in check.in_form)
    if inside > 0:
        wrong.append(f"{inside:.1f} s in form where nothing counts")
    if check.counted:
        wrong.append(f"{check.counted} repetitions where there are none")
    form = segment.get("form")
    if form is not None and form not in check.faults:
        wrong.append(f"{form} was missed")
    if _oblique(segment) and not check.view:
        wrong.append(f"the view from {segment['view']!r} was not said to be wrong")
    return wrong


def outside(segments: Sequence[Mapping[str, Any]], found: Findings) -> list[str]:
    """What was counted where no segment is, beyond the tolerance at its edges."""
    spans = [(s["start_s"] - EDGE_S, s["end_s"] + EDGE_S) for s in segments]
    reps = [
        f"a repetition at {rep.top_s:.1f} s outside all segments"
        for rep in found.reps
        if rep.outcome in COUNTED and not any(a <= rep.top_s <= b for a, b in spans)
    ]
    return reps + [
        f"a hold at {hold.start_s:.1f}-{hold.end_s:.1f} s outside all segments"
        for hold in found.holds
        if not any(overlap_s(span_of(hold), span) > 0 for span in spans)
    ]
