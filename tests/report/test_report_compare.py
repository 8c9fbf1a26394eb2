"""`formcheck compare`: better and worse only beyond the measuring error, in the terminal and as a page."""

from __future__ import annotations

import io
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
from result_examples import ALL, ATTEMPT, AUTO, BRIDGE, GOOD, LOW, PHOTO, PLANK, SITTING
from rich.console import Console

from formcheck import cli, exercises
from formcheck.engine.records import Hold
from formcheck.errors import InputError
from formcheck.report.compare.comparison import Comparison, compare, pairs
from formcheck.report.compare.page import comparison_page
from formcheck.report.compare.shown import NOTHING, print_comparison
from formcheck.report.margins import HOLD_S, difference_deg, main_angle_deg
from formcheck.report.result import AnalysisResult

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def bridges(*angles: float, faults=(), **more) -> AnalysisResult:
    reps = tuple(replace(GOOD, index=i, measures={"hip_line_deg": angle}) for i, angle in enumerate(angles, 1))
    return replace(BRIDGE, reps=reps, faults=tuple(faults), view_problems=(), warnings=(), **more)


def compared(before: AnalysisResult, after: AnalysisResult) -> Comparison:
    return compare(before, after, exercises.get(before.exercise))


def verdict(comparison: Comparison, label: str) -> str:
    return next(row.verdict for row in comparison.rows if row.label == label)


def test_the_margins_are_those_of_the_readme():
    told = dict(re.findall(r"^\| ([\w -]+) \| \d+ \|.*\| ([\d.]+) deg \|$", README, re.MULTILINE))
    errors = {name.replace(" ", "_").replace("-", "_"): float(error) for name, error in told.items()}
    assert len(errors) == 7
    for name in (*exercises.names(), *exercises.examples(), "my_own"):
        assert main_angle_deg(name) == pytest.approx(errors.get(name, math.nan), nan_ok=True)
    assert f"within {HOLD_S} s everywhere" in README


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # 5.5 degrees must lie between two bridges (3.9 in each); 170 to 189 is asked.
        ([156.0, 156.0], [175.0], "better"),
        ([175.0], [156.0, 156.0], "worse"),
        ([165.0], [160.0], "as before"),
        ([165.0], [159.0], "worse"),
        ([197.0], [189.0], "better"),
        ([171.0], [188.0], "as before"),  # both are as asked, however far apart
        ([math.nan], [175.0], ""),
        ([], [175.0], ""),
    ],
)
def test_the_main_measure_is_judged_by_what_is_asked_and_beyond_the_error(before, after, expected):
    assert verdict(compared(bridges(*before), bridges(*after)), "hip line") == expected


def test_of_an_exercise_without_a_measured_error_nothing_is_said():
    own = replace(exercises.get("bridge"), name="my_bridge")
    earlier, later = (replace(bridges(angle), exercise="my_bridge") for angle in (140.0, 175.0))
    assert math.isnan(difference_deg("my_bridge"))
    for declared in (own, None):
        found = compare(earlier, later, declared)
        assert verdict(found, "hip line") == ""
        assert "has not been measured" in found.remarks[0]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("good attempt", "good good", "better"),
        ("good good", "good attempt", "worse"),
        ("good good good", "good good", "as before"),
        ("good attempt", "good good attempt", "as before"),  # 1 of 2, 2 of 3: less than one repetition
        ("good", "unfinished", ""),
    ],
)
def test_good_repetitions(before, after, expected):
    sets = (
        replace(BRIDGE, reps=tuple(replace(GOOD, outcome=outcome) for outcome in told.split()))
        for told in (before, after)
    )
    assert verdict(compared(*sets), "good repetitions") == expected


def planks(*seconds: float, side=None) -> AnalysisResult:
    holds = tuple(Hold(0.0, s + 1.0, s, s, side, "forearm") for s in seconds)
    return replace(PLANK, holds=holds, faults=(), in_form_s=sum(seconds), warnings=(), view_problems=())


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([15.0], [17.0], "better"),
        ([17.0], [15.0], "worse"),
        ([15.0], [15.9], "as before"),  # half a second in each
        ([10.0, 5.0], [16.4], "as before"),  # three holds
        ([30.0], [50.0], "as before"),  # the dose is done both times
        ([], [20.0], "better"),
    ],
)
def test_time_in_form_is_judged_by_the_dose(before, after, expected):
    assert verdict(compared(planks(*before), planks(*after)), "in form") == expected


