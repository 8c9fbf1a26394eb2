"""The screens around the sets, without the camera's picture: rest, the end, and the stop for pain. All are calm."""

from __future__ import annotations

import math

from formcheck.coach.button import draw_button
from formcheck.coach.layout import Box, Layout
from formcheck.coach.marks import (
    CALM,
    INK,
    RAISED,
    SOFT,
    banner,
    canvas,
    disc,
    figure_font,
    figures,
    hand,
    ring,
    text,
    tick,
)
from formcheck.coach.model import Progress
from formcheck.coach.screen_text import Words, figure, seconds_left, step_of, strip, whole_seconds
from formcheck.report.lettering import Colour, Font, Image
from formcheck.report.overlay import CAMERA, GOOD

_LEAST, _MOST = 0.72, 1.0  # the breathing circle's size at its smallest and largest
_NIGHT: Colour = (66, 44, 30)


def draw_rest(plan: Layout, progress: Progress, words: Words) -> Image:
    """The rest: the seconds left in a circle that breathes, and what comes next."""
    screen = canvas(plan.size)
    left, right = _halves(plan)
    radius = 0.49 * min(left.width, left.height)
    breathing = progress.breath is not None
    if breathing:
        disc(screen, left.middle, radius * _MOST, RAISED)
    disc(screen, left.middle, radius * breath_size(progress), CALM if breathing else RAISED)
    big = str(seconds_left(progress.rest_left_s))
    least = 1.95 * _LEAST * radius
    figures(screen, big, left.middle, figure_font(big if len(big) > 2 else "00", least, 0.262 * plan.size[1]), INK)
    now = (
        "screen_paused"
        if progress.stage == "paused"
        else f"screen_breathe_{progress.breath}"
        if breathing
        else "screen_rest"
    )
    rows = [(words.phrase(now), 0.095, INK)]
    if progress.title:
        rows += [
            (" ", 0.03, SOFT),
            (words.phrase("screen_next"), 0.05, SOFT),
            (progress.title, 0.075, INK),
            (step_of(progress, words), 0.05, SOFT),
        ]
    _rows(screen, plan, right, rows)
    _foot(screen, plan, progress, words)
    return screen


def breath_size(progress: Progress) -> float:
    """Size of the breathing circle, `_LEAST` to `_MOST`: it grows while breathing in, slower at both ends."""
    if progress.breath is None:
        return _MOST
    share = min(max(progress.breath_share, 0.0), 1.0) if math.isfinite(progress.breath_share) else 0.0
    eased = (1 - math.cos(math.pi * share)) / 2
    return _LEAST + (_MOST - _LEAST) * (eased if progress.breath == "in" else 1 - eased)


def draw_finished(plan: Layout, progress: Progress, words: Words) -> Image:
    """The end: what was done. The tick stands for the whole dose only; who ended before sees how far it went."""
    screen = canvas(plan.size)
    left, right = _halves(plan)
    radius = round(0.42 * min(left.width, left.height))
    whole = progress.done >= 0.999  # a sum of parts may fall short of 1 by nothing
    big, of = figure(progress)
    ring(screen, left.middle, radius, plan.px(0.03), progress.done)
    if whole:
        tick(screen, left.middle, 1.1 * radius, GOOD, 0.13)
    else:
        figures(screen, big, left.middle, figure_font(big if len(big) > 2 else "00", 1.6 * radius, plan.px(0.262)), INK)
    rows = [(words.phrase("screen_finished"), 0.1, INK), (progress.title, 0.055, SOFT)] if whole else []
    rows += (
        [(f"{big} {of}".strip(), 0.1, GOOD)]
        if whole
        else [(progress.title, 0.085, INK), (f"{big} {of}".strip(), 0.085, SOFT)]
    )
    if not progress.timed and progress.clock_s > 0:
        rows.append((words.phrase("screen_in_form", seconds=whole_seconds(progress.clock_s)), 0.055, SOFT))
    _rows(screen, plan, right, rows)
    _foot(screen, plan, progress, words)
    return screen


def draw_pain(plan: Layout, words: Words) -> Image:
    """The stop for pain: nothing to look at but what to do."""
    screen = canvas(plan.size, _NIGHT)
    width, height = plan.size
    pad = plan.px(0.06)
    box = Box(pad, pad, width - pad, height - pad)
    sign, head = round(0.24 * box.height), round(0.25 * box.height)
    hand(screen, (box.middle[0], box.top + sign / 2), sign, CAMERA, _NIGHT)
    top = box.top + sign
    text(
        screen,
        words.phrase("screen_pain_title"),
        Box(box.left, top, box.right, top + head),
        Font(plan.px(0.15), 700),
        INK,
    )
    told = Box(box.left, top + head, box.right, box.bottom - round(0.14 * box.height))
    text(screen, words.phrase("screen_pain_text"), told, Font(plan.px(0.08), 600), INK, lines=5)
    kept = Box(box.left, told.bottom, box.right, box.bottom)
    text(screen, words.phrase("screen_pain_kept"), kept, Font(plan.px(0.045), 500), SOFT, lines=2)
    return screen


def _halves(plan: Layout) -> tuple[Box, Box]:
    """The room for the circle and the room for the words; one over the other where the screen is upright."""
    width, bottom, pad = plan.size[0], plan.strip.top, plan.px(0.04)
    if plan.upright:
        return Box(0, 0, width, round(0.55 * bottom)).inset(pad), Box(pad, round(0.55 * bottom), width - pad, bottom)
    across = round(0.5 * width)
    return Box(0, 0, across, bottom).inset(pad), Box(across, pad, width - pad, bottom - pad)


def _rows(screen: Image, plan: Layout, box: Box, rows: list[tuple[str, float, Colour]]) -> None:
    """Lines of text under one another, in the middle of a box as a whole."""
    shown = [(words, plan.px(share), colour) for words, share, colour in rows if words]
    room = sum(1.5 * px for _, px, _ in shown)
    squeeze = min(1.0, box.height / max(room, 1.0))
    top = box.top + (box.height - room * squeeze) / 2
    for words, px, colour in shown:
        bottom = top + 1.5 * px * squeeze
        text(
            screen,
            words,
            Box(box.left, round(top), box.right, round(bottom)),
            Font(px, 600),
            colour,
            align="middle" if plan.upright else "left",
        )
        top = bottom


def _foot(screen: Image, plan: Layout, progress: Progress, words: Words) -> None:
    said = strip(progress, words)
    quiet = said.tone == "quiet"
    foot = words.phrase("screen_keys_end") if quiet and progress.stage == "finished" else said.text
    banner(screen, plan.strip, said.tone, foot, plan.px(0.036 if quiet else 0.06))
    draw_button(screen, plan, words)
