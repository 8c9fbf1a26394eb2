"""What is chosen, logged and said before a session begins, and that the session does not begin by halves."""

from __future__ import annotations

import errno
import json
import math
import os
import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st
from played_sessions import one, rep, routine

from formcheck.coach import run as run_module
from formcheck.coach.camera import Camera
from formcheck.coach.language import load_language
from formcheck.coach.routine import is_routine_file, load_routine, single
from formcheck.coach.run import ABOUT_FILE, Log, Options, chosen, coach
from formcheck.coach.typed import Typed
from formcheck.coach.window import Headless
from formcheck.engine.records import FaultSpan
from formcheck.errors import CameraError, FormcheckError, HistoryError, OutputError
from formcheck.exercises import as_file, examples, get, names
from formcheck.history.places import FOLDER_VARIABLE
from formcheck.history.store import Store

TODAY = date(2026, 3, 4)
ENGLISH = load_language("en")
ABOUT = ENGLISH.phrase("about")
HURT = ENGLISH.phrase("pain_reminder")
ROUTINE = 'name = "mine"\ntitle = "Mine"\n[[step]]\nexercise = "bridge"\n'


def read_json(text):
    """Strict JSON: Python itself would take NaN for it."""
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


# --- what is chosen ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*names(), *sorted(examples())])
def test_an_exercise_or_example_is_a_routine_of_one(name):
    found = chosen(Options(name, None))
    assert found == single(get(name))
    assert [step.exercise.name for step in found.steps] == [get(name).name]


def test_an_exercise_of_a_file(tmp_path):
    path = tmp_path / "My Bridge.TOML"
    path.write_text(as_file("bridge"), encoding="utf-8")
    assert [step.exercise.title for step in chosen(Options(str(path), None)).steps] == [get("bridge").title]


@pytest.mark.parametrize("as_option", [True, False])
def test_a_routine_of_a_file(tmp_path, as_option):
    path = tmp_path / "mine.toml"
    path.write_text(ROUTINE, encoding="utf-8")
    found = chosen(Options(None, str(path)) if as_option else Options(str(path), None))
    assert (found.title, [step.exercise.name for step in found.steps]) == ("Mine", ["bridge"])


def test_a_routine_by_name():
    assert chosen(Options(None, "back-relief")) == load_routine("back-relief")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (Options("brigde", None), "bridge"),
        (Options("", None), "bridge"),
        (Options("back-relief", None), "back-relief"),
        (Options("missing.toml", None), "missing.toml"),
        (Options(None, "missing.toml"), "missing.toml"),
        (Options(None, "no-such"), "back-relief"),
        (Options(None, ""), "back-relief"),
        (Options(None, "bridge"), "back-relief"),
        (Options("broken.toml", None), "broken.toml"),
        (Options(None, "broken.toml"), "broken.toml"),
        (Options("folder.toml", None), "folder.toml"),
        (Options("latin.toml", None), "latin.toml"),
        (Options("badstep.toml", None), "no_such"),
    ],
)
def test_what_cannot_be_chosen_is_one_sentence(options, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("broken.toml").write_text("[[step", encoding="utf-8")
    Path("latin.toml").write_bytes(b'title = "\xfc"\n')
    Path("badstep.toml").write_text(ROUTINE.replace("bridge", "no_such"), encoding="utf-8")
    Path("folder.toml").mkdir()
    with pytest.raises(FormcheckError) as caught:
        chosen(options)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "so"),
    [
        (ROUTINE.encode(), True),
        (b"step = 3", True),
        (b'title = "x"', False),
        (b"", False),
        (b"[[step", False),
        (b"\xff\xfe", False),
        (None, False),
    ],
)
def test_is_routine_file(content, so, tmp_path):
    path = tmp_path / "a.toml"
    if content is not None:
        path.write_bytes(content)
    assert is_routine_file(path) is so
    assert is_routine_file(str(path)) is so


