"""The exercises as poses: each function turns a few named numbers into one posed body.

Angles are directions in the body's own sagittal plane, in degrees: 0 = forward (+X), 90 = up. A
trunk angle says where the top of the trunk points (90 upright, 180 on the back, 0 prone); a thigh
or shank angle says where its lower end points (-90 standing). Every function gives a ``Pose``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from body import SIDES, Body, frame, rot_axis, rot_x, rot_y, rot_z, slerp, unit

MAT = 0.012  # height of the mat's top, metres
PRESS = 0.008  # how far soft tissue sinks into it
SOLE = 0.004  # how far a shoe does
WRIST = MAT + 0.062  # height of the wrist over a hand that carries the body

TORSO = ["pelvis", "spine_01", "spine_02", "spine_03", "clavicle_l", "clavicle_r", "Root"]
HEAD = ["head", "neck_01"]
FEET = ["foot_l", "foot_r", "ball_l", "ball_r"]
CALVES = ["calf_l", "calf_r"]
ARMS = ["lowerarm_l", "lowerarm_r", "hand_l", "hand_r"]
ARM = ("upperarm", "lowerarm", "hand")

Vector = Sequence[float] | np.ndarray


@dataclass
class Pose:
    """Rotations of the bones (from rest, in world axes) and the place of the pelvis joint."""

    turns: dict
    root: np.ndarray
    strap: list = field(default_factory=list)  # points the strap runs through, empty = no strap


def heading(v: Vector) -> float:
    """The angle of a direction in the sagittal plane."""
    return np.degrees(np.arctan2(v[2], v[0]))


def ramp(x: float, lo: float, hi: float) -> float:
    """Smoothly from 0 at lo to 1 at hi."""
    t = np.clip((x - lo) / (hi - lo), 0, 1)
    return t * t * (3 - 2 * t)


def _sign(side: str) -> int:
    return 1 if side == "l" else -1


class Poser:
    """Knows one body's bones; the exercise functions below are written with it.

    Its methods work on ``turns``, the dict of rotations of the pose in the making; ``s`` is a side,
    'l' or 'r'; ``pos`` are joint positions as ``Body.fk`` gives them.
    """

    ADDUCT = 4.0  # legs come together by this many degrees from the rest pose

    def __init__(self, body: Body):
        self.body = body
        self.memo: dict = {}  # poses that are the same whatever the exercise's numbers
        self.hand_frame: dict[str, np.ndarray] = {}
        self.curl: dict[str, np.ndarray] = {}
        self._parts: dict = {}
        for s, sg in SIDES:
            wrist = body.head[f"hand_{s}"]
            middle = unit(body.head[f"middle_01_{s}"] - wrist)
            index, pinky = body.head[f"index_01_{s}"] - wrist, body.head[f"pinky_01_{s}"] - wrist
            self.hand_frame[s] = frame(middle, unit(np.cross(index, pinky)) * sg)
            for finger in ("index", "middle", "ring", "pinky", "thumb"):
                bone = f"{finger}_01_{s}"
                now = unit(self.bone(bone, f"{finger}_02_{s}"))
                stiff = 0.6 if finger == "thumb" else 0.25
                want = unit(now * stiff + middle * (1 - stiff))
                turn = np.cross(now, want)
                n = np.linalg.norm(turn)
                self.curl[bone] = rot_axis(turn, np.arcsin(min(1, n))) if n > 1e-6 else np.eye(3)
        self.arm_length = np.linalg.norm(self.bone("upperarm_l", "lowerarm_l")) + np.linalg.norm(
            self.bone("lowerarm_l", "hand_l")
        )
        self.ankle_height = body.head["foot_l"][2] - body.sole

    def bone(self, a: str, c: str) -> np.ndarray:
        """From one joint to another, at rest."""
        return self.body.head[c] - self.body.head[a]

    # --- setting parts ------------------------------------------------------------------------

    @staticmethod
    def trunk(turns, pelvis, low, mid, chest, neck, head):
        """Where each part of the trunk points."""
        for names, angle in (
            (("Root", "pelvis"), pelvis),
            (("spine_01",), low),
            (("spine_02",), mid),
            (("spine_03",), chest),
            (("neck_01",), neck),
            (("head",), head),
        ):
            for n in names:
                turns[n] = rot_y(90 - angle)

    def _limb(self, bone, child, angle, lateral):
        v = rot_x(lateral) @ self.bone(bone, child)
        return rot_y(heading(v) - angle) @ rot_x(lateral)

    def leg(self, turns, s, thigh, shank, foot=None, toe=None, lateral=None):
        """foot: its turn from standing (0 = sole flat down); None keeps it square to the shank."""
        sg = _sign(s)
        lat = (-self.ADDUCT if lateral is None else lateral) * sg
        turns[f"thigh_{s}"] = self._limb(f"thigh_{s}", f"calf_{s}", thigh, lat)
        turns[f"calf_{s}"] = self._limb(f"calf_{s}", f"foot_{s}", shank, lat)
        foot = -90 - shank if foot is None else foot
        turns[f"foot_{s}"] = rot_y(foot) @ rot_z(-4 * sg)
        turns[f"ball_{s}"] = rot_y(foot if toe is None else toe)

    def leg_lengths(self, s: str) -> tuple[float, float]:
        """Thigh and shank as they appear in the sagittal plane."""
        turn = rot_x(-self.ADDUCT * _sign(s))
        bones = self.bone(f"thigh_{s}", f"calf_{s}"), self.bone(f"calf_{s}", f"foot_{s}")
        thigh, shank = (np.hypot(*(turn @ v)[[0, 2]]) for v in bones)
        return thigh, shank

    def arm(self, turns, s, upper: Vector, fore: Vector, hinge: Vector | None = None, twist=0.0):
        """Directions of both bones; hinge: the elbow's axis; twist: of the forearm, degrees."""
        shoulder, elbow, wrist = f"upperarm_{s}", f"lowerarm_{s}", f"hand_{s}"
        u, f = unit(self.bone(shoulder, elbow)), unit(self.bone(elbow, wrist))
        rest = np.cross(u, f)
        upper, fore = unit(upper), unit(fore)
        hinge = np.cross(upper, fore) if hinge is None else np.asarray(hinge, float)
        roll = rot_axis(fore, np.radians(twist * _sign(s)))
        turns[shoulder] = frame(upper, hinge) @ frame(u, rest).T
        turns[elbow] = roll @ frame(fore, hinge) @ frame(f, rest).T
        turns[wrist] = turns[elbow]

    @staticmethod
    def two_bones(a, c, l1, l2, pole: Vector):
        """Directions of both bones from a to (as near as they reach) c, bent towards pole."""
        d, pole = c - a, np.asarray(pole, float)
        reach = np.linalg.norm(d)
        u, reach = d / reach, min(reach, (l1 + l2) * 0.999)
        bend = np.arccos(np.clip((l1 * l1 + reach * reach - l2 * l2) / (2 * l1 * reach), -1, 1))
        side = unit(pole - u * (pole @ u))
        middle = a + l1 * (np.cos(bend) * u + np.sin(bend) * side)
        return unit(middle - a), unit(a + u * reach - middle), side

    def arm_to(self, turns, pos, s, target: Vector, pole: Vector, twist=0.0):
        """Bend the elbow towards pole so that the wrist reaches the target."""
        shoulder, elbow, wrist = f"upperarm_{s}", f"lowerarm_{s}", f"hand_{s}"
        l1 = np.linalg.norm(self.bone(shoulder, elbow))
        l2 = np.linalg.norm(self.bone(elbow, wrist))
        u, f, side = self.two_bones(pos[shoulder], np.asarray(target, float), l1, l2, pole)
        self.arm(turns, s, u, f, hinge=-np.cross(side, u), twist=twist)

    def hand(self, turns, s, along: Vector, palm: Vector):
        """Hand pointing along one direction, its palm facing the other."""
        turns[f"hand_{s}"] = frame(along, palm) @ self.hand_frame[s].T

    def mix_arm(self, turns, s, root, a, b, w):
        """One side's arm between those of two poses, a at w = 0 and b at w = 1."""
        rot_a, _ = self.body.fk(a, root)
        rot_b, _ = self.body.fk(b, root)
        for n in ARM:
            turns[f"{n}_{s}"] = slerp(rot_a[f"{n}_{s}"], rot_b[f"{n}_{s}"], w)

    # --- placing the whole --------------------------------------------------------------------

    def lowest(self, turns, root, bones: list[str]) -> float:
        """Height of the lowest point of the skin and clothes that hang mainly on these bones."""
        rot, pos = self.body.fk(turns, root)
        key = tuple(bones)
        if key not in self._parts:
            numbers = [self.body.index[b] for b in bones]
            self._parts[key] = parts = []
            for m in self.body.meshes:
                on = np.isin(m["weights"].argmax(1), numbers)
                if m["name"] in ("body", "suit", "shoes", "pants") and on.any():
                    parts.append({"rest": m["rest"][on], "weights": m["weights"][on]})
        return min(v[:, 2].min() for v in self.body.skin(rot, pos, self._parts[key]))

    def settle(self, turns, root: Vector, bones: list[str], floor=MAT - PRESS) -> np.ndarray:
        """The root, up or down so that the lowest of these bones lies on the floor."""
        root = np.array(root, float)
        root[2] += floor - self.lowest(turns, root, bones)
        return root

    def head_down(self, turns, root, floor=MAT - PRESS / 2):
        """Let the neck give until the head of someone lying on the back touches the mat."""
        for _ in range(2):
            gap = self.lowest(turns, root, HEAD) - floor
            tilt = np.degrees(gap / 0.17)
            turns["neck_01"] = rot_y(-tilt) @ turns["neck_01"]
            turns["head"] = rot_y(-tilt * 0.35) @ turns["head"]

    def finish(self, turns, root) -> Pose:
        """The pose, with relaxed fingers."""
        rot, _ = self.body.fk(turns, [0, 0, 0])
        for bone, curl in self.curl.items():
            turns[bone] = rot[f"hand_{bone[-1]}"] @ curl
        return Pose(turns, np.asarray(root, float))

    def foot_flat(self, turns, root, s, x, lift=0.0):
        """Bend the knee so that the sole is level with the ankle at x, on the floor or over it."""
        _, pos = self.body.fk(turns, root)
        hip = pos[f"thigh_{s}"] * [1, 0, 1]
        ankle = np.array([x, 0, MAT + self.ankle_height - SOLE + lift])
        u, f, _ = self.two_bones(hip, ankle, *self.leg_lengths(s), pole=[0.3, 0, 1.0])
        self.leg(turns, s, heading(u), heading(f), 0)

    def foot_for_knee(self, pos, s, knee: float) -> float:
        """Where the ankle stands, sole flat, for this knee angle: with the hips down on the mat."""
        l1, l2 = self.leg_lengths(s)
        hip, z = pos[f"thigh_{s}"], MAT + self.ankle_height - SOLE
        chord = l1 * l1 + l2 * l2 - 2 * l1 * l2 * np.cos(np.radians(knee))
        return hip[0] + np.sqrt(chord - (hip[2] - z) ** 2)

    def foot_for_bridge(self, pos, s, knee: float) -> float:
        """The same for this knee angle at the top of a bridge: shoulder, hip, knee in one line."""
        l1, l2 = self.leg_lengths(s)
        shoulder, hip, z = pos[f"upperarm_{s}"], pos[f"thigh_{s}"], MAT + self.ankle_height - SOLE
        line = np.hypot(*(hip - shoulder)[[0, 2]]) + l1
        chord = line * line + l2 * l2 - 2 * line * l2 * np.cos(np.radians(knee))
        return shoulder[0] + np.sqrt(chord - (shoulder[2] - z) ** 2)

    def blend(self, a: Pose, b: Pose, w: float, bones: list[str], pin: str) -> Pose:
        """From pose a to pose b: every bone turns the short way, then these bones go to the floor.

        pin: a bone whose x stays where a and b have it.
        """
        rot_a, pos_a = self.body.fk(a.turns, a.root)
        rot_b, pos_b = self.body.fk(b.turns, b.root)
        turns = {n: slerp(rot_a[n], rot_b[n], w) for n in self.body.bones}
        root = (1 - w) * a.root + w * b.root
        _, pos = self.body.fk(turns, root)
        root[0] += (1 - w) * pos_a[pin][0] + w * pos_b[pin][0] - pos[pin][0]
        return Pose(turns, self.settle(turns, root, bones))


