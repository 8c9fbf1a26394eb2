from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from batch_work import FOUND
from hypothesis import given
from hypothesis import strategies as st

from formcheck.batch.junit import to_junit, write_junit
from formcheck.batch.work import Done
from formcheck.errors import OutputError

PASSED = Done("a.mp4", "clips/a.mp4", "bridge", 1.5, FOUND, checked=True)
RESULTS = (
    PASSED,
    replace(PASSED, name="sub/deep/b.mp4", failures=("expected <5> & found 4", "expected no feet_too_far")),
    Done("c.mp4", "clips/c.mp4", seconds=0.25, error="it is broken\x00\x1b[31m"),
    replace(PASSED, name="d.mp4", checked=False),
)


def test_every_clip_is_a_case():
    root = ElementTree.fromstring(to_junit(RESULTS))
    (suite,) = root
    assert root.tag == "testsuites"
    for element in (root, suite):
        counts = {name: element.get(name) for name in ("tests", "failures", "errors", "time")}
        assert counts == {"tests": "4", "failures": "1", "errors": "1", "time": "4.750"}
    cases = list(suite)
    assert [(case.get("classname"), case.get("name")) for case in cases] == [
        ("clips", "a.mp4"), ("sub/deep", "b.mp4"), ("clips", "c.mp4"), ("clips", "d.mp4"),
    ]  # fmt: skip
    assert [[child.tag for child in case] for case in cases] == [
        ["system-out"], ["failure", "system-out"], ["error"], ["system-out"],
    ]  # fmt: skip
    assert cases[1][0].text == "expected <5> & found 4\nexpected no feet_too_far"
    assert cases[1][0].get("message") == "expected <5> & found 4; expected no feet_too_far"
    assert cases[2][0].text == "it is broken??[31m"


@given(st.text(), st.text(), st.text(st.characters(categories=["Cs", "Cc", "Lu"])))
def test_any_text_makes_xml_that_parses(name, message, path):
    done = Done(name, path or "x", error=message)
    (suite,) = ElementTree.fromstring(to_junit([done]))
    assert len(suite) == 1


def test_no_clip_at_all():
    (suite,) = ElementTree.fromstring(to_junit([]))
    assert suite.get("tests") == "0"


def test_written(tmp_path):
    write_junit(RESULTS, tmp_path / "ci" / "junit.xml")
    assert ElementTree.parse(tmp_path / "ci" / "junit.xml").getroot().tag == "testsuites"
    with pytest.raises(OutputError):
        write_junit(RESULTS, tmp_path)
