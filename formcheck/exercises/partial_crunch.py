"""The partial crunch: on the back, arms to the ceiling, the shoulders raised to 20 degrees and no further."""

from __future__ import annotations

from formcheck.exercises.declaration import Baseline, Bound, Dose, Exercise, Fault, Movement

# Asked: 20 degrees. Rendered crunches of true 12-20 degrees, seen from up to 20 degrees off the side, read 11-27 over
# the person's own lying shoulders, those of true 30-38 read 33-50, real ones that are much too high 30-34.
TOO_HIGH_DEG = 28.0
# A head that nods alone reads -1..1, 2.0-2.6 in a blurred or mirrored picture; a real small crunch 3.0-3.7, a true 5
# degrees 5-7, a good 10-12 degrees 10-15.
NECK_ALONE_DEG = 2.8
TOO_LOW_DEG = 8.0
# Asked: not under 1 s up or down. Rendered rises of 0.5 s read 0.6-0.7, those of 1 s 0.75, of 1.5 s 1.3.
TOO_FAST_S = 0.72
ARMS_FREE = (Bound("hand_to_head", 0.4),)

PARTIAL_CRUNCH = Exercise(
    name="partial_crunch",
    title="Partial crunch",
    asked="On the back with knees bent and arms to the ceiling, raise the shoulders slowly to 20 degrees, no further.",
    dose=Dose(repetitions=(10, 15)),
    facing="up",
    camera="Side view, camera at hip to knee height, head and feet in the picture.",
    needs=("shoulder", "hip", "knee", "ear"),
    posture=(
        Bound("trunk_slope_deg", -28, 65, margin=4),
        # Feet (or straight legs) and hips on the floor together, crunches read -0.15 and more; a bridge lifts the hip
        # 0.3 to 0.7 over the foot.
        Bound("ankle_height", -0.22, 0.5, margin=0.03, if_unknown=True),
        Bound("knee_height", 0.0, 1.6, margin=0.05),
        # Face to the ceiling: tells the back from the belly even with straight knees.
        Bound("face_angle_deg", 20, 180, margin=20, if_unknown=True),
    ),
    line=("shoulder", "hip"),
    movement=Movement(
        # The shoulder-hip line hardly moves in a small crunch, the head always does.
        lift="ear_height",
        leave=0.1,
        back=0.06,
        settled=0.03,
        least=0.13,
        main="trunk_angle_deg",
        line=(Bound("trunk_angle_deg", 8, margin=1.5), Bound("shoulders_angle_deg", high=TOO_HIGH_DEG, margin=1.5)),
        shown=("trunk_angle_deg", "shoulder_rise", "head_rise", "neck_flexion_deg", "knee_angle_deg", "wrist_height"),
    ),
    baselines=(
        Baseline("trunk_angle_deg", "trunk_slope_deg"),
        Baseline("shoulders_angle_deg", "shoulders_slope_deg"),
        Baseline("head_rise", "ear_height"),
        Baseline("shoulder_rise", "shoulders_height"),
        Baseline("neck_flexion_deg", "head_angle_deg"),
        Baseline("foot_rise", "ankle_height"),
    ),
    score={"range": 45, "alignment": 35, "tempo": 20},
    faults=(
        Fault(
            "hands_behind_head",
            measure="hand_to_head",
            # Hands behind the head: 0.05-0.28 in rendered and real clips; stretched arms: 0.6 and more.
            below=0.4,
            release=0.45,
            unit="trunk lengths",
            joint="wrist",
            cue="Hands off your head: stretch your arms to the ceiling.",
            means="The hands are at the head and pull on the neck.",
            priority=5,
        ),
        Fault(
            "too_high",
            # Of both shoulders: off the side view the near one alone seems to rise by up to half more than it does.
            measure="shoulders_angle_deg",
            above=TOO_HIGH_DEG,
            release=TOO_HIGH_DEG - 2,
            joint="shoulder",
            part="range",
            dwell_s=0.2,
            cue="Not so high: 20 degrees is enough.",
            means="The trunk comes up well over 20 degrees.",
            priority=4,
        ),
        Fault(
            "too_low",
            measure="trunk_angle_deg",
            below=TOO_LOW_DEG,
            joint="shoulder",
            per_repetition=True,
            part="range",
            only_if=(Bound("trunk_angle_deg", NECK_ALONE_DEG),),
            cue="A little higher: raise your shoulder blades.",
            means="The shoulders hardly leave the floor.",
            priority=2,
        ),
        Fault(
            "neck_pulled",
            measure="trunk_angle_deg",
            below=NECK_ALONE_DEG,
            target=20,
            joint="ear",
            per_repetition=True,
            spoils="attempt",
            reason="the head came up without the shoulders",
            cue="Lift your shoulders, not your chin.",
            means="The head flexes and the trunk stays down.",
            priority=3,
        ),
        Fault(
            "neck_pulled",
            measure="neck_flexion_deg",
            # Heads that just come along read 5-44 over their lying pose, one nodded by 40 degrees more 59.
            above=51,
            joint="ear",
            per_repetition=True,
            cue="Lift your shoulders, not your chin.",
            means="The chin is pulled to the chest.",
            priority=3,
        ),
        Fault(
            "arms_not_up",
            measure="wrist_height",
            # Hands over the shoulder: -0.6..-0.2 with the arms down, 0.5 and more stretched up.
            below=0.25,
            release=0.3,
            unit="trunk lengths",
            joint="wrist",
            only_if=ARMS_FREE,
            cue="Stretch your arms to the ceiling.",
            means="The arms are not stretched up over the shoulders.",
            priority=3,
        ),
        Fault(
            "feet_off_floor",
            measure="foot_rise",
            # Feet that stay on the floor move by up to 0.05.
            above=0.15,
            release=0.12,
            unit="trunk lengths",
            joint="ankle",
            cue="Keep your feet on the floor.",
            means="The feet lift off the floor.",
            priority=2,
        ),
        Fault(
            "knees_straight",
            measure="knee_angle_deg",
            # Bent knees read 57-75 all through, the lower end of a knee that is too straight 140.
            above=115,
            release=112,
            joint="knee",
            cue="Bend your knees and put your feet flat.",
            means="The knees are nearly straight.",
            priority=2,
        ),
        Fault(
            "too_fast",
            measure="rising_s",
            below=TOO_FAST_S,
            unit="s",
            joint="shoulder",
            per_repetition=True,
            part="tempo",
            cue="Slowly: one second up, one second down.",
            means="Up in under a second.",
            priority=3,
        ),
        Fault(
            "too_fast",
            measure="lowering_s",
            below=TOO_FAST_S,
            unit="s",
            joint="shoulder",
            per_repetition=True,
            part="tempo",
            cue="Slowly: one second up, one second down.",
            means="Down in under a second.",
            priority=3,
        ),
    ),
)
