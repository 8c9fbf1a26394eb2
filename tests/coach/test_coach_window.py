from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import xdisplay
from xdisplay import XDisplay, until

from formcheck.coach.layout import layout
from formcheck.coach.model import Key
from formcheck.coach.typed import Typed, typed_on_terminal
from formcheck.coach.window import Display, Headless, Window, check_display, key_of, on_button, pressed
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
            # The button for pain is in the lower right corner of the picture, which ends 175 pixels over the window's.
            display.click(760, 600)
            program.tells("key pain")
            clicked = program.lines().count("key pain")
            display.click(760, 700)
            display.click(400, 600)
            display.key(window, "f")
            program.tells("key full_screen")
            display.key(window, "f")
            display.key(window, "n")
            program.tells("left")
            assert program.lines().count("key pain") == clicked


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


@pytest.mark.parametrize("size", [(1280, 720), (640, 480), (480, 640), (160, 120)])
@pytest.mark.parametrize("edges", [(0, 0), (0, 175), (40, 0)])
def test_the_button_for_pain_is_where_it_is_drawn(size: tuple[int, int], edges: tuple[int, int]) -> None:
    box = layout(size).pain
    assert box.width >= size[1] / 12 and box.height >= size[1] / 12
    x, y = box.middle[0] + edges[0], box.middle[1] + edges[1]
    assert on_button((x, y), size, edges)
    for off in ((box.left - 1, y), (x, box.top - 1), (box.right, y), (x, box.bottom)):
        point = (off[0] + edges[0] if off[0] != x else x, off[1] + edges[1] if off[1] != y else y)
        assert not on_button(point, size, edges)


def test_headless_tells_keys_of_elsewhere() -> None:
    keys: list[Key] = ["quit", "pain"]
    display = Headless(typed=lambda: keys.pop() if keys else None)
    assert pressed(display) == ("pain", "quit")


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo terminals")
class TestTyped:
    def test_lines_are_keys(self) -> None:
        reading, writing = os.pipe()
        typed, found = Typed(reading), []
        os.write(writing, b"p\n\n N \nQ\r\nxyz\npp\np")
        until(lambda: found.append(typed.key()) or len([key for key in found if key]) == 4)
        assert [key for key in found if key] == ["pain", "pause", "next", "quit"]
        os.write(writing, b"\n")  # the end of the last line
        assert until(typed.key) == "pain"
        os.close(writing)
        assert typed.key() is None

    def test_only_of_a_terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with Path(os.devnull).open() as nothing:
            monkeypatch.setattr(sys, "stdin", nothing)
            assert typed_on_terminal() is None
        monkeypatch.setattr(sys, "stdin", None)
        assert typed_on_terminal() is None

    def test_a_terminal_keeps_nothing_from_ending(self) -> None:
        """The thread still waits for a line when the program ends."""
        ours, theirs = os.openpty()
        program = (
            "import time; from formcheck.coach.typed import typed_on_terminal\n"
            "typed = typed_on_terminal()\nwhile not (key := typed.key()): time.sleep(0.01)\nprint(key)"
        )
        with subprocess.Popen(
            [sys.executable, "-c", program], stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            os.write(ours, b"p\n")
            assert process.communicate(timeout=60) == ("pain\n", "")
            assert process.returncode == 0
        os.close(ours)
        os.close(theirs)


def test_headless_takes_everything_and_does_nothing() -> None:
    with Headless((320, 240)) as opened:
        display: Display = opened
        display.show(np.zeros((4, 4, 3), np.uint8))
        opened.toggle_full_screen()
        assert (display.key(), display.closed, display.seen, display.size) == (None, False, False, (320, 240))
