"""Playing a WAV through whatever the platform has for it, so that no library of sound is needed."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from formcheck.errors import FormcheckError

RATE_HZ = 22050
POLL_S = 0.02  # how soon a stop, and the end, is noticed
HANGING_S = 10.0  # a program that takes this much longer than the sound lasts is stuck
LONGEST = 300  # letters; more is no cue
SECONDS_A_LETTER = 0.12  # slow speech
_PATH = "{path}"


class SpeechError(FormcheckError):
    """Nothing can be heard this way."""


class Player(Protocol):
    """Plays a WAV."""

    @property
    def name(self) -> str:
        """What plays."""
        ...

    def play(self, wav: bytes, stop: threading.Event) -> None:
        """Play it to its end, or until the stop.

        Raises:
            SpeechError: It cannot be played.
        """
        ...


@dataclass(frozen=True, slots=True)
class Program:
    """A program that plays: it reads the WAV from its standard input, or from a file where `{path}` stands."""

    command: tuple[str, ...]


# Of Linux: PulseAudio, ALSA, PipeWire. All are asked in turn, for having the program says little of having the sound.
_PROGRAMS: dict[str, tuple[Program, ...]] = {
    "darwin": (Program(("afplay", _PATH)),),
    "linux": (
        Program(("paplay", _PATH)),
        Program(("aplay", "-q", "-")),
        Program(("pw-play", _PATH)),
    ),
}


def find_player(platform: str = sys.platform, which: Callable[[str], str | None] = shutil.which) -> Player | None:
    """What plays sound here; None where nothing is found.

    Args:
        platform: As `sys.platform`.
        which: Finds a program's path by its name.
    """
    if platform == "win32":
        return WindowsPlayer()
    known = _PROGRAMS.get(platform, _PROGRAMS["linux"])
    found = [(path, program) for program in known if (path := which(program.command[0]))]
    return ProgramPlayer([(path, *program.command[1:]) for path, program in found]) if found else None


class ProgramPlayer:
    """Plays by the first of some programs that works.

    Attributes:
        name: Of the program that is used at present.
    """

    def __init__(self, commands: Sequence[Sequence[str]]) -> None:
        self._commands = [tuple(command) for command in commands]

    @property
    def name(self) -> str:
        """The program's name."""
        return Path(self._commands[0][0]).stem

    def play(self, wav: bytes, stop: threading.Event) -> None:
        """See `Player`."""
        while True:
            try:
                return _play(self._commands[0], wav, stop)
            except SpeechError:
                if len(self._commands) == 1:
                    raise
                self._commands.pop(0)


def _play(command: Sequence[str], wav: bytes, stop: threading.Event) -> None:
    with contextlib.ExitStack() as stack:
        given: bytes | None = wav
        if _PATH in command:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="formcheck-")))
            try:
                (folder / "sound.wav").write_bytes(wav)
            except OSError as error:
                raise SpeechError(f"Sound cannot be written for {command[0]}: {error.strerror}.") from None
            command = [str(folder / "sound.wav") if part == _PATH else part for part in command]
            given = None
        run(command, given, stop, seconds(wav) + HANGING_S)


def run(command: Sequence[str], given: bytes | None, stop: threading.Event, most_s: float) -> None:
    """Run a program to its end, or until the stop. No shell has a part in it.

    Args:
        command: The program and its arguments.
        given: For its standard input.
        stop: Set from another thread to end it.
        most_s: After this many seconds it is stuck.

    Raises:
        SpeechError: It is missing, fails, or is stuck.
    """
    name = Path(command[0]).name
    with tempfile.TemporaryFile() as complaint:
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaint, close_fds=True
            )
        except OSError as error:
            raise SpeechError(f"{name} cannot be started: {error.strerror or error}.") from None
        feeder = threading.Thread(target=_feed, args=(process, given), daemon=True)
        feeder.start()
        try:
            ended = _wait(process, stop, most_s)
        finally:
            process.kill()
            process.wait()
            feeder.join()
        if not ended and not stop.is_set():
            raise SpeechError(f"{name} hangs: it did not end in {most_s:.0f} seconds.")
        if ended and process.returncode:
            complaint.seek(0)
            lines = complaint.read().decode("utf-8", "replace").strip().splitlines()
            raise SpeechError(f"{name} failed: {lines[-1] if lines else f'code {process.returncode}'}.")


def _feed(process: subprocess.Popen[bytes], given: bytes | None) -> None:
    """Give a program its input; one that ends before it has read everything says why by its code."""
    assert process.stdin is not None
    with contextlib.suppress(OSError):
        if given:
            process.stdin.write(given)
    with contextlib.suppress(OSError):
        process.stdin.close()


def _wait(process: subprocess.Popen[bytes], stop: threading.Event, most_s: float) -> bool:
    """Whether the program ended by itself."""
    until = time.monotonic() + most_s
    while process.poll() is None:
        if stop.wait(POLL_S) or time.monotonic() > until:
            return False
    return True


class WindowsPlayer:
    """Plays by what Windows itself brings."""

    name = "winsound"

    def play(self, wav: bytes, stop: threading.Event) -> None:
        """See `Player`."""
        if sys.platform == "win32":
            import winsound  # noqa: PLC0415 - a part of Windows

            # Only a file can be played so that it can be stopped.
            with tempfile.TemporaryDirectory(prefix="formcheck-", ignore_cleanup_errors=True) as folder:
                path = Path(folder) / "sound.wav"
                try:
                    path.write_bytes(wav)
                    winsound.PlaySound(str(path), winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
                except (OSError, RuntimeError) as error:
                    raise SpeechError(f"Windows cannot play sound: {error}.") from None
                stop.wait(seconds(wav))
                winsound.PlaySound(None, 0)
        else:
            raise SpeechError("There is no winsound here: it is a part of Windows.")


def to_wav(samples: bytes, rate_hz: int = RATE_HZ) -> bytes:
    """Samples (16 bit, one channel, little-endian) as a WAV."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(samples)
    return buffer.getvalue()


def seconds(wav: bytes) -> float:
    """How long a WAV lasts.

    Raises:
        SpeechError: It is none.
    """
    try:
        with wave.open(io.BytesIO(wav)) as file:
            return float(file.getnframes() / file.getframerate())
    except (wave.Error, EOFError, ZeroDivisionError) as error:
        raise SpeechError(f"What was to be played is no sound: {error}.") from None


def plain(text: str) -> str:
    """The text on one line, not too long, and without what speech programs take for commands."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(printable.replace("[[", " ").replace("]]", " ").split())[:LONGEST]