@pytest.mark.parametrize("name", names())
def test_no_exercise_file_is_a_routine(name, tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(as_file(name), encoding="utf-8")
    assert not is_routine_file(path)


# --- the log ----------------------------------------------------------------------------------------------------


def lines(path):
    return [read_json(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_line_for_each_thing(tmp_path):
    path = tmp_path / "log.jsonl"
    unknown = replace(rep("attempt"), top_s=math.nan, measures={"hip_deg": math.inf, "knee_deg": 90.5})
    with Log(path, None) as log:
        log.happened({"what": "stage", "at_s": 1.5, "stage": "exercise"})
        log.happened({"what": "Repetition", "at_s": 2.0, "event": unknown})
        log.said({"text": "größer\n", "said": True, "delay_s": None})
        log.happened({"what": "FaultSpan", "event": FaultSpan("low", 1.0, 2.0, -math.inf, "deg", "up", "hip")})
    stage, repetition, said, span = lines(path)
    assert stage == {"what": "stage", "at_s": 1.5, "stage": "exercise"}
    assert (repetition["event"]["top_s"], repetition["event"]["outcome"]) == (None, "attempt")
    assert repetition["event"]["measures"] == {"hip_deg": None, "knee_deg": 90.5}
    assert said == {"what": "said", "text": "größer\n", "said": True, "delay_s": None}
    assert span["event"]["worst"] is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.floats().map(np.float64),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@settings(max_examples=50)
@given(st.dictionaries(st.text(), ANYTHING))
def test_every_line_is_json(tmp_path_factory, what):
    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    with Log(path, None) as log:
        log.happened({"what": "x"} | what | {"event": None})
    (line,) = path.read_text(encoding="utf-8").split("\n")[:-1]
    assert set(read_json(line)) == {"what", "event", *what}


def test_a_log_is_continued(tmp_path):
    path = tmp_path / "log.jsonl"
    for number in (1, 2):
        with Log(path, None) as log:
            log.happened({"what": number})
    assert lines(path) == [{"what": 1}, {"what": 2}]


def test_a_line_is_there_at_once(tmp_path):
    """A crash must not take it along."""
    path = tmp_path / "log.jsonl"
    with Log(path, None) as log:
        log.happened({"what": 1})
        assert lines(path) == [{"what": 1}]


@pytest.mark.parametrize("place", ["", "file/log", "missing/log"])
def test_a_log_that_cannot_be_written_is_refused_at_once(tmp_path, place):
    (tmp_path / "file").touch()
    path = tmp_path / place
    with pytest.raises(OutputError) as caught, Log(path, None):
        pass
    assert str(caught.value).startswith(f"{path} cannot be written: ")


class FullDisk:
    """A file that takes so many lines, and no more; not even when it is closed."""

    def __init__(self, file, left):
        self.file, self.left, self.closed = file, left, 0

    def write(self, text):
        self.file.write(text)

    def flush(self):
        self.left -= 1
        if self.left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.file.flush()

    def close(self):
        self.closed += 1
        self.file.close()
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_fills_up_is_told_once(tmp_path, capsys):
    path = tmp_path / "log.jsonl"
    with Log(path, None) as log:
        log._file = full = FullDisk(log._file, 1)
        for number in range(5):
            log.happened({"what": number})
            log.said({"text": "x", "said": True})
    assert full.closed == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "the disk is full" in err
    assert "goes on" in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_a_really_full_disk(capsys):
    with Log(Path("/dev/full"), None) as log:
        for number in range(5):
            log.happened({"what": number})
    assert capsys.readouterr().err.count("the disk is full") == 1


def test_two_threads_write_whole_lines(tmp_path):
    path = tmp_path / "log.jsonl"
    with Log(path, None) as log:
        voice = threading.Thread(target=lambda: [log.said({"text": "v" * 500}) for _ in range(200)])
        voice.start()
        for _ in range(200):
            log.happened({"what": "x" * 500})
        voice.join()
    assert len(lines(path)) == 400


def test_after_the_end_nothing_is_written(tmp_path):
    """A voice that hangs may tell later."""
    path = tmp_path / "log.jsonl"
    with Log(path, None) as log:
        pass
    log.said({"text": "late"})
    assert path.read_text() == ""


def test_without_a_window_what_is_said_is_shown(tmp_path):
    told = []
    with Log(None, told.append) as log:
        log.said({"text": "Lift your hips higher.", "said": True})
        log.said({"text": "dropped", "said": False})
        log.happened({"what": "stage"})
    assert told == ["  Lift your hips higher."]


def test_without_a_window_what_is_written_already_is_not_written_once_more():
    told = []
    with Log(None, told.append) as log:
        log.happened({"what": "notice", "text": "x.mp4 cannot be written. It stops.", "spoken": "It stops."})
        for _ in range(2):
            log.said({"text": "It stops.", "said": True})
    assert told == ["  It stops."]  # the second time it is said for another reason


# --- what is said before it begins ---------------------------------------------------------------------------------


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "data"))
    monkeypatch.setattr(run_module, "_today", lambda: TODAY)
    return tmp_path / "data"


def trained(*days_ago, pain=()):
    """Sessions some days ago."""
    with Store.open(zone=UTC) as store:
        for ago in sorted({*days_ago, *pain}, reverse=True):
            start = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC) - timedelta(days=ago)
            session = store.begin_session("bridge", start, "en")
            if ago in days_ago:
                number = store.begin_set(session, "bridge", "Glute bridge", get("bridge").dose, start)
                store.add(number, rep(), start)
            if ago in pain:
                store.pain(session, start)
            store.end_session(session, start)


