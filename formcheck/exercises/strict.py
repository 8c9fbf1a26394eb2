"""TOML files that hold one dataclass: read strictly, and what is wrong is told by key, in one sentence.

Nothing here knows the keys: they, their types and what is said of them are those of the dataclass.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, cast, get_args, get_origin, get_type_hints

from formcheck.errors import FormcheckError
from formcheck.exercises.check import quoted, unknown
from formcheck.exercises.explained import explained

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

T = TypeVar("T")

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


@dataclass(frozen=True)
class Form(Generic[T]):
    """One kind of file.

    Attributes:
        root: The dataclass that it holds.
        what: What that is, such as "an exercise".
        error: What is raised.
        largest_bytes: Of a file; more is no such file.
        named_by: The key by which the tables of a list are called.
    """

    root: type[T]
    what: str
    error: type[FormcheckError]
    largest_bytes: int
    named_by: str = "name"

    def text(self, path: Path, name: str) -> str:
        """The text of a file.

        Raises:
            FormcheckError: Of the form's kind: it cannot be read, is too big, or no UTF-8.
        """
        try:
            if path.is_dir():
                raise self.error(f"{name} is a folder: give the path of one .toml file.")
            with path.open("rb") as file:
                content = file.read(self.largest_bytes + 1)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else "no such file"
            raise self.error(f"{name} cannot be read: {_within(reason)}.") from None
        if len(content) > self.largest_bytes:
            raise self.error(f"{name} is too big for {self.what}: at most {self.largest_bytes // 1024} kB are read.")
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise self.error(f"{name} is not UTF-8 text (line {line}): save it in UTF-8.") from None

    def parse(self, text: str, name: str) -> tuple[T, dict[str, Any]]:
        """What a text holds, and the same as it was written, for `refuse`.

        Raises:
            FormcheckError: Of the form's kind: it is no TOML, or its keys or their types are wrong.
        """
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            message = _within(str(error).strip().rstrip("."))
            raise self.error(f"{name} is not written as TOML asks: {message}.") from None
        except (ValueError, RecursionError):  # numbers with thousands of digits, lists in lists in lists
            raise self.error(f"{name} is not written as TOML asks: a number is too long or a list too deep.") from None
        return self._validated(data, name), data

    def refuse(self, key: str, sentence: str, data: dict[str, Any], name: str) -> NoReturn:
        """Raise the error that says what is wrong with a key, a sentence without its beginning and its full stop."""
        raise self.error(f"{name}: {self._with_name(key, data)} {sentence}.") from None

    def _validated(self, data: dict[str, Any], name: str) -> T:
        from pydantic import ValidationError  # noqa: PLC0415 - slow, and needed for files only
        from pydantic_core import to_json  # noqa: PLC0415

        try:
            # By way of JSON: there the strict rules still let a list stand for a tuple or set.
            content = to_json(data, inf_nan_mode="constants")
            return cast(T, _adapter(cast(Any, self.root)).validate_json(content, strict=True, extra="forbid"))
        except ValidationError as error:
            found = error.errors(include_url=False)
        # A misspelt key is missing as well: name what was written first.
        first = min(found, key=lambda one: one["type"] != "unexpected_keyword_argument")
        raise self.error(f"{name}: {self._told(first, data)}.")

    def _told(self, error: ErrorDetails, data: dict[str, Any]) -> str:
        """What is wrong, as a sentence without its full stop."""
        place, kind, value = error["loc"], error["type"], error["input"]
        if place[-1:] == ("[key]",):  # the key itself is what is wrong
            known = get_args(get_args(self._type_at(place[:-2]))[0])
            return f"{self._called(place[:-1], data)} {unknown(str(value), known)}"
        *outer, last = place or ("",)
        called = self._called(place, data)
        if kind == "unexpected_keyword_argument":
            return f"{called} {unknown(str(last), [own.name for own in fields(self._type_at(outer))])}"
        if kind == "literal_error":
            return f"{called} {quoted(value)} {unknown(str(value), get_args(self._type_at(place)))}"
        if kind == "missing" and isinstance(last, str):
            meaning = explained(self._type_at(outer)).entries.get(last, "").rstrip(".")
            return f"{called} is missing{f' ({_within(meaning)})' if meaning else ''}"
        if kind in ("missing", "too_long"):
            pair = outer if kind == "missing" else place
            return f"{self._called(pair, data)} must have {len(get_args(self._type_at(pair)))} values"
        asked = _ASKED.get(kind, _within(error["msg"]).rstrip("."))
        if kind == "tuple_type" and is_dataclass(self._type_at((*place, 0))):
            asked = f"must be a list of tables, [[{last}]]"
        return f"{called} {asked}, not {_shown(value)}"

    def _type_at(self, place: Sequence[int | str]) -> Any:
        """The type that the declaration has at a place; of `X | None` the X."""
        kind: Any = self.root
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

    def _called(self, place: Sequence[int | str], data: dict[str, Any]) -> str:
        """The key of a place as it is written, with the name of the table of a list that it belongs to."""
        steps = (
            f"[{step}]" if isinstance(step, int) else f".{step if _BARE.fullmatch(step) else quoted(step)}"
            for step in place
        )
        return self._with_name("".join(steps).removeprefix("."), data)

    def _with_name(self, key: str, data: dict[str, Any]) -> str:
        match = re.match(r"(\w+)\[(\d+)\]", key)
        tables = data.get(match[1]) if match else None
        named = tables[int(match[2])] if match and isinstance(tables, list) else None
        name = named.get(self.named_by) if isinstance(named, dict) else None
        told = isinstance(name, str) and not key.endswith(f".{self.named_by}")
        return f"{key} (of {quoted(name)})" if told else key


@cache
def _adapter(root: type[Any]) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - slow, and needed for files only

    return TypeAdapter(root)


def _within(sentence: str) -> str:
    """A sentence as it begins within another one."""
    return sentence[:1].lower() + sentence[1:]


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
