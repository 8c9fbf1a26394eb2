"""What the types cannot tell of a declaration: whether its names mean something and its numbers fit together."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeAlias

from formcheck.exercises.declaration import (
    HELD,
    Anchor,
    Baseline,
    Bound,
    Cycle,
    Dose,
    Exercise,
    Fault,
    Holding,
    Moment,
    Movement,
    Reminders,
    Variant,
)
from formcheck.exercises.vocabulary import SIDES_HELD, TEMPO, known_names, unit_for
from formcheck.measure.back import MEASURES as BACK
from formcheck.measure.body import JOINTS
from formcheck.measure.names import measure_names
from formcheck.measure.trends import Trend

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Problem: TypeAlias = tuple[str, str]

KINDS = ("movement", "cycle", "holding")  # how an exercise is counted
LONGEST_QUOTED = 60
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_OF_REPETITIONS: frozenset[Moment] = frozenset(("rest", "moving", "top"))
_OF_HOLDS: frozenset[Moment] = frozenset(("entering", "hold"))
_NAMED = "must begin with a small letter and have only small letters, digits and _, 40 at most"
_NAMING = (
    "measure",
    "of",
    "lift",
    "curve",
    "main",
    "shown",
    "places",
)  # the keys that name measures, in whatever they stand


def problems(exercise: Exercise) -> list[Problem]:
    """Everything in a declaration that cannot be meant.

    Returns:
        The key of each problem, as "movement.lift" or "faults[2].above" (counted from 0), and the rest of a
        sentence that begins with that key, without its full stop. None: the engine can work with it.
    """
    return [
        *_whole(exercise),
        *(problem for key, part in _parts(exercise) for problem in _check(exercise, key, part)),
        *_measures(exercise),
    ]


def unknown(name: str, known: Collection[str]) -> str:
    """Say of a name that it is unknown, which one may be meant, and which there are."""
    listed = ", ".join(known) or "none"
    near = get_close_matches(name, known, 1, cutoff=0.5)
    return f"is unknown{f', perhaps {near[0]} is meant' if near else ''}; known are {listed}"


def quoted(text: object) -> str:
    """A text as it stands in a TOML file, on one line and not too long to read."""
    whole = str(text)
    return json.dumps(whole if len(whole) <= LONGEST_QUOTED else f"{whole[:LONGEST_QUOTED]}...", ensure_ascii=False)


def _parts(thing: DataclassInstance, key: str = "") -> Iterator[tuple[str, DataclassInstance]]:
    """The declaration and every declaration in it, each with its key."""
    yield key, thing
    for own in fields(thing):
        name = f"{key}.{own.name}" if key else own.name
        value = getattr(thing, own.name)
        several = enumerate(value) if isinstance(value, tuple) else ()
        for inner_key, inner in ((name, value), *((f"{name}[{i}]", item) for i, item in several)):
            if is_dataclass(inner) and not isinstance(inner, type):
                yield from _parts(inner, inner_key)


# --- the exercise as a whole -----------------------------------------------------------------


def _whole(exercise: Exercise) -> Iterator[Problem]:
    kinds = [kind for kind in KINDS if getattr(exercise, kind) is not None]
    if len(kinds) > 1:
        yield kinds[1], f"must be left out where there is a {kinds[0]}: an exercise has one of {', '.join(KINDS)}"
    if not kinds:
        yield KINDS[0], f"is missing, or another of {', '.join(KINDS)}: an exercise has one of them"
    if not exercise.posture:
        yield "posture", "must have at least one bound"
    if len(exercise.line) < 2:
        yield "line", "must have at least two joints"
    for key in ("needs", "line"):
        for i, joint in enumerate(getattr(exercise, key)):
            yield from _joint(f"{key}[{i}]", joint)
    if not exercise.start_hold_s >= 0:
        yield "start_hold_s", "must not be under 0"
    for name, sentence in exercise.unjudged.items():
        if not _NAME.fullmatch(name):
            yield f"unjudged.{name}", _NAMED
        elif name in {fault.name for fault in exercise.faults}:
            yield f"unjudged.{name}", "must not have the name of a fault, which is judged"
        if not sentence.strip():
            yield f"unjudged.{name}", "must not be empty"
    yield from _dose(exercise)
    yield from _score(exercise)
    yield from _own_names(exercise)


def _counted(exercise: Exercise) -> str | None:
    """The key by which the exercise is counted in repetitions, None where it is held."""
    return next((key for key in ("movement", "cycle") if getattr(exercise, key) is not None), None)


def _dose(exercise: Exercise) -> Iterator[Problem]:
    dose, counted = exercise.dose, _counted(exercise)
    if counted and not dose.repetitions[0] > 0:
        yield "dose.repetitions", f"must be over 0 where there is a {counted}"
    if exercise.holding is not None and dose.repetitions[1]:
        yield "dose.repetitions", "must be left out where there is a holding"
    if exercise.holding is not None and not dose.hold_s[0] > 0 and exercise.reminders is None:
        yield "dose.hold_s", "must be over 0 where there is a holding without reminders"


def _score(exercise: Exercise) -> Iterator[Problem]:
    total = sum(exercise.score.values())
    if _counted(exercise) is None:
        if exercise.score:
            yield "score", "must be left out where there is a holding"
        return
    if not math.isclose(total, 100):
        yield "score", f"must add up to 100, not {total:g}"
    for part, points in exercise.score.items():
        if not points > 0:
            yield f"score.{part}", "must be over 0"
    if "hold" in exercise.score and not exercise.dose.hold_s[0] > 0:
        yield "score.hold", "needs dose.hold_s over 0"


def _own_names(exercise: Exercise) -> Iterator[Problem]:
    """What hangs on the person's own rest has a name of its own."""
    taken = {*measure_names(exercise.facing), *BACK, *TEMPO, HELD, SIDES_HELD}
    for key in ("baselines", "anchors", "trends"):
        for i, own in enumerate(getattr(exercise, key)):
            if own.name in taken:
                yield f"{key}[{i}].name", f"must not be {quoted(own.name)}, which is the name of something else"
            taken.add(own.name)


