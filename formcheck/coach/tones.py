"""Short tones in place of a voice: each kind of what is said has its own, so that they can be told apart by ear."""

from __future__ import annotations

import threading
from functools import cache

import numpy as np
from numpy.typing import NDArray

from formcheck.coach.model import Kind, Utterance
from formcheck.coach.sound import RATE_HZ, Player, to_wav

FADE_S = 0.012  # without it a tone begins and ends with a click
LOUD = 0.35
_REST = 0.0
# (Hz, seconds) one after the other. What goes well rises, what is to be changed falls, an alarm goes up and down.
PATTERNS: dict[Kind, tuple[tuple[float, float], ...]] = {
    "pain": ((880, 0.25), (440, 0.25)) * 4,
    "count": ((880, 0.12),),
    "clock": ((660, 0.07),),
    "correction": ((660, 0.16), (_REST, 0.05), (440, 0.24)),
    "switch": ((523, 0.14), (659, 0.14), (784, 0.22)),
    "praise": ((784, 0.1), (1175, 0.16)),
    "advice": ((330, 0.3), (_REST, 0.08), (330, 0.3)),
    "moment": ((523, 0.12),),
    "guide": ((523, 0.25),),
    "breath": ((349, 0.4),),
}


class Tones:
    """Says by tones what there is to say.

    Attributes:
        name: "tones".
        problem: Why there is no voice, and what to do.
    """

    name = "tones"

    def __init__(self, player: Player, problem: str | None) -> None:
        self.problem = problem
        self._player = player

    def speak(self, utterance: Utterance, stop: threading.Event) -> None:
        """See `formcheck.coach.speech.Backend`."""
        self._player.play(tone(utterance.kind), stop)

    def close(self) -> None:
        """Nothing is kept open."""


@cache
def tone(kind: Kind) -> bytes:
    """The WAV of a kind."""
    samples = np.concatenate([_one(hz, length_s) for hz, length_s in PATTERNS[kind]])
    return to_wav((samples * 32767).astype("<i2").tobytes())


def _one(hz: float, length_s: float) -> NDArray[np.float64]:
    time_s = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    edge = np.clip(np.minimum(time_s, length_s - time_s) / FADE_S, 0.0, 1.0)
    return LOUD * edge * np.sin(2 * np.pi * hz * time_s)
