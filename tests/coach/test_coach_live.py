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

import pytest
import samples
import xdisplay
from mjpeg import MjpegServer

from formcheck import analyze
from formcheck.history.store import Store

pytestmark = pytest.mark.slow
NEEDS_DISPLAY = pytest.mark.skipif(bool(xdisplay.missing()), reason=xdisplay.missing() or "-")
CLIP = samples.clip("bridge_faulty")
COUNTED = ("good", "faulty", "attempt")


class Program:
    """`formcheck coach` in a process of its own."""

    def __init__(self, folder: Path, *arguments: str, display: xdisplay.XDisplay | None = None) -> None:
        self.log_file, self.folder = folder / "log.jsonl", folder / "data"
        environment = {**os.environ, "FORMCHECK_DATA": str(self.folder), "PYTHONUNBUFFERED": "1"}
        if display is not None:
            environment |= display.environment
        self.output = (folder / "output.txt").open("w+", encoding="utf-8")
        command = [sys.executable, "-m", "formcheck.cli", "coach", *arguments, "--log", str(self.log_file)]
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
    assert [number for number in said if number.isdecimal()] == ["1", "2", "3"]
    assert "Push your hips up to the line of your thighs." in said
    (session,) = program.sessions()
    assert kept(session) == outcomes
    assert "not a doctor" in text  # the first session says once what this is
    assert not [file for file in tmp_path.rglob("*") if file.suffix in (".mp4", ".png", ".jpg", ".npz")]


@NEEDS_DISPLAY
def test_a_network_camera_is_cut_off_in_the_middle_and_comes_back(tmp_path: Path):
    with (
        xdisplay.x_display() as display,
        MjpegServer(CLIP, freeze=True) as server,
        running(tmp_path, "bridge", "--camera", server.url, "--no-voice", display=display) as program,
    ):
        window = display.window("formcheck")
        xdisplay.until(lambda: len(program.outcomes) >= 1, 60)
        shown = display.screenshot(tmp_path / "counting.png")
        assert shown.std() > 10, "the window is empty"
        server.drop()
        xdisplay.until(lambda: program.happened("notice"), 30)
        assert any(one["stage"] == "paused" for one in program.happened("stage"))
        lost = display.screenshot(tmp_path / "lost.png")
        assert (lost != shown).any()
        before = len(program.outcomes)
        server.restore()
        xdisplay.until(lambda: len(program.outcomes) > before, 60)
        xdisplay.until(lambda: display.key(window, "q") or program.process.poll() is not None, 40)
        assert program.process.returncode == 0, program.text
        assert any("camera" in text.lower() for text in program.said)
        (session,) = program.sessions()
        assert kept(session) == program.outcomes
        assert {"good", "faulty"} & set(program.outcomes)


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
