"""Made-up people who stretch a leg on the back, in the units of `bodies`."""

from __future__ import annotations

import math
from typing import Literal

from bodies import FLOOR, SIDE_ON, Figure, Track, View, _joint_between, at, between, crunch, film

from formcheck.pose.landmarks import Pose

LEG = 1.7  # hip to ankle of a straight leg
KNEE_DEG = 172.0


def stretch(
    elevation_deg: float = 70.0,
    *,
    leg: Literal["near", "far"] = "near",
    knee_deg: float = KNEE_DEG,
    other_knee_deg: float = 70.0,
    foot_lift: float = 0.0,
    hips_deg: float = 0.0,
    hands: float = 0.5,
) -> Figure:
    """On the back, one leg raised over the trunk's line and held by a strap, the other one bent with its foot flat.

    `leg` is the raised one; `hips_deg` is how far the pelvis is rolled up, `hands` how high the hands are.
    """
    down = crunch(0.0, knee_deg=other_knee_deg, foot_lift=foot_lift, arms="down")
    hip = (0.0, FLOOR + math.sin(math.radians(hips_deg)))
    reach = LEG * math.sin(math.radians(knee_deg / 2))
    up = math.radians(elevation_deg + hips_deg)  # over the line on which the trunk lies
    ankle = (hip[0] + reach * math.cos(up), hip[1] + reach * math.sin(up))
    knee = _joint_between(hip, ankle, upward=True)
    over = (-math.sin(up), math.cos(up))  # the toes point that way
    raised = {
        "knee": knee,
        "ankle": ankle,
        "heel": (ankle[0] - 0.08 * over[0], ankle[1] - 0.08 * over[1]),
        "foot_index": (ankle[0] + 0.2 * over[0], ankle[1] + 0.2 * over[1]),
    }
    shoulder = (-math.cos(math.radians(hips_deg)), FLOOR)
    wrist = (shoulder[0] + 0.6, shoulder[1] + hands)
    lying = down | {"hip": hip, "shoulder": shoulder, "wrist": wrist, "elbow": (shoulder[0] + 0.3, FLOOR + hands / 2)}
    lying["knee"] = _joint_between(hip, lying["ankle"], upward=True)
    other = {joint: lying[joint] for joint in raised}
    near, far = (raised, other) if leg == "near" else (other, raised)
    return lying | near | {f"far_{joint}": place for joint, place in far.items()}


def stretches(
    legs: tuple[Literal["near", "far"], ...] = ("near", "far"),
    view: View = SIDE_ON,
    *,
    elevation_deg: float = 70.0,
    hold_s: float = 8.0,
    up_s: float = 2.0,
    down_s: float = 2.0,
    bounce_deg: float = 0.0,
    bad: tuple[float, float] = (math.inf, math.inf),
    change_s: float = 1.5,
    fps: float = 15.0,
    noise_px: float = 0.0,
    **shape: float,
) -> tuple[list[Pose], list[tuple[float, float]]]:
    """A film: each of these legs goes up, is held and comes down again; and when the holds are.

    `shape` is for `stretch`, within the times `bad` after the leg is up (always by default); the bouncing, too.
    """
    tracks: list[tuple[str, Track]] = []
    held, now = [], 2.0
    for leg in legs:
        top = now + up_s
        left = top + hold_s
        tracks.append((leg, [(0.0, 0.0), (now, 0.0), (top, 1.0), (left, 1.0), (left + down_s, 0.0), (9e9, 0.0)]))
        held.append((top, left))
        now = left + down_s + change_s

    def figure(time_s: float) -> Figure:
        here = next((i for i, (_, end_s) in enumerate(held) if time_s < end_s + down_s + change_s / 2), len(held) - 1)
        leg, track = tracks[here]
        share, since_s = at(track, time_s), time_s - held[here][0]
        wrong = bad[0] <= since_s < bad[1] if math.isfinite(bad[0]) else True
        sway = bounce_deg * math.sin(2 * math.pi * since_s) if wrong and 0 < since_s < hold_s else 0.0
        odd = shape if wrong else {}
        hands = {"hands": 0.5 * share} | ({"hands": odd["hands"]} if "hands" in odd else {})
        up = stretch(
            elevation_deg * share + sway, leg=leg, **{name: v for name, v in odd.items() if name != "hands"}, **hands
        )
        lying = stretch(0.0, leg=leg, hands=0.0)
        # What is wrong with the shape comes and goes with the leg.
        return between(lying, up, min(1.0, 3 * share)) if share < 1 else up

    return film(figure, now + 1.0, view, fps=fps, noise_px=noise_px), held
