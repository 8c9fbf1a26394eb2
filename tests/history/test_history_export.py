"""Exports: complete, readable by other programs, and never a formula."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from history_examples import (
    ALL,
    ATTEMPT,
    BERLIN,
    EVENING,
    GOOD,
    HALF_A_MINUTE,
    HOLD,
    SPAN,
    TEN_TIMES,
    VIEW,
    later,
    write_session,
)
from hypothesis import example, given
from hypothesis import strategies as st

from formcheck.history.export import COLUMNS, MEASURE, to_csv, to_json
from formcheck.history.model import Entry, ExerciseSet, Session
from formcheck.history.schema import VERSION
from formcheck.history.store import Store

DOCS = Path(__file__).parents[2] / "docs" / "history.md"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def kept(*events, title="Bridge", routine="x", pain=False) -> Session:
    local = EVENING.astimezone(BERLIN)
    entries = tuple(Entry(event, local + timedelta(seconds=n)) for n, event in enumerate(events))
    one = ExerciseSet(7, "bridge", title, TEN_TIMES, local, None, None, 87.12345, entries)
    return Session(3, routine, "en", local, None, (one,), (local,) if pain else ())


def test_one_line_for_each_repetition_and_hold():
    good, attempt, hold = rows(to_csv([kept(VIEW, GOOD, SPAN, ATTEMPT, HOLD, pain=True)]))
    assert list(good) == [*COLUMNS, "measure_hip_angle_deg", "measure_rising_s"]
    assert good == dict.fromkeys(good, "") | {
        "day": "2026-03-04", "session": "3", "routine": "x", "set": "7", "exercise": "bridge", "title": "Bridge",
        "set_started_at": "2026-03-04T19:30:00+01:00", "set_score": "87.123", "pain": "yes", "kind": "repetition",
        "index": "1", "recorded_at": "2026-03-04T19:30:01+01:00", "start_s": "2.5", "top_s": "4.0", "end_s": "9.0",
        "outcome": "good", "score": "92.5", "notes": "hold_short", "measure_hip_angle_deg": "174.25",
    }  # fmt: skip
    assert (attempt["reason"], attempt["top_s"]) == ("hips stopped 18 deg short of the line", "")
    first_columns = {name: good[name] for name in COLUMNS[: COLUMNS.index("kind")]}
    assert hold == dict.fromkeys(good, "") | first_columns | {
        "kind": "hold", "recorded_at": "2026-03-04T19:30:04+01:00", "start_s": "20.0", "end_s": "45.0",
        "in_form_s": "21.5", "longest_s": "11.0", "side": "left", "variant": "forearm",
        "faults": "hips_sagging head_dropped",
    }  # fmt: skip


def test_an_empty_history():
    assert rows(to_csv([])) == []
    assert to_csv([]).strip().split(",") == list(COLUMNS)
    assert json.loads(to_json([]))["sessions"] == []


# What a spreadsheet may do with a file: take another sign for the separator, and drop spaces and quotes.
def cells_as_seen(text: str):
    for separator in ",;\t|":
        for line in re.split(r"[\r\n]", text):
            for cell in line.split(separator):
                yield cell.strip(" \"'\v\f\x1c\x1d\x1e\x1f\x85\xa0"), cell


@pytest.mark.parametrize(
    "attack",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", '"=1', "a;=1", "a,=1", "a|=1", 'a";"=1',
        "=cmd|' /C calc'!A0", "＝1", "＠x", "==1", ";=1;=2", "a\n-1\n+2",  # noqa: RUF001
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["title", "routine", "reason", "fault", "note", "variant", "measure"])
def test_formulas_do_nothing(attack, place):
    event = {
        "reason": replace(ATTEMPT, reason=attack),
        "fault": replace(GOOD, faults=(attack, "x")),
        "note": replace(GOOD, notes=("x", attack)),
        "variant": replace(HOLD, variant=attack),
        "measure": replace(GOOD, measures={attack: 1.0}),
    }.get(place, ATTEMPT)
    text = to_csv([kept(event, **({place: attack} if place in ("title", "routine") else {}))])
    for bare, cell in cells_as_seen(text):
        if bare[:1] in set("=+@＝＋＠") or re.match(r"-\D|－", bare):  # noqa: RUF001
            assert "'" in cell[: len(cell) - len(cell.lstrip(" \"'"))], cell
    for cell in (cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row):
        assert cell[:1] not in set("=+@\t\r＝＋－＠"), cell  # noqa: RUF001


@given(st.text(alphabet=st.sampled_from("=+-@;,|\t\r\n \"'a1＝"), max_size=12))  # noqa: RUF001
@example("=;=\n=")
def test_no_text_begins_like_a_formula(title):
    (row,) = rows(to_csv([kept(GOOD, title=title)]))
    assert not re.search(r"(?:^|[;,|\t\r\n])[\s\"]*[=+\-@＝]", row["title"])  # noqa: RUF001
    assert row["title"].replace("'", "") == re.sub(r"\s", " ", title).replace("'", "")  # nothing is lost


def test_negative_numbers_stay_numbers():
    (row,) = rows(to_csv([kept(replace(GOOD, measures={"trunk_rise_deg": -12.5, "zero": -0.0001}))]))
    assert (row[MEASURE + "trunk_rise_deg"], row[MEASURE + "zero"]) == ("-12.5", "0.0")


def test_json_has_everything(tmp_path):
    with Store.open(tmp_path / "history.sqlite3", zone=BERLIN) as store:
        session = store.begin_session("back-relief", EVENING, "de")
        one = store.begin_set(session, "plank", "Unterarmstütz", HALF_A_MINUTE, later(1))
        for event in ALL:
            store.add(one, event, later(30))
        store.end_set(one, "pain", later(31), None)
        store.pain(session, later(30.5))
        text = to_json(store.sessions())
    assert "Unterarmstütz" in text
    assert "NaN" not in text
    data = json.loads(text)
    assert data["history_version"] == VERSION
    (session,) = data["sessions"]
    (one,) = session.pop("sets")
    events = one.pop("events")
    assert session == {
        "id": 1, "day": "2026-03-04", "routine": "back-relief", "language": "de",
        "started_at": "2026-03-04T19:30:00+01:00", "ended_at": None, "pain": ["2026-03-04T19:30:30+01:00"],
    }  # fmt: skip
    assert one == {
        "id": 1, "exercise": "plank", "title": "Unterarmstütz",
        "dose": {"repetitions": [0, 0], "hold_s": [30.0, 60.0]},
        "started_at": "2026-03-04T19:30:01+01:00", "ended_at": "2026-03-04T19:30:31+01:00", "ended_by": "pain",
        "score": None,
    }  # fmt: skip
    assert [event["kind"] for event in events] == [
        "view_problem", "repetition", "fault", "repetition", "hold", "reminder", "reminder",
    ]  # fmt: skip
    assert events[1]["measures"] == {"hip_angle_deg": 174.25, "rising_s": None}
    assert events[1]["parts"][1] == {"name": "tempo", "points": 12.5, "of": 20.0}
    assert events[3]["top_s"] is None
    assert events[5] == {
        "kind": "reminder", "recorded_at": "2026-03-04T19:30:30+01:00", "reminder": "nudge", "time_s": 90.0,
        "fault": "slouching", "text": "sit up",
    }  # fmt: skip


def test_the_csv_of_a_real_store_counts_what_was_done(tmp_path):
    with Store.open(tmp_path / "history.sqlite3") as store:
        for days in range(3):
            write_session(store, days=days, events=[GOOD, ATTEMPT, SPAN])
        found = rows(to_csv(store.sessions()))
    assert [row["outcome"] for row in found] == ["good", "attempt"] * 3
    assert len({row["day"] for row in found}) == 3


def test_every_column_is_documented():
    documented = re.findall(r"^\| `(\w+)` \|", DOCS.read_text(encoding="utf-8").partition("## CSV")[2], re.MULTILINE)
    assert tuple(documented[: len(COLUMNS)]) == COLUMNS


def test_unknown_numbers_are_empty():
    (row,) = rows(to_csv([kept(replace(HOLD, in_form_s=math.nan))]))
    assert row["in_form_s"] == ""
