"""The exercises, each one declaration that reads like a prescription."""

from __future__ import annotations

import os
from pathlib import Path

from formcheck.errors import ExerciseError
from formcheck.exercises.bridge import BRIDGE
from formcheck.exercises.cat_cow import CAT_COW
from formcheck.exercises.declaration import Exercise
from formcheck.exercises.hamstring_stretch import HAMSTRING_STRETCH
from formcheck.exercises.partial_crunch import PARTIAL_CRUNCH
from formcheck.exercises.plank import PLANK
from formcheck.exercises.postures import SITTING_POSTURE, STANDING_POSTURE
from formcheck.exercises.side_plank import SIDE_PLANK

_ORDER = (
    PLANK,
    SIDE_PLANK,
    BRIDGE,
    CAT_COW,
    HAMSTRING_STRETCH,
    PARTIAL_CRUNCH,
    SITTING_POSTURE,
    STANDING_POSTURE,
)
_ALL = {exercise.name: exercise for exercise in _ORDER}
_EXAMPLES = Path(__file__).with_name("examples")


def names() -> tuple[str, ...]:
    """Names of all built-in exercises, in the order of a session."""
    return tuple(_ALL)


def examples() -> dict[str, Path]:
    """The TOML files of the exercises that are shipped as examples of a user's own, by name."""
    return {path.stem: path for path in sorted(_EXAMPLES.glob("*.toml"))}


def is_file(name: str | os.PathLike[str]) -> bool:
    """Whether this names a TOML file and not a known exercise."""
    return os.fspath(name).lower().endswith(".toml")


def get(name: str | os.PathLike[str]) -> Exercise:
    """The exercise of this name, or the one in a TOML file.

    Args:
        name: One of `names()` or `examples()`, or a path that ends in .toml.

    Raises:
        ExerciseError: There is none, or the file cannot be used.
    """
    wanted = os.fspath(name)
    if wanted in _ALL:
        return _ALL[wanted]
    path = name if is_file(name) else examples().get(wanted)
    if path is None:
        known = ", ".join((*_ALL, *examples()))
        raise ExerciseError(
            f"There is no exercise {wanted!r}; choose one of {known}, or give the path of a .toml file."
        )
    from formcheck.exercises.files import load  # noqa: PLC0415 - not needed for what is built in

    return load(path)


def as_file(name: str | os.PathLike[str]) -> str:
    """An exercise as the text of a TOML file, explained key by key, to start one's own from.

    Raises:
        ExerciseError: As `get`.
    """
    from formcheck.exercises.written import dump  # noqa: PLC0415

    example = examples().get(os.fspath(name))
    return dump(get(name)) if example is None else example.read_text("utf-8")
