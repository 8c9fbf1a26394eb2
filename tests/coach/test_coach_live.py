"""The real program at a real stream: counts as `analyze`, cues, history, and a camera that fails in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import on_screen
import pytest
import samples
import xdisplay
from mjpeg import MjpegServer

from formcheck import analyze
from formcheck.coach.routine import single
from formcheck.engine.records import Hold
from formcheck.exercises import get
from formcheck.history.store import Store

pytestmark = pytest.mark.slow
NEEDS_DISPLAY = pytest.mark.skipif(bool(xdisplay.missing()), reason=xdisplay.missing() or "-")
CLIP = samples.clip("bridge_faulty")
COUNTED = ("good", "faulty", "attempt")
BRIDGE = single(get("bridge")).steps[0]


class Program:
    """`formcheck coach` in a process of its own."""

    def __init__(self, folder: Path, *arguments: str, display: xdisplay.XDisplay | None = None) -> None:
        self.log_file, self.folder = folder / "log.jsonl", folder / "data"
        environment = {**os.environ, "FORMCHECK_DATA": str(self.folder), "PYTHONUNBUFFERED": "1"}
        if display is not None:
            environment |= display.environment
        self.output = (folder / "output.txt").open("w+", encoding="utf-8")
        command = [sys.executable, "-m", "formcheck.cli", "coach", *arguments, "--log", str(self.log_file)]
        with hearing_ctrl_c():
            self.process = subprocess.Popen(command, stdout=self.output, stderr=subprocess.STDOUT, env=environment)

    @property
    def log(self) -> list[dict]:
        if not self.log_file.exists():
            return []
        lines = self.log_file.read_text(encoding="utf-8").split("\n")[:-1]
        return [json.loads(line) for line in lines]

    def happened(self, what: str) -> list[dict]:
        assert self.process.poll() is None or self.log_file.exists(), self.text
        return [one for one in self.log if one["what"] == what]

    @property
    def said(self) -> list[str]:
        return [one["text"] for one in self.happened("said")]

    @property
    def numbers(self) -> list[str]:
        """The numbers among what was said."""
        return [text for text in self.said if text.isdecimal()]

    @property
    def outcomes(self) -> list[str]:
        return [one["event"]["outcome"] for one in self.happened("Repetition")]

    @property
    def text(self) -> str:
        self.output.flush()
        self.output.seek(0)
        return self.output.read()

    def sessions(self):
        with Store.reading(self.folder / "history.sqlite3") as store:
            return store.sessions()


@contextmanager
def hearing_ctrl_c() -> Iterator[None]:
    """What is started meanwhile heeds Ctrl-C, even where the tests were started in the background and do not."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def running(folder: Path, *arguments: str, display: xdisplay.XDisplay | None = None) -> Iterator[Program]:
    program = Program(folder, *arguments, display=display)
    try:
        yield program
    except AssertionError as failure:
        failure.add_note(f"exit code {program.process.poll()}, and it printed: {program.text}")
        raise
    finally:
        if program.process.poll() is None:
            program.process.kill()
        program.process.wait()
        program.output.close()


def kept(session) -> list[str]:
    """The outcomes of a session's repetitions, as the history has them."""
    return [one.event.outcome for work in session.sets for one in work.entries if hasattr(one.event, "outcome")]


def test_a_file_as_camera_counts_as_its_analysis(tmp_path: Path):
    with running(tmp_path, "bridge", "--camera", str(CLIP), "--headless", "--no-voice") as program:
        assert program.process.wait(90) == 0, program.text
        outcomes, said, text = program.outcomes, program.said, program.text
    assert outcomes == [rep.outcome for rep in analyze(CLIP, "bridge").reps]
    assert [text for text in said if text.isdecimal()] == ["1", "2", "3"]
    assert "Push your hips up to the line of your thighs." in said
    (session,) = program.sessions()
    assert kept(session) == outcomes
    assert "not a doctor" in text  # the first session says once what this is
    assert not [file for file in tmp_path.rglob("*") if file.suffix in (".mp4", ".png", ".jpg", ".npz")]


