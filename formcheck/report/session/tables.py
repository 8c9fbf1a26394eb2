"""Rows of a report's tables, and what to work on. Pure: it tells what the engine found, and decides nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from formcheck.engine.records import FaultSpan, Hold, Outcome, Repetition
from formcheck.exercises.declaration import HELD, Exercise, Fault
from formcheck.measure.body import unit_of
from formcheck.report.page.render import told
from formcheck.report.result import AnalysisResult
from formcheck.report.words import sentence, split_unit, words

TEMPO = {"rising_s": "up", "top_held_s": "held", "lowering_s": "down", "cycle_s": "whole cycle"}
IN_LINE = "in_line_s"


@dataclass(frozen=True, slots=True)
class RepetitionRow:
    """One repetition in words.

    Attributes:
        index: Its number.
        start_s: Where the video should jump.
        outcome: What became of it.
        reason: Why it does not count, or "".
        score: 0-100.
        parts: What the score is made of: name, points, of how many.
        reach: How far it went, each measure in words.
        tempo: How long its parts took.
        hold: How long it was held where it should be, or "".
        faults: What was wrong, in words.
        notes: What was short of the dose.
        numbers: All its measures: name and value, for the table of everything.
    """

    index: int
    start_s: float
    outcome: Outcome
    reason: str
    score: float
    parts: tuple[tuple[str, float, float], ...]
    reach: tuple[str, ...]
    tempo: str
    hold: str
    faults: tuple[str, ...]
    notes: tuple[str, ...]
    numbers: dict[str, str]


@dataclass(frozen=True, slots=True)
class HoldRow:
    """One hold in words: `kind` is its variant and side."""

    start_s: float
    end_s: float
    kind: str
    position_s: float
    in_form_s: float
    longest_s: float
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SideSum:
    """The holds of one side together: `share` is of the asked seconds, 0-1."""

    name: str
    in_form_s: float
    asked_s: float
    share: float


@dataclass(frozen=True, slots=True)
class WorkOn:
    """One thing to work on: its name, what is wrong, what to do, how bad and how often, and when (start, label)."""

    name: str
    means: str
    cue: str
    amount: str
    moments: tuple[float, ...]


def repetition_rows(exercise: Exercise, reps: Sequence[Repetition]) -> list[RepetitionRow]:
    """The table of repetitions."""
    return [_row(exercise, rep) for rep in reps]


def _row(exercise: Exercise, rep: Repetition) -> RepetitionRow:
    hold = told(rep.measures[IN_LINE], "s") if exercise.dose.hold_s[1] and IN_LINE in rep.measures else ""
    return RepetitionRow(
        rep.index,
        rep.start_s,
        rep.outcome,
        sentence(rep.reason or ""),
        rep.score,
        tuple((part.name, part.points, part.of) for part in rep.parts),
        tuple(_reach(exercise, rep)),
        ", ".join(f"{label} {told(rep.measures[name], 's')}" for name, label in TEMPO.items() if name in rep.measures),
        hold,
        tuple(map(words, rep.faults)),
        tuple(map(words, rep.notes)),
        {label(name): value(rep.measures, name) for name in rep.measures if not is_beside(name, rep.measures)},
    )


def _reach(exercise: Exercise, rep: Repetition) -> Iterable[str]:
    """The main measure at the top, or at either end."""
    cycle, movement = exercise.cycle, exercise.movement
    if cycle is not None:
        names = {end: f"{end}_{cycle.main}" for end in (cycle.high, cycle.low)}
        return [f"{end} {value(rep.measures, name)}" for end, name in names.items()]
    return [value(rep.measures, movement.main)] if movement is not None else []


def value(measures: dict[str, float], name: str) -> str:
    """A measure with its unit; in centimetres and inches where it is known in them; "not seen" where unknown."""
    if f"{name}_cm" in measures:
        return f"{told(measures[f'{name}_cm'], 'cm')} ({told(measures[f'{name}_in'], 'in')})"
    return told(measures.get(name), _unit(name))


def label(name: str) -> str:
    """A measure's name for a heading."""
    return TEMPO.get(name) or ("in line" if name == IN_LINE else split_unit(name)[0])


