from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from screen_words import SIZE, STAGES, STATUS, TEXTS, WELL, English, body, count_of, room

from formcheck.coach.figures import FIGURES, figure_of, target, turned
from formcheck.coach.layout import contained, layout
from formcheck.coach.marks import INK
from formcheck.coach.model import Progress
from formcheck.coach.screen import draw_screen
from formcheck.coach.setup_view import checks, draw_setup
from formcheck.coach.target_view import outline
from formcheck.engine.status import Phase
from formcheck.exercises import examples, get, names
from formcheck.measure.view import ADVICE, TOO_FAR
from formcheck.pose.landmarks import NO_SCENE, Landmark, Pose, Side
from formcheck.report.overlay import CAMERA, FAULT, GOOD

HD = (1280, 720)
ALL = (*names(), *examples())
WAITING = Progress("set_up", "Glute bridge", step=1, steps=5)
PICTURES = [(640, 480), (1280, 720), (1920, 1080), (480, 640)]


def drawn(problems=(), *, pose: Pose | None = None, words=None, mirror=False, size=HD, exercise="bridge", **changes):
    return draw_setup(
        room(), body() if pose is None else pose, get(exercise), problems, replace(WAITING, **changes),
        words or English(), mirror=mirror, size=size,
    )  # fmt: skip


def mirrored(pose: Pose) -> Pose:
    """The pose of somebody who lies the other way round."""
    pose.pixels[:, 0] = pose.size[0] - pose.pixels[:, 0]
    return pose


@pytest.mark.parametrize("changes", [{}, {"advice": (ADVICE["too_far"],)}, {"message": "Lie down."}])
def test_a_notice_comes_before_the_camera(changes) -> None:
    """The first thing that is told comes before anybody is seen."""
    strip = layout(HD).strip
    plain, told = (drawn({"too_far"}, notice=notice, **changes) for notice in (None, "No picture leaves."))
    assert count_of(plain[strip.top :, : strip.right], CAMERA) > 500
    assert count_of(told[strip.top :, : strip.right], CAMERA) == 0


# --- what is wrong with the camera ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_all_that_matters_is_listed_and_nothing_else(name: str) -> None:
    exercise = get(name)
    assert [check.name for check in checks(exercise, body(), ())] == [one for one in ADVICE if one in exercise.views]


@pytest.mark.parametrize(
    ("pose", "problems", "signs"),
    [
        (None, (), {}),
        (Pose.missing(0.0, SIZE), (), {}),
        (Pose.missing(0.0, SIZE, scene=WELL), (), {"camera_tilted": "good", "too_dark": "good"}),
        (body(NO_SCENE), (), {"turn_side_on": "good", "head_out_of_frame": "good", "too_near": "good"}),
        (body(), {"too_far"}, dict.fromkeys(ADVICE, "good") | {"too_far": "wrong"}),
        (None, {"too_dark"}, {"too_dark": "wrong"}),
    ],
)
def test_what_is_not_known_is_not_called_good(pose: Pose | None, problems, signs: dict[str, str]) -> None:
    found = dict(checks(get("bridge"), pose, problems))
    assert {name: found[name] for name in signs} == signs
    known = pose is not None and pose.found
    assert known or found["turn_side_on"] == "unknown"
    assert not (pose is None and "good" in found.values())


def test_several_problems_are_named_as_large_as_all_else() -> None:
    words = English()
    wrong = ("turn_side_on", "too_far", "camera_tilted", "too_dark")
    screen = drawn(wrong, words=words)
    assert {f"screen_view_{name}" for name in ADVICE} <= words.asked
    panel = layout(HD).panel
    rows = (screen[: panel.bottom, : panel.right] == FAULT).all(axis=2).sum(axis=1) > 0
    runs = np.flatnonzero(np.diff(rows.astype(int)))
    assert len(runs) == 2 * len(wrong)  # each by itself: no row touches the next
    assert min(np.diff(runs)[::2]) >= HD[1] / 30


@pytest.mark.parametrize("name", ADVICE)
def test_every_problem_is_told_with_what_to_do(name: str) -> None:
    words = English()
    screen = drawn({name}, words=words)
    assert name in words.asked
    assert f"screen_view_{name}" not in words.asked
    assert {f"screen_view_{other}" for other in ADVICE if other != name} <= words.asked
    panel, strip = layout(HD).panel, layout(HD).strip
    assert count_of(screen[: panel.bottom, : panel.right], FAULT) > 300
    assert count_of(screen[: panel.bottom, : panel.right], GOOD) > 300
    assert count_of(screen[strip.top :], CAMERA) > 500
    assert "screen_camera_wrong" in words.asked


@pytest.mark.parametrize(
    ("pose", "changes", "heading", "told"),
    [
        (body(), {}, "screen_camera_good", None),
        (body(NO_SCENE), {}, "screen_camera_good", None),  # a bare room tells nothing of its level
        (Pose.missing(0.0, SIZE), {}, "screen_looking", None),
        (body(), {"message": "Lie on your back."}, "screen_camera_good", None),
        (body(), {"advice": ("Side view.",)}, "screen_camera_good", CAMERA),
    ],
)
def test_the_heading(pose: Pose, changes: dict[str, object], heading: str, told: object) -> None:
    words = English()
    screen = drawn(pose=pose, words=words, **changes)
    assert heading in words.asked
    assert told is None or count_of(screen[layout(HD).strip.top :], told) > 500  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [(640, 480), HD, (1920, 1080), (480, 640), (200, 150)])
