"""Text on pictures: measured, wrapped and fitted, so that it never leaves its box.

OpenCV 5 brings outline fonts that know accents and the degree sign. OpenCV 4 has only its stroke font, plain
ASCII: there the text is spelled without them.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Colour = tuple[int, int, int]  # blue, green, red


SMALLEST = 7  # pixels: below this no letter can be told from another
_CAPITAL = 0.70  # of the size
_STROKE_CAPITAL = 21.0  # pixels of a capital in the stroke font at scale 1
_OUTLINES = hasattr(cv2, "FontFace")
_PLAIN = {
    "\N{DEGREE SIGN}": " deg",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
}


class Font(NamedTuple):
    """A size in pixels and a weight from 100 (thin) to 900 (black)."""

    size: int
    weight: int = 600

    @property
    def line(self) -> int:
        """Pixels from one baseline to the next."""
        return max(1, round(self.size * 1.22))

    @property
    def capital(self) -> int:
        """Pixels that a capital or a digit is high."""
        return max(1, round(self.size * _CAPITAL))


def plain(text: str) -> str:
    """The text in printable ASCII: accents dropped, known signs spelled, the rest as question marks."""
    spelled = "".join(_PLAIN.get(letter, letter) for letter in text)
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(letter))
    return bare.encode("ascii", "replace").decode("ascii")


def text_width(text: str, font: Font) -> int:
    """Pixels that a line of text is wide."""
    return _outline_width(text, font) if _OUTLINES else _stroke_width(text, font)


@lru_cache(maxsize=512)
def fit(text: str, width: int, font: Font, lines: int = 1) -> tuple[tuple[str, ...], Font]:
    """Break a text into at most so many lines of at most this width, smaller where it must be.

    Args:
        text: What to write.
        width: Pixels there are.
        font: The font wished for.
        lines: The most lines there may be.

    Returns:
        The lines and their font. A text that does not fit at the smallest size ends in an ellipsis; where not
        even that fits there are no lines.
    """
    for size in range(font.size, SMALLEST - 1, -1):
        smaller = Font(size, font.weight)
        broken = _broken(text, width, smaller)
        if len(broken) <= lines and all(text_width(line, smaller) <= width for line in broken):
            return broken, smaller
    smallest = Font(SMALLEST, font.weight)
    return _cut(_broken(text, width, smallest), width, lines, smallest), smallest


def write(image: Image, text: str, start: tuple[int, int], font: Font, colour: Colour) -> None:
    """Write one line into the image in place, its baseline beginning at `start`."""
    if _OUTLINES:
        cv2.putText(image, text, start, colour, _face(), font.size, font.weight)
    else:
        scale, thickness = _strokes(font)
        cv2.putText(image, plain(text), start, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, thickness, cv2.LINE_AA)


def _broken(text: str, width: int, font: Font) -> tuple[str, ...]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, font) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def _cut(lines: tuple[str, ...], width: int, most: int, font: Font) -> tuple[str, ...]:
    kept: list[str] = []
    for index, line in enumerate(lines[:most]):
        goes_on = index == most - 1 and len(lines) > most
        if not goes_on and text_width(line, font) <= width:
            kept.append(line)
            continue
        shorter = line
        while shorter and text_width(f"{shorter}...", font) > width:
            shorter = shorter[:-1]
        return (*kept, f"{shorter.rstrip()}...") if shorter else tuple(kept)
    return tuple(kept)


@lru_cache(maxsize=1)
def _face() -> Any:
    return cv2.FontFace("sans")


@lru_cache(maxsize=2048)
def _outline_width(text: str, font: Font) -> int:
    x, _, width, _ = cv2.getTextSize((0, 0), text, (0, 0), _face(), font.size, font.weight)
    return max(0, x + width) + 1


def _strokes(font: Font) -> tuple[float, int]:
    """Scale and thickness of the stroke font that come nearest to an outline font's size and weight."""
    return _CAPITAL * font.size / _STROKE_CAPITAL, max(1, round(font.size * font.weight / 9000))


@lru_cache(maxsize=2048)
def _stroke_width(text: str, font: Font) -> int:
    (width, _), _ = cv2.getTextSize(plain(text), cv2.FONT_HERSHEY_SIMPLEX, *_strokes(font))
    return int(width) + _strokes(font)[1]
