"""Where things are on the coach's screen, for any size of window: pure arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

SMALLEST = (160, 120)  # pixels: below this nothing can be read, and nothing is drawn smaller
_UPRIGHT = 1.1  # width over height: a window narrower than this has the panel over the picture, not beside it
_BUTTON = 0.19  # of the unit: as wide as it is high, to be hit in haste


class Box(NamedTuple):
    """A part of the screen in whole pixels; right and bottom are the first ones outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height

    @property
    def middle(self) -> tuple[int, int]:
        """The pixel in the middle, x and y."""
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2

    def inset(self, by: int) -> Box:
        """The box smaller by so many pixels on each side, never less than a pixel."""
        left, top = self.left + by, self.top + by
        return Box(left, top, max(left + 1, self.right - by), max(top + 1, self.bottom - by))


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of the screen. They stay where they are, whatever is said: a screen that jumps is not calm.

    Attributes:
        size: (width, height) of the screen in pixels.
        unit: Pixels that sizes of text and signs are taken in: the screen's height, less where it is narrow.
        panel: For the exercise, the big figure in its ring, and the phase.
        picture: For the camera's picture.
        strip: For the one thing to be said, across the foot.
        pain: For the button beside it.
    """

    size: tuple[int, int]
    unit: int
    panel: Box
    picture: Box
    strip: Box
    pain: Box

    @property
    def upright(self) -> bool:
        """Whether the panel is over the picture and not beside it."""
        return self.picture.top >= self.panel.bottom

    def px(self, share: float, least: int = 1) -> int:
        """A share of the unit in whole pixels."""
        return max(least, round(self.unit * share))


def layout(size: tuple[int, int]) -> Layout:
    """Divide a screen of this size.

    Args:
        size: (width, height) in pixels; taken as at least `SMALLEST`.
    """
    width, height = (max(given, least) for given, least in zip(size, SMALLEST, strict=True))
    if width < _UPRIGHT * height:
        unit = min(height, round(0.9 * width))
        panel_bottom, strip_top = round(0.34 * height), height - round(0.17 * height)
        panel, picture = Box(0, 0, width, panel_bottom), Box(0, panel_bottom, width, strip_top)
    else:
        unit = min(height, round(0.62 * width))
        strip_top, panel_right = height - round(0.185 * height), round(min(0.67 * height, 0.4 * width))
        panel, picture = Box(0, 0, panel_right, strip_top), Box(panel_right, 0, width, strip_top)
    strip_right = width - round(_BUTTON * unit)
    strip, pain = Box(0, strip_top, strip_right, height), Box(strip_right, strip_top, width, height)
    return Layout((width, height), unit, panel, picture, strip, pain)


def contained(size: tuple[int, int], box: Box) -> Box:
    """The largest box of this shape inside another one, in its middle: no foot and no head is ever cut off.

    Args:
        size: (width, height) of what is to be shown.
        box: Where there is room for it.
    """
    scale = min(box.width / max(size[0], 1), box.height / max(size[1], 1))
    width, height = max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
    left, top = box.left + (box.width - width) // 2, box.top + (box.height - height) // 2
    return Box(left, top, left + width, top + height)
