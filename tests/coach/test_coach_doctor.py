"""`formcheck doctor`: what works is told, and what fails is told with what to do."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import samples

from formcheck.coach import devices, doctor, speech, window
from formcheck.coach.camera import Camera
from formcheck.coach.doctor import examine
from formcheck.coach.language import load_language
from formcheck.coach.sound import ProgramPlayer
from formcheck.coach.speech import Silent
from formcheck.coach.tones import Tones
from formcheck.errors import ModelError
from formcheck.history.places import FOLDER_VARIABLE
from formcheck.pose import models

THINGS = ["cameras", "camera", "model", "window", "voice", "history"]
CHECK_DISPLAY = window.check_display  # the real one


class Spoken(Silent):
    """A voice that works."""

    name = "espeak-ng"


@pytest.fixture
def closed():
    return []


@pytest.fixture(autouse=True)
def healthy(tmp_path, monkeypatch, closed):
    """A machine on which everything works; the model and the history really do."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "data"))
    monkeypatch.setattr(doctor, "WATCH_S", 0.3)
    monkeypatch.setattr(window, "check_display", lambda: None)
    monkeypatch.setattr(devices, "list_cameras", lambda: (devices.Device(0, "HD Webcam"),))
    monkeypatch.setattr(Spoken, "close", lambda _: closed.append("voice"))
    monkeypatch.setattr(speech, "choose_backend", lambda _: Spoken())


@pytest.fixture
def clip(tmp_path):
    return str(samples.write_pictures(tmp_path / "clip.mp4", [np.zeros((48, 64, 3), np.uint8)] * 24))


def quick(monkeypatch):
    """Without the model, which takes a while."""
    monkeypatch.setattr(doctor, "_model", lambda: "is there")


def told(camera, language="en"):
    found = list(examine(camera, language))
    assert [finding.name for finding in found] == THINGS
    assert all(finding.text and "\n" not in finding.text for finding in found)
    return {finding.name: finding for finding in found}


def only_failure(found, name):
    assert [finding.name for finding in found.values() if not finding.well] == [name]
    return found[name].text


def test_all_is_well(clip, closed, tmp_path):
    found = told(clip)
    assert all(finding.well for finding in found.values())
    assert "HD Webcam" in found["cameras"].text
    assert "of 64 x 48" in found["camera"].text
    assert found["model"].text == "pose_landmarker_full.task is there and works"
    assert "espeak-ng" in found["voice"].text
    assert str(tmp_path / "data") in found["history"].text
    assert closed == ["voice"]


def test_the_camera_is_watched_and_let_go(clip, monkeypatch):
    cameras = []

    class Seen(Camera):
        def __enter__(self):
            cameras.append(self)
            return super().__enter__()

    monkeypatch.setattr("formcheck.coach.camera.Camera", Seen)
    quick(monkeypatch)
    told(clip)
    assert [camera.state for camera in cameras] == ["ended"]


@pytest.mark.parametrize(
    ("camera", "do"),
    [
        ("no/such.mp4", "give"),
        ("ftp://phone/video", "give an address such as"),
        (".", "name a video file in it"),
        ("text.mp4", "text.mp4"),
    ],
)
def test_a_camera_that_is_none(camera, do, tmp_path, monkeypatch):
    quick(monkeypatch)
    monkeypatch.chdir(tmp_path)
    Path("text.mp4").write_text("no video")
    assert do in only_failure(told(camera), "camera")


def test_a_camera_that_sends_nothing_more(clip, monkeypatch):
    quick(monkeypatch)
    monkeypatch.setattr(Camera, "newest", lambda *_: None)
    monkeypatch.setattr(Camera, "state", "stalled")
    assert "sent no picture in 0.3 s: plug it in again" in only_failure(told(clip), "camera")


def test_a_camera_that_sends_few_pictures(tmp_path, monkeypatch):
    quick(monkeypatch)
    monkeypatch.setattr(doctor, "WATCH_S", 1.0)
    slow = samples.write_pictures(tmp_path / "slow.mp4", [np.zeros((48, 64, 3), np.uint8)] * 12, fps=4)
    assert "pictures a second, so that fast movements would be missed: turn on more light" in only_failure(
        told(str(slow)), "camera"
    )


