"""Exercises in TOML files: what is written out is read back, and what cannot be meant is refused in one sentence."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import bodies
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judged import judged

from formcheck import cli
from formcheck.errors import ExerciseError
from formcheck.exercises import as_file, examples, get, names
from formcheck.exercises.check import problems
from formcheck.exercises.declaration import Bound, Exercise, Fault
from formcheck.exercises.explained import explained
from formcheck.exercises.files import LARGEST_BYTES, load, parse
from formcheck.exercises.written import dump

EACH = pytest.mark.parametrize("name", names())

# A lift of the arm while lying on the back: small, and right. The error cases below each spoil one place of it.
REPETITIONS = """
name = "arm_lift"
title = "Arm lift"
asked = "On the back, lift the arms."
dose = {repetitions = [8, 12]}
facing = "up"
camera = "Side view."
needs = ["shoulder", "hip"]
posture = [{measure = "trunk_slope_deg", low = -30, high = 30}]
line = ["hip", "shoulder"]
baselines = [{name = "arm_own_deg", measure = "arm_elevation_deg"}]
score = {range = 60, tempo = 40}

[movement]
lift = "arm_elevation_deg"
leave = 10
back = 6
settled = 3
least = 15
main = "arm_own_deg"
line = [{measure = "arm_own_deg", low = 60}]
shown = ["arm_own_deg"]

[[faults]]
name = "too_low"
measure = "arm_own_deg"
below = 50
cue = "Higher."
means = "The arms stay low."
joint = "wrist"
part = "range"
per_repetition = true

[[faults]]
name = "bent"
measure = "elbow_angle_deg"
below = 150
release = 155
cue = "Straighten your arms."
means = "The elbows bend."
joint = "elbow"
part = "range"
"""

HOLD = """
name = "lying_still"
title = "Lying still"
asked = "On the back, lie still."
dose = {hold_s = [10, 20]}
facing = "up"
camera = "Side view."
needs = ["shoulder", "hip"]
posture = [{measure = "trunk_slope_deg", low = -30, high = 30}]
line = ["hip", "shoulder"]

[holding]
steady = [["held", 5]]
variants = [{name = "flat", bounds = [{measure = "knee_angle_deg", low = 150}], main = "hip_angle_deg"}]

[[faults]]
name = "hips_bent"
measure = "held"
below = 160
cue = "Stretch your hips."
means = "The hips bend."
joint = "hip"
during = ["hold"]
"""


def spoilt(text: str, old: str, new: str) -> str:
    """The text with its one `old` replaced."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def refusal(text: str) -> str:
    """Why a text is refused: one sentence that begins with the file's name."""
    with pytest.raises(ExerciseError) as caught:
        parse(text, "my.toml")
    message = str(caught.value)
    assert message.startswith("my.toml")
    assert message.endswith(".")
    assert "\n" not in message
    assert "pydantic" not in message
    return message


# --- what is right ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", [REPETITIONS, HOLD])
def test_a_small_exercise(text):
    exercise = parse(text, "my.toml")
    assert problems(exercise) == []
    assert parse(dump(exercise), "again.toml") == exercise


@EACH
def test_built_in_exercises_are_read_back_as_they_are(name):
    again = parse(dump(get(name)), f"{name}.toml")
    assert again == get(name)
    assert list(again.score) == list(get(name).score)
    assert dump(again) == dump(get(name))


@EACH
def test_defaults_are_left_out(name):
    data = tomllib.loads(dump(get(name)))
    assert all(own.name not in data for own in fields(Exercise) if getattr(get(name), own.name) in ((), None, {}))
    for written, fault in zip(data["faults"], get(name).faults, strict=True):
        assert not [own.name for own in fields(Fault) if own.name in written and written[own.name] == own.default]
        assert ("dwell_s" in written) is (fault.dwell_s != 0.3)


@EACH
def test_every_key_is_explained_in_the_words_of_the_declaration(name):
    comments = " ".join(re.findall(r"^#\s*(.*)$", dump(get(name)), re.MULTILINE))
    for own in fields(Exercise):
        assert explained(Exercise).entries[own.name] in comments
    for own in fields(Fault):
        assert f"{own.name}: {explained(Fault).entries[own.name]}" in comments


@EACH
def test_written_lines_are_short_and_plain(name):
    text = dump(get(name))
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\n\n\n" not in text
    assert all(line == line.rstrip() for line in text.splitlines())
    assert all(len(line) <= 120 for line in text.splitlines() if line.startswith(("#", " ")))


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
numbers = st.floats(-1e6, 1e6)


