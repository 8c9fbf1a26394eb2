"""The plank: on forearms (or hands) and toes (or knees), the body in a straight line."""

from __future__ import annotations

from formcheck.exercises.declaration import HELD, Baseline, Bound, Dose, Exercise, Fault, Holding, Variant

# Trunk near horizontal, propped up: a piked plank tips it to -45, a high plank to +20, a sagging one to +28;
# the knees off the floor tell it from lying propped on the forearms (thigh on the floor: 0.07-0.16).
_PROPPED = (
    Bound("trunk_slope_deg", -60, 38, margin=3),
    Bound("hip_clearance", 0.12, 1.4),
    # Face down (55 to 115, a raised head 20): on the back it reads about -90.
    Bound("face_angle_deg", -20, 200, if_unknown=True),
)
_KNEES_OFF = (
    *_PROPPED,
    Bound("knee_clearance", 0.22, 0.95, margin=0.05),
    Bound("knee_angle_deg", 125, margin=5, if_unknown=True),
    # Both feet back: with one knee still on the floor the near side alone looks like a plank.
    Bound("other_knee_angle_deg", 145, margin=8, if_unknown=True),
)
_KNEES_SINKING = (
    *_PROPPED,
    Bound("hip_clearance", 0.3),
    Bound("knee_clearance", 0.1, 0.25),
    Bound("knee_angle_deg", 120, 163),
    Bound("other_knee_angle_deg", 120, if_unknown=True),
)
_KNEES_ON = (
    *_PROPPED,
    Bound("knee_clearance", -0.1, 0.22, margin=0.04),
    Bound("knee_angle_deg", 45, 125, margin=5),
    # Hands and knees: the hips stand over the knees, far off the line (-0.23 to -0.55).
    Bound("knee_hip_offset", -0.18, 0.3, margin=0.03),
)
_FOREARM = (Bound("elbow_angle_deg", 0, 132, margin=8, if_unknown=True),)
_STRAIGHT_ARM = (Bound("elbow_angle_deg", 132, margin=8),)

# Labelled frames of 18 videos (3,892 correct, 2,556 high, 2,352 low): correct planks read -0.09..0.00 (1st to
# 99th percentile), low hips 0.02..0.12, high hips -0.28..-0.15. Rendered planks read: good 0.00 to 0.02, a
# little low and still good 0.043, sagging 0.065 to 0.08, piked -0.19 to -0.22.
SAG_ABOVE = 0.046
PIKE_BELOW = -0.10
_IN_LINE = (Bound(HELD, PIKE_BELOW, 0.05),)

PLANK = Exercise(
    name="plank",
    title="Plank",
    asked="On forearms and toes, the body in a straight line from shoulders to ankles, for 30 seconds to a minute.",
    dose=Dose(hold_s=(30, 60)),
    facing="down",
    camera="Side view, camera at hip height or lower, head and feet in the picture.",
    needs=("shoulder", "hip", "knee", "elbow"),
    posture=_PROPPED,
    line=("shoulder", "hip", "ankle"),
    holding=Holding(
        variants=(
            Variant("forearm", (*_KNEES_OFF, *_FOREARM), "hip_offset"),
            Variant("high", (*_KNEES_OFF, *_STRAIGHT_ARM), "hip_offset"),
            Variant("forearm", (*_KNEES_SINKING, *_FOREARM), "hip_offset"),
            Variant("high", (*_KNEES_SINKING, *_STRAIGHT_ARM), "hip_offset"),
            Variant("knees", _KNEES_ON, "knee_hip_offset"),
        ),
        # A still plank sways by 0.01 and 1 degree; getting into one moves 0.2 and 30 degrees.
        steady=((HELD, 0.03), ("trunk_slope_deg", 2.5), ("knee_clearance", 0.05)),
    ),
    # Heads differ and hair hides ears: the head is judged against the same head at the beginning of the hold,
    # unless that was already beyond any straight neck.
    baselines=(
        Baseline("head_over_own_deg", "head_angle_deg", low=-25, high=20),
        Baseline("face_over_own_deg", "face_angle_deg", low=55, high=115),
    ),
    faults=(
        Fault(
            "hips_sagging",
            measure=HELD,
            above=SAG_ABOVE,
            release=SAG_ABOVE - 0.007,
            unit="line lengths",
            joint="hip",
            during=frozenset(("hold",)),
            cue="Lift your hips a little.",
            means="The hips hang below the line from shoulders to ankles.",
            priority=5,
        ),
        Fault(
            "hips_piked",
            measure=HELD,
            below=PIKE_BELOW,
            release=PIKE_BELOW + 0.01,
            unit="line lengths",
            joint="hip",
            during=frozenset(("hold",)),
            cue="Lower your hips.",
            means="The hips stand above the line from shoulders to ankles.",
            priority=4,
        ),
        Fault(
            "knees_bent",
            measure="knee_angle_deg",
            # Straight knees read 165-180, rendered and real, one bent to 143 degrees 152.
            below=160,
            release=163,
            joint="knee",
            during=frozenset(("hold",)),
            variants=("forearm", "high"),
            dwell_s=0.5,
            cue="Straighten your knees.",
            means="The knees bend and sink.",
            priority=3,
        ),
        Fault(
            "head_dropped",
            measure="face_over_own_deg",
            # Swings by 10 in a steady hold; a dropped head turns it by 32-37, a raised head lifts the ear by 13-15.
            above=22,
            release=17,
            joint="ear",
            during=frozenset(("hold",)),
            # The head stays level while the trunk tips: with the hips out of line it says nothing.
            only_if=_IN_LINE,
            dwell_s=0.5,
            cue="Look at the floor a little ahead of your hands.",
            means="The head hangs between the arms.",
            priority=2,
        ),
        Fault(
            "head_raised",
            measure="head_over_own_deg",
            below=-10,
            release=-8,
            joint="ear",
            during=frozenset(("hold",)),
            only_if=(*_IN_LINE, Bound("face_over_own_deg", high=-4)),
            dwell_s=0.5,
            cue="Lower your chin: look at the floor.",
            means="The head is thrown back.",
            priority=2,
        ),
        Fault(
            "shoulders_off_support",
            measure="support_shift",
            # Real good planks reach 0.36.
            above=0.45,
            release=0.4,
            unit="trunk lengths",
            joint="elbow",
            during=frozenset(("hold",)),
            only_if=_IN_LINE,
            dwell_s=0.5,
            cue="Bring your shoulders over your elbows.",
            means="The elbows (or hands) are not under the shoulders.",
            priority=2,
        ),
    ),
)
