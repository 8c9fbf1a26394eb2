"""Before the start: where the body should be, and what is wrong with the camera. It shows what is decided elsewhere."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Literal, NamedTuple

from formcheck.coach.button import draw_button
from formcheck.coach.figures import figure_of, turned
from formcheck.coach.layout import Box, Layout, layout
from formcheck.coach.marks import (
    DARK,
    INK,
    RAISED,
    SOFT,
    TRACK,
    banner,
    camera,
    canvas,
    disc,
    fill,
    text,
    tick,
    warning,
)
from formcheck.coach.model import Progress
from formcheck.coach.on_body import place
from formcheck.coach.screen_text import Said, Words, step_of
from formcheck.coach.target_view import draw_target, outline
from formcheck.exercises.declaration import Exercise
from formcheck.measure.view import ADVICE
from formcheck.pose.landmarks import Pose
from formcheck.report.lettering import Colour, Font, Image
from formcheck.report.overlay import FAULT, GOOD

Sign = Literal["good", "wrong", "unknown"]
_SIGNS: dict[Sign, tuple[Colour, Colour]] = {"good": (GOOD, INK), "wrong": (FAULT, FAULT), "unknown": (TRACK, SOFT)}
_OF_SCENE = {"camera_tilted": "roll_deg", "more_than_one_person": "people", "too_dark": "light"}


class Check(NamedTuple):
    """One thing about the camera's view: a name of `ADVICE`, and how it is."""

    name: str
    sign: Sign


def checks(exercise: Exercise, pose: Pose | None, problems: Collection[str]) -> tuple[Check, ...]:
    """All that matters of the camera's view in this exercise.

    What cannot be known yet, since nobody is seen, is not called good.

    Args:
        exercise: What is about to be done.
        pose: The last pose, None before the first.
        problems: Names of what is wrong.
    """
    return tuple(
        Check(name, "wrong" if name in problems else "good" if _known(name, pose) else "unknown")
        for name in ADVICE
        if name in exercise.views
    )


def _known(name: str, pose: Pose | None) -> bool:
    if pose is None:
        return False
    if name in _OF_SCENE:
        return math.isfinite(getattr(pose.scene, _OF_SCENE[name]))
    return pose.found


def draw_setup(  # noqa: PLR0913 - one argument for each thing that is shown
    image: Image | None,
    pose: Pose | None,
    exercise: Exercise,
    problems: Collection[str],
    progress: Progress,
    language: Words,
    *,
    mirror: bool,
    size: tuple[int, int],
) -> Image:
    """Draw one frame of the time before the start.

    Args:
        image: (H, W, 3) BGR picture as the camera sees it, None where there has been none. It is left alone.
        pose: The pose of the same frame, or None.
        exercise: What is about to be done.
        problems: Names (of `formcheck.measure.view.ADVICE`) of what is wrong with the camera's view.
        progress: Where the session is; its message is shown once the camera is right.
        language: Its texts.
        mirror: Whether the picture is shown as in a mirror; text never is.
        size: (width, height) of the screen in pixels.

    Returns:
        A new BGR picture of this size (at least `layout.SMALLEST`).
    """
    plan = layout(size)
    screen = canvas(plan.size)
    box = plan.picture.inset(plan.px(0.02))
    told = checks(exercise, pose, problems)
    if image is None or not image.size:
        fill(screen, box, RAISED)
        camera(screen, box.middle, plan.px(0.2))
    else:
        where = place(screen, image, box, mirror=mirror, pose=pose, status=None)
        shape = figure_of(exercise)
        aim = outline(shape, where.size, turn=turned(shape, pose) != mirror)
        draw_target(screen, where, aim, language, faint=_whole(told)[1])
    _list(screen, plan, told, progress, language)
    said = _said(told, progress, language)
    banner(screen, plan.strip, said.tone, said.text, plan.px(0.075))
    draw_button(screen, plan, language)
    return screen