# --- each part by itself ---------------------------------------------------------------------


def _check(exercise: Exercise, key: str, part: DataclassInstance) -> Iterator[Problem]:
    at = f"{key}." if key else ""
    yield from _numbers(at, part)
    match part:
        case Exercise() | Baseline() | Anchor() | Trend() | Fault() | Variant() if not _NAME.fullmatch(part.name):
            yield f"{at}name", _NAMED
    match part:
        case Bound():
            yield from _bound(at, key, part)
        case Anchor():
            yield from _anchor(at, part)
        case Movement():
            yield from _movement(key, part)
        case Cycle():
            yield from _cycle(key, part)
        case Holding():
            yield from _holding(at, part)
        case Fault():
            yield from _fault(exercise, at, part)
        case Baseline() if not part.low < part.high:
            yield f"{at}low", "must be under high"
        case Trend() if not part.over_s > 0:
            yield f"{at}over_s", "must be over 0"
        case Dose():
            yield from _amounts(at, part)
        case Reminders():
            yield from _over_0(at, part, "nudge_after_s", "nudge_every_s", "break_after_s")


def _over_0(at: str, part: DataclassInstance, *keys: str) -> Iterator[Problem]:
    yield from ((f"{at}{key}", "must be over 0") for key in keys if not getattr(part, key) > 0)


def _amounts(at: str, dose: Dose) -> Iterator[Problem]:
    for name, (low, high) in (("repetitions", dose.repetitions), ("hold_s", dose.hold_s)):
        if not 0 <= low <= high:
            yield f"{at}{name}", "must have the smaller number first, and none under 0"


