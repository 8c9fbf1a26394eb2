from __future__ import annotations

import json
import pickle
import subprocess
import sys
from dataclasses import replace

import pytest
from batch_clips import expect, write_bridges, write_nobody

from formcheck import analysis
from formcheck.batch.clips import find
from formcheck.batch.expectation import failures
from formcheck.batch.expectation_file import load
from formcheck.batch.journal import from_line, to_line
from formcheck.batch.work import Done, Settings, Unit, do, peak_memory_mb
from formcheck.exercises import as_file


@pytest.fixture
def clip(tmp_path):
    return write_bridges(tmp_path / "clips" / "bridges.npz")


def unit(clip, **settings) -> Unit:
    (found,) = find([str(clip)])
    return Unit(found, Settings(**settings))


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (None, "analysed"),
        ('exercise = "bridge"\n[repetitions]\ngood = 2\n', "passed"),
        ('exercise = "bridge"\n[repetitions]\ngood = 5\n', "failed"),
        ('exercise = "auto"\n', "passed"),
        ('exercise = "headstand"\n', "error"),
        ("exercise = ", "error"),
        ('exercise = "missing.toml"\n', "error"),
    ],
)
def test_status(clip, text, status):
    if text is not None:
        expect(clip, text)
    done = do(unit(clip, exercise="bridge"))
    assert done.status == status, done
    assert done.checked == (text is not None)
    assert bool(done.message) == (status in ("failed", "error"))
    assert pickle.loads(pickle.dumps(done)) == done
    assert from_line(to_line(done)) == done
    if status in ("passed", "analysed", "failed"):
        assert done.found is not None
        assert (done.found.good, done.found.faulty) == (2, 0)
        assert done.key


def test_neither_expectation_nor_exercise(clip):
    done = do(unit(clip))
    assert done.status == "error"
    assert "bridges.expect.toml" in done.message
    assert "--exercise" in done.message


def test_expectation_without_a_clip(tmp_path):
    sidecar = tmp_path / "gone.expect.toml"
    sidecar.write_text('exercise = "bridge"\n')
    done = do(unit(sidecar))
    assert done.status == "error"
    assert "no clip" in done.message


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (None, "error"),
        ('exercise = "bridge"\nrefused = true\n', "passed"),
        ('exercise = "bridge"\n[repetitions]\ngood = 2\n', "failed"),
    ],
)
def test_nobody_there(tmp_path, text, status):
    clip = write_nobody(tmp_path / "nobody.npz")
    if text is not None:
        expect(clip, text)
    assert do(unit(clip, exercise="bridge")).status == status


def test_an_exercise_file_as_seen_from_the_expectation(clip):
    (clip.parent / "own.toml").write_text(as_file("bridge"))
    expect(clip, 'exercise = "own.toml"\n[repetitions]\ngood = 2\n')
    done = do(unit(clip))
    assert (done.status, done.exercise) == ("passed", "bridge")


def test_results_are_written(clip, tmp_path):
    done = do(unit(clip, exercise="bridge", out=tmp_path / "out"))
    result = json.loads((tmp_path / "out" / "bridges" / "result.json").read_text())
    assert done.found is not None
    assert result["counts"]["good"] == done.found.good


def test_jobs_are_those_of_the_analysis(clip, monkeypatch):
    asked = []
    result = analysis.analyze(clip, "bridge")
    monkeypatch.setattr(analysis, "analyze", lambda *_, **options: asked.append(options["jobs"]) or result)
    do(unit(clip, exercise="bridge", jobs=3))
    assert asked == [3]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not say")
def test_memory_is_that_of_the_process_or_of_a_bigger_one_it_started(clip):
    before = do(unit(clip, exercise="bridge")).memory_mb
    assert before is not None
    assert 20 < before < 20_000  # so the unit is right
    more = f"import time; held = bytearray(b'x' * {int(before * 1e6) + 100_000_000})"
    subprocess.run([sys.executable, "-c", more], check=True)
    assert peak_memory_mb() > before + 80


def test_a_mistake_in_formcheck_is_told_and_not_raised(clip, monkeypatch):
    def analyze(*_, **__):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(analysis, "analyze", analyze)
    done = do(unit(clip, exercise="bridge"))
    assert done.status == "error"
    assert "ZeroDivisionError: division by zero" in done.message


def test_ctrl_c_is_passed_on(clip, monkeypatch):
    result = analysis.analyze(clip, "bridge")
    monkeypatch.setattr(analysis, "analyze", lambda *_, **__: replace(result, interrupted=True))
    with pytest.raises(KeyboardInterrupt):
        do(unit(clip, exercise="bridge"))


# --- resuming ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reused"),
    [
        ("nothing", True),
        ("clip", False),
        ("expectation", False),
        ("exercise file", False),
        ("settings", False),
        ("version", False),
        ("result deleted", False),
        ("moved", True),
        ("jobs", True),
    ],
)
def test_reused_where_nothing_changed(clip, tmp_path, monkeypatch, change, reused):
    own = clip.parent / "own.toml"
    own.write_text(as_file("bridge"))
    sidecar = expect(clip, 'exercise = "own.toml"\n')
    settings = {"out": tmp_path / "out"}
    earlier = do(unit(clip, **settings))
    assert earlier.status == "passed", earlier
    match change:
        case "clip":
            write_bridges(clip, 3)
        case "expectation":
            sidecar.write_text('exercise = "own.toml"\n# looked at\n')
        case "exercise file":
            own.write_text(own.read_text() + "# looked at\n")
        case "settings":
            settings["save_poses"] = True
        case "jobs":
            settings["jobs"] = 2
        case "version":
            monkeypatch.setattr("formcheck.batch.work.__version__", "999")
        case "result deleted":
            (tmp_path / "out" / "bridges" / "result.json").unlink()
        case "moved":
            clip.parent.rename(tmp_path / "elsewhere")
            clip = tmp_path / "elsewhere" / clip.name
    again = do(replace(unit(clip, **settings), earlier=from_line(to_line(earlier))))
    assert again.reused == reused
    assert again.status == "passed"
    if reused:
        assert again == replace(earlier, clip=str(clip), reused=True)


def test_an_error_is_tried_again(clip):
    wanted = unit(clip, exercise="bridge")
    known = do(wanted)
    again = do(replace(wanted, earlier=Done(known.name, known.clip, key=known.key, error="the disk was full")))
    assert again == replace(known, seconds=again.seconds, memory_mb=again.memory_mb)


# --- writing expectations ----------------------------------------------------------------------


def test_what_is_written_passes(clip):
    done = do(unit(clip, exercise="bridge", write_expect=True))
    sidecar = clip.with_suffix(".expect.toml")
    assert "bridges.expect.toml" in done.note
    assert failures(load(sidecar), analysis.analyze(clip, "bridge")) == ()
    assert do(unit(clip)).status == "passed"


def test_an_exercise_file_is_named_as_seen_from_the_expectation(clip, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(as_file("bridge"))
    do(unit(clip, exercise=str(own), write_expect=True))
    assert do(unit(clip)).status == "passed"


def test_one_that_is_there_is_left_alone(clip):
    sidecar = expect(clip, 'exercise = "bridge"\n')
    done = do(unit(clip, write_expect=True))
    assert sidecar.read_text() == 'exercise = "bridge"\n'
    assert "left as it is" in done.note
