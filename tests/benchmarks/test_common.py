"""Poses are kept by all that went into them, and clips are found with what is known of them."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile

import pytest

from benchmarks import _common
from benchmarks._common import Poses, clips_of, table
from benchmarks._transforms import AS_FILMED, TRANSFORMS
from formcheck import exercises
from formcheck.pose import models
from formcheck.pose.landmarks import Pose
from formcheck.pose.recording import PoseRecorder

MIRROR = next(transform for transform in TRANSFORMS if transform.mirrored)


@pytest.fixture
def asked(monkeypatch):
    """What poses were really looked for, in order."""
    calls = []

    def record(clip, model, *, masks, transform, reading):
        calls.append((clip.name, masks, transform.name))
        recorder = PoseRecorder((64, 48))
        recorder.append(Pose.missing(0.0, (64, 48)))
        return recorder.finish()

    monkeypatch.setattr(_common, "record", record)
    return calls


def test_poses_are_found_once_for_each_way_of_looking(tmp_path, asked):
    clip = tmp_path / "a.mp4"
    clip.write_bytes(b"a clip")
    for _ in range(2):  # the second time from the folder
        poses = Poses("full", tmp_path / "cache")
        for masks in (False, True):
            for transform in (AS_FILMED, MIRROR):
                assert len(poses.of(clip, masks=masks, transform=transform)) == 1
                poses.of(clip, masks=masks, transform=transform)
    assert asked == [("a.mp4", masks, name) for masks in (False, True) for name in (AS_FILMED.name, MIRROR.name)]


def test_another_content_is_another_clip(tmp_path, asked):
    clip = tmp_path / "a.mp4"
    for content in (b"one", b"two"):
        clip.write_bytes(content)
        Poses("full", tmp_path / "cache").of(clip)
    assert len(asked) == 2


def bundle(path, content):
    """What looks like a model."""
    with zipfile.ZipFile(path, "w") as file:
        for member in models.MEMBERS:
            file.writestr(zipfile.ZipInfo(member), content)  # of 1980: the same content, the same bytes
    return path


@pytest.mark.parametrize("by_name", [True, False])
def test_another_content_is_another_model(tmp_path, asked, monkeypatch, by_name):
    clip = tmp_path / "a.mp4"
    clip.write_bytes(b"a clip")
    monkeypatch.setattr(models, "_home", lambda: (tmp_path, ""))
    for content in ("one", "two", "two"):
        model = bundle(tmp_path / "pose_landmarker_full.task", content)
        digest = hashlib.sha256(model.read_bytes()).hexdigest()
        (tmp_path / "SHA256SUMS").write_text(f"{digest}  {model.name}\n", encoding="ascii")
        Poses("full" if by_name else str(model), tmp_path / "cache").of(clip)
    assert len(asked) == 2


def test_another_code_is_another_way_of_looking(tmp_path, asked, monkeypatch):
    clip, code = tmp_path / "a.mp4", tmp_path / "finder.py"
    clip.write_bytes(b"a clip")
    monkeypatch.setattr(_common, "_code_files", lambda: [code])
    for content in (b"one", b"two", b"two"):
        code.write_bytes(content)
        Poses("full", tmp_path / "cache").of(clip)
    assert len(asked) == 2


def test_all_code_that_poses_come_from_counts():
    """Whatever of formcheck's own is loaded to read pictures and to find people in them."""
    script = (
        "import sys, formcheck.pose.finder, formcheck.video.source, formcheck.video.decoder\n"
        "print(*(module for module in sys.modules if module.startswith(('formcheck.video.', 'formcheck.pose.'))))"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    counted = {f"formcheck.{file.parent.name}.{file.stem}" for file in _common._code_files()}
    assert len(loaded) > 10
    assert set(loaded) - counted <= {"formcheck.video.stretches"}


def test_without_a_folder_nothing_is_written(tmp_path, asked):
    clip = tmp_path / "a.mp4"
    clip.write_bytes(b"a clip")
    poses = Poses("full", None)
    poses.of(clip)
    poses.of(clip)
    poses.forget()
    poses.of(clip)
    assert len(asked) == 2
    assert [file.name for file in tmp_path.iterdir()] == ["a.mp4"]


def test_clips_come_with_truth_or_labels_and_an_empty_room_for_every_exercise(tmp_path, capsys):
    for name in ("a", "b", "c", "d"):
        (tmp_path / f"{name}.mp4").touch()
    (tmp_path / "a.json").write_text(json.dumps({"exercise": "bridge"}), encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps({"exercise": "empty"}), encoding="utf-8")
    (tmp_path / "labels.toml").write_text('[[clip]]\nfile = "c.mp4"\nexercise = "plank"\n', encoding="utf-8")
    clips = clips_of([tmp_path])
    assert [(clip.name, clip.exercise) for clip in clips] == [
        ("a", "bridge"),
        *(("b", name) for name in exercises.names()),
        ("c", "plank"),
    ]
    assert "neither truth nor labels" in capsys.readouterr().err


def test_a_table_is_aligned():
    assert table(("a", "b", "c"), [["x", "10", "yes"], ["long", "1", ""]]) == (
        "a      b  c\n----  --  ---\nx     10  yes\nlong   1"
    )
