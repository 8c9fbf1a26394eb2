"""Which cameras there are, and which one a user means: by number, name, address or file."""

import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from formcheck.coach import devices
from formcheck.coach.devices import Device, device, found_again, list_cameras, resolve, shown, why_not
from formcheck.errors import CameraError, InputError

# Nodes as Linux shows them: number, name, place among the nodes of its device.
WEBCAM = (0, "HD Webcam: HD Webcam", 0)
WEBCAM_DATA = (1, "HD Webcam: HD Webcam", 1)
USB = (2, "Logitech BRIO", 0)


@pytest.fixture
def plugged(tmp_path, monkeypatch):
    """Let this machine have just the given video nodes."""
    folder, nodes = tmp_path / "class", tmp_path / "dev"
    folder.mkdir()
    nodes.mkdir()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(devices, "_CLASS", folder)
    monkeypatch.setattr(devices, "_NODES", nodes)

    def plug(*found):
        for old in [*folder.glob("*/*"), *nodes.glob("*")]:
            old.unlink()
        for old in folder.glob("*"):
            old.rmdir()
        for number, name, place in found:
            (folder / f"video{number}").mkdir()
            (folder / f"video{number}" / "name").write_text(name + "\n")
            (folder / f"video{number}" / "index").write_text(f"{place}\n")
            (nodes / f"video{number}").write_text("")

    plug()
    return plug


# --- the list --------------------------------------------------------------------------------------------------------


def test_cameras_by_rising_number_without_the_nodes_that_give_no_pictures(plugged):
    plugged((10, "Phone", 0), USB, WEBCAM_DATA, WEBCAM)
    assert list_cameras() == (Device(0, "HD Webcam"), Device(2, "Logitech BRIO"), Device(10, "Phone"))


def test_no_camera(plugged, monkeypatch):
    assert list_cameras() == ()
    monkeypatch.setattr(devices, "_CLASS", Path("/nowhere"))
    assert list_cameras() == ()


@pytest.mark.parametrize(
    ("whole", "own", "camera"),
    [
        (0x84A00001, 0x04200001, True),  # a webcam's pictures
        (0x84A00001, 0x04A00000, False),  # the same webcam's second node, which describes them
        (0x00000001, 0, True),  # an old driver tells only what the whole device can do
        (0x00000002, 0, False),  # an output
        (0x84201000, 0x04201000, True),  # planes apart
    ],
)
def test_a_node_is_asked_what_it_can_do(plugged, monkeypatch, whole, own, camera):
    fcntl = pytest.importorskip("fcntl")

    def ioctl(_handle, request, answer):
        assert (request, len(answer)) == (0x80685600, 104)
        struct.pack_into("=II", answer, 84, whole, own)
        return 0

    plugged(WEBCAM)
    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    assert bool(list_cameras()) == camera


def test_a_camera_without_a_name(plugged):
    plugged((3, "", 0))
    assert list_cameras() == (Device(3, "camera 3"),)
    assert str(device(3)) == "camera 3"


class FakeOpenCV:
    """OpenCV on a system where only these numbers open."""

    CAP_V4L2, CAP_AVFOUNDATION, CAP_ANY = 200, 1200, 0

    def __init__(self, *indices):
        self.indices = indices
        self.open = 0

    def VideoCapture(self, index, _backend):  # noqa: N802 - OpenCV's name
        return FakeDevice(self, index in self.indices)


class FakeDevice:
    def __init__(self, machine, opens):
        self.machine, self.opens = machine, opens
        machine.open += 1

    def isOpened(self):  # noqa: N802 - OpenCV's name
        return self.opens

    def release(self):
        self.machine.open -= 1


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_the_numbers_are_tried(monkeypatch, platform):
    machine = FakeOpenCV(0, 3)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(devices, "opencv", lambda: machine)
    assert list_cameras() == (Device(0, "camera 0"), Device(3, "camera 3"))
    assert machine.open == 0, "each is let go of"


# --- what is meant ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "meant"),
    [
        ("0", "0"),
        (" 7 ", "7"),  # whether it is there shows when it is opened
        ("007", "7"),
        ("HD Webcam", "0"),
        ("brio", "2"),
        ("LOGI", "2"),
        ("http://192.168.0.20:8080/video", "http://192.168.0.20:8080/video"),
        ("HTTP://phone/x", "HTTP://phone/x"),
        ("https://phone.local/x?a=b", "https://phone.local/x?a=b"),
        ("rtsp://me:secret@10.0.0.5/live", "rtsp://me:secret@10.0.0.5/live"),
        ("http://[fe80::1]:8080/", "http://[fe80::1]:8080/"),
    ],
)
def test_what_is_meant(plugged, where, meant):
    plugged(WEBCAM, WEBCAM_DATA, USB)
    assert resolve(where) == meant


def test_a_file_goes_before_a_name(plugged, tmp_path, monkeypatch):
    plugged(WEBCAM)
    monkeypatch.chdir(tmp_path)
    Path("webcam").write_text("x")
    assert resolve("webcam") == "webcam"
    assert resolve(str(tmp_path / "webcam")) == str(tmp_path / "webcam")
    assert resolve("hd web") == "0"


