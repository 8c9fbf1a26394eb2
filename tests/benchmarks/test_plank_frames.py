"""Frames given as landmarks in shares of the picture are judged as the plank rule judges poses."""

from __future__ import annotations

import pytest

from benchmarks.plank_frames import main, pose_of, verdict

LINE = {"shoulder": 0.3, "elbow": 0.3, "wrist": 0.2, "hip": 0.55, "knee": 0.7, "ankle": 0.9}


def row(hip_y: float, hidden: tuple[str, ...] = ()) -> dict[str, str]:
    """A body on a level line at half height, its left side near, the hips at `hip_y`."""
    values: dict[str, str] = {}
    for side, depth in (("left", -0.1), ("right", 0.1)):
        for joint, x in LINE.items():
            y = hip_y if joint == "hip" else 0.5
            seen = 0.0 if joint in hidden else 1.0
            values |= {f"{side}_{joint}_{axis}": str(v) for axis, v in zip("xyzv", (x, y, depth, seen), strict=True)}
    return values


@pytest.mark.parametrize(
    ("hip_y", "label"),
    [(0.5, "C"), (0.51, "C"), (0.62, "L"), (0.35, "H"), (0.45, "C")],
)
def test_the_hips_are_judged_in_pixels_against_the_line(hip_y, label):
    # 0.1 of the height is 72 pixels, the line is 0.6 of the width long: 768 pixels.
    assert verdict(pose_of(row(hip_y))) == label


def test_unseen_joints_are_unknown():
    assert verdict(pose_of(row(0.5, hidden=("hip",)))) == "?"


def test_a_missing_file_is_said(tmp_path, capsys):
    main([str(tmp_path / "frames.csv.gz")])
    assert "not there" in capsys.readouterr().out


def test_figures_are_printed(tmp_path, capsys):
    rows = [("a.csv", "C", row(0.5)), ("a.csv", "L", row(0.62)), ("b.csv", "H", row(0.5))]
    names = list(rows[0][2])
    lines = [",".join(["file", "label", *names])]
    lines += [",".join([file, label, *(values[name] for name in names)]) for file, label, values in rows]
    (tmp_path / "frames.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    main([str(tmp_path / "frames.csv")])
    printed = capsys.readouterr().out
    assert "3 labelled frames" in printed
    assert "F1 macro of all frames 0.5556" in printed  # C 2/3, L 1, H 0
