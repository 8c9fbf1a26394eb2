"""`formcheck history` as the command line will call it."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date
from pathlib import Path
from typing import Annotated, Literal

import pytest
import typer
from history_examples import ATTEMPT, GOOD, HOLD, write_session
from typer.testing import CliRunner

from formcheck.errors import HistoryError, OutputError
from formcheck.history.command import history_command
from formcheck.history.places import FOLDER_VARIABLE
from formcheck.history.shown import NOTHING_YET
from formcheck.history.store import Store

TODAY = date(2026, 3, 9)
app = typer.Typer(pretty_exceptions_enable=False)


@app.command()
def history(
    *,
    export: Annotated[Literal["csv", "json"] | None, typer.Option()] = None,
    out: Annotated[Path | None, typer.Option()] = None,
    delete: Annotated[bool, typer.Option("--delete")] = False,
    yes: Annotated[bool, typer.Option("--yes")] = False,
) -> None:
    history_command(today=TODAY, export=export, out=out, delete=delete, yes=yes)


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "data"))
    monkeypatch.delenv("COLUMNS", raising=False)
    return tmp_path / "data" / "history.sqlite3"


@pytest.fixture
def filled(path):
    with Store.open(path, zone=UTC) as store:
        write_session(store, days=-80)
        for days in range(1, 5):
            write_session(store, days=days, events=[GOOD, ATTEMPT, HOLD], pain=days == 4)
    return path


def run(*arguments, answer=None):
    return CliRunner().invoke(app, arguments, input=answer)


def squeezed(text):
    return " ".join(text.split())


def test_shows(filled):
    done = run()
    assert done.exit_code == 0
    text = squeezed(done.stdout)
    assert "Sun 2026-03-08 1 - 1 1 0:21 10 % 80 pain, Bridge" in text
    assert "1 day before Mon 2026-01-19" in text
    assert "2 Mar · · · ■ ■ ■ ! 4 days, 4 repetitions" in text
    assert "Last time, on 8 March, it hurt: start gently" in text
    assert "You trained 4 days in a row: take a rest day." in text


def test_shows_nothing_yet_and_makes_nothing(path):
    done = run()
    assert (done.exit_code, squeezed(done.stdout)) == (0, NOTHING_YET)
    assert not path.parent.exists()


@pytest.mark.parametrize("export", ["csv", "json"])
def test_exports_to_standard_output_and_to_a_file(filled, tmp_path, export):
    there = tmp_path / "new" / f"history.{export}"
    printed = run("--export", export)
    written = run("--export", export, "--out", str(there))
    assert printed.exit_code == written.exit_code == 0
    assert printed.stdout_bytes == there.read_bytes()
    assert squeezed(written.stdout) == f"Written to {there}: 5 sessions."
    text = there.read_bytes().decode()
    if export == "csv":
        assert len(list(csv.DictReader(io.StringIO(text, newline="")))) == 1 + 4 * 3
    else:
        assert len(json.loads(text)["sessions"]) == 5


def test_an_export_that_cannot_be_written(filled, tmp_path):
    (tmp_path / "file").write_text("mine")
    done = run("--export", "csv", "--out", str(tmp_path / "file" / "x.csv"))
    assert isinstance(done.exception, OutputError)
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "answer", "said", "gone"),
    [
        (["--delete"], "y\n", "The history is deleted.", True),
        (["--delete"], "n\n", "Nothing was deleted.", False),
        (["--delete"], "\n", "Nothing was deleted.", False),  # no is the default
        (["--delete", "--yes"], None, "The history is deleted.", True),
    ],
)
def test_deletes_after_asking(filled, arguments, answer, said, gone):
    done = run(*arguments, answer=answer)
    assert done.exit_code == 0
    assert said in done.stdout
    assert ("Delete the whole history" in done.stdout) == (answer is not None)
    assert filled.exists() != gone


def test_deletes_nothing_when_nobody_answers(filled):
    done = run("--delete", answer="")
    assert done.exit_code == 1
    assert filled.exists()


def test_nothing_to_delete(path):
    done = run("--delete")
    assert (done.exit_code, done.stdout.strip()) == (0, "There is no history: nothing to delete.")


def test_what_is_damaged_can_be_deleted_and_not_shown(path):
    path.parent.mkdir()
    path.write_text("no database")
    for arguments in ([], ["--export", "csv"]):
        assert isinstance(run(*arguments).exception, HistoryError)
    assert path.read_text() == "no database"
    assert run("--delete", "--yes").exit_code == 0
    assert not path.exists()


@pytest.mark.parametrize(
    "arguments", [["--delete", "--export", "csv"], ["--out", "x.csv"], ["--yes"], ["--yes", "--export", "csv"]]
)
def test_options_that_do_not_go_together(filled, arguments):
    assert run(*arguments).exit_code == 2
    assert filled.exists()
