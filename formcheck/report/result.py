"""The typed result of one analysis, and its result.json."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, is_dataclass, replace
from typing import Any

from formcheck.engine.faults import all_hold
from formcheck.engine.records import FaultSpan, Hold, Outcome, Reminder, Repetition, ViewProblem
from formcheck.exercises.declaration import Exercise
from formcheck.files import plain
from formcheck.measure.view import SPOILING
from formcheck.pose.landmarks import Side
from formcheck.report.words import number, split_unit, words


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
class PostureTime:
    """How long somebody sat or stood upright, slouched in whatever way, and was not there (or not seen)."""

    upright_s: float
    slouched_s: float
    away_s: float


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
        posture: Of sitting and standing: how the time was spent.
        reminders: What was said to whoever stayed in a position for long.
        measures: Of a photo: every measure that is known, by name; empty for a clip.
        exercises: With `exercise` "auto": one result for each exercise that was recognised.
        unknown: Then also the stretches (start, end) in seconds of no exercise that is known.
        height_cm: The person's height where it was given; then lengths are told in centimetres and inches, too.
        unjudged: What of the exercise shows in no picture, one sentence each.
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
    posture: PostureTime | None = None
    reminders: tuple[Reminder, ...] = ()
    measures: dict[str, float] = field(default_factory=dict)
    exercises: tuple[AnalysisResult, ...] = ()
    unknown: tuple[tuple[float, float], ...] = ()
    height_cm: float | None = None
    unjudged: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The result as plain data in the shape of result.json; NaN becomes null."""
        head = {"formcheck": self.formcheck, "source": asdict(self.source)}
        if self.exercise == "auto":
            blocks = [block._contents() for block in self.exercises]
            spans = [{"start_s": start, "end_s": end} for start, end in self.unknown]
            names = ("pose_found", "summary", "interrupted", "warnings", "height_cm")
            rest = {name: getattr(self, name) for name in names}
            view = {"view": self._view()} if not blocks else {}
            return _as_dict(head | {"exercise": "auto", "exercises": blocks, "unknown": spans} | view | rest)
        return _as_dict(head | self._contents())

    def _contents(self) -> dict[str, Any]:
        names = (
            "reps",
            "holds",
            "faults",
            "counts",
            "in_form_s",
            "score",
            "summary",
            "dose",
            "interrupted",
            "warnings",
            "height_cm",
            "unjudged",
        )
        data: dict[str, Any] = {
            "exercise": self.exercise,
            "side": self.side,
            "pose_found": self.pose_found,
            "view": self._view(),
        }
        data |= {name: _data(getattr(self, name)) for name in names}
        if self.posture is not None:
            data |= {"posture": asdict(self.posture), "reminders": _data(self.reminders)}
        if self.measures:
            data["measures"] = self.measures
        return data

    def _view(self) -> dict[str, Any]:
        return {"ok": not self.view_problems, "problems": _data(self.view_problems)}

    def to_json(self) -> str:
        """The text of result.json: two-space indent, numbers rounded to three decimals."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _data(value: object) -> object:
    """Records as dicts, all the way down one tuple."""
    if isinstance(value, tuple):
        return [asdict(item) if is_dataclass(item) and not isinstance(item, type) else item for item in value]
    return value


def _as_dict(data: dict[str, Any]) -> dict[str, Any]:
    fields = plain(data, 3)
    assert isinstance(fields, dict)
    return fields


def as_still(result: AnalysisResult, exercise: Exercise, values: Mapping[str, float]) -> AnalysisResult:
    """The result of a photo: what is measured and what is wrong, with no time in it.

    Args:
        result: Of somebody who held still for a moment.
        exercise: What was looked for.
        values: The measures at the end of it.
    """
    names = dict.fromkeys(span.name for span in result.faults)
    worst = [max((s for s in result.faults if s.name == name), key=lambda s: s.end_s) for name in names]
    faults = tuple(replace(span, start_s=0.0, end_s=0.0) for span in worst)
    known = {name: value for name, value in values.items() if math.isfinite(value)}
    wrong = " and ".join(words(span.name) for span in faults)
    if not _is_there(result, exercise, values):
        told = "this position was not seen"
    elif exercise.holding is not None:
        told = wrong or "nothing wrong"
    else:
        measured = ", ".join(_measured(exercise, known))
        told = "; ".join(part for part in (wrong, measured, "movements are not scored in a photo") if part)
    return replace(
        result,
        view_problems=tuple(replace(problem, start_s=0.0, end_s=0.0) for problem in result.view_problems),
        reps=(),
        holds=(),
        faults=faults,
        in_form_s=0.0,
        score=100.0 if result.holds and not faults else 0.0,
        summary=f"{exercise.title}: {told}.",
        counts=dict.fromkeys(result.counts, 0),
        posture=None,
        reminders=(),
        measures=known,
    )


def _is_there(result: AnalysisResult, exercise: Exercise, values: Mapping[str, float]) -> bool:
    """Whether a photo surely shows the exercise: a position that is held, or where a movement starts and ends."""
    if exercise.holding is not None:
        return bool(result.holds)
    spoiled = any(problem.name in SPOILING for problem in result.view_problems)
    return not spoiled and all_hold(exercise.posture, dict(values), already=False) is True


def _measured(exercise: Exercise, known: Mapping[str, float]) -> Iterator[str]:
    """The angles that a movement's repetitions are told by, in words, as far as one picture shows them."""
    counted = exercise.movement or exercise.cycle
    rest_of = {baseline.name: baseline.measure for baseline in exercise.baselines}
    rest_of |= {anchor.name: anchor.measure for anchor in exercise.anchors}
    for name in dict.fromkeys(rest_of.get(name, name) for name in counted.shown) if counted else ():
        in_words, unit = split_unit(name)
        if name in known and unit == "deg":
            yield f"{in_words} {number(known[name], unit, degree_sign=False)}"
