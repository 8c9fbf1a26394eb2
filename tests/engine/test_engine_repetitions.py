from __future__ import annotations

import math
from dataclasses import replace

import pytest
from bodies import up_and_down
from drills import LIFT, lifts, play, within

from formcheck.engine.repetitions import RepState, lose_movement

NAN = math.nan


def outcomes(readings, exercise=LIFT):
    return [(rep.outcome, *rep.faults) for rep in play(exercise, readings).reps]


def reps_of(tops, **how):
    """Readings of repetitions with these tops, held long enough to be good, and what is true of them."""
    track, true = up_and_down(0.0, tops, **({"hold_s": 3.0} | how))
    return lifts(track), true


GOOD, HIGH, LOW = ("good",), ("faulty", "high"), ("attempt", "low")


@pytest.mark.parametrize(
    ("tops", "found"),
    [
        ([], []),
        ([50], [GOOD]),
        ([50, 50, 50], [GOOD] * 3),
        ([50, 30, 50], [GOOD, LOW, GOOD]),  # far from the line: an attempt
        ([50, 70], [GOOD, HIGH]),
        ([12], []),  # hardly a movement
        ([50, 12, 50], [GOOD] * 2),
        ([20, 20], [LOW, LOW]),
    ],
)
def test_outcomes(tops, found):
    assert outcomes(reps_of(tops)[0]) == found


@pytest.mark.parametrize("fps", [8, 12, 30, 60])
@pytest.mark.parametrize(
    ("up_s", "hold_s", "down_s"), [(1.5, 2.5, 2.0), (3.0, 10.0, 3.0), (1.0, 0.5, 1.0), (2.0, 0, 2.0)]
)
def test_times_and_tempo(fps, up_s, hold_s, down_s):
    track, true = up_and_down(0.0, [50, 45, 58], up_s=up_s, hold_s=hold_s, down_s=down_s)
    reps = play(LIFT, lifts(track, fps=fps)).reps
    assert len(reps) == 3
    for rep, right in zip(reps, true, strict=True):
        assert rep.start_s == pytest.approx(right.start_s, abs=0.35)
        # The top is reached when the lift is near its height; of a slow ease the last part is that already.
        assert right.start_s < rep.top_s <= right.top_s + 1 / fps
        assert rep.top_s == pytest.approx(right.top_s, abs=0.2 * up_s)
        assert rep.end_s == pytest.approx(right.end_s, abs=0.35)
        # Half a frame at either end on top of the 15 %.
        assert rep.measures["rising_s"] == pytest.approx(up_s, abs=0.15 * up_s + 0.5 / fps)
        assert rep.measures["lowering_s"] == pytest.approx(down_s, abs=0.15 * down_s + 0.5 / fps)
        assert rep.measures["top_held_s"] == pytest.approx(hold_s, abs=0.35 * (up_s + down_s) / 2 + 1 / fps)


def test_numbers_at_the_top():
    (rep,) = play(LIFT, lifts(up_and_down(0.0, [50])[0], knee=within(2.0, 4.0, 80.0, 95.0))).reps
    assert rep.measures["height"] == pytest.approx(50, abs=0.5)
    assert rep.measures["rise_deg"] == pytest.approx(50, abs=1)  # over the person's own rest
    assert 80 < rep.measures["knee"] < 95  # averaged over the top alone
    assert rep.measures["in_line_s"] == pytest.approx(2.0 + 2 * 0.45, abs=0.3)  # over 38: a part of the ways too


def test_a_measure_never_seen_at_the_top_is_unknown():
    (rep,) = play(LIFT, lifts(up_and_down(0.0, [50])[0], knee=NAN)).reps
    assert rep.outcome == "good"
    assert math.isnan(rep.measures["knee"])


@pytest.mark.parametrize(
    ("knee_at_rest", "over"),
    [
        (lambda t: 80.0, 10),
        (lambda t: NAN if t < 1 else 80.0, 10),  # learnt as soon as it is seen
        (lambda t: 80.0 if t < 1 else NAN, 10),  # kept while it is not
        (lambda t: NAN, NAN),  # never seen at rest
        (lambda t: 50.0 if t < 0.1 else 80.0, 14),  # followed within seconds: two time constants
    ],
)
def test_the_persons_own_value_at_rest(knee_at_rest, over):
    knee = lambda t: knee_at_rest(t) if t < 3 else 90.0  # noqa: E731
    (rep,) = play(LIFT, lifts(up_and_down(0.0, [50])[0], knee=knee)).reps
    assert rep.measures["knee_over_own"] == pytest.approx(over, abs=4, nan_ok=True)


