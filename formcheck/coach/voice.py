"""The voice: a thread that says what waits, the most important first, and nothing that has become old.

What may be said when is decided without thread or clock (`Waiting`), so that it can be tested by itself.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from formcheck.coach.cues import RANK
from formcheck.coach.model import Kind, Utterance
from formcheck.coach.sound import SpeechError
from formcheck.coach.speech import Backend, Silent, without_voice

LATE_S = 1.5  # a cue that has waited for longer than this is not said any more
# What tells how the session goes on is true for longer, and to somebody who lies on the mat it must not get lost. What
# of it is true for a moment only is of another kind.
PATIENT_S = 10.0
FAREWELL_S = 8.0  # at the end, what is being said may be finished for this long
# Of these only the newest is worth saying.
_REPLACED: frozenset[Kind] = frozenset(("count", "clock", "correction", "praise", "advice", "breath"))
# These are long and can wait for another day: what is more important than praise cuts them off.
_CUT: frozenset[Kind] = frozenset(("advice", "moment", "guide", "breath"))


def cuts(new: Kind, current: Kind) -> bool:
    """Whether something new is so urgent that what is being said is cut off for it."""
    if new == "pain":
        return current != "pain"
    return current in _CUT and RANK[new] < RANK["praise"]


def keeps_s(kind: Kind) -> float:
    """For how many seconds it may wait; a word about pain for any time."""
    return math.inf if kind == "pain" else PATIENT_S if kind == "guide" else LATE_S


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, after how many seconds, and what was dropped on the way, each with the reason."""

    utterance: Utterance | None
    delay_s: float
    dropped: tuple[tuple[Utterance, str], ...]


class Waiting:
    """What waits to be said. Not locked: `Voice` does that."""

    def __init__(self) -> None:
        self._queue: list[Utterance] = []

    def __len__(self) -> int:
        return len(self._queue)

    def put(self, utterance: Utterance) -> tuple[tuple[Utterance, str], ...]:
        """Add one; returns what it replaces, with the reason."""
        kind = utterance.kind
        if kind == "pain":
            replaced = [one for one in self._queue if one.kind != "pain"]
        else:
            replaced = [one for one in self._queue if one.kind == kind and kind in _REPLACED]
        self._queue = [one for one in self._queue if one not in replaced]
        self._queue.append(utterance)
        return tuple((one, "replaced") for one in replaced)

    def take(self, now_s: float) -> Turn:
        """The next one to be said; what is too old is dropped.

        Args:
            now_s: In the frames' time.
        """
        late = [one for one in self._queue if now_s - one.at_s > keeps_s(one.kind)]
        self._queue = [one for one in self._queue if one not in late]
        dropped = tuple((one, "late") for one in late)
        if not self._queue:
            return Turn(None, 0.0, dropped)
        chosen = min(self._queue, key=lambda one: RANK[one.kind])  # of equals the first that came
        self._queue.remove(chosen)
        return Turn(chosen, max(0.0, now_s - chosen.at_s), dropped)

    def clear(self) -> tuple[tuple[Utterance, str], ...]:
        """Drop everything."""
        dropped = tuple((one, "closed") for one in self._queue)
        self._queue = []
        return dropped


class Voice:
    """Says things without ever keeping the caller waiting; a context manager.

    Leaving it lets it finish what waits and is not old; leaving it by an error, such as Ctrl-C, silences it at once.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        log: Callable[[dict[str, Any]], None] | None = None,
        notice: Callable[[str], None] | None = None,
        fallback: Callable[[str], Backend] = without_voice,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare it; it speaks once it is entered.

        Args:
            backend: By what it is heard.
            log: Given one dict for each utterance as soon as it is said or dropped: text, kind, at_s, said, dropped
                (why: "late", "replaced", "closed"), delay_s (None if dropped), by. Called from more than one thread,
                never at once; it must not raise.
            notice: Told in one sentence when the backend fails and what is used instead. From another thread, too.
            fallback: Makes another backend of the reason why the present one fails.
            clock: Seconds, for the time that passes while it is being spoken.
        """
        self._backend = backend
        self._log, self._notice, self._fallback, self._clock = log, notice, fallback, clock
        self._changed = threading.Condition()
        self._log_lock = threading.Lock()
        self._waiting = Waiting()
        self._ahead_s = 0.0  # the frames' time over the clock
        self._current: tuple[Utterance, threading.Event] | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="voice", daemon=True)

    @property
    def backend(self) -> Backend:
        """By what it is heard at present."""
        return self._backend

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(at_once=kind is not None)

    def say(self, utterance: Utterance, now_s: float) -> None:
        """Say it when its turn comes. Returns at once.

        Args:
            utterance: What to say.
            now_s: The frames' time at this moment.
        """
        with self._changed:
            if self._closing:
                dropped: tuple[tuple[Utterance, str], ...] = ((utterance, "closed"),)
            else:
                self._ahead_s = now_s - self._clock()
                dropped = self._waiting.put(utterance)
                if self._current is not None and cuts(utterance.kind, self._current[0].kind):
                    self._current[1].set()
                self._changed.notify()
        self._tell_dropped(dropped)

    def close(self, *, at_once: bool = False) -> None:
        """End it.

        Args:
            at_once: Whether to break off what is being said.
        """
        with self._changed:
            self._closing = True
            dropped = self._waiting.clear() if at_once else ()
            self._changed.notify()
        self._tell_dropped(dropped)
        if at_once or not self._joined(FAREWELL_S):
            with self._changed:
                dropped = self._waiting.clear()
                if self._current is not None:
                    self._current[1].set()
            self._tell_dropped(dropped)
            self._joined(FAREWELL_S)
        self._backend.close()

    def _joined(self, wait_s: float) -> bool:
        if self._thread.ident is not None:
            self._thread.join(wait_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._current = None
                while not len(self._waiting) and not self._closing:
                    self._changed.wait()
                turn = self._waiting.take(self._clock() + self._ahead_s)
                if turn.utterance is not None:
                    self._current = turn.utterance, threading.Event()
                current, over = self._current, self._closing and not len(self._waiting)
            self._tell_dropped(turn.dropped)
            if current is not None:
                self._tell(current[0], None, turn.delay_s)
                self._speak(*current)
            elif over:
                return

    def _speak(self, utterance: Utterance, stop: threading.Event) -> None:
        """Say it by the backend, or by what is left where that fails."""
        failed: str | None = None
        while True:
            try:
                self._backend.speak(utterance, stop)
                break
            except SpeechError as error:
                self._backend.close()
                last = failed is not None or self._backend.name == "tones"  # not even these are heard
                failed = failed or str(error)
                self._backend = Silent(failed) if last else self._fallback(failed)
        if failed is not None and self._notice is not None:
            left = "short tones are played instead" if self._backend.name == "tones" else "what is said is only shown"
            self._notice(f"The voice failed, {left}: {failed}")

    def _tell_dropped(self, dropped: tuple[tuple[Utterance, str], ...]) -> None:
        for utterance, why in dropped:
            self._tell(utterance, why, None)

    def _tell(self, utterance: Utterance, dropped: str | None, delay_s: float | None) -> None:
        if self._log is None:
            return
        with self._log_lock:
            self._log(
                {
                    "text": utterance.text,
                    "kind": utterance.kind,
                    "at_s": round(utterance.at_s, 3),
                    "said": dropped is None,
                    "dropped": dropped,
                    "delay_s": None if delay_s is None else round(delay_s, 3),
                    "by": self._backend.name,
                }
            )
