"""The voice: what waits, what is dropped, who is interrupted; and by what it is heard. Nothing here makes a sound."""

from __future__ import annotations

import io
import shutil
import sys
import threading
import time
import wave
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.coach import espeak as espeak_module
from formcheck.coach import sound, speech
from formcheck.coach.cues import RANK
from formcheck.coach.espeak import EspeakLibrary, EspeakProgram
from formcheck.coach.language import load_language
from formcheck.coach.model import Kind, Utterance
from formcheck.coach.sapi import WindowsVoice
from formcheck.coach.sound import ProgramPlayer, SpeechError, find_player, plain, seconds, to_wav
from formcheck.coach.speech import MacVoice, Silent, Synthesized, choose_backend, without_voice
from formcheck.coach.tones import PATTERNS, Tones, tone
from formcheck.coach.voice import LATE_S, PATIENT_S, Voice, Waiting, cuts, keeps_s

KINDS = get_args(Kind)
SOON_S = 10.0
EVIL = "-v $(rm -rf /) `ls` ; | & \"'\n\\ [[x]] <b> é ü 中 😀 \x00"


def one(kind="guide", text=None, at_s=0.0):
    return Utterance(text or kind, kind, at_s)


@dataclass
class Mouth:
    """A backend that says what it is given when it is let; it notes what it began and what it was cut off in."""

    name: str = "mouth"
    problem: str | None = None
    free: bool = True  # whether it ends by itself
    fails: int = 0  # so many times from the first on
    begun: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    closed: int = 0
    go: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def speak(self, utterance: Utterance, stop: threading.Event) -> None:
        with self.changed:
            self.begun.append(utterance.text)
            self.changed.notify_all()
        if self.fails:
            self.fails -= 1
            raise SpeechError("The mouth is shut.")
        until = time.monotonic() + SOON_S
        while not (self.free or self.go.is_set() or stop.is_set()) and time.monotonic() < until:
            stop.wait(0.002)
        if stop.is_set():
            self.cut.append(utterance.text)

    def close(self) -> None:
        self.closed += 1

    def wait_for(self, count: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.begun) >= count, SOON_S)


@dataclass
class Hand:
    """A clock that is set by hand."""

    now_s: float = 100.0

    def __call__(self) -> float:
        return self.now_s


# --- what waits ------------------------------------------------------------------------------


def test_every_kind_has_its_rank():
    assert set(RANK) == set(KINDS) == set(PATTERNS)
    assert sorted(RANK.values()) == list(range(len(KINDS)))
    assert min(RANK, key=RANK.__getitem__) == "pain"


def test_the_more_important_first_then_the_older():
    waiting = Waiting()
    for kind in ("guide", "moment", "praise", "correction", "count", "switch", "clock", "breath", "advice"):
        waiting.put(one(kind))
    waiting.put(one("guide", "second guide"))
    order = [waiting.take(0.5).utterance.text for _ in range(10)]
    asked = ["count", "clock", "correction", "switch", "praise", "advice", "moment", "guide", "second guide", "breath"]
    assert order == asked
    assert waiting.take(0.5).utterance is None


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("guide", "pain")])
@pytest.mark.parametrize(("delay_s", "said"), [(0.0, True), (1.4, True), (LATE_S, True), (1.6, False), (60.0, False)])
def test_what_is_too_old_is_dropped(kind, delay_s, said):
    waiting = Waiting()
    waiting.put(one(kind, "7", at_s=5.0))
    turn = waiting.take(5.0 + delay_s)
    assert (turn.utterance is not None) == said
    assert turn.dropped == (() if said else ((one(kind, "7", at_s=5.0), "late"),))
    assert len(waiting) == 0


@pytest.mark.parametrize(("delay_s", "said"), [(LATE_S + 1, True), (PATIENT_S, True), (PATIENT_S + 0.1, False)])
def test_how_the_session_goes_on_may_wait_longer(delay_s, said):
    waiting = Waiting()
    waiting.put(one("guide", "Well done. Rest for 30 seconds."))
    assert (waiting.take(delay_s).utterance is not None) == said