# --- on the back ------------------------------------------------------------------------------


def _limbs_for_now(po, t):
    """Arms and legs out of the way, while the trunk is laid down."""
    for s, _ in SIDES:
        po.leg(t, s, 50, -80, 0)
        po.arm(t, s, [1, 0, 0], [1, 0, -0.05])


def _arms_on_floor(po, turns, pos):
    for s, sg in SIDES:
        shoulder = pos[f"upperarm_{s}"]
        target = [shoulder[0] + po.arm_length * 0.955, shoulder[1] + 0.13 * sg, MAT + 0.035]
        po.arm_to(turns, pos, s, target, [-0.1, 0.9 * sg, -0.5], twist=60)
        po.hand(turns, s, [1, 0.05 * sg, -0.03], [0, 0, -1])


def bridge(po, rise=0.0, arch=0.0, foot_x=0.0):
    """A bridge, from the hips on the mat upward.

    rise: trunk slope in degrees; arch: extra pelvis tilt and lumbar arch; foot_x: feet farther away
    (+) or nearer (-) than for a good bridge, metres.
    """
    t = {}
    po.trunk(
        t,
        180 + rise * 1.06 + arch,
        180 + rise * 1.02 + arch * 0.7,
        180 + rise * 0.95,
        180 + rise * 0.80,
        180 + rise * 0.2,
        177,
    )
    _limbs_for_now(po, t)
    root = po.settle(t, [0, 0, 0.1], TORSO)
    po.head_down(t, root)
    _, pos = po.body.fk(t, root)
    root[0] += -0.55 - pos["upperarm_r"][0]
    _, pos = po.body.fk(t, root)
    _arms_on_floor(po, t, pos)
    for s, _ in SIDES:
        po.foot_flat(t, root, s, po.foot_for_bridge(pos, s, 86) + foot_x)
    return po.finish(t, root)


