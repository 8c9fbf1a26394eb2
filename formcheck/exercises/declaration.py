"""The vocabulary in which an exercise is written down: positions, movement, faults, dose.

An exercise module holds nothing but one such declaration. All measures are named in
`formcheck.measure.body.measures`; a name of `Baseline.name` may be used wherever a measure may.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from formcheck.measure.body import Facing

Moment = Literal["rest", "moving", "top", "hold"]
Part = Literal["range", "alignment", "tempo", "hold"]
HELD = "held"  # in a fault of a held exercise: the main measure of the variant that is held


@dataclass(frozen=True, slots=True)
class Bound:
    """A measure must lie within low..high; once it does, it may stray `margin` further before it does not.

    `if_unknown` is the answer while the measure is unknown: None passes the doubt on.
    """

    measure: str
    low: float = -math.inf
    high: float = math.inf
    margin: float = 0.0
    if_unknown: bool | None = None

    def holds(self, value: float, already: bool) -> bool | None:
        """Whether the bound is met; `if_unknown` when the value is unknown."""
        if math.isnan(value):
            return self.if_unknown
        slack = self.margin if already else 0.0
        return self.low - slack <= value <= self.high + slack


@dataclass(frozen=True, slots=True)
class Baseline:
    """A measure over the person's own value at rest: `name` = measure - its value in the start position.

    At rest is the start position of a repetition, or the first second of a hold. A value outside low..high is
    not believed to be anybody's rest: the nearer end is taken instead.
    """

    name: str
    measure: str
    low: float = -math.inf
    high: float = math.inf

    def over(self, value: float, rest: float) -> float:
        """The value over the person's rest; NaN when either is unknown."""
        return value - min(max(rest, self.low), self.high) if not math.isnan(rest) else math.nan


@dataclass(frozen=True, slots=True)
class Anchor:
    """A measure corrected by what it must have been at rest: `name` = measure + weight * (expected - its rest).

    The estimator reads an angle too large or too small by an amount that is a body's own and stays the same all
    through a clip. Where geometry tells what the angle is at rest, part of that error can be taken out.

    Attributes:
        name: Of the corrected measure.
        measure: The measure to correct.
        constant: The expected value at rest is constant + factor * (the rest value of `of`).
        factor: See `constant`.
        of: See `constant`.
        weight: Share of the difference that is believed, 0-1: the expectation has an error of its own.
        most: The correction is never larger than this.
        trusted: The expectation holds for rest values of `of` within these; outside them nothing is corrected.
    """

    name: str
    measure: str
    constant: float
    factor: float
    of: str
    weight: float
    most: float
    trusted: tuple[float, float] = (-math.inf, math.inf)

    def corrected(self, value: float, rest: float, rest_of: float) -> float:
        """The corrected value; NaN when any of the three is unknown."""
        if not self.trusted[0] <= rest_of <= self.trusted[1]:
            return value if not math.isnan(rest_of) else math.nan
        correction = self.weight * (self.constant + self.factor * rest_of - rest)
        return value + min(max(correction, -self.most), self.most) if not math.isnan(correction) else math.nan


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that can be wrong.

    Attributes:
        name: As in result.json.
        measure: What is judged, frame by frame; for `per_repetition` one of the repetition's own numbers
            (measures averaged at the top, `rising_s`, `lowering_s`, `in_line_s`).
        above: Wrong when over this...
        below: ...or under this.
        release: Frame by frame: where it is right again (default: the limit itself).
        unit: Of the measure, as reported.
        joint: Where to draw it.
        cue: What to say, short.
        means: What is wrong, for the list of faults.
        during: The moments at which it is judged.
        dwell_s: It must last this long.
        only_if: Judged only while these hold.
        variants: Judged only in these variants of a hold; none named is all.
        per_repetition: Judged once, when the repetition is over.
        part: The part of the score that it costs.
        spoils: Whether a repetition with it does not count ("attempt"), counts as faulty ("form"), or only
            falls short of the dose ("dose").
        reason: For an attempt: why it does not count; {gap} is the distance from `target`.
        target: What the measure should have reached.
        priority: Higher is spoken first.
    """

    name: str
    measure: str
    cue: str
    means: str
    joint: str
    above: float = math.inf
    below: float = -math.inf
    release: float = math.nan
    unit: str = "deg"
    during: frozenset[Moment] = frozenset(("moving", "top"))
    dwell_s: float = 0.3
    only_if: tuple[Bound, ...] = ()
    variants: tuple[str, ...] = ()
    per_repetition: bool = False
    part: Part = "alignment"
    spoils: Literal["attempt", "form", "dose"] = "form"
    reason: str = ""
    target: float = math.nan
    priority: int = 1

    def excess(self, value: float, already: bool = False) -> float:
        """How far the value is past the limit, at most 0 when it is right; NaN when unknown."""
        if math.isnan(value):
            return math.nan
        use_release = already and not math.isnan(self.release)
        if math.isfinite(self.above):
            return value - (self.release if use_release else self.above)
        return (self.release if use_release else self.below) - value


@dataclass(frozen=True, slots=True)
class Movement:
    """How a repetition is told: away from the rest position, to a top, and back.

    Attributes:
        lift: The measure that grows on the way to the top.
        leave: Over its rest level by this much: on the way.
        back: Within this much of its rest level (or the share `back_share` of the repetition's own height,
            whichever is more): back at the start.
        settled: Within this much of its rest level: the movement has not begun, or is over. Also how near to
            its height the top begins and ends.
        back_share: See `back`.
        least: A movement that stays lower than this over rest is none at all.
        main: The measure shown and reported.
        line: Bounds that say the top position is reached; the time in it is the repetition's hold.
        shown: Measures averaged at the top and reported with the repetition.
    """

    lift: str
    leave: float
    back: float
    settled: float
    least: float
    main: str
    line: tuple[Bound, ...]
    shown: tuple[str, ...]
    back_share: float = 0.25


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to hold the position, told by its own bounds, with its own main measure (`HELD` in faults)."""

    name: str
    bounds: tuple[Bound, ...]
    main: str


