"""Video files as frames: true times, upright, square pixels, one size; and every file that is no good says why."""

import gc
import os
import subprocess
import sys
import threading
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest
from video_clips import MATRICES, corners, marked, noise, turn, write_clip, write_sound

from formcheck.errors import InputError
from formcheck.video.source import ImageFolder, VideoFile, open_source


def read(path, **options):
    with VideoFile(path, **options) as clip:
        return clip.info, list(clip), clip.warning


def reading_threads():
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("formcheck")]


@pytest.fixture(autouse=True)
def nothing_left_running():
    yield
    assert reading_threads() == []


# --- times -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ahead", [0, 1, 4])
@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_times_are_those_of_the_container(tmp_path, suffix, ahead):
    times = [0.0, 0.033, 0.1, 0.104, 0.5, 1.75, 1.76]  # variable frame rate, as phones record
    _, frames, warning = read(write_clip(tmp_path / f"clip.{suffix}", times), ahead=ahead)
    assert [frame.time_s for frame in frames] == pytest.approx(times, abs=0.0006)
    assert [frame.index for frame in frames] == list(range(7))
    assert frames[0].time_s == 0.0
    assert warning is None


def test_first_frame_is_the_zero_of_time(tmp_path):
    clip = write_clip(tmp_path / "late.ts", [5.0, 5.04, 5.08], noise(3))
    assert [frame.time_s for frame in read(clip)[1]] == pytest.approx([0, 0.04, 0.08], abs=1e-4)


def test_stream_without_time_stamps_follows_its_frame_rate(tmp_path):
    clip = write_clip(tmp_path / "raw.h264", [0, 0.04, 0.08, 0.12])
    times = [frame.time_s for frame in read(clip)[1]]
    assert times[0] == 0 and len(times) == 4
    assert np.all(np.diff(times) > 0)


def test_joined_recordings_keep_rising(tmp_path):
    one = write_clip(tmp_path / "one.ts", [10.0, 10.04, 10.08])
    two = write_clip(tmp_path / "two.ts", [2.0, 2.04, 2.08])
    (tmp_path / "joined.ts").write_bytes(one.read_bytes() + two.read_bytes())
    times = [frame.time_s for frame in read(tmp_path / "joined.ts")[1]]
    assert len(times) == 6
    assert times == pytest.approx([0, 0.04, 0.08, 0.12, 0.16, 0.2], abs=0.002)


def test_info(tmp_path):
    info = read(write_clip(tmp_path / "clip.mp4", [i / 25 for i in range(50)]))[0]
    assert (info.path, info.width, info.height) == (str(tmp_path / "clip.mp4"), 96, 64)
    assert info.frames_expected == 50
    assert info.fps == pytest.approx(25, rel=0.01)
    assert info.duration_s == pytest.approx(2, abs=0.05)


# --- pictures --------------------------------------------------------------------------------------------------------

UPRIGHT = {
    0: ["red", "green", "blue", "white"],
    90: ["blue", "red", "white", "green"],
    180: ["white", "blue", "green", "red"],
    270: ["green", "white", "red", "blue"],
    "mirror": ["green", "red", "white", "blue"],
}


@pytest.mark.parametrize("turned", UPRIGHT)
def test_pictures_are_upright(tmp_path, turned):
    clip = turn(write_clip(tmp_path / "phone.mp4"), MATRICES[turned])
    info, frames, _ = read(clip)
    size = (64, 96) if turned in {90, 270} else (96, 64)
    assert (info.width, info.height) == size
    assert frames[0].image.shape == (size[1], size[0], 3)
    assert corners(frames[0].image) == UPRIGHT[turned]
    assert frames[0].image.flags.c_contiguous


