"""What is true at this moment, for the screen and the voice to show: they decide nothing themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from formcheck.pose.landmarks import Side

Phase = Literal["unknown", "waiting", "rest", "moving", "top", "hold", "paused"]


@dataclass(frozen=True, slots=True)
class Status:
    """The engine's state after one frame.

    Attributes:
        time_s: The frame's time.
        phase: "unknown" (not credibly seen), "waiting" (start position not yet held), "rest" (at the start),
            "moving", "top", "hold" (clock runs), "paused" (clock stands).
        count: Repetitions counted so far (good and faulty).
        clock_s: Seconds in form of the present hold, or in the line at the present top.
        value: The main measure's value, NaN when unknown.
        unit: Its unit: "deg" or "trunk lengths".
        in_form: Whether nothing is wrong at this moment.
        cue: The one thing to correct now, as spoken, or None.
        view_advice: What to change about the camera, or None.
        side: The person's side that is held, else the one that faces the camera; None before it is known.
        line: Joints ("shoulder", "hip", "knee", "ankle", ...) whose line on that side is measured, in order.
        prompt: What to do next, such as changing sides, or None.
        end: In a cycle, the name of the end that it is at in the phase "top" ("cat", "cow"), else None.
    """

    time_s: float
    phase: Phase
    count: int
    clock_s: float
    value: float
    unit: str
    in_form: bool
    cue: str | None
    view_advice: str | None
    side: Side | None
    line: tuple[str, ...]
    prompt: str | None = None
    end: str | None = None
