"""The hold clock: runs while in position and in form, pauses on a fault or when unknown. Pure.

A hold begins where the body came to rest in the position and ends where it began to leave it, so that
neither getting into position nor leaving it is counted, however slowly that is done.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from formcheck.engine.moving import Sums, gathered, mean_of
from formcheck.engine.records import Hold
from formcheck.exercises.declaration import Holding, Variant
from formcheck.pose.landmarks import Side

GRACE_S = 0.5  # unknown or a passing stray for no longer than this does not stop the clock
LEFT_S = 0.4  # out of position for this long: it has been left
FIRM_S = 1.0  # a shorter steady stretch before a hold or after it is part of getting in or out
FAULTY_EDGE_S = 2.0  # at either end of a hold, a faulty position counts once it is kept still for this long
UNKNOWN_S = 2.0  # not seen for this long: whoever is there now has begun anew
KNOWN_SHARE = 0.7  # a stay of which less was seen is not known to be one
MAX_STEP_S = 0.5  # a longer step between frames says nothing of what was between


@dataclass(frozen=True, slots=True)
class Clock:
    """In-form time, with the part that still depends on what comes next.

    Attributes:
        in_form_s: Time surely in form.
        pending_s: Time since the last frame in form; counted if form comes back within the grace.
        doubtful_s: Time of a fault that has not lasted its dwell yet: counted if it never does.
        run_s: The unbroken stretch that is under way.
        longest_s: The longest one.
    """

    in_form_s: float = 0.0
    pending_s: float = 0.0
    doubtful_s: float = 0.0
    run_s: float = 0.0
    longest_s: float = 0.0

    def step(self, seconds: float, wrong_s: float) -> Clock:
        """The clock after a frame.

        Args:
            seconds: Since the frame before.
            wrong_s: For how long a fault has lasted, or nothing is known; 0 in form, NaN for what may yet pass.
        """
        if math.isnan(wrong_s):
            return replace(self, doubtful_s=self.doubtful_s + seconds)
        if wrong_s > 0:
            wrong = seconds + min(self.doubtful_s, wrong_s)
            gain = max(0.0, self.doubtful_s - wrong_s)
            pending = self.pending_s + wrong
            run = self.run_s + gain if pending <= GRACE_S else 0.0
            return Clock(self.in_form_s + gain, pending, 0.0, run, max(self.longest_s, self.run_s + gain))
        gain = seconds + self.doubtful_s + (self.pending_s if self.pending_s <= GRACE_S else 0.0)
        run = self.run_s + gain
        return Clock(self.in_form_s + gain, run_s=run, longest_s=max(self.longest_s, run))


Window: TypeAlias = tuple[float, tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment up to which the hold is sure, with clock and sums as they stood then and the variant that was held."""

    time_s: float
    clock: Clock
    variant: Variant
    sums: Sums


@dataclass(frozen=True, slots=True)
class HoldState:
    """Where the hold is.

    Attributes:
        time_s: The last frame's time.
        variant: Name of the variant whose bounds held last, None out of position.
        since_s: Since when those of any have, NaN out of position.
        window: The present steady stretch: since when, and each steady measure's lowest and highest.
        start_s: Beginning of the open hold, NaN while there is none.
        home: The steady stretch with which it began, to its end.
        side: The side that it is held on, where sides are held apart.
        sure: Whether it can no longer turn out to have been getting into position.
        known_s: Seconds of it in which the position was seen to be held.
        clock: The running clock.
        sums: Measure by name: sum and number over its frames in form.
        steady: When the body was last steady in the position.
        firm: When it was last so for long enough not to be part of leaving it.
        out_s: Since when the position has been lost, NaN while it is not.
        unseen_s: Since when it has been unknown, NaN while it is known.
    """

    time_s: float = math.nan
    variant: str | None = None
    since_s: float = math.nan
    window: Window | None = None
    start_s: float = math.nan
    home: Window | None = None
    side: Side | None = None
    sure: bool = False
    known_s: float = 0.0
    clock: Clock = field(default_factory=Clock)
    sums: Sums = field(default_factory=dict)
    steady: Mark | None = None
    firm: Mark | None = None
    out_s: float = math.nan
    unseen_s: float = math.nan

    @property
    def open(self) -> bool:
        """Whether a hold is under way."""
        return not math.isnan(self.start_s)


def step_hold(
    state: HoldState,
    holding: Holding,
    time_s: float,
    variant: Variant | None,
    values: dict[str, float],
    wrong_s: float,
    *,
    restless: bool = False,
) -> tuple[HoldState, Hold | None]:
    """One frame further.

    Args:
        state: The state before the frame.
        holding: What a hold is.
        time_s: The frame's time.
        variant: The variant whose bounds hold, None when none does.
        values: The measures; empty when the frame tells nothing (then `variant` is not looked at).
        wrong_s: For how long a fault has lasted; 0 in form, NaN where a limit is passed and it may yet pass by.
        restless: Whether it is held without being still.

    Returns:
        The new state, and the hold that ended with this frame.
    """
    seconds = min(time_s - state.time_s, MAX_STEP_S) if not math.isnan(state.time_s) else 0.0
    state = replace(state, time_s=time_s)
    if not values:
        return _unseen(state, holding, seconds)
    state = replace(state, unseen_s=math.nan)
    if variant is None or (state.open and variant.side != state.side):
        return _out(state, holding, seconds)
    window = _window(state.window, time_s, values, holding)
    state = replace(state, known_s=state.known_s + seconds)
    faulty = wrong_s != 0
    since_s = time_s if math.isnan(state.since_s) else state.since_s
    state = replace(state, variant=variant.name, since_s=since_s, window=window, out_s=math.nan)
    if state.open:
        sums = state.sums if faulty else gathered(state.sums, _reported(holding, variant), values)
        sure = state.sure or _kept(state, faulty)
        state = replace(state, clock=state.clock.step(seconds, wrong_s), sure=sure, sums=sums)
    if restless:
        state = state if state.open else _begin(state, variant, since_s, wrong_s)
        mark = Mark(time_s, state.clock, variant, state.sums)
        return replace(state, sure=True, steady=mark, firm=mark), None
    return _kept_still(state, holding, variant, window, values, wrong_s), None


