"""Routines: the built-in one, files of one's own, and what is said of files that cannot be meant."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from formcheck.coach.model import Routine
from formcheck.coach.routine import dose_words, load_routine, print_routines, rest_words, routine_names, single
from formcheck.coach.routine_file import (
    LARGEST_BYTES,
    DoseKeys,
    RoutineError,
    RoutineKeys,
    StepKeys,
    parse_routine,
    with_dose,
)
from formcheck.errors import FormcheckError
from formcheck.exercises import as_file, examples, get, names
from formcheck.exercises.check import problems
from formcheck.exercises.declaration import Dose
from formcheck.exercises.explained import explained

PAGE = Path(__file__).parents[2] / "docs" / "routines.md"
TEXT = """
name = "morning"
title = "Morning"

[[step]]
exercise = "cat_cow"
rest_s = 20
breathing = true

[[step]]
exercise = "plank"
dose = {hold_s = [20, 40]}
rest_s = 30

[[step]]
exercise = "bridge"
dose = {repetitions = [5, 8]}
"""


def parsed(text: str, folder: Path = Path()) -> Routine:
    return parse_routine(text, "my.toml", folder)


def spoilt(old: str, new: str) -> str:
    assert TEXT.count(old) == 1, old
    return TEXT.replace(old, new)


def refusal(text: str, folder: Path = Path()) -> str:
    """Why a text is refused: one sentence that begins with the file's name."""
    with pytest.raises(RoutineError) as caught:
        parsed(text, folder)
    message = str(caught.value)
    assert message.startswith("my.toml")
    assert message.endswith(".")
    assert not message.endswith("..")
    assert "\n" not in message
    assert "pydantic" not in message
    return message


# --- built in --------------------------------------------------------------------------------


def test_back_relief_is_the_five_floor_exercises_with_the_asked_doses():
    routine = load_routine("back-relief")
    assert (routine.name, routine.title) == ("back-relief", "Back relief")
    assert {step.exercise.name: (step.dose.repetitions, step.dose.hold_s) for step in routine.steps} == {
        "cat_cow": ((10, 10), (0, 0)),
        "bridge": ((10, 10), (10, 15)),
        "partial_crunch": ((10, 15), (0, 0)),
        "plank": ((0, 0), (30, 60)),
        "hamstring_stretch": ((0, 0), (30, 30)),
    }
    # Gentle first, and the rests are whole breaths.
    assert routine.steps[0].exercise.name == "cat_cow"
    assert all(step.breathing and step.rest_s >= 20 and step.rest_s % 10 == 0 for step in routine.steps)


@pytest.mark.parametrize("name", routine_names())
def test_built_in_routines_are_named_as_their_files_and_ask_of_the_exercises_what_these_ask(name):
    routine = load_routine(name)
    assert routine.name == name
    for step in routine.steps:
        assert step.exercise == get(step.exercise.name)  # the very same rules as in `analyze`
        assert step.dose == step.exercise.dose


@pytest.mark.parametrize("name", [*names(), *examples()])
def test_one_exercise_is_a_routine(name):
    exercise = get(name)
    routine = single(exercise)
    (step,) = routine.steps
    assert (routine.name, routine.title, step.rest_s) == (exercise.name, exercise.title, 0)
    assert (step.exercise, step.dose) == (exercise, exercise.dose)


# --- files -----------------------------------------------------------------------------------


def test_a_file_of_ones_own(tmp_path):
    path = tmp_path / "morning.TOML"
    path.write_text(TEXT, "utf-8-sig")
    routine = load_routine(path)
    assert (routine.name, routine.title) == ("morning", "Morning")
    assert [(step.exercise.name, step.rest_s, step.breathing) for step in routine.steps] == [
        ("cat_cow", 20, True),
        ("plank", 30, False),
        ("bridge", 0, False),
    ]
    assert routine.steps[0].exercise == get("cat_cow")
    assert routine.steps[1].dose == Dose(hold_s=(20, 40))
    # What is left out of a dose is the exercise's own.
    assert routine.steps[2].dose == Dose(repetitions=(5, 8), hold_s=(10, 15))


def test_the_engine_is_given_the_routines_dose():
    stretch = parsed(spoilt('"plank"', '"hamstring_stretch"')).steps[1]
    assert stretch.exercise.dose == stretch.dose == Dose(hold_s=(20, 40))
    bridge = with_dose(get("bridge"), Dose((5, 5), (4, 6)))
    assert bridge.fault("hold_short").below == 4
    assert [fault for fault in bridge.faults if fault.spoils != "dose"] == [
        fault for fault in get("bridge").faults if fault.spoils != "dose"
    ]
    assert problems(bridge) == []


