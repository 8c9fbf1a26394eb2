from __future__ import annotations

import math
from dataclasses import replace
from typing import get_args

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from screen_words import BODY, SET, SIZE, STAGES, STATUS, TEXTS, English, body, count_of, room

from formcheck.coach.between import breath_size
from formcheck.coach.language import languages, load_language
from formcheck.coach.layout import SMALLEST, Box, contained, layout
from formcheck.coach.marks import INK, banner, canvas, ring
from formcheck.coach.model import Progress, Stage
from formcheck.coach.screen import draw_flash, draw_screen
from formcheck.coach.screen_text import caption, figure, phase, seconds_left, step_of, strip, whole_seconds
from formcheck.engine.status import Phase
from formcheck.exercises import examples, get, names
from formcheck.measure.view import ADVICE
from formcheck.report.overlay import CAMERA, FAULT, GOOD

HD = (1280, 720)


def drawn(progress: Progress, *, mirror: bool = False, size: tuple[int, int] = HD, status=STATUS, image=None):
    return draw_screen(
        room() if image is None else image, body(), status, progress, English(), mirror=mirror, size=size
    )


def picture_box(size: tuple[int, int] = HD) -> Box:
    plan = layout(size)
    return contained(SIZE, plan.picture.inset(plan.px(0.02)))


def part(image: np.ndarray, box: Box) -> np.ndarray:
    return image[box.top : box.bottom, box.left : box.right]


def tallest(image: np.ndarray) -> int:
    """Height in pixels of the tallest single letter or figure in white."""
    white = (np.abs(image.astype(int) - INK).max(axis=2) < 60).astype(np.uint8)
    found, _, boxes, _ = cv2.connectedComponentsWithStats(white)
    return max((int(boxes[i][cv2.CC_STAT_HEIGHT]) for i in range(1, found)), default=0)


# --- the whole ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(640, 480), HD, (1920, 1080), (480, 640), (1600, 400)])
@pytest.mark.parametrize("progress", STAGES, ids=lambda progress: progress.stage)
def test_draws_every_stage_in_every_size_and_leaves_its_input_alone(progress: Progress, size: tuple[int, int]) -> None:
    image, pose = room(), body()
    before = image.copy(), pose.pixels.copy()
    first, second = (draw_screen(image, pose, STATUS, progress, English(), mirror=True, size=size) for _ in range(2))
    assert first.shape == (size[1], size[0], 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, second)
    assert not np.shares_memory(first, second)
    assert np.array_equal(image, before[0])
    assert np.array_equal(pose.pixels, before[1], equal_nan=True)


numbers = st.floats(-10, 5000) | st.sampled_from([math.nan, math.inf])


@settings(max_examples=40, deadline=None)
@given(
    progress=st.builds(
        Progress,
        stage=st.sampled_from(get_args(Stage)),
        title=st.text(max_size=60),
        step=st.integers(1, 20),
        steps=st.integers(1, 20),
        count=st.integers(0, 2000),
        count_of=st.integers(0, 2000),
        clock_s=numbers,
        clock_of_s=st.floats(0, 5000),
        done=numbers,
        side=st.sampled_from([None, "left", "right"]),
        timed=st.booleans(),
        rest_left_s=numbers,
        breath=st.sampled_from([None, "in", "out"]),
        breath_share=numbers,
        cue=st.none() | st.text(max_size=200),
        advice=st.lists(st.text(max_size=200), max_size=2).map(tuple),
        message=st.none() | st.text(max_size=200),
    ),
    size=st.tuples(st.integers(1, 900), st.integers(1, 900)),
    shape=st.tuples(st.integers(1, 300), st.integers(1, 300)),
)
def test_draws_whatever_there_is(progress: Progress, size: tuple[int, int], shape: tuple[int, int]) -> None:
    screen = drawn(progress, size=size, image=np.zeros((*shape, 3), np.uint8))
    assert screen.shape == (max(size[1], SMALLEST[1]), max(size[0], SMALLEST[0]), 3)


@pytest.mark.parametrize("image", [None, np.zeros((0, 0, 3), np.uint8)])
def test_without_a_picture_there_is_a_camera(image: np.ndarray | None) -> None:
    screen = draw_screen(image, None, None, Progress("set_up", "Plank"), English(), mirror=True, size=HD)
    assert count_of(part(screen, layout(HD).picture), CAMERA) > 1000