@pytest.mark.parametrize("problems", [(), tuple(ADVICE)])
def test_draws_in_every_size_and_leaves_the_picture_alone(size: tuple[int, int], problems: tuple[str, ...]) -> None:
    image = room()
    before = image.copy()
    screen = draw_setup(image, body(), get("plank"), problems, WAITING, English(), mirror=True, size=size)
    assert screen.shape == (size[1], size[0], 3)
    assert np.array_equal(image, before)


def test_without_a_picture_there_is_a_camera() -> None:
    screen = draw_setup(None, None, get("bridge"), (), WAITING, English(), mirror=True, size=HD)
    assert count_of(screen[:, layout(HD).picture.left :], CAMERA) > 1000


# --- where the body should be ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", PICTURES)
@pytest.mark.parametrize("turn", [False, True])
@pytest.mark.parametrize("name", FIGURES)
def test_the_whole_body_is_in_the_picture_and_large(name: str, turn: bool, size: tuple[int, int]) -> None:
    aim = target(name, size, turn=turn)
    circles = [aim.head, *(circle for limb in aim.limbs for circle in limb)]
    for x, y, radius in circles:
        assert 0.05 * size[0] <= x - radius <= x + radius <= 0.95 * size[0]
        assert 0.05 * size[1] <= y - radius <= y + radius <= 0.95 * size[1]
    # A trunk of 15-35 % of the width is well seen; who stands or sits in a wide picture has less room.
    share = aim.trunk / size[0]
    assert share <= 0.35
    assert share >= 0.15 or (aim.upright and aim.trunk >= 0.22 * size[1])
    assert aim.trunk / max(size) > 1.5 * TOO_FAR


@pytest.mark.parametrize("name", FIGURES)
def test_the_shapes_are_of_a_body(name: str) -> None:
    shape = FIGURES[name]

    def length(a: str, b: str) -> float:
        return float(np.hypot(*np.subtract(shape[a], shape[b])))

    assert length("shoulder", "hip") == pytest.approx(1, abs=0.02)
    for side in ("", "far_") if "far_knee" in shape else ("",):
        assert length("hip", f"{side}knee") == pytest.approx(0.84, abs=0.03)
        assert length(f"{side}knee", f"{side}ankle") == pytest.approx(0.83, abs=0.06)


@pytest.mark.parametrize(
    ("exercise", "figure"),
    [
        ("bridge", "on_back"),
        ("partial_crunch", "arms_up"),
        ("hamstring_stretch", "leg_up"),
        ("plank", "plank"),
        ("side_plank", "side_plank"),
        ("cat_cow", "hands_and_knees"),
        ("bird_dog", "hands_and_knees"),
        ("dead_bug", "arms_up"),
        ("sitting_posture", "sitting"),
        ("standing_posture", "standing"),
    ],
)
def test_the_shape_is_that_of_the_exercise(exercise: str, figure: str) -> None:
    assert figure_of(get(exercise)) == figure


def test_one_of_somebodys_own_gets_the_shape_of_its_facing() -> None:
    own = replace(get("hamstring_stretch"), name="leg_raise")
    assert figure_of(own) == "on_back"


def standing() -> Pose:
    pose = body()
    for side in ("LEFT", "RIGHT"):
        pose.pixels[Landmark[f"{side}_SHOULDER"]] = (340, 150)
        pose.pixels[Landmark[f"{side}_EAR"]] = (330, 80)
    pose.pixels[Landmark.NOSE] = (310, 85)
    return pose


@pytest.mark.parametrize(
    ("name", "pose", "turn"),
    [
        ("on_back", None, False),
        ("on_back", Pose.missing(0.0, SIZE), False),
        ("on_back", body(), False),
        ("on_back", mirrored(body()), True),
        ("on_back", mirrored(standing()), False),  # not lying yet
        ("standing", standing(), True),  # looks to the left
        ("standing", mirrored(standing()), False),
        ("sitting", None, False),
    ],
)
def test_turned_the_way_that_the_person_lies(name: str, pose: Pose | None, turn: bool) -> None:
    assert turned(name, pose) is turn


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("pose", [body(), mirrored(body())])
def test_the_shape_lies_as_the_person_is_seen(pose: Pose, mirror: bool) -> None:
    screen = drawn({"too_far"}, pose=pose, mirror=mirror)
    plan = layout(HD)
    box = contained(SIZE, plan.picture.inset(plan.px(0.02)))
    head_left = (pose.pixels[Landmark.NOSE, 0] < SIZE[0] / 2) != mirror
    wanted = outline("on_back", box.size, turn=not head_left)
    x, y = round(wanted.aim.head.x), round(wanted.aim.head.y - wanted.aim.head.radius)
    around = screen[box.top + y - 6 : box.top + y + 6, box.left + x - 30 : box.left + x + 30]
    assert count_of(around, INK) > 20


def test_no_text_of_the_screen_is_missing_and_none_is_unused() -> None:
    words = English()
    for problems, pose in (((), body()), (tuple(ADVICE), body()), ((), Pose.missing(0.0, SIZE))):
        drawn(problems, pose=pose, words=words)
    states = [replace(STATUS, phase=phase) for phase in get_args(Phase)]
    states += [replace(STATUS, phase="top", end=end) for end in ("cat", "cow")]
    rest = Progress("rest", "Plank", rest_left_s=9, breath="out")
    stages = (*STAGES, *(replace(STAGES[0], side=side, stage="exercise") for side in get_args(Side)), rest)
    stages += (replace(STAGES[0], stage="paused"),)
    for progress in stages:
        for status in states:
            draw_screen(None, None, status, progress, words, mirror=False, size=(320, 240))
    assert words.asked - set(ADVICE) == set(TEXTS)
