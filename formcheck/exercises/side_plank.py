"""The side plank: on one forearm and the edge of the foot, the body in a straight line; left and right held apart."""

from __future__ import annotations

from formcheck.exercises.declaration import HELD, Bound, Dose, Exercise, Fault, Holding, Moment, Variant

_HELD: frozenset[Moment] = frozenset(("hold",))
# Hips on the mat hang 0.09 under the line and stand 0.30 trunk lengths over the forearm, sagging ones 0.06 and 0.35,
# straight ones 0.00-0.02 and 0.50.
_OFF_THE_MAT = (
    Bound("trunk_slope_deg", -15, 45, margin=3),
    Bound("hip_offset", -0.3, 0.077),
    Bound("hip_clearance", 0.31, 1.5),
    Bound("knee_angle_deg", 130, if_unknown=True),
    Bound("other_knee_angle_deg", 130, if_unknown=True),
)

SIDE_PLANK = Exercise(
    name="side_plank",
    title="Side plank",
    asked="On one forearm and the edge of the foot, hips lifted to the line from shoulders to ankles; both sides.",
    dose=Dose(hold_s=(30, 60)),
    facing="aside",
    camera="Facing your chest or your back, camera at hip height or lower, head and feet in the picture.",
    needs=("shoulder", "hip", "knee"),
    posture=_OFF_THE_MAT,
    line=("shoulder", "hip", "ankle"),
    holding=Holding(
        # One shoulder stands over the other by 0.6-0.7 trunk lengths; in a plank seen from the side by 0.15 at most.
        variants=(
            Variant("left", (Bound("shoulder_stack", 0.35, 1.3, margin=0.05),), "hip_offset", "left"),
            Variant("right", (Bound("shoulder_stack", -1.3, -0.35, margin=0.05),), "hip_offset", "right"),
        ),
        steady=((HELD, 0.03), ("trunk_slope_deg", 2.5)),
        switch_cue="Now the other side.",
    ),
    faults=(
        Fault(
            "hips_sagging",
            measure=HELD,
            above=0.036,
            release=0.03,
            unit="line lengths",
            joint="hip",
            during=_HELD,
            cue="Lift your hips.",
            means="The hips hang below the line from shoulders to ankles.",
            priority=5,
        ),
        Fault(
            "hips_piked",
            measure=HELD,
            below=-0.10,
            release=-0.09,
            unit="line lengths",
            joint="hip",
            during=_HELD,
            cue="Lower your hips to the line.",
            means="The hips stand above the line from shoulders to ankles.",
            priority=4,
        ),
    ),
)