# --- the start gate --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start_s", "pause_s", "count"),
    [
        (2.0, 1.5, 1),
        (0.0, 0.2, 0),  # up at once and the clip ends: the start position was never held
        (0.0, 2.0, 1),  # held only afterwards: then it counts
        (0.8, 0.8, 1),  # a little before and a little after make the second
    ],
)
def test_nothing_counts_before_the_start_position_has_been_held(start_s, pause_s, count):
    readings, _ = reps_of([50], start_s=start_s, pause_s=pause_s)
    assert play(LIFT, readings).count == count


def test_a_repetition_waits_for_the_start_position():
    readings, _ = reps_of([50, 50], start_s=0.3, pause_s=0.5)
    judged = play(LIFT, readings)
    assert [rep.index for rep in judged.reps] == [1, 2]
    counts = [status.count for status in judged.statuses]
    assert counts[-1] == 2
    assert 1 in counts or counts.count(0) > 0.9 * len(counts)  # not before it was released


def test_getting_into_position_is_no_repetition():
    # Sits up to 60 and lies down slowly, then begins.
    track = [(0, 60), (2, 60), (5, 0), (7, 0), (8.5, 50), (11.5, 50), (13.5, 0), (15, 0)]
    assert outcomes(lifts(track)) == [GOOD]


def test_begun_in_mid_air_it_is_no_repetition():
    # The clip begins half way up: the start position was not seen.
    track = [(0, 20), (1.5, 50), (4.5, 50), (6.5, 0), (9, 0), (10.5, 50), (13.5, 50), (15.5, 0), (17, 0)]
    found = outcomes(lifts(track))
    assert found[-1] == GOOD
    assert play(LIFT, lifts(track)).count == 1


# --- not finished ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end_s", "found"),
    [
        (3.0, [("unfinished",)]),  # on the way up
        (5.0, [("unfinished",)]),  # at the top
        (7.2, [("unfinished",)]),  # on the way down, half way
        (8.2, [GOOD]),  # on the last stretch back
        (8.6, [GOOD]),
        (2.2, []),  # hardly begun
    ],
)
def test_the_clip_ends_in_a_repetition(end_s, found):
    readings, (rep,) = reps_of([50])
    assert (rep.top_s, rep.leave_s, rep.end_s) == (3.5, 6.5, 8.5)
    judged = play(LIFT, [reading for reading in readings if reading.time_s < end_s])
    assert [(rep.outcome, *rep.faults) for rep in judged.reps] == found
    for rep in judged.reps:
        assert (rep.reason is not None) is (rep.outcome == "unfinished")
        assert rep.score == 0.0 if rep.outcome == "unfinished" else rep.score > 90


def test_an_unfinished_one_keeps_the_faults_that_were_seen():
    readings, _ = reps_of([70])
    judged = play(LIFT, readings[:110])  # ends at the top
    (rep,) = judged.reps
    assert rep.outcome == "unfinished"
    assert rep.faults == ("high",)
    assert [span.name for span in judged.faults] == ["high"]
    assert judged.count == 0


def test_how_fast_it_was_lowered_is_not_told_when_that_was_not_seen():
    readings, (rep,) = reps_of([50], down_s=2.0)
    (found,) = play(LIFT, [reading for reading in readings if reading.time_s < rep.end_s - 0.65]).reps
    assert found.outcome == "good"
    assert math.isnan(found.measures["lowering_s"])


@pytest.mark.parametrize("early_s", [0.1, 0.2, 0.3, 0.35, 0.4, 0.5])
def test_a_clip_that_ends_just_before_the_rest_does_not_make_it_fast(early_s):
    readings, (rep,) = reps_of([50], down_s=1.0)
    (found,) = play(LIFT, [reading for reading in readings if reading.time_s < rep.end_s - early_s]).reps
    assert "dropped" not in found.faults


@pytest.mark.parametrize(
    ("from_s", "to_s", "found"),
    [
        (4.0, 4.4, [GOOD, GOOD]),  # for a moment
        (4.0, 5.4, [GOOD, GOOD]),  # a second at the top
        (2.5, 3.2, [GOOD, GOOD]),  # on the way up
        (3.8, 6.0, [("unfinished",), GOOD]),  # longer: lost
        (4.0, 9.0, [("unfinished",), GOOD]),
        (0.5, 1.0, [GOOD, GOOD]),  # at rest
    ],
)
def test_not_seen_for_a_while(from_s, to_s, found):
    readings, _ = reps_of([50, 50])
    gap = [replace(r, values={}) if from_s <= r.time_s < to_s else r for r in readings]
    assert outcomes(gap) == found


