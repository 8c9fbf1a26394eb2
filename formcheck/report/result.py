"""The typed result of one analysis, and its result.json."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from typing import Any

from formcheck.engine.records import FaultSpan, Hold, Outcome, Repetition, ViewProblem
from formcheck.pose.landmarks import Side


@dataclass(frozen=True, slots=True)
class Source:
    """What was analysed: size in pixels, `fps` the mean rate over the clip."""

    path: str
    duration_s: float
    frames: int
    width: int
    height: int
    fps: float


@dataclass(frozen=True, slots=True)
class AnalysisResult:
    """Everything that formcheck says of one clip and one exercise.

    Attributes:
        formcheck: Version that made it.
        source: The clip.
        exercise: Name of the exercise.
        side: The person's side that faced the camera, None where it was never told.
        pose_found: Share of frames with a credible pose, 0-1.
        view_problems: Stretches in which the camera's view could not be relied on.
        reps: All repetitions, counted or not.
        holds: All holds.
        faults: All stretches of faults.
        in_form_s: Seconds of holds in form, 0 for exercises counted in repetitions.
        score: Good dose over asked dose, 0-100.
        summary: One sentence.
        dose: The dose asked for, in words.
        interrupted: Whether it was stopped before the clip's end.
        warnings: What is wrong with the clip itself, one sentence each.
        counts: Repetitions by outcome.
    """

    formcheck: str
    source: Source
    exercise: str
    side: Side | None
    pose_found: float
    view_problems: tuple[ViewProblem, ...]
    reps: tuple[Repetition, ...]
    holds: tuple[Hold, ...]
    faults: tuple[FaultSpan, ...]
    in_form_s: float
    score: float
    summary: str
    dose: str = ""
    interrupted: bool = False
    warnings: tuple[str, ...] = ()
    counts: dict[Outcome, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The result as plain data in the shape of result.json; NaN becomes null."""
        data = asdict(self)
        problems = data.pop("view_problems")
        ordered = {
            "formcheck": data["formcheck"],
            "source": data["source"],
            "exercise": data["exercise"],
            "side": data["side"],
            "pose_found": data["pose_found"],
            "view": {"ok": not problems, "problems": problems},
        }
        rest = ("reps", "holds", "faults", "counts", "in_form_s", "score", "summary", "dose", "interrupted", "warnings")
        plain = _plain(ordered | {key: data[key] for key in rest})
        assert isinstance(plain, dict)
        return plain

    def to_json(self) -> str:
        """The text of result.json: two-space indent, numbers rounded to three decimals."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return round(value, 3) if math.isfinite(value) else None
    return value
