"""Bad input, bad places to write to, and Ctrl-C: through `analyze` and through the command line."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import av
import bodies
import cv2
import numpy as np
import pytest
import samples
from samples import pictures, write_pictures, write_sound

from formcheck import FormcheckError, analyze
from formcheck.errors import ExerciseError, InputError, ModelError, NoPersonError, OutputError
from formcheck.judge import Judge
from formcheck.pose.landmarks import Pose
from formcheck.pose.recording import PoseRecorder

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits and /dev/full are Linux's")


def cli(*arguments: object, before: str = "") -> list[str]:
    """The command for the command line; with `before`, some Python is run first in the same process."""
    told = [str(argument) for argument in arguments]
    if not before:
        return [sys.executable, "-m", "formcheck.cli", *told]
    return [
        sys.executable,
        "-c",
        f"{before}; import sys; from formcheck.cli import main; sys.exit(main(sys.argv[1:]))",
        *told,
    ]


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=120)


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence that was said; nothing else was, and the exit code is 2."""
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("formcheck: ")
    assert line.endswith((".", "?"))
    return line.removeprefix("formcheck: ")


def left_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# --- clips that cannot be used ---------------------------------------------------------------


def missing(path: Path) -> Path:
    return path.with_suffix(".mp4")


def directory(path: Path) -> Path:
    path.mkdir()
    return path


def directory_named_like_a_video(path: Path) -> Path:
    path.with_suffix(".mp4").mkdir()
    return path.with_suffix(".mp4")


def text(path: Path) -> Path:
    path.with_suffix(".mp4").write_text("This is no video.\n" * 100)
    return path.with_suffix(".mp4")


def empty(path: Path) -> Path:
    path.with_suffix(".mp4").touch()
    return path.with_suffix(".mp4")


def truncated(path: Path) -> Path:
    """The index of an MP4 stands at its end: without it nothing can be read."""
    whole = write_pictures(path.with_suffix(".mp4"), list(pictures("bridge_good", 0, 12)))
    whole.write_bytes(whole.read_bytes()[:-2000])
    return whole


def no_frames(path: Path) -> Path:
    """An MP4 with a video track and not one picture in it."""
    path = path.with_suffix(".mp4")
    with av.open(str(path), "w", options={"movflags": "empty_moov"}) as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        container.start_encoding()
    return path


def sound(path: Path) -> Path:
    return write_sound(path.with_suffix(".mp4"))


def nobody(path: Path) -> Path:
    return write_pictures(path.with_suffix(".mp4"), [np.full((240, 320, 3), (90, 120, 150), np.uint8)] * 8)


def feet_at_the_edge(path: Path) -> Path:
    """Only what lies beyond the shins is in the picture; the rest of it is wall."""
    told = samples.truth("bridge_good")
    x, _ = zip(
        *(told["frames"][0]["pixels"][told["joints"].index(joint)] for joint in ("ankle_l", "ankle_r")), strict=True
    )
    images = []
    for image in pictures("bridge_good", 0, 8):
        wall = np.full_like(image, 150)
        feet = image[:, round(min(x)) - 10 :]
        wall[:, : feet.shape[1]] = feet
        images.append(wall)
    return write_pictures(path.with_suffix(".mp4"), images)


def tiny(path: Path) -> Path:
    small = [cv2.resize(image, (32, 32), interpolation=cv2.INTER_AREA) for image in pictures("bridge_good", 0, 8)]
    return write_pictures(path.with_suffix(".mp4"), small)


def no_recording(path: Path) -> Path:
    path.with_suffix(".npz").write_bytes(b"PK\x03\x04 nothing")
    return path.with_suffix(".npz")


def missing_recording(path: Path) -> Path:
    return path.with_suffix(".npz")


def recording_of_nobody(path: Path) -> Path:
    recorder = PoseRecorder((640, 480))
    for i in range(20):
        recorder.append(Pose.missing(i / 10, (640, 480)))
    recorder.finish().save(path.with_suffix(".npz"))
    return path.with_suffix(".npz")


def recording_of_half_a_person(path: Path) -> Path:
    """Found, but head and shoulders are never in the picture."""
    recorder = PoseRecorder((640, 480))
    for pose in bodies.film(lambda t: bodies.bridge(), 3.0, bodies.View(at=(90.0, 380.0))):
        recorder.append(pose)
    recorder.finish().save(path.with_suffix(".npz"))
    return path.with_suffix(".npz")


BAD = [
    (missing, InputError, "no (such )?file|not (there|found)|does not exist|There is no"),
    (directory, InputError, "picture|image|empty|folder"),
    (directory_named_like_a_video, InputError, "picture|image|empty|folder"),
    (text, InputError, "video"),
    (empty, InputError, "empty"),
    (truncated, InputError, "damaged|incomplete|cut off|whole|video"),
    (no_frames, InputError, "picture|frame|video"),
    (sound, InputError, "picture|sound|video"),
    (nobody, NoPersonError, "Nobody"),
    (feet_at_the_edge, NoPersonError, "Nobody|never far enough inside"),
    (tiny, NoPersonError, "Nobody|never far enough inside"),
    (no_recording, InputError, "no pose recording"),
    (missing_recording, InputError, "There is no pose recording"),
    (recording_of_nobody, NoPersonError, "Nobody"),
    (recording_of_half_a_person, NoPersonError, "never far enough inside"),
]


