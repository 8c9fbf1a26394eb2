"""The generated parts of docs/own-exercises.md: `python tests/exercises/own_exercises_page.py` writes them anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

from formcheck.exercises.declaration import Exercise
from formcheck.exercises.explained import explained
from formcheck.exercises.written import meaning
from formcheck.measure.aside import aside_measures
from formcheck.measure.body import measures
from formcheck.measure.legs import leg_measures
from formcheck.measure.reach import reach_measures
from formcheck.measure.upright import upright_measures

PAGE = Path(__file__).parents[2] / "docs" / "own-exercises.md"
SOURCES = {
    '`facing = "up"` or `"down"`': (measures, reach_measures),
    '`facing = "up"` only': (leg_measures,),
    '`facing = "aside"`': (aside_measures,),
    '`facing = "upright"`': (upright_measures,),
}


def declarations(kind: Any = Exercise) -> Iterator[tuple[str, type]]:
    """The declarations in an exercise, each once, with the key that it stands at."""
    for own in fields(kind):
        for inner in _within(get_type_hints(kind)[own.name]):
            yield own.name, inner
            yield from declarations(inner)


def _within(hint: Any) -> Iterator[type]:
    if is_dataclass(hint) and isinstance(hint, type):
        yield hint
    for one in get_args(hint):
        yield from _within(one)


def keys() -> str:
    """What each key is, one table for each kind of declaration."""
    parts = []
    told = set()
    for key, kind in (("", Exercise), *declarations()):
        if kind in told:
            continue
        told.add(kind)
        said = explained(kind)
        rows = [f"| `{own.name}` | {meaning(kind, own)} |" for own in fields(kind)]
        title = f"### `{key}`" if key else "### At the top"
        parts.append("\n".join([title, "", *said.text, "", "| key | meaning |", "| --- | --- |", *rows]))
    return "\n\n".join(parts)


def listed_measures() -> str:
    """What each measure is, one table for each way of facing."""
    parts = []
    for title, functions in SOURCES.items():
        said = {name: text for one in functions for name, text in explained(one).entries.items()}
        rows = [f"| `{name}` | {text} |" for name, text in said.items()]
        parts.append("\n".join([f"### With {title}", "", "| measure | meaning |", "| --- | --- |", *rows]))
    return "\n\n".join(parts)


def page(text: str) -> str:
    """The page with its generated parts as they are now."""
    for mark, content in (("keys", keys()), ("measures", listed_measures())):
        begin, end = f"<!-- {mark} -->", f"<!-- end of {mark} -->"
        new = f"{begin}\n\n{content}\n\n{end}"
        text = re.sub(f"{begin}.*?{end}", lambda _, new=new: new, text, flags=re.DOTALL)
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
