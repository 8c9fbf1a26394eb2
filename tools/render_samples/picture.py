"""What makes frames of rendered pictures: sway, blur, grain, soft edges, and the encoder."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np

from errors import RenderError

FEATHER = 14  # pixels over which a pasted region fades into the picture


def sway(t: float, seed: int, size: float = 0.45) -> tuple[float, float]:
    """A person never keeps quite still, standing or lying: sub-pixel drift, (x, y)."""
    a = seed * 1.7
    x = np.sin(1.1 * t + a) * 0.6 + np.sin(2.9 * t + 2 * a) * 0.4
    y = np.sin(1.5 * t + 3 * a) * 0.7 + np.sin(3.7 * t + a) * 0.3
    return size * x, size * y


def shifted(image: np.ndarray, dx: float, dy: float) -> np.ndarray:
    """Image moved by a fraction of a pixel, bilinear, edges wrapped."""
    for axis, d in ((1, dx), (0, dy)):
        n = int(np.floor(d))
        f = d - n
        image = (1 - f) * np.roll(image, n, axis) + f * np.roll(image, n + 1, axis)
    return image


def blurred(image: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur of an image (h, w, channels), edges repeated."""
    r = max(1, int(3 * sigma + 0.5))
    k = np.exp(-(np.arange(-r, r + 1) ** 2) / (2 * sigma * sigma)).astype(np.float32)
    k /= k.sum()
    for axis in (0, 1):
        n = image.shape[axis]
        pad = [(r, r) if a == axis else (0, 0) for a in range(image.ndim)]
        p = np.pad(image, pad, mode="edge")
        rows = [p[i : i + n] if axis == 0 else p[:, i : i + n] for i in range(2 * r + 1)]
        image = rows[r] * k[r]
        for i in range(r):
            image += (rows[i] + rows[2 * r - i]) * k[i]
    return image


def feather(h: int, w: int, region: tuple, size: tuple[int, int]) -> np.ndarray:
    """1 inside, falling to 0 at those edges of the region that are not edges of the picture."""
    x0, y0, x1, y1 = region
    up = np.clip(np.arange(1, FEATHER + 1) / FEATHER, 0, 1)
    ax, ay = np.ones(w), np.ones(h)
    if x0 > 0:
        ax[:FEATHER] = up
    if x1 < size[0]:
        ax[-FEATHER:] = np.minimum(ax[-FEATHER:], up[::-1])
    if y0 > 0:
        ay[:FEATHER] = up
    if y1 < size[1]:
        ay[-FEATHER:] = np.minimum(ay[-FEATHER:], up[::-1])
    return np.minimum.outer(ay, ax)[..., None].astype(np.float32)


class Grain:
    """A camera's noise: a few plates, each frame one of them, rolled and perhaps turned over."""

    PLATES = 6

    def __init__(self, size: tuple[int, int], seed: int, strength: float):
        w, h = size
        self.rng = np.random.RandomState(seed)
        self.plates = [self._plate(h, w, strength) for _ in range(self.PLATES)]

    def _plate(self, h: int, w: int, strength: float) -> np.ndarray:
        grey = blurred(self.rng.randn(h, w, 1), 0.6) * strength
        return (grey + self.rng.randn(h, w, 3) * strength * 0.3).astype(np.float32)

    def next(self) -> np.ndarray:
        """The next frame's noise (h, w, 3)."""
        p = self.plates[self.rng.randint(len(self.plates))]
        p = np.roll(p, (self.rng.randint(p.shape[0]), self.rng.randint(p.shape[1])), (0, 1))
        return p[::-1] if self.rng.rand() < 0.5 else p


class Encoder:
    """Frames to a lossless intermediate, then H.264 no larger than asked."""

    QUALITIES = (23, 25, 27, 29, 31, 33, 36)
    FFMPEG = ("ffmpeg", "-y", "-loglevel", "error")

    def __init__(self, size: tuple[int, int], fps: float, folder: str | Path):
        self.raw = Path(folder) / "raw.mkv"
        source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}"]
        lossless = ["-c:v", "libx264rgb", "-qp", "0", "-preset", "ultrafast"]
        self.pipe = subprocess.Popen(
            [*self.FFMPEG, *source, "-r", str(fps), "-i", "-", *lossless, str(self.raw)],
            stdin=subprocess.PIPE,
        )

    def add(self, image: np.ndarray) -> None:
        """One more frame (h, w, 3), 0-255."""
        self.pipe.stdin.write(np.clip(image + 0.5, 0, 255).astype(np.uint8).tobytes())

    def finish(self, path: Path, max_mb: float) -> int:
        """Write the clip and give the quality (crf) that made it small enough."""
        self.pipe.stdin.close()
        if self.pipe.wait():
            raise RenderError("ffmpeg failed")
        web = ["-pix_fmt", "yuv420p", "-movflags", "+faststart"]
        for crf in self.QUALITIES:
            h264 = ["-c:v", "libx264", "-crf", str(crf), "-preset", "slow"]
            subprocess.run([*self.FFMPEG, "-i", str(self.raw), *h264, *web, str(path)], check=True)
            if path.stat().st_size < max_mb * 1e6:
                return crf
        raise RenderError(f"{path}: larger than {max_mb} MB even at crf {self.QUALITIES[-1]}")
