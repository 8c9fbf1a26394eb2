"""A routine's TOML file: exercises with doses and rests, checked as strictly as the files of exercises.

What a key means is said once, in the docstrings of the declarations; docs/routines.md repeats it for people.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from formcheck import exercises
from formcheck.coach.model import Routine, Step
from formcheck.coach.progress import BREATH_IN_S, BREATH_OUT_S
from formcheck.errors import ExerciseError, RoutineError
from formcheck.exercises.check import problems, quoted, unknown
from formcheck.exercises.declaration import Dose, Exercise
from formcheck.exercises.explained import explained

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

LARGEST_BYTES = 64 * 1024  # the built-in one has 2 kB
LONGEST_REST_S = 3600.0  # more is a slip of the keyboard

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_BARE = re.compile(r"[\w-]{1,60}")  # a key that may stand as it is
_ASKED = {
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "string_type": 'must be a text in "quotes"',
    "tuple_type": "must be a list in [ ]",
    "dataclass_type": "must be a table of keys and values",
}


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


def read_routine(path: Path) -> Routine:
    """The routine in a TOML file.

    Raises:
        RoutineError: The file cannot be read or is no sensible routine. The message names the file, the key and what is
            allowed there.
    """
    return parse_routine(_text(path), str(path), path.parent)


def parse_routine(text: str, name: str, folder: Path) -> Routine:
    """The routine in the text of a TOML file.

    Args:
        text: The file's text.
        name: The file's name, for the messages.
        folder: Where the paths of exercises begin.

    Raises:
        RoutineError: As `read_routine`.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error).strip().rstrip(".")
        raise RoutineError(f"{name} is not written as TOML asks: {message[:1].lower()}{message[1:]}.") from None
    except (ValueError, RecursionError):  # numbers with thousands of digits, lists in lists in lists
        raise RoutineError(f"{name} is not written as TOML asks: a number is too long or a list too deep.") from None
    keys = _validated(data, name)
    try:
        return _routine(keys, folder)
    except _Wrong as wrong:
        raise RoutineError(f"{name}: {_with_name(wrong.key, data)} {wrong.sentence}.") from None


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


# --- the file --------------------------------------------------------------------------------


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            raise RoutineError(f"{path} is a folder: give the path of one .toml file.")
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "no such file"
        raise RoutineError(f"{path} cannot be read: {reason[0].lower()}{reason[1:]}.") from None
    if len(content) > LARGEST_BYTES:
        raise RoutineError(f"{path} is too big for a routine: at most {LARGEST_BYTES // 1024} kB are read.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RoutineError(f"{path} is not UTF-8 text (line {line}): save it in UTF-8.") from None


@cache
def _adapter() -> TypeAdapter[RoutineKeys]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - slow, and needed for files only

    return TypeAdapter(RoutineKeys)


def _validated(data: dict[str, Any], name: str) -> RoutineKeys:
    from pydantic import ValidationError  # noqa: PLC0415
    from pydantic_core import to_json  # noqa: PLC0415

    try:
        # By way of JSON: there the strict rules still let a list stand for a tuple.
        return _adapter().validate_json(to_json(data, inf_nan_mode="constants"), strict=True, extra="forbid")
    except ValidationError as error:
        found = error.errors(include_url=False)
    # A misspelt key is missing as well: name what was written first.
    first = min(found, key=lambda one: one["type"] != "unexpected_keyword_argument")
    raise RoutineError(f"{name}: {_told(first, data)}.")


def _told(error: ErrorDetails, data: dict[str, Any]) -> str:
    """What is wrong, as a sentence without its full stop."""
    place, kind = error["loc"], error["type"]
    *outer, last = place or ("",)
    if kind == "unexpected_keyword_argument":
        return f"{_called(place, data)} {unknown(str(last), [own.name for own in fields(_type_at(outer))])}"
    if kind == "missing" and isinstance(last, str):
        meaning = explained(_type_at(outer)).entries.get(last, "").rstrip(".")
        return f"{_called(place, data)} is missing ({meaning[:1].lower()}{meaning[1:]})"
    if kind in ("missing", "too_long"):
        return f"{_called(outer if kind == 'missing' else place, data)} must have 2 values"
    asked = _ASKED.get(kind, error["msg"][:1].lower() + error["msg"][1:].rstrip("."))
    if place == ("step",):
        asked = "must be a list of tables, [[step]]"
    return f"{_called(place, data)} {asked}, not {_shown(error['input'])}"


def _type_at(place: Sequence[int | str]) -> Any:
    """The type that the declaration has at a place; of `X | None` the X."""
    kind: Any = RoutineKeys
    for step in place:
        kind = get_type_hints(kind)[str(step)] if is_dataclass(kind) else get_args(kind)[0]
        if NoneType in get_args(kind):
            (kind,) = (one for one in get_args(kind) if one is not NoneType)
    return kind


def _called(place: Sequence[int | str], data: dict[str, Any]) -> str:
    """The key of a place as it is written, with the exercise that it belongs to."""
    steps = (
        f"[{step}]" if isinstance(step, int) else f".{step if _BARE.fullmatch(step) else quoted(step)}"
        for step in place
    )
    return _with_name("".join(steps).removeprefix("."), data)


def _with_name(key: str, data: dict[str, Any]) -> str:
    match = re.match(r"step\[(\d+)\]", key)
    steps = data.get("step")
    named = steps[int(match[1])] if match and isinstance(steps, list) else None
    name = named.get("exercise") if isinstance(named, dict) else None
    return f"{key} (of {quoted(name)})" if isinstance(name, str) and not key.endswith(".exercise") else key


def _shown(value: object) -> str:
    """What was written, short."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return quoted(value)
        case list():
            return "a list"
        case dict():
            return "a table"
    return str(value)[:40]
