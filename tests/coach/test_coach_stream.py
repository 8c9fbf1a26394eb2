"""Cameras of the network, by real servers on this machine: MJPEG over HTTP and H.264 over RTSP, and all that fails."""

import subprocess
import sys
import time

import numpy as np
import pytest
import samples
from mjpeg import MjpegServer, jpeg, number_of, numbered, numbered_jpegs
from rtsp import RtspServer
from webcam import camera_threads, eventually, fast, take

from formcheck.coach import devices, stream
from formcheck.coach.camera import Camera, CameraError
from formcheck.video.source import VideoFile
from formcheck.video.writer import VideoWriter

FILM = numbered_jpegs(300)


@pytest.fixture(autouse=True)
def nothing_left_running(monkeypatch, tmp_path):
    monkeypatch.setattr(devices, "_CLASS", tmp_path)
    yield
    eventually(lambda: not camera_threads())


def test_pictures_come_at_once_and_in_order():
    with MjpegServer(FILM) as server, Camera(server.url) as camera:
        frames, delays_s = [], []
        for _ in range(18):
            frames.append(camera.newest(2.0))
            delays_s.append(time.monotonic() - server.sent_at[number_of(frames[-1].image)])
        assert (camera.state, camera.notice, camera.name) == ("live", None, server.url)
        assert camera.captured - camera.dropped >= 18
    numbers = [number_of(frame.image) for frame in frames]
    assert numbers == sorted(set(numbers))
    assert np.median(delays_s) < 0.03
    times = [frame.time_s for frame in frames]
    assert times == pytest.approx([times[0] + (number - numbers[0]) / 30 for number in numbers], abs=0.1)
    assert frames[0].image.shape == (240, 320, 3) and frames[0].image.dtype == np.uint8
    assert frames[0].image.flags.c_contiguous and not any(frame.new_shot for frame in frames)


def test_colours_are_those_of_the_picture():
    image = np.zeros((240, 320, 3), np.uint8)
    image[:, :160], image[:, 160:] = (30, 200, 90), (180, 60, 220)
    with MjpegServer([jpeg(image)] * 30) as server, Camera(server.url) as camera:
        seen = camera.newest(2.0).image
    assert np.abs(seen[100, 80].astype(int) - (30, 200, 90)).max() < 6
    assert np.abs(seen[100, 240].astype(int) - (180, 60, 220)).max() < 6


def test_parts_that_do_not_tell_their_length():
    with MjpegServer(FILM, length=False) as server, Camera(server.url) as camera:
        numbers = [number_of(take(camera).image) for _ in range(5)]
        assert numbers == sorted(set(numbers))


def test_a_slow_stream_does_not_stall():
    with MjpegServer(FILM, film_fps=50) as server, Camera(server.url, clock=fast) as camera:  # 5 a second by this clock
        states = {(camera.newest(30.0) is not None, camera.state) for _ in range(30)}
        assert states == {(True, "live")} and server.connections == 1


def test_a_stream_that_is_cut_off_and_comes_back():
    with MjpegServer(FILM) as server, Camera(server.url, clock=fast) as camera:
        before = take(camera)
        server.drop()
        eventually(lambda: camera.state == "lost")
        assert "is gone: check that the camera, or the phone's camera app, is running" in camera.notice
        while camera.newest(0.0) is not None:
            pass
        assert camera.newest(3.0) is None
        server.restore()
        after = take(camera)
        assert after.new_shot and after.time_s > before.time_s and camera.state == "live" and camera.notice is None
        assert number_of(after.image) > number_of(before.image)


def test_a_stream_that_stalls_is_opened_again(monkeypatch):
    monkeypatch.setattr(stream, "_URL_TIMEOUT_S", 1.0)
    with MjpegServer(FILM) as server, Camera(server.url, clock=fast) as camera:
        take(camera)
        server.pause()
        eventually(lambda: camera.state == "stalled")
        assert "sends no picture" in camera.notice
        eventually(lambda: camera.state == "lost" and server.connections >= 2)
        while camera.newest(0.0) is not None:
            pass
        server.resume()
        assert take(camera).new_shot and camera.state == "live"


def test_a_size_that_changes_on_the_way():
    with MjpegServer(FILM) as server, Camera(server.url) as camera:
        take(camera)
        server.resize(480, 360)
        eventually(lambda: (frame := camera.newest(1.0)) is not None and frame.new_shot)
        frame = take(camera)
        assert frame.image.shape == (240, 320, 3) and not frame.new_shot
        server.resize(640, 640)
        eventually(lambda: camera.newest(1.0).new_shot)
        assert take(camera).image[:, :20].max() < 20, "bars"


