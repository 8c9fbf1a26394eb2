from __future__ import annotations

import math
from dataclasses import replace

import pytest
from bodies import up_and_down
from drills import FPS, LIFT, STAY, lifts, play, within

from formcheck.engine.engine import EngineState, finish, status, step
from formcheck.engine.records import ScorePart
from formcheck.measure.reading import Reading
from formcheck.measure.view import ADVICE

NAN = math.nan
UP = up_and_down(0.0, [50], hold_s=3.0)[0]  # 2.0 up, 3.5 top, 6.5 leave, 8.5 back, 10 end


def stays(seconds, **values):
    """Readings of somebody in position, in form; `values` are numbers or functions of time."""
    usual = {"up": 1.0, "knee_down": 0.0, "toe_offset": 0.0, "knee_offset": 0.0, "slope": 0.0, "head": 0.0}
    return [
        Reading(t, {name: v(t) if callable(v) else v for name, v in (usual | values).items()}, "left")
        for t in (i / FPS for i in range(round(seconds * FPS)))
    ]


# --- a repetition's record -------------------------------------------------------------------


def test_a_good_repetition():
    judged = play(LIFT, lifts(UP))
    (rep,) = judged.reps
    assert (rep.index, rep.outcome, rep.reason, rep.faults, rep.notes) == (1, "good", None, (), ())
    assert rep.start_s < rep.top_s < rep.end_s
    assert rep.score == 100
    assert sum(part.points for part in rep.parts) == rep.score
    assert (judged.faults, judged.holds, judged.view) == ([], [], [])


def test_a_short_hold_is_a_note_and_the_outcome_stays_good():
    (rep,) = (judged := play(LIFT, lifts(up_and_down(0.0, [50], hold_s=0.2)[0]))).reps
    assert (rep.outcome, rep.faults, rep.notes) == ("good", (), ("hold_short",))
    assert judged.faults == []  # no fault of form, so none is listed
    hold = next(part for part in rep.parts if part.name == "hold")
    assert hold.points == pytest.approx(20 * rep.measures["in_line_s"] / 2, abs=0.06)
    assert 80 < rep.score < 100


@pytest.mark.parametrize(
    ("how", "fault", "part", "during"),
    [
        # The fault found alone, the part it costs half of, and the stretch it is told for.
        ({"tops": [70]}, "high", "range", (3.1, 7.1)),
        ({"tops": [50], "knee": within(4.0, 5.0, 110.0, 90.0)}, "knee_out", "alignment", (4.0, 5.0)),
        ({"tops": [50], "up_s": 0.5}, "rushed", "tempo", (2.0, 2.5)),
        ({"tops": [50], "down_s": 0.5}, "dropped", "tempo", (6.5, 7.0)),
    ],
)
def test_a_faulty_repetition(how, fault, part, during):
    others = {"knee": how.pop("knee")} if "knee" in how else {}
    track, _ = up_and_down(0.0, how.pop("tops"), **({"hold_s": 3.0} | how))
    judged = play(LIFT, lifts(track, **others))
    (rep,) = judged.reps
    (span,) = judged.faults
    assert (rep.outcome, rep.faults, rep.reason) == ("faulty", (fault,), None)
    assert (span.start_s, span.end_s) == pytest.approx(during, abs=0.3)
    declared = LIFT.fault(fault)
    assert (span.name, span.unit, span.cue, span.joint) == (fault, declared.unit, declared.cue, declared.joint)
    points = {p.name: p for p in rep.parts}
    assert points[part] == ScorePart(part, LIFT.score[part] / 2, LIFT.score[part])
    assert rep.score == sum(p.points for p in rep.parts)


def test_an_attempt_says_how_far_it_was_off():
    (rep,) = (judged := play(LIFT, lifts(up_and_down(0.0, [30])[0]))).reps
    assert (rep.outcome, rep.faults) == ("attempt", ("low",))
    assert rep.reason == "stopped 20 deg short"
    assert [span.name for span in judged.faults] == ["low"]
    assert judged.count == 0


