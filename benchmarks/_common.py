"""What the benchmarks share: finding clips and their truth, poses (kept in a cache), a plain table."""

from __future__ import annotations

import hashlib
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks._transforms import AS_FILMED, Transform, Transformed
from formcheck import exercises
from formcheck.engine.engine import Event
from formcheck.engine.records import FaultSpan, Hold, Reminder, Repetition, ViewProblem
from formcheck.footage import Footage
from formcheck.judge import Judge
from formcheck.measure import reading as measured
from formcheck.pose.landmarks import Side
from formcheck.pose.models import find_model
from formcheck.pose.recording import PoseRecorder, PoseRecording, PoseSource
from formcheck.video.source import Stride
from formcheck.video.stretches import cut

PROJECT = Path(__file__).resolve().parent.parent
SAMPLES = PROJECT / "sample_videos"
YAW_SAMPLES = SAMPLES / "yaw"  # the same short clips from several sides
SHARED = PROJECT.parent / "shared"
_TRANSFORMS_FILE = Path(__file__).with_name("_transforms.py")
# Of the rooms video and pose: what writes, keeps or divides poses and pictures that are found all the same.
_NO_PART_IN_POSES = frozenset({"encoder", "loss", "recording", "stretched", "stretches", "writer"})

# What the truth calls the main angle, and the angle as read before anything of the person's own is taken off. Cat and
# cow have none: they are judged by the back's curve, which is compared in `_back`. The hamstring stretch's is that of
# the leg that is held, which the truth's holds name.
MAIN_ANGLE = {
    "bridge": "hip_angle",
    "plank": "hip_angle",
    "side_plank": "hip_angle",
    "partial_crunch": "trunk_angle",
    "sitting_posture": "trunk_lean",
    "standing_posture": "trunk_lean",
}
RAW_ANGLE = MAIN_ANGLE | {"partial_crunch": "trunk_slope"}


def all_names() -> tuple[str, ...]:
    """All exercises that can be asked for by name: those built in, and the examples of a user's own."""
    return (*exercises.names(), *exercises.examples())


@dataclass(frozen=True)
class Clip:
    """A video with what is known to be in it: exact truth of a rendered clip, or labels by eye of a filmed one."""

    path: Path
    exercise: str
    truth: dict[str, Any] | None = None
    label: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        """Its short name."""
        return self.path.stem


@dataclass
class Run:
    """All that formcheck says of one clip, and frame by frame the main angle and the raw one (NaN: unknown).

    `seen` is whether the person was ever far enough inside the picture to be judged: a clip without is refused.
    `troubles` are names of what is wrong with the whole clip.
    """

    reps: list[Repetition] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    faults: list[FaultSpan] = field(default_factory=list)
    view: list[ViewProblem] = field(default_factory=list)
    reminders: list[Reminder] = field(default_factory=list)
    times_s: list[float] = field(default_factory=list)
    angles_deg: list[float] = field(default_factory=list)
    raw_deg: list[float] = field(default_factory=list)
    readings: list[measured.Reading] = field(default_factory=list)
    side: Side | None = None
    pose_found: float = 0.0
    seen: bool = False
    troubles: tuple[str, ...] = ()

    def add(self, events: Sequence[Event]) -> None:
        """Sort events into their lists."""
        for event in events:
            if isinstance(event, Repetition):
                self.reps.append(event)
            elif isinstance(event, Hold):
                self.holds.append(event)
            elif isinstance(event, FaultSpan):
                self.faults.append(event)
            elif isinstance(event, Reminder):
                self.reminders.append(event)
            else:
                self.view.append(event)


def clips_of(paths: Sequence[Path]) -> list[Clip]:
    """The clips with truth or labels in these folders, or these clips."""
    return [clip for path in paths for clip in _clips_at(path)]


def _clips_at(path: Path) -> Iterator[Clip]:
    if not path.exists():
        say(f"{path} is not there: left out")
        return
    folder = path if path.is_dir() else path.parent
    videos = sorted(folder.glob("*.mp4")) if path.is_dir() else [path]
    labels = _labels(folder)
    for video in videos:
        truth_file = video.with_suffix(".json")
        if truth_file.is_file():
            truth = json.loads(truth_file.read_text(encoding="utf-8"))
            yield from _with_truth(video, truth)
        elif video.name in labels:
            yield Clip(video, labels[video.name]["exercise"], label=labels[video.name])
        else:
            say(f"{video} has neither truth nor labels: left out")


def _with_truth(video: Path, truth: dict[str, Any]) -> Iterator[Clip]:
    """One clip; a room with nobody in it is a clip of every exercise, in which nothing may be found."""
    for exercise in exercises.names() if truth["exercise"] == "empty" else (truth["exercise"],):
        yield Clip(video, exercise, truth=truth)


def _labels(folder: Path) -> dict[str, dict[str, Any]]:
    file = folder / "labels.toml"
    if not file.is_file():
        return {}
    return {clip["file"]: clip for clip in tomllib.loads(file.read_text(encoding="utf-8"))["clip"]}


@dataclass(frozen=True)
class Reading:
    """How clips are read.

    Attributes:
        stretch_s: Cut every clip into stretches of about so many seconds, as if it were long; None leaves that to
            formcheck.
        stride: Look at one frame of so many, or "auto".
    """

    stretch_s: float | None = None
    stride: Stride = 1


