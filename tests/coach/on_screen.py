"""What can be read off a picture of the coach's window during a set: the figure, its ring, the line, the strip."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from screen_words import LANGUAGE, SIZE, count_of

from formcheck.coach.layout import Box, Layout, contained, layout
from formcheck.coach.marks import INK
from formcheck.coach.model import Progress, Step
from formcheck.coach.screen import draw_screen
from formcheck.report.overlay import FAULT, GOOD


def plan_of(window: np.ndarray) -> Layout:
    """Where things are in a picture of the window, (H, W, 3) BGR."""
    return layout((window.shape[1], window.shape[0]))


def part(window: np.ndarray, box: Box) -> np.ndarray:
    """What is in a box of it."""
    return window[box.top : box.bottom, box.left : box.right]


def counts(window: np.ndarray, step: Step, spoken: int, counted: int) -> bool:
    """Whether the title, the big figure and the ring are, pixel for pixel, those of so many repetitions.

    Args:
        window: A picture of the window.
        step: What is done.
        spoken: The number that was told last: the figure.
        counted: Repetitions that are over and count: the ring's share.
    """
    low = step.dose.repetitions[0]
    progress = Progress("exercise", step.exercise.title, 1, 1, count_of=low, done=counted / low)
    plan, figure = plan_of(window), replace(progress, count=spoken)
    drawn = draw_screen(None, None, None, figure, LANGUAGE, mirror=True, size=plan.size)
    edge = plan.size[1] // 24  # flashes where nobody hears the voice
    # Below them the phase is written, which changes all the time.
    box = Box(edge, edge, plan.panel.right - edge, plan.panel.bottom - plan.px(0.12))
    assert count_of(part(drawn, box), INK) > 1000, "no figure to compare with"
    assert count_of(part(drawn, box), GOOD) > 100 or not counted, "no ring to compare with"
    return bool((part(drawn, box) == part(window, box)).all())


def camera_picture(window: np.ndarray) -> np.ndarray:
    """The camera's picture in it, without its edge."""
    plan = plan_of(window)
    return part(window, contained(SIZE, plan.picture.inset(plan.px(0.02))).inset(plan.size[1] // 24))


def line(window: np.ndarray) -> Box | None:
    """The box around the measured line, green or red, in pixels of the camera's picture; None where there is none."""
    shown = camera_picture(window)
    rows, columns = np.nonzero((shown == GOOD).all(axis=2) | (shown == FAULT).all(axis=2))
    if len(rows) == 0:
        return None
    return Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)


def corrects(window: np.ndarray) -> bool:
    """Whether a correction stands across the foot of the window."""
    strip = part(window, plan_of(window).strip)
    return count_of(strip, FAULT) > strip.shape[0] * strip.shape[1] / 2
