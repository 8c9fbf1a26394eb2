"""Exact measures of a posed body. Angles in degrees, lengths in trunk lengths (shoulder to hip).

Points are 2-D with x towards where the body faces when upright and y up: either the body's own
sagittal plane (metres) or the picture (pixels, y turned up, x turned so that the body faces right).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from body import Body

#: The joints of every frame, in the order of their coordinates.
JOINTS = [
    "nose",
    "ear_l",
    "ear_r",
    "shoulder_l",
    "shoulder_r",
    "elbow_l",
    "elbow_r",
    "wrist_l",
    "wrist_r",
    "hip_l",
    "hip_r",
    "knee_l",
    "knee_r",
    "ankle_l",
    "ankle_r",
    "heel_l",
    "heel_r",
    "foot_index_l",
    "foot_index_r",
]

#: The joints that are a bone's beginning; the others are points on the skin.
BONE = {
    "shoulder": "upperarm",
    "elbow": "lowerarm",
    "wrist": "hand",
    "hip": "thigh",
    "knee": "calf",
    "ankle": "foot",
}

#: The measures that are written for each exercise.
MEASURES = {
    "bridge": ["hip_angle", "knee_angle_l", "knee_angle_r", "trunk_slope"],
    "partial_crunch": [
        "trunk_slope",
        "hip_angle",
        "knee_angle_l",
        "knee_angle_r",
        "elbow_angle",
    ],
    "hamstring_stretch": [
        "elevation_l",
        "elevation_r",
        "knee_angle_l",
        "knee_angle_r",
        "trunk_slope",
    ],
    "cat_cow": ["trunk_slope", "hip_angle", "elbow_angle", "head_lean"],
    "plank": [
        "hip_angle",
        "hip_offset",
        "knee_angle_l",
        "knee_angle_r",
        "trunk_slope",
        "elbow_angle",
        "head_lean",
    ],
    "side_plank": ["hip_angle", "hip_offset", "knee_angle_l", "knee_angle_r", "trunk_slope"],
    "bird_dog": [
        "trunk_slope",
        "hip_angle_l",
        "hip_angle_r",
        "knee_angle_l",
        "knee_angle_r",
        "leg_slope_l",
        "leg_slope_r",
        "arm_angle_l",
        "arm_angle_r",
        "elbow_angle_l",
        "elbow_angle_r",
    ],
    "dead_bug": [
        "trunk_slope",
        "hip_angle_l",
        "hip_angle_r",
        "knee_angle_l",
        "knee_angle_r",
        "elevation_l",
        "elevation_r",
        "arm_angle_l",
        "arm_angle_r",
        "elbow_angle_l",
        "elbow_angle_r",
    ],
    "sitting_posture": ["trunk_lean", "head_lean", "hip_angle"],
    "standing_posture": ["trunk_lean", "head_lean", "hip_angle"],
}


def joints(body: Body, rot: dict, pos: dict) -> np.ndarray:
    """(19, 3) world positions in the order of JOINTS.

    Shoulder, elbow, wrist, hip, knee and ankle are the skeleton's joint centres; nose, ears, heels
    and toes are points on the skin.
    """
    out = []
    for name in JOINTS:
        part, _, side = name.rpartition("_")
        out.append(pos[f"{BONE[part]}_{side}"] if part in BONE else body.point(rot, pos, name))
    return np.array(out)


def named(points: np.ndarray) -> dict[str, np.ndarray]:
    """The (19, n) coordinates by joint name."""
    return dict(zip(JOINTS, points, strict=True))


def _between(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> float:
    """The angle at b between a and c, 0..180."""
    u, v = a - b, c - b
    return np.degrees(np.arccos(np.clip(u @ v / np.linalg.norm(u) / np.linalg.norm(v), -1, 1)))


def _turn(u: np.ndarray, v: np.ndarray) -> float:
    """Signed angle from u to v, counter-clockwise positive, -180..180."""
    return np.degrees(np.arctan2(u[0] * v[1] - u[1] * v[0], u @ v))


def measures(p: dict[str, np.ndarray], exercise: str, side: str | None) -> dict[str, float]:
    """The exercise's measures. p: joint name -> 2-D point; side: 'l' or 'r', nearer to the camera.

    side None (side_plank, seen from the front or back): in the frontal plane, of the points half
    way between left and right; the floor's side is then the belly's.

    hip_angle: shoulder-hip-knee on the belly's side, over 180 when the hip is past the straight
        line
    knee_angle_l, knee_angle_r: hip-knee-ankle, 180 = straight
    elbow_angle: shoulder-elbow-wrist, 180 = straight
    trunk_slope: shoulder over hip, 0 = level
    trunk_lean, head_lean: hip-to-shoulder and shoulder-to-ear from the vertical, + = forward
    hip_offset: hip from the shoulder-ankle line over its length, + = sagging
    elevation_l, elevation_r: hip-to-ankle over the line from hip away from the shoulder
    hip_angle_l, hip_angle_r: hip_angle of each side
    elbow_angle_l, elbow_angle_r: elbow_angle of each side
    arm_angle_l, arm_angle_r: hip-shoulder-wrist, 180 = the arm in line with the trunk, overhead
    leg_slope_l, leg_slope_r: hip-to-ankle, 0 = level, + = the ankle higher
    """

    def at(part: str) -> np.ndarray:
        return p[f"{part}_{side}"] if side else (p[f"{part}_l"] + p[f"{part}_r"]) / 2

    sh, hip, knee = at("shoulder"), at("hip"), at("knee")
    trunk, line = sh - hip, at("ankle") - sh
    # facing +x and upright, the belly lies clockwise of the trunk
    m = {"hip_angle": (-_turn(trunk, knee - hip)) % 360}
    for s in "lr":
        m[f"knee_angle_{s}"] = _between(p[f"hip_{s}"], p[f"knee_{s}"], p[f"ankle_{s}"])
        away = -(p[f"shoulder_{s}"] - p[f"hip_{s}"])
        leg = p[f"ankle_{s}"] - p[f"hip_{s}"]
        m[f"elevation_{s}"] = _turn(away, leg)
        m[f"leg_slope_{s}"] = np.degrees(np.arctan2(leg[1], abs(leg[0])))
        m[f"hip_angle_{s}"] = (-_turn(-away, p[f"knee_{s}"] - p[f"hip_{s}"])) % 360
        arm = [p[f"{part}_{s}"] for part in ("hip", "shoulder", "elbow", "wrist")]
        m[f"arm_angle_{s}"] = _between(arm[0], arm[1], arm[3])
        m[f"elbow_angle_{s}"] = _between(*arm[1:])
    m["trunk_slope"] = np.degrees(np.arctan2(trunk[1], abs(trunk[0])))
    m["trunk_lean"] = np.degrees(np.arctan2(trunk[0], trunk[1]))
    m["head_lean"] = np.degrees(np.arctan2(*(at("ear") - sh)))
    m["hip_offset"] = (line[0] * (hip - sh)[1] - line[1] * (hip - sh)[0]) / (line @ line)
    m["elbow_angle"] = _between(sh, at("elbow"), at("wrist"))
    return {k: float(m[k]) for k in MEASURES[exercise]}


def side_lean(p: dict[str, np.ndarray]) -> float:
    """Mid-hip to mid-shoulder from the vertical, sideways, + = to the left. p: 3-D points."""
    hip, shoulder = (p[f"{part}_l"] + p[f"{part}_r"] for part in ("hip", "shoulder"))
    return float(np.degrees(np.arctan2((shoulder - hip)[1], (shoulder - hip)[2])))


def back_sagitta(vertices: np.ndarray, shoulder: np.ndarray, hip: np.ndarray) -> float:
    """How far the back's contour bows off its own chord between hip and shoulder.

    In trunk lengths, + = arched up. vertices (N, 2): the trunk's skin and clothes in the sagittal
    plane.
    """
    axis = shoulder - hip
    length = np.linalg.norm(axis)
    axis = axis / length
    normal = np.array([-axis[1], axis[0]])
    normal = normal if normal[1] > 0 else -normal
    along, off = (vertices - hip) @ axis / length, (vertices - hip) @ normal / length
    edges = np.linspace(0.0, 1.0, 21)
    back = [off[(along >= a) & (along < b)].max(initial=-9) for a, b in pairwise(edges)]
    x = (edges[:-1] + edges[1:]) / 2
    bow = np.array(back) - (back[0] + (back[-1] - back[0]) * (x - x[0]) / (x[-1] - x[0]))
    return float(bow[np.abs(bow).argmax()])