@settings(deadline=None)
@given(title=texts, cue=texts, low=numbers, width=st.floats(0.001, 1e6), share=st.floats(0, 0.99), on=st.booleans())
def test_any_text_and_number_is_read_back(title, cue, low, width, share, on):
    one = parse(REPETITIONS, "my.toml")
    assert one.movement is not None
    changed = replace(
        one,
        title=title,
        posture=(Bound("trunk_slope_deg", low, low + width, if_unknown=on), Bound("knee_angle_deg", high=math.pi)),
        movement=replace(one.movement, back_share=share),
        faults=(replace(one.faults[0], cue=cue, means=title), *one.faults[1:]),
    )
    assert parse(dump(changed), "my.toml") == changed


@pytest.mark.parametrize("before", ["\ufeff", "# first\r\n"])
def test_marks_of_other_editors_do_no_harm(before, tmp_path):
    path = tmp_path / "my.toml"
    path.write_bytes((before + REPETITIONS.replace("\n", "\r\n")).encode())
    assert load(path) == parse(REPETITIONS, "my.toml")


# --- what is wrong with the file -------------------------------------------------------------


def test_a_missing_file(tmp_path):
    with pytest.raises(ExerciseError, match=r"none\.toml cannot be read: no such file or directory\."):
        load(tmp_path / "none.toml")


def test_a_folder(tmp_path):
    (tmp_path / "a.toml").mkdir()
    with pytest.raises(ExerciseError, match=r"a\.toml is a folder: give the path of one \.toml file\."):
        load(tmp_path / "a.toml")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'name = "\xff"', "is not UTF-8 text (line 1): save it in UTF-8."),
        ('\n\nname = "\u00e4"'.encode("latin-1"), "is not UTF-8 text (line 3): save it in UTF-8."),
        (REPETITIONS.encode("utf-16"), "is not UTF-8 text (line 1): save it in UTF-8."),
        (b"#" * (LARGEST_BYTES + 1), "is too big for an exercise: at most 256 kB are read."),
        (b"name = ", "is not written as TOML asks: invalid value (at end of document)."),
        (b'a = 1\nb = "x\nc = 2', "is not written as TOML asks: illegal character '\\n' (at line 2, column 7)."),
        (b"a = 1\na = 2\n", "is not written as TOML asks: cannot overwrite a value (at line 2, column 6)."),
        (b"a = " + b"[" * 5000, "is not written as TOML asks: a number is too long or a list too deep."),
        (b"a = " + b"1" * 5000, "is not written as TOML asks: a number is too long or a list too deep."),
        (b"", "title is missing"),
    ],
)
def test_a_file_that_is_none(content, said, tmp_path):
    path = tmp_path / "my.toml"
    path.write_bytes(content)
    with pytest.raises(ExerciseError) as caught:
        load(path)
    said = said if said != "title is missing" else "name is missing (as on the command line and in result.json)."
    assert str(caught.value) in (f"{path} {said}", f"{path}: {said}")


# --- what is wrong in it ---------------------------------------------------------------------

KNOWN_FAULT = ", ".join(own.name for own in fields(Fault))


