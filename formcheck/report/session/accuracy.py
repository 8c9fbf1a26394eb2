"""The figures that say how right formcheck is, for a report: from one file, which names the command behind them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("accuracy.toml")
MAIN_ANGLE = "mean error of the main angle"
_ROWS = {
    "repetitions": "repetitions with the right outcome",
    "holds": "holds right to half a second",
    "faults": "faults found",
    "angle": MAIN_ANGLE,
}


@dataclass(frozen=True, slots=True)
class Accuracy:
    """What was measured of one exercise: by which command, on how many clips, and each figure with its name."""

    command: str
    clips: str
    rows: tuple[tuple[str, str], ...]


def accuracy_of(exercise: str) -> Accuracy | None:
    """The figures of an exercise, None where none were measured, as for an exercise of one's own."""
    known = _known()
    about = known.get(exercise)
    if not isinstance(about, dict):
        return None
    rows = tuple((label, about[name]) for name, label in _ROWS.items() if name in about)
    return Accuracy(known["command"], f"{about['clips']} {known['clips']}", rows)


@cache
def _known() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
