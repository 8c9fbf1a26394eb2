"""That a session may last: what the loop remembers does not grow with it. Minutes pass as quickly as they can."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FRAMES = 36_000  # an hour at ten pictures a second
# A hundred and twenty bytes kept of each frame would be more, and so would four of its pictures.
GROWTH_MB = 3.0


@pytest.mark.slow
def test_memory_is_flat_through_an_hour_of_sets_and_rests(tmp_path: Path):
    path = os.pathsep.join(str(folder) for folder in (HERE, HERE.parent, HERE.parents[1]))
    environment = os.environ | {"MALLOC_ARENA_MAX": "2", "PYTHONPATH": path}
    command = [sys.executable, "-m", "long_session", str(FRAMES), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    sets, entries, shown, *memory_mb = map(float, done.stdout.splitlines()[-1].split())
    assert sets > 20
    assert entries > 200
    assert shown > 1000
    assert len(memory_mb) == 5
    assert memory_mb[-1] - memory_mb[1] < GROWTH_MB
