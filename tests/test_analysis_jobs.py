"""A long clip analysed in several processes: the same result, the same files, the same errors."""

from __future__ import annotations

import itertools
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import av
import pytest
import samples

from formcheck import analyze
from formcheck.engine.records import OUTCOMES
from formcheck.errors import WorkerError
from formcheck.pose import stretched
from formcheck.watching import with_pictures


def joined(path: Path, *names: str) -> Path:
    """Sample clips one after the other in one file, their packets as they are."""
    offset = 0
    with av.open(str(path), "w") as out:
        stream = None
        for name in names:
            with av.open(str(samples.clip(name))) as clip:
                video = clip.streams.video[0]
                stream = stream or out.add_stream_from_template(video)
                last = 0
                for packet in clip.demux(video):
                    if packet.dts is None:
                        continue
                    packet.pts += offset
                    packet.dts += offset
                    packet.stream = stream
                    last = max(last, packet.pts + packet.duration)
                    out.mux(packet)
                offset = last
    return path


@pytest.fixture(scope="module")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return joined(tmp_path_factory.mktemp("long") / "long.mp4", "bridge_faulty", "bridge_good")


def test_the_result_does_not_depend_on_the_number_of_processes(long_clip: Path, tmp_path: Path) -> None:
    one = analyze(long_clip, "bridge", jobs=1, model="lite", out=tmp_path / "1", save_poses=True, video=False)
    two = analyze(long_clip, "bridge", jobs=2, model="lite", out=tmp_path / "2", save_poses=True)
    assert one == two
    for name in ("result.json", "poses.npz"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
    assert one.source.duration_s > 50.0  # so there were two stretches
    assert one.counts == dict.fromkeys(OUTCOMES, 0) | {"good": 4, "faulty": 2, "attempt": 1}
    with av.open(str(tmp_path / "2" / "annotated.mp4")) as video:
        assert sum(1 for _ in video.decode(video=0)) == one.source.frames


def test_a_worker_that_dies_is_one_sentence(long_clip: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(stretched, "worker_pool", _pool_of_the_dying)
    with pytest.raises(WorkerError, match="try --jobs 1"):
        analyze(long_clip, "bridge", jobs=2, model="lite", out=tmp_path / "out")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def _pool_of_the_dying(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), os._exit, (1,))


@pytest.mark.parametrize(
    ("seen", "read"),
    [
        ([0, 1, 2, 3], [0, 1, 2, 3]),
        ([0, 1, 3], [0, 1, 2, 3]),  # a picture that could not be decoded when the poses were found
        ([0, 1, 2, 3], [0, 2]),  # ... and ones that could not be decoded again
        ([], [0, 1]),
        ([1], []),
    ],
)
def test_each_pose_meets_the_picture_of_its_time(seen: list[float], read: list[float]) -> None:
    class At:
        def __init__(self, time_s: float) -> None:
            self.time_s = time_s

    looks = list(with_pictures(iter(map(At, read)), iter(map(At, seen))))  # type: ignore[arg-type]
    assert [pose.time_s for _, pose in looks] == seen
    assert [frame.time_s for frame, pose in looks if frame is not None] == [time for time in read if time in seen]
    assert all(frame is None or frame.time_s == pose.time_s for frame, pose in looks)
    assert not any(a[1] is b[1] for a, b in itertools.pairwise(looks))