def _lying_head(po, t, curl, chin, behind):
    """The head rests on the mat (or the hands) when down, and joins the trunk as it curls."""
    key = "lying head", behind > 0
    names = ("neck_01", "head")
    if key not in po.memo:
        flat = {}
        po.trunk(flat, 180, 180, 180, 180, 176, 175)
        _limbs_for_now(po, flat)
        before = [flat[n] for n in names]
        root = po.settle(flat, [0, 0, 0.1], TORSO)
        po.head_down(flat, root, MAT + (0.035 if behind > 0 else -PRESS / 2))
        po.memo[key] = [flat[n] @ old.T for n, old in zip(names, before, strict=True)]
    joined = max(ramp(curl, 0, 12), ramp(chin, 0, 12))
    for n, turn in zip(names, po.memo[key], strict=True):
        t[n] = slerp(np.eye(3), turn, 1 - joined) @ t[n]


def partial_crunch(po, curl=0.0, arms=1.0, behind=0.0, chin=0.0, foot_x=0.0, lift=0.0):
    """A crunch, knees bent, feet on the floor.

    curl: how far the chest is turned up, degrees; arms: 0 on the floor, 1 to the ceiling; behind:
    1 = hands behind the head; chin: extra nod of the head (neck pulled); foot_x: feet farther away
    (+) or nearer (-), metres; lift: feet over the floor, metres.
    """
    sit = max(0.0, curl - 42)  # beyond a crunch the lower back leaves the floor
    t = {}
    po.trunk(
        t,
        180 - sit * 0.75,
        180 - curl * 0.32 - sit * 0.45,
        180 - curl * 0.74 - sit * 0.2,
        180 - curl,
        180 - curl * 1.10 - 4 - chin * 0.5,
        180 - curl * 1.12 - 5 - chin,
    )
    _limbs_for_now(po, t)
    root = po.settle(t, [0, 0, 0.1], TORSO)
    root[0] = -0.02
    _lying_head(po, t, curl, chin, behind)
    _, pos = po.body.fk(t, root)
    for s, _ in SIDES:
        po.foot_flat(t, root, s, po.foot_for_knee(pos, s, 68) + foot_x - 0.3 * lift, lift)
    rot, pos = po.body.fk(t, root)
    down = dict(t)
    _arms_on_floor(po, down, pos)
    for s, sg in SIDES:
        up = dict(t)
        if behind > 0:
            head = rot["head"]
            skull = pos["head"] + head @ np.array([-0.075, 0.105 * sg, 0.05])
            elbow_out = rot["spine_03"] @ np.array([0.45, 1.0 * sg, 0.45])
            along, palm = np.array([-0.35, -0.9 * sg, 0.3]), np.array([0.95, -0.35 * sg, 0])
            po.arm_to(up, pos, s, skull, elbow_out, twist=30)
            po.hand(up, s, head @ along, head @ palm)
        else:
            po.arm(up, s, [0.10, 0.03 * sg, 1], [0.13, -0.02 * sg, 1], hinge=[0, 1, 0], twist=-20)
        po.mix_arm(t, s, root, down, up, arms)
    return po.finish(t, root)


