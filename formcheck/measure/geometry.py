"""Plane geometry on points in pixels (x right, y down). Angles in degrees; NaN in, NaN out."""

from __future__ import annotations

import math

Point = tuple[float, float]


def turn_deg(u: Point, v: Point) -> float:
    """Signed angle from u to v, -180..180, positive clockwise on the screen (y points down)."""
    return math.degrees(math.atan2(u[0] * v[1] - u[1] * v[0], u[0] * v[0] + u[1] * v[1]))


def joint_angle_deg(a: Point, b: Point, c: Point) -> float:
    """Angle at b between the directions to a and to c, 0..180; 180 is straight."""
    return abs(turn_deg((a[0] - b[0], a[1] - b[1]), (c[0] - b[0], c[1] - b[1])))


def elevation_deg(a: Point, b: Point) -> float:
    """Elevation of b seen from a over the picture's horizontal, -90..90, positive upward."""
    return math.degrees(math.atan2(a[1] - b[1], abs(b[0] - a[0])))


def distance_px(a: Point, b: Point) -> float:
    """Distance between two points in pixels."""
    return math.hypot(b[0] - a[0], b[1] - a[1])


def middle(a: Point, b: Point) -> Point:
    """The point half way between two others."""
    return ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)


def offset_from_line(p: Point, a: Point, b: Point) -> float:
    """Distance of p from the line a-b over the length of a-b, positive below the line on the screen.

    "Below" is towards +y for a line that is not vertical; the sign does not depend on which end is named
    first, so a mirrored picture gives the same value.
    """
    line = (b[0] - a[0], b[1] - a[1])
    square = line[0] ** 2 + line[1] ** 2
    if not square > 0:
        return math.nan
    cross = line[0] * (p[1] - a[1]) - line[1] * (p[0] - a[0])
    return math.copysign(1.0, line[0]) * cross / square


def straightness_deg(a: Point, b: Point, c: Point, belly: float) -> float:
    """Angle a-b-c measured on the belly's side, 0..360; over 180 when b has moved past the line to that side.

    Args:
        a: The upper end (shoulder), pixels.
        b: The joint (hip), pixels.
        c: The lower end (knee), pixels.
        belly: +1 when the belly lies clockwise of the direction from b to a on the screen, else -1.

    Source: the convention of the rendered clips' truth, so that both can be compared as they are.
    """
    return (belly * turn_deg((a[0] - b[0], a[1] - b[1]), (c[0] - b[0], c[1] - b[1]))) % 360.0
