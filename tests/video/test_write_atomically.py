"""Results on disk: whole or not there, and the reason in one sentence."""

import contextlib
import errno
import os

import pytest

from formcheck.errors import OutputError
from formcheck.files import make_folder, output_error, write_atomically

resource = pytest.importorskip("resource", reason="limits on file size are POSIX")


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


@contextlib.contextmanager
def small_disk(limit):
    """Let no file grow over a number of bytes: the write itself fails, as on a full disk."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)


@pytest.mark.parametrize(("data", "stored"), [("Brücke\n", "Brücke\n".encode()), (b"\x00\xff", b"\x00\xff"), ("", b"")])
def test_writes_and_overwrites(tmp_path, data, stored):
    path = tmp_path / "new" / "folder" / "result.json"
    write_atomically(path, "older and longer than the new one")
    write_atomically(str(path), data)
    assert path.read_bytes() == stored
    assert names(path.parent) == ["result.json"]


def test_full_disk_keeps_the_old_file(tmp_path):
    (tmp_path / "result.json").write_text("old")
    with pytest.raises(OutputError, match="cannot be written") as caught, small_disk(1000):
        write_atomically(tmp_path / "result.json", b"x" * 5000)
    assert caught.value.__cause__.errno == errno.EFBIG
    assert (tmp_path / "result.json").read_text() == "old"
    assert names(tmp_path) == ["result.json"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux only")  # noqa: PTH110
def test_device_is_written_to_and_not_replaced(tmp_path):
    link = tmp_path / "full.txt"
    link.symlink_to("/dev/full")
    with pytest.raises(OutputError, match="the disk is full"):
        write_atomically(link, "some text")
    assert link.is_symlink() and not link.is_file()
    write_atomically("/dev/null", "some text")
    assert os.stat("/dev/null").st_mode & 0o170000 == 0o020000  # noqa: PTH116


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        (("file", "result.json"), "a part of its path is a file"),
        (("file", "deeper", "result.json"), "a part of its path is a file"),
        (("folder",), "this is a folder"),
        (("x" * 300,), "its name is too long"),
        (("x" * 300, "result.json"), "its name is too long"),
    ],
)
def test_impossible_places(tmp_path, parts, reason):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match=reason):
        write_atomically(tmp_path.joinpath(*parts), "data")
    assert names(tmp_path) == ["file", "folder"]
    assert (tmp_path / "file").read_text() == "mine"


def test_interrupt_leaves_nothing(tmp_path, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "result.json", "data")
    assert names(tmp_path) == []


def test_make_folder(tmp_path):
    assert make_folder(tmp_path / "a" / "b") == tmp_path / "a" / "b"
    assert make_folder(str(tmp_path / "a" / "b")).is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"file cannot be written: a part of its path is a file"):
        make_folder(tmp_path / "file")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            OSError(errno.ENOSPC, "x"),
            "out/a.mp4 cannot be written: the disk is full; free some space or choose another",
        ),
        (OSError(errno.EROFS, "x"), "this disk can only be read"),
        (OSError(errno.EIO, "Input/output error"), "the system says 'Input/output error'; choose another place."),
        (OSError("strange"), "the system says 'strange'"),
    ],
)
def test_sentences(error, sentence):
    message = str(output_error("out/a.mp4", error))
    assert sentence in message and message.endswith(".") and "\n" not in message