def test_no_camera_is_connected(clip, monkeypatch):
    """A phone will do."""
    quick(monkeypatch)
    monkeypatch.setattr(devices, "list_cameras", lambda: ())
    finding = told(clip)["cameras"]
    assert finding.well
    assert "phone" in finding.text


def test_cameras_that_cannot_be_listed(clip, monkeypatch):
    def fails():
        raise devices.CameraError("Cameras cannot be listed: install formcheck again.")

    quick(monkeypatch)
    monkeypatch.setattr(devices, "list_cameras", fails)
    assert "install formcheck again" in only_failure(told(clip), "cameras")


def test_the_model_is_missing(clip, tmp_path, monkeypatch):
    monkeypatch.setattr(models, "_home", lambda: (tmp_path, "python models/build.py"))
    assert "run: python models/build.py full" in only_failure(told(clip), "model")


def test_the_model_does_not_work(clip, monkeypatch):
    def fails(_):
        raise ModelError("It does not start: install formcheck again.")

    monkeypatch.setattr("formcheck.pose.finder.PoseFinder", fails)
    assert "install formcheck again" in only_failure(told(clip), "model")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_no_display(clip, monkeypatch):
    quick(monkeypatch)
    monkeypatch.setattr(window, "check_display", CHECK_DISPLAY)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert "--headless" in only_failure(told(clip), "window")


def test_no_voice(clip, monkeypatch, closed):
    quick(monkeypatch)
    problem = "No voice speaks English here: install the program espeak-ng."
    monkeypatch.setattr(speech, "choose_backend", lambda _: Spoken(problem))
    assert only_failure(told(clip), "voice") == problem
    assert closed == ["voice"]


def test_a_voice_that_says_one_word(clip, monkeypatch):
    quick(monkeypatch)
    heard = []
    monkeypatch.setattr(Spoken, "speak", lambda _, utterance, stop: heard.append((utterance.text, stop.is_set())))
    assert told(clip, "de")["voice"].well
    assert heard == [(load_language("de").phrase("screen_ready"), False)]


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell's")
@pytest.mark.parametrize("problem", [None, "No voice speaks English here: install the program espeak-ng."])
def test_a_voice_that_nobody_can_hear(problem, clip, tmp_path, monkeypatch, closed):
    """The program is there and always fails, as aplay does without a sound card."""
    program = tmp_path / "aplay"
    program.write_text("#!/bin/sh\ncat > /dev/null\necho 'audio open error: no such device' >&2\nexit 1\n")
    program.chmod(0o755)
    quick(monkeypatch)
    backend = Tones(ProgramPlayer([[str(program)]]), problem)
    monkeypatch.setattr(backend, "close", lambda: closed.append("voice"))
    monkeypatch.setattr(speech, "choose_backend", lambda _: backend)
    text = only_failure(told(clip), "voice")
    assert "aplay failed: audio open error: no such device." in text
    assert "sound settings" in text
    assert closed == ["voice"]


def test_no_such_language(clip, monkeypatch):
    quick(monkeypatch)
    assert "choose one of" in only_failure(told(clip, "xx"), "voice")


@pytest.mark.parametrize(("content", "do"), [(None, "choose another folder"), (b"no database" * 100, "move it away")])
def test_the_history_cannot_be_used(content, do, clip, tmp_path, monkeypatch):
    quick(monkeypatch)
    data = tmp_path / "data"
    if content is None:
        data.touch()  # a file where the folder should be
    else:
        data.mkdir()
        (data / "history.sqlite3").write_bytes(content)
    assert do in only_failure(told(clip), "history")


def test_everything_is_tried_whatever_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(models, "_home", lambda: (tmp_path, "python models/build.py"))
    (tmp_path / "data").touch()
    failed = [name for name, finding in told("no/such.mp4", "xx").items() if not finding.well]
    assert failed == ["camera", "model", "voice", "history"]
