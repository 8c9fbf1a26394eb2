"""The commands around live coaching: what they hand on, and that a mistake is one sentence and no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import samples
from typer.testing import CliRunner

from formcheck import cli
from formcheck.coach import doctor
from formcheck.coach import run as run_module
from formcheck.coach.doctor import Finding
from formcheck.coach.run import Options
from formcheck.history.places import FOLDER_VARIABLE
from formcheck.history.store import Store

SLOW = ("mediapipe", "cv2", "av", "numpy", "rich", "sqlite3", "platformdirs")


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "data"))
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capfdbinary):
    def run_main(*arguments):
        code = cli.main(arguments)
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return run_main


@pytest.fixture
def asked(monkeypatch):
    """What the coach was asked for; it does not begin."""
    options = []
    monkeypatch.setattr(run_module, "coach", lambda asked_for, _tell: options.append(asked_for))
    return options


# --- coach --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (["bridge"], Options("bridge", None)),
        (["--routine", "back-relief"], Options(None, "back-relief")),
        (["-r", "mine.toml", "-c", "phone", "--no-mirror"], Options(None, "mine.toml", "phone", mirror=False)),
        (["plank", "--no-voice", "--headless"], Options("plank", None, voice=False, headless=True)),
        (["plank", "--record", "films", "--log", "l"], Options("plank", None, record=Path("films"), log=Path("l"))),
        (["plank", "--language", "de", "--model", "lite"], Options("plank", None, language="de", model="lite")),
        (["plank", "--mirror", "--voice"], Options("plank", None)),
    ],
)
def test_what_is_asked_for_is_handed_on(arguments, options, asked, run):
    assert run("coach", *arguments) == (0, "", "")
    assert asked == [options]


@pytest.mark.parametrize("arguments", [[], ["bridge", "--routine", "back-relief"], ["--headless"]])
def test_one_exercise_or_one_routine(arguments, asked, run):
    code, out, err = run("coach", *arguments)
    assert (code, out) == (2, "")
    assert "name an exercise or a routine" in err
    assert "Traceback" not in err
    assert not asked


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["brigde"], "brigde"),
        (["missing.toml"], "missing.toml"),
        (["--routine", "nonsense"], "back-relief"),
        (["--routine", "missing.toml"], "missing.toml"),
        (["bridge", "--camera", "missing.mp4", "--headless", "--no-voice"], "missing.mp4"),
        (["bridge", "--camera", "97", "--headless", "--no-voice"], "97"),
        (["bridge", "--language", "xx"], "choose one of"),
        (["bridge", "--model", "huge"], "huge"),
        (["bridge", "--record", "file/films"], "file/films cannot be written"),
        (["bridge", "--log", "file/log"], "file/log cannot be written"),
    ],
)
def test_a_mistake_is_one_sentence(arguments, said, run, place):
    (place / "file").touch()
    code, out, err = run("coach", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("formcheck: ")
    assert err.count("\n") == 1
    assert said in err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_no_display(run):
    code, out, err = run("coach", "bridge", "--no-voice", "--camera", "missing.mp4")
    assert (code, out) == (2, "")
    assert err == "formcheck: There is no display to open a window on: add --headless to be coached by voice alone.\n"


def test_nobody_in_the_picture(run, place):
    """A whole session, real but for the person: it ends with its film, tells what it is, and keeps no picture."""
    clip = samples.write_pictures(place / "empty.mp4", [np.full((96, 128, 3), 90, np.uint8)] * 6)
    code, out, err = run(
        "coach", "bridge", "-c", str(clip), "--headless", "--no-voice", "--log", "log", "--model", "lite"
    )
    assert (code, err) == (0, "")
    assert "not a doctor" in out
    assert all(json.loads(line)["what"] for line in (place / "log").read_text(encoding="utf-8").splitlines())
    with Store.reading() as store:
        (session,) = store.sessions()
    assert session.ended_at is not None
    assert session.sets == ()
    kept = sorted(path.name for path in place.rglob("*") if path.is_file() and not path.name.startswith("history."))
    assert kept == ["about-told", "empty.mp4", "log"]


# --- doctor -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("well", "code"), [((True, True), 0), ((True, False), 1), ((False, True), 1)])
def test_doctor(well, code, run, monkeypatch):
    asked = []

    def examine(*arguments):
        asked.append(arguments)
        return iter([Finding(name, so, f"{name} it is") for name, so in zip(("camera", "voice"), well, strict=True)])

    monkeypatch.setattr(doctor, "examine", examine)
    words = {True: "ok  ", False: "FAIL"}
    out = f"{words[well[0]]}  camera: camera it is\n{words[well[1]]}  voice: voice it is\n"
    assert run("doctor", "--camera", "phone", "--language", "de") == (code, out, "")
    assert asked == [("phone", "de")]


def test_doctor_for_real(run, place):
    """Without a camera and a display, on any machine."""
    (place / "data").touch()  # and with a file where the history's folder should be
    code, out, err = run("doctor", "--camera", "missing.mp4")
    assert (code, err) == (1, "")
    assert "FAIL  camera: " in out
    assert "ok    model: " in out
    assert "FAIL  history: " in out


# --- routines and history -----------------------------------------------------------------------------------------


def test_routines(run):
    code, out, err = run("routines")
    assert (code, err) == (0, "")
    assert "back-relief" in out
    assert run("routines", "back-relief")[1] == out


def test_an_unknown_routine(run):
    code, out, err = run("routines", "nonsense")
    assert (code, out) == (2, "")
    assert err.startswith("formcheck: There is no routine 'nonsense'")
    assert err.count("\n") == 1


@pytest.mark.parametrize("options", [[], ["--export", "json"], ["--export", "csv"], ["--delete", "--yes"]])
def test_an_empty_history(options, run, place):
    code, _, err = run("history", *options)
    assert (code, err) == (0, "")
    assert list(place.iterdir()) == []  # to look makes none


def test_history_options_that_do_not_go_together(run):
    code, out, err = run("history", "--delete", "--export", "csv")
    assert (code, out) == (2, "")
    assert "either export or delete" in err


@pytest.mark.parametrize(("interrupted", "code"), [(True, 130), (False, 0)])
def test_control_c_is_seen_in_the_exit_code(interrupted, code, monkeypatch):
    monkeypatch.setattr("formcheck.coach.run.coach", lambda *_: interrupted)
    assert cli.main(["coach", "bridge"]) == code


# --- help ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["coach", "doctor", "routines", "history"])
def test_help(command):
    done = CliRunner().invoke(cli.app, [command, "--help"])
    assert done.exit_code == 0
    assert command in CliRunner().invoke(cli.app, ["--help"]).output


@pytest.mark.parametrize("command", ["coach", "doctor"])
def test_help_promises_a_cameras_name_where_it_has_one(command):
    assert "index or name (name: Linux)" in " ".join(CliRunner().invoke(cli.app, [command, "--help"]).output.split())


@pytest.mark.parametrize("arguments", [["--help"], ["coach", "--help"], ["coach"]])
def test_help_imports_nothing_slow(arguments):
    code = (
        f"import sys; from formcheck.cli import main; main({arguments}); print([m for m in {SLOW} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.splitlines()[-1] == "[]"
