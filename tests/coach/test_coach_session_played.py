"""Films of made-up bodies through the real Judge and the session: when sets begin and end, and what they count."""

from __future__ import annotations

import pytest
from bodies import bridges, cat_cows, crunches, during, gone, held_plank, joined
from bodies_legs import stretches
from bodies_upright import Stance, postures, side_planks
from judged import judged
from played_sessions import coach, counted, in_form_s, one, routine

from formcheck.coach.routine import single
from formcheck.coach.session import RESTED_S
from formcheck.exercises import get

FILMS = {
    "bridge": lambda: bridges([178, 150, 178, 165])[0],
    "partial_crunch": lambda: crunches([15, 40, 15])[0],
    "cat_cow": lambda: cat_cows()[0],
    "plank": lambda: held_plank(((0.0, -0.03), (4.0, -0.03), (5.0, 0.1), (7.0, 0.1), (8.0, -0.03)))[0],
    "side_plank": lambda: side_planks(hold_s=6.0)[0],
    "hamstring_stretch": lambda: stretches(hold_s=6.0)[0],
    "sitting_posture": lambda: postures(lambda t: Stance(45.0 if 6 < t < 9 else -4.0), 12.0),
}


@pytest.mark.parametrize("name", FILMS)
def test_the_session_counts_what_analyze_counts(name):
    poses = FILMS[name]()
    alone = judged(name, poses)
    found = coach(single(get(name)), poses)
    ((ended_by, events),) = found.sets
    assert ended_by == "quit"
    assert counted(events) == alone.count
    assert in_form_s(events) == [(hold.side, hold.in_form_s) for hold in alone.holds]
    assert found.played.now.stage == "finished"
    if alone.reps:
        assert found.played.now.count == alone.count > 0
    else:
        assert alone.holds
        assert found.played.now.clock_s >= max(hold.in_form_s for hold in alone.holds)
    assert found.played.stages() == ["set_up", "exercise", "finished"]


def test_the_set_begins_when_the_start_position_has_been_held():
    found = coach(single(get("bridge")), bridges()[0])
    (begin_s,) = [t for t, outcome in found.played.outcomes if "begin" in [phrase.key for phrase in outcome.said]]
    assert begin_s == pytest.approx(get("bridge").start_hold_s, abs=0.15)


def test_a_routine_from_film_to_film():
    """Two bridges, a rest, then planks of which the first is short."""
    lying = [pose for pose in bridges([178])[0] if pose.time_s < 1.5]
    film = joined(bridges([178, 178])[0], *[lying] * 8, held_plank(seconds=4.0)[0], held_plank(seconds=4.0)[0], lying)
    wanted = routine(one("bridge", repetitions=(2, 2), hold_s=(1, 2), rest_s=10), one("plank", hold_s=(6, 8)))
    found = coach(wanted, film)
    assert [(ended_by, counted(events)) for ended_by, events in found.sets] == [("dose", 2), ("dose", 0)]
    seconds = [held for _, held in in_form_s(found.sets[1][1])]
    assert len(seconds) == 2
    assert sum(seconds) == pytest.approx(7.5, abs=1.0)
    assert found.played.stages() == ["set_up", "exercise", "rest", "set_up", "exercise", "finished"]
    assert found.played.now.title == "Drill"


def test_what_is_under_way_when_space_is_pressed_does_not_count():
    poses, true = bridges([178, 178, 178])
    second = true[1]
    found = coach(single(get("bridge")), poses, {second.top_s: "pause", second.leave_s: "pause"})
    ((_, events),) = found.sets
    outcomes = [event.outcome for event in events if hasattr(event, "outcome")]
    assert outcomes == ["good", "unfinished", "good"]
    assert found.played.now.count == 2
    assert [stage for stage in found.played.stages() if stage != "exercise"] == ["set_up", "paused", "finished"]


def test_a_hold_that_is_paused_is_kept_and_goes_on():
    poses, start_s, _ = held_plank(seconds=12.0)
    found = coach(single(get("plank")), poses, {start_s + 4: "pause", start_s + 7: "pause"})
    ((_, events),) = found.sets
    first, second = (seconds for _, seconds in in_form_s(events))
    assert first == pytest.approx(4.0, abs=0.3)
    assert second == pytest.approx(5.0, abs=0.6)
    assert found.played.now.clock_s == pytest.approx(first + second, abs=0.5)


def test_leaving_between_two_repetitions_pauses_and_counts_on():
    poses, true = bridges([178, 178], pause_s=8.0)
    away = during(poses, true[0].end_s + 1.0, true[0].end_s + 6.0, gone)
    found = coach(single(get("bridge")), away)
    assert found.played.stages() == ["set_up", "exercise", "paused", "exercise", "finished"]
    assert found.played.now.count == judged("bridge", away).count == 2


def test_rest_on_the_mat_ends_the_set():
    poses, true = bridges([178, 178], pause_s=12.0)
    found = coach(single(get("bridge")), poses)
    assert [ended_by for ended_by, _ in found.sets] == ["rested"]
    end_s = found.played.outcomes[-1][0]
    assert true[0].end_s + RESTED_S < end_s < true[0].end_s + RESTED_S + 1.0


def test_both_legs_have_their_time():
    poses, held = stretches(hold_s=5.0, change_s=12.0)
    wanted = routine(one("hamstring_stretch", hold_s=(4, 4)))
    found = coach(wanted, poses)
    assert [ended_by for ended_by, _ in found.sets] == ["dose"]
    assert found.played.outcomes[-1][0] == pytest.approx(held[1][0] + 4, abs=0.6)
    sides = {side for side, _ in in_form_s(found.sets[0][1])}
    assert sides == {"left", "right"}
    assert "Now the other leg." in {outcome.progress.message for _, outcome in found.played.outcomes}


def test_pain_in_the_middle_keeps_what_was_done():
    poses, true = bridges([178, 178])
    found = coach(single(get("bridge")), poses, {true[1].top_s: "pain"})
    ((ended_by, events),) = found.sets
    assert (ended_by, counted(events)) == ("pain", 1)
    assert found.played.outcomes[-1][0] == pytest.approx(true[1].top_s, abs=0.1)
    assert found.played.now.pain