@dataclass(frozen=True, slots=True)
class Holding:
    """How a held position is told.

    Attributes:
        variants: The first whose bounds hold is the one; several may have one name.
        steady: Measure by name: it must stay within a window of this width...
        steady_s: ...for this long before the hold begins; leaving begins when one first strays from it.
        least_s: A shorter stay is getting into position, not a hold.
    """

    variants: tuple[Variant, ...]
    steady: tuple[tuple[str, float], ...]
    steady_s: float = 0.5
    least_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Dose:
    """What is asked: repetitions with an asked hold each, or seconds of holding (from, to)."""

    repetitions: tuple[int, int] = (0, 0)
    hold_s: tuple[float, float] = (0.0, 0.0)

    def words(self) -> str:
        """The dose in words, for people."""
        seconds = _span(self.hold_s, "s")
        if not self.repetitions[1]:
            return f"hold {seconds}"
        times = _span(self.repetitions, "times")
        return f"{times}, held {seconds}" if self.hold_s[1] else times


def _span(pair: tuple[float, float], unit: str) -> str:
    low, high = (f"{x:g}" for x in pair)
    return f"{low} {unit}" if low == high else f"{low}-{high} {unit}"


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise, complete.

    Attributes:
        name: As on the command line and in result.json.
        title: For people.
        asked: What the exercise is, one sentence.
        dose: What is asked for.
        facing: Where the belly faces.
        camera: How to place the camera, one sentence.
        needs: Joints without which nothing can be judged.
        posture: Bounds that hold all through the exercise; outside them nothing is counted.
        line: Joints whose line is measured and drawn.
        faults: All that can be wrong.
        baselines: Measures taken relative to the person's own rest.
        anchors: Measures corrected by what they must be at rest.
        movement: For exercises counted in repetitions.
        holding: For exercises counted in seconds.
        start_hold_s: The start position must be held this long before anything counts.
        score: Points of each part of a repetition's score; 100 together.
    """

    name: str
    title: str
    asked: str
    dose: Dose
    facing: Facing
    camera: str
    needs: tuple[str, ...]
    posture: tuple[Bound, ...]
    line: tuple[str, ...]
    faults: tuple[Fault, ...]
    baselines: tuple[Baseline, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    movement: Movement | None = None
    holding: Holding | None = None
    start_hold_s: float = 1.0
    score: dict[Part, float] = field(default_factory=dict)

    @property
    def rest_measures(self) -> tuple[str, ...]:
        """The measures whose values at rest must be known."""
        anchored = (name for anchor in self.anchors for name in (anchor.measure, anchor.of))
        return tuple(dict.fromkeys((*(baseline.measure for baseline in self.baselines), *anchored)))

    def fault(self, name: str) -> Fault:
        """The fault of this name.

        Raises:
            KeyError: The exercise has no such fault.
        """
        for fault in self.faults:
            if fault.name == name:
                return fault
        raise KeyError(name)
