"""Where the pose models are, and whether they are whole."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

from formcheck.errors import ModelError

SIZES = ("lite", "full", "heavy")
MEMBERS = frozenset({"pose_detector.tflite", "pose_landmarks_detector.tflite"})

_PACKAGE = Path(__file__).resolve().parent.parent
_IN_WHEEL = _PACKAGE / "models"
_IN_CHECKOUT = _PACKAGE.parent / "models"


def find_model(choice: str) -> Path:
    """Find a model bundle and check that it is whole.

    Args:
        choice: "lite", "full" or "heavy", which are compared with SHA256SUMS, or the path of a ``.task`` file.

    Returns:
        Path of the bundle.

    Raises:
        ModelError: It is missing or damaged; the message says what to run.
    """
    if choice in SIZES:
        return _named(choice)
    path = Path(choice).expanduser()
    _check_bundle(path)
    return path


def _named(size: str) -> Path:
    folder, build = _home()
    path = folder / f"pose_landmarker_{size}.task"
    repair = f"run: {build} {size}"
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ModelError(f"The pose model {path.name} is not in {folder}; {repair}") from None
    except OSError as error:
        raise ModelError(f"The pose model {path} cannot be read ({error.strerror}); {repair}") from None
    if hashlib.sha256(data).hexdigest() != _known_sum(folder, path.name):
        raise ModelError(f"The pose model {path} is damaged or not the one of this release; {repair}")
    return path


def _home() -> tuple[Path, str]:
    """The folder of the named models and the command that builds into it."""
    if (_IN_WHEEL / "SHA256SUMS").is_file():
        return _IN_WHEEL, "python -m formcheck.models.build"
    return _IN_CHECKOUT, "python models/build.py"


def _known_sum(folder: Path, name: str) -> str:
    try:
        lines = (folder / "SHA256SUMS").read_text(encoding="ascii").splitlines()
        return {file: digest for digest, file in (line.split() for line in lines)}[name]
    except (OSError, ValueError, KeyError):
        raise ModelError(f"{folder / 'SHA256SUMS'} is missing or damaged; install formcheck again") from None


def _check_bundle(path: Path) -> None:
    wanted = "choose lite, full or heavy, or give the path of a MediaPipe pose landmarker bundle (.task)"
    if not path.is_file():
        raise ModelError(f"There is no pose model {path}; {wanted}")
    try:
        with zipfile.ZipFile(path) as bundle:
            names = set(bundle.namelist())
            damaged = bundle.testzip()
    except (OSError, zipfile.BadZipFile, NotImplementedError):
        raise ModelError(f"{path} cannot be read as a pose model; {wanted}") from None
    if not names >= MEMBERS or damaged is not None:
        raise ModelError(f"{path} is damaged or no pose model; {wanted}")
