"""What was found in a clip, in words that stand within a sentence: which repetition, when, by how much."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from formcheck.engine.records import FaultSpan, Outcome, Repetition, ViewProblem
from formcheck.report.result import AnalysisResult
from formcheck.report.words import clock, number, words

_MOST = 6  # of a list in a sentence; a reader needs no more to know where to look
_IS: dict[Outcome, str] = {
    "good": "good",
    "faulty": "faulty",
    "attempt": "an attempt",
    "unfinished": "unfinished",
}


def how_many(exact: float | None, least: float | None, most: float | None) -> str:
    """An exact number or limits in words."""
    if exact is not None:
        return f"{exact:g}" if exact else "no"
    if least is not None and most is not None:
        return f"{least:g} to {most:g}"
    return f"at least {least:g}" if least is not None else f"at most {most or 0:g}"


def plural(exercise: str, *, one: bool = False) -> str:
    """An exercise's name for several repetitions of it, or for one: "bridges", "partial crunches"."""
    name = words(exercise)
    if one or name.endswith("s"):
        return name
    return f"{name}{'es' if name.endswith(('ch', 'sh', 'x', 'z')) else 's'}"


def hold_list(spans: Sequence[str]) -> str:
    """Holds with their lengths."""
    if len(spans) < 2:
        return f"a hold of {spans[0]}" if spans else "no hold"
    return f"{len(spans)} holds ({_some(spans)})"


def unseen(problems: Sequence[ViewProblem]) -> str:
    """The problems of the view that may be why something was not found."""
    told = [f"{name}{spans_at('', [p for p in problems if p.name == name])}" for name in _names(problems)]
    return f" (view problem {', '.join(told)})" if told else ""


def repetitions_told(reps: Sequence[Repetition], result: AnalysisResult) -> str:
    """What each repetition was and why; the good ones together."""
    bad = [_repetition(rep, result.faults) for rep in reps if rep.outcome != "good"]
    good = [f"{rep.index} ({clock(rep.start_s)})" for rep in reps if rep.outcome == "good"]
    if len(good) == 1:
        bad.append(f"repetition {good[0]} is good")
    elif good:
        bad.append(f"repetitions {_some(good)} are good")
    return _some(bad, "; ")


def known_faults(result: AnalysisResult) -> dict[str, str]:
    """The faults and the notes that were found, each with its times and worst values, in words."""
    spans: dict[str, list[FaultSpan]] = {}
    for span in result.faults:
        spans.setdefault(span.name, []).append(span)
    still = not result.source.duration_s
    told = {name: _still(some) if still else spans_at("", some) for name, some in spans.items()}
    for rep in result.reps:
        for name in (*rep.faults, *rep.notes):
            told.setdefault(name, f" in repetition {rep.index} ({clock(rep.start_s)})")
    for hold in result.holds:
        for name in hold.faults:
            told.setdefault(name, f" in the hold from {clock(hold.start_s)}")
    return told


def only_notes(result: AnalysisResult) -> frozenset[str]:
    """Names of what is short of the dose only, and no fault of form."""
    notes = {name for rep in result.reps for name in rep.notes}
    return frozenset(notes - {span.name for span in result.faults})


def only_these(what: str, found: Mapping[str, str]) -> str:
    """What was found instead."""
    listed = _some([f"{name}{at}" for name, at in found.items()])
    return f"found only {listed}" if listed else f"no {what} was found"


def spans_at(name: str, spans: Sequence[FaultSpan] | Sequence[ViewProblem]) -> str:
    """When something was found, with how bad it was where that is known."""
    return f"{name} at {_some([_span(span) for span in spans])}" if spans else name


def _span(span: FaultSpan | ViewProblem) -> str:
    worst = _worst(span) if isinstance(span, FaultSpan) else ""
    return f"{clock(span.start_s)}{f' ({worst})' if worst else ''}"


def _still(spans: Iterable[FaultSpan]) -> str:
    """Of a photo: how bad it is, no time."""
    worst = [text for span in spans if (text := _worst(span))]
    return f" ({', '.join(worst)})" if worst else ""


def _worst(span: FaultSpan) -> str:
    return number(span.worst, span.unit, degree_sign=False) if math.isfinite(span.worst) else ""


def _repetition(rep: Repetition, spans: Iterable[FaultSpan]) -> str:
    within = [span for span in spans if span.start_s <= rep.end_s and span.end_s >= rep.start_s]
    if rep.reason is not None:
        why = f"{rep.reason} ({', '.join(rep.faults)})" if rep.faults else rep.reason
    else:
        why = ", ".join(_fault(name, within) for name in rep.faults)
    start = f"repetition {rep.index} ({clock(rep.start_s)}) is {_IS[rep.outcome]}"
    return f"{start}, {why}" if why else start


def _fault(name: str, spans: Iterable[FaultSpan]) -> str:
    worst = next((text for span in spans if span.name == name and (text := _worst(span))), "")
    return f"{name} ({worst})" if worst else name


def _names(problems: Iterable[ViewProblem]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(problem.name for problem in problems))


def _some(items: Sequence[str], between: str = ", ") -> str:
    """The items, or the first ones and how many more there are."""
    left = len(items) - _MOST
    if left <= 0:
        return between.join(items)
    return f"{between.join(items[:_MOST])} and {left} more"