def test_a_word_about_pain_is_never_too_old_and_drops_all_else():
    waiting = Waiting()
    waiting.put(one("count"))
    assert waiting.put(one("pain")) == ((one("count"), "replaced"),)
    assert waiting.take(60.0).utterance == one("pain")


@pytest.mark.parametrize(
    ("kind", "replaced"),
    [("count", True), ("clock", True), ("correction", True), ("guide", False), ("switch", False)],
)
def test_a_newer_one_of_its_kind_replaces_what_still_waits(kind, replaced):
    waiting = Waiting()
    waiting.put(one(kind, "old"))
    waiting.put(one("praise"))
    assert waiting.put(one(kind, "new", 0.1)) == (((one(kind, "old"), "replaced"),) if replaced else ())


@pytest.mark.parametrize(
    ("new", "current", "cut"),
    [
        ("pain", "correction", True),
        ("pain", "pain", False),
        ("count", "advice", True),
        ("count", "guide", True),
        ("correction", "guide", True),
        ("count", "correction", False),
        ("correction", "count", False),
        ("praise", "advice", False),
        ("breath", "guide", False),
        ("count", "moment", True),
        ("moment", "guide", False),
        ("guide", "guide", False),
    ],
)
def test_who_cuts_whom_off(new, current, cut):
    assert cuts(new, current) == cut


@given(st.lists(st.tuples(st.sampled_from([*KINDS, None]), st.floats(0, 3)), max_size=60))
def test_nothing_is_lost_and_nothing_old_is_said(course):
    waiting, now_s, given_in, out = Waiting(), 0.0, [], []
    for number, (kind, seconds_on) in enumerate(course):
        now_s += seconds_on
        if kind is not None:
            given_in.append(one(kind, f"{number}", now_s))
            out += [dropped for dropped, _ in waiting.put(given_in[-1])]
            continue
        turn = waiting.take(now_s)
        out += [dropped for dropped, _ in turn.dropped]
        if turn.utterance is not None:
            out.append(turn.utterance)
            assert now_s - turn.utterance.at_s <= keeps_s(turn.utterance.kind)
            assert turn.delay_s == pytest.approx(now_s - turn.utterance.at_s)
    out += [dropped for dropped, _ in waiting.clear()]
    assert sorted(out, key=lambda u: int(u.text)) == given_in


# --- the voice -------------------------------------------------------------------------------


def test_it_says_everything_in_turn_and_logs_it():
    mouth, log = Mouth(), []
    with Voice(mouth, log=log.append) as voice:
        voice.say(one("count", "1", at_s=7.0), 7.0)
        mouth.wait_for(1)
        voice.say(one("praise", "Good.", at_s=7.5), 7.5)
        mouth.wait_for(2)
    assert mouth.begun == ["1", "Good."]
    assert mouth.closed == 1
    assert [(entry["text"], entry["kind"], entry["at_s"], entry["said"], entry["dropped"]) for entry in log] == [
        ("1", "count", 7.0, True, None),
        ("Good.", "praise", 7.5, True, None),
    ]
    assert all(0 <= entry["delay_s"] < SOON_S and entry["by"] == "mouth" for entry in log)


def test_say_never_waits():
    mouth = Mouth(free=False)
    with Voice(mouth) as voice:
        voice.say(one("guide"), 0.0)
        mouth.wait_for(1)
        began = time.perf_counter()
        for i in range(200):
            voice.say(one("guide", f"{i}"), 0.0)
        assert time.perf_counter() - began < 0.5
        mouth.go.set()


