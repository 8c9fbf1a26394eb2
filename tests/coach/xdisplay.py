"""A display without a screen for tests of windows: pictures of it, keys and clicks on it."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks import _xvfb

PROGRAMS = (*_xvfb.PROGRAMS, "xdotool", "import")


def missing() -> str:
    """Why there can be no such display here, "" where there can."""
    absent = [name for name in PROGRAMS if shutil.which(name) is None]
    return f"not installed: {', '.join(absent)}" if absent else ""


def until(holds: Callable[[], object], seconds: float = 20.0) -> object:
    """Wait until something is so, and give what it is; fail when it takes too long."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds:g} s")
        time.sleep(0.02)
    return found


class _ClientMessage(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("rest", ctypes.c_long * 24),
    )


@dataclass(frozen=True)
class XDisplay:
    """A running display.

    Attributes:
        name: For the environment variable DISPLAY.
    """

    name: str

    @property
    def environment(self) -> dict[str, str]:
        """This process's environment, on this display."""
        kept = {key: value for key, value in os.environ.items() if key != "WAYLAND_DISPLAY"}
        return kept | {"DISPLAY": self.name}

    def window(self, title: str) -> int:
        """The id of the window of this title, once it is there."""
        return int(str(until(lambda: self._xdotool("search", "--name", f"^{title}$"))).split()[-1])

    def key(self, window: int, name: str) -> None:
        """Press a key in a window: "space", "n", "Escape"."""
        self._xdotool("key", "--window", str(window), name)

    def click(self, x: int, y: int) -> None:
        """Click at a place of the whole display."""
        self._xdotool("mousemove", "--sync", str(x), str(y), "click", "1")

    def resize(self, window: int, width: int, height: int) -> None:
        """Give a window another size, as by dragging its corner."""
        self._xdotool("windowsize", "--sync", str(window), str(width), str(height))

    def close(self, window: int) -> None:
        """Ask a window to close, as the X in its frame does: `xdotool windowclose` would only tear it away."""
        x11 = ctypes.CDLL("libX11.so.6")
        x11.XOpenDisplay.restype = ctypes.c_void_p
        x11.XInternAtom.restype = ctypes.c_ulong
        x11.XInternAtom.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)
        x11.XSendEvent.argtypes = (ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_long, ctypes.c_void_p)
        x11.XCloseDisplay.argtypes = (ctypes.c_void_p,)
        display = x11.XOpenDisplay(self.name.encode())
        assert display
        protocols, delete = (x11.XInternAtom(display, name, 0) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
        message = _ClientMessage(type=33, send_event=1, window=window, message_type=protocols, format=32)
        message.data[0] = delete
        assert x11.XSendEvent(display, window, 0, 0, ctypes.byref(message))
        x11.XCloseDisplay(display)

    def screenshot(self, path: Path) -> np.ndarray:
        """What is on the whole display now, (H, W, 3) BGR; `path` is overwritten."""
        return self._picture("root", path)

    def picture(self, window: int, path: Path) -> np.ndarray:
        """What is in a window now, without its frame, (H, W, 3) BGR; `path` is overwritten."""
        return self._picture(str(window), path)

    def _picture(self, which: str, path: Path) -> np.ndarray:
        subprocess.run(["import", "-window", which, str(path)], env=self.environment, check=True, capture_output=True)
        image = cv2.imread(str(path))
        assert image is not None
        return image

    def _xdotool(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words], env=self.environment, check=False, capture_output=True, text=True, timeout=20
        )
        return done.stdout.strip()


@contextmanager
def x_display(size: tuple[int, int] = (1600, 1000)) -> Iterator[XDisplay]:
    """A display of this size, with a window manager, for as long as the block lasts."""
    with _xvfb.virtual_display(*size) as name:
        yield XDisplay(name)
