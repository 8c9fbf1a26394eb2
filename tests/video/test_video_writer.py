"""The H.264 writer: true times, whole files or none, and the reason when there is none."""

import contextlib
import errno
import os
import signal
import stat
import subprocess
import sys
import threading

import av
import numpy as np
import pytest
from video_clips import corners, marked, noise

from formcheck.errors import OutputError
from formcheck.video import encoder
from formcheck.video.source import VideoFile
from formcheck.video.writer import VideoWriter

resource = pytest.importorskip("resource", reason="limits on file size are POSIX")


def write(path, times=(0, 0.04, 0.08), images=None, size=(96, 64), **options):
    images = images or [marked(*size)] * len(times)
    with VideoWriter(path, size, **options) as writer:
        for image, time_s in zip(images, times, strict=True):
            writer.write(image, time_s)


def read(path):
    with VideoFile(path) as clip:
        return clip.info, list(clip), clip.warning


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


@pytest.fixture(autouse=True)
def nothing_left_running():
    yield
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("formcheck")] == []


@contextlib.contextmanager
def small_disk(limit):
    """Let no file grow over a number of bytes: the write itself fails, as on a full disk."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)


@pytest.mark.parametrize(
    "times",
    [
        [0.0],
        [i / 30 for i in range(60)],
        [0, 0.033, 0.1, 0.104, 0.5, 1.75, 9.0, 9.001],  # variable frame rate with a pause
    ],
)
def test_times_survive(tmp_path, times):
    write(tmp_path / "out.mp4", times)
    info, frames, warning = read(tmp_path / "out.mp4")
    assert [frame.time_s for frame in frames] == pytest.approx(times, abs=2e-5)
    assert info.frames_expected == len(times)
    assert times[-1] <= info.duration_s <= times[-1] + 0.1
    assert warning is None


def test_times_start_at_zero_and_rise(tmp_path):
    write(tmp_path / "out.mp4", [100.0, 100.04, 100.04, 100.02, 100.12])
    times = [frame.time_s for frame in read(tmp_path / "out.mp4")[1]]
    assert times == pytest.approx([0, 0.04, 0.041, 0.042, 0.12], abs=1e-4)


@pytest.mark.parametrize("size", [(96, 64), (97, 64), (96, 65), (33, 47), (2, 2), (640, 360)])
def test_pictures_survive_and_odd_sizes_grow(tmp_path, size):
    write(tmp_path / "out.mp4", size=size)
    info, frames, _ = read(tmp_path / "out.mp4")
    width, height = size
    assert (info.width, info.height) == (width + width % 2, height + height % 2)
    if min(size) < 10:
        return
    assert corners(frames[-1].image) == ["red", "green", "blue", "white"]
    assert np.abs(frames[0].image[:height, :width].astype(int) - marked(*size)).mean() < 6
    # The border is the last row and column again, no black line.
    assert frames[0].image[-1, -1].min() > 180


def test_any_browser_plays_it(tmp_path):
    write(tmp_path / "out.mp4", [i / 30 for i in range(30)], noise(30))
    data = (tmp_path / "out.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat"), "the index comes first"
    with av.open(str(tmp_path / "out.mp4")) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")


def test_ordinary_file_in_a_new_folder_and_nothing_else(tmp_path):
    write(tmp_path / "a" / "b" / "out.mp4")
    assert names(tmp_path / "a" / "b") == ["out.mp4"]
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((tmp_path / "a" / "b" / "out.mp4").stat().st_mode) == 0o666 & ~umask


def test_the_caller_may_draw_on_the_picture_again(tmp_path):
    image = marked()
    with VideoWriter(tmp_path / "out.mp4", (96, 64)) as writer:
        for i in range(5):
            writer.write(image, i / 25)
        image[:] = 0
    assert all(corners(frame.image)[0] == "red" for frame in read(tmp_path / "out.mp4")[1])


def test_part_of_a_larger_picture(tmp_path):
    write(tmp_path / "out.mp4", images=[marked(200, 100)[:64, :96]] * 3)
    assert len(read(tmp_path / "out.mp4")[1]) == 3


def test_other_size_is_a_mistake_of_the_program(tmp_path):
    with pytest.raises(ValueError, match=r"\(64, 96, 3\)"):
        write(tmp_path / "out.mp4", images=[marked(), marked(10, 10), marked()])
    assert names(tmp_path) == []


def test_writing_does_not_wait_for_the_encoder(tmp_path, monkeypatch):
    original = encoder.Encoder._converted
    go_on = threading.Event()

    def held_up(self, frame):
        assert go_on.wait(10)
        return original(self, frame)

    monkeypatch.setattr(encoder.Encoder, "_converted", held_up)
    with VideoWriter(tmp_path / "out.mp4", (96, 64)) as writer:
        for i in range(8):
            writer.write(marked(), i / 25)
        go_on.set()
    assert len(read(tmp_path / "out.mp4")[1]) == 8


# --- ways to end -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [RuntimeError, SystemExit])
@pytest.mark.parametrize("before", [None, b"an older result"])
def test_exception_leaves_nothing_new(tmp_path, error, before):
    if before:
        (tmp_path / "out.mp4").write_bytes(before)
    with pytest.raises(error), VideoWriter(tmp_path / "out.mp4", (96, 64)) as writer:
        writer.write(marked(), 0)
        raise error
    assert names(tmp_path) == (["out.mp4"] if before else [])
    assert not before or (tmp_path / "out.mp4").read_bytes() == before


def test_ctrl_c_keeps_what_was_written(tmp_path):
    with pytest.raises(KeyboardInterrupt), VideoWriter(tmp_path / "out.mp4", (96, 64)) as writer:
        for i in range(7):
            writer.write(marked(), i / 25)
        raise KeyboardInterrupt
    assert names(tmp_path) == ["out.mp4"]
    assert len(read(tmp_path / "out.mp4")[1]) == 7


def test_ctrl_c_before_the_first_picture(tmp_path):
    with pytest.raises(KeyboardInterrupt), VideoWriter(tmp_path / "out.mp4", (96, 64)):
        raise KeyboardInterrupt
    assert names(tmp_path) == []


def test_no_picture_at_all(tmp_path):
    with pytest.raises(OutputError, match="no picture to put in it"):
        write(tmp_path / "out.mp4", times=[])
    assert names(tmp_path) == []


# --- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [0, 20_000, 400_000])
def test_full_disk(tmp_path, limit):
    """Whether it fills up at the start, while writing, or with the index at the end."""
    (tmp_path / "out.mp4").write_bytes(b"an older result")
    size = (320, 240)
    images = noise(12, size)
    with pytest.raises(OutputError, match=r"out\.mp4 cannot be written") as caught, small_disk(limit):
        write(tmp_path / "out.mp4", [i / 25 for i in range(12)], images, size)
    assert caught.value.__cause__.errno == errno.EFBIG
    assert names(tmp_path) == ["out.mp4"]
    assert (tmp_path / "out.mp4").read_bytes() == b"an older result"


def test_full_disk_stops_the_caller_early(tmp_path):
    """A long analysis must not go on for an hour before it says that its video is lost."""
    written = 0
    with (
        pytest.raises(OutputError),
        small_disk(20_000),
        VideoWriter(tmp_path / "out.mp4", (320, 240)) as writer,
    ):
        for i in range(500):
            writer.write(noise(1, (320, 240), seed=i)[0], i / 25)
            written += 1
    assert written < 200
    assert names(tmp_path) == []


def folder(tmp_path):
    (tmp_path / "out.mp4").mkdir()
    return tmp_path / "out.mp4"


def under_a_file(tmp_path):
    (tmp_path / "file").touch()
    return tmp_path / "file" / "out.mp4"


def pipe(tmp_path):
    os.mkfifo(tmp_path / "out.mp4")
    return tmp_path / "out.mp4"


BAD = [
    (folder, "is a folder"),
    (under_a_file, "a part of its path is a file"),
    (lambda tmp_path: under_a_file(tmp_path).parent / "sub" / "out.mp4", "a part of its path is a file"),
    (pipe, "is not an ordinary file"),
    (lambda tmp_path: tmp_path / "out.avi", "name that ends in .mp4"),
    (lambda tmp_path: tmp_path / "out", "name that ends in .mp4"),
    (lambda tmp_path: tmp_path / ("x" * 300) / "out.mp4", "its name is too long"),
]


@pytest.mark.parametrize(("make", "reason"), BAD)
def test_impossible_places(tmp_path, make, reason):
    path = make(tmp_path)
    before = names(tmp_path)
    with pytest.raises(OutputError, match=reason) as caught:
        write(path)
    assert str(caught.value).startswith(str(path).removesuffix("/out.mp4"))
    assert names(tmp_path) == before


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="needs POSIX users")
def test_protected_folder(tmp_path):
    place = tmp_path / "mine"
    place.mkdir()
    place.chmod(0o555)
    tmp_path.chmod(0o755)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        with pytest.raises(OutputError, match="you may not write there"):
            write(place / "out.mp4")
    finally:
        os.seteuid(user)


def test_link_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "out.mp4").symlink_to(tmp_path / "real" / "target.mp4")
    write(tmp_path / "out.mp4")
    assert (tmp_path / "out.mp4").is_symlink()
    assert names(tmp_path / "real") == ["target.mp4"]


@pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
def test_real_ctrl_c_while_reading_and_writing(tmp_path):
    write(tmp_path / "in.mp4", [i / 25 for i in range(200)])
    code = (
        "import sys, time\n"
        "from formcheck.video.source import VideoFile\n"
        "from formcheck.video.writer import VideoWriter\n"
        "with VideoFile(sys.argv[1]) as clip, VideoWriter(sys.argv[2], (96, 64)) as writer:\n"
        "    for frame in clip:\n"
        "        writer.write(frame.image, frame.time_s)\n"
        "        if frame.index == 5: print('now', flush=True)\n"
        "        time.sleep(0.05)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "in.mp4"), str(tmp_path / "out.mp4")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "now\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert errors.strip().endswith("KeyboardInterrupt")
    assert names(tmp_path) == ["in.mp4", "out.mp4"]
    assert 5 <= len(read(tmp_path / "out.mp4")[1]) < 200
