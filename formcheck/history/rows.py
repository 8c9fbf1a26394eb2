"""The engine's records as rows of the database, and back."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from formcheck.engine.records import FaultSpan, Hold, Reminder, Repetition, ScorePart, ViewProblem
from formcheck.history.model import Event

Cell: TypeAlias = str | int | float | None


@dataclass(frozen=True, slots=True)
class _Codec:
    write: Callable[[Any], Cell]
    read: Callable[[Any], Any]


def text(value: str) -> str:
    """Text that can be kept: halves of letters, as in file names that are no Unicode, become question marks."""
    return value.encode("utf-8", "replace").decode("utf-8")


def number(value: float | None) -> float | None:
    """A number that can be kept; None where there is none or it is not finite, which is unknown."""
    return float(value) if value is not None and math.isfinite(value) else None


def _known(cell: float | None) -> float:
    return math.nan if cell is None else cell


def _measures(measures: Mapping[str, float]) -> str:
    return json.dumps({name: number(value) for name, value in measures.items()}, allow_nan=False)


def _parts(parts: tuple[ScorePart, ...]) -> str:
    return json.dumps([asdict(part) | {"points": number(part.points), "of": number(part.of)} for part in parts])


_TEXT = _Codec(text, lambda cell: cell)
_TEXT_OR_NONE = _Codec(lambda value: None if value is None else text(value), lambda cell: cell)
_COUNT = _Codec(int, lambda cell: cell)
_NUMBER = _Codec(number, _known)
_NUMBER_OR_NONE = _Codec(number, lambda cell: cell)
_NAMES = _Codec(json.dumps, lambda cell: tuple(json.loads(cell)))
_PARTS = _Codec(
    _parts,
    lambda cell: tuple(
        ScorePart(part["name"], _known(part["points"]), _known(part["of"])) for part in json.loads(cell)
    ),
)
_MEASURES = _Codec(_measures, lambda cell: {name: _known(value) for name, value in json.loads(cell).items()})

# By record: its table, which is its kind as well, and the columns beside the times.
_TABLES: dict[type[Event], tuple[str, dict[str, _Codec]]] = {
    Repetition: (
        "repetition",
        {
            "index": _COUNT,
            "top_s": _NUMBER,
            "outcome": _TEXT,
            "reason": _TEXT_OR_NONE,
            "score": _NUMBER,
            "parts": _PARTS,
            "faults": _NAMES,
            "notes": _NAMES,
            "measures": _MEASURES,
        },
    ),
    Hold: (
        "hold",
        {
            "in_form_s": _NUMBER,
            "longest_s": _NUMBER,
            "side": _TEXT_OR_NONE,
            "variant": _TEXT_OR_NONE,
            "faults": _NAMES,
        },
    ),
    FaultSpan: (
        "fault",
        {
            "name": _TEXT,
            "worst": _NUMBER,
            "unit": _TEXT,
            "cue": _TEXT,
            "joint": _TEXT,
            "worst_cm": _NUMBER_OR_NONE,
            "worst_in": _NUMBER_OR_NONE,
        },
    ),
    ViewProblem: ("view_problem", {"name": _TEXT, "advice": _TEXT}),
    Reminder: ("reminder", {"kind": _TEXT, "fault": _TEXT_OR_NONE, "text": _TEXT}),
}
KINDS: tuple[type[Event], ...] = tuple(_TABLES)


def kind_of(event: Event) -> str:
    """The kind of an event, which is the name of its table."""
    return _TABLES[type(event)][0]


def times_of(event: Event) -> tuple[float | None, float | None]:
    """Beginning and end in seconds of the frames' clock, None where unknown."""
    if isinstance(event, Reminder):
        return number(event.time_s), number(event.time_s)
    return number(event.start_s), number(event.end_s)


def insertion(event: Event, event_id: int) -> tuple[str, tuple[Cell, ...]]:
    """The statement that keeps all of an event but its times, and its values."""
    table, columns = _TABLES[type(event)]
    names = ", ".join(f'"{name}"' for name in columns)
    values = tuple(codec.write(getattr(event, name)) for name, codec in columns.items())
    return f"INSERT INTO {table} (event_id, {names}) VALUES ({', '.join('?' * (1 + len(values)))})", (event_id, *values)


def selection(kind: type[Event]) -> str:
    """The statement that finds the events of one kind in all sessions from a number on, for `event_from`."""
    table, columns = _TABLES[kind]
    names = ", ".join(f'{table}."{name}"' for name in columns)
    return (
        f"SELECT event.id AS event_id, event.set_id, event.recorded_at, event.start_s, event.end_s, {names} "
        f"FROM event JOIN {table} ON {table}.event_id = event.id "
        "JOIN exercise_set ON exercise_set.id = event.set_id WHERE exercise_set.session_id >= ?"
    )


def event_from(kind: type[Event], row: sqlite3.Row) -> Event:
    """The event in a row that was found with `selection`."""
    fields: dict[str, Any] = {name: codec.read(row[name]) for name, codec in _TABLES[kind][1].items()}
    if kind is Reminder:
        return Reminder(time_s=_known(row["start_s"]), **fields)
    return kind(start_s=_known(row["start_s"]), end_s=_known(row["end_s"]), **fields)  # type: ignore[call-arg]
