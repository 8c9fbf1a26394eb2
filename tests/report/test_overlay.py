from __future__ import annotations

import math
from dataclasses import replace
from typing import get_args

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from formcheck.engine.status import Phase, Status
from formcheck.pose.contour import PLACES_N, back_points
from formcheck.pose.landmarks import LANDMARKS_N, Landmark, Pose
from formcheck.report import lettering
from formcheck.report.overlay import CAMERA, FAULT, GOOD, NEUTRAL, draw

SIZE = (640, 480)
BODY = {  # somebody lying on the back with the hips raised, the left side towards the camera
    "NOSE": (110, 330), "EAR": (120, 345), "SHOULDER": (180, 350), "ELBOW": (240, 365), "WRIST": (300, 372),
    "HIP": (320, 300), "KNEE": (440, 250), "ANKLE": (450, 370), "HEEL": (445, 380), "FOOT_INDEX": (490, 380),
}  # fmt: skip
STATUS = Status(
    time_s=3.0, phase="moving", count=2, clock_s=0.0, value=171.0, unit="deg", in_form=True, cue=None,
    view_advice=None, side="left", line=("shoulder", "hip", "knee"),
)  # fmt: skip
ADVICE = "Turn so that the camera sees you from the side."


def pose(**moved: tuple[float, float]) -> Pose:
    made = Pose.missing(3.0, SIZE)
    made.pixels[Landmark.NOSE] = BODY["NOSE"]
    made.visibility[:] = 0.99
    for name, (x, y) in (BODY | moved).items():
        if name != "NOSE":
            made.pixels[Landmark[f"LEFT_{name}"]] = (x, y)
            made.pixels[Landmark[f"RIGHT_{name}"]] = (x + 6, y - 12)
    return made


def canvas(width: int = 640, height: int = 480) -> NDArray[np.uint8]:
    return np.full((height, width, 3), 90, np.uint8)


def has(image: NDArray[np.uint8], colour: tuple[int, int, int], box: tuple[int, int, int, int] | None = None) -> bool:
    """Whether a box (left, top, right, bottom) has pixels of exactly this colour."""
    left, top, right, bottom = box or (0, 0, image.shape[1], image.shape[0])
    return bool((image[top:bottom, left:right] == colour).all(axis=2).any())


def around(x: float, y: float, reach: int = 12) -> tuple[int, int, int, int]:
    return max(0, int(x) - reach), max(0, int(y) - reach), int(x) + reach, int(y) + reach


BANNER = (0, 400, 640, 480)
PANEL = (0, 0, 200, 110)
TRUNK = around(250, 325)  # the middle of the line from shoulder to hip


def test_leaves_the_input_alone() -> None:
    image = canvas()
    before = image.copy()
    drawn = draw(image, pose(), replace(STATUS, cue="lift your hips", view_advice=ADVICE), "Bridge", "10 times")
    assert np.array_equal(image, before)
    assert drawn.shape == image.shape
    assert drawn.dtype == np.uint8
    assert not np.shares_memory(drawn, image)


# What the colour-blind see, linear RGB: Vienot 1999 for red and green, Machado 2009 for blue.
SEEN = {
    "all": np.eye(3),
    "no red": np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]]),
    "no green": np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]]),
    "no blue": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]
    ),
}


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("other", [GOOD, NEUTRAL, CAMERA])
def test_wrong_is_red_and_stays_apart_for_every_eye(seen, other):
    blue, green, red = FAULT
    assert red > 2 * max(green, blue)

    def lab(colour):
        linear = SEEN[seen] @ (np.array(colour[::-1]) / 255) ** 2.2
        rgb = np.clip(linear, 0, 1).astype(np.float32) ** (1 / 2.2)
        return cv2.cvtColor(rgb.reshape(1, 1, 3).astype(np.float32), cv2.COLOR_RGB2LAB)[0, 0]

    assert np.linalg.norm(lab(FAULT) - lab(other)) > 25  # ten times what can just be told apart


@pytest.mark.parametrize(
    ("changes", "colour", "box", "there"),
    [
        ({}, GOOD, TRUNK, True),
        ({}, FAULT, None, False),
        ({"in_form": False}, FAULT, TRUNK, True),
        ({"in_form": False}, GOOD, None, False),
        ({"phase": "waiting"}, NEUTRAL, around(180, 350), True),
        ({"phase": "waiting", "in_form": False}, FAULT, None, False),  # not judged is not wrong
        ({"phase": "unknown"}, GOOD, None, False),
        ({"line": ()}, GOOD, TRUNK, False),
        ({"side": None}, GOOD, TRUNK, False),  # which side is not known yet: no line on either
        ({"line": ("shoulder", "tail", "knee")}, GOOD, TRUNK, False),  # a joint that nobody has
        ({}, GOOD, PANEL, True),  # the bar and the phase word
        ({"cue": "lift your hips a little"}, FAULT, BANNER, True),
        ({}, FAULT, BANNER, False),
        ({"view_advice": ADVICE}, CAMERA, (0, 0, 640, 200), True),
        ({"view_advice": ADVICE}, CAMERA, BANNER, False),
    ],
)
def test_what_is_drawn_where(
    changes: dict[str, object], colour: tuple[int, int, int], box: tuple[int, int, int, int] | None, there: bool
) -> None:
    drawn = draw(canvas(), pose(), replace(STATUS, **changes), "Bridge", "10 times")  # type: ignore[arg-type]
    assert has(drawn, colour, box) is there


