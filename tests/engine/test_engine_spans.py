from __future__ import annotations

import math

import pytest

from formcheck.engine.spans import Span, follow

OPEN = Span(1.0, 2.0, 5.0, 35.0)


@pytest.mark.parametrize(
    ("span", "time_s", "excess", "value", "still", "ended"),
    [
        # It is so now: a stretch begins, or goes on.
        (None, 3.0, 2.0, 32.0, Span(3.0, 3.0, 2.0, 32.0), None),
        (OPEN, 3.0, 2.0, 32.0, Span(1.0, 3.0, 5.0, 35.0), None),  # less bad: the worst stays
        (OPEN, 3.0, 7.0, 37.0, Span(1.0, 3.0, 7.0, 37.0), None),  # worse
        # It is not: nothing, or the end, at the last time that it was so.
        (None, 3.0, 0.0, 30.0, None, None),
        (OPEN, 3.0, 0.0, 30.0, None, OPEN),
        (OPEN, 2.1, -1.0, 29.0, None, OPEN),
        # Unknown: for a moment it is not believed to be over, for longer it is.
        (None, 3.0, math.nan, math.nan, None, None),
        (OPEN, 2.5, math.nan, math.nan, OPEN, None),
        (OPEN, 2.6, math.nan, math.nan, None, OPEN),
    ],
)
def test_follow(span, time_s, excess, value, still, ended):
    assert follow(span, time_s, excess, value, gap_s=0.5) == (still, ended)


def test_length():
    assert OPEN.length_s == 1.0
