"""The names of all measures."""

from __future__ import annotations

import inspect
import re

import bodies
import pytest

from formcheck.measure import aside, body, legs, names, reach, upright
from formcheck.measure.reader import PoseReader

TOLD = {
    "up": (body.measures, legs.leg_measures, reach.reach_measures),
    "down": (body.measures, reach.reach_measures),
    "aside": (aside.aside_measures,),
    "upright": (upright.upright_measures,),
}


@pytest.mark.parametrize("facing", TOLD)
def test_every_measure_has_an_explanation_and_every_explanation_a_measure(facing):
    told = "".join(inspect.getdoc(function).partition("Returns")[2] for function in TOLD[facing])
    rows = re.findall(r"^ {4}(\w+(?:, \w+)*): ", told, re.MULTILINE)
    entries = [name for row in rows for name in row.split(", ")]
    assert len(set(entries)) == len(entries)
    assert set(entries) | {"yaw_deg"} == names.measure_names(facing)


@pytest.mark.parametrize("facing", TOLD)
def test_a_reader_tells_these_and_no_others(facing):
    figure = bodies.standing() if facing == "upright" else bodies.bridge()
    reading = PoseReader(facing, ()).read(bodies.pose(figure))
    assert set(reading.values) == names.measure_names(facing)
