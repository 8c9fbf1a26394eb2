import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile

import pytest
from pose_clips import ROOT

from formcheck.errors import ModelError
from formcheck.pose import models
from formcheck.pose.models import MEMBERS, find_model


@pytest.fixture
def build():
    spec = importlib.util.spec_from_file_location("models_build", ROOT / "models" / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A checkout's model folder with a small stand-in for lite, and neither full nor heavy."""
    home = tmp_path / "models"
    home.mkdir()
    (home / "pose_landmarker_lite.task").write_bytes(b"lite")
    digests = {"lite": b"lite", "full": b"full", "heavy": b"heavy"}
    lines = [f"{hashlib.sha256(data).hexdigest()}  pose_landmarker_{size}.task" for size, data in digests.items()]
    (home / "SHA256SUMS").write_text("\n".join(lines) + "\n")
    monkeypatch.setattr(models, "_IN_WHEEL", tmp_path / "nowhere")
    monkeypatch.setattr(models, "_IN_CHECKOUT", home)
    return home


def a_bundle(path, names=MEMBERS):
    with zipfile.ZipFile(path, "w") as bundle:
        for name in names:
            bundle.writestr(name, b"model" * 100)
    return path


@pytest.mark.parametrize("size", ["lite", "full"])
def test_the_models_of_the_checkout_are_sound(size):
    assert find_model(size).name == f"pose_landmarker_{size}.task"


def test_missing_model_names_the_command_that_builds_it(folder):
    with pytest.raises(ModelError, match=r"pose_landmarker_heavy\.task is not in .*python models/build\.py heavy$"):
        find_model("heavy")


def test_damaged_model_names_the_command_that_builds_it(folder):
    (folder / "pose_landmarker_lite.task").write_bytes(b"l1te")
    with pytest.raises(ModelError, match=r"is damaged .*python models/build\.py lite$"):
        find_model("lite")


@pytest.mark.parametrize("sums", [None, "", "one two three\n", "abc  other.task\n", "\xff"])
def test_sums_that_are_missing_or_damaged(folder, sums):
    (folder / "SHA256SUMS").unlink() if sums is None else (folder / "SHA256SUMS").write_text(sums)
    with pytest.raises(ModelError, match="SHA256SUMS is missing or damaged"):
        find_model("lite")


def test_models_inside_an_installed_package_come_first(folder, tmp_path, monkeypatch):
    wheel = tmp_path / "package" / "models"
    shutil.copytree(folder, wheel)
    monkeypatch.setattr(models, "_IN_WHEEL", wheel)
    assert find_model("lite").parent == wheel
    with pytest.raises(ModelError, match=r"python -m formcheck\.models\.build full$"):
        find_model("full")


def test_a_path_is_taken_as_it_is(tmp_path):
    path = a_bundle(tmp_path / "my.task")
    assert find_model(str(path)) == path


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: None,  # nothing there
        lambda path: path.mkdir(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"no zip at all" * 50),
        lambda path: a_bundle(path, ["pose_detector.tflite"]),
        lambda path: path.write_bytes(a_bundle(path).read_bytes()[:-60]),
        lambda path: path.write_bytes(a_bundle(path).read_bytes().replace(b"modelmodel", b"modelMODEL", 1)),
    ],
)
def test_a_path_that_is_no_bundle(tmp_path, spoil):
    path = tmp_path / "my.task"
    spoil(path)
    with pytest.raises(ModelError, match=r"my\.task.*choose lite, full or heavy") as caught:
        find_model(str(path))
    assert "\n" not in str(caught.value)


# Building


@pytest.mark.parametrize(
    ("arguments", "sizes", "rebuild"),
    [([], [], False), (["heavy"], ["heavy"], False), (["--rebuild", "lite", "full"], ["lite", "full"], True)],
)
def test_build_arguments(build, arguments, sizes, rebuild):
    args = build.parse(arguments)
    assert (args.sizes, args.rebuild, args.out) == (sizes, rebuild, ROOT / "models")


def test_build_refuses_other_sizes(build, capsys):
    with pytest.raises(SystemExit, match="2"):
        build.parse(["huge"])
    assert "'huge' is not one of lite, full, heavy" in capsys.readouterr().err


def test_build_finds_the_models_sound(build, capsys):
    build.main([])
    assert capsys.readouterr().out == "pose_landmarker_lite.task: sound\npose_landmarker_full.task: sound\n"


@pytest.mark.parametrize(
    ("fail", "said"),
    [
        ("npm missing", "npm is needed"),
        ("offline", "could not be fetched (ERROR: no route)"),
        ("other parts", "which is not the one in SHA256SUMS"),
    ],
)
def test_build_says_in_one_sentence_why_it_failed(build, tmp_path, monkeypatch, fail, said):
    def run(command, folder, package):
        if "pip" not in command:
            pytest.fail("npm must not be reached")
        with zipfile.ZipFile(folder / "mediapipe-0-any.whl", "w") as wheel:
            wheel.writestr(build.DETECTOR_IN_WHEEL, b"other" if fail == "other parts" else b"detector")

    sums = build.known_sums() | {build.DETECTOR: hashlib.sha256(b"detector").hexdigest()}
    monkeypatch.setattr(build, "known_sums", lambda: sums)
    monkeypatch.setattr(build.shutil, "which", lambda name: None)
    if fail == "offline":
        done = subprocess.CompletedProcess([], 1, stdout="", stderr="WARNING: again\nERROR: no route\n")
        monkeypatch.setattr(build.subprocess, "run", lambda *args, **more: done)
    else:
        monkeypatch.setattr(build, "run", run)
    with pytest.raises(SystemExit) as caught:
        build.main(["lite", "--out", str(tmp_path / "new")])
    assert said in str(caught.value)
    assert str(caught.value).startswith("build.py: ")
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_built_bundles_are_replaced_whole(build, tmp_path, capsys):
    build.write(b"new", tmp_path / "deep" / "pose_landmarker_lite.task")
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["pose_landmarker_lite.task"]


def test_build_that_may_not_write_says_so(build, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(build.BuildError, match="name another folder with --out"):
        build.write(b"new", tmp_path / "file" / "pose_landmarker_lite.task")


def test_wheel_layout_finds_and_builds_its_own_models(tmp_path):
    """As pyproject.toml lays them out: formcheck/models/, with build.py run as a module."""
    package = tmp_path / "formcheck"
    shutil.copytree(ROOT / "formcheck", package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "models").mkdir()
    for name in ("SHA256SUMS", "build.py", "pose_landmarker_lite.task"):
        shutil.copy(ROOT / "models" / name, package / "models")
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}

    def python(*arguments):
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    found = python("-c", "from formcheck.pose.models import find_model; print(find_model('lite'))")
    assert found.stdout.strip() == str(package / "models" / "pose_landmarker_lite.task"), found.stderr
    checked = python("-m", "formcheck.models.build", "lite")
    assert checked.stdout == "pose_landmarker_lite.task: sound\n", checked.stderr
