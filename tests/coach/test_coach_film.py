"""The recording of a session: a whole video for each set, nothing without being asked, and no end by a full disk."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
import pytest
from played_sessions import at, one

from formcheck.coach.film import Film
from formcheck.errors import OutputError
from formcheck.pose.landmarks import Pose
from formcheck.video.writer import VideoWriter

SIZE = (160, 120)
NOBODY = Pose.missing(0.0, SIZE)


def picture(seed=0):
    return np.random.default_rng(seed).integers(0, 256, (SIZE[1], SIZE[0], 3), np.uint8)


def film_set(film, number=1, exercise="bridge", frames=5, seed=0):
    film.begin(one(exercise), number)
    for i in range(frames):
        film.add(picture(seed + i), i / 10, NOBODY, at("rest"))
    film.end()


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def count(path):
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


@contextmanager
def small_disk(limit):
    """No file may grow over a number of bytes: the write itself fails, as on a full disk."""
    resource = pytest.importorskip("resource", reason="limits on file size are POSIX")
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)


@pytest.fixture
def told():
    return []


def test_each_set_has_its_own_video(tmp_path, told):
    film = Film(tmp_path, told.append)
    film_set(film, 1, "bridge", 5)
    film_set(film, 2, "plank", 3)
    film.end()
    assert names(tmp_path) == ["01-bridge.mp4", "02-plank.mp4"]
    assert [count(tmp_path / name) for name in names(tmp_path)] == [5, 3]
    assert not told


def test_what_is_there_stays(tmp_path, told):
    (tmp_path / "01-bridge.mp4").write_bytes(b"of yesterday")
    for _ in range(2):
        film_set(Film(tmp_path, told.append))
    assert names(tmp_path) == ["01-bridge-2.mp4", "01-bridge-3.mp4", "01-bridge.mp4"]
    assert (tmp_path / "01-bridge.mp4").read_bytes() == b"of yesterday"


def test_a_link_is_not_written_through(tmp_path, told):
    folder = tmp_path / "films"
    folder.mkdir()
    (folder / "01-bridge.mp4").symlink_to(tmp_path / "elsewhere.mp4")
    film_set(Film(folder, told.append))
    assert names(folder) == ["01-bridge-2.mp4", "01-bridge.mp4"]
    assert not (tmp_path / "elsewhere.mp4").exists()


def test_nothing_is_written_unasked(tmp_path, told, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(VideoWriter, "__enter__", lambda _: pytest.fail("a video was begun"))
    film = Film(None, told.append)
    film.begin(one("bridge"), 1)
    assert not film.wanted
    film.add(picture(), 0.0, NOBODY, at("rest"))
    film.end()
    assert names(tmp_path) == []
    assert not told


def test_a_set_without_a_picture_leaves_nothing(tmp_path, told):
    film = Film(tmp_path, told.append)
    film_set(film, frames=0)
    assert names(tmp_path) == []
    film_set(film, 2, "plank")
    assert names(tmp_path) == ["02-plank.mp4"]
    assert not told


def test_between_the_sets_nothing_is_recorded(tmp_path, told):
    film = Film(tmp_path, told.append)
    film.add(picture(), 0.0, NOBODY, at("rest"))
    assert not film.wanted
    film.begin(one("bridge"), 1)
    assert film.wanted
    film.end()
    assert not film.wanted
    film.add(picture(), 0.0, NOBODY, at("rest"))
    assert names(tmp_path) == []


@pytest.mark.parametrize("limit", [0, 3_000, 60_000])
def test_a_full_disk(tmp_path, told, limit):
    """Whether it fills up at the start, in the middle or with the last bytes."""
    film = Film(tmp_path, told.append)
    with small_disk(limit):
        film_set(film, 1, frames=40)
        film_set(film, 2, "plank", frames=3)
    assert names(tmp_path) == []
    assert len(told) == 1
    assert "01-bridge.mp4 cannot be written: " in told[0]
    assert not film.wanted


def test_earlier_sets_survive_a_full_disk(tmp_path, told):
    film = Film(tmp_path, told.append)
    film_set(film, 1, frames=2)
    with small_disk(3_000):
        film_set(film, 2, "plank", frames=40)
    film_set(film, 3, "bridge")  # space is free again, but it was said that nothing is recorded any more
    assert names(tmp_path) == ["01-bridge.mp4"]
    assert count(tmp_path / "01-bridge.mp4") == 2
    assert len(told) == 1


@pytest.mark.parametrize("step", ["__enter__", "write", "_finish"])
def test_each_step_of_writing_may_fail(tmp_path, told, monkeypatch, step):
    def fails(*_args, **_options):
        raise OutputError("x.mp4 cannot be written: the disk is full.")

    monkeypatch.setattr(VideoWriter, step, fails)
    film = Film(tmp_path, told.append)
    film_set(film, 1)
    film_set(film, 2, "plank")
    assert told == ["x.mp4 cannot be written: the disk is full."]
    assert not film.wanted
    assert [name for name in names(tmp_path) if name.endswith(".part")] == []


def test_a_folder_that_goes_away_is_told(tmp_path, told):
    (tmp_path / "file").touch()
    film_set(Film(tmp_path / "file" / "films", told.append))
    assert len(told) == 1


def test_a_name_that_is_too_long_is_told(tmp_path, told):
    film_set(Film(tmp_path / Path("x" * 300), told.append))
    assert len(told) == 1
    assert "too long" in told[0]
