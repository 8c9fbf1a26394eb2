"""Pose recordings: a clip's poses in one .npz file, so that rules can be run again without the video.

The finder's numbers are float32 values in float64 arrays (`formcheck.pose.finder`), and a recording keeps float32:
so a replay gives the very same numbers as the live run, in half the space.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, field, fields
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from formcheck.errors import InputError
from formcheck.files import write_atomically
from formcheck.pose.contour import PLACES_N
from formcheck.pose.landmarks import LANDMARKS_N, NO_SCENE, FloatArray, Pose, Scene

FORMAT = 1
POSES_MAX = 2_000_000  # 18 hours at 30 a second; more is a damaged or hostile file
BYTES_MAX = POSES_MAX * 1024

_SHAPES: dict[str, tuple[int, ...]] = {
    "time_s": (),
    "pixels": (LANDMARKS_N, 2),
    "world": (LANDMARKS_N, 3),
    "visibility": (LANDMARKS_N,),
    "new_shot": (),
}
# In recordings made with silhouettes, and by releases that look at the scene.
_OPTIONAL: dict[str, tuple[int, ...]] = {"back": (PLACES_N,), "scene": (len(fields(Scene)),)}
_SOURCE: dict[str, type[str] | type[int] | type[float]] = {
    "path": str,
    "model": str,
    "duration_s": float,
    "frames": int,
    "fps": float,
}


@dataclass(frozen=True, slots=True)
class PoseSource:
    """Where the poses come from; 0 and "" where it is not known.

    Attributes:
        path: The clip's file name.
        model: The pose model ("full", ...).
        duration_s: The clip's length in seconds.
        frames: Number of frames read.
        fps: Mean frames per second.
    """

    path: str = ""
    model: str = ""
    duration_s: float = 0.0
    frames: int = 0
    fps: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class PoseRecording:
    """T poses of one clip, in order. Iterating gives each as a `Pose`.

    Attributes:
        time_s: (T,) float64, strictly increasing seconds.
        pixels: (T, 33, 2) float32, as in `Pose`; NaN where nobody was found.
        world: (T, 33, 3) float32, metres.
        visibility: (T, 33) float32, 0-1.
        new_shot: (T,) bool.
        size: (width, height) in pixels.
        source: Where it comes from.
        back: (T, 17) float32, the back's contour as in `Pose`; None where no silhouette was asked for.
        scene: (T, 5) float32, the numbers of `Scene`; None where they were not looked at.
    """

    time_s: NDArray[np.float64]
    pixels: NDArray[np.float32]
    world: NDArray[np.float32]
    visibility: NDArray[np.float32]
    new_shot: NDArray[np.bool_]
    size: tuple[int, int]
    source: PoseSource = field(default_factory=PoseSource)
    back: NDArray[np.float32] | None = None
    scene: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.time_s)

    def __iter__(self) -> Iterator[Pose]:
        for i in range(len(self)):
            yield self[i]

    def __getitem__(self, index: int) -> Pose:
        return Pose(
            float(self.time_s[index]),
            self.pixels[index].astype(np.float64),
            self.world[index].astype(np.float64),
            self.visibility[index].astype(np.float64),
            self.size,
            bool(self.new_shot[index]),
            None if self.back is None else self.back[index].astype(np.float64),
            NO_SCENE if self.scene is None else Scene(*self.scene[index].tolist()),
        )

    def save(self, path: Path) -> None:
        """Write the recording; an existing file is replaced only by a complete one.

        Raises:
            OutputError: It cannot be written there.
        """
        told = asdict(self.source)
        about = json.dumps({"format": FORMAT} | {name: kind(told[name]) for name, kind in _SOURCE.items()})
        kept = [name for name in (*_SHAPES, *_OPTIONAL) if getattr(self, name) is not None]
        arrays: dict[str, Any] = {name: np.ascontiguousarray(getattr(self, name)) for name in kept}
        buffer = io.BytesIO()
        np.savez_compressed(buffer, size=np.array(self.size, np.int64), about=np.array(about), **arrays)
        write_atomically(path, buffer.getvalue())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a recording. Nothing in the file is ever executed.

        Raises:
            InputError: It is missing, damaged or no recording; the message says what is wrong.
        """
        try:
            return cls(**_checked(_read(path)))
        except FileNotFoundError:
            raise InputError(f"There is no pose recording {path}.") from None
        except (OSError, EOFError, ValueError, TypeError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
            raise InputError(f"{path} is no pose recording of formcheck or is damaged: {error}.") from None


class PoseRecorder:
    """Collects poses into a `PoseRecording`.

    Args:
        size: (width, height) of the frames in pixels.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self._poses: list[tuple[float, NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], bool]] = []
        self._backs: list[FloatArray | None] = []
        self._scenes: list[tuple[float, ...]] = []

    def append(self, pose: Pose) -> None:
        """Add the next pose.

        Raises:
            ValueError: Its time does not follow the last one's.
        """
        if not np.isfinite(pose.time_s) or (self._poses and pose.time_s <= self._poses[-1][0]):
            raise ValueError(f"pose times must strictly increase, got {pose.time_s}")
        pixels, world, visibility = (a.astype(np.float32) for a in (pose.pixels, pose.world, pose.visibility))
        self._poses.append((pose.time_s, pixels, world, visibility, pose.new_shot))
        self._backs.append(pose.back)
        self._scenes.append(astuple(pose.scene))

    def finish(self, source: PoseSource | None = None) -> PoseRecording:
        """The recording of all poses so far."""
        columns: Sequence[Any] = tuple(zip(*self._poses, strict=True)) or ([],) * 5
        time_s, pixels, world, visibility, new_shot = columns
        n = len(time_s)
        return PoseRecording(
            np.array(time_s, np.float64),
            np.array(pixels, np.float32).reshape(n, LANDMARKS_N, 2),
            np.array(world, np.float32).reshape(n, LANDMARKS_N, 3),
            np.array(visibility, np.float32).reshape(n, LANDMARKS_N),
            np.array(new_shot, np.bool_),
            self.size,
            source or PoseSource(),
            self._contours(),
            np.array(self._scenes, np.float32) if any(map(_told, self._scenes)) else None,
        )

    def _contours(self) -> NDArray[np.float32] | None:
        if all(back is None for back in self._backs):
            return None
        unknown = np.full(PLACES_N, np.nan)
        return np.array([unknown if back is None else back for back in self._backs], np.float32)


def _told(scene: tuple[float, ...]) -> bool:
    return not all(map(math.isnan, scene))


def _read(path: Path) -> dict[str, NDArray[Any]]:
    """All arrays of the file, each read only after its header has been found to match its size."""
    with zipfile.ZipFile(path) as bundle:
        if sum(member.file_size for member in bundle.infolist()) > BYTES_MAX:
            raise ValueError(f"larger than {BYTES_MAX / 1e9:.0f} GB")
        there = set(bundle.namelist())
        optional = [name for name in _OPTIONAL if f"{name}.npy" in there]
        return {name: _array(bundle, name) for name in (*_SHAPES, *optional, "size", "about")}


def _array(bundle: zipfile.ZipFile, name: str) -> NDArray[Any]:
    try:
        member = bundle.getinfo(f"{name}.npy")
    except KeyError:
        raise ValueError(f"{name} is not in it") from None
    with bundle.open(member) as file:
        if np.lib.format.read_magic(file) != (1, 0):
            raise ValueError(f"{name} is in an unknown format")
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(file)
        expected = int(np.prod(shape, dtype=np.float64)) * dtype.itemsize
        if fortran or dtype.hasobject or expected != member.file_size - file.tell():
            raise ValueError(f"{name} does not have the size it claims")
        return np.frombuffer(file.read(), dtype).reshape(shape)


def _checked(arrays: dict[str, NDArray[Any]]) -> dict[str, Any]:
    """The constructor's arguments, or ValueError with what is wrong."""
    source = _source(arrays["about"])
    time_s = arrays["time_s"]
    if len(time_s.shape) != 1 or len(time_s) > POSES_MAX:
        raise ValueError("its times are no list or too long")
    kinds = {"time_s": np.float64, "new_shot": np.bool_}
    checked: dict[str, Any] = {"source": source}
    optional = {name: shape for name, shape in _OPTIONAL.items() if name in arrays}
    for name, shape in (_SHAPES | optional).items():
        array = _widened(arrays[name]) if name == "scene" else arrays[name]
        if array.shape != (len(time_s), *shape) or array.dtype != kinds.get(name, np.float32):
            raise ValueError(f"{name} is {array.dtype} of shape {array.shape}")
        if np.isinf(array).any():
            raise ValueError(f"{name} holds infinite numbers")
        checked[name] = array
    if np.isnan(time_s).any() or (np.diff(time_s) <= 0).any():
        raise ValueError("its times do not strictly increase")
    size = arrays["size"]
    if size.shape != (2,) or size.dtype.kind != "i" or (size <= 0).any():
        raise ValueError("its picture size is no pair of positive numbers")
    return checked | {"size": (int(size[0]), int(size[1]))}


def _widened(scene: NDArray[Any]) -> NDArray[Any]:
    """Scenes of an earlier release, which knew less of them: what it did not look at is unknown."""
    lacking = len(fields(Scene)) - (scene.shape[1] if scene.ndim == 2 else 0)
    if scene.ndim != 2 or scene.dtype != np.float32 or not 0 < lacking <= 2:
        return scene
    return np.pad(scene, ((0, 0), (0, lacking)), constant_values=np.nan)


def _source(about: NDArray[Any]) -> PoseSource:
    if about.shape != () or about.dtype.kind != "U":
        raise ValueError("its description is no text")
    told = json.loads(str(about))
    if not isinstance(told, dict) or told.pop("format", None) != FORMAT:
        raise ValueError(f"it is not of format {FORMAT}; another release of formcheck made it")
    if set(told) != set(_SOURCE):
        raise ValueError("its description is incomplete")
    if not all(isinstance(told[name], kind) for name, kind in _SOURCE.items()):
        raise ValueError("its description holds values of the wrong kind")
    return PoseSource(**told)
