import pytest
import typer

from formcheck.cli_stride import parse_stride


@pytest.mark.parametrize(("text", "stride"), [("1", 1), ("2", 2), ("auto", "auto")])
def test_what_a_stride_may_be(text, stride):
    assert parse_stride(text) == stride


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "", "two", "AUTO"])
def test_what_it_may_not_be(text):
    with pytest.raises(typer.BadParameter, match="neither auto nor a whole number"):
        parse_stride(text)
