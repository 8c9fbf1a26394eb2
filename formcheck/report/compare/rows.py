"""Numbers of two results side by side, and which of them are better or worse. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal, TypeAlias

from formcheck.engine.records import COUNTED, Repetition
from formcheck.exercises.declaration import Exercise
from formcheck.measure.body import unit_of
from formcheck.report.margins import HOLD_S, difference_deg
from formcheck.report.result import AnalysisResult
from formcheck.report.words import split_unit

Verdict: TypeAlias = Literal["better", "worse", "as before", ""]
Tell: TypeAlias = Callable[[float, str], str]

_TEMPO = {
    "rising_s": "way up",
    "top_held_s": "held at the top",
    "in_line_s": "in the line",
    "lowering_s": "way down",
    "cycle_s": "cycle",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing, before and after.

    Attributes:
        label: What it is.
        before: In words, "-" where there is none.
        after: The same later.
        verdict: "" where the numbers say nothing of it.
        asked: What is asked, "" where nothing is.
        aim: Whether better is nearer to what is asked, not more.
    """

    label: str
    before: str
    after: str
    verdict: Verdict = ""
    asked: str = ""
    aim: bool = False

    @property
    def sentence(self) -> str:
        """What a verdict rests on."""
        told = f"{self.before}, then {self.after}"
        if not self.aim:
            return f"{self.label}: {told}"
        return f"{self.label} {'nearer to' if self.verdict == 'better' else 'further from'} {self.asked}: {told}"


def rows_of(
    before: AnalysisResult, after: AnalysisResult, exercise: Exercise | None, mains: Iterable[str], tell: Tell
) -> tuple[Row, ...]:
    """All numbers side by side.

    Args:
        before: The earlier result.
        after: The later one.
        exercise: Its declaration, None where it is not known.
        mains: What `main_names` says.
        tell: A value and its unit in words.
    """
    return (
        *_counted(before, after, exercise),
        Row("score", f"{before.score:.0f}", f"{after.score:.0f}"),
        *(_main(name, before, after, exercise, tell) for name in mains),
        *_tempo(before, after, exercise, tell),
        *_held(before, after, exercise, tell),
        *_photo(before, after, tell),
    )


def main_names(reps: Iterable[Repetition], exercise: Exercise | None) -> tuple[str, ...]:
    """The main measure's names among the numbers of repetitions; the first that is told where it is not declared.

    There is one, or one for each end of a cycle; none where nothing is told.
    """
    told = list(dict.fromkeys(name for rep in reps for name in rep.measures))
    named: tuple[str, ...] = ()
    if exercise is not None and exercise.movement is not None:
        named = (exercise.movement.main,)
    elif exercise is not None and exercise.cycle is not None:
        named = tuple(f"{end}_{exercise.cycle.main}" for end in (exercise.cycle.high, exercise.cycle.low))
    found = tuple(name for name in named if name in told)
    return found or tuple(name for name in told if name not in _TEMPO)[:1]


def values_of(result: AnalysisResult, name: str) -> list[float]:
    """A number of all finished repetitions, where it is known."""
    values = (rep.measures.get(name, math.nan) for rep in _finished(result.reps))
    return [value for value in values if math.isfinite(value)]


def target_of(name: str, exercise: Exercise | None) -> tuple[float, float]:
    """Between what a movement's main measure should come to lie, infinite where nothing is asked."""
    low, high = -math.inf, math.inf
    if exercise is not None and exercise.movement is not None:
        for bound in exercise.movement.line:
            if bound.measure == name:
                low, high = max(low, bound.low), min(high, bound.high)
    return low, high


def unit_told(name: str) -> tuple[str, str]:
    """A number's name in words and its unit."""
    told, unit = split_unit(name)
    return told, unit or unit_of(name)


# --- the parts ----------------------------------------------------------------------------------


def _row(label: str, told: Iterable[str], verdict: Verdict = "", asked: str = "", *, aim: bool = False) -> Row:
    before, after = told
    return Row(label, before, after, verdict, asked, aim)


def _finished(reps: Sequence[Repetition]) -> list[Repetition]:
    return [rep for rep in reps if rep.outcome != "unfinished"]


def _counted(before: AnalysisResult, after: AnalysisResult, exercise: Exercise | None) -> list[Row]:
    if not (before.reps or after.reps):
        return []
    tried = [_finished(one.reps) for one in (before, after)]
    good = [sum(rep.outcome == "good" for rep in reps) for reps in tried]
    told = [f"{n} of {len(reps)}" for n, reps in zip(good, tried, strict=True)]
    verdict: Verdict = ""
    if all(tried):
        shares = [n / len(reps) for n, reps in zip(good, tried, strict=True)]
        # Outcomes are told right; what is less than one repetition of the longer clip is no change.
        verdict = _judged(shares[1] - shares[0], 1.0 / max(map(len, tried)) - 1e-9)
    asked = str(exercise.dose.repetitions[0] or "") if exercise is not None else ""
    counted = [sum(rep.outcome in COUNTED for rep in reps) for reps in tried]
    return [_row("good repetitions", told, verdict), _row("counted", map(str, counted), asked=asked)]


