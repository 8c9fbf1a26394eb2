"""What the person sees during a session, readable from three metres. It shows what is decided and decides nothing."""

from __future__ import annotations

import math

import cv2

from formcheck.coach.between import draw_finished, draw_pain, draw_rest
from formcheck.coach.button import draw_button
from formcheck.coach.layout import Box, Layout, layout
from formcheck.coach.marks import (
    CAPITAL,
    INK,
    RAISED,
    SOFT,
    TRACK,
    banner,
    camera,
    canvas,
    figure_font,
    figures,
    fill,
    pause,
    ring,
    text,
)
from formcheck.coach.model import Kind, Progress
from formcheck.coach.on_body import dim, place
from formcheck.coach.screen_text import Words, caption, figure, phase, step_of, strip
from formcheck.engine.status import Status
from formcheck.pose.landmarks import Pose
from formcheck.report.lettering import Colour, Font, Image
from formcheck.report.overlay import FAULT, GOOD, colour_of

BIG = 0.262  # of the screen's height: the figure that is read from three metres
_WELL: frozenset[Kind] = frozenset(("count", "clock", "praise"))
_WRONG: frozenset[Kind] = frozenset(("correction", "pain"))


def draw_screen(
    image: Image | None,
    pose: Pose | None,
    status: Status | None,
    progress: Progress,
    language: Words,
    *,
    mirror: bool,
    size: tuple[int, int],
) -> Image:
    """Draw one frame of the session.

    Args:
        image: (H, W, 3) BGR picture as the camera sees it; None where there has been none. It is left alone.
        pose: The pose of the same frame, None where nothing was looked for.
        status: The engine's state after it, or None.
        progress: Where the session is.
        language: Its texts.
        mirror: Whether the picture is shown as in a mirror; text never is.
        size: (width, height) of the screen in pixels.

    Returns:
        A new BGR picture of this size (at least `layout.SMALLEST`).
    """
    plan = layout(size)
    if progress.pain:
        return draw_pain(plan, language)
    if progress.stage == "finished":
        return draw_finished(plan, progress, language)
    if progress.stage == "rest" or math.isfinite(progress.rest_left_s):  # a rest may be paused
        return draw_rest(plan, progress, language)
    screen = canvas(plan.size)
    _picture(screen, plan, image, pose, status, progress, mirror=mirror)
    _panel(screen, plan, progress, status, language)
    said = strip(progress, language)
    banner(screen, plan.strip, said.tone, said.text, plan.px(0.036 if said.tone == "quiet" else 0.085))
    draw_button(screen, plan, language)
    more = caption(progress, said)
    if more is not None:
        high = plan.px(0.11)
        box = Box(plan.picture.left, plan.picture.top, plan.picture.right, plan.picture.top + high)
        banner(screen, box, more.tone, more.text, plan.px(0.045))
    return screen


