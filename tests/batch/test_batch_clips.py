from __future__ import annotations

import pytest

from formcheck.batch.clips import find
from formcheck.errors import InputError

FILES = (
    "a.mp4", "a.expect.toml", "b.MOV", "notes.txt", "photo.jpg", "poses.npz", ".hidden.mp4", ".git/c.mp4",
    "sub/a.mp4", "sub/deep/z.webm", "sub/deep/z.npz",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in FILES:
        file = tmp_path / "clips" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "clips"


ALL = ["a.mp4", "b.MOV", "photo.jpg", "poses.npz", "sub/a.mp4", "sub/deep/z.npz", "sub/deep/z.webm"]


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["clips"], ALL),
        (["clips", "clips/a.mp4", "clips/*.mp4"], ALL),
        (["clips/a.mp4"], ["a.mp4"]),
        (["clips/*"], ALL),
        (["clips/**/*.mp4"], ["a.mp4", "sub/a.mp4"]),
        (["clips/*.mp4", "clips/*.MOV"], ["a.mp4", "b.MOV"]),
        (["clips/a.expect.toml"], ["a.mp4"]),
        (["clips/a.mp4", "clips/a.expect.toml"], ["a.mp4"]),
        (["clips/sub/deep", "clips/sub/a.mp4"], ["a.mp4", "deep/z.npz", "deep/z.webm"]),
        (["clips/notes.txt"], ["notes.txt"]),  # named by itself it is tried
    ],
)
def test_found(folder, paths, names):
    assert [clip.name for clip in find(paths)] == names


@pytest.mark.usefixtures("folder")
def test_each_with_its_expectation_and_its_own_folder():
    clips = {clip.name: clip for clip in find(["clips"])}
    assert {name: clip.sidecar.name for name, clip in clips.items() if clip.sidecar} == {"a.mp4": "a.expect.toml"}
    assert clips["sub/a.mp4"].folder == "sub/a"
    assert clips["sub/deep/z.npz"].folder == "sub/deep/z_npz"
    assert len({clip.folder for clip in clips.values()}) == len(clips)


@pytest.mark.parametrize("path", ["nowhere", "clips/*.avi", "clips/notes*", "clips/.git/*.txt", "a\0b", "empty"])
def test_nothing_there(folder, path):
    (folder.parent / "empty").mkdir()
    with pytest.raises(InputError, match="clip"):
        find(["clips", path])


def test_a_name_with_brackets_is_no_pattern(folder):
    (folder / "a [1].mp4").touch()
    assert [clip.name for clip in find(["clips/a [1].mp4"])] == ["a [1].mp4"]


def test_an_expectation_that_names_its_clip(folder):
    (folder / "other.expect.toml").write_text('clip = "b.MOV"\nexercise = "bridge"\n')
    clips = {clip.name: clip for clip in find(["clips"])}
    assert clips["b.MOV (other)"].sidecar == (folder / "other.expect.toml").relative_to(folder.parent)
    assert [clip.path.name for clip in find(["clips/other.expect.toml"])] == ["b.MOV"]
    assert "b.MOV" not in clips


def test_an_expectation_without_a_clip_is_not_passed_over(folder):
    (folder / "gone.expect.toml").write_text('exercise = "bridge"\n')
    clip = {clip.name: clip for clip in find(["clips"])}["gone"]
    assert not clip.path.exists()
    assert clip.sidecar is not None


@pytest.mark.parametrize("text", [b"clip = ", b"clip = 3", b"\xff clip", b"clip = " + b"[" * 5000])
def test_an_expectation_that_is_wrong_is_told_later(folder, text):
    (folder / "b.expect.toml").write_bytes(text)
    assert {clip.name: clip for clip in find(["clips"])}["b.MOV"].sidecar is not None


def test_results_are_no_clips(folder):
    for name in ("out/a/annotated.mp4", "results/a/result.json", "results/a/annotated.mp4", "results/a/poses.npz"):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert [clip.name for clip in find(["clips"], skip=folder / "out")] == ALL
