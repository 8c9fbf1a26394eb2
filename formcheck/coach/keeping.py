"""What the coach puts into the history while it runs. A history that cannot be written ends no session."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from formcheck.coach.model import EndedBy, Step
from formcheck.engine.engine import Event
from formcheck.engine.records import Hold, Repetition
from formcheck.engine.scores import exercise_score
from formcheck.errors import FormcheckError
from formcheck.history.store import Store

T = TypeVar("T")


class Keeper:
    """Keeps one session in a history, event by event. Each call is one short transaction.

    Args:
        store: Where to; None keeps nothing.
        started_at: When the session began, aware. Later times are told from it by the frames' clock, so that a system
            clock that jumps in the middle changes nothing.
        trouble: Told once, in one sentence, why the history cannot be written; the session goes on without it.
    """

    def __init__(self, store: Store | None, started_at: datetime, trouble: Callable[[str], None]) -> None:
        self._store = store
        self._started_at = started_at
        self._trouble = trouble
        self._session: int | None = None
        self._ended = False
        self._set: int | None = None
        self._step: Step | None = None
        self._done: list[Event] = []

    def begin_session(self, routine: str, language: str) -> None:
        """Begin it."""
        self._session = self._try(lambda store: store.begin_session(routine, self._started_at, language))

    def begin_set(self, step: Step, elapsed_s: float) -> None:
        """Begin a set, so many seconds after the session's beginning."""
        self._step, self._done = step, []
        session = self._session
        if session is not None:
            name, title = step.exercise.name, step.exercise.title
            self._set = self._try(lambda store: store.begin_set(session, name, title, step.dose, self._at(elapsed_s)))

    def add(self, events: Iterable[Event], elapsed_s: float) -> None:
        """Keep what became final in the set under way."""
        number = self._set
        for event in events:
            self._done.append(event)
            if number is not None:
                self._try(partial(_add, number, event, self._at(elapsed_s)))

    def end_set(self, ended_by: EndedBy, elapsed_s: float) -> None:
        """End the set under way."""
        number, step, done = self._set, self._step, self._done
        self._set = None
        if number is None or step is None:
            return
        reps = [event for event in done if isinstance(event, Repetition)]
        holds = [event for event in done if isinstance(event, Hold)]
        score = exercise_score(step.dose, reps, holds)
        self._try(lambda store: store.end_set(number, ended_by, self._at(elapsed_s), score))

    def pain(self, elapsed_s: float) -> None:
        """Keep that it hurt, also when the session has already ended: it may be told on the last screen."""
        session = self._session
        if session is not None:
            self._try(lambda store: store.pain(session, self._at(elapsed_s)))

    def end_session(self, elapsed_s: float) -> None:
        """End the session; once more does nothing."""
        session = self._session
        if session is not None and not self._ended:
            self._ended = True
            self._try(lambda store: store.end_session(session, self._at(elapsed_s)))

    def _at(self, elapsed_s: float) -> datetime:
        return self._started_at + timedelta(seconds=max(0.0, elapsed_s))

    def _try(self, write: Callable[[Store], T]) -> T | None:
        if self._store is None:
            return None
        try:
            return write(self._store)
        except FormcheckError as error:
            self._store = None
            self._trouble(str(error))
            return None


def _add(number: int, event: Event, at: datetime, store: Store) -> None:
    store.add(number, event, at)
