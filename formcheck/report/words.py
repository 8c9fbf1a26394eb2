"""Names and numbers in words, for the screen, the terminal and the voice."""

from __future__ import annotations

import math

# The end of a measure's name says its unit; the longest ending is tried first.
_UNITS = {
    "_trunk_lengths": "trunk lengths",
    "_trunks": "trunk lengths",
    "_trunk": "trunk lengths",
    "_deg": "deg",
    "_cm": "cm",
    "_in": "in",
    "_pct": "%",
    "_s": "s",
}
_DECIMALS = {"deg": 0, "deg/s": 0, "legs": 0, "%": 0, "s": 1, "cm": 0, "in": 1}


def words(name: str) -> str:
    """A name from the rules in words: "hips_sagging" becomes "hips sagging"."""
    return name.replace("_", " ").strip()


def sentence(text: str) -> str:
    """The text with its first letter as a capital; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def split_unit(name: str) -> tuple[str, str]:
    """A measure's name in words and its unit: "hip_angle_deg" becomes ("hip angle", "deg")."""
    for ending, unit in _UNITS.items():
        if name.endswith(ending) and name != ending:
            return words(name.removesuffix(ending)), unit
    return words(name), ""


def number(value: float, unit: str, *, degree_sign: bool = True) -> str:
    """A value with its unit, rounded as finely as it can be believed; "unknown" where it is not finite.

    The degree sign stands where the output can show it, "deg" elsewhere.
    """
    if not math.isfinite(value):
        return "unknown"
    if unit == "line lengths":
        return f"{round(100 * value) + 0} % of the line"
    # Adding 0.0 after rounding turns -0.0 into 0.0: "-0°" would look like a fault.
    digits = f"{round(value, _DECIMALS.get(unit, 2)) + 0.0:.{_DECIMALS.get(unit, 2)}f}"
    if unit == "deg" and degree_sign:
        return f"{digits}°"
    return f"{digits} {unit}".rstrip()


def clock(seconds: float) -> str:
    """Whole seconds gone by as "m:ss", from an hour on as "h:mm:ss"; "-" where unknown."""
    if not math.isfinite(seconds):
        return "-"
    whole = max(0, math.floor(seconds + 1e-3))  # 29.9999 is half a minute
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"
