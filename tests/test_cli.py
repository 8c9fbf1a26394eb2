from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner

from formcheck import __version__, cli
from formcheck.engine.records import Repetition
from formcheck.errors import ExerciseError, InputError, ModelError, NoPersonError, OutputError
from formcheck.report.result import AnalysisResult, Source
from formcheck.workers import default_jobs

RESULT = AnalysisResult(
    formcheck="0.1.0",
    source=Source("bridge [x] ü.mp4", 34.0, 408, 640, 480, 12.0),
    exercise="bridge",
    side="left",
    pose_found=1.0,
    view_problems=(),
    reps=(Repetition(1, 2.5, 4.0, 9.0, "good", score=92.0),),
    holds=(),
    faults=(),
    in_form_s=0.0,
    score=10.0,
    summary="1 of 10 bridges in good form.",
    counts={"good": 1, "faulty": 0, "attempt": 0, "unfinished": 0},
)


@dataclass
class FakeAnalysis:
    """Stands in for `formcheck.analysis.analyze`: writes empty files and remembers how it was called."""

    result: AnalysisResult = RESULT
    error: BaseException | None = None
    calls: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, clip: str, exercise: str, **options: Any) -> AnalysisResult:
        self.calls.append({"clip": clip, "exercise": exercise} | options)
        options["progress"](1.0, 34.0)
        if self.error is not None:
            raise self.error
        if options["out"] is not None:
            options["out"].mkdir(parents=True, exist_ok=True)
            asked = {name: options[name] for name in ("save_poses", "video", "report")}
            for name in cli.expected_files(clip, **asked):
                (options["out"] / name).touch()
        return self.result


@pytest.fixture
def analysis(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeAnalysis:
    fake = FakeAnalysis()
    module = ModuleType("formcheck.analysis")
    module.analyze = fake  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "formcheck.analysis", module)
    monkeypatch.chdir(tmp_path)
    return fake


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., tuple[int, str, str]]:
    def run_main(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(arguments)
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return run_main


Run = Callable[..., tuple[int, str, str]]


def test_plain_analyze_prints_a_table_and_writes_beside(analysis: FakeAnalysis, run: Run, tmp_path: Path) -> None:
    code, out, err = run("analyze", "clips/bridge good.mp4", "--exercise", "bridge")
    folder = Path("formcheck-out", "bridge good-bridge")
    assert code == 0
    assert "1 of 10 bridges in good form." in out
    assert f"Written to {folder}: result.json, annotated.mp4" in out
    assert err == ""  # no progress bar when piped
    (call,) = analysis.calls
    del call["progress"]
    assert call == {
        "clip": "clips/bridge good.mp4", "exercise": "bridge", "out": folder, "model": "full", "save_poses": False,
        "video": True, "height_cm": None, "jobs": default_jobs(), "stride": 1, "report": True, "embed_video": False,
    }  # fmt: skip
    assert sorted(path.name for path in (tmp_path / folder).iterdir()) == [
        "annotated.mp4",
        "report.html",
        "result.json",
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--out", "there"], {"out": Path("there")}),
        (["-o", "there"], {"out": Path("there")}),
        (["--no-video"], {"video": False}),
        (["--save-poses"], {"save_poses": True}),
        (["--model", "lite"], {"model": "lite"}),
        (["--height", "172cm"], {"height_cm": 172.0}),
        (["--height", "5'0\""], {"height_cm": pytest.approx(152.4)}),
        (["--model", "my/pose.task"], {"model": "my/pose.task"}),
        (["--json"], {"out": None, "video": False, "report": False}),
        (["--no-report"], {"report": False}),
        (["--embed-video"], {"embed_video": True}),
        (["--json", "--out", "there"], {"out": Path("there"), "video": True}),
        (["--json", "--out", "there", "--save-poses"], {"out": Path("there"), "save_poses": True}),
    ],
)
def test_options(options: list[str], expected: dict[str, object], analysis: FakeAnalysis, run: Run) -> None:
    assert run("analyze", "a.mp4", "-e", "bridge", *options)[0] == 0
    assert {key: analysis.calls[0][key] for key in expected} == expected


@pytest.mark.parametrize(
    ("clip", "options", "files"),
    [
        ("a.mp4", [], "result.json, annotated.mp4, report.html"),
        ("a.mp4", ["--no-video", "--save-poses"], "result.json, poses.npz, report.html"),
        ("a.mp4", ["--no-video", "--no-report"], "result.json"),
        ("a.NPZ", [], "result.json, report.html"),  # no pictures to draw on
    ],
)
def test_says_what_was_written(clip: str, options: list[str], files: str, analysis: FakeAnalysis, run: Run) -> None:
    assert f"Written to out: {files}\n" in run("analyze", clip, "-e", "bridge", "-o", "out", *options)[1]


