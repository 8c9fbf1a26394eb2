from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from batch_work import FOUND, act, unit
from hypothesis import given
from hypothesis import strategies as st

from formcheck.batch.journal import Journal, from_line, to_line
from formcheck.batch.run import DIED, run
from formcheck.batch.work import Done
from formcheck.errors import InputError, OutputError

needs_signals = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal on this system")
HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def _workers_find_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    old = os.environ.get("PYTHONPATH")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), *([old] if old else [])]))


@pytest.mark.parametrize("jobs", [1, 2])
def test_in_order_and_told_as_they_come(jobs):
    units = [unit(f"{letter}.mp4") for letter in "abcde"]
    told: list[Done] = []
    results = run(units, jobs, told.append, work=act)
    assert [done.name for done in results] == [one.clip.name for one in units]
    assert sorted(told, key=lambda done: done.name) == list(results)


@pytest.mark.parametrize(("clips_n", "jobs", "each"), [(1, 2, 2), (1, 1, 1), (2, 2, 1), (2, 5, 2), (3, 2, 1)])
def test_fewer_clips_than_processes_have_several_each(clips_n, jobs, each):
    results = run([unit(f"{i}.mp4") for i in range(clips_n)], jobs, work=act)
    assert [done.note for done in results] == [f"{each} jobs"] * clips_n


def test_nothing_to_do():
    assert run([], 2, work=act) == ()


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_worker_that_dies_costs_only_its_clip(jobs, tmp_path):
    names = ["a.mp4", "killed.mp4", "b.mp4", "c.mp4", "killed2.mp4", "d.mp4"]
    results = run([unit(name, tmp_path) for name in names], jobs, work=act)
    assert {done.name: done.error for done in results} == {
        name: DIED if name.startswith("killed") else None for name in names
    }
    if jobs == 1:  # with two, the other one's death may end a worker before it has noted that it began
        assert len((tmp_path / "killed.mp4.log").read_text().split()) == 2  # it had a second chance


@needs_signals
def test_a_worker_killed_from_outside_loses_no_clip(tmp_path):
    units = [unit(name, tmp_path) for name in ("a.mp4", "once.mp4", "b.mp4", "c.mp4")]
    told: list[Done] = []
    results = run(units, 2, told.append, work=act)
    assert [done.status for done in results] == ["passed"] * 4
    assert len(told) == 4  # each once


@needs_signals
def test_what_a_dead_worker_left_half_written_is_taken_away(tmp_path):
    (tmp_path / "killed").mkdir()
    (tmp_path / "killed" / ".formcheck-0123.part").touch()
    (tmp_path / "killed" / "result.json").touch()
    run([unit("killed.mp4", tmp_path)], 1, work=act)
    assert [file.name for file in (tmp_path / "killed").iterdir()] == ["result.json"]


def test_an_error_while_telling_stops_the_workers(tmp_path):
    def told(done: Done) -> None:
        raise OutputError("the disk is full")

    with pytest.raises(OutputError):
        run([unit("a.mp4"), unit("slow.mp4", tmp_path)], 2, told, work=act)
    assert not (tmp_path / "whole").exists()
    assert not multiprocessing.active_children()


@needs_signals
def test_ctrl_c_stops_at_once_and_keeps_what_is_done(tmp_path):
    told: list[Done] = []

    def tell(done: Done) -> None:
        told.append(done)
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()

    with pytest.raises(KeyboardInterrupt):
        run([unit("a.mp4"), unit("slow.mp4", tmp_path), unit("b.mp4")], 1, tell, work=act)
    assert not (tmp_path / "whole").exists()
    assert [done.name for done in told] == ["a.mp4"]
    assert not multiprocessing.active_children()


@needs_signals
def test_workers_end_with_a_parent_that_is_killed(tmp_path):
    code = """
        import sys
        from pathlib import Path
        from batch_work import act, unit
        from formcheck.batch.run import run
        if __name__ == "__main__":
            run([unit("slow.mp4", Path(sys.argv[1]))], 1, work=act)
    """
    script = tmp_path / "parent.py"
    script.write_text(textwrap.dedent(code))
    parent = subprocess.Popen([sys.executable, str(script), str(tmp_path)])
    log = tmp_path / "slow.mp4.log"
    assert _soon(lambda: log.exists() and log.read_text().strip())
    worker = int(log.read_text())
    parent.kill()
    parent.wait(30)
    assert _soon(lambda: not _runs(worker))


def _soon(true, within_s: float = 30.0):
    end_s = time.monotonic() + within_s
    while time.monotonic() < end_s:
        if true():
            return True
        time.sleep(0.05)
    return False


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    # One that has ended and that nobody has asked after is still listed.
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


# --- the journal -------------------------------------------------------------------------------


DONE = Done("sub/ü.mp4", "clips/sub/ü.mp4", "bridge", 2.5, FOUND, ("expected 5, found 4",), None, True, "note", "k")
NONE = Done("b.mp4", "clips/b.mp4", error="is broken")


@given(
    st.builds(
        Done,
        name=st.text(),
        clip=st.text(),
        seconds=st.floats(0, 1e6),
        found=st.sampled_from([None, FOUND]),
        failures=st.lists(st.text(), max_size=3).map(tuple),
        error=st.none() | st.text(),
        checked=st.booleans(),
        memory_mb=st.none() | st.floats(0, 1e6),
    )
)
def test_a_line_holds_everything(done):
    line = to_line(done)
    assert line.count("\n") == 1
    assert line.isascii()
    assert from_line(line) == done


def test_a_line_from_before_memory_was_noted():
    data = json.loads(to_line(DONE))
    del data["memory_mb"]
    assert from_line(json.dumps(data)) == DONE


def test_journal_is_read_back(tmp_path):
    journal = Journal(tmp_path / "new" / "batch.jsonl")
    assert journal.read() == {}
    journal.begin()
    for done in (DONE, NONE, replace(DONE, seconds=3.0)):
        journal.add(done)
    assert journal.read() == {"sub/ü.mp4": replace(DONE, seconds=3.0), "b.mp4": NONE}
    journal.begin()
    assert journal.read() == {}


@pytest.mark.parametrize("length", [1, 10, 100, -1])
def test_a_torn_last_line_costs_one_clip_only(tmp_path, length):
    path = tmp_path / "batch.jsonl"
    journal = Journal(path)
    path.write_text(to_line(NONE) + to_line(DONE)[:length])
    if length != -1:  # the line is whole but for its end
        assert journal.read() == {"b.mp4": NONE}
    journal.mend()
    journal.add(replace(NONE, name="c.mp4"))
    assert {"b.mp4", "c.mp4"} <= journal.read().keys()


OTHERS = ["", "[]", "null", "{}", '{"found": null}', "\x00", '{"found": 1, "failures": []}', "[" * 9999]


@pytest.mark.parametrize("line", OTHERS)
def test_lines_of_something_else_are_ignored(tmp_path, line):
    (tmp_path / "batch.jsonl").write_text(line + "\n" + to_line(NONE))
    assert Journal(tmp_path / "batch.jsonl").read() == {"b.mp4": NONE}


def test_a_journal_that_cannot_be_used(tmp_path):
    with pytest.raises(InputError, match="--resume"):
        Journal(tmp_path).read()
    with pytest.raises(OutputError):
        Journal(tmp_path).add(NONE)
