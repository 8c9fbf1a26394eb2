"""Doing many clips in worker processes: one that dies costs its clip only."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from formcheck.batch.work import Done, Unit, do, tidy

DIED = (
    "The process that analysed this clip died twice, killed for its memory or by a damaged clip: try fewer --jobs, or "
    "copy the clip again."
)
# On Windows, Ctrl-C cannot interrupt a wait without an end.
_WAIT_S = 0.2

Told = Callable[[Done], None]


def default_jobs() -> int:
    """How many clips are done at a time: one for each core that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not everywhere
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    units: Sequence[Unit], jobs: int | None = None, told: Told = lambda _: None, *, work: Callable[[Unit], Done] = do
) -> tuple[Done, ...]:
    """Do clips in worker processes.

    Args:
        units: The clips.
        jobs: How many at a time; `default_jobs()` if None.
        told: Called with each result as it comes, from this thread.
        work: What is done with each, in a worker: a function at the top of a module.

    Returns:
        The results, in the order of the units.

    Raises:
        KeyboardInterrupt: It was stopped: the workers are gone, and what was done before has been told.
    """
    crew = _Crew(units, told, work)
    todo = deque(range(len(units)))
    while todo:
        # Which of the clips under way was to blame is not known, so each of them is tried once more by itself.
        for index in crew.together(todo, jobs or default_jobs()):
            if crew.together(deque([index]), 1):
                crew.tell(index, Done(units[index].clip.name, str(units[index].clip.path), error=DIED))
    return tuple(crew.done[index] for index in range(len(units)))


@dataclass
class _Crew:
    """The workers and what they have done, by the unit's place."""

    units: Sequence[Unit]
    told: Told
    work: Callable[[Unit], Done]
    done: dict[int, Done] = field(default_factory=dict)

    def tell(self, index: int, done: Done) -> None:
        self.done[index] = done
        self.told(done)

    def together(self, todo: deque[int], jobs: int) -> list[int]:
        """Do units in one pool until all are done or a worker dies.

        Args:
            todo: Those to do; those begun are taken from it.
            jobs: How many at a time.

        Returns:
            Those that were under way when a worker died.
        """
        lost: list[int] = []
        under_way: dict[Future[Done], int] = {}
        try:
            with _pool(min(jobs, len(todo))) as pool:
                while under_way or (todo and not lost):
                    # No more is handed out than is worked on: so a death concerns only these.
                    while todo and not lost and len(under_way) < jobs:
                        lost += self._begin(pool, todo.popleft(), under_way)
                    finished, _ = wait(under_way, _WAIT_S, FIRST_COMPLETED)
                    for future in finished:
                        lost += self._end(future, under_way.pop(future))
        finally:
            for index in (*lost, *under_way.values()):
                tidy(self.units[index])
        return sorted(lost)

    def _begin(self, pool: ProcessPoolExecutor, index: int, under_way: dict[Future[Done], int]) -> list[int]:
        try:
            under_way[pool.submit(self.work, self.units[index])] = index
        except BrokenProcessPool:
            return [index]
        return []

    def _end(self, future: Future[Done], index: int) -> list[int]:
        try:
            done = future.result()
        except BrokenProcessPool:
            return [index]
        self.tell(index, done)
        return []


@contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Workers that end with this process, however it ends, and at once when the block is left by an error."""
    context = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
    theirs, ours = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(jobs, context, _prepare, (theirs,))
    try:
        yield pool
    except BaseException:
        ours.close()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        ours.close()
        theirs.close()


def _prepare(lifeline: Connection) -> None:
    """Make a worker leave Ctrl-C to its parent and end when the parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(lifeline,), name="formcheck-lifeline", daemon=True).start()


def _end_with(lifeline: Connection) -> None:
    try:
        lifeline.recv_bytes()  # nothing is ever sent: this returns when the other end is closed
    except (EOFError, OSError):
        os._exit(1)
