from __future__ import annotations

import math

import pytest

from formcheck.report.words import clock, number, sentence, split_unit, words


@pytest.mark.parametrize(
    ("name", "expected"), [("hips_sagging", "hips sagging"), ("plank", "plank"), ("too_high", "too high"), ("", "")]
)
def test_words(name: str, expected: str) -> None:
    assert words(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("lift your hips", "Lift your hips"), ("Élan", "Élan"), ("30 s of plank", "30 s of plank"), ("", "")],
)
def test_sentence(text: str, expected: str) -> None:
    assert sentence(text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hip_angle_deg", ("hip angle", "deg")),
        ("in_line_s", ("in line", "s")),
        ("lift_trunk_lengths", ("lift", "trunk lengths")),
        ("shoulder_lift_cm", ("shoulder lift", "cm")),
        ("hip_offset", ("hip offset", "")),
        ("reps", ("reps", "")),  # an ending needs its underscore
        ("_deg", ("deg", "")),  # nothing but an ending is no unit
    ],
)
def test_split_unit(name: str, expected: tuple[str, str]) -> None:
    assert split_unit(name) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (171.4, "deg", "171°"),
        (-0.3, "deg", "0°"),  # never "-0°"
        (1.26, "s", "1.3 s"),
        (-0.034, "trunk lengths", "-0.03 trunk lengths"),
        (-0.001, "trunk lengths", "0.00 trunk lengths"),
        (0.074, "line lengths", "7 % of the line"),
        (-0.001, "line lengths", "0 % of the line"),
        (0.5, "", "0.50"),
        (math.nan, "deg", "unknown"),
        (math.inf, "s", "unknown"),
    ],
)
def test_number(value: float, unit: str, expected: str) -> None:
    assert number(value, unit) == expected


def test_number_spells_degrees_where_there_is_no_sign() -> None:
    assert number(171.4, "deg", degree_sign=False) == "171 deg"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.0, "0:00"),
        (9.99, "0:09"),  # whole seconds that have gone by
        (29.9999, "0:30"),
        (61.0, "1:01"),
        (3725.0, "1:02:05"),
        (-1.0, "0:00"),
        (math.nan, "-"),
        (math.inf, "-"),
    ],
)
def test_clock(seconds: float, expected: str) -> None:
    assert clock(seconds) == expected
