"""By what the coach is heard: the platform's own speech, espeak-ng, tones, or nothing but the screen.

No text goes through a shell, and none is a program's argument: it might be taken for an option.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Protocol

from formcheck.coach.espeak import EspeakLibrary, EspeakProgram, Synthesizer
from formcheck.coach.language import Language
from formcheck.coach.model import Utterance
from formcheck.coach.sapi import WindowsVoice
from formcheck.coach.sound import HANGING_S, SECONDS_A_LETTER, Player, SpeechError, find_player, plain, run
from formcheck.coach.tones import Tones

_LISTED = re.compile(r"(?P<name>.+?)\s+(?P<language>[a-z]{2,3})[_-]\S+\s+#")
_HOW = {
    "darwin": "add one in the settings under Accessibility, Spoken Content, or install formcheck with the extra voice",
    "win32": "add one in the settings under Time & language, Speech, or install formcheck with the extra voice",
}
_HOW_ELSE = "install the program espeak-ng, or formcheck with the extra voice"
_NO_PLAYER = (
    "No program that plays sound was found, so what is said is only shown: install alsa-utils (aplay), "
    "pulseaudio-utils (paplay) or pipewire (pw-play)."
)

Which = Callable[[str], str | None]


class Backend(Protocol):
    """By what the coach is heard.

    Attributes:
        name: For people and the log.
        problem: Why it is not a voice and what to do, one sentence; None for a voice.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def problem(self) -> str | None: ...  # noqa: D102

    def speak(self, utterance: Utterance, stop: threading.Event) -> None:
        """Say it; return when it is said, or soon after the stop was set from another thread.

        Raises:
            SpeechError: It cannot be heard.
        """
        ...

    def close(self) -> None:
        """End what was started for it."""
        ...


class Silent:
    """Says nothing: the screen has to do.

    Attributes:
        name: "silent".
        problem: Why, and what to do.
    """

    name = "silent"

    def __init__(self, problem: str | None = None) -> None:
        self.problem = problem

    def speak(self, utterance: Utterance, stop: threading.Event) -> None:
        """See `Backend`."""

    def close(self) -> None:
        """Nothing is kept open."""


class Synthesized:
    """Speaks by a synthesizer that makes a WAV and a player that plays it.

    Attributes:
        name: The synthesizer's.
        problem: None.
    """

    problem = None

    def __init__(self, synthesizer: Synthesizer, player: Player) -> None:
        self._synthesizer, self._player = synthesizer, player

    @property
    def name(self) -> str:
        """The synthesizer's name."""
        return self._synthesizer.name

    def speak(self, utterance: Utterance, stop: threading.Event) -> None:
        """See `Backend`."""
        self._player.play(self._synthesizer.wav(plain(utterance.text)), stop)

    def close(self) -> None:
        """Nothing is kept open."""


class MacVoice:
    """Speaks by the program `say` of macOS.

    Attributes:
        name: "say" and the voice's name.
        problem: None.
    """

    problem = None

    def __init__(self, language: Language, which: Which = shutil.which) -> None:
        """Find a voice.

        Args:
            language: In which to speak.
            which: Finds a program's path by its name.

        Raises:
            SpeechError: There is no such program or no voice of the language.
        """
        path = which("say")
        if path is None:
            raise SpeechError("The program say is not there.")
        voice = _mac_voice(path, language)
        self.name = f"say ({voice})"
        self._command = (path, "-v", voice, "-f", "-")

    def speak(self, utterance: Utterance, stop: threading.Event) -> None:
        """See `Backend`."""
        text = plain(utterance.text)
        run(self._command, text.encode(), stop, HANGING_S + SECONDS_A_LETTER * len(text))

    def close(self) -> None:
        """Nothing is kept open."""


def choose_backend(language: Language, *, platform: str = sys.platform, which: Which = shutil.which) -> Backend:
    """The best way to be heard here, in this language. A voice of another language is none.

    Args:
        language: In which to speak.
        platform: As `sys.platform`.
        which: Finds a program's path by its name.
    """
    reasons = []
    for make in _voices(language, platform, which):
        try:
            return make()
        except SpeechError as error:
            reasons.append(str(error).rstrip("."))
    how = _HOW.get(platform, _HOW_ELSE)
    problem = f"No voice speaks {language.name} here ({'; '.join(reasons)}): {how}."
    return without_voice(problem, platform=platform, which=which)


def without_voice(problem: str, *, platform: str = sys.platform, which: Which = shutil.which) -> Backend:
    """What is left where there is no voice: tones, or nothing.

    Args:
        problem: Why there is none, one sentence.
        platform: As `sys.platform`.
        which: Finds a program's path by its name.
    """
    player = find_player(platform, which)
    return Silent(_NO_PLAYER) if player is None else Tones(player, problem)


def _voices(language: Language, platform: str, which: Which) -> Iterator[Callable[[], Backend]]:
    """All voices that there may be, the best first."""
    if platform == "darwin":
        yield lambda: MacVoice(language, which)
    if platform == "win32":
        yield lambda: WindowsVoice(language, which)
    player = find_player(platform, which)
    if player is not None:
        yield lambda: Synthesized(EspeakProgram(language.voice.espeak, which), player)
        yield lambda: Synthesized(EspeakLibrary(language.voice.espeak), player)


def _mac_voice(path: str, language: Language) -> str:
    """The voice that sounds best; of those that nobody has listened to, the first."""
    try:
        listed = subprocess.run([path, "-v", "?"], capture_output=True, timeout=HANGING_S, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise SpeechError(f"The program say does not tell its voices: {error}.") from None
    found = [match for line in listed.decode("utf-8", "replace").splitlines() if (match := _LISTED.match(line))]
    names = [match["name"] for match in found if match["language"] == language.code]
    # Better ones of the same voice are called "Anna (Premium)".
    liked = (
        name
        for wanted in language.voice.macos
        for name in sorted(names, key=len, reverse=True)
        if name.startswith(wanted)
    )
    chosen = next(liked, names[0] if names else None)
    if chosen is None:
        raise SpeechError(f"macOS has no voice that speaks {language.name}.")
    return chosen
