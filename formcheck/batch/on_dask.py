"""Doing many clips on a Dask cluster, of any number of machines: the same units of work as in `formcheck.batch.run`.

Only units and results travel. Clips, expectations and results lie on storage that all machines see at the same paths.
A worker that is lost loses no clip: Dask gives what it had to another one. A clip may so be begun twice; as files are
written beside and renamed, the second time leaves what the first one would have left.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from formcheck import __version__
from formcheck.batch.run import Told
from formcheck.batch.work import Done, Unit, do, tidy
from formcheck.errors import ClusterError
from formcheck.exercises import is_file

KILLS = (
    "Every worker that analysed this clip died, killed for its memory or by a damaged clip: give the workers more "
    "memory, or copy the clip again."
)
CONNECT_S = 10.0
NO_WORKER_S = 60.0  # without any worker; a cluster that grows on demand starts its first one within this
AHEAD = 1000  # clips known to the scheduler at a time: many for any cluster, and little memory
_WAIT_S = 0.2  # on Windows, Ctrl-C cannot interrupt a wait without an end
_LOOK_S = 5.0  # between looks at whether there are workers


def run_on_dask(
    units: Sequence[Unit], scheduler: str, told: Told = lambda _: None, *, work: Callable[[Unit], Done] = do
) -> tuple[Done, ...]:
    """Do clips on a Dask cluster.

    Args:
        units: The clips.
        scheduler: The scheduler's address, such as "tcp://10.0.0.5:8786".
        told: Called with each result as it comes, from this thread.
        work: What is done with each, in a worker: a function at the top of a module that the workers have.

    Returns:
        The results, in the order of the units.

    Raises:
        ClusterError: Dask is not installed, the cluster cannot be reached or used, or it has no worker left. What was
            done before has been told.
        KeyboardInterrupt: It was stopped: what no worker had begun is cancelled, and what was done before has been
            told.
    """
    _import()  # sets the levels of its logs
    with _quiet():
        client = _connected(scheduler)
        try:
            return _Crew(client, scheduler, told, work).all_of(units)
        finally:
            client.close()  # the scheduler forgets what it was asked for and has not begun


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask from telling in a log what an error will tell."""
    logger = logging.getLogger("distributed.client")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _import() -> Any:
    try:
        import distributed  # noqa: PLC0415 - an extra, and slow
    except ImportError as error:
        raise ClusterError(
            "Dask is not installed, which --executor dask needs: pip install 'formcheck[dask]'."
        ) from error
    return distributed


def _connected(scheduler: str) -> Any:
    try:
        return _import().Client(scheduler, timeout=CONNECT_S, set_as_default=False, name="formcheck")
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"No Dask scheduler can be reached at {scheduler} ({error}): check the address, or start one with 'dask "
            "scheduler'."
        ) from error


