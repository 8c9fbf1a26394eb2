"""Whole processes, timed from outside: by the clock, by all processors' work, and by the largest one's memory."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
LOOK_EVERY_S = 0.1


@dataclass(frozen=True)
class Run:
    """What a command and all its children took.

    Attributes:
        wall_s: By the clock, start-up included.
        cpu_s: Work of all processors.
        peak_mb: Resident memory of its largest process.
        all_mb: Resident memory of all its processes together, at most; shared pages count in each. NaN where the system
            does not tell.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float
    all_mb: float


def run(command: Sequence[str | Path]) -> Run:
    """Run a command to its end.

    Raises:
        RuntimeError: It failed; with what it said.
    """
    started = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None
    watcher = _Watcher(process.pid)
    watcher.start()
    said = process.stdout.read()
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall_s = time.perf_counter() - started
    watcher.done.set()
    watcher.join()
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {said.decode(errors='replace')[-500:]}")
    return Run(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, watcher.peak_mb)


class _Watcher(threading.Thread):
    """Adds up the memory of a process and its children now and then."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.done = threading.Event()
        self.peak_mb = float("nan")

    def run(self) -> None:
        while PROC.is_dir() and not self.done.wait(LOOK_EVERY_S):
            total = sum(_resident_mb(pid) for pid in _family(self._pid))
            self.peak_mb = total if not self.peak_mb >= total else self.peak_mb


def _family(pid: int) -> list[int]:
    family = [pid]
    for member in family:
        for children in PROC.glob(f"{member}/task/*/children"):
            try:
                family += map(int, children.read_text().split())
            except OSError:
                continue  # it has ended meanwhile
    return family


def _resident_mb(pid: int) -> float:
    try:
        return int((PROC / str(pid) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return 0.0  # it has ended meanwhile
