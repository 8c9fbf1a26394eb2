"""Routines: exercises in a row with their doses and rests, built in, from a file, or of one exercise."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.coach.model import Routine, Step
from formcheck.coach.routine_file import read_routine
from formcheck.errors import RoutineError
from formcheck.exercises.declaration import Exercise

if TYPE_CHECKING:
    from rich.console import Console

_FOLDER = Path(__file__).with_name("routines")


def routine_names() -> tuple[str, ...]:
    """Names of the built-in routines."""
    return tuple(_built_in())


def load_routine(name_or_path: str | os.PathLike[str]) -> Routine:
    """The built-in routine of this name, or the one in a TOML file.

    Args:
        name_or_path: One of `routine_names()`, or a path that ends in .toml.

    Raises:
        RoutineError: There is none, or the file cannot be used: the message names the file, the key and what is
            allowed there.
    """
    wanted = os.fspath(name_or_path)
    path = Path(wanted) if wanted.lower().endswith(".toml") else _built_in().get(wanted)
    if path is None:
        known = ", ".join(_built_in())
        raise RoutineError(f"There is no routine {wanted!r}; choose one of {known}, or give the path of a .toml file.")
    return read_routine(path)


def is_routine_file(path: str | os.PathLike[str]) -> bool:
    """Whether a .toml file is that of a routine (it has steps) and not of an exercise; False if it cannot be read."""
    try:
        return "step" in tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False  # whoever reads it as an exercise says what is wrong with it


def single(exercise: Exercise) -> Routine:
    """One exercise with its own dose, as a routine."""
    return Routine(exercise.name, exercise.title, (Step(exercise, exercise.dose),))


def print_routines(routines: Iterable[Routine], console: Console) -> None:
    """Print what each routine asks for.

    Args:
        routines: The routines.
        console: Where to print.
    """
    from formcheck.report.terminal import CAUTION, Page  # noqa: PLC0415 - brings rich

    page = Page(console)
    for routine in routines:
        page.line(f"{routine.name}  ({routine.title})", "bold")
        rows = [(f"{i:>4}", one.exercise.name, dose_words(one), rest_words(one)) for i, one in _numbered(routine)]
        if page.narrow:
            for number, name, dose, rest in rows:
                page.line(f"{number.strip()}. {name}: {dose}{f', then {rest}' if rest else ''}", indent=2)
        else:
            styles = ("", "cyan", "", "")
            texts = (tuple(page.text(cell, style) for cell, style in zip(row, styles, strict=True)) for row in rows)
            page.table(("", "exercise", "dose", "then"), texts, prose=2)
        page.line()
    page.line("A routine of your own is a TOML file: 'formcheck coach --routine FILE.toml'; docs/routines.md.")
    page.line(CAUTION, "dim")


def dose_words(step: Step) -> str:
    """A step's dose in words."""
    holding = step.exercise.holding
    return f"{step.dose.words()}{', each side' if holding is not None and holding.sides else ''}"


def rest_words(step: Step) -> str:
    """The rest after a step in words, "" for none."""
    kind = "paced breathing" if step.breathing else "rest"
    return f"{step.rest_s:g} s {kind}" if step.rest_s else ""


def _numbered(routine: Routine) -> Iterable[tuple[int, Step]]:
    return enumerate(routine.steps, 1)


def _built_in() -> dict[str, Path]:
    return {path.stem: path for path in sorted(_FOLDER.glob("*.toml"))}
