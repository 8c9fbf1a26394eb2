"""A person's height as people write it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.errors import FormcheckError, HeightError
from formcheck.height import LEAST_CM, MOST_CM, check_height, parse_height

FAST = settings(deadline=None, derandomize=True, database=None)
HEIGHTS = st.floats(LEAST_CM, MOST_CM)


@pytest.mark.parametrize(
    ("text", "cm"),
    [
        ("172cm", 172), ("172", 172), ("172 cm", 172), (" 172CM ", 172), ("172.5cm", 172.5), ("172,5", 172.5),
        ("1.72m", 172), ("1,72 m", 172), ("2m", 200),
        ("5ft8", 172.72), ("5ft8in", 172.72), ("5 ft 8 in", 172.72), ("5 feet 8 inches", 172.72), ("5FT8", 172.72),
        ("5'8\"", 172.72), ("5'8", 172.72), ("5' 8\"", 172.72), ("5'8''", 172.72), ("5'8.5\"", 173.99),
        ("5\u20198\u201d", 172.72), ("5\u20328\u2033", 172.72),  # as telephones and books write them
        ("68in", 172.72), ("68 inches", 172.72), ("68\"", 172.72), ("67.5in", 171.45),
        ("6ft", 182.88), ("6'", 182.88), ("5.5ft", 167.64), ("6ft0", 182.88),
        ("100cm", 100), ("230cm", 230), ("2.30m", 230), ("3ft4", 101.6), ("7ft6.5", 229.87),
    ],
)  # fmt: skip
def test_heights(text, cm):
    assert parse_height(text) == pytest.approx(cm)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "tall", "cm", "m", "ft", "172mm", "172 kg", "-172", "+172cm", "1e2", "nan", "inf", "1.7.2m", "5ft8cm",
        "5ft8ft", "8in5ft", "5.5ft8", "5ft12", "5ft13in", "172cm172cm", "'8",
        "1.72",  # 1.72 cm
        "99.9cm", "230.1cm", "0", "0m", "17.2m", "172m", "3ft", "3ft3", "7ft7", "39in", "91in", "172in", "172ft",
    ],
)  # fmt: skip
def test_what_is_no_height_is_refused_with_what_is_allowed(text):
    with pytest.raises(HeightError, match=r"from 100 to 230 cm, as 172cm, 1\.72m, 5ft8 or 68in") as caught:
        parse_height(text)
    assert isinstance(caught.value, FormcheckError)
    assert "\n" not in str(caught.value)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize("cm", [99.9, 230.1, 0.0, -172.0, math.nan, math.inf, 1.72])
def test_a_number_that_is_no_height_is_refused(cm):
    with pytest.raises(HeightError, match="from 100 to 230 cm"):
        check_height(cm)


@pytest.mark.parametrize("cm", [LEAST_CM, 172, MOST_CM])
def test_a_number_that_is_a_height_is_taken_as_it_is(cm):
    assert check_height(cm) == cm


WAYS = {
    "bare": lambda cm: f"{cm:.3f}",
    "cm": lambda cm: f"{cm:.3f}cm",
    "comma": lambda cm: f"{cm:.3f} cm".replace(".", ","),
    "m": lambda cm: f"{cm / 100:.5f} m",
    "in": lambda cm: f"{cm / 2.54:.4f}in",
    "feet": lambda cm: f"{cm / 30.48:.6f}ft",
    "feet and inches": lambda cm: "{:.0f}ft{:.4f}".format(*divmod(round(cm / 2.54, 4), 12)),
    "signs": lambda cm: "{:.0f}'{:.4f}\"".format(*divmod(round(cm / 2.54, 4), 12)),
}


@pytest.mark.parametrize("way", WAYS)
@FAST
@given(cm=st.floats(LEAST_CM + 0.01, MOST_CM - 0.01))
def test_whatever_is_written_is_read_back(way, cm):
    assert parse_height(WAYS[way](cm)) == pytest.approx(cm, abs=0.01)


@FAST
@given(text=st.text(alphabet="0123456789.,'\" cmftin-", max_size=8))
def test_any_text_is_a_height_within_bounds_or_refused(text):
    try:
        cm = parse_height(text)
    except HeightError:
        return
    assert cm == pytest.approx(min(max(cm, LEAST_CM), MOST_CM), abs=1e-5)