@pytest.mark.parametrize("name", examples())
def test_examples_can_be_used_by_name(name):
    assert parsed(spoilt('"plank"\ndose = {hold_s = [20, 40]}', f'"{name}"')).steps[1].exercise == get(name)


def test_the_path_of_an_exercise_begins_at_the_routines_file(tmp_path, monkeypatch):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine.toml").write_text(as_file("bridge").replace('name = "bridge"', 'name = "mine"'), "utf-8")
    (tmp_path / "r.toml").write_text(spoilt('"bridge"', '"own/mine.toml"'), "utf-8")
    monkeypatch.chdir("/")
    step = load_routine(tmp_path / "r.toml").steps[2]
    assert (step.exercise.name, step.dose.repetitions) == ("mine", (5, 8))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('name = "morning"\n', "", "name is missing (as in the history)."),
        ('"morning"', '"Good Morning"', "name must begin with a small letter and have only small letters, digits, _"),
        ('"Morning"', '" "', "title must not be empty."),
        ('"Morning"', "7", 'title must be a text in "quotes", not 7.'),
        ('title = "Morning"', 'title = "Morning"\nname_ = 1', "name_ is unknown, perhaps name is meant; known are n"),
        ('"cat_cow"', '"cat_cwo"', 'step[0].exercise "cat_cwo" is unknown, perhaps cat_cow is meant; known are plank'),
        ('"cat_cow"', '"no/such.toml"', "step[0].exercise cannot be used: no/such.toml cannot be read: no such file"),
        ('exercise = "cat_cow"\n', "", "step[0].exercise is missing (name of an exercise, or the path"),
        ("rest_s = 20", "rests = 20", 'step[0].rests (of "cat_cow") is unknown, perhaps rest_s is meant; known are'),
        ("rest_s = 20", 'rest_s = "20"', 'step[0].rest_s (of "cat_cow") must be a number, not "20".'),
        ("rest_s = 20", "rest_s = -1", 'step[0].rest_s (of "cat_cow") must be 0 to 3600, not -1.'),
        ("rest_s = 20", "rest_s = nan", 'step[0].rest_s (of "cat_cow") must be 0 to 3600, not nan.'),
        ("rest_s = 20", "rest_s = 4000", 'step[0].rest_s (of "cat_cow") must be 0 to 3600, not 4000.'),
        ("rest_s = 20", "rest_s = 9", 'step[0].breathing (of "cat_cow") needs a rest_s of at least 10, one breath.'),
        ("breathing = true", "breathing = 1", 'step[0].breathing (of "cat_cow") must be true or false, not 1.'),
        ("[5, 8]", "[8, 5]", 'step[2].dose.repetitions (of "bridge") must have two numbers over 0, the smaller'),
        ("[5, 8]", "[0, 8]", 'step[2].dose.repetitions (of "bridge") must have two numbers over 0'),
        ("[5, 8]", "[5]", 'step[2].dose.repetitions (of "bridge") must have 2 values.'),
        ("[5, 8]", "[5, 6, 7]", 'step[2].dose.repetitions (of "bridge") must have 2 values.'),
        ("[5, 8]", "5", 'step[2].dose.repetitions (of "bridge") must be a list in [ ], not 5.'),
        ("[5, 8]", "[5.5, 8]", 'step[2].dose.repetitions[0] (of "bridge") must be a whole number, not 5.5.'),
        ("[20, 40]", "[20, inf]", 'step[1].dose.hold_s (of "plank") must have two numbers over 0'),
        ("hold_s = [20", "repetitions = [20", 'step[1].dose.repetitions (of "plank") must be left out where'),
        ("hold_s = [20", "hold = [20", 'step[1].dose.hold (of "plank") is unknown, perhaps hold_s is meant; known'),
        ("{hold_s = [20, 40]}", "30", 'step[1].dose (of "plank") must be a table of keys and values, not 30.'),
        ('"plank"', '"cat_cow"', 'step[1].dose.hold_s (of "cat_cow") must be left out: nothing is held in'),
        ('"plank"', '"sitting_posture"', 'step[1].dose (of "sitting_posture") must be left out: a posture is kept'),
        (
            '"cat_cow"',
            '"sitting_posture"',
            "step[0].exercise must be the last step: a posture is kept for as long as one likes.",
        ),
        ("[[step]]\nexercise = \"cat_cow\"", "[step]\nexercise = \"cat_cow\"", "is not written as TOML asks: "),
        ('title = "Morning"', "title =", "is not written as TOML asks: "),
        ('title = "Morning"', f'title = "Morning"\nn = {"9" * 5000}', "is not written as TOML asks: a number is too"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant(old, new, sentence):
    assert sentence in refusal(spoilt(old, new))


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ("", "step is missing (the exercises, in their order)."),
        ("step = []", "step must have at least one exercise."),
        ("step = 3", "step must be a list of tables, [[step]], not 3."),
        ("[step]\nexercise = 'plank'", "step must be a list of tables, [[step]], not a table."),
        ("step = [3]", "step[0] must be a table of keys and values, not 3."),
        ("step = [{exercise = 3}]", 'step[0].exercise must be a text in "quotes", not 3.'),
    ],
)
def test_steps_that_are_none(steps, sentence):
    assert refusal(f'name = "x"\ntitle = "X"\n{steps}') == f"my.toml: {sentence}"