def test_what_became_old_while_something_else_was_said_is_dropped():
    mouth, log, clock = Mouth(free=False), [], Hand()
    with Voice(mouth, log=log.append, clock=clock) as voice:
        voice.say(one("correction", at_s=50.0), 50.0)
        mouth.wait_for(1)
        voice.say(one("switch", at_s=50.2), 50.2)
        clock.now_s += 1.0
        voice.say(one("count", at_s=51.2), 51.2)
        clock.now_s += 0.6
        mouth.go.set()
        mouth.wait_for(2)
    assert mouth.begun == ["correction", "count"]
    (late,) = [entry for entry in log if not entry["said"]]
    assert (late["text"], late["dropped"], late["delay_s"]) == ("switch", "late", None)
    assert [entry["delay_s"] for entry in log if entry["said"]] == [0.0, 0.6]


def test_of_two_waiting_counts_the_newer_is_said():
    mouth, log, clock = Mouth(free=False), [], Hand()
    with Voice(mouth, log=log.append, clock=clock) as voice:
        voice.say(one("correction"), 0.0)
        mouth.wait_for(1)
        voice.say(one("count", "4", 0.1), 0.1)
        voice.say(one("count", "5", 0.2), 0.2)
        mouth.go.set()
        mouth.wait_for(2)
    assert mouth.begun == ["correction", "5"]
    assert [entry["dropped"] for entry in log if not entry["said"]] == ["replaced"]


@pytest.mark.parametrize("current", ["correction", "guide", "count"])
def test_pain_interrupts(current):
    mouth = Mouth(free=False)
    with Voice(mouth, clock=Hand()) as voice:
        voice.say(one(current), 0.0)
        mouth.wait_for(1)
        voice.say(one("praise"), 0.0)
        voice.say(one("pain"), 0.0)
        mouth.wait_for(2)
        mouth.go.set()
    assert mouth.begun == [current, "pain"]
    assert mouth.cut == [current]


def test_a_count_cuts_advice_off_but_not_a_correction():
    mouth = Mouth(free=False)
    with Voice(mouth, clock=Hand()) as voice:
        voice.say(one("advice"), 0.0)
        mouth.wait_for(1)
        voice.say(one("correction"), 0.0)
        mouth.wait_for(2)
        voice.say(one("count"), 0.0)
        assert mouth.cut == ["advice"]
        mouth.go.set()
        mouth.wait_for(3)
    assert (mouth.begun, mouth.cut) == (["advice", "correction", "count"], ["advice"])


def test_at_the_end_what_waits_is_said_and_by_an_error_it_is_not():
    mouth = Mouth()
    with Voice(mouth) as voice:
        voice.say(one("guide", "Ended."), 0.0)
    assert mouth.begun == ["Ended."]
    mouth, log = Mouth(free=False), []

    def interrupted() -> None:
        with Voice(mouth, log=log.append) as voice:
            voice.say(one("guide", "a"), 0.0)
            mouth.wait_for(1)
            voice.say(one("guide", "b"), 0.0)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert (mouth.begun, mouth.cut, mouth.closed) == (["a"], ["a"], 1)
    assert [entry["dropped"] for entry in log] == [None, "closed"]


def test_after_the_end_nothing_is_said():
    mouth, log = Mouth(), []
    with Voice(mouth, log=log.append) as voice:
        pass
    voice.say(one("count"), 0.0)
    assert (mouth.begun, [entry["dropped"] for entry in log]) == ([], ["closed"])


def test_one_that_was_never_entered_can_be_closed():
    mouth = Mouth()
    Voice(mouth).close()
    assert mouth.closed == 1


def test_a_voice_that_fails_gives_way_to_tones_and_says_so_once():
    mouth, left, notices = Mouth(fails=9), Mouth(name="tones"), []
    with Voice(mouth, notice=notices.append, fallback=lambda why: left) as voice:
        for i in range(3):
            voice.say(one("guide", f"{i}"), 0.0)
            left.wait_for(i + 1)
        assert voice.backend is left
    assert (mouth.begun, left.begun) == (["0"], ["0", "1", "2"])
    assert notices == ["The voice failed, short tones are played instead: The mouth is shut."]
    assert (mouth.closed, left.closed) == (1, 1)


