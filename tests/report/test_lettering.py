from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from formcheck.report import lettering
from formcheck.report.lettering import SMALLEST, Font, fit, plain, text_width, write

ADVICE = "Move the camera back until your head and your feet are in the picture."


@pytest.fixture(params=["outlines", "strokes"])
def _both_fonts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if request.param == "outlines" and not lettering._OUTLINES:
        pytest.skip("this OpenCV has only its stroke font")
    monkeypatch.setattr(lettering, "_OUTLINES", request.param == "outlines")
    fit.cache_clear()
    yield
    fit.cache_clear()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("171°", "171 deg"),
        ("Bauchmuskelübung", "Bauchmuskelubung"),
        ("10–15 s", "10-15 s"),  # noqa: RUF001 (the dash is the point)
        ("体操", "??"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.usefixtures("_both_fonts")
class TestFit:
    def test_keeps_the_size_where_there_is_room(self) -> None:
        assert fit("Bridge", 1000, Font(40)) == (("Bridge",), Font(40))

    @pytest.mark.parametrize("width", [60, 150, 300, 620])
    @pytest.mark.parametrize("lines", [1, 2, 3])
    def test_never_wider_than_asked(self, width: int, lines: int) -> None:
        broken, font = fit(ADVICE, width, Font(40), lines)
        assert 1 <= len(broken) <= lines
        assert SMALLEST <= font.size <= 40
        assert all(text_width(line, font) <= width for line in broken)

    def test_breaks_before_it_shrinks(self) -> None:
        wide = text_width("Lift your hips", Font(30))
        assert fit("Lift your hips a little", wide + 2, Font(30), 2) == (("Lift your hips", "a little"), Font(30))

    def test_ends_in_an_ellipsis_where_nothing_helps(self) -> None:
        broken, _ = fit(ADVICE, 60, Font(40), 1)
        assert broken[0].endswith("...")

    def test_cuts_only_the_last_line(self) -> None:
        broken, font = fit(f"{ADVICE} {ADVICE}", 120, Font(40), 2)
        assert len(broken) == 2
        assert not broken[0].endswith("...")
        assert broken[1].endswith("...")
        assert font.size == SMALLEST

    @pytest.mark.parametrize("width", [-5, 0, 1, 4])
    def test_no_room_no_lines(self, width: int) -> None:
        assert fit(ADVICE, width, Font(40), 2)[0] == ()

    def test_nothing_to_write(self) -> None:
        assert fit("", 100, Font(20))[0] == ()


@pytest.mark.usefixtures("_both_fonts")
@pytest.mark.parametrize("text", ["171°", "Élan vital", "0:42", "体操"])
def test_write_stays_within_its_width(text: str) -> None:
    image = np.zeros((60, 400, 3), np.uint8)
    font = Font(30, 700)
    write(image, text, (20, 40), font, (255, 255, 255))
    columns = np.flatnonzero(image.any(axis=(0, 2)))
    assert columns.size
    assert columns[0] >= 18
    assert columns[-1] <= 20 + text_width(text, font) + 2