def hamstring_stretch(
    po,
    up_r=0.0,
    bend_r=0.0,
    flat_r=0.0,
    up_l=0.0,
    bend_l=0.0,
    flat_l=1.0,
    grip=0.0,
    strap=1.0,
    hips=0.0,
    lift_r=0.0,
    lift_l=0.0,
):
    """One leg stretched upward, the other on the floor.

    up: elevation of hip-to-ankle over the floor; bend: knee bend of that leg; flat: 1 = knee bent,
    foot flat on the floor; grip: 0 arms on the floor, 1 holding the strap (or behind the thigh);
    strap: 0 = hands behind the thigh; hips: pelvis rolled up off the mat, degrees; lift: how high
    the foot of a leg that is not up is over the floor, metres.
    """
    t = {}
    po.trunk(t, 180 + hips, 180 + 0.6 * hips, 180 + 0.2 * hips, 180, 177, 176)
    _limbs_for_now(po, t)
    root = po.settle(t, [0, 0, 0.1], TORSO)
    root[0] = -0.12
    if hips > 0:  # the shoulders stay where they are
        if "shoulders at" not in po.memo:
            flat = hamstring_stretch(po)
            po.memo["shoulders at"] = po.body.fk(flat.turns, flat.root)[1]["upperarm_r"][0]
        root[0] += po.memo["shoulders at"] - po.body.fk(t, root)[1]["upperarm_r"][0]
    po.head_down(t, root)
    _, pos = po.body.fk(t, root)
    legs = ("r", up_r, bend_r, flat_r, lift_r), ("l", up_l, bend_l, flat_l, lift_l)
    for s, up, bend, flat, lift in legs:
        hip = pos[f"thigh_{s}"]
        if up > 0.5:
            _leg_up(po, t, s, hip, up, bend)
        else:
            length = sum(po.leg_lengths(s))
            far = np.sqrt(length**2 - (hip[2] - MAT - 0.07) ** 2) * 0.9985 + hip[0]
            near = po.foot_for_knee(pos, s, 72)
            _foot_slide(po, t, root, s, far + (near - far) * flat, flat, lift)
    rot, pos = po.body.fk(t, root)
    rest = dict(t)
    _arms_on_floor(po, rest, pos)
    lead = "r" if up_r >= up_l and (up_r > 0.5 or flat_r < 0.5) else "l"
    sole = pos[f"ball_{lead}"] + rot[f"foot_{lead}"] @ np.array([0.0, 0, -0.035])
    knee, hip = pos[f"calf_{lead}"], pos[f"thigh_{lead}"]
    held = dict(t)
    for s, sg in SIDES:
        shoulder = pos[f"upperarm_{s}"]
        if strap:
            way = unit(sole - shoulder)
            target = shoulder + way * po.arm_length * 0.80 + np.array([0, 0.03 * sg, 0.0])
            target[2] = max(target[2], MAT + 0.16)
            po.arm_to(held, pos, s, target, [0.2, 0.9 * sg, -0.6], twist=20)
        else:
            back = unit(np.cross(knee - hip, [0, 1, 0]))
            back = back if back[0] < 0 or back[2] < 0 else -back
            target = hip + 0.70 * (knee - hip) + back * 0.085 + np.array([0, 0.055 * sg, 0])
            po.arm_to(held, pos, s, target, [0.1, 0.9 * sg, -0.5], twist=30)
    for s, _ in SIDES:
        po.mix_arm(t, s, root, rest, held, grip)
    pose = po.finish(t, root)
    if strap and grip > 0.5:
        _, pos = po.body.fk(pose.turns, pose.root)
        palm = {s: pos[f"hand_{s}"] * 0.35 + pos[f"middle_01_{s}"] * 0.65 for s, _ in SIDES}
        across = np.array([0, 0.03, 0])
        pose.strap = [palm["l"], sole + across, sole - across, palm["r"]]
    return pose


def dead_bug(po, out_r=0.0, out_l=0.0, bend=0.0, high=0.0, arm_high=0.0, arch=0.0):
    """On the back, arms to the ceiling, hips and knees at a right angle; one side stretched out.

    out_r: right leg to just over the floor and left arm over the head, 0-1; out_l: left leg and
    right arm; bend: how far the knee stays bent, degrees; high: how far the leg stays up, degrees;
    arm_high: how far the arm does; arch: the lower back's arch over the mat while they are out.
    """
    bow = arch * max(out_r, out_l)
    t = {}
    po.trunk(t, 180 - bow, 180 - 0.4 * bow, 180 + 0.7 * bow, 180, 177, 176)
    _limbs_for_now(po, t)
    root = po.settle(t, [0, 0, 0.1], TORSO)
    root[0] = 0.05
    po.head_down(t, root)
    for leg, arm, w in (("r", "l", out_r), ("l", "r", out_l)):
        l1, l2 = po.leg_lengths(leg)
        knee = np.radians(bend)
        inner = np.degrees(np.arctan2(l2 * np.sin(knee), l1 + l2 * np.cos(knee)))
        end = 4 + high + inner
        thigh, shank = 90 + w * (end - 90), w * (end - bend)
        po.leg(t, leg, thigh, shank, -90 - shank + 30 * (1 - w))
        sg = _sign(arm)
        up, out = dict(t), dict(t)
        po.arm(up, arm, [0.10, 0.03 * sg, 1], [0.13, -0.02 * sg, 1], hinge=[0, 1, 0], twist=-20)
        rise = 0.10 + np.tan(np.radians(arm_high))
        po.arm(out, arm, [-1, 0.10 * sg, rise], [-1, 0, rise], hinge=[0, 1, 0], twist=-20)
        po.mix_arm(t, arm, root, up, out, w)
    return po.finish(t, root)


