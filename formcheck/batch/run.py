"""Doing many clips in worker processes: one that dies costs its clip only."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace

from formcheck.batch.work import Done, Unit, do, tidy
from formcheck.workers import default_jobs, worker_pool

DIED = (
    "The process that analysed this clip died twice, killed for its memory or by a damaged clip: try fewer --jobs, or "
    "copy the clip again."
)
# On Windows, Ctrl-C cannot interrupt a wait without an end.
_WAIT_S = 0.2

Told = Callable[[Done], None]


def run(
    units: Sequence[Unit], jobs: int | None = None, told: Told = lambda _: None, *, work: Callable[[Unit], Done] = do
) -> tuple[Done, ...]:
    """Do clips in worker processes.

    Args:
        units: The clips.
        jobs: How many processes; `default_jobs()` if None. With fewer clips than that, a long clip has several.
        told: Called with each result as it comes, from this thread.
        work: What is done with each, in a worker: a function at the top of a module.

    Returns:
        The results, in the order of the units.

    Raises:
        KeyboardInterrupt: It was stopped: the workers are gone, and what was done before has been told.
    """
    jobs = jobs or default_jobs()
    crew = _Crew(shared_out(units, jobs), told, work)
    todo = deque(range(len(units)))
    while todo:
        # Which of the clips under way was to blame is not known, so each of them is tried once more by itself.
        for index in crew.together(todo, jobs):
            if crew.together(deque([index]), 1):
                crew.tell(index, Done(units[index].clip.name, str(units[index].clip.path), error=DIED))
    return tuple(crew.done[index] for index in range(len(units)))


def shared_out(units: Sequence[Unit], jobs: int) -> tuple[Unit, ...]:
    """The clips, each with its share of the processes."""
    each = max(1, jobs // max(1, len(units)))
    return tuple(replace(unit, settings=replace(unit.settings, jobs=each)) for unit in units)


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
            with worker_pool(min(jobs, len(todo))) as pool:
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
