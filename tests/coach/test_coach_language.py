"""The coach's texts: every language complete, English as the exercises declare it."""

from __future__ import annotations

import re
import string
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

import formcheck.coach
from formcheck import exercises
from formcheck.coach.language import languages, load_language
from formcheck.coach.routine import load_routine, routine_names
from formcheck.errors import FormcheckError, LanguageError
from formcheck.measure.view import ADVICE

COACH = Path(formcheck.coach.__file__).parent
ALL = [exercises.get(name) for name in (*exercises.names(), *exercises.examples())]
OTHERS = [code for code in languages() if code != "en"]
LONGEST_CUE = 75  # letters: about four seconds


def texts(code):
    return tomllib.loads((COACH / "languages" / f"{code}.toml").read_text("utf-8"))


def cues_of(exercise):
    """All that an exercise says, in the order of its declaration."""
    said = [fault.cue for fault in exercise.faults]
    said += [exercise.holding.switch_cue] if exercise.holding and exercise.holding.switch_cue else []
    return said + ([exercise.reminders.break_cue] if exercise.reminders else [])


def flat(value, key=""):
    """Every text of a file by its full key; a list's length belongs to the key."""
    if isinstance(value, dict):
        return {k: v for name, one in value.items() for k, v in flat(one, f"{key}.{name}").items()}
    if isinstance(value, list):
        return {f"{key}[{i} of {len(value)}]": one for i, one in enumerate(value)}
    return {key: value}