def test_each_side_by_itself():
    before = replace(planks(20.0, side="left"), exercise="side_plank")
    after = replace(planks(10.0, side="right"), exercise="side_plank")
    found = {row.label: (row.before, row.after) for row in compared(before, after).rows}
    assert found["in form, left"] == ("20.0 s", "0.0 s")
    assert found["in form, right"] == ("0.0 s", "10.0 s")
    assert found["longest in form, left"] == ("20.0 s", "-")


def spans(*worst: float):
    return tuple(replace(LOW, worst=value) for value in worst)


@pytest.mark.parametrize(
    ("before", "after", "kind", "certain"),
    [
        (spans(155.0), (), "gone", True),
        ((), spans(155.0), "new", True),
        (spans(155.0), spans(150.0), "stayed", True),
        (spans(167.0), (), "gone", False),  # the limit is 170: within the error of comparing
        (spans(167.0, 155.0), (), "gone", True),
        ((replace(LOW, worst=math.nan),), (), "gone", True),
        ((replace(LOW, name="lowered_fast", worst=0.5, unit="s"),), (), "gone", True),
    ],
)
def test_what_became_of_a_fault(before, after, kind, certain):
    found = compared(bridges(175.0, faults=before), bridges(175.0, faults=after))
    (change,) = found.faults
    assert (change.kind, change.certain) == (kind, certain)
    said = {"gone": found.better, "new": found.worse}.get(kind, ())
    assert any(change.name.replace("_", " ") in one for one in said) == (certain and kind != "stayed")


def test_faults_are_told_by_repetitions_where_they_have_them():
    (change,) = [one for one in compared(BRIDGE, bridges(175.0)).faults if one.name == "hips_low"]
    assert (change.before, change.after, change.cue) == ("1 of 2 repetitions", "-", "Push your hips up.")


@pytest.mark.parametrize("name", [name for name in ALL if name != "nothing"])
def test_a_result_is_as_before_beside_itself(name):
    for one, other in pairs(ALL[name], ALL[name]):
        found = compared(one, other)
        assert (found.better, found.worse) == ((), ())
        assert all(change.kind == "stayed" for change in found.faults)


@pytest.mark.parametrize(
    ("before", "after"), [(BRIDGE, PLANK), (SITTING, AUTO), (ALL["nothing"], BRIDGE), (BRIDGE, ALL["nothing"])]
)
def test_different_exercises_are_refused(before, after):
    with pytest.raises(InputError, match=r"^These are different exercises, [\w ]+ before and [\w ]+ after: compare"):
        pairs(before, after)


def test_of_recognised_exercises_those_in_common_are_compared():
    assert [one.exercise for one, _ in pairs(AUTO, AUTO)] == ["bridge", "plank"]
    assert [one.exercise for one, _ in pairs(PLANK, AUTO)] == ["plank"]
    twice = replace(AUTO, exercises=(AUTO.exercises[0], *AUTO.exercises))
    ((one, other),) = pairs(twice, BRIDGE)
    assert (len(one.reps), len(other.reps), one.counts["good"], one.score) == (4, 2, 2, 20.0)


def test_the_view_and_the_side_are_remarked():
    remarks = " ".join(compared(BRIDGE, bridges(175.0, side="right")).remarks)
    assert "Before, the view was not good enough at times (too dark): compare with care." in remarks
    assert "Before: The picture is very grainy." in remarks
    assert "The left side faced the camera before, the right side after." in remarks
    assert "3.9 deg on average" in remarks
    assert "How right it is" in remarks


def printed(comparison: Comparison, width: int = 100) -> str:
    file = io.StringIO()
    print_comparison(comparison, Console(file=file, width=width, highlight=False, emoji=False, markup=False))
    return file.getvalue()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (bridges(156.0), bridges(175.0), "Glute bridge: one thing is better and nothing is worse."),
        (bridges(175.0), bridges(156.0, faults=[LOW]), "Glute bridge: nothing is better and 2 things are worse."),
        (BRIDGE, BRIDGE, "Glute bridge: nothing differs by more than the measuring error."),
    ],
)
def test_the_verdict_is_one_sentence(before, after, said):
    assert compared(before, after).verdict == said


