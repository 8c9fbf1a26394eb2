"""formcheck inside pytest: `pytest --formcheck DIR` makes a test of each expectation (NAME.expect.toml) beside a clip.

Off unless asked, and then nothing of it is imported but this file. A test that fails says what a coach would, without a
traceback. The fixture `formcheck_analyze` is there for tests in code.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from formcheck.batch import SUFFIX

if TYPE_CHECKING:
    from formcheck.report.result import AnalysisResult


class Analyze(Protocol):
    """`formcheck.analyze`, each clip once with the same options: see there."""

    def __call__(self, clip: str | Path, exercise: str | Path, **options: Any) -> AnalysisResult:
        """Analyse a clip, or give the result that an earlier test had."""
        ...


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("formcheck")
    group.addoption(
        "--formcheck", action="store_true", help=f"make a test of each clip's expectation (NAME{SUFFIX}) that is found"
    )
    group.addoption(
        "--formcheck-model", default="full", metavar="MODEL", help="pose model: lite, full, heavy, or the path of one"
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take the expectations, if asked."""
    if parent.config.getoption("formcheck") and file_path.name.endswith(SUFFIX):
        return ExpectationFile.from_parent(parent, path=file_path)
    return None


class ExpectationFile(pytest.File):
    """An expectation beside its clip."""

    def collect(self) -> Iterable[pytest.Item]:
        """One test: the clip is analysed once, and everything expected of it is looked at."""
        yield ClipItem.from_parent(self, name=self.path.name.removesuffix(SUFFIX))


class ClipItem(pytest.Item):
    """The test of one clip."""

    def runtest(self) -> None:
        """Analyse the clip and compare.

        Raises:
            NotAsExpectedError: Something is not as expected, or the clip cannot be analysed.
        """
        from formcheck.batch.clips import find  # noqa: PLC0415 - slow
        from formcheck.batch.work import Settings, Unit, do  # noqa: PLC0415
        from formcheck.errors import FormcheckError  # noqa: PLC0415

        try:
            clips = find([str(self.path)])
        except FormcheckError as error:
            raise NotAsExpectedError((str(error),)) from error
        sentences: list[str] = []
        for clip in clips:  # a clip and its pose recording may share an expectation
            done = do(Unit(clip, Settings(model=self.config.getoption("formcheck_model"))))
            if done.found is not None:
                self.add_report_section("call", "formcheck", f"{clip.path}: {done.found.summary}")
            sentences += done.failures if done.error is None else (done.error,)
        if sentences:
            raise NotAsExpectedError(tuple(sentences))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The sentences alone; a mistake of the plugin itself comes with its traceback."""
        if isinstance(excinfo.value, NotAsExpectedError):
            return "\n".join(excinfo.value.sentences)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the expectation is, and the test's name."""
        return self.path, None, f"formcheck: {self.name}"


class NotAsExpectedError(AssertionError):
    """A clip is not as expected.

    Attributes:
        sentences: One for each thing that is not.
    """

    def __init__(self, sentences: tuple[str, ...]) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = sentences


@pytest.fixture(scope="session")
def formcheck_analyze() -> Analyze:
    """`formcheck.analyze` for tests: `formcheck_analyze("clip.mp4", "bridge").counts["good"] == 5`.

    The same clip, exercise and options are analysed once in a test run (in each process of pytest-xdist).
    """
    from formcheck import analyze  # noqa: PLC0415 - slow

    known: dict[tuple[object, ...], AnalysisResult] = {}

    def analyzed(clip: str | Path, exercise: str | Path, **options: Any) -> AnalysisResult:
        key = (Path(clip).resolve(), str(exercise), *sorted((name, repr(value)) for name, value in options.items()))
        if key not in known:
            known[key] = analyze(clip, exercise, **options)
        return known[key]

    return analyzed
