from __future__ import annotations

import io
import math
from dataclasses import dataclass, field, replace

import pytest
from rich.console import Console

from formcheck.engine.records import FaultSpan, Hold, Repetition, ViewProblem
from formcheck.report.result import AnalysisResult, Source
from formcheck.report.terminal import CAUTION, PIPED_WIDTH, Page, open_console, print_exercises, print_result

TURN = "Turn so that the camera sees you from the side."
BRIDGE = AnalysisResult(
    formcheck="0.1.0",
    source=Source("clips/bridge [red]Übung[/red].mp4".replace("[/red]", ""), 95.3, 1144, 640, 480, 12.0),
    exercise="bridge",
    side="right",
    pose_found=0.87,
    view_problems=(ViewProblem("turn_side_on", 40.0, 44.0, TURN), ViewProblem("turn_side_on", 50.0, 54.0, TURN)),
    reps=(
        Repetition(
            1, 2.5, 4.0, 9.0, "good", score=92.0, notes=("hold_short",),
            measures={"hip_angle_deg": 174.2, "rising_s": 1.5, "in_line_s": 3.14},
        ),
        Repetition(
            2, 72.5, 74.0, 79.0, "attempt", "hips stopped 18 deg short of the line", faults=("hips_low",),
            measures={"hip_angle_deg": math.nan, "rising_s": 1.5, "in_line_s": 0.0},
        ),
        Repetition(3, 90.0, math.nan, 95.3, "unfinished", "the clip ended at the top"),
    ),
    holds=(),
    faults=(
        FaultSpan("hips_low", 72.5, 79.0, -18.0, "deg", "lift your hips higher", "hip"),
        FaultSpan("hips_low", 90.5, 91.0, -12.0, "deg", "lift your hips higher", "hip"),
    ),
    in_form_s=0.0,
    score=10.0,
    summary="1 of 10 bridges in good form.",
    dose="10 times, held 10-15 s",
    counts={"good": 1, "faulty": 0, "attempt": 1, "unfinished": 1},
)  # fmt: skip
PLANK = replace(
    BRIDGE,
    exercise="plank",
    side=None,
    pose_found=1.0,
    view_problems=(),
    reps=(),
    holds=(
        Hold(2.0, 17.0, 14.0, 8.0, None, "forearm", ("hips_sagging", "head_dropped"), {"hip_offset": -0.031}),
        Hold(20.0, 22.0, 0.0, 0.0, None, "knees", (), {"knee_hip_offset": math.nan}),
    ),
    faults=(FaultSpan("hips_sagging", 5.0, 6.0, 0.061, "trunk lengths", "lift your hips a little", "hip"),),
    summary="14 s in form.",
    counts={},
)


