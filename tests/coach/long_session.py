"""A program for a test: a long session in made-up time, with its memory told.

`python -m long_session FRAMES FOLDER` coaches set after set of bridges. Real are the loop, the rules, the session, the
voice (silent), the log, the history and the drawing; camera and pose model stand in. The last line that it prints:
sets and entries in the history, pictures drawn, and resident MB before the first frame and after each quarter.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import bodies
import numpy as np
from test_coach_loop import Camera, Clock

from benchmarks._live import resident_mb
from formcheck.coach.film import Film
from formcheck.coach.keeping import Keeper
from formcheck.coach.language import load_language
from formcheck.coach.loop import Coach, Settings
from formcheck.coach.model import Routine, Step
from formcheck.coach.run import Log
from formcheck.coach.speech import Silent
from formcheck.coach.voice import Voice
from formcheck.coach.window import Headless
from formcheck.exercises import get
from formcheck.history.store import Store
from formcheck.pose import finder
from formcheck.pose.landmarks import Pose
from formcheck.video.frame import Frame

FPS = 10.0
REST_S = 15.0
DRAWN = 20  # one picture of so many: drawing takes most of the time
POSES = bodies.bridges(tops=[178.0, 160.0, 178.0], fps=FPS)[0]


@dataclass
class Looping(Camera):
    """Somebody who does the same again and again; every picture is a new one."""

    frames: int = 0
    memory_mb: list[float] = field(default_factory=list)

    def newest(self, _timeout_s: float) -> Frame | None:
        if self.captured % (self.frames // 4) == 0:
            self.memory_mb.append(resident_mb())
        if self.captured == self.frames:
            self.state = "ended"
            return None
        self.state = "live"
        self.clock.now_s = self.captured / FPS
        self.captured += 1
        image = np.full((480, 640, 3), self.captured % 251, np.uint8)
        return Frame(image, self.clock.now_s, self.captured - 1)


class Finder:
    """Finds that person."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def warm_up(self) -> None: ...

    def close(self) -> None: ...

    def find(self, frame: Frame) -> Pose:
        return replace(POSES[frame.index % len(POSES)], time_s=frame.time_s)


class Screen(Headless):
    """A small window."""

    def __init__(self, camera: Looping) -> None:
        super().__init__((640, 360))
        self.camera, self.shown = camera, 0

    @property
    def closed(self) -> bool:
        return self.camera.state == "ended"

    @property
    def seen(self) -> bool:
        return self.camera.captured % DRAWN == 0

    def show(self, image: np.ndarray) -> None:
        assert image.shape == (360, 640, 3)
        self.shown += 1


def main(frames: int, folder: Path) -> None:
    finder.PoseFinder = Finder  # type: ignore[assignment,misc]
    camera = Looping([], Clock(), frames=frames)
    screen, language = Screen(camera), load_language("en")
    steps = (Step(get("bridge"), get("bridge").dose, REST_S, breathing=True),) * (frames // 100)
    with (
        Store.open(folder / "history.sqlite3") as store,
        Log(folder / "log.jsonl", None) as log,
        Voice(Silent(), log=log.said, notice=print) as voice,
    ):
        keeper = Keeper(store, datetime.now(UTC), print)
        keeper.begin_session("long", language.code)
        settings, film = Settings(Routine("long", "Long", steps), language), Film(None, print)
        Coach(
            settings, camera, screen, voice, keeper, film, notice=print, log=log.happened, clock=camera.clock
        ).run()  # fmt: skip
        (session,) = store.sessions()
    entries = sum(len(work.entries) for work in session.sets)
    print(len(session.sets), entries, screen.shown, *camera.memory_mb)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