def test_a_lost_one_is_told_once_and_never_twice():
    readings, _ = reps_of([50, 50])
    gap = [replace(r, values={}) if 4.0 <= r.time_s < 9.0 else r for r in readings]
    assert [rep.index for rep in play(LIFT, gap).reps] == [1, 2]


@pytest.mark.parametrize(
    ("cut_s", "found"),
    [
        (1.0, [GOOD]),  # at rest
        (5.0, [("unfinished",)]),  # at the top, and the next shot shows it coming down from nowhere
        (8.4, [GOOD]),  # on the last stretch back
    ],
)
def test_a_cut_in_a_repetition(cut_s, found):
    readings, _ = reps_of([50], pause_s=3.0)
    cut = [replace(r, fresh=abs(r.time_s - cut_s) < 1e-6) for r in readings]
    assert sum(r.fresh for r in cut) == 1
    assert outcomes(cut) == found


def test_numbers_go_on_after_a_cut():
    readings, _ = reps_of([50, 50])
    cut = [replace(r, fresh=abs(r.time_s - 9.5) < 1e-6) for r in readings]
    judged = play(LIFT, cut)
    assert [(rep.index, rep.outcome) for rep in judged.reps] == [(1, "good"), (2, "good")]
    assert judged.statuses[-1].count == 2


# --- not all the way, not at once ------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "count"),
    [
        (0, 2),
        (5, 2),  # nearly back
        (11, 2),  # within a quarter of its height
        (25, 1),  # half way down and up again: the same repetition
    ],
)
def test_partial_return(low, count):
    track = [(0, 0), (2, 0), (3.5, 50), (5.5, 50), (7, low), (7.6, low), (9, 50), (11, 50), (12.5, 0), (14, 0)]
    assert play(LIFT, lifts(track)).count == count


def test_who_rests_a_little_higher_now_is_measured_from_there():
    # Rest rises from 0 to 5 between repetitions; the next ones still count and their tempo stays.
    track = [(0, 0), (2, 0), (3.5, 50), (5.5, 50), (7.5, 5), (9, 5), (10.5, 50), (12.5, 50), (14.5, 5), (16, 5)]
    reps = play(LIFT, lifts(track)).reps
    assert [rep.outcome for rep in reps] == ["good", "good"]
    assert reps[0].measures["rise_deg"] == pytest.approx(50, abs=1)
    assert 44 < reps[1].measures["rise_deg"] < 49  # the own values follow slowly


def test_rest_falls_at_once():
    # Lies at 8, then lies flat: from then on flat is rest.
    track = [(0, 8), (2, 8), (2.5, 0), (4, 0), (5.5, 50), (8.5, 50), (10.5, 0), (12, 0)]
    (rep,) = play(LIFT, lifts(track)).reps
    assert rep.outcome == "good"
    assert rep.measures["rise_deg"] == pytest.approx(50, abs=1)


def test_a_slow_drift_at_rest_is_no_repetition():
    assert outcomes(lifts([(0, 0), (60, 12)])) == []


@pytest.mark.parametrize("dip", [0.02, 0.15])
def test_a_stray_frame_at_rest_or_at_the_top_changes_nothing(dip):
    readings, _ = reps_of([50])
    stray = [
        replace(r, values=r.values | {"height": 45.0}) if abs(r.time_s - 1.0) < 0.01
        else replace(r, values=r.values | {"height": 0.0}) if 0 <= r.time_s - 5.0 < dip
        else r
        for r in readings
    ]  # fmt: skip
    assert stray != readings
    assert outcomes(stray) == [GOOD]


def test_a_pause_on_the_way_up_is_one_repetition():
    track = [(0, 0), (2, 0), (3, 30), (5, 30), (6, 50), (9, 50), (11, 0), (13, 0)]
    assert outcomes(lifts(track)) == [GOOD]


def test_a_wobble_at_the_top_is_one_repetition():
    track = [(0, 0), (2, 0), (3.5, 50), (4.5, 42), (5.5, 52), (6.5, 44), (8, 50), (10, 0), (12, 0)]
    assert outcomes(lifts(track)) == [GOOD]


def test_nothing_is_lost_where_nothing_was():
    assert lose_movement(RepState(), LIFT.movement) is None
