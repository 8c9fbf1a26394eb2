"""Where the history lies, and that nobody else can read it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from formcheck.files import make_folder, output_error

FOLDER_VARIABLE = "FORMCHECK_DATA"
FILE_NAME = "history.sqlite3"
# SQLite puts these beside a database; they hold parts of its contents.
_ENDINGS = ("", "-wal", "-shm", "-journal")


def data_folder() -> Path:
    """The user's data folder for formcheck, which need not be there yet; FORMCHECK_DATA names another one."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else _own_folder()


def _own_folder() -> Path:
    from platformdirs import user_data_path  # noqa: PLC0415 - not needed where a folder is named

    return user_data_path("formcheck", appauthor=False)


def history_path() -> Path:
    """The file of the history, which need not be there yet."""
    return data_folder() / FILE_NAME


def files_of(path: Path) -> tuple[Path, ...]:
    """The database's file and those that SQLite may have put beside it, whether they are there or not."""
    return tuple(path.with_name(path.name + ending) for ending in _ENDINGS)


def make_private(path: Path) -> None:
    """Make the database's file, empty, unless it is there; let only its owner read it, and its folder.

    A folder that was there before and that somebody chose by name keeps its mode: it may hold other things.

    Raises:
        OutputError: It cannot be made.
    """
    folder = path.parent
    chosen = folder.is_dir() and folder.resolve() != _own_folder().resolve()
    make_folder(folder.parent)
    try:
        if not chosen:
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)
        # SQLite gives the files beside it the mode of the database.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        for file in files_of(path):
            with contextlib.suppress(FileNotFoundError):  # those beside it come and go
                file.chmod(0o600)
    except OSError as error:
        raise output_error(path, error) from error
