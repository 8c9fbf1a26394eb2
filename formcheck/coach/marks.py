"""The parts that the coach's screens are made of: text in its place, rings, signs. Each draws in place."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import cv2
import numpy as np

from formcheck.coach.layout import Box
from formcheck.coach.screen_text import Tone
from formcheck.report.lettering import Colour, Font, Image, fit, text_width, write
from formcheck.report.overlay import CAMERA, FAULT, GOOD

# Blue, green, red. The body's own colours (GOOD, FAULT, CAMERA) are the report's, apart for every colour blindness.
GROUND: Colour = (40, 31, 25)
RAISED: Colour = (62, 49, 40)
TRACK: Colour = (84, 69, 58)
INK: Colour = (250, 248, 245)
SOFT: Colour = (200, 190, 182)
DARK: Colour = (30, 23, 18)
CALM: Colour = (150, 112, 62)

_SHIFT = 4  # drawing coordinates are in sixteenths of a pixel: signs of few pixels stay round
_SUB = 1 << _SHIFT
# Share of a font's size that capitals and digits are really high; lettering's own 0.70 is a little under it.
CAPITAL = 0.755

Align = Literal["left", "middle", "right"]
_SHARES: dict[Align, float] = {"left": 0.0, "middle": 0.5, "right": 1.0}
_FILL: dict[Tone, tuple[Colour, Colour]] = {
    "correction": (FAULT, DARK),
    "praise": (GOOD, DARK),
    "camera": (RAISED, INK),
    "message": (RAISED, INK),
    "quiet": (GROUND, SOFT),
}


def canvas(size: tuple[int, int], colour: Colour = GROUND) -> Image:
    """A screen of one colour, `size` is (width, height)."""
    return _blank(size, colour).copy()


@lru_cache(maxsize=4)
def _blank(size: tuple[int, int], colour: Colour) -> Image:
    # Copying one is fifty times as quick as filling one colour by colour.
    made: Image = np.empty((size[1], size[0], 3), np.uint8)
    made[:] = colour
    return made


def fill(image: Image, box: Box, colour: Colour) -> None:
    """Paint a box in one colour; what of it is outside of the image is left out."""
    if box.width > 0 and box.height > 0:
        cv2.rectangle(image, (box.left, box.top), (box.right - 1, box.bottom - 1), colour, -1)


def text(
    image: Image, words: str, box: Box, font: Font, colour: Colour, *, lines: int = 1, align: Align = "middle"
) -> int:
    """Write into a box, broken into lines and made smaller until it fits.

    Args:
        image: Drawn on in place.
        words: What to write.
        box: Where.
        font: The font wished for.
        colour: Of the letters.
        lines: The most lines there may be.
        align: At which edge of the box the lines stand.

    Returns:
        Pixels that a capital is high, 0 where nothing fits.
    """
    broken, fitted = fitting(words, box, font, lines)
    baseline = box.top + (box.height - (len(broken) - 1) * fitted.line + round(CAPITAL * fitted.size)) // 2
    for index, line in enumerate(broken):
        x = box.left + round(_SHARES[align] * (box.width - text_width(line, fitted)))
        write(image, line, (x, baseline + index * fitted.line), fitted, colour)
    return round(CAPITAL * fitted.size) if broken else 0


def fitting(words: str, box: Box, font: Font, lines: int) -> tuple[tuple[str, ...], Font]:
    """The lines and the font with which a text fits a box in width and height."""
    size = font.size
    while True:
        broken, fitted = fit(words, box.width, Font(size, font.weight), lines)
        high = (len(broken) - 1) * fitted.line + fitted.size
        if high <= box.height or fitted.size <= 8:
            return (_even(words, box.width, broken, fitted) if fitted.capital <= box.height else ()), fitted
        size = fitted.size - 1


def _even(words: str, width: int, lines: tuple[str, ...], font: Font) -> tuple[str, ...]:
    """The same text in as many lines of much the same length."""
    if len(lines) > 1:
        for share in (0.55, 0.65, 0.75, 0.85):
            broken, fitted = fit(words, round(share * width), font, len(lines))
            if fitted == font and " ".join(broken) == " ".join(lines):
                return broken
    return lines


def figure_font(words: str, width: float, height: float, weight: int = 700) -> Font:
    """The largest font in which figures take at most this width, and are at most `height` pixels high."""
    size = height / CAPITAL
    # Digits differ in width: the room of "0" for each keeps the figure's size from changing while it counts.
    wide = text_width("".join("0" if sign.isdigit() else sign for sign in words), Font(100, weight))
    return Font(max(8, round(min(size, 100 * width / max(wide, 1)))), weight)


def figures(image: Image, words: str, middle: tuple[int, int], font: Font, colour: Colour) -> None:
    """Write one line with the middle of its digits at a point."""
    x = middle[0] - text_width(words, font) // 2
    write(image, words, (x, middle[1] + round(CAPITAL * font.size / 2)), font, colour)


def sub(x: float, y: float) -> tuple[int, int]:
    """A point in the sixteenths of a pixel that OpenCV draws with."""
    return round(x * _SUB), round(y * _SUB)


def ring(
    image: Image,
    middle: tuple[int, int],
    radius: int,
    thick: int,
    share: float,
    colour: Colour = GOOD,
    *,
    track: bool = True,
) -> None:
    """A ring, filled clockwise from the top to a share of 0-1, with round ends; `track` shows the rest of it."""
    if track:
        cv2.circle(image, middle, radius, TRACK, thick, cv2.LINE_AA)
    share = min(max(share, 0.0), 1.0) if share == share else 0.0  # noqa: PLR0124 - NaN is unequal to itself
    if share <= 0:
        return
    if share >= 1:
        cv2.circle(image, middle, radius, colour, thick, cv2.LINE_AA)
        return
    cv2.ellipse(image, middle, (radius, radius), -90.0, 0.0, 360.0 * share, colour, thick, cv2.LINE_AA)
    for turn in (0.0, share):
        x, y = np.sin(2 * np.pi * turn) * radius, -np.cos(2 * np.pi * turn) * radius
        cv2.circle(image, sub(middle[0] + x, middle[1] + y), thick * _SUB // 2, colour, -1, cv2.LINE_AA, _SHIFT)


def disc(image: Image, middle: tuple[int, int], radius: float, colour: Colour) -> None:
    """A full circle; its radius may be a fraction of a pixel, so that it grows smoothly."""
    cv2.circle(image, sub(*middle), round(radius * _SUB), colour, -1, cv2.LINE_AA, _SHIFT)


def polygon(image: Image, points: np.ndarray, colour: Colour) -> None:
    """Fill a convex shape."""
    cv2.fillConvexPoly(image, np.rint(points * _SUB).astype(np.int32), colour, cv2.LINE_AA, _SHIFT)


def _stroke(image: Image, points: np.ndarray, size: float, colour: Colour, width: float) -> None:
    whole = np.rint(points * _SUB).astype(np.int32)
    cv2.polylines(image, [whole], False, colour, max(1, round(size * width)), cv2.LINE_AA, _SHIFT)


def tick(image: Image, middle: tuple[float, float], size: float, colour: Colour, width: float = 0.16) -> None:
    """A tick, `size` pixels wide."""
    points = np.array([(-0.42, 0.02), (-0.12, 0.32), (0.44, -0.34)]) * size + middle
    _stroke(image, points, size, colour, width)


def warning(image: Image, middle: tuple[float, float], size: float, colour: Colour, ink: Colour) -> None:
    """A triangle with an exclamation mark."""
    polygon(image, np.array([(0.0, -0.5), (0.56, 0.46), (-0.56, 0.46)]) * size + middle, colour)
    _stroke(image, np.array([(0.0, -0.14), (0.0, 0.14)]) * size + middle, size, ink, 0.13)
    disc_at = (middle[0], middle[1] + 0.32 * size)
    cv2.circle(image, sub(*disc_at), round(size * 0.08 * _SUB), ink, -1, cv2.LINE_AA, _SHIFT)


def camera(image: Image, middle: tuple[float, float], size: float, colour: Colour = CAMERA) -> None:
    """A video camera seen from the side."""
    x, y = middle
    left_top, right_bottom = sub(x - 0.5 * size, y - 0.3 * size), sub(x + 0.18 * size, y + 0.3 * size)
    cv2.rectangle(image, left_top, right_bottom, colour, -1, cv2.LINE_AA, _SHIFT)
    polygon(image, np.array([(0.16, 0.0), (0.52, -0.28), (0.52, 0.28)]) * size + middle, colour)


def pause(image: Image, middle: tuple[float, float], size: float, colour: Colour = INK) -> None:
    """Two upright bars."""
    for x in (-0.22, 0.22):
        _stroke(image, np.array([(x, -0.32), (x, 0.32)]) * size + middle, size, colour, 0.2)


def hand(image: Image, middle: tuple[float, float], size: float, colour: Colour, ink: Colour) -> None:
    """An eight-cornered stop sign with a bar across."""
    turns = (np.arange(8) + 0.5) * np.pi / 4
    polygon(image, np.stack([np.cos(turns), np.sin(turns)], axis=1) * size / 2 + middle, colour)
    _stroke(image, np.array([(-0.24, 0.0), (0.24, 0.0)]) * size + middle, size, ink, 0.13)


def banner(image: Image, box: Box, tone: Tone, words: str, px: int) -> int:
    """One thing said across a box: its colour and its sign tell how it is meant.

    Args:
        image: Drawn on in place.
        box: The whole strip.
        tone: How it is meant.
        words: What is said.
        px: The font size wished for, in pixels.

    Returns:
        Pixels that a capital is high, 0 where nothing fits.
    """
    paper, ink = _FILL[tone]
    fill(image, box, paper)
    pad, edge = max(2, box.height // 9), max(1, box.height // 22)
    sign = 0 if tone in ("message", "quiet") else min(round(0.6 * box.height), round(1.4 * px))
    font = Font(px, 700 if tone in ("correction", "praise") else 600)
    room = Box(
        box.left + 2 * pad + (sign + 2 * pad if sign else 0), box.top + edge, box.right - 2 * pad, box.bottom - edge
    )
    lines, fitted = fitting(words, room, font, 1 if tone == "quiet" else 2)
    wide = max((text_width(line, fitted) for line in lines), default=0)
    # Sign and text stand in the middle together.
    shift = max(0, (room.width - wide) // 2) if sign else 0
    if sign:
        at = (room.left - 2 * pad - sign / 2 + shift, box.middle[1])
        if tone == "correction":
            warning(image, at, sign, ink, paper)
        elif tone == "praise":
            tick(image, at, sign, ink)
        else:
            camera(image, at, sign)
        room = Box(room.left + shift, room.top, min(room.right, room.left + shift + wide + 1), room.bottom)
    return text(image, words, room, font, ink, lines=1 if tone == "quiet" else 2, align="left" if sign else "middle")
