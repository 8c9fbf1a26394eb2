"""Work for the workers of a batch in tests: at the top of a module, as it travels to other processes."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from formcheck.batch.clips import Clip
from formcheck.batch.work import Done, Found, Settings, Unit

FOUND = Found("3 of 10 repetitions counted.", 30.0, 360, 3, 1, 0, 0, 1, 12.5, 27.5, ("hips_low",), ("too_far",))


def unit(name: str, folder: Path | None = None) -> Unit:
    """A clip whose name says what its worker does."""
    return Unit(Clip(Path(name), None, name, Path(name).stem), Settings("bridge", out=folder))


def act(unit: Unit) -> Done:
    """Do what the clip's name says, and note beside it that it was done."""
    name = unit.clip.name
    if unit.settings.out is not None:
        with (unit.settings.out / f"{name}.log").open("a") as file:
            file.write(f"{os.getpid()}\n")
    if name.startswith("killed"):
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("once") and unit.settings.out is not None:
        seen = unit.settings.out / "once"
        if not seen.exists():
            seen.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("slow"):
        time.sleep(60.0)
        if unit.settings.out is not None:
            (unit.settings.out / "whole").touch()  # nobody stopped it
    time.sleep(0.05)
    return Done(name, name, "bridge", 0.05, FOUND, checked=True, note=f"{unit.settings.jobs} jobs")