def _numbers(at: str, part: DataclassInstance) -> Iterator[Problem]:
    """Infinity and "not a number" stand only where they are the default; a width is over 0."""
    for own in fields(part):
        value = getattr(part, own.name)
        several = value if isinstance(value, tuple) else value.values() if isinstance(value, dict) else (value,)
        if not _endless(own) and any(isinstance(one, float) and not math.isfinite(one) for one in several):
            yield f"{at}{own.name}", "must be a finite number"
        yield from (
            (f"{at}{own.name}[{i}]", "must have a width over 0")
            for i, (_, width) in enumerate(_widths(value))
            if not 0 < width < math.inf
        )


def _endless(own: Field[Any]) -> bool:
    default = own.default if isinstance(own.default, tuple) else (own.default,)
    return default != (MISSING,) and any(isinstance(one, float) and not math.isfinite(one) for one in default)


def _bound(at: str, key: str, bound: Bound) -> Iterator[Problem]:
    if bound.low == -math.inf and bound.high == math.inf:
        yield key, "needs low or high"
    if not bound.low < bound.high:
        yield f"{at}low", f"must be under high, {bound.high:g}, not {bound.low:g}"
    if not bound.margin >= 0:
        yield f"{at}margin", "must not be under 0"


def _anchor(at: str, anchor: Anchor) -> Iterator[Problem]:
    if not 0 < anchor.weight <= 1:
        yield f"{at}weight", "must be over 0 and at most 1"
    yield from _over_0(at, anchor, "most")
    if not anchor.trusted[0] < anchor.trusted[1]:
        yield f"{at}trusted", "must have the smaller number first"


def _movement(key: str, movement: Movement) -> Iterator[Problem]:
    if not 0 < movement.settled < movement.back < movement.leave < movement.least:
        now = ", ".join(f"{value:g}" for value in (movement.settled, movement.back, movement.leave, movement.least))
        yield key, f"must have 0 < settled < back < leave < least, not {now}"
    if not 0 <= movement.back_share < 1:
        yield f"{key}.back_share", "must be at least 0 and under 1"
    if not movement.line:
        yield f"{key}.line", "must have at least one bound"
    if movement.main not in movement.shown:
        yield f"{key}.shown", f"must have main, {quoted(movement.main)}, in it"


def _cycle(key: str, cycle: Cycle) -> Iterator[Problem]:
    if not 0 < cycle.settled < cycle.back < cycle.leave:
        now = ", ".join(f"{value:g}" for value in (cycle.settled, cycle.back, cycle.leave))
        yield key, f"must have 0 < settled < back < leave, not {now}"
    if not cycle.full[1] < 0 < cycle.full[0]:
        yield f"{key}.full", "must have a number over 0 and one under 0"
    if not cycle.start:
        yield f"{key}.start", "must have at least one bound"
    if cycle.main not in cycle.shown:
        yield f"{key}.shown", f"must have main, {quoted(cycle.main)}, in it"
    yield from _over_0(f"{key}.", cycle, "least", "pause_s")
    for name in ("high", "low"):
        if not _NAME.fullmatch(getattr(cycle, name)):
            yield f"{key}.{name}", _NAMED
    if cycle.high == cycle.low:
        yield f"{key}.low", "must not be the same as high"


def _holding(at: str, holding: Holding) -> Iterator[Problem]:
    if not holding.variants:
        yield f"{at}variants", "must have at least one variant"
    yield from _over_0(at, holding, "steady_s", "least_s", "own_s")


def _fault(exercise: Exercise, at: str, fault: Fault) -> Iterator[Problem]:
    key = at.removesuffix(".")
    above, below = math.isfinite(fault.above), math.isfinite(fault.below)
    if above is below:
        yield key, "must have above or below, not both" if above else "needs above or below"
    elif not math.isnan(fault.release):
        if fault.per_repetition:
            yield f"{at}release", "must be left out where per_repetition is true"
        elif above and not fault.release < fault.above:
            yield f"{at}release", f"must be under above, {fault.above:g}, not {fault.release:g}"
        elif below and not fault.release > fault.below:
            yield f"{at}release", f"must be over below, {fault.below:g}, not {fault.release:g}"
    yield from _over_0(at, fault, "dwell_s")
    yield from _joint(f"{at}joint", fault.joint)
    yield from _moments(exercise, at, fault)
    yield from _spoils(exercise, at, fault)
    unit = unit_for(exercise, fault.measure)
    if unit is not None and fault.unit != unit:
        yield f"{at}unit", f"must be {quoted(unit)} for {fault.measure}, not {quoted(fault.unit)}"


