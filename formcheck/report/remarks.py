"""What could not be judged, or not well, in sentences: for the terminal and the pages alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from formcheck.report.words import clock, words

if TYPE_CHECKING:
    from formcheck.report.result import AnalysisResult

MOSTLY_SEEN = 0.95  # share of the pictures: less is worth a sentence


def unjudged_remarks(result: AnalysisResult) -> Iterator[str]:
    """Each thing that limits what the result can say, one sentence each."""
    yield from result.warnings
    yield from result.unjudged
    if result.pose_found < MOSTLY_SEEN:
        unseen = 100.0 * (1.0 - result.pose_found)
        yield f"In {unseen:.0f} % of the pictures nobody was credibly seen: nothing was judged there."
    for start, end in result.unknown:
        yield f"{clock(start)}-{clock(end)} no exercise that is known, or none for certain."
    if result.side is None and not result.exercises and not any(hold.side for hold in result.holds):
        yield "It was never clear which side of the body faced the camera."
    advice: dict[tuple[str, str], list[str]] = {}
    for problem in result.view_problems:
        span = f"{clock(problem.start_s)}-{clock(problem.end_s)}"
        advice.setdefault((problem.name, problem.advice), []).append(span)
    for (name, what_to_do), spans in advice.items():
        yield f"{', '.join(spans)} {words(name)}: {what_to_do}"
    if not (result.reps or result.holds or result.measures or result.exercises):
        yield "Nothing was counted."
