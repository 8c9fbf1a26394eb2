"""Where long clips are cut, and that reading a part gives what reading the whole gives."""

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from video_clips import noise, write_clip

from formcheck.video import source
from formcheck.video.decoder import Decoder
from formcheck.video.source import VideoFile, stride_of
from formcheck.video.stretches import LONGEST_S, WARM_UP_S, WHOLE, WHOLE_S, Stretch, plan


@given(st.floats(0.0, 36_000.0))
def test_stretches_cover_a_clip_once(duration_s):
    stretches = plan(duration_s)
    assert stretches[0].start_s == 0.0
    assert stretches[-1].end_s == math.inf
    for one, following in pairwise(stretches):
        assert one.start_s < one.end_s == following.start_s
        assert following.warm_s == max(0.0, following.start_s - WARM_UP_S)
    if len(stretches) > 1:
        assert len(stretches) % 2 == 0
        assert duration_s / len(stretches) <= LONGEST_S


@pytest.mark.parametrize("duration_s", [None, 0.0, WHOLE_S - 0.1])
def test_short_clips_and_those_that_cannot_be_cut_are_one(duration_s):
    assert plan(duration_s) == WHOLE == (Stretch(0.0, math.inf),)


@pytest.fixture
def everything_is_long(monkeypatch):
    """As if five seconds were a minute."""
    monkeypatch.setattr(source, "WHOLE_S", 4.0)
    monkeypatch.setattr(
        source, "plan", lambda s: WHOLE if s is None else (Stretch(0.0, s / 2), Stretch(s / 2, math.inf))
    )


TENTHS = [i / 10 for i in range(60)]


# gop: how far apart the pictures are that stand alone; bf: pictures in a row that refer to later ones.
@pytest.mark.parametrize(("name", "gop", "bf"), [("a.mp4", 10, "2"), ("a.mkv", 10, "2"), ("a.mov", 1000, "0")])
@pytest.mark.usefixtures("everything_is_long")
def test_a_part_is_read_as_in_the_whole(tmp_path, name, gop, bf):
    path = write_clip(tmp_path / name, TENTHS, noise(60), gop=gop, options={"bf": bf})
    with VideoFile(path) as whole:
        assert len(whole.stretches) == 2
        expected = list(whole)
        assert whole.warning is None
    for from_s in (0.1, 1.0, whole.stretches[1].start_s, 5.9):
        with VideoFile(path, from_s=from_s) as part:
            found = list(part)
        wanted = [frame for frame in expected if frame.time_s >= from_s]
        assert [frame.time_s for frame in found] == [frame.time_s for frame in wanted]
        assert all(np.array_equal(a.image, b.image) for a, b in zip(found, wanted, strict=True))
        assert not part.lossy


@pytest.mark.usefixtures("everything_is_long")
def test_a_container_that_lands_behind_the_goal_is_read_from_its_beginning(tmp_path, monkeypatch):
    path = write_clip(tmp_path / "a.mp4", TENTHS, noise(60), gop=10)
    monkeypatch.setattr(Decoder, "_goal", lambda self, start: int((start + 2) / self.stream.time_base))
    with VideoFile(path, from_s=3.05) as part:
        assert [frame.time_s for frame in part] == [time_s for time_s in TENTHS if time_s > 3.05]


@pytest.mark.usefixtures("everything_is_long")
def test_two_recordings_joined_are_one_stretch(tmp_path):
    one = write_clip(tmp_path / "one.ts", TENTHS, noise(60))
    joined = tmp_path / "joined.ts"
    joined.write_bytes(one.read_bytes() * 2)
    with VideoFile(joined) as odd:
        assert odd.stretches == WHOLE
        assert len(list(odd)) > 100


def test_a_short_clip_is_one_stretch(tmp_path):
    with VideoFile(write_clip(tmp_path / "a.mp4", TENTHS, noise(60))) as short:
        assert short.stretches == WHOLE


# --- leaving pictures out ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stride", "fps", "expected"),
    [
        (1, 60.0, 1),
        (3, 60.0, 3),
        ("auto", 60.0, 2),
        ("auto", 50.0, 2),
        ("auto", 59.94, 2),
        ("auto", 30.0, 1),
        ("auto", 25.0, 1),
        ("auto", 8.0, 1),
        ("auto", 120.0, 5),
        ("auto", None, 1),
    ],
)
def test_so_many_pictures_are_left_out(stride, fps, expected):
    assert stride_of(stride, fps) == expected


@pytest.mark.usefixtures("everything_is_long")
@pytest.mark.parametrize("time_base", [Fraction(1, 90_000), Fraction(1, 1000)])
def test_every_second_picture_wherever_reading_begins(tmp_path, time_base):
    path = write_clip(tmp_path / "a.mp4", [i / 60 for i in range(300)], noise(300), time_base=time_base)
    with VideoFile(path, stride="auto") as whole:
        assert whole.stride == 2
        times = [frame.time_s for frame in whole]
        assert whole.warning is None
    # The rate is the container's guess, so that now and then one of three or one of one is given.
    assert len(times) in (149, 150)
    assert all(1 / 61 < later - sooner < 3 / 59 for sooner, later in pairwise(times))
    for from_s in (1.0, 2.51, 3.334):
        with VideoFile(path, from_s=from_s, stride="auto") as part:
            found = [frame.time_s for frame in part][
                1:
            ]  # the first may be one that is left out when read from the start
        assert found == times[-len(found) :]
        assert found[0] - from_s < 0.07
