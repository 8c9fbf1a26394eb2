"""A result.json read again: the same result, and one sentence for whatever is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from result_examples import ALL, AUTO, BRIDGE
from samples import Watch

from formcheck.errors import InputError
from formcheck.report.load import load_result, parse_result

NAME = Path("there", "result.json")


def parsed(data: object):
    return parse_result(json.dumps(data).encode(), NAME)


@pytest.mark.parametrize("name", ALL)
def test_what_was_written_is_read(name, tmp_path):
    written = ALL[name]
    (tmp_path / "result.json").write_text(written.to_json(), "utf-8")
    for path in (tmp_path, tmp_path / "result.json"):
        read = load_result(path)
        assert json.loads(read.to_json()) == json.loads(written.to_json())
        assert type(read.exercises) is tuple
        assert read.source == written.source


def test_an_analysis_is_read(watch: Watch):
    watched = watch("bridge_faulty")
    assert json.loads(load_result(watched.folder).to_json()) == json.loads(watched.result.to_json())


def test_an_exercise_that_was_recognised_knows_its_clip():
    block = parsed(AUTO.to_dict()).exercises[1]
    assert (block.exercise, block.source, block.formcheck) == ("plank", AUTO.source, AUTO.formcheck)


def test_fields_of_other_releases():
    data = BRIDGE.to_dict()
    data["later"] = {"a": [1]}
    data["source"]["later"] = data["reps"][0]["later"] = None
    for name in ("unjudged", "height_cm", "warnings"):
        del data[name]
    read = parsed(data)
    assert json.loads(read.to_json()) == BRIDGE.to_dict() | {"warnings": []}


def test_a_byte_order_mark_is_skipped():
    assert parse_result(b"\xef\xbb\xbf" + BRIDGE.to_json().encode(), NAME).exercise == "bridge"


def test_a_file_name_that_is_not_unicode():
    data = BRIDGE.to_dict()
    data["source"]["path"] = "\udcff.mp4"
    assert parsed(data).source.path == "?.mp4"


def changed(*path, to):
    data = BRIDGE.to_dict()
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = to
    return json.dumps(data).encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is no whole JSON"),
        (BRIDGE.to_json().encode()[:-40], "it is no whole JSON"),
        (b"\xff\xfe{", "it is no whole JSON"),
        (b"[" * 100_000, "it is no whole JSON"),
        (changed("score", to=float("inf")), "it is no whole JSON"),
        (b'{"formcheck": "0.1.0", "exercise": "bridge", "score": 1e999}', "it is no whole JSON"),
        (b"[1, 2]", "it is something else"),
        (b'{"name": "bridge_good", "reps": []}', "it is something else"),
        (changed("reps", 0, "score", to="80"), "at reps.0.score"),
        (changed("reps", 0, "index", to=1.5), "at reps.0.index"),
        (changed("reps", 0, "outcome", to="great"), "at reps.0.outcome"),
        (changed("reps", 1, "measures", to=[1.0]), "at reps.1.measures"),
        (changed("view", to=7), "at view_problems"),
        (changed("view", "problems", to=None), "at view_problems"),
        (changed("source", to="a.mp4"), "at source"),
        (changed("source", "frames", to=None), "at source.frames"),
        (changed("exercise", to=7), "at exercise"),
        (changed("exercise", to="auto"), "at exercises"),
        (changed("holds", to={"a": 1}), "at holds"),
    ],
)  # fmt: skip
def test_what_is_none_is_refused_in_one_sentence(content, said):
    with pytest.raises(InputError) as caught:
        parse_result(content, NAME)
    assert str(caught.value) == (
        f"{NAME} is no result.json of formcheck, or is damaged ({said}): analyse the clip again."
    )


def test_blocks_that_are_none():
    data = AUTO.to_dict()
    for wrong in (None, [None], [{"exercise": "auto", "exercises": []}], [{}], {"a": 1}):
        with pytest.raises(InputError, match="at exercises"):
            parsed(data | {"exercises": wrong})
    with pytest.raises(InputError, match="at unknown"):
        parsed(data | {"unknown": [{"start_s": "a"}]})


@pytest.mark.parametrize("place", ["missing", "missing/result.json"])
def test_where_there_is_none(place, tmp_path):
    (tmp_path / "missing").mkdir()
    with pytest.raises(InputError, match=r"^There is no .*result\.json: give a result\.json or the folder"):
        load_result(tmp_path / place)


def test_a_file_that_cannot_be_named():
    with pytest.raises(InputError, match=r"cannot be read"):
        load_result(Path("a" * 5000))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(st.data())
def test_any_damage_is_told_in_a_sentence_or_none(data):
    """One value somewhere in the file becomes another."""
    content = data.draw(st.sampled_from([BRIDGE, AUTO])).to_dict()
    inner, key = content, data.draw(st.sampled_from(sorted(content)))
    while isinstance(inner[key], list | dict) and inner[key] and data.draw(st.booleans()):
        inner = inner[key]
        key = data.draw(st.sampled_from(range(len(inner)) if isinstance(inner, list) else sorted(inner)))
    inner[key] = data.draw(json_values)
    try:
        parsed(content)
    except InputError as error:
        assert str(error).endswith("analyse the clip again.")