def test_json_is_all_there_is(analysis: FakeAnalysis, run: Run, tmp_path: Path) -> None:
    code, out, err = run("analyze", "a.mp4", "-e", "bridge", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == analysis.result.to_dict()
    assert not list(tmp_path.iterdir())


def test_json_of_a_file_name_that_is_not_unicode(analysis: FakeAnalysis, run: Run) -> None:
    analysis.result = replace(RESULT, source=replace(RESULT.source, path="a\udcff.mp4"))
    assert json.loads(run("analyze", "a", "-e", "bridge", "--json")[1])["source"]["path"] == "a\udcff.mp4"


@pytest.mark.parametrize("error", [InputError, NoPersonError, ModelError, OutputError, ExerciseError])
def test_errors_are_one_sentence(error: type[Exception], analysis: FakeAnalysis, run: Run) -> None:
    analysis.error = error("a [b].mp4 cannot be read: do this.")
    assert run("analyze", "a.mp4", "-e", "bridge") == (2, "", "formcheck: a [b].mp4 cannot be read: do this.\n")


def test_other_errors_are_not_hidden(analysis: FakeAnalysis, run: Run) -> None:
    analysis.error = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        run("analyze", "a.mp4", "-e", "bridge")


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_interrupted_shows_what_there_is(options: list[str], analysis: FakeAnalysis, run: Run) -> None:
    analysis.result = replace(RESULT, interrupted=True)
    code, out, _ = run("analyze", "a.mp4", "-e", "bridge", *options)
    assert code == 130
    assert ('"interrupted": true' if options else "Stopped before the end") in out


def test_interrupted_before_there_is_anything(analysis: FakeAnalysis, run: Run) -> None:
    analysis.error = KeyboardInterrupt()
    assert run("analyze", "a.mp4", "-e", "bridge") == (130, "", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["analyze", "a.mp4"], "--exercise"),
        (["analyze", "--exercise", "bridge"], "CLIP"),
        (["analyze", "a.mp4", "-e", "bridge", "--nonsense"], "--nonsense"),
        (["analyze", "a.mp4", "-e", "bridge", "--json", "--save-poses"], "--out"),
        (["analyse"], "analyse"),
        ([], "analyze"),
    ],
)
def test_wrong_use(arguments: list[str], said: str, analysis: FakeAnalysis, run: Run) -> None:
    code, out, err = run(*arguments)
    assert code == 2
    assert said in out + err
    assert "Traceback" not in err
    assert not analysis.calls


@pytest.mark.parametrize("arguments", [["--help"], ["analyze", "--help"], ["exercises", "--help"]])
def test_help(arguments: list[str]) -> None:
    assert CliRunner().invoke(cli.app, arguments).exit_code == 0


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"formcheck {__version__}\n", "")


def test_exercises(run: Run) -> None:
    code, out, err = run("exercises")
    assert (code, err) == (0, "")
    for said in ("plank  (Plank)", "Dose: Hold 30-60 s", "hips_overarched", "partial_crunch", "not a doctor"):
        assert said in out


def test_letters_that_the_terminal_lacks(analysis: FakeAnalysis, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp1252"))
    analysis.result = replace(RESULT, source=replace(RESULT.source, path="体操 ü.mp4"))
    assert cli.main(["analyze", "体操 ü.mp4", "-e", "bridge"]) == 0
    sys.stdout.flush()
    text = raw.getvalue().decode("cp1252")
    assert "Bridge: ?? ü.mp4" in text
    assert "Written to" in text


@pytest.mark.parametrize(
    ("clip", "name"),
    [
        ("a/b.mp4", "b-bridge"),
        ("b.tar.mp4", "b.tar-bridge"),
        ("folder/", "folder-bridge"),
        ("", "clip-bridge"),
    ],
)
def test_default_folder(clip: str, name: str) -> None:
    assert cli.default_folder(clip, "bridge") == Path("formcheck-out", name)


# --- the real thing, in a process of its own ----------------------------------------------------------------------


def formcheck(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "formcheck.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, **options)  # type: ignore[no-any-return]


def test_starts_without_what_is_slow_to_import() -> None:
    code = (
        "import sys, formcheck.cli; print([m for m in ('mediapipe', 'cv2', 'av', 'numpy', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_exit_codes_of_a_process() -> None:
    assert formcheck("--version").stdout == f"formcheck {__version__}\n"
    assert formcheck("--nonsense").returncode == 2


def test_a_missing_clip(tmp_path: Path) -> None:
    pytest.importorskip("formcheck.analysis")
    done = formcheck("analyze", "missing.mp4", "--exercise", "bridge", cwd=tmp_path, env=os.environ)
    assert done.returncode == 2
    assert done.stderr.startswith("formcheck: ")
    assert done.stderr.count("\n") == 1
    assert "missing.mp4" in done.stderr
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_reader_that_goes_away() -> None:
    code = (
        "import sys, formcheck.exercises as e\n"
        "from formcheck.cli import main\n"
        "e.names = lambda: ('bridge',) * 2000\n"
        "sys.exit(main(['exercises']))\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
