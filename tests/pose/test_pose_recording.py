import io
import json
import zipfile
from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pose_clips import a_pose

from formcheck.errors import InputError, OutputError
from formcheck.pose import recording
from formcheck.pose.contour import PLACES_N
from formcheck.pose.landmarks import LANDMARKS_N, NO_SCENE, Pose, Scene
from formcheck.pose.recording import PoseRecorder, PoseRecording, PoseSource

SIZE = (640, 480)


def record(poses, source=None):
    recorder = PoseRecorder(SIZE)
    for pose in poses:
        recorder.append(pose)
    return recorder.finish(source)


def same(a: Pose, b: Pose) -> bool:
    pairs = [(a.pixels, b.pixels), (a.world, b.world), (a.visibility, b.visibility), (_scene(a), _scene(b))]
    unknown = np.full(PLACES_N, np.nan)  # a recording with some contours has one for every pose
    pairs.append(tuple(unknown if pose.back is None else pose.back for pose in (a, b)))
    return (a.time_s, a.size, a.new_shot) == (b.time_s, b.size, b.new_shot) and all(
        x.dtype == y.dtype == np.float64 and np.array_equal(x, y, equal_nan=True) for x, y in pairs
    )


def _scene(pose):
    return np.array(astuple(pose.scene))


def numbers(*shape):
    values = st.one_of(st.floats(-4000, 4000, width=32), st.just(np.nan))
    return arrays(np.float64, shape, elements=values, fill=st.just(np.nan))


@st.composite
def poses(draw):
    times = sorted(draw(st.sets(st.floats(0, 1e5), max_size=4)))
    return [
        Pose(
            t,
            draw(numbers(LANDMARKS_N, 2)),
            draw(numbers(LANDMARKS_N, 3)),
            draw(numbers(LANDMARKS_N)),
            SIZE,
            draw(st.booleans()),
            draw(st.none() | numbers(PLACES_N)),
            draw(st.just(NO_SCENE) | st.builds(lambda values: Scene(*values.tolist()), numbers(5))),
        )
        for t in times
    ]


@settings(max_examples=25, deadline=None)
@given(poses(), st.text(max_size=20), st.floats(0, 1e6), st.integers(0, 10**6))
def test_what_is_saved_is_what_is_loaded(tmp_path_factory, given_poses, name, duration_s, frames):
    path = tmp_path_factory.mktemp("recording") / "poses.npz"
    source = PoseSource(name, "full", duration_s, frames, 29.97)
    record(given_poses, source).save(path)
    loaded = PoseRecording.load(path)
    assert (len(loaded), loaded.size, loaded.source) == (len(given_poses), SIZE, source)
    assert all(same(a, b) for a, b in zip(given_poses, loaded, strict=True))
    assert all(same(loaded[i], pose) for i, pose in enumerate(given_poses))


@pytest.mark.parametrize("told", ["back", "scene", "both", "neither"])
def test_contour_and_scene_come_back_where_they_were_told(tmp_path, told):
    given = []
    for i in range(3):
        back = np.linspace(0, 0.25, PLACES_N).astype(np.float32).astype(np.float64) + i
        scene = Scene(200.0, 1.5, float(i), 2.5, 0.5)
        given.append(
            replace(
                a_pose(i / 10),
                back=back if told in ("back", "both") else None,
                scene=scene if told in ("scene", "both") else NO_SCENE,
            )
        )
    record(given).save(tmp_path / "poses.npz")
    loaded = PoseRecording.load(tmp_path / "poses.npz")
    for before, after in zip(given, loaded, strict=True):
        assert (after.back is None) is (before.back is None)
        assert before.back is None or np.allclose(after.back, before.back, atol=1e-6)
        assert np.array_equal(_scene(after), _scene(before), equal_nan=True)


def test_what_an_earlier_release_did_not_look_at_is_unknown(tmp_path):
    """Its scenes had three numbers."""
    record([replace(a_pose(), scene=Scene(200.0, 1.5, 1.0))]).save(tmp_path / "new.npz")
    with np.load(tmp_path / "new.npz") as new:
        arrays = dict(new) | {"scene": new["scene"][:, :3]}
    np.savez_compressed(tmp_path / "old.npz", **arrays)
    (pose,) = PoseRecording.load(tmp_path / "old.npz")
    assert (pose.scene.light, pose.scene.roll_deg, pose.scene.people) == (200.0, 1.5, 1.0)
    assert np.isnan([pose.scene.noise, pose.scene.blur_px]).all()


def test_missing_poses_stay_missing(tmp_path):
    record([Pose.missing(0.0, SIZE, new_shot=True), a_pose(0.5)]).save(tmp_path / "a.npz")
    first, second = PoseRecording.load(tmp_path / "a.npz")
    assert (first.found, first.new_shot, second.found, second.new_shot) == (False, True, True, False)


@pytest.mark.parametrize("time_s", [1.0, 0.5, np.nan, np.inf])
def test_recorder_refuses_times_that_do_not_follow(time_s):
    recorder = PoseRecorder(SIZE)
    recorder.append(a_pose(1.0))
    with pytest.raises(ValueError, match="strictly increase"):
        recorder.append(a_pose(time_s))


