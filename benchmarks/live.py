"""Whether `formcheck coach` keeps up with a camera: `python -m benchmarks.live [--seconds 30] [--record] [--soak MIN]`.

The real loop (camera, pose, rules, session, voice, window, recording) on a sample that is played as a camera would, at
30 fps and 640x480, without recording and with it, each in a process of its own. Measured is from a second after the
first set has begun. "until shown" ends when the picture was handed to the window, "until painted" when the window's
toolkit has painted it. Our own is what the loop does with a frame besides estimating the pose, the window included.
With --soak it runs for minutes instead, many sets and rests, and resident memory is told every minute.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks._common import SAMPLES, say, table
from benchmarks._live import Watched, growth_mb_a_minute, make_film, resident_mb, screen, spread_ms, timed_poses
from formcheck import exercises
from formcheck.coach.camera import Camera
from formcheck.coach.film import Film
from formcheck.coach.keeping import Keeper
from formcheck.coach.language import load_language
from formcheck.coach.loop import Coach, Figures, Settings
from formcheck.coach.model import Routine, Step
from formcheck.coach.speech import Silent, choose_backend
from formcheck.coach.voice import Voice
from formcheck.coach.window import Display, Headless, Window

FPS = 30.0
EXERCISE = "bridge"
TARGETS = {"fps": 25.0, "painted_ms": 120.0, "own_ms": 60.0}
FLAT_MB_A_MINUTE = 0.5  # 30 MB in an hour
SETTLE_S = 1.0  # after the set's beginning, until it is measured
NEVER_S = 60.0  # without a set: something is wrong
ENDLESS, SOAKED = (9999, 9999), (3, 3)  # repetitions of a set
REST_S = 10.0


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live", description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0, help="to measure, each way")
    parser.add_argument("--model", default="full")
    parser.add_argument("--record", action="store_true", help="only with recording; else both")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="watch the memory instead")
    parser.add_argument("--no-voice", action="store_true")
    parser.add_argument("--headless", action="store_true", help="without a window: showing is not measured then")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures here, too")
    parser.add_argument("--child", nargs=2, type=Path, metavar=("FILM", "FIGURES"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        film, out = options.child
        out.write_text(json.dumps(_run(film, options)), encoding="utf-8")
        return
    found = _measured(options)
    if options.json is not None:
        known = json.loads(json.dumps(found), parse_constant=lambda _: None)  # NaN is no JSON
        options.json.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def _measured(options: argparse.Namespace) -> list[dict[str, Any]]:
    ways = [options.record] if options.record or options.soak else [False, True]
    found = []
    with tempfile.TemporaryDirectory() as folder, screen() as (where, environment):
        shown = "" if options.headless else where
        film, out = Path(folder) / "film.mp4", Path(folder) / "figures.json"
        say("making the film ...")
        make_film(SAMPLES / f"{EXERCISE}_good.mp4", film, FPS)
        print(f"{shown or 'no window: drawing and showing are not in it'}; {_load()}", flush=True)
        for record in ways:
            say(f"running {'with' if record else 'without'} recording ...")
            command = [sys.executable, "-m", "benchmarks.live", "--child", str(film), str(out)]
            command += ["--seconds", str(options.seconds), "--model", options.model]
            command += ["--soak", str(options.soak)] if options.soak else []
            flags = {"--record": record, "--no-voice": options.no_voice, "--headless": not shown}
            command += [name for name, wanted in flags.items() if wanted]
            if subprocess.run(command, check=False, env=environment).returncode:
                raise SystemExit("The run failed, see above: nothing was measured.")
            found.append(json.loads(out.read_text(encoding="utf-8")) | {"window": shown})
    print(soak_report(found[0]["memory"]) if options.soak else report(found))
    print(_load())
    return found


def _load() -> str:
    if not hasattr(os, "getloadavg"):
        return f"{os.cpu_count()} cores"
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


# --- what is printed -------------------------------------------------------------------------


def report(found: Sequence[dict[str, Any]]) -> str:
    """A table of the ways that were measured, a column each, beside what is asked for."""
    header = ("", *("with recording" if one["record"] else "without" for one in found), "target")
    fps, painted, own = (TARGETS[name] for name in ("fps", "painted_ms", "own_ms"))
    rows = [
        ("frames a second", *(f"{one['fps']:.1f}" for one in found), f"at least {fps:g}"),
        ("captured a second", *(f"{one['captured_fps']:.1f}" for one in found), ""),
        ("dropped", *(f"{one['dropped']}" for one in found), ""),
        ("until shown, ms p50 / p95 / max", *(_three(one["late_ms"]) for one in found), ""),
        ("until painted, ms p50 / p95 / max", *(_three(one["painted_ms"]) for one in found), f"p95 under {painted:g}"),
        ("our own, ms p50 / p95 / max", *(_three(one["own_ms"]) for one in found), f"p95 under {own:g}"),
        ("  of it keys and painting", *(_three(one["keys_ms"]) for one in found), ""),
        ("pose, ms p50 / p95 / max", *(_three(one["pose_ms"]) for one in found), ""),
        ("CPU, cores", *(f"{one['cpu_cores']:.2f}" for one in found), ""),
        ("voice", *(one["voice"] for one in found), ""),
    ]
    notices = [f"told while it ran: {notice}" for one in found for notice in one["notices"]]
    return "\n".join(["", table(header, rows), "", *_verdicts(found), *notices])


def _three(spread: dict[str, float]) -> str:
    return " / ".join("-" if math.isnan(one) else f"{one:.0f}" for one in spread.values())


def _verdicts(found: Sequence[dict[str, Any]]) -> list[str]:
    return [
        f"{'with' if one['record'] else 'without'} recording: {'; '.join(missed(one)) or 'all met'}" for one in found
    ]


def missed(one: dict[str, Any]) -> list[str]:
    """The targets that were missed, in words. Without a window its latency is that until it would have been shown."""
    painted = one["painted_ms"]["p95"]
    values = {"fps": one["fps"], "painted_ms": one["late_ms"]["p95"] if math.isnan(painted) else painted}
    values["own_ms"] = one["own_ms"]["p95"]
    said = []
    for name, target in TARGETS.items():
        value = values[name]
        if not (value >= target if name == "fps" else value < target):
            unit = "frames a second" if name == "fps" else f"ms {name.removesuffix('_ms')}, p95"
            said.append(f"missed: {value:.1f} of {target:g} {unit}")
    return said


def soak_report(memory: Sequence[tuple[float, float]]) -> str:
    """How memory went, in a sentence. Minutes and MB."""
    known = [megabytes for _, megabytes in memory if not math.isnan(megabytes)]
    if len(known) < 2:
        return "\ntoo short, or this system does not tell the memory: nothing measured"
    growth = growth_mb_a_minute(memory)
    if math.isnan(growth):
        verdict = "too short to tell whether it goes on growing"
    else:
        told = "grows" if growth > FLAT_MB_A_MINUTE else "does not grow"
        verdict = f"once settled {growth:+.2f} MB a minute: {told}"
    return f"\n{known[-1] - known[0]:+.1f} MB from first to last; {verdict}"


# --- the run, in a process of its own --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """What the counters said at one moment."""

    at_s: float
    cpu_s: float
    captured: int
    dropped: int
    frames: int
    painted: int


class Timer:
    """Says when the measuring begins and ends; asked with each look at the keys."""

    def __init__(self, camera: Camera, seconds: float, figures: Figures | None) -> None:
        self._camera, self._seconds, self._figures = camera, seconds, figures
        self.display: Watched | None = None
        self.begun_s = math.nan
        self.first: Mark | None = None
        self.last: Mark | None = None
        self.memory: list[tuple[float, float]] = []
        self._made_s = time.monotonic()

    def happened(self, what: dict[str, Any]) -> None:
        """The loop's log: the first set's beginning counts."""
        if what["what"] == "begin_set" and math.isnan(self.begun_s):
            self.begun_s = time.monotonic()

    def tick(self) -> bool:
        """Whether it is time to quit."""
        now_s = time.monotonic()
        if self.last is not None:
            return True
        if self.first is None:
            if now_s - self.begun_s >= SETTLE_S:
                self.first = self._mark(now_s)
            return now_s - self._made_s > NEVER_S
        if self._figures is None:
            self._watch_memory((now_s - self.first.at_s) / 60)
        if now_s - self.first.at_s >= self._seconds:
            self.last = self._mark(now_s)
        return self.last is not None

    def _watch_memory(self, minutes: float) -> None:
        if minutes < len(self.memory):
            return
        self.memory.append((minutes, resident_mb()))
        taken = self._camera.captured - self._camera.dropped
        print(f"minute {minutes:4.0f}: {self.memory[-1][1]:7.1f} MB, {taken} frames so far", flush=True)

    def _mark(self, now_s: float) -> Mark:
        frames = self._figures.frames if self._figures is not None else 0
        painted = len(self.display.painted_s) if self.display is not None else 0
        return Mark(now_s, time.process_time(), self._camera.captured, self._camera.dropped, frames, painted)


def _run(film: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Run the loop once and return its figures."""
    language = load_language("en")
    notices: list[str] = []
    figures = None if options.soak else Figures()
    seconds = 60 * options.soak + 1 if options.soak else options.seconds
    backend = Silent() if options.no_voice else choose_backend(language)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) if options.record else None
        display: Display = stack.enter_context(Headless()) if options.headless else stack.enter_context(Window())
        camera = stack.enter_context(Camera(str(film), loop=True))
        voice = stack.enter_context(Voice(backend, notice=notices.append))
        timer = Timer(camera, seconds, figures)
        watched = timer.display = Watched(display, lambda: camera.age_s, timer.tick)
        keeper = Keeper(None, datetime.now(UTC), notices.append)
        settings = Settings(_routine(options.soak), language, options.model)
        coach = Coach(
            settings,
            camera,
            watched,
            voice,
            keeper,
            Film(folder, notices.append),
            notice=notices.append,
            log=timer.happened,
            figures=figures,
        )
        pose_s = [] if options.soak else stack.enter_context(timed_poses())
        coach.run()
    if timer.first is None or timer.last is None:
        raise SystemExit(f"The session ended too early ({coach.ended_by}), nothing was measured: {notices}")
    common = {"record": options.record, "model": options.model, "voice": voice.backend.name, "notices": notices}
    if figures is None:
        return common | {"memory": timer.memory}
    return common | _sums(figures, pose_s, watched, timer.first, timer.last)


