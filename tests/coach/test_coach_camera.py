"""The camera: the newest picture with its true time, and every fault of devices, files and captures survived."""

import _thread
import itertools
import math
import queue
import sys
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mjpeg import number_of, numbered
from webcam import SPEED, Webcam, camera_threads, eventually, fast, take

from formcheck.coach import camera as camera_module
from formcheck.coach import captures, devices
from formcheck.coach.camera import Camera, CameraError
from formcheck.coach.captures import FileCapture, NoPictureError, Shot
from formcheck.errors import InputError
from formcheck.video.source import VideoFile
from formcheck.video.writer import VideoWriter

NEAR = pytest.approx
TIMES = [0.04 * i + 0.01 * (i % 3 == 1) for i in range(20)]  # uneven, as phones record


@pytest.fixture(autouse=True)
def nothing_left_running():
    yield
    eventually(lambda: not camera_threads())


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """Twenty numbered pictures, 0.8 s long, with a cut at the twelfth."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    with VideoWriter(path, (320, 240)) as writer:
        for number, time_s in enumerate(TIMES):
            image = numbered(number)
            image[16:, :160] = 240 if number >= 12 else 20
            writer.write(image, time_s)
    return path


@pytest.fixture
def webcam(monkeypatch, tmp_path):
    """One webcam at this machine, camera 0, and a second one listed."""
    machine = Webcam()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(devices, "_CLASS", tmp_path / "class")
    monkeypatch.setattr(devices, "_NODES", tmp_path)
    for number, name in enumerate(["HD Webcam", "Logitech BRIO"]):
        (tmp_path / "class" / f"video{number}").mkdir(parents=True)
        (tmp_path / "class" / f"video{number}" / "name").write_text(name)
        (tmp_path / f"video{number}").touch()
    monkeypatch.setattr(captures, "opencv", lambda: machine)
    yield machine
    machine.hangs.clear()
    eventually(lambda: machine.open == 0)


class Stepped:
    """A capture that gives what the test puts into it: shots, None for a failure, or an error to raise."""

    name, advice, finite = "the camera", "plug it in", False

    def __init__(self):
        self.items = queue.Queue()
        self.opened = 0

    def shots(self, stop):
        self.opened += 1
        while not stop.is_set():
            try:
                item = self.items.get(timeout=0.01)
            except queue.Empty:
                continue
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item

    def why_not(self):
        return CameraError("The camera is off; switch it on.")


# --- a file ----------------------------------------------------------------------------------------------------------


def test_a_file_is_played_in_real_time_with_its_own_times(film):
    with Camera(str(film)) as camera:
        began_s = time.monotonic()
        frames = []
        while camera.state != "ended":
            frame = camera.newest(1.0)
            if frame is not None:
                frames.append(frame)
                assert camera.age_s < 0.5
        lasted_s = time.monotonic() - began_s
        assert (camera.captured, camera.dropped) == (20, 20 - len(frames))
        assert camera.newest(5.0) is None, "at once"
        assert camera.notice is None
    assert TIMES[-1] - 0.1 < lasted_s < TIMES[-1] + 1
    with VideoFile(film) as clip:
        truth = {frame.index: frame for frame in clip}
    for frame in frames:
        assert frame.time_s == truth[frame.index].time_s, "so that it is judged as `analyze` judges it"
        assert number_of(frame.image) == frame.index
        assert np.array_equal(frame.image, truth[frame.index].image)
    assert sum(frame.new_shot for frame in frames) == 1, "the cut shows even if its own frame was dropped"


def test_a_slow_taker_gets_the_newest_and_never_one_twice(film):
    with Camera(str(film)) as camera:
        got = []
        while camera.state != "ended":
            frame = camera.newest(1.0)
            if frame is not None:
                got.append((frame.index, camera.age_s))
            time.sleep(0.15)
        assert camera.dropped == 20 - len(got)
    indices = [index for index, _ in got]
    assert indices == sorted(set(indices)) and 4 <= len(indices) <= 9
    assert indices[-1] == 19, "the last one is not lost"
    assert max(age_s for _, age_s in got[:-1]) < 0.12


def test_a_file_in_a_loop_goes_on_in_time(film):
    with Camera(str(film), loop=True, clock=fast) as camera:
        frames = [take(camera)]
        while camera.captured < 70:
            frames.append(take(camera))
        assert camera.state == "live"
    times = np.array([frame.time_s for frame in frames])
    assert np.all(np.diff(times) > 0) and np.diff(times).max() < 1.5
    # 3 cuts and 3 joints or more; two that fall between two taken frames are one.
    assert 3 <= sum(frame.new_shot for frame in frames) <= 8


class FakeTime:
    """A clock, and something to wait for on it."""

    def __init__(self):
        self.now_s = 1000.0

    def clock(self):
        return self.now_s

    def wait(self, seconds):
        self.now_s += seconds
        return False

    def is_set(self):
        return False


def test_a_file_waits_for_each_frames_time(film):
    fake = FakeTime()
    shots = list(FileCapture(str(film), fake.clock, loop=False).shots(fake))
    assert [shot.taken_s for shot in shots] == NEAR([1000 + time_s for time_s in TIMES], abs=1e-4)
    assert not any(shot.late for shot in shots)


@pytest.mark.parametrize(
    ("asleep_s", "late", "later_s"),
    [
        (0.09, 0, 0.0),  # not worth a thought
        (0.22, 4, 0.0),  # frames are left out until it is in time again
        (9.0, 7, 9.0),  # the machine slept, or the disk did: it plays on from there
    ],
)
def test_a_file_that_comes_late(film, asleep_s, late, later_s):
    fake = FakeTime()
    shots = []
    for shot in FileCapture(str(film), fake.clock, loop=False).shots(fake):
        shots.append(shot)
        if not shot.late:
            assert fake.now_s - shot.taken_s <= 0.1 + 1e-9, "nothing old is given as new"
        fake.now_s += asleep_s if len(shots) == 6 else 0.0
    assert sum(shot.late for shot in shots) == NEAR(late, abs=1)
    assert shots[-1].taken_s == NEAR(1000 + TIMES[-1] + later_s, abs=0.35)
    assert len(shots) == 20


def test_a_file_that_is_decoded_too_slowly_is_played_slowly(film):
    fake = FakeTime()
    given = []
    for shot in FileCapture(str(film), fake.clock, loop=True).shots(fake):
        if not shot.late:
            given.append(shot)
            assert fake.now_s - shot.taken_s <= 0.1 + 1e-9
        fake.now_s += 0.06
        if shot.time_s > 10:
            break
    gaps = np.diff([shot.taken_s for shot in given])
    assert gaps.max() < camera_module.STALL_S / 2 and np.all(gaps > 0)
    assert np.all(np.diff([shot.time_s for shot in given]) > 0)


FILES = [
    # what is made of the path, what the sentence says
    (lambda path: path.write_bytes(b"no video at all, only some text"), "not a video that can be read"),
    (lambda path: path.write_bytes(b""), "is empty"),
    (lambda path: path.mkdir(), "is a folder"),
    (lambda path: None, "is neither a camera nor a file"),
]


@pytest.mark.parametrize(("make", "said"), FILES)
def test_a_file_that_is_none(tmp_path, webcam, make, said):
    path = tmp_path / "clip.mp4"
    make(path)
    with pytest.raises(CameraError, match=said) as caught, Camera(str(path)):
        pass
    assert isinstance(caught.value, InputError)
    assert str(path) in str(caught.value)


def test_a_looping_file_that_is_removed_ends(film, tmp_path):
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(film.read_bytes())
    with Camera(str(copy), loop=True, clock=fast) as camera:
        take(camera)
        copy.unlink()
        eventually(lambda: camera.newest(0.1) is None and camera.state == "ended")


# --- a device --------------------------------------------------------------------------------------------------------


def test_a_webcam(webcam):
    before_s = time.monotonic()
    with Camera("0", size=(800, 600), fps=25) as camera:
        frames = [camera.newest(2.0) for _ in range(10)]
        assert (camera.state, camera.notice, camera.name) == ("live", None, "camera 0 (HD Webcam)")
        lasted_s = time.monotonic() - before_s
    assert camera.state == "ended" and camera.newest(1.0) is None
    times = [frame.time_s for frame in frames]
    assert times[0] >= 0 and times[-1] <= lasted_s and np.all(np.diff(times) >= 0.001)
    numbers = [number_of(frame.image) for frame in frames]
    assert np.array_equal(np.diff(numbers), np.diff([frame.index for frame in frames]))
    assert not any(frame.new_shot for frame in frames)
    image = frames[0].image
    assert image.shape == (240, 320, 3) and image.dtype == np.uint8 and image.flags.c_contiguous
    assert webcam.asked == [("fourcc", "MJPG"), ("width", 800), ("height", 600), ("fps", 25), ("buffers", 2)]


def test_a_webcam_by_its_name(webcam):
    with Camera("hd web") as camera:
        assert camera.newest(2.0) is not None


def test_a_webcam_that_only_works_as_it_is(webcam):
    webcam.works_asked = False
    with Camera("0") as camera:
        assert camera.newest(2.0) is not None


@pytest.mark.parametrize(
    ("made", "seen"),
    [
        ((240, 320), (240, 320, 3)),  # infrared
        ((240, 320, 1), (240, 320, 3)),
        ((2160, 3840, 3), (1080, 1920, 3)),
        ((480, 640, 3), (480, 640, 3)),
    ],
)
def test_pictures_are_delivered_alike(webcam, made, seen):
    webcam.picture = lambda _number: np.full(made, 77, np.uint8)
    with Camera("0") as camera:
        image = camera.newest(2.0).image
    assert image.shape == seen and image.dtype == np.uint8 and image.flags.c_contiguous
    assert image[image.shape[0] // 2, image.shape[1] // 2].tolist() == [77, 77, 77]


ABSENT = [
    # what is wrong, what the sentence says
    ({"present": False}, "Camera 0 (HD Webcam) gives no picture: close programs that may be using it"),
    ({"gives": False}, "or take camera 1 (Logitech BRIO)."),  # busy: it opens and gives nothing
    ({"damaged": True}, "Camera 0 (HD Webcam) gives no picture"),
    ({"breaks": True}, "Camera 0 (HD Webcam) gives no picture"),
]


@pytest.mark.parametrize(("wrong", "said"), ABSENT)
def test_a_webcam_that_gives_nothing(webcam, wrong, said):
    for name, value in wrong.items():
        setattr(webcam, name, value)
    with pytest.raises(CameraError) as caught, Camera("0", clock=fast):
        pass
    assert said in str(caught.value) and str(caught.value).endswith(".")


def test_a_webcam_that_is_not_there(webcam):
    webcam.present = False
    said = r"There is no camera 5: found camera 0 \(HD Webcam\), camera 1 \(Logitech BRIO\)"
    with pytest.raises(CameraError, match=said), Camera("5"):
        pass


def test_a_webcam_that_hangs_from_the_start(webcam, monkeypatch):
    monkeypatch.setattr(camera_module, "FIRST_S", 5.0)
    monkeypatch.setattr(camera_module, "CLOSE_S", 0.2)
    webcam.hangs.add(1)
    began_s = time.monotonic()
    with pytest.raises(CameraError, match="gives no picture"), Camera("0", clock=fast):
        pass
    assert time.monotonic() - began_s < camera_module.FIRST_S / SPEED + 2


def test_unplugged_and_plugged_in_again(webcam):
    with Camera("0", clock=fast) as camera:
        before = [take(camera) for _ in range(5)]
        webcam.present = False
        eventually(lambda: camera.state == "lost")
        said = (
            "Camera 0 (HD Webcam) is gone: plug it in again and close other programs that use it; it goes on by itself."
        )
        assert camera.notice == said
        while camera.newest(0.0) is not None:
            pass
        assert camera.newest(3.0) is None and camera.state == "lost"
        tried = webcam.opened
        eventually(lambda: webcam.opened >= tried + 2)
        webcam.present = True
        after = [take(camera) for _ in range(5)]
        assert (camera.state, camera.notice) == ("live", None)
    assert after[0].new_shot and not any(frame.new_shot for frame in before + after[1:])
    assert np.all(np.diff([frame.time_s for frame in before + after]) > 0)
    assert after[0].time_s - before[-1].time_s > camera_module.RETRY_S, "the time away has passed"
    assert np.all(np.diff([frame.index for frame in before + after]) > 0)


def test_a_webcam_that_comes_back_with_another_number(webcam, tmp_path):
    with Camera("0", clock=fast) as camera:
        take(camera)
        webcam.present = False
        eventually(lambda: camera.state == "lost")
        (tmp_path / "class" / "video0" / "name").unlink()
        (tmp_path / "class" / "video0").rmdir()
        (tmp_path / "class" / "video1" / "name").write_text("HD Webcam")
        webcam.index = 1
        webcam.present = True
        eventually(lambda: camera.newest(0.1) is not None and camera.state == "live")


def test_damaged_pictures_now_and_then_are_left_out(webcam):
    webcam.damaged = lambda number: number % 3 == 0
    with Camera("0", clock=fast) as camera:
        numbers = [number_of(take(camera).image) for _ in range(20)]
        assert camera.state == "live"
    assert all(number % 3 for number in numbers)


@pytest.mark.parametrize("fps", [5, 1])
def test_a_slow_webcam_does_not_stall(webcam, fps):
    webcam.fps = fps * SPEED
    with Camera("0", clock=fast) as camera:
        states = set()
        until_s = time.monotonic() + 0.5
        while time.monotonic() < until_s:
            camera.newest(0.1)
            states.add(camera.state)
        assert states == {"live"} and webcam.opened == 1


def test_a_webcam_that_hangs_is_opened_again(webcam):
    with Camera("0", clock=fast) as camera:
        take(camera)
        webcam.hangs.add(1)  # its first connection
        eventually(lambda: camera.state == "stalled")
        assert camera.notice.startswith("Camera 0 (HD Webcam) sends no picture: ")
        while camera.newest(0.0) is not None:
            pass
        frame = take(camera)
        assert frame.new_shot and camera.state == "live" and webcam.opened == 2
        webcam.hangs.clear()  # the read comes back after all: what it brings is thrown away
        eventually(lambda: webcam.open == 1)
        assert not take(camera).new_shot


def test_a_short_stall_needs_no_new_connection(webcam):
    with Camera("0", clock=fast) as camera:
        take(camera)
        webcam.hangs.add(1)
        eventually(lambda: camera.state == "stalled")
        webcam.hangs.clear()
        eventually(lambda: camera.newest(0.1) is not None and camera.state == "live")
        assert webcam.opened == 1


def test_hanging_for_ever_leaves_few_threads_and_closes_at_once(webcam, monkeypatch):
    monkeypatch.setattr(camera_module, "FIRST_S", 5.0)
    monkeypatch.setattr(camera_module, "CLOSE_S", 0.3)
    with Camera("0", clock=fast) as camera:
        take(camera)
        webcam.hangs.update(range(1, 100))
        eventually(lambda: webcam.opened == 3)
        time.sleep(1.2 * camera_module.FIRST_S / SPEED)
        assert webcam.opened == 3 and camera.state == "lost"
        before_s = time.monotonic()
    assert time.monotonic() - before_s < 1
    camera.close()  # a second time does nothing


def test_the_systems_clock_does_not_matter(webcam, film, monkeypatch):
    jumps = itertools.cycle([0.0, 4e9, -5.0])
    monkeypatch.setattr(time, "time", lambda: next(jumps))
    monkeypatch.setattr(time, "time_ns", lambda: round(next(jumps) * 1e9))
    for where in ("0", str(film)):
        with Camera(where) as camera:
            times = [camera.newest(2.0).time_s for _ in range(8)]
            assert camera.state == "live"
        assert np.all(np.diff(times) > 0) and times[-1] < 2


def test_the_size_changes_on_the_way(webcam):
    with Camera("0", clock=fast) as camera:
        first = take(camera)
        webcam.picture = lambda number: numbered(number, (320, 320))
        changed = take(camera)
        while not changed.new_shot:
            changed = take(camera)
        assert changed.image.shape == first.image.shape
        assert changed.image[:, :20].max() == 0 and changed.image[:, -20:].max() == 0, (
            "bars, so that nothing is stretched"
        )
        assert not take(camera).new_shot


# --- any capture -----------------------------------------------------------------------------------------------------


def test_a_mistake_in_a_capture_is_not_hidden():
    capture = Stepped()
    capture.items.put(Shot(numbered(0), time.monotonic()))
    with Camera("", capture=capture) as camera:
        camera.newest(0.5)
        capture.items.put(ZeroDivisionError("a mistake"))
        with pytest.raises(ZeroDivisionError):
            camera.newest(5.0)
    capture = Stepped()
    capture.items.put(ZeroDivisionError("a mistake"))
    with pytest.raises(ZeroDivisionError), Camera("", capture=capture):
        pass


def test_a_camera_that_does_not_open_says_why():
    capture = Stepped()
    capture.items.put(NoPictureError())
    camera = Camera("", capture=capture)
    assert camera.state == "opening"
    with pytest.raises(CameraError, match="switch it on"), camera:
        pass
    assert capture.opened == 1 and camera.state == "ended"


def test_what_is_done_while_the_first_picture_is_waited_for():
    capture, calls = Stepped(), []

    def meanwhile():
        calls.append(camera.state)
        if len(calls) == 3:
            capture.items.put(Shot(numbered(0), time.monotonic()))

    camera = Camera("", capture=capture, meanwhile=meanwhile)
    with camera:
        assert calls[:3] == ["opening"] * 3
        assert camera.newest(0.5) is not None
        before = len(calls)
        camera.newest(0.2)
        assert len(calls) == before  # only then


def test_what_ends_the_waiting_ends_the_camera():
    def gone():
        raise KeyError

    camera = Camera("", capture=Stepped(), meanwhile=gone)
    with pytest.raises(KeyError), camera:
        pass
    assert camera.state == "ended"


def test_control_c_while_it_opens(monkeypatch):
    monkeypatch.setattr(camera_module, "CLOSE_S", 0.2)
    capture = Stepped()
    threading.Timer(0.2, _thread.interrupt_main).start()
    camera = Camera("", capture=capture)
    with pytest.raises(KeyboardInterrupt), camera:
        pass
    assert camera.state == "ended"


def test_a_frame_that_nobody_took_in_time_is_not_new_any_more():
    fake = FakeTime()
    capture = Stepped()
    capture.items.put(Shot(numbered(0), fake.now_s))
    with Camera("", capture=capture, clock=fake.clock) as camera:
        fake.now_s += camera_module.OLD_S + 0.1
        assert camera.newest(0.0) is None and camera.dropped == 1
        assert math.isnan(camera.age_s)
        capture.items.put(Shot(numbered(1), fake.now_s))
        eventually(lambda: camera.captured == 2)
        assert number_of(camera.newest(0.0).image) == 1 and camera.age_s == 0


SIZES = [(320, 240), (256, 256), (400, 300)]
STEPS = st.one_of(
    st.tuples(
        st.just("shot"), st.sampled_from([0.0, 0.0004, 0.03, 0.7]), st.integers(0, 2), st.booleans(), st.booleans()
    ),
    st.just(("take",)),
    st.just(("break",)),
)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.lists(STEPS, max_size=25))
def test_whatever_comes_the_newest_frame_is_given_once(steps):
    """Against a model of what should be waiting: shots, breaks of the connection and takes in any order."""
    fake, capture = FakeTime(), Stepped()
    sent = taken = 0
    new_shot, last_s, last_index = False, -1.0, -1
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(camera_module, "_POLL_S", 0.001)

        def send(shot):
            capture.items.put(shot)

        send(Shot(numbered(0, SIZES[0]), fake.now_s))
        with Camera("", capture=capture, clock=fake.clock) as camera:
            # Number, time, size, and whether a new shot starts, of the shot that waits.
            sent, waiting, size, fresh = 1, (0, fake.now_s, SIZES[0], False), SIZES[0], False
            for kind, *what in steps:
                if kind == "shot":
                    gap_s, which, cut, late = what
                    fake.now_s += gap_s
                    send(Shot(numbered(sent, SIZES[which]), fake.now_s, cut=cut, late=late))
                    eventually(lambda count=sent: camera.captured == count + 1)
                    new_shot |= cut or fresh or SIZES[which] != size
                    size, fresh = SIZES[which], False
                    if not late:
                        new_shot |= waiting is not None and waiting[3]
                        waiting, new_shot = (sent, fake.now_s, size, new_shot), False
                    sent += 1
                elif kind == "break":
                    opened = capture.opened
                    send(None)
                    eventually(lambda: len(camera_threads()) == 1)  # the keeper's
                    assert camera.state == "lost"
                    fake.now_s += camera_module.RETRY_S + 0.01
                    eventually(lambda count=opened: capture.opened == count + 1)
                    fresh = True
                else:
                    frame = camera.newest(0.0)
                    expected, waiting = waiting, None
                    if expected is None or fake.now_s - expected[1] > camera_module.OLD_S:
                        assert frame is None
                        new_shot |= expected is not None and expected[3]
                        continue
                    taken += 1
                    assert frame.index == expected[0] > last_index
                    assert number_of(frame.image) == frame.index or expected[2] != SIZES[0]
                    assert frame.image.shape == (240, 320, 3)
                    assert frame.new_shot == expected[3]
                    assert frame.time_s >= last_s + 0.0009
                    assert frame.time_s == NEAR(expected[1] - 1000, abs=0.03)
                    last_s, last_index = frame.time_s, frame.index
        assert camera.captured == sent == taken + camera.dropped
