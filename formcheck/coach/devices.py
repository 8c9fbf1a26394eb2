"""Which cameras there are, and which one a user means."""

from __future__ import annotations

import os
import re
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from formcheck.errors import CameraError

SCHEMES = ("http", "https", "rtsp", "rtsps")
EXAMPLE_URL = "http://192.168.0.20:8080/video"

_CLASS = Path("/sys/class/video4linux")
_NODES = Path("/dev")
# Where a system has no list of cameras, so many numbers are tried.
_TRIED = 6
_MAX_INDEX = 255
# From Linux' videodev2.h: the question what a node can do, and the answers that matter.
_QUERYCAP = 0x80685600
_QUERYCAP_SIZE = 104
_CAPABILITIES_AT = 84
_HAS_DEVICE_CAPS = 0x80000000
_CAPTURE = 0x00000001 | 0x00001000


@dataclass(frozen=True, slots=True)
class Device:
    """A camera of this machine.

    Attributes:
        index: Its number, as OpenCV counts.
        name: What it calls itself; "camera 0" where the system does not tell.
    """

    index: int
    name: str

    def __str__(self) -> str:
        return self.name if self.name == _unnamed(self.index) else f"camera {self.index} ({self.name})"


def list_cameras() -> tuple[Device, ...]:
    """Return the cameras of this machine by rising index.

    Linux is asked for its list. Elsewhere each number is opened for a moment, which may take seconds, light the
    camera's lamp, and miss one that another program uses.
    """
    return _listed(_CLASS, _NODES) if sys.platform == "linux" else _tried()


def resolve(where: str) -> str:
    """Return what `Camera` opens: a device's index, the URL, or the path of an existing file.

    Args:
        where: An index, a device's path, a URL, a file, or a part of a device's name in upper or lower case.

    Raises:
        CameraError: It is none of these; the sentence names the cameras found.
    """
    where = where.strip()
    if where.isdecimal():
        if int(where) > _MAX_INDEX:
            raise why_not(int(where))
        return str(int(where))
    if "://" in where:
        return _checked_url(where)
    return _path(where) or _named(where, list_cameras())


def shown(where: str) -> str:
    """Return a URL without the user and password in it, and everything else as it is."""
    return re.sub(r"(?<=://)[^/?#]*@", "", where)


def device(index: int) -> Device:
    """Return a device with its name, where that can be had without opening it."""
    name = _name(_CLASS / f"video{index}") if sys.platform == "linux" else None
    return Device(index, name or _unnamed(index))


def found_again(known: Device) -> int:
    """Return the index of a device that was plugged in again: on Linux it may have got another one."""
    if sys.platform != "linux" or device(known.index).name == known.name:
        return known.index
    return next((other.index for other in list_cameras() if other.name == known.name), known.index)


def why_not(index: int) -> CameraError:
    """Return the error for a device that does not open or gives no picture; it names the other cameras."""
    devices = list_cameras()
    others = [other for other in devices if other.index != index]
    node = _NODES / f"video{index}"
    # Only Linux lists a camera that another program uses.
    if sys.platform == "linux" and len(others) == len(devices) and not node.exists():
        return CameraError(f"There is no camera {index}: {_found(devices)}; give {_a_camera(devices)}.")
    name = _capital(str(device(index)))
    if sys.platform == "linux" and not os.access(node, os.R_OK | os.W_OK):
        return CameraError(f"{name} may not be used by you; join the group video and log in again.")
    allow = "" if sys.platform == "linux" else ", allow cameras in the system's privacy settings"
    instead = f", or take {_list(others)}" if others else ""
    return CameraError(
        f"{name} gives no picture: close programs that may be using it{allow}, plug it in again{instead}."
    )


def opencv() -> Any:
    """Import OpenCV and keep it from writing its log to the terminal: what fails is told by us.

    Returns:
        The module.
    """
    # A read that gets no picture shall come back before the user wonders; the default is ten seconds.
    os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "3")
    # With these, Windows takes up to half a minute to open a camera.
    os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")
    os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
    import cv2  # noqa: PLC0415 - slow

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    return cv2