@pytest.mark.parametrize(("make", "error", "said"), BAD, ids=[make.__name__ for make, _, _ in BAD])
def test_a_bad_clip_is_refused_in_one_sentence(
    make: Callable[[Path], Path], error: type[FormcheckError], said: str, tmp_path: Path
):
    (tmp_path / "in").mkdir()
    clip = make(tmp_path / "in" / "clip")
    before = left_in(tmp_path)
    with pytest.raises(error, match=said) as caught:
        analyze(clip, "bridge", out=tmp_path / "out", save_poses=True, model="lite")
    assert str(clip) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert left_in(tmp_path) == before  # nothing half-written
    told = refused(run(cli("analyze", clip, "-e", "bridge", "-o", tmp_path / "out", "--model", "lite"), tmp_path))
    assert told == str(caught.value)
    assert left_in(tmp_path) == before


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"exercise": "squat"}, ExerciseError, "squat.*plank, .*bridge, .*cat_cow, .*partial_crunch"),
        ({"exercise": "bridge", "model": "nowhere.task"}, ModelError, "nowhere.task"),
        ({"exercise": "bridge", "model": "enormous"}, ModelError, "enormous"),
    ],
)
def test_bad_arguments_are_refused(
    arguments: dict[str, str], error: type[FormcheckError], said: str, short_clip: Path, tmp_path: Path
):
    with pytest.raises(error, match=said):
        analyze(short_clip, **arguments, out=tmp_path / "out")
    assert left_in(tmp_path) == []


def test_an_unknown_exercise_is_told_before_the_clip_is_looked_at(tmp_path: Path):
    with pytest.raises(ExerciseError):
        analyze(tmp_path / "missing.mp4", "squat", out=tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


# --- clips that are odd and good -------------------------------------------------------------


def one_picture(path: Path) -> Path:
    return write_pictures(path.with_suffix(".mp4"), list(pictures("bridge_good", 0, 1)))


def enormous(path: Path) -> Path:
    large = [cv2.resize(image, (7680, 4320)) for image in pictures("bridge_good", 0, 2)]
    return write_pictures(path.with_suffix(".mp4"), large)


def odd(path: Path) -> Path:
    return write_pictures(path.with_suffix(".mkv"), [image[:475, :635] for image in pictures("bridge_good", 0, 6)])


def grey(path: Path) -> Path:
    return write_pictures(path.with_suffix(".mkv"), list(pictures("bridge_good", 0, 6)), pix_fmt="gray")


def upright(path: Path) -> Path:
    wall = [cv2.copyMakeBorder(image, 200, 200, 0, 0, cv2.BORDER_REPLICATE) for image in pictures("bridge_good", 0, 6)]
    return write_pictures(path.with_suffix(".mp4"), wall)


def cut_off_after_its_index(path: Path) -> Path:
    """With the index in front, what there is can be read."""
    path = path.with_suffix(".mkv")
    whole = write_pictures(path, list(pictures("bridge_good", 0, 30)))
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    return path


@pytest.mark.parametrize(
    ("make", "frames", "size", "written"),
    [
        (one_picture, 1, (640, 480), (640, 480)),
        (enormous, 2, (1920, 1080), (1920, 1080)),  # a pose estimator needs no more
        (odd, 6, (635, 475), (636, 476)),  # H.264 wants even sides
        (grey, 6, (640, 480), (640, 480)),
        (upright, 6, (640, 880), (640, 880)),
    ],
    ids=lambda it: getattr(it, "__name__", None),
)
def test_odd_clips_are_analysed(
    make: Callable[[Path], Path], frames: int, size: tuple[int, int], written: tuple[int, int], tmp_path: Path
):
    result = analyze(make(tmp_path / "clip"), "bridge", out=tmp_path / "out", model="lite")
    source = result.source
    assert (source.frames, source.width, source.height) == (frames, *size)
    assert source.duration_s > 0
    assert source.fps > 0
    assert result.pose_found == 1
    assert result.reps == ()
    assert json.loads((tmp_path / "out" / "result.json").read_text())["counts"]["good"] == 0
    with av.open(tmp_path / "out" / "annotated.mp4") as video:
        stream = video.streams.video[0]
        assert (stream.width, stream.height) == written
        assert sum(1 for _ in video.decode(stream)) == frames


def test_a_clip_that_is_cut_off_is_analysed_as_far_as_it_goes(tmp_path: Path):
    result = analyze(cut_off_after_its_index(tmp_path / "clip"), "bridge", out=tmp_path / "out", model="lite")
    assert 5 < result.source.frames < 25
    (warning,) = result.warnings
    assert warning.endswith(".")
    assert json.loads((tmp_path / "out" / "result.json").read_text())["warnings"] == [warning]


# --- places that cannot be written to --------------------------------------------------------


@pytest.mark.parametrize("below", ["file", "file/out", "file/a/b"])
def test_a_folder_that_cannot_be_made(below: str, short_clip: Path, tmp_path: Path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match=str(tmp_path / "file")):
        analyze(short_clip, "bridge", out=tmp_path / below, model="lite")
    told = refused(run(cli("analyze", short_clip, "-e", "bridge", "-o", tmp_path / below, "--model", "lite"), tmp_path))
    assert str(tmp_path / "file") in told
    assert left_in(tmp_path) == ["file"]
    assert (tmp_path / "file").read_text() == "mine"


@LINUX
@pytest.mark.parametrize(
    ("limit", "options", "earlier"),
    [
        (3000, [], False),  # no room for the video
        (600, ["--no-video"], True),  # none for result.json: the earlier one is still there
        (3000, ["--no-video", "--save-poses"], False),  # none for the poses
    ],
)
def test_a_full_disk_leaves_nothing_half_written(
    limit: int, options: list[str], earlier: bool, short_clip: Path, tmp_path: Path
):
    out = tmp_path / "out"
    if earlier:
        out.mkdir()
        (out / "result.json").write_text("earlier")
    before = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))"
    command = cli("analyze", short_clip, "-e", "bridge", "-o", out, "--model", "lite", *options, before=before)
    told = refused(run(command, tmp_path))
    assert "cannot be written" in told
    assert left_in(tmp_path) == (["out/result.json"] if earlier else [])
    if earlier:
        assert (out / "result.json").read_text() == "earlier"