@pytest.mark.parametrize(
    ("text", "old", "new", "said"),
    [
        # Keys.
        (REPETITIONS, "title =", "tittle =", "tittle is unknown, perhaps title is meant; known are name, title, "),
        (
            REPETITIONS,
            "release =",
            "relase =",
            f'faults[1].relase (of "bent") is unknown, perhaps release is meant; known are {KNOWN_FAULT}.',
        ),
        (REPETITIONS, "release =", "qqq =", f'faults[1].qqq (of "bent") is unknown; known are {KNOWN_FAULT}.'),
        (REPETITIONS, "leave = 10", "", "movement.leave is missing (over its rest level by this much: on the way)."),
        (REPETITIONS, 'cue = "Higher."', "", 'faults[0].cue (of "too_low") is missing (what to say, short).'),
        (
            REPETITIONS,
            "range = 60",
            "rnge = 60",
            "score.rnge is unknown, perhaps range is meant; known are range, alignment, tempo",
        ),
        # What is not judged.
        (
            REPETITIONS,
            "title =",
            'unjudged = {Arched = "It does not show."}\ntitle =',
            "unjudged.Arched must be",
        ),
        (
            REPETITIONS,
            "title =",
            'unjudged = {too_low = "It does not show."}\ntitle =',
            "unjudged.too_low must not have the name of a fault, which is judged.",
        ),
        (REPETITIONS, "title =", 'unjudged = {arched = " "}\ntitle =', "unjudged.arched must not be empty."),
        # Types.
        (REPETITIONS, "below = 50", 'below = "50"', 'faults[0].below (of "too_low") must be a number, not "50".'),
        (REPETITIONS, "leave = 10", "leave = true", "movement.leave must be a number, not true."),
        (REPETITIONS, "leave = 10", "leave = [10]", "movement.leave must be a number, not a list."),
        (REPETITIONS, "[8, 12]", "[8.5, 12]", "dose.repetitions[0] must be a whole number, not 8.5."),
        (REPETITIONS, "[8, 12]", "[8]", "dose.repetitions must have 2 values."),
        (REPETITIONS, "[8, 12]", "[8, 10, 12]", "dose.repetitions must have 2 values."),
        (REPETITIONS, "{repetitions = [8, 12]}", "12", "dose must be a table of keys and values, not 12."),
        (REPETITIONS, '"Arm lift"', "3", 'title must be a text in "quotes", not 3.'),
        (REPETITIONS, '["shoulder", "hip"]', '"hip"', 'needs must be a list in [ ], not "hip".'),
        (
            REPETITIONS,
            "per_repetition = true",
            "per_repetition = 1",
            'faults[0].per_repetition (of "too_low") must be true or false, not 1.',
        ),
        (
            REPETITIONS,
            '[{measure = "trunk_slope_deg", low = -30, high = 30}]',
            '{measure = "hip_angle_deg"}',
            "posture must be a list of tables, [[posture]], not a table.",
        ),
        (HOLD, '[["held", 5]]', '[["held"]]', "holding.steady[0] must have 2 values."),
        (HOLD, '["hold"]', '"hold"', 'faults[0].during (of "hips_bent") must be a list in [ ], not "hold".'),
        # Values that are one of some.
        (
            REPETITIONS,
            'facing = "up"',
            'facing = "upp"',
            'facing "upp" is unknown, perhaps up is meant; known are up, down',
        ),
        (
            HOLD,
            '["hold"]',
            '["hodl"]',
            'faults[0].during[0] (of "hips_bent") "hodl" is unknown, perhaps hold is meant; known are rest, ',
        ),
        # Names.
        (
            REPETITIONS,
            'lift = "arm_elevation_deg"',
            'lift = "arm_elevatoin_deg"',
            'movement.lift "arm_elevatoin_deg" is unknown, perhaps arm_elevation_deg is meant; known are ankle_',
        ),
        (REPETITIONS, 'lift = "arm_elevation_deg"', 'lift = "arm_own_deg"', 'movement.lift "arm_own_deg" is unknown'),
        (
            REPETITIONS,
            'measure = "elbow_angle_deg"',
            'measure = "elbow"',
            'faults[1].measure (of "bent") "elbow" is unknown, perhaps elbow_angle_deg is meant',
        ),
        (
            REPETITIONS,
            'measure = "elbow_angle_deg"',
            'measure = "held"',
            'faults[1].measure (of "bent") "held" is unknown',
        ),
        (
            REPETITIONS,
            'measure = "arm_own_deg"\nbelow',
            'measure = "knee_angle_deg"\nbelow',
            'faults[0].measure (of "too_low") "knee_angle_deg" is unknown; known are arm_own_deg, in_line_s, lowering_s, ',  # noqa: E501
        ),
        (
            REPETITIONS,
            'measure = "trunk_slope_deg"',
            'measure = "arm_own_deg"',
            'posture[0].measure "arm_own_deg" is unknown',
        ),
        (
            REPETITIONS,
            'name = "arm_own_deg"',
            'name = "hip_angle_deg"',
            'baselines[0].name must not be "hip_angle_deg", which is the name of something else.',
        ),
        (
            REPETITIONS,
            'name = "arm_own_deg"',
            'name = "rising_s"',
            'baselines[0].name must not be "rising_s", which is the name of something else.',
        ),
        (
            REPETITIONS,
            'joint = "elbow"',
            'joint = "elbw"',
            'faults[1].joint (of "bent") "elbw" is unknown, perhaps elbow is meant; known are nose, ear, shoulder, ',
        ),
        (
            REPETITIONS,
            'needs = ["shoulder"',
            'needs = ["sholder"',
            'needs[0] "sholder" is unknown, perhaps shoulder is meant; ',
        ),
        (
            REPETITIONS,
            'name = "arm_lift"',
            'name = "Arm/lift"',
            "name must begin with a small letter and have only small letters, digits and _, 40 at most.",
        ),
        (REPETITIONS, 'name = "bent"', 'name = ""', "faults[1].name must begin with a small letter"),
        (
            REPETITIONS,
            'shown = ["arm_own_deg"]',
            'shown = ["knee_angle_deg"]',
            'movement.shown must have main, "arm_own_deg", in it.',
        ),
        # Numbers.
        (REPETITIONS, "low = -30, high = 30", "low = 30, high = 30", "posture[0].low must be under high, 30, not 30."),
        (
            REPETITIONS,
            "low = -30, high = 30",
            "low = nan, high = 30",
            "posture[0].low must be under high, 30, not nan.",
        ),
        (REPETITIONS, ", low = -30, high = 30", "", "posture[0] needs low or high."),
        (REPETITIONS, "low = -30, high = 30", "low = -30, margin = -1", "posture[0].margin must not be under 0."),
        (
            REPETITIONS,
            "back = 6",
            "back = 12",
            "movement must have 0 < settled < back < leave < least, not 3, 12, 10, 15.",
        ),
        (
            REPETITIONS,
            "settled = 3",
            "settled = 0",
            "movement must have 0 < settled < back < leave < least, not 0, 6, 10, 15.",
        ),
        (REPETITIONS, "least = 15", "least = inf", "movement.least must be a finite number."),
        (
            REPETITIONS,
            "least = 15",
            "least = 15\nback_share = 1",
            "movement.back_share must be at least 0 and under 1.",
        ),
        (REPETITIONS, "[8, 12]", "[12, 8]", "dose.repetitions must have the smaller number first, and none under 0."),
        (REPETITIONS, "[8, 12]", "[0, 0]", "dose.repetitions must be over 0 where there is a movement."),
        (REPETITIONS, "range = 60", "range = 50", "score must add up to 100, not 90."),
        (REPETITIONS, "range = 60, tempo = 40", "range = 60, hold = 40", "score.hold needs dose.hold_s over 0."),
        (HOLD, "[10, 20]", "[0, 0]", "dose.hold_s must be over 0 where there is a holding without reminders."),
        (HOLD, '[["held", 5]]', '[["held", 0]]', "holding.steady[0] must have a width over 0."),
        (HOLD, '[["held", 5]]', '[["hled", 5]]', 'holding.steady[0][0] "hled" is unknown, perhaps held is meant'),
        # Faults.
        (REPETITIONS, "below = 150\nrelease = 155", "", 'faults[1] (of "bent") needs above or below.'),
        (
            REPETITIONS,
            "below = 150",
            "below = 150\nabove = 170",
            'faults[1] (of "bent") must have above or below, not both.',
        ),
        (
            REPETITIONS,
            "release = 155",
            "release = 145",
            'faults[1].release (of "bent") must be over below, 150, not 145.',
        ),
        (REPETITIONS, "below = 150", "above = 150", 'faults[1].release (of "bent") must be under above, 150, not 155.'),
        (
            REPETITIONS,
            "below = 50",
            "below = 50\nrelease = 60",
            'faults[0].release (of "too_low") must be left out where per_repetition is true.',
        ),
        (REPETITIONS, "below = 150", "below = 150\ndwell_s = 0", 'faults[1].dwell_s (of "bent") must be over 0.'),
        (
            REPETITIONS,
            "below = 150",
            'below = 150\nunit = "cm"',
            'faults[1].unit (of "bent") must be "deg" for elbow_angle_deg, not "cm".',
        ),
        (
            REPETITIONS,
            "below = 150",
            'below = 150\nduring = ["hold"]',
            'faults[1].during (of "bent") must have some of "moving", "rest", "top" where there is a movement.',
        ),
        (
            REPETITIONS,
            "below = 150",
            'below = 150\nvariants = ["x"]',
            'faults[1].variants[0] (of "bent") "x" is unknown; known are none.',
        ),
        (
            REPETITIONS,
            "below = 150",
            'below = 150\nspoils = "attempt"',
            'faults[1].reason (of "bent") is missing: an attempt says why it does not count.',
        ),
        (
            REPETITIONS,
            "below = 150",
            'below = 150\nspoils = "attempt"\nreason = "{gap:.0f} deg short"',
            'faults[1].target (of "bent") is missing: the reason tells the gap to it.',
        ),
        (
            REPETITIONS,
            "below = 150",
            'below = 150\nspoils = "attempt"\nreason = "{x} short"',
            'faults[1].reason (of "bent") must have no braces { } but those of {gap} or {gap:.0f}.',
        ),
        (
            REPETITIONS,
            "below = 150",
            'below = 150\nspoils = "attempt"\nreason = "{"',
            'faults[1].reason (of "bent") must have no braces',
        ),
        (
            REPETITIONS,
            "below = 150",
            'below = 150\nreason = "so"',
            'faults[1].reason (of "bent") must be left out unless spoils is "attempt".',
        ),
        (
            REPETITIONS,
            "below = 150",
            'below = 150\nspoils = "dose"',
            'faults[1].per_repetition (of "bent") must be true where spoils is "dose".',
        ),
        (
            REPETITIONS,
            'elbow"\npart = "range"',
            'elbow"\npart = "hold"',
            'faults[1].part (of "bent") "hold" is unknown; known are range, tempo (the parts of the score).',
        ),
        (
            REPETITIONS,
            'name = "too_low"\nmeasure = "arm_own_deg"\n',
            'name = "bent"\nmeasure = "arm_own_deg"\nonly_if = [{measure = "hip_angle_deg", low = 3}]\n',
            'faults[0].only_if[0].measure (of "bent") "hip_angle_deg" is unknown',
        ),
        (
            HOLD,
            'during = ["hold"]',
            "",
            'faults[0].during (of "hips_bent") must have some of "entering", "hold" where there is a holding.',
        ),
        (
            HOLD,
            'during = ["hold"]',
            "per_repetition = true",
            'faults[0].per_repetition (of "hips_bent") must be left out where there is a holding.',
        ),
        (
            HOLD,
            'during = ["hold"]',
            'during = ["hold"]\nvariants = ["falt"]',
            'faults[0].variants[0] (of "hips_bent") "falt" is unknown, perhaps flat is meant; known are flat.',
        ),
        # The whole.
        (HOLD, "[holding]", "[movement]", "movement.steady is unknown"),
        (HOLD, "[holding]", "[hodling]", "hodling is unknown, perhaps holding is meant"),
        (
            HOLD,
            "dose = {hold_s = [10, 20]}",
            "dose = {hold_s = [10, 20]}\nscore = {range = 100}",
            "score must be left out where there is a holding.",
        ),
        (
            REPETITIONS,
            'posture = [{measure = "trunk_slope_deg", low = -30, high = 30}]',
            "posture = []",
            "posture must have at least one bound.",
        ),
        (REPETITIONS, '["hip", "shoulder"]', '["hip"]', "line must have at least two joints."),
    ],
)
def test_what_is_refused(text, old, new, said):
    message = refusal(spoilt(text, old, new))
    assert message.removeprefix("my.toml: ").startswith(said)
    assert message.endswith(said) or not said.endswith(".")


