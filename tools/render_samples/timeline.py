"""From a script's list of things to do: the numbers of every frame, and the truth about events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from errors import RenderError

Numbers = dict[str, float]

#: Seconds of a repetition's parts where the script does not say.
UP, HOLD, DOWN, REST, ACROSS = 1.6, 1.0, 1.8, 1.0, 2.0

#: Faults that concern more or less than the time around the top: what they begin and end with.
SPANS = {
    "lowered_fast": ("leave", "end"),
    "hands_behind_head": ("start", "end"),
    "hands_off_shoulders": ("start", "end"),
    "too_fast": ("start", "end"),
}


@dataclass
class Timeline:
    """What happens when: movements, repetitions, holds, faults and the script's own steps."""

    duration: float = 0.0
    moves: list = field(default_factory=list)  # (start, end, from, to)
    reps: list = field(default_factory=list)
    holds: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    segments: list = field(default_factory=list)

    def at(self, t: float) -> tuple[Numbers, bool]:
        """The exercise's numbers at time t, and whether they are changing."""
        for t0, t1, a, b in self.moves:
            if t < t1:
                if t <= t0 or a == b:
                    return dict(a), False
                w = (t - t0) / (t1 - t0)
                w = w * w * (3 - 2 * w)
                return {k: a[k] + w * (b[k] - a[k]) for k in a}, True
        return dict(self.moves[-1][3]), False