def _kept_still(
    state: HoldState,
    holding: Holding,
    variant: Variant,
    window: Window,
    values: dict[str, float],
    wrong_s: float,
) -> HoldState:
    """The state in position: a hold begins with a steady stretch, and each later one makes it sure up to there."""
    faulty, kept_s = wrong_s != 0, state.time_s - window[0]
    if state.home is not None and state.home[0] == window[0]:
        state = replace(state, home=window)  # the same stretch, longer
    if state.open and not faulty and _at_home(state.home, values, holding):
        mark = Mark(state.time_s, state.clock, variant, state.sums)
        state = replace(state, steady=mark, firm=mark)
    if kept_s < holding.steady_s:
        return state
    if not state.open or (not state.sure and not faulty and _elsewhere(state.home, window, holding)):
        # The first steady stretch, or one after it in another place: that is where the hold begins.
        if faulty and kept_s < FAULTY_EDGE_S:
            return state
        state = _begin(state, variant, window[0], wrong_s)
    mark = Mark(state.time_s, state.clock, variant, state.sums)
    if kept_s >= (FAULTY_EDGE_S if faulty else FIRM_S):
        return replace(state, sure=True, steady=mark, firm=mark)
    return replace(state, steady=mark)


def _begin(state: HoldState, variant: Variant, start_s: float, wrong_s: float) -> HoldState:
    """The state with a hold that has been under way since `start_s`."""
    kept_s = state.time_s - start_s
    clock = Clock().step(kept_s, wrong_s)
    return replace(state, start_s=start_s, home=state.window, side=variant.side, known_s=kept_s, clock=clock, sums={})


def _reported(holding: Holding, variant: Variant) -> tuple[str, ...]:
    """The measures that a hold of this variant is reported with, the main one first."""
    return tuple(dict.fromkeys((variant.main, *holding.shown)))


def _at_home(home: Window | None, values: dict[str, float], holding: Holding) -> bool:
    """Whether the body is where the hold began: that is no part of leaving it, however restless it is there."""
    assert home is not None
    return all(
        low <= values.get(name, math.nan) <= high
        for (name, _), low, high in zip(holding.steady, home[1], home[2], strict=True)
    )


def _elsewhere(home: Window | None, window: Window, holding: Holding) -> bool:
    """Whether the body has come to rest in clearly another place than where the hold began."""
    assert home is not None
    return any(
        low > home_high + width or high < home_low - width
        for low, high, home_low, home_high, (_, width) in zip(
            window[1], window[2], home[1], home[2], holding.steady, strict=True
        )
    )


def _kept(state: HoldState, faulty: bool) -> bool:
    """Whether a fault has lasted so long that the stretch before it was a hold of its own."""
    return faulty and state.clock.pending_s + state.clock.doubtful_s > GRACE_S


def _unseen(state: HoldState, holding: Holding, seconds: float) -> tuple[HoldState, Hold | None]:
    since = state.time_s if math.isnan(state.unseen_s) else state.unseen_s
    if state.time_s - since > UNKNOWN_S:
        return HoldState(time_s=state.time_s), close_hold(state, holding)
    return replace(state, unseen_s=since, clock=state.clock.step(seconds, math.inf)), None


def _out(state: HoldState, holding: Holding, seconds: float) -> tuple[HoldState, Hold | None]:
    since = state.time_s if math.isnan(state.out_s) else state.out_s
    if not state.open or state.time_s - since >= LEFT_S:
        return HoldState(time_s=state.time_s), close_hold(state, holding, left=True)
    return replace(state, out_s=since, clock=state.clock.step(seconds, math.inf)), None


def _window(window: Window | None, time_s: float, values: dict[str, float], holding: Holding) -> Window:
    """The steady stretch with this frame added, begun anew where a measure strays from it."""
    now = tuple(values.get(name, math.nan) for name, _ in holding.steady)
    if window is not None:
        low = tuple(min(a, b) for a, b in zip(now, window[1], strict=True))
        high = tuple(max(a, b) for a, b in zip(now, window[2], strict=True))
        if all(h - a <= width for a, h, (_, width) in zip(low, high, holding.steady, strict=True)):
            return window[0], low, high
    return time_s, now, now


def close_hold(state: HoldState, holding: Holding, left: bool = False) -> Hold | None:
    """The open hold as a record, ended where it was last sure; None for a stay too short to be one.

    Args:
        state: The state with the hold.
        holding: What a hold is.
        left: Whether the position was left; else the clip ended or the person was lost in it.
    """
    end = (state.firm or state.steady) if left else state.steady
    if not state.open or end is None or end.time_s - state.start_s < holding.least_s:
        return None
    if state.known_s < KNOWN_SHARE * (end.time_s - state.start_s):
        return None
    side, name = end.variant.side, end.variant.name
    variant = None if name == side else name
    measures = {name: mean_of(end.sums, name) for name in _reported(holding, end.variant)}
    clock = end.clock
    return Hold(state.start_s, end.time_s, clock.in_form_s, clock.longest_s, side, variant, measures=measures)
