"""An RTSP camera for the tests: H.264 over one TCP connection, in real time, just enough of it for a player."""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction

import av

_TICKS_PER_S = 90_000
_MOST_BYTES = 1400  # of a packet
_SDP = """v=0\r
o=- 0 0 IN IP4 127.0.0.1\r
s=camera\r
t=0 0\r
m=video 0 RTP/AVP 96\r
c=IN IP4 0.0.0.0\r
a=rtpmap:96 H264/90000\r
a=fmtp:96 packetization-mode=1\r
a=control:track0\r
"""


class RtspServer:
    """Plays pictures to each client from the beginning, over and over.

    Attributes:
        url: Where the stream is.
        sent_at: For each picture's number, when it was last sent, by the monotonic clock.
    """

    def __init__(self, images: Sequence, fps: int = 30) -> None:
        self._images = images
        self._fps = fps
        self._ended = threading.Event()
        self._clients: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"rtsp://127.0.0.1:{self._listener.getsockname()[1]}/camera"
        self.sent_at: dict[int, float] = {}
        threading.Thread(target=self._accept, name="rtsp-server", daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Cut all connections."""
        while self._clients:
            client = self._clients.pop()
            with contextlib.suppress(OSError):  # it went first
                client.shutdown(socket.SHUT_RDWR)
            client.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener was closed
            while True:
                client, _ = self._listener.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._clients.append(client)
                threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), client.makefile("rb") as lines:
            while request := lines.readline():
                if request.startswith(b"$"):
                    continue  # a report on how well it receives
                headers = {}
                while header := lines.readline().strip().decode():
                    name, _, value = header.partition(":")
                    headers[name.lower()] = value.strip()
                method = request.split()[0].decode()
                client.sendall(self._answer(method, headers).encode())
                if method == "PLAY":
                    threading.Thread(target=self._play, args=(client,), daemon=True).start()

    def _answer(self, method: str, headers: dict[str, str]) -> str:
        status, more, body = "200 OK", "", ""
        if method == "OPTIONS":
            more = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
        elif method == "DESCRIBE":
            body = _SDP
            more = f"Content-Type: application/sdp\r\nContent-Base: {self.url}/\r\nContent-Length: {len(body)}\r\n"
        elif method == "SETUP" and "TCP" in headers["transport"]:
            more = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
        elif method == "SETUP":
            status = "461 Unsupported Transport"
        return f"RTSP/1.0 {status}\r\nCSeq: {headers['cseq']}\r\nSession: 1\r\n{more}\r\n{body}"

    def _play(self, client: socket.socket) -> None:
        height, width = self._images[0].shape[:2]
        coder = av.CodecContext.create("libx264", "w")
        coder.width, coder.height, coder.pix_fmt = width, height, "yuv420p"
        coder.time_base, coder.framerate, coder.gop_size = Fraction(1, _TICKS_PER_S), Fraction(self._fps), self._fps
        coder.options = {"preset": "veryfast", "tune": "zerolatency"}
        coder.thread_count = 1
        began_s, sequence, count = time.monotonic(), 0, 0
        with contextlib.suppress(OSError):  # the client went, or was cut off
            while not self._ended.wait(max(0.0, began_s + count / self._fps - time.monotonic())):
                number = count % len(self._images)
                frame = av.VideoFrame.from_ndarray(self._images[number], format="bgr24").reformat(format="yuv420p")
                frame.pts, frame.time_base = round(count * _TICKS_PER_S / self._fps), coder.time_base
                self.sent_at[number] = time.monotonic()
                for packet in coder.encode(frame):
                    payloads = list(_payloads(bytes(packet)))
                    for place, payload in enumerate(payloads):
                        last = place == len(payloads) - 1
                        client.sendall(_framed(payload, sequence, packet.pts, last))
                        sequence += 1
                count += 1


def _framed(payload: bytes, sequence: int, ticks: int, last: bool) -> bytes:
    kind = 96 | (0x80 if last else 0)
    packet = struct.pack(">BBHII", 0x80, kind, sequence & 0xFFFF, ticks & 0xFFFFFFFF, 1234) + payload
    return b"$\0" + struct.pack(">H", len(packet)) + packet


def _payloads(data: bytes) -> Iterator[bytes]:
    """Yield what goes into the packets of one picture: whole units, and fragments of those that are too long."""
    for unit in filter(None, re.split(b"\0\0\0\1|\0\0\1", data)):
        if len(unit) <= _MOST_BYTES:
            yield unit
            continue
        kind, rest = unit[0], unit[1:]
        pieces = [rest[start : start + _MOST_BYTES] for start in range(0, len(rest), _MOST_BYTES)]
        for place, piece in enumerate(pieces):
            first, last = place == 0, place == len(pieces) - 1
            yield bytes([(kind & 0xE0) | 28, (0x80 * first) | (0x40 * last) | (kind & 0x1F)]) + piece