class Watching:
    """Takes pictures of the program's window, until one shows what is waited for; that one is kept."""

    def __init__(self, program: Program, display: xdisplay.XDisplay, window: int, file: Path) -> None:
        self._program, self._display, self._window, self._file = program, display, window, file
        self.counting: np.ndarray | None = None
        self.correcting: np.ndarray | None = None
        self.pausing: np.ndarray | None = None

    def sees_the_count(self, ahead: int = 0) -> bool:
        """Whether there was a picture of the number that was spoken last, with a ring of what is counted.

        Args:
            ahead: How much higher that number was, at the least: it is told at the top, and counted at the end.
        """
        numbers, counted = self._told()
        picture = self._picture()
        # Where a number changes just now, window and log may be a moment apart: the next picture will do.
        steady = counted > 0 and (numbers, counted) == self._told()
        if self.counting is None and steady and int(numbers[-1]) >= counted + ahead:
            self.counting = picture if on_screen.counts(picture, BRIDGE, int(numbers[-1]), counted) else None
        return self.counting is not None

    def sees_count_and_correction(self) -> bool:
        """The same at a top, and whether there was one of a correction."""
        counted = self.sees_the_count(ahead=1)
        if self.correcting is None and on_screen.corrects(picture := self._picture()):
            self.correcting = picture
        return counted and self.correcting is not None

    def sees_the_pause(self) -> bool:
        """Whether there was a picture of what is counted, without a line on the body."""
        picture, counted = self._picture(), self._told()[1]
        if on_screen.counts(picture, BRIDGE, counted, counted) and on_screen.line(picture) is None:
            self.pausing = picture
        return self.pausing is not None

    def _picture(self) -> np.ndarray:
        return self._display.picture(self._window, self._file)

    def _told(self) -> tuple[list[str], int]:
        return self._program.numbers, sum(outcome in ("good", "faulty") for outcome in self._program.outcomes)


@NEEDS_DISPLAY
def test_a_network_camera_is_cut_off_in_the_middle_and_comes_back(tmp_path: Path):
    with (
        xdisplay.x_display() as display,
        MjpegServer(CLIP, freeze=True) as server,
        running(tmp_path, "bridge", "--camera", server.url, "--no-voice", display=display) as program,
    ):
        window = display.window("formcheck")
        watching = Watching(program, display, window, tmp_path / "window.png")
        xdisplay.until(watching.sees_the_count, 60)
        server.drop()
        xdisplay.until(lambda: any(one["stage"] == "paused" for one in program.happened("stage")), 30)
        assert any("is gone" in one["text"] or "sends no picture" in one["text"] for one in program.happened("notice"))
        xdisplay.until(watching.sees_the_pause, 30)
        before = len(program.outcomes)
        server.restore()
        xdisplay.until(lambda: len(program.outcomes) > before, 60)
        xdisplay.until(lambda: display.key(window, "q") or program.process.poll() is not None, 40)
        assert program.process.returncode == 0, program.text
        assert any("camera" in text.lower() for text in program.said)
        (session,) = program.sessions()
        assert kept(session) == program.outcomes
        assert {"good", "faulty"} & set(program.outcomes)
        assert watching.counting is not None
        assert on_screen.line(watching.counting) is not None
        light = [on_screen.camera_picture(one).mean() for one in (watching.counting, watching.pausing)]
        assert light[1] < 0.5 * light[0], "a picture that stands still looks like a new one"