def test_pictures_that_the_network_held_up_are_not_shown_as_new():
    with MjpegServer(FILM) as server, Camera(server.url) as camera:
        for _ in range(5):
            take(camera)
        server.hold_up()
        eventually(lambda: camera.newest(0.1) is None)
        time.sleep(0.45)
        dropped = camera.dropped
        server.let_go()
        behind_s = []
        for _ in range(8):
            frame = camera.newest(2.0)
            behind_s.append(server.film_s() - number_of(frame.image) / 30)
        assert sum(late_s > 0.25 for late_s in behind_s) <= 1, "only the first one, which nothing tells from a new one"
        assert camera.dropped > dropped


def test_a_video_as_an_ip_camera(tmp_path):
    path = tmp_path / "film.mp4"
    with VideoWriter(path, (320, 240)) as writer:
        for number in range(16):
            writer.write(numbered(number), number / 30)
    with MjpegServer(path, loop=False) as server:
        time.sleep(0.1)  # it begins with the first client
        with Camera(server.url) as camera:
            numbers = []
            while camera.state == "live":
                frame = camera.newest(0.5)
                numbers += [] if frame is None else [number_of(frame.image)]
        assert camera.captured in {15, 16} and set(numbers) <= set(range(16)) and numbers[-1] == 15
        assert server.over


def test_a_sample_clip_looks_the_same_as_an_ip_camera():
    with VideoFile(samples.clip("bridge_good")) as clip:
        first = next(iter(clip)).image
    with MjpegServer(samples.clip("bridge_good"), freeze=True) as server, Camera(server.url) as camera:
        frame = camera.newest(2.0)
    assert frame.image.shape == first.shape
    assert np.abs(frame.image.astype(int) - first).mean() < 3


# --- addresses that are no good --------------------------------------------------------------------------------------

BAD = [
    # what follows the server's address, what the sentence says
    ("/other", "There is no camera at"),
    ("/locked", "asks for a user and a password"),
    ("/", "is no video; give the address of the video itself"),
]


@pytest.mark.parametrize(("path", "said"), BAD)
def test_an_address_that_is_none(path, said):
    with MjpegServer(FILM) as server:
        url = server.url.replace("/video", path).replace("http://", "http://me:secret@")
        with pytest.raises(CameraError, match=said) as caught, Camera(url):
            pass
    assert "secret" not in str(caught.value) and str(caught.value).endswith(".")


def test_nobody_at_the_address():
    with MjpegServer(FILM) as server:
        url = server.url
    for address in (url, url.replace("http:", "rtsp:")):
        with pytest.raises(CameraError, match="gives no picture: check that the camera, or the phone's camera app"):
            Camera(address).__enter__()


def test_a_server_that_says_nothing(monkeypatch):
    monkeypatch.setattr(stream, "_URL_TIMEOUT_S", 0.5)
    with MjpegServer(FILM) as server:
        server.pause()
        began_s = time.monotonic()
        with pytest.raises(CameraError, match="gives no picture"), Camera(server.url):
            pass
        assert time.monotonic() - began_s < 3


def test_pictures_do_not_go_through_a_proxy(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    with MjpegServer(FILM) as server, Camera(server.url) as camera:
        assert camera.newest(2.0) is not None


# --- RTSP ------------------------------------------------------------------------------------------------------------


def test_rtsp():
    images = [numbered(number) for number in range(90)]
    with RtspServer(images) as server, Camera(server.url, clock=fast) as camera:
        numbers = [number_of(take(camera).image) for _ in range(15)]
        assert numbers == sorted(set(numbers))
        delays_s = [time.monotonic() - server.sent_at[number_of(take(camera).image)] for _ in range(15)]
        assert np.median(delays_s) < 0.15, "one picture, since only the next one tells that it is whole"
        server.cut()
        eventually(lambda: (frame := camera.newest(1.0)) is not None and frame.new_shot)
        assert camera.state == "live"


# --- the end of the program ------------------------------------------------------------------------------------------

HANGING = """
import sys, time
from formcheck.coach.camera import Camera
with Camera(sys.argv[1]) as camera:
    assert camera.newest(5.0) is not None
    print("ready", flush=True)
    sys.stdin.readline()
    while camera.newest(0.1) is not None:
        pass
    began_s = time.monotonic()
print(time.monotonic() - began_s)
"""


def test_a_read_that_hangs_does_not_keep_the_program_from_ending():
    with MjpegServer(FILM) as server:
        command = [sys.executable, "-c", HANGING, server.url]
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        with subprocess.Popen(command, text=True, **pipes) as run:
            assert run.stdout.readline() == "ready\n"
            server.pause()
            began_s = time.monotonic()
            closing_s, errors = run.communicate("\n", timeout=20)
            assert (run.returncode, errors) == (0, "")
            assert float(closing_s) < 2 and time.monotonic() - began_s < 6
