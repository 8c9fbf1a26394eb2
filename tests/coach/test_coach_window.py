from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import xdisplay
from xdisplay import XDisplay, until

from formcheck.coach.window import Display, Headless, Window, check_display, key_of
from formcheck.errors import FormcheckError, WindowError

needs_display = pytest.mark.skipif(bool(xdisplay.missing()), reason=xdisplay.missing() or "there is one")
on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only here a missing display ends a process")

# A coach in small: shows a picture, and tells on its standard output what comes of it.
PROGRAM = """
import sys, time
import numpy as np
from formcheck.coach.window import Window

image = np.zeros((360, 640, 3), np.uint8)
image[:, :320], image[:, 320:] = (200, 40, 20), (30, 60, 220)
with Window(size=(640, 360)) as window:
    print("open", window.seen, flush=True)
    size, end = None, time.monotonic() + 60
    while not window.closed and time.monotonic() < end:
        window.show(image)
        key = window.key()
        if key:
            print("key", key, flush=True)
        if window.size != size:
            size = window.size
            print("size", *size, flush=True)
        if key == "next":
            break
    print("closed", window.closed, flush=True)
    window.show(image)
    print("after", window.key(), window.closed, flush=True)
print("left", flush=True)
"""


@pytest.fixture
def display() -> Iterator[XDisplay]:
    with xdisplay.x_display() as found:
        yield found


class Running:
    """The program on a display, with what it has told so far."""

    def __init__(self, process: subprocess.Popen[str], told: Path) -> None:
        self.process = process
        self._told = told

    def lines(self) -> list[str]:
        return self._told.read_text().splitlines()

    def tells(self, line: str) -> None:
        until(lambda: line in self.lines())


@contextmanager
def running(display: XDisplay, folder: Path) -> Iterator[Running]:
    told, errors = folder / "told.txt", folder / "errors.txt"
    with told.open("w") as out, errors.open("w") as err:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], env=display.environment, stdout=out, stderr=err, text=True
        )
        try:
            yield Running(process, told)
            assert process.wait(20) == 0, errors.read_text()
            assert errors.read_text() == ""  # nothing on the terminal about fonts and the like
        finally:
            process.kill()
            process.wait()


@needs_display
class TestWindow:
    def test_shows_the_picture_and_hears_keys(self, display: XDisplay, tmp_path: Path) -> None:
        with running(display, tmp_path) as program:
            program.tells("size 640 360")
            window = display.window("formcheck")

            def shown() -> bool:
                picture = display.screenshot(tmp_path / "shot.png")
                return picture[180, 100].tolist() == [200, 40, 20] and picture[180, 500].tolist() == [30, 60, 220]

            until(shown)
            meanings = {"space": "pause", "p": "pain", "P": "pain", "Left": "", "Up": "", "x": "", "Escape": "quit"}
            for name, meaning in meanings.items():  # Left and Up end in the bytes of Q and R
                before = len(program.lines())
                if meaning:  # again and again: a key is lost while the window does not have the focus yet
                    until(lambda name=name, before=before: display.key(window, name) or len(program.lines()) > before)
                    assert set(program.lines()[before:]) == {f"key {meaning}"}
                else:
                    display.key(window, name)
            display.key(window, "n")
            program.tells("left")
        assert program.lines()[-3:] == ["closed False", "after None False", "left"]

    def test_notices_that_it_is_closed_and_stays_closed(self, display: XDisplay, tmp_path: Path) -> None:
        with running(display, tmp_path) as program:
            program.tells("size 640 360")
            display.close(display.window("formcheck"))
            program.tells("left")
        assert program.lines()[-3:] == ["closed True", "after None True", "left"]

    def test_keeps_the_shape_in_a_window_of_another_one(self, display: XDisplay, tmp_path: Path) -> None:
        with running(display, tmp_path) as program:
            program.tells("size 640 360")
            window = display.window("formcheck")
            display.resize(window, 800, 800)
            program.tells("size 800 800")

            def edged() -> bool:
                picture = display.screenshot(tmp_path / "shot.png")[:800, :800]
                rows = np.flatnonzero((picture[:, 100] == (200, 40, 20)).all(axis=1))
                # 640x360 in 800x800 is 800x450, dark above and below.
                return len(rows) > 0 and abs(rows[0] - 175) <= 2 and abs(rows[-1] - 624) <= 2

            until(edged)
            display.key(window, "f")
            program.tells("key full_screen")
            display.key(window, "f")
            display.key(window, "n")
            program.tells("left")


@on_linux
class TestNoDisplay:
    def test_nothing_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("DISPLAY", raising=False)
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        with pytest.raises(WindowError, match="--headless"), Window():
            pass
        assert issubclass(WindowError, FormcheckError)

    @pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY"])
    def test_one_that_does_not_answer(self, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
        """Without the check this test would end the whole test run."""
        monkeypatch.delenv("DISPLAY", raising=False)
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        monkeypatch.setenv(variable, ":4973")
        with pytest.raises(WindowError, match="--headless"), Window():
            pass

    @needs_display
    def test_one_that_answers(self, monkeypatch: pytest.MonkeyPatch, display: XDisplay) -> None:
        monkeypatch.setenv("DISPLAY", display.name)
        check_display()


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (-1, None),
        (0, None),
        (32, "pause"),
        (27, "quit"),
        (ord("q"), "quit"),
        (ord("Q"), "quit"),
        (ord("n"), "next"),
        (ord("N"), "next"),
        (ord("p"), "pain"),
        (ord("f"), "full_screen"),
        (ord("x"), None),
        (13, None),
        (0x100000 | ord("p"), "pain"),  # with Num Lock
        (0x10000 | ord("P"), "pain"),  # with Shift
        (0xFF51, None),  # the left arrow; 0x51 is Q
        (0xFF50, None),  # Home; 0x50 is P
        (0xFFFF, None),
        (0x250000, None),  # the left arrow on Windows
        (228, None),  # an umlaut
    ],
)
def test_keys(code: int, key: str | None) -> None:
    assert key_of(code) == key


def test_a_window_that_is_not_open_does_nothing() -> None:
    window = Window(size=(640, 360))
    window.show(np.zeros((4, 4, 3), np.uint8))
    assert (window.key(), window.closed, window.size) == (None, False, (640, 360))


@pytest.mark.parametrize(
    ("asked", "drawn"),
    [((1280, 720), (1280, 720)), ((3840, 2160), (1920, 1080)), ((5120, 1440), (2715, 764)), ((50, 40), (160, 120))],
)
def test_never_draws_more_than_is_quick(asked: tuple[int, int], drawn: tuple[int, int]) -> None:
    assert Window(size=asked).size == drawn


def test_headless_takes_everything_and_does_nothing() -> None:
    with Headless((320, 240)) as opened:
        display: Display = opened
        display.show(np.zeros((4, 4, 3), np.uint8))
        opened.toggle_full_screen()
        assert (display.key(), display.closed, display.seen, display.size) == (None, False, False, (320, 240))
