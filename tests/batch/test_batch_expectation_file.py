"""The file beside a clip: read, refused with the key and what is allowed there, and written."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from expected_results import made, recognised, rep, results
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import clip

import formcheck
from formcheck.batch.expectation import (
    Expectation,
    Expected,
    HoldExpected,
    Number,
    Range,
    RepetitionsExpected,
    failures,
)
from formcheck.batch.expectation_file import LARGEST_BYTES, SUFFIX, as_text, load, parse, sidecar_of
from formcheck.errors import ExpectationError, FormcheckError
from formcheck.exercises import as_file
from formcheck.exercises.explained import explained
from formcheck.report.result import AnalysisResult

BRIDGE = """
exercise = "bridge"
faults = ["hips_low"]
no_faults = ["lowered_fast"]
no_view = ["turn_side_on"]
score = {min = 60}

[repetitions]
good = 5
attempt = {min = 1, max = 2}
counted = {min = 5}
"""
PLANK = """
exercise = "plank"
clip = "other.mp4"
no_other_faults = true

[[holds]]
held_s = 20
in_form_s = 18.5
variant = "forearm"

[[holds]]
held_s = 4
tolerance_s = 1
"""
AUTO = """
exercise = "auto"
no_other_view = true

[[exercises]]
exercise = "bridge"
repetitions = {good = 5}

[[exercises]]
exercise = "side_plank"
holds = [{held_s = 15, side = "left"}]
"""


def read(text: str, folder: Path = Path()) -> Expectation:
    return parse(text, "my.expect.toml", folder)


def refusal(text: str, folder: Path = Path()) -> str:
    """Why a text is refused: one sentence that begins with the file's name."""
    with pytest.raises(ExpectationError) as caught:
        read(text, folder)
    message = str(caught.value)
    assert message.startswith("my.expect.toml")
    assert message.endswith(".")
    assert not message.endswith("..")
    assert "\n" not in message
    assert "pydantic" not in message
    return message.removeprefix("my.expect.toml").removeprefix(": ")


def test_keys():
    assert read(BRIDGE) == Expectation(
        "bridge",
        RepetitionsExpected(Number(5), attempt=Number(min=1, max=2), counted=Number(min=5)),
        faults=("hips_low",),
        no_faults=("lowered_fast",),
        no_view=("turn_side_on",),
        score=Range(min=60),
    )
    assert read(PLANK) == Expectation(
        "plank",
        holds=(HoldExpected(20, 18.5, variant="forearm"), HoldExpected(4, tolerance_s=1)),
        no_other_faults=True,
        clip="other.mp4",
    )
    assert read(AUTO).exercises == (
        Expected("bridge", RepetitionsExpected(Number(5))),
        Expected("side_plank", holds=(HoldExpected(15, side="left"),)),
    )
    assert read('exercise = "plank"\nholds = []').holds == ()
    assert read('exercise = "plank"\nrefused = true').refused
    assert read('exercise = "bird_dog"\nfaults = []').exercise == "bird_dog"


def test_every_key_is_explained():
    for kind in (Number, Range, RepetitionsExpected, HoldExpected, Expected):
        assert list(explained(kind).entries) == [own.name for own in fields(kind)] or kind is Expected
    both = explained(Expected).entries | explained(Expectation).entries
    assert {own.name for own in fields(Expectation)} == set(both)