def _moments(exercise: Exercise, at: str, fault: Fault) -> Iterator[Problem]:
    """Each way of counting has its own moments to judge a fault at."""
    counted = _counted(exercise)
    if counted is None and exercise.holding is None:
        return
    kind, moments = (counted, _OF_REPETITIONS) if counted else ("holding", _OF_HOLDS)
    wrong = "at_end" if counted else "per_repetition"
    if getattr(fault, wrong):
        yield f"{at}{wrong}", f"must be left out where there is a {kind}"
    elif not (fault.per_repetition or fault.at_end) and (not fault.during or not fault.during <= moments):
        known = ", ".join(quoted(moment) for moment in sorted(moments))
        yield f"{at}during", f"must have some of {known} where there is a {kind}"
    variants = dict.fromkeys(variant.name for variant in exercise.holding.variants) if exercise.holding else {}
    for i, name in enumerate(fault.variants):
        if name not in variants:
            yield f"{at}variants[{i}]", f"{quoted(name)} {unknown(name, variants)}"


def _spoils(exercise: Exercise, at: str, fault: Fault) -> Iterator[Problem]:
    if _counted(exercise) and fault.spoils != "dose" and fault.part not in exercise.score:
        yield f"{at}part", f"{quoted(fault.part)} {unknown(fault.part, exercise.score)} (the parts of the score)"
    if fault.spoils == "dose" and not fault.per_repetition:
        yield f"{at}per_repetition", 'must be true where spoils is "dose"'
    if fault.spoils != "attempt":
        if fault.reason:
            yield f"{at}reason", 'must be left out unless spoils is "attempt"'
        return
    if not fault.reason:
        yield f"{at}reason", "is missing: an attempt says why it does not count"
    try:
        with_gap = fault.reason.format(gap=1.0) != fault.reason.format(gap=2000.0)
    except (LookupError, ValueError, AttributeError, TypeError):
        yield f"{at}reason", "must have no braces { } but those of {gap} or {gap:.0f}"
    else:
        if with_gap and not math.isfinite(fault.target):
            yield f"{at}target", "is missing: the reason tells the gap to it"


def _joint(key: str, joint: str) -> Iterator[Problem]:
    if joint not in JOINTS:
        yield key, f"{quoted(joint)} {unknown(joint, JOINTS)}"


# --- names of measures -----------------------------------------------------------------------


def _measures(exercise: Exercise) -> Iterator[Problem]:
    for key, part in _parts(exercise):
        for name, measure in _named(part):
            known = known_names(exercise, key, name)
            if measure in known:
                continue
            if measure in BACK and not exercise.silhouette:
                yield f"{key}.{name}", f"{quoted(measure)} needs silhouette = true"
            else:
                yield f"{key}.{name}", f"{quoted(measure)} {unknown(measure, sorted(known))}"


def _widths(value: object) -> tuple[tuple[str, float], ...]:
    """The value where it is measures with a width for each, else nothing."""
    pairs = value if isinstance(value, tuple) else ()
    return pairs if all(isinstance(one, tuple) and len(one) == 2 and isinstance(one[0], str) for one in pairs) else ()


def _named(part: DataclassInstance) -> Iterator[tuple[str, str]]:
    """The measures that a part names, by key."""
    for own in fields(part):
        value = getattr(part, own.name)
        if own.name in _NAMING:
            several = enumerate(value) if isinstance(value, tuple) else ()
            yield from (
                [(own.name, value)] if isinstance(value, str) else ((f"{own.name}[{i}]", one) for i, one in several)
            )
        yield from ((f"{own.name}[{i}][0]", measure) for i, (measure, _) in enumerate(_widths(value)))