PIXELS = [
    # suffix, codec, pixel format, size: what may come out of cameras, phones and editors
    ("mp4", "libx264", "yuv420p", (96, 64)),
    ("mp4", "libx264", "yuv444p", (95, 63)),
    ("mkv", "ffv1", "yuv420p", (97, 65)),
    ("mp4", "libx264", "yuv420p10le", (96, 64)),
    ("mp4", "libx264", "yuv422p", (96, 64)),
    ("mkv", "ffv1", "gray10le", (96, 64)),
    ("mp4", "libx264", "gray", (96, 64)),
    ("mov", "qtrle", "argb", (96, 64)),
    ("mov", "png", "rgba", (33, 47)),
    ("avi", "mjpeg", "yuvj420p", (96, 64)),
    ("avi", "rawvideo", "bgr24", (96, 64)),
    ("webm", "libvpx-vp9", "yuva420p", (96, 64)),
    ("mp4", "libx264", "yuv420p", (32, 32)),
    ("mp4", "mpeg4", "yuv420p", (96, 64)),
]


@pytest.mark.parametrize(("suffix", "codec", "pix_fmt", "size"), PIXELS)
def test_kinds_of_pixels_and_sizes(tmp_path, suffix, codec, pix_fmt, size):
    clip = write_clip(tmp_path / f"clip.{suffix}", [0, 0.04, 0.08], codec=codec, pix_fmt=pix_fmt, size=size)
    info, frames, warning = read(clip)
    assert (info.width, info.height) == size
    assert warning is None
    assert [frame.image.shape for frame in frames] == [(size[1], size[0], 3)] * 3
    assert frames[0].image.dtype == np.uint8
    assert frames[0].image.flags.c_contiguous and frames[0].image.flags.writeable
    if pix_fmt.startswith("gray"):
        assert np.ptp(frames[0].image, axis=2).max() == 0
    else:
        assert corners(frames[0].image) == UPRIGHT[0]


def test_drawing_on_a_frame_does_not_show_on_the_next(tmp_path):
    # Nothing moves, so this codec writes nothing for the later frames and its decoder shows the first again.
    clip = write_clip(tmp_path / "still.mov", [0, 0.04, 0.08], codec="qtrle", pix_fmt="rgb24")
    with VideoFile(clip, ahead=0) as frames:
        for frame in frames:
            assert corners(frame.image) == UPRIGHT[0]
            frame.image[:] = 0


@pytest.mark.parametrize(
    ("aspect", "turned", "size"),
    [
        (Fraction(2), 0, (192, 64)),
        (Fraction(16, 15), 0, (102, 64)),
        (Fraction(2), 90, (64, 192)),  # the pixels are wide before the picture is turned
        (Fraction(1, 50), 0, (96, 64)),  # no camera has such pixels: the field is garbage
    ],
)
def test_pixels_become_square(tmp_path, aspect, turned, size):
    clip = write_clip(tmp_path / "clip.mp4", aspect=aspect)
    info, frames, _ = read(turn(clip, MATRICES[turned]) if turned else clip)
    assert (info.width, info.height) == size
    assert frames[0].image.shape == (size[1], size[0], 3)


def test_8k_is_delivered_at_1920(tmp_path):
    clip = write_clip(tmp_path / "8k.mp4", [0], [marked(7680, 4320)], size=(7680, 4320), codec="mpeg4")
    info, frames, _ = read(clip)
    assert (info.width, info.height) == (1920, 1080)
    assert frames[0].image.shape == (1080, 1920, 3)
    assert corners(frames[0].image) == UPRIGHT[0]


def test_size_that_changes_on_the_way(tmp_path):
    wide = write_clip(tmp_path / "wide.ts", [0, 0.04], codec="mpeg2video", size=(96, 64))
    tall = write_clip(tmp_path / "tall.ts", [0.08, 0.12], codec="mpeg2video", size=(64, 96))
    (tmp_path / "both.ts").write_bytes(wide.read_bytes() + tall.read_bytes())
    _, frames, _ = read(tmp_path / "both.ts")
    assert {frame.image.shape for frame in frames} == {(64, 96, 3)}
    last = frames[-1].image
    assert last[:, :20].max() < 20 and last[:, -20:].max() < 20, "bars, so that nothing is stretched"
    assert last[5, 30, 2] > 150


def test_one_frame_clip(tmp_path):
    _, frames, warning = read(write_clip(tmp_path / "one.mp4", [0]))
    assert len(frames) == 1 and not frames[0].new_shot and warning is None


