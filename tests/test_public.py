"""The public surface, pinned: whoever changes it changes this file too, and knows it."""

from __future__ import annotations

import dataclasses
import inspect
import subprocess
import sys

import pytest

import formcheck


def test_public_names():
    assert formcheck.__all__ == ["AnalysisResult", "FormcheckError", "__version__", "analyze"]
    assert all(getattr(formcheck, name) is not None for name in formcheck.__all__)


def test_no_other_name_is_offered():
    with pytest.raises(AttributeError, match="nonsense"):
        formcheck.nonsense  # noqa: B018


def test_signature_of_analyze():
    parameters = inspect.signature(formcheck.analyze).parameters
    kinds = {name: (p.kind.name, p.default) for name, p in parameters.items()}
    empty = inspect.Parameter.empty
    assert kinds == {
        "clip": ("POSITIONAL_OR_KEYWORD", empty),
        "exercise": ("POSITIONAL_OR_KEYWORD", empty),
        "out": ("KEYWORD_ONLY", None),
        "model": ("KEYWORD_ONLY", "full"),
        "save_poses": ("KEYWORD_ONLY", False),
        "video": ("KEYWORD_ONLY", True),
        "progress": ("KEYWORD_ONLY", None),
        "height_cm": ("KEYWORD_ONLY", None),
        "jobs": ("KEYWORD_ONLY", 1),
        "stride": ("KEYWORD_ONLY", 1),
        "report": ("KEYWORD_ONLY", False),
        "embed_video": ("KEYWORD_ONLY", False),
    }


def test_fields_of_the_result():
    assert [field.name for field in dataclasses.fields(formcheck.AnalysisResult)] == [
        "formcheck", "source", "exercise", "side", "pose_found", "view_problems", "reps", "holds", "faults",
        "in_form_s", "score", "summary", "dose", "interrupted", "warnings", "counts", "posture",
        "reminders", "measures", "exercises", "unknown", "height_cm", "unjudged",
    ]  # fmt: skip


def test_every_error_is_a_formcheck_error():
    from formcheck import errors  # noqa: PLC0415

    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]
    assert {kind.__name__ for kind in kinds} == {
        "FormcheckError", "InputError", "NoPersonError", "ModelError", "WorkerError", "OutputError", "ExerciseError",
        "HeightError", "CameraError", "RoutineError", "LanguageError", "WindowError", "HistoryError",
        "ExpectationError", "ClusterError",
    }  # fmt: skip
    assert all(issubclass(kind, formcheck.FormcheckError) for kind in kinds)
    assert issubclass(errors.NoPersonError, errors.InputError)


@pytest.mark.parametrize(
    "statement",
    [
        "import formcheck",
        "from formcheck import analyze, AnalysisResult, FormcheckError",
        "import formcheck.exercises, formcheck.judge, formcheck.pose.recording",  # rules and replays start at once
        "import formcheck.cli",
    ],
)
def test_importing_is_light(statement: str):
    show = "import sys; print([name for name in ('cv2', 'mediapipe', 'av', 'rich') if name in sys.modules])"
    command = [sys.executable, "-c", f"{statement}; {show}"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_importing_formcheck_alone_does_not_even_need_numpy():
    command = [sys.executable, "-c", "import formcheck, sys; print('numpy' in sys.modules)"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "False"


def test_analyze_is_the_same_object_everywhere():
    from formcheck.analysis import analyze  # noqa: PLC0415
    from formcheck.report.result import AnalysisResult  # noqa: PLC0415

    assert formcheck.analyze is analyze
    assert formcheck.AnalysisResult is AnalysisResult


def test_the_package_is_typed():
    assert list(formcheck.__path__)
    from importlib.resources import files  # noqa: PLC0415

    assert files("formcheck").joinpath("py.typed").is_file()
