"""An exercise in a TOML file: the declaration of `formcheck.exercises.declaration`, key by key.

Nothing here knows the keys: they, their types and what is said of them are those of the declaration.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from formcheck.errors import ExerciseError
from formcheck.exercises.check import problems, quoted, unknown
from formcheck.exercises.declaration import Exercise
from formcheck.exercises.explained import explained

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

LARGEST_BYTES = 256 * 1024  # the longest built-in exercise has 6 kB

_BARE = re.compile(r"[\w-]{1,60}")  # a key that may stand as it is

# What the types ask for, by the name of pydantic's error.
_ASKED = {
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "string_type": 'must be a text in "quotes"',
    "tuple_type": "must be a list in [ ]",
    "frozen_set_type": "must be a list in [ ]",
    "dict_type": "must be a table of keys and values",
    "dataclass_type": "must be a table of keys and values",
}


def load(path: str | os.PathLike[str]) -> Exercise:
    """The exercise in a TOML file.

    Raises:
        ExerciseError: The file cannot be read, or is no complete and sensible declaration. The message names
            the file, the key and what is allowed there.
    """
    name = os.fspath(path)
    return parse(_text(name), name)


def parse(text: str, name: str) -> Exercise:
    """The exercise in the text of a TOML file.

    Args:
        text: The file's text.
        name: The file's name, for the messages.

    Raises:
        ExerciseError: As `load`.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ExerciseError(f"{name} is not written as TOML asks: {_syntax(str(error))}.") from None
    except (ValueError, RecursionError):  # numbers with thousands of digits, lists in lists in lists
        raise ExerciseError(f"{name} is not written as TOML asks: a number is too long or a list too deep.") from None
    exercise = _validated(data, name)
    for key, sentence in problems(exercise):
        raise ExerciseError(f"{name}: {_with_name(key, data)} {sentence}.")
    return exercise


def _text(name: str) -> str:
    path = Path(name)
    try:
        if path.is_dir():
            raise ExerciseError(f"{name} is a folder: give the path of one .toml file.")
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "no such file"
        raise ExerciseError(f"{name} cannot be read: {reason[0].lower()}{reason[1:]}.") from None
    if len(content) > LARGEST_BYTES:
        raise ExerciseError(f"{name} is too big for an exercise: at most {LARGEST_BYTES // 1024} kB are read.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ExerciseError(f"{name} is not UTF-8 text (line {line}): save it in UTF-8.") from None


def _syntax(message: str) -> str:
    """The words of the TOML parser, to stand within a sentence."""
    message = message.strip().rstrip(".")
    return message[:1].lower() + message[1:]


# --- types -----------------------------------------------------------------------------------


@cache
def _adapter() -> TypeAdapter[Exercise]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - slow, and needed for files only

    return TypeAdapter(Exercise)


def _validated(data: dict[str, Any], name: str) -> Exercise:
    from pydantic import ValidationError  # noqa: PLC0415
    from pydantic_core import to_json  # noqa: PLC0415

    try:
        # By way of JSON: there the strict rules still let a list stand for a tuple or set.
        return _adapter().validate_json(to_json(data, inf_nan_mode="constants"), strict=True, extra="forbid")
    except ValidationError as error:
        found = error.errors(include_url=False)
    # A misspelt key is missing as well: name what was written first.
    first = min(found, key=lambda one: one["type"] != "unexpected_keyword_argument")
    raise ExerciseError(f"{name}: {_told(first, data)}.")


def _told(error: ErrorDetails, data: dict[str, Any]) -> str:
    """What is wrong, as a sentence without its full stop."""
    place, kind, value = error["loc"], error["type"], error["input"]
    if place[-1:] == ("[key]",):  # the key itself is what is wrong
        known = get_args(get_args(_type_at(place[:-2]))[0])
        return f"{_called(place[:-1], data)} {unknown(str(value), known)}"
    *outer, last = place or ("",)
    if kind == "unexpected_keyword_argument":
        return f"{_called(place, data)} {unknown(str(last), [own.name for own in fields(_type_at(outer))])}"
    if kind == "literal_error":
        return f"{_called(place, data)} {quoted(value)} {unknown(str(value), get_args(_type_at(place)))}"
    if kind == "missing" and isinstance(last, str):
        meaning = explained(_type_at(outer)).entries.get(last, "").rstrip(".")
        return f"{_called(place, data)} is missing{f' ({meaning[:1].lower()}{meaning[1:]})' if meaning else ''}"
    if kind in ("missing", "too_long"):
        pair = outer if kind == "missing" else place
        return f"{_called(pair, data)} must have {len(get_args(_type_at(pair)))} values"
    asked = _ASKED.get(kind, error["msg"][:1].lower() + error["msg"][1:].rstrip("."))
    if kind == "tuple_type" and is_dataclass(_type_at((*place, 0))):
        asked = f"must be a list of tables, [[{last}]]"
    return f"{_called(place, data)} {asked}, not {_shown(value)}"


def _type_at(place: Sequence[int | str]) -> Any:
    """The type that the declaration has at a place; of `X | None` the X."""
    kind: Any = Exercise
    for step in place:
        inner = get_args(kind)
        if is_dataclass(kind):
            kind = get_type_hints(kind)[str(step)]
        elif get_origin(kind) is dict:
            kind = inner[1]
        else:
            kind = inner[int(step)] if get_origin(kind) is tuple and inner[-1] is not ... else inner[0]
        if NoneType in get_args(kind):
            (kind,) = (one for one in get_args(kind) if one is not NoneType)
    return kind


def _called(place: Sequence[int | str], data: dict[str, Any]) -> str:
    """The key of a place as it is written, with the name of the fault or the like that it belongs to."""
    steps = (
        f"[{step}]" if isinstance(step, int) else f".{step if _BARE.fullmatch(step) else quoted(step)}"
        for step in place
    )
    return _with_name("".join(steps).removeprefix("."), data)


def _with_name(key: str, data: dict[str, Any]) -> str:
    match = re.match(r"(\w+)\[(\d+)\]", key)
    named = data[match[1]][int(match[2])] if match else None
    name = named.get("name") if isinstance(named, dict) else None
    return f"{key} (of {quoted(name)})" if isinstance(name, str) and not key.endswith(".name") else key


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
