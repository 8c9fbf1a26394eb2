"""The one window of the coach, and what stands in for it where there is none."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from formcheck.coach.layout import SMALLEST, layout
from formcheck.coach.model import Key
from formcheck.errors import WindowError

Image = NDArray[np.uint8]  # (H, W, 3), BGR

TITLE = "formcheck"
SIZE = (1280, 720)  # pixels at first
_MOST = 1920 * 1080  # pixels that are drawn: a larger window is scaled up from these, to stay quick
_PROBE_S = 30.0
_KEYS: dict[str, Key] = {
    " ": "pause",
    "n": "next",
    "p": "pain",
    "q": "quit",
    "\x1b": "quit",  # Esc
    "f": "full_screen",
}


class Display(Protocol):
    """What the live loop shows its pictures on."""

    @property
    def seen(self) -> bool:
        """Whether anybody can see what is shown; else nothing need be drawn."""
        ...

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels in which a picture fits best."""
        ...

    @property
    def closed(self) -> bool:
        """Whether the user has closed it."""
        ...

    def show(self, image: Image) -> None:
        """Show a picture."""
        ...

    def key(self) -> Key | None:
        """The key that was pressed, if any."""
        ...


def pressed(display: Display) -> tuple[Key, ...]:
    """All keys that were pressed since the last time and are not done yet; closing the window is "quit"."""
    keys: list[Key] = []
    while (key := display.key()) is not None:
        keys.append(key)
    if display.closed:
        keys.append("quit")
    return tuple(key for key in keys if key != "full_screen")


def check_display() -> None:
    """Find out whether a window can be opened, without opening one here.

    On Linux OpenCV's window toolkit ends the whole process where it reaches no display. So another process tries first,
    which takes a third of a second.

    Raises:
        WindowError: It cannot.
    """
    if not sys.platform.startswith("linux"):
        return
    named = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if not named or not _opens():
        raise WindowError("There is no display to open a window on: add --headless to be coached by voice alone.")


def _opens() -> bool:
    program = "import cv2; cv2.namedWindow('a trial', cv2.WINDOW_NORMAL)"
    try:
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=_PROBE_S, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def key_of(code: int) -> Key | None:
    """The meaning of a key code of OpenCV, None for a key without one.

    Args:
        code: As from `cv2.waitKeyEx`. Arrows and the like have codes over 255, whose last byte is some letter's: left
            would be "Q". Over 16 bits some toolkits put Shift and Num Lock.
    """
    code = code & 0xFFFF if code >= 0 else 0
    return _KEYS.get(chr(code).lower()) if 0 < code < 128 else None


def on_button(point: tuple[int, int], size: tuple[int, int], edges: tuple[int, int]) -> bool:
    """Whether a point is on the button for pain.

    Args:
        point: x and y, in pixels of what is shown.
        size: (width, height) of the coach's picture in it.
        edges: Pixels that were added at its left and over it.
    """
    box, x, y = layout(size).pain, point[0] - edges[0], point[1] - edges[1]
    return box.left <= x < box.right and box.top <= y < box.bottom


