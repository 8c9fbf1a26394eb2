"""Handing things from one thread to another through a short queue."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Generator, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")

# On Windows, Ctrl-C cannot interrupt a wait without an end.
_WAIT_S = 0.2
# A disk that hangs must not keep the program from ending.
_JOIN_S = 10.0


class Handover(Generic[T]):
    """A queue of bounded length between one giving and one taking thread; either side can end it."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._items: deque[T] = deque()
        self._changed = threading.Condition()
        self._finished = False
        self._abandoned = False
        self._error: BaseException | None = None

    def put(self, item: T) -> bool:
        """Give an item, waiting while the queue is full.

        Returns:
            False if nobody takes items any more.
        """
        with self._changed:
            while len(self._items) >= self._length and not self._abandoned:
                self._changed.wait(_WAIT_S)
            if not self._abandoned:
                self._items.append(item)
                self._changed.notify_all()
            return not self._abandoned

    def finish(self, error: BaseException | None = None) -> None:
        """End it from the giving side: after the last item the taker meets the end, or this error."""
        with self._changed:
            self._finished = True
            self._error = error
            self._changed.notify_all()

    def abandon(self) -> None:
        """End it from the taking side: what waits is thrown away and `put` returns False."""
        with self._changed:
            self._abandoned = True
            self._items.clear()
            self._changed.notify_all()

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        with self._changed:
            while not self._items and not self._finished and not self._abandoned:
                self._changed.wait(_WAIT_S)
            if self._items:
                item = self._items.popleft()
                self._changed.notify_all()
                return item
            error, self._error = self._error, None
        if error is not None:
            raise error
        raise StopIteration


def read_ahead(items: Generator[T, None, None], length: int) -> Generator[T, None, None]:
    """Yield a generator's items while a thread makes the next ones.

    Args:
        items: Runs, and is closed, in the thread. What it raises is raised here.
        length: How many items may wait.
    """
    handover: Handover[T] = Handover(length)

    def run() -> None:
        failure: BaseException | None = None
        try:
            for item in items:
                if not handover.put(item):
                    break
        except BaseException as error:  # noqa: BLE001 - it travels to the thread that reads
            failure = error
        finally:
            items.close()
            handover.finish(failure)

    thread = threading.Thread(target=run, name="formcheck-read-ahead", daemon=True)
    thread.start()
    try:
        yield from handover
    finally:
        handover.abandon()
        # The garbage collector may end a forgotten iteration from any thread, even from this one.
        if thread is not threading.current_thread():
            thread.join(_JOIN_S)
