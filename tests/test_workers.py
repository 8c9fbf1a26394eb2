from pathlib import Path

import numpy as np
import pytest

from formcheck.workers import default_jobs, give_memory_back


def test_one_process_for_each_core_at_least_one():
    assert default_jobs() >= 1


def test_memory_that_is_free_goes_back():
    if not Path("/proc/self/statm").is_file():
        pytest.skip("this system does not tell a process's memory")
    # Small pieces, every hundredth of which stays: what lies between is not given back by itself.
    pieces = [np.zeros(12_000, np.uint8) + 1 for _ in range(20_000)]
    kept = pieces[::100]
    full = _pages()
    del pieces
    give_memory_back()
    assert full - _pages() > 0.8 * 20_000 * 12_000 / 4096
    assert all(piece[0] == 1 for piece in kept)


def _pages() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1])


def test_other_c_libraries_are_left_alone(monkeypatch):
    def none(name):
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr("ctypes.CDLL", none)
    give_memory_back()
