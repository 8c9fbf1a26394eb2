"""Write an expectation (NAME.expect.toml) beside each sample clip, from its truth: `python expectations.py [FOLDER]`.

They are for `formcheck batch` and `pytest --formcheck`. Nothing in them comes from what formcheck finds.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from formcheck import exercises

OUTCOMES = ("good", "faulty", "attempt", "unfinished")
HEAD = "# What is true of this rendered clip, by tools/render_samples/expectations.py.\n"


def text_of(truth: dict[str, Any]) -> str:
    """The expectation of a clip.

    Args:
        truth: Of the clip, as in its .json file.
    """
    exercise = exercises.get(truth["exercise"])
    unjudged = set(exercise.unjudged)
    lines = [f'exercise = "{truth["exercise"]}"']
    # A fault that only shortens the dose is a note of the repetition in formcheck and stands in `faults` all the same.
    faults = dict.fromkeys(fault["name"] for fault in truth["faults"] if fault["name"] not in unjudged)
    if faults:
        lines.append(f"faults = {json.dumps(list(faults))}")
    lines.append("no_other_faults = true")
    if truth["view"]["ok"]:
        lines.append("no_other_view = true")
    if exercise.holding is None:
        counts = Counter(
            "good" if rep["faults"] and set(rep["faults"]) <= unjudged else rep["outcome"] for rep in truth["reps"]
        )
        lines += ["", "[repetitions]", *(f"{outcome} = {counts[outcome]}" for outcome in OUTCOMES)]
    for hold in truth["holds"]:
        lines += ["", "[[holds]]", f"start_s = {hold['start_s']}", f"held_s = {hold['end_s'] - hold['start_s']:.2f}"]
        lines.append(f"in_form_s = {hold['in_form_s']}")
        if hold.get("side") is not None:
            lines.append(f'side = "{hold["side"]}"')
    return HEAD + "\n".join(lines) + "\n"


def main(arguments: list[str]) -> None:
    """Write them all."""
    folder = Path(arguments[0]) if arguments else Path(__file__).parents[2] / "sample_videos"
    for file in sorted(folder.glob("*.json")):
        truth = json.loads(file.read_text(encoding="utf-8"))
        file.with_suffix(".expect.toml").write_text(text_of(truth), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
