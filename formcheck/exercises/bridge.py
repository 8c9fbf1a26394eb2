"""The glute bridge: on the back, feet flat, the hips raised to the line from knees to shoulders."""

from __future__ import annotations

from formcheck.exercises.declaration import Anchor, Baseline, Bound, Dose, Exercise, Fault, Movement

# The estimator reads the hip up to 11 degrees too straight or 3 too bent, a body's own amount that is much the same
# lying down. Lying with the feet flat, hip, thigh and shank make a triangle on the floor, so the hip angle is about
# 90 + half the knee angle; the mean of the reading and of the rise over that is right to about 5 degrees.
# In 14 rendered clips of 11 bodies it is 172-185 for true 175-180, up to 166 for those stopped 22-35 degrees short
# and 190-197 for over-arched ones (true 195-198); a real good bridge has 188. The limits stand in the gaps.
HIP = "hip_line_deg"
ATTEMPT_DEG = 168.0
IN_LINE_DEG = 170.0
OVER_LINE_DEG = 189.0

BRIDGE = Exercise(
    name="bridge",
    title="Glute bridge",
    asked="On the back with knees bent and feet flat, raise the hips to a straight line from knees to shoulders.",
    dose=Dose(repetitions=(10, 10), hold_s=(10, 15)),
    facing="up",
    camera="Side view, camera at hip to knee height, head and feet in the picture.",
    needs=("shoulder", "hip", "knee", "ankle"),
    posture=(
        Bound("trunk_slope_deg", -60, 27, margin=5),
        Bound("knee_angle_deg", 25, 140, margin=5),
        # Knees up and feet on the floor: on the back. On hands and knees the knees are far below the hips.
        Bound("shank_height", -3, -0.3, margin=0.05),
        Bound("knee_height", 0.05, 2, margin=0.25),
        Bound("face_angle_deg", 0, 180, margin=30, if_unknown=True),
    ),
    line=("shoulder", "hip", "knee"),
    movement=Movement(
        lift="hip_angle_deg",
        leave=10,
        back=6,
        settled=3,
        least=15,
        main=HIP,
        line=(Bound(HIP, IN_LINE_DEG, OVER_LINE_DEG, margin=3),),
        shown=(HIP, "hip_angle_deg", "knee_angle_deg", "foot_drop"),
        # In a crunch the hip opens or closes, too, and stays on the floor.
        only_if=(Bound("foot_drop", high=-0.07),),
    ),
    baselines=(Baseline("foot_drop", "ankle_height"),),
    anchors=(
        Anchor(
            HIP,
            "hip_angle_deg",
            constant=90,
            factor=0.5,
            of="knee_angle_deg",
            weight=0.5,
            most=6,
            # With the feet very near or far the hips no longer lie as low as the feet.
            trusted=(55, 100),
        ),
    ),
    score={"range": 40, "alignment": 25, "tempo": 15, "hold": 20},
    faults=(
        Fault(
            "hips_low",
            measure=HIP,
            below=ATTEMPT_DEG,
            target=180,
            joint="hip",
            per_repetition=True,
            part="range",
            spoils="attempt",
            reason="hips stopped {gap:.0f} deg short of the line",
            cue="Push your hips up to the line of your thighs.",
            means="The hips stop short of the line from knees to shoulders; well short it is an attempt.",
            priority=4,
        ),
        Fault(
            "hips_low",
            measure=HIP,
            below=IN_LINE_DEG,
            joint="hip",
            per_repetition=True,
            only_if=(Bound(HIP, ATTEMPT_DEG),),
            part="range",
            cue="A little higher with your hips.",
            means="The hips come near the line and do not reach it.",
        ),
        Fault(
            "hips_overarched",
            measure=HIP,
            above=OVER_LINE_DEG,
            release=OVER_LINE_DEG - 1,
            joint="hip",
            cue="Not so high: stop at the line.",
            means="The hips are pushed past the line and the lower back arches.",
            priority=5,
        ),
        Fault(
            "feet_too_far",
            measure="knee_angle_deg",
            # Asked: 110. One of 126 reads 125; in a view 30 degrees off the side good ones read up to 100.
            above=112,
            joint="knee",
            per_repetition=True,
            cue="Bring your feet nearer to your hips.",
            means="The feet are too far from the hips: the knees open past 110 degrees at the top.",
            priority=2,
        ),
        Fault(
            "feet_too_near",
            measure="knee_angle_deg",
            # Asked: 70. Ones of 55-61 read 52-58; in a view 30 degrees off the side a good one reads 69.
            below=64,
            joint="knee",
            per_repetition=True,
            # Asked of the top: hips well short of it have not opened the knees yet, by 11 degrees in an attempt at 152.
            only_if=(Bound(HIP, ATTEMPT_DEG),),
            cue="Move your feet a little away from your hips.",
            means="The feet are too near to the hips: the knees close under 70 degrees at the top.",
            priority=2,
        ),
        Fault(
            "lowered_fast",
            measure="lowering_s",
            # Asked: not under 1.5 s. Rendered movements of 2.0-2.1 s read 1.7-2.0, real slow ones 1.6-1.8, one of
            # 0.75 s reads 0.7: the limit leaves room for what the reading falls short.
            below=1.25,
            unit="s",
            joint="hip",
            per_repetition=True,
            part="tempo",
            cue="Lower slowly.",
            means="The hips come down in under about a second and a half.",
            priority=3,
        ),
        Fault(
            "hold_short",
            measure="in_line_s",
            below=10,
            unit="s",
            joint="hip",
            per_repetition=True,
            only_if=(Bound(HIP, ATTEMPT_DEG),),
            spoils="dose",
            cue="Hold a little longer at the top.",
            means="Held under the asked 10 seconds: a note on the dose, no fault of form.",
        ),
    ),
)
