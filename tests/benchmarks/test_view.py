"""The clips whose view is compared: without a path those from other sides, too."""

from __future__ import annotations

import pytest

from benchmarks import view
from benchmarks._common import SAMPLES, YAW_SAMPLES


@pytest.mark.parametrize(
    ("paths", "folders"),
    [
        ([], {SAMPLES, YAW_SAMPLES}),
        ([SAMPLES], {SAMPLES}),
        ([YAW_SAMPLES], {YAW_SAMPLES}),
        ([YAW_SAMPLES / "bridge_yaw_40.mp4"], {YAW_SAMPLES}),
    ],
)
def test_without_a_path_the_clips_from_other_sides_are_compared(paths, folders):
    assert {clip.path.parent for clip in view.chosen(paths)} == folders