WRONG = [
    ("exercise = ", "is not written as TOML asks"),
    ("", "exercise is missing (name of the exercise"),
    ('exercise = "brigde"', 'exercise "brigde" is unknown, perhaps bridge is meant; known are plank, '),
    ('exercise = "none.toml"', "exercise cannot be used: "),
    ('exercise = "bridge"\nrepetition = 5', "repetition is unknown, perhaps repetitions is meant"),
    ('exercise = "bridge"\nrepetitions = 5', "repetitions must be a table of keys and values, not 5"),
    ('exercise = "bridge"\nrepetitions = {god = 5}', "repetitions.god is unknown, perhaps good is meant"),
    ('exercise = "bridge"\nrepetitions = {good = "5"}', 'repetitions.good must be a whole number, or limits such as'),
    ('exercise = "bridge"\nrepetitions = {good = true}', "repetitions.good must be a whole number"),
    ('exercise = "bridge"\nrepetitions = {good = 4.5}', "limits such as {min = 4, max = 6}, not 4.5."),
    ('exercise = "bridge"\nrepetitions = {good = [4]}', "repetitions.good must be a whole number"),
    ('exercise = "bridge"\nrepetitions = {good = -1}', "repetitions.good must be 0 or more, not -1"),
    ('exercise = "bridge"\nrepetitions = {good = {}}', "repetitions.good must be a whole number, or have min or max"),
    ('exercise = "bridge"\nrepetitions = {good = {min = 5, max = 4}}', "good must have a min that is not over its max"),
    ('exercise = "bridge"\nrepetitions = {good = {exact = 5, max = 4}}', "good must have either exact, or min and max"),
    ('exercise = "bridge"\nrepetitions = {good = {min = "a"}}', "repetitions.good.min must be a whole number"),
    ('exercise = "plank"\nrepetitions = {good = 1}', "repetitions.good must be left out: plank is held"),
    ('exercise = "bridge"\nholds = [{held_s = 1}]', "holds[0] must be left out: bridge is counted in repetitions"),
    ('exercise = "plank"\nholds = [{held_s = -1}]', "holds[0].held_s must be 0 or more, not -1"),
    ('exercise = "plank"\nholds = [{held_s = inf}]', "holds[0].held_s must be 0 or more, not inf"),
    ('exercise = "plank"\nholds = [{held_s = 1, tolerance_s = nan}]', "holds[0].tolerance_s must be 0 or more"),
    ('exercise = "plank"\nholds = [{}]', "holds[0].held_s is missing (how long the position is held"),
    ('exercise = "plank"\nholds = [3]', "holds[0] must be a table"),
    ('exercise = "plank"\nholds = {held_s = 3}', "holds must be a list of tables, [[holds]], not a table"),
    ('exercise = "plank"\nholds = [{held_s = 1, variant = "forarm"}]', 'variant "forarm" is unknown, perhaps forearm'),
    ('exercise = "plank"\nholds = [{held_s = 1, side = "left"}]', "side must be left out: plank has no sides"),
    ('exercise = "side_plank"\nholds = [{held_s = 1, side = "up"}]', 'side "up" is unknown; known are left, right'),
    ('exercise = "side_plank"\nholds = [{held_s = 1, variant = "left"}]', "side_plank has no variants"),
    ('exercise = "bridge"\nfaults = ["hip_low"]', 'faults[0] "hip_low" is unknown, perhaps hips_low is meant'),
    ('exercise = "bridge"\nno_faults = ["x"]', 'no_faults[0] "x" is unknown; known are hips_low, '),
    ('exercise = "bridge"\nfaults = ["hips_low"]\nno_faults = ["hips_low"]', "is in faults, too: it cannot be both"),
    ('exercise = "bridge"\nfaults = "hips_low"', 'faults must be a list in [ ], not "hips_low"'),
    ('exercise = "bridge"\nview = ["dark"]', 'view[0] "dark" is unknown, perhaps too_dark is meant'),
    ('exercise = "sitting_posture"\nno_view = ["too_near"]', 'no_view[0] "too_near" is unknown'),
    ('exercise = "bridge"\nscore = {}', "score must have min or max"),
    ('exercise = "bridge"\nscore = {max = 101}', "score must have limits within 0 to 100"),
    ('exercise = "bridge"\nscore = {min = nan}', "score must have limits within 0 to 100"),
    ('exercise = "bridge"\nscore = {min = 9, max = 3}', "score must have a min that is not over its max"),
    ('exercise = "bridge"\nclip = "a/b.mp4"', "clip must be the name of a file in the same folder"),
    ('exercise = "bridge"\nrefused = true\nfaults = ["hips_low"]', "faults must be left out: of a clip that is"),
    ('exercise = "bridge"\nexercises = []', 'exercises must be left out: it is for exercise = "auto"'),
    ('exercise = "auto"\nfaults = ["hips_low"]', "faults must be left out: it belongs into [[exercises]]"),
    ('exercise = "auto"\nview = ["dark"]', 'view[0] "dark" is unknown'),
    ('exercise = "auto"\n[[exercises]]\nexercise = "bird_dog"', 'exercises[0].exercise "bird_dog" is unknown'),
    ('exercise = "auto"\n[[exercises]]\nexercise = "plank"\n[[exercises]]\nexercise = "plank"', "is there already"),
    ('exercise = "auto"\n[[exercises]]\nexercise = "plank"\nrepetitions.good = 1',
     'exercises[0].repetitions.good (of "plank") must be left out'),
    ('exercise = "auto"\n[[exercises]]\nexercise = "bridge"\nrepetitions.good = "a"',
     'exercises[0].repetitions.good (of "bridge") must be a whole number'),
    ('exercise = "auto"\nexercises = [3]', "exercises[0] must be a table"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "part"), WRONG)
