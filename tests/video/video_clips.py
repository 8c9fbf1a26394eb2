"""Small clips for the tests, made with PyAV: known pictures at known times."""

import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

# Corners of the marked picture: top left, top right, bottom left, bottom right.
RED, GREEN, BLUE, WHITE = (0, 0, 220), (0, 200, 0), (220, 0, 0), (235, 235, 235)

# x' = a x + c y, y' = b x + d y: how a picture has to be turned, clockwise, to stand upright.
MATRICES = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0), "mirror": (-1, 0, 0, 1)}


def marked(width=96, height=64, shade=None):
    """Return a picture with a differently coloured block in each corner on grey."""
    image = np.full((height, width, 3), 90 if shade is None else shade, np.uint8)
    h, w = max(1, height // 3), max(1, width // 3)
    image[:h, :w], image[:h, -w:], image[-h:, :w], image[-h:, -w:] = RED, GREEN, BLUE, WHITE
    return image


def corners(image):
    """Name the colours in the four corners, in reading order."""
    h, w = image.shape[0] // 6, image.shape[1] // 6
    names = {"red": RED, "green": GREEN, "blue": BLUE, "white": WHITE}
    spots = [image[h, w], image[h, -w - 1], image[-h - 1, w], image[-h - 1, -w - 1]]
    return [min(names, key=lambda name: np.abs(spot.astype(int) - names[name]).sum()) for spot in spots]


def write_clip(
    path: Path,
    times: Sequence[float] = (0.0, 0.04, 0.08, 0.12, 0.16),
    images=None,
    *,
    size=(96, 64),
    codec="libx264",
    pix_fmt="yuv420p",
    aspect: Fraction | None = None,
    options: dict[str, str] | None = None,
    container_options: dict[str, str] | None = None,
    time_base=Fraction(1, 90_000),
    sound=False,
    gop=12,
) -> Path:
    """Write a video of given pictures (default: the marked one) at given times in seconds."""
    if codec.startswith("mpeg"):
        time_base = Fraction(1, 25)  # these know no finer one
    images = images or [marked(*size)] * len(times)
    with av.open(str(path), "w", container_options=container_options or {}) as container:
        stream = container.add_stream(codec, rate=25, options={"threads": "1"} | (options or {}))
        stream.width, stream.height, stream.pix_fmt = size[0], size[1], pix_fmt
        stream.codec_context.time_base = time_base
        stream.codec_context.gop_size = gop
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect
        tone = container.add_stream("aac", rate=16_000) if sound else None
        for image, time_s in zip(images, times, strict=True):
            frame = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format=pix_fmt)
            frame.pts, frame.time_base = round(time_s / time_base), time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if tone:
            _add_sound(container, tone, times[-1])
    return path


def write_sound(path: Path, seconds=0.5) -> Path:
    """Write a file with sound and no pictures."""
    with av.open(str(path), "w") as container:
        _add_sound(container, container.add_stream("aac", rate=16_000), seconds)
    return path


def _add_sound(container, stream, seconds):
    for start in range(0, round(seconds * 16_000), 1024):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 16_000, start, Fraction(1, 16_000)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def turn(path: Path, matrix: tuple[int, int, int, int]) -> Path:
    """Note in an MP4's track header how a player has to turn its pictures, as phones do."""
    data = bytearray(path.read_bytes())
    start = data.index(b"tkhd") + 4 + 40  # version 0: the fields before the matrix take 40 bytes
    a, b, c, d = (number << 16 for number in matrix)
    data[start : start + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    return path


def noise(count, size=(96, 64), seed=1):
    """Return pictures that compress badly, so that a file of them can be cut in its middle."""
    rng = np.random.default_rng(seed)
    return [rng.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8) for _ in range(count)]