def test_a_fault_at_the_end_is_not_judged_where_its_condition_fails():
    (rep,) = play(LIFT, lifts(up_and_down(0.0, [30])[0], knee=within(0, 99, 180, 0))).reps
    assert "low" not in rep.faults


def test_a_fault_twice_in_one_repetition_is_listed_twice_and_costs_once():
    knee = lambda t: 110.0 if 3.8 <= t < 4.4 or 5.0 <= t < 5.6 else 90.0  # noqa: E731
    judged = play(LIFT, lifts(UP, knee=knee))
    assert [span.name for span in judged.faults] == ["knee_out", "knee_out"]
    assert judged.reps[0].faults == ("knee_out",)
    assert judged.reps[0].score == 85


def test_worst_value_of_a_fault():
    track = up_and_down(0.0, [70], hold_s=3.0)[0]
    (span,) = play(LIFT, lifts(track)).faults
    assert span.worst == pytest.approx(70, abs=0.1)


@pytest.mark.parametrize(
    "between",
    [
        (0.5, 1.5),  # at rest, before
        (9.2, 9.9),  # at rest, after
    ],
)
def test_a_fault_at_rest_is_nobodys(between):
    judged = play(LIFT, lifts(UP, knee=within(*between, 110.0, 90.0)))
    assert judged.faults == []
    assert judged.reps[0].outcome == "good"


def test_each_fault_goes_to_its_own_repetition():
    track, true = up_and_down(0.0, [70, 50, 30, 50])
    second = true[3]
    judged = play(LIFT, lifts(track, knee=within(second.top_s, second.leave_s, 110.0, 90.0)))
    assert [rep.faults for rep in judged.reps] == [("high",), (), ("low",), ("knee_out",)]
    assert [rep.outcome for rep in judged.reps] == ["faulty", "good", "attempt", "faulty"]
    assert [rep.index for rep in judged.reps] == [1, 2, 3, 4]


# --- the posture -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("from_s", "to_s", "found"),
    [
        (4.5, 4.8, ["good"]),  # a stray of less than half a second
        (4.5, 6.0, []),  # left at the top: whatever it was, it was no repetition
        (0.0, 3.0, []),  # not in it when the movement began
        (8.9, 10, ["good"]),  # left afterwards
    ],
)
def test_out_of_the_posture(from_s, to_s, found):
    judged = play(LIFT, lifts(UP, lying=within(from_s, to_s, 0.0, 1.0)))
    assert [rep.outcome for rep in judged.reps] == found


def test_after_leaving_the_posture_the_start_gate_is_shut_again():
    track, true = up_and_down(0.0, [50, 50, 50], pause_s=2.0)
    left = within(true[0].end_s + 0.5, true[1].end_s + 0.5, 0.0, 1.0)  # stands up, all through the second one
    judged = play(LIFT, lifts(track, lying=left))
    assert [(rep.index, rep.outcome) for rep in judged.reps] == [(1, "good"), (2, "good")]
    assert judged.statuses[-1].count == 2


def test_repetitions_that_wait_are_forgotten_with_the_posture():
    # Up and down at once, then away: getting up from the mat, not a repetition.
    track, _ = up_and_down(0.0, [50], start_s=0.0, pause_s=3.0)
    end = 0.0 + 1.5 + 2.0 + 2.0
    judged = play(LIFT, lifts(track, lying=within(end + 0.1, 99, 0.0, 1.0)))
    assert judged.reps == []


def test_the_posture_keeps_to_its_margin():
    loose = replace(LIFT, posture=(replace(LIFT.posture[0], margin=0.2),))
    assert [rep.outcome for rep in play(loose, lifts(UP, lying=within(4.0, 6.0, 0.9, 1.0))).reps] == ["good"]
    assert play(LIFT, lifts(UP, lying=within(4.0, 6.0, 0.9, 1.0))).reps == []


def test_an_unknown_posture_is_not_a_wrong_one():
    judged = play(LIFT, lifts(UP, lying=within(4.0, 5.0, NAN, 1.0)))
    assert [rep.outcome for rep in judged.reps] == ["good"]


# --- holds -----------------------------------------------------------------------------------


