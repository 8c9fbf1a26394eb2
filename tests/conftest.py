"""Fixtures that run the real pose model, each clip once for a whole test run."""

from __future__ import annotations

import functools
import os
import pickle
import signal
from pathlib import Path

import hypothesis
import pytest
import samples
from filelock import FileLock
from samples import Watch, Watched

# A shell that starts the tests in the background makes them, and all that they start, ignore Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# No test asserts a time: the first example of a property may have to import something slow.
hypothesis.settings.register_profile(
    "formcheck", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("formcheck")


@pytest.fixture(scope="session")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Watch:
    """Analyse a sample clip by name, with its poses kept, and without a video; a second time costs nothing.

    Processes of one test run (pytest-xdist) share what they have analysed.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    @functools.cache
    def watch_clip(name: str) -> Watched:
        folder = shared / "watched" / name
        folder.mkdir(parents=True, exist_ok=True)
        kept = folder / "result.pickle"
        with FileLock(folder / "lock"):
            if not kept.exists():
                from formcheck import analyze  # noqa: PLC0415 - slow

                options = {"out": folder, "save_poses": True, "video": False}
                result = analyze(samples.clip(name), samples.exercise_of(name), **options)
                kept.write_bytes(pickle.dumps(result))
            return Watched(name, pickle.loads(kept.read_bytes()), folder)

    return watch_clip


@pytest.fixture(scope="session")
def short_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of somebody lying on the back."""
    path = tmp_path_factory.mktemp("short") / "short.mp4"
    return samples.write_pictures(path, list(samples.pictures("bridge_good", 0, 24)))
