"""Whether live coaching can work here: each thing that it needs is tried, and what fails is told with what to do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from formcheck.coach.model import Utterance
from formcheck.coach.sound import SpeechError
from formcheck.errors import FormcheckError
from formcheck.footage import SLOW_FPS

WATCH_S = 2.0  # that the camera is watched
_SOUND = "Choose loudspeakers in the sound settings and turn them up; until then what is said is only shown."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried.

    Attributes:
        name: Of the thing.
        well: Whether it works.
        text: What was found, or what is wrong and what to do.
    """

    name: str
    well: bool
    text: str


def examine(camera: str, language: str) -> Iterator[Finding]:
    """Try one thing after the other.

    Args:
        camera: As for `formcheck coach`.
        language: Of the voice.
    """
    yield _tried("cameras", _cameras)
    yield _tried("camera", lambda: _watch(camera))
    yield _tried("model", _model)
    yield _tried("window", _window)
    yield _voice(language)
    yield _tried("history", _history)


def _tried(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except FormcheckError as error:
        return Finding(name, False, str(error))


def _cameras() -> str:
    from formcheck.coach.devices import list_cameras  # noqa: PLC0415

    return ", ".join(map(str, list_cameras())) or "none is connected; a phone's address or a video file works as well"


def _watch(where: str) -> str:
    from formcheck.coach.camera import Camera, CameraError  # noqa: PLC0415

    with Camera(where) as camera:
        begun_s, count, size = time.monotonic(), 0, (0, 0)
        while time.monotonic() - begun_s < WATCH_S and camera.state != "ended":
            frame = camera.newest(0.2)
            if frame is not None:
                count, size = count + 1, (frame.image.shape[1], frame.image.shape[0])
        if not count:
            raise CameraError(f"{camera.name} sent no picture in {WATCH_S:g} s: plug it in again or give another one.")
        rate = count / (time.monotonic() - begun_s)
        if rate < SLOW_FPS:
            raise CameraError(
                f"{camera.name} sends only {rate:.1f} pictures a second, so that fast movements would be missed: turn "
                "on more light, bring a network camera nearer to its access point, or give another one."
            )
        return f"{camera.name} sends {rate:.0f} pictures a second of {size[0]} x {size[1]}"


def _model() -> str:
    from formcheck.pose.finder import PoseFinder  # noqa: PLC0415
    from formcheck.pose.models import find_model  # noqa: PLC0415

    path = find_model("full")
    PoseFinder("full").close()
    return f"{path.name} is there and works"


def _window() -> str:
    from formcheck.coach.window import check_display  # noqa: PLC0415

    check_display()
    return "can be opened"


def _voice(language: str) -> Finding:
    """It says one word aloud: only that shows whether anything is heard."""
    from formcheck.coach.language import load_language  # noqa: PLC0415
    from formcheck.coach.speech import choose_backend  # noqa: PLC0415

    try:
        told = load_language(language)
        backend = choose_backend(told)
    except FormcheckError as error:
        return Finding("voice", False, str(error))
    try:
        backend.speak(Utterance(told.phrase("screen_ready"), "guide", 0.0), threading.Event())
    except SpeechError as error:
        return Finding("voice", False, f"{backend.name} cannot be heard: {error} {_SOUND}")
    finally:
        backend.close()
    return Finding("voice", backend.problem is None, backend.problem or f"speaks by {backend.name}")


def _history() -> str:
    from formcheck.history.places import history_path  # noqa: PLC0415
    from formcheck.history.store import Store  # noqa: PLC0415

    with Store.open():
        return f"can be written at {history_path()}"