@pytest.mark.parametrize("name", ["tones", "mouth"])
def test_where_tones_fail_too_it_is_silent_and_says_so_once(name):
    mouth, left, notices = Mouth(fails=9, name=name), Mouth(name="tones", fails=9), []
    with Voice(mouth, notice=notices.append, fallback=lambda why: left) as voice:
        voice.say(one("guide", "a"), 0.0)
        voice.say(one("guide", "b"), 0.0)
    assert voice.backend.name == "silent"
    assert notices == ["The voice failed, what is said is only shown: The mouth is shut."]


def test_many_threads_may_speak():
    mouth, log = Mouth(), []
    with Voice(mouth, log=log.append) as voice:
        threads = [
            threading.Thread(target=lambda n=n: [voice.say(one("guide", f"{n} {i}"), 0.0) for i in range(25)])
            for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(log) == 100
    assert sorted(entry["text"] for entry in log if entry["said"]) == sorted(mouth.begun)


# --- by what it is heard ---------------------------------------------------------------------

needs_scripts = pytest.mark.skipif(sys.platform == "win32", reason="stands in for programs by scripts with #!")


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., str]:
    """Make a program of this name that runs some Python; it is given `out`, a file to note things in."""

    def make(name: str, code: str = "") -> str:
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!{sys.executable}\nimport sys, time\nout = {str(tmp_path / 'out')!r}\n{code}\n")
        path.chmod(0o755)
        return str(path)

    return make


@pytest.fixture
def found(tmp_path: Path) -> Callable[[str], str | None]:
    """Finds only the programs that were made."""
    return lambda name: shutil.which(name, path=str(tmp_path / "bin"))


@pytest.fixture
def not_loaded(monkeypatch):
    """As if the library had not been loaded yet; what is loaded stays so, for it cannot be begun twice."""
    monkeypatch.setattr(espeak_module, "_library", espeak_module._Library)


NOTE_INPUT = "open(out, 'ab').write(sys.stdin.buffer.read() + b'|')"
SECOND = to_wav(b"\1\2" * sound.RATE_HZ)


def samples_of(wav: bytes) -> np.ndarray:
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)


@needs_scripts
def test_a_player_is_given_the_wav(program, found, tmp_path):
    program("aplay", NOTE_INPUT)
    player = find_player("linux", found)
    assert player.name == "aplay"
    player.play(SECOND, threading.Event())
    assert (tmp_path / "out").read_bytes() == SECOND + b"|"


@needs_scripts
@pytest.mark.parametrize(("platform", "name"), [("darwin", "afplay"), ("linux", "pw-play")])
def test_a_player_that_needs_a_file_gets_one_that_is_gone_afterwards(program, found, tmp_path, platform, name):
    program(name, "open(out, 'wb').write(open(sys.argv[1], 'rb').read()); open(out + '2', 'w').write(sys.argv[1])")
    find_player(platform, found).play(SECOND, threading.Event())
    assert (tmp_path / "out").read_bytes() == SECOND
    assert not Path((tmp_path / "out2").read_text()).exists()


@needs_scripts
def test_where_one_player_fails_the_next_one_plays(program, found, tmp_path):
    program("paplay", "print('Connection refused', file=sys.stderr); sys.exit(1)")
    program("aplay", NOTE_INPUT)
    player = find_player("linux", found)
    player.play(SECOND, threading.Event())
    assert (player.name, (tmp_path / "out").read_bytes()) == ("aplay", SECOND + b"|")


