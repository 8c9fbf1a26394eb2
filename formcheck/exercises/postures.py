"""Sitting and standing: the spine kept aligned, no slouching and no hunching over, as long as one sits or stands."""

from __future__ import annotations

from formcheck.exercises.declaration import (
    HELD,
    Baseline,
    Bound,
    Dose,
    Exercise,
    Fault,
    Holding,
    Moment,
    Reminders,
    Variant,
)
from formcheck.measure.view import ViewName

# Seen from the front or the side, near a laptop and behind a desk.
_VIEWS: frozenset[ViewName] = frozenset(
    ("turn_side_on", "head_out_of_frame", "too_far", "camera_tilted", "more_than_one_person", "too_dark")
)
_DURING: frozenset[Moment] = frozenset(("hold",))
_SIDE, _FRONT = ("side",), ("front",)
# Side views read a yaw of 0-30, front views 60-90.
_FROM_SIDE = (Bound("yaw_deg", high=36, margin=4), Bound("trunk_lean_deg", -55, 57, margin=4))
_FROM_FRONT = (
    Bound("yaw_deg", low=60, margin=5),
    # Shoulders over the hips: somebody lying, seen from the head's end, shows them the other way round (about 180).
    Bound("sideways_lean_deg", -80, 80, margin=20, if_unknown=True),
    # Upright at all: the ears well over the shoulders, which are side by side.
    Bound("ear_rise", 0.1, 1.5),
    Bound("shoulder_tilt_deg", -40, 40),
)
# From the side a thigh lies about level when sitting and stands when standing; from the front the whole leg is short or
# long; behind a desk it is not seen.
_SITTING = (
    Variant(
        "side",
        (
            *_FROM_SIDE,
            Bound("thigh_slope_deg", -45, 60, margin=5, if_unknown=True),
            Bound("shank_drop", 0.2, if_unknown=True),
        ),
        "trunk_lean_deg",
    ),
    Variant("front", (*_FROM_FRONT, Bound("leg_drop", high=1.85, margin=0.15, if_unknown=True)), "head_sideways_deg"),
)
_STANDS = (Bound("thigh_slope_deg", -90, -60, margin=5),)
_STANDING = (
    Variant("side", (*_FROM_SIDE, *_STANDS, Bound("knee_angle_deg", 140)), "trunk_lean_deg"),
    Variant("front", (*_FROM_FRONT, *_STANDS, Bound("leg_drop", 1.85, margin=0.15)), "head_sideways_deg"),
)

OWN_S = 3.0
# A body's own upright posture is that of its first three seconds, unless that was beyond what upright ones read:
# upright trunks read -9 to 0, upright necks 6 to 20 (photos, rendered clips; hair and rendered heads hide the ear).
_OWN = (
    Baseline("lean_over_own_deg", "trunk_lean_deg", low=-12, high=4),
    Baseline("neck_over_own_deg", "neck_lean_deg", low=0, high=22),
    Baseline("ears_over_own", "ear_rise", low=0.42, high=0.8),
    Baseline("shoulders_over_own", "shoulder_level"),
    Baseline("sideways_over_own_deg", "head_sideways_deg", low=-6, high=6),
)
# Over the own upright posture: hunched trunks read +39 to +48 (photos +33 and +37), slouched ones +9 to +23 with
# the neck +20, a head poked forward +17 to +26 with the trunk +2 to +3, leaning back -13 to -26 (a photo -27).
HUNCHED_DEG = 28.0
SLOUCHED_DEG = 5.5
HEAD_FORWARD_DEG = 10.0
LEANING_BACK_DEG = -10.0
# The same from the front, in shoulder widths: hunched, the ears come down by 0.34 to the shoulders and the shoulders by
# 0.48 in the picture; slouched by 0.16 and 0.17; with the head forward by 0.12 and not at all.
EARS_DOWN = -0.08
SHOULDERS_DOWN, SHOULDERS_FAR_DOWN = -0.10, -0.33
SIDEWAYS_DEG = 7.0  # leaning by 15 degrees reads 11 to 13