def _leg_up(po, t, s, hip, up, bend):
    """A leg off the floor; by the law of cosines its elevation is the same however it is bent."""
    l1, l2 = po.leg_lengths(s)
    low = ramp(12 - up, 0, 12)
    knee = np.radians(bend + 2)
    chord = np.sqrt(l1 * l1 + l2 * l2 + 2 * l1 * l2 * np.cos(knee))
    inner = np.degrees(np.arcsin(np.clip(l2 * np.sin(knee) / chord, -1, 1)))
    flat = np.sqrt(max(1e-6, (l1 + l2) ** 2 - hip[2] ** 2))
    thigh = up + inner + -heading([flat, 0, hip[2] - MAT - 0.07]) * low
    shank = thigh - bend - 2
    po.leg(t, s, thigh, shank, foot=-90 - shank - 6 * ramp(up, 20, 60) + 12 * low)


def _foot_slide(po, t, root, s, x, flat, lift):
    """Heel sliding along (or over) the floor between leg out (flat 0) and knee bent (flat 1)."""
    _, pos = po.body.fk(t, root)
    hip = pos[f"thigh_{s}"] * [1, 0, 1]
    z = MAT + (1 - flat) * 0.065 + flat * (po.ankle_height - SOLE) + lift
    u, f, _ = po.two_bones(hip, np.array([x, 0, z]), *po.leg_lengths(s), pole=[0.3, 0, 1.0])
    foot = (1 - ramp(flat, 0.1, 0.8)) * (-90 - heading(f) + 14)
    po.leg(t, s, heading(u), heading(f), foot)


# --- on hands, forearms, knees, toes ------------------------------------------------------------


def _solve(make: Callable[[float], tuple], lo: float, hi: float, steps: int) -> tuple:
    """make(level) between lo and hi where the last it gives, which grows, is nought."""
    for _ in range(steps):
        mid = (lo + hi) / 2
        if make(mid)[-1] > 0:
            hi = mid
        else:
            lo = mid
    return make((lo + hi) / 2)


def cat_cow(po, curve=0.0, hands_x=0.0, rock=0.0, knees_x=0.0, elbow=0.0, level=0.0):
    """On hands and knees.

    curve: +1 cat (back arched to the ceiling), -1 cow (back dips, chest and head lift), 0 level;
    hands_x: hands ahead of the shoulders, metres; rock: hips behind the knees, degrees; knees_x:
    knees ahead of the hips (+) or behind them (-), metres; elbow: its bend, degrees (all up to 20
    is straight); level: 1 = the head stays as it is on a level back, whatever the back does.
    """
    t, root, pos = _on_all_fours(po, curve, hands_x, rock, knees_x, elbow, level)
    _hands_below(po, t, pos, hands_x)
    return po.finish(t, root)


def _hands_below(po, t, pos, hands_x):
    """Hands on the mat where they are below the shoulders when the back is level."""
    if "hands at" not in po.memo:
        po.memo["hands at"] = _on_all_fours(po, 0.0)[2]["upperarm_r"][0] - 0.01
    for s, sg in SIDES:
        wrist = [po.memo["hands at"] + hands_x, 0.19 * sg, WRIST]
        po.arm_to(t, pos, s, wrist, [-0.8, 0.4 * sg, 0])
        po.hand(t, s, [1, 0.05 * sg, -0.12], [0, 0, -1])


def _on_all_fours(po, curve, hands_x=0.0, rock=0.0, knees_x=0.0, elbow=0.0, level=0.0):
    up, dip = max(0.0, curve), max(0.0, -curve)
    reach = po.arm_length * 0.985
    if elbow > 20:
        parts = po.bone("upperarm_l", "lowerarm_l"), po.bone("lowerarm_l", "hand_l")
        a, b = (np.linalg.norm(v) for v in parts)
        reach = np.sqrt(a * a + b * b + 2 * a * b * np.cos(np.radians(elbow)))
    high = WRIST + np.sqrt(max(0.01, reach**2 - hands_x**2))
    slant = np.degrees(np.arcsin(knees_x / po.leg_lengths("r")[0])) if knees_x else 0.0

    def make(slope):
        t = {}
        tail = 14 + 50 * up - 30 * dip  # pelvis: tucked under (cat), tipped up (cow)
        chest = -14 - 46 * up + 27 * dip
        nod = -30 * up + 32 * dip
        po.trunk(
            t,
            slope + tail,
            slope + tail * 0.42 + 2 * up,
            slope + chest * 0.18,
            slope + chest,
            slope + chest + nod * 0.6 + 4,
            slope + chest * 0.8 + nod * 1.5 + 6,
        )
        for s, _ in SIDES:
            po.leg(t, s, -90 + rock + slant + 5 * up - 2 * dip, 180.5, 168, toe=168, lateral=-1)
        root = po.settle(t, [0, 0, 0.5], CALVES)
        _, pos = po.body.fk(t, root)
        return t, root, pos["upperarm_r"][2] - high

    t, root, _ = _solve(make, -35.0, 50.0, 14)
    if level > 0 and curve:
        _head_level(po, t, root, level)
    _, pos = po.body.fk(t, root)
    root[0] += -0.27 + knees_x - pos["calf_r"][0]
    return t, root, po.body.fk(t, root)[1]