def gaps(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


# --- the files -------------------------------------------------------------------------------


@pytest.mark.parametrize("exercise", ALL, ids=lambda one: one.name)
def test_english_is_what_the_exercises_declare(exercise):
    english, name = texts("en"), exercise.name
    own = (english["titles"][name], english["asked"][name], english["camera"][name])
    assert own == (exercise.title, exercise.asked, exercise.camera)
    declared = {}
    for fault in exercise.faults:
        declared.setdefault(fault.name, dict.fromkeys(()))[fault.cue] = None
    listed = {key: [text] if isinstance(text, str) else text for key, text in english["cues"][name].items()}
    assert listed == {key: list(said) for key, said in declared.items()}
    switch = exercise.holding.switch_cue if exercise.holding else ""
    assert english["switch"].get(name, "") == switch
    assert english["break"].get(name) == (exercise.reminders.break_cue if exercise.reminders else None)


def test_english_has_nothing_of_exercises_that_are_none():
    english = texts("en")
    assert english["advice"] == ADVICE
    known = {one.name for one in ALL}
    for table in ("titles", "asked", "camera", "start", "cues"):
        assert set(english[table]) == known
    assert english["routines"] == {name: load_routine(name).title for name in routine_names()}
    assert set(english["switch"]) | set(english["break"]) <= known


@pytest.mark.parametrize("code", OTHERS)
def test_every_other_language_has_the_same_keys_and_gaps(code):
    lists = {"voice", "praise"}  # of these each language may have as many as it likes

    def kept(values):
        return {k: v for k, v in values.items() if not lists & set(re.split(r"[.\[]", k))}

    english, other = texts("en"), texts(code)
    assert set(kept(flat(other))) == set(kept(flat(english)))
    assert set(other["voice"]) == set(english["voice"])
    assert other["phrases"]["praise"]
    for key, text in kept(flat(english)).items():
        assert gaps(flat(other)[key]) == gaps(text), key


@pytest.mark.parametrize("code", languages())
def test_every_text_is_clean_and_short(code):
    for key, text in flat(texts(code)).items():
        assert text == " ".join(text.split()) != "", key
        if key.startswith((".cues", ".switch", ".break")):
            assert len(text) <= LONGEST_CUE, key
            assert text.endswith("."), key
    assert texts(code)["name"] != texts("en")["name"] or code == "en"


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_is_left_in_english(code):
    english, other = flat(texts("en")), flat(texts(code))
    same = {key for key, text in english.items() if other.get(key) == text and re.sub(r"\{\w+\}|\W", "", text)}
    assert same <= {".phrases.welcome"}  # "{title}."


@pytest.mark.parametrize("code", languages())
def test_every_phrase_that_the_coach_asks_for_is_there(code):
    asked = set()
    for path in COACH.glob("*.py"):
        asked |= set(re.findall(r"phrase(?:_forms)?\(\s*\"(\w+)\"", path.read_text("utf-8")))
        asked |= set(re.findall(r"\"(screen_\w*[a-z])\"", path.read_text("utf-8")))
    asked |= {f"screen_view_{name}" for name in ADVICE} | {"screen_left", "screen_right"}
    assert len(asked) > 40
    assert asked - set(load_language(code).phrases) == set()


# --- the language ----------------------------------------------------------------------------


@pytest.mark.parametrize("exercise", ALL, ids=lambda one: one.name)
def test_cues_are_found_by_the_declared_ones(exercise):
    english, german = load_language("en"), load_language("de")
    for cue in cues_of(exercise):
        assert english.cue(exercise, cue) == cue
        assert german.cue(exercise, cue) != cue
    assert (english.title(exercise), english.asked(exercise)) == (exercise.title, exercise.asked)
    assert english.camera(exercise) == exercise.camera != german.camera(exercise)
    assert german.start(exercise) != english.start(exercise) != exercise.asked


@pytest.mark.parametrize(
    ("exercise", "cue", "said"),
    [
        ("bridge", "Lower slowly.", "Langsam absenken."),
        # One fault with two cues: each is its own.
        ("bridge", "A little higher with your hips.", "Die Hüfte noch etwas höher."),
        # The same English cue may be another one in another exercise.
        ("sitting_posture", "Sit tall: bring your chest up and back.", "Sitz aufrecht: Brust hoch und zurück."),
        ("standing_posture", "Stand tall: bring your chest up and back.", "Richte dich auf: Brust hoch und zurück."),
        ("hamstring_stretch", "Now the other leg.", "Jetzt das andere Bein."),
    ],
)
def test_german_cues(exercise, cue, said):
    assert load_language("de").cue(exercises.get(exercise), cue) == said


def test_an_exercise_of_ones_own_keeps_its_own_words():
    german, bridge = load_language("de"), exercises.get("bridge")
    own = replace(bridge, name="my_bridge", title="My bridge", asked="As I do it.", camera="There.")
    assert german.cue(own, "Lower slowly.") == "Langsam absenken."  # kept from the built-in one
    assert german.cue(own, "Slower, Tom!") == "Slower, Tom!"
    assert (german.title(own), german.asked(own), german.camera(own)) == ("My bridge", "As I do it.", "There.")
    assert german.start(own) == "As I do it."
    taken = replace(bridge, title="Tom's bridge", asked="As Tom does it.")  # under the name of a built-in one
    assert (german.title(taken), german.start(taken)) == ("Tom's bridge", "As Tom does it.")
    assert german.cue(taken, "Slower, Tom!") == "Slower, Tom!"


@pytest.mark.parametrize(
    ("key", "numbers", "said"),
    [
        ("count", {"count": 7}, "7"),
        ("hold_seconds", {"seconds": 20.0}, "20 Sekunden."),
        ("get_ready", {"title": "{x} Übung"}, "Als Nächstes: {x} Übung."),
    ],
)
def test_phrases_take_their_numbers(key, numbers, said):
    assert load_language("de").phrase(key, **numbers) == said


def test_advice_and_forms():
    english = load_language("en")
    assert [english.advice(name) for name in ADVICE] == list(ADVICE.values())
    assert english.phrase("praise") == english.phrase_forms("praise")[0]
    assert len(set(english.phrase_forms("praise"))) > 1
    with pytest.raises(KeyError):
        english.phrase("hold_seconds")
    with pytest.raises(KeyError):
        english.phrase("no_such_phrase")


@pytest.mark.parametrize("code", ["de", "DE", "de_AT", "de-CH", "de_DE.UTF-8"])
def test_a_language_by_its_code(code):
    assert load_language(code).name == "Deutsch"


@pytest.mark.parametrize("code", ["fr", "", "english", "../en", "en/..", "x" * 5000])
def test_no_such_language(code):
    with pytest.raises(LanguageError, match=r"choose one of de, en\.$") as caught:
        load_language(code)
    assert isinstance(caught.value, FormcheckError)
    assert len(languages()) >= 2