def printed(result: AnalysisResult, width: int = PIPED_WIDTH, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    console = open_console(stream)
    console.width = width
    print_result(result, console)
    stream.flush()
    return raw.getvalue().decode(encoding)


def squeezed(text: str) -> str:
    """The text with all white space as single spaces, so that line breaks do not matter."""
    return " ".join(text.split())


@pytest.mark.parametrize("width", [100, 60, 30])
@pytest.mark.parametrize(
    ("result", "said"),
    [
        (BRIDGE, "Bridge: bridge [red]Übung.mp4"),  # brackets are no markup
        (BRIDGE, "1:35 long, right side towards the camera, asked: 10 times, held 10-15 s"),
        (BRIDGE, "174°"),
        (BRIDGE, "3.1 s"),
        (BRIDGE, "1:12"),
        (BRIDGE, "unknown"),
        (BRIDGE, "attempt"),
        (BRIDGE, "hold short"),
        (BRIDGE, "the clip ended at the top"),
        (BRIDGE, "-18° to -12°"),
        (BRIDGE, "Lift your hips higher"),
        (BRIDGE, "In 13 % of the pictures nobody was credibly seen"),
        (BRIDGE, f"0:40-0:44, 0:50-0:54 turn side on: {TURN}"),
        (BRIDGE, "Repetitions: 1 good, 1 attempt (not counted), 1 unfinished (not counted)."),
        (BRIDGE, "1 of 10 bridges in good form. Score: 10 of 100."),
        (BRIDGE, CAUTION),
        (PLANK, "0:02-0:17"),
        (PLANK, "forearm"),
        (PLANK, "hip offset -0.03"),
        (PLANK, "knee hip offset unknown"),
        (PLANK, "14.0 s"),
        (PLANK, "hips sagging, head dropped"),
        (PLANK, "0.06 trunk lengths"),
        (PLANK, "It was never clear which side of the body faced the camera."),
        (replace(PLANK, holds=(), faults=()), "Nothing was counted."),
        (replace(PLANK, interrupted=True), "Stopped before the end of the clip"),
    ],
)
def test_says(result: AnalysisResult, said: str, width: int) -> None:
    assert said in squeezed(printed(result, width))


@pytest.mark.parametrize(
    ("result", "unsaid"),
    [
        (PLANK, "Repetitions"),
        (replace(PLANK, measures={"hip_offset": 0.01}), "Score"),  # a photo shows no dose
        (PLANK, "nobody was credibly seen"),
        (BRIDGE, "Stopped before"),
        (replace(PLANK, side="left"), "could not be judged"),
        (BRIDGE, "\x1b"),  # piped: no colours
    ],
)
def test_does_not_say(result: AnalysisResult, unsaid: str) -> None:
    assert unsaid not in printed(result)


LEVEL = "Level the camera."
UNSEEN = "The arch of the back does not show from beside."
AUTO = replace(
    BRIDGE,
    exercise="auto",
    view_problems=(),
    warnings=("The pictures are blurred.",),
    reps=(),
    faults=(),
    exercises=(
        replace(BRIDGE, warnings=("The pictures are blurred.",), unjudged=(UNSEEN,)),
        replace(
            PLANK,
            view_problems=(ViewProblem("turn_side_on", 50.2, 54.3, TURN), ViewProblem("camera_tilted", 5, 9, LEVEL)),
            warnings=("The pictures are blurred.",),
            unjudged=(UNSEEN, "Nor does a twist."),
        ),
    ),
)


@pytest.mark.parametrize("width", [100, 30])
@pytest.mark.parametrize(
    "said",
    [
        # The same stretch of both exercises, told once with the others of its kind.
        f"0:40-0:44, 0:50-0:54 turn side on: {TURN}",
        f"0:05-0:09 camera tilted: {LEVEL}",
        UNSEEN,
        "Nor does a twist.",
        "The pictures are blurred.",
    ],
)
def test_what_no_exercise_could_judge_is_told_once(said: str, width: int) -> None:
    assert squeezed(printed(AUTO, width)).count(said) == 1


def test_cautions_once() -> None:
    assert printed(BRIDGE).count(CAUTION) == 1


def test_the_table_of_repetitions() -> None:
    lines = printed(BRIDGE).splitlines()
    head = next(i for i, line in enumerate(lines) if line.startswith("#"))
    assert lines[head].split() == ["#", "time", "outcome", "score", "angle", "up", "line", "remarks"]
    assert lines[head + 2].split() == ["1", "0:02", "good", "92", "174°", "1.5", "s", "3.1", "s", "hold", "short"]
    assert lines[head + 4].split()[:4] == ["3", "1:30", "unfinished", "0"]


@pytest.mark.parametrize(
    ("width", "columns"),
    [
        (120, ["angle", "rise", "angle", "height", "up", "line"]),  # the second line of the header
        (100, ["angle", "rise", "angle", "height", "up", "line"]),
        (80, ["angle", "rise", "angle", "up", "line"]),  # the first measures matter most
        (66, ["angle", "up", "line"]),
        (60, None),  # not even the first: no table
    ],
)
def test_measures_that_have_room(width: int, columns: list[str] | None) -> None:
    measures = {
        "trunk_angle_deg": 17.0, "head_rise": 0.2, "knee_angle_deg": 170.0, "wrist_height": 0.9,
        "rising_s": 1.5, "in_line_s": 2.0,
    }  # fmt: skip
    many = replace(BRIDGE, reps=(replace(BRIDGE.reps[0], measures=measures),))
    text = printed(many, width)
    head = next((line for line in text.splitlines() if line.startswith("#")), None)
    assert (head is None) == (columns is None)
    if head is None:
        assert "trunk angle 17°, head rise 0.20, knee angle 170°, wrist height 0.90" in squeezed(text)
    else:
        assert head.split()[4:-1] == columns


@pytest.mark.parametrize("result", [BRIDGE, PLANK])
@pytest.mark.parametrize("width", [100, 60, 30, 12])
def test_no_line_is_too_long(result: AnalysisResult, width: int) -> None:
    assert all(len(line) <= width for line in printed(result, width).splitlines())


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii", "cp932"])
def test_any_encoding(encoding: str) -> None:
    odd = replace(BRIDGE, source=replace(BRIDGE.source, path="/tmp/体操\udcff\x1b[31m\n.mp4"))
    text = printed(odd, encoding=encoding)
    assert "\x1b" not in text
    assert "174" in text
    if encoding == "ascii":
        assert "174 deg" in text


def test_colours_for_a_person_only() -> None:
    stream = io.StringIO()
    print_result(BRIDGE, Console(file=stream, force_terminal=True, width=100, color_system="standard", _environ={}))
    assert "\x1b[32mgood" in stream.getvalue()


def test_markup_of_a_foreign_console_is_not_read_either() -> None:
    stream = io.StringIO()
    print_result(BRIDGE, Console(file=stream, width=100))  # rich's own default reads markup
    assert "[red]Übung" in stream.getvalue()


@pytest.mark.parametrize(("columns", "width"), [(None, PIPED_WIDTH), ("57", 57)])
def test_width_when_piped(columns: str | None, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns:
        monkeypatch.setenv("COLUMNS", columns)
    assert open_console(io.StringIO()).width == width


def test_paths_are_never_broken() -> None:
    stream = io.StringIO()
    Page(Console(file=stream, width=20)).path("Written to " + "folder/" * 10)
    assert stream.getvalue().splitlines() == ["Written to " + "folder/" * 10]


@dataclass(frozen=True)
class _Dose:
    def words(self) -> str:
        return "10 times, held 10-15 s"


@dataclass(frozen=True)
class _Fault:
    name: str = "hips_low"
    cue: str = "lift your hips [higher]"
    means: str = "The hips stop short of the line from knees to shoulders."


@dataclass(frozen=True)
class _Exercise:
    name: str = "bridge"
    title: str = "Bridge"
    asked: str = "on the back, raise the hips."
    camera: str = "side view, whole body in the picture."
    dose: _Dose = _Dose()
    faults: tuple[_Fault, ...] = (_Fault(),)
    unjudged: dict[str, str] = field(default_factory=lambda: {"twisted": "A twist shows not."})


@pytest.mark.parametrize("width", [100, 40])
@pytest.mark.parametrize(
    "said",
    ["bridge (Bridge)", "What: On the back, raise the hips.", "Dose: 10 times, held 10-15 s", "Camera: Side view",
     "hips_low", "lift your hips [higher]", "The hips stop short of the line",
     "Not judged: A twist shows not.", CAUTION],
)  # fmt: skip
def test_exercises(said: str, width: int) -> None:
    stream = io.StringIO()
    print_exercises([_Exercise()], Console(file=stream, width=width))  # type: ignore[list-item]
    assert said in squeezed(stream.getvalue())


def test_a_fault_told_in_two_ways_is_named_once() -> None:
    nearly = _Fault(means="The hips come near the line.")
    stream = io.StringIO()
    print_exercises([_Exercise(faults=(_Fault(), nearly))], Console(file=stream, width=100))  # type: ignore[list-item]
    text = stream.getvalue()
    assert text.count("hips_low") == text.count("lift your hips") == 1
    assert "The hips come near the line." in text
