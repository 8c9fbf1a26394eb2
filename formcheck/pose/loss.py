"""Whether something of a file was lost on the way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Loss:
    """Noted by those who read a file, and asked at the end.

    Attributes:
        lossy: Whether something could not be read or decoded so far.
    """

    lossy: bool = False
