"""Filling a template into one self-contained HTML file. Everything that is filled in is escaped."""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.report.page.figures import Figure
from formcheck.report.words import clock, number, sentence, words

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).resolve().parent
NOT_SEEN = "not seen"


def render(template: str, *, title: str, figures: Sequence[Figure] = (), **context: object) -> str:
    """Fill a template.

    Args:
        template: Its file's name in `templates/`; it extends ``base.html``.
        title: Of the page, for its heading and the browser's tab.
        figures: All charts of the page; a template places one with ``{{ page.figure(chart) }}``.
        context: What else the template names. Text in it is escaped, whatever it is.

    Returns:
        The whole HTML file.
    """
    scripts = [_file("vendor/echarts.common.min.js")] if figures else []
    scripts.append(_file("assets/page.js"))
    return (
        _environment()
        .get_template(template)
        .render(
            title=title,
            figures=figures,
            style=_file("assets/page.css"),
            scripts=scripts,
            allowed=" ".join(f"'sha256-{_digest(script)}'" for script in scripts),
            **context,
        )
    )


def told(value: float | None, unit: str = "") -> str:
    """A value with its unit, or that it was not seen: never 0 for what is unknown."""
    return (
        NOT_SEEN
        if value is None or not math.isfinite(value)
        else number(value, unit).replace(" ", "\N{NO-BREAK SPACE}")
    )


def moment(seconds: float | None) -> str:
    """A time in the clip as "m:ss", or that it was not seen."""
    return NOT_SEEN if seconds is None or not math.isfinite(seconds) else clock(seconds)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - slow

    made = Environment(
        loader=FileSystemLoader(_HERE / "templates", encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.policies["json.dumps_kwargs"] = {"sort_keys": True, "allow_nan": False}  # a browser reads no NaN
    made.filters |= {"told": told, "moment": moment, "words": words, "sentence": sentence}
    return made


@cache
def _file(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
