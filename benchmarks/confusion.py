"""What each exercise counts in clips of the others: `python -m benchmarks.confusion [PATH ...]`.

Every clip is judged by every exercise. Whatever is counted of one exercise while another is done is wrong. A rendered
clip shows one exercise from its first frame to its last; so does a filmed one, but somebody may sit or stand in it as
well: the postures are scored there only inside the labelled segments, and not where a segment's note says that
somebody sits or stands. Of the same judging it tells what `--exercise auto` recognises in each clip. Always ends with
exit code 0.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from benchmarks._common import SAMPLES, Clip, Poses, Run, all_names, clips_of, judge, say, table
from benchmarks.compare import Span, overlap_s, span_of
from benchmarks.segments import LABEL_S
from formcheck import exercises
from formcheck.engine.records import COUNTED
from formcheck.recognition import recognise

POSTURES = ("sitting_posture", "standing_posture")
UPRIGHT = re.compile(r"\b(sits?|sitting|stands?|standing)\b")
SHORT = {"sitting_posture": "sitting", "standing_posture": "standing", "hamstring_stretch": "hamstring"}


@dataclass(frozen=True)
class Confusion:
    """Something that one exercise counted while another was done.

    Attributes:
        clip: Where.
        done: What was done.
        told: What was counted.
        outcome: "good", "faulty", "attempt", "unfinished" or, of a hold, "hold".
        start_s: Its start.
        end_s: Its end.
        counted: Whether it counts: attempts and unfinished repetitions do not.
        view: Names of the view problems that were told of that stretch.
    """

    clip: str
    done: str
    told: str
    outcome: str
    start_s: float
    end_s: float
    counted: bool
    view: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recognised:
    """What `--exercise auto` says of one clip.

    Attributes:
        clip: Where.
        done: What was done.
        told: The exercises that were recognised, with the seconds of each.
        verdict: "right", "unknown" (nothing was recognised) or "wrong" (something that is not done).
    """

    clip: str
    done: str
    told: dict[str, float]
    verdict: Literal["right", "unknown", "wrong"]


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    poses = Poses(options.model, options.poses_cache)
    names = all_names()
    lines, found, auto = [], list[Confusion](), list[Recognised]()
    for clip in _each_once(clips_of(options.paths or [SAMPLES])):
        recording = poses.of(clip.path, masks=True)
        say(f"judging {clip.name} ...")
        runs = {name: judge(recording, name) for name in names}
        lines.append([clip.name, *(cell(run, name == clip.exercise) for name, run in runs.items())])
        found += [one for name, run in runs.items() for one in confusions(clip, name, run)]
        auto.append(recognised(clip, runs))
    _print(names, lines, found)
    _print_auto(auto)
    if options.json is not None:
        data = {"confusions": [asdict(one) for one in found], "auto": [asdict(one) for one in auto]}
        options.json.write_text(json.dumps(data, indent=1), encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.confusion", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="folders or clips (default: sample_videos)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write there what is wrong, and what auto says")
    parser.add_argument("--model", default="full", help="lite, full, heavy or a model file")
    parser.add_argument("--poses-cache", type=Path, metavar="DIR", help="keep poses there, so that a rerun is quick")
    return parser


def _each_once(clips: Sequence[Clip]) -> list[Clip]:
    """A clip of an empty room comes once for every exercise: here it is a clip of none."""
    alone = {clip.path: clip for clip in clips}
    return [
        Clip(clip.path, "empty", clip.truth) if clip.truth and clip.truth["exercise"] == "empty" else clip
        for clip in alone.values()
    ]


def cell(run: Run, own: bool) -> str:
    """What was counted: repetitions, those that do not count in brackets, holds in seconds; "=" for the own one."""
    counted = sum(rep.outcome in COUNTED for rep in run.reps)
    others = len(run.reps) - counted
    parts = [str(counted)] if counted else []
    parts += [f"({others})"] if others else []
    parts += [f"{sum(hold.end_s - hold.start_s for hold in run.holds):.1f}s"] if run.holds else []
    return ("=" if own else "") + ("".join(parts) or "-")


def confusions(clip: Clip, told: str, run: Run) -> list[Confusion]:
    """Everything that exercise `told` made of a clip of another."""
    if told == clip.exercise:
        return []
    items: list[tuple[Span, str, bool]] = [(span_of(rep), rep.outcome, rep.outcome in COUNTED) for rep in run.reps]
    items += [(span_of(hold), "hold", True) for hold in run.holds]
    return [
        Confusion(clip.name, clip.exercise, told, outcome, *span, counted, _view(run, span))
        for span, outcome, counted in items
        if scored(clip, told, span)
    ]


def scored(clip: Clip, told: str, span: Span) -> bool:
    """Whether it is known that this exercise is not done in this stretch of a clip of another."""
    if clip.label is None or told not in POSTURES:
        return True
    return any(
        overlap_s(span, span_of(segment)) > LABEL_S and not UPRIGHT.search(segment.get("note", ""))
        for segment in clip.label["segments"]
    )


def _view(run: Run, span: Span) -> tuple[str, ...]:
    return tuple(sorted({p.name for p in run.view if overlap_s((p.start_s, p.end_s), span) > 0}))


def recognised(clip: Clip, runs: Mapping[str, Run]) -> Recognised:
    """What `--exercise auto` makes of a clip: of an exercise that it does not know, nothing is right.

    Args:
        clip: The clip.
        runs: What each exercise made of it, by name; only those that `auto` knows are looked at.
    """
    heard = [(exercises.get(name), [*runs[name].reps, *runs[name].holds]) for name in exercises.names()]
    times_s = next(iter(runs.values())).times_s
    performances = recognise(heard, times_s[-1] if times_s else 0.0).performances
    wrong = any(
        p.exercise.name != clip.exercise and any(scored(clip, p.exercise.name, span) for span in p.spans)
        for p in performances
    )
    told = {p.exercise.name: round(sum(end - start for start, end in p.spans), 1) for p in performances}
    if wrong:
        verdict: Literal["right", "unknown", "wrong"] = "wrong"
    else:
        verdict = "right" if clip.exercise in told or clip.exercise not in exercises.names() else "unknown"
    return Recognised(clip.name, clip.exercise, told, verdict)


def _print_auto(auto: Sequence[Recognised]) -> None:
    print("\nWhat --exercise auto recognises: bird_dog, dead_bug and an empty room are none that it knows.\n")
    told = (", ".join(f"{name} {seconds:.0f} s" for name, seconds in one.told.items()) or "-" for one in auto)
    rows = [(one.clip, one.done, words, one.verdict) for one, words in zip(auto, told, strict=True)]
    print(table(("clip", "done", "recognised", ""), rows))
    counts = Counter(one.verdict for one in auto)
    print(f"\nauto: {counts['right']} right, {counts['unknown']} unknown, {counts['wrong']} wrong of {len(auto)} clips")


def _print(names: Sequence[str], lines: Sequence[Sequence[str]], found: Sequence[Confusion]) -> None:
    print("\nWhat each exercise counts in each clip: repetitions, (attempts and unfinished ones), seconds held;")
    print("= is the exercise that is done.\n")
    print(table(("clip", *(SHORT.get(name, name) for name in names)), lines))
    for title, chosen in (
        ("Counted while another exercise is done", [one for one in found if one.counted]),
        ("Not counted, but told", [one for one in found if not one.counted]),
    ):
        print(f"\n{title}:{'' if chosen else ' nothing'}")
        for one in chosen:
            view = f" ({', '.join(one.view)})" if one.view else ""
            print(f"  {one.clip} ({one.done}): {one.told} {one.outcome} {one.start_s:.1f}-{one.end_s:.1f} s{view}")
    print("\n" + total(found, len(lines), len(names)))


def total(found: Sequence[Confusion], clips_n: int, names_n: int) -> str:
    """The sum of all that is wrong."""
    counted = [one for one in found if one.counted]
    reps = sum(one.outcome != "hold" for one in counted)
    holds = [one.end_s - one.start_s for one in counted if one.outcome == "hold"]
    pairs = len({(one.clip, one.told) for one in counted})
    return (
        f"{len(counted)} wrong: {reps} repetitions and {len(holds)} holds of {sum(holds):.1f} s, in {pairs} of "
        f"{clips_n} clips x {names_n} exercises; {len(found) - len(counted)} attempts or unfinished ones beside them"
    )


if __name__ == "__main__":
    main()
