"""An exercise in a TOML file: the declaration of `formcheck.exercises.declaration`, key by key."""

from __future__ import annotations

import os
from pathlib import Path

from formcheck.errors import ExerciseError
from formcheck.exercises.check import problems
from formcheck.exercises.declaration import Exercise
from formcheck.exercises.strict import Form

LARGEST_BYTES = 256 * 1024  # the longest built-in exercise has 6 kB

_FORM = Form(Exercise, "an exercise", ExerciseError, LARGEST_BYTES)


def load(path: str | os.PathLike[str]) -> Exercise:
    """The exercise in a TOML file.

    Raises:
        ExerciseError: The file cannot be read, or is no complete and sensible declaration. The message names
            the file, the key and what is allowed there.
    """
    name = os.fspath(path)
    return parse(_FORM.text(Path(name), name), name)


def parse(text: str, name: str) -> Exercise:
    """The exercise in the text of a TOML file.

    Args:
        text: The file's text.
        name: The file's name, for the messages.

    Raises:
        ExerciseError: As `load`.
    """
    exercise, data = _FORM.parse(text, name)
    for key, sentence in problems(exercise):
        _FORM.refuse(key, sentence, data, name)
    return exercise