def test_a_good_hold():
    judged = play(STAY, stays(6))
    (hold,) = judged.holds
    assert (hold.start_s, hold.end_s, hold.in_form_s, hold.longest_s) == pytest.approx((0, 6, 6, 6), abs=0.1)
    assert (hold.variant, hold.faults, hold.side) == ("toes", (), None)
    assert judged.faults == []


@pytest.mark.parametrize(
    ("variant", "values"),
    [
        ("toes", {"knee_down": 0.0, "knee_offset": 9.0}),
        ("knees", {"knee_down": 1.0, "toe_offset": 9.0}),  # its own main measure is judged
    ],
)
def test_variants(variant, values):
    (hold,) = (judged := play(STAY, stays(6, **values))).holds
    assert hold.variant == variant
    assert judged.faults == []
    assert hold.in_form_s == pytest.approx(6, abs=0.1)


def test_a_fault_pauses_the_hold_and_is_told_with_it():
    judged = play(STAY, stays(12, toe_offset=within(4.0, 7.0, 0.3, 0.0)))
    (hold,), (span,) = judged.holds, judged.faults
    assert hold.faults == ("sag",)
    assert (hold.in_form_s, hold.longest_s) == pytest.approx((9, 5), abs=0.2)
    assert (span.name, span.worst) == ("sag", 0.3)
    assert (span.start_s, span.end_s) == pytest.approx((4, 7), abs=0.1)


def test_a_fault_shorter_than_its_dwell_is_not_told():
    judged = play(STAY, stays(12, toe_offset=within(4.0, 4.2, 0.3, 0.0)))
    assert judged.faults == []
    assert judged.holds[0].in_form_s == pytest.approx(12, abs=0.2)


def test_faults_outside_a_hold_are_nobodys():
    judged = play(STAY, stays(12, up=within(3.0, 99, 1.0, 0.0), toe_offset=within(0, 3, 0.3, 0.0)))
    (hold,) = judged.holds
    assert (hold.start_s, hold.faults) == (pytest.approx(3.0, abs=0.2), ())
    assert judged.faults == []


def test_a_fault_while_leaving_is_not_the_holds():
    # From 8 s on the head goes up and the body with it, steadily; at 9 s the position is left.
    leaving = lambda t: max(0.0, 30 * (t - 8))  # noqa: E731
    judged = play(STAY, stays(12, slope=leaving, head=leaving, up=within(0, 9.5, 1.0, 0.0)))
    (hold,) = judged.holds
    assert hold.end_s == pytest.approx(8.0, abs=0.2)
    assert hold.faults == ()
    assert judged.faults == []


@pytest.mark.parametrize(
    ("at_first", "later", "found"),
    [
        (0.0, 15.0, True),  # over the person's own by more than 10
        (15.0, 18.0, False),  # a head that always reads 15
        (15.0, 28.0, True),
        (60.0, 62.0, True),  # nobody's own head is at 60: judged from 20
        (-60.0, -40.0, False),  # nor at -60: judged from -25
        (-60.0, -10.0, True),
    ],
)
def test_a_hold_is_judged_against_the_persons_own_values(at_first, later, found):
    judged = play(STAY, stays(10, head=within(0, 5, at_first, later)))
    assert [span.name for span in judged.faults] == (["head"] if found else [])
    if found and at_first < 20:
        assert judged.faults[0].start_s == pytest.approx(5.0, abs=0.1)


def test_own_values_wait_until_the_measure_is_seen():
    judged = play(STAY, stays(12, head=lambda t: NAN if t < 4 else 15.0 if t < 8 else 30.0))
    (span,) = judged.faults
    assert span.start_s == pytest.approx(8.0, abs=0.1)
    assert span.worst == pytest.approx(15.0)  # over the own 15


def test_own_values_are_forgotten_between_holds():
    head = lambda t: 15.0 if t < 5 else 0.0  # noqa: E731
    judged = play(STAY, stays(16, head=lambda t: head(t) if t < 12 else 12.0, up=within(5, 7, 0.0, 1.0)))
    assert [hold.faults for hold in judged.holds] == [(), ("head",)]


