"""Keys typed on the terminal, for a session without a window: each is a line."""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading

from formcheck.coach.model import Key

_MEANT: dict[str, Key] = {"": "pause", "n": "next", "p": "pain", "q": "quit"}


class Typed:
    """Takes lines from a file that may be waited for without end, in a thread that keeps nothing from ending.

    Args:
        file: A file descriptor, such as that of a terminal.
    """

    def __init__(self, file: int) -> None:
        self._file = file
        self._keys: queue.SimpleQueue[Key] = queue.SimpleQueue()
        threading.Thread(target=self._read, name="formcheck-typed", daemon=True).start()

    def key(self) -> Key | None:
        """The next key that was typed, None for none."""
        with contextlib.suppress(queue.Empty):
            return self._keys.get_nowait()
        return None

    def _read(self) -> None:
        rest = b""
        # Not sys.stdin: Python cannot end while a thread waits in that.
        while given := self._given():
            *lines, rest = (rest + given).split(b"\n")
            for line in lines:
                key = _MEANT.get(line.decode("utf-8", "replace").strip().lower())
                if key is not None:
                    self._keys.put(key)

    def _given(self) -> bytes:
        try:
            return os.read(self._file, 1024)
        except OSError:  # the terminal is gone, as its last line is
            return b""


def typed_on_terminal() -> Typed | None:
    """The keys of the terminal that the program was started on; None where its input is none."""
    if sys.stdin is None or sys.stdin.closed or not sys.stdin.isatty():
        return None
    return Typed(sys.stdin.fileno())
