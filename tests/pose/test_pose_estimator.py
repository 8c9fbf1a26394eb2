import subprocess
import sys
import textwrap

import numpy as np
import pytest
from pose_clips import ROOT, error, frames, truth

from formcheck.errors import ModelError
from formcheck.pose.estimator import Estimator
from formcheck.pose.landmarks import Pose
from formcheck.pose.models import find_model

GREY = np.full((480, 640, 3), 110, np.uint8)


@pytest.fixture(scope="module")
def estimator():
    with Estimator(find_model("full")) as made:
        yield made


@pytest.fixture(scope="module")
def clock():
    """Ever-rising seconds, for the tests that share an estimator."""
    return iter(np.arange(0.0, 1000.0, 0.04))


def python(code):
    command = [sys.executable, "-c", textwrap.dedent(code)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_the_person_is_where_the_truth_says(estimator, clock):
    estimator.forget()
    for frame, true in zip(frames(), truth(), strict=False):
        raw = estimator.detect(frame.image, next(clock))
        pose = Pose(frame.time_s, raw.pixels, raw.world, raw.visibility, (640, 480))
        assert error(pose, true) < 0.12
        assert (raw.pixels.shape, raw.world.shape, raw.visibility.shape) == ((33, 2), (33, 3), (33,))
        assert raw.mask is None
        assert {raw.pixels.dtype, raw.world.dtype, raw.visibility.dtype} == {np.dtype(np.float64)}


def test_nobody_in_an_empty_picture(estimator, clock):
    estimator.forget()
    assert estimator.detect(GREY, next(clock)) is None


def test_pictures_may_change_their_size(estimator, clock):
    estimator.forget()
    image = frames()[0].image
    wide = np.ascontiguousarray(image[:, :601])  # a width that is no multiple of four
    whole, part = estimator.detect(image, next(clock)), estimator.detect(wide, next(clock))
    assert np.abs(part.pixels - whole.pixels)[11:].max() < 10


def test_strided_views_are_read_correctly(estimator, clock):
    image = frames()[0].image
    padded = np.zeros((480, 700, 3), np.uint8)
    padded[:, 30:670] = image
    estimator.forget()
    straight = estimator.detect(image, next(clock))
    estimator.forget()
    assert np.array_equal(estimator.detect(padded[:, 30:670], next(clock)).pixels, straight.pixels)


def test_times_that_stand_still_or_run_back_do_not_break_it(estimator):
    image = frames()[0].image
    assert all(estimator.detect(image, time_s) is not None for time_s in (2000.0, 2000.0, 1999.0, 2000.0004, 2000.1))


def test_after_forgetting_the_pixels_are_as_new():
    first, other = frames()[0].image, frames("plank_good")[0].image
    with Estimator(find_model("lite")) as used, Estimator(find_model("lite")) as fresh:
        used.detect(other, 0.0)
        used.detect(other, 0.1)
        used.forget()
        used.forget()
        a, b = used.detect(first, 0.3), fresh.detect(first, 0.3)
        assert np.array_equal(a.pixels, b.pixels)
        assert np.abs(a.world - b.world).max() <= 0.03
        assert np.abs(a.visibility - b.visibility).max() <= 0.5


def test_silhouettes_where_they_are_asked_for():
    with Estimator(find_model("lite"), masks=True) as estimator:
        raw = estimator.detect(frames()[0].image, 0.0)
        assert estimator.detect(GREY, 0.1) is None
    assert (raw.mask.shape, raw.mask.dtype) == ((480, 640), np.float32)
    assert 0.0 <= raw.mask.min() < 0.1
    assert 0.9 < raw.mask.max() <= 1.0
    x, y = raw.pixels[[11, 12, 23, 24]].mean(axis=0).astype(int)
    assert raw.mask[y, x] > 0.5  # the trunk's middle belongs to the person


@pytest.mark.parametrize("content", [None, b"", b"no model" * 1000])
def test_a_model_that_cannot_be_used(tmp_path, content):
    path = tmp_path / "bad.task"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=r"bad\.task cannot be used"):
        Estimator(path)


def test_importing_is_cheap():
    done = python(
        """
        import sys, formcheck.pose.estimator, formcheck.pose.finder
        print([name for name in ("mediapipe", "cv2", "matplotlib") if name in sys.modules])
        """
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_the_native_library_is_silent_but_errors_get_through():
    done = python(
        """
        import os, sys
        sys.path.insert(0, "tests/pose")
        import numpy as np
        from pose_clips import frames
        from formcheck.pose import estimator
        from formcheck.pose.models import find_model
        with estimator.Estimator(find_model("lite"), masks=True) as made:
            made.detect(np.zeros((480, 640, 3), np.uint8), 0.0)
            assert made.detect(frames()[0].image, 0.1) is not None
        with estimator._quiet():
            os.write(2, b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\\nE0000 real trouble\\n")
            print("from Python", file=sys.stderr)
        """
    )
    assert done.stderr == "E0000 real trouble\nfrom Python\n"
    assert done.returncode == 0


def test_it_works_without_a_standard_error():
    done = python(
        """
        import os, sys
        sys.path.insert(0, "tests/pose")
        from pose_clips import frames
        sys.stderr = None
        os.close(2)
        from formcheck.pose.estimator import Estimator
        from formcheck.pose.models import find_model
        with Estimator(find_model("lite")) as made:
            print(made.detect(frames()[0].image, 0.1) is not None)
        """
    )
    assert done.stdout == "True\n"