# --- readable from three metres -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "progress",
    [
        *(replace(SET, count=count) for count in (0, 3, 7, 10, 88)),
        replace(SET, count=4, count_of=0),
        *(Progress("exercise", "Plank", timed=True, clock_s=clock, clock_of_s=60) for clock in (0.0, 8.2, 59.9)),
        *(Progress("rest", "Plank", rest_left_s=left) for left in (3.5, 45.0)),
        Progress("rest", "Plank", rest_left_s=38.0, breath="out", breath_share=1.0),
    ],
)
def test_the_big_figure_is_a_quarter_of_the_height(progress: Progress) -> None:
    assert tallest(drawn(progress)[: layout(HD).strip.top, :640]) >= HD[1] / 4


SPOKEN = sorted(
    {load_language(code).cue(get(name), fault.cue)
     for code in languages() for name in (*names(), *examples()) for fault in get(name).faults}
)  # fmt: skip


@pytest.mark.parametrize("cue", SPOKEN)
def test_every_correction_is_large_and_whole(cue: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, written = layout(HD), []
    screen = canvas(HD)
    said = strip(replace(SET, cue=cue), English())
    monkeypatch.setattr("formcheck.coach.marks.write", lambda *given: written.append(given[1]))
    assert banner(screen, plan.strip, said.tone, said.text, plan.px(0.085)) >= HD[1] / 18
    assert " ".join(written).casefold() == cue.rstrip(".").casefold()


def test_accents_are_drawn() -> None:
    plan = layout(HD)
    bare, accented = canvas(HD), canvas(HD)
    for screen, cue in ((bare, "Hande hoher"), (accented, "Hände höher")):
        banner(screen, plan.strip, "correction", cue, plan.px(0.085))
    changed = np.flatnonzero((bare != accented).any(axis=(1, 2)))
    # The dots stand over the letters and nothing else differs.
    assert 3 < len(changed) < 25


# --- what is said where ---------------------------------------------------------------------------------------------


def test_the_correction_is_one_and_is_across_the_foot() -> None:
    plan = layout(HD)
    quiet, wrong, right = (drawn(replace(SET, **more)) for more in ({}, {"cue": "lift your hips"}, {"praise": True}))
    assert count_of(part(quiet, plan.strip), FAULT) == 0
    assert count_of(part(wrong, plan.strip), FAULT) > 0.7 * plan.strip.width * plan.strip.height
    assert count_of(part(right, plan.strip), GOOD) > 0.7 * plan.strip.width * plan.strip.height
    # Nothing else moves when it comes and goes.
    assert np.array_equal(quiet[: plan.strip.top], wrong[: plan.strip.top])


TIP, DO = ADVICE["too_dark"], "Lie on your back."
NOTICE = "No picture leaves this computer."


@pytest.mark.parametrize(
    ("changes", "shown", "more"),
    [
        ({}, ("quiet", TEXTS["screen_keys"]), None),
        ({"stage": "paused"}, ("quiet", TEXTS["screen_keys_paused"]), None),
        ({"cue": "lift your hips."}, ("correction", "Lift your hips"), None),
        ({"cue": "lift your hips", "praise": True}, ("correction", "Lift your hips"), None),
        ({"cue": "lift your hips", "advice": (TIP,)}, ("correction", "Lift your hips"), ("camera", TIP)),
        ({"praise": True, "message": DO}, ("praise", TEXTS["screen_praise"]), ("message", DO)),
        ({"advice": (TIP, "more")}, ("camera", TIP), None),
        ({"advice": (TIP,), "message": DO}, ("camera", TIP), ("message", DO)),
        ({"message": DO}, ("message", DO), None),
        # What was wrong before a pause is not wrong now.
        ({"stage": "paused", "cue": "lift your hips", "message": DO}, ("message", DO), None),
    ],
)
def test_the_most_important_is_shown(changes: dict[str, object], shown: tuple[str, str], more: object) -> None:
    progress = replace(SET, **changes)
    said = strip(progress, English())
    assert said == shown
    assert caption(progress, said) == more


@pytest.mark.parametrize(
    ("changes", "big", "of"),
    [
        ({}, "3", "/ 10"),
        ({"count_of": 0}, "3", ""),
        ({"timed": True, "clock_s": 23.99, "clock_of_s": 30.0}, "23", "/ 30 s"),
        ({"timed": True, "clock_s": 29.9999, "clock_of_s": 30.0}, "30", "/ 30 s"),
        ({"timed": True, "clock_s": 12.0, "clock_of_s": 12.5}, "12", "/ 12.5 s"),
        ({"timed": True, "clock_s": 9.0}, "9", "s"),
        ({"timed": True, "clock_s": 9.0, "clock_of_s": 120.0}, "0:09", "/ 2:00"),
        ({"timed": True, "clock_s": 4000.0}, "1:06:40", ""),
        ({"timed": True, "clock_s": math.nan}, "0", "s"),
    ],
)
def test_the_figure(changes: dict[str, object], big: str, of: str) -> None:
    assert figure(replace(SET, **changes)) == (big, of)


PHASES = {"unknown": "Not seen", "waiting": "Get ready", "rest": "Ready", "moving": "Moving", "top": "At the top",
          "hold": "Hold", "paused": "Clock stands"}  # fmt: skip


@pytest.mark.parametrize("name", get_args(Phase))
def test_every_phase_has_a_word(name: Phase) -> None:
    assert phase(SET, replace(STATUS, phase=name), English()) == PHASES[name]


@pytest.mark.parametrize(
    ("progress", "status", "words"),
    [
        ({"stage": "paused"}, {}, "Paused"),
        ({}, None, "Not seen"),
        ({"stage": "set_up"}, None, "Get ready"),
        ({}, {"phase": "top", "end": "cat"}, "Cat"),
        ({}, {"phase": "top", "end": "far out"}, "Far out"),
        ({}, {"phase": "moving", "end": "cat"}, "Moving"),
        ({"clock_s": 7.2, "clock_of_s": 10.0}, {"phase": "top"}, "At the top · 7 / 10 s"),
        ({"clock_s": 7.2}, {"phase": "top"}, "At the top · 7 s"),
        ({"clock_s": 0.4}, {"phase": "top"}, "At the top"),
        ({"timed": True, "clock_s": 7.2, "clock_of_s": 10.0}, {"phase": "top"}, "At the top · 3 / 10"),
        ({"timed": True, "count": 0, "count_of": 2, "side": "left"}, {"phase": "hold"}, "Hold · left · 0 / 2"),
    ],
)
def test_the_phase(progress: dict[str, object], status: dict[str, object] | None, words: str) -> None:
    known = None if status is None else replace(STATUS, **status)
    assert phase(replace(SET, **progress), known, English()) == words


def test_the_step_is_told_in_routines_only() -> None:
    assert step_of(SET, English()) == "2 of 5"
    assert step_of(replace(SET, step=1, steps=1), English()) == ""


@pytest.mark.parametrize(
    ("seconds", "gone", "left"), [(0, 0, 0), (0.2, 0, 1), (1, 1, 1), (9.9999, 10, 10), (-3, 0, 0), (math.nan, 0, 0)]
)
def test_seconds(seconds: float, gone: int, left: int) -> None:
    assert (whole_seconds(seconds), seconds_left(seconds)) == (gone, left)


# --- the picture ----------------------------------------------------------------------------------------------------


def test_the_mirror_turns_the_picture_with_its_lines_and_no_text() -> None:
    box = picture_box()
    plain, mirrored = drawn(SET), drawn(SET, mirror=True)
    assert np.array_equal(part(mirrored, box), part(plain, box)[:, ::-1])
    outside = np.ones(plain.shape[:2], bool)
    outside[box.top : box.bottom, box.left : box.right] = False
    assert np.array_equal(plain[outside], mirrored[outside])
    # The head is to the left and is to the right in the mirror.
    shoulder = round(BODY["SHOULDER"][0] / SIZE[0] * box.width)
    near = slice(shoulder - 8, shoulder + 8)
    assert count_of(part(plain, box)[:, near], GOOD) > 0
    assert count_of(part(mirrored, box)[:, near], GOOD) == 0


@pytest.mark.parametrize(
    ("changes", "colour", "absent"),
    [({}, GOOD, FAULT), ({"in_form": False}, FAULT, GOOD), ({"phase": "waiting"}, None, GOOD)],
)
def test_the_line_tells_the_form(changes: dict[str, object], colour: object, absent: tuple[int, int, int]) -> None:
    picture = part(drawn(SET, status=replace(STATUS, **changes)), picture_box())
    assert count_of(picture, absent) == 0
    assert colour is None or count_of(picture, colour) > 500  # type: ignore[arg-type]


def test_a_faulty_line_differs_in_shape_as_well() -> None:
    def whole(in_form: bool) -> float:
        picture = part(drawn(SET, status=replace(STATUS, in_form=in_form)), picture_box())
        scale = np.array(picture.shape[1::-1]) / SIZE
        ends = (np.array(BODY[joint]) * scale for joint in ("SHOULDER", "HIP"))
        along = np.linspace(*ends, 200)[30:-30].astype(int)
        return float(np.mean([(picture[y, x] == (GOOD if in_form else FAULT)).all() for x, y in along]))

    assert whole(True) == 1.0
    assert whole(False) < 0.85


def test_a_pause_is_dark_and_has_no_lines() -> None:
    going, paused = (part(drawn(replace(SET, stage=stage)), picture_box()) for stage in ("exercise", "paused"))
    assert count_of(paused, GOOD) == 0
    assert np.median(paused) < 0.5 * np.median(going)


@pytest.mark.parametrize("shape", [(640, 480), (1280, 720), (480, 640), (100, 900)])
@pytest.mark.parametrize("size", [HD, (640, 480), (480, 640)])
def test_the_whole_picture_is_seen(shape: tuple[int, int], size: tuple[int, int]) -> None:
    box = contained(shape, layout(size).picture)
    assert box.left >= layout(size).picture.left
    assert box.bottom <= layout(size).strip.top
    assert box.width / box.height == pytest.approx(shape[0] / shape[1], rel=0.05)


# --- rings, breath, flash -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 1.0, 7.0, -1.0, math.nan])
def test_the_ring_is_filled_as_far_as_the_dose_is_done(share: float) -> None:
    image = canvas((400, 400))
    ring(image, (200, 200), 150, 20, share)
    turns = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    points = np.rint(200 + 150 * np.stack([np.sin(turns), -np.cos(turns)], axis=1)).astype(int)
    filled = np.mean([(image[y, x] == GOOD).all() for x, y in points])
    asked = 0.0 if math.isnan(share) else min(max(share, 0.0), 1.0)
    assert filled == pytest.approx(asked, abs=0.03)  # the round ends reach a little further


def test_the_breath_grows_and_shrinks() -> None:
    def sizes(way: str) -> list[float]:
        rest = Progress("rest", "Plank", rest_left_s=9, breath=way)
        return [breath_size(replace(rest, breath_share=share)) for share in np.linspace(0, 1, 21)]

    assert sizes("in") == sorted(sizes("in"))
    assert sizes("out") == pytest.approx(sizes("in")[::-1])
    assert sizes("in")[0] < 0.8 * sizes("in")[-1] == pytest.approx(0.8)
    assert sizes("out")[0] == pytest.approx(sizes("in")[-1])


@pytest.mark.parametrize(("done", "share"), [(1.0, 1.0), (0.8, 0.8), (0.0, 0.0)])
def test_only_the_whole_dose_is_called_finished(done: float, share: float) -> None:
    words = English()
    end = Progress("finished", "Back relief", step=5, steps=5, count=round(5 * done), count_of=5, done=done)
    screen = draw_screen(None, None, None, end, words, mirror=True, size=HD)
    assert ("screen_finished" in words.asked) is (done == 1)
    # A tick and a whole ring, or the count in as much of a ring.
    assert (count_of(screen, GOOD) > 5000) is (share > 0)
    assert (tallest(screen[: layout(HD).strip.top, : HD[0] // 2]) >= HD[1] / 4) is (done < 1)


def test_a_paused_rest_keeps_its_seconds() -> None:
    rest = Progress("rest", "Plank", rest_left_s=42.0)
    words = English()
    draw_screen(None, None, None, replace(rest, stage="paused"), words, mirror=True, size=HD)
    assert {"screen_paused", "screen_next"} <= words.asked
    assert "screen_rest" not in words.asked


@pytest.mark.parametrize(
    ("changes", "foot", "above"),
    [
        ({}, NOTICE, None),
        ({"advice": (TIP,), "message": "Lie down."}, NOTICE, TIP),
        ({"cue": "lift your hips"}, "Lift your hips", NOTICE),
        ({"praise": True}, TEXTS["screen_praise"], NOTICE),
    ],
)
def test_a_notice_is_shown_whatever_is_going_on(changes, foot, above) -> None:
    progress = replace(SET, notice=NOTICE, **changes)
    said = strip(progress, English())
    more = caption(progress, said)
    assert (said.text, None if more is None else more.text) == (foot, above)


def test_pain_shows_nothing_but_what_to_do() -> None:
    words = English()
    progress = replace(SET, stage="finished", pain=True, cue="lift your hips", advice=(TIP,))
    screen = draw_screen(room(), body(), STATUS, progress, words, mirror=True, size=HD)
    assert words.asked == {"screen_pain_title", "screen_pain_text", "screen_pain_kept"}
    assert count_of(screen, FAULT) == 0
    assert tallest(screen) >= HD[1] / 9


@pytest.mark.parametrize(
    ("kind", "colour"),
    [("count", GOOD), ("clock", GOOD), ("praise", GOOD), ("correction", FAULT), ("pain", FAULT), ("guide", INK)],
)
def test_the_flash_is_at_the_edge(kind, colour) -> None:
    screen = drawn(SET, size=(640, 480))
    before = screen.copy()
    draw_flash(screen, kind)
    assert all((screen[y, x] == colour).all() for x, y in ((2, 2), (320, 4), (637, 240), (320, 477)))
    assert np.array_equal(screen[40:-40, 40:-40], before[40:-40, 40:-40])
