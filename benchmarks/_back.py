"""The back's curve against the truth: it is no angle, so it has a table of its own."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks._common import table
from formcheck.measure.geometry import turn_deg
from formcheck.measure.reading import Reading

MEASURES = ("back_height", "back_sagitta", "head_pitch_deg")


@dataclass(frozen=True)
class BackError:
    """How well the back and the head beside it follow the truth, over the frames in which all is known.

    Attributes:
        frames: How many those are.
        height_r: Correlation of the height that is judged with the true sagitta.
        sagitta_r: Correlation of the contour's sagitta with the true one.
        sagitta_error: Its mean absolute error, trunk lengths.
        sagitta_bias: Its mean error.
        head_r: Correlation of the head's pitch with the true one.
        head_error_deg: Mean absolute error of the pitch over the person's own before the first movement.
    """

    frames: int
    height_r: float
    sagitta_r: float
    sagitta_error: float
    sagitta_bias: float
    head_r: float
    head_error_deg: float


def row_of(reading: Reading) -> tuple[float, ...]:
    """What is compared of one frame."""
    return tuple(reading.value(name) for name in MEASURES)


def has_back(truth: dict[str, Any]) -> bool:
    """Whether the truth tells the back's curve."""
    return any("back_sagitta" in frame.get("measures", {}) for frame in truth["frames"])


def back_error(rows: Sequence[tuple[float, ...]], truth: dict[str, Any]) -> BackError:
    """The rows of all frames (as many as the truth has) against the truth; NaN where hardly any frame is known."""
    frames = truth["frames"]
    first_s = truth["reps"][0]["start_s"] if truth["reps"] else math.inf
    known = [
        (found, (frame["measures"]["back_sagitta"], true_head_pitch_deg(frame, truth)), frame["t"] < first_s)
        for found, frame in zip(rows, frames, strict=True)
        if not any(map(math.isnan, found))
    ]
    if len(known) < 2 or not any(rest for _, _, rest in known):
        return BackError(len(known), *[math.nan] * 6)
    heights, sagittas, heads = zip(*(found for found, _, _ in known), strict=True)
    true_sagittas, true_heads = zip(*(true for _, true, _ in known), strict=True)
    errors = [a - b for a, b in zip(sagittas, true_sagittas, strict=True)]
    head_errors = [a - b for a, b in zip(heads, true_heads, strict=True)]
    own = statistics.fmean(error for error, (_, _, rest) in zip(head_errors, known, strict=True) if rest)
    return BackError(
        len(known),
        statistics.correlation(heights, true_sagittas),
        statistics.correlation(sagittas, true_sagittas),
        statistics.fmean(map(abs, errors)),
        statistics.fmean(errors),
        statistics.correlation(heads, true_heads),
        statistics.fmean(abs(error - own) for error in head_errors),
    )


def true_head_pitch_deg(frame: dict[str, Any], truth: dict[str, Any]) -> float:
    """The head's pitch as `formcheck.measure.body` defines it, from the truth's exact pixels."""
    place = dict(zip(truth["joints"], frame["pixels"], strict=True))
    side = truth["view"]["near_side"][0]
    nose, ear = place["nose"], place[f"ear_{side}"]
    headward = math.copysign(1.0, place[f"shoulder_{side}"][0] - place[f"hip_{side}"][0])
    pitch = headward * turn_deg((headward, 0.0), (nose[0] - ear[0], nose[1] - ear[1]))
    return (pitch + 90) % 360 - 90


def print_backs(rows: Sequence[tuple[str, BackError]]) -> None:
    """One line for each clip."""
    print("\nThe back's curve, trunk lengths: r = correlation with the true sagitta; height is what is judged.\n")
    lines = [
        [
            clip,
            str(error.frames),
            *(f"{r:.3f}" for r in (error.height_r, error.sagitta_r)),
            f"{error.sagitta_error:.3f}",
            f"{error.sagitta_bias:+.3f}",
            f"{error.head_r:.3f}",
            f"{error.head_error_deg:.1f}",
            "",
        ]
        for clip, error in rows
    ]
    header = ("clip", "frames", "height r", "sagitta r", "error", "bias", "head r", "error, deg", "")
    print(table(header, lines))
