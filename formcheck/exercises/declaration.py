"""The vocabulary in which an exercise is written down: positions, movement, faults, dose.

An exercise module holds nothing but one such declaration. All measures are named in
`formcheck.measure.body.measures`; a name of `Baseline.name` may be used wherever a measure may.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from formcheck.measure.body import Facing
from formcheck.measure.trends import Trend
from formcheck.measure.view import VIEW_NAMES, ViewName
from formcheck.pose.landmarks import Side

Moment = Literal["rest", "moving", "top", "entering", "hold"]
Part = Literal["range", "alignment", "tempo", "hold"]
HELD = "held"  # in a fault of a held exercise: the main measure of the variant that is held


@dataclass(frozen=True, slots=True)
class Bound:
    """A measure must lie within low..high.

    Attributes:
        measure: The measure.
        low: At least this, in the measure's unit.
        high: At most this.
        margin: Once it lies within, it may stray this much further before it does not.
        if_unknown: The answer while the measure is unknown, true or false; left out, the doubt is passed on.
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
    """A measure over the person's own value at rest: `name` = measure - its value at rest.

    At rest is the start position of a repetition, or the beginning of a hold (`Holding.own_s`).

    Attributes:
        name: Of the new measure.
        measure: The measure that it is made of.
        low: A smaller value is not believed to be anybody's rest: this is taken instead.
        high: Nor is a larger one.
        before: Of a hold: at rest is the time before it, in the exercise's posture, instead of its beginning.
    """

    name: str
    measure: str
    low: float = -math.inf
    high: float = math.inf
    before: bool = False

    @property
    def rest_name(self) -> str:
        """Under which the value at rest is kept."""
        return f"{self.measure} before" if self.before else self.measure

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
        during: The moments at which it is judged: of a repetition "rest", "moving" and "top", of a held exercise
            "hold" and, for what is wrong on the way into it, "entering" (then it does not stop the hold's clock).
        dwell_s: It must last this long.
        settle_s: Judged only this long after a hold has begun.
        only_if: Judged only while these hold.
        variants: Judged only in these variants of a hold; none named is all.
        per_repetition: Judged once, when the repetition is over.
        at_end: Judged once, when all is over and something was held, on `sides_held`: how many sides were.
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
    settle_s: float = 0.0
    only_if: tuple[Bound, ...] = ()
    variants: tuple[str, ...] = ()
    per_repetition: bool = False
    at_end: bool = False
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
        only_if: Bounds on the repetition's own numbers; a movement that fails one is another one, and none of this.
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
    only_if: tuple[Bound, ...] = ()


@dataclass(frozen=True, slots=True)
class Cycle:
    """How a cycle is told: from neutral to one end, to the other one, and back; either end may come first.

    A repetition's numbers are the means of `shown` at either end, named after it ("cat_back_rise"), the `places` at
    the start ("start_wrist_shift"), and `cycle_s`, the seconds from start to end of a whole one.

    Attributes:
        curve: The measure that grows towards one end and falls towards the other.
        high: Name of the end where it is largest.
        low: Name of the end where it is smallest.
        leave: Off neutral by more than this: on the way to an end, and at least this far out is an end.
        back: Within this of neutral: back in it.
        settled: Within this of neutral: at rest. Also how near to its height an end begins and ceases.
        least: A movement with less than this from its lowest to its highest is none at all.
        full: The reach over neutral from which on the high and the low end are reached.
        main: The measure shown and reported, the curve over the person's own neutral.
        shown: Measures averaged at either end and reported with the repetition.
        start: Bounds within which a position held still may be the person's neutral.
        places: Measures of the start position that are judged as "start_" and their name, by their size either way.
        stance: Measure by name: near neutral, a change by more than this means that hands or knees have been put
            elsewhere, and the curve's level there is the person's neutral from now on.
        pause_s: A rest in neutral longer than this after one end parts it from the other.
    """

    curve: str
    high: str
    low: str
    leave: float
    back: float
    settled: float
    least: float
    full: tuple[float, float]
    main: str
    shown: tuple[str, ...]
    start: tuple[Bound, ...]
    places: tuple[str, ...] = ()
    stance: tuple[tuple[str, float], ...] = ()
    pause_s: float = 2.0

    @property
    def numbers(self) -> tuple[str, ...]:
        """Names of the numbers of its own that a repetition has."""
        ends = (f"{end}_{measure}" for measure in self.shown for end in (self.high, self.low))
        return (*ends, *(f"start_{place}" for place in self.places), "cycle_s")


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to hold the position.

    Attributes:
        name: As in result.json.
        bounds: By these it is told.
        main: Its measure that is shown and reported first; "held" in faults and `steady`.
        side: The person's side that is worked on, where the two are held apart.
    """

    name: str
    bounds: tuple[Bound, ...]
    main: str
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """How a held position is told.

    Attributes:
        variants: The first whose bounds hold is the one; several may have one name.
        steady: Measure by name: it must stay within a window of this width...
        steady_s: ...for this long before the hold begins; leaving begins when one first strays from it.
        least_s: A shorter stay is getting into position, not a hold.
        restless: Name of a fault, such as bouncing, during which the position is held although it is not still.
        switch_cue: What to say when one side has its dose and the other has not.
        shown: Measures averaged over the time in form and reported with the hold, behind the variant's main one.
        own_s: The person's own values at rest are the means over this long from the beginning of the hold, as far as
            it is in form; they are known after a second.
    """

    variants: tuple[Variant, ...]
    steady: tuple[tuple[str, float], ...]
    steady_s: float = 0.5
    least_s: float = 1.0
    restless: str = ""
    switch_cue: str = ""
    shown: tuple[str, ...] = ()
    own_s: float = 1.0

    @property
    def sides(self) -> frozenset[Side]:
        """The sides that are held apart; empty where there are none."""
        return frozenset(variant.side for variant in self.variants if variant.side is not None)


@dataclass(frozen=True, slots=True)
class Reminders:
    """What is said now and then to somebody who stays in a position for long, such as sitting.

    Attributes:
        nudge_after_s: Wrong for this long without a break: a nudge with the fault's cue.
        nudge_every_s: While it stays wrong, the next one comes after this long.
        break_after_s: In the position for this long, whatever the form: time to get up.
        break_cue: What is said then.
    """

    nudge_after_s: float
    nudge_every_s: float
    break_after_s: float
    break_cue: str


@dataclass(frozen=True, slots=True)
class Dose:
    """Repetitions, with an asked hold each where there is one; or seconds of holding.

    Attributes:
        repetitions: How many, from and to.
        hold_s: How long to hold, from and to.
    """

    repetitions: tuple[int, int] = (0, 0)
    hold_s: tuple[float, float] = (0.0, 0.0)

    def words(self) -> str:
        """The dose in words, for people."""
        seconds = _span(self.hold_s, "s")
        if not self.repetitions[1] and not self.hold_s[1]:
            return "as long as you like"
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
        trends: Measures made of the course of others.
        movement: For exercises counted in repetitions.
        cycle: For exercises counted in repetitions that go to two ends.
        holding: For exercises counted in seconds.
        reminders: For positions that are kept for hours.
        start_hold_s: The start position must be held this long before anything counts.
        score: Points of each part of a repetition's score; 100 together.
        silhouette: Whether the back's contour is needed, which costs a few milliseconds a frame.
        views: The problems of the camera's view that matter, names of `formcheck.measure.view.ADVICE`; of the others
            nothing is said.
        unjudged: What can be wrong as well but shows in no picture, by name: one sentence each, told with every result.
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
    trends: tuple[Trend, ...] = ()
    movement: Movement | None = None
    cycle: Cycle | None = None
    holding: Holding | None = None
    reminders: Reminders | None = None
    start_hold_s: float = 1.0
    score: dict[Part, float] = field(default_factory=dict)
    silhouette: bool = False
    views: frozenset[ViewName] = VIEW_NAMES
    unjudged: dict[str, str] = field(default_factory=dict)

    @property
    def rest_measures(self) -> tuple[str, ...]:
        """The measures whose values at rest must be known."""
        anchored = (name for anchor in self.anchors for name in (anchor.measure, anchor.of))
        return tuple(
            dict.fromkeys((*(baseline.measure for baseline in self.baselines if not baseline.before), *anchored))
        )

    def fault(self, name: str) -> Fault:
        """The fault of this name.

        Raises:
            KeyError: The exercise has no such fault.
        """
        for fault in self.faults:
            if fault.name == name:
                return fault
        raise KeyError(name)
