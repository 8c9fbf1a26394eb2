from dataclasses import replace

import numpy as np
import pytest
from pose_clips import a_pose, error, frames, moved, truth

from formcheck.errors import ModelError
from formcheck.pose import finder as finder_module
from formcheck.pose.credible import flaw
from formcheck.pose.estimator import RawPose
from formcheck.pose.finder import RUNGS, PoseFinder, Rung
from formcheck.pose.landmarks import LANDMARKS_N, Landmark, Pose
from formcheck.pose.models import find_model
from formcheck.pose.recording import PoseRecorder, PoseRecording
from formcheck.video.frame import Frame

GREY = np.full((480, 640, 3), 110, np.uint8)


def at(image, time_s, new_shot=False):
    return Frame(image, time_s, round(time_s * 100), new_shot)


@pytest.fixture
def find():
    """A finder with the real lite model."""
    with PoseFinder("lite") as made:
        yield made


def test_warming_up_leaves_no_trace(find):
    with PoseFinder("lite") as warmed:
        warmed.warm_up()
        for frame in frames(n=4):
            later = replace(frame, time_s=frame.time_s + 0.5)
            cold, warm = find.find(later), warmed.find(later)
            assert cold.found
            assert np.array_equal(cold.pixels, warm.pixels) and np.array_equal(cold.world, warm.world)


# One rung's way of looking


@pytest.mark.parametrize("rung", [Rung("", brighten=b > 0, border=b, turn=t) for b in (0, 0.2) for t in range(4)])
@pytest.mark.parametrize("size", [(640, 480), (333, 500)])
def test_what_a_rung_prepares_it_can_restore(rung, size):
    """A coloured spot is searched in the prepared picture and must come back to its place."""
    image = np.zeros((size[1], size[0], 3), np.uint8)
    image[200:203, 120:123] = 255
    picture = rung.prepare(image)
    assert picture.flags.c_contiguous
    y, x = (float(axis.mean()) + 0.5 for axis in np.nonzero(picture[:, :, 0]))
    to_right = np.zeros((LANDMARKS_N, 3))
    to_right[:, :2] = [(1, 0), (0, 1), (-1, 0), (0, -1)][rung.turn]  # where the image's right is in the picture
    to_right[:, 2] = 0.3
    mask = (picture[:, :, 0] / 255).astype(np.float32)
    raw = rung.restore(RawPose(np.tile((x, y), (LANDMARKS_N, 1)), to_right, np.ones(LANDMARKS_N), mask), image)
    assert np.allclose(raw.pixels, (121.5, 201.5))
    assert np.allclose(raw.world, (1, 0, 0.3))
    assert np.array_equal(raw.mask * 255, image[:, :, 0])


@pytest.mark.parametrize("rung", RUNGS, ids=lambda rung: rung.name)
def test_every_rung_finds_the_same_person(rung, monkeypatch):
    monkeypatch.setattr(finder_module, "RUNGS", (rung,))
    with PoseFinder("lite") as find:
        for frame, true in zip(frames(n=3), truth(), strict=False):
            pose = find.find(frame)
            assert error(pose, true) < 0.15
            assert flaw(pose) is None  # so the world is turned back too: bones and side fit


