"""The generated parts of docs/export.md: `python tests/report/export_page.py` writes them anew."""

from __future__ import annotations

import re
from pathlib import Path

from formcheck import exercises
from formcheck.exercises.vocabulary import own_numbers
from formcheck.report.export.columns import FIXED, Column
from formcheck.report.export.meanings import measure_column

PAGE = Path(__file__).parents[2] / "docs" / "export.md"


def columns() -> str:
    """The columns that are always there, one table for each file."""
    return "\n\n".join(_table(f"`{name}`", told) for name, told in FIXED.items())


def numbers() -> str:
    """A repetition's measures, one table for each exercise that is counted in repetitions."""
    parts = []
    for name in (*exercises.names(), *exercises.examples()):
        exercise = exercises.get(name)
        if own := own_numbers(exercise):
            parts.append(_table(f"{exercise.title} (`{name}`)", [measure_column(one, exercise) for one in own]))
    return "\n\n".join(parts)


def _table(title: str, told: list[Column] | tuple[Column, ...]) -> str:
    rows = [f"| `{one.name}` | {one.unit} | {one.meaning} |" for one in told]
    return "\n".join([f"### {title}", "", "| column | unit | meaning |", "| --- | --- | --- |", *rows])


def page(text: str) -> str:
    """The page with its generated parts as they are now."""
    for mark, content in (("columns", columns()), ("numbers", numbers())):
        begin, end = f"<!-- {mark} -->", f"<!-- end of {mark} -->"
        new = f"{begin}\n\n{content}\n\n{end}"
        text = re.sub(f"{begin}.*?{end}", lambda _, new=new: new, text, flags=re.DOTALL)
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
