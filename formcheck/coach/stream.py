"""A camera of the network: MJPEG or H.264 over http, https or rtsp, through PyAV."""

from __future__ import annotations

import math
import threading
from collections.abc import Generator
from typing import TYPE_CHECKING

from formcheck.coach.captures import Clock, Shot
from formcheck.coach.devices import list_cameras, shown
from formcheck.errors import CameraError

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_URL_TIMEOUT_S = 5.0
_URL_OPTIONS = {
    # No time spent on guessing the frame rate. Not "nobuffer": to throw away what was read while looking at the start
    # is to wait for the next whole picture, which some cameras send every 10 s only.
    "flags": "low_delay",
    "analyzeduration": "0",
    "fpsprobesize": "0",
    "max_delay": "0",
    "rtsp_flags": "prefer_tcp",  # over UDP the Wi-Fi loses parts of pictures
    "http_proxy": "",  # a camera's pictures go straight to this machine
    "protocol_whitelist": "http,https,tcp,tls,udp,rtp,srtp,rtsp,rtsps",
}
# Pictures that come at once after a break this long were held up on their way and are old; only for so long, as on a
# machine that is slower than the camera every picture comes at once.
_BREAK_S = 0.3
_WAITED_S = 0.008
_CATCH_UP_S = 1.0

_WITH_USER = "them in the address, as in http://user:password@192.168.0.20:8080/video"


class UrlCapture:
    """A stream of the network, through PyAV.

    Measured against OpenCV's reader on loopback: the same 2 ms for MJPEG over HTTP (both decode by FFmpeg), but 38
    instead of 70 ms for H.264 over RTSP, and the reason of a failure is told instead of printed.
    """

    finite = False
    advice = "check that the camera, or the phone's camera app, is running and is in the same network"

    def __init__(self, url: str, clock: Clock) -> None:
        self._url = url
        self._clock = clock
        self._reason: Exception | None = None
        self.name = shown(url)

    def shots(self, stop: threading.Event) -> Generator[Shot, None, None]:
        """Yield its pictures until the stream breaks off or nothing has come for 5 s."""
        import av  # noqa: PLC0415 - slow

        self._reason = None
        try:
            with av.open(self._url, options=_URL_OPTIONS, timeout=(_URL_TIMEOUT_S, _URL_TIMEOUT_S)) as container:
                yield from self._decoded(container, stop)
        except (av.error.FFmpegError, UnicodeError) as error:
            self._reason = error

    def why_not(self) -> CameraError:
        """Return the error that says why it gave no picture."""
        import av  # noqa: PLC0415 - slow

        if isinstance(self._reason, av.error.HTTPUnauthorizedError):
            return CameraError(f"{self.name} asks for a user and a password; give {_WITH_USER}.")
        if isinstance(self._reason, av.error.HTTPNotFoundError):
            return CameraError(f"There is no camera at {self.name}; check what follows the last slash of the address.")
        if isinstance(self._reason, av.error.InvalidDataError):
            return CameraError(f"{self.name} is no video; give the address of the video itself, not of its web page.")
        devices = ", ".join(map(str, list_cameras()))
        instead = f", or take {devices}" if devices else ""
        return CameraError(f"{self.name} gives no picture: {self.advice}{instead}.")

    def _decoded(self, container: InputContainer, stop: threading.Event) -> Generator[Shot, None, None]:
        from formcheck.video.decoder import Converter  # noqa: PLC0415 - slow

        stream = _low_delay(container)
        converter = Converter(stream)
        asked_s = self._clock()
        # What came while the stream was being opened is old as well.
        catches_up_until_s = asked_s + _CATCH_UP_S
        for packet in container.demux(stream):
            taken_s = self._clock()
            waited_s = taken_s - asked_s
            late = waited_s < _WAITED_S and taken_s < catches_up_until_s
            if waited_s > _BREAK_S:
                catches_up_until_s = taken_s + _CATCH_UP_S
            elif not late:
                catches_up_until_s = -math.inf
            if stop.is_set():
                return
            for frame in _frames(packet):
                yield Shot(converter.image_of(frame), taken_s, late=late)
            asked_s = self._clock()


def _low_delay(container: InputContainer) -> VideoStream:
    """Return the video stream, set to give each picture as soon as it is there.

    Raises:
        InvalidDataError: There is none that can be decoded.
    """
    from av.codec.context import Flags, ThreadType  # noqa: PLC0415 - slow
    from av.error import InvalidDataError  # noqa: PLC0415 - slow

    stream = next(iter(container.streams.video), None)
    if stream is None or stream.codec_context is None:
        raise InvalidDataError(0, "no video that can be decoded")
    # Threads that each decode a picture of their own would hold back as many pictures.
    stream.thread_type = ThreadType.SLICE
    stream.codec_context.flags |= Flags.low_delay
    return stream


def _frames(packet: Packet[VideoStream]) -> list[VideoFrame]:
    """Return the whole pictures that a packet gives: one patched up from damaged data shows a body that never was."""
    from av.error import FFmpegError  # noqa: PLC0415 - slow

    try:
        # The empty packet at the end would bring up what the decoder held back.
        frames = packet.decode() if packet.size else []
    except FFmpegError:
        return []  # the stream began, or lost something, between two whole pictures
    return [frame for frame in frames if not frame.is_corrupt]
