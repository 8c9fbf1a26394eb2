"""The sample clip that comes with formcheck, and its report."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest
import samples

from formcheck import cli, cli_demo

PAGE = "report.html"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What the browser was asked to show."""
    shown: list[str] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(webbrowser, "open", lambda url: not shown.append(url))
    return shown


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch, short_clip: Path) -> None:
    monkeypatch.setattr(cli_demo, "_PLACES", (short_clip.parent,))
    monkeypatch.setattr(cli_demo, "CLIP", short_clip.name)


def test_the_sample_is_one_of_the_sample_videos():
    assert cli_demo.find_sample() == samples.clip("bridge_faulty")


@pytest.mark.usefixtures("short")
def test_it_analyses_the_sample_and_opens_its_report(opened, tmp_path, capfd):
    assert cli.main(["demo"]) == 0
    page = tmp_path / cli_demo.FOLDER / PAGE
    assert opened == [page.as_uri()]
    assert f"The report: {page}" in capfd.readouterr().out
    assert "Glute bridge" in page.read_text(encoding="utf-8")


@pytest.mark.usefixtures("short")
def test_it_need_not_open_anything(opened, tmp_path):
    assert cli.main(["demo", "--no-open", "--out", "there"]) == 0
    assert (tmp_path / "there" / PAGE).is_file()
    assert opened == []


@pytest.mark.usefixtures("short", "opened")
def test_no_browser_is_told(monkeypatch, capfd):
    monkeypatch.setattr(webbrowser, "open", lambda _: False)
    assert cli.main(["demo"]) == 0
    assert "open that file in one" in capfd.readouterr().out


def test_a_sample_that_is_missing_is_told(monkeypatch, tmp_path, capfd):
    monkeypatch.setattr(cli_demo, "_PLACES", (tmp_path,))
    assert cli.main(["demo"]) == 2
    error = capfd.readouterr().err
    assert error.startswith("formcheck: The sample clip")
    assert error.count("\n") == 1
