"""docs/own-exercises.md: its tables are those of the docstrings, and every measure and key is in it."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest
from own_exercises_page import PAGE, declarations, page

from formcheck.exercises.declaration import Exercise
from formcheck.exercises.explained import explained
from formcheck.measure.back import MEASURES as BACK
from formcheck.measure.body import Facing
from formcheck.measure.names import measure_names

TEXT = PAGE.read_text("utf-8")


def test_the_tables_are_those_of_the_docstrings():
    assert page(TEXT) == TEXT, "write them anew: python tests/exercises/own_exercises_page.py"


@pytest.mark.parametrize("facing", get_args(Facing))
def test_every_measure_is_explained(facing):
    assert [name for name in sorted(measure_names(facing)) if f"`{name}`" not in TEXT] == []


@pytest.mark.parametrize("kind", dict.fromkeys((Exercise, *(kind for _, kind in declarations()))))
def test_every_key_is_explained(kind):
    assert set(explained(kind).entries) == {own.name for own in fields(kind)}


@pytest.mark.parametrize("name", BACK)
def test_what_the_silhouette_adds_is_explained(name):
    assert f"`{name}`" in TEXT


@pytest.mark.parametrize("kind", dict.fromkeys(kind for _, kind in declarations()), ids=lambda kind: kind.__name__)
def test_every_kind_of_declaration_says_what_it_is(kind):
    assert explained(kind).text
    assert not explained(kind).text[0].startswith(f"{kind.__name__}(")  # a dataclass without a docstring


def test_docstrings_taken_apart():
    def thing():
        """First line.

        Second
        paragraph.

        Args:
            x: Not asked for.

        Returns:
            a: one
                goes on.
            b, c: two: three

        And, from the side:
            d: four

        """

    assert explained(thing).text == ("First line.", "Second paragraph.")
    assert explained(thing).entries == {"a": "one goes on.", "b": "two: three", "c": "two: three", "d": "four"}
    assert explained(lambda: None).entries == {}
