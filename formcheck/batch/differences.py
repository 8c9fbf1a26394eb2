"""In what one exercise was not as expected, one sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from formcheck.batch.told import (
    hold_list,
    how_many,
    known_faults,
    only_notes,
    only_these,
    plural,
    repetitions_told,
    spans_at,
    unseen,
)
from formcheck.engine.records import COUNTED, OUTCOMES, Hold, Outcome, Repetition, ViewProblem
from formcheck.report.result import AnalysisResult
from formcheck.report.words import clock, number

if TYPE_CHECKING:
    from formcheck.batch.expectation import Expected, HoldExpected, Number, RepetitionsExpected

ROUNDING = 1e-6  # what is just at a limit is within it


def performed(expected: Expected, result: AnalysisResult) -> Iterator[str]:
    """What is wrong with one exercise, without the view."""
    if expected.repetitions is not None:
        yield from _repetitions(expected.repetitions, result)
    if expected.holds is not None:
        yield from _holds(expected.holds, result)
    yield from _faults(expected, result)
    if expected.score is not None and not expected.score.allows(result.score):
        limits = how_many(None, expected.score.min, expected.score.max)
        yield f"expected a score of {limits}, found {result.score:.1f}"


# --- repetitions -----------------------------------------------------------------------------


def _repetitions(expected: RepetitionsExpected, result: AnalysisResult) -> Iterator[str]:
    kinds: dict[str, tuple[Outcome, ...]] = {outcome: (outcome,) for outcome in OUTCOMES} | {"counted": COUNTED}
    for kind, outcomes in kinds.items():
        wanted: Number | None = getattr(expected, kind)
        found = [rep for rep in result.reps if rep.outcome in outcomes]
        if wanted is None or wanted.allows(len(found)):
            continue
        others = [rep for rep in result.reps if rep.outcome not in outcomes]
        yield _repetitions_sentence(kind, wanted, found, others, result)


def _repetitions_sentence(
    kind: str, wanted: Number, found: Sequence[Repetition], others: Sequence[Repetition], result: AnalysisResult
) -> str:
    asked = how_many(wanted.exact, wanted.min, wanted.max)
    one = asked in ("no", "1") or asked.endswith(" 1")
    name = f"{'attempted' if kind == 'attempt' else kind} {plural(result.exercise, one=one)}"
    start = f"expected {asked} {name}, found {len(found) or 'none'}"
    least = wanted.exact if wanted.exact is not None else wanted.min or 0
    # Too few: what became of the others. Too many: which they are.
    told = repetitions_told(others, result) if len(found) < least else repetitions_told(found, result)
    if told:
        return f"{start}: {told}"
    if found:
        return f"{start}, no other one was seen: {repetitions_told(found, result)}{unseen(result.view_problems)}"
    return f"{start}: no repetition was seen{unseen(result.view_problems)}"


# --- holds -----------------------------------------------------------------------------------


def _holds(expected: Sequence[HoldExpected], result: AnalysisResult) -> Iterator[str]:
    found = result.holds
    if len(expected) != len(found):
        spans = [f"{one.held_s:g} s{'' if one.start_s is None else f' from {clock(one.start_s)}'}" for one in expected]
        hint = unseen(result.view_problems) if len(found) < len(expected) else ""
        yield f"expected {hold_list(spans)}, found {hold_list([_hold(hold) for hold in found])}{hint}"
        return
    for i, (one, hold) in enumerate(zip(expected, found, strict=True), 1):
        called = "a hold" if len(found) == 1 else f"hold {i}"
        for wanted, was in _hold_differences(one, hold, _why_short(hold, result)):
            yield f"expected {called} {wanted}, found one {was}"


def _hold(hold: Hold) -> str:
    return f"{number(hold.end_s - hold.start_s, 's')} from {clock(hold.start_s)}"


def _hold_differences(expected: HoldExpected, hold: Hold, why: str) -> Iterator[tuple[str, str]]:
    """In what a hold is another one: what was expected, what was found; and why, where the form may be why."""
    start = f"from {clock(hold.start_s)}"

    def off(wanted: float | None, was: float) -> bool:
        return wanted is not None and not abs(was - wanted) <= expected.tolerance_s + ROUNDING

    held_s = hold.end_s - hold.start_s
    if off(expected.held_s, held_s):
        yield f"of {expected.held_s:g} s", f"of {number(held_s, 's')} {start}{why}"
    if expected.in_form_s is not None and off(expected.in_form_s, hold.in_form_s):
        yield (
            f"with {expected.in_form_s:g} s in form",
            f"with {number(hold.in_form_s, 's')} in form {start}{why}",
        )
    if expected.start_s is not None and off(expected.start_s, hold.start_s):
        yield f"that begins at {expected.start_s:g} s", f"that begins at {number(hold.start_s, 's')}"
    if expected.side is not None and expected.side != hold.side:
        yield f"on the {expected.side} side", f"{f'on the {hold.side} side' if hold.side else 'on no side'} {start}"
    if expected.variant is not None and expected.variant != hold.variant:
        yield f"of the variant {expected.variant}", f"of {hold.variant or 'no variant'} {start}"


def _why_short(hold: Hold, result: AnalysisResult) -> str:
    """The faults within a hold, with their times."""
    spans = [span for span in result.faults if span.start_s <= hold.end_s and span.end_s >= hold.start_s]
    told = [spans_at(name, [span for span in spans if span.name == name]) for name in dict.fromkeys(hold.faults)]
    return f": {', '.join(told)}" if told else ""


# --- faults and the view ---------------------------------------------------------------------


def _faults(expected: Expected, result: AnalysisResult) -> Iterator[str]:
    found = known_faults(result)  # with what is short of the dose only, which may be asked for by name
    notes = only_notes(result)
    of_form = {name: at for name, at in found.items() if name not in notes}
    yield from _names("fault", expected.faults, expected.no_faults, found, of_form if expected.no_other_faults else {})


def view(expected: Expected, problems: Sequence[ViewProblem]) -> Iterator[str]:
    """What is wrong with the problems of the camera's view."""
    found = {
        name: spans_at("", [one for one in problems if one.name == name])
        for name in dict.fromkeys(one.name for one in problems)
    }
    yield from _names("view problem", expected.view, expected.no_view, found, found if expected.no_other_view else {})


def _names(
    what: Literal["fault", "view problem"],
    wanted: Sequence[str],
    unwanted: Sequence[str],
    found: dict[str, str],
    others: dict[str, str],
) -> Iterator[str]:
    """What is missing of names, and which are too many.

    Args:
        what: What the names are of.
        wanted: Those that must be found.
        unwanted: Those that must not.
        found: When each was found, in words, by name.
        others: Those of `found` of which none but the wanted ones may be there.
    """
    for name in wanted:
        if name not in found:
            yield f"expected the {what} {name}, did not find it: {only_these(what, found)}"
    for name, at in found.items():
        if name in unwanted:
            yield f"expected no {name}, found it{at}"
        elif name in others and name not in wanted:
            yield f"expected no {'other ' if wanted else ''}{what}, found {name}{at}"


def all_views(result: AnalysisResult) -> tuple[ViewProblem, ...]:
    """The problems of the view that the clip has, whichever exercise they were told for."""
    each = (problem for one in (result, *result.exercises) for problem in one.view_problems)
    return tuple(dict.fromkeys(sorted(each, key=lambda problem: problem.start_s)))
