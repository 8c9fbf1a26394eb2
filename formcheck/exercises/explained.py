"""What the docstrings say of the keys of an exercise and of the measures: the one source of such texts."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass

_HEADING = re.compile(r"[A-Z][\w, ]*:")
_ENTRY = re.compile(r" {4}(\w+(?:, \w+)*): (.*)")
_PASSED_OVER = ("Args:", "Raises:")


@dataclass(frozen=True, slots=True)
class Explained:
    """A docstring, taken apart.

    Attributes:
        text: Its paragraphs over the first heading, each on one line.
        entries: What it says of each name, by name.
    """

    text: tuple[str, ...]
    entries: dict[str, str]


def explained(thing: object) -> Explained:
    """What the docstring of a class or function says, and what it says of each attribute or returned value.

    Several names may share an entry ("a, b: ..."). Without a docstring everything is empty.
    """
    above: list[str] = []
    entries: dict[str, str] = {}
    names: list[str] = []
    under = ""
    for line in (inspect.getdoc(thing) or "").splitlines():
        if _HEADING.fullmatch(line):
            under, names = line, []
        elif not under:
            above.append(line)
        elif under not in _PASSED_OVER:
            if entry := _ENTRY.fullmatch(line):
                names = entry[1].split(", ")
                entries |= dict.fromkeys(names, entry[2])
            elif line.strip():
                entries |= {name: f"{entries[name]} {line.strip()}" for name in names}
    paragraphs = "\n".join(above).split("\n\n")
    return Explained(tuple(" ".join(part.split()) for part in paragraphs if part.strip()), entries)