def test_a_cut_starts_a_new_shot(tmp_path):
    images = [marked()] * 5 + [255 - np.rot90(marked(64, 96)).copy()] * 5
    clip = write_clip(tmp_path / "cut.mp4", [i / 25 for i in range(10)], images)
    assert [frame.index for frame in read(clip)[1] if frame.new_shot] == [5]


@pytest.mark.parametrize("name", ["10:30 o'clock.mp4", "übung 100%d.mp4", "-i.mp4", "clip.txt"])
def test_odd_names(tmp_path, name):
    write_clip(tmp_path / "plain.mp4").rename(tmp_path / name)
    assert len(read(tmp_path / name)[1]) == 5


# --- files that are no good ------------------------------------------------------------------------------------------


def cut(path, keep):
    data = path.read_bytes()
    path.write_bytes(data[: round(len(data) * keep)])
    return path


def empty(path):
    path.touch()
    return path


def text(path):
    path.write_text("These are my notes about the bridge.\n" * 50)
    return path


def folder(path):
    path.mkdir()
    return path


def fifo(path):
    os.mkfifo(path)
    return path


def playlist(path):
    path.write_text("#EXTM3U\n#EXTINF:4,\nhttp://localhost:9/a.ts\n#EXT-X-ENDLIST\n")
    return path


def song(path):
    return write_sound(path)


def no_frames(path):
    """An MP4 whose video track is announced, but whose pictures were never written."""
    data = write_clip(path, container_options={"movflags": "faststart"}).read_bytes()
    path.write_bytes(data[: data.index(b"mdat") + 4])
    return path


BAD = [
    (lambda path: path, "does not exist"),
    (lambda path: path / "inside", "does not exist"),
    (folder, "is a folder; name a video file in it"),
    pytest.param(fifo, "is not an ordinary file", marks=pytest.mark.skipif(os.name == "nt", reason="no such thing")),
    (empty, "is empty"),
    (text, "is not a video"),
    (playlist, "is not a video"),
    (song, "has no moving picture"),
    (lambda path: cut(write_clip(path), 0.5), "end is missing"),
    (no_frames, "holds no picture"),
]


@pytest.mark.parametrize(("make", "reason"), BAD)
def test_unusable_files_say_why_in_one_sentence(tmp_path, make, reason, capfd):
    path = make(tmp_path / "clip.mp4")
    with pytest.raises(InputError, match=reason) as caught:
        VideoFile(path)
    message = str(caught.value)
    assert message.startswith(str(path)) and message.endswith(".") and "\n" not in message
    assert message.removeprefix(str(path)).count(". ") == 0
    assert capfd.readouterr() == ("", ""), "the decoder's own complaints stay unseen"


def test_text_file_by_its_right_name(tmp_path):
    with pytest.raises(InputError, match="is not a video"):
        VideoFile(text(tmp_path / "notes.txt"))


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="needs POSIX users")
def test_file_that_may_not_be_read(tmp_path):
    clip = write_clip(tmp_path / "clip.mp4")
    clip.chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        for reader in (VideoFile, open_source):
            with pytest.raises(InputError, match="may not be read"):
                reader(clip)
    finally:
        os.seteuid(user)


@pytest.mark.parametrize("ahead", [0, 4])
@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "avi"])
def test_clip_cut_off_in_the_middle_gives_what_is_there(tmp_path, suffix, ahead, capfd):
    times = [i / 10 for i in range(60)]
    path = write_clip(
        tmp_path / f"clip.{suffix}",
        times,
        noise(60),
        container_options={"movflags": "faststart"} if suffix == "mp4" else None,
        time_base=Fraction(1, 10),
    )
    with VideoFile(cut(path, 0.5), ahead=ahead) as clip:
        frames = list(clip)
        assert 20 <= len(frames) <= 40
        assert [frame.time_s for frame in frames] == pytest.approx(times[: len(frames)], abs=0.002)
        if suffix == "ts":  # notes no length anywhere: a stream may end at any time
            return
        assert clip.damaged
        assert "is damaged" in clip.warning
        assert clip.warning.startswith(str(path))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("byte", range(0, 4000, 250))
