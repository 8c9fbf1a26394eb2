"""What a report tells: most important first, unknown as unknown, and the figures of the README."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

from formcheck.engine.records import FaultSpan, Hold, Reminder, Repetition, ScorePart, ViewProblem
from formcheck.exercises import get, names
from formcheck.report.result import AnalysisResult, PostureTime, Source
from formcheck.report.session.accuracy import accuracy_of
from formcheck.report.session.pictures import EMBED_MOST, video_uri, wishes
from formcheck.report.session.tables import hold_rows, repetition_rows, side_sums, work_on
from formcheck.report.session.targets import target_bands
from formcheck.report.session.timeline import timeline
from formcheck.report.session.write import About, Part, about_clip, parts_of, write_report
from formcheck.report.trace import Trace

README = Path(__file__).parents[2] / "README.md"
BRIDGE = get("bridge")
PARTS = (ScorePart("range", 40, 40), ScorePart("hold", 8, 20))
GOOD = Repetition(1, 2.0, 4.0, 9.0, "good", score=88.0, parts=PARTS,
                  notes=("hold_short",), measures={"hip_line_deg": 181.0, "in_line_s": 4.0})  # fmt: skip
ATTEMPT = Repetition(2, 10.0, 12.0, 15.0, "attempt", reason="hips stopped 24 deg short of the line", score=60.0,
                     faults=("hips_low",), measures={"hip_line_deg": math.nan, "in_line_s": 0.0})  # fmt: skip
FAULTS = (
    FaultSpan("lowered_fast", 3.0, 3.5, 0.8, "s", "Lower slowly.", "hip"),
    FaultSpan("lowered_fast", 7.0, 7.5, 0.9, "s", "Lower slowly.", "hip"),
    FaultSpan("hips_low", 12.0, 14.0, 156.0, "deg", "Push your hips up.", "hip"),
)
RESULT = AnalysisResult(
    "0", Source("clips/a.mp4", 20.0, 240, 640, 480, 12.0), "bridge", "left", 1.0, (), (GOOD, ATTEMPT), (), FAULTS,
    0.0, 30.0, "Glute bridge: 1 of 10 repetitions counted.", dose="10 times",
    counts={"good": 1, "faulty": 0, "attempt": 1, "unfinished": 0},
)  # fmt: skip


def trace_of(values: list[float], exercise: str = "bridge") -> Trace:
    """A trace with a value each half second."""
    trace = Trace(get(exercise))
    for i, value in enumerate(values):
        trace.times_s.append(i / 2)
        trace.phases.append("moving")
        for course in trace.values.values():
            course.append(value)
    return trace


def test_the_most_important_thing_to_work_on_comes_first():
    told = work_on(BRIDGE, RESULT)
    assert [item.name for item in told] == ["Hips low", "Lowered fast", "Hold short"]
    assert [item.amount.replace("\N{NO-BREAK SPACE}", " ") for item in told] == [
        "once, at worst 156° (hip line)", "twice, at worst 0.8 s", "once",
    ]  # fmt: skip
    assert [item.moments for item in told] == [(12.0,), (3.0, 7.0), (2.0,)]
    assert all(item.cue and item.means for item in told)


def test_a_fault_of_the_whole_has_no_amount():
    span = FaultSpan("one_leg_only", 3.0, 9.0, 1.0, "legs", "Stretch the other leg, too.", "hip")
    (told,) = work_on(get("hamstring_stretch"), replace(RESULT, reps=(), faults=(span,)))
    assert told.amount == "once"


def test_repetitions_in_words():
    good, attempt = repetition_rows(BRIDGE, RESULT.reps)
    assert (good.reach, good.faults, good.notes) == (("181°",), (), ("hold short",))
    assert good.parts == (("range", 40, 40), ("hold", 8, 20))
    assert attempt.reach == ("not seen",)
    assert attempt.reason == "Hips stopped 24 deg short of the line"
    assert attempt.numbers["hip line"] == "not seen"


def test_a_length_is_told_in_centimetres_where_they_are_known():
    measures = {"trunk_angle_deg": 20.0, "head_rise": 0.3, "head_rise_cm": 15.0, "head_rise_in": 5.9}
    (row,) = repetition_rows(get("partial_crunch"), [replace(GOOD, measures=measures)])
    assert row.numbers["head rise"].replace("\N{NO-BREAK SPACE}", " ") == "15 cm (5.9 in)"
    assert list(row.numbers) == ["trunk angle", "head rise"]


def test_holds_of_each_side_against_what_is_asked():
    holds = [Hold(0, 12, 10, 8, "left"), Hold(20, 70, 45, 40, "left", faults=("bouncing",))]
    exercise = get("hamstring_stretch")
    assert [(s.name, s.in_form_s, s.asked_s, s.share) for s in side_sums(exercise, holds)] == [
        ("Left", 55, 30, 1.0), ("Right", 0, 30, 0.0),
    ]  # fmt: skip
    assert [(row.kind, row.position_s, row.faults) for row in hold_rows(holds)] == [
        ("left side", 12, ()), ("left side", 50, ("bouncing",)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("exercise", "measure", "expected"),
    [
        ("bridge", "hip_line_deg", ((170, 189),)),
        ("plank", "hip_offset", ((-0.13, 0.03),)),
        ("hamstring_stretch", "left_elevation_deg", ((45, 125),)),
        ("partial_crunch", "trunk_angle_deg", ((8, math.inf),)),  # how high is too high is told by another measure
        ("cat_cow", "back_rise", ((0.14, math.inf), (-math.inf, -0.095))),
    ],
)
def test_targets_are_those_of_the_declaration(exercise: str, measure: str, expected: tuple):
    bands = target_bands(get(exercise), measure)
    assert len(bands) == len(expected)
    for band, wanted in zip(bands, expected, strict=True):
        assert band == pytest.approx(wanted, abs=0.04)


def test_the_chart_marks_repetitions_and_faults_where_they_were():
    figure = timeline(RESULT, trace_of([130, 150, math.nan, 180] * 10), "chart", "video-1")
    assert figure is not None
    series = {one["name"]: one for one in figure.option["series"]}
    assert series["good"]["data"][0]["seek"] == 2.0
    assert series["not counted"]["symbol"] != series["good"]["symbol"]
    assert [at["value"][0] for at in series["lowered fast"]["data"]] == [3.0, 3.5, None, 7.0, 7.5, None]
    assert [point for point in series["Hip line"]["data"] if point[0] == 1.0] == [[1.0, None]]
    low, high = figure.option["yAxis"][0]["min"], figure.option["yAxis"][0]["max"]
    assert low <= 130
    assert high >= 189


def test_offsets_are_drawn_upwards_where_the_hips_are_above_the_line():
    figure = timeline(replace(RESULT, exercise="plank"), trace_of([-0.2, 0.05], "plank"), "chart")
    assert figure is not None
    assert figure.option["series"][0]["data"] == [[0.0, -20.0], [0.5, 5.0]]  # as it is told: positive hangs down
    assert figure.option["yAxis"][0]["inverse"]


def test_nothing_measured_has_no_chart():
    assert timeline(RESULT, trace_of([math.nan] * 5), "chart") is None


def test_key_pictures_are_of_the_best_and_of_each_fault_at_its_worst():
    # 156 deg is nearest at 13 s; the tempo of a repetition shows in no single value.
    trace = trace_of([180.0] * 26 + [157.0] + [180.0] * 13)
    told = {wish.caption: wish.time_s for wish in wishes(RESULT, trace)}
    assert told["hips low"] == 13.0
    assert told["lowered fast"] in (3.25, 7.25)
    assert told["Best repetition: number 1, 88 points"] == pytest.approx(4.3)


def test_a_video_too_large_for_a_page_stays_beside_it(tmp_path):
    small, large = tmp_path / "small.mp4", tmp_path / "large.mp4"
    small.write_bytes(b"\0" * 100)
    large.write_bytes(b"\0" * (EMBED_MOST + 1))
    assert (video_uri(small) or "").startswith("data:video/mp4;base64,")
    assert video_uri(large) is None


def test_what_is_unknown_or_unjudged_is_told(tmp_path):
    problem = ViewProblem("turn_side_on", 1.0, 4.0, "Turn side on to the camera.")
    result = replace(RESULT, view_problems=(problem,), unjudged=("The back's arch is not judged.",), pose_found=0.5)
    parts = parts_of(result, {"bridge": BRIDGE}, {}, None)
    html = write_report(tmp_path, about_clip(result, parts), parts).read_text(encoding="utf-8")
    assert "0:01-0:04 turn side on: Turn side on to the camera." in html
    assert "The back&#39;s arch is not judged." in html
    assert "In 50 % of the pictures nobody was credibly seen" in html
    assert html.count("coach, not a doctor") == 1
    assert "<video" not in html
    assert "data:image/jpeg" not in html


def test_several_exercises_have_a_section_each(tmp_path):
    hold = Hold(0, 12, 10, 8, "left")
    plank = replace(RESULT, exercise="plank", reps=(), faults=(), holds=(hold,), counts={}, summary="Plank: held.")
    both = replace(RESULT, exercise="auto", exercises=(RESULT, plank), reps=(), unknown=((15.0, 20.0),))
    parts = parts_of(both, {"bridge": BRIDGE, "plank": get("plank")}, {}, None)
    html = write_report(tmp_path, about_clip(both, parts), parts).read_text(encoding="utf-8")
    assert re.findall(r'<h2 [^>]*class="exercise">([^<]*)', html) == ["Glute bridge", "Plank"]
    assert "0:15-0:20 no exercise that is known" in html


def test_what_limits_the_whole_clip_is_told_once(tmp_path):
    both = replace(
        RESULT, exercise="auto", exercises=(replace(RESULT, warnings=("Too dark.",)),), warnings=("Too dark.",)
    )
    parts = parts_of(both, {"bridge": BRIDGE}, {}, None)
    html = write_report(tmp_path, about_clip(both, parts), parts).read_text(encoding="utf-8")
    assert html.count("Too dark.") == 1


def test_reminders_are_told(tmp_path):
    exercise = get("sitting_posture")
    reminder = Reminder("break", 1800.0, None, "time to get up")
    result = replace(RESULT, exercise="sitting_posture", posture=PostureTime(60, 30, 10), reminders=(reminder,))
    part = Part(exercise, result)
    html = write_report(tmp_path, about_clip(result, [part]), [part]).read_text(encoding="utf-8")
    assert re.search(r"30:00\s+break: Time to get up", html)


def test_names_from_files_are_text(tmp_path):
    evil = "<script>alert(1)</script>"
    exercise = replace(BRIDGE, title=evil, asked=evil)
    result = replace(RESULT, source=replace(RESULT.source, path="<img src=x onerror=alert(2)>.mp4"), summary=evil)
    part = Part(exercise, result, trace_of([170.0, 180.0]))
    html = write_report(tmp_path, about_clip(result, [part]), [part]).read_text(encoding="utf-8")
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=alert(2)&gt;.mp4" in html


def test_a_file_name_that_is_not_unicode_does_no_harm(tmp_path):
    path = write_report(tmp_path, About("a", "b\udcff", "c", ()), [])
    assert "<title>b?</title>" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", names())
def test_accuracy_is_that_of_the_readme(name: str):
    known = accuracy_of(name)
    assert known is not None
    rows = README.read_text(encoding="utf-8").splitlines()
    row = next(line for line in rows if line.replace("-", " ").startswith(f"| {name.replace('_', ' ')} |"))
    _, _, clips, reps, holds, faults, angle, _ = (cell.strip() for cell in row.split("|"))
    told = dict(known.rows)
    assert known.clips.startswith(f"{clips} ")
    assert known.command in README.read_text(encoding="utf-8")
    assert told.get("repetitions with the right outcome", "-") == reps
    assert told.get("holds right to half a second", "-") == holds
    assert told["faults found"] == faults.replace(", 0", ", none invented")
    assert told["mean error of the main angle"].split("°")[0] in angle


def test_an_exercise_of_ones_own_has_no_figures():
    assert accuracy_of("my_own") is None
    assert accuracy_of("command") is None
