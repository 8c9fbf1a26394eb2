"""The report of a session: numbers alone, unless it was recorded."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import bodies
import pytest

from formcheck.coach.model import Step
from formcheck.coach.reporting import Reporter
from formcheck.exercises import get
from formcheck.exercises.declaration import Dose
from formcheck.judge import Judge
from formcheck.pose.landmarks import Pose

BEGUN = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
POSES = bodies.bridges()[0]
BRIDGE = get("bridge")


def do_set(reporter: Reporter, poses: list[Pose], video: Path | None = None) -> None:
    """One set of bridges, judged."""
    judge = Judge(BRIDGE)
    reporter.begin_set(Step(BRIDGE, Dose(repetitions=(2, 2), hold_s=(3, 3))), video)
    for pose in poses:
        events = judge.step(pose)
        reporter.watch(pose, judge)
        reporter.add(events)
    reporter.add(judge.finish())
    reporter.end_set()


@pytest.fixture
def told() -> list[str]:
    return []


def test_a_set_is_told_with_its_own_dose_and_no_picture(tmp_path, told):
    reporter = Reporter(tmp_path, "bridge", BEGUN)
    do_set(reporter, POSES)
    path = reporter.write(told.append)
    assert path is not None
    assert told == [f"The report of this session: {path}"]
    html = path.read_text(encoding="utf-8")
    assert "2 times, held 3 s" in html
    assert re.search(r"\d of 2 repetitions counted", html)
    assert 'class="chart"' in html
    assert "<video" not in html
    assert "data:image/jpeg" not in html
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_sets_one_after_the_other_and_pain(tmp_path, told):
    reporter = Reporter(tmp_path, "morning", BEGUN)
    do_set(reporter, POSES)
    do_set(reporter, [replace(pose, time_s=pose.time_s + 100) for pose in POSES])
    reporter.pain(131.0)
    html = reporter.write(told.append).read_text(encoding="utf-8")
    assert html.count('class="exercise"') == 2
    assert re.search(r"2 sets: \d+ repetitions counted", html)
    assert "at 2:11" in html


def test_a_chart_begins_where_its_set_begins(tmp_path, told):
    reporter = Reporter(tmp_path, "bridge", BEGUN)
    do_set(reporter, [replace(pose, time_s=pose.time_s + 100) for pose in POSES])
    html = reporter.write(told.append).read_text(encoding="utf-8")
    assert f'"min": {100 + POSES[0].time_s:.1f}' in html


@pytest.mark.parametrize("poses", [[], None])
def test_without_a_set_there_is_no_report(poses, tmp_path, told):
    reporter = Reporter(tmp_path, "bridge", BEGUN)
    if poses is not None:
        do_set(reporter, poses)
    assert reporter.write(told.append) is None
    assert list(tmp_path.iterdir()) == told == []


def test_not_wanted(tmp_path, told, monkeypatch):
    monkeypatch.chdir(tmp_path)
    reporter = Reporter(None, "bridge", BEGUN)
    do_set(reporter, POSES)
    assert reporter.write(told.append) is None
    assert list(tmp_path.iterdir()) == told == []


def test_a_report_that_cannot_be_written_is_told(tmp_path, told):
    (tmp_path / "file").touch()
    reporter = Reporter(tmp_path / "file", "bridge", BEGUN)
    do_set(reporter, POSES)
    assert reporter.write(told.append) is None
    assert len(told) == 1
    assert told[0].endswith("There is no report of this session.")
