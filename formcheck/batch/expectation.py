"""What is expected of a clip, and what of it an analysis did not find. Pure: no file is read here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from formcheck.batch.differences import ROUNDING, all_views, performed, view
from formcheck.batch.told import unseen
from formcheck.errors import NoPersonError
from formcheck.exercises import is_file
from formcheck.pose.landmarks import Side
from formcheck.recognition import AUTO
from formcheck.report.result import AnalysisResult
from formcheck.report.words import words


@dataclass(frozen=True, slots=True)
class Number:
    """How many: an exact number, or limits. In a file a bare whole number is an exact one.

    Attributes:
        exact: Just so many.
        min: At least so many.
        max: At most so many.
    """

    exact: int | None = None
    min: int | None = None
    max: int | None = None

    def allows(self, found: int) -> bool:
        """Whether so many are as expected."""
        return (
            (self.exact is None or found == self.exact)
            and (self.min is None or found >= self.min)
            and (self.max is None or found <= self.max)
        )


@dataclass(frozen=True, slots=True)
class Range:
    """Limits of a number, both within it.

    Attributes:
        min: At least this.
        max: At most this.
    """

    min: float | None = None
    max: float | None = None

    def allows(self, found: float) -> bool:
        """Whether the number is within the limits; an unknown one never is."""
        low = self.min if self.min is not None else found
        high = self.max if self.max is not None else found
        return low - ROUNDING <= found <= high + ROUNDING


@dataclass(frozen=True, slots=True)
class RepetitionsExpected:
    """How many repetitions: each a whole number, or a table of min and max; what is left out is not looked at.

    Attributes:
        good: Repetitions in good form.
        faulty: Repetitions that count, with a fault.
        attempt: Tries that do not count.
        unfinished: Repetitions not seen to their end.
        counted: Good and faulty ones together.
    """

    good: Number | None = None
    faulty: Number | None = None
    attempt: Number | None = None
    unfinished: Number | None = None
    counted: Number | None = None


@dataclass(frozen=True, slots=True)
class HoldExpected:
    """One hold.

    Attributes:
        held_s: How long the position is held, from arriving in it to leaving it.
        in_form_s: How long of that in form.
        start_s: When it begins, from the clip's start.
        side: The side worked on, left or right.
        variant: Which form of the exercise it is, such as forearm.
        tolerance_s: By how much the times may be off.
    """

    held_s: float
    in_form_s: float | None = None
    start_s: float | None = None
    side: Side | None = None
    variant: str | None = None
    tolerance_s: float = 0.5


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of one exercise; what is left out is not looked at.

    Attributes:
        exercise: Name of the exercise.
        repetitions: How many repetitions, by outcome.
        holds: The holds in their order; an empty list means that there is none.
        faults: Names of the faults that must be found.
        no_faults: Names of the faults that must not be found.
        no_other_faults: Whether no fault but those of faults may be found.
        view: Names of the problems of the camera's view that must be told.
        no_view: Names of the problems of the camera's view that must not be told.
        no_other_view: Whether no problem of the view but those of view may be told.
        score: The score, within 0 to 100.
    """

    exercise: str
    repetitions: RepetitionsExpected | None = None
    holds: tuple[HoldExpected, ...] | None = None
    faults: tuple[str, ...] = ()
    no_faults: tuple[str, ...] = ()
    no_other_faults: bool = False
    view: tuple[str, ...] = ()
    no_view: tuple[str, ...] = ()
    no_other_view: bool = False
    score: Range | None = None


@dataclass(frozen=True, slots=True)
class Expectation(Expected):
    """What is expected of one clip: all that may be expected of an exercise, and what is of the clip.

    Attributes:
        exercise: Name of the exercise, the path of its .toml file as seen from the expectation's file, or "auto".
        exercises: With "auto": what is expected of each exercise that must be recognised; no other one may be.
        refused: Whether the clip must be refused because nobody in it can be judged.
        clip: The clip's file name, where it is not called as the expectation is.
    """

    exercises: tuple[Expected, ...] | None = None
    refused: bool = False
    clip: str | None = None


def failures(expected: Expectation, result: AnalysisResult) -> tuple[str, ...]:
    """Everything that is not as expected, one sentence each, without its full stop; none: all is as expected.

    Args:
        expected: What is expected of the clip.
        result: What was found in it.
    """
    if result.interrupted:
        return ("the analysis was stopped before the clip's end: the rest of it is unknown",)
    if expected.refused:
        share = f"{100.0 * result.pose_found:.0f} %"
        return (f"expected that nobody in the clip can be judged, found somebody in {share} of the pictures",)
    if not is_file(expected.exercise) and expected.exercise != result.exercise:
        return (f"expected the exercise {words(expected.exercise)}, but {words(result.exercise)} was looked for",)
    if expected.exercise == AUTO:
        return (*_recognised(expected, result), *view(expected, all_views(result)))
    return (*performed(expected, result), *view(expected, result.view_problems))


def refusal_failure(expected: Expectation, error: NoPersonError) -> str | None:
    """What is not as expected about a clip that was refused; None if just that was expected.

    Args:
        expected: What is expected of the clip.
        error: Why it was refused.
    """
    return None if expected.refused else f"expected a clip that can be judged, but it was refused: {error}".rstrip(".")


def _recognised(expected: Expectation, result: AnalysisResult) -> Iterator[str]:
    """What is wrong with the exercises that were recognised."""
    if expected.exercises is None:
        return
    found = {block.exercise: block for block in result.exercises}
    wanted = {one.exercise: one for one in expected.exercises}
    listed = ", ".join(words(name) for name in found) or "no exercise"
    for name in wanted:
        if name not in found:
            yield f"expected that {words(name)} is recognised, found {listed}{unseen(all_views(result))}"
    for name, block in found.items():
        if name not in wanted:
            yield f"expected that {words(name)} is not recognised, found it: {block.summary.rstrip('.')}"
            continue
        for sentence in (*performed(wanted[name], block), *view(wanted[name], block.view_problems)):
            yield f"{words(name)}: {sentence}"