def test_avi_cut_off_anywhere_is_told(tmp_path, byte):
    # Cut between two pictures nothing is broken, and the container guesses the length from what is left.
    path = write_clip(tmp_path / "clip.avi", [i / 10 for i in range(60)], noise(60), time_base=Fraction(1, 10))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2 + byte])
    with VideoFile(path, ahead=0) as clip:
        assert 20 <= len(list(clip)) <= 40
        assert clip.damaged


def test_clip_with_a_hole_goes_on_behind_it(tmp_path):
    path = write_clip(tmp_path / "clip.mp4", [i / 10 for i in range(60)], noise(60), gop=5)
    data = bytearray(path.read_bytes())
    start, size = len(data) // 2, len(data) // 8
    data[start : start + size] = bytes(size)
    path.write_bytes(data)
    _, frames, warning = read(path)
    assert 30 < len(frames) < 60
    assert frames[-1].time_s == pytest.approx(5.9)
    assert "damaged in places" in warning


def test_long_sound_is_no_damage(tmp_path):
    clip = write_clip(tmp_path / "clip.mkv", [0, 0.04], sound=True)
    sound = write_clip(tmp_path / "sound.mp4", list(range(5)), sound=True)
    assert read(clip)[2] is None
    assert read(sound)[2] is None


def test_last_frame_shown_for_long_is_no_damage(tmp_path):
    # One picture for ten seconds, as the end card of a slide show.
    times = [0, 0.1, 0.2, 10.2]
    assert read(write_clip(tmp_path / "clip.mp4", times))[2] is None


# --- reading ahead ---------------------------------------------------------------------------------------------------


@pytest.fixture
def long_clip(tmp_path):
    return write_clip(tmp_path / "long.mp4", [i / 25 for i in range(100)], size=(32, 32))


def test_breaking_off_ends_the_thread(long_clip):
    with VideoFile(long_clip) as clip:
        for frame in clip:
            if frame.index == 3:
                break
    assert reading_threads() == []


def test_breaking_off_without_a_with_block(long_clip):
    for frame in VideoFile(long_clip):
        if frame.index == 3:
            break
    assert reading_threads() == []


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_exception_in_the_loop_ends_the_thread(long_clip, error):
    def work():
        with VideoFile(long_clip) as clip:
            frames = iter(clip)
            next(frames)
            assert reading_threads()
            raise error

    with pytest.raises(error):
        work()
    assert reading_threads() == []


def test_no_more_than_a_few_frames_are_kept(long_clip, monkeypatch):
    made = []
    original = VideoFile._pictures

    def counted(self):
        for item in original(self):
            made.append(item[1])
            yield item

    monkeypatch.setattr(VideoFile, "_pictures", counted)
    with VideoFile(long_clip, ahead=4) as clip:
        next(iter(clip))
        frames = iter(clip)
        next(frames)
        threading.Event().wait(0.2)
        assert len(made) <= 2 * 6


@pytest.mark.parametrize("turned", [0, 90])
def test_memory_does_not_wait_for_the_garbage_collector(long_clip, turned):
    turn(long_clip, MATRICES[turned])
    gc.collect()
    gc.disable()
    try:
        with VideoFile(long_clip) as clip:
            for frame in clip:
                last = frame.index
            alive = sum(type(thing) is av.VideoFrame for thing in gc.get_objects())
    finally:
        gc.enable()
    assert last == 99
    assert alive < 12


def test_exception_while_decoding_reaches_the_reader(long_clip, monkeypatch):
    def broken(self):
        yield marked(32, 32), 0.0
        raise InputError("the card was pulled out.")

    monkeypatch.setattr(VideoFile, "_pictures", broken)
    with VideoFile(long_clip) as clip:
        frames = iter(clip)
        next(frames)
        with pytest.raises(InputError, match="pulled out"):
            next(frames)