def _head_level(po, t, root, w):
    """The head turned back (w = 1: all the way) to where it is on a level back; the neck half."""
    if "level head" not in po.memo:
        po.memo["level head"] = _on_all_fours(po, 0.0)[0]
    flat = po.memo["level head"]
    t["neck_01"] = slerp(t["neck_01"], slerp(t["spine_03"], flat["head"], 0.5), w)
    t["head"] = slerp(t["head"], flat["head"], w)


def bird_dog(po, out_r=0.0, out_l=0.0, low=0.0, bend=0.0, droop=0.0, sag=0.0):
    """On hands and knees, one leg and the arm of the other side stretched out level.

    out_r: right leg and left arm, 0 on the mat, 1 out; out_l: left leg and right arm; low: the leg
    short of level, degrees; bend: its knee's bend; droop: the arm short of level, degrees; sag: 0-1
    the back dips while they are out.
    """
    out = max(out_r, out_l)
    t, root, pos = _on_all_fours(po, -sag * out)
    _hands_below(po, t, pos, 0.0)
    for leg, arm, w in (("r", "l", out_r), ("l", "r", out_l)):
        if w <= 0:
            continue
        thigh = -90 - w * (90 - low)
        shank = -179.5 + w * (low * ramp(w, 0, 1) - bend)
        po.leg(t, leg, thigh, shank, 168 - 38 * w, toe=168 - 38 * w, lateral=-1)
        rest, level = dict(t), dict(t)
        tilt, sg = -np.tan(np.radians(droop)), _sign(arm)
        po.arm(level, arm, [1, 0.05 * sg, tilt], [1, -0.03 * sg, tilt], hinge=[0, -1, 0])
        po.hand(level, arm, [1, 0, tilt], [0, 0, -1])
        po.mix_arm(t, arm, root, rest, level, w)
    return po.finish(t, root)


def plank(
    po, sag=0.0, bend=0.0, head=0.0, high=0.0, kneel=0.0, step_l=1.0, step_r=1.0, ahead=0.0
):
    """A plank on the forearms or the hands, and the way into it from the knees.

    sag: hips below the line (+) or piked (-), degrees of hip angle; bend: knee bend; head: +
    raised, - dropped; high: 1 = straight arms; kneel: 0 trunk in the plank, 1 trunk as on the
    knees; step: 0 knee on the floor, 1 that foot back on its toes; ahead: the arms slant so far
    forward that the shoulders are behind what they rest on, degrees.
    """
    top = _plank_on_toes(po, sag, bend, head, high, ahead)
    if kneel <= 0 and step_l >= 1 and step_r >= 1:
        return top
    low = _kneeling(po, high)
    mix = po.blend(top, low, kneel, bones=ARMS, pin=_support(high))
    _, pos = po.body.fk(mix.turns, mix.root)
    rot_a, pos_a = po.body.fk(low.turns, low.root)
    rot_b, pos_b = po.body.fk(top.turns, top.root)
    for s, w in (("l", step_l), ("r", step_r)):
        ankle = (1 - w) * pos_a[f"foot_{s}"] + w * pos_b[f"foot_{s}"]
        hip = pos[f"thigh_{s}"] * [1, 0, 1]
        goal = ankle * [1, 0, 1] + [0, 0, 0.05 * np.sin(np.pi * w)]
        u, f, _ = po.two_bones(hip, goal, *po.leg_lengths(s), pole=[0.4, 0, -1.0])
        po.leg(mix.turns, s, heading(u), heading(f))
        for n in ("foot", "ball"):
            mix.turns[f"{n}_{s}"] = slerp(rot_a[f"{n}_{s}"], rot_b[f"{n}_{s}"], w)
    return mix


def _support(high):
    """The joint over which the arms carry the body: the wrist or the elbow."""
    return "hand_r" if high else "lowerarm_r"


def _arms_below(po, t, s, sg, high, ahead, slant=0.0):
    """Arms straight down, or upper arms down (a little ahead) and forearms on the floor.

    slant: of the (upper) arms forward, degrees.
    """
    far = np.tan(np.radians(slant))
    if high:
        po.arm(t, s, [far, 0.06 * sg, -1], [0.03 + far, 0.02 * sg, -1], hinge=[0, -1, 0])
    else:
        fore = [1, -0.18 * sg, -0.02]
        po.arm(t, s, [ahead + far, 0.02 * sg, -1], fore, hinge=[0, -1, 0], twist=-75)


def _arms_off_floor(po, t, root, high):
    """How far the hands (or forearms) are over where they should rest."""
    if high:
        return po.body.fk(t, root)[1]["hand_r"][2] - WRIST
    return po.lowest(t, root, ARMS) - (MAT - 0.006)


def _on_arms(po, make, lo, hi, high):
    """The pose make(level) whose arms carry, put where a plank's arms are on the mat."""
    t, root, _ = _solve(make, lo, hi, 16)
    _, pos = po.body.fk(t, root)
    root[0] += 0.62 - pos[_support(high)][0]
    if high:
        for s, sg in SIDES:
            po.hand(t, s, [1, 0.05 * sg, -0.12], [0, 0, -1])
    return po.finish(t, root)