class Poses:
    """Poses by clip, found once: kept in memory, and in a folder where one is given.

    The folder's files are named by what went in: the contents of clip and model, what was done to the clip, how it was
    read, and the code that finds poses.
    """

    def __init__(self, model: str, folder: Path | None, reading: Reading | None = None) -> None:
        self._model = model
        self._folder = folder
        self._reading = reading or Reading()
        self._known: dict[tuple[Path, bool, str], PoseRecording] = {}
        self._maker = b"" if folder is None else _model_sum(model) + _code_sum()

    def of(self, clip: Path, *, masks: bool = False, transform: Transform = AS_FILMED) -> PoseRecording:
        """The poses of one clip, changed by a transform, with the back's contour where `masks` are asked for."""
        key = clip, masks, transform.name
        if key not in self._known:
            self._known[key] = self._load(clip, masks, transform)
        return self._known[key]

    def forget(self) -> None:
        """Let go of what is kept in memory."""
        self._known.clear()

    def _load(self, clip: Path, masks: bool, transform: Transform) -> PoseRecording:
        if self._folder is None:
            return record(clip, self._model, masks=masks, transform=transform, reading=self._reading)
        asked = b"masks" if masks else b""
        if transform is not AS_FILMED:
            asked += transform.name.encode() + _TRANSFORMS_FILE.read_bytes()
        if self._reading != Reading():
            asked += repr(self._reading).encode()
        key = hashlib.sha256(clip.read_bytes() + asked + self._maker).hexdigest()[:16]
        file = self._folder / f"{clip.stem}-{key}.npz"
        if file.is_file():
            return PoseRecording.load(file)
        self._folder.mkdir(parents=True, exist_ok=True)
        recording = record(clip, self._model, masks=masks, transform=transform, reading=self._reading)
        recording.save(file)
        return recording


def _model_sum(model: str) -> bytes:
    """A hash of a model's content, whether it is told by name or by its path.

    Raises:
        ModelError: It is missing or damaged.
    """
    return hashlib.sha256(find_model(model).read_bytes()).digest()


def _code_files() -> list[Path]:
    """The code that poses come from: reading pictures and finding people in them."""
    files = [file for room in ("video", "pose") for file in (PROJECT / "formcheck" / room).glob("*.py")]
    files.append(PROJECT / "formcheck" / "watching.py")
    return sorted(file for file in files if file.stem not in _NO_PART_IN_POSES)


def _code_sum() -> bytes:
    """A hash of the code that poses come from."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in _code_files())).digest()


def record(
    clip: Path, model: str, *, masks: bool = False, transform: Transform = AS_FILMED, reading: Reading | None = None
) -> PoseRecording:
    """The poses of one clip, found now."""
    from formcheck.video.source import open_source  # noqa: PLC0415 - slow
    from formcheck.watching import Looking  # noqa: PLC0415 - slow

    say(f"finding poses in {clip.name}, {transform.name} ...")
    reading = reading or Reading()
    opened = open_source(clip, stride=reading.stride) if transform is AS_FILMED else Transformed(clip, transform)
    with opened as source:
        info = source.info
        if reading.stretch_s is not None and info.duration_s:
            source.stretches = cut(info.duration_s, max(1, round(info.duration_s / reading.stretch_s)))
        recorder = PoseRecorder((info.width, info.height))
        for _, pose in Looking(model, masks).at(source, pictures=False):
            recorder.append(pose)
        return recorder.finish(PoseSource(clip.name, model, info.duration_s or 0.0, 0, info.fps or 0.0))


def judge(recording: PoseRecording, exercise: str) -> Run:
    """What the rules say of these poses."""
    chosen = exercises.get(exercise)
    follower = Judge(chosen)
    run, footage = Run(), Footage()
    sides: Counter[Side] = Counter()
    found = 0
    for pose in recording:
        run.add(follower.step(pose))
        footage.add(pose)
        run.times_s.append(pose.time_s)
        run.readings.append(follower.reading)
        raw = follower.reading.value(f"{RAW_ANGLE.get(exercise)}_deg")
        run.raw_deg.append(raw)
        # A repetition's main measure is over the person's own rest, which the engine knows; a hold's is no angle.
        run.angles_deg.append(raw if chosen.movement is None else follower.status.value)
        found += pose.found
        if pose.found and follower.reading.side is not None:
            sides[follower.reading.side] += 1
    run.add(follower.finish())
    run.side = sides.most_common(1)[0][0] if sides else None
    run.pose_found = found / max(1, len(recording))
    run.seen = follower.seen
    run.troubles = tuple(footage.troubles())
    return run


def say(text: str) -> None:
    """Tell the person at the terminal; not a part of the report."""
    print(text, file=sys.stderr, flush=True)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A plain table: first column to the left, the others to the right, the last one to the left."""
    lines = [header, ["-" * len(name) for name in header], *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    lines[1] = ["-" * width for width in widths]
    last = len(header) - 1

    def cell(text: str, i: int) -> str:
        return text.ljust(widths[i]) if i in (0, last) else text.rjust(widths[i])

    return "\n".join("  ".join(cell(text, i) for i, text in enumerate(line)).rstrip() for line in lines)
