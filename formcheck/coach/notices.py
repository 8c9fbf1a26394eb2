"""What the screen shows besides the session itself, for a while: notices, and a flash for what nobody can hear."""

from __future__ import annotations

from collections import deque

from formcheck.coach.cues import RANK
from formcheck.coach.model import Kind

NOTICE_S = 7.0  # to be found and read, two lines from three metres
FLASH_S = 0.4
UNHEARD = ("tones", "silent")  # names of the voice's backends that say nothing in words
# In a rest with paced breathing the circle itself tells; an edge that flashes every few seconds would not be calm.
_SHOWN_ELSEWHERE: frozenset[Kind] = frozenset(("breath",))


class Flashes:
    """Remembers what was said last, for one who does not hear it."""

    def __init__(self) -> None:
        self._kind: Kind | None = None
        self._until_s = 0.0

    def add(self, kind: Kind, now_s: float) -> None:
        """Something is said; of two things at once the more important one flashes.

        Args:
            kind: What it is.
            now_s: By any clock that never goes backwards, the same as for `now`.
        """
        lit = self.now(now_s)
        if kind in _SHOWN_ELSEWHERE or (lit is not None and RANK[lit] < RANK[kind]):
            return
        self._kind, self._until_s = kind, now_s + FLASH_S

    def now(self, now_s: float) -> Kind | None:
        """The kind of what is to flash now, or None."""
        return self._kind if now_s < self._until_s else None


class Notices:
    """What is to be read, one after the other, each for long enough."""

    def __init__(self) -> None:
        self._texts: deque[str] = deque()
        self._until_s: float | None = None

    def add(self, text: str) -> None:
        """One more, after those that wait; one that waits or is read already is not read twice."""
        if text not in self._texts:
            self._texts.append(text)

    def now(self, now_s: float) -> str | None:
        """What is to be read now, or None. The time of each begins with the first call that tells it.

        Args:
            now_s: By any clock that never goes backwards.
        """
        if self._until_s is not None and now_s >= self._until_s:
            self._texts.popleft()
            self._until_s = None
        if not self._texts:
            return None
        if self._until_s is None:
            self._until_s = now_s + NOTICE_S
        return self._texts[0]
