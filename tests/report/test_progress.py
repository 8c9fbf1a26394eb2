from __future__ import annotations

import io

import pytest
from rich.console import Console

from formcheck.report.progress import ProgressBar


def shown(steps: list[tuple[float, float | None]], terminal: bool) -> str:
    stream = io.StringIO()
    with ProgressBar(Console(file=stream, force_terminal=terminal, width=80)) as progress:
        for done_s, total_s in steps:
            progress(done_s, total_s)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("steps", "terminal", "expected"),
    [
        ([(0.0, 60.0), (30.0, 60.0)], True, True),
        ([(0.0, 60.0), (30.0, 60.0)], False, False),  # piped
        ([(0.0, 8.0), (4.0, 8.0)], True, False),  # done before it could be read
        ([(0.0, None), (5.0, None)], True, False),
        ([(0.0, None), (12.0, None)], True, True),  # no telling how long, but long
        ([(12.0, None), (13.0, 20.0)], True, True),
        ([], True, False),
    ],
)
def test_bar(steps: list[tuple[float, float | None]], terminal: bool, expected: bool) -> None:
    assert ("Watching the clip" in shown(steps, terminal)) is expected


def test_bar_goes_away_when_interrupted() -> None:
    stream = io.StringIO()
    with pytest.raises(KeyboardInterrupt), ProgressBar(Console(file=stream, force_terminal=True)) as progress:
        progress(1.0, 60.0)
        raise KeyboardInterrupt
    assert stream.getvalue().endswith(("\x1b[2K", "\x1b[?25h", "\x1b[1A\x1b[2K"))
