"""What a clip's pictures may suffer: each transform is made in memory, picture by picture, and always the same."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.video.source import Source, VideoFile

Image = NDArray[np.uint8]
Change = Callable[[Image, int], Image]  # a picture (H, W, 3), BGR, and its number

SURROUNDINGS_BLUR = 6.0  # of what is made up around a picture that was made smaller
SENSOR_NOISE = 4.0  # a sensor's noise in poor light, of 255


@dataclass(frozen=True)
class Transform:
    """One thing done to a clip.

    Attributes:
        name: Short, unique.
        group: What it belongs to ("roll", "light", ...).
        inside: Whether the README promises right counts under it.
        change: What becomes of each picture; None leaves it as it is.
        fps: At most so many pictures a second are kept; None keeps all.
        mirrored: Whether left and right are exchanged.
        extreme: Whether it is the farthest of its group, which `--quick` takes.
    """

    name: str
    group: str
    inside: bool = True
    change: Change | None = None
    fps: float | None = None
    mirrored: bool = False
    extreme: bool = False

    def apply(self, image: Image, number: int) -> Image:
        """The picture with this number, changed."""
        return image if self.change is None else self.change(image, number)

    def true(self, truth: dict[str, Any]) -> dict[str, Any]:
        """What is true of the changed clip."""
        return mirrored_truth(truth) if self.mirrored else truth


class Transformed(Source):
    """A video file's frames after a transform; cuts are looked for in what is left of them."""

    def __init__(self, path: Path, transform: Transform) -> None:
        super().__init__(ahead=4)
        self._file = VideoFile(path, ahead=0)
        self._transform = transform
        info = self._file.info
        blank = np.zeros((info.height, info.width, 3), np.uint8)
        height, width = transform.apply(blank, 0).shape[:2]
        fps = info.fps if transform.fps is None else min(transform.fps, info.fps or transform.fps)
        self.info = replace(info, width=width, height=height, fps=fps)

    def _pictures(self) -> Iterator[tuple[Image, float]]:
        keep = Thinner(self._transform.fps)
        for frame in self._file:
            if keep.wants(frame.time_s):
                yield self._transform.apply(frame.image, frame.index), frame.time_s

    def close(self) -> None:
        """End every iteration under way and let go of the file."""
        super().close()
        self._file.close()


class Thinner:
    """Keeps at most so many pictures a second, as a slow camera does."""

    def __init__(self, fps: float | None) -> None:
        self._every_s = 0.0 if fps is None else 1.0 / fps
        self._next_s = 0.0

    def wants(self, time_s: float) -> bool:
        """Whether the picture of this time is kept."""
        if time_s < self._next_s - 1e-6:
            return False
        while self._next_s <= time_s + 1e-6 and self._every_s:
            self._next_s += self._every_s
        return True


def rolled(image: Image, number: int = 0, *, degrees: float) -> Image:
    """The camera leans: the content is turned clockwise by `degrees` about the middle, its edges repeated."""
    import cv2  # noqa: PLC0415 - slow

    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), -degrees, 1.0)
    return _pixels(
        cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    )


def farther(image: Image, number: int = 0, *, scale: float) -> Image:
    """Everything is smaller by `scale` in a picture of the same size; what is made up around it is blurred."""
    import cv2  # noqa: PLC0415 - slow

    height, width = image.shape[:2]
    small = resized(image, (round(width * scale), round(height * scale)))
    top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    bottom, right = height - small.shape[0] - top, width - small.shape[1] - left
    whole = cv2.copyMakeBorder(small, top, bottom, left, right, cv2.BORDER_REPLICATE)
    out = _pixels(cv2.GaussianBlur(whole, (0, 0), SURROUNDINGS_BLUR))
    out[top : height - bottom, left : width - right] = small
    return out


def darker(image: Image, number: int = 0, *, share: float) -> Image:
    """Only this share of the light, with the noise of a sensor."""
    return _with_noise(image.astype(np.float32) * share, number, SENSOR_NOISE)


def noisy(image: Image, number: int = 0, *, sigma: float) -> Image:
    """Noise of this standard deviation on every pixel."""
    return _with_noise(image.astype(np.float32), number, sigma)


def blurred(image: Image, number: int = 0, *, sigma: float) -> Image:
    """Out of focus."""
    import cv2  # noqa: PLC0415 - slow

    return _pixels(cv2.GaussianBlur(image, (0, 0), sigma))


def fitted_in(image: Image, number: int = 0, *, width: int, height: int) -> Image:
    """As large as fits into width x height."""
    share = min(width / image.shape[1], height / image.shape[0])
    return resized(image, (round(image.shape[1] * share), round(image.shape[0] * share)))


def mirrored(image: Image, number: int = 0) -> Image:
    """Left and right exchanged."""
    return np.ascontiguousarray(image[:, ::-1])


def resized(image: Image, size: tuple[int, int]) -> Image:
    """The picture at (width, height)."""
    import cv2  # noqa: PLC0415 - slow

    return _pixels(cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def _with_noise(values: NDArray[np.float32], number: int, sigma: float) -> Image:
    noise = np.random.default_rng(number).standard_normal(values.shape, dtype=np.float32)
    return np.clip(np.rint(values + sigma * noise), 0, 255).astype(np.uint8)


def _pixels(array: Any) -> Image:
    return np.asarray(array, dtype=np.uint8)


def mirrored_truth(truth: dict[str, Any]) -> dict[str, Any]:
    """The truth with the person's left and right exchanged, as far as counts, holds and faults need it."""
    other = {"left": "right", "right": "left", None: None}
    holds = [hold | ({"side": other[hold["side"]]} if "side" in hold else {}) for hold in truth["holds"]]
    view = truth["view"] | {"near_side": other[truth["view"]["near_side"]]}
    return truth | {"holds": holds, "view": view}


AS_FILMED = Transform("as filmed", "as filmed", extreme=True)
TRANSFORMS = (
    AS_FILMED,
    *(
        Transform(
            f"roll {degrees:+}",
            "roll",
            inside=abs(degrees) <= 8,
            change=functools.partial(rolled, degrees=degrees),
            extreme=abs(degrees) >= 8,
        )
        for degrees in (-8, -4, 4, 8, 12)
    ),
    *(
        Transform(
            f"size x{scale}",
            "size",
            inside=scale >= 0.5,
            change=functools.partial(farther, scale=scale),
            extreme=scale == 0.3,
        )
        for scale in (0.5, 0.3)
    ),
    *(
        Transform(
            f"light x{share}",
            "light",
            inside=share >= 0.3,
            change=functools.partial(darker, share=share),
            extreme=share == 0.15,
        )
        for share in (0.5, 0.3, 0.15)
    ),
    *(
        Transform(
            f"noise {sigma}",
            "noise",
            inside=sigma <= 10,
            change=functools.partial(noisy, sigma=sigma),
            extreme=sigma == 20,
        )
        for sigma in (10, 20)
    ),
    *(
        Transform(
            f"blur {sigma}",
            "blur",
            inside=sigma <= 1.5,
            change=functools.partial(blurred, sigma=sigma),
            extreme=sigma == 3.0,
        )
        for sigma in (1.5, 3.0)
    ),
    *(Transform(f"{fps} fps", "frame rate", inside=fps >= 8, fps=fps, extreme=fps == 6) for fps in (8, 6)),
    Transform("320x240", "resolution", change=functools.partial(fitted_in, width=320, height=240), extreme=True),
    Transform("mirror", "mirror", change=mirrored, mirrored=True, extreme=True),
)
