"""Times from time stamps: true where they can be, and strictly increasing always."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.video.clock import FrameClock


def times(stamps, step=0.04):
    clock = FrameClock(step)
    return [clock.time_of(None if stamp is None else Fraction(stamp).limit_denominator(90_000)) for stamp in stamps]


@pytest.mark.parametrize(
    ("stamps", "expected"),
    [
        ([7.0, 7.04, 7.5, 7.51], [0, 0.04, 0.5, 0.51]),
        ([-0.08, -0.04, 0.0], [0, 0.04, 0.08]),
        # missing: the usual step, then the truth again
        ([1.0, None, 1.1, None], [0, 0.04, 0.1, 0.14]),
        ([None, None, None], [0, 0.04, 0.08]),
        ([None, 5.0, 5.5], [0, 0.04, 0.54]),
        # repeated or a little back: squeezed in, and the next true one stands
        ([0.0, 0.0, 0.04], [0, 0.001, 0.04]),
        ([0.0, 0.1, 0.06, 0.14], [0, 0.1, 0.101, 0.14]),
        # far back: a second recording was joined on
        ([100.0, 100.04, 3.0, 3.05, 3.5], [0, 0.04, 0.08, 0.13, 0.58]),
        # a pause stays a pause
        ([0.0, 0.04, 60.0], [0, 0.04, 60.0]),
    ],
)
def test_times(stamps, expected):
    assert times(stamps) == pytest.approx(expected, abs=1e-4)


@given(st.lists(st.one_of(st.none(), st.floats(-1e5, 1e5, allow_nan=False)), min_size=1, max_size=40))
def test_always_rising_by_whole_milliseconds(stamps):
    found = times(stamps)
    assert found[0] == 0
    # Adding to seconds in the ten thousands costs a little of the last digits.
    assert np.all(np.diff(found) > 0.001 - 1e-9)