@NEEDS_DISPLAY
def test_a_network_camera_counts_as_the_analysis_of_what_it_plays(tmp_path: Path):
    """The whole clip in real time: log, voice, window and history tell the same as `analyze`."""
    expected = [rep.outcome for rep in analyze(CLIP, "bridge", model="lite").reps]
    arguments = "bridge", "--no-voice", "--model", "lite", "--camera"
    with (
        xdisplay.x_display() as display,
        MjpegServer(CLIP, loop=False) as server,
        running(tmp_path, *arguments, server.url, display=display) as program,
    ):
        window = display.window("formcheck")
        watching = Watching(program, display, window, tmp_path / "window.png")
        xdisplay.until(watching.sees_count_and_correction, 90)
        xdisplay.until(lambda: server.over, 90)
        xdisplay.until(lambda: display.key(window, "q") or program.process.poll() is not None, 40)
        assert program.process.returncode == 0, program.text
        outcomes, numbers, said = program.outcomes, program.numbers, program.said
    assert outcomes == expected
    assert numbers == ["1", "2", "3"]
    assert "Push your hips up to the line of your thighs." in said
    (session,) = program.sessions()
    assert kept(session) == outcomes
    for picture in (watching.counting, watching.correcting):
        line = on_screen.line(picture)
        assert line is not None
        assert line.width > 0.2 * on_screen.camera_picture(picture).shape[1]


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for another process")
def test_a_hold_at_a_network_camera_is_as_long_as_in_its_analysis(tmp_path: Path):
    clip = samples.clip("plank_good")
    (expected,) = analyze(clip, "plank", model="lite").holds
    arguments = "plank", "--headless", "--no-voice", "--model", "lite", "--camera"
    with MjpegServer(clip, loop=False) as server, running(tmp_path, *arguments, server.url) as program:
        xdisplay.until(lambda: server.over, 90)
        program.process.send_signal(signal.SIGINT)
        assert program.process.wait(40) == 130
        (logged,) = [one["event"] for one in program.happened("Hold")]
        seconds = [one["text"] for one in program.happened("said") if one["kind"] == "clock"]
    assert logged["in_form_s"] == pytest.approx(expected.in_form_s, abs=0.5)
    assert seconds == ["10 seconds."]
    (session,) = program.sessions()
    (hold,) = [event for work in session.sets for event in work.events if isinstance(event, Hold)]
    assert hold.in_form_s == pytest.approx(logged["in_form_s"], abs=0.01)


@NEEDS_DISPLAY
def test_closing_the_window_in_the_middle_of_a_set_keeps_what_was_done(tmp_path: Path):
    arguments = "bridge", "--no-voice", "--model", "lite", "--camera"
    with (
        xdisplay.x_display() as display,
        running(tmp_path, *arguments, str(CLIP), display=display) as program,
    ):
        window = display.window("formcheck")
        xdisplay.until(lambda: program.outcomes, 60)
        assert not program.happened("end_set")
        display.close(window)
        assert program.process.wait(40) == 0, program.text
        assert "Traceback" not in program.text
        outcomes = program.outcomes
    (session,) = program.sessions()
    assert kept(session) == outcomes
    assert outcomes[0] == "good"
    assert [work.ended_by for work in session.sets] == ["quit"]
    assert session.ended_at is not None


@NEEDS_DISPLAY
def test_pain_ends_everything_at_once_and_is_kept(tmp_path: Path):
    with (
        xdisplay.x_display() as display,
        running(tmp_path, "bridge", "--camera", str(CLIP), "--no-voice", display=display) as program,
    ):
        window = display.window("formcheck")
        xdisplay.until(lambda: program.happened("begin_set"), 60)
        xdisplay.until(lambda: display.key(window, "p") or program.happened("pain"), 20)
        xdisplay.until(lambda: any(one["kind"] == "pain" and one["said"] for one in program.happened("said")), 20)
        assert program.happened("end_set")[0]["ended_by"] == "pain"
        display.close(window)
        assert program.process.wait(40) == 0, program.text
    (session,) = program.sessions()
    assert session.pain
    assert [work.ended_by for work in session.sets] == ["pain"]


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for another process")
def test_ctrl_c_keeps_what_was_done(tmp_path: Path):
    with running(tmp_path, "bridge", "--camera", str(CLIP), "--headless", "--no-voice") as program:
        xdisplay.until(lambda: len(program.outcomes) >= 1, 60)
        program.process.send_signal(signal.SIGINT)
        assert program.process.wait(40) == 130
        assert "Traceback" not in program.text
    (session,) = program.sessions()
    assert kept(session)[0] in COUNTED
    assert session.ended_at is not None


def test_a_crash_loses_at_most_the_repetition_under_way(tmp_path: Path):
    with running(tmp_path, "bridge", "--camera", str(CLIP), "--headless", "--no-voice") as program:
        xdisplay.until(lambda: len(program.outcomes) >= 1, 60)
        program.process.kill()
        program.process.wait(10)
        done = program.outcomes
    with Store.open(program.folder / "history.sqlite3"):
        pass  # a session that was cut off is ended by the next start
    (session,) = program.sessions()
    assert kept(session) == done
