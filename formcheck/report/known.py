"""The exercises that results name: formcheck's own, and those of a user's files."""

from __future__ import annotations

from collections.abc import Iterable

from formcheck import exercises
from formcheck.errors import ExerciseError
from formcheck.exercises.declaration import Exercise


class Known:
    """The exercises by name.

    Args:
        own: TOML files of the exercises that are not formcheck's own.

    Raises:
        ExerciseError: One of them cannot be used.
    """

    def __init__(self, own: Iterable[str] = ()) -> None:
        self._own = {one.name: one for one in map(exercises.get, own)}

    def __call__(self, name: str) -> Exercise | None:
        """The exercise of this name, None where there is none. No file is opened for a name out of a result."""
        try:
            return self._own.get(name) or (None if exercises.is_file(name) else exercises.get(name))
        except ExerciseError:
            return None