@LINUX
def test_a_disk_without_room(short_clip: Path, tmp_path: Path):
    (tmp_path / "result.json").symlink_to("/dev/full")
    with pytest.raises(OutputError, match="disk is full"):
        analyze(short_clip, "bridge", out=tmp_path, video=False, model="lite")
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]


# --- Ctrl-C ----------------------------------------------------------------------------------

# A test run may have been started with Ctrl-C switched off, which is passed on; a person's shell does not.
WITH_CTRL_C = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"


@pytest.mark.skipif(sys.platform == "win32", reason="there Ctrl-C is no signal")
@pytest.mark.parametrize("options", [[], pytest.param(["--json"], marks=pytest.mark.slow)])
def test_ctrl_c_keeps_what_was_done(options: list[str], tmp_path: Path):
    out = tmp_path / "out"
    clip = samples.clip("bridge_faulty")
    command = cli("analyze", clip, "-e", "bridge", "-o", out, "--save-poses", *options, before=WITH_CTRL_C)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        try:
            until(lambda: written(out) > 20_000, process)
            process.send_signal(signal.SIGINT)
            said, complained = process.communicate(timeout=60)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
    assert process.returncode == 130
    assert "Traceback" not in complained
    assert left_in(out) == ["annotated.mp4", "poses.npz", "report.html", "result.json"]
    result = json.loads((out / "result.json").read_text())
    assert result["interrupted"] is True
    assert 0 < result["source"]["frames"] < samples.truth("bridge_faulty")["frames_n"]
    with av.open(out / "annotated.mp4") as video:
        assert sum(1 for _ in video.decode(video=0)) == pytest.approx(result["source"]["frames"], abs=1)
    assert analyze(out / "poses.npz", "bridge").counts == result["counts"]
    if options:
        assert json.loads(said) == result
    else:
        assert "Stopped before the end" in said


def written(folder: Path) -> int:
    """Bytes of the video that is being written, under whatever name."""
    with contextlib.suppress(OSError):
        return sum(path.stat().st_size for path in folder.iterdir())
    return 0


def until(true: Callable[[], bool], process: subprocess.Popen[str], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert process.poll() is None, "it ended before it was interrupted"
        assert time.monotonic() < end, "it never began to write"
        time.sleep(0.02)


def test_ctrl_c_in_a_replay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    poses, _ = bodies.bridges([178, 178])
    recorder = PoseRecorder(poses[0].size)
    for pose in poses:
        recorder.append(pose)
    recorder.finish().save(tmp_path / "poses.npz")
    step = Judge.step

    def interrupted(self: Judge, pose: object) -> object:
        if pose.time_s > 9:
            raise KeyboardInterrupt
        return step(self, pose)

    monkeypatch.setattr(Judge, "step", interrupted)
    result = analyze(tmp_path / "poses.npz", "bridge", out=tmp_path / "out")
    assert result.interrupted
    assert result.counts["good"] == 1
    assert json.loads((tmp_path / "out" / "result.json").read_text())["interrupted"] is True


def test_ctrl_c_before_anything_was_found(short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def interrupted(self: Judge, pose: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(Judge, "step", interrupted)
    result = analyze(short_clip, "bridge", out=tmp_path / "out", save_poses=True, model="lite")
    assert result.interrupted
    assert result.reps == ()
    json.loads((tmp_path / "out" / "result.json").read_text())
    assert not list((tmp_path / "out").glob(".*"))
