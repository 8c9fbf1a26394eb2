"""docs/exercises.md tells the limits that the declarations have."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from formcheck.exercises import get, names
from formcheck.measure.upright import SIDE_DEG
from formcheck.measure.view import DARK, OBLIQUE_DEG, TILTED_DEG, TOO_FAR, TOO_NEAR

PAGE = (Path(__file__).parents[2] / "docs" / "exercises.md").read_text(encoding="utf-8")
POSTURES = ("sitting_posture", "standing_posture")
FAULTS = [(name, fault) for name in names() for fault in get(name).faults if not fault.at_end]


def section(title: str) -> str:
    """What stands under a heading."""
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def told(text: str) -> dict[str, set[float]]:
    """The numbers, without their signs, behind each `name` (or several in a row) and before the next one."""
    numbers = defaultdict(set)
    _, *parts = re.split(r"((?:`\w+`(?:, | and )?)+)", text)
    for named, behind in zip(parts[::2], parts[1::2], strict=True):
        for name in re.findall(r"\w+", named.replace(" and ", " ")):
            numbers[name] |= {float(number) for number in re.findall(r"\d+(?:\.\d+)?", behind)}
    return numbers


@pytest.mark.parametrize(("exercise", "fault"), FAULTS, ids=[f"{name}-{fault.measure}" for name, fault in FAULTS])
def test_each_fault_has_its_limit_on_the_page(exercise, fault):
    title = "Sitting and standing" if exercise in POSTURES else get(exercise).title
    limit = abs(fault.above if fault.above < float("inf") else fault.below)
    assert limit in told(section(title))[fault.name]


@pytest.mark.parametrize(
    ("problem", "limits"),
    [
        ("turn_side_on", {OBLIQUE_DEG, SIDE_DEG}),
        ("too_far", {100 * TOO_FAR}),
        ("too_near", {100 * TOO_NEAR}),
        ("camera_tilted", {TILTED_DEG}),
        ("too_dark", {DARK}),
    ],
)
def test_each_problem_of_the_view_has_its_limit_on_the_page(problem, limits):
    on_page = told(section("Camera"))[problem]
    assert all(any(number == pytest.approx(limit) for number in on_page) for limit in limits)
