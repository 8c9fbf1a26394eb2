"""Writing results so that a file is either whole or not there at all."""

from __future__ import annotations

import contextlib
import errno
import math
import os
import secrets
from pathlib import Path

from formcheck.errors import OutputError

_REASONS = {
    errno.ENOSPC: "the disk is full; free some space or choose another disk",
    errno.EDQUOT: "your share of the disk is used up; free some space or choose another disk",
    errno.EFBIG: "files of this size are not allowed here; choose another disk",
    errno.EACCES: "you may not write there; choose a folder of your own",
    errno.EPERM: "you may not write there; choose a folder of your own",
    errno.EROFS: "this disk can only be read; choose another one",
    errno.ENOTDIR: "a part of its path is a file, not a folder; choose another folder",
    errno.EEXIST: "a part of its path is a file, not a folder; choose another folder",
    errno.EISDIR: "this is a folder; name a file in it",
    errno.ENAMETOOLONG: "its name is too long; choose a shorter one",
}


def output_error(path: str | os.PathLike[str], error: OSError) -> OutputError:
    """Return the one sentence that says why a file could not be written and what to do."""
    reason = _REASONS.get(error.errno or 0) or f"the system says '{error.strerror or error}'; choose another place"
    return OutputError(f"{os.fspath(path)} cannot be written: {reason}.")


def make_folder(path: str | os.PathLike[str]) -> Path:
    """Make a folder, and its parents, unless it is there.

    Returns:
        The folder.

    Raises:
        OutputError: The folder cannot be made.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(path, error) from error
    return folder


def temporary_beside(target: Path) -> Path:
    """Return an unused hidden name in the target's folder: only within one folder is a rename sure to be atomic."""
    return target.with_name(f".formcheck-{secrets.token_hex(6)}.part")


def write_atomically(path: str | os.PathLike[str], data: bytes | str) -> None:
    """Write a file whole or not at all; missing folders are made, text becomes UTF-8 as it stands.

    Args:
        path: The file. A link is followed; a device or pipe such as /dev/stdout is written to directly.
        data: All that the file shall hold.

    Raises:
        OutputError: It cannot be written. What was there before is still there, and nothing half-written is left.
    """
    content = data.encode() if isinstance(data, str) else data
    target = Path(os.path.realpath(path))
    make_folder(target.parent)
    try:
        if target.exists() and not target.is_file() and not target.is_dir():
            # A rename would put an ordinary file in the place of the device.
            with target.open("wb") as file:
                file.write(content)
            return
        _replace(target, content)
    except OSError as error:
        raise output_error(path, error) from error


def _replace(target: Path, content: bytes) -> None:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    temporary = temporary_beside(target)
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            # Some file systems only notice a full disk when the data reaches it.
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def plain(value: object, digits: int | None = None) -> object:
    """The same for JSON, which has no NaN: what is unknown is null there.

    Args:
        value: Of dicts, lists, tuples and plain values.
        digits: To how many decimals numbers are rounded; None leaves them.
    """
    if isinstance(value, dict):
        return {key: plain(item, digits) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, digits) for item in value]
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return value if digits is None else round(value, digits)
    return value
