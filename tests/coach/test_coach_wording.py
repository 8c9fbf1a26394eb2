"""What a session says, in the languages that there are."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from played_sessions import Played, one, rep, routine, started

from formcheck.coach.language import languages, load_language
from formcheck.coach.routine import load_routine
from formcheck.coach.session_state import Phrase, PhraseKey, SessionState
from formcheck.coach.wording import phrase_in, progress_in, utterances
from formcheck.exercises import get


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("key", get_args(PhraseKey))
def test_every_phrase_is_in_every_language(code, key):
    numbers = {"seconds": 12.0, "high": 15.0}
    said = phrase_in(Phrase(key, numbers=numbers, exercise=get("bridge")), load_language(code))
    assert said
    assert "{" not in said


def test_the_phrases_of_one_frame_are_one_text():
    language = load_language("en")
    outcome = Played(SessionState(routine(one("bridge")))).give("unknown").outcomes[0][1]
    (said,) = utterances(outcome, language, 3.5)
    assert said.text == "Glute bridge. Lie on your back, knees bent, feet flat on the floor."
    assert (said.kind, said.at_s) == ("guide", 3.5)


@pytest.mark.parametrize(
    ("key", "false_soon"), [("begin", True), ("go_on", True), ("rest_left", True), ("rest", False)]
)
def test_what_is_soon_not_true_any_more_does_not_wait(key, false_soon):
    """By the kind, which the voice goes by; "last one" is told by the rules, see the cues."""
    played = started(one("bridge", repetitions=(5, 5), rest_s=30), one("plank"))
    played.give("rest", events=(rep(),)).give("rest", 11).give(None, 25)
    kinds = {phrase.key: phrase.kind for _, outcome in played.outcomes for phrase in outcome.said}
    assert kinds[key] == ("moment" if false_soon else "guide")


def test_seconds_left_are_not_said_together_with_what_may_wait():
    played = started(one("bridge", repetitions=(1, 1), rest_s=30), one("plank")).give("rest", events=(rep(),))
    played.give(None, 25)
    english = load_language("en")
    said = [[(text.kind, text.text) for text in utterances(out, english, at_s)] for at_s, out in played.outcomes]
    assert [("moment", "10 seconds left."), ("guide", "Next: Plank.")] in said


def test_kinds_stay_apart():
    outcome = started(one("bridge")).give("rest").outcomes[-1][1]
    mixed = (Phrase("rest", numbers={"seconds": 30.0}), Phrase("breathe_in", "breath"), Phrase("pain", "pain"))
    said = list(utterances(replace(outcome, said=mixed), load_language("en"), 0.0))
    assert [one_said.kind for one_said in said] == ["guide", "breath", "pain"]
    assert said[0].text == "Rest for 30 seconds."


def test_the_screen_in_german():
    german = load_language("de")
    played = Played(SessionState(routine(one("bridge", repetitions=(1, 1), rest_s=30), one("plank"))))

    def shown():
        return progress_in(played.state, played.outcomes[-1][1], german)

    played.give("unknown", 2, view=frozenset({"turn_side_on"}))
    assert shown().advice == (german.advice("turn_side_on"), german.camera(get("bridge")))
    assert (shown().title, shown().message) == (german.title(get("bridge")), german.phrase("not_seen"))
    played.give("waiting")
    assert shown().message == german.start(get("bridge"))
    cue = get("bridge").faults[0].cue
    played.give("rest").give("top", status={"cue": cue})
    assert shown().cue == german.cue(get("bridge"), cue) != cue
    played.give("rest", events=(rep(),))
    plank = german.title(get("plank"))
    assert (shown().title, shown().message) == (plank, german.phrase("get_ready", title=plank))
    played.give("rest", keys=("quit",))
    assert (shown().title, shown().message) == ("Drill", german.phrase("ended"))


def test_a_routine_has_its_title_at_the_end_and_none_in_a_rest_before_it():
    german, relief = load_language("de"), load_routine("back-relief")
    short = replace(relief, steps=tuple(one("bridge", repetitions=(1, 1), rest_s=20) for _ in "ab"))
    played = Played(SessionState(short))

    def shown():
        return progress_in(played.state, played.outcomes[-1][1], german)

    played.give("rest").give("rest", events=(rep(),))
    assert (shown().stage, shown().title) == ("rest", german.title(get("bridge")))
    played.give(None, 21).give("rest").give("rest", events=(rep(),))
    assert (shown().stage, shown().title) == ("rest", "")
    played.give(None, 21)
    assert (shown().stage, shown().title) == ("finished", german.routine(relief))
    assert german.routine(relief) != relief.title
    assert german.routine(replace(relief, title="Tom's own")) == "Tom's own"


def test_a_prompt_in_german():
    german = load_language("de")
    played = started(one("hamstring_stretch")).give("hold", status={"prompt": "Now the other leg."})
    shown = progress_in(played.state, played.outcomes[-1][1], german)
    assert shown.message == german.cue(get("hamstring_stretch"), "Now the other leg.") != "Now the other leg."