@pytest.mark.parametrize("width", [100, 60])
def test_the_terminal_tells_all(width):
    found = compared(BRIDGE, bridges(175.0))
    told = " ".join(printed(found, width).split())
    for what in ("Glute bridge: before and after", "bridge ü.mp4", "1 of 2", "hips low", "gone", "Worse:", NOTHING):
        assert what.lower() in told.lower()
    assert all(len(line) <= width for line in printed(found, width).splitlines())


def evil(result: AnalysisResult) -> AnalysisResult:
    text = "<script>alert(1)</script>[bold]"
    return replace(
        result,
        exercise=text,
        source=replace(result.source, path=text),
        warnings=(text,),
        faults=tuple(replace(span, name=text, cue=text) for span in result.faults),
        reps=tuple(replace(rep, measures={text: 1.0}, faults=(text,)) for rep in result.reps),
        holds=tuple(replace(hold, side=None, variant=text) for hold in result.holds),
    )


@pytest.mark.parametrize("name", ["bridge", "plank"])
def test_what_a_user_wrote_is_text_in_the_page(name):
    page = comparison_page([compare(evil(ALL[name]), evil(ALL[name]), None)])
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "[bold]" in printed(compare(evil(ALL[name]), evil(ALL[name]), None))


@pytest.mark.parametrize("name", [name for name in ALL if name != "nothing"])
def test_the_page_of_every_kind_of_result(name):
    found = [compared(one, other) for one, other in pairs(ALL[name], ALL[name])]
    page = comparison_page(found)
    for comparison in found:
        assert comparison.title in page
        for row in comparison.rows:
            assert f'data-label="before">{row.before}</td><td data-label="after">{row.after}</td>' in page
    charts = re.findall(r'<script type="application/json" id="[\w-]+-data">(.*?)</script>', page)
    assert len(charts) == {"auto": 2, "photo": 0}.get(name, 1)
    for chart in charts:
        first, second = json.loads(chart)["option"]["series"]
        assert first["data"] == second["data"]


def put(folder: Path, result: AnalysisResult) -> Path:
    folder.mkdir()
    (folder / "result.json").write_text(result.to_json(), "utf-8")
    return folder


def test_the_command(tmp_path, capsys):
    before, after = put(tmp_path / "a", BRIDGE), put(tmp_path / "b", bridges(175.0, 176.0))
    assert cli.main(["compare", str(before), str(after / "result.json"), "--out", str(tmp_path / "c.html")]) == 0
    assert f"Written to {tmp_path / 'c.html'}" in capsys.readouterr().out
    assert (tmp_path / "c.html").read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("after", "said"),
    [("plank", "These are different exercises, bridge before and plank after"), ("nowhere", "There is no")],
)
def test_what_cannot_be_compared_is_one_sentence(after, said, tmp_path, capsys):
    put(tmp_path / "bridge", BRIDGE)
    put(tmp_path / "plank", PLANK)
    assert cli.main(["compare", str(tmp_path / "bridge"), str(tmp_path / after), "-o", str(tmp_path / "c.html")]) == 2
    out, err = capsys.readouterr()
    assert (out, said in err, "Traceback" in err) == ("", True, False)
    assert not (tmp_path / "c.html").exists()


def test_photos_are_compared_by_their_measures():
    other = replace(PHOTO, measures={"hip_angle_deg": 175.0})
    rows = {row.label: (row.before, row.after) for row in compared(PHOTO, other).rows}
    assert rows["hip angle"] == ("171°", "175°")
    assert rows["hip offset"] == ("3 % of the line", "-")


def test_an_unfinished_repetition_is_in_no_mean():
    unfinished = replace(ATTEMPT, outcome="unfinished", measures={"hip_line_deg": 100.0})
    one = replace(bridges(175.0), reps=(GOOD, unfinished))
    assert next(row.before for row in compared(one, one).rows if row.label == "hip line") == "182°"
