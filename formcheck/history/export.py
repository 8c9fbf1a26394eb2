"""The history in files for other programs: CSV for a spreadsheet, JSON with everything."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from formcheck import __version__
from formcheck.cells import cell
from formcheck.engine.records import Hold, Repetition
from formcheck.files import plain
from formcheck.history.model import Entry, ExerciseSet, Session
from formcheck.history.rows import kind_of
from formcheck.history.schema import VERSION

# The columns of the CSV, in order; docs/history.md says what they mean. One for each measure follows.
COLUMNS = (
    "day", "session", "routine", "set", "exercise", "title", "set_started_at", "ended_by", "set_score", "pain",
    "kind", "index", "recorded_at", "start_s", "top_s", "end_s", "outcome", "reason", "score", "in_form_s", "longest_s",
    "side", "variant", "faults", "notes",
)  # fmt: skip
MEASURE = "measure_"


def to_csv(sessions: Sequence[Session]) -> str:
    """One line for each repetition and hold, unknown cells empty."""
    done = list(_done(sessions))
    measures = sorted({name for *_, entry in done for name in _measures_of(entry)})
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*COLUMNS, *(cell(MEASURE + name) for name in measures)])
    for session, one, entry in done:
        row = _row(session, one, entry)
        values = _measures_of(entry)
        writer.writerow([*(cell(row.get(name)) for name in COLUMNS), *(cell(values.get(name)) for name in measures)])
    return out.getvalue()


def to_json(sessions: Sequence[Session]) -> str:
    """All that is kept; unknown numbers are null, times of day carry their offset from UTC."""
    data = {
        "formcheck": __version__,
        "history_version": VERSION,
        "sessions": [_session(session) for session in sessions],
    }
    return json.dumps(plain(data), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


FORMATS: dict[str, Callable[[Sequence[Session]], str]] = {"csv": to_csv, "json": to_json}


def _done(sessions: Iterable[Session]) -> Iterator[tuple[Session, ExerciseSet, Entry]]:
    for session in sessions:
        for one in session.sets:
            for entry in one.entries:
                if isinstance(entry.event, Repetition | Hold):
                    yield session, one, entry


def _row(session: Session, one: ExerciseSet, entry: Entry) -> dict[str, object]:
    """The cells of a line by column, without the measures."""
    event = entry.event
    fields = {name: getattr(event, name, None) for name in COLUMNS}
    return fields | {
        "day": session.day.isoformat(),
        "session": session.id,
        "routine": session.routine,
        "set": one.id,
        "exercise": one.exercise,
        "title": one.title,
        "set_started_at": _time(one.started_at),
        "ended_by": one.ended_by,
        "set_score": one.score,
        "pain": "yes" if session.pain else "no",
        "kind": kind_of(event),
        "recorded_at": _time(entry.recorded_at),
    }


def _measures_of(entry: Entry) -> dict[str, float]:
    return entry.event.measures if isinstance(entry.event, Repetition) else {}


def _time(at: datetime | None) -> str | None:
    """A time of day to the second, with its offset from UTC."""
    return None if at is None else at.isoformat(timespec="seconds")


def _session(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "day": session.day.isoformat(),
        "routine": session.routine,
        "language": session.language,
        "started_at": _time(session.started_at),
        "ended_at": _time(session.ended_at),
        "pain": [_time(at) for at in session.pain],
        "sets": [_set(one) for one in session.sets],
    }


def _set(one: ExerciseSet) -> dict[str, Any]:
    return {
        "id": one.id,
        "exercise": one.exercise,
        "title": one.title,
        "dose": asdict(one.dose),
        "started_at": _time(one.started_at),
        "ended_at": _time(one.ended_at),
        "ended_by": one.ended_by,
        "score": one.score,
        "events": [
            {"kind": kind_of(entry.event), "recorded_at": _time(entry.recorded_at), **_fields(entry)}
            for entry in one.entries
        ],
    }


def _fields(entry: Entry) -> dict[str, Any]:
    fields = asdict(entry.event)
    # A reminder has a kind of its own, "nudge" or "break".
    return {("reminder" if name == "kind" else name): value for name, value in fields.items()}