def _said(told: tuple[Check, ...], progress: Progress, words: Words) -> Said:
    """What one should know, then the most important thing about the camera; when it is well, what to do now."""
    if progress.notice:
        return Said("message", progress.notice)
    if progress.advice:
        return Said("camera", progress.advice[0])
    for name, sign in told:
        if sign == "wrong":
            return Said("camera", words.advice(name))
    if progress.message:
        return Said("message", progress.message)
    key, good = _whole(told)
    return Said("praise" if good else "message", words.phrase(key))


def _whole(told: tuple[Check, ...]) -> tuple[str, bool]:
    """The key of what the camera's view is as a whole, and whether it is good."""
    if any(sign == "wrong" for _, sign in told):
        return "screen_camera_wrong", False
    # What is not known of the scene is not held against it: in a bare room there may be nothing to tell level by.
    unseen = any(sign == "unknown" and name not in _OF_SCENE for name, sign in told)
    return ("screen_looking", False) if unseen else ("screen_camera_good", True)


# --- the list ---------------------------------------------------------------------------------------------------


def _list(screen: Image, plan: Layout, told: tuple[Check, ...], progress: Progress, words: Words) -> None:
    """The exercise, the camera as a whole, and every single thing about its view."""
    box = plan.panel.inset(plan.px(0.025))
    step = step_of(progress, words)
    title_bottom, whole_bottom = box.top + plan.px(0.07), box.top + plan.px(0.145)
    split = box.right - (round(0.26 * box.width) if step else 0)
    title = Box(box.left, box.top, split, title_bottom)
    text(screen, progress.title, title, Font(plan.px(0.055), 600), INK, align="left")
    if step:
        corner = Box(split, box.top, box.right, title_bottom)
        text(screen, step, corner, Font(plan.px(0.04), 600), SOFT, align="right")
    key, good = _whole(told)
    heading = Box(box.left, title_bottom, box.right, whole_bottom)
    text(screen, words.phrase(key), heading, Font(plan.px(0.055), 700), GOOD if good else SOFT, align="left")
    rest = Box(box.left, whole_bottom, box.right, box.bottom)
    if not plan.upright:
        # With several problems the advice would be too small to read: the most important one is below in any case.
        wrong = sum(sign == "wrong" for _, sign in told)
        _column(screen, rest, told, plan.px(0.075), words, advice=wrong == 1)
        return
    # There is little height: two columns, without the advice, of which the most important is below in any case.
    half, middle = -(-len(told) // 2), rest.middle[0]
    for part, left, right in ((told[:half], rest.left, middle), (told[half:], middle, rest.right)):
        _column(screen, Box(left, rest.top, right, rest.bottom), part, plan.px(0.075), words, advice=False)


def _column(screen: Image, box: Box, told: tuple[Check, ...], high: int, words: Words, *, advice: bool) -> None:
    """One under the other; what is wrong takes more room, with what to do about it."""
    shares = [1.5 if sign == "wrong" and advice else 1.0 for _, sign in told]
    high = min(high, int(box.height / max(sum(shares), 1.0)))
    top = float(box.top)
    for (name, sign), share in zip(told, shares, strict=True):
        bottom = top + share * high
        row = Box(box.left, round(top), box.right, round(bottom))
        if sign == "wrong" and advice:
            _row(screen, row, sign, words.advice(name), high, lines=2)
        else:
            _row(screen, row, sign, words.phrase(f"screen_view_{name}"), high, lines=1)
        top = bottom


def _row(screen: Image, row: Box, sign: Sign, told: str, high: int, *, lines: int) -> None:
    """A sign and its words, in a column of rows `high` pixels high."""
    colour, ink = _SIGNS[sign]
    size = 0.62 * high
    middle = row.left + 0.6 * size, row.middle[1]
    if sign == "good":
        tick(screen, middle, size, colour)
    elif sign == "wrong":
        warning(screen, middle, 1.1 * size, colour, DARK)
    else:
        disc(screen, (round(middle[0]), middle[1]), 0.3 * size, colour)
    room = Box(row.left + round(1.1 * high), row.top, row.right, row.bottom)
    text(screen, told, room, Font(max(8, round(0.64 * high)), 600), ink, lines=lines, align="left")
