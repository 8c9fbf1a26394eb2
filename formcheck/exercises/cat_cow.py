"""Cat and cow: on hands and knees, the back arched to the ceiling and then lowered, the head going with it."""

from __future__ import annotations

from formcheck.exercises.declaration import Baseline, Bound, Cycle, Dose, Exercise, Fault

# The middle of the back over the line from hips to shoulders, over the person's own neutral. The contour's sagitta over
# its own ends is reported beside it and not judged: the ends rise with a cat, by as much as the middle in some bodies
# (full cats +0.01 to +0.08). In rendered clips of six bodies full cats reach +0.17 to +0.29, shallow ones +0.07 to
# +0.11, full cows -0.14 to -0.19, shallow ones -0.04 to -0.06; a real cat +0.20. The limits stand in the gaps.
CAT_SHALLOW = 0.14
COW_SHALLOW = -0.095
# Less than this is no end at all: at rest the back moves by 0.01.
NO_END = 0.03
# The head's pitch over the person's own neutral: with full cats heads go down by 30-72 degrees, a real one by 55, with
# full cows up by 35-61; one kept level reads +3 and -11.
HEAD_DOWN_DEG = 17.0
HEAD_UP_DEG = -23.0

CAT_COW = Exercise(
    name="cat_cow",
    title="Cat and cow",
    asked="On hands and knees, arch the back to the ceiling, then lower it while head and chest lift.",
    dose=Dose(repetitions=(10, 10)),
    facing="down",
    camera="Side view, camera at hip to knee height, head, hands and feet in the picture.",
    needs=("shoulder", "hip", "knee", "wrist"),
    posture=(
        # Hands and knees: the trunk near level between upright thighs and arms, knees and shins on the floor.
        Bound("trunk_slope_deg", -32, 32, margin=6),
        Bound("hip_clearance", 0.55, 1.7, margin=0.1),
        Bound("knee_clearance", -0.15, 0.35, margin=0.05),
        Bound("shank_height", -0.3, 0.3, margin=0.1),
        # Knees put 20 cm too far back or ahead still are this exercise, with a fault.
        Bound("thigh_lean_deg", -42, 42, margin=6),
        Bound("hip_angle_deg", 45, 155, margin=5),
        Bound("wrist_height", -1.7, -0.4, margin=0.1),
    ),
    line=("shoulder", "hip"),
    silhouette=True,
    cycle=Cycle(
        curve="back_height",
        high="cat",
        low="cow",
        leave=NO_END,
        back=0.02,
        settled=0.015,
        # Shallow at both ends it is 0.12; limbs put down elsewhere move the back by 0.04.
        least=0.09,
        full=(CAT_SHALLOW, COW_SHALLOW),
        main="back_rise",
        shown=("back_rise", "head_turn_deg", "back_sagitta", "thigh_moved_deg"),
        # Neutral backs read 0.22-0.37 with the head at 70-110, cats over 0.43 and 104, cows under 0.20 and 52.
        start=(
            Bound("back_height", 0.2, 0.45),
            Bound("head_pitch_deg", 52, 130, if_unknown=True),
        ),
        places=("wrist_shift", "knee_shift"),
        # On the way to an end and still near neutral they change by up to 0.09, 0.05 and 12.
        stance=(("wrist_shift", 0.2), ("knee_shift", 0.2), ("elbow_angle_deg", 25)),
    ),
    baselines=(
        Baseline("back_rise", "back_height"),
        # Unknown where there is no contour: the head then is a part of what tells the back.
        Baseline("head_turn_deg", "head_beside_deg"),
        Baseline("thigh_moved_deg", "thigh_lean_deg"),
    ),
    score={"range": 45, "alignment": 35, "tempo": 20},
    faults=(
        Fault(
            "shallow_cat",
            measure="cat_back_rise",
            below=NO_END,
            unit="trunk lengths",
            joint="shoulder",
            per_repetition=True,
            part="range",
            spoils="attempt",
            reason="half a cycle: the back was not arched up",
            cue="Arch your back up to the ceiling.",
            means="There is a cow and no cat with it: half a cycle, an attempt.",
            priority=3,
        ),
        Fault(
            "shallow_cat",
            measure="cat_back_rise",
            below=CAT_SHALLOW,
            unit="trunk lengths",
            joint="shoulder",
            per_repetition=True,
            only_if=(Bound("cat_back_rise", NO_END),),
            part="range",
            cue="Arch your back higher to the ceiling.",
            means="The back is arched up only a little.",
            priority=3,
        ),
        Fault(
            "shallow_cow",
            measure="cow_back_rise",
            above=-NO_END,
            unit="trunk lengths",
            joint="hip",
            per_repetition=True,
            part="range",
            spoils="attempt",
            reason="half a cycle: the back was not lowered",
            cue="Let your back sink and lift your chest.",
            means="There is a cat and no cow with it: half a cycle, an attempt.",
            priority=3,
        ),
        Fault(
            "shallow_cow",
            measure="cow_back_rise",
            above=COW_SHALLOW,
            unit="trunk lengths",
            joint="hip",
            per_repetition=True,
            only_if=(Bound("cow_back_rise", high=-NO_END),),
            part="range",
            cue="Let your back sink lower and lift your chest.",
            means="The back is lowered only a little.",
            priority=3,
        ),
        Fault(
            "head_not_following",
            measure="cat_head_turn_deg",
            below=HEAD_DOWN_DEG,
            joint="ear",
            per_repetition=True,
            only_if=(Bound("cat_back_rise", CAT_SHALLOW),),
            cue="Let your head sink as your back goes up.",
            means="The head stays up while the back arches.",
            priority=2,
        ),
        Fault(
            "head_not_following",
            measure="cow_head_turn_deg",
            above=HEAD_UP_DEG,
            joint="ear",
            per_repetition=True,
            # Told once, though both be so.
            only_if=(Bound("cow_back_rise", high=COW_SHALLOW), Bound("cat_head_turn_deg", HEAD_DOWN_DEG)),
            cue="Lift your head as your back goes down.",
            means="The head stays down while the back sinks.",
            priority=2,
        ),
        Fault(
            "hands_off_shoulders",
            # In the start position: in the movement itself the shoulders go back by up to 0.34 and ahead by 0.13.
            measure="start_wrist_shift",
            # Hands under the shoulders read -0.06 to 0.04, real ones 0.05, hands 25 cm ahead 0.44.
            above=0.25,
            unit="trunk lengths",
            joint="wrist",
            during=frozenset(("rest", "moving", "top")),
            cue="Put your hands under your shoulders.",
            means="The hands are ahead of or behind the shoulders when the cycle begins.",
            priority=4,
        ),
        Fault(
            "knees_off_hips",
            measure="start_knee_shift",
            # Knees under the hips read -0.03 to 0.04.
            above=0.25,
            unit="trunk lengths",
            joint="knee",
            during=frozenset(("rest", "moving", "top")),
            cue="Put your knees under your hips.",
            means="The knees are ahead of or behind the hips when the cycle begins.",
            priority=4,
        ),
        Fault(
            "arms_bent",
            measure="elbow_angle_deg",
            # Straight arms read 131-168 (real ones 162-172): the estimator reads them too bent from the side.
            below=118,
            release=122,
            joint="elbow",
            during=frozenset(("rest", "moving", "top")),
            dwell_s=0.5,
            cue="Straighten your arms.",
            means="The elbows bend.",
            priority=3,
        ),
        Fault(
            "rocking",
            measure="cow_thigh_moved_deg",
            # Thighs move by -2 to +8 degrees over the start position in a cow; with hips that travel back by 14 to 16
            # degrees by -9.
            below=-5,
            joint="hip",
            per_repetition=True,
            cue="Keep your hips over your knees.",
            means="The hips travel back over the feet in the cow.",
            priority=3,
        ),
        Fault(
            "rocking",
            measure="cat_thigh_moved_deg",
            # In a cat they seem to lean back by 2-11 degrees, with such hips by 16.
            below=-13,
            joint="hip",
            per_repetition=True,
            only_if=(Bound("cow_thigh_moved_deg", -5),),
            cue="Keep your hips over your knees.",
            means="The hips travel back over the feet in the cat.",
            priority=3,
        ),
        Fault(
            "too_fast",
            measure="cycle_s",
            # Asked: not under 4 s. Cycles of 4.75 s read 4.4-4.8, one of 2.1 s 2.0.
            below=3.7,
            unit="s",
            joint="hip",
            per_repetition=True,
            part="tempo",
            cue="Slowly: breathe out up, breathe in down.",
            means="A whole cycle in under four seconds.",
            priority=3,
        ),
    ),
)
