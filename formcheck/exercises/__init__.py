"""The exercises, each one declaration that reads like a prescription."""

from __future__ import annotations

from formcheck.errors import ExerciseError
from formcheck.exercises.bridge import BRIDGE
from formcheck.exercises.declaration import Exercise
from formcheck.exercises.partial_crunch import PARTIAL_CRUNCH
from formcheck.exercises.plank import PLANK

_ALL = {exercise.name: exercise for exercise in (PLANK, BRIDGE, PARTIAL_CRUNCH)}


def names() -> tuple[str, ...]:
    """Names of all exercises, in the order of a session."""
    return tuple(_ALL)


def get(name: str) -> Exercise:
    """The exercise of this name.

    Raises:
        ExerciseError: There is none.
    """
    if name not in _ALL:
        raise ExerciseError(f"There is no exercise {name!r}; choose one of {', '.join(_ALL)}.")
    return _ALL[name]