def _judged(gain: float, margin: float) -> Verdict:
    """What a gain (positive is good) comes to; "" where either is not known."""
    if not (math.isfinite(gain) and math.isfinite(margin)):
        return ""
    if abs(gain) <= margin:
        return "as before"
    return "better" if gain > 0 else "worse"


def _main(name: str, before: AnalysisResult, after: AnalysisResult, exercise: Exercise | None, tell: Tell) -> Row:
    """The main measure's mean and range; better is nearer to what is asked."""
    label, unit = unit_told(name)
    values = [values_of(one, name) for one in (before, after)]
    told = [_spread(found, unit, tell) for found in values]
    low, high = target_of(name, exercise)
    verdict: Verdict = ""
    if all(values) and unit == "deg" and math.isfinite(max(low, -high)):
        short = [fmean(max(low - value, value - high, 0.0) for value in found) for found in values]
        verdict = _judged(short[0] - short[1], difference_deg(before.exercise))
    return _row(label, told, verdict, _asked(low, high, unit, tell), aim=True)


def _asked(low: float, high: float, unit: str, tell: Tell) -> str:
    if math.isfinite(low) and math.isfinite(high):
        return f"{tell(low, unit)} to {tell(high, unit)}"
    if math.isfinite(low):
        return f"{tell(low, unit)} or more"
    return f"{tell(high, unit)} or less" if math.isfinite(high) else ""


def _spread(values: Sequence[float], unit: str, tell: Tell) -> str:
    if not values:
        return "-"
    mean, low, high = (tell(value, unit) for value in (fmean(values), min(values), max(values)))
    if low == high:
        return mean
    # The degree sign stays at each number; a unit in words stands once, at the end.
    ending = f" {unit}"
    if not mean.endswith(ending):
        return f"{mean} ({low} to {high})"
    return f"{mean.removesuffix(ending)} ({low.removesuffix(ending)} to {high}"[: -len(ending)] + f"){ending}"


def _tempo(before: AnalysisResult, after: AnalysisResult, exercise: Exercise | None, tell: Tell) -> list[Row]:
    asked_s = 0.0 if exercise is None else exercise.dose.hold_s[0]
    rows = []
    for name, label in _TEMPO.items():
        values = [values_of(one, name) for one in (before, after)]
        if any(values):
            asked = tell(asked_s, "s") if name == "in_line_s" and asked_s else ""
            told = (tell(fmean(found), "s") if found else "-" for found in values)
            rows.append(_row(label, told, asked=asked))
    return rows


def _held(before: AnalysisResult, after: AnalysisResult, exercise: Exercise | None, tell: Tell) -> list[Row]:
    """Time in form, of each side by itself; better is more of what is asked."""
    if not (before.holds or after.holds):
        return []
    both = (before, after)
    asked_s = math.nan if exercise is None else exercise.dose.hold_s[0] or math.nan
    asked = tell(asked_s, "s") if math.isfinite(asked_s) else ""
    rows = [_row("holds", (str(len(one.holds)) for one in both))]
    for side in sorted({hold.side for one in both for hold in one.holds}, key=str):
        held = [[hold for hold in one.holds if hold.side == side] for one in both]
        form = [sum(hold.in_form_s for hold in holds) for holds in held]
        margin = HOLD_S * sum(map(len, held))
        gain = min(form[1], asked_s) - min(form[0], asked_s) if math.isfinite(asked_s) else math.nan
        of_side = f", {side}" if side else ""
        rows.append(_row(f"in form{of_side}", (tell(s, "s") for s in form), _judged(gain, margin), asked))
        longest = [max((hold.longest_s for hold in holds), default=math.nan) for holds in held]
        rows.append(_row(f"longest in form{of_side}", (tell(s, "s") if math.isfinite(s) else "-" for s in longest)))
    shares = [_share_upright(one) for one in both]
    if any(map(math.isfinite, shares)):
        margin = 100.0 * HOLD_S * sum(len(one.holds) / max(1.0, _position_s(one)) for one in both)
        told = (tell(share, "%") if math.isfinite(share) else "-" for share in shares)
        rows.append(_row("upright, of the time there", told, _judged(shares[1] - shares[0], margin)))
    return rows


def _share_upright(result: AnalysisResult) -> float:
    """Per cent; NaN where no posture was watched."""
    held_s = _position_s(result)
    return 100.0 * result.in_form_s / held_s if result.posture is not None and held_s else math.nan


def _position_s(result: AnalysisResult) -> float:
    return sum(hold.end_s - hold.start_s for hold in result.holds)


def _photo(before: AnalysisResult, after: AnalysisResult, tell: Tell) -> list[Row]:
    rows = []
    for name in dict.fromkeys((*before.measures, *after.measures)):
        label, unit = unit_told(name)
        told = (tell(one.measures[name], unit) if name in one.measures else "-" for one in (before, after))
        rows.append(_row(label, told))
    return rows
