"""The page of a comparison in a real browser."""

from __future__ import annotations

from dataclasses import replace

import pytest
from browser import LOOKS, looked_at, nameless
from result_examples import ALL, AUTO, BRIDGE

from formcheck import exercises
from formcheck.report.compare.comparison import compare, pairs
from formcheck.report.compare.page import comparison_page

pytestmark = pytest.mark.slow


def page_of(tmp_path, before, after):
    path = tmp_path / "page.html"
    found = [compare(one, other, exercises.get(one.exercise)) for one, other in pairs(before, after)]
    path.write_text(comparison_page(found), "utf-8")
    return path


@pytest.mark.parametrize("look", LOOKS)
def test_charts_are_drawn_and_nothing_leaves_the_page(look, tmp_path):
    with looked_at(page_of(tmp_path, AUTO, AUTO), look) as (page, wrong):
        page.wait_for_selector("#main-1-1 svg path", state="attached")
        page.wait_for_selector("#holds-2 svg path", state="attached")
        assert page.locator(".chart svg").count() == page.locator(".chart").count() == 2
        assert nameless(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= LOOKS[look]["viewport"]["width"]
        assert page.locator("h1").count() == 1
        assert wrong == []


def test_both_clips_are_in_the_chart(tmp_path):
    with looked_at(page_of(tmp_path, BRIDGE, BRIDGE)) as (page, wrong):
        page.wait_for_selector("#main-1-1 svg text", state="attached")
        told = page.locator("#main-1-1 svg text").all_text_contents()
        assert {"before", "after", "asked", "deg", "repetition"} <= set(told)
        assert wrong == []


@pytest.mark.parametrize("name", ["bridge", "plank"])
def test_a_clip_named_script_does_nothing(name, tmp_path):
    text = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    evil = replace(
        ALL[name],
        source=replace(ALL[name].source, path=text),
        warnings=(text,),
        reps=tuple(replace(rep, measures={text: 1.0}, faults=(text,)) for rep in ALL[name].reps),
        faults=tuple(replace(span, name=text, cue=text) for span in ALL[name].faults),
    )
    path = tmp_path / "page.html"
    path.write_text(comparison_page([compare(evil, evil, None)]), "utf-8")
    with looked_at(path) as (page, wrong):
        page.wait_for_selector(".chart svg path", state="attached")
        assert page.get_by_role("cell", name="alert(1)").count() >= 1
        assert wrong == []


def test_it_prints_on_pages(tmp_path):
    with looked_at(page_of(tmp_path, AUTO, AUTO)) as (page, wrong):
        page.wait_for_selector(".chart svg path", state="attached")
        printed = page.pdf(prefer_css_page_size=True)
        assert printed.startswith(b"%PDF")
        assert printed.count(b"/Type /Page\n") >= 2
        assert wrong == []
