"""The model without its silhouette branch gives the same landmarks as the whole one."""

import io
import zipfile

import numpy as np
import pytest
from mediapipe.tasks.metadata import schema_py_generated as schema
from pose_clips import frames

from formcheck.pose.estimator import Estimator
from formcheck.pose.models import find_model
from formcheck.pose.slim import LANDMARKS_MODEL, without_silhouette


@pytest.mark.parametrize("model", ["lite", "full"])
def test_every_number_is_the_same_with_and_without(model):
    with Estimator(find_model(model), masks=True) as whole, Estimator(find_model(model)) as slim:
        for frame in frames():
            a, b = (estimator.detect(frame.image, frame.time_s) for estimator in (whole, slim))
            assert a is not None
            assert b is not None
            for name in ("pixels", "world", "visibility"):
                assert np.array_equal(getattr(a, name), getattr(b, name)), name
            assert a.mask is not None
            assert b.mask is None


def test_the_detector_stays_and_the_landmark_model_loses_its_widest_layers():
    def operators(data):
        return schema.Model.GetRootAsModel(bytearray(data), 0).Subgraphs(0).OperatorsLength()

    path = find_model("full")
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(io.BytesIO(without_silhouette(path))) as slim:
        assert whole.namelist() == slim.namelist()
        for name in whole.namelist():
            if name == LANDMARKS_MODEL:
                assert operators(whole.read(name)) - operators(slim.read(name)) == 46
            else:
                assert whole.read(name) == slim.read(name)


def test_a_model_that_has_no_silhouette_is_left_as_it_is(tmp_path):
    """Such as one that has been through here before: its silhouette is a constant, made by no layer."""
    once = tmp_path / "once.task"
    once.write_bytes(without_silhouette(find_model("lite")))
    with zipfile.ZipFile(once) as bundle:
        detector = bundle.read("pose_detector.tflite")
    # A detector has no output of the picture's size.
    other = tmp_path / "other.task"
    with zipfile.ZipFile(other, "w") as bundle:
        bundle.writestr(LANDMARKS_MODEL, detector)
    assert without_silhouette(other) == other.read_bytes()
    with Estimator(once) as slimmer:
        assert slimmer.detect(frames()[0].image, 0.0) is not None
