"""A comparison as text for the terminal."""

from __future__ import annotations

from pathlib import PurePath

from rich.console import Console

from formcheck.report.compare.comparison import Comparison
from formcheck.report.compare.faults import FaultChange
from formcheck.report.result import AnalysisResult
from formcheck.report.terminal import CAUTION, Page
from formcheck.report.words import clock, sentence, words

NOTHING = "Nothing that differs by more than the measuring error."
_STYLES = {"better": "green", "worse": "yellow", "gone": "green", "new": "yellow"}


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print two results side by side, and what of it is better or worse."""
    page = Page(console)
    page.line(f"{comparison.title}: before and after", "bold")
    for when, one in (("Before", comparison.before), ("After", comparison.after)):
        page.line(f"{when}: {clip_of(one)}, {length_of(one)}")
    page.line()
    _rows(page, comparison)
    if comparison.faults:
        page.line()
        _faults(page, comparison.faults)
    page.line()
    for label, told in (("Better", comparison.better), ("Worse", comparison.worse)):
        page.line(f"{label}:", f"bold {_STYLES[label.lower()]}")
        for what in told or (NOTHING,):
            page.line(sentence(what), indent=2)
    page.line()
    for remark in comparison.remarks:
        page.line(remark, "dim")
    page.line(CAUTION, "dim")


def clip_of(result: AnalysisResult) -> str:
    """The clip's file name."""
    return PurePath(result.source.path).name or result.source.path


def length_of(result: AnalysisResult) -> str:
    """How long the clip is."""
    return f"{clock(result.source.duration_s)} long" if result.source.duration_s else "a photo"


def kind_told(change: FaultChange) -> str:
    """What became of a fault, and whether that is within the measuring error."""
    return change.kind if change.certain or change.kind == "stayed" else f"{change.kind}, within the measuring error"


def _rows(page: Page, comparison: Comparison) -> None:
    if page.narrow:
        for row in comparison.rows:
            told = f"{sentence(row.label)}: {row.before}, then {row.after}"
            page.line(f"{told} ({row.verdict})" if row.verdict else told, _STYLES.get(row.verdict, ""))
        return
    lines = (
        (
            page.text(row.label),
            page.text(row.before),
            page.text(row.after),
            page.text(row.asked),
            page.text(row.verdict, _STYLES.get(row.verdict, "")),
        )
        for row in comparison.rows
    )
    page.table(("", "before", "after", "asked", ""), lines, prose=4)


def _faults(page: Page, changes: tuple[FaultChange, ...]) -> None:
    if page.narrow:
        for change in changes:
            page.line(f"{sentence(words(change.name))}: {kind_told(change)}", _STYLES.get(change.kind, ""))
            page.line(f"{change.before}, then {change.after}", indent=2)
        return
    lines = (
        (
            page.text(words(change.name)),
            page.text(change.before),
            page.text(change.after),
            page.text(kind_told(change), _STYLES.get(change.kind, "") if change.certain else ""),
        )
        for change in changes
    )
    page.table(("fault", "before", "after", ""), lines, prose=3)
