"""How many frames a second formcheck analyses, and what that costs: `python -m benchmarks.throughput`.

Whole processes, start-up included, in turns and in one run: (a) a bare loop in one process that reads the clips with
OpenCV, converts their colours and asks mediapipe for the pose; (b) `formcheck analyze` on a clip of a minute; (c) the
same with the annotated video; (d) `formcheck batch` on a folder of short clips. Ratios are taken pair by pair, then the
median. Then how it grows with a clip's length and with the number of clips. The clip of a minute is made of sample
videos, shown at 30 pictures a second: each of their 12 is repeated. `--clip` takes one of yours.

`--aigym WEIGHTS` runs the clip through the exercise counter of the package ultralytics as well, if that is installed:
its weights are not shipped with formcheck, and have a licence of their own.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks._common import SAMPLES, say, table
from benchmarks._made import clip_of, frames_of, seconds_of
from benchmarks._processes import Run, run

MADE_OF = ("bridge_good", "bridge_faulty", "bridge_feet_near")
EXERCISE = "bridge"
FPS = 30
LENGTHS_S = (15, 30, 60, 120)
NUMBERS = (1, 2, 4, 8, 16)
PER_HOUR = 3600.0

Command = list[str | Path]


@dataclass(frozen=True)
class Way:
    """One way of going through clips.

    Attributes:
        name: What the table says.
        command: What is run.
        frames: How many frames that goes through.
        seconds: How long the clips last.
    """

    name: str
    command: Command
    frames: int
    seconds: float


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    if hasattr(os, "getloadavg"):
        print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; jobs {options.jobs}")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        clip = options.clip or clip_of(MADE_OF, 60, FPS, place / "minute.mp4")
        _minute(clip, options, place)
        _folder(options)
        if not options.short:
            _growth(options, place)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description=__doc__)
    parser.add_argument("--clip", type=Path, metavar="FILE", help="a clip of yours instead of the one that is made")
    parser.add_argument("--exercise", default=EXERCISE, help="what is done in it")
    parser.add_argument("--folder", type=Path, default=SAMPLES, help="short clips with expectations")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--short", action="store_true", help="leave out how it grows")
    parser.add_argument("--aigym", type=Path, metavar="WEIGHTS", help="a YOLO pose model (.pt) for ultralytics' AIGym")
    return parser


def _minute(clip: Path, options: argparse.Namespace, place: Path) -> None:
    frames, seconds = frames_of(clip), seconds_of(clip)
    ways = [
        Way("(a) bare loop", _bare([clip]), frames, seconds),
        Way("(b) analyze", _analyze(clip, options), frames, seconds),
        Way("(b1) analyze, one process", _analyze(clip, options, jobs=1), frames, seconds),
        Way("(c) analyze with annotated video", _analyze(clip, options, out=place / "out"), frames, seconds),
    ]
    if options.aigym is not None:
        ways += _aigym(clip, options.aigym, frames, seconds)
    print(f"\nOne clip of {seconds:.0f} s, {frames} frames\n")
    _compare(ways, options.rounds)


def _folder(options: argparse.Namespace) -> None:
    clips = sorted(options.folder.glob("*.mp4"))
    frames, seconds = sum(map(frames_of, clips)), sum(map(seconds_of, clips))
    ways = [
        Way("(a) bare loop", _bare(clips), frames, seconds),
        Way("(d) batch", [_formcheck(), "batch", *clips, "--jobs", str(options.jobs)], frames, seconds),
    ]
    print(f"\nA folder of {len(clips)} clips of {seconds / len(clips):.0f} s on average, {frames} frames\n")
    _compare(ways, options.rounds, warm=True)


def _growth(options: argparse.Namespace, place: Path) -> None:
    lines = []
    for seconds in LENGTHS_S:
        clip = clip_of(MADE_OF, seconds, FPS, place / f"{seconds}s.mp4")
        way = Way(f"one clip of {seconds} s", _analyze(clip, options), frames_of(clip), seconds)
        lines.append(_line(way, [run(way.command)], None))
    for number in NUMBERS:
        folder = place / f"{number} clips"
        folder.mkdir()
        source = SAMPLES / f"{MADE_OF[0]}.mp4"
        clips = [Path(shutil.copy(source, folder / f"{i}.mp4")) for i in range(number)]
        command: Command = [_formcheck(), "batch", folder, "--exercise", EXERCISE, "--jobs", str(options.jobs)]
        frames, length_s = sum(map(frames_of, clips)), sum(map(seconds_of, clips))
        way = Way(f"{number} clips of {length_s / number:.0f} s", command, frames, length_s)
        lines.append(_line(way, [run(way.command)], None))
    print("\nHow it grows (one run each)\n")
    print(table(_HEADER, lines))


_HEADER = ("", "frames/s", "of (a)", "lowest", "highest", "wall s", "core-s per hour of video", "largest MB", "all MB")


def _compare(ways: Sequence[Way], rounds: int, *, warm: bool = False) -> None:
    """Run all ways in turns, and print each with its ratio to the first; `warm` if each has been run before."""
    for way in () if warm else ways:
        say(f"{way.name}: warming up ...")
        run(way.command)
    runs: dict[str, list[Run]] = {way.name: [] for way in ways}
    for number in range(rounds):
        say(f"round {number + 1} of {rounds} ...")
        for way in ways:
            runs[way.name].append(run(way.command))
    base = runs[ways[0].name]
    print(table(_HEADER, [_line(way, runs[way.name], base) for way in ways]))


def _line(way: Way, runs: Sequence[Run], base: Sequence[Run] | None) -> list[str]:
    ratios = [] if base is None else [first.wall_s / one.wall_s for first, one in zip(base, runs, strict=True)]
    wall_s, cpu_s = (statistics.median(getattr(one, name) for one in runs) for name in ("wall_s", "cpu_s"))
    picks: tuple[Callable[[Sequence[float]], float], ...] = (statistics.median, min, max)
    return [
        way.name,
        f"{way.frames / wall_s:.0f}",
        *(f"{pick(ratios):.2f}" if ratios else "-" for pick in picks),
        f"{wall_s:.1f}",
        f"{PER_HOUR * cpu_s / way.seconds:.0f}",
        f"{max(one.peak_mb for one in runs):.0f}",
        f"{max(one.all_mb for one in runs):.0f}",
    ]


def _bare(clips: Sequence[Path]) -> Command:
    return [sys.executable, "-m", "benchmarks._bare", *clips]


def _formcheck() -> str:
    """The program of the environment that runs this."""
    return str(Path(sys.executable).with_name("formcheck"))


def _analyze(clip: Path, options: argparse.Namespace, *, jobs: int | None = None, out: Path | None = None) -> Command:
    command: Command = [_formcheck(), "analyze", clip, "--exercise", options.exercise]
    command += ["--json", "--no-video"] if out is None else ["--out", out]
    return [*command, "--jobs", str(jobs or options.jobs)]


def _aigym(clip: Path, weights: Path, frames: int, seconds: float) -> Iterator[Way]:
    if importlib.util.find_spec("ultralytics") is None:
        say("ultralytics is not installed: left out")
    elif not weights.is_file():
        say(f"{weights} is not there: AIGym left out; its weights are not shipped with formcheck")
    else:
        yield Way("ultralytics AIGym", [sys.executable, "-m", "benchmarks._aigym", weights, clip], frames, seconds)


if __name__ == "__main__":
    main()
