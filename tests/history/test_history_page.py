"""The page of the last weeks: complete, and nothing that a user wrote is more than text in it."""

from __future__ import annotations

import json
import re
from datetime import UTC, date

import pytest
from history_examples import ATTEMPT, GOOD, HALF_A_MINUTE, HOLD, write_session
from typer.testing import CliRunner

from formcheck import cli
from formcheck.history.days import days, weeks
from formcheck.history.page import history_page, verdict
from formcheck.history.places import FOLDER_VARIABLE
from formcheck.history.shown import NOTHING_YET
from formcheck.history.store import Store

TODAY = date(2026, 3, 15)  # a Sunday; the examples are of Wednesday, the 4th, and later
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "data"))
    return tmp_path / "data" / "history.sqlite3"


@pytest.fixture
def sessions(path):
    with Store.open(path, zone=UTC) as store:
        for day in range(0, 8, 2):
            write_session(store, days=day, events=[GOOD, ATTEMPT], pain=day == 4)
            write_session(store, days=day, exercise="side_plank", title="Side plank", dose=HALF_A_MINUTE, events=[HOLD])
        return store.sessions()


def charts(page: str) -> dict[str, dict]:
    found = re.findall(r'<script type="application/json" id="([\w-]+)-data">(.*?)</script>', page)
    return {name: json.loads(data)["option"] for name, data in found}


def test_the_page_tells_all(sessions):
    page = history_page(sessions, TODAY, earlier=3, advice="Take a rest day.")
    for what in (
        "Your training, 19 January to 15 March 2026",
        "Since 4 March you trained on 4 days and rested on 8 days; pain was told on 1 day.",
        "Take a rest day.",
        "3 more days are older than these weeks",
        "8 March, 18:31, in Bridge",
        '<th scope="row">Side plank</th><td data-label="sets">4</td><td data-label="asked">hold 30-60 s</td>',
        '<td data-label="score">80</td>',
        "Hips sagging",
        "coach, not a doctor",
    ):
        assert what in page
    assert page.count('aria-label="4 March: trained"') == 1
    assert page.count('aria-label="8 March: pain"') == 1
    assert page.count(": no training") == 52


def test_the_charts_have_the_numbers(sessions):
    found = charts(history_page(sessions, TODAY))
    assert set(found) == {"dose", "score-1", "range-1", "score-2", "held-2"}
    assert found["dose"]["series"][0]["data"] == [[f"{day} Mar", 23] for day in (4, 6, 8, 10)]
    assert found["score-1"]["series"][0]["data"] == [[f"{day} Mar", 80.0] for day in (4, 6, 8, 10)]
    (held,) = found["held-2"]["series"]
    assert (held["name"], held["data"][0], held["markLine"]["data"]) == ("left", ["4 Mar", 21.5], [{"yAxis": 30.0}])
    assert len(found["dose"]["xAxis"]["data"]) == 56
    assert found["dose"]["xAxis"]["data"][0] == "19 Jan"


def test_rest_is_counted_from_the_first_day_on(sessions):
    found = days(sessions[-1:])
    assert verdict(found, weeks(found, TODAY), TODAY).startswith(
        "Since 10 March you trained on 1 day and rested on 5 days; no pain was told."
    )
    assert verdict((), weeks((), TODAY), TODAY) == "Nothing was trained in these weeks."


def test_what_a_user_wrote_is_text(path):
    with Store.open(path, zone=UTC) as store:
        write_session(store, exercise=EVIL, title=EVIL, events=[GOOD], pain=True)
        found = store.sessions()
    page = history_page(found, TODAY, advice=EVIL)
    assert EVIL not in page
    assert "&lt;script&gt;alert(1)" in page


def test_weeks_without_anything(path):
    page = history_page((), TODAY, earlier=1)
    assert "Nothing was trained in these weeks." in page
    assert "1 more day is older" in page
    assert charts(page) == {}


def run(*arguments):
    return CliRunner().invoke(cli.app, ["history", *map(str, arguments)])


def test_the_command(path, sessions, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("--report", "weeks.html").stdout == "Written to weeks.html\n"
    assert (tmp_path / "weeks.html").read_text("utf-8").startswith("<!doctype html>")
    assert run("--report").exit_code == 0
    assert (tmp_path / "formcheck-out" / "history.html").exists()


def test_nothing_yet_makes_no_page(path, tmp_path):
    done = run("--report", tmp_path / "weeks.html")
    assert (done.exit_code, done.stdout.strip()) == (0, NOTHING_YET)
    assert not (tmp_path / "weeks.html").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["weeks.html"], "history --report weeks.html"),
        (["--report", "--export", "csv"], "neither --export nor --delete"),
        (["--report", "--delete"], "neither --export nor --delete"),
        (["--report", "--out", "x"], "with --out name a format"),
    ],
)
def test_options_that_do_not_go_together(path, arguments, said):
    done = run(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr
