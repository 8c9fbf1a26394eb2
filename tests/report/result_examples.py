"""Results for the tests of what is made of them."""

from __future__ import annotations

import math
from dataclasses import replace

from formcheck.engine.records import FaultSpan, Hold, Reminder, Repetition, ScorePart, ViewProblem
from formcheck.report.result import AnalysisResult, PostureTime, Source

NAN = math.nan
PARTS = (ScorePart("range", 40.0, 40.0), ScorePart("alignment", 25.0, 25.0), ScorePart("tempo", 7.5, 15.0),
         ScorePart("hold", 8.2, 20.0))  # fmt: skip
GOOD = Repetition(
    1, 2.75, 3.8333, 8.917, "good", score=80.7, parts=PARTS, notes=("hold_short",),
    measures={"hip_line_deg": 181.975, "foot_drop": -0.3964, "rising_s": 1.26, "lowering_s": NAN},
)  # fmt: skip
ATTEMPT = Repetition(
    2, 10.75, NAN, 15.0, "attempt", "hips stopped 24 deg short of the line", faults=("hips_low", "lowered_fast"),
    measures={"hip_line_deg": 155.6, "rising_s": 1.0},
)  # fmt: skip
LOW = FaultSpan("hips_low", 11.583, 13.667, 155.612, "deg", "Push your hips up.", "hip")
SMALL = FaultSpan("shallow", 1.0, 2.0, 0.0666, "trunk lengths", "Higher.", "shoulder", worst_cm=3.33, worst_in=1.312)
HOLD = Hold(5.0, 32.5, 16.75, 6.667, "left", "forearm", ("hips_sagging", "hips_piked"))
BRIDGE = AnalysisResult(
    formcheck="0.1.0",
    source=Source("clips/bridge ü.mp4", 34.0, 408, 640, 480, 12.0),
    exercise="bridge",
    side="left",
    pose_found=0.98,
    view_problems=(ViewProblem("too_dark", 1.0, 3.0, "Turn on a light."),),
    reps=(GOOD, ATTEMPT),
    holds=(),
    faults=(LOW,),
    in_form_s=0.0,
    score=10.0,
    summary="1 of 10 bridges in good form.",
    dose="10 times",
    warnings=("The picture is very grainy.",),
    counts={"good": 1, "faulty": 0, "attempt": 1, "unfinished": 0},
)
PLANK = replace(
    BRIDGE, exercise="plank", reps=(), holds=(HOLD, replace(HOLD, start_s=40.0, end_s=50.0, side=None)),
    faults=(SMALL,), in_form_s=33.5, counts={}, dose="hold 30-60 s", height_cm=172.0,
)  # fmt: skip
SITTING = replace(
    PLANK, exercise="sitting_posture", posture=PostureTime(10.0, 5.0, 2.0),
    reminders=(Reminder("nudge", 90.0, "slouching", "sit up"), Reminder("break", 1800.0, None, "get up")),
)  # fmt: skip
PHOTO = replace(
    PLANK, source=Source("photo.jpg", 0.0, 1, 640, 480, 0.0), holds=(), faults=(),
    measures={"hip_offset": 0.0314, "hip_angle_deg": 171.25},
)  # fmt: skip
AUTO = replace(
    BRIDGE, exercise="auto", side=None, view_problems=(), reps=(), faults=(), score=0.0, dose="", counts={},
    exercises=(replace(BRIDGE, warnings=()), replace(PLANK, height_cm=None, warnings=())), unknown=((0.0, 3.5),),
)  # fmt: skip
NOTHING = replace(BRIDGE, exercise="auto", side=None, reps=(), faults=(), score=0.0, dose="", counts={})
ALL = {
    "bridge": BRIDGE, "plank": PLANK, "sitting": SITTING, "photo": PHOTO, "auto": AUTO, "nothing": NOTHING,
}  # fmt: skip