def test_a_faulty_line_differs_in_shape_as_well() -> None:
    def gaps(status: Status) -> int:
        drawn = draw(canvas(), pose(), status)
        along = np.linspace((180, 350), (320, 300), 200)[20:-20].astype(int)
        coloured = [(drawn[y, x] == (GOOD if status.in_form else FAULT)).all() for x, y in along]
        return int(np.count_nonzero(np.diff(np.array(coloured, int)) == -1))

    assert gaps(STATUS) == 0
    assert gaps(replace(STATUS, in_form=False)) >= 3


@pytest.mark.parametrize(("value", "above"), [(171.0, True), (189.0, False)])
def test_the_arc_is_on_the_measured_side(value: float, above: bool) -> None:
    drawn = draw(canvas(), pose(HIP=(310, 304)), replace(STATUS, value=value))
    up, down = np.array((-0.36, -0.93)), np.array((0.36, 0.93))  # square to the line
    for direction, expected in ((up, above), (down, not above)):
        x, y = np.array((310, 304)) + direction * 480 * 0.07
        assert has(drawn, GOOD, around(x, y, 3)) is expected


def test_an_offset_shows_the_straight_line() -> None:
    status = replace(STATUS, unit="trunk lengths", value=0.2, line=("shoulder", "hip", "ankle"))
    drawn = draw(canvas(), pose(), status)
    assert has(drawn, (255, 255, 255), around(320, 350, 20))


@pytest.mark.parametrize("joint", ["HIP", "KNEE"])
@pytest.mark.parametrize("place", [(math.nan, math.nan), (-20.0, 300.0), (320.0, 481.0), (1e9, -1e9), (math.inf, 3.0)])
def test_a_joint_that_is_not_in_the_picture_has_no_line(joint: str, place: tuple[float, float]) -> None:
    drawn = draw(canvas(), pose(**{joint: place}), STATUS)
    x, y = (np.add(BODY["HIP"], BODY["KNEE"]) / 2).tolist()
    assert not has(drawn, GOOD, around(x, y))
    assert has(drawn, GOOD, TRUNK) is (joint == "KNEE")


def with_back(height: float = 0.3) -> Pose:
    return replace(pose(), back=np.full(PLACES_N, height))


def test_the_back_is_drawn_where_its_contour_is_known() -> None:
    status = replace(STATUS, line=("shoulder", "hip"), unit="trunk lengths", value=math.nan)
    contour, foot = back_points(np.full(PLACES_N, 0.3), pose().pixels)
    (x, y), (_, low) = contour[4], foot[4]
    assert y < low - 20  # the back is above the line from hips to shoulders
    for height, there in ((0.3, True), (0.0, False)):
        assert has(draw(canvas(), with_back(height), status), GOOD, around(x, y, 5)) is there
    unseen = replace(pose(), back=np.full(PLACES_N, math.nan))
    assert np.array_equal(draw(canvas(), unseen, status), draw(canvas(), pose(), status))


def test_a_faulty_back_differs_in_shape_as_well() -> None:
    status = replace(STATUS, line=("shoulder", "hip"), unit="trunk lengths", value=0.2)
    contour, _ = back_points(np.full(PLACES_N, 0.3), pose().pixels)
    along = np.linspace(contour[0], contour[-1], 200)[5:-5].astype(int)

    def gaps(shown: Status, colour: tuple[int, int, int]) -> int:
        drawn = draw(canvas(), with_back(), shown)
        coloured = [(drawn[y, x] == colour).all() for x, y in along]
        return int(np.count_nonzero(np.diff(np.array(coloured, int)) == -1))

    assert gaps(status, GOOD) == 0
    assert gaps(replace(status, in_form=False), FAULT) >= 2


def test_an_end_of_a_cycle_is_called_by_its_name() -> None:
    top = replace(STATUS, phase="top")
    drawn = [draw(canvas(), pose(), replace(top, end=end), "Cat and cow") for end in (None, "cat", "cow")]
    assert not np.array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[1], drawn[2])