@needs_scripts
@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("print('no card\\nunable to open', file=sys.stderr); sys.exit(1)", "aplay failed: unable to open."),
        ("sys.exit(3)", "aplay failed: code 3."),
        ("time.sleep(60)", "aplay hangs: it did not end in 1 seconds."),
    ],
)
def test_a_player_that_fails(program, found, monkeypatch, code, why):
    program("aplay", code)
    monkeypatch.setattr(sound, "HANGING_S", 0.5)
    with pytest.raises(SpeechError) as caught:
        find_player("linux", found).play(to_wav(bytes(sound.RATE_HZ)), threading.Event())
    assert str(caught.value) == why


def test_a_player_that_is_not_there():
    with pytest.raises(SpeechError, match=r"^nothing cannot be started: "):
        ProgramPlayer([("/no/such/nothing", "-")]).play(SECOND, threading.Event())


@needs_scripts
def test_a_player_stops_at_once(program, found):
    program("aplay", "time.sleep(60)")
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    began = time.monotonic()
    find_player("linux", found).play(SECOND * 100, stop)
    assert time.monotonic() - began < 5


def test_what_is_no_sound_is_not_played():
    with pytest.raises(SpeechError, match="is no sound"):
        ProgramPlayer([(sys.executable, "-c", "pass")]).play(b"noise", threading.Event())


def test_tones_differ_and_are_short_and_soft():
    heard = {kind: samples_of(tone(kind)) for kind in KINDS}
    assert len({wav.tobytes() for wav in heard.values()}) == len(KINDS)
    for kind, samples in heard.items():
        assert np.abs(samples).max() < 0.5 * 32767
        assert np.sqrt(np.mean(samples**2)) > 1000
        assert np.abs(np.diff(samples)).max() < 5000  # no clicks
        assert seconds(tone(kind)) < (2.5 if kind == "pain" else 1.0)
    assert seconds(tone("clock")) < seconds(tone("count")) < 0.2


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b\x1b[31m", "a b [31m"),
        ("Lower slowly.", "Lower slowly."),
        (" a\n\tb  c ", "a b c"),
        ("[[slnc 9999]] x", "slnc 9999 x"),
        ("x" * 5000, "x" * 300),
    ],
)
def test_a_text_is_made_plain(text, kept):
    assert plain(text) == kept


VOICES = """Albert              en_US    # Hello! My name is Albert.
Anna                de_DE    # Hallo! Ich heiße Anna.
Anna (Premium)      de_DE    # Hallo! Ich heiße Anna.
Eddy (German (Germany)) de_DE    # Hallo! Ich heiße Eddy.
Samantha            en_US    # Hello! My name is Samantha.
Tingting            zh_CN    # 你好
"""
SAY = f"""
if sys.argv[1:] == ["-v", "?"]:
    sys.stdout.buffer.write({VOICES!r}.encode())
else:
    open(out, "ab").write(repr(sys.argv[1:]).encode() + sys.stdin.buffer.read())
"""


@needs_scripts
@pytest.mark.parametrize(("code", "voice"), [("de", "Anna (Premium)"), ("en", "Samantha")])
def test_macos_speaks_by_its_best_voice(program, found, tmp_path, code, voice):
    program("say", SAY)
    backend = choose_backend(load_language(code), platform="darwin", which=found)
    assert (backend.name, backend.problem) == (f"say ({voice})", None)
    backend.speak(one(text=EVIL), threading.Event())
    said = (tmp_path / "out").read_text("utf-8")
    assert said == repr(["-v", voice, "-f", "-"]) + plain(EVIL)  # the text is no argument and in no shell


@needs_scripts
def test_macos_without_a_voice_of_the_language(program, found):
    program("say", SAY.replace("de_DE", "nl_NL"))
    with pytest.raises(SpeechError, match=r"^macOS has no voice that speaks Deutsch\.$"):
        MacVoice(load_language("de"), found)


