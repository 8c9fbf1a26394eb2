"""The bare loop, and formcheck's own work stage by stage, timed around the calls."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

from benchmarks._common import Clip
from formcheck import exercises
from formcheck.engine.engine import EngineState, status, step
from formcheck.measure.reader import PoseReader
from formcheck.pose.finder import CONFIDENCE
from formcheck.pose.models import find_model

T = TypeVar("T")

OWN = {
    "frames": "reading frames, less OpenCV's bare reading and the cuts",
    "cuts": "telling hard cuts",
    "finder": "finding the person, less mediapipe and the colour conversion of the bare loop",
    "reader": "pose to measures",
    "engine": "measures to events",
}
EXTRA = {"status": "what to show", "drawing": "the overlay", "writing": "handing pictures to the encoder's thread"}


WAITING = ("decoding", "reading", "mediapipe")  # other threads work for these: timed by the clock


class Clock:
    """Adds up seconds by stage: of this thread's work, or by the clock for what is done by other threads."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.frames = 0

    def run(self, stage: str, call: Callable[..., T], *arguments: Any) -> T:
        """Call it, and add the time it took to a stage."""
        wall, work = time.perf_counter(), time.thread_time()
        result = call(*arguments)
        wall, work = time.perf_counter() - wall, time.thread_time() - work
        self.seconds[stage] += wall if stage in WAITING else work
        self.seconds[f"{stage}, this thread"] += work
        return result

    def ms(self, stage: str) -> float:
        """Milliseconds a frame of one stage."""
        return 1000 * self.seconds[stage] / max(1, self.frames)


def _bare_frames(path: Path) -> Iterator[Any]:
    import cv2  # noqa: PLC0415 - slow

    capture = cv2.VideoCapture(str(path))
    while True:
        there, image = capture.read()
        if not there:
            break
        yield image
    capture.release()


def bare(path: Path, clock: Clock | None = None, *, masks: bool = False) -> int:
    """Decode and detect, nothing else, with the finder's model and confidences; the number of frames."""
    import cv2  # noqa: PLC0415 - slow
    import mediapipe as mp  # noqa: PLC0415 - slow
    from mediapipe.tasks.python import BaseOptions, vision  # noqa: PLC0415 - slow

    clock = clock or Clock()
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(find_model("full"))),
        running_mode=vision.RunningMode.VIDEO,
        min_pose_detection_confidence=CONFIDENCE,
        min_pose_presence_confidence=CONFIDENCE,
        min_tracking_confidence=CONFIDENCE,
        output_segmentation_masks=masks,
    )
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        frames = _bare_frames(path)
        while (image := clock.run("decoding", next, frames, None)) is not None:
            rgb = clock.run("colour", cv2.cvtColor, image, cv2.COLOR_BGR2RGB)
            picture = clock.run("colour", lambda rgb: mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb), rgb)
            clock.run("mediapipe", landmarker.detect_for_video, picture, 40 * clock.frames)
            clock.frames += 1
    return clock.frames


def stages(clip: Clip, rounds: int) -> list[list[str]]:
    """Lines of a table: the bare loop's stages, the least over the rounds; then ours, medians."""
    pairs = [(_bare_clock(clip.path), _own_clock(clip)) for _ in range(rounds)]
    base = {stage: min(b.ms(stage) for b, _ in pairs) for stage in ("decoding", "colour", "mediapipe")}
    total = sum(base.values())
    reading = min(o.ms("reading") for _, o in pairs)
    own = {stage: statistics.median(_own_ms(stage, b, o) for b, o in pairs) for stage in OWN if stage != "frames"}
    own["frames"] = reading - base["decoding"] - own["cuts"]
    extra = {stage: statistics.median(o.ms(stage) for _, o in pairs) for stage in EXTRA}
    lines = [_line(f"bare: {stage}", ms, total, "") for stage, ms in base.items()]
    asked_ms = statistics.median(o.ms("mediapipe") for _, o in pairs)
    if exercises.get(clip.exercise).silhouette:
        slim_ms = statistics.median(_own_clock(clip, masks=False).ms("mediapipe") for _ in range(rounds))
        lines.append(_line("mediapipe without silhouettes", slim_ms, total, "as for exercises that need none"))
        lines.append(_line("silhouettes", asked_ms - slim_ms, total, "what mediapipe takes for them"))
    else:
        lines.append(_line("mediapipe in formcheck", asked_ms, total, "without what only silhouettes need"))
    lines += [_line(stage, own[stage], total, words) for stage, words in OWN.items()]
    lines.append(_line("= all of our own", sum(own.values()), total, "(target: 5 %)"))
    lines += [_line(f"video: {stage}", extra[stage], total, words) for stage, words in EXTRA.items()]
    return lines


