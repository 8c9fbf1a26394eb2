"""An IP camera for the tests: plays pictures or a video over HTTP as MJPEG in real time, and fails when told to."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

JPEG_QUALITY = 92
BLOCK_PX = 16  # JPEG and H.264 keep the brightness of such a block for sure
NUMBER_BITS = 16


def jpeg(image) -> bytes:
    """Return a picture as JPEG."""
    import cv2  # noqa: PLC0415

    ok, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    assert ok
    return data.tobytes()


def numbered(number, size=(320, 240)):
    """Return a grey picture with a number in its top row, as blocks of black and white."""
    image = np.full((size[1], size[0], 3), 110, np.uint8)
    for bit in range(NUMBER_BITS):
        image[:BLOCK_PX, bit * BLOCK_PX : (bit + 1) * BLOCK_PX] = 235 if number >> bit & 1 else 20
    return image


def number_of(image) -> int:
    """Read the number back."""
    middle = BLOCK_PX // 2
    return sum(1 << bit for bit in range(NUMBER_BITS) if image[middle, bit * BLOCK_PX + middle].mean() > 128)


def numbered_jpegs(count, size=(320, 240)) -> list[bytes]:
    """Return that many pictures that tell their number."""
    return [jpeg(numbered(number, size)) for number in range(count)]


class MjpegServer:
    """Plays a film to every client at once, as a camera does: what a client does not take in time it misses.

    The film begins with the first client's connection.

    Args:
        film: JPEG pictures, or a video file, which is decoded and encoded here before anybody connects.
        film_fps: Pictures per second of a list of JPEG pictures; a video has its own times.
        fps: At most so many pictures a second are sent; None sends all. May be set at any time.
        loop: Whether the film starts over at its end; else the connections are closed there and new ones find no film.
        freeze: Whether the film stands still while paused or dropped, so that nothing of it is missed.
        length: Whether each part tells its length, which some cameras leave out.

    Attributes:
        url: Where the stream is. The same server has a web page at /, and asks for a password at /locked.
        sent_at: For each picture's number in the film, when it was last sent to anybody, by the monotonic clock.
        clients: How many connections are open now.
        connections: How many there were.
    """

    def __init__(
        self,
        film: Sequence[bytes] | Path,
        *,
        film_fps: float = 30.0,
        fps: float | None = None,
        loop: bool = True,
        freeze: bool = False,
        length: bool = True,
    ) -> None:
        if isinstance(film, Path):
            self._pictures, self._times = _encoded(film)
        else:
            self._pictures, self._times = list(film), [i / film_fps for i in range(len(film))]
        step_s = self._times[-1] / (len(self._times) - 1) if len(self._times) > 1 else 1 / film_fps
        self._lasts_s = self._times[-1] + step_s
        self.fps = fps
        self.sent_at: dict[int, float] = {}
        self.clients = 0
        self.connections = 0
        self._loop = loop
        self._freeze = freeze
        self._length = length
        self._size: tuple[int, int] | None = None
        self._changed = threading.Condition()
        self._began_at: float | None = None
        self._away_at: float | None = None  # since when the film stands still
        self._paused = self._dropped = self._held_up = False
        self._sockets: set[socket.socket] = set()
        self._server: _Server | None = None
        self._port = 0
        self._listen()
        self.url = f"http://127.0.0.1:{self._port}/video"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # --- switches ---

    def pause(self) -> None:
        """Send nothing, and keep the connections open."""
        with self._changed:
            self._paused = True
            self._stand_still()

    def resume(self) -> None:
        """Send again."""
        with self._changed:
            self._paused = False
            self._go_on()

    def drop(self) -> None:
        """Cut all connections, and refuse new ones."""
        with self._changed:
            self._dropped = True
            self._stand_still()
        self._silence()

    def restore(self) -> None:
        """Take connections again, at the same address."""
        self._listen()
        with self._changed:
            self._dropped = False
            self._go_on()

    def hold_up(self) -> None:
        """Let the network hold the pictures up: they queue from now on, as nothing skips them there."""
        self._held_up = True

    def let_go(self) -> None:
        """Let the network bring all pictures that it held up at once, and go on as usual."""
        self._held_up = False

    def resize(self, width, height) -> None:
        """Send pictures of another size from now on."""
        with self._changed:
            self._size = (width, height)

    def rewind(self) -> None:
        """Let the film begin anew with the next client's connection."""
        with self._changed:
            self._began_at = self._away_at = None

    def close(self) -> None:
        """End it all."""
        self.drop()

    def film_s(self) -> float:
        """Return how far the film has come, in seconds; 0 before anybody has connected."""
        with self._changed:
            return self._at_s()

    @property
    def over(self) -> bool:
        """Whether the film has ended."""
        return not self._loop and self.film_s() >= self._lasts_s

    # --- within ---

    def _listen(self) -> None:
        if self._server is not None:
            return
        self._server = _Server(("127.0.0.1", self._port), self)
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), name="mjpeg-server", daemon=True).start()

    def _silence(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        server.shutdown()
        with self._changed:
            self._changed.notify_all()
            for connection in self._sockets:
                with contextlib.suppress(OSError):  # the client went first
                    connection.shutdown(socket.SHUT_RDWR)
        server.server_close()
        with self._changed:
            assert self._changed.wait_for(lambda: self.clients == 0, 5), "a connection hangs"

    def _stand_still(self) -> None:
        if self._freeze and self._began_at is not None and self._away_at is None:
            self._away_at = time.monotonic()

    def _go_on(self) -> None:
        if self._away_at is not None and not self._paused and not self._dropped:
            self._began_at += time.monotonic() - self._away_at
            self._away_at = None

    def _at_s(self) -> float:
        if self._began_at is None:
            return 0.0
        return (self._away_at or time.monotonic()) - self._began_at

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        """Send the film to one client until it, the film or the server ends."""
        with self._changed:
            self._sockets.add(handler.connection)
            self.clients += 1
            self.connections += 1
            if self._began_at is None:
                self._began_at = time.monotonic()
        try:
            self._send_all(handler)
        except OSError:
            handler.close_connection = True  # the client went, or was cut off
        finally:
            with self._changed:
                self._sockets.discard(handler.connection)
                self.clients -= 1
                self._changed.notify_all()

    def _send_all(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        handler.send_header("Cache-Control", "no-store")
        handler.end_headers()
        last, not_before_s, held_up = (-1, -1), 0.0, []
        while not self._dropped:
            due = self._due()
            if due is None:
                break
            if due <= last or self._paused or time.monotonic() < not_before_s:
                with self._changed:
                    self._changed.wait(0.002)
                continue
            last = due
            if self.fps:
                not_before_s = max(not_before_s + 1 / self.fps, time.monotonic())
            held_up.append(due[1])
            if not self._held_up:
                for number in held_up:
                    self._send(handler, number)
                held_up.clear()

    def _due(self) -> tuple[int, int] | None:
        """Return the round of the film and the number of the picture that is to be seen now; None after its end."""
        at_s = self.film_s()
        if at_s >= self._lasts_s and not self._loop:
            return None
        turn, at_s = divmod(at_s, self._lasts_s)
        return int(turn), int(np.searchsorted(self._times, at_s, side="right")) - 1

    def _send(self, handler: BaseHTTPRequestHandler, number: int) -> None:
        data = _resized(self._pictures[number], self._size)
        length = f"Content-Length: {len(data)}\r\n" if self._length else ""
        head = f"--frame\r\nContent-Type: image/jpeg\r\n{length}\r\n".encode()
        self.sent_at[number] = time.monotonic()
        handler.wfile.write(head + data + b"\r\n")


class _Server(ThreadingHTTPServer):
    """Quiet about clients that go."""

    def __init__(self, address, film: MjpegServer) -> None:
        self.film = film
        super().__init__(address, _Handler)

    def handle_error(self, request, client_address) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        if self.path == "/locked":
            self.send_error(401)
        elif self.path == "/":
            self._send_page()
        elif self.path != "/video":
            self.send_error(404)
        elif self.server.film.over:
            self.send_error(503)
        else:
            self.server.film.serve(self)

    def _send_page(self) -> None:
        page = b"<!DOCTYPE html><html><body>The video is elsewhere.</body></html>" * 40
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_) -> None:
        pass


def _encoded(path: Path) -> tuple[list[bytes], list[float]]:
    from formcheck.video.source import VideoFile  # noqa: PLC0415

    with VideoFile(path) as clip:
        frames = [(jpeg(frame.image), frame.time_s) for frame in clip]
    return [data for data, _ in frames], [time_s for _, time_s in frames]


def _resized(data: bytes, size: tuple[int, int] | None) -> bytes:
    if size is None:
        return data
    import cv2  # noqa: PLC0415

    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return data if image.shape[1::-1] == size else jpeg(cv2.resize(image, size))