POWERSHELL = """
import base64
script = base64.b64decode(sys.argv[sys.argv.index("-EncodedCommand") + 1]).decode("utf-16-le")
open(out, "a").write(script)
print("ready" if "-eq 'de'" in script else "no voice", flush=True)
for line in sys.stdin:
    number, *text = line.split()
    said = base64.b64decode(text[0]).decode() if text else ""
    print(said, file=open(out + "2", "a", encoding="utf-8"))
    if said == "die":
        sys.exit(1)
    if said != "for ever":
        print("done", number, flush=True)
"""


@needs_scripts
def test_windows_speaks_by_one_powershell(program, found, tmp_path):
    """Against a stand-in that keeps to the same protocol; the script itself only runs on Windows."""
    program("powershell", POWERSHELL)
    voice = WindowsVoice(load_language("de"), found)
    assert (voice.name, voice.problem) == ("Windows", None)
    voice.speak(one(text=EVIL), threading.Event())
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    voice.speak(one(text="for ever"), stop)
    voice.speak(one(text="next"), threading.Event())
    assert (tmp_path / "out2").read_text("utf-8").split("\n") == [plain(EVIL), "for ever", "", "next", ""]
    with pytest.raises(SpeechError, match="ended"):
        voice.speak(one(text="die"), threading.Event())
    for _ in range(2):
        with pytest.raises(SpeechError, match="ended"):
            voice.speak(one(text="after"), threading.Event())
    voice.close()
    voice.close()
    assert EVIL not in (tmp_path / "out").read_text("utf-8")


@needs_scripts
def test_windows_without_a_voice_of_the_language(program, found):
    program("powershell", POWERSHELL)
    with pytest.raises(SpeechError, match=r"^Windows has no voice that speaks English\.$"):
        WindowsVoice(load_language("en"), found)


@needs_scripts
@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_where_there_is_no_voice_there_are_tones(program, found, tmp_path, monkeypatch, not_loaded, platform):
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)  # not installed
    program("aplay" if platform == "linux" else "afplay", NOTE_INPUT)
    backend = choose_backend(load_language("de"), platform=platform, which=found)
    assert isinstance(backend, Tones)
    assert backend.problem.startswith("No voice speaks Deutsch here (")
    assert "install" in backend.problem
    assert "espeak-ng is not installed" in backend.problem
    assert "\n" not in backend.problem
    backend.speak(one("count", "1"), threading.Event())
    backend.close()
    if platform == "linux":
        assert (tmp_path / "out").read_bytes() == tone("count") + b"|"


def test_where_nothing_plays_it_is_silent(found):
    backend = choose_backend(load_language("en"), platform="linux", which=found)
    assert isinstance(backend, Silent)
    assert backend.problem.startswith("No program that plays sound was found")
    backend.speak(one("count"), threading.Event())
    backend.close()
    assert without_voice("No.", platform="linux", which=found).name == "silent"


@needs_scripts
def test_espeak_comes_before_its_library(program, found, tmp_path):
    program("aplay", NOTE_INPUT)
    wav = tmp_path / "speech.wav"
    wav.write_bytes(SECOND)
    program("espeak-ng", f"open(out + '2', 'ab').write(repr(sys.argv[1:]).encode() + sys.stdin.buffer.read())\n"
                         f"sys.stdout.buffer.write(open({str(wav)!r}, 'rb').read())")  # fmt: skip
    backend = choose_backend(load_language("de"), platform="linux", which=found)
    assert (backend.name, backend.problem) == ("espeak-ng", None)
    (tmp_path / "out2").unlink()
    backend.speak(one(text=EVIL), threading.Event())
    assert (tmp_path / "out").read_bytes() == SECOND + b"|"
    said = (tmp_path / "out2").read_text("utf-8")
    assert said == repr(["-v", "de", "-s", "175", "-z", "--stdin", "--stdout"]) + plain(EVIL)


@needs_scripts
@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("sys.stderr.write('Error: The voice does not exist.'); sys.exit(1)", "espeak-ng failed: Error: The voice"),
        ("pass", "espeak-ng failed: it said nothing"),
        ("print('hello')", "espeak-ng gave no sound"),
    ],
)
def test_an_espeak_that_does_not_work(program, found, code, why):
    program("espeak-ng", code)
    with pytest.raises(SpeechError, match=why):
        EspeakProgram("de", found)


