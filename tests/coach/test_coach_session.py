"""The session: when sets begin, pause and end, and what leads from one to the next. Statuses are made up here."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from played_sessions import Played, held, one, rep, routine, started

from formcheck.coach.model import Progress
from formcheck.coach.progress import as_spoken
from formcheck.coach.session import AWAY_S, GONE_S, RESTED_S, SWITCH_S
from formcheck.coach.session_state import BeginSet, Cut, EndSet, Finish, NewJudge, Pain, SessionState
from formcheck.exercises.declaration import Dose
from formcheck.measure.view import ADVICE

BRIDGE = one("bridge", repetitions=(3, 3), hold_s=(10, 15))
CRUNCH = one("partial_crunch", repetitions=(2, 4))
PLANK = one("plank", hold_s=(3, 9))
STRETCH = one("hamstring_stretch", hold_s=(3, 3))
SIDES = one("side_plank", hold_s=(3, 9))
SITTING = one("sitting_posture")
NEAR = pytest.approx


def kinds(played: Played) -> list[type]:
    return [type(action) for action in played.actions]


# --- the beginning ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exercise", "phase", "begins"),
    [
        (BRIDGE, "unknown", False),  # nobody is seen
        (BRIDGE, "waiting", False),  # the start position is not held yet
        (BRIDGE, "rest", True),
        (BRIDGE, "moving", False),  # getting down on the mat may look so
        (BRIDGE, "top", False),
        (PLANK, "waiting", False),
        (PLANK, "hold", True),
        (PLANK, "paused", True),  # held with a fault
        (SITTING, "hold", True),
    ],
)
def test_a_set_begins_when_the_start_position_is_held_and_not_before(exercise, phase, begins):
    played = Played(SessionState(routine(exercise))).give("waiting", 1.0).give(phase)
    assert kinds(played) == ([BeginSet] if begins else [])
    assert played.now.stage == ("exercise" if begins else "set_up")
    assert played.said == ["welcome", "start"] + ["begin"] * begins


def test_repetitions_that_became_final_with_the_start_are_counted():
    played = Played(SessionState(routine(BRIDGE))).give("moving", 3).give("rest", events=(rep(), rep("attempt")))
    assert (played.now.stage, played.now.count) == ("exercise", 1)
    # Also where the next one has begun already.
    played = Played(SessionState(routine(BRIDGE))).give("moving", events=(rep(),))
    assert (played.now.stage, played.now.count) == ("exercise", 1)


def test_the_set_up_says_what_is_wrong_with_the_view_the_spoiling_first():
    played = Played(SessionState(routine(BRIDGE)))
    wrong = frozenset(("too_dark", "turn_side_on", "no_such_name"))
    played.give("unknown", 0.3, view=wrong)
    assert played.now.advice == (BRIDGE.exercise.camera,)  # it must last
    played.give("unknown", 0.4, view=wrong)
    assert played.now.advice == (ADVICE["turn_side_on"], ADVICE["too_dark"], BRIDGE.exercise.camera)
    assert played.outcomes[-1][1].hint.key == "not_seen"
    played.give("waiting", 0.9)
    assert played.now.advice == ()
    assert played.outcomes[-1][1].hint.key == "start"


def test_view_problems_that_do_not_matter_to_the_exercise_are_not_told():
    played = Played(SessionState(routine(SITTING))).give("waiting", 2, view=frozenset(("feet_out_of_frame",)))
    assert played.now.advice == ()


def test_before_the_first_set_the_session_waits_for_ever():
    played = Played(SessionState(routine(BRIDGE))).give("unknown", GONE_S + 5)
    assert played.actions == []


# --- the end of a set ------------------------------------------------------------------------


def test_repetitions_end_the_set_at_the_upper_bound_and_complete_it_at_the_lower_one():
    played = started(CRUNCH)
    shown = []
    for outcome in ("good", "attempt", "faulty", "unfinished", "good", "good"):
        played.give("moving", 1).give("rest", events=(rep(outcome),))
        shown.append((played.now.count, played.now.count_of, round(played.now.done, 2)))
    assert shown == [(1, 2, 0.5), (1, 2, 0.5), (2, 2, 1.0), (2, 2, 1.0), (3, 4, 1.0), (4, 4, 1.0)]
    assert kinds(played) == [BeginSet, EndSet, Finish]
    assert played.ends == ["dose"]
    assert played.said[2:] == ["begin", "more_count", "set_done", "finished"]


@pytest.mark.parametrize(
    ("exercise", "reps", "ended_by", "said"),
    [
        (CRUNCH, 1, "rested", ["go_on", "set_rested", "finished"]),
        (CRUNCH, 2, "dose", ["more_count", "set_done", "finished"]),  # the lower bound is a done dose
        (BRIDGE, 1, "rested", ["go_on", "set_rested", "finished"]),
    ],
)
@pytest.mark.parametrize("phase", ["rest", "waiting"])
def test_ten_seconds_of_rest_end_the_set(exercise, reps, ended_by, said, phase):
    played = started(exercise)
    for _ in range(reps):
        played.give("moving", 1).give("rest", events=(rep(),))
    before_s = played.time_s
    played.give(phase, RESTED_S + 1)
    assert played.ends == [ended_by]
    assert played.first_s(EndSet) - before_s == NEAR(RESTED_S, abs=0.2)
    assert played.said[3:] == said


def test_lying_ready_before_the_first_repetition_is_no_rest():
    assert started(BRIDGE).give("rest", 4 * RESTED_S).ends == []


def test_after_attempts_alone_there_is_more_time():
    played = started(BRIDGE).give("moving", 1).give("rest", events=(rep("attempt"),)).give("rest", SWITCH_S - 1)
    assert played.ends == []
    assert played.give("rest", 2).ends == ["rested"]


def test_moving_again_makes_the_rest_anew():
    played = started(BRIDGE).give("moving", 1).give("rest", events=(rep(),))
    for _ in range(4):
        played.give("rest", RESTED_S - 1).give("moving", 0.5)
    assert played.ends == []
    assert played.said.count("go_on") == 4


def test_holds_are_added_up_as_the_score_does():
    played = started(PLANK).holding(2).give("waiting", 4).holding(1.5)
    assert played.now.clock_s == NEAR(3.5)
    assert (played.now.count, played.now.count_of, played.now.done) == (1, 1, 1.0)
    assert played.said[-1] == "more_hold"
    assert played.ends == []
    played.holding(6)
    assert played.ends == ["dose"]


def test_a_hold_ends_at_the_upper_bound():
    played = started(PLANK).holding(10)
    assert played.first_s(EndSet) == NEAR(9.1, abs=0.15)


def test_a_dose_that_was_shown_as_done_stays_done():
    """Only when the hold is over is it known when leaving it began: the clock stood at 3.1 s, the record at 2.6 s."""
    played = started(PLANK).give("hold", status={"clock_s": 3.1}).give("waiting", events=(held(2.6),))
    assert (played.now.done, played.now.count, played.now.clock_s) == (1.0, 1, 3.1)
    # What is counted from here on begins where the record ended.
    played.give("hold", status={"clock_s": 1.0})
    assert played.now.clock_s == NEAR(3.6)


def test_both_sides_are_needed_and_changing_them_has_time():
    played = started(STRETCH).holding(3.2, "left")
    assert (played.now.count, played.now.count_of, played.now.done) == (1, 2, 0.5)
    assert (played.now.clock_s, played.now.clock_of_s) == (0.0, 3.0)  # the other side's
    played.give("waiting", SWITCH_S - 2)
    assert played.ends == []
    played.give("hold", status={"clock_s": 1.0, "side": "right"})
    assert (played.now.side, played.now.clock_s) == ("right", 1.0)
    assert played.holding(3, "right").ends == ["dose"]


def test_one_side_alone_ends_when_the_other_is_not_taken_up():
    played = started(STRETCH).holding(3.2, "left").give("waiting", SWITCH_S + 1)
    assert played.ends == ["rested"]


def test_two_short_sides_end_as_any_rest_does():
    played = started(STRETCH).holding(2, "left").give("waiting", 15).holding(2, "right").give("waiting", RESTED_S + 1)
    assert played.ends == ["rested"]


@pytest.mark.parametrize(
    ("first_s", "second_s", "more"),
    [(3.1, 3.1, []), (4.5, 4.5, []), (8.4, 8.4, [8]), (9.5, 9.0, [9]), (2.0, None, [])],
)
def test_the_second_side_has_enough_when_it_has_what_the_first_one_got(first_s, second_s, more):
    played = started(SIDES).holding(first_s, "left").give("waiting", 12)
    began_s = played.time_s
    played.holding(10, "right")
    if second_s is None:  # the first one lacks its dose: what the second gets cannot complete it
        assert played.ends == []
    else:
        assert played.first_s(EndSet) - began_s == NEAR(second_s, abs=0.15)
    said = [phrase for _, outcome in played.outcomes for phrase in outcome.said]
    assert [phrase.numbers["high"] for phrase in said if phrase.key == "more_hold"] == more


def test_the_way_between_holds_shows_no_side():
    played = started(STRETCH).holding(1, "left").give("waiting", 1)
    assert played.now.side is None
    assert played.now.clock_s == NEAR(1.0)  # of the leg that still lacks the rest


def test_a_posture_goes_on_without_a_dose():
    played = started(SITTING).holding(50).give("waiting", 4 * RESTED_S)
    assert (played.now.count_of, played.now.clock_of_s, played.now.done) == (0, 0.0, 0.0)
    assert played.now.clock_s == NEAR(50)
    assert played.ends == []
    assert played.give("unknown", 0.1, keys=("quit",)).ends == ["quit"]


@pytest.mark.parametrize("exercise", [SITTING, BRIDGE, PLANK])
@pytest.mark.parametrize("camera", ["live", "lost"])
def test_five_minutes_away_end_the_session(exercise, camera):
    played = started(exercise).give("unknown", GONE_S - 5, camera=camera)
    assert played.ends == []
    played.give("unknown", 10, camera=camera)
    assert kinds(played)[-2:] == [EndSet, Finish]
    assert (played.ends, played.said[-1], played.now.stage) == (["lost"], "ended", "finished")


def test_nor_does_it_wait_longer_for_the_next_exercise():
    played = started(CRUNCH, BRIDGE).give("rest", keys=("next",)).give("unknown", GONE_S + 1)
    assert kinds(played) == [BeginSet, EndSet, NewJudge, Finish]


# --- pauses ----------------------------------------------------------------------------------


def test_the_set_pauses_when_the_person_leaves_and_goes_on_in_the_start_position():
    played = started(BRIDGE).give("moving", 1).give("rest", events=(rep(),)).give("unknown", AWAY_S - 0.3)
    assert played.now.stage == "exercise"
    played.give("unknown", 60)
    assert (played.now.stage, played.outcomes[-1][1].hint.key) == ("paused", "gone")
    played.give("waiting", 20)  # in the picture, on the way to the mat: no rest
    assert played.now.stage == "paused"
    played.give("rest", 1)
    assert (played.now.stage, played.now.count) == ("exercise", 1)
    assert played.said[3:] == ["gone", "back_again"]
    assert kinds(played) == [BeginSet]


def test_a_short_disappearance_pauses_nothing():
    played = started(BRIDGE)
    for _ in range(5):
        played.give("unknown", AWAY_S - 0.5).give("rest", 0.5)
    assert "paused" not in played.stages()


def test_whoever_has_done_the_dose_may_walk_away_from_it():
    played = started(CRUNCH).give("rest", events=(rep(), rep())).give("unknown", RESTED_S + 1)
    assert "paused" not in played.stages()
    assert played.ends == ["dose"]


@pytest.mark.parametrize("camera", ["stalled", "lost"])
def test_the_set_pauses_without_the_camera_and_begins_anew_with_it(camera):
    played = started(PLANK).holding(2).give("hold", status={"clock_s": 0.5}).give("hold", 20, camera=camera)
    assert (played.now.stage, played.outcomes[-1][1].hint.key) == ("paused", f"camera_{camera}")
    assert kinds(played) == [BeginSet, Cut]
    played.give("waiting", 2)
    assert (played.now.stage, played.outcomes[-1][1].hint.key) == ("paused", "gone")
    played.give("hold", 0.5)
    assert played.now.stage == "exercise"
    assert played.said[3:] == [f"camera_{camera}", "camera_back", "back_again"]


def test_the_set_up_waits_for_the_camera_too():
    played = Played(SessionState(routine(BRIDGE))).give("waiting", 1).give("rest", 5, camera="lost")
    assert (played.now.stage, played.actions) == ("paused", [Cut()])
    assert played.give("waiting").now.stage == "set_up"
    assert played.said[2:] == ["camera_lost", "camera_back"]
    assert played.give("rest").now.stage == "exercise"


def test_space_pauses_and_goes_on():
    played = started(CRUNCH).give("rest", events=(rep(),)).give("rest", keys=("pause",))
    assert not played.state.judging
    assert kinds(played) == [BeginSet, Cut]
    played.give("rest", 600, events=(rep(), rep(), rep()))
    assert (played.now.stage, played.now.count, played.outcomes[-1][1].hint.key) == ("paused", 1, "paused")
    played.give("rest", keys=("pause",))
    assert played.state.judging
    assert (played.now.stage, played.now.count) == ("exercise", 1)
    assert played.said[3:] == ["paused", "resumed"]
    assert played.give("rest", RESTED_S - 0.5).ends == []


def test_space_in_a_rest_stops_its_clock():
    played = started(one("bridge", repetitions=(1, 1), rest_s=30), PLANK).give("rest", events=(rep(),)).give(None, 5)
    left_s = played.now.rest_left_s
    played.give(None, keys=("pause",)).give(None, 100)
    assert (played.now.stage, played.now.rest_left_s) == ("paused", NEAR(left_s))
    assert played.give(None, keys=("pause",)).now.stage == "rest"
    assert Cut() not in played.actions


# --- from one to the next --------------------------------------------------------------------


def test_a_routine_goes_through_rest_and_set_up_by_itself():
    played = started(one("bridge", repetitions=(1, 1), rest_s=30, breathing=True), PLANK)
    assert (played.now.title, played.now.step, played.now.steps) == ("Glute bridge", 1, 2)
    played.give("rest", events=(rep(),))
    assert (played.now.stage, played.now.title, played.now.step) == ("rest", "Plank", 2)
    assert (played.now.rest_left_s, played.now.breath, played.now.breath_share) == (30, "in", 0)
    assert not played.state.judging
    began_s = played.time_s
    played.give(None, 35)
    assert played.first_s(NewJudge) - began_s == NEAR(30, abs=0.15)
    assert played.now.stage == "set_up"
    assert math.isnan(played.now.rest_left_s)
    played.holding(10)
    assert kinds(played) == [BeginSet, EndSet, NewJudge, BeginSet, EndSet, Finish]
    begun = [action for action in played.actions if isinstance(action, BeginSet)]
    assert [(action.step.exercise.name, action.number) for action in begun] == [("bridge", 1), ("plank", 2)]
    assert played.stages() == ["exercise", "rest", "set_up", "exercise", "finished"]
    assert played.said[3:] == [
        "set_done", "rest_breathing", "breathe_in", "breathe_out", "breathe_in", "breathe_out", "rest_left",
        "get_ready", "breathe_in", "breathe_out", "start", "begin", "more_hold", "set_done", "finished",
    ]  # fmt: skip
    assert (played.now.title, played.now.count, played.now.count_of, played.now.done) == ("Drill", 2, 2, 1.0)


def test_breath_is_in_for_four_seconds_and_out_for_six():
    played = started(one("bridge", repetitions=(1, 1), rest_s=20, breathing=True), PLANK).give("rest", events=(rep(),))
    course = []
    for _ in range(195):
        played.give(None)
        course.append((played.now.breath, played.now.breath_share))
    assert [which for which, _ in course].count("in") == NEAR(80, abs=2)
    for (which, share), (after, later) in pairwise(course):
        assert 0 <= share < 1
        assert (
            later == NEAR(share + (1 / 40 if which == "in" else 1 / 60), abs=1e-6) if which == after else later < 0.03
        )


def test_without_breathing_a_rest_shows_none_and_a_short_one_names_the_next_at_its_end():
    played = started(one("bridge", repetitions=(1, 1), rest_s=8), PLANK).give("rest", events=(rep(),)).give(None, 5)
    assert (played.now.breath, played.said[3:]) == (None, ["set_done", "rest"])
    assert played.give(None, 4).said[5:] == ["get_ready", "start"]


@pytest.mark.parametrize(
    ("given", "spoken", "shown"),
    [
        ({"count": 1, "count_of": 10}, 2, (2, 10)),
        ({"count": 2, "count_of": 10}, 2, (2, 10)),
        ({"count": 2, "count_of": 10}, 0, (2, 10)),
        ({"count": 10, "count_of": 10}, 11, (11, 15)),  # over the lower end of the dose
        ({"count": 1, "count_of": 10, "stage": "paused"}, 2, (1, 10)),
        ({"count": 0, "count_of": 2, "timed": True}, 3, (0, 2)),
    ],
)
def test_the_figure_is_what_was_spoken(given, spoken, shown):
    progress = as_spoken(Progress(**{"stage": "exercise", "title": "x"} | given), spoken, Dose((10, 15)))
    assert (progress.count, progress.count_of) == shown


def test_the_rest_after_the_last_exercise_ends_the_session():
    played = started(one("bridge", repetitions=(1, 1), rest_s=20, breathing=True)).give("rest", events=(rep(),))
    assert (played.now.stage, played.now.title) == ("rest", "")  # nothing follows
    assert kinds(played.give(None, 21)) == [BeginSet, EndSet, Finish]
    assert "get_ready" not in played.said
    # Of one exercise the end shows what was done.
    assert (played.now.title, played.now.count, played.now.count_of, played.now.done) == ("Glute bridge", 1, 1, 1.0)


def test_next_ends_the_set_then_skips_the_rest_then_skips_an_exercise():
    played = started(one("bridge", rest_s=30), PLANK, CRUNCH).give("rest", 2).give("rest", keys=("next",))
    assert (played.now.stage, played.ends) == ("rest", ["next"])
    # The status of the exercise before begins nothing.
    played.give("rest", keys=("next",))
    assert (played.now.stage, played.now.title) == ("set_up", "Plank")
    played.give("hold", keys=("next",))
    assert (played.now.stage, played.now.title, played.now.step) == ("set_up", "Partial crunch", 3)
    played.give(None, keys=("next",))
    assert kinds(played) == [BeginSet, EndSet, NewJudge, NewJudge, Finish]
    assert (played.now.count, played.now.count_of) == (1, 3)


def test_the_frame_that_ends_a_set_does_not_begin_the_next_one():
    played = started(CRUNCH, BRIDGE).give("rest", events=(rep(), rep(), rep(), rep()))
    assert kinds(played) == [BeginSet, EndSet, NewJudge]
    assert played.now.stage == "set_up"


@pytest.mark.parametrize(("reps", "ended_by"), [(0, "quit"), (1, "quit"), (2, "dose"), (3, "dose")])
def test_the_end_of_a_file_ends_the_open_set(reps, ended_by):
    played = started(CRUNCH, BRIDGE).give("moving", 1).give("rest", camera="ended", events=(rep(),) * reps)
    assert kinds(played) == [BeginSet, EndSet, Finish]
    assert played.ends == [ended_by]


@pytest.mark.parametrize("stage", ["set_up", "rest", "paused"])
def test_the_end_of_a_file_ends_any_stage(stage):
    played = started(one("bridge", rest_s=30), PLANK)
    if stage != "paused":
        played.give("rest", keys=("next",) if stage == "rest" else ("next", "next"))
    else:
        played.give("rest", keys=("pause",))
    assert played.now.stage == stage
    assert played.give(None, camera="ended").now.stage == "finished"
    assert kinds(played)[-1] is Finish
    assert played.ends == (["quit"] if stage == "paused" else ["next"])


# --- cues ------------------------------------------------------------------------------------


def test_the_cue_is_shown_in_a_set_and_praise_when_the_hold_is_mended():
    wrong = {"cue": "Lift.", "in_form": False}
    played = started(PLANK).give("paused", 1, status=wrong)
    assert (played.now.cue, played.now.praise) == ("Lift.", False)
    assert not played.give("paused", 0.3).now.praise  # the clock stands still: not yet sure
    assert played.give("hold", 0.5).now.praise
    assert not played.give("hold", 3).now.praise
    # Leaving mends nothing.
    assert not played.give("paused", 1, status=wrong).give("waiting", 0.5).give("hold", 1).now.praise


def test_a_good_repetition_after_one_that_was_not_is_praised():
    played = started(one("bridge", repetitions=(9, 9)))
    praised = []
    for outcome in ("good", "faulty", "good", "good", "attempt", "unfinished", "good"):
        played.give("moving", 3).give("rest", events=(rep(outcome),))
        praised.append(played.now.praise)
    assert praised == [False, False, True, False, False, False, True]


def test_the_engines_prompt_is_the_message():
    played = started(STRETCH).give("hold", status={"prompt": "Now the other leg."})
    assert (played.now.message, played.outcomes[-1][1].hint) == ("Now the other leg.", None)


def test_the_top_of_a_bridge_has_its_clock():
    played = started(BRIDGE).give("top", status={"clock_s": 4.0})
    assert (played.now.timed, played.now.clock_s, played.now.clock_of_s) == (False, 4.0, 10.0)
    assert played.give("rest").now.clock_s == 0.0


# --- pain ------------------------------------------------------------------------------------

STAGES = {
    "set_up": lambda: Played(SessionState(routine(BRIDGE, PLANK))).give("waiting"),
    "first frame": lambda: Played(SessionState(routine(BRIDGE, PLANK))),
    "exercise": lambda: started(BRIDGE, PLANK),
    "rest": lambda: started(one("bridge", rest_s=30), PLANK).give("rest", keys=("next",)),
    "paused": lambda: started(BRIDGE, PLANK).give("rest", keys=("pause",)),
    "away": lambda: started(BRIDGE, PLANK).give("unknown", 10),
    "camera": lambda: started(BRIDGE, PLANK).give("unknown", 1, camera="lost"),
}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("keys", [("pain",), ("next", "quit", "pain"), ("pause", "pain", "pain")])
def test_pain_ends_all_at_once(stage, keys):
    played = STAGES[stage]()
    before, is_open = len(played.actions), played.state.stage == "exercise"
    played.give("top", keys=keys, events=(rep(),))
    assert played.actions[before:] == [*([EndSet("pain")] if is_open else []), Pain(), Finish()]
    assert (played.now.stage, played.now.pain) == ("finished", True)
    assert [(p.key, p.kind) for p in played.outcomes[-1][1].said][-1] == ("pain", "pain")
    assert played.outcomes[-1][1].hint.key == "pain"
    # Once.
    assert played.give("rest", 1, keys=("pain", "quit", "next", "pause")).actions[before:][-1] == Finish()


def test_pain_right_after_the_end_is_kept_too():
    played = started(BRIDGE).give("rest", keys=("quit",)).give(None, keys=("pain",))
    assert kinds(played) == [BeginSet, EndSet, Finish, Pain]
    assert played.now.pain
