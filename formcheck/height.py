"""A person's height as people write it (172cm, 1.72m, 5ft8, 5'8", 68in), in centimetres."""

from __future__ import annotations

import re

from formcheck.errors import HeightError

LEAST_CM, MOST_CM = 100.0, 230.0
CM_PER_INCH = 2.54
INCHES_PER_FOOT = 12

_NUMBER = r"(\d+(?:[.,]\d+)?)"
_FEET = r"(?:ft|foot|feet|')"
_INCHES = r"(?:in|inch|inches|\"|'')"
_ALONE = (
    (re.compile(rf"{_NUMBER}(?:cm)?"), 1.0),
    (re.compile(rf"{_NUMBER}m"), 100.0),
    (re.compile(rf"{_NUMBER}{_INCHES}"), CM_PER_INCH),
    (re.compile(rf"{_NUMBER}{_FEET}"), INCHES_PER_FOOT * CM_PER_INCH),
)
_FEET_AND_INCHES = re.compile(rf"(\d+){_FEET}{_NUMBER}{_INCHES}?")
# Curly quotes and true prime signs, as telephones and books write them.
_SIGNS = str.maketrans("\u2018\u2019\u2032\u201c\u201d\u2033", "'''" + 3 * '"')


def parse_height(text: str) -> float:
    """The height in centimetres.

    Args:
        text: A number of centimetres with or without "cm", or with "m", "in" or "ft"; feet and inches as 5ft8 or 5'8".

    Raises:
        HeightError: It is none, or nobody's.
    """
    plain = "".join(text.lower().translate(_SIGNS).split())
    for pattern, cm in _ALONE:
        if found := pattern.fullmatch(plain):
            return check_height(_value(found[1]) * cm, text)
    found = _FEET_AND_INCHES.fullmatch(plain)
    if found is None or _value(found[2]) >= INCHES_PER_FOOT:
        raise _refusal(text)
    return check_height((_value(found[1]) * INCHES_PER_FOOT + _value(found[2])) * CM_PER_INCH, text)


def check_height(cm: float, text: str | None = None) -> float:
    """The height, if it can be somebody's.

    Args:
        cm: In centimetres.
        text: As it was given, for the message.

    Raises:
        HeightError: It is not within `LEAST_CM` and `MOST_CM`.
    """
    # A hair of room: 7 feet 6.55 inches are 229.997 cm, and what is written 230cm may come out as 230.0000001.
    if not LEAST_CM - 1e-6 <= cm <= MOST_CM + 1e-6:
        raise _refusal(f"{cm:g} cm" if text is None else text)
    return cm


def _value(number: str) -> float:
    return float(number.replace(",", "."))


def _refusal(text: str) -> HeightError:
    return HeightError(
        f"{text!r} is no height that can be used: give one from {LEAST_CM:g} to {MOST_CM:g} cm, as 172cm, 1.72m, 5ft8 "
        "or 68in."
    )