def _routine(soak: float | None) -> Routine:
    """One endless set; for the soak many short ones with rests, so that all that begins and ends does so often."""
    repetitions, times = (ENDLESS, 1) if soak is None else (SOAKED, 10 + round(4 * soak))
    exercise = exercises.get(EXERCISE)
    dose = replace(exercise.dose, repetitions=repetitions)
    exercise = replace(exercise, dose=dose)
    return Routine("live", "Live", (Step(exercise, dose, 0.0 if soak is None else REST_S, breathing=True),) * times)


def _sums(figures: Figures, pose_s: Sequence[float], watched: Watched, first: Mark, last: Mark) -> dict[str, Any]:
    """The figures between two marks. Poses are timed here: `bare_s` of the loop may have looks at the keys in it."""
    seconds = last.at_s - first.at_s
    busy, pose, late = (x[first.frames : last.frames] for x in (figures.busy_s, pose_s, figures.late_s))
    return {
        "fps": len(busy) / seconds,
        "captured_fps": (last.captured - first.captured) / seconds,
        "dropped": last.dropped - first.dropped,
        "late_ms": spread_ms(late),
        "painted_ms": spread_ms(watched.painted_s[first.painted : last.painted]),
        "own_ms": spread_ms([b - p for b, p in zip(busy, pose, strict=True)]),
        "keys_ms": spread_ms(watched.keys_s[first.painted : last.painted]),
        "pose_ms": spread_ms(pose),
        "cpu_cores": (last.cpu_s - first.cpu_s) / seconds,
    }


if __name__ == "__main__":
    main()
