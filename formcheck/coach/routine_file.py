"""A routine's TOML file: exercises with doses and rests, checked as strictly as the files of exercises.

What a key means is said once, in the docstrings of the declarations; docs/routines.md repeats it for people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from formcheck import exercises
from formcheck.coach.model import Routine, Step
from formcheck.coach.progress import BREATH_IN_S, BREATH_OUT_S
from formcheck.errors import ExerciseError, RoutineError
from formcheck.exercises.check import problems, quoted, unknown
from formcheck.exercises.declaration import Dose, Exercise
from formcheck.exercises.strict import Form

LARGEST_BYTES = 64 * 1024  # the built-in one has 2 kB
LONGEST_REST_S = 3600.0  # more is a slip of the keyboard

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class DoseKeys:
    """How much; what is left out is the exercise's own.

    Attributes:
        repetitions: How many, from and to.
        hold_s: How long to hold, from and to; where sides are held apart, each side.
    """

    repetitions: tuple[int, int] | None = None
    hold_s: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class StepKeys:
    """One exercise.

    Attributes:
        exercise: Name of an exercise, or the path of its .toml file as seen from the routine's file.
        dose: How much of it; left out, the exercise's own.
        rest_s: How long to rest after it.
        breathing: Whether that rest is paced breathing: in for 4 s, out for 6 s.
    """

    exercise: str
    dose: DoseKeys | None = None
    rest_s: float = 0.0
    breathing: bool = False


@dataclass(frozen=True, slots=True)
class RoutineKeys:
    """A routine.

    Attributes:
        name: As in the history.
        title: As it is shown.
        step: The exercises, in their order.
    """

    name: str
    title: str
    step: tuple[StepKeys, ...]


_FORM = Form(RoutineKeys, "a routine", RoutineError, LARGEST_BYTES, named_by="exercise")


def read_routine(path: Path) -> Routine:
    """The routine in a TOML file.

    Raises:
        RoutineError: The file cannot be read or is no sensible routine. The message names the file, the key and what is
            allowed there.
    """
    return parse_routine(_FORM.text(path, str(path)), str(path), path.parent)


def parse_routine(text: str, name: str, folder: Path) -> Routine:
    """The routine in the text of a TOML file.

    Args:
        text: The file's text.
        name: The file's name, for the messages.
        folder: Where the paths of exercises begin.

    Raises:
        RoutineError: As `read_routine`.
    """
    keys, data = _FORM.parse(text, name)
    try:
        return _routine(keys, folder)
    except _Wrong as wrong:
        _FORM.refuse(wrong.key, wrong.sentence, data, name)


def with_dose(exercise: Exercise, dose: Dose) -> Exercise:
    """The exercise with another dose: what the engine prompts, notes and scores goes by it, too."""
    faults = tuple(
        replace(fault, below=dose.hold_s[0]) if fault.spoils == "dose" and fault.measure == "in_line_s" else fault
        for fault in exercise.faults
    )
    return replace(exercise, dose=dose, faults=faults)


class _Wrong(Exception):  # noqa: N818 - never seen outside
    """A key that cannot be meant, and the rest of the sentence."""

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(key, sentence)
        self.key, self.sentence = key, sentence


# --- what the types cannot tell --------------------------------------------------------------


def _routine(keys: RoutineKeys, folder: Path) -> Routine:
    if not _NAME.fullmatch(keys.name):
        raise _Wrong("name", "must begin with a small letter and have only small letters, digits, _ and -, 40 at most")
    if not keys.title.strip():
        raise _Wrong("title", "must not be empty")
    if not keys.step:
        raise _Wrong("step", "must have at least one exercise")
    last = len(keys.step) - 1
    steps = tuple(_step(f"step[{i}]", one, folder, last=i == last) for i, one in enumerate(keys.step))
    return Routine(keys.name, keys.title, steps)


def _step(key: str, keys: StepKeys, folder: Path, *, last: bool) -> Step:
    exercise = _exercise(f"{key}.exercise", keys.exercise, folder)
    if exercise.reminders is not None:
        if keys.dose is not None:
            raise _Wrong(f"{key}.dose", "must be left out: a posture is kept for as long as one likes")
        if not last:
            raise _Wrong(f"{key}.exercise", "must be the last step: a posture is kept for as long as one likes")
    if not 0 <= keys.rest_s <= LONGEST_REST_S:
        raise _Wrong(f"{key}.rest_s", f"must be 0 to {LONGEST_REST_S:g}, not {keys.rest_s:g}")
    breath_s = BREATH_IN_S + BREATH_OUT_S
    if keys.breathing and keys.rest_s < breath_s:
        raise _Wrong(f"{key}.breathing", f"needs a rest_s of at least {breath_s:g}, one breath")
    if keys.dose is not None:
        exercise = _dosed(f"{key}.dose", exercise, keys.dose)
    return Step(exercise, exercise.dose, keys.rest_s, keys.breathing)


def _exercise(key: str, name: str, folder: Path) -> Exercise:
    known = (*exercises.names(), *exercises.examples())
    if name in known:
        return exercises.get(name)
    if not exercises.is_file(name):
        raise _Wrong(key, f"{quoted(name)} {unknown(name, known)}, and paths that end in .toml")
    try:
        return exercises.get(folder / name)
    except ExerciseError as error:
        raise _Wrong(key, f"cannot be used: {str(error).rstrip('.')}") from None


def _dosed(key: str, exercise: Exercise, keys: DoseKeys) -> Exercise:
    for name in ("repetitions", "hold_s"):
        pair = getattr(keys, name)
        if pair is not None and not 0 < pair[0] <= pair[1] < float("inf"):
            raise _Wrong(f"{key}.{name}", "must have two numbers over 0, the smaller one first")
    if keys.hold_s is not None and exercise.holding is None and not exercise.dose.hold_s[1]:
        raise _Wrong(f"{key}.hold_s", "must be left out: nothing is held in this exercise")
    own = exercise.dose
    dosed = with_dose(exercise, Dose(keys.repetitions or own.repetitions, keys.hold_s or own.hold_s))
    for place, sentence in problems(dosed):
        raise _Wrong(f"{key}{place.removeprefix('dose')}" if place.startswith("dose") else key, sentence)
    return dosed
