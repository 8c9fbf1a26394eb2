"""The history in the terminal: whatever the width, the encoding, and without colour."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from rich.console import Console

from formcheck.history.days import Day
from formcheck.history.shown import NOTHING_YET, print_history
from formcheck.report.terminal import CAUTION, PIPED_WIDTH, open_console

TODAY = date(2026, 3, 4)  # a Wednesday
ADVICE = "You trained 4 days in a row: take a rest day tomorrow."
FOUND = (
    Day(date(2026, 1, 20), ("Plank",), 1, holds=2, in_form_s=61.5, done=1.0, score=97.4, trained=True),
    Day(date(2026, 3, 2), ("Bridge [red]", "Brücke"), 2, 11, 2, 3, 1, 30.0, 0.0, 0.765, 80.0, trained=True),
    Day(date(2026, 3, 3), ("Sitting posture",), 1, upright_s=3725.0, score=50.0),
    Day(TODAY, ("Bridge",), 1, good=1, done=0.1, pain=True, trained=True),
)


def printed(found=FOUND, width=PIPED_WIDTH, encoding="utf-8", **options) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    console = open_console(stream)
    console.width = width
    print_history(found, TODAY, console, **options)
    stream.flush()
    return raw.getvalue().decode(encoding)


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_the_table():
    lines = [" ".join(line.split()) for line in printed().splitlines()]
    assert lines[:2] == ["not in dose", "date good faulty counted holds form done score exercises"]
    assert "Tue 2026-01-20 - - - 2 1:01 100 % 97 Plank" in lines
    assert "Mon 2026-03-02 11 2 3 1 0:30 76 % 80 Bridge [red], Brücke" in lines
    assert "Tue 2026-03-03 - - - - - - 50 Sitting posture, upright 1:02:05" in lines
    assert "Wed 2026-03-04 1 - - - - 10 % - pain, Bridge" in lines


def test_pain_and_nothing_else():
    assert "Wed 2026-03-04 - - - - - - - pain" in squeezed(printed([Day(TODAY, pain=True)]))
    assert "Wed 2026-03-04 pain Week of" in squeezed(printed([Day(TODAY, pain=True)], 60))


@pytest.mark.parametrize(("width", "table"), [(120, True), (80, True), (71, False)])
def test_a_table_where_there_is_room(width, table):
    assert ("exercises" in printed(FOUND, width)) == table
    long = [Day(TODAY, ("Kniebeugenstreckung" * 2,), 1, good=1)]
    assert ("exercises" in printed(long, width)) == (width == 120)


@pytest.mark.parametrize("width", [71, 30])
@pytest.mark.parametrize(
    "said",
    [
        "Mon 2026-03-02 Bridge [red], Brücke 11 good, 2 faulty, 3 not counted, 1 hold, 0:30 in form, dose done 76 %, "
        "score 80",
        "2 holds, 1:01 in form, dose done 100 %",
        "upright 1:02:05, score 50",
        "Wed 2026-03-04 pain Bridge 1 good, dose done 10 %",
        ADVICE,
        CAUTION,
    ],
)
def test_without_room_for_a_table(width, said):
    assert said in squeezed(printed(width=width, advice=ADVICE))


@pytest.mark.parametrize(
    ("encoding", "signs"),
    [("utf-8", "■!·"), ("cp437", "■!·"), ("ascii", "#!."), ("cp1252", "#!."), ("latin-1", "#!.")],
)
def test_the_bar_of_weeks(encoding, signs):
    yes, pain, no = signs
    lines = printed(encoding=encoding).splitlines()
    head = lines.index("Week of M T W T F S S")
    assert lines[head + 1] == f"12 Jan  {' '.join(no * 7)}"
    assert lines[head + 2] == f"19 Jan  {no} {yes} {no} {no} {no} {no} {no}  1 day, 1:01 held"
    assert lines[head + 8] == f" 2 Mar  {yes} {no} {pain}" + " " * 10 + "2 days, 14 repetitions, 0:30 held"
    assert lines[head + 9] == f"{yes} trained  {pain} pain  {no} no training"


def test_only_days_before():
    text = printed((), earlier=3)
    assert "3 days before Mon 2026-01-12: 'formcheck history --export csv' has them all." in squeezed(text)
    assert "date" not in text
    assert text.count("·") == 7 * 7 + 3 + 1


def test_an_empty_history_is_one_friendly_sentence():
    assert squeezed(printed(())) == NOTHING_YET


@pytest.mark.parametrize("width", [120, 100, 72, 50, 24])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_no_line_is_too_long(width, encoding):
    many = [Day(TODAY - timedelta(days=n), ("Bridge", "Cat and cow"), 2, 99, 99, 99, 99, 3599.0) for n in range(60)]
    text = printed(many, width, encoding, earlier=12, advice=ADVICE)
    assert all(len(line) <= width for line in text.splitlines())


def test_colours_for_a_person_only():
    assert "\x1b" not in printed()
    stream = io.StringIO()
    print_history(
        FOUND, TODAY, Console(file=stream, force_terminal=True, width=100, color_system="standard", _environ={})
    )
    assert "\x1b[32m■" in stream.getvalue()
    assert "\x1b[1;31mpain" in stream.getvalue()
