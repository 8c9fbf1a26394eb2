"""The report of a recorded clip."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from formcheck.report.result import AnalysisResult
from formcheck.report.session.pictures import jpeg_uri
from formcheck.report.session.write import about_clip, parts_of, write_report
from formcheck.report.trace import Trace


def report_clip(
    folder: Path, result: AnalysisResult, traces: Mapping[str, Trace], *, pictures: bool, embed: bool = False
) -> Path:
    """Write the report of an analysis beside its result.

    Args:
        folder: With what the analysis has written.
        result: Of the analysis.
        traces: Of every exercise that was judged, by name.
        pictures: Whether the annotated video, or picture, was written: without it the report has none.
        embed: Whether the video is to stand in the page, if it is small enough.

    Returns:
        The file.

    Raises:
        OutputError: It cannot be written.
        InputError: The annotated video cannot be read again.
    """
    still = result.source.duration_s == 0.0
    exercises = {name: trace.exercise for name, trace in traces.items()}
    video = folder / "annotated.mp4" if pictures and not still and (folder / "annotated.mp4").is_file() else None
    parts = parts_of(result, exercises, {} if still else traces, video)
    picture = _picture(folder / "annotated.png") if pictures and still else None
    return write_report(folder, about_clip(result, parts), parts, embed=embed, picture=picture)


def _picture(path: Path) -> str | None:
    import cv2  # noqa: PLC0415 - slow
    import numpy as np  # noqa: PLC0415 - slow

    if not path.is_file():
        return None
    # Not imread: it does not open every name on every system.
    image = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    return None if image is None else jpeg_uri(image)