def _plank_on_toes(po, sag, bend, head, high, ahead):
    def make(level):
        t = {}
        back = level + sag * 0.42
        po.trunk(
            t,
            level + sag * 0.62,
            level + sag * 0.5,
            back,
            back - sag * 0.05,
            back + 4 + head * 0.6,
            back + 8 + head,
        )
        thigh = 180 + level - sag * 0.48 + bend * 0.5
        shank = 180 + level - sag * 0.40 - bend * 0.5
        for s, sg in SIDES:
            po.leg(t, s, thigh, shank, 92 - level * 0.6 - bend * 0.2, toe=6)
            _arms_below(po, t, s, sg, high, 0.02, ahead)
        root = po.settle(t, [0, 0, 0.5], FEET, MAT - PRESS / 2)
        return t, root, _arms_off_floor(po, t, root, high)

    return _on_arms(po, make, -30.0, 55.0, high)


def _kneeling(po, high):
    def make(level):
        t = {}
        po.trunk(t, level + 8, level + 3, level - 3, level - 8, level, level + 6)
        for s, sg in SIDES:
            po.leg(t, s, -116, 178, 95, toe=20)
            _arms_below(po, t, s, sg, high, 0.05)
        root = po.settle(t, [0, 0, 0.5], [*CALVES, *FEET])
        return t, root, _arms_off_floor(po, t, root, high)

    key = "kneeling", bool(high)
    if key not in po.memo:
        po.memo[key] = _on_arms(po, make, -60.0, 50.0, high)
    return po.memo[key]


def side_plank(po, sag=0.0, right=0.0):
    """A side plank on one forearm, legs straight, feet on one another.

    sag: hips hanging below the line (+) or piked (-), degrees of hip angle; right: 0 on the left forearm, 1 on the
    right one; between them the body rolls over its front. The body's frontal plane is the
    picture's: with the head on the right one sees the front of a body that lies on its left, with
    the head on the left of one that lies on its right.
    """
    if right <= 0 or right >= 1:
        return _on_one_side(po, sag, right >= 1)
    left, other = _on_one_side(po, sag, False), _on_one_side(po, sag, True)
    rot_a, _ = po.body.fk(left.turns, left.root)
    rot_b, _ = po.body.fk(other.turns, other.root)
    roll, back = rot_x(180 * right), rot_x(-180)
    t = {n: roll @ slerp(rot_a[n], back @ rot_b[n], right) for n in po.body.bones}
    root = (1 - right) * left.root + right * other.root
    return po.finish(t, po.settle(t, root, [*TORSO, *CALVES, *FEET]))


def _on_one_side(po, sag, right):
    low, sg = ("r", -1) if right else ("l", 1)
    body = np.array([[0, 0, 1], [-sg, 0, 0], [0, -sg, 0]], float)  # from upright to lying

    def make(level):
        t = {}
        for names, share in (
            (("Root", "pelvis"), -0.15),
            (("spine_01",), 0.1),
            (("spine_02",), 0.4),
            (("spine_03", "neck_01", "head"), 0.5),
        ):
            for n in names:
                t[n] = rot_y(-level - share * sag) @ body
        for s, side in SIDES:
            _leg_on_leg(po, t, s, side, rot_y(-level + 0.5 * sag) @ body)
        chest = t["spine_03"]
        po.arm(t, low, [0, 0, -1], [0.45, -sg, -0.02], twist=-75)
        up = "l" if right else "r"
        po.arm(t, up, chest @ [-0.02, -0.10 * sg, -1], chest @ [0.10, 0.0, -1], twist=30)
        root = po.settle(t, [0, 0, 0.5], [f"foot_{low}", f"ball_{low}"], MAT - PRESS / 2)
        arm = [f"lowerarm_{low}", f"hand_{low}"]
        return t, root, po.lowest(t, root, arm) - (MAT - 0.006)

    t, root, _ = _solve(make, -10.0, 60.0, 16)
    _, pos = po.body.fk(t, root)
    root[0] += 0.55 - pos[f"lowerarm_{low}"][0]
    return po.finish(t, root)


def _leg_on_leg(po, t, s, sg, turn):
    """A straight leg whose ankle is a foot's width from the other; turn: of the whole leg."""
    hip, ankle = po.body.head[f"thigh_{s}"], po.body.head[f"foot_{s}"]
    inward = np.degrees(np.arctan2(ankle[1] * sg - 0.05, hip[2] - ankle[2]))
    leg = turn @ rot_x(-inward * sg)
    for n in ("thigh", "calf", "foot", "ball"):
        t[f"{n}_{s}"] = leg


# --- sitting and standing -----------------------------------------------------------------------


def _sideways(t, side, look):
    """The trunk, set so far, leaning to its left; the head turned to its left. Degrees."""
    if side:
        for n, share in (("spine_01", 0.4), ("spine_02", 0.8), ("spine_03", 1.0)):
            t[n] = rot_x(-share * side) @ t[n]
        for n in ("neck_01", "head"):
            t[n] = rot_x(-0.8 * side) @ t[n]
    if look:
        t["neck_01"] = rot_z(0.4 * look) @ t["neck_01"]
        t["head"] = rot_z(look) @ t["head"]


