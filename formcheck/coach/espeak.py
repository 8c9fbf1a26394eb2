"""espeak-ng, as a program or as the library in the wheel `espeakng-loader`: text in, a WAV out.

espeak-ng is under the GPL, version 3 or later. Neither is a part of formcheck: the program is the system's, and the
wheel comes only to who asks for the extra `voice`. The program's own output is not used, for it ends without an error
where there is no sound card; who plays its WAV notices.
"""

from __future__ import annotations

import ctypes
import importlib
import io
import os
import shutil
import subprocess
import threading
import wave
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from formcheck.coach.sound import SpeechError, to_wav

WORDS_A_MINUTE = 175  # its own pace; slower, corrections are still being said when the next number is due
ANSWER_S = 10.0
_SYNCHRONOUS, _DO_NOT_EXIT = 2, 0x8000
_RATE, _UTF8, _BY_CHARACTER, _OK = 1, 1, 1, 0
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Synthesizer(Protocol):
    """Makes speech of text."""

    @property
    def name(self) -> str:
        """What speaks."""
        ...

    def wav(self, text: str) -> bytes:
        """The text as a WAV.

        Raises:
            SpeechError: It cannot be spoken.
        """
        ...


class EspeakProgram:
    """The program espeak-ng.

    Attributes:
        name: "espeak-ng".
    """

    name = "espeak-ng"

    def __init__(self, voice: str, which: Callable[[str], str | None] = shutil.which) -> None:
        """Find the program.

        Args:
            voice: espeak-ng's name of the language.
            which: Finds a program's path by its name.

        Raises:
            SpeechError: It is not there, or does not know the voice.
        """
        path = which("espeak-ng")
        if path is None:
            raise SpeechError("The program espeak-ng is not installed.")
        self._command = [path, "-v", voice, "-s", str(WORDS_A_MINUTE), "-z", "--stdin", "--stdout"]
        self.wav("1")

    def wav(self, text: str) -> bytes:
        """See `Synthesizer`."""
        try:
            done = subprocess.run(
                self._command, input=text.encode(), capture_output=True, timeout=ANSWER_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SpeechError(f"espeak-ng does not answer: {error}.") from None
        if done.returncode or not done.stdout:
            complaint = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise SpeechError(f"espeak-ng failed: {complaint[-1] if complaint else 'it said nothing'}.")
        return _repaired(done.stdout)


def _repaired(piped: bytes) -> bytes:
    """A WAV with its true length: a program that writes into a pipe cannot go back to fill it in."""
    try:
        with wave.open(io.BytesIO(piped)) as file:
            return to_wav(file.readframes(len(piped)), file.getframerate())
    except (wave.Error, EOFError) as error:
        raise SpeechError(f"espeak-ng gave no sound: {error}.") from None


class EspeakLibrary:
    """The library espeak-ng from the wheel `espeakng-loader`.

    Attributes:
        name: "espeakng-loader".
    """

    name = "espeakng-loader"

    def __init__(self, voice: str) -> None:
        """Load the library, unless it is.

        Args:
            voice: espeak-ng's name of the language.

        Raises:
            SpeechError: The wheel is not installed, or does not work here, or does not know the voice.
        """
        self._library, self._voice = _library(), voice
        self._library.wav("1", voice)

    def wav(self, text: str) -> bytes:
        """See `Synthesizer`."""
        return self._library.wav(text, self._voice)


@cache
def _library() -> _Library:
    return _Library()


class _Library:
    """The library itself: it can be begun once in a process (a second time it uses what the first one has freed)."""

    def __init__(self) -> None:
        try:
            loader = importlib.import_module("espeakng_loader")  # an extra
        except ImportError:
            raise SpeechError("The package espeakng-loader is not installed.") from None
        try:
            self._library = ctypes.CDLL(loader.get_library_path())
            data = Path(loader.get_data_path())
        except (OSError, RuntimeError) as error:
            raise SpeechError(f"espeakng-loader does not work on this computer: {error}.") from None
        self._lock = threading.Lock()
        self._samples = bytearray()
        self._callback = _Callback(self._take)
        self._voice: str | None = None
        self._rate_hz = int(self._library.espeak_Initialize(_SYNCHRONOUS, 0, os.fsencode(data), _DO_NOT_EXIT))
        if self._rate_hz <= 0:
            raise SpeechError(f"espeakng-loader cannot read its data in {data}.")
        self._library.espeak_SetSynthCallback(self._callback)

    def wav(self, text: str, voice: str) -> bytes:
        """A text by a voice, as `Synthesizer.wav`."""
        content = text.encode()
        with self._lock:
            self._choose(voice)
            self._samples.clear()
            result = self._library.espeak_Synth(
                content, ctypes.c_size_t(len(content) + 1), 0, _BY_CHARACTER, 0, _UTF8, None, None
            )
            samples = bytes(self._samples)
        if result != _OK or not samples:
            raise SpeechError(f"espeakng-loader cannot speak (code {result}).")
        return to_wav(samples, self._rate_hz)

    def _choose(self, voice: str) -> None:
        if voice == self._voice:
            return
        self._voice = None
        if self._library.espeak_SetVoiceByName(voice.encode()) != _OK:
            raise SpeechError(f"espeakng-loader has no voice {voice!r}.")
        self._library.espeak_SetParameter(_RATE, WORDS_A_MINUTE, 0)
        self._voice = voice

    def _take(self, samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            self._samples += ctypes.string_at(samples, 2 * count)
        return 0