def test_two_ways_of_counting_or_none():
    holding = HOLD[HOLD.index("[holding]") : HOLD.index("[[faults]]")]
    both = spoilt(REPETITIONS, "[movement]", f"{holding}\n[movement]")
    said = "holding must be left out where there is a movement: an exercise has one of movement, cycle, holding."
    assert refusal(both) == f"my.toml: {said}"
    none = REPETITIONS[: REPETITIONS.index("[movement]")] + REPETITIONS[REPETITIONS.index("[[faults]]") :]
    said = "movement is missing, or another of movement, cycle, holding: an exercise has one of them."
    assert refusal(none) == f"my.toml: {said}"


def test_a_long_or_broken_text_is_shown_short_and_on_one_line():
    message = refusal(spoilt(REPETITIONS, 'facing = "up"', f'facing = "a\\n{"b" * 500}"'))
    assert '"a\\nbbb' in message
    assert len(message) < 250


ODD_VALUES = ("nan", "-inf", "1e400", "[]", "{}", "true", '""', '"\\n"', "[[]]", "1979-05-27", "9" * 30)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_is_done_to_a_file_it_is_read_or_refused_in_one_sentence(data):
    """Cut, swapped and overwritten lines and values: never another error."""
    lines = data.draw(st.sampled_from([REPETITIONS, HOLD])).splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        i = data.draw(st.integers(0, len(lines) - 1))
        key = lines[i].split(" = ")[0]
        value = data.draw(
            st.sampled_from(["nan", "-inf", "1e400", "[]", "{}", "true", '""', '"\\n"', "[[]]", "1979-05-27", "9" * 30])
        )
        lines[i] = data.draw(
            st.sampled_from(["", f"{key} = {value}", lines[i][:-1], f"{lines[i]}\n{lines[i]}", f'"\\n" = {value}'])
        )
    try:
        exercise = parse("\n".join(lines), "my.toml")
    except ExerciseError as error:
        assert "\n" not in str(error)
    else:
        assert parse(dump(exercise), "my.toml") == exercise


