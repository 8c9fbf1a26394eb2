"""formcheck watches a person exercise on the floor through one ordinary camera and says what to correct.

from formcheck import analyze
result = analyze("bridge.mp4", "bridge")
print(result.summary)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["AnalysisResult", "FormcheckError", "__version__", "analyze"]

if TYPE_CHECKING:
    from formcheck.analysis import analyze
    from formcheck.errors import FormcheckError
    from formcheck.report.result import AnalysisResult

_HOME = {
    "analyze": "formcheck.analysis",
    "AnalysisResult": "formcheck.report.result",
    "FormcheckError": "formcheck.errors",
}


def __getattr__(name: str) -> object:
    """Import the public names when they are first used: the command line must start at once."""
    if name not in _HOME:
        raise AttributeError(f"module 'formcheck' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(_HOME[name]), name)
