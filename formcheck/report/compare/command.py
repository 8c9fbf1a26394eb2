"""What `formcheck compare` does: reads two results, compares the exercises they share, shows and writes it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from formcheck.files import write_atomically
from formcheck.report.compare.comparison import compare, pairs
from formcheck.report.compare.shown import print_comparison
from formcheck.report.known import Known
from formcheck.report.load import load_result


def compare_command(
    before: Path, after: Path, console: Console, out: Path | None = None, *, own: Sequence[str] = ()
) -> None:
    """Print two results side by side, and write them as a page where one is asked for.

    Args:
        before: A result.json or the folder of an analysis.
        after: The same of later.
        console: Where to print.
        out: The page's file.
        own: TOML files of the exercises that are not formcheck's own.

    Raises:
        InputError: One of the results cannot be read, or they are of different exercises.
        ExerciseError: One of `own` cannot be used.
        OutputError: The page cannot be written.
    """
    known = Known(own)
    shared = pairs(load_result(before), load_result(after))
    sign = console.encoding.startswith("utf")
    found = [compare(one, other, known(one.exercise), degree_sign=sign) for one, other in shared]
    if out is not None:
        from formcheck.report.compare.page import comparison_page  # noqa: PLC0415 - slow

        pages = found if sign else [compare(one, other, known(one.exercise)) for one, other in shared]
        write_atomically(out, comparison_page(pages))
    for comparison in found:
        print_comparison(comparison, console)
        console.print()
