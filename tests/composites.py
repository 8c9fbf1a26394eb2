"""Two people in one picture, made in memory: silhouettes of the rendered sample clips pasted into each other.

The pictures are the sample clips' own (640 x 480). Nothing is kept on disk.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass

import av
import cv2
import numpy as np
import samples
from numpy.typing import NDArray

from formcheck.pose.finder import PoseFinder
from formcheck.video.frame import Frame

Image = NDArray[np.uint8]
Alpha = NDArray[np.float32]
HEIGHT, WIDTH = 480, 640
HARD = 0.35, 0.75  # silhouette values taken for outside and inside: a narrower edge than the estimator's own


@dataclass(frozen=True, eq=False)
class Shot:
    """A picture of one person, and (H, W) 0-1 where the person is in it."""

    image: Image
    alpha: Alpha


@functools.lru_cache(maxsize=6)
def shots(name: str, first: int = 0, count: int = 1, model: str = "full") -> tuple[Shot, ...]:
    """Some pictures of a sample clip with the silhouettes in them."""
    found = []
    with av.open(samples.clip(name)) as clip, PoseFinder(model, masks=True) as finder:
        pictures = (np.array(frame.to_ndarray(format="bgr24")) for frame in clip.decode(video=0))
        for i, image in enumerate(itertools.islice(pictures, first, first + count)):
            finder.find(Frame(image, i / 12, i))
            seen = np.zeros((HEIGHT, WIDTH), np.float32) if finder.mask is None else finder.mask
            low, high = HARD
            found.append(Shot(image, np.clip((seen - low) / (high - low), 0, 1).astype(np.float32)))
    return tuple(found)


def cut_out(shot: Shot) -> Shot:
    """The shot cut close around its person."""
    rows, columns = (np.flatnonzero(shot.alpha.max(axis=axis) > 0.5) for axis in (1, 0))
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return Shot(shot.image[box], shot.alpha[box])


def paste(image: Image, person: Shot, *, x: float, bottom: float, height: float) -> Image:
    """The picture with a cut-out person in it.

    Args:
        image: The picture; it stays as it is.
        person: What `cut_out` gave.
        x: Where the person's middle comes to, in pixels.
        bottom: Where the lowest point comes to.
        height: How high the person becomes.
    """
    factor = height / person.alpha.shape[0]
    to_place = np.array([[factor, 0, x - factor * person.alpha.shape[1] / 2], [0, factor, bottom - height]])
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    size = image.shape[1], image.shape[0]
    colours = cv2.warpAffine(person.image, to_place, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
    return mixed(image, colours, cv2.warpAffine(person.alpha, to_place, size, flags=how))


def behind(shot: Shot, person: Shot, *, x: float, bottom: float, height: float) -> Image:
    """The same with the shot's own person in front of the other."""
    return mixed(paste(shot.image, person, x=x, bottom=bottom, height=height), shot.image, shot.alpha)


def mixed(image: Image, other: Image, share: Alpha | float) -> Image:
    """The picture, with the other one where and as far as `share` says."""
    weight = np.asarray(share, np.float32)
    weight = weight[..., None] if weight.ndim else weight
    return np.asarray(np.rint(image + weight * (other.astype(np.float32) - image)), dtype=np.uint8)


def emptied(shot: Shot) -> Image:
    """The picture without its person: filled in from around, coarsely, with some grain."""
    small = cv2.resize(shot.image, (WIDTH // 4, HEIGHT // 4), interpolation=cv2.INTER_AREA)
    hole = cv2.dilate((cv2.resize(shot.alpha, (WIDTH // 4, HEIGHT // 4)) > 0.02).astype(np.uint8), np.ones((9, 9)))
    filled = cv2.resize(cv2.inpaint(small, hole, 5, cv2.INPAINT_TELEA), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    grain = np.random.default_rng(1).normal(0, 2.0, filled.shape)
    filled = np.clip(filled + grain, 0, 255).astype(np.uint8)
    soft = cv2.GaussianBlur(cv2.resize(hole, (WIDTH, HEIGHT)).astype(np.float32), (9, 9), 0)
    return mixed(shot.image, filled, soft)
