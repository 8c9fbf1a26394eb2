"""Cycles of two ends, told from made-up readings: "bend" goes to 20 (over) and to -15 (under) its neutral."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from bodies import at
from drills import play
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.engine.cycles import CycleState, lose_cycle
from formcheck.exercises.declaration import Baseline, Bound, Cycle, Dose, Exercise, Fault
from formcheck.measure.reading import Reading

NAN = math.nan
FPS = 20.0

SWING = Exercise(
    name="swing",
    title="Swing",
    asked="Over and under.",
    dose=Dose(repetitions=(3, 3)),
    facing="down",
    camera="Anywhere.",
    needs=(),
    posture=(Bound("kneeling", 1, 2),),
    line=("shoulder", "hip"),
    cycle=Cycle(
        curve="bend",
        high="over",
        low="under",
        leave=3,
        back=2,
        settled=1.5,
        least=9,
        full=(14, -9.5),
        main="rise",
        shown=("rise", "head"),
        start=(Bound("bend", -10, 10), Bound("head", 40, 60)),
        places=("hands",),
        stance=(("hands", 20),),
    ),
    baselines=(Baseline("rise", "bend"),),
    score={"range": 60, "alignment": 20, "tempo": 20},
    faults=(
        Fault(
            "no_over", "over_rise", "Over.", "No over.", "hip", below=3, per_repetition=True, part="range",
            spoils="attempt", reason="half",
        ),
        Fault(
            "no_under", "under_rise", "Under.", "No under.", "hip", above=-3, per_repetition=True, part="range",
            spoils="attempt", reason="half",
        ),
        Fault(
            "little_over", "over_rise", "Over.", "Low.", "hip", below=14, per_repetition=True, part="range",
            only_if=(Bound("over_rise", 3),),
        ),
        Fault(
            "little_under", "under_rise", "Under.", "High.", "hip", above=-9.5, per_repetition=True, part="range",
            only_if=(Bound("under_rise", high=-3),),
        ),
        Fault("fast", "cycle_s", "Slow.", "Fast.", "hip", below=3.7, unit="s", per_repetition=True, part="tempo"),
        Fault(
            "hands_off", "start_hands", "Hands.", "Hands off.", "wrist", above=25,
            during=frozenset(("rest", "moving", "top")),
        ),
        Fault("knee", "knee", "Knee.", "Knee out.", "knee", above=100),
    ),
)  # fmt: skip
GOOD, HALF_OVER, HALF_UNDER = ("good",), ("attempt", "no_under"), ("attempt", "no_over")


def swings(cycles, *, start_s=2.0, move_s=1.5, across_s=2.0, hold_s=0.5, pause_s=1.0, neutral=0.0):
    """A track through cycles, each a row of ends, and when each begins, is first at an end, and is over."""
    track, true, now = [(0.0, neutral), (start_s, neutral)], [], start_s
    for ends in cycles:
        begin = now
        top_s = now + move_s
        for n, end in enumerate(ends):
            now += move_s if n == 0 else across_s
            track += [(now, neutral + end), (now + hold_s, neutral + end)]
            now += hold_s
        now += move_s
        true.append((begin, top_s, now))
        track += [(now, neutral), (now + pause_s, neutral)]
        now += pause_s
    return track, true


def readings(track, *, fps=FPS, seconds=0.0, noise=None, **others):
    head = lambda t: 50.0 + 2 * (at(track, t) - track[0][1])  # noqa: E731
    values = {"kneeling": 1.0, "hands": 0.0, "head": head, "knee": 90.0} | others
    count = math.ceil((seconds or track[-1][0]) * fps)
    return [
        Reading(
            i / fps,
            {"bend": at(track, i / fps) + (noise(i) if noise else 0.0)}
            | {name: value(i / fps) if callable(value) else value for name, value in values.items()},
            "left",
        )
        for i in range(count)
    ]


def found(track, **how):
    return play(SWING, readings(track, **how))


def outcomes(track, **how):
    return [(rep.outcome, *rep.faults) for rep in found(track, **how).reps]


LONG = {"pause_s": 2.5}  # a rest long enough to part two halves


@pytest.mark.parametrize(
    ("cycles", "how", "expected"),
    [
        ([], {}, []),
        ([(20, -15)], {}, [GOOD]),
        ([(-15, 20)], {}, [GOOD]),  # the other way round
        ([(20, -15)] * 3, {}, [GOOD] * 3),
        ([(20, -15)] * 3, {"pause_s": 0.0}, [GOOD] * 3),  # never stopping in neutral
        ([(-15, 20)] * 3, {"pause_s": 0.0}, [GOOD] * 3),
        ([(20, -15), (-15, 20)], {}, [GOOD] * 2),
        ([(20, -15), (-15, 20)], {"pause_s": 0.0}, [GOOD] * 2),  # the second under is the next cycle's first
        ([(20, -15)] * 2, {"hold_s": 10.0}, [GOOD] * 2),
        ([(8, -15)], {}, [("faulty", "little_over")]),
        ([(20, -5)], {}, [("faulty", "little_under")]),
        ([(8, -6)], {}, [("faulty", "little_over", "little_under")]),
        ([(-6, 8)], {}, [("faulty", "little_over", "little_under")]),
        ([(20,)], LONG, [HALF_OVER]),
        ([(-15,)], LONG, [HALF_UNDER]),
        ([(20,), (20,)], {}, [HALF_OVER, ("unfinished",)]),  # one follows its like; the clip ends too soon after it
        ([(20,), (20, -15)], {}, [HALF_OVER, GOOD]),
        ([(20,), (-15,)], {}, [GOOD]),  # a rest of a second in between does not part them
        ([(20,), (-15,)], LONG, [HALF_OVER, HALF_UNDER]),  # a long one does
        ([(20, -15), (20,)], LONG, [GOOD, HALF_OVER]),
        ([(20, -2)], LONG, [HALF_OVER]),
        ([(2, -2)], {}, []),
        ([(5,)], LONG, []),  # hardly a movement
        ([(4, -4)], LONG, []),  # swaying
        ([(20, -15)], {"move_s": 0.5, "across_s": 0.75, "hold_s": 0.2}, [("faulty", "fast")]),
    ],
)
@pytest.mark.parametrize("neutral", [0.0, 6.0])
def test_outcomes(cycles, how, expected, neutral):
    assert outcomes(swings(cycles, **how, neutral=neutral)[0]) == expected


@pytest.mark.parametrize("fps", [8, 12, 30, 60])
@pytest.mark.parametrize(
    ("move_s", "across_s", "hold_s", "pause_s"),
    [(1.5, 2.0, 0.5, 1.0), (1.25, 2.0, 1.0, 0.0), (3.0, 4.0, 5.0, 2.0), (0.75, 1.25, 1.0, 0.3)],
)
def test_times(fps, move_s, across_s, hold_s, pause_s):
    cycles = [(20, -15), (18, -12), (22, -15)]
    track, true = swings(cycles, move_s=move_s, across_s=across_s, hold_s=hold_s, pause_s=pause_s)
    reps = found(track, fps=fps, seconds=track[-1][0] + 1).reps
    assert [rep.index for rep in reps] == [1, 2, 3]
    for rep, (start_s, top_s, end_s) in zip(reps, true, strict=True):
        assert rep.start_s == pytest.approx(start_s, abs=0.4)
        assert rep.top_s == pytest.approx(top_s, abs=0.2 * move_s + 0.1)
        assert rep.end_s == pytest.approx(end_s, abs=0.4)
        assert rep.measures["cycle_s"] == pytest.approx(end_s - start_s, abs=0.6)


def test_numbers_are_those_of_the_ends():
    track, ((_, top_s, _),) = swings([(20, -15)], neutral=4.0)
    head = lambda t: 50.0 + at(track, t)  # noqa: E731
    (rep,) = found(track, head=head, hands=-12.0).reps
    assert set(rep.measures) == set(SWING.cycle.numbers)
    assert rep.measures["over_rise"] == pytest.approx(20, abs=1)
    assert rep.measures["under_rise"] == pytest.approx(-15, abs=1)
    assert rep.measures["over_head"] == pytest.approx(74, abs=1)
    assert rep.measures["under_head"] == pytest.approx(39, abs=1)
    assert rep.measures["start_hands"] == pytest.approx(12)  # by its size
    assert top_s > 3


def test_a_missing_end_has_no_numbers_but_what_there_was_of_it():
    (rep,) = found(swings([(20, -2)], **LONG)[0]).reps
    assert math.isnan(rep.measures["under_head"])
    assert rep.measures["under_rise"] == pytest.approx(-2, abs=0.5)
    assert rep.reason == "half"


# --- the start -------------------------------------------------------------------------------


@pytest.mark.parametrize(("start_s", "count"), [(0.0, 0), (0.5, 0), (1.2, 1), (2.0, 1)])
def test_nothing_counts_before_the_start_position_has_been_held(start_s, count):
    track, _ = swings([(20, -15)], start_s=start_s, pause_s=0.5)
    assert found(track).count == count


def test_held_later_the_next_one_counts():
    track, true = swings([(20, -15)] * 2, start_s=0.0, pause_s=1.5)
    (rep,) = found(track).reps
    assert rep.start_s == pytest.approx(true[1][0], abs=0.4)


def test_an_end_held_still_is_no_start_position():
    track, _ = swings([(8, -15)], start_s=0.2, hold_s=1.2)
    assert found(track).reps == []


@pytest.mark.parametrize(("start_s", "count"), [(2.5, 0), (3.5, 1)])
def test_a_start_position_that_looks_unlike_one_must_be_held_longer(start_s, count):
    track, _ = swings([(20, -15)], start_s=start_s, pause_s=0.5)
    assert found(track, head=80.0).count == count


def test_a_little_drift_is_still():
    track, _ = swings([(20, -15)])
    drifting = lambda i: 2.0 * max(0.0, 1.0 - i / FPS)  # noqa: E731
    assert outcomes(track, noise=drifting) == [GOOD]


def test_what_was_taken_for_neutral_is_put_right_by_a_rest():
    track, _ = swings([(20, -15)], start_s=1.5, neutral=5.0, pause_s=4.0)
    wrong = [(0.0, -4.0), (1.3, -4.0), *((time_s + 2.0, bend) for time_s, bend in track)]
    again = [(wrong[-1][0] + time_s, bend) for time_s, bend in swings([(20, -15)] * 2, start_s=0.5, neutral=5.0)[0]]
    reps = found([*wrong, *again], head=50.0).reps
    assert [rep.outcome for rep in reps[-2:]] == ["good", "good"]
    assert reps[-1].measures["over_rise"] == pytest.approx(20, abs=1.5)


def test_settled_a_little_off_neutral_the_movement_begins_there():
    track, true = swings([(20, -15)], start_s=4.0)
    leaning = [*track[:1], (2.0, 0.0), (2.6, 4.0), (true[0][0], 4.0), *track[2:]]
    (rep,) = found(leaning).reps
    assert rep.start_s == pytest.approx(true[0][0], abs=0.4)


@pytest.mark.parametrize("kneeling", [0.0, lambda t: 1.0 if t < 3 else 0.0])
def test_out_of_the_posture_nothing_counts(kneeling):
    assert found(swings([(20, -15)])[0], kneeling=kneeling).reps == []


def test_neutral_is_followed_at_rest():
    first, _ = swings([(20, -15)], pause_s=4.0)
    moved = [(time_s, bend + (4.0 if time_s > first[-2][0] else 0.0)) for time_s, bend in first]
    later, _ = swings([(20, -15)], neutral=4.0)
    track = moved + [(moved[-1][0] + time_s, bend) for time_s, bend in later]
    reps = found(track).reps
    assert [rep.outcome for rep in reps] == ["good", "good"]
    assert reps[1].measures["over_rise"] == pytest.approx(20, abs=1.5)


def test_hands_put_elsewhere_take_neutral_with_them():
    track, true = swings([(20, -15)] * 2, pause_s=2.5)
    put_s = true[0][2] + 0.5
    shifted = lambda t: 5.0 if t > put_s + 0.4 else 0.0  # noqa: E731
    made = [
        Reading(r.time_s, r.values | {"bend": r.values["bend"] + shifted(r.time_s), "hands": 6 * shifted(r.time_s)})
        for r in readings(track)
    ]
    reps = play(SWING, made).reps
    assert [(rep.outcome, *rep.faults) for rep in reps] == [GOOD, ("faulty", "hands_off")]
    assert reps[1].start_s == pytest.approx(true[1][0], abs=0.4)
    assert reps[1].measures["over_rise"] == pytest.approx(20, abs=1.5)


# --- faults that last --------------------------------------------------------------------------


@pytest.mark.parametrize("pause_s", [0.0, 1.0])
def test_a_wrong_start_position_is_told_of_each_cycle(pause_s):
    track, _ = swings([(20, -15)] * 3, pause_s=pause_s)
    judged = found(track, hands=30.0)
    assert [(rep.outcome, *rep.faults) for rep in judged.reps] == [("faulty", "hands_off")] * 3
    assert [(span.start_s, span.worst) for span in judged.faults] == [
        (pytest.approx(rep.start_s, abs=0.3), 30.0) for rep in judged.reps
    ]
    for span, rep in zip(judged.faults, judged.reps, strict=True):
        assert rep.start_s <= span.start_s < span.end_s <= rep.end_s + 0.5


def test_a_start_position_put_right_in_time_is_no_fault():
    track, _ = swings([(20, -15)], start_s=4.0)
    judged = found(track, hands=lambda t: 30.0 if t < 2 else 0.0)
    assert [(rep.outcome, *rep.faults) for rep in judged.reps] == [GOOD]
    assert judged.faults == []
    assert "Hands." in {status.cue for status in judged.statuses}  # but it was said


def test_a_fault_on_the_way():
    track, (_, (start_s, top_s, _)) = swings([(20, -15)] * 2)
    judged = found(track, knee=lambda t: 110.0 if start_s + 0.5 < t < top_s + 1 else 90.0)
    assert [(rep.outcome, *rep.faults) for rep in judged.reps] == [GOOD, ("faulty", "knee")]


# --- gaps and ends of clips --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("from_s", "to_s", "expected"),
    [
        (3.0, 3.3, ["good"] * 2),
        (3.0, 4.2, ["good"] * 2),
        (3.0, 6.5, ["unfinished", "good"]),
        (0.0, 0.5, ["good"] * 2),
    ],
)
def test_a_stretch_that_is_not_seen(from_s, to_s, expected):
    track, _ = swings([(20, -15)] * 2, pause_s=2.0)
    unseen = [replace(r, values={}) if from_s <= r.time_s < to_s else r for r in readings(track)]
    assert [rep.outcome for rep in play(SWING, unseen).reps] == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (2.3, []),  # hardly begun
        (4.0, ["unfinished"]),
        (6.5, ["unfinished"]),  # on the way back from the second end
        (7.9, ["good"]),  # all but back
    ],
)
def test_the_clip_ends_on_the_way(seconds, expected):
    track, _ = swings([(20, -15)])
    assert [rep.outcome for rep in found(track, seconds=seconds).reps] == expected


def test_nothing_is_carried_over_a_cut():
    track, _ = swings([(20, -15)])
    first = readings(track)
    second = [replace(r, time_s=r.time_s + track[-1][0], fresh=i == 0) for i, r in enumerate(first)]
    reps = play(SWING, [*first, *second]).reps
    assert [(rep.index, rep.outcome) for rep in reps] == [(1, "good"), (2, "good")]


def test_nothing_to_lose():
    assert lose_cycle(CycleState(), SWING.cycle) is None


def test_what_is_shown():
    track, (_, (start_s, top_s, end_s)) = swings([(20, -15)] * 2, hold_s=2.0)
    shown = {round(s.time_s, 2): s for s in found(track).statuses}
    now = lambda t: shown[round(round(t * FPS) / FPS, 2)]  # noqa: E731
    assert now(0.5).phase == "waiting"
    assert (now(start_s - 0.2).phase, now(start_s - 0.2).count) == ("rest", 1)
    assert (now(start_s + 0.6).phase, now(start_s + 0.6).end) == ("moving", None)
    over, under = now(top_s + 1), now(end_s - 3)
    assert (over.phase, over.end, over.value) == ("top", "over", pytest.approx(20, abs=1))
    assert (under.phase, under.end, under.value) == ("top", "under", pytest.approx(-15, abs=1))
    assert 0.5 < under.clock_s < 1.5  # of this end alone


# --- whatever is done --------------------------------------------------------------------------

TWO_ENDS = st.tuples(st.floats(16, 30), st.floats(-25, -11))
TEMPI = st.fixed_dictionaries(
    {
        "move_s": st.floats(0.9, 3.0),
        "hold_s": st.floats(0.0, 4.0),
        "pause_s": st.one_of(st.just(0.0), st.floats(0.3, 3.0)),
        "neutral": st.floats(-8, 8),
    }
)


@settings(deadline=None, derandomize=True, database=None, max_examples=60)
@given(
    cycles=st.lists(TWO_ENDS, min_size=1, max_size=4),
    over_first=st.booleans(),
    how=TEMPI,
    fps=st.sampled_from([10.0, 15.0, 30.0]),
    seed=st.integers(0, 99),
)
def test_every_whole_cycle_counts_once(cycles, over_first, how, fps, seed):
    rows = [row if over_first else row[::-1] for row in cycles]
    move_s = how["move_s"]
    track, true = swings(rows, across_s=1.4 * move_s, **how)
    wobble = lambda i: 0.4 * math.sin(7.3 * i + seed)  # noqa: E731
    reps = found(track, fps=fps, seconds=track[-1][0] + 1, noise=wobble).reps
    assert [rep.outcome for rep in reps if "fast" not in rep.faults] == ["good"] * sum(
        "fast" not in rep.faults for rep in reps
    )
    assert len(reps) == len(rows)
    for rep, (start_s, _, end_s) in zip(reps, true, strict=True):
        assert rep.start_s == pytest.approx(start_s, abs=0.3 * move_s + 0.3)
        assert rep.end_s == pytest.approx(end_s, abs=0.3 * move_s + 0.3)
        assert rep.start_s < rep.top_s < rep.end_s


@settings(deadline=None, derandomize=True, database=None, max_examples=40)
@given(bends=st.lists(st.floats(-40, 40), min_size=5, max_size=60), step_s=st.floats(0.1, 1.5))
def test_repetitions_never_overlap_whatever_happens(bends, step_s):
    track = [(i * step_s, bend) for i, bend in enumerate([0.0, 0.0, *bends])]
    reps = found(track, fps=10.0).reps
    assert [rep.index for rep in reps] == list(range(1, len(reps) + 1))
    for rep in reps:
        assert rep.start_s <= rep.top_s <= rep.end_s
    for a, b in pairwise(reps):
        assert a.end_s <= b.start_s + 1e-9
