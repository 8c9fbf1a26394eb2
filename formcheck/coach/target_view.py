"""Draws where the body should be in the picture, and how far head and feet may reach."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.coach.figures import Target, target
from formcheck.coach.layout import Box
from formcheck.coach.marks import DARK, INK, fill
from formcheck.coach.screen_text import Words
from formcheck.report.lettering import Font, Image, text_width, write


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A target as it is drawn: the same in every frame.

    Attributes:
        aim: The target.
        box: The part of the picture that it takes.
        mask: Of this part, 255 where the body is.
        dashes: Its edge, in the picture's pixels.
    """

    aim: Target
    box: Box
    mask: NDArray[np.uint8]
    dashes: tuple[NDArray[np.int32], ...]


@lru_cache(maxsize=16)
def outline(name: str, size: tuple[int, int], *, turn: bool) -> Outline:
    """The outline of a shape of `formcheck.coach.figures` in a picture of this size; arguments as of `target`."""
    aim = target(name, size, turn=turn)
    whole = np.zeros((size[1], size[0]), np.uint8)
    for a, b in aim.limbs:
        start, end = (round(a.x), round(a.y)), (round(b.x), round(b.y))
        cv2.line(whole, start, end, 255, max(1, round(a.radius + b.radius)))
    cv2.circle(whole, (round(aim.head.x), round(aim.head.y)), round(aim.head.radius), 255, -1)
    dash = max(4, round(0.12 * aim.trunk))
    edges = [
        edge[:, 0, :].astype(np.int32) for edge in cv2.findContours(whole, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)[0]
    ]
    dashes = tuple(edge[i : i + dash] for edge in edges for i in range(0, len(edge) - dash // 2, dash * 5 // 3))
    left, top, width, height = cv2.boundingRect(whole)
    box = Box(left, top, left + width, top + height)
    return Outline(aim, box, whole[box.top : box.bottom, box.left : box.right].copy(), dashes)


def draw_target(screen: Image, where: Box, shape: Outline, words: Words, *, faint: bool) -> None:
    """Lighten the place of the body and draw its edge, with the frame for head and feet.

    Args:
        screen: Drawn on in place.
        where: Where on the screen the picture is; the outline must be of its size.
        shape: What to draw.
        words: Names for head and feet.
        faint: Draw the edge only: the body is well placed already.
    """
    part = screen[where.top : where.bottom, where.left : where.right]
    least = min(where.width, where.height)
    thick = max(2, round((0.004 if faint else 0.006) * least))
    if not faint:
        box = shape.box
        inside = part[box.top : box.bottom, box.left : box.right]
        cv2.copyTo(cv2.convertScaleAbs(np.ascontiguousarray(inside), alpha=0.72, beta=66), shape.mask, inside)
    cv2.polylines(part, shape.dashes, False, DARK, thick + 2, cv2.LINE_AA)
    cv2.polylines(part, shape.dashes, False, INK, thick, cv2.LINE_AA)
    _frame(part, thick)
    if not faint:
        _names(part, shape.aim, words)


def _frame(part: Image, thick: int) -> None:
    """The corners of the frame that head and feet must stay in."""
    height, width = part.shape[:2]
    edge, arm = round(0.03 * min(width, height)), round(0.12 * min(width, height))
    ways = ((edge, arm), (width - 1 - edge, -arm)), ((edge, arm), (height - 1 - edge, -arm))
    corners = [
        np.array([(x, y + down), (x, y), (x + right, y)], np.int32) for x, right in ways[0] for y, down in ways[1]
    ]
    cv2.polylines(part, corners, False, DARK, thick + 2, cv2.LINE_AA)
    cv2.polylines(part, corners, False, INK, thick, cv2.LINE_AA)


def _names(part: Image, aim: Target, words: Words) -> None:
    """Which end is the head and which the feet."""
    font = Font(max(10, round(0.055 * min(part.shape[:2]))), 600)
    x, y, radius = aim.head
    _tag(part, words.phrase("screen_head"), (x, y - radius - 0.6 * font.capital), font)
    x, y = aim.feet
    _tag(part, words.phrase("screen_feet"), (x, y + 0.12 * aim.trunk + 1.5 * font.capital), font)


def _tag(part: Image, word: str, middle: tuple[float, float], font: Font) -> None:
    """A word on a dark plate, for the picture behind may be of any colour; moved until it is inside."""
    height, width = part.shape[:2]
    pad, wide = max(2, font.size // 5), text_width(word, font)
    left = round(min(max(middle[0] - wide / 2, pad), width - pad - wide))
    baseline = round(min(max(middle[1], pad + font.capital), height - pad))
    fill(part, Box(left - pad, baseline - font.capital - pad, left + wide + pad, baseline + pad), DARK)
    write(part, word, (left, baseline), font, INK)