def _unit(name: str) -> str:
    return split_unit(name)[1] or unit_of(name)


def is_beside(name: str, measures: dict[str, float]) -> bool:
    """Whether this is a length in centimetres or inches that stands beside the same one in trunk lengths."""
    return name.endswith(("_cm", "_in")) and name[:-3] in measures


def hold_rows(holds: Sequence[Hold]) -> list[HoldRow]:
    """The table of holds."""
    return [
        HoldRow(
            hold.start_s,
            hold.end_s,
            ", ".join(words(part) for part in (hold.variant, hold.side and f"{hold.side} side") if part),
            hold.end_s - hold.start_s,
            hold.in_form_s,
            hold.longest_s,
            tuple(map(words, hold.faults)),
        )
        for hold in holds
    ]


def side_sums(exercise: Exercise, holds: Sequence[Hold]) -> list[SideSum]:
    """The seconds in form of each side against those asked, or of all holds where there are no sides."""
    if exercise.holding is None or not holds:
        return []
    asked = exercise.dose.hold_s[0]
    sides: list[str | None] = ["left", "right"] if exercise.holding.sides else [None]
    sums = [(side, sum(hold.in_form_s for hold in holds if side is None or hold.side == side)) for side in sides]
    return [
        SideSum(sentence(side or "all holds"), held, asked, min(1.0, held / asked) if asked else 1.0)
        for side, held in sums
    ]


def work_on(exercise: Exercise, result: AnalysisResult) -> list[WorkOn]:
    """What to work on, most important first: what does not count, then form, then what is short of the dose.

    Within each, the declaration's own priority, then how often.
    """
    spans: dict[str, list[FaultSpan]] = {}
    for span in result.faults:
        spans.setdefault(span.name, []).append(span)
    short = {name: [rep for rep in result.reps if name in rep.notes] for rep in result.reps for name in rep.notes}
    order = {"attempt": 0, "form": 1, "dose": 2}

    def importance(name: str) -> tuple[int, int, int]:
        fault = _declared(exercise, name)
        count = len(spans.get(name, ())) or len(short.get(name, ()))
        if fault is None:
            return 1, 0, -count
        return order[fault.spoils], -fault.priority, -count

    names = sorted({*spans, *short}, key=importance)
    return [_advice(exercise, name, spans.get(name, []), short.get(name, [])) for name in names]


def _advice(exercise: Exercise, name: str, spans: Sequence[FaultSpan], reps: Sequence[Repetition]) -> WorkOn:
    fault = _declared(exercise, name)
    cue = spans[0].cue if spans else (fault.cue if fault else "")
    moments = tuple(span.start_s for span in spans) or tuple(rep.start_s for rep in reps)
    return WorkOn(sentence(words(name)), fault.means if fault else "", cue, _amount(fault, spans, reps), moments)


def _amount(fault: Fault | None, spans: Sequence[FaultSpan], reps: Sequence[Repetition]) -> str:
    """How often and how far: "twice, at worst 156°"."""
    count = len(spans) or len(reps)
    often = {1: "once", 2: "twice"}.get(count, f"{count} times")
    known = [span for span in spans if math.isfinite(span.worst)]
    if not known or (fault is not None and fault.at_end):
        return often
    worst = max(known, key=lambda span: span.worst if fault is None or math.isfinite(fault.above) else -span.worst)
    at = told(worst.worst, worst.unit)
    if worst.worst_cm is not None and worst.worst_in is not None:
        at = f"{told(worst.worst_cm, 'cm')} ({told(worst.worst_in, 'in')})"
    own = fault is None or fault.measure in (HELD, IN_LINE, *TEMPO)
    return f"{often}, at worst {at}" + ("" if own or fault is None else f" ({label(fault.measure)})")


def _declared(exercise: Exercise, name: str) -> Fault | None:
    """The most serious of the faults of this name."""
    order = ("attempt", "form", "dose")
    named = [fault for fault in exercise.faults if fault.name == name]
    return min(named, key=lambda fault: order.index(fault.spoils), default=None)