def test_brightening_leaves_bright_pictures_alone():
    rung, image = Rung("", brighten=True), frames()[0].image
    assert np.array_equal(rung.prepare(image), image)
    dark = (image // 8).astype(np.uint8)
    assert 180 < np.percentile(rung.prepare(dark), 95) < 220
    assert rung.prepare(np.zeros((8, 8, 3), np.uint8)).max() == 0


# The ladder, with scripted looks: which rungs see somebody when


class Idle:
    """Stands in for an estimator that is never asked."""

    def forget(self):
        pass

    close = forget


class ScriptedFinder(PoseFinder):
    """Its rungs see somebody as the frame's value says: bit i for rung i. `log` has the rungs that looked."""

    def __init__(self):
        super().__init__("lite")
        self.log = []

    def _new_estimator(self):
        return Idle()

    def _look(self, estimator, rung, frame):
        self.log.append(RUNGS[rung].name)
        seen = bool(frame.image[0, 0, 0] & (1 << rung))
        pose = a_pose(frame.time_s) if seen else Pose.missing(frame.time_s, (640, 480))
        return finder_module._Look(pose, seen, None)

    def _look_closer(self, frame, lock):
        return None

    def _seek(self, frame):
        return None


@pytest.fixture
def scripted():
    return ScriptedFinder()


def watch(find, script, fps=20):
    """Feed (seconds, visible rungs) stretches; return (time, rung, found) of each frame."""
    seen, i = [], 0
    for seconds, visible in script:
        value = sum(1 << [r.name for r in RUNGS].index(name) for name in visible)
        for _ in range(round(seconds * fps)):
            pose = find.find(at(np.full((480, 640, 3), value, np.uint8), i / fps))
            seen.append((i / fps, find.rung, pose.found))
            i += 1
    return seen


def test_while_the_first_rung_sees_somebody_no_other_is_tried(scripted):
    watch(scripted, [(3, [r.name for r in RUNGS])])
    assert set(scripted.log) == {"plain"}
    assert len(scripted.log) == 60


@pytest.mark.parametrize("name", [r.name for r in RUNGS[1:]])
def test_the_rung_that_sees_somebody_is_found_and_kept(scripted, name):
    seen = watch(scripted, [(4, [name])])
    first = next(time_s for time_s, rung, found in seen if found)
    assert first <= len(RUNGS) / 20  # at the start of a shot each frame tries one more
    assert all(found and rung == name for time_s, rung, found in seen if time_s >= first)
    assert len(scripted.log) <= len(seen) + len(RUNGS) - 1


@pytest.mark.parametrize("name", [r.name for r in RUNGS[1:]])
def test_a_lost_person_is_looked_for_after_a_while(scripted, name):
    seen = watch(scripted, [(2, ["plain"]), (4, [name])])
    again = next(time_s for time_s, rung, found in seen if found and rung == name)
    assert 2.4 <= again <= 2.5 + 0.2 * len(RUNGS[1:])


def test_a_short_loss_changes_nothing(scripted):
    seen = watch(scripted, [(1, ["plain"]), (0.45, ["turned 90"]), (1, ["plain"])])
    assert {rung for _, rung, _ in seen} == {"plain"}
    assert [found for *_, found in seen].count(False) == 9


def test_after_a_lasting_loss_it_starts_again_from_the_first(scripted):
    other = RUNGS[2].name
    seen = watch(scripted, [(3, [other]), (2, []), (1, ["plain", other])])
    assert seen[59][1:] == (other, True)
    lost = [rung for time_s, rung, _ in seen if 3.0 < time_s < 5.0]
    assert (lost[0], lost[-1]) == (other, "plain")
    assert seen[-1][1:] == ("plain", True)


def test_a_cut_starts_again_at_once(scripted):
    other = RUNGS[1].name
    watch(scripted, [(3, [other])])
    assert scripted.rung == other
    pose = scripted.find(at(np.full((480, 640, 3), 1, np.uint8), 3.0, new_shot=True))
    assert (scripted.rung, pose.found, pose.new_shot) == ("plain", True, True)


def test_nobody_at_all(scripted):
    seen = watch(scripted, [(3, [])])
    assert not any(found for *_, found in seen)
    tries = [name for name in scripted.log if name != "plain"]
    assert tries[: len(RUNGS) - 1] == [r.name for r in RUNGS[1:]]  # each in its turn
    assert len(tries) <= 20 + 2.0 / 0.2 + 1  # every frame of the first second, then five times a second


# Somebody else near, with scripted looks: what is seen in the full picture and in the person's surroundings alone


class NarrowingFinder(PoseFinder):
    """Sees `full(time)` in a full picture and `near(time)` in a narrowed one. `log` has True for each narrowed look."""

    def __init__(self, full, near):
        super().__init__("lite")
        self.full, self.near, self.log = full, near, []

    def _new_estimator(self):
        return Idle()

    def _look(self, estimator, rung, frame):
        narrow = bool(frame.image[0, 0, 0] == finder_module.GREY)
        self.log.append((round(frame.time_s, 2), narrow))
        pose = (self.near if narrow else self.full)(frame.time_s)
        return finder_module._Look(pose, flaw(pose) is None, None)

    def _seek(self, frame):
        return None

    def run(self, seconds, fps=10):
        poses = [self.find(at(np.zeros((480, 640, 3), np.uint8), i / fps)) for i in range(round(seconds * fps))]
        looks = [[narrow for time_s, narrow in self.log if time_s == round(i / fps, 2)] for i in range(len(poses))]
        return poses, looks


def leg_astray(time_s):
    pose = a_pose(time_s)
    pixels = pose.pixels.copy()
    pixels[[Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE, Landmark.LEFT_HEEL, Landmark.LEFT_FOOT_INDEX]] -= (0.0, 120.0)
    return replace(pose, pixels=pixels)


def nobody(time_s):
    return Pose.missing(time_s, (640, 480))


def stranger(time_s):
    return a_pose(time_s, hips=(460.0, 200.0), scale=130.0)


def after(start_s, then, before=a_pose):
    return lambda time_s: then(time_s) if time_s >= start_s else before(time_s)


def test_a_calm_person_is_looked_at_once_a_frame():
    poses, looks = NarrowingFinder(a_pose, a_pose).run(5)
    assert all(pose.found for pose in poses)
    assert looks[0] == [False, True]  # whether the first sight has somebody else's limbs in it
    assert looks[1:] == [[False]] * 49


def test_a_first_sight_with_a_limb_of_somebody_else_is_put_right():
    poses, looks = NarrowingFinder(leg_astray, a_pose).run(5)
    assert all(np.array_equal(pose.pixels, a_pose().pixels) for pose in poses)
    assert looks[:21] == [[False, True]] + [[True]] * 19 + [[False, True]]


@pytest.mark.parametrize("other", [leg_astray, stranger])
def test_where_others_disturb_the_person_is_found_in_the_surroundings(other):
    poses, looks = NarrowingFinder(after(3, other), a_pose).run(8)
    assert all(np.isfinite(pose.pixels).all() for pose in poses)
    assert all(np.array_equal(pose.pixels, poses[0].pixels) for pose in poses)
    assert not any(pose.new_shot for pose in poses)
    assert looks[30] == [False, True]
    assert looks[31:50] == [[True]] * 19
    assert looks[50] == [False, True]  # two seconds later the full picture is tried again


def test_a_limb_that_is_astray_there_too_is_unknown():
    poses, _ = NarrowingFinder(after(3, leg_astray), after(2.9, leg_astray)).run(3.5)
    assert np.isnan(poses[-1].pixels[Landmark.LEFT_ANKLE]).all()
    assert np.isfinite(poses[-1].pixels[Landmark.RIGHT_ANKLE]).all()


def test_whoever_is_gone_is_not_looked_for_in_the_surroundings_for_long():
    poses, looks = NarrowingFinder(after(3, nobody), after(3, nobody)).run(6)
    assert not any(pose.found for pose in poses[30:])
    assert all(True in seen for seen in looks[30:39])
    assert not any(True in seen for seen in looks[41:])


def test_another_person_is_followed_once_the_first_is_not_there():
    poses, _ = NarrowingFinder(after(3, stranger), after(3, nobody)).run(5)
    first = next(i for i, pose in enumerate(poses) if i >= 30 and pose.found)
    assert first == 35
    assert [pose.new_shot for pose in poses].index(True) == first
    assert [pose.new_shot for pose in poses].count(True) == 1


# With the real model


def test_turned_pictures_are_found_where_they_are(find):
    """The same person upside down and on end; the default rung manages, or another one takes over."""
    for quarter in range(4):
        for i, frame in enumerate(frames(n=3)):
            image = np.ascontiguousarray(np.rot90(frame.image, -quarter))
            pose = find.find(at(image, quarter + i / 12, new_shot=i == 0))
            assert pose.found
            back = pose.pixels
            for turn in range(quarter, 0, -1):
                across = 480 if turn % 2 else 640
                back = np.stack([back[:, 1], across - back[:, 0]], axis=1)
            assert error(replace(pose, pixels=back), truth()[i]) < 0.15


def test_head_half_out_of_the_picture(find):
    for i, frame in enumerate(frames(n=3)):
        pose = find.find(at(np.ascontiguousarray(frame.image[:, 140:]), i / 12))
        assert error(moved(pose, 140, 0), truth()[i]) < 0.15


def test_a_dark_room_is_brightened():
    """At a 14th of the light, with the noise of a camera, the plain rung sees nobody."""
    noise = np.random.default_rng(1).normal(0, 1.5, (480, 640, 3))
    true, seen = truth(), []
    with PoseFinder("full") as find:
        for i, frame in enumerate(frames(n=24)):
            pose = find.find(at(np.clip(frame.image * 0.07 + noise, 0, 255).astype(np.uint8), i / 12))
            seen.append(error(pose, true[i]) if pose.found else np.nan)
    assert find.rung != "plain"
    assert np.isfinite(seen[-6:]).all()
    assert np.max(seen[-6:]) < 0.2


def test_missing_is_never_stale(find):
    images = [frame.image for frame in frames(n=3)]
    assert find.find(at(images[0], 0.0)).found
    pose = find.find(at(GREY, 0.1))
    assert not pose.found
    assert np.isnan(pose.pixels).all()
    assert np.isnan(pose.world).all()
    assert np.isnan(pose.visibility).all()
    assert (pose.time_s, pose.size, pose.new_shot) == (0.1, (640, 480), False)


def test_a_cut_is_passed_on_even_if_nobody_is_there(find):
    assert find.find(at(GREY, 0.0, new_shot=True)).new_shot


def test_after_a_cut_the_pixels_are_as_new():
    bridge, plank = frames(n=2), frames("plank_good", n=3)
    with PoseFinder("lite") as used, PoseFinder("lite") as fresh:
        for i, frame in enumerate(plank):
            used.find(at(frame.image, i / 12))
        for i, frame in enumerate(bridge):
            a, b = (f.find(at(frame.image, 1 + i / 12, new_shot=i == 0)) for f in (used, fresh))
            assert np.array_equal(a.pixels, b.pixels)
            assert np.abs(a.world - b.world).max() <= 0.03


def test_silhouette_of_the_last_frame():
    with PoseFinder("lite", masks=True) as find:
        find.find(frames()[0])
        assert find.mask.shape == (480, 640)
        find.find(at(GREY, 0.1))
        assert find.mask is None


def test_replay_gives_the_live_numbers(find, tmp_path):
    recorder = PoseRecorder((640, 480))
    live = [find.find(frame) for frame in (*frames(n=5), at(GREY, 1.0))]
    for pose in live:
        recorder.append(pose)
    recorder.finish().save(tmp_path / "a.npz")
    for a, b in zip(live, PoseRecording.load(tmp_path / "a.npz"), strict=True):
        assert np.array_equal(a.pixels, b.pixels, equal_nan=True)
        assert np.array_equal(a.world, b.world, equal_nan=True)
        assert np.array_equal(a.visibility, b.visibility, equal_nan=True)
        assert (a.time_s, a.size, a.new_shot) == (b.time_s, b.size, b.new_shot)


def test_the_same_clip_gives_the_same_poses():
    def run():
        with PoseFinder("lite") as find:
            return [find.find(frame).pixels for frame in frames(n=4)]

    assert all(np.array_equal(a, b) for a, b in zip(run(), run(), strict=True))


def test_a_missing_model_is_said_at_once(tmp_path):
    with pytest.raises(ModelError, match="There is no pose model"):
        PoseFinder(str(tmp_path / "no.task"))


def test_a_path_may_be_given_for_the_model():
    with PoseFinder(find_model("lite")) as find:
        assert find.find(frames()[0]).found
