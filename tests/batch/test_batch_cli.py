from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
import samples
from batch_clips import expect, write_bridges, write_nobody

from formcheck import cli

TWO = 'exercise = "bridge"\n[repetitions]\ngood = 2\n'
FIVE = 'exercise = "bridge"\n[repetitions]\ngood = 5\n'


@pytest.fixture
def clips(tmp_path, monkeypatch) -> Path:
    """Two clips, each with its expectation."""
    monkeypatch.chdir(tmp_path)
    for name in ("clips/a.npz", "clips/sub/b.npz"):
        expect(write_bridges(Path(name)), TWO)
    return Path("clips")


@pytest.fixture
def batch(capfd):
    def run_batch(*arguments: object) -> tuple[int, str, str]:
        code = cli.main(["batch", *map(str, arguments)])
        out, err = capfd.readouterr()
        return code, out, err

    return run_batch


def test_all_as_expected(clips, batch):
    code, out, err = batch(clips, "--jobs", "2")
    assert (code, err) == (0, "")
    assert "2 clips: 2 passed." in out


def test_one_broken_clip_and_one_failure_stop_no_other(clips, batch):
    (clips / "broken.mp4").write_text("no video")
    expect(clips / "broken.mp4", TWO)
    expect(clips / "a.npz", FIVE)
    write_nobody(clips / "nobody.npz")
    code, out, _ = batch(clips, "--junit", "j.xml", "--csv", "c.csv", "--out", "out")
    assert code == 1
    assert "4 clips: 1 passed, 1 failed, 2 errors." in out
    suite = ElementTree.parse("j.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "1", "2")
    status = {row["clip"]: row["status"] for row in csv.DictReader(Path("c.csv").read_text().splitlines())}
    assert status == {"a.npz": "failed", "broken.mp4": "error", "nobody.npz": "error", "sub/b.npz": "passed"}
    assert Path("out/sub/b/result.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "nowhere"),
        (["clips/*.avi"], "matches no clip"),
        (["clips", "--resume"], "--out"),
        (["clips", "--video"], "--out"),
        (["clips", "--jobs", "0"], "--jobs"),
        (["clips", "--exercise", "headstand"], "headstand"),
        (["clips", "--model", "huge"], "huge"),
        ([], "PATH"),
    ],
)
@pytest.mark.usefixtures("clips")
def test_bad_input(batch, arguments, said):
    code, out, err = batch(*arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_resume_does_not_do_it_again(clips, batch):
    write_nobody(clips / "c.npz")
    code, out, _ = batch(clips, "--out", "out")
    assert code == 1
    result = Path("out/a/result.json")
    first_ns = result.stat().st_mtime_ns
    write_bridges(clips / "sub" / "b.npz", 3)
    journal = Path("out/batch.jsonl")
    journal.write_text(journal.read_text() + '{"name": "torn')
    code, out, _ = batch(clips, "--out", "out", "--resume")
    assert code == 1
    assert out.count("done before") == 1  # not the changed one, and not the error
    assert "3 clips: 1 passed, 1 failed, 1 error." in out
    assert result.stat().st_mtime_ns == first_ns
    # What was noted after the torn line counts, too.
    assert batch(clips, "--out", "out", "--resume")[1].count("done before") == 2
    assert batch(clips, "--out", "out")[1].count("done before") == 0


def test_expectations_are_written_for_review(clips, batch):
    (clips / "a.expect.toml").unlink()
    code, out, _ = batch(clips, "--exercise", "bridge", "--write-expect")
    assert code == 0
    assert "a.expect.toml written" in out
    assert "b.expect.toml is there already" in out
    assert batch(clips)[0] == 0


def test_ctrl_c_keeps_what_is_done(clips, tmp_path, monkeypatch, batch):
    def run(units, jobs, told):
        from formcheck.batch.work import do  # noqa: PLC0415

        told(do(units[0]))
        raise KeyboardInterrupt

    monkeypatch.setattr("formcheck.batch.run.run", run)
    code, out, _ = batch(clips, "--out", "out", "--csv", "c.csv")
    assert code == 130
    assert "2 clips: 1 passed, 1 not done." in out
    assert len(Path("c.csv").read_text().splitlines()) == 2
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert batch(clips, "--out", "out", "--resume")[1].count("done before") == 1


def test_results_that_cannot_be_written(clips, batch):
    Path("file").touch()
    code, _, err = batch(clips, "--out", "file")
    assert code == 2
    assert "file" in err
    code, out, err = batch(clips, "--junit", "file/j.xml")
    assert code == 2
    assert "2 passed" in out


def test_help_is_quick_and_says_the_codes(batch):
    code, out, _ = batch("--help")
    assert code == 0
    assert "--write-expect" in out
    code = "import sys, formcheck.cli; print('rich' in sys.modules, 'formcheck.batch.work' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are POSIX")
def test_ctrl_c_in_the_terminal_and_resuming(tmp_path):
    """Ctrl-C reaches the whole group, as from a terminal: real clips, real workers."""
    folder = tmp_path / "clips"
    write_bridges(folder / "a.npz")
    (folder / "b.mp4").symlink_to(samples.clip("bridge_good"))
    out_folder = tmp_path / "out"
    told = ("batch", str(folder), "-e", "bridge", "--jobs", "1", "--out", str(out_folder))
    command = [sys.executable, "-m", "formcheck.cli", *told]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, **pipes, text=True, start_new_session=True)
    journal = out_folder / "batch.jsonl"
    end_s = time.monotonic() + 60.0
    while not (journal.exists() and journal.read_text()) and time.monotonic() < end_s:
        time.sleep(0.05)
    time.sleep(1.0)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert err == ""
    assert "2 clips: 1 analysed, 1 not done." in out
    done = subprocess.run([*command, "--resume"], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("done before") == 1
    assert json.loads((out_folder / "b" / "result.json").read_text())["counts"]["good"] == 3
