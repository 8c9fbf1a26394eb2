"""Poses are kept by all that went into them, and clips are found with what is known of them."""

from __future__ import annotations

import json

import pytest

from benchmarks import _common
from benchmarks._common import Poses, clips_of, table
from benchmarks._transforms import AS_FILMED, TRANSFORMS
from formcheck import exercises
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