def test_guessed_limbs_are_left_out() -> None:
    guessed = pose()
    guessed.visibility[[Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST]] = 0.05
    wrist = around(*BODY["WRIST"], reach=5)
    assert np.all(draw(canvas(), guessed, STATUS)[wrist[1] : wrist[3], wrist[0] : wrist[2]] == 90)
    assert not np.all(draw(canvas(), pose(), STATUS)[wrist[1] : wrist[3], wrist[0] : wrist[2]] == 90)


def test_the_clock_or_the_count() -> None:
    held = replace(STATUS, phase="hold", count=7, clock_s=42.0)
    clock = draw(canvas(), pose(), held, "Plank")
    assert np.array_equal(clock, draw(canvas(), pose(), held, "Plank", timed=True))
    assert not np.array_equal(clock, draw(canvas(), pose(), held, "Plank", timed=False))


def test_a_pose_of_another_size_is_scaled() -> None:
    drawn = draw(canvas(1280, 960), pose(), STATUS)
    assert has(drawn, GOOD, around(500, 650))


def test_the_label_keeps_off_panel_and_banner() -> None:
    lying_at_the_top = pose(SHOULDER=(20, 30), HIP=(90, 35), KNEE=(160, 30))
    status = replace(STATUS, cue="lift your hips")
    plain_panel = draw(canvas(), Pose.missing(3.0, SIZE), status, "Bridge", "10 times")
    drawn = draw(canvas(), lying_at_the_top, status, "Bridge", "10 times")
    assert not np.array_equal(drawn, plain_panel)
    letters = (plain_panel == 255).all(axis=2)
    assert (drawn[letters] == 255).all()  # neither the big figure nor the title is written over


SIZES = [(1, 1), (2, 300), (300, 2), (7, 5), (32, 32), (320, 240), (240, 320), (639, 481), (1920, 1080), (100, 2000)]
STATUSES = [
    replace(
        STATUS, phase=phase, count=count, clock_s=clock_s, value=value, unit=unit, in_form=in_form, cue=cue,
        view_advice=advice, side=side, line=line,
    )
    for phase, (count, clock_s, value, unit), (in_form, cue, advice), (side, line) in zip(
        get_args(Phase),
        [(0, 0.0, math.nan, "deg"), (9999, 1e5, 1e9, "trunk lengths"), (3, 2.0, 12.0, "")] * 3,
        [(True, None, None), (False, "ein " * 40, "x" * 300), (False, "", "")] * 3,
        [(None, ()), ("left", ("shoulder", "hip", "knee", "ankle")), ("right", ("hip", "shoulder"))] * 2
        + [("left", ("nose",))],
        strict=False,
    )
]  # fmt: skip


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("status", STATUSES, ids=lambda status: status.phase)
def test_never_raises(size: tuple[int, int], status: Status) -> None:
    wild = pose()
    wild.pixels[:] = np.random.default_rng(1).normal(300, 4000, (LANDMARKS_N, 2))
    for drawable in (pose(), Pose.missing(0.0, SIZE), wild):
        assert (
            draw(canvas(*size), drawable, status, "Bauchmuskelübung", "10-15 times, held 10-15 s").shape[:2]
            == size[::-1]
        )


def test_joints_in_one_place() -> None:
    draw(canvas(), pose(SHOULDER=(300, 300), HIP=(300, 300), KNEE=(300, 300)), STATUS)
    draw(canvas(), pose(SHOULDER=(300, 300), HIP=(300, 300), ANKLE=(300, 300)), replace(STATUS, unit=""))


def test_a_mirrored_view_of_an_array() -> None:
    image = np.arange(480 * 640 * 3, dtype=np.uint32).astype(np.uint8).reshape(480, 640, 3)[:, ::-1]
    assert draw(image, pose(), STATUS).shape == image.shape


@pytest.mark.parametrize("size", [(320, 240), (640, 480), (1920, 1080), (405, 720)])
def test_nothing_is_written_over_the_edge(size: tuple[int, int]) -> None:
    long = replace(STATUS, cue="come up less high: twenty degrees are quite enough for you", view_advice=ADVICE)
    drawn = draw(canvas(*size), Pose.missing(3.0, SIZE), long, "Partial crunch", "10-15 times")
    edge = max(2, size[1] // 120)
    banner_free = drawn[: size[1] // 2]
    assert np.all(banner_free[:, -edge:] == 90)
    assert not (np.abs(drawn[-edge:].astype(int) - FAULT) > 2).any()  # below the cue's letters: only its ground


def test_the_stroke_font_of_opencv_4_does_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "_OUTLINES", False)
    lettering.fit.cache_clear()
    drawn = draw(canvas(), pose(), replace(STATUS, cue="tête baissée", in_form=False), "Übung", "10–15")  # noqa: RUF001
    lettering.fit.cache_clear()
    assert has(drawn, FAULT, BANNER)
