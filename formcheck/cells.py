"""Cells of tables for other programs: no text in them is ever a formula."""

from __future__ import annotations

import math
import re

# What makes a spreadsheet take text for a formula, at the beginning of a cell or of what a program that splits at
# another separator takes for one; also in the wide letters of East Asian keyboards.
_FORMULA = re.compile(r"(^|[;,|])([\s\"']*)([=+\-@＝＋－＠])")  # noqa: RUF001


def cell(value: object, digits: int = 3) -> str | int | float:
    """What is written into a cell of a CSV file: empty where it is unknown, several names with spaces between.

    Text that a spreadsheet could take for a formula gets an apostrophe before it.
    """
    if isinstance(value, tuple):
        value = " ".join(value)
    match value:
        case None:
            return ""
        case float():
            return round(value, digits) + 0.0 if math.isfinite(value) else ""
        case int():
            return value
        case _:
            # Neither tabs nor line breaks: some programs drop them at the beginning of a cell, others begin a new one.
            line = "".join(letter if letter.isprintable() else " " for letter in str(value))
            return _FORMULA.sub(r"\1\2'\3", line)
