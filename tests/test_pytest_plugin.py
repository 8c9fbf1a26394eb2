"""The pytest plugin, in test runs of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import samples


@dataclass(frozen=True)
class Ran:
    """A finished test run."""

    code: int
    text: str


@pytest.fixture
def run(tmp_path: Path):
    """Run pytest on what is in the temporary folder."""

    def in_folder(*arguments: str) -> Ran:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return Ran(done.returncode, done.stdout + done.stderr)

    return in_folder


@pytest.fixture
def expect(tmp_path: Path):
    """Put a sample clip into the temporary folder with an expectation beside it."""

    def beside(name: str, text: str, called: str | None = None) -> None:
        called = called or name
        shutil.copy(samples.clip(name), tmp_path / f"{called}.mp4")
        (tmp_path / f"{called}.expect.toml").write_text(text, encoding="utf-8")

    return beside


GOOD = 'exercise = "bridge"\n[repetitions]\ngood = 3\nfaulty = 0\n'


def test_nothing_is_collected_unless_asked(run, expect):
    expect("bridge_good", GOOD)
    assert run().code == pytest.ExitCode.NO_TESTS_COLLECTED
    listed = run("--formcheck", "--collect-only")
    assert listed.code == 0
    assert "bridge_good" in listed.text


@pytest.mark.slow
def test_a_clip_as_expected_passes_and_another_fails_like_a_coach(run, expect):
    expect("bridge_good", GOOD, "a")
    expect("bridge_good", GOOD.replace("good = 3", "good = 5"), "b")
    ran = run("--formcheck", "-n", "2")
    assert ran.code == pytest.ExitCode.TESTS_FAILED
    assert "1 failed, 1 passed" in ran.text
    assert "expected 5 good" in ran.text
    assert "Traceback" not in ran.text
    assert "pytest_plugin.py" not in ran.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('exercise = "brigde"\n', "bridge"),
        ('exercise = "bridge"\nrepetitions = 3\n', "repetitions"),
        ("exercise = ", "not written as TOML asks"),
    ],
)
def test_a_wrong_expectation_fails_in_one_sentence(run, expect, text, said):
    expect("bridge_good", text)
    ran = run("--formcheck")
    assert ran.code == pytest.ExitCode.TESTS_FAILED
    assert said in ran.text
    assert "Traceback" not in ran.text


def test_an_expectation_without_its_clip_fails(run, tmp_path):
    (tmp_path / "gone.expect.toml").write_text(GOOD, encoding="utf-8")
    ran = run("--formcheck")
    assert ran.code == pytest.ExitCode.TESTS_FAILED
    assert "no clip beside it" in ran.text


@pytest.mark.slow
def test_the_fixture_analyses_a_clip_once(run, tmp_path):
    (tmp_path / "test_mine.py").write_text(
        "import formcheck\n"
        "CLIP, CALLS = {clip!r}, []\n"
        "def test_it(formcheck_analyze, monkeypatch):\n"
        "    first = formcheck_analyze(CLIP, 'bridge', model='lite')\n"
        "    assert first.counts['good'] == 3\n"
        "    assert formcheck_analyze(CLIP, 'bridge', model='lite') is first\n".format(
            clip=str(samples.clip("bridge_good"))
        ),
        encoding="utf-8",
    )
    assert run().code == 0
