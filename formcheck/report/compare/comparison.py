"""What differs between two results of one exercise, and what of it is better or worse. Pure.

Better or worse is said only of what differs by more than the measuring error (`formcheck.report.margins`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from formcheck.engine.records import OUTCOMES
from formcheck.errors import InputError
from formcheck.exercises.declaration import Exercise
from formcheck.report.compare.faults import FaultChange, fault_changes
from formcheck.report.compare.rows import Row, Tell, Verdict, main_names, rows_of
from formcheck.report.margins import HOLD_S, SOURCE, difference_deg, main_angle_deg
from formcheck.report.result import AnalysisResult
from formcheck.report.words import number, sentence, words


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two results of one exercise.

    Attributes:
        title: Of the exercise, for people.
        before: The earlier one.
        after: The later one.
        exercise: The exercise's declaration, None where it is not known.
        mains: Names of the main measure's numbers in repetitions: one, or one for each end of a cycle.
        rows: Numbers side by side.
        faults: What became of each fault.
        better: What is better, in words.
        worse: What is worse.
        remarks: What to keep in mind: the measuring error, the view, the side.
    """

    title: str
    before: AnalysisResult
    after: AnalysisResult
    exercise: Exercise | None
    mains: tuple[str, ...]
    rows: tuple[Row, ...]
    faults: tuple[FaultChange, ...]
    better: tuple[str, ...]
    worse: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """How much is better and worse, in one sentence."""
        if not (self.better or self.worse):
            return f"{self.title}: nothing differs by more than the measuring error."
        return f"{self.title}: {_things(self.better)} better and {_things(self.worse)} worse."


def pairs(before: AnalysisResult, after: AnalysisResult) -> list[tuple[AnalysisResult, AnalysisResult]]:
    """The exercises that both results have, each with its two blocks.

    Raises:
        InputError: They have none in common.
    """
    earlier, later = _by_exercise(before), _by_exercise(after)
    common = [name for name in earlier if name in later]
    if not common:
        names = (" and ".join(map(words, found)) or "no exercise" for found in (earlier, later))
        raise InputError(
            f"These are different exercises, {' before and '.join(names)} after: compare two clips of the same one."
        )
    return [(earlier[name], later[name]) for name in common]


def compare(
    before: AnalysisResult, after: AnalysisResult, exercise: Exercise | None, *, degree_sign: bool = True
) -> Comparison:
    """Compare two results of one exercise.

    Args:
        before: The earlier one.
        after: The later one.
        exercise: Its declaration, which says what is asked; None where it is not known.
        degree_sign: Whether the output has one.
    """

    def tell(value: float, unit: str) -> str:
        return number(value, unit, degree_sign=degree_sign)

    mains = main_names((*before.reps, *after.reps), exercise)
    rows = rows_of(before, after, exercise, mains, tell)
    changes = fault_changes(before, after, exercise)
    said: dict[Verdict, list[str]] = {"better": [], "worse": []}
    for row in rows:
        if row.verdict in said:
            said[row.verdict].append(row.sentence)
    said["better"] += [f"{words(one.name)} is gone" for one in changes if one.kind == "gone" and one.certain]
    said["worse"] += [f"{words(one.name)} is new" for one in changes if one.kind == "new" and one.certain]
    return Comparison(
        title=sentence(words(before.exercise)) if exercise is None else exercise.title,
        before=before,
        after=after,
        exercise=exercise,
        mains=mains,
        rows=rows,
        faults=changes,
        better=tuple(said["better"]),
        worse=tuple(said["worse"]),
        remarks=tuple(_remarks(before, after, tell)),
    )


def _things(told: tuple[str, ...]) -> str:
    if len(told) == 1:
        return "one thing is"
    return f"{len(told)} things are" if told else "nothing is"


def _by_exercise(result: AnalysisResult) -> dict[str, AnalysisResult]:
    """The exercises of a result by name; one that was recognised several times in a clip is taken together."""
    found: dict[str, AnalysisResult] = {}
    for one in result.exercises if result.exercise == "auto" else (result,):
        found[one.exercise] = _together(found[one.exercise], one) if one.exercise in found else one
    return found


def _together(first: AnalysisResult, second: AnalysisResult) -> AnalysisResult:
    return replace(
        first,
        reps=first.reps + second.reps,
        holds=first.holds + second.holds,
        faults=first.faults + second.faults,
        view_problems=first.view_problems + second.view_problems,
        in_form_s=first.in_form_s + second.in_form_s,
        score=min(100.0, first.score + second.score),
        counts={name: first.counts.get(name, 0) + second.counts.get(name, 0) for name in OUTCOMES},
    )


def _remarks(before: AnalysisResult, after: AnalysisResult, tell: Tell) -> list[str]:
    said = []
    error = main_angle_deg(before.exercise)
    if math.isfinite(error):
        said.append(
            f"The main angle is off by {error:.1f} deg on average in each clip ({SOURCE}), so a difference under "
            f"{tell(difference_deg(before.exercise), 'deg')} says nothing. A hold's time is right to {HOLD_S:g} s."
        )
    else:
        said.append(
            "How far the main measure of this exercise is off has not been measured: its numbers stand side by side, "
            f"and nothing is called better or worse by them. A hold's time is right to {HOLD_S:g} s ({SOURCE})."
        )
    for when, one in (("Before", before), ("After", after)):
        names = dict.fromkeys(words(problem.name) for problem in one.view_problems)
        if names:
            said.append(f"{when}, the view was not good enough at times ({', '.join(names)}): compare with care.")
        said += [f"{when}: {warning}" for warning in one.warnings]
    if before.side and after.side and before.side != after.side:
        said.append(f"The {before.side} side faced the camera before, the {after.side} side after.")
    return said