def greet(what="bridge", told=pytest.fail, language=ENGLISH):
    with Store.open(zone=UTC) as store:
        return run_module._greetings(store, language, routine(one(what)), told)


def test_what_it_is_is_told_once(data):
    assert greet() == [ABOUT]
    assert (data / ABOUT_FILE).exists()
    assert greet() == []


def test_what_it_is_is_told_without_a_history(data):
    assert [run_module._greetings(None, ENGLISH, routine(one("bridge")), pytest.fail) for _ in "ab"] == [[ABOUT], []]


def test_where_nothing_can_be_kept_it_is_told_each_time(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "file" / "data"))
    assert [run_module._first_time() for _ in "ab"] == [True, True]


@pytest.mark.parametrize(
    ("days", "pain", "said"),
    [
        ((), (), []),
        ((1,), (1,), [HURT]),
        ((1,), (), []),
        ((5, 4), (4,), [HURT]),  # the last time, however long ago
        ((2, 1), (2,), []),  # once more since then, without
        ((), (1,), [HURT]),  # it hurt before anything was done
        ((0,), (0,), [HURT]),
        ((4, 3, 2), (), []),
        ((3, 2, 1), (), []),
        ((4, 3, 2, 1), (), [ENGLISH.phrase("rest_day", days=4)]),
        ((6, 5, 4, 3, 2, 1), (), [ENGLISH.phrase("rest_day", days=6)]),
        ((4, 3, 2, 1, 0), (), [ENGLISH.phrase("rest_day", days=5)]),
        ((5, 4, 3, 2), (), []),  # yesterday was a rest day
        ((4, 3, 2, 1), (1,), [HURT]),  # the more important one
    ],
)
def test_what_the_last_days_mean(days, pain, said, data):
    run_module._first_time()
    trained(*days, pain=pain)
    assert greet() == said


def test_at_the_first_time_both_are_told(data):
    trained(1, pain=(1,))
    assert greet() == [ABOUT, HURT]


def test_who_only_sits_needs_no_rest_day(data):
    posture = next(name for name in names() if get(name).reminders is not None)
    run_module._first_time()
    trained(4, 3, 2, 1)
    assert greet(posture) == []


def test_german(data):
    german = load_language("de")
    assert greet(language=german) == [german.phrase("about")] != [ABOUT]


def test_a_history_that_cannot_be_read_ends_nothing(data, monkeypatch):
    def fails(_):
        raise HistoryError("h cannot be used.")

    monkeypatch.setattr(Store, "trained_days", fails)
    told = []
    assert greet(told=told.append) == [ABOUT]
    assert told == ["h cannot be used."]


