"""The button for pain, always in the same corner of the screen: a mouse or a finger finds it where no key is near."""

from __future__ import annotations

from formcheck.coach.layout import Box, Layout
from formcheck.coach.marks import GROUND, INK, RAISED, fill, hand, text
from formcheck.coach.screen_text import Words
from formcheck.report.lettering import Font, Image
from formcheck.report.overlay import CAMERA


def draw_button(screen: Image, plan: Layout, words: Words) -> None:
    """Draw it in place, at `Layout.pain`."""
    fill(screen, plan.pain, GROUND)
    box = plan.pain.inset(plan.px(0.01))
    fill(screen, box, RAISED)
    middle = box.top + round(0.6 * box.height)
    hand(screen, (box.middle[0], (box.top + middle) / 2 + plan.px(0.008)), 0.46 * box.height, CAMERA, RAISED)
    inner = box.inset(plan.px(0.006))
    text(screen, words.phrase("screen_pain"), Box(inner.left, middle, inner.right, inner.bottom), _font(plan), INK)


def _font(plan: Layout) -> Font:
    return Font(plan.px(0.045), 700)