def test_a_damaged_exercise_is_told_with_its_own_file(tmp_path):
    (tmp_path / "mine.toml").write_text(as_file("bridge").replace("facing =", "facign ="), "utf-8")
    message = refusal(spoilt('"bridge"', '"mine.toml"'), tmp_path)
    assert re.match(r"my\.toml: step\[2\]\.exercise cannot be used: .*mine\.toml: facign is unknown, perhaps", message)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"name = '\xff'", "is not UTF-8 text (line 1): save it in UTF-8."),
        (b"#" * (LARGEST_BYTES + 1), "is too big for a routine: at most 64 kB are read."),
        (None, "is a folder: give the path of one .toml file."),
    ],
)
def test_files_that_cannot_be_read(tmp_path, content, sentence):
    path = tmp_path / "r.toml"
    path.mkdir() if content is None else path.write_bytes(content)
    with pytest.raises(RoutineError) as caught:
        load_routine(path)
    assert str(caught.value) == f"{path} {sentence}"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("morning", "There is no routine 'morning'; choose one of back-relief, or give the path of a .toml file."),
        ("no/such.toml", "no/such.toml cannot be read: no such file or directory."),
        ("a\0b.toml", "a\0b.toml cannot be read: no such file."),
    ],
)
def test_routines_that_are_not_there(name, sentence):
    with pytest.raises(FormcheckError) as caught:
        load_routine(name)
    assert str(caught.value) == sentence


VALUES = st.recursive(
    st.sampled_from(
        ["3", "-1", "0.5", "nan", "true", '"plank"', '"bridge"', '"x.toml"', "[]", "{}", "[1, 2]", "[30, 40]"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda some: f"[{', '.join(some)}]")
        | st.dictionaries(
            st.sampled_from(["exercise", "dose", "rest_s", "breathing", "hold_s", "repetitions"]), inner
        ).map(lambda some: "{" + ", ".join(f"{key} = {value}" for key, value in some.items()) + "}")
    ),
    max_leaves=6,
)


@settings(deadline=None, derandomize=True, database=None, max_examples=80)
@given(st.dictionaries(st.sampled_from(["exercise", "dose", "rest_s", "breathing", "other"]), VALUES))
def test_any_step_is_a_routine_or_refused_in_a_sentence(step):
    text = 'name = "x"\ntitle = "X"\n[[step]]\n' + "\n".join(f"{key} = {value}" for key, value in step.items())
    try:
        routine = parsed(text)
    except RoutineError:
        refusal(text)
    else:
        assert problems(routine.steps[0].exercise) == []


# --- telling ---------------------------------------------------------------------------------


def printed(width: int, encoding: str = "utf-8") -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=stream, width=width, highlight=False)
    print_routines([load_routine("back-relief"), parsed(TEXT)], console)
    stream.flush()
    return stream.buffer.getvalue().decode(encoding)


@pytest.mark.parametrize("width", [40, 60, 100])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_routines_are_listed(width, encoding):
    text = printed(width, encoding)
    assert max(map(len, text.splitlines())) <= width
    flat = " ".join(text.split())
    for words in ("back-relief (Back relief)", "morning (Morning)", "hamstring_stretch", "hold 30 s, each side"):
        assert words in flat
    assert "60 s paced breathing" in flat


def test_doses_and_rests_in_words():
    cat, plank, bridge = parsed(TEXT).steps
    assert [dose_words(step) for step in (cat, plank, bridge)] == [
        "10 times",
        "hold 20-40 s",
        "5-8 times, held 10-15 s",
    ]
    assert [rest_words(step) for step in (cat, plank, bridge)] == ["20 s paced breathing", "30 s rest", ""]
    assert dose_words(single(get("sitting_posture")).steps[0]) == "as long as you like"


# --- the page --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [RoutineKeys, StepKeys, DoseKeys])
def test_the_page_says_of_each_key_what_the_docstring_says(kind):
    page = PAGE.read_text("utf-8")
    for key, meaning in explained(kind).entries.items():
        assert f"| `{key}` | {meaning}" in page


def test_the_pages_examples_are_routines():
    blocks = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)
    assert blocks
    for block in blocks:
        assert parsed(block).steps