def test_not_seen_while_holding():
    readings = [replace(r, values={}) if 4 <= r.time_s < 5 else r for r in stays(10)]
    (hold,) = play(STAY, readings).holds
    assert hold.in_form_s == pytest.approx(9, abs=0.2)


def test_the_main_measure_not_seen_while_holding():
    (hold,) = play(STAY, stays(10, toe_offset=within(4.0, 5.0, NAN, 0.0))).holds
    assert hold.in_form_s == pytest.approx(9, abs=0.2)


def test_a_cut_ends_a_hold():
    readings = [replace(r, fresh=r.time_s == 5.0) for r in stays(10)]
    spans = [(hold.start_s, hold.end_s) for hold in play(STAY, readings).holds]
    assert spans == [pytest.approx((0, 5), abs=0.1), pytest.approx((5, 10), abs=0.1)]


# --- the view --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "spans"),
    [
        # (from, to) of the frames with a problem, and what is told.
        ([(2.0, 4.0)], [(2.0, 4.0)]),
        ([(2.0, 2.4)], []),  # too short
        ([(2.0, 4.0), (5.0, 6.0)], [(2.0, 4.0), (5.0, 6.0)]),
        ([(8.0, 99.0)], [(8.0, 10.0)]),  # to the end
        ([(9.8, 99.0)], []),
    ],
)
def test_view_problems(seen, spans):
    def problem(reading):
        wrong = any(a <= reading.time_s < b for a, b in seen)
        return replace(reading, view=frozenset({"turn_side_on"} if wrong else ()))

    judged = play(LIFT, [problem(r) for r in lifts(UP)])
    assert [(p.start_s, p.end_s) for p in judged.view] == [pytest.approx(span, abs=0.1) for span in spans]
    assert {(p.name, p.advice) for p in judged.view} <= {("turn_side_on", ADVICE["turn_side_on"])}
    shown = {round(s.time_s, 2) for s in judged.statuses if s.view_advice == ADVICE["turn_side_on"]}
    for start, end in spans:
        assert round(start + 0.6, 2) in shown or end - start < 0.7
    assert 0.5 not in shown


def test_two_view_problems_at_once():
    both = [replace(r, view=frozenset({"too_far"} | ({"turn_side_on"} if r.time_s >= 3 else set()))) for r in lifts(UP)]
    judged = play(LIFT, both)
    assert {(p.name, round(p.start_s, 1)) for p in judged.view} == {("too_far", 0.0), ("turn_side_on", 3.0)}


def test_a_view_problem_survives_nobody_for_a_moment():
    def reading(r):
        if 3.0 <= r.time_s < 3.3:
            return replace(r, values={})
        return replace(r, view=frozenset({"too_far"} if 2 <= r.time_s < 5 else ()))

    (problem,) = play(LIFT, [reading(r) for r in lifts(UP)]).view
    assert (problem.start_s, problem.end_s) == pytest.approx((2, 5), abs=0.1)


def test_a_view_problem_goes_on_over_a_cut():
    readings = [replace(r, view=frozenset({"too_far"}), fresh=r.time_s == 5.0) for r in lifts(UP)]
    (problem,) = play(LIFT, readings).view
    assert (problem.start_s, problem.end_s) == pytest.approx((0, 10), abs=0.1)


# --- the status ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time_s", "phase", "count"),
    [(0.5, "waiting", 0), (1.5, "rest", 0), (2.8, "moving", 0), (5.0, "top", 0), (7.5, "moving", 0), (9.5, "rest", 1)],
)
def test_phases_of_a_repetition(time_s, phase, count):
    statuses = play(LIFT, lifts(UP)).statuses
    now = min(statuses, key=lambda s: abs(s.time_s - time_s))
    assert (now.phase, now.count, now.unit, now.side, now.line) == (phase, count, "deg", "left", ("shoulder", "hip"))
    assert now.in_form
    assert now.cue is None


