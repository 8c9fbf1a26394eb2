"""What is done of a batch, written down at once, so that an interrupted one can be resumed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from formcheck.batch.work import Done, Found
from formcheck.errors import InputError
from formcheck.files import make_folder, output_error


class Journal:
    """What is done of a batch, one line for each clip, so that an interrupted one can be resumed.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, Done]:
        """What is done, by the clip's name; of two lines of one clip the later one. Lines that are torn are ignored.

        Raises:
            InputError: The file is there and cannot be read.
        """
        try:
            lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise InputError(
                f"{self._path} cannot be read ({error.strerror}); run the batch without --resume."
            ) from error
        known: dict[str, Done] = {}
        for line in lines:
            try:
                done = from_line(line)
            except ValueError:
                continue  # power was cut in the middle of it: the clip is done again
            known[done.name] = done
        return known

    def begin(self) -> None:
        """Begin anew.

        Raises:
            OutputError: It cannot be written.
        """
        make_folder(self._path.parent)
        self._write("", "w")

    def add(self, done: Done) -> None:
        """Note one clip; it is on its way to the disk when this returns.

        Raises:
            OutputError: It cannot be written.
        """
        self._write(to_line(done), "a")

    def mend(self) -> None:
        """End a last line that was torn, so that the next one begins by itself.

        Raises:
            OutputError: It cannot be written.
        """
        make_folder(self._path.parent)
        torn = self._path.is_file() and not self._path.read_bytes().endswith(b"\n")
        self._write("\n" if torn else "", "a")

    def _write(self, text: str, mode: str) -> None:
        try:
            with self._path.open(mode, encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise output_error(self._path, error) from error


def to_line(done: Done) -> str:
    """One line of JSON, with its line end."""
    return json.dumps(asdict(done)) + "\n"


def from_line(line: str) -> Done:
    """What `to_line` wrote.

    Raises:
        ValueError: It is something else, or torn.
    """
    try:
        data = json.loads(line)
        found = data.pop("found")
        if found is not None:
            found = Found(**found | {name: tuple(found[name]) for name in ("faults", "view")})
        return Done(**data | {"found": found, "failures": tuple(data["failures"])})
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"no line of a batch's journal: {error}") from error