class _Builder:
    """Walks through the script's steps and keeps what is open: the numbers now, a hold, a fault."""

    def __init__(self, seed: int, now: Numbers, resolve: Callable[[Numbers], Numbers]):
        self.line = Timeline()
        self.rng = np.random.RandomState(seed)
        self.now = now
        self.resolve = resolve
        self.hold: dict | None = None
        self.fault: tuple[str, float] | None = None

    def jitter(self, vary: float) -> float:
        """A factor around one. Draws from the seeded stream even when nothing is to vary."""
        return 1 + vary * self.rng.uniform(-1, 1)

    def go(self, to: Numbers, seconds: float) -> None:
        """Reach these numbers in so many seconds (or at once)."""
        if seconds > 0:
            start = self.line.duration
            self.line.moves.append((start, start + seconds, dict(self.now), dict(to)))
            self.line.duration += seconds
        self.now = dict(to)

    def close(self, at_hold: float | None, at_fault: float) -> None:
        """End the fault that the step before left open, and the hold unless it goes on (None)."""
        if self.fault:
            name, start = self.fault
            self.line.faults.append({"name": name, "start_s": start, "end_s": at_fault})
            if self.hold:
                self.hold["faults"].append(name)
                self.hold["out_of_form"].append((start, at_fault))
            self.fault = None
        if self.hold and at_hold is not None:
            self.hold["end_s"] = at_hold
            out = self.hold.pop("out_of_form")
            edges = [self.hold["start_s"], *(x for pair in out for x in pair), at_hold]
            spans = zip(edges[::2], edges[1::2], strict=True)
            in_form = [[a, b] for a, b in spans if b - a > 1e-6]
            self.hold["in_form"] = in_form
            self.hold["in_form_s"] = sum(b - a for a, b in in_form)
            self.line.holds.append(self.hold)
            self.hold = None

    def stay(self, step: dict) -> None:
        """A rest, a move or a hold: change some numbers or none, then stay."""
        begin, holding = self.line.duration, step["what"] == "hold"
        move = step.get("move", 0.8 if "set" in step else 0.0)
        middle = begin + move / 2
        goes_on = holding and self.hold and self.hold["side"] == step.get("side")
        leaving = self.hold and not goes_on
        self.close(None if goes_on else begin, begin if leaving else middle)
        self.go({**self.now, **self.resolve(step.get("set", {}))}, move)
        if holding and not self.hold:
            self.hold = {
                "start_s": self.line.duration,
                "end_s": None,
                "side": step.get("side"),
                "faults": [],
                "out_of_form": [],
            }
        if "fault" in step:
            self.fault = step["fault"], max(middle, self.hold["start_s"] if self.hold else 0.0)
        if "entry_fault" in step:  # of the movement into the hold: the hold itself is in form
            name = step["entry_fault"]
            self.line.faults.append({"name": name, "start_s": begin, "end_s": begin + move})
            if self.hold:
                self.hold["faults"].append(name)
        if "swing" in step:
            self.swing(self.resolve(step["swing"]), step["seconds"], step.get("every", 1.0))
        else:
            self.go(self.now, step.get("seconds", 0.0))

    def swing(self, by: Numbers, seconds: float, every: float) -> None:
        """To and fro about the numbers now, ending where it began."""
        centre = dict(self.now)
        ways = max(2, round(2 * seconds / every))
        for k in range(ways - 1):
            sign = -1 if k % 2 else 1
            self.go({**centre, **{n: centre[n] + sign * v for n, v in by.items()}}, seconds / ways)
        self.go(centre, seconds / ways)

    def repeat(self, step: dict) -> None:
        """A step of repetitions, all alike but for the variation."""
        self.close(self.line.duration, self.line.duration)
        home = dict(self.now)
        to = step["to"] if isinstance(step["to"], list) else [step["to"]]
        stations = [self.resolve(s) for s in to]
        for _ in range(step.get("times", 1)):
            self.repetition(step, home, stations)

    def repetition(self, step: dict, home: Numbers, stations: list[Numbers]) -> None:
        """One repetition: from home through the stations and back, then the pause."""
        line, vary = self.line, step.get("vary", 0.0)
        faults = list(step.get("faults", []))
        start = line.duration
        size = self.jitter(vary)
        up = step.get("up", UP) * self.jitter(vary)
        hold = step.get("hold", HOLD) * self.jitter(vary)
        down = step.get("down", DOWN) * self.jitter(vary)
        top = None
        for station in stations:
            first = top is None
            moved = {k: home[k] + size * (v - home[k]) for k, v in station.items()}
            way = up if first else step.get("across", ACROSS) * self.jitter(vary)
            self.go({**home, **moved}, way)
            top = line.duration if first else top
            self.go(self.now, hold)
        at = {"start": start, "leave": line.duration}
        self.go(home, down)
        at["end"] = line.duration
        line.reps.append(
            {
                "index": len(line.reps) + 1,
                "start_s": start,
                "top_s": top,
                "end_s": at["end"],
                "outcome": step.get("outcome", "faulty" if faults else "good"),
                "faults": faults,
                "up_s": up,
                "hold_s": hold,
                "down_s": down,
            }
        )
        at |= {"half_up": start + up / 2, "half_down": at["end"] - down / 2}
        for name in faults:
            begin, end = SPANS.get(name, ("half_up", "half_down"))
            line.faults.append({"name": name, "start_s": at[begin], "end_s": at[end]})
        self.go(home, step.get("rest", REST) * self.jitter(vary))

    def do(self, step: dict) -> None:
        """One of the script's [[do]] tables."""
        begin, what = self.line.duration, step["what"]
        if what in ("rest", "move", "hold"):
            self.stay(step)
        elif what == "rep":
            self.repeat(step)
        else:
            raise RenderError(f"unknown step {what!r}: use rest, move, hold or rep")
        note = {"note": step["note"]} if "note" in step else {}
        segment = {"what": what, "start_s": begin, "end_s": self.line.duration}
        self.line.segments.append(segment | note)


def build(script: dict, start: Numbers, resolve: Callable[[Numbers], Numbers]) -> Timeline:
    """The timeline of a script.

    start: the numbers the exercise begins with, unless the script's ``start`` says otherwise;
    resolve: replaces asked-for truth (hip_angle ...) by the exercise's own number.
    """
    now = {**start, **resolve(script.get("start", {}))}
    builder = _Builder(script.get("seed", 1), now, resolve)
    for step in script["do"]:
        builder.do(step)
    line = builder.line
    builder.close(line.duration, line.duration)
    line.faults.sort(key=lambda f: f["start_s"])
    return line
