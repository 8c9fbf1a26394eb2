"""Which clips a batch consists of: files, folders and patterns become clips, with their expectations."""

from __future__ import annotations

import glob
import os
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from formcheck.batch import SUFFIX
from formcheck.batch.expectation_file import sidecar_of
from formcheck.errors import InputError
from formcheck.video.source import IMAGE_SUFFIXES

VIDEO_SUFFIXES = frozenset(
    {".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".mts", ".m2ts", ".ts", ".wmv", ".flv"}
    | {".3gp", ".3g2", ".ogv", ".gif"}
)
SUFFIXES = VIDEO_SUFFIXES | IMAGE_SUFFIXES | {".npz"}
_RESULTS = frozenset({"annotated.mp4", "annotated.png", "poses.npz"})  # beside a result.json: no clips, but of one
_LARGEST_BYTES = 64 * 1024  # of an expectation that is asked for the clip it names


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip, and what is expected of it.

    Attributes:
        path: The video, photo or pose recording. It may be missing where only an expectation is there.
        sidecar: The file of its expectation, None if it has none.
        name: What it is called in this batch: its path as seen from the folder that all clips have in common. Unique.
        folder: Where its results go below the folder for all results: the name without the file's ending.
    """

    path: Path
    sidecar: Path | None
    name: str
    folder: str


def find(paths: Sequence[str], *, skip: Path | None = None) -> tuple[Clip, ...]:
    """The clips at some paths, in the order of their paths, each once.

    Args:
        paths: Files, folders (with all below them), patterns such as ``"clips/**/*.mp4"``, expectations
            (NAME.expect.toml, which stand for their clip).
        skip: A folder to leave out, such as the one that results are written to.

    Raises:
        InputError: There is nothing at one of the paths.
    """
    left_out = None if skip is None else Path(os.path.realpath(skip))
    pairs: dict[tuple[Path, Path | None], None] = {}
    for path in paths:
        found = [pair for place in _places(path) for pair in _at(place, left_out)]
        if not found:
            raise InputError(f"There is no clip in {path}; name a video, a photo, a .npz file or a folder of them.")
        pairs |= dict.fromkeys(found)
    ordered = sorted(pairs, key=lambda pair: tuple(str(part) for part in pair))
    root = Path(os.path.commonpath([_absolute(clip).parent for clip, _ in ordered]))
    names = [_name(clip, sidecar, root) for clip, sidecar in ordered]
    folders = _folders(names)
    return tuple(Clip(*pair, name, folder) for pair, name, folder in zip(ordered, names, folders, strict=True))


def _places(path: str) -> list[Path]:
    """What a path stands for: itself if it is there, else what it matches as a pattern.

    Raises:
        InputError: Nothing.
    """
    try:
        if Path(path).exists():
            return [Path(path)]
        matches = [Path(match) for match in sorted(glob.glob(path, recursive=True))]  # noqa: PTH207 - takes any path
    except (OSError, ValueError):  # a name that no system has, such as one with a zero byte
        matches = []
    if not matches:
        raise InputError(f"{path} matches no clip; check the name of the file or folder.")
    # A pattern such as clips/* matches notes, too; a file that is named by itself is taken as it is.
    return [match for match in matches if match.is_dir() or _is_clip(match) or _is_sidecar(match)]


def _at(place: Path, left_out: Path | None) -> Iterator[tuple[Path, Path | None]]:
    """The clips at a file or below a folder, with their expectations."""
    if place.is_dir():
        for folder, names in _walk(place, left_out):
            yield from _paired(folder, names)
    elif _is_sidecar(place):
        yield from (pair for pair in _paired(place.parent, _names(place.parent)) if pair[1] == place)
    else:
        beside = [name for name in _names(place.parent) if name.name.endswith(SUFFIX)]
        found = [pair for pair in _paired(place.parent, [*beside, place]) if pair[0] == place]
        yield from found or [(place, None)]


def _walk(place: Path, left_out: Path | None) -> Iterator[tuple[Path, list[Path]]]:
    for folder, folders, names in os.walk(place):
        # Names that start with a dot are a system's own, such as the "._" twins on memory cards.
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and Path(os.path.realpath(Path(folder, name))) != left_out
        )
        yield Path(folder), [Path(folder, name) for name in names]


def _names(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def _paired(folder: Path, files: Sequence[Path]) -> Iterator[tuple[Path, Path | None]]:
    """The clips of one folder with their expectations; an expectation without a clip comes with the clip it wants."""
    there = {file.name for file in files}
    results = _RESULTS if "result.json" in there else frozenset()
    wanted = [file for file in files if not file.name.startswith(".") and file.name not in results]
    clips = sorted(file for file in wanted if _is_clip(file) and not _is_sidecar(file))
    sidecars = {file: _named_in(file) for file in sorted(wanted) if _is_sidecar(file)}
    own = {file for file, named in sidecars.items() if named is None}
    taken: set[Path] = set()
    for clip in clips:
        sidecar = sidecar_of(clip)
        named = [file for file, name in sidecars.items() if name == clip.name]
        for file in (*((sidecar,) if sidecar in own else ()), *named):
            taken.add(file)
            yield clip, file
        if not named and sidecar not in own:
            yield clip, None
    for file in sidecars.keys() - taken:
        yield folder / (sidecars[file] or file.name.removesuffix(SUFFIX)), file


def _named_in(sidecar: Path) -> str | None:
    """The clip that an expectation names; None where it goes by its own name, or is wrong, which is told later."""
    try:
        if sidecar.stat().st_size > _LARGEST_BYTES:
            return None
        content = sidecar.read_bytes()
        named = tomllib.loads(content.decode("utf-8-sig")).get("clip") if b"clip" in content else None
    except (OSError, ValueError, RecursionError):
        return None
    return named if isinstance(named, str) else None


def _is_clip(file: Path) -> bool:
    return file.suffix.lower() in SUFFIXES and file.is_file()


def _is_sidecar(file: Path) -> bool:
    return file.name.endswith(SUFFIX) and file.is_file()


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - a link keeps its name


def _name(clip: Path, sidecar: Path | None, root: Path) -> str:
    """A clip may have more than one expectation: one that is not called like it adds its own name."""
    name = _absolute(clip).relative_to(root).as_posix()
    if sidecar is None or sidecar == sidecar_of(clip) or not clip.exists():
        return name
    return f"{name} ({sidecar.name.removesuffix(SUFFIX)})"


def _folders(names: Sequence[str]) -> list[str]:
    """The names without their endings, where that leaves them apart, even on systems that know no capitals."""
    short = [str(PurePosixPath(name).with_suffix("")) for name in names]
    often = Counter(name.casefold() for name in short)
    return [
        folder if often[folder.casefold()] == 1 else f"{folder}_{PurePosixPath(name).suffix[1:]}"
        for folder, name in zip(short, names, strict=True)
    ]
