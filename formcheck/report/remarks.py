"""What could not be judged, or not well, in sentences: for the terminal and the pages alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from formcheck.report.words import clock, words

if TYPE_CHECKING:
    from formcheck.engine.records import ViewProblem
    from formcheck.report.result import AnalysisResult

MOSTLY_SEEN = 0.95  # share of the pictures: less is worth a sentence


def unjudged_remarks(result: AnalysisResult, *, parts: bool = True) -> Iterator[str]:
    """Each thing that limits what the result can say, one sentence each.

    Args:
        result: Of one exercise, or of several that were recognised.
        parts: Whether to tell what limits the single exercises as well.
    """
    judged = (result, *(result.exercises if parts else ()))
    yield from result.warnings
    yield from dict.fromkeys(told for one in judged for told in one.unjudged)
    if result.pose_found < MOSTLY_SEEN:
        unseen = 100.0 * (1.0 - result.pose_found)
        yield f"In {unseen:.0f} % of the pictures nobody was credibly seen: nothing was judged there."
    for start, end in result.unknown:
        yield f"{clock(start)}-{clock(end)} no exercise that is known, or none for certain."
    if result.side is None and not result.exercises and not any(hold.side for hold in result.holds):
        yield "It was never clear which side of the body faced the camera."
    yield from _view_remarks(problem for one in judged for problem in one.view_problems)
    if not (result.reps or result.holds or result.measures or result.exercises):
        yield "Nothing was counted."


def _view_remarks(problems: Iterable[ViewProblem]) -> Iterator[str]:
    """One remark for each problem, with all its stretches; the same one of two exercises is told once."""
    advice: dict[tuple[str, str], dict[str, None]] = {}
    for problem in sorted(problems, key=lambda problem: problem.start_s):
        span = f"{clock(problem.start_s)}-{clock(problem.end_s)}"
        advice.setdefault((problem.name, problem.advice), {})[span] = None
    for (name, what_to_do), spans in advice.items():
        yield f"{', '.join(spans)} {words(name)}: {what_to_do}"
