"""The page of the last weeks in a real browser."""

from __future__ import annotations

from datetime import UTC, date
from pathlib import Path

import pytest
from browser import LOOKS, looked_at, nameless
from history_examples import ATTEMPT, GOOD, HALF_A_MINUTE, HOLD, write_session

from formcheck.history.page import history_page
from formcheck.history.store import Store

pytestmark = pytest.mark.slow

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


def page_of(tmp_path: Path, title: str = "Bridge") -> Path:
    with Store.open(tmp_path / "history.sqlite3", zone=UTC) as store:
        for day in range(0, 8, 2):
            write_session(store, days=day, title=title, events=[GOOD, ATTEMPT], pain=day == 4)
            write_session(store, days=day, exercise="side_plank", title=title, dose=HALF_A_MINUTE, events=[HOLD])
        sessions = store.sessions()
    path = tmp_path / "page.html"
    path.write_text(history_page(sessions, date(2026, 3, 15), advice="Take a rest day."), "utf-8")
    return path


@pytest.mark.parametrize("look", LOOKS)
def test_charts_are_drawn_and_nothing_leaves_the_page(look, tmp_path):
    with looked_at(page_of(tmp_path), look) as (page, wrong):
        for name in ("dose", "score-1", "range-1", "score-2", "held-2"):
            page.wait_for_selector(f"#{name} svg path", state="attached")
        assert page.locator(".chart").count() == 5
        assert nameless(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= LOOKS[look]["viewport"]["width"]
        assert page.get_by_role("img", name="8 March: pain").inner_text() == "8 ▲"
        assert wrong == []


def test_an_exercise_named_script_does_nothing(tmp_path):
    with looked_at(page_of(tmp_path, EVIL)) as (page, wrong):
        page.wait_for_selector("#held-2 svg path", state="attached")
        assert page.get_by_role("heading", name="alert(1)").count() == 2
        assert wrong == []


def test_it_prints_on_pages(tmp_path):
    with looked_at(page_of(tmp_path)) as (page, wrong):
        page.wait_for_selector("#held-2 svg path", state="attached")
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") >= 2
        assert wrong == []
