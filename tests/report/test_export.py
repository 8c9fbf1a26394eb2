"""`formcheck export`: complete tables that other programs read, and never a formula."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from export_page import PAGE, page
from hypothesis import given
from hypothesis import strategies as st
from result_examples import ALL, AUTO, BRIDGE, LOW, PHOTO, PLANK
from samples import Watch

from formcheck import cli, exercises
from formcheck.judge import Judge
from formcheck.report.export.columns import FIXED, Table
from formcheck.report.export.frames import Frames
from formcheck.report.export.meanings import measure_column
from formcheck.report.export.tables import tables
from formcheck.report.export.written import to_csv, to_json, to_parquet
from formcheck.report.result import AnalysisResult

NAMES = ("repetitions", "holds", "faults", "measures")


def read_csv(content: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def made(result: AnalysisResult) -> dict[str, Table]:
    return {table.name: table for table in tables(result, exercises.get)}


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = cli.main(["export", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def put(folder: Path, result: AnalysisResult) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "result.json").write_text(result.to_json(), "utf-8")
    return folder


def test_the_page_is_that_of_the_columns():
    text = PAGE.read_text("utf-8")
    assert page(text) == text, "write it anew: python tests/report/export_page.py"
    assert all(f"| `{column.name}` |" in text for columns in FIXED.values() for column in columns)


@pytest.mark.parametrize("name", ALL)
def test_every_column_of_a_result_is_told_and_every_cell_has_a_column(name):
    for table in made(ALL[name]).values():
        names = [column.name for column in table.columns]
        assert names[: len(FIXED[table.name])] == [column.name for column in FIXED[table.name]]
        assert len(set(names)) == len(names)
        assert all(names.count(column.name) == 1 for column in table.columns)


def test_repetitions():
    good, attempt = read_csv(to_csv(made(BRIDGE)["repetitions"]))
    assert good == dict.fromkeys(good, "") | {
        "clip": "bridge ü.mp4", "exercise": "bridge", "set": "1", "index": "1", "start_s": "2.75", "top_s": "3.833",
        "end_s": "8.917", "outcome": "good", "score": "80.7", "score_range": "40.0", "score_range_of": "40.0",
        "score_alignment": "25.0", "score_alignment_of": "25.0", "score_tempo": "7.5", "score_tempo_of": "15.0",
        "score_hold": "8.2", "score_hold_of": "20.0", "notes": "hold_short", "hip_line_deg": "182.0",
        "foot_drop_trunk_lengths": "-0.396", "rising_s": "1.26",
    }  # fmt: skip
    assert (attempt["reason"], attempt["top_s"]) == ("hips stopped 24 deg short of the line", "")
    assert (attempt["faults"], attempt["foot_drop_trunk_lengths"]) == ("hips_low lowered_fast", "")


def test_holds_and_faults():
    first, second = read_csv(to_csv(made(PLANK)["holds"]))
    assert first == {
        "clip": "bridge ü.mp4", "exercise": "plank", "set": "1", "index": "1", "start_s": "5.0", "end_s": "32.5",
        "in_position_s": "27.5", "in_form_s": "16.75", "longest_s": "6.667", "side": "left", "variant": "forearm",
        "faults": "hips_sagging hips_piked",
    }  # fmt: skip
    assert (second["index"], second["side"]) == ("2", "")
    (low,), (small,) = (read_csv(to_csv(made(one)["faults"])) for one in (BRIDGE, PLANK))
    assert (low["fault"], low["worst"], low["unit"], low["worst_cm"]) == ("hips_low", "155.6", "deg", "")
    assert (small["worst"], small["unit"], small["worst_cm"], small["worst_in"]) == (
        "0.067", "trunk lengths", "3.3", "1.31",
    )  # fmt: skip


def test_each_row_of_recognised_exercises_names_its_own():
    found = made(AUTO)
    assert [(row["exercise"], row["set"]) for row in found["repetitions"].rows] == [("bridge", 1)] * 2
    assert [(row["exercise"], row["set"]) for row in found["holds"].rows] == [("plank", 2)] * 2
    assert [(row["exercise"], row["set"]) for row in found["faults"].rows] == [("bridge", 1), ("plank", 2)]


@pytest.mark.parametrize("name", [*exercises.names(), *exercises.examples()])
def test_every_measure_has_its_unit_in_the_name(name):
    from formcheck.exercises.vocabulary import measured, own_numbers  # noqa: PLC0415

    exercise = exercises.get(name)
    for measure in (*measured(exercise), *own_numbers(exercise)):
        column = measure_column(measure, exercise)
        assert re.search("(_s|_deg|_cm|_in|_trunk_lengths|_line_lengths|_shoulder_widths)$", column.name)
        assert column.meaning
        # Beginning with the measure's own name, and from one measure alone.
        assert column.name.startswith(measure)


@given(st.text(max_size=12).map(lambda text: "=+-@"[len(text) % 4] + text) | st.text(max_size=12))
def test_no_text_is_a_formula(text):
    bad = replace(
        BRIDGE, exercise=text, source=replace(BRIDGE.source, path=text), faults=(replace(LOW, name=text, cue=text),)
    )
    for decimal_comma, delimiter in ((False, ","), (True, ";")):
        content = to_csv(
            {table.name: table for table in tables(bad, lambda _: None)}["faults"], decimal_comma=decimal_comma
        )
        (row,) = read_csv(content, delimiter)
        for name in ("clip", "exercise", "fault", "cue"):
            # A program that splits at another separator sees more cells.
            assert not any(piece.strip(' "')[:1] in tuple("=+-@") for piece in re.split("[;,|]", row[name]))


def test_a_measure_of_a_users_own_is_no_formula_either():
    rep = replace(BRIDGE.reps[0], measures={"=HYPERLINK(1)_deg": -3.0})
    content = to_csv(made(replace(BRIDGE, reps=(rep,)))["repetitions"]).decode("utf-8-sig")
    assert content.splitlines()[0].endswith(",'=HYPERLINK(1)_deg")
    assert content.splitlines()[1].endswith(",-3.0")  # a negative number is none


def test_csv_opens_in_spreadsheets():
    content = to_csv(made(BRIDGE)["repetitions"])
    assert content.startswith(b"\xef\xbb\xbfclip,")
    assert content.count(b"\r\n") == 3
    comma = to_csv(made(BRIDGE)["repetitions"], decimal_comma=True)
    good, _ = read_csv(comma, ";")
    assert (good["score"], good["index"], good["clip"]) == ("80,7", "1", "bridge ü.mp4")


def test_json_says_what_its_columns_are():
    data = json.loads(to_json(made(BRIDGE)["repetitions"]))
    assert data["table"] == "repetitions"
    assert {"name": "hip_line_deg", "unit": "deg"}.items() <= data["columns"][-4].items()
    assert [set(row) == {column["name"] for column in data["columns"]} for row in data["rows"]] == [True, True]
    assert (data["rows"][1]["top_s"], data["rows"][0]["faults"], data["rows"][0]["index"]) == (None, "", 1)


@pytest.mark.parametrize("name", ALL)
def test_parquet_has_the_rows_of_json_with_types_and_units(name):
    pytest.importorskip("pyarrow", reason="pyarrow is an extra")
    from pyarrow import parquet  # noqa: PLC0415

    for table in made(ALL[name]).values():
        read = parquet.read_table(io.BytesIO(to_parquet(table)))
        assert read.to_pylist() == json.loads(to_json(table))["rows"]
        assert str(read.schema.field("set").type) == "int64"
        for column in table.columns:
            assert read.schema.field(column.name).metadata[b"unit"] == column.unit.encode()


def test_without_pyarrow_one_sentence_and_nothing_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    code, out, err = run(capsys, put(tmp_path, BRIDGE), "--format", "parquet")
    assert (code, out) == (2, "")
    assert err == (
        "formcheck: Parquet files need pyarrow: install it with pip install 'formcheck[export]', or choose csv or "
        "json.\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_an_analysis_with_its_poses(form, watch: Watch, tmp_path, capsys):
    if form == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is an extra")
    code, out, err = run(capsys, watch("bridge_faulty").folder, "--format", form, "--out", tmp_path / "there")
    assert (code, err) == (0, "")
    assert sorted(path.name for path in (tmp_path / "there").iterdir()) == sorted(f"{name}.{form}" for name in NAMES)
    assert f"repetitions.{form} (4 rows), holds.{form} (0 rows)" in out
    assert "measures.csv (383 rows)" in out or form != "csv"


def test_the_measures_are_those_of_the_judge(watch: Watch, tmp_path, capsys):
    watched = watch("bridge_faulty")
    assert run(capsys, watched.folder, "--out", tmp_path)[0] == 0
    rows = read_csv((tmp_path / "measures.csv").read_bytes())
    judge = Judge(exercises.get("bridge"))
    for row, pose in zip(rows, watched.recording, strict=True):
        judge.step(pose)
        assert float(row["time_s"]) == pytest.approx(pose.time_s, abs=6e-4)
        assert float(row["hip_angle_deg"] or "nan") == pytest.approx(
            judge.reading.value("hip_angle_deg"), abs=0.06, nan_ok=True
        )
        assert row["phase"] == judge.status.phase
    (good, *_), tops = watched.result.reps, [row for row in rows if row["phase"] == "top"]
    main = [float(row["main"]) for row in tops if good.start_s <= float(row["time_s"]) <= good.end_s]
    assert sum(main) / len(main) == pytest.approx(good.measures["hip_line_deg"], abs=1.5)


def test_without_poses_the_rest_is_written_and_one_sentence_says_what_to_do(tmp_path, capsys):
    code, out, err = run(capsys, put(tmp_path, BRIDGE))
    assert (code, err) == (0, "")
    assert not (tmp_path / "measures.csv").exists()
    assert (tmp_path / "faults.csv").exists()
    assert "analyse it again with --save-poses." in " ".join(out.split())


def test_poses_of_another_clip(watch: Watch, tmp_path, capsys):
    (tmp_path / "poses.npz").write_bytes((watch("bridge_faulty").folder / "poses.npz").read_bytes())
    _, out, _ = run(capsys, put(tmp_path, BRIDGE))
    assert "poses.npz is of another clip" in " ".join(out.split())
    assert not (tmp_path / "measures.csv").exists()


def test_recognised_exercises_are_measured_each_in_its_time(watch: Watch, tmp_path, capsys):
    watched = watch("bridge_faulty")
    early = replace(watched.result, reps=watched.result.reps[:1])
    late = replace(watched.result, reps=watched.result.reps[2:])
    auto = replace(watched.result, exercise="auto", reps=(), faults=(), exercises=(early, late), view_problems=())
    (tmp_path / "poses.npz").write_bytes((watched.folder / "poses.npz").read_bytes())
    assert run(capsys, put(tmp_path, auto))[0] == 0
    rows = read_csv((tmp_path / "measures.csv").read_bytes())
    for number, block in (("1", early), ("2", late)):
        times = [float(row["time_s"]) for row in rows if row["set"] == number]
        assert times[0] == pytest.approx(block.reps[0].start_s, abs=0.1)
        assert times[-1] == pytest.approx(block.reps[-1].end_s, abs=0.1)


def test_a_photo_has_one_row_of_measures(tmp_path, capsys):
    assert run(capsys, put(tmp_path, PHOTO))[0] == 0
    (row,) = read_csv((tmp_path / "measures.csv").read_bytes())
    assert (row["hip_offset_line_lengths"], row["hip_angle_deg"], row["time_s"]) == ("0.031", "171.2", "0.0")


def own(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(exercises.as_file("bridge").replace('name = "bridge"', 'name = "my_bridge"', 1), "utf-8")
    return path


def test_an_exercise_of_ones_own_needs_its_file(watch: Watch, tmp_path, capsys):
    watched = watch("bridge_faulty")
    folder = put(tmp_path / "out", replace(watched.result, exercise="my_bridge"))
    (folder / "poses.npz").write_bytes((watched.folder / "poses.npz").read_bytes())
    assert "'my_bridge' is an exercise of your own; name its file with --exercise." in " ".join(
        run(capsys, folder)[1].split()
    )
    code, out, _ = run(capsys, folder, "--exercise", own(tmp_path))
    assert (code, "measures.csv (383 rows)" in out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{}/nowhere"], "There is no"),
        (["{}/broken.json"], "is no result.json of formcheck, or is damaged"),
        (["{}", "--out", "{}/result.json/there"], "cannot be written"),
        (["{}", "--exercise", "{}/mine.toml"], "cannot be read"),
        (["{}", "--format", "xlsx"], "'xlsx' is not one of"),
        (["{}", "--format", "json", "--decimal-comma"], "--format csv alone"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(arguments, said, tmp_path, capsys):
    put(tmp_path, BRIDGE)
    (tmp_path / "broken.json").write_text('{"a": 1')
    code, out, err = run(capsys, *(argument.format(tmp_path) for argument in arguments))
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_a_measure_that_is_first_known_later_is_unknown_before():
    frames = Frames()
    frames.add({"clip": "a"}, {"time_s": 0.0}, {"yaw_deg": 1.0})
    frames.add({"clip": "a"}, {"time_s": 0.1}, {"hip_angle_deg": 170.0})
    columns = (*FIXED["measures"], *(measure_column(name, None) for name in ("yaw_deg", "hip_angle_deg")))
    first, second = read_csv(to_csv(Table("measures", columns, frames)))
    assert (first["clip"], first["time_s"], first["yaw_deg"], first["hip_angle_deg"]) == ("a", "0.0", "1.0", "")
    assert (second["yaw_deg"], second["hip_angle_deg"]) == ("", "170.0")