def test_what_cannot_be_meant_is_refused(text: str, part: str):
    assert part in refusal(text)


def test_an_exercise_in_a_file_is_seen_from_the_expectation(tmp_path: Path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine.toml").write_text(as_file("bridge").replace('name = "bridge"', 'name = "mine"'))
    sidecar = tmp_path / "a.expect.toml"
    sidecar.write_text('exercise = "own/mine.toml"\nfaults = ["hips_low"]')
    assert load(sidecar).exercise == "own/mine.toml"
    sidecar.write_text('exercise = "own/mine.toml"\nfaults = ["hips_sagging"]')
    with pytest.raises(ExpectationError, match="hips_sagging"):
        load(sidecar)


def test_files_that_cannot_be_read(tmp_path: Path):
    big = tmp_path / "big.expect.toml"
    big.write_text("#" * (LARGEST_BYTES + 1))
    latin = tmp_path / "latin.expect.toml"
    latin.write_bytes(b'exercise = "br\xfccke"')
    for path, part in (
        (big, "too big for an expectation"),
        (latin, "not UTF-8"),
        (tmp_path, "is a folder"),
        (tmp_path / "none.expect.toml", "cannot be read"),
    ):
        with pytest.raises(FormcheckError, match=part) as caught:
            load(path)
        assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "beside"),
    [("a.mp4", "a"), ("a.b.MP4", "a.b"), ("my clip.npz", "my clip"), ("clips/a.jpg", "clips/a"), ("noend", "noend")],
)
def test_sidecar_of_a_clip(name: str, beside: str):
    assert sidecar_of(Path(name)) == Path(f"{beside}{SUFFIX}")


def test_sidecar_of_a_folder_of_pictures(tmp_path: Path):
    (tmp_path / "take.2").mkdir()
    assert sidecar_of(tmp_path / "take.2") == tmp_path / f"take.2{SUFFIX}"


# --- writing ---------------------------------------------------------------------------------


def test_what_is_written_tells_what_to_look_at():
    result = made("bridge", reps=(rep(1, 2.0), rep(2, 14.0, "attempt", "hips\nstopped short", "hips_low")))
    lines = as_text(result, "bridge").splitlines()
    assert lines == [
        f"# Written by formcheck {formcheck.__version__} from what it found; check it against the clip.",
        'exercise = "bridge"',
        "# Repetition 2 (0:14) is an attempt, hips stopped short (hips_low).",
        "repetitions = {good = 1, faulty = 0, attempt = 1, unfinished = 0}",
        'faults = ["hips_low"]',
        "no_other_faults = true",
        "view = []",
        "no_other_view = true",
        "score = {min = 48, max = 52}",
    ]


def test_a_path_is_written_so_that_it_is_read_again():
    for path in ("a b/c'd.toml", 'q"uo\\te.toml', "\x7f\u00e9.toml"):
        assert tomllib.loads(as_text(made("bridge"), path))["exercise"] == path


@settings(max_examples=150, deadline=None)
@given(st.one_of(results(), recognised()))
def test_what_is_written_is_met_by_the_same_result(result: AnalysisResult):
    assert failures(read(as_text(result, result.exercise)), result) == ()


@settings(max_examples=60, deadline=None)
@given(results())
def test_one_repetition_or_hold_less_does_not_meet_it(result: AnalysisResult):
    expected = read(as_text(result, result.exercise))
    fewer = made(result.exercise, reps=result.reps[1:], holds=result.holds[1:], source=result.source)
    if result.source.duration_s and (result.reps or result.holds):
        assert failures(expected, fewer)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bridge_faulty", "side_plank_faulty"])
def test_a_real_clip_meets_what_is_written_of_it(name: str):
    exercise = name.removesuffix("_faulty")
    result = formcheck.analyze(clip(name), exercise, model="lite", video=False)
    expected = read(as_text(result, exercise))
    assert failures(expected, result) == ()
    assert expected.repetitions is not None or expected.holds


# --- any text --------------------------------------------------------------------------------

LINES = st.sampled_from([line for text in (BRIDGE, PLANK, AUTO) for line in text.splitlines()])


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(), st.lists(LINES, max_size=8).map("\n".join)))
def test_any_text_is_read_or_refused_in_one_sentence(text: str):
    try:
        read(text)
    except ExpectationError as error:
        assert str(error).endswith(".")
        assert "\n" not in str(error)