def test_a_device_by_its_path(plugged, tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "is_char_device", lambda path: path.name == "by-id" or path.name.startswith("video"))
    (tmp_path / "by-id").symlink_to("video4")
    assert resolve("/dev/video2") == "2"
    assert resolve(str(tmp_path / "by-id")) == "4"


def test_the_whole_name_goes_before_a_part(plugged):
    plugged((0, "Cam 2", 0), (2, "Cam", 0), (4, "Cam", 0))
    assert resolve("cam") == "2", "the first of two equal ones"
    with pytest.raises(CameraError, match=r"ca fits several cameras, camera 0 \(Cam 2\), camera 2 \(Cam\)"):
        resolve("ca")


NOTHING = [
    # what was given, the found cameras, what the sentence says
    ("nikon", [WEBCAM, USB], ["nikon is neither", "camera 0 (HD Webcam), camera 2 (Logitech BRIO)", "http://"]),
    ("nikon", [], ["no camera was found", "once it is connected"]),
    ("missing.mp4", [WEBCAM], ["missing.mp4 is neither a camera nor a file", "camera 0 (HD Webcam)"]),
    ("", [WEBCAM], ["No camera was named", "camera 0 (HD Webcam)"]),
    ("-1", [WEBCAM], ["-1 is neither"]),
    ("a\0b", [WEBCAM], ["is neither"]),
    ("x" * 5000, [WEBCAM], ["is neither"]),
    ("99999999999", [WEBCAM], ["There is no camera 99999999999", "camera 0 (HD Webcam)"]),
    ("http://", [], ["http:// is no address of a camera"]),
    ("http://host:99999/", [], ["is no address of a camera"]),
    ("http://[::1", [], ["is no address of a camera"]),
    ("ftp://me:secret@host/x", [], ["ftp:// cannot be read", "http://"]),
    ("rtsp://me:secret@:99999/x", [], ["is no address"]),
]


@pytest.mark.parametrize(("where", "found", "said"), NOTHING)
def test_what_is_nothing(plugged, where, found, said):
    plugged(*found)
    with pytest.raises(CameraError) as caught:
        resolve(where)
    sentence = str(caught.value)
    assert isinstance(caught.value, InputError)
    assert all(part in sentence for part in said), sentence
    assert sentence.endswith(".") and "\n" not in sentence and "secret" not in sentence


def test_a_folder_is_none(plugged, tmp_path):
    with pytest.raises(CameraError, match="is a folder; name a video file in it"):
        resolve(str(tmp_path))


@pytest.mark.parametrize(
    ("where", "seen"),
    [
        ("rtsp://me:se@cret@10.0.0.5:554/live", "rtsp://10.0.0.5:554/live"),
        ("http://me@host/x?y=1", "http://host/x?y=1"),
        ("http://[::1", "http://[::1"),
        ("http://me:secret@[::1", "http://[::1"),
        ("0", "0"),
        ("me@home.mp4", "me@home.mp4"),
    ],
)
def test_a_password_is_not_shown(where, seen):
    assert shown(where) == seen


# --- why it does not open, and finding it again ----------------------------------------------------------------------

WHY = [
    # number, the found cameras, what the sentence says
    (5, [WEBCAM, USB], ["There is no camera 5", "camera 0 (HD Webcam), camera 2 (Logitech BRIO)"]),
    (0, [], ["There is no camera 0", "no camera was found"]),
    (0, [WEBCAM], ["Camera 0 (HD Webcam) gives no picture", "close programs that may be using it"]),
    (0, [WEBCAM, USB], ["Camera 0 (HD Webcam) gives no picture", "or take camera 2 (Logitech BRIO)."]),
]


@pytest.mark.parametrize(("index", "found", "said"), WHY)
def test_why_a_camera_does_not_open(plugged, index, found, said):
    plugged(*found)
    sentence = str(why_not(index))
    assert all(part in sentence for part in said), sentence
    assert "privacy" not in sentence


def test_a_camera_that_may_not_be_used(plugged, monkeypatch):
    plugged(WEBCAM)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "Camera 0 (HD Webcam) may not be used by you; join the group video" in str(why_not(0))


def test_elsewhere_the_system_may_have_to_allow_it(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(devices, "opencv", lambda: FakeOpenCV(1))
    assert "allow cameras in the system's privacy settings" in str(why_not(0))
    assert "or take camera 1." in str(why_not(0))


def test_a_camera_that_is_plugged_in_again_may_get_another_number(plugged):
    plugged(WEBCAM, USB)
    known = device(2)
    assert (known, str(known)) == (Device(2, "Logitech BRIO"), "camera 2 (Logitech BRIO)")
    assert found_again(known) == 2
    plugged(WEBCAM, (4, "Logitech BRIO", 0))
    assert found_again(known) == 4
    plugged(WEBCAM)
    assert found_again(known) == 2, "not there yet"


# --- quiet -----------------------------------------------------------------------------------------------------------

LOOK = """
from formcheck.coach import devices
from formcheck.coach.camera import Camera
devices._TRIED = 2
print(devices._tried() is not None)
try:
    with Camera("63"):
        pass
except devices.CameraError as error:
    print(error)
"""


def test_looking_for_cameras_writes_nothing_to_the_terminal():
    run = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    assert "There is no camera 63" in run.stdout
