"""An exercise written out as a TOML file with what each key means: for people to start their own from.

The writing is done here because no writer at hand does both: comments, and lists that stay on one line.
"""

from __future__ import annotations

import json
import math
import textwrap
from collections.abc import Iterable
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from formcheck.exercises.declaration import Exercise
from formcheck.exercises.explained import explained

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

WIDTH = 100
_HEAD = (
    'The exercise "{name}" of formcheck, as a file to start your own from. Lines that begin with # are for people. '
    "A key that is left out has its default. A number that is compared with a measure has the measure's unit: degrees "
    "where its name ends in _deg, seconds in _s, shares of the line in _offset, else trunk lengths. "
    "docs/own-exercises.md explains the measures."
)


def dump(exercise: Exercise) -> str:
    """The exercise as the text of a TOML file; keys that have their default are only told of.

    `formcheck.exercises.files.parse` makes the same exercise of it.
    """
    page = _Page()
    page.comment(_HEAD.format(name=exercise.name))
    page.keys(exercise, "", each=True)
    return "\n".join(page.lines) + "\n"


class _Page:
    """The lines so far, and what they have explained already."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._told: set[type] = set()

    def comment(self, text: str, indent: str = "") -> None:
        self.lines += textwrap.wrap(text, WIDTH, initial_indent=f"# {indent}", subsequent_indent=f"#   {indent}")

    def keys(self, thing: DataclassInstance, table: str, *, each: bool) -> None:
        """Write what stands in a table, then the tables in it.

        Args:
            thing: The declaration to write.
            table: Its key, empty for the whole file.
            each: Whether to explain each key over it.
        """
        inner: list[tuple[str, Any]] = []
        for own in fields(thing):
            value = getattr(thing, own.name)
            if _is_default(own, value):
                if each:
                    self._gap(table)
                    self.comment(_named(type(thing), own))
            elif (text := _inline(value)) is None:
                inner.append((own.name, value))
            else:
                if each:
                    self._gap(table)
                    self.comment(meaning(type(thing), own, default=False))
                    self._explain(value)
                self.lines.append(f"{own.name} = {text}")
        for name, value in sorted(inner, key=lambda one: isinstance(one[1], tuple)):
            self._table(type(thing), f"{table}.{name}" if table else name, value)

    def _gap(self, table: str) -> None:
        if not table:
            self.lines.append("")

    def _table(self, owner: type, key: str, value: Any) -> None:
        own = next(own for own in fields(owner) if own.name == key.rsplit(".", 1)[-1])
        self.lines += ["", f"# {'-' * (WIDTH - 2)}"]
        self.comment(_named(owner, own))
        self._explain(value)
        if not isinstance(value, tuple):
            self.lines.append(f"[{key}]")
            self.keys(value, key, each=True)
            return
        for one in dict.fromkeys(type(item) for item in value):
            for part in fields(one):
                self.comment(_named(one, part), indent="  ")
        for item in value:
            self.lines += ["", f"[[{key}]]"]
            self.keys(item, key, each=False)

    def _explain(self, value: Any) -> None:
        """Say once what a declaration within this one is."""
        for item in value if isinstance(value, tuple) else (value,):
            if is_dataclass(item) and type(item) not in self._told:
                self._told.add(type(item))
                for paragraph in explained(type(item)).text:
                    self.comment(paragraph)


def meaning(owner: type, own: Field[Any], *, default: bool = True) -> str:
    """What is said of a key: what it is, what it may be, and (if wanted) what it is where it is left out.

    Args:
        owner: The kind of declaration.
        own: Its field.
        default: Whether to tell the default.
    """
    said = explained(owner).entries.get(own.name, "")
    hint = get_type_hints(owner)[own.name]
    choice = next((one for one in (hint, *get_args(hint)) if get_origin(one) is Literal), None)
    notes = []
    if choice is not None:
        kind = "one of" if choice is hint else "of"
        notes.append(f"{kind} {', '.join(_value(one) for one in get_args(choice))}")
    if own.name.endswith("_s"):
        notes.append("seconds")
    if default and _has_default(own):
        value = _default(own)
        plain = isinstance(value, (bool, int, float, str)) and value not in ("", math.inf, -math.inf)
        notes.append(f"default {_value(value)}" if plain and value == value else "may be left out")  # noqa: PLR0124
    return f"{said} ({'; '.join(notes)})".strip() if notes else said


def _named(owner: type, own: Field[Any]) -> str:
    text = meaning(owner, own)
    return f"{own.name}: {text}" if text else own.name


def _has_default(own: Field[Any]) -> bool:
    return own.default is not MISSING or own.default_factory is not MISSING


def _default(own: Field[Any]) -> Any:
    return own.default if own.default_factory is MISSING else own.default_factory()


def _is_default(own: Field[Any], value: Any) -> bool:
    if not _has_default(own):
        return False
    default = _default(own)
    return bool(value == default) or (value != value and default != default)  # noqa: PLR0124 - both are not a number


# --- values ----------------------------------------------------------------------------------


def _inline(value: Any) -> str | None:
    """A value to stand behind its key, on one line or one for each item; None where it needs tables."""
    text = _value(value)
    if len(text) <= WIDTH - 20 and not (isinstance(value, tuple) and len(value) > 1 and is_dataclass(value[0])):
        return text
    if not isinstance(value, tuple):
        return None if is_dataclass(value) else text
    items = [f"    {_value(item)},\n" for item in value]
    if any(is_dataclass(item) for item in value) and max(map(len, items)) > WIDTH:
        return None
    return f"[\n{''.join(items)}]"


def _value(value: Any) -> str:
    """A value as TOML has it, on one line."""
    match value:
        case bool():
            text = str(value).lower()
        case str():
            # JSON's escapes are TOML's, which asks for one more.
            text = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case int() | float():
            text = repr(int(value) if float(value).is_integer() and abs(value) < 1e15 else value)
        case dict():
            text = _braces(value.items())
        case tuple() | frozenset():
            items = sorted(value) if isinstance(value, frozenset) else value
            text = f"[{', '.join(_value(item) for item in items)}]"
        case _:
            kept = ((own, getattr(value, own.name)) for own in fields(value))
            text = _braces((own.name, one) for own, one in kept if not _is_default(own, one))
    return text


def _braces(items: Iterable[tuple[str, Any]]) -> str:
    return "{" + ", ".join(f"{key} = {_value(value)}" for key, value in items) + "}"
