"""Pages: one file, everything filled in escaped, nothing asked of any network."""

from __future__ import annotations

import hashlib
import json
import math
import re
from pathlib import Path

import pytest
from jinja2 import DictLoader
from jinja2.exceptions import UndefinedError

import formcheck.report.page
from formcheck.report.page import Figure, figures, render
from formcheck.report.page.render import _environment, moment, told

PAGE = Path(formcheck.report.page.__file__).parent
EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


def chart(*points: tuple[float, float], name: str = "angle", title: str = "Angle") -> Figure:
    option = figures.chart([figures.curve("angle", points)], x=figures.axis("s"), y=figures.axis("deg"))
    return Figure(name, title, "Goes up.", option)


def page(**context: object) -> str:
    options = {"title": "A page", "about": None, "sections": [], "films": [], "picture": None} | context
    return render("base.html", **options)


def test_the_charting_library_is_the_file_that_was_published():
    sums = dict(reversed(line.split()) for line in (PAGE / "vendor" / "SHA256SUMS").read_text().splitlines())
    files = {path.name for path in (PAGE / "vendor").iterdir()} - {"SHA256SUMS", "README.md"}
    assert set(sums) == files
    for name, digest in sums.items():
        assert hashlib.sha256((PAGE / "vendor" / name).read_bytes()).hexdigest() == digest


def test_a_page_names_no_other_place():
    html = page(figures=[chart((0, 1), (1, 2))])
    page_without_library = html.replace((PAGE / "vendor" / "echarts.common.min.js").read_text(encoding="utf-8"), "")
    assert not re.findall(r"https?://", page_without_library)
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]*\bsrc=", page_without_library)
    assert "default-src 'none'" in html


def test_a_page_without_a_chart_carries_no_charting_library():
    assert "echarts" not in page().split("<script>")[0]
    assert len(page()) < 40_000 < len(page(figures=[chart((0, 1))]))


def test_whatever_is_filled_in_is_escaped():
    html = page(title=EVIL, figures=[chart((0, 1), title=EVIL)])
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert html.count("<script") == 3  # data, library, page


def test_a_name_that_a_template_does_not_get_is_an_error(monkeypatch):
    monkeypatch.setattr(_environment(), "loader", DictLoader({"t.html": "{{ forgotten }}"}))
    with pytest.raises(UndefinedError, match="forgotten"):
        render("t.html", title="")


def test_an_unknown_value_breaks_the_curve():
    data = chart((0, 1), (1, math.nan), (2, 3)).data["option"]["series"][0]["data"]
    assert data == [[0, 1], [1, None], [2, 3]]
    assert "NaN" not in json.dumps(data)


def test_a_number_that_no_browser_reads_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        page(figures=[chart((math.nan, 1))])


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (171.4, "deg", "171°"),
        (0.0, "s", "0.0\N{NO-BREAK SPACE}s"),
        (math.nan, "deg", "not seen"),
        (math.inf, "s", "not seen"),
        (None, "s", "not seen"),
    ],
)
def test_told(value: float | None, unit: str, expected: str):
    assert told(value, unit) == expected


@pytest.mark.parametrize(("seconds", "expected"), [(0.0, "0:00"), (75.4, "1:15"), (math.nan, "not seen")])
def test_moment(seconds: float, expected: str):
    assert moment(seconds) == expected