# --- espeak-ng itself ------------------------------------------------------------------------


def test_a_library_that_is_not_installed(monkeypatch, not_loaded):
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    with pytest.raises(SpeechError, match="not installed"):
        EspeakLibrary("de")


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a module without a library")
def test_a_library_that_does_not_load(monkeypatch, not_loaded, tmp_path):
    (tmp_path / "espeakng_loader.py").write_text(
        "def get_library_path(): return '/no/such/library.so'\ndef get_data_path(): return '/no/such/data'\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "espeakng_loader", raising=False)
    with pytest.raises(SpeechError, match="does not work on this computer"):
        EspeakLibrary("de")
    sys.modules.pop("espeakng_loader", None)


@pytest.fixture(params=["program", "library"])
def espeak(request):
    """Make espeak-ng of a voice, as a program and as the library, where they are installed."""
    if request.param == "library":
        pytest.importorskip("espeakng_loader", reason="the extra 'voice' is not installed")
        return EspeakLibrary
    if shutil.which("espeak-ng") is None:
        pytest.skip("the program espeak-ng is not installed")
    return EspeakProgram


@pytest.mark.parametrize("code", ["en", "de"])
def test_espeak_really_speaks(espeak, code):
    language = load_language(code)
    voice = espeak(language.voice.espeak)
    lengths = {}
    for text in ("5", language.phrase("hold_seconds", seconds=20), language.view["turn_side_on"], EVIL):
        wav = voice.wav(plain(text))
        samples = samples_of(wav)
        lengths[text] = seconds(wav)
        assert np.sqrt(np.mean(samples**2)) > 500
        assert np.abs(samples).max() < 32768
        assert np.flatnonzero(np.abs(samples) > 300)[0] / sound.RATE_HZ < 0.3  # it begins at once
    short, middle, long, _ = lengths.values()
    assert 0.2 < short < 0.8
    assert 0.8 < middle < 1.6
    assert 2.5 < long < 6.0
    assert voice.wav("5") != voice.wav("4")


def test_the_same_number_sounds_otherwise_in_another_language(espeak):
    english, german = (espeak(load_language(code).voice.espeak).wav("7") for code in ("en", "de"))
    assert samples_of(english).shape != samples_of(german).shape


def test_two_voices_may_take_turns(espeak):
    english, german = (espeak(load_language(code).voice.espeak) for code in ("en", "de"))
    alone = [seconds(voice.wav("20 Sekunden")) for voice in (english, german)]
    assert alone[0] != pytest.approx(alone[1], abs=0.01)
    for _ in range(3):
        assert [seconds(voice.wav("20 Sekunden")) for voice in (english, german)] == pytest.approx(alone, abs=0.02)


def test_espeak_knows_what_it_does_not_know(espeak):
    with pytest.raises(SpeechError, match="espeak"):
        espeak("xx")


@needs_scripts
def test_a_whole_voice_by_the_real_espeak(program, found, espeak, tmp_path):
    program("aplay", NOTE_INPUT)
    backend = Synthesized(espeak("de"), find_player("linux", found))
    with Voice(backend) as voice:
        voice.say(one("count", "3", 0.0), 0.0)
    played, again = (tmp_path / "out").read_bytes().removesuffix(b"|"), espeak("de").wav("3")
    assert seconds(played) == pytest.approx(seconds(again), abs=0.05)  # it never says the same twice alike
    assert np.sqrt(np.mean(samples_of(played) ** 2)) > 500


def test_no_speech_goes_through_a_shell():
    for module in (sound, speech, espeak_module, sys.modules["formcheck.coach.sapi"]):
        source = Path(module.__file__).read_text("utf-8")
        assert "shell=True" not in source
        assert "os.system" not in source
