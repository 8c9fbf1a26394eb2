from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from batch_work import FOUND
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from formcheck.batch.tables import COLUMNS, TABLE_LONGEST, Lines, print_summary, to_csv, write_csv
from formcheck.batch.work import Done
from formcheck.report.terminal import open_console

PASSED = Done("a [1].mp4", "clips/a.mp4", "bridge", 1.5, FOUND, checked=True, memory_mb=250.06)
FAILED = replace(
    PASSED, name="b.mp4", failures=("expected 5 good bridges, found 4", "expected no hips_low"), memory_mb=311.9
)
ERROR = Done("c.mp4", "clips/c.mp4", seconds=0.25, error="clips/c.mp4 is broken; copy it again.")
ANALYSED = replace(PASSED, name="d.mp4", checked=False, reused=True, memory_mb=900.0)
RESULTS = (PASSED, FAILED, ERROR, ANALYSED)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv():
    passed, failed, error, _ = rows(to_csv(RESULTS))
    assert tuple(passed) == COLUMNS
    assert passed == {
        "clip": "a [1].mp4", "exercise": "bridge", "status": "passed", "good": "3", "faulty": "1", "attempt": "0",
        "unfinished": "0", "holds": "1", "in_form_s": "12.500", "score": "27.5", "faults": "hips_low",
        "view": "too_far", "seconds": "1.500", "memory_mb": "250.1", "message": "",
    }  # fmt: skip
    assert failed["message"] == "expected 5 good bridges, found 4; expected no hips_low"
    assert (error["status"], error["good"], error["message"]) == ("error", "", ERROR.error)
    assert (error["seconds"], error["memory_mb"]) == ("0.250", "")


@given(st.lists(st.builds(Done, name=st.text(), clip=st.just("x"), error=st.none() | st.text()), max_size=4))
def test_any_text_stays_in_its_cell(results):
    read = list(csv.reader(io.StringIO(to_csv(results), newline="")))
    assert [(row[0], row[-1]) for row in read[1:]] == [(done.name, done.message) for done in results]


def test_csv_is_written_whatever_the_names(tmp_path):
    write_csv([replace(PASSED, name="\udcff.mp4")], tmp_path / "new" / "batch.csv")
    assert b"\\udcff.mp4" in (tmp_path / "new" / "batch.csv").read_bytes()


def told(results, clips_n=None) -> str:
    out = io.StringIO()
    with Lines(clips_n or len(results), open_console(out), Console(file=io.StringIO())) as lines:
        for done in results:
            lines(done)
    return out.getvalue()


def test_a_line_for_each_clip():
    lines = told(RESULTS, 12).splitlines()
    assert lines[0] == " 1/12  passed    a [1].mp4  bridge  (1.5 s)"
    assert lines[1:4] == [
        " 2/12  failed    b.mp4  bridge  (1.5 s)",
        "       Expected 5 good bridges, found 4",
        "       Expected no hips_low",
    ]
    assert lines[4:6] == [" 3/12  error     c.mp4  (0.2 s)", "       clips/c.mp4 is broken; copy it again."]
    assert lines[6:] == [" 4/12  analysed  d.mp4  bridge  (done before)", "       3 of 10 repetitions counted."]


def test_a_bar_on_a_terminal_with_the_lines_above_it():
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=100, color_system=None)
    with Lines(4, console) as lines:
        lines(PASSED)
        lines(FAILED)
    assert "2/4" in out.getvalue()
    assert "left" in out.getvalue()


def summed(results, **options) -> str:
    out = io.StringIO()
    print_summary(results, open_console(out), took_s=10.0, **options)
    return out.getvalue()


def test_summary():
    text = summed(RESULTS)
    assert "a [1].mp4" in text
    assert "4 clips: 1 passed, 1 failed, 1 error, 1 analysed." in text
    assert "1:00 of video in 0:10, 72 pictures a second." in text  # not what was done before
    assert "Peak memory of a worker: 312 MB." in text
    assert "emory" not in summed((ERROR, ANALYSED))


@pytest.mark.parametrize(
    ("results", "clips_n", "line"),
    [
        ((), None, "0 clips: nothing done."),
        ((PASSED,), 3, "3 clips: 1 passed, 2 not done."),
        ((PASSED,), None, "1 clip: 1 passed."),
        ((ERROR, ERROR), None, "2 clips: 2 errors."),
    ],
)
def test_last_line(results, clips_n, line):
    assert line in summed(results, clips_n=clips_n)


def test_of_many_clips_only_those_that_did_not_pass_are_in_the_table():
    text = summed((*[PASSED] * (TABLE_LONGEST + 1), FAILED))
    assert "b.mp4" in text
    assert "a [1].mp4" not in text