def sitting_posture(po, lean=-4.0, hunch=0.0, poke=0.0, slide=0.0, side=0.0, look=0.0):
    """On a chair.

    lean: trunk from vertical, + forward; hunch: 0-1 rounded back; poke: 0-1 head forward, face
    level; slide: 0-1 hips forward on the seat (reclining); side: the chest's sideways lean, + to
    the person's left, degrees; look: head turned, + to the left, degrees.
    """
    t = {}
    a = 90 - lean
    po.trunk(
        t,
        a + 24 * hunch + 6 * slide,
        a + 12 * hunch,
        a - 14 * hunch - 4 * slide,
        a - 34 * hunch - 10 * slide,
        a - 40 * hunch - 46 * poke - 16 * slide,
        90 - 24 * hunch - 5 * poke - 8 * slide,
    )
    _sideways(t, side, look)
    for s, _ in SIDES:
        po.leg(t, s, -1 - 2 * slide, -92 + 16 * slide, 0)
    root = po.settle(t, [0, 0, 0.8], FEET, 0.0)
    _, pos = po.body.fk(t, root)
    root[0] += -0.17 + 0.17 * slide - pos["pelvis"][0]
    _, pos = po.body.fk(t, root)
    for s, sg in SIDES:
        knee, hip = pos[f"calf_{s}"], pos[f"thigh_{s}"]
        target = hip + (0.72 - 0.30 * slide) * (knee - hip) + np.array([0, 0.01 * sg, 0.105])
        po.arm_to(t, pos, s, target, [-0.8, 0.5 * sg, -0.3], twist=40)
        po.hand(t, s, [1, -0.15 * sg, -0.12], [0, 0, -1])
    return po.finish(t, root)


def standing_posture(
    po, slouch=0.0, lean=0.0, poke=0.0, side=0.0, look=0.0, hunch=0.0, hips=0.0
):
    """On both feet, arms hanging.

    slouch: 0-1 hips forward, upper back rounded, head forward; lean: trunk from vertical, +
    forward; poke: 0-1 head forward; side, look, hunch: as in sitting_posture; hips: over the feet,
    + forward, degrees of the legs.
    """
    t = {}
    a = 90 - lean
    po.trunk(
        t,
        a + 17 * slouch + 8 * hunch,
        a + 18 * slouch + 2 * hunch,
        a + 3 * slouch - 14 * hunch,
        a - 26 * slouch - 34 * hunch,
        a - 48 * slouch - 40 * poke - 40 * hunch,
        90 - 12 * slouch - 4 * poke - 24 * hunch,
    )
    _sideways(t, side, look)
    for s, _ in SIDES:
        po.leg(t, s, -90 - 7 * slouch - hips, -91 - 5 * slouch - hips, 0)
    root = po.settle(t, [0, 0, 1], FEET, 0.0)
    _, pos = po.body.fk(t, root)
    root[0] += -0.03 - pos["foot_r"][0]
    for s, sg in SIDES:
        upper = [-0.06 + 0.16 * slouch, 0.16 * sg, -1]
        po.arm(t, s, upper, [0.12 + 0.12 * slouch, 0.05 * sg, -1], twist=30)
    return po.finish(t, root)


@dataclass
class Exercise:
    """An exercise's function and what the renderer has to know about it."""

    make: Callable[..., Pose]
    steps: dict[str, float]  # every number it takes: the finest step that is rendered apart
    seat: bool = False
    frontal: bool = False  # the body's frontal plane is the picture's, not its sagittal one
    solve: dict = field(default_factory=dict)  # script may ask for this truth: (number, low, high)

    @property
    def defaults(self) -> dict[str, float]:
        """Every number it takes, where a clip begins unless its script says otherwise."""
        code = self.make.__code__
        names = code.co_varnames[1 : code.co_argcount]
        return {k: float(v) for k, v in zip(names, self.make.__defaults__, strict=True)}


EXERCISES = {
    "bridge": Exercise(
        bridge,
        {"rise": 0.6, "arch": 1.5, "foot_x": 0.02},
        solve={"hip_angle": ("rise", 0, 48)},
    ),
    "partial_crunch": Exercise(
        partial_crunch,
        {"curl": 1.0, "arms": 0.04, "behind": 0.5, "chin": 2, "foot_x": 0.02, "lift": 0.02},
        solve={"trunk_angle": ("curl", 0, 75)},
    ),
    "hamstring_stretch": Exercise(
        hamstring_stretch,
        {
            "up_r": 2.0,
            "bend_r": 2.0,
            "flat_r": 0.04,
            "up_l": 2.0,
            "bend_l": 2.0,
            "flat_l": 0.04,
            "grip": 0.04,
            "strap": 0.5,
            "hips": 2.0,
            "lift_r": 0.02,
            "lift_l": 0.02,
        },
    ),
    "cat_cow": Exercise(
        cat_cow,
        {
            "curve": 0.04,
            "hands_x": 0.02,
            "rock": 1.0,
            "knees_x": 0.02,
            "elbow": 4.0,
            "level": 0.1,
        },
    ),
    "bird_dog": Exercise(
        bird_dog,
        {"out_r": 0.04, "out_l": 0.04, "low": 2.0, "bend": 4.0, "droop": 4.0, "sag": 0.1},
    ),
    "dead_bug": Exercise(
        dead_bug,
        {"out_r": 0.04, "out_l": 0.04, "bend": 4.0, "high": 2.0, "arm_high": 4.0, "arch": 2.0},
    ),
    "plank": Exercise(
        plank,
        {
            "sag": 0.8,
            "bend": 1.5,
            "head": 1.5,
            "high": 0.5,
            "kneel": 0.05,
            "step_l": 0.05,
            "step_r": 0.05,
            "ahead": 1.5,
        },
    ),
    "side_plank": Exercise(side_plank, {"sag": 0.8, "right": 0.1}, frontal=True),
    "sitting_posture": Exercise(
        sitting_posture,
        {"lean": 1.0, "hunch": 0.04, "poke": 0.04, "slide": 0.04, "side": 1.0, "look": 2.0},
        seat=True,
    ),
    "standing_posture": Exercise(
        standing_posture,
        {
            "slouch": 0.04,
            "lean": 1.0,
            "poke": 0.04,
            "side": 1.0,
            "look": 2.0,
            "hunch": 0.04,
            "hips": 1.0,
        },
    ),
}
