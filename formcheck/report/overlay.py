"""Draws what the engine says onto a picture. It decides nothing and leaves the picture it is given alone.

What it draws, from below: the skeleton (thin and quiet), the measured line (thick, blue-green and whole in form,
vermilion, dashed and marked "!" out of it, grey and dotted where it is not judged; it is the back's contour where a
silhouette was looked for), the measured value, a panel with count or clock, and banners for the cue and for the camera.
All sizes follow the picture's, and nothing is written beyond its edge.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.engine.status import Phase, Status
from formcheck.pose.contour import back_points
from formcheck.pose.landmarks import Landmark, Pose, Side
from formcheck.report.lettering import Colour, Font, Image, fit, text_width, write
from formcheck.report.words import clock, number, sentence

# Blue, green, red. Blue-green and vermilion stay apart for every common kind of colour blindness; shape says it too.
GOOD: Colour = (176, 214, 38)
FAULT: Colour = (51, 92, 255)
NEUTRAL: Colour = (205, 205, 205)
CAMERA: Colour = (240, 186, 96)
_WHITE: Colour = (255, 255, 255)
_SOFT: Colour = (210, 210, 210)
_DIM: Colour = (140, 140, 140)
_DARK: Colour = (26, 22, 20)
_SHADE = 0.26  # how much of the picture shines through a panel

_PHASES: dict[Phase, str] = {
    "unknown": "Not seen",
    "waiting": "Get ready",
    "rest": "Ready",
    "moving": "Moving",
    "top": "At the top",
    "hold": "Hold",
    "paused": "Paused",
}
_UNJUDGED: tuple[Phase, ...] = ("unknown", "waiting")
_TIMED: tuple[Phase, ...] = ("hold", "paused")

_BONES = tuple(
    (Landmark[a].value, Landmark[b].value)
    for pair in (
        "LEFT_SHOULDER RIGHT_SHOULDER, LEFT_HIP RIGHT_HIP",
        *(
            f"NOSE {side}_EAR, {side}_EAR {side}_SHOULDER, {side}_SHOULDER {side}_ELBOW, {side}_ELBOW {side}_WRIST, "
            f"{side}_SHOULDER {side}_HIP, {side}_HIP {side}_KNEE, {side}_KNEE {side}_ANKLE, "
            f"{side}_ANKLE {side}_HEEL, {side}_HEEL {side}_FOOT_INDEX"
            for side in ("LEFT", "RIGHT")
        ),
    )
    for a, b in (bone.split() for bone in pair.split(", "))
)
_JOINTS = tuple(
    Landmark[f"{side}_{joint}"].value
    for side in ("LEFT", "RIGHT")
    for joint in ("SHOULDER", "ELBOW", "WRIST", "HIP", "KNEE", "ANKLE")
)
# The landmarks turned away from the camera, by the side that faces it.
_FAR: dict[Side | None, frozenset[int]] = {
    None: frozenset(),
    "left": frozenset(mark.value for mark in Landmark if "RIGHT" in mark.name),
    "right": frozenset(mark.value for mark in Landmark if "LEFT" in mark.name),
}
_BACK_LEAST = 5  # places of the contour that make a line
_SHIFT = 4  # drawing coordinates are in sixteenths of a pixel, so that the lines do not tremble
_SUB = 1 << _SHIFT

Box = tuple[int, int, int, int]  # left, top, right, bottom
_NOWHERE: Box = (0, 0, 0, 0)
Point = tuple[float, float]
Found = NDArray[np.float64]
Joint = Found | None  # None where it is not in the picture


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The picture being drawn on, with the unit that sizes are taken in."""

    image: Image
    unit: float

    @property
    def width(self) -> int:
        return int(self.image.shape[1])

    @property
    def height(self) -> int:
        return int(self.image.shape[0])

    def px(self, share: float, least: int = 1) -> int:
        return max(least, round(self.unit * share))


def _sheet(image: Image, thicker: float = 1.0) -> _Sheet:
    height, width = image.shape[:2]
    # An upright phone picture is narrow: its height alone would make letters too wide for it.
    return _Sheet(image, thicker * min(height, 0.75 * width))


