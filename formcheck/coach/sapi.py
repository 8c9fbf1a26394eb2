"""The voice of Windows: one PowerShell that stays, is given each text as a line of base64, and answers when it is said.

No text is ever a part of a command, so nothing in it has to be quoted.
"""

from __future__ import annotations

import base64
import queue
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from formcheck.coach.language import Language
from formcheck.coach.model import Utterance
from formcheck.coach.sound import HANGING_S, POLL_S, SECONDS_A_LETTER, SpeechError, plain

START_S = 20.0  # a cold PowerShell takes some seconds

# Says "ready" or "no voice"; then takes "NUMBER BASE64" to say or "NUMBER" to be silent, and answers "done NUMBER".
_SCRIPT = """
$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.Speech
$voice = New-Object System.Speech.Synthesis.SpeechSynthesizer
$voice.SetOutputToDefaultAudioDevice()
$found = $voice.GetInstalledVoices() | Where-Object {
    $_.Enabled -and $_.VoiceInfo.Culture.TwoLetterISOLanguageName -eq '%s' } | Select-Object -First 1
if (-not $found) { [Console]::Out.WriteLine('no voice'); exit 0 }
$voice.SelectVoice($found.VoiceInfo.Name)
$in = New-Object System.IO.StreamReader([Console]::OpenStandardInput())
[Console]::Out.WriteLine('ready')
$next = $in.ReadLineAsync()
$prompt = $null
$number = ''
while ($true) {
    if ($next.Wait(10)) {
        if ($null -eq $next.Result) { break }
        $parts = $next.Result.Split(' ')
        $voice.SpeakAsyncCancelAll()
        if ($prompt) { [Console]::Out.WriteLine("done $number"); $prompt = $null }
        $number = $parts[0]
        if ($parts.Length -gt 1) {
            $text = [System.Text.Encoding]::UTF8.GetString([System.Convert]::FromBase64String($parts[1]))
            $prompt = $voice.SpeakAsync($text)
        }
        $next = $in.ReadLineAsync()
    }
    if ($prompt -and $prompt.IsCompleted) { [Console]::Out.WriteLine("done $number"); $prompt = $null }
}
"""


class WindowsVoice:
    """Speaks by the voices that Windows has.

    Attributes:
        name: "Windows".
        problem: None.
    """

    name = "Windows"
    problem = None

    def __init__(self, language: Language, which: Callable[[str], str | None] = shutil.which) -> None:
        """Start it.

        Args:
            language: In which to speak.
            which: Finds a program's path by its name.

        Raises:
            SpeechError: There is no PowerShell, or Windows has no voice of this language.
        """
        path = which("powershell")
        if path is None:
            raise SpeechError("PowerShell, by which Windows speaks, is not there.")
        script = base64.b64encode((_SCRIPT % language.code).encode("utf-16-le")).decode()
        command = [path, "-NoProfile", "-NonInteractive", "-EncodedCommand", script]
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise SpeechError(f"{Path(path).name} cannot be started: {error.strerror or error}.") from None
        self._answers: queue.Queue[str | None] = queue.Queue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._number = 0
        answer = self._answer(START_S)
        if answer != "ready":
            self.close()
            raise SpeechError(f"Windows has no voice that speaks {language.name}.")

    def speak(self, utterance: Utterance, stop: threading.Event) -> None:
        """See `formcheck.coach.speech.Backend`."""
        self._number += 1
        text = base64.b64encode(plain(utterance.text).encode()).decode()
        self._send(f"{self._number} {text}")
        until = time.monotonic() + HANGING_S + SECONDS_A_LETTER * len(utterance.text)
        while not stop.is_set():
            answer = self._answer(POLL_S)
            if answer == f"done {self._number}":
                return
            if answer is None:
                raise SpeechError("The voice of Windows ended.")
            if time.monotonic() > until:
                raise SpeechError("The voice of Windows hangs.")
        self._number += 1
        self._send(str(self._number))

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.kill()
        self._process.wait()
        self._listener.join()
        self._process.stdout.close()
        try:
            self._process.stdin.close()
        except OSError:  # what was still to be sent to it
            return

    def _send(self, line: str) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line.encode("ascii") + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise SpeechError(f"The voice of Windows ended: {error.strerror or error}.") from None

    def _answer(self, wait_s: float) -> str | None:
        """The next answer, "" when none came in time, None when there will be none."""
        try:
            answer = self._answers.get(timeout=wait_s)
        except queue.Empty:
            return ""
        if answer is None:
            self._answers.put(None)  # so it will stay
        return answer

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(line.decode("utf-8", "replace").strip())
        self._answers.put(None)
