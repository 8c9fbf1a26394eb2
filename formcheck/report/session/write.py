"""Putting a report together and writing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from formcheck.exercises.declaration import Exercise
from formcheck.files import write_atomically
from formcheck.report.page import Figure, render
from formcheck.report.remarks import unjudged_remarks
from formcheck.report.result import AnalysisResult
from formcheck.report.session.accuracy import Accuracy, accuracy_of
from formcheck.report.session.pictures import MOST, KeyPicture, key_pictures, video_uri, wishes
from formcheck.report.session.tables import (
    HoldRow,
    RepetitionRow,
    SideSum,
    WorkOn,
    hold_rows,
    is_beside,
    label,
    repetition_rows,
    side_sums,
    value,
    work_on,
)
from formcheck.report.session.timeline import timeline
from formcheck.report.trace import Trace
from formcheck.report.words import clock, sentence

FILE = "report.html"
TEMPLATE = "session.html"
MOST_IN_ALL = 36  # key pictures of one page, some 50 kB each


@dataclass(frozen=True, slots=True)
class Film:
    """A video on the page.

    Attributes:
        name: Of its element.
        source: Relative URL or data URI.
        first_s: The time, by the clock of the results, at which it begins.
        shape: Its width over its height.
    """

    name: str
    source: str
    first_s: float
    shape: float


@dataclass(frozen=True, slots=True)
class Part:
    """One exercise as it was done, with what the report shows of it besides the result.

    Attributes:
        exercise: Its declaration.
        result: What was found.
        trace: The course of its main measure, None for a photo.
        video: Its annotated video, None where there is none.
        first_s: The time at which that video begins.
    """

    exercise: Exercise
    result: AnalysisResult
    trace: Trace | None = None
    video: Path | None = None
    first_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Section:
    """One exercise, ready for the template."""

    title: str
    asked: str
    camera: str
    result: AnalysisResult
    film: Film | None
    figure: Figure | None
    pictures: list[KeyPicture]
    repetitions: list[RepetitionRow]
    holds: list[HoldRow]
    sides: list[SideSum]
    work_on: list[WorkOn]
    remarks: list[str]
    accuracy: Accuracy | None
    measures: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class About:
    """What the whole report is about.

    Attributes:
        heading: What stands above all.
        title: Of the browser's tab: the heading with a clip's name or a session's time.
        verdict: One sentence.
        facts: Short facts below the title: label and value.
        remarks: What limits all of it, one sentence each.
    """

    heading: str
    title: str
    verdict: str
    facts: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...] = ()


def write_report(
    folder: Path,
    about: About,
    parts: Sequence[Part],
    *,
    embed: bool = False,
    picture: str | None = None,
    name: str = FILE,
) -> Path:
    """Write a report.

    Args:
        folder: Where to.
        about: What it is about.
        parts: The exercises in the order in which they were done.
        embed: Whether videos are to stand in the page; one too large for that stays beside it.
        picture: Of a photo: the annotated picture as a data URI.
        name: The file's name.

    Returns:
        The file.

    Raises:
        OutputError: It cannot be written.
        InputError: The annotated video cannot be read again.
    """
    films = _films(folder, parts, embed=embed)
    most = min(MOST, MOST_IN_ALL // max(1, len(parts)))
    sections = [
        section(part, f"part-{i}", films.get(part.video), about.remarks, most) for i, part in enumerate(parts, 1)
    ]
    figures = [one.figure for one in sections if one.figure is not None]
    page = render(
        TEMPLATE,
        title=about.title,
        figures=figures,
        about=about,
        sections=sections,
        films=list(films.values()),
        picture=picture,
    )
    target = folder / name
    write_atomically(target, page.encode("utf-8", "replace"))
    return target


def section(part: Part, name: str, film: Film | None, told: Sequence[str] = (), most: int = MOST) -> Section:
    """What the template shows of one exercise.

    Args:
        part: The exercise as it was done.
        name: Of its figure, unlike any other.
        film: Its video on the page.
        told: Remarks that stand elsewhere on the page.
        most: At most so many key pictures.
    """
    exercise, result, trace = part.exercise, part.result, part.trace
    figure = None if trace is None else timeline(result, trace, name, film.name if film else "")
    pictures = [] if part.video is None else key_pictures(part.video, wishes(result, trace, most), part.first_s)
    measures = result.measures
    return Section(
        title=exercise.title,
        asked=exercise.asked,
        camera=exercise.camera,
        result=result,
        film=film,
        figure=figure,
        pictures=pictures,
        repetitions=repetition_rows(exercise, result.reps),
        holds=hold_rows(result.holds) if exercise.holding is not None else [],
        sides=side_sums(exercise, result.holds) if not measures else [],
        work_on=work_on(exercise, result),
        remarks=[remark for remark in unjudged_remarks(result) if remark not in told],
        accuracy=accuracy_of(exercise.name),
        measures=[(sentence(label(one)), value(measures, one)) for one in measures if not is_beside(one, measures)],
    )


def parts_of(
    result: AnalysisResult, exercises: Mapping[str, Exercise], traces: Mapping[str, Trace], video: Path | None
) -> list[Part]:
    """The parts of an analysis: one, or one for each exercise that was recognised in it.

    Args:
        result: Of the analysis.
        exercises: By name, those in it.
        traces: By exercise.
        video: The annotated video, None where there is none.
    """
    blocks = result.exercises or ((result,) if result.exercise in exercises else ())
    return [Part(exercises[block.exercise], block, traces.get(block.exercise), video) for block in blocks]


def about_clip(result: AnalysisResult, parts: Sequence[Part]) -> About:
    """What stands at the top of a clip's report."""
    source = result.source
    still = source.duration_s == 0.0
    facts = [("Picture" if still else "Clip", Path(source.path).name)]
    if not still:
        facts.append(("Length", clock(source.duration_s)))
    if len(parts) == 1:
        facts.append(("Asked", parts[0].result.dose))
        if parts[0].result.side is not None:
            facts.append(("Seen from", f"the {parts[0].result.side} side"))
    if not still:
        facts.append(("Person seen in", f"{100 * result.pose_found:.0f} % of the pictures"))
    # Of several exercises in one clip: what limits all of them is told once.
    remarks = tuple(unjudged_remarks(result, parts=False)) if result.exercises or not parts else ()
    if result.interrupted:
        remarks = ("Stopped before the end of the clip: only what was seen until then is judged.", *remarks)
    title = parts[0].exercise.title if len(parts) == 1 else "Exercises"
    verdict = sentence(result.summary.removeprefix(f"{title}: "))
    return About(title, f"{title}: {Path(source.path).name}", verdict, tuple(facts), remarks)


def _films(folder: Path, parts: Sequence[Part], *, embed: bool) -> dict[Path | None, Film]:
    """Each video once, by its path."""
    from urllib.parse import quote  # noqa: PLC0415

    films: dict[Path | None, Film] = {}
    for part in parts:
        if part.video is not None and part.video not in films:
            beside = quote(part.video.name) if part.video.parent == folder else part.video.resolve().as_uri()
            source = (video_uri(part.video) if embed else None) or beside
            about = part.result.source
            shape = round(about.width / max(about.height, 1), 4)
            films[part.video] = Film(f"video-{len(films) + 1}", source, part.first_s, shape)
    return films
