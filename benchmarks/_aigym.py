"""The package ultralytics' exercise counter over a clip: `python -m benchmarks._aigym WEIGHTS CLIP`.

Its weights are not shipped with formcheck; nothing is downloaded here.
"""

from __future__ import annotations

import sys

import cv2

UP_DEG, DOWN_DEG = 170.0, 130.0  # of a bridge's hip angle
LEFT_SHOULDER, LEFT_HIP, LEFT_KNEE = 5, 11, 13  # COCO key points


def main(weights: str, clip: str) -> None:
    """Count, and say how many frames were looked at."""
    from ultralytics import solutions  # type: ignore[import-not-found]  # noqa: PLC0415 - optional

    gym = solutions.AIGym(
        model=weights,
        kpts=[LEFT_SHOULDER, LEFT_HIP, LEFT_KNEE],
        up_angle=UP_DEG,
        down_angle=DOWN_DEG,
        show=False,
        verbose=False,
        device="cpu",
    )
    capture, frames = cv2.VideoCapture(clip), 0
    while True:
        there, image = capture.read()
        if not there:
            break
        gym(image)
        frames += 1
    print(frames, "frames")


if __name__ == "__main__":
    main(*sys.argv[1:])