def draw_flash(screen: Image, kind: Kind) -> None:
    """Light up the screen's edge, in place: for one who hears nothing, instead of a tone.

    Args:
        screen: What `draw_screen` gave.
        kind: Of what is said: green for what goes well, red for what is to be corrected, white for all else.
    """
    colour = GOOD if kind in _WELL else FAULT if kind in _WRONG else INK
    height, width = screen.shape[:2]
    edge = max(2, min(height, width) // 24)
    for box in (
        Box(0, 0, width, edge),
        Box(0, height - max(2, edge // 3), width, height),  # what is told stands close over it
        Box(0, 0, edge, height),
        Box(width - edge, 0, width, height),
    ):
        fill(screen, box, colour)


def _picture(
    screen: Image,
    plan: Layout,
    image: Image | None,
    pose: Pose | None,
    status: Status | None,
    progress: Progress,
    *,
    mirror: bool,
) -> None:
    box = plan.picture.inset(plan.px(0.02))
    paused = progress.stage == "paused"
    if image is None or not image.size:
        fill(screen, box, RAISED)
        camera(screen, box.middle, plan.px(0.2))
        return
    # What stands still is told from what goes on: a picture of a pause is dark and has no lines on it.
    where = place(screen, image, box, mirror=mirror, pose=None if paused else pose, status=status)
    if paused:
        dim(screen, where)
        pause(screen, where.middle, plan.px(0.3))


def _panel(screen: Image, plan: Layout, progress: Progress, status: Status | None, words: Words) -> None:
    """The exercise, the big figure in its ring, and the phase."""
    pad = plan.px(0.02)
    box = plan.panel.inset(pad)
    colour = _colour(progress, status)
    title, now = Font(plan.px(0.05), 600), Font(plan.px(0.075), 700)
    if plan.upright:
        side = min(box.height, box.width // 2)
        beside = Box(box.left + side + pad, box.top, box.right, box.bottom)
        third = beside.height // 3
        _dose(screen, plan, Box(box.left, box.top, box.left + side, box.top + side), progress)
        _title(screen, Box(beside.left, beside.top, beside.right, beside.top + third), title, progress, words)
        below = Box(beside.left, beside.top + third, beside.right, beside.bottom)
        text(screen, phase(progress, status, words), below, now, colour, lines=2)
        return
    head, foot = round(1.35 * title.size), round(1.2 * now.size)
    _title(screen, Box(box.left, box.top, box.right, box.top + head), title, progress, words)
    _dose(screen, plan, Box(box.left, box.top + head, box.right, box.bottom - foot), progress)
    text(screen, phase(progress, status, words), Box(box.left, box.bottom - foot, box.right, box.bottom), now, colour)


def _colour(progress: Progress, status: Status | None) -> Colour:
    if progress.stage == "paused" or status is None:
        return SOFT
    return colour_of(status)


def _title(screen: Image, box: Box, font: Font, progress: Progress, words: Words) -> None:
    step = step_of(progress, words)
    if not step:
        text(screen, progress.title, box, font, INK)
        return
    wide = round(0.26 * box.width)
    corner = Box(box.right - wide, box.top, box.right, box.bottom)
    text(screen, step, corner, Font(round(0.8 * font.size), 600), SOFT, align="right")
    title = Box(box.left, box.top, box.right - wide - font.size // 4, box.bottom)
    text(screen, progress.title, title, font, INK, align="left")


def _dose(screen: Image, plan: Layout, box: Box, progress: Progress) -> None:
    """The big figure, with the ring of the dose around it where there is a dose."""
    thick = plan.px(0.026)
    radius = (min(box.width, box.height) - thick) // 2
    middle = box.middle
    asked = bool(progress.count_of or progress.clock_of_s)
    if asked:
        ring(screen, middle, radius, thick, progress.done)
        _hold_ring(screen, middle, radius, max(2, thick // 3), progress)
    else:
        cv2.circle(screen, middle, radius, TRACK, max(2, thick // 4), cv2.LINE_AA)
    big, of = figure(progress)
    inner = radius - thick / 2
    # The widest line of a circle is its middle: the figure stands a little over it, what it is out of below.
    font = figure_font(big if len(big) > 2 else "00", 1.78 * inner if len(big) < 4 else 1.8 * inner, BIG * plan.size[1])
    lift = round(0.1 * inner) if of else 0
    figures(screen, big, (middle[0], middle[1] - lift), font, INK)
    if of:
        below = middle[1] - lift + round(CAPITAL * font.size / 2)
        room = Box(
            middle[0] - round(0.6 * inner),
            below + plan.px(0.01),
            middle[0] + round(0.6 * inner),
            middle[1] + round(0.86 * inner),
        )
        text(screen, of, room, Font(plan.px(0.075), 600), SOFT)


def _hold_ring(screen: Image, middle: tuple[int, int], radius: int, thick: int, progress: Progress) -> None:
    """A thin line along the ring: how much of this one hold is done, where the dose asks for several."""
    if progress.count_of < 2 or not progress.clock_of_s or not progress.clock_s > 0:
        return
    ring(screen, middle, radius, thick, progress.clock_s / progress.clock_of_s, INK, track=False)