def backend(cv2: Any) -> int:
    """Return which of OpenCV's ways to open a device is asked, so that it does not try, and complain about, all."""
    return int({"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION}.get(sys.platform, cv2.CAP_ANY))


def _listed(folder: Path, nodes: Path) -> tuple[Device, ...]:
    """Return the cameras among Linux' video devices: many of them have a second node that gives no pictures."""
    found = []
    for place in folder.glob("video*"):
        number = place.name.removeprefix("video")
        if number.isdecimal() and _captures(place, nodes / place.name):
            found.append(Device(int(number), _name(place) or _unnamed(int(number))))
    return tuple(sorted(found, key=lambda device: device.index))


def _name(place: Path) -> str | None:
    try:
        # UVC cameras say "Integrated Camera: Integrated C", cut off at 31 letters.
        return (place / "name").read_text(errors="replace").strip().split(": ")[0] or None
    except OSError:
        return None


def _captures(place: Path, node: Path) -> bool:
    """Tell whether a node gives pictures: by asking it, or, if it may not be opened, by being its device's first."""
    answer = _capabilities(node)
    if answer is not None:
        return bool(answer & _CAPTURE)
    try:
        return int((place / "index").read_text()) == 0
    except (OSError, ValueError):
        return True


def _capabilities(node: Path) -> int | None:
    """Return what a node can do, or None if it does not say; asking disturbs nobody who is using it."""
    import fcntl  # noqa: PLC0415 - not on Windows

    answer = bytearray(_QUERYCAP_SIZE)
    try:
        handle = os.open(node, os.O_RDWR | os.O_NONBLOCK)
        try:
            fcntl.ioctl(handle, _QUERYCAP, answer)
        finally:
            os.close(handle)
    except OSError:
        return None
    whole, own = struct.unpack_from("=II", answer, _CAPABILITIES_AT)
    return int(own if whole & _HAS_DEVICE_CAPS else whole)


def _tried() -> tuple[Device, ...]:
    cv2 = opencv()
    found = []
    for index in range(_TRIED):
        capture = cv2.VideoCapture(index, backend(cv2))
        if capture.isOpened():
            found.append(Device(index, _unnamed(index)))
        capture.release()
    return tuple(found)


def _path(where: str) -> str | None:
    """Return a file's path, or the index of a device's path; None if there is nothing of that name."""
    place = Path(where)
    try:
        if place.is_file():
            return where
        node = re.fullmatch(r"video(\d+)", place.resolve().name)
        if node and place.is_char_device():
            return node[1]
        folder = bool(where) and place.is_dir()
    except (OSError, ValueError):
        return None  # nothing that a file can be called
    if folder:
        raise CameraError(f"{where} is a folder; name a video file in it.")
    return None


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port  # raises for a port that is none
    except ValueError:
        host = None
    if not host:
        raise CameraError(f"{shown(url)} is no address of a camera; give one such as {EXAMPLE_URL}.")
    if parts.scheme not in SCHEMES:
        raise CameraError(f"A camera at {parts.scheme}:// cannot be read; give an address such as {EXAMPLE_URL}.")
    return url


def _named(part: str, devices: tuple[Device, ...]) -> str:
    wanted = part.casefold()
    fits = [device for device in devices if wanted and wanted in device.name.casefold()]
    exact = [device for device in fits if device.name.casefold() == wanted]
    names = {device.name for device in exact or fits}
    if len(names) > 1:
        raise CameraError(f"{part} fits several cameras, {_list(fits)}; give the number of one.")
    if not fits:
        what = f"{part} is neither a camera nor a file" if part else "No camera was named"
        raise CameraError(f"{what}: {_found(devices)}; give {_a_camera(devices)}.")
    return str((exact or fits)[0].index)  # two of the same name: the first


def _found(devices: tuple[Device, ...]) -> str:
    return f"found {_list(devices)}" if devices else "no camera was found"


def _a_camera(devices: tuple[Device, ...]) -> str:
    first = "the number of one found" if devices else "its number once it is connected"
    return f"{first}, a video file, or the address of a phone as camera, such as {EXAMPLE_URL}"


def _list(devices: Iterable[Device]) -> str:
    return ", ".join(map(str, devices))


def _unnamed(index: int) -> str:
    return f"camera {index}"


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
