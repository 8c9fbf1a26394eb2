"""The live loop between a camera, a pose finder and a voice that stand in for the real ones, in made-up time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bodies
import numpy as np
import pytest

from formcheck.coach.film import Film
from formcheck.coach.keeping import Keeper
from formcheck.coach.language import load_language
from formcheck.coach.loop import Coach, Settings
from formcheck.coach.routine import single
from formcheck.coach.run import Options, coach
from formcheck.coach.window import Headless
from formcheck.errors import OutputError
from formcheck.exercises import get
from formcheck.pose.landmarks import Pose
from formcheck.video.frame import Frame
from formcheck.video.writer import VideoWriter

ENGLISH = load_language("en")
POSES = bodies.bridges()[0]


@dataclass
class Clock:
    """Goes on when it is told to, and by the time that work takes whenever it is looked at."""

    now_s: float = 0.0
    work_s: float = 0.0

    def __call__(self) -> float:
        self.now_s += self.work_s
        return self.now_s


@dataclass
class Camera:
    """Gives a picture for each pose; None is one that fails to come, for as long as the loop waits for it."""

    poses: list[Pose | None]
    clock: Clock
    gap_s: float = 0.0
    captured: int = 0
    notice: str | None = None
    age_s: float = 0.0
    state: str = "opening"

    def __enter__(self) -> Camera:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def newest(self, _timeout_s: float) -> Frame | None:
        if self.captured == len(self.poses):
            self.state = "ended"
            return None
        pose = self.poses[self.captured]
        self.captured += 1
        if pose is None:
            self.clock.now_s += self.gap_s
            self.state, self.notice = "lost", "The camera is gone."
            return None
        self.state, self.notice = "live", None
        self.clock.now_s = max(self.clock.now_s, pose.time_s)
        width, height = pose.size
        return Frame(np.zeros((height, width, 3), np.uint8), pose.time_s, self.captured - 1)


@dataclass
class Heard:
    """A voice: gathers what it is to say."""

    said: list[tuple[str, float]] = field(default_factory=list)

    def say(self, utterance: Any, now_s: float) -> None:
        self.said.append((utterance.text, now_s))


@pytest.fixture
def finders(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The models that poses were looked for with; found are those of `POSES`."""
    used: list[str] = []
    by_time = {pose.time_s: pose for pose in POSES}

    class Finder:
        def __init__(self, model: str, **_: object) -> None:
            used.append(model)

        def find(self, frame: Frame) -> Pose:
            return by_time.get(frame.time_s) or Pose.missing(frame.time_s, (640, 480))

        def close(self) -> None:
            used.append("closed")

    monkeypatch.setattr("formcheck.pose.finder.PoseFinder", Finder)
    return used


@dataclass
class Session:
    """What one session told, said and logged."""

    told: list[str] = field(default_factory=list)
    voice: Heard = field(default_factory=Heard)
    log: list[dict[str, Any]] = field(default_factory=list)

    def run(self, camera: Camera, model: str = "full") -> Session:
        keeper = Keeper(None, datetime.now(UTC), self.told.append)
        settings = Settings(single(get("bridge")), ENGLISH, model)
        film = Film(None, self.told.append)
        Coach(
            settings, camera, Headless(), self.voice, keeper, film,
            notice=self.told.append, log=self.log.append, clock=camera.clock,
        ).run()  # fmt: skip
        return self


def nobody(seconds: float, fps: float = 10.0) -> Iterator[Pose]:
    return (Pose.missing(1000.0 + i / fps, (64, 48)) for i in range(round(seconds * fps)))


@pytest.mark.parametrize(
    ("work_s", "model", "used"),
    [
        (0.06, "full", ["full", "closed", "lite", "closed"]),  # looked at twice a frame: 0.12 s of work on it
        (0.06, "lite", ["lite", "closed"]),
        (0.02, "full", ["full", "closed"]),
    ],
)
def test_too_slow_a_machine_goes_on_with_the_lite_model_and_says_so(finders, work_s, model, used):
    session = Session().run(Camera(list(nobody(12.0)), Clock(work_s=work_s)), model)
    assert finders == used
    spoken = ENGLISH.phrase("slow_computer") in [text for text, _ in session.voice.said]
    told = [sentence for sentence in session.told if "too slow" in sentence]
    assert spoken == bool(told) == ("lite" in used[1:])
    assert len(told) <= 1


@pytest.mark.parametrize("gap_s", [0.1, 0.35])
def test_time_goes_on_by_the_clock_while_the_camera_is_lost(finders, gap_s):
    """However long one look at it takes: what is said and logged meanwhile has the time at which it was."""
    start = POSES[:40]
    camera = Camera([*start, *[None] * round(4.0 / gap_s)], Clock(), gap_s)
    session = Session().run(camera)
    (paused,) = [one for one in session.log if one.get("stage") == "paused"]
    assert start[-1].time_s < paused["at_s"] <= start[-1].time_s + 3.0
    assert session.log[-1]["at_s"] == pytest.approx(start[-1].time_s + gap_s * round(4.0 / gap_s), abs=0.01)


def test_a_recording_that_breaks_off_is_told_to_who_is_on_the_mat(finders, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OutputError("01-bridge.mp4 cannot be written: the disk is full.")

    monkeypatch.setenv("FORMCHECK_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(VideoWriter, "write", full)
    monkeypatch.setattr("formcheck.coach.camera.Camera", lambda _: Camera(list(POSES), Clock()))
    voice = Heard()

    class Voice:
        def __init__(self, *_: object, **__: object) -> None: ...

        def __enter__(self) -> Heard:
            return voice

        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr("formcheck.coach.voice.Voice", Voice)
    told: list[str] = []
    coach(Options("bridge", None, record=tmp_path / "films", headless=True, voice=False), told.append)
    assert [sentence for sentence in told if "disk is full" in sentence] == [
        "01-bridge.mp4 cannot be written: the disk is full. Coaching goes on without recording."
    ]
    assert [text for text, _ in voice.said].count(ENGLISH.phrase("no_recording")) == 1
    assert "2" in [text for text, _ in voice.said]  # counting went on
    assert not list(Path(tmp_path / "films").glob("*.mp4"))
