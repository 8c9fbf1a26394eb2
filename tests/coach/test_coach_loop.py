"""The live loop between a camera, a pose finder and a voice that stand in for the real ones, in made-up time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import bodies
import numpy as np
import pytest

from formcheck.coach.film import Film
from formcheck.coach.keeping import Keeper
from formcheck.coach.language import load_language
from formcheck.coach.loop import Coach, Figures, Settings
from formcheck.coach.model import Key, Progress, Routine, Step
from formcheck.coach.notices import NOTICE_S
from formcheck.coach.routine import single
from formcheck.coach.run import Options, coach
from formcheck.coach.speech import Silent
from formcheck.coach.tones import Tones
from formcheck.coach.window import Display, Headless
from formcheck.errors import OutputError
from formcheck.exercises import get
from formcheck.pose.landmarks import Pose
from formcheck.report.overlay import FAULT, GOOD
from formcheck.video.frame import Frame
from formcheck.video.writer import VideoWriter

ENGLISH = load_language("en")
POSES = bodies.bridges()[0]
LOADING_S = 1.1  # that a model takes


@dataclass
class Clock:
    """Goes on when it is told to, and by the time that work takes whenever it is looked at."""

    now_s: float = 0.0
    work_s: float = 0.0
    now: ClassVar[Clock]  # the one of this test

    def __post_init__(self) -> None:
        Clock.now = self

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
    name: str = "camera 0"
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

    backend: Any = field(default_factory=Silent)
    said: list[tuple[str, float]] = field(default_factory=list)
    kinds: list[tuple[str, float]] = field(default_factory=list)

    def say(self, utterance: Any, now_s: float) -> None:
        self.said.append((utterance.text, now_s))
        self.kinds.append((utterance.kind, now_s))


@dataclass
class Screen(Headless):
    """A window that somebody sees, until the camera ends: gathers what is shown, each picture with its time."""

    camera: Camera
    shown: list[tuple[float, np.ndarray]] = field(default_factory=list)
    seen = True
    size = (640, 480)

    @property
    def closed(self) -> bool:
        return self.camera.state == "ended"

    def key(self) -> None:
        return None

    def show(self, image: np.ndarray) -> None:
        self.shown.append((self.camera.clock.now_s, image))


@pytest.fixture
def finders(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The models that poses were looked for with; found are those of `POSES`."""
    used: list[str] = []
    by_time = {pose.time_s: pose for pose in POSES}

    class Finder:
        def __init__(self, model: str, **_: object) -> None:
            used.append(model)
            Clock.now.now_s += LOADING_S

        def warm_up(self) -> None: ...

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
    figures: Figures = field(default_factory=Figures)
    routine: Routine = field(default_factory=lambda: single(get("bridge")))

    def run(self, camera: Camera, model: str = "full", display: Display | None = None) -> Session:
        keeper = Keeper(None, datetime.now(UTC), self.told.append)
        settings = Settings(self.routine, ENGLISH, model)
        film = Film(None, self.told.append)
        Coach(
            settings, camera, display or Headless(), self.voice, keeper, film,
            notice=self.told.append, log=self.log.append, figures=self.figures, clock=camera.clock,
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
    told = [sentence for sentence in session.told if sentence == ENGLISH.phrase("slow_computer")]
    assert spoken == bool(told) == ("lite" in used[1:])
    assert len(told) <= 1


def test_what_one_should_know_is_on_the_screen_long_enough_and_in_the_language(finders, monkeypatch):
    """One thing after the other, in every stage: who lies three metres away hears nothing of it."""
    drawn: list[tuple[float, str | None]] = []
    camera = Camera(list(nobody(40.0)), Clock())
    german = load_language("de")

    def seen(*given: Any, **_: object) -> np.ndarray:
        drawn.append((camera.clock.now_s, next(one.notice for one in given if isinstance(one, Progress))))
        return np.zeros((480, 640, 3), np.uint8)

    for name in ("draw_setup", "draw_screen"):
        monkeypatch.setattr(f"formcheck.coach.loop.{name}", seen)
    told: list[str] = []
    coach = Coach(
        Settings(single(get("bridge")), german), camera, Screen(camera), Heard(),
        Keeper(None, datetime.now(UTC), told.append), Film(None, told.append), notice=told.append, clock=camera.clock,
    )  # fmt: skip
    coach.greet([german.phrase("about"), german.phrase("pain_reminder")])
    coach.warn("not_kept", "h cannot be written.")
    coach.run()
    texts = [german.phrase(key) for key in ("about", "pain_reminder", "not_kept")]
    assert told[:3] == [*texts[:2], f"h cannot be written. {texts[2]}"]
    assert list(dict.fromkeys(notice for _, notice in drawn)) == [*texts, None]
    for text in texts:
        times = [time_s for time_s, notice in drawn if notice == text]
        assert times[-1] - times[0] == pytest.approx(NOTICE_S, abs=0.3)


def test_a_lost_camera_is_told_in_the_language(finders):
    german, told = load_language("de"), []
    camera = Camera([*POSES[:40], *[None] * 20], Clock(), 0.1)
    Coach(
        Settings(single(get("bridge")), german), camera, Headless(), Heard(),
        Keeper(None, datetime.now(UTC), told.append), Film(None, told.append), notice=told.append, clock=camera.clock,
    ).run()  # fmt: skip
    assert told == [f"camera 0: {german.phrase('camera_lost')}"]


def test_the_figure_is_the_one_that_was_spoken(finders, monkeypatch):
    """The number is told at the top, and the repetition is over later."""
    camera, shown = Camera(list(POSES), Clock()), {}

    def seen(_image: Any, _pose: Any, status: Any, progress: Progress, *_: Any, **__: Any) -> np.ndarray:
        shown[camera.clock.now_s] = progress.count, status.count if status else 0
        return np.zeros((480, 640, 3), np.uint8)

    monkeypatch.setattr("formcheck.coach.loop.draw_screen", seen)
    session = Session()
    session.run(camera, display=Screen(camera))
    numbers = [(int(text), at_s) for text, at_s in session.voice.said if text.isdecimal()]
    assert len(numbers) >= 2
    for number, at_s in numbers:
        assert shown[at_s] == (number, number - 1)
    counts = [count for count, _ in shown.values()]
    assert counts == sorted(counts)


def test_control_c_is_told_and_keeps_the_session(finders):
    camera = Camera(list(POSES), Clock())
    newest, session = camera.newest, Session()

    def pressed(timeout_s: float) -> Frame | None:
        if camera.captured == len(POSES) // 2:
            raise KeyboardInterrupt
        return newest(timeout_s)

    camera.newest = pressed  # type: ignore[method-assign]
    coach = Coach(
        Settings(session.routine, ENGLISH), camera, Headless(), session.voice,
        Keeper(None, datetime.now(UTC), session.told.append), Film(None, session.told.append),
        notice=session.told.append, log=session.log.append, clock=camera.clock,
    )  # fmt: skip
    coach.run()
    assert (coach.interrupted, coach.ended_by) == (True, "quit")
    assert [one["ended_by"] for one in session.log if one["what"] == "end_set"] == ["quit"]


@dataclass
class Presses(Headless):
    """No window, but one key that is pressed at a time."""

    clock: Clock
    at_s: float
    pressed: Key | None = "next"

    def key(self) -> Key | None:
        if self.clock.now_s < self.at_s:
            return None
        key, self.pressed = self.pressed, None
        return key


def test_no_picture_waits_for_a_model(finders):
    """Neither the first one nor that after a change of exercise or model is old when it is shown."""
    steps = tuple(Step(get(name), get(name).dose) for name in ("bridge", "cat_cow"))
    assert {step.exercise.silhouette for step in steps} == {True, False}  # they need finders of two kinds
    camera = Camera(list(POSES), Clock())
    session = Session(routine=Routine("two", "Two", steps))
    session.run(camera, display=Presses(camera.clock, POSES[0].time_s + 2.0))
    assert finders == ["full", "closed", "full", "closed"]
    assert session.figures.frames == len(POSES)
    assert max(session.figures.busy_s) < LOADING_S
    slow = Session()
    slow.run(Camera(list(nobody(12.0)), Clock(work_s=0.06)))
    assert finders[4:] == ["full", "closed", "lite", "closed"]
    assert max(slow.figures.busy_s) < LOADING_S


class Speaks(Silent):
    """A voice that is heard."""

    name = "espeak-ng"


@pytest.mark.parametrize(("backend", "flashes"), [(Silent(), True), (Tones(None, None), True), (Speaks(), False)])
def test_the_screen_flashes_for_what_is_said_where_nobody_hears_it(finders, backend, flashes):
    camera = Camera(list(POSES), Clock())
    screen, session = Screen(camera), Session(voice=Heard(backend))
    session.run(camera, display=screen)
    lit = {time_s: tuple(int(part) for part in image[2, 320]) for time_s, image in screen.shown}
    counted = [at_s for kind, at_s in session.voice.kinds if kind == "count"]
    assert len(counted) >= 2
    for at_s in counted:
        assert (lit[at_s] == GOOD) is flashes
        during = [colour for time_s, colour in lit.items() if at_s + 0.6 < time_s < at_s + 0.9]
        assert during
        assert not {GOOD, FAULT} & set(during)  # it is over soon


@pytest.mark.parametrize(
    ("fps", "work_s", "model", "phrases"),
    [
        (10.0, 0.0, "full", []),
        (5.0, 0.0, "full", ["slow_camera"]),
        (10.0, 0.06, "lite", ["slow_still"]),
        (10.0, 0.06, "full", ["slow_computer", "slow_still"]),
        (5.0, 0.06, "lite", ["slow_still", "slow_camera"]),
    ],
)
def test_what_is_too_slow_is_told_once(finders, fps, work_s, model, phrases):
    """The camera, and a machine for which even the smallest model is too much."""
    session = Session()
    session.run(Camera(list(nobody(40.0, fps)), Clock(work_s=work_s)), model)
    texts = [text for text, _ in session.voice.said]
    known = {key: ENGLISH.phrase(key, fps=5) for key in ("slow_camera", "slow_still", "slow_computer")}
    for told in (texts, session.told):
        assert {key: told.count(text) for key, text in known.items()} == {key: int(key in phrases) for key in known}


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
    monkeypatch.setattr("formcheck.coach.camera.Camera", lambda *_, **__: Camera(list(POSES), Clock()))
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
        f"01-bridge.mp4 cannot be written: the disk is full. {ENGLISH.phrase('no_recording')}"
    ]
    assert [text for text, _ in voice.said].count(ENGLISH.phrase("no_recording")) == 1
    assert "2" in [text for text, _ in voice.said]  # counting went on
    assert not list(Path(tmp_path / "films").glob("*.mp4"))