def test_clip_can_be_read_again_and_at_once_twice(long_clip):
    with VideoFile(long_clip) as clip:
        first = [frame.time_s for frame in clip]
        assert [frame.time_s for frame in clip] == first
        assert [(a.time_s, b.time_s) for a, b in zip(clip, clip, strict=True)] == [(t, t) for t in first]


def test_closing_ends_a_reading_under_way(long_clip):
    clip = VideoFile(long_clip)
    frames = iter(clip)
    next(frames)
    clip.close()
    assert reading_threads() == []
    assert list(frames) == []


def test_importing_is_quick():
    code = "import sys, formcheck.video.source, formcheck.video.writer; print({'av', 'cv2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# --- pictures on disk ------------------------------------------------------------------------------------------------


@pytest.fixture
def pictures(tmp_path):
    place = tmp_path / "shots"
    place.mkdir()
    for number in (1, 2, 9, 10, 11):
        cv2.imwrite(str(place / f"shot{number}.png"), np.full((40, 60, 3), number * 10, np.uint8))
    (place / "notes.txt").write_text("mine")
    (place / "._shot1.png").write_text("left by a memory card")
    return place


def test_folder_of_pictures_in_natural_order(pictures):
    with ImageFolder(pictures, fps=5) as clip:
        frames = list(clip)
    assert [int(frame.image[0, 0, 0]) for frame in frames] == [10, 20, 90, 100, 110]
    assert [frame.time_s for frame in frames] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8])
    assert (clip.info.width, clip.info.height, clip.info.frames_expected, clip.info.fps) == (60, 40, 5, 5)
    assert clip.info.duration_s == pytest.approx(1)
    assert clip.warning is None


def test_broken_and_odd_pictures(pictures, capfd):
    (pictures / "shot2.png").write_bytes(b"\x89PNG broken")
    (pictures / "shot9.png").write_bytes(b"")
    cv2.imwrite(str(pictures / "shot10.jpg"), marked(90, 60))
    cv2.imwrite(str(pictures / "shot12.png"), np.zeros((4000, 100), np.uint16))
    with open_source(pictures) as clip:
        frames = list(clip)
        assert clip.damaged and "2 of 7 pictures" in clip.warning
    assert [round(frame.time_s * 10) for frame in frames] == [0, 3, 4, 5, 6]
    assert {frame.image.shape for frame in frames} == {(40, 60, 3)}
    assert capfd.readouterr().err == ""


def test_single_picture_is_a_clip_of_one_frame(tmp_path):
    cv2.imwrite(str(tmp_path / "huge.JPG"), marked(3000, 2000))
    with open_source(tmp_path / "huge.JPG") as clip:
        frames = list(clip)
    assert (clip.info.width, clip.info.height) == (1920, 1280)
    assert [(frame.time_s, frame.index, frame.image.shape) for frame in frames] == [(0.0, 0, (1280, 1920, 3))]
    assert corners(frames[0].image) == UPRIGHT[0]


def test_open_source_takes_what_is_there(tmp_path, pictures):
    clip = write_clip(tmp_path / "clip.mp4")
    with open_source(str(clip)) as video, open_source(pictures) as images:
        assert isinstance(video, VideoFile) and isinstance(images, ImageFolder)
        assert video.info.path == str(clip)


def no_picture(path):
    path.mkdir()
    (path / "notes.txt").write_text("mine")
    return path


def broken_picture(path):
    path = path.with_suffix(".png")
    path.write_text("no picture")
    return path


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (no_picture, "folder without pictures"),
        (broken_picture, "holds no picture that can be read"),
        (lambda path: path, "does not exist"),
        (lambda path: path.with_suffix(".png"), "does not exist"),
    ],
)
def test_open_source_says_why_not(tmp_path, make, reason):
    path = make(tmp_path / "thing")
    with pytest.raises(InputError, match=reason) as caught:
        open_source(path)
    assert str(caught.value).startswith(str(path))


@pytest.mark.parametrize("fps", [0, -1, float("nan"), float("inf")])
def test_impossible_rate(pictures, fps):
    with pytest.raises(InputError, match="above 0"):
        ImageFolder(pictures, fps=fps)