# --- by name or path -------------------------------------------------------------------------


def test_a_path_is_as_good_as_a_name(tmp_path):
    path = tmp_path / "bridge.toml"
    path.write_text(as_file("bridge"), "utf-8")
    assert get(path) == get(str(path)) == get("bridge")


@pytest.mark.parametrize("name", sorted(examples()))
def test_examples(name):
    exercise = get(name)
    assert exercise.name == name
    assert problems(exercise) == []
    assert as_file(name) == examples()[name].read_text("utf-8")
    assert parse(dump(exercise), name) == exercise


def test_examples_are_not_built_in():
    assert set(examples()) == {"bird_dog", "dead_bug"}
    assert not set(examples()) & set(names())


# --- the command line ------------------------------------------------------------------------

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    def run_main(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(arguments)
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return run_main


@pytest.mark.parametrize("name", ["bridge", "plank", "bird_dog"])
def test_show(name, run):
    assert run("exercises", "--show", name) == (0, as_file(name), "")


@pytest.mark.parametrize("arguments", [["--show"], ["--show", "bridge", "plank"]])
def test_show_wants_one(arguments, run):
    code, out, err = run("exercises", *arguments)
    assert (code, out) == (2, "")
    assert "--show" in err


def test_one_exercise_of_ones_own_is_listed(tmp_path, run):
    path = tmp_path / "my.toml"
    path.write_text(REPETITIONS, "utf-8")
    code, out, err = run("exercises", str(path))
    assert (code, err) == (0, "")
    assert "arm_lift  (Arm lift)" in out
    assert "plank" not in out


def test_examples_are_told_of(run):
    assert "usable by name, too: bird_dog, dead_bug." in run("exercises")[1]


@pytest.mark.parametrize(
    "command",
    [
        ["analyze", "clip.mp4", "--exercise"],
        ["analyze", "clip.mp4", "--json", "-e"],
        ["exercises"],
        ["exercises", "--show"],
    ],
)
def test_a_bad_file_on_the_command_line(command, tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("my.toml").write_text(spoilt(REPETITIONS, "leave = 10", "leave = true"), "utf-8")
    said = "formcheck: my.toml: movement.leave must be a number, not true.\n"
    assert run(*command, "my.toml") == (2, "", said)
    assert [path.name for path in tmp_path.iterdir()] == ["my.toml"]


def test_results_go_to_a_folder_named_after_the_exercise(tmp_path):
    path = tmp_path / "some where.toml"
    path.write_text(REPETITIONS, "utf-8")
    assert cli.default_folder("a/clip.mp4", str(path)) == Path("formcheck-out", "clip-arm_lift")


def test_what_is_built_in_needs_no_library_for_files():
    code = (
        "import sys; from formcheck import cli; from formcheck.exercises import get, names, as_file\n"
        "for name in names(): get(name); as_file(name)\n"
        "print([m for m in ('pydantic', 'tomllib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# --- the same result -------------------------------------------------------------------------


def test_an_exercise_from_a_file_judges_as_the_built_in_one(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(as_file("bridge"), "utf-8")
    poses, _ = bodies.bridges([178, 150, 202])
    assert judged(str(path), poses) == judged("bridge", poses)


@pytest.mark.slow
def test_a_clip_analysed_with_an_exercise_from_a_file(watch, tmp_path, run):
    path = tmp_path / "mine.toml"
    path.write_text(as_file("bridge"), "utf-8")
    poses = str(watch("bridge_faulty").folder / "poses.npz")
    code, out, err = run("analyze", poses, "--exercise", str(path), "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == json.loads(run("analyze", poses, "--exercise", "bridge", "--json")[1])
    assert json.loads(out)["counts"] == watch("bridge_faulty").result.counts
