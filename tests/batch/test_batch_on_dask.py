"""A real cluster: a scheduler and two workers, processes of their own that talk over TCP on this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import samples
from batch_clips import expect, write_bridges
from batch_work import act, unit

from formcheck import cli
from formcheck.batch import on_dask
from formcheck.batch.clips import find
from formcheck.batch.on_dask import KILLS, do_there, from_anywhere, run_on_dask
from formcheck.batch.work import Done, Settings, Unit
from formcheck.errors import ClusterError

pytest.importorskip("distributed", reason="the extra dask is not installed")
pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal on this system")
HERE = Path(__file__).parent
TWO = 'exercise = "bridge"\n[repetitions]\ngood = 2\n'


@dataclass
class Cluster:
    """A scheduler, and workers that may be killed."""

    scheduler: subprocess.Popen[bytes]
    address: str
    folder: Path
    workers: list[subprocess.Popen[bytes]]

    def add_worker(self, *options: str) -> None:
        told = ("--host", "127.0.0.1", "--no-dashboard", "--nthreads", "1", "--memory-limit", "0")
        at = ("--local-directory", str(self.folder / f"worker{len(self.workers)}"))
        self.workers.append(_started("worker", self.address, *told, *at, *(options or ("--no-nanny",))))

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()  # a worker that a nanny began ends with it
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster without workers so far."""
    address = tmp_path / "scheduler.json"
    told = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--dashboard-address", "127.0.0.1:0")
    scheduler = _started("scheduler", *told, "--scheduler-file", str(address))
    try:
        assert _soon(lambda: address.exists() and '"address"' in address.read_text())
        port = address.read_text().partition('"address": "tcp://127.0.0.1:')[2].partition('"')[0]
        one = Cluster(scheduler, f"tcp://127.0.0.1:{port}", tmp_path, [])
    except BaseException:
        scheduler.kill()
        scheduler.wait()
        raise
    try:
        yield one
    finally:
        one.end()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def _started(*command: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",  # beginning a worker anew takes a while
    }
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *command],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _soon(true, within_s: float = 120.0):
    end_s = time.monotonic() + within_s
    while time.monotonic() < end_s:
        if true():
            return True
        time.sleep(0.05)
    return False


def units_of(folder: Path, *names: str) -> list[Unit]:
    """Clips of a folder that are there, as a worker asks for them."""
    for name in names:
        (folder / name).touch()
    return [
        replace(one, clip=replace(one.clip, path=folder / one.clip.name)) for one in (unit(n, folder) for n in names)
    ]


def test_in_order_told_as_they_come_and_a_worker_killed_at_work_loses_no_clip(cluster, out):
    cluster.add_worker()
    cluster.add_worker()
    units = units_of(out, *(f"{letter}.mp4" for letter in "abcd"), "once.mp4", *(f"{letter}.mp4" for letter in "efgh"))
    told: list[Done] = []
    results = run_on_dask(units, cluster.address, told.append, work=act)
    assert [done.name for done in results] == [one.clip.name for one in units]
    assert {done.status for done in results} == {"passed"}
    assert sorted(done.name for done in told) == sorted(done.name for done in results)  # each once
    assert len((out / "once.mp4.log").read_text().split()) == 2  # in another worker
    assert [worker.poll() for worker in cluster.workers].count(None) == 1


@pytest.mark.slow
def test_a_clip_that_kills_its_workers_is_an_error_of_its_own(cluster, out):
    cluster.add_worker("--nanny")  # which begins a new one each time
    units = units_of(out, "a.mp4", "killed.mp4", "b.mp4")
    assert {done.name: done.error for done in run_on_dask(units, cluster.address, work=act)} == {
        "a.mp4": None,
        "killed.mp4": KILLS,
        "b.mp4": None,
    }
    assert len((out / "killed.mp4.log").read_text().split()) >= 2  # it had more than one chance


def test_ctrl_c_keeps_what_is_done_and_begins_nothing_more(cluster, out):
    cluster.add_worker()
    units = units_of(out, "a.mp4", "slow.mp4", "b.mp4")
    told: list[Done] = []
    log = out / "slow.mp4.log"
    stopping = threading.Thread(target=lambda: _soon(log.exists) and os.kill(os.getpid(), signal.SIGINT))

    def tell(done: Done) -> None:
        told.append(done)
        stopping.start()

    with pytest.raises(KeyboardInterrupt):
        run_on_dask(units, cluster.address, tell, work=act)
    stopping.join()
    assert [done.name for done in told] == ["a.mp4"]
    assert not (out / "b.mp4.log").exists()


def test_without_workers_or_scheduler_it_ends(cluster, out, monkeypatch, capfd):
    monkeypatch.setattr(on_dask, "_LOOK_S", 0.1)
    monkeypatch.setattr(on_dask, "NO_WORKER_S", 0.5)
    with pytest.raises(ClusterError, match=r"no worker.*dask worker tcp://127\.0\.0\.1"):
        run_on_dask(units_of(out, "a.mp4"), cluster.address, work=act)
    cluster.add_worker()
    monkeypatch.setattr(on_dask, "NO_WORKER_S", 120.0)

    def told(_: Done) -> None:
        cluster.scheduler.kill()

    with pytest.raises(ClusterError, match="is gone"):
        run_on_dask(units_of(out, "b.mp4", "slow.mp4"), cluster.address, told, work=act)
    assert capfd.readouterr() == ("", "")  # the error says it all