def _faults(tall: str) -> tuple[Fault, ...]:
    """The faults, `tall` being how to be upright in this posture."""
    return (
        Fault(
            "hunching",
            measure="lean_over_own_deg",
            above=HUNCHED_DEG,
            release=HUNCHED_DEG - 3,
            joint="shoulder",
            during=_DURING,
            variants=_SIDE,
            dwell_s=1.0,
            cue=f"{tall}: bring your chest up and back.",
            means="The trunk bends far forward with a rounded back.",
            priority=5,
        ),
        Fault(
            "slouching",
            measure="lean_over_own_deg",
            above=SLOUCHED_DEG,
            release=SLOUCHED_DEG - 1,
            joint="shoulder",
            during=_DURING,
            variants=_SIDE,
            only_if=(
                Bound("neck_over_own_deg", HEAD_FORWARD_DEG, margin=2),
                Bound("lean_over_own_deg", high=HUNCHED_DEG),
            ),
            dwell_s=1.0,
            cue="Lift your breastbone and draw your chin in.",
            means="The upper back sinks in and the head comes forward.",
            priority=4,
        ),
        Fault(
            "head_forward",
            measure="neck_over_own_deg",
            above=HEAD_FORWARD_DEG,
            release=HEAD_FORWARD_DEG - 2,
            joint="ear",
            during=_DURING,
            variants=_SIDE,
            only_if=(Bound("lean_over_own_deg", LEANING_BACK_DEG, SLOUCHED_DEG),),
            dwell_s=1.0,
            cue="Draw your chin in, ears over your shoulders.",
            means="The head is poked forward over an upright trunk.",
            priority=3,
        ),
        Fault(
            "leaning_back",
            measure="lean_over_own_deg",
            below=LEANING_BACK_DEG,
            release=LEANING_BACK_DEG + 2,
            joint="hip",
            during=_DURING,
            variants=_SIDE,
            dwell_s=1.0,
            cue="Come up: sit or stand over your hips.",
            means="The trunk leans back.",
            priority=3,
        ),
        Fault(
            "hunching",
            measure="shoulders_over_own",
            below=SHOULDERS_FAR_DOWN,
            release=SHOULDERS_FAR_DOWN + 0.08,
            unit="shoulder widths",
            joint="shoulder",
            during=_DURING,
            variants=_FRONT,
            only_if=(Bound("ears_over_own", high=EARS_DOWN, margin=0.02),),
            dwell_s=1.0,
            cue=f"{tall}: bring your chest up and back.",
            means="The trunk bends far forward with a rounded back.",
            priority=5,
        ),
        Fault(
            "slouching",
            measure="shoulders_over_own",
            below=SHOULDERS_DOWN,
            release=SHOULDERS_DOWN + 0.04,
            unit="shoulder widths",
            joint="shoulder",
            during=_DURING,
            variants=_FRONT,
            only_if=(
                Bound("ears_over_own", high=EARS_DOWN, margin=0.02),
                Bound("shoulders_over_own", SHOULDERS_FAR_DOWN),
            ),
            dwell_s=1.0,
            cue="Lift your breastbone and draw your chin in.",
            means="The upper back sinks in and the head comes forward.",
            priority=4,
        ),
        Fault(
            "head_forward",
            measure="ears_over_own",
            below=EARS_DOWN,
            release=EARS_DOWN + 0.02,
            unit="shoulder widths",
            joint="ear",
            during=_DURING,
            variants=_FRONT,
            only_if=(Bound("shoulders_over_own", SHOULDERS_DOWN, -SHOULDERS_DOWN),),
            dwell_s=1.0,
            cue="Draw your chin in, ears over your shoulders.",
            means="The head is poked forward over an upright trunk.",
            priority=3,
        ),
        Fault(
            "leaning_sideways",
            measure="sideways_over_own_deg",
            above=SIDEWAYS_DEG,
            release=SIDEWAYS_DEG - 2,
            unit="deg",
            joint="shoulder",
            during=_DURING,
            variants=_FRONT,
            dwell_s=1.0,
            cue="Come back to the middle.",
            means="The trunk leans to the person's right.",
            priority=3,
        ),
        Fault(
            "leaning_sideways",
            measure="sideways_over_own_deg",
            below=-SIDEWAYS_DEG,
            release=2 - SIDEWAYS_DEG,
            unit="deg",
            joint="shoulder",
            during=_DURING,
            variants=_FRONT,
            dwell_s=1.0,
            cue="Come back to the middle.",
            means="The trunk leans to the person's left.",
            priority=3,
        ),
    )


def _posture(name: str, title: str, asked: str, camera: str, tall: str, variants: tuple[Variant, ...]) -> Exercise:
    return Exercise(
        name=name,
        title=title,
        asked=asked,
        dose=Dose(),
        facing="upright",
        camera=camera,
        needs=("shoulder", "ear"),
        views=_VIEWS,
        posture=(Bound("yaw_deg", 0, 90),),
        line=("hip", "shoulder", "ear"),
        baselines=_OWN,
        holding=Holding(
            variants=variants,
            steady=((HELD, 5),),
            own_s=OWN_S,
            least_s=3.0,
        ),
        reminders=Reminders(
            nudge_after_s=30,
            nudge_every_s=60,
            break_after_s=30 * 60,
            break_cue="Time for a break: get up and move a little.",
        ),
        faults=_faults(tall),
    )


SITTING_POSTURE = _posture(
    "sitting_posture",
    "Sitting posture",
    "Sit with the spine aligned, no slouching and no hunching over.",
    "Side view for the spine itself, or a laptop in front of you; start sitting tall.",
    "Sit tall",
    _SITTING,
)
STANDING_POSTURE = _posture(
    "standing_posture",
    "Standing posture",
    "Stand with the spine aligned, no slouching and no hunching over.",
    "Side view with the whole body in the picture, or from the front; start standing tall.",
    "Stand tall",
    _STANDING,
)