# --- nothing begins by halves ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"exercise": "brigde"}, "brigde"),
        ({"language": "xx"}, "xx"),
        ({"model": "huge"}, "huge"),
        ({"camera": "no/such.mp4"}, "no/such.mp4"),
        ({"log": Path("file/log")}, "file/log"),
        ({"record": Path("file/films")}, "file/films"),
    ],
)
def test_what_is_refused_leaves_no_session(changes, said, data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    told = []
    options = replace(Options("bridge", None, camera="no.mp4", headless=True, voice=False), **changes)
    with pytest.raises(FormcheckError, match=said) as caught:
        coach(options, told.append)
    assert "\n" not in str(caught.value)
    assert told == []
    with Store.reading() as store:
        assert store.sessions() == ()
    assert not (data / ABOUT_FILE).exists()  # it was not told, and will be the next time


def empty_room(folder):
    """The options of a session with nobody in the picture, which is over at once."""
    clip = samples.write_pictures(folder / "empty.mp4", [np.full((96, 128, 3), 90, np.uint8)] * 3)
    return Options("bridge", None, camera=str(clip), headless=True, voice=False, model="lite")


def test_a_session_begins_when_the_frames_time_does(data, tmp_path, monkeypatch):
    """However long the camera takes to wake up."""
    opened = []

    class Slow(Camera):
        def __enter__(self):
            opened.append(datetime.now(UTC))
            super().__enter__()
            time.sleep(0.3)
            return self

    monkeypatch.setattr("formcheck.coach.camera.Camera", Slow)
    coach(empty_room(tmp_path), lambda _: None)
    with Store.reading() as store:
        (session,) = store.sessions()
    assert abs((session.started_at - opened[0]).total_seconds()) < 0.2


class Door(Headless):
    """A window in which keys are pressed while the camera is awaited, at the first look and never again."""

    seen = True
    size = (320, 240)

    def __init__(self, *keys):
        super().__init__()
        self.shown, self.keys = [], list(keys)

    def show(self, image):
        self.shown.append(image)

    def key(self):
        return self.keys.pop(0) if self.keys and self.shown else None


class NeverReady(Camera):
    """A camera that takes its time."""

    def __enter__(self):
        for _ in range(3):
            self._meanwhile()
        raise CameraError("It does not wake up.")


def test_who_leaves_before_the_camera_is_there_leaves_nothing(data, tmp_path, monkeypatch):
    door = Door("quit")
    monkeypatch.setattr("formcheck.coach.window.Window", lambda: door)
    monkeypatch.setattr("formcheck.coach.camera.Camera", NeverReady)
    told = []
    coach(replace(empty_room(tmp_path), headless=False), told.append)
    assert (len(door.shown), told) == (1, [])
    with Store.reading() as store:
        assert store.sessions() == ()
    assert not (data / ABOUT_FILE).exists()


def test_the_window_is_never_empty_while_the_camera_wakes_up(data, tmp_path, monkeypatch):
    door = Door()
    monkeypatch.setattr("formcheck.coach.window.Window", lambda: door)
    monkeypatch.setattr("formcheck.coach.camera.Camera", NeverReady)
    with pytest.raises(FormcheckError, match="wake up"):
        coach(replace(empty_room(tmp_path), headless=False), lambda _: None)
    assert len(door.shown) == 4  # once before the model is loaded
    assert all(image.std() > 5 for image in door.shown)


def test_pain_while_the_camera_wakes_up_is_kept(data, tmp_path, monkeypatch):
    monkeypatch.setattr("formcheck.coach.loop.FINISHED_S", 0.0)
    monkeypatch.setattr("formcheck.coach.window.Window", lambda: Door("pain"))
    coach(replace(empty_room(tmp_path), headless=False), lambda _: None)
    with Store.reading() as store:
        (session,) = store.sessions()
    assert session.pain


def test_without_a_window_the_terminal_has_a_key_for_pain(data, tmp_path, monkeypatch):
    ours, theirs = os.pipe()
    os.write(theirs, b"p\n")
    os.close(theirs)
    monkeypatch.setattr("formcheck.coach.typed.typed_on_terminal", lambda: Typed(ours))
    told = []
    options = replace(empty_room(tmp_path), camera=str(samples.clip("bridge_good")))
    coach(options, told.append)
    os.close(ours)
    assert told.count(ENGLISH.phrase("typed_keys")) == 1
    with Store.reading() as store:
        (session,) = store.sessions()
    assert session.pain


def test_sentences_of_a_first_and_a_second_session(data, tmp_path):
    told = []
    coach(empty_room(tmp_path), told.append)
    assert told.count(ABOUT) == 1
    coach(empty_room(tmp_path), told.append)
    assert told.count(ABOUT) == 1


def test_a_session_without_a_history(data, tmp_path):
    """It is told, and coaching goes on."""
    data.touch()
    told = []
    coach(empty_room(tmp_path), told.append)
    assert [sentence.endswith(ENGLISH.phrase("not_kept")) for sentence in told[:2]] == [False, True]
    assert not any(ENGLISH.phrase("not_kept") in sentence for sentence in told[2:])
    assert told[1].startswith(str(data))  # the reason
    assert told[0] == ABOUT


def test_without_a_window_what_is_said_first_is_written_once(data, tmp_path):
    trained(1, pain=(1,))
    told, path = [], tmp_path / "log.jsonl"
    coach(replace(empty_room(tmp_path), log=path), told.append)
    assert [sum(text in sentence for sentence in told) for text in (ABOUT, HURT)] == [1, 1]
    assert f"{ABOUT} {HURT}" in [one["text"] for one in lines(path) if one["what"] == "said"]  # and said all the same


def test_no_picture_is_kept_of_a_set_that_never_began(data, tmp_path):
    coach(replace(empty_room(tmp_path), record=tmp_path / "films"), lambda _: None)
    assert list((tmp_path / "films").iterdir()) == []