@pytest.mark.parametrize("cut_s", [7.9, 8.3, 9.0])
def test_the_count_goes_on_over_a_cut(cut_s):
    """A repetition that is as good as over when the shot ends counts, on the screen as well."""
    readings = [replace(r, fresh=abs(r.time_s - cut_s) < 0.5 / FPS) for r in lifts(UP)]
    judged = play(LIFT, readings)
    assert [rep.outcome for rep in judged.reps] == ["good"]
    assert judged.statuses[-1].count == 1


def test_the_shown_value_is_over_the_persons_own_rest():
    statuses = play(LIFT, lifts([(t, h + 7) for t, h in UP])).statuses
    assert next(s for s in statuses if s.time_s >= 5).value == pytest.approx(50, abs=0.5)


def test_the_clock_of_a_repetition_runs_in_the_line():
    statuses = play(LIFT, lifts(UP)).statuses
    clock = [s.clock_s for s in statuses]
    assert clock[0] == 0
    assert max(clock) == pytest.approx(3.0 + 0.9, abs=0.3)
    assert clock[-1] == 0


@pytest.mark.parametrize(
    ("values", "phase"),
    [({}, "unknown"), ({"lying": NAN, "height": 3.0}, "unknown"), ({"lying": 0.0, "height": 0.0}, "waiting")],
)
def test_phase_when_nothing_is_known_or_right(values, phase):
    reading = Reading(0.0, values)
    state, _ = step(EngineState(), LIFT, reading)
    now = status(state, LIFT, reading)
    assert now.phase == phase
    assert now.side is None


def test_the_most_important_cue_is_shown():
    track = up_and_down(0.0, [70], hold_s=3.0)[0]
    statuses = play(LIFT, lifts(track, knee=within(4.5, 5.5, 110.0, 90.0))).statuses
    cues = {s.time_s: s.cue for s in statuses}
    assert [cues[t] for t in (1.0, 4.0, 5.0, 6.0, 9.0)] == [None, "Lower.", "Knees.", "Lower.", None]
    assert all(s.in_form is (s.cue is None) for s in statuses)


@pytest.mark.parametrize(
    ("time_s", "phase", "clock_s"),
    [
        (0.3, "waiting", 0),
        (3.0, "hold", 3),
        (5.0, "paused", 4),  # a fault
        (9.0, "hold", 6),
        (10.3, "unknown", 7),
        (14.0, "waiting", 0),  # left
    ],
)
def test_phases_of_a_hold(time_s, phase, clock_s):
    clip = stays(15, toe_offset=within(4, 7, 0.3, 0.0), up=within(0, 12, 1.0, 0.0))
    clip = [replace(r, values={}) if 10 <= r.time_s < 10.5 else r for r in clip]
    now = next(s for s in play(STAY, clip).statuses if s.time_s >= time_s)
    assert now.phase == phase
    assert now.clock_s == pytest.approx(clock_s, abs=0.2)
    assert now.unit == "line lengths"


def test_the_value_of_a_hold_is_its_variants():
    values = {"toe_offset": 0.01, "knee_offset": 0.02}
    for knee_down, value in ((0.0, 0.01), (1.0, 0.02)):
        assert play(STAY, stays(4, knee_down=knee_down, **values)).statuses[-1].value == value


# --- purity ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("exercise", "readings"), [(LIFT, lifts(UP)), (STAY, stays(8))])
def test_step_changes_nothing_that_it_is_given(exercise, readings):
    states = [EngineState()]
    before = [repr(states[0])]
    for reading in readings:
        state, _ = step(states[-1], exercise, reading)
        states.append(state)
        before.append(repr(state))
    assert [repr(state) for state in states] == before
    assert finish(states[-1], exercise) == finish(states[-1], exercise)


def test_events_come_when_they_are_final_and_in_order():
    track, true = up_and_down(0.0, [50, 50])
    state, told = EngineState(), []
    for reading in lifts(track):
        state, events = step(state, LIFT, reading)
        told += [(reading.time_s, event) for event in events]
    assert [round(when - rep.end_s, 1) for (when, _), rep in zip(told, true, strict=True)] == [
        pytest.approx(0.3, abs=0.25)
    ] * 2