class Window:
    """A window on this computer's screen, for one thread: the one that opened it.

    Attributes:
        title: As in its frame.
    """

    def __init__(self, title: str = TITLE, size: tuple[int, int] = SIZE) -> None:
        """Only remembers what to open; `with` opens it.

        Args:
            title: As in its frame.
            size: (width, height) in pixels at first.
        """
        self.title = title
        self._size = size
        self._open = False
        self._closed = False
        self._full = False
        self._shown = (0, 0), (0, 0)  # size of the picture shown last, and the dark edges at its left and over it
        self._hurt = False  # whether the button for pain was clicked and that has not been told yet

    def __enter__(self) -> Self:
        """Open the window.

        Raises:
            WindowError: There is no display, or this OpenCV has no windows.
        """
        check_display()
        cv2 = _cv2()
        _without_fonts()
        try:
            # Free ratio: the whole window is drawn on, and `show` keeps the picture's shape.
            cv2.namedWindow(self.title, cv2.WINDOW_NORMAL | cv2.WINDOW_FREERATIO | cv2.WINDOW_GUI_NORMAL)
            cv2.resizeWindow(self.title, *self._size)
            cv2.setMouseCallback(self.title, self._mouse)
        except cv2.error as error:
            raise WindowError(
                "OpenCV cannot open a window here: add --headless to be coached by voice alone."
            ) from error
        self._open = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the window if the user has not."""
        if self._open and not self.closed:
            _cv2().destroyWindow(self.title)
        self._open = False

    @property
    def seen(self) -> bool:
        """True: somebody can see it."""
        return True

    @property
    def closed(self) -> bool:
        """Whether the user has closed the window. It is never opened again."""
        if self._open and not self._closed:
            self._closed = self._property(_cv2().WND_PROP_VISIBLE) < 1
        return self._closed

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels in which to draw: the window's, or less of its shape where it is very large."""
        if self._open and not self.closed:
            width, height = _cv2().getWindowImageRect(self.title)[2:]
            if width > 0 and height > 0:
                self._size = width, height
        width, height = self._size
        scale = min(1.0, (_MOST / (width * height)) ** 0.5)
        return max(SMALLEST[0], round(width * scale)), max(SMALLEST[1], round(height * scale))

    def show(self, image: Image) -> None:
        """Show a picture, its shape kept; nothing happens once the user has closed the window.

        It appears with the next call of `key`.
        """
        if self._open and not self.closed:
            whole = _shaped(image, self.size)
            (high, wide), (height, width) = whole.shape[:2], image.shape[:2]
            self._shown = (width, height), ((wide - width) // 2, (high - height) // 2)
            _cv2().imshow(self.title, whole)

    def key(self) -> Key | None:
        """Let the window live for a millisecond, and tell which key was pressed in it, None for none.

        A click on the button for pain is a key, too. Space is "pause", n "next", p "pain", q and Esc "quit", capital or
        not. f is "full_screen": that is done already when it is told.
        """
        if not self._open or self.closed:
            return None
        pressed = key_of(_cv2().waitKeyEx(1))
        if pressed == "full_screen":
            self.toggle_full_screen()
        if pressed is None and self._hurt:
            self._hurt, pressed = False, "pain"
        return pressed

    def toggle_full_screen(self) -> None:
        """Fill the screen, or be a window again."""
        if self._open and not self.closed:
            cv2 = _cv2()
            self._full = not self._full
            mode = cv2.WINDOW_FULLSCREEN if self._full else cv2.WINDOW_NORMAL
            cv2.setWindowProperty(self.title, cv2.WND_PROP_FULLSCREEN, mode)

    def _mouse(self, event: int, x: int, y: int, *_: object) -> None:
        """A click, told in pixels of what is shown, whatever the window's size."""
        if event == _cv2().EVENT_LBUTTONDOWN and on_button((x, y), *self._shown):
            self._hurt = True

    def _property(self, name: int) -> float:
        cv2 = _cv2()
        try:
            return float(cv2.getWindowProperty(self.title, name))
        except cv2.error:  # when its last window is closed, the toolkit itself is gone
            return -1.0


class Headless:
    """No window: for a computer without a display. Nobody sees it, and nobody closes it."""

    def __init__(self, size: tuple[int, int] = SIZE, *, typed: Callable[[], Key | None] = lambda: None) -> None:
        """Pretend to be a window.

        Args:
            size: (width, height) in pixels.
            typed: Tells the next key that was pressed elsewhere, None for none.
        """
        self._size = size
        self._typed = typed

    def __enter__(self) -> Self:
        """Nothing is opened."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is closed."""

    @property
    def seen(self) -> bool:
        """False: nothing need be drawn."""
        return False

    @property
    def closed(self) -> bool:
        """False: nobody can close it."""
        return False

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels that it pretends to have."""
        return self._size

    def show(self, image: Image) -> None:
        """Nothing is shown."""

    def key(self) -> Key | None:
        """The key that was pressed elsewhere."""
        return self._typed()

    def toggle_full_screen(self) -> None:
        """There is no screen to fill."""


def _shaped(image: Image, size: tuple[int, int]) -> Image:
    """The picture with dark edges added so that it has the window's shape: toolkits stretch what they show."""
    height, width = image.shape[:2]
    wide, high = max(width, round(height * size[0] / size[1])), max(height, round(width * size[1] / size[0]))
    across, down = (wide - width) if wide > width else 0, (high - height) if high > height else 0
    if across < 0.01 * width and down < 0.01 * height:
        return image
    cv2 = _cv2()
    edges = (down // 2, down - down // 2, across // 2, across - across // 2)
    bordered: Image = cv2.copyMakeBorder(image, *edges, cv2.BORDER_CONSTANT)
    return bordered


def _cv2() -> Any:
    import cv2  # noqa: PLC0415 - slow

    return cv2


def _without_fonts() -> None:
    """Keep the window toolkit from complaining on the terminal about fonts.

    OpenCV's wheel names a folder of fonts that it does not bring. None are needed: all text is drawn into the picture.
    """
    fonts = os.environ.get("QT_QPA_FONTDIR")
    if fonts and not Path(fonts).is_dir():
        del os.environ["QT_QPA_FONTDIR"]