def draw(
    image: Image,
    pose: Pose,
    status: Status,
    title: str = "",
    dose: str = "",
    *,
    timed: bool | None = None,
) -> Image:
    """Draw the pose and the engine's state on a copy of the picture.

    Args:
        image: (H, W, 3) BGR picture, of the pose's size or scaled from it.
        pose: The pose of the same frame.
        status: The engine's state after it.
        title: The exercise's title.
        dose: The dose asked for, in words.
        timed: Whether the big figure is the hold's clock (True) or the count (False); None takes the clock in
            the phases "hold" and "paused" only, so that an exercise of holds should say True.

    Returns:
        A new picture of the same shape.
    """
    copy = np.ascontiguousarray(image).copy() if not image.flags.c_contiguous else image.copy()
    if min(copy.shape[:2]) < 1:
        return copy
    line = draw_body(copy, pose, status)
    sheet = _sheet(copy)
    panel = _panel(sheet, status, title, dose, status.phase in _TIMED if timed is None else timed)
    advice = _advice(sheet, status.view_advice, panel)
    banner = _cue(sheet, status.cue)
    _value(sheet, line, status, (panel, advice, banner))
    return copy


def draw_body(image: Image, pose: Pose, status: Status | None, *, thicker: float = 1.0) -> list[Joint]:
    """Draw the skeleton and the measured line in place, whole where the form is right and dashed where it is not.

    Args:
        image: (H, W, 3) BGR picture, of the pose's size or scaled from it.
        pose: The pose of the same frame.
        status: The engine's state after it; None draws the skeleton alone.
        thicker: How many times the usual thickness lines have: more is seen from farther.

    Returns:
        The joints of the measured line in the picture's pixels, None for each that is not in it.
    """
    sheet = _sheet(image, thicker)
    points = _points(pose, sheet.width, sheet.height)
    _skeleton(sheet, points, pose.visibility, None if status is None else status.side)
    if status is None:
        return []
    back = _back_contour(pose, sheet.width, sheet.height)
    if back is None:
        line = _line_points(points, status)
        _deviation(sheet, line, status)
        _measured_line(sheet, line, status)
        return line
    contour, foot = back
    middle = contour[len(contour) // 2]
    if _judged(status):
        _chord(sheet, middle, foot[0], foot[-1])
    _thick_line(sheet, _pieces(contour, colour_of(status)), status)
    return [contour[0], middle, contour[-1]]


def colour_of(status: Status) -> Colour:
    """The colour that says how the form is: neutral where it is not judged."""
    if status.phase in _UNJUDGED:
        return NEUTRAL
    return GOOD if status.in_form else FAULT


# --- the body ---------------------------------------------------------------------------------------------------


def _points(pose: Pose, width: int, height: int) -> NDArray[np.float64]:
    """The landmarks in the picture's own pixels, NaN where missing or outside it."""
    scale = np.array([width / max(pose.size[0], 1), height / max(pose.size[1], 1)])
    points: Found = pose.pixels * scale
    with np.errstate(invalid="ignore"):
        inside = ((points >= 0) & (points < (width, height))).all(axis=1)
    points[~inside] = np.nan
    return points


def _sub(point: NDArray[np.float64] | Point) -> tuple[int, int]:
    return round(float(point[0]) * _SUB), round(float(point[1]) * _SUB)


def _skeleton(sheet: _Sheet, points: Found, visibility: Found, side: Side | None) -> None:
    """Draw the bones, those of the side turned away dimmer; guessed limbs would only clutter."""
    with np.errstate(invalid="ignore"):
        seen = np.isfinite(points[:, 0]) & ~(visibility < 0.3)
    whole = np.rint(np.nan_to_num(points) * _SUB).astype(np.int32)
    bones = [(a, b) for a, b in _BONES if seen[a] and seen[b]]
    far = _FAR[side]
    near_bones = [whole[[a, b]] for a, b in bones if a not in far and b not in far]
    far_bones = [whole[[a, b]] for a, b in bones if a in far or b in far]
    thin = sheet.px(0.003)
    cv2.polylines(sheet.image, far_bones, False, _DIM, thin, cv2.LINE_AA, _SHIFT)
    cv2.polylines(sheet.image, near_bones, False, _DARK, thin + 1, cv2.LINE_AA, _SHIFT)
    cv2.polylines(sheet.image, near_bones, False, _SOFT, thin, cv2.LINE_AA, _SHIFT)
    for index in _JOINTS:
        if seen[index] and index not in far:
            x, y = whole[index].tolist()
            cv2.circle(sheet.image, (x, y), thin * _SUB * 3 // 2, _SOFT, -1, cv2.LINE_AA, _SHIFT)


def _line_points(points: NDArray[np.float64], status: Status) -> list[Joint]:
    """The measured line's joints in order, None for each that is not in the picture."""
    found: list[Joint] = []
    for joint in status.line:
        name = f"{status.side or 'left'}_{joint}".upper()
        index = Landmark.__members__.get(name, Landmark.__members__.get(joint.upper()))
        known = index is not None and (status.side is not None or index == Landmark.NOSE)
        point = points[index] if known else None
        found.append(point if point is not None and np.isfinite(point).all() else None)
    return found


def _back_contour(pose: Pose, width: int, height: int) -> tuple[Found, Found] | None:
    """The back's contour and the line under it in the picture's own pixels; None where too little of it is seen."""
    if pose.back is None or not pose.found:
        return None
    scale = np.array([width / max(pose.size[0], 1), height / max(pose.size[1], 1)])
    contour, foot = back_points(pose.back, pose.pixels) * scale
    with np.errstate(invalid="ignore"):
        inside = ((contour >= 0) & (contour < (width, height))).all(axis=1)
    return (contour[inside], foot[inside]) if inside.sum() >= _BACK_LEAST else None


def _pieces(contour: Found, colour: Colour) -> list[tuple[Found, Found]]:
    """The contour's short pieces: all of them in form, in dashes out of it, in dots where it is not judged."""
    on, of = (1, 1) if colour == GOOD else (3, 6) if colour == FAULT else (1, 4)
    return [piece for i, piece in enumerate(pairwise(contour)) if i % of < on]


def _measured_line(sheet: _Sheet, line: list[Joint], status: Status) -> None:
    _thick_line(sheet, [(a, b) for a, b in pairwise(line) if a is not None and b is not None], status)
    colour, thick = colour_of(status), sheet.px(0.014, 3)
    for point in line:
        if point is not None:
            cv2.circle(sheet.image, _sub(point), thick * _SUB, _DARK, -1, cv2.LINE_AA, _SHIFT)
            cv2.circle(sheet.image, _sub(point), thick * _SUB * 7 // 10, colour, -1, cv2.LINE_AA, _SHIFT)


def _thick_line(sheet: _Sheet, segments: list[tuple[Found, Found]], status: Status) -> None:
    colour = colour_of(status)
    thick = sheet.px(0.014, 3)
    gap = 0.0 if colour == GOOD else thick * (2.2 if colour == FAULT else 3.0)
    dash = thick * (3.0 if colour == FAULT else 0.3)
    pieces = [piece for a, b in segments for piece in _dashes(a, b, dash, gap)]
    for width, paint in ((thick + sheet.px(0.007, 2), _DARK), (thick, colour)):
        cv2.polylines(sheet.image, pieces, False, paint, width, cv2.LINE_AA, _SHIFT)


def _dashes(a: NDArray[np.float64], b: NDArray[np.float64], dash: float, gap: float) -> list[NDArray[np.int32]]:
    """The line from a to b in dashes that begin and end at its ends; one piece where the gap is 0."""
    length = float(np.hypot(*(b - a)))
    pieces_n = 1 if gap <= 0 else max(1, round((length + gap) / (dash + gap)))
    share = 1.0 if pieces_n == 1 else max(0.0, (length - (pieces_n - 1) * gap) / pieces_n) / max(length, 1e-9)
    starts = np.linspace(0.0, 1.0 - share, pieces_n)
    ends = np.stack([starts, starts + share], axis=1)[:, :, None]
    return list(np.rint((a + ends * (b - a)) * _SUB).astype(np.int32))


# --- the measured value -----------------------------------------------------------------------------------------


def _judged(status: Status) -> bool:
    return status.phase != "unknown" and math.isfinite(status.value)


def _deviation(sheet: _Sheet, line: list[Joint], status: Status) -> None:
    """Show what is measured at the middle joint: the angle, or how far it is from the straight line."""
    if len(line) < 3 or not _judged(status):
        return
    middle = (len(line) - 1) // 2
    if status.unit == "deg":
        _arc(sheet, line[middle - 1 : middle + 2], colour_of(status), past_straight=status.value > 180)
    else:
        _chord(sheet, line[middle], line[0], line[-1])


def _value(sheet: _Sheet, line: list[Joint], status: Status, taken: tuple[Box, ...]) -> None:
    """Write the value beside the measured joint, or beside the middle of a line of two."""
    if not line or not _judged(status):
        return
    joint, first, last = line[(len(line) - 1) // 2], line[0], line[-1]
    if len(line) == 2 and first is not None and last is not None:
        joint = (first + last) / 2
    if joint is not None:
        _label(sheet, joint, _aside(first, last), status, taken)


def _aside(first: Joint, last: Joint) -> Point:
    """The direction square to the line from first to last that points up, or right where the line stands."""
    if first is None or last is None or not np.hypot(*(last - first)):
        return 0.0, -1.0
    x, y = (last - first) / np.hypot(*(last - first))
    # The sides change where the line rises to the right at 55 deg: no exercise stays there, so no label jumps.
    return (float(y), float(-x)) if 0.7 * y + x > 0 else (float(-y), float(x))


def _arc(sheet: _Sheet, line: list[Joint], colour: Colour, *, past_straight: bool) -> None:
    """The angle at the middle of three joints, on the side on which it is measured."""
    before, joint, after = line
    if before is None or joint is None or after is None:
        return
    start, end = (math.degrees(math.atan2(point[1] - joint[1], point[0] - joint[0])) for point in (before, after))
    sweep = (end - start + 180.0) % 360.0 - 180.0
    if past_straight:
        sweep -= math.copysign(360.0, sweep)
    shorter = min(float(np.hypot(*(point - joint))) for point in (before, after))
    radius = round(min(sheet.unit * 0.07, 0.6 * shorter) * _SUB)
    thin = sheet.px(0.006, 2)
    for width, paint in ((thin + sheet.px(0.005, 1), _DARK), (thin, colour)):
        cv2.ellipse(
            sheet.image, _sub(joint), (radius, radius), 0.0, start, start + sweep, paint, width, cv2.LINE_AA, _SHIFT
        )


def _chord(sheet: _Sheet, joint: Joint, first: Joint, last: Joint) -> None:
    if joint is None or first is None or last is None:
        return
    thin = sheet.px(0.005)
    along = last - first
    foot = first + along * float((joint - first) @ along) / max(float(along @ along), 1e-9)
    pieces = _dashes(first, last, thin * 4.0, thin * 3.0) + _dashes(joint, foot, 1.0, 0.0)
    cv2.polylines(sheet.image, pieces, False, _DARK, thin + 2, cv2.LINE_AA, _SHIFT)
    cv2.polylines(sheet.image, pieces, False, _WHITE, thin, cv2.LINE_AA, _SHIFT)


def _label(sheet: _Sheet, joint: Found, away: Point, status: Status, taken: tuple[Box, ...]) -> None:
    pad = sheet.px(0.012, 2)
    wished = Font(sheet.px(0.055, 10), 700)
    text = number(status.value, status.unit)
    lines, font = fit(text, sheet.width - 3 * pad - wished.capital, wished)
    if not lines:
        return
    colour = colour_of(status)
    mark = font.capital + pad if colour == FAULT else 0
    width, height = text_width(lines[0], font) + mark + 2 * pad, font.capital + 2 * pad
    reach = sheet.unit * 0.085
    left = round(joint[0] + away[0] * (reach + width / 2) - width / 2)
    top = round(joint[1] + away[1] * (reach + height / 2) - height / 2)
    left, top, _, bottom = box = _free_place(sheet, (left, top, left + width, top + height), taken)
    _shade(sheet.image, box)
    if mark:
        _warning_sign(sheet, (left + pad, top + pad), font.capital, FAULT, _DARK)
    write(sheet.image, lines[0], (left + pad + mark, bottom - pad), font, colour)


def _free_place(sheet: _Sheet, box: Box, taken: tuple[Box, ...]) -> Box:
    """The box moved into the picture and, where there is room, up or down off what is already written."""
    width, height = box[2] - box[0], box[3] - box[1]
    left = max(0, min(box[0], sheet.width - width))
    top = max(0, min(box[1], sheet.height - height))
    for other in taken:
        if left < other[2] and other[0] < left + width and top < other[3] and other[1] < top + height:
            below, above = other[3], other[1] - height
            top = below if below + height <= sheet.height else max(0, above)
    return left, top, left + width, top + height


# --- panel and banners ------------------------------------------------------------------------------------------


def _shade(image: Image, box: Box) -> None:
    """Darken a box so that writing stands out, and leave the picture faintly seen through it."""
    left, top, right, bottom = (max(0, edge) for edge in box)
    part = image[top:bottom, left:right]
    if part.size:
        part[:] = cv2.convertScaleAbs(part, alpha=_SHADE, beta=16)


def _phase_words(status: Status) -> str:
    words = sentence(status.end) if status.end and status.phase == "top" else _PHASES[status.phase]
    if status.phase == "top" and status.clock_s >= 1:
        return f"{words} {math.floor(status.clock_s)} s"
    return words


def _panel(sheet: _Sheet, status: Status, title: str, dose: str, timed: bool) -> Box:
    """Count or clock, big, with title, phase and dose beside it; returns the box that it takes."""
    margin, pad, bar = sheet.px(0.025), sheet.px(0.026, 2), sheet.px(0.014, 2)
    figure = clock(status.clock_s) if timed else str(status.count)
    left = margin + bar + pad
    room = sheet.width - left - margin - pad
    figures, font = fit(figure, room, Font(sheet.px(0.19, 14), 800))
    if not figures:
        return _NOWHERE
    # Digits differ in width: the room of "0" for each keeps the words beside them from trembling.
    figure_width = text_width("".join("0" if sign.isdigit() else sign for sign in figure), font)
    rows = _rows(sheet, status, title, dose, min(room - figure_width - pad, round(0.55 * sheet.width)))
    rows_wide = max((text_width(row.text, row.font) + pad for row in rows), default=0)
    rows_high = sum(row.font.line for row in rows) - (rows[-1].font.line // 4 if rows else 0)
    high = max(font.capital, rows_high) + 2 * pad
    right, bottom = left + figure_width + pad + rows_wide, margin + high
    box = (margin, margin, min(right, sheet.width), min(bottom, sheet.height))
    _shade(sheet.image, box)
    cv2.rectangle(sheet.image, box[:2], (margin + bar - 1, box[3] - 1), colour_of(status), -1)
    ink = _SOFT if status.phase == "unknown" else _WHITE
    write(sheet.image, figures[0], (left, margin + (high + font.capital) // 2), font, ink)
    y = margin + (high - rows_high) // 2
    for row in rows:
        y += row.font.line
        write(sheet.image, row.text, (left + figure_width + pad, y - row.font.line // 4), row.font, row.colour)
    return box


class _Row(NamedTuple):
    text: str
    font: Font
    colour: Colour


def _rows(sheet: _Sheet, status: Status, title: str, dose: str, room: int) -> list[_Row]:
    wishes = (
        _Row(title, Font(sheet.px(0.045, 10), 600), _WHITE),
        _Row(_phase_words(status), Font(sheet.px(0.062, 11), 700), colour_of(status)),
        _Row(sentence(dose), Font(sheet.px(0.036, 9), 500), _SOFT),
    )
    fitted = ((*fit(wish.text, room, wish.font), wish.colour) for wish in wishes)
    return [_Row(lines[0], font, colour) for lines, font, colour in fitted if lines]


def _cue(sheet: _Sheet, cue: str | None) -> Box:
    """The one thing to correct, across the foot of the picture and large enough for three metres."""
    pad, sign = sheet.px(0.026, 2), sheet.px(0.075, 8)
    lines, font = fit(sentence(cue or "").rstrip("."), sheet.width - 3 * pad - sign, Font(sheet.px(0.09, 12)), 2)
    high = max(_block_height(lines, font), sign) + 2 * pad
    box = (0, sheet.height - high, sheet.width, sheet.height)
    if not lines or box[1] < 0:
        return _NOWHERE
    cv2.rectangle(sheet.image, box[:2], (box[2] - 1, box[3] - 1), FAULT, -1)
    wide = max(text_width(line, font) for line in lines)
    left = max(pad, (sheet.width - wide - sign - pad) // 2)
    _warning_sign(sheet, (left, box[1] + (high - sign) / 2), sign, _DARK, FAULT)
    _block(sheet, lines, font, (left + sign + pad, box[1], high), _DARK)
    return box


def _advice(sheet: _Sheet, advice: str | None, panel: Box) -> Box:
    """What to change about the camera: beside the panel, or under it where the picture is narrow."""
    pad, sign, edge = sheet.px(0.022, 2), sheet.px(0.06, 8), sheet.px(0.006, 2)
    margin = panel[0]
    beside = sheet.width - panel[2] - 2 * margin >= 0.4 * sheet.width
    left, top = (panel[2] + margin, panel[1]) if beside else (margin, panel[3] + margin)
    text_left = left + edge + 2 * pad + sign
    room = sheet.width - text_left - margin - pad
    lines, font = fit(sentence(advice or ""), room, Font(sheet.px(0.05, 10)), 3)
    if not lines:
        return _NOWHERE
    high = max(_block_height(lines, font) + 2 * pad, sign + 2 * pad, panel[3] - panel[1] if beside else 0)
    box = (left, top, text_left + max(text_width(line, font) for line in lines) + pad, top + high)
    if box[3] > sheet.height:
        return _NOWHERE
    _shade(sheet.image, box)
    cv2.rectangle(sheet.image, (left, top), (left + edge - 1, box[3] - 1), CAMERA, -1)
    _camera_sign(sheet, (left + edge + pad, top + (high - sign) / 2), sign)
    _block(sheet, lines, font, (text_left, top, high), _WHITE)
    return box


def _block_height(lines: tuple[str, ...], font: Font) -> int:
    return font.capital + (len(lines) - 1) * font.line + font.size // 4


def _block(sheet: _Sheet, lines: tuple[str, ...], font: Font, place: tuple[int, int, int], colour: Colour) -> None:
    """Write lines from the left edge `place[0]`, centred in the height `place[2]` below `place[1]`."""
    left, top, high = place
    baseline = top + (high - (len(lines) - 1) * font.line + font.capital) // 2
    for index, line in enumerate(lines):
        write(sheet.image, line, (left, baseline + index * font.line), font, colour)


def _warning_sign(sheet: _Sheet, corner: Point, size: int, fill: Colour, ink: Colour) -> None:
    """A triangle with an exclamation mark, `size` pixels wide and high."""
    x, y = corner
    tips = np.array([(x + size / 2, y), (x + size, y + size), (x, y + size)])
    cv2.fillConvexPoly(sheet.image, np.rint(tips * _SUB).astype(np.int32), fill, cv2.LINE_AA, _SHIFT)
    stroke = max(1, round(size * 0.13))
    middle = x + size / 2
    ends = (_sub((middle, y + size * 0.38)), _sub((middle, y + size * 0.64)))
    cv2.line(sheet.image, *ends, ink, stroke, cv2.LINE_AA, _SHIFT)
    cv2.circle(sheet.image, _sub((middle, y + size * 0.84)), round(size * 0.08 * _SUB), ink, -1, cv2.LINE_AA, _SHIFT)


def _camera_sign(sheet: _Sheet, corner: Point, size: int) -> None:
    """A video camera seen from the side."""
    x, y = corner
    box = np.array([(x, y + size * 0.22), (x + size * 0.66, y + size * 0.78)])
    cv2.rectangle(sheet.image, _sub(box[0]), _sub(box[1]), CAMERA, -1, cv2.LINE_AA, _SHIFT)
    lens = np.array([(0.62, 0.5), (1.0, 0.22), (1.0, 0.78)]) * size + corner
    cv2.fillConvexPoly(sheet.image, np.rint(lens * _SUB).astype(np.int32), CAMERA, cv2.LINE_AA, _SHIFT)
