"""Fixtures that run the real pose model, each clip once for a whole test run."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest
import samples
from samples import Watch, Watched

# No test asserts a time: the first example of a property may have to import something slow.
hypothesis.settings.register_profile(
    "formcheck", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("formcheck")


@pytest.fixture(scope="session")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Watch:
    """Analyse a sample clip by name, with its poses kept, and without a video; a second time costs nothing."""
    known: dict[str, Watched] = {}

    def watch_clip(name: str) -> Watched:
        if name not in known:
            from formcheck import analyze  # noqa: PLC0415 - slow

            folder = tmp_path_factory.mktemp(name)
            options = {"out": folder, "save_poses": True, "video": False}
            known[name] = Watched(name, analyze(samples.clip(name), samples.exercise_of(name), **options), folder)
        return known[name]

    return watch_clip


@pytest.fixture(scope="session")
def short_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of somebody lying on the back."""
    path = tmp_path_factory.mktemp("short") / "short.mp4"
    return samples.write_pictures(path, list(samples.pictures("bridge_good", 0, 24)))
