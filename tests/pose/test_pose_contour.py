from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from formcheck.pose.contour import PLACES_N, STEEPEST_DEG, back_contour, back_points
from formcheck.pose.landmarks import LANDMARKS_N, Landmark

SIZE = (400, 300)  # width, height
HIP, SHOULDER = (120.0, 200.0), (280.0, 200.0)
TRUNK = 160.0


def landmarks(hip: tuple[float, float] = HIP, shoulder: tuple[float, float] = SHOULDER) -> NDArray[np.float64]:
    pixels = np.full((LANDMARKS_N, 2), np.nan)
    for (x, y), joint in ((hip, "HIP"), (shoulder, "SHOULDER")):
        pixels[Landmark[f"LEFT_{joint}"]] = (x + 5, y)
        pixels[Landmark[f"RIGHT_{joint}"]] = (x - 5, y)  # their middle is what counts
    return pixels


def silhouette(top: float | NDArray[np.float64], bottom: float = 260.0) -> NDArray[np.float32]:
    """A body from `top` (one y, or one for each column) to `bottom`."""
    y = np.arange(SIZE[1])[:, None]
    return ((y >= np.broadcast_to(top, SIZE[0])) & (y <= bottom)).astype(np.float32)


def test_a_level_back() -> None:
    back = back_contour(silhouette(152.0), landmarks())
    assert back.shape == (PLACES_N,)
    assert back == pytest.approx(0.3, abs=0.012)


def test_an_arched_back_is_highest_where_it_is() -> None:
    x = np.arange(SIZE[0])
    top = 160.0 - 40.0 * np.exp(-(((x - 160.0) / 40.0) ** 2))  # nearer to the hips than to the shoulders
    back = back_contour(silhouette(top), landmarks())
    assert back.max() == pytest.approx(0.5, abs=0.012)
    assert 0.1 + 0.05 * int(back.argmax()) == pytest.approx(0.25, abs=0.051)


def test_a_dip_below_the_line_is_negative() -> None:
    assert back_contour(silhouette(220.0), landmarks()) == pytest.approx(-0.125, abs=0.012)


def test_the_head_on_the_other_side_changes_nothing() -> None:
    x = np.arange(SIZE[0])
    mask = silhouette(150.0 + 0.1 * x)
    mirrored_pixels = landmarks() * (-1, 1) + (SIZE[0] - 1, 0)
    plain, mirror = back_contour(mask, landmarks()), back_contour(mask[:, ::-1], mirrored_pixels)
    assert mirror == pytest.approx(plain, abs=0.012)


@pytest.mark.parametrize(
    ("mask", "shoulder"),
    [
        (silhouette(300.0), SHOULDER),  # nobody
        (silhouette(0.0), SHOULDER),  # something over the person, too
        (silhouette(150.0), (120.0, 40.0)),  # upright
        (silhouette(150.0), HIP),
    ],
)
def test_unknown(mask: NDArray[np.float32], shoulder: tuple[float, float]) -> None:
    assert np.isnan(back_contour(mask, landmarks(shoulder=shoulder))).all()
    assert 0 < STEEPEST_DEG < 90


def test_where_a_place_has_no_silhouette_it_alone_is_unknown() -> None:
    mask = silhouette(152.0)
    mask[:, 195:206] = 0
    back = back_contour(mask, landmarks())
    assert math.isnan(back[PLACES_N // 2])
    assert np.isfinite(back[[0, 4, 12, 16]]).all()


@pytest.mark.parametrize(("hip", "shoulder"), [(HIP, SHOULDER), (SHOULDER, HIP), (HIP, (260.0, 150.0))])
def test_its_places_in_the_picture(hip: tuple[float, float], shoulder: tuple[float, float]) -> None:
    x = np.arange(SIZE[0])
    top = 120.0 + 0.05 * x
    pixels = landmarks(hip, shoulder)
    contour, foot = back_points(back_contour(silhouette(top), pixels), pixels)
    assert contour.shape == foot.shape == (PLACES_N, 2)
    for px, py in contour:
        assert py == pytest.approx(120.0 + 0.05 * px, abs=2.5)  # on the edge
    ends = np.array(hip), np.array(shoulder)
    assert foot[0] == pytest.approx(ends[0] + 0.1 * (ends[1] - ends[0]))
    assert foot[-1] == pytest.approx(ends[0] + 0.9 * (ends[1] - ends[0]))
