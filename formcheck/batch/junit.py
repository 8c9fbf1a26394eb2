"""The results of a batch as JUnit XML, which CI systems read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from formcheck.batch.work import Done
from formcheck.files import write_atomically

# What XML 1.0 cannot hold, not even escaped.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(results: Sequence[Done], path: Path) -> None:
    """Write the results as JUnit XML.

    Raises:
        OutputError: It cannot be written.
    """
    write_atomically(path, to_junit(results))


def to_junit(results: Sequence[Done]) -> bytes:
    """The results as JUnit XML: one test case for each clip, its folder as class name, times in seconds."""
    totals = {
        "name": "formcheck",
        "tests": str(len(results)),
        "failures": str(sum(done.status == "failed" for done in results)),
        "errors": str(sum(done.status == "error" for done in results)),
        "time": f"{sum(done.seconds for done in results):.3f}",
    }
    root = Element("testsuites", totals)
    suite = SubElement(root, "testsuite", totals | {"skipped": "0"})
    for done in results:
        _add(suite, done)
    indent(root)
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _add(suite: Element, done: Done) -> None:
    place = PurePosixPath(done.name)
    folder = place.parent if place.parent.name else Path(done.clip).absolute().parent.name
    attributes = {"classname": str(folder) or "clips", "name": place.name, "time": f"{done.seconds:.3f}"}
    case = SubElement(suite, "testcase", {key: _legal(value) for key, value in attributes.items()})
    if done.status in ("failed", "error"):
        kind, what = ("failure", "expectation") if done.status == "failed" else ("error", "clip")
        told = SubElement(case, kind, {"message": _legal(done.message), "type": what})
        told.text = _legal("\n".join((done.error,) if done.error else done.failures))
    if done.found is not None:
        SubElement(case, "system-out").text = _legal(f"{done.exercise}: {done.found.summary}")


def _legal(text: str) -> str:
    return _ILLEGAL.sub("?", text)