@dataclass
class _Crew:
    """A cluster and what it has been asked for."""

    client: Any  # a distributed.Client
    scheduler: str
    told: Told
    work: Callable[[Unit], Done]
    finished: SimpleQueue[str] = field(default_factory=SimpleQueue)  # keys

    def all_of(self, units: Sequence[Unit]) -> tuple[Done, ...]:
        done: dict[int, Done] = {}

        def tell(index: int, one: Done) -> None:
            done[index] = replace(one, clip=str(units[index].clip.path))
            self.told(done[index])

        # Dask blames all clips that a worker had when it died, so each of these is tried once more by itself.
        for index in self._together(units, deque(range(len(units))), tell):
            if self._together(units, deque([index]), tell):
                clip = units[index].clip
                tell(index, Done(clip.name, str(clip.path), checked=clip.sidecar is not None, error=KILLS))
        return tuple(done[index] for index in range(len(units)))

    def _together(self, units: Sequence[Unit], todo: deque[int], tell: Callable[[int, Done], None]) -> list[int]:
        """Do units, by their places, and return those whose workers died again and again."""
        suspects: list[int] = []
        under_way: dict[str, tuple[Any, int]] = {}  # a future that nobody holds is forgotten by the scheduler
        while todo or under_way:
            while todo and len(under_way) < AHEAD:
                index = todo.popleft()
                future = self._begin(units[index])
                under_way[future.key] = (future, index)
            future, index = under_way.pop(self._next())
            one = self._result(future)
            if one is None:
                tidy(units[index])
                suspects.append(index)
            else:
                tell(index, one)
        return suspects

    def _begin(self, unit: Unit) -> Any:
        job = partial(do_there, __version__, self.work)
        future = self.client.submit(job, from_anywhere(unit), key=f"formcheck-{os.urandom(8).hex()}", pure=False)
        future.add_done_callback(lambda finished: self.finished.put(finished.key))
        return future

    def _next(self) -> str:
        """Wait for what is finished next; return its key.

        Raises:
            ClusterError: There has been no worker for `NO_WORKER_S`, or no scheduler any more.
        """
        seen_s = looked_s = time.monotonic()
        while True:
            try:
                return self.finished.get(timeout=_WAIT_S)
            except Empty:
                now_s = time.monotonic()
            if now_s - looked_s < _LOOK_S:
                continue
            looked_s = now_s
            if self._has_workers():
                seen_s = now_s
            elif now_s - seen_s > NO_WORKER_S:
                raise ClusterError(
                    f"The Dask cluster at {self.scheduler} has no worker: start some with 'dask worker "
                    f"{self.scheduler} --nthreads 1'."
                )

    def _has_workers(self) -> bool:
        try:
            return bool(self.client.nthreads())
        except (OSError, ValueError) as error:
            raise self._lost() from error

    def _result(self, future: Any) -> Done | None:
        """What came of a clip; None if too many workers died that had it.

        Raises:
            ClusterError: The scheduler is gone, or the workers cannot do the work.
        """
        distributed = _import()
        try:
            done: Done = future.result()
        except distributed.KilledWorker:
            return None
        except (distributed.CancelledError, OSError) as error:
            raise self._lost() from error
        except Exception as error:
            raise ClusterError(
                f"The Dask cluster at {self.scheduler} cannot work for formcheck ({type(error).__name__}: {error}): "
                f"install formcheck {__version__} on the scheduler's machine and on every worker's."
            ) from error
        return done

    def _lost(self) -> ClusterError:
        return ClusterError(
            f"The Dask scheduler at {self.scheduler} is gone: start it again, and go on with --resume if there was an "
            "--out."
        )


def from_anywhere(unit: Unit) -> Unit:
    """The same unit for a process that works in another folder: all its paths are whole."""
    clip, settings, exercise = unit.clip, unit.settings, unit.settings.exercise
    return replace(
        unit,
        clip=replace(clip, path=_whole(clip.path), sidecar=None if clip.sidecar is None else _whole(clip.sidecar)),
        settings=replace(
            settings,
            exercise=None if exercise is None else str(_whole(exercise)) if is_file(exercise) else exercise,
            model=str(_whole(settings.model)) if settings.model.endswith(".task") else settings.model,
            out=None if settings.out is None else _whole(settings.out),
        ),
    )


def do_there(version: str, work: Callable[[Unit], Done], unit: Unit) -> Done:
    """What a worker does with one clip.

    Args:
        version: Of the formcheck that asks.
        work: What is done.
        unit: With whole paths.

    Raises:
        RuntimeError: The formcheck of this worker is another one.
    """
    if version != __version__:
        raise RuntimeError(f"the worker on {socket.gethostname()} has formcheck {__version__}")
    needed = (unit.clip.sidecar or unit.clip.path, unit.settings.out)
    unseen = next((path for path in needed if path is not None and not path.exists()), None)
    if unseen is not None:
        return Done(
            unit.clip.name,
            str(unit.clip.path),
            checked=unit.clip.sidecar is not None,
            error=f"The worker on {socket.gethostname()} does not see {unseen}: put clips and results on storage that "
            "all machines have at the same path.",
        )
    tidy(unit)  # what a worker that had it before and died may have left
    return work(unit)


def _whole(path: str | Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - a link keeps its name
