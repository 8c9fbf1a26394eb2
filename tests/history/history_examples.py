"""Records, and a store full of them, for the tests of the history."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone

from formcheck.engine.records import FaultSpan, Hold, Reminder, Repetition, ScorePart, ViewProblem
from formcheck.exercises.declaration import Dose

BERLIN = timezone(timedelta(hours=1))
EVENING = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)  # a Wednesday
TEN_TIMES = Dose((10, 10), (10.0, 15.0))
HALF_A_MINUTE = Dose(hold_s=(30.0, 60.0))

GOOD = Repetition(
    1, 2.5, 4.0, 9.0, "good", score=92.5, parts=(ScorePart("range", 40.0, 40.0), ScorePart("tempo", 12.5, 20.0)),
    notes=("hold_short",), measures={"hip_angle_deg": 174.25, "rising_s": math.nan},
)  # fmt: skip
ATTEMPT = Repetition(2, 12.0, math.nan, 15.0, "attempt", "hips stopped 18 deg short of the line", faults=("hips_low",))
SPAN = FaultSpan("hips_low", 12.0, 15.0, -18.0, "deg", "lift your hips higher", "hip")
HOLD = Hold(20.0, 45.0, 21.5, 11.0, "left", "forearm", ("hips_sagging", "head_dropped"))
VIEW = ViewProblem("turn_side_on", 1.0, 3.0, "Turn the camera or the mat so that it sees you from the side.")
NUDGE = Reminder("nudge", 90.0, "slouching", "sit up")
BREAK = Reminder("break", 1800.0, None, "time to get up")
ALL = (VIEW, GOOD, SPAN, ATTEMPT, HOLD, NUDGE, BREAK)


def later(seconds: float) -> datetime:
    """A time after the beginning of the session, in UTC."""
    return EVENING + timedelta(seconds=seconds)


def plain(value):
    """Records as plain data in which NaN equals NaN."""
    if hasattr(value, "__dataclass_fields__"):
        return type(value).__name__, {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return "unknown" if isinstance(value, float) and math.isnan(value) else value


def write_session(store, *, days=0, exercise="bridge", title="Bridge", dose=TEN_TIMES, events=(GOOD,), pain=False):
    """One whole session with one set, some days after `EVENING`."""
    start = EVENING + timedelta(days=days)
    session = store.begin_session("back-relief", start, "en")
    one = store.begin_set(session, exercise, title, dose, start)
    for event in events:
        store.add(one, event, start + timedelta(seconds=60))
    if pain:
        store.pain(session, start + timedelta(seconds=70))
    store.end_set(one, "pain" if pain else "dose", start + timedelta(seconds=80), 80.0)
    store.end_session(session, start + timedelta(seconds=90))
    return session
