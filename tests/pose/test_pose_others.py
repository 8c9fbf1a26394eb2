"""Other people in the picture, end to end with the real model: the right person or nobody, and no invented counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pytest
from composites import WIDTH, Image, Shot, behind, cut_out, emptied, mixed, paste, shots
from judged import judged
from pose_clips import KEY, truth

from formcheck.pose.finder import PoseFinder
from formcheck.pose.landmarks import Pose
from formcheck.video.frame import Frame

FPS = 12
RIGHT = 0.3  # mean error of a pose's key joints in trunk lengths
ASTRAY = 1.0  # and of a single one
Scene = Callable[[float, Shot, Shot], Image]


def someone() -> tuple[Shot, ...]:
    """A person standing sideways, in a few pictures."""
    return tuple(cut_out(shot) for shot in shots("standing_posture_good", 0, 9)[::4])


def scene(name: str, first: int, count: int, build: Scene) -> Iterator[Image]:
    """Pictures of a sample clip with somebody else in them; `build` is told seconds, shot and the other person."""
    others = someone()
    for i, shot in enumerate(shots(name, first, count)):
        yield build(i / FPS, shot, others[i % len(others)])


def find(images: Iterable[Image]) -> list[Pose]:
    with PoseFinder("full") as finder:
        return [finder.find(Frame(image, i / FPS, i)) for i, image in enumerate(images)]


def errors(poses: list[Pose], true: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and largest error of the joints that are given, for each pose; NaN where nobody is."""
    trunk = np.linalg.norm(true[:, :2].mean(axis=1) - true[:, 2:4].mean(axis=1), axis=1)
    off = np.linalg.norm(np.stack([pose.pixels[KEY] for pose in poses]) - true, axis=2) / trunk[:, None]
    off[np.isnan(off).all(axis=1), 0] = np.nan
    found = np.isfinite(off).any(axis=1)
    mean, most = np.full(len(poses), np.nan), np.full(len(poses), np.nan)
    mean[found], most[found] = np.nanmean(off[found], axis=1), np.nanmax(off[found], axis=1)
    return mean, most


def visit(t: float, shot: Shot, other: Shot) -> Image:
    """Somebody comes from the right within a second, stands behind the hips for two seconds, and goes again."""
    away = max(0.0, 1.3 - t, t - 3.3)
    return behind(shot, other, x=337 + 400 * away + 3 * np.sin(t), bottom=266, height=265)


def crossing(t: float, shot: Shot, other: Shot, *, front: bool) -> Image:
    """From one edge of the picture to the other in two and a half seconds, from 0.7 s on."""
    x = -50 + (WIDTH + 100) * (t - 0.7) / 2.5
    if front:
        return paste(shot.image, other, x=x, bottom=435, height=390)
    return behind(shot, other, x=x, bottom=285, height=255)


def passing_behind(t: float, shot: Shot, other: Shot) -> Image:
    return crossing(t, shot, other, front=False)


def passing_in_front(t: float, shot: Shot, other: Shot) -> Image:
    return crossing(t, shot, other, front=True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "first", "build", "found_min"),
    [
        ("partial_crunch_good", 125, visit, 0.95),  # the far leg flips onto the stander's in the full picture
        ("partial_crunch_good", 60, passing_behind, 0.95),
        ("bridge_good", 40, passing_behind, 0.95),
        ("bridge_good", 40, passing_in_front, 0.85),
        ("plank_good", 70, passing_in_front, 0.85),
    ],
)
def test_somebody_near(name, first, build, found_min):
    """The person is found, a limb on somebody else is not given out, and nobody is taken for another."""
    n = 52
    poses = find(scene(name, first, n, build))
    mean, most = errors(poses, truth(name)[first : first + n])
    found = np.isfinite(mean)
    assert found.mean() >= found_min
    assert np.mean(mean[found] < RIGHT) >= 0.98
    assert np.mean(most[found] < ASTRAY) >= 0.95
    assert found[-FPS // 2 :].all()  # and once the other has gone it is as before
    assert not any(pose.new_shot for pose in poses)


@pytest.mark.slow
def test_repetitions_are_counted_while_somebody_walks_past():
    """The first crunch (5.0 to 9.25 s of the clip) with somebody passing behind twice."""

    def build(t: float, shot: Shot, other: Shot) -> Image:
        return crossing(t % 4.5, shot, other, front=False)

    reps = judged("partial_crunch", find(scene("partial_crunch_good", 39, 87, build))).reps
    assert [rep.outcome for rep in reps] == ["good"]


@pytest.mark.slow
@pytest.mark.parametrize("faded", [0, 12], ids=["at once", "over a second"])
def test_another_person_does_not_finish_the_repetition(faded):
    """One person goes up into a bridge, another one, with the head on the other side, comes down from it."""
    mine, others = shots("bridge_good", 0, 84), shots("bridge_faulty", 36, 84)
    images = [shot.image for shot in mine[: 84 - faded]]
    images += [mixed(mine[84 - faded + i].image, others[i].image, i / max(faded, 1)) for i in range(faded)]
    images += [shot.image for shot in others[faded:]]
    poses = find(images)
    changes = [pose.time_s for pose in poses if pose.new_shot]
    assert len(changes) == 1
    assert 6.0 <= changes[0] <= 8.5
    assert judged("bridge", poses).count == 0


@pytest.mark.slow
def test_leaving_and_coming_back():
    """Half a second of nobody: the same one again; then somebody standing there instead: another one, twice."""
    here = shots("bridge_good", 0, 24)
    empty = emptied(here[-1])
    standing = [paste(empty, other, x=330, bottom=360, height=330) for other in someone()] * 8
    images = [shot.image for shot in here] + [empty] * 6 + [shot.image for shot in here]
    away = len(images)
    images += [empty] * 6 + standing + [empty] * 6
    back = len(images)
    images += [shot.image for shot in here]
    poses = find(images)
    assert not any(pose.new_shot for pose in poses[:away])
    assert all(pose.found for pose in poses[30 + FPS : away])  # within a second
    assert [pose.new_shot for pose in poses[away:back]].count(True) == 1
    assert [pose.new_shot for pose in poses[back:]].count(True) == 1
    assert all(pose.found for pose in poses[back + FPS :])