def test_saving_replaces_the_file_whole(tmp_path):
    path = tmp_path / "a.npz"
    path.write_bytes(b"old")
    record([a_pose()]).save(path)
    assert len(PoseRecording.load(path)) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_source_may_hold_any_numbers(tmp_path):
    source = PoseSource(frames=np.int64(3), duration_s=2, fps=np.float32(12.0))
    record([], source).save(tmp_path / "a.npz")
    assert PoseRecording.load(tmp_path / "a.npz").source == PoseSource("", "", 2.0, 3, 12.0)


def test_saving_where_one_cannot(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        record([a_pose()]).save(tmp_path / "file" / "a.npz")


# Damage. Each takes the members of a sound recording, by name, and spoils them.


def npy(array):
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def about(**changes):
    told = {"format": 1, "path": "", "model": "", "duration_s": 0.0, "frames": 0, "fps": 0.0} | changes
    return npy(np.array(json.dumps(told)))


T, F = 3, np.float32
DAMAGE = {
    "a member is missing": {"world.npy": None},
    "other pictures of landmarks": {"pixels.npy": npy(np.zeros((T, 17, 2), F))},
    "one frame too few": {"visibility.npy": npy(np.zeros((T - 1, LANDMARKS_N), F))},
    "doubles": {"pixels.npy": npy(np.zeros((T, LANDMARKS_N, 2)))},
    "infinite": {"world.npy": npy(np.full((T, LANDMARKS_N, 3), np.inf, F))},
    "time stands still": {"time_s.npy": npy(np.array([0.0, 1.0, 1.0]))},
    "time runs back": {"time_s.npy": npy(np.array([0.0, 2.0, 1.0]))},
    "time unknown": {"time_s.npy": npy(np.array([0.0, np.nan, 1.0]))},
    "one time only": {"time_s.npy": npy(np.array(0.0))},
    "times in a table": {"time_s.npy": npy(np.zeros((T, 1)))},
    "new_shot is no truth value": {"new_shot.npy": npy(np.zeros(T))},
    "no size": {"size.npy": npy(np.array([0, 480]))},
    "three sizes": {"size.npy": npy(np.array([1, 2, 3]))},
    "broken size": {"size.npy": npy(np.array([640.5, 480.0]))},
    "no array at all": {"time_s.npy": b"no numpy"},
    "empty": {"time_s.npy": b""},
    "cut short": {"world.npy": npy(np.zeros((T, LANDMARKS_N, 3), F))[:-8]},
    "claims to be huge": {"time_s.npy": npy(np.zeros(T)).replace(b"(3,)", b"(9000000000000,)".ljust(4))},
    "Fortran order": {"pixels.npy": npy(np.asfortranarray(np.zeros((T, LANDMARKS_N, 2), F)))},
    "another format": {"about.npy": about(format=2)},
    "no description": {"about.npy": npy(np.array("what?"))},
    "a number for a description": {"about.npy": npy(np.array(7))},
    "a list for a description": {"about.npy": npy(np.array("[1]"))},
    "incomplete description": {"about.npy": npy(np.array('{"format": 1}'))},
    "wrong kind in description": {"about.npy": about(frames="many")},
}


def rewrite(path, changes):
    with zipfile.ZipFile(path) as bundle:
        members = {name: bundle.read(name) for name in bundle.namelist()} | changes
    with zipfile.ZipFile(path, "w") as bundle:
        for name, data in members.items():
            if data is not None:
                bundle.writestr(name, data)


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_damaged_recordings_are_refused_in_one_sentence(tmp_path, damage):
    path = tmp_path / "a.npz"
    record([a_pose(0.0), a_pose(0.1), a_pose(0.2)]).save(path)
    rewrite(path, damage)
    with pytest.raises(InputError, match=r"a\.npz is no pose recording") as caught:
        PoseRecording.load(path)
    assert "\n" not in str(caught.value)


class Trap:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was executed",))


def test_pickles_are_never_executed(tmp_path):
    path = tmp_path / "a.npz"
    record([a_pose()]).save(path)
    out = io.BytesIO()
    np.save(out, np.array([Trap()], dtype=object), allow_pickle=True)
    rewrite(path, {"time_s.npy": out.getvalue()})
    with pytest.raises(InputError):
        PoseRecording.load(path)


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04" + bytes(40)])
def test_files_that_are_no_recording(tmp_path, content):
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(InputError, match="is no pose recording"):
        PoseRecording.load(tmp_path / "a.npz")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_files_cut_short(tmp_path, share):
    path = tmp_path / "a.npz"
    record([a_pose(0.1 * i) for i in range(20)]).save(path)
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(InputError, match="is no pose recording"):
        PoseRecording.load(path)


def test_flipped_bits_are_noticed(tmp_path):
    path = tmp_path / "a.npz"
    record([a_pose(0.1 * i) for i in range(20)]).save(path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(InputError):
        PoseRecording.load(path)


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(InputError, match="There is no pose recording"):
        PoseRecording.load(tmp_path / "a.npz")
    with pytest.raises(InputError):
        PoseRecording.load(tmp_path)


def test_too_large_is_refused_before_reading(tmp_path, monkeypatch):
    path = tmp_path / "a.npz"
    record([a_pose()]).save(path)
    monkeypatch.setattr(recording, "BYTES_MAX", 1000)
    with pytest.raises(InputError, match="larger than"):
        PoseRecording.load(path)
