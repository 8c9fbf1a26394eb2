"""What is spoken, frame by frame: to statuses as the engine gives them, to films, and to sample clips."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import bodies
import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st
from spoken import STILL, judged, rep, span, spoken

from formcheck import exercises
from formcheck.coach.correcting import AGAIN_S, BETWEEN_S, PRAISE_S
from formcheck.coach.cues import ADVISE_S, RANK
from formcheck.coach.language import load_language
from formcheck.engine.records import Hold, Reminder, Repetition
from formcheck.exercises.declaration import Dose
from formcheck.measure.view import ADVICE

TEN, THREE = Dose((10, 10)), Dose((3, 3))
HIPS, LOWER, HIGH = "Not so high: stop at the line.", "Lower slowly.", "A little higher with your hips."
SHORT = "Hold a little longer at the top."
PUSH = "Push your hips up to the line of your thighs."
SAG, PIKE = "Lift your hips a little.", "Lower your hips."


def repeat(heard, count, outcome="good", *, top=True, events=(), **kept):
    """One repetition from rest to rest; `count` is how many are counted then."""
    before = count - (outcome in ("good", "faulty"))
    start_s = heard.time_s
    heard.stay(0.5, "moving", count=before)
    heard.stay(1.0, "top" if top else "moving", count=before)
    heard.stay(0.5, "moving", count=before)
    heard.frame(replace(STILL, count=count), *events, rep(start_s, heard.time_s, outcome, **kept))
    heard.stay(0.5, "rest", count=count)


# --- the count -------------------------------------------------------------------------------


def test_the_number_comes_at_the_top():
    heard = spoken("partial_crunch", TEN)
    heard.stay(1.0)
    heard.stay(0.5, "moving")
    top_s = heard.time_s
    heard.stay(0.5, "top")
    assert [(one.text, one.kind) for one in heard.said] == [("1", "count")]
    assert heard.said[0].at_s == pytest.approx(top_s, abs=0.1)


def test_a_top_that_is_lost_and_found_again_is_one():
    heard = spoken("partial_crunch", TEN)
    for phase in ("moving", "top", "moving", "top", "unknown", "top"):
        heard.stay(0.4, phase)
    assert heard.texts() == ["1"]


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ("ggg", ["1", "2", "3"]),
        ("gfg", ["1", "2", "3"]),
        ("gag", ["1", "2", "Not counted.", "2"]),
        ("aag", ["1", "Not counted.", "1", "Not counted.", "1"]),
        ("gug", ["1", "2", "2"]),  # lost from view: that is told otherwise
        ("glg", ["1", "2", "3"]),  # counted, though the top was not in the line: told at its end
        ("gxg", ["1", "2"]),  # an attempt that never came to the top had no number
    ],
)
def test_the_next_number_is_right_whatever_came_before(outcomes, said):
    heard, count = spoken("partial_crunch", TEN), 0
    for letter in outcomes:
        outcome = {"f": "faulty", "a": "attempt", "u": "unfinished", "x": "attempt"}.get(letter, "good")
        count += outcome in ("good", "faulty")
        repeat(heard, count, outcome, top=letter not in "lx")
    assert heard.texts("count") == said


def test_an_attempt_is_told_with_its_cue():
    heard = spoken("bridge", Dose((10, 10)))
    repeat(heard, 0, "attempt", events=(span(heard.exercise, PUSH),), faults=("hips_low",))
    assert heard.texts() == ["1", f"Not counted. {PUSH}"]


def test_what_waits_for_the_start_position_is_counted_on():
    """Begun without a rest, repetitions count only once the start position was held: then all at once."""
    heard = spoken("partial_crunch", TEN)
    for _ in range(2):
        heard.stay(0.5, "moving")
        heard.stay(0.5, "top")
        heard.stay(0.3, "waiting")
    assert heard.texts() == ["1", "2"]
    heard.frame(replace(STILL, count=2), rep(0, 1), rep(1, 2))
    heard.stay(0.5, "rest", count=2)
    heard.stay(0.5, "top", count=2)
    assert heard.texts() == ["1", "2", "3"]


def test_what_waited_and_was_nothing_is_forgotten():
    heard = spoken("partial_crunch", TEN)
    heard.stay(0.5, "top")
    heard.stay(4.0, "waiting")
    heard.stay(0.5, "top")
    assert heard.texts() == ["1", "1"]


def test_a_cycle_is_counted_at_its_second_end():
    heard = spoken("cat_cow", TEN)
    for number, (first, second) in enumerate((("cat", "cow"), ("cow", "cat"))):
        heard.stay(0.5, "moving", count=number)
        heard.stay(0.5, "top", count=number, end=first)
        assert heard.texts("count") == ["1", "2"][:number]
        heard.stay(0.5, "moving", count=number)
        heard.stay(0.5, "top", count=number, end=second)
        assert heard.texts("count") == ["1", "2"][: number + 1]
        heard.frame(replace(STILL, phase="moving", count=number + 1), rep(0, heard.time_s))
    heard.stay(0.5, "top", count=2, end="cow")  # straight on: the first end of the third one
    assert heard.texts("count") == ["1", "2"]


def test_the_last_one_and_the_end_of_the_dose():
    heard = spoken("partial_crunch", THREE)
    for count in (1, 2, 3, 4):
        repeat(heard, count)
    assert heard.texts() == ["1", "2", "Last one.", "3", "Done.", "4"]
    assert heard.texts("moment") == ["Last one."]  # said late, it would be wrong
    heard = spoken("partial_crunch", Dose((2, 4)))
    for count in (1, 2, 3, 4):
        repeat(heard, count)
    assert heard.texts() == ["1", "2", "Done.", "3", "Last one.", "4"]


@given(st.lists(st.sampled_from("gfaulx"), max_size=25), st.integers(1, 12))
@settings(max_examples=40, deadline=None)
def test_numbers_always_agree_with_the_count(outcomes, asked):
    heard, count = spoken("partial_crunch", Dose((asked, asked))), 0
    for letter in outcomes:
        before = len(heard.said)
        outcome = {"f": "faulty", "a": "attempt", "u": "unfinished", "x": "attempt"}.get(letter, "good")
        count += outcome in ("good", "faulty")
        repeat(heard, count, outcome, top=letter not in "lx")
        numbers = [one.text for one in heard.said[before:] if one.kind == "count" and one.text.isdigit()]
        assert numbers == ([] if letter == "x" else [str(count + (outcome in ("attempt", "unfinished")))])
    assert heard.texts("count").count("Done.") == (count >= asked)


# --- the clock -------------------------------------------------------------------------------


def test_a_hold_by_tens_and_the_last_five():
    heard = spoken("plank", Dose(hold_s=(30, 30)))
    heard.stay(1.0, "waiting")
    heard.stay(31.0, "hold", clock=True)
    seconds = ["10 seconds.", "20 seconds.", "5", "4", "3", "2", "1", "Done."]
    assert heard.texts() == ["Hold.", *seconds]
    assert {one.kind for one in heard.said} == {"clock"}
    at = {one.text: one.at_s - 1.0 for one in heard.said}
    assert (at["10 seconds."], at["5"], at["Done."]) == pytest.approx((10, 25, 30), abs=0.1)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((3, 3), ["Done."]),
        ((8, 8), ["5", "4", "3", "2", "1", "Done."]),
        ((15, 15), ["5", "4", "3", "2", "1", "Done."]),  # at ten seconds five are left
        ((16, 16), ["10 seconds.", "5", "4", "3", "2", "1", "Done."]),
        ((10, 14), ["5", "4", "3", "2", "1", "Done."]),
        # Up to the upper bound one may go on: that is told like the dose itself, its end by the session.
        ((10, 30), ["5", "4", "3", "2", "1", "Done.", "20 seconds.", "5", "4", "3", "2", "1"]),
        ((0, 0), ["10 seconds.", "20 seconds.", "30 seconds."]),
    ],
)
def test_doses(asked, said):
    heard = spoken("plank", Dose(hold_s=asked))
    heard.stay(35.0, "hold", clock=True)  # the session tells that the first hold counts
    assert heard.texts() == said


def test_a_hold_that_is_broken_goes_on_where_it_was():
    heard = spoken("plank", Dose(hold_s=(20, 20)))
    heard.stay(12.0, "hold", clock=True)
    heard.frame(replace(STILL, phase="waiting"), Hold(0, 12, 11.8, 11.8))
    heard.stay(6.0, "waiting")
    heard.stay(9.0, "hold", clock=True)
    assert heard.texts() == ["10 seconds.", "Hold.", "5", "4", "3", "2", "1", "Done."]


def test_the_clock_stands_while_the_form_is_wrong():
    heard = spoken("plank", Dose(hold_s=(10, 10)))
    heard.stay(6.0, "hold", clock=True)
    heard.stay(4.0, "paused", clock_s=6.0, cue=SAG)
    heard.stay(5.0, "hold", clock=True, clock_s=6.0)
    assert heard.texts("clock") == ["5", "4", "3", "2", "1", "Done."]


def test_a_jump_of_the_clock_tells_nothing_late():
    heard = spoken("plank", Dose(hold_s=(30, 30)))
    heard.stay(9.0, "hold", clock=True)
    heard.stay(3.0, "hold", clock=True, clock_s=11.0)  # a grace came back
    assert heard.texts() == []


def test_sides_are_timed_apart_and_switched_once():
    heard = spoken("hamstring_stretch", Dose(hold_s=(6, 6)))
    prompt = heard.exercise.holding.switch_cue
    heard.stay(5.95, "hold", clock=True, side="left")
    heard.stay(1.0, "hold", clock=True, clock_s=5.95, side="left", prompt=prompt)
    heard.frame(replace(STILL, phase="waiting", prompt=prompt), Hold(0, 7, 6.9, 6.9, "left"))
    heard.stay(8.0, "waiting", prompt=prompt)
    heard.stay(7.0, "hold", clock=True, side="right")
    down = ["5", "4", "3", "2", "1"]
    assert heard.texts() == [*down, "Now the other leg.", "Hold.", *down, "Done."]
    assert heard.texts("switch") == ["Now the other leg."]


def test_the_top_is_timed_where_a_hold_is_asked():
    heard = spoken("bridge", Dose((10, 10), (10, 15)))
    for count in (0, 1):
        heard.stay(0.5, "moving", count=count)
        heard.stay(11.0, "top", clock=True, count=count)
        heard.frame(replace(STILL, count=count + 1), rep(0, heard.time_s))
    once = ["5", "4", "3", "2", "1", "Now slowly back."]
    assert heard.texts() == ["1", *once, "2", *once]


@pytest.mark.parametrize(("hold_s", "said"), [((0, 0), ["1"]), ((3, 5), ["1", "Now slowly back."])])
def test_short_tops_are_not_counted_down(hold_s, said):
    """ "Three" and then "two, one" would be taken for the count."""
    heard = spoken("bridge", Dose((10, 10), hold_s))
    heard.stay(0.5, "moving")
    heard.stay(6.0, "top", clock=True)
    assert heard.texts() == said


def test_what_is_kept_for_hours_is_neither_counted_nor_timed():
    heard = spoken("sitting_posture")
    heard.stay(40.0, "hold", clock=True)
    assert heard.texts() == []


# --- corrections -----------------------------------------------------------------------------


def test_a_correction_is_repeated_ever_more_seldom():
    heard = spoken("plank")
    heard.stay(100.0, "paused", cue=SAG)
    times = [one.at_s for one in heard.said]
    assert set(heard.texts("correction")) == {SAG}
    assert [b - a for a, b in pairwise(times)] == pytest.approx([8, 16, 32, 32], abs=0.1)


def test_another_correction_waits_its_time():
    heard = spoken("plank")
    heard.stay(1.0, "paused", cue=SAG)
    heard.stay(4.0, "paused", cue=PIKE)
    assert heard.texts() == [SAG, PIKE]
    assert heard.said[1].at_s - heard.said[0].at_s == pytest.approx(BETWEEN_S, abs=0.1)


def test_who_is_still_getting_into_position_is_not_corrected():
    heard = spoken("plank")
    heard.stay(1.5, "waiting", cue=SAG)
    assert heard.texts() == []
    heard.stay(1.0, "waiting", cue=SAG)
    assert heard.texts() == [SAG]
    heard = spoken("hamstring_stretch")  # but for what is wrong with the way itself
    heard.stay(0.2, "waiting", cue="Pull the leg up slowly.")
    assert heard.texts() == ["Pull the leg up slowly."]


def test_who_is_not_seen_is_not_corrected():
    heard = spoken("plank")
    heard.stay(4.0, "unknown", cue=SAG)
    assert heard.texts() == []


def test_what_shows_at_the_end_of_a_repetition_is_told_there_by_priority():
    heard = spoken("bridge", TEN)
    late = (span(heard.exercise, HIGH), span(heard.exercise, LOWER))
    repeat(heard, 1, "faulty", events=late, faults=("hips_low", "lowered_fast"))
    assert heard.texts() == ["1", LOWER]


def test_what_was_seen_on_the_way_is_not_told_again_at_the_end():
    heard = spoken("bridge", TEN)
    repeat(heard, 1, "faulty", events=(span(heard.exercise, HIPS),), faults=("hips_overarched",))
    assert heard.texts() == ["1"]


@pytest.mark.parametrize(
    ("outcome", "in_line_s", "asked_s", "told"),
    [("good", 4.0, 10, True), ("good", 4.0, 4, False), ("good", 9.7, 10, False), ("faulty", 4.0, 10, False)],
)
def test_a_hold_that_is_short_of_the_dose(outcome, in_line_s, asked_s, told):
    heard = spoken("bridge", Dose((10, 10), (asked_s, asked_s)))
    repeat(heard, 1, outcome, notes=("hold_short",), measures={"in_line_s": in_line_s})
    assert (SHORT in heard.texts()) == told


def test_of_a_number_and_a_correction_the_number_is_first():
    heard = spoken("bridge", TEN)
    repeat(heard, 1, "faulty", top=False, events=(span(heard.exercise, HIGH),), faults=("hips_low",))
    assert [(one.text, one.kind) for one in heard.said] == [("1", "count"), (HIGH, "correction")]


def test_of_postures_only_nudges_and_breaks_are_spoken():
    heard = spoken("sitting_posture", code="de")
    slouch, rest = heard.exercise.faults[1], heard.exercise.reminders.break_cue
    heard.stay(40.0, "paused", cue=slouch.cue)
    assert heard.texts() == []
    heard.frame(STILL, Reminder("nudge", 40.0, slouch.name, slouch.cue))
    heard.frame(STILL, Reminder("break", 40.1, None, rest))
    assert [one.kind for one in heard.said] == ["correction", "guide"]
    german = load_language("de")
    assert heard.texts() == [german.cue(heard.exercise, slouch.cue), german.cue(heard.exercise, rest)]
    heard.stay(1.5, "hold")
    assert heard.texts("praise") == [german.phrase("praise")]


# --- praise ----------------------------------------------------------------------------------


def test_what_was_told_and_is_mended_is_praised_once():
    heard = spoken("plank")
    heard.stay(1.0, "paused", cue=SAG)
    heard.stay(0.8, "hold")
    assert heard.texts() == [SAG]
    heard.stay(20.0, "hold")
    assert heard.texts() == [SAG, "Good."]


@pytest.mark.parametrize("phase", ["waiting", "unknown"])
def test_who_gives_up_is_not_praised(phase):
    heard = spoken("plank")
    heard.stay(1.0, "paused", cue=SAG)
    heard.stay(4.0, phase)
    assert heard.texts() == [SAG]


def test_what_is_mended_unasked_is_not_praised():
    heard = spoken("plank")
    heard.stay(1.0, "waiting", cue=SAG)  # not told yet
    heard.stay(5.0, "hold")
    assert heard.texts("praise") == []


def test_praise_waits_while_something_else_is_wrong():
    heard = spoken("plank")
    heard.stay(1.0, "paused", cue=SAG)
    heard.stay(6.0, "paused", cue=PIKE)
    assert heard.texts() == [SAG, PIKE]


def test_praise_is_rare_and_takes_turns():
    heard = spoken("plank")
    for _ in range(20):
        heard.stay(4.0, "paused", cue=SAG)
        heard.stay(2.0, "hold")
    praised = [one for one in heard.said if one.kind == "praise"]
    assert all(b.at_s - a.at_s >= PRAISE_S for a, b in pairwise(praised))
    assert {one.text for one in praised} == set(load_language("en").phrase_forms("praise"))


def test_coming_down_from_too_high_mends_nothing():
    heard = spoken("bridge", TEN)
    heard.stay(0.5, "moving")
    heard.stay(1.0, "moving", cue=HIPS)
    heard.stay(2.0, "moving")
    heard.frame(replace(STILL, count=1), rep(0.0, heard.time_s, "faulty", faults=("hips_overarched",)))
    heard.stay(3.0, "rest", count=1)
    assert heard.texts("praise") == []
    repeat(heard, 2)  # but doing it right does
    assert heard.texts("praise") == ["Good."]


def test_a_repetition_begun_before_the_cue_proves_nothing():
    heard = spoken("bridge", TEN)
    heard.frame(replace(STILL, count=1), span(heard.exercise, LOWER), rep(0, 5, "faulty", faults=("lowered_fast",)))
    heard.stay(1.0, "rest", count=1)
    heard.frame(replace(STILL, count=2), rep(-5, 0))
    assert heard.texts("praise") == []
    repeat(heard, 3, "faulty", faults=("feet_too_far",))
    assert heard.texts("praise") == []  # mended, but not a moment for praise
    repeat(heard, 4)
    assert heard.texts("praise") == []


# --- the camera ------------------------------------------------------------------------------


def test_advice_when_it_lasts_and_not_often():
    heard = spoken("plank", code="de")
    heard.stay(2.0, "waiting", view_advice=ADVICE["too_far"])
    assert heard.texts() == []
    heard.stay(100.0, "waiting", view_advice=ADVICE["too_far"])
    assert set(heard.texts("advice")) == {load_language("de").advice("too_far")}
    times = [one.at_s for one in heard.said]
    assert [b - a for a, b in pairwise(times)] == pytest.approx([10, 20, 40], abs=0.1)


def test_advice_waits_for_the_end_of_a_repetition():
    heard = spoken("bridge", TEN)
    heard.stay(6.0, "moving", view_advice=ADVICE["too_dark"])
    assert heard.texts() == []
    heard.stay(0.2, "rest", view_advice=ADVICE["too_dark"])
    assert heard.texts() == [ADVICE["too_dark"]]


def test_who_is_not_seen_for_long_is_told():
    heard = spoken("plank")
    heard.stay(4.0, "unknown")
    heard.stay(1.0, "hold")
    assert heard.texts("advice") == []
    heard.stay(6.0, "unknown")
    assert heard.texts("advice") == [load_language("en").phrase("not_seen")]


# --- whatever happens ------------------------------------------------------------------------


@st.composite
def frames(draw):
    """A status as it may come, after some seconds."""
    name = draw(st.sampled_from(["bridge", "cat_cow", "plank", "hamstring_stretch"]))
    exercise = exercises.get(name)
    holds = exercise.holding is not None
    phases = ["waiting", "hold", "paused", "unknown"] if holds else ["waiting", "rest", "moving", "top", "unknown"]
    cues = st.sampled_from([None, None, *(fault.cue for fault in exercise.faults)])
    views = st.sampled_from([None, None, *ADVICE.values()])
    one = st.tuples(
        st.sampled_from([0.03, 0.1, 0.5, 2.0]),
        st.sampled_from(phases),
        st.floats(0, 40),
        cues,
        views,
        st.booleans(),
        st.sampled_from(["cat", "cow"]),
        st.sampled_from([None, "good", "faulty", "attempt", "unfinished"]),
    )
    return name, draw(st.lists(one, max_size=80))


@given(frames())
@settings(max_examples=60, deadline=None)
def test_it_stays_bearable(drawn):
    name, course = drawn
    heard, count = spoken(name, code="de"), 0
    for seconds, phase, clock_s, cue, view, prompted, end, outcome in course:
        events = []
        if outcome is not None and heard.exercise.holding is None:
            count += outcome in ("good", "faulty")
            events = [rep(heard.time_s - 1, heard.time_s, outcome)]
        prompt = heard.exercise.holding.switch_cue or None if heard.exercise.holding and prompted else None
        status = replace(
            STILL, phase=phase, clock_s=clock_s, cue=cue, view_advice=view, prompt=prompt, count=count, end=end
        )
        said = heard.frame(status, *events, seconds=seconds)
        assert len({one.text for one in said}) == len(said)
        assert [RANK[one.kind] for one in said] == sorted(RANK[one.kind] for one in said)
        assert all(one.at_s == heard.time_s and one.text for one in said)

    def gaps(*kinds):
        times = [one.at_s for one in heard.said if one.kind in kinds]
        return [b - a + 1e-6 for a, b in pairwise(times)]

    assert min(gaps("correction"), default=math.inf) >= BETWEEN_S
    assert min(gaps("praise"), default=math.inf) >= PRAISE_S
    assert min(gaps("advice"), default=math.inf) >= ADVISE_S
    assert len(heard.texts("switch")) <= 1
    for text in set(heard.texts("correction")):
        times = [one.at_s for one in heard.said if one.text == text]
        assert min((b - a + 1e-6 for a, b in pairwise(times)), default=math.inf) >= AGAIN_S


# --- the real engine -------------------------------------------------------------------------


def test_bridges_in_a_film():
    poses, _ = bodies.bridges((178.0, 150.0, 178.0, 178.0))
    heard = judged("bridge", poses, Dose((3, 3), (1, 1)))
    assert [text for text in heard.texts("count") if text.isdigit()] == ["1", "2", "3"]
    assert PUSH in heard.texts("correction")
    assert heard.texts("count")[-1] == "Done."


def test_cats_and_cows_in_a_film():
    heard = judged("cat_cow", bodies.cat_cows()[0], Dose((2, 2)))
    assert heard.texts("count")[:2] == ["1", "2"]


def test_a_plank_in_a_film():
    figure = bodies.plank()
    heard = judged("plank", bodies.film(lambda _: figure, 14.0, bodies.FACE_DOWN), Dose(hold_s=(12, 12)))
    assert heard.texts() == ["Hold.", "5", "4", "3", "2", "1", "Done."]


@pytest.mark.slow
@pytest.mark.parametrize("clip", ["bridge_faulty", "partial_crunch_good", "cat_cow_faulty"])
def test_the_numbers_of_a_clip_are_its_count(watch, clip):
    asked = samples.truth(clip)["exercise"]
    heard = judged(asked, list(watch(clip).recording), exercises.get(asked).dose)
    numbers = [int(text) for text in heard.texts("count") if text.isdigit()]
    reps = [one for one in watch(clip).result.reps if isinstance(one, Repetition)]
    counted = sum(one.outcome in ("good", "faulty") for one in reps)
    assert sorted(set(numbers)) == list(range(1, counted + 1))
