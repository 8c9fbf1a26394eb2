"""The screen's texts in English, and states, poses and pictures for the tests of what is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from formcheck.coach.language import load_language
from formcheck.coach.model import Progress
from formcheck.engine.status import Status
from formcheck.measure.view import ADVICE
from formcheck.pose.landmarks import Landmark, Pose, Scene

LANGUAGE = load_language("en")
# What is written on the screen and never spoken.
TEXTS = {key: forms[0] for key, forms in LANGUAGE.phrases.items() if key.startswith("screen_")}


@dataclass
class English:
    """The coach's English, and which of its texts were asked for."""

    asked: set[str] = field(default_factory=set)

    def phrase(self, key: str, /, **numbers: object) -> str:
        self.asked.add(key)
        return LANGUAGE.phrase(key, **numbers)

    def advice(self, name: str, /) -> str:
        self.asked.add(name)
        return LANGUAGE.advice(name)


SIZE = (640, 480)
WELL = Scene(light=180.0, roll_deg=0.5, people=1.0)
BODY = {  # somebody lying on the back with the hips raised, the head to the left, the left side towards the camera
    "NOSE": (110, 330), "EAR": (120, 345), "SHOULDER": (180, 350), "ELBOW": (240, 365), "WRIST": (300, 372),
    "HIP": (320, 300), "KNEE": (440, 250), "ANKLE": (450, 370), "HEEL": (445, 380), "FOOT_INDEX": (490, 380),
}  # fmt: skip
STATUS = Status(
    time_s=3.0, phase="moving", count=2, clock_s=0.0, value=171.0, unit="deg", in_form=True, cue=None,
    view_advice=None, side="left", line=("shoulder", "hip", "knee"),
)  # fmt: skip

SET = Progress("exercise", "Glute bridge", step=2, steps=5, count=3, count_of=10, done=0.3)
STAGES = [
    SET,
    replace(SET, cue="Lift your hips a little."),
    replace(SET, praise=True, advice=(ADVICE["too_dark"],)),
    Progress("exercise", "Plank", timed=True, clock_s=23.4, clock_of_s=30, done=0.78),
    replace(SET, stage="paused", message="The camera sends no pictures. I wait for it."),
    Progress("set_up", "Glute bridge", message="Lie on your back.", advice=(ADVICE["too_far"],)),
    Progress("rest", "Cat and cow", step=3, steps=5, rest_left_s=23.2, breath="in", breath_share=0.6),
    Progress("rest", "Cat and cow", rest_left_s=9.2),
    Progress("finished", "Glute bridge", count=10, count_of=10, clock_s=104, done=1.0),
    Progress("finished", "Glute bridge", count=3, count_of=10, pain=True),
]


def body(scene: Scene = WELL) -> Pose:
    """The pose of `BODY`."""
    made = Pose.missing(3.0, SIZE, scene=scene)
    made.visibility[:] = 0.99
    for name, (x, y) in BODY.items():
        for mark in ("NOSE",) if name == "NOSE" else (f"LEFT_{name}", f"RIGHT_{name}"):
            made.pixels[Landmark[mark]] = (x, y)
    return made


def room(width: int = 640, height: int = 480) -> np.ndarray:
    """A grey picture that is lighter to the right: a mirror shows."""
    return np.repeat(np.tile(np.linspace(60, 200, width).astype(np.uint8), (height, 1))[..., None], 3, axis=2)


def count_of(image: np.ndarray, colour: tuple[int, int, int]) -> int:
    """Pixels of exactly this colour."""
    return int(np.count_nonzero((image == colour).all(axis=2)))