def test_workers_that_cannot_do_it(cluster, out, monkeypatch):
    cluster.add_worker()
    monkeypatch.setattr(on_dask, "__version__", "999")
    with pytest.raises(ClusterError, match=r"the worker on .* has formcheck .*install formcheck 999"):
        run_on_dask(units_of(out, "a.mp4"), cluster.address, work=act)


@pytest.mark.slow
def test_the_command_does_real_clips_as_it_does_here(cluster, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    cluster.add_worker()
    cluster.add_worker()
    folder = Path("clips")
    expect(write_bridges(folder / "a.npz"), TWO)
    expect(write_bridges(folder / "b.npz", 3), TWO)
    (folder / "broken.mp4").write_text("no video")
    (folder / "short.mp4").write_bytes(
        samples.write_pictures(tmp_path / "short.mp4", list(samples.pictures("bridge_good", 0, 24))).read_bytes()
    )
    told = ["batch", "clips", "-e", "bridge"]
    on_cluster = ["--executor", "dask", "--scheduler", cluster.address]
    assert cli.main([*told, "--out", "here", "--csv", "here.csv"]) == 1
    assert cli.main([*told, "--out", "there", "--csv", "there.csv", *on_cluster]) == 1
    printed, err = capfd.readouterr()
    assert err == ""
    assert printed.count("4 clips: 1 passed, 1 failed, 1 error, 1 analysed.") == 2
    for name in ("a", "b", "short"):
        here, there = (Path(where, name, "result.json").read_text() for where in ("here", "there"))
        assert there.replace(str(tmp_path) + os.sep, "") == here
    cost = ("seconds", "memory_mb")
    here, there = (_without(cost, Path(f"{name}.csv")) for name in ("here", "there"))
    assert [{k: v.replace(str(tmp_path) + os.sep, "") for k, v in row.items()} for row in there] == here
    # What the cluster did is not done again here.
    assert cli.main([*told, "--out", "there", "--resume"]) == 1
    assert capfd.readouterr()[0].count("done before") == 3


def _without(names: tuple[str, ...], path: Path) -> list[dict[str, str]]:
    import csv  # noqa: PLC0415

    rows = list(csv.DictReader(path.read_text().splitlines()))
    return [{name: value for name, value in row.items() if name not in names} for row in rows]


# --- without a cluster -------------------------------------------------------------------------


def test_no_scheduler_there(tmp_path):
    write_bridges(tmp_path / "a.npz")
    told = ("batch", str(tmp_path), "-e", "bridge", "--executor", "dask", "--scheduler", "tcp://127.0.0.1:9")
    code = "import sys; from formcheck.batch import on_dask; on_dask.CONNECT_S = 1; from formcheck.cli import main; "
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{code}sys.exit(main(sys.argv[1:]))", *told],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) <= 3
    assert "No Dask scheduler can be reached at tcp://127.0.0.1:9" in " ".join(done.stderr.split())


def test_dask_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'formcheck\[dask\]'"):
        run_on_dask([unit("a.mp4")], "tcp://127.0.0.1:9")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--executor", "dask"], "--scheduler"),
        (["--scheduler", "tcp://127.0.0.1:9"], "--executor dask"),
        (["--executor", "dask", "--scheduler", "tcp://127.0.0.1:9", "--jobs", "2"], "--jobs"),
        (["--executor", "slurm"], "slurm"),
    ],
)
def test_options_that_do_not_go_together(tmp_path, capfd, options, said):
    assert cli.main(["batch", str(tmp_path), *options]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert said in err


def test_a_unit_for_another_folder_has_whole_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    expect(write_bridges(Path("a.npz")), TWO)
    (clip,) = find(["a.npz"])
    sent = from_anywhere(Unit(clip, Settings("own.toml", "own.task", Path("out"))))
    assert (sent.clip.path, sent.clip.sidecar) == (tmp_path / "a.npz", tmp_path / "a.expect.toml")
    assert sent.settings == Settings(str(tmp_path / "own.toml"), str(tmp_path / "own.task"), tmp_path / "out")
    plain = Unit(replace(clip, sidecar=None), Settings("bridge"))
    assert from_anywhere(plain).settings == plain.settings
    assert from_anywhere(plain).clip.sidecar is None


@pytest.mark.parametrize("unseen", ["clip", "expectation", "out"])
def test_a_worker_that_does_not_see_it_says_so(tmp_path, unseen):
    clip = write_bridges(tmp_path / "a.npz")
    (tmp_path / "out").mkdir()
    if unseen == "expectation":
        expect(clip, TWO)
    (found,) = find([str(clip)])
    {"clip": clip, "expectation": clip.with_suffix(".expect.toml")}.get(unseen, tmp_path).touch()
    if unseen == "out":
        (tmp_path / "out").rmdir()
    else:
        (found.sidecar or found.path).unlink()
    done = do_there(on_dask.__version__, act, Unit(found, Settings("bridge", out=tmp_path / "out")))
    assert done.status == "error"
    assert "does not see" in done.message
    assert "storage that all machines have" in done.message


def test_what_a_dead_worker_left_half_written_is_taken_away(tmp_path):
    (one,) = units_of(tmp_path, "a.mp4")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / ".formcheck-0123.part").touch()
    assert do_there(on_dask.__version__, act, one).status == "passed"
    assert not list((tmp_path / "a").iterdir())