def _line(name: str, ms: float, total: float, words: str) -> list[str]:
    return [name, f"{ms:.3f}", f"{ms / total:.1%}", words]


def _own_ms(stage: str, base: Clock, own: Clock) -> float:
    if stage == "finder":
        return own.ms("finding") - own.ms("mediapipe, this thread") - base.ms("colour")
    return own.ms(stage)


def _bare_clock(path: Path) -> Clock:
    clock = Clock()
    bare(path, clock)
    return clock


class _TimedTask:
    """A mediapipe task whose detection is timed."""

    def __init__(self, task: Any, clock: Clock) -> None:
        self._task = task
        self._clock = clock

    def detect_for_video(self, *arguments: Any) -> Any:
        """Look for a person."""
        return self._clock.run("mediapipe", self._task.detect_for_video, *arguments)

    def close(self) -> None:
        """Free it."""
        self._task.close()


def _own_clock(clip: Clip, *, masks: bool = True) -> Clock:
    """Go formcheck's way over one clip, in one thread but for the encoder; silhouettes are left out without `masks`."""
    from formcheck.pose import estimator  # noqa: PLC0415 - slow
    from formcheck.pose.finder import PoseFinder  # noqa: PLC0415 - slow
    from formcheck.report.overlay import draw  # noqa: PLC0415 - slow
    from formcheck.video.cuts import CutDetector  # noqa: PLC0415 - slow
    from formcheck.video.source import open_source  # noqa: PLC0415 - slow
    from formcheck.video.writer import VideoWriter  # noqa: PLC0415 - slow

    clock, exercise, new_task = Clock(), exercises.get(clip.exercise), estimator._new_task
    is_cut = CutDetector.is_cut

    def timed_is_cut(*arguments: Any) -> bool:
        return clock.run("cuts", is_cut, *arguments)

    def timed_task(*arguments: Any) -> tuple[Any, Any]:
        module, task = new_task(*arguments)
        return module, _TimedTask(task, clock)

    reader = PoseReader(exercise.facing, exercise.needs, exercise.trends, silhouette=exercise.silhouette and masks)
    state = EngineState()
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(estimator, "_new_task", timed_task))
        stack.enter_context(mock.patch.object(CutDetector, "is_cut", timed_is_cut))
        source = stack.enter_context(open_source(clip.path, ahead=0))
        finder = stack.enter_context(PoseFinder(masks=exercise.silhouette and masks))
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        size = (source.info.width, source.info.height)
        writer = stack.enter_context(VideoWriter(Path(folder) / "a.mp4", size, source.info.fps or 30.0))
        frames = iter(source)
        while (frame := clock.run("reading", next, frames, None)) is not None:
            pose = clock.run("finding", finder.find, frame)
            reading = clock.run("reader", reader.read, pose)
            state, _ = clock.run("engine", step, state, exercise, reading)
            now = clock.run("status", status, state, exercise, reading)
            picture = clock.run("drawing", draw, frame.image, pose, now, exercise.title, exercise.dose.words())
            clock.run("writing", writer.write, picture, frame.time_s)
            clock.frames += 1
    return clock


def help_s() -> float:
    """Seconds that `formcheck --help` takes, median of seven after a first one."""
    script = shutil.which("formcheck", path=str(Path(sys.executable).parent))
    command = [script] if script else [sys.executable, "-m", "formcheck.cli"]
    seconds = []
    for _ in range(8):
        start = time.perf_counter()
        subprocess.run([*command, "--help"], check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds[1:])
